use crate::repository;
use proptest::prelude::*;
use twin_model::document::{Json, json_schema, load, to_canonical};

#[test]
fn a_canonical_plant_file_comes_out_byte_identical() {
    let source = repository().join("assets/unit100/plant.twin.json");
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("plant.twin.json");
    let (twin, _) = load(&source);
    twin.save(&copy).unwrap();
    assert!(std::fs::read(&source).unwrap() == std::fs::read(&copy).unwrap());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "no temporary file stays behind");
}

#[test]
fn unknown_members_and_numbers_as_written_survive_load_and_save() {
    let text = "{\n  \"name\": \"Hand made\",\n  \"format_version\": \"0.1\",\n  \"x_colour\": {\n    \"b\": 1.50,\n    \"a\": 1e-3\n  },\n  \"namespace\": \"hand\"\n}\n";
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plant.twin.json");
    std::fs::write(&file, text).unwrap();
    let (twin, problems) = load(folder.path());
    assert!(problems.is_empty(), "{problems:?}");
    twin.save(&file).unwrap();
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
}

#[test]
fn the_json_schema_matches_the_types() {
    let file = repository().join("crates/twin_model/schema/plant.twin.schema.json");
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(&file, json_schema()).unwrap();
    }
    let stored = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(stored == json_schema(), "the schema has drifted: run the test with UPDATE_SCHEMA=1");
}

fn any_json() -> impl Strategy<Value = Json> {
    let number = prop_oneof![
        any::<i64>().prop_map(|n| n.to_string()),
        any::<f64>().prop_filter("finite", |f| f.is_finite()).prop_map(|f| format!("{f:e}"))
    ];
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::Bool),
        number.prop_map(Json::Number),
        any::<String>().prop_map(Json::Text),
    ];
    leaf.prop_recursive(5, 40, 5, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Json::Array),
            proptest::collection::vec((any::<String>(), inner), 0..5).prop_map(Json::Object),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_written_reads_back_the_same(json in any_json()) {
        let text = to_canonical(&json);
        let back = Json::parse(&text).unwrap().json;
        prop_assert_eq!(&back, &json);
        prop_assert_eq!(to_canonical(&back), text);
    }
}
