//! The last bytes of a package, behind the pages of SQLite: a mark, the fingerprint, and the digest of all bytes before.
//!
//! The chain covers rows. What lies between them (unused bytes of a page, indices) is covered by the digest here.

use sha2::{Digest as _, Sha256};
use std::io::{Read, Seek, SeekFrom, Write};

/// Fifteen bytes that mark a package, and the version of its layout.
const MARK: [u8; 16] = *b"didymos-package\x01";
/// Bytes of a trailer.
pub(super) const LENGTH: u64 = 16 + 32 + 32;
const BUFFER: usize = 1 << 18;

/// What the end of a file says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trailer {
    /// There is none.
    Missing,
    /// The file is not the one it was written for.
    Altered { fingerprint: [u8; 32] },
    /// Every byte is as it was written.
    Intact { fingerprint: [u8; 32], version: u8 },
}

/// Newest version of the layout known here.
pub(super) const VERSION: u8 = MARK[15];

impl Trailer {
    pub(super) fn fingerprint(&self) -> Option<[u8; 32]> {
        match self {
            Self::Missing => None,
            Self::Altered { fingerprint } | Self::Intact { fingerprint, .. } => Some(*fingerprint),
        }
    }
}

/// Writes the trailer behind what is in the file. Returns the length of the file then.
pub(super) fn append(file: &mut (impl Read + Write + Seek), fingerprint: [u8; 32]) -> std::io::Result<u64> {
    let mut head = MARK.to_vec();
    head.extend_from_slice(&fingerprint);
    let length = file.seek(SeekFrom::End(0))?;
    let mut sum = digest(file, length)?;
    sum.update(&head);
    head.extend_from_slice(&sum.finalize());
    file.seek(SeekFrom::Start(length))?;
    file.write_all(&head)?;
    Ok(length + LENGTH)
}

/// Reads the end of a file and compares it with all that is before.
pub(super) fn check(file: &mut (impl Read + Seek)) -> std::io::Result<Trailer> {
    let length = file.seek(SeekFrom::End(0))?;
    let Some(start) = length.checked_sub(LENGTH) else { return Ok(Trailer::Missing) };
    file.seek(SeekFrom::Start(start))?;
    let (mut mark, mut fingerprint, mut stored) = ([0; 16], [0; 32], [0; 32]);
    file.read_exact(&mut mark)?;
    file.read_exact(&mut fingerprint)?;
    file.read_exact(&mut stored)?;
    let mut sum = digest(file, start)?;
    sum.update(mark);
    sum.update(fingerprint);
    let is_intact = <[u8; 32]>::from(sum.finalize()) == stored;
    Ok(match (is_intact, mark[..15] == MARK[..15]) {
        (true, true) => Trailer::Intact { fingerprint, version: mark[15] },
        (false, true) => Trailer::Altered { fingerprint },
        (_, false) => Trailer::Missing,
    })
}

fn digest(file: &mut (impl Read + Seek), length: u64) -> std::io::Result<Sha256> {
    file.seek(SeekFrom::Start(0))?;
    let (mut sum, mut left, mut buffer) = (Sha256::new(), length, vec![0; BUFFER]);
    while left > 0 {
        let most = usize::try_from(left).unwrap_or(BUFFER).min(BUFFER);
        let read = file.read(&mut buffer[..most])?;
        if read == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        sum.update(&buffer[..read]);
        left -= read as u64;
    }
    Ok(sum)
}
