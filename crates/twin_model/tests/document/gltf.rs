use crate::repository;
use serde_json::{Value, json};
use twin_model::document::{FileSet, SceneIndex, gltf_check};
use twin_model::{Problem, Severity};

/// A small generator with a fixed sequence (Knuth's MMIX constants).
pub struct Random(pub u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.0 >> 33
    }
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next()).unwrap_or(0) % end.max(1)
    }
    pub fn next_byte(&mut self) -> u8 {
        (self.next() & 0xFF) as u8
    }
}

const PNG_2_BY_2: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x02\0\0\0\x02\x08\x06\0\0\0";

/// A triangle with indices, an image, a pump on a skid, and an anchor.
fn model() -> Value {
    let half_turn = std::f64::consts::FRAC_1_SQRT_2;
    json!({
        "asset": { "version": "2.0" },
        "scene": 0,
        "scenes": [{ "nodes": [0] }],
        "nodes": [
            { "name": "Skid", "translation": [1.0, 2.0, 3.0], "children": [1] },
            { "name": "P-1", "mesh": 0, "rotation": [0.0, half_turn, 0.0, half_turn], "scale": [2.0, 2.0, 2.0],
              "extras": { "twin_thing": "demo:p-1" }, "children": [2] },
            { "name": "Anchor", "translation": [1.0, 0.5, 0.0], "camera": 0, "extras": { "twin_anchor": "elevation" } }
        ],
        "meshes": [{ "primitives": [{ "attributes": { "POSITION": 0 }, "indices": 1, "material": 0 }] }],
        "cameras": [{ "type": "perspective", "perspective": { "yfov": 1.0, "znear": 0.1 } }],
        "animations": [{ "samplers": [{ "input": 2, "output": 0 }], "channels": [{ "sampler": 0, "target": { "node": 1, "path": "translation" } }] }],
        "materials": [{ "pbrMetallicRoughness": { "baseColorTexture": { "index": 0 } } }],
        "textures": [{ "source": 0 }],
        "images": [{ "bufferView": 2, "mimeType": "image/png" }],
        "accessors": [
            { "bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3", "min": [0.0, 0.0, 0.0], "max": [1.0, 1.0, 0.0] },
            { "bufferView": 1, "componentType": 5123, "count": 3, "type": "SCALAR" },
            { "bufferView": 0, "componentType": 5126, "count": 3, "type": "SCALAR", "min": [0.0], "max": [1.0] }
        ],
        "bufferViews": [
            { "buffer": 0, "byteLength": 36 },
            { "buffer": 0, "byteOffset": 36, "byteLength": 6 },
            { "buffer": 0, "byteOffset": 44, "byteLength": PNG_2_BY_2.len() }
        ],
        "buffers": [{ "byteLength": 44 + PNG_2_BY_2.len() }]
    })
}

fn binary() -> Vec<u8> {
    let mut bytes: Vec<u8> = [0.0_f32, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0].iter().flat_map(|f| f.to_le_bytes()).collect();
    bytes.extend([0, 0, 1, 0, 2, 0, 0, 0]);
    bytes.extend(PNG_2_BY_2);
    bytes
}

fn glb(json: &Value) -> Vec<u8> {
    let mut text = json.to_string().into_bytes();
    text.resize(text.len().next_multiple_of(4), b' ');
    let mut data = binary();
    data.resize(data.len().next_multiple_of(4), 0);
    let length = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap().to_le_bytes();
    let mut file = b"glTF\x02\0\0\0\0\0\0\0".to_vec();
    file.extend(length(&text));
    file.extend(b"JSON");
    file.extend(&text);
    file.extend(length(&data));
    file.extend(b"BIN\0");
    file.extend(&data);
    let total = length(&file);
    file[8..12].copy_from_slice(&total);
    file
}

fn check(bytes: &[u8]) -> (SceneIndex, Vec<Problem>) {
    gltf_check(bytes, None, "model.glb")
}

