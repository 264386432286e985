//! Who may run: an FMU is native code, so a person decides, and decides about one exact file.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use sha2::{Digest as _, Sha256};

/// SHA-256 of a file's bytes. Shown and read as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The 32 bytes.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Digest {
    type Err = NotADigest;

    fn from_str(text: &str) -> Result<Self, NotADigest> {
        let mut bytes = [0; 32];
        if text.len() != 64 || !text.bytes().all(|letter| letter.is_ascii_hexdigit()) {
            return Err(NotADigest);
        }
        for (byte, at) in bytes.iter_mut().zip((0..64).step_by(2)) {
            let pair = text.get(at..at + 2).ok_or(NotADigest)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| NotADigest)?;
        }
        Ok(Self(bytes))
    }
}

/// A text that is not 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a SHA-256 digest is 64 hexadecimal digits")]
pub struct NotADigest;

/// The files the user has allowed to run, by the digest of their contents. By default none.
///
/// A name is no permission: a file that was changed after it had been allowed is refused again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Permission(BTreeSet<Digest>);

impl Permission {
    /// Nothing may run.
    pub fn none() -> Self {
        Self::default()
    }

    /// Exactly these files may run.
    pub fn of(digests: impl IntoIterator<Item = Digest>) -> Self {
        Self(digests.into_iter().collect())
    }

    /// Whether this file may run.
    pub fn allows(&self, digest: &Digest) -> bool {
        self.0.contains(digest)
    }
}
