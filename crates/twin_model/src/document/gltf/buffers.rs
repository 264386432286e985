//! Buffers, buffer views and accessors: each inside the other.

use super::uri::{Target, resolve};
use super::{Check, HINT_EXPORT, limits};
use serde_json::Value;

/// What an accessor holds.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Accessor {
    /// `SCALAR`, `VEC3`, …
    pub shape: String,
    /// 5120 … 5126.
    pub component: u64,
    /// Number of elements.
    pub count: u64,
    /// True when `min` and `max` are there, with three numbers each.
    pub has_bounds: bool,
}

/// A buffer view: where it lies in its buffer.
struct View {
    offset: u64,
    length: u64,
    stride: Option<u64>,
}

/// Lengths of the buffers, `None` for one that cannot be used.
pub(super) fn check_buffers(check: &mut Check<'_>) -> Vec<Option<u64>> {
    let mut total = 0_u64;
    let mut lengths = Vec::new();
    for (index, buffer) in check.list("buffers").iter().enumerate() {
        let at = format!("/buffers/{index}");
        let length = check.whole(buffer, "byteLength", 1, &at);
        total = total.saturating_add(length.unwrap_or(0));
        lengths.push(length.filter(|length| buffer_holds(check, buffer, index, *length, &at)));
    }
    if total > limits::BUFFER_BYTES {
        check.error("/buffers", "the buffers together are larger than 1 GB", "Simplify the model.");
    }
    lengths
}

fn buffer_holds(check: &mut Check<'_>, buffer: &Value, index: usize, length: u64, at: &str) -> bool {
    let present = match buffer.get("uri") {
        None if index == 0 && check.binary.is_some() => check.binary.map_or(0, |binary| binary.len() as u64),
        None => {
            check.error(at, "the buffer has neither an address nor the binary chunk of the file", HINT_EXPORT);
            return false;
        }
        Some(Value::String(uri)) => match external_size(check, uri, &format!("{at}/uri")) {
            Some(size) => size,
            None => return false,
        },
        Some(_) => {
            check.error(&format!("{at}/uri"), "the address is no text", HINT_EXPORT);
            return false;
        }
    };
    if present < length {
        check.error(
            &format!("{at}/byteLength"),
            format!("the buffer promises {length} bytes, there are {present}"),
            "Copy or export the file again.",
        );
    }
    present >= length
}

/// Size of what an address names; told as a problem when it cannot be used.
pub(super) fn external_size(check: &mut Check<'_>, uri: &str, at: &str) -> Option<u64> {
    let hint = "Pack everything into one .glb file, or keep other files beside the model.";
    match resolve(uri, check.file) {
        Ok(Target::Data { length, .. }) => Some(length),
        Ok(Target::File(path)) => match check.files {
            Some(files) => match files.size(&path) {
                Ok(size) => Some(size),
                Err(fault) => {
                    check.error(at, fault.to_string(), hint);
                    None
                }
            },
            None => {
                check.error(at, format!("the model needs the file {path} beside it"), hint);
                None
            }
        },
        Err(reason) => {
            check.error(at, reason, hint);
            None
        }
    }
}

/// Checks that every view lies inside its buffer; puts the list back for the accessors.
pub(super) fn check_views(check: &mut Check<'_>, buffers: &[Option<u64>]) {
    let views = check.list("bufferViews");
    for (index, view) in views.iter().enumerate() {
        let at = format!("/bufferViews/{index}");
        let Some(buffer) = check.index(view, "buffer", buffers.len(), &at) else {
            if view.get("buffer").is_none() {
                check.error(&at, "the buffer view names no buffer", HINT_EXPORT);
            }
            continue;
        };
        let (Some(offset), Some(length)) = (check.whole_or(view, "byteOffset", 0, &at), check.whole(view, "byteLength", 1, &at)) else {
            continue;
        };
        if let Some(stride) = view.get("byteStride")
            && !stride.as_u64().is_some_and(|stride| (4..=252).contains(&stride) && stride % 4 == 0)
        {
            check.error(&format!("{at}/byteStride"), "byteStride must be a multiple of four from 4 to 252", HINT_EXPORT);
        }
        if let Some(Some(size)) = buffers.get(buffer)
            && offset.checked_add(length).is_none_or(|end| end > *size)
        {
            check.error(&at, "the buffer view reaches past the end of its buffer", HINT_EXPORT);
        }
    }
    put_back(check, "bufferViews", views);
}

fn put_back(check: &mut Check<'_>, name: &str, list: Vec<Value>) {
    if !list.is_empty()
        && let Some(slot) = check.json.get_mut(name)
    {
        *slot = Value::Array(list);
    }
}

fn view_of(check: &Check<'_>, index: usize) -> Option<View> {
    let view = check.json.get("bufferViews")?.get(index)?;
    Some(View {
        offset: view.get("byteOffset").map_or(Some(0), Value::as_u64)?,
        length: view.get("byteLength")?.as_u64()?,
        stride: view.get("byteStride").and_then(Value::as_u64),
    })
}