fn refused(what: &str, bytes: &[u8], says: &str) {
    let problems = check(bytes).1;
    let told = problems.iter().any(|problem| problem.severity == Severity::Error && problem.message.contains(says));
    assert!(told, "{what}: expected \"{says}\", found {problems:?}");
}

#[test]
fn a_good_model_passes_and_its_anchor_has_a_place() {
    let (index, problems) = check(&glb(&model()));
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(index.nodes[1].twin_thing.as_deref(), Some("demo:p-1"));
    assert_eq!((index.nodes[2].parent, index.nodes[2].twin_anchor.as_deref()), (Some(1), Some("elevation")));
    // One metre along x, turned a quarter about y and doubled, is two metres against z.
    let wanted = [1.0, 3.0, 1.0];
    assert!(index.nodes[2].position_m.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 1e-9), "{:?}", index.nodes[2]);
}

/// One changed member of the good model.
fn with(pointer: &str, value: Value) -> Vec<u8> {
    let mut json = model();
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    match json.pointer_mut(parent).unwrap() {
        Value::Object(members) => {
            members.insert(name.to_owned(), value);
        }
        Value::Array(items) => items[name.parse::<usize>().unwrap()] = value,
        _ => panic!("no container at {parent}"),
    }
    glb(&json)
}

#[test]
fn hostile_models_are_refused_with_the_reason() {
    let cases = [
        ("address with a damaged escape", with("/buffers/0/uri", json!("%FF.png")), "damaged %-escape"),
        ("image address with a damaged escape", with("/images/0", json!({ "uri": "%FF.png" })), "damaged %-escape"),
        ("image past the end", with("/bufferViews/2/byteLength", json!(4_000)), "past the end of its buffer"),
        ("offset that overflows", with("/bufferViews/0/byteOffset", json!(u64::MAX)), "past the end of its buffer"),
        ("POSITION of two", with("/accessors/0/type", json!("VEC2")), "POSITION is VEC2"),
        ("no POSITION", with("/meshes/0/primitives/0/attributes", json!({ "NORMAL": 0 })), "has no POSITION"),
        (
            "float indices",
            with("/accessors/1", json!({ "bufferView": 0, "componentType": 5126, "count": 3, "type": "SCALAR" })),
            "unsigned whole",
        ),
        ("address that climbs", with("/buffers/0/uri", json!("../../../etc/hostname")), "leaves the folder"),
        ("address that climbs, escaped", with("/buffers/0/uri", json!("%2e%2e/secret.bin")), "leaves the folder"),
        ("address of a file", with("/buffers/0/uri", json!("file:///etc/hostname")), "holds a ':'"),
        ("address in the network", with("/images/0", json!({ "uri": "https://example.org/a.png" })), "holds a ':'"),
        ("absolute address", with("/buffers/0/uri", json!("/etc/hostname")), "is absolute"),
        ("drive", with("/buffers/0/uri", json!("C:\\secret.bin")), "holds a ':'"),
        ("share", with("/buffers/0/uri", json!("\\\\server\\secret.bin")), "holds a backslash"),
        ("accessor larger than its view", with("/accessors/0/count", json!(4)), "do not lie inside the buffer view"),
        ("node cycle", with("/nodes/2/children", json!([0])), "has a cycle"),
        ("two parents", with("/nodes/0/children", json!([1, 2])), "below two nodes"),
        ("sparse bomb", with("/accessors/0/sparse", json!({ "count": 4_000_000_000_u64 })), "sparse elements"),
        ("child out of range", with("/nodes/2/children", json!([9])), "out of range"),
        ("negative mesh", with("/nodes/1/mesh", json!(-1)), "out of range"),
        ("texture out of range", with("/materials/0/pbrMetallicRoughness/baseColorTexture/index", json!(7)), "out of range"),
        ("buffer longer than the file", with("/buffers/0/byteLength", json!(9_999)), "promises 9999 bytes"),
        ("image without a type", with("/images/0", json!({ "bufferView": 2 })), "must say its mimeType"),
        ("positions without bounds", with("/accessors/0/max", json!([1.0])), "no min and max"),
        ("rotation of three", with("/animations/0/channels/0/target/path", json!("rotation")), "values of another type"),
        ("camera without settings", with("/cameras/0", json!({ "type": "orthographic" })), "no settings of its type"),
        ("light that is not there", with("/nodes/0/extensions", json!({ "KHR_lights_punctual": { "light": 0 } })), "out of range"),
        ("another version", with("/asset/version", json!("1.0")), "version \"1.0\""),
        ("not glTF", b"ISO-10303-21; not a model".to_vec(), "not glTF"),
        ("empty", Vec::new(), "not glTF"),
        ("deep JSON", format!("{{\"a\":{}", "[".repeat(100_000)).into_bytes(), "nested deeper"),
        ("wrong chunk order", b"glTF\x02\0\0\0\x14\0\0\0\0\0\0\0BIN\0".to_vec(), "chunk"),
    ];
    for (what, bytes, says) in cases {
        refused(what, &bytes, says);
    }
    let whole = glb(&model());
    for cut in [5, 11, 16, 40, whole.len() - 4] {
        refused("cut off", &whole[..cut], "");
    }
}

