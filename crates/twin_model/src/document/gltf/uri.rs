//! Addresses inside a glTF file: data carried along, or a plain relative path inside the plant folder.

use super::super::files::check_relative;

/// Where an address points.
pub(super) enum Target {
    /// Data in the address itself: decoded length, first bytes (for an image header).
    Data {
        /// Bytes.
        length: u64,
        /// At most the first 64 kB, decoded.
        head: Vec<u8>,
    },
    /// A file: path relative to the plant folder.
    File(String),
}

/// Resolves an address relative to the folder of `file`.
///
/// # Errors
/// What is wrong with it, as a sentence.
pub(super) fn resolve(uri: &str, file: &str) -> Result<Target, String> {
    if let Some(rest) = uri.strip_prefix("data:") {
        let Some((_, data)) = rest.split_once(";base64,") else {
            return Err("the data address is not base64".to_owned());
        };
        return base64_head(data)
            .map(|(length, head)| Target::Data { length, head })
            .ok_or_else(|| "the base64 data is damaged".to_owned());
    }
    let path = percent_decode(uri).ok_or_else(|| format!("the address {uri} has a damaged %-escape"))?;
    // Judged as written and as a loader would decode it; `%252e` must not become `..` in a second decoding either.
    for text in [uri, path.as_str()] {
        check_relative(text).map_err(|fault| fault.to_string())?;
    }
    if path.contains('%') {
        return Err(format!("the address {uri} is escaped twice"));
    }
    let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
    Ok(Target::File(if folder.is_empty() { path } else { format!("{folder}/{path}") }))
}

fn percent_decode(uri: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(uri.len());
    let mut rest = uri.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let high = char::from(rest.next()?).to_digit(16)?;
            let low = char::from(rest.next()?).to_digit(16)?;
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

const HEAD_BYTES: usize = 64 << 10;

fn base64_head(data: &str) -> Option<(u64, Vec<u8>)> {
    let data = data.trim_end_matches('=').as_bytes();
    let mut head = Vec::new();
    let (mut buffer, mut bits) = (0_u32, 0_u32);
    for byte in data {
        let six = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        if head.len() < HEAD_BYTES {
            buffer = (buffer << 6) | u32::from(six);
            bits += 6;
            if bits >= 8 {
                bits -= 8;
                head.push((buffer >> bits) as u8);
                buffer &= (1 << bits) - 1;
            }
        }
    }
    Some((data.len() as u64 * 3 / 4, head))
}
