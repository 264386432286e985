//! Images: inside their view or folder, and not larger than a decoder may be asked to unpack.

use super::uri::{Target, resolve};
use super::{Check, HINT_EXPORT, limits};
use serde_json::Value;

/// Checks images, textures and the materials that name them.
pub(super) fn check_images(check: &mut Check<'_>) {
    let mut decoded = 0_u64;
    let images = check.list("images");
    for (index, image) in images.iter().enumerate() {
        let at = format!("/images/{index}");
        let Some(head) = image_head(check, image, &at) else { continue };
        match dimensions(&head) {
            Some((width, height)) => {
                if width > limits::IMAGE_SIDE || height > limits::IMAGE_SIDE {
                    check.error(&at, format!("the image is {width} × {height} pixels, more than 8192 on a side"), "Use a smaller image.");
                }
                decoded = decoded.saturating_add(u64::from(width) * u64::from(height) * 4);
            }
            None => check.error(&at, "the image is neither PNG, JPEG nor KTX2, or is damaged", "Export textures as PNG or JPEG."),
        }
    }
    if decoded > limits::IMAGE_BYTES {
        check.error("/images", "the images need more than 2 GB when decoded", "Use smaller images.");
    }
    let (samplers, textures) = (check.count("samplers"), check.list("textures"));
    for (index, texture) in textures.iter().enumerate() {
        let at = format!("/textures/{index}");
        check.index(texture, "source", images.len(), &at);
        check.index(texture, "sampler", samplers, &at);
    }
    let materials = check.list("materials");
    for (index, material) in materials.iter().enumerate() {
        texture_references(check, material, textures.len(), &format!("/materials/{index}"));
    }
    if let Some(slot) = check.json.get_mut("materials") {
        *slot = Value::Array(materials);
    }
}

/// Members that end in `Texture` hold `{ "index": n }`, at whatever depth an extension puts them.
fn texture_references(check: &mut Check<'_>, value: &Value, textures: usize, at: &str) {
    let Some(members) = value.as_object() else { return };
    for (name, member) in members.iter().filter(|(name, _)| name.as_str() != "extras") {
        let at = format!("{at}/{name}");
        if name.ends_with("Texture") {
            check.index(member, "index", textures, &at);
        }
        texture_references(check, member, textures, &at);
    }
}

/// The first bytes of an image; `None` when it cannot be used, which is then told.
fn image_head(check: &mut Check<'_>, image: &Value, at: &str) -> Option<Vec<u8>> {
    match (image.get("uri"), image.get("bufferView")) {
        (Some(Value::String(uri)), None) => {
            super::buffers::external_size(check, uri, &format!("{at}/uri"))?;
            match resolve(uri, check.file).ok()? {
                Target::Data { head, .. } => Some(head),
                Target::File(path) => check.files?.read(&path, limits::BUFFER_BYTES).ok(),
            }
        }
        (None, Some(_)) => {
            if !image.get("mimeType").is_some_and(Value::is_string) {
                check.error(&format!("{at}/mimeType"), "an image in a buffer view must say its mimeType", HINT_EXPORT);
            }
            let views = check.count("bufferViews");
            let view = check.index(image, "bufferView", views, at)?;
            let view = check.json.get("bufferViews")?.get(view)?;
            // Only the binary chunk is at hand here; an image in an external buffer is judged by its loader's limits.
            let start = usize::try_from(view.get("byteOffset").map_or(Some(0), Value::as_u64)?).ok()?;
            let length = usize::try_from(view.get("byteLength")?.as_u64()?).ok()?;
            let in_binary = view.get("buffer").and_then(Value::as_u64) == Some(0);
            let binary = check.binary.filter(|_| in_binary)?;
            Some(binary.get(start..start.checked_add(length)?)?.to_vec())
        }
        _ => {
            check.error(at, "the image needs either an address or a buffer view", HINT_EXPORT);
            None
        }
    }
}

/// Width and height from the header of a PNG, JPEG or KTX2 file.
fn dimensions(bytes: &[u8]) -> Option<(u32, u32)> {
    let big = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    let little = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Some((big(16)?, big(20)?));
    }
    if bytes.starts_with(b"\xABKTX 20\xBB\r\n\x1A\n") {
        return Some((little(20)?, little(24)?));
    }
    if bytes.starts_with(b"\xFF\xD8") {
        return jpeg_dimensions(bytes);
    }
    None
}

fn jpeg_dimensions(bytes: &[u8]) -> Option<(u32, u32)> {
    let short = |at: usize| Some(u32::from(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?)));
    let mut at = 2_usize;
    loop {
        if *bytes.get(at)? != 0xFF {
            return None;
        }
        let marker = *bytes.get(at + 1)?;
        let is_frame = matches!(marker, 0xC0..=0xCF) && ![0xC4, 0xC8, 0xCC].contains(&marker);
        if is_frame {
            return Some((short(at + 7)?, short(at + 5)?));
        }
        at = if marker == 0xFF { at + 1 } else { at.checked_add(2)?.checked_add(short(at + 2)? as usize)? };
    }
}
