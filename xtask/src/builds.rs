//! The gate that keeps Bevy compiled once.
//!
//! Compiling Bevy is most of a cold build. Tests with another feature set or profile than the application's would
//! compile it again, so the two builds must ask for exactly the same artefacts. File names carry cargo's hash of
//! features, profile and flags: comparing them finds a second Bevy also where both are already built and cargo
//! has nothing left to compile.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::run;

/// Families whose compilation is long enough to guard.
const GUARDED: &[&str] = &["bevy", "egui", "wgpu", "naga", "winit"];

/// Guarded artefacts: file name -> package.
type Artefacts = BTreeMap<String, String>;

/// Builds the application as a newcomer's `cargo run --release` does.
///
/// # Errors
/// When it does not compile.
pub fn app() -> Result<(), String> {
    artefacts_of(&["build", "--release"]).map(drop)
}

/// Builds all test binaries.
///
/// # Errors
/// When they do not compile, or need another build of a guarded crate than the application.
pub fn tests_without_another_bevy() -> Result<(), String> {
    // Costs nothing after the gate before this one, and makes this gate complete when it is called alone.
    let app = artefacts_of(&["build", "--release"])?;
    let tests = artefacts_of(&["test", "--release", "--workspace", "--no-run"])?;
    compare(&app, &tests)
}

fn compare(app: &Artefacts, tests: &Artefacts) -> Result<(), String> {
    let mut packages: Vec<&str> = tests.iter().filter(|(file, _)| !app.contains_key(*file)).map(|(_, package)| package.as_str()).collect();
    packages.sort_unstable();
    packages.dedup();
    // A guarded crate that only tests use (egui_kittest) is built once, not again.
    packages.retain(|package| app.values().any(|built| built == package));
    if packages.is_empty() {
        return Ok(());
    }
    Err(format!(
        "building the tests compiles these again, because some dev-dependency or crate changes their features: {}\n\
         hint: `cargo tree --workspace -e features -i CRATE` shows who asks for what; give every package one feature set",
        packages.join(", ")
    ))
}

fn artefacts_of(args: &[&str]) -> Result<Artefacts, String> {
    let mut command = run::cargo(args);
    command.arg("--message-format=json-render-diagnostics");
    Ok(guarded_artefacts(&run::output(&mut command)?))
}

/// Reads cargo's messages, one JSON object a line; other lines are none of ours.
fn guarded_artefacts(messages: &str) -> Artefacts {
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|message| message["reason"] == "compiler-artifact")
        .filter_map(|message| {
            let target = message["target"]["name"].as_str()?.to_owned();
            let guarded = GUARDED.iter().any(|family| target.starts_with(family));
            let library = message["filenames"].as_array()?.iter().filter_map(Value::as_str).find(|file| !file.ends_with(".rmeta"))?;
            let is_library = message["target"]["kind"].as_array()?.iter().any(|kind| kind == "lib" || kind == "rlib");
            (guarded && is_library).then(|| (library.to_owned(), target))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(name: &str, hash: &str) -> String {
        format!(
            r#"{{"reason":"compiler-artifact","target":{{"name":"{name}","kind":["lib"]}},"filenames":["deps/lib{name}-{hash}.rmeta","deps/lib{name}-{hash}.rlib"],"fresh":true}}"#
        )
    }

    #[test]
    fn a_second_bevy_is_found_even_when_nothing_is_left_to_compile() {
        let app = guarded_artefacts(&[message("bevy_ecs", "1"), message("serde", "1")].join("\n"));
        let same = [message("bevy_ecs", "1"), message("serde", "2"), message("egui_kittest", "1")];
        assert_eq!(compare(&app, &guarded_artefacts(&same.join("\n"))), Ok(()), "serde is not guarded and egui_kittest is no second build");
        let other = guarded_artefacts(&message("bevy_ecs", "2"));
        let found = compare(&app, &other).unwrap_err();
        assert!(found.contains("bevy_ecs"), "{found}");
    }
}
