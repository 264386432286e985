//! Files that only a passphrase opens: the truth behind a story, which a trainee may not see.
//!
//! All files of a part are one text: names and sizes say too much already. The key is PBKDF2-HMAC-SHA256 of the passphrase with
//! a random salt, the cipher ChaCha20-Poly1305 with a random nonce; salt and iterations are authenticated with it.

use super::{PackageError, untrusted};
use crate::disk::HistoryError;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use ring::pbkdf2;
use ring::rand::{SecureRandom, SystemRandom};
use std::fmt;
use std::num::NonZeroU32;
use std::path::Path;

/// What OWASP advises for PBKDF2-HMAC-SHA256 (Password Storage Cheat Sheet, 2023).
const ITERATIONS: u32 = 600_000;
/// More than this is a file that wants to keep us busy.
const MOST_ITERATIONS: u32 = 10_000_000;
/// Sealed parts a package of packages may have.
const MOST_PARTS: usize = 16;
const DERIVATION: &str = "PBKDF2-HMAC-SHA256";
const CIPHER: &str = "CHACHA20-POLY1305";
const SALT_BYTES: usize = 16;
/// The cipher's limit (RFC 8439), less what its tag and our lengths need.
const MOST_BYTES: usize = 1 << 37;

/// Files to seal, and the passphrase that opens them.
#[derive(Clone)]
pub struct SealedPart {
    /// The passphrase. It stands nowhere in the package.
    pub passphrase: String,
    /// The files by name.
    pub files: Vec<(String, Vec<u8>)>,
}

impl fmt::Debug for SealedPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealedPart").field("files", &self.files.len()).finish_non_exhaustive()
    }
}

/// A sealed part as its row holds it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SealedRow {
    pub derivation: String,
    pub iterations: i64,
    pub salt: Vec<u8>,
    pub cipher: String,
    pub nonce: Vec<u8>,
    pub data: Vec<u8>,
}

/// Encrypts files.
pub(super) fn seal(part: &SealedPart) -> Result<SealedRow, PackageError> {
    if part.passphrase.is_empty() {
        return Err(PackageError::NoPassphrase);
    }
    let mut data = joined(&part.files);
    let too_large = PackageError::TooLarge { bytes: data.len() };
    if data.len() > MOST_BYTES {
        return Err(too_large);
    }
    let random = SystemRandom::new();
    let (mut salt, mut nonce) = ([0; SALT_BYTES], [0; 12]);
    random.fill(&mut salt).and_then(|()| random.fill(&mut nonce)).map_err(|_| PackageError::NoRandomness)?;
    let key = key_of(&part.passphrase, &salt, ITERATIONS).map_err(|_| PackageError::NoRandomness)?;
    let bound = bound_data(i64::from(ITERATIONS), &salt);
    key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(bound), &mut data).map_err(|_| too_large)?;
    Ok(SealedRow {
        derivation: DERIVATION.to_owned(),
        iterations: i64::from(ITERATIONS),
        salt: salt.to_vec(),
        cipher: CIPHER.to_owned(),
        nonce: nonce.to_vec(),
        data,
    })
}

/// The files of the sealed part of a package. In a package of packages, those of every part the passphrase opens. Does not say
/// whether the rest of the package is as it was written: that is [`super::verify()`]'s.
///
/// # Errors
/// [`HistoryError`] when the file cannot be read, has no sealed part, or the passphrase is wrong.
pub fn open_sealed(path: &Path, passphrase: &str) -> Result<Vec<(String, Vec<u8>)>, HistoryError> {
    let of_file = |source| HistoryError::Sqlite { path: path.to_owned(), source };
    let refused = |source| HistoryError::Package { path: path.to_owned(), source };
    let db = untrusted::open(path)?;
    let sql = "SELECT COUNT(*) FROM sqlite_schema WHERE type = 'table' AND name = 'sealed' AND sql LIKE 'CREATE TABLE %'";
    if db.query_row(sql, [], |row| row.get::<_, i64>(0)).map_err(of_file)? == 0 {
        return Err(refused(PackageError::NothingSealed));
    }
    let mut query = db.prepare(&format!("{SELECT} LIMIT {MOST_PARTS}")).map_err(of_file)?;
    let rows: Result<Vec<SealedRow>, _> = query.query_map([], row_of).map_err(of_file)?.collect();
    let rows = rows.map_err(of_file)?;
    if rows.is_empty() {
        return Err(refused(PackageError::NothingSealed));
    }
    let mut files = Vec::new();
    let mut refusal = None;
    for row in &rows {
        match open(row, passphrase) {
            Ok(opened) => files.push(opened),
            Err(error) => refusal = refusal.or(Some(error)),
        }
    }
    match (files.is_empty(), refusal) {
        (true, Some(error)) => Err(refused(error)),
        _ => Ok(files.into_iter().flatten().collect()),
    }
}

