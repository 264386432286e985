//! The outer shell: GLB header and chunks, or bare JSON.

use super::super::json::MAX_JSON_DEPTH;
use super::{Check, HINT_EXPORT, limits};
use serde_json::Value;

const MAGIC: &[u8] = b"glTF";
const CHUNK_JSON: u32 = 0x4E4F_534A;
const CHUNK_BINARY: u32 = 0x004E_4942;

/// The JSON part and the binary chunk of a file.
pub(super) fn split<'a>(check: &mut Check<'_>, bytes: &'a [u8]) -> Option<(Value, Option<&'a [u8]>)> {
    let (json, binary) = if bytes.starts_with(MAGIC) {
        chunks(check, bytes)?
    } else if bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{') {
        (bytes, None)
    } else {
        check.error("", "the file is not glTF", "Export the model as glTF 2.0 (.glb or .gltf).");
        return None;
    };
    if json.len() > limits::JSON_BYTES {
        check.error("", "the JSON part is larger than 64 MB", "Simplify the model.");
        return None;
    }
    if depth_of(json) > MAX_JSON_DEPTH {
        check.error("", format!("the JSON part is nested deeper than {MAX_JSON_DEPTH}"), HINT_EXPORT);
        return None;
    }
    match serde_json::from_slice::<Value>(json) {
        Ok(value) if value.is_object() => Some((value, binary)),
        Ok(_) => {
            check.error("", "the JSON part is no object", HINT_EXPORT);
            None
        }
        Err(error) => {
            check.error("", format!("the JSON part is not valid: {error}"), HINT_EXPORT);
            None
        }
    }
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(four.try_into().ok()?))
}

fn chunks<'a>(check: &mut Check<'_>, bytes: &'a [u8]) -> Option<(&'a [u8], Option<&'a [u8]>)> {
    let truncated = "the file is cut off: its header promises more bytes than there are";
    let (Some(version), Some(length)) = (word(bytes, 4), word(bytes, 8)) else {
        check.error("", truncated, "Copy or export the file again.");
        return None;
    };
    if version != 2 {
        check.error("", format!("GLB version {version} is not supported"), "Export the model as glTF 2.0.");
        return None;
    }
    let Some(bytes) = bytes.get(..length as usize) else {
        check.error("", truncated, "Copy or export the file again.");
        return None;
    };
    let mut found: Vec<(u32, &[u8])> = Vec::new();
    let mut at = 12;
    while at < bytes.len() {
        let chunk = word(bytes, at).zip(word(bytes, at + 4)).and_then(|(length, kind)| {
            let end = (at + 8).checked_add(length as usize)?;
            Some((kind, bytes.get(at + 8..end)?, end))
        });
        let Some((kind, content, end)) = chunk else {
            check.error("", "a chunk of the file reaches past its end", "Copy or export the file again.");
            return None;
        };
        if content.len() % 4 != 0 {
            check.error("", "a chunk's length is no multiple of four", HINT_EXPORT);
            return None;
        }
        found.push((kind, content));
        if found.len() > 64 {
            check.error("", "the file has more than 64 chunks", HINT_EXPORT);
            return None;
        }
        at = end;
    }
    match found.first() {
        Some((CHUNK_JSON, json)) => Some((json, found.get(1).filter(|(kind, _)| *kind == CHUNK_BINARY).map(|(_, content)| *content))),
        _ => {
            check.error("", "the first chunk is not the JSON part", HINT_EXPORT);
            None
        }
    }
}

/// Nesting depth of JSON text, without parsing it.
fn depth_of(json: &[u8]) -> usize {
    let (mut depth, mut deepest, mut in_text, mut escaped) = (0_usize, 0_usize, false, false);
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'{' | b'[' if !in_text => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}
