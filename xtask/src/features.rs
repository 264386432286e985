//! The cheap half of keeping Bevy compiled once: the features the application's build and the tests' build ask for.
//!
//! Features that differ in any dependency compile it twice, and with it everything above it: a dev-dependency that
//! wants one more feature of `serde_json` costs a second `bevy_gltf`. Cargo knows before it compiles anything.

use std::collections::{BTreeMap, BTreeSet};

use crate::run;

/// Package with version -> the sets of features it is built with (several where build scripts need it as well).
type Features = BTreeMap<String, BTreeSet<String>>;

/// Compares what `cargo run` and `cargo test --workspace` ask for.
///
/// # Errors
/// All packages whose features differ.
pub fn check() -> Result<(), String> {
    let app = features_of(&["--package", "didymos", "--edges", "normal,build"])?;
    let tests = features_of(&["--workspace", "--edges", "normal,build,dev"])?;
    let found = differences(&app, &tests);
    if found.is_empty() { Ok(()) } else { Err(found.join("\n")) }
}

fn features_of(selection: &[&str]) -> Result<Features, String> {
    let mut command = run::cargo(&["tree", "--locked", "--prefix", "none", "--format", "{p}|{f}"]);
    Ok(parse(&run::output(command.args(selection))?))
}

/// Reads lines such as `serde v1.0.0|derive,std`, with ` (*)` behind where cargo has shown what lies below before.
///
/// Packages of the workspace have their folder in parentheses: they are ours to compile as often as they like.
fn parse(tree: &str) -> Features {
    let mut features = Features::new();
    let lines = tree.lines().map(|line| line.strip_suffix(" (*)").unwrap_or(line));
    for (package, set) in lines.filter_map(|line| line.split_once('|')) {
        if !package.contains(" (/") {
            features.entry(package.to_owned()).or_default().insert(set.to_owned());
        }
    }
    features
}

fn differences(app: &Features, tests: &Features) -> Vec<String> {
    let mut found = Vec::new();
    for (package, sets) in tests {
        // What only tests use is compiled once, for them.
        let Some(known) = app.get(package) else { continue };
        for set in sets.difference(known) {
            let name = package.split(' ').next().unwrap_or(package);
            let usual: Vec<&str> = known.iter().map(String::as_str).collect();
            found.push(format!(
                "{package}: the application builds it with [{}], the tests with [{set}], and so it is compiled twice with all \
                 above it; state the features once, in the workspace's Cargo.toml (`cargo tree --workspace -e features -i {name}`)",
                usual.join("] and [")
            ));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feature_only_tests_ask_for_is_found_and_a_package_only_tests_use_is_not() {
        let app = parse("didymos v0.1.0 (/src/didymos)|\nserde_json v1.0.0|std\nsyn v2.0.0|full\nsyn v2.0.0|parsing (*)");
        let same = parse("didymos v0.1.0 (/src/didymos)|extra\nserde_json v1.0.0|std (*)\nsyn v2.0.0|full\nproptest v1.0.0|std");
        assert_eq!(differences(&app, &same), [""; 0]);
        let found = differences(&app, &parse("serde_json v1.0.0|float_roundtrip,std"));
        assert!(found.len() == 1 && found[0].starts_with("serde_json v1.0.0"), "{found:?}");
    }
}