#[test]
fn extras_no_viewer_can_read_are_warned_of_where_they_stand() {
    let cases = [
        ("twin_inside", json!("yes"), "true or false"),
        ("twin_explode", json!([1.0, 2.0]), "three numbers"),
        ("twin_travel", json!(0.05), "three numbers"),
        ("twin_spin", json!([0, 0, 0]), "an axis"),
        ("twin_width_m", json!(-0.1), "above zero"),
        ("twin_flow", json!([[[0, 0, 0]]]), "at least two points"),
        ("twin_flow", json!([[[0, 0, 0], [1, 0, "x"]]]), "three numbers"),
        ("twin_anchor", json!("level"), "no twin_height_m"),
    ];
    for (name, value, says) in cases {
        let problems = check(&with("/nodes/0/extras", json!({ name: value }))).1;
        let at = format!("/nodes/0/extras/{name}");
        let told = problems.iter().any(|p| p.severity == Severity::Warning && p.pointer == at && p.message.contains(says));
        assert!(told, "{name}: {problems:?}");
    }
    let good = json!({ "twin_flow": [[[0, 0, 0], [1, 0, 0]]], "twin_radius_m": 0.1, "twin_spin": [0, 1, 0], "twin_inside": true });
    let (index, problems) = check(&with("/nodes/0/extras", good));
    assert!(problems.is_empty() && index.nodes[0].has_flow, "{problems:?}");
}

#[test]
fn unsupported_extensions_are_named_one_by_one() {
    let names = [
        "KHR_draco_mesh_compression",
        "EXT_meshopt_compression",
        "KHR_mesh_quantization",
        "KHR_texture_basisu",
        "EXT_mesh_gpu_instancing",
        "KHR_materials_variants",
        "ACME_unheard_of",
    ];
    let problems = check(&with("/extensionsRequired", json!(names))).1;
    for name in names {
        let told = problems.iter().any(|problem| problem.is_error() && problem.message.contains(name) && !problem.hint.is_empty());
        assert!(told, "{name}: {problems:?}");
    }
}

#[test]
fn a_deep_node_tree_is_refused() {
    let mut json = model();
    let nodes: Vec<Value> = (1..=400).map(|child| json!({ "children": [child] })).chain([json!({})]).collect();
    json["nodes"] = Value::Array(nodes);
    refused("400 levels", &glb(&json), "deeper than 256");
}

#[test]
fn an_image_that_unpacks_to_gigabytes_is_refused() {
    let mut bytes = glb(&model());
    let at = bytes.windows(4).position(|four| four == b"IHDR").unwrap() + 4;
    bytes[at..at + 8].copy_from_slice(&[0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30]);
    refused("30,000 pixels on a side", &bytes, "30000 × 30000");
}