/// Reads the rows of sealed parts.
pub(super) const SELECT: &str = "SELECT derivation, iterations, salt, cipher, nonce, data FROM sealed ORDER BY id";

/// A row of [`SELECT`].
pub(super) fn row_of(row: &rusqlite::Row<'_>) -> rusqlite::Result<SealedRow> {
    Ok(SealedRow {
        derivation: row.get(0)?,
        iterations: row.get(1)?,
        salt: row.get(2)?,
        cipher: row.get(3)?,
        nonce: row.get(4)?,
        data: row.get(5)?,
    })
}

fn open(row: &SealedRow, passphrase: &str) -> Result<Vec<(String, Vec<u8>)>, PackageError> {
    let damaged = |detail: String| PackageError::SealedDamaged { detail };
    if row.derivation != DERIVATION || row.cipher != CIPHER {
        return Err(damaged(format!("it is sealed with {} and {}", row.derivation, row.cipher)));
    }
    let iterations = u32::try_from(row.iterations).ok().filter(|count| (1..=MOST_ITERATIONS).contains(count));
    let iterations = iterations.ok_or_else(|| damaged(format!("its key takes {} iterations", row.iterations)))?;
    let nonce = Nonce::try_assume_unique_for_key(&row.nonce).map_err(|_| damaged(format!("a nonce of {} bytes", row.nonce.len())))?;
    let key = key_of(passphrase, &row.salt, iterations).map_err(|()| damaged("its key cannot be derived".to_owned()))?;
    let mut data = row.data.clone();
    let text = key.open_in_place(nonce, Aad::from(bound_data(row.iterations, &row.salt)), &mut data);
    let text = text.map_err(|_| PackageError::WrongPassphrase)?;
    parted(text).ok_or_else(|| damaged("its files end early".to_owned()))
}

fn key_of(passphrase: &str, salt: &[u8], iterations: u32) -> Result<LessSafeKey, ()> {
    let iterations = NonZeroU32::new(iterations).ok_or(())?;
    let mut key = [0; 32];
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, iterations, salt, passphrase.as_bytes(), &mut key);
    UnboundKey::new(&CHACHA20_POLY1305, &key).map(LessSafeKey::new).map_err(|_| ())
}

/// What is authenticated with the text.
fn bound_data(iterations: i64, salt: &[u8]) -> Vec<u8> {
    [b"didymos sealed 1".as_slice(), &iterations.to_le_bytes(), salt].concat()
}

fn joined(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, data) in files {
        for bytes in [name.as_bytes(), data] {
            out.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
            out.extend_from_slice(bytes);
        }
    }
    out
}

fn parted(mut text: &[u8]) -> Option<Vec<(String, Vec<u8>)>> {
    let mut files = Vec::new();
    while !text.is_empty() {
        let name = String::from_utf8(take(&mut text)?.to_vec()).ok()?;
        files.push((name, take(&mut text)?.to_vec()));
    }
    Some(files)
}

fn take<'a>(text: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, rest) = text.split_first_chunk::<8>()?;
    let (bytes, rest) = rest.split_at_checked(usize::try_from(u64::from_le_bytes(*length)).ok()?)?;
    *text = rest;
    Some(bytes)
}