/// Bytes of one component.
fn component_bytes(component: u64) -> Option<u64> {
    match component {
        5120 | 5121 => Some(1),
        5122 | 5123 => Some(2),
        5125 | 5126 => Some(4),
        _ => None,
    }
}

/// Bytes of one element; columns of small matrices begin at multiples of four.
fn element_bytes(shape: &str, component: u64) -> Option<u64> {
    let bytes = component_bytes(component)?;
    Some(match shape {
        "SCALAR" => bytes,
        "VEC2" => 2 * bytes,
        "VEC3" => 3 * bytes,
        "VEC4" => 4 * bytes,
        "MAT2" => 2 * (2 * bytes).next_multiple_of(4),
        "MAT3" => 3 * (3 * bytes).next_multiple_of(4),
        "MAT4" => 16 * bytes,
        _ => return None,
    })
}

/// Checks all accessors; `None` for one that cannot be used.
pub(super) fn check_accessors(check: &mut Check<'_>) -> Vec<Option<Accessor>> {
    let list = check.list("accessors");
    list.iter().enumerate().map(|(index, accessor)| check_accessor(check, accessor, &format!("/accessors/{index}"))).collect()
}

fn check_accessor(check: &mut Check<'_>, accessor: &Value, at: &str) -> Option<Accessor> {
    let count = check.whole(accessor, "count", 1, at)?;
    let shape = accessor.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
    let component = accessor.get("componentType").and_then(Value::as_u64).unwrap_or_default();
    let Some(size) = element_bytes(&shape, component) else {
        check.error(at, "the accessor's type or componentType is not one of glTF", HINT_EXPORT);
        return None;
    };
    if count > limits::INDICES {
        check.error(&format!("{at}/count"), format!("an accessor of {count} elements is more than allowed"), "Simplify the model.");
        return None;
    }
    let views = check.count("bufferViews");
    let mut usable = true;
    if accessor.get("bufferView").is_some() {
        let view = check.index(accessor, "bufferView", views, at)?;
        let offset = check.whole_or(accessor, "byteOffset", 0, at)?;
        usable &= fits(check, view, offset, count, size, component, at);
    }
    if let Some(sparse) = accessor.get("sparse") {
        usable &= check_sparse(check, sparse, count, size, component, &format!("{at}/sparse"));
    }
    let three =
        |name: &str| accessor.get(name).and_then(Value::as_array).is_some_and(|list| list.len() == 3 && list.iter().all(Value::is_number));
    let has_bounds = three("min") && three("max");
    usable.then_some(Accessor { shape, component, count, has_bounds })
}

/// Does an accessor of `count` elements of `size` bytes lie inside its view?
fn fits(check: &mut Check<'_>, view: usize, offset: u64, count: u64, size: u64, component: u64, at: &str) -> bool {
    let Some(view) = view_of(check, view) else { return false };
    let stride = view.stride.unwrap_or(size);
    let end = (count - 1).checked_mul(stride).and_then(|last| last.checked_add(size)).and_then(|length| length.checked_add(offset));
    if stride < size || end.is_none_or(|end| end > view.length) {
        check.error(at, format!("{count} elements of {size} bytes do not lie inside the buffer view"), HINT_EXPORT);
        return false;
    }
    let alignment = component_bytes(component).unwrap_or(1);
    if !offset.saturating_add(view.offset).is_multiple_of(alignment) {
        check.error(at, "the accessor is not aligned to its component size", HINT_EXPORT);
        return false;
    }
    true
}

fn check_sparse(check: &mut Check<'_>, sparse: &Value, of: u64, size: u64, component: u64, at: &str) -> bool {
    let Some(count) = check.whole(sparse, "count", 1, at) else { return false };
    if count > of {
        check.error(&format!("{at}/count"), format!("{count} sparse elements replace more than the {of} there are"), HINT_EXPORT);
        return false;
    }
    let views = check.count("bufferViews");
    let mut usable = true;
    for (part, size) in [("indices", None), ("values", Some(size))] {
        let at = format!("{at}/{part}");
        let Some(object) = sparse.get(part) else {
            check.error(&at, format!("the sparse accessor has no {part}"), HINT_EXPORT);
            return false;
        };
        let kind = object.get("componentType").and_then(Value::as_u64).unwrap_or_default();
        let (size, component) = match size {
            Some(size) => (size, component),
            None if [5121, 5123, 5125].contains(&kind) => (component_bytes(kind).unwrap_or(4), kind),
            None => {
                check.error(&at, "sparse indices must be unsigned whole numbers", HINT_EXPORT);
                return false;
            }
        };
        let (Some(view), Some(offset)) = (check.index(object, "bufferView", views, &at), check.whole_or(object, "byteOffset", 0, &at))
        else {
            check.error(&at, format!("the sparse {part} name no usable buffer view"), HINT_EXPORT);
            return false;
        };
        usable &= fits(check, view, offset, count, size, component, &at);
    }
    usable
}