#[cfg(unix)]
#[test]
fn nothing_outside_the_folder_is_touched() {
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("secret.bin"), vec![0_u8; 200]).unwrap();
    let plant = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(outside.path().join("secret.bin"), plant.path().join("link.bin")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", plant.path().join("zero.bin")).unwrap();
    std::fs::create_dir(plant.path().join("folder.bin")).unwrap();
    std::fs::write(plant.path().join("good bin.bin"), vec![0_u8; 200]).unwrap();
    let files = FileSet::Folder(plant.path());
    for (uri, says) in
        [("link.bin", "by a link"), ("zero.bin", "by a link"), ("folder.bin", "not a regular file"), ("none.bin", "does not exist")]
    {
        let problems = gltf_check(&with("/buffers/0/uri", json!(uri)), Some(&files), "model.glb").1;
        assert!(problems.iter().any(|problem| problem.is_error() && problem.message.contains(says)), "{uri}: {problems:?}");
    }
    let mut bare = model();
    bare["buffers"][0]["uri"] = json!("good%20bin.bin");
    bare["images"] = json!([]);
    bare["textures"] = json!([]);
    bare["materials"] = json!([{}]);
    let problems = gltf_check(bare.to_string().as_bytes(), Some(&files), "model.gltf").1;
    assert!(problems.is_empty(), "{problems:?}");
}

/// Reads what a loader reads, with the library whose panics the check is there to prevent.
fn read_like_a_loader(bytes: &[u8]) {
    let Ok(gltf::Gltf { document, blob }) = gltf::Gltf::from_slice(bytes) else { return };
    let Ok(buffers) = gltf::import_buffers(&document, None, blob) else { return };
    let _ = gltf::import_images(&document, None, &buffers);
    for primitive in document.meshes().flat_map(|mesh| mesh.primitives().collect::<Vec<_>>()) {
        let reader = primitive.reader(|buffer| buffers.get(buffer.index()).map(|data| data.0.as_slice()));
        let vertices = reader.read_positions().map_or(0, Iterator::count);
        let indices = reader.read_indices().map_or(0, |indices| indices.into_u32().count());
        let _ = primitive.bounding_box();
        assert!(vertices + indices < 1_000_000);
    }
    for channel in document.animations().flat_map(|animation| animation.channels().collect::<Vec<_>>()) {
        let reader = channel.reader(|buffer| buffers.get(buffer.index()).map(|data| data.0.as_slice()));
        let _ = (reader.read_inputs().map(Iterator::count), reader.read_outputs().is_some());
    }
    for node in document.nodes() {
        let _ = (
            node.transform().matrix(),
            node.camera().is_some_and(|camera| matches!(camera.projection(), gltf::camera::Projection::Perspective(_))),
        );
    }
}

/// Bytes anywhere, and characters of the JSON part: whatever comes of it, the check returns.
#[test]
fn a_hundred_thousand_damaged_models_never_stop_the_program() {
    let good = glb(&model());
    let json_end = 20 + u32::from_le_bytes(good[12..16].try_into().unwrap()) as usize;
    let mut random = Random(42);
    let mut accepted = 0_u32;
    for round in 0..100_000 {
        let mut bytes = good.clone();
        for _ in 0..=random.below(4) {
            let end = if round % 4 == 0 { bytes.len() } else { json_end };
            let at = random.below(end);
            bytes[at] = if round % 2 == 0 { random.next_byte() } else { b"0123456789-.eE\"[]{},:"[random.below(21)] };
        }
        if round % 16 == 0 {
            bytes.truncate(random.below(bytes.len()));
        }
        if !check(&bytes).1.iter().any(Problem::is_error) {
            accepted += 1;
            read_like_a_loader(&bytes);
        }
    }
    println!("100,000 damaged models: {accepted} still acceptable, the rest refused, no panic");
    assert!(accepted < 100_000);
}

#[test]
fn a_model_made_by_others_is_indexed_by_node_name() {
    let file = repository().join("../shared/data/gltf/water_tank.glb");
    let Ok(bytes) = std::fs::read(&file) else {
        println!("skipped: {} is not here", file.display());
        return;
    };
    let (index, problems) = check(&bytes);
    assert!(!problems.iter().any(Problem::is_error), "{problems:?}");
    assert!(index.nodes.iter().any(|node| node.has_mesh && !node.name.is_empty()));
}
