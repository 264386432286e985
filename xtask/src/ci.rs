//! The gates a change must pass.

use crate::{builds, features, graph, layers, licences, run, stages::Stages, tidy, versions};

/// One gate: what it is called and what it does.
struct Gate {
    name: &'static str,
    /// Compiles the whole application: not worth an hour when a cheap gate has already failed.
    heavy: bool,
    check: fn() -> Result<(), String>,
}

const GATES: &[Gate] = &[
    Gate { name: "fmt", heavy: false, check: || run::succeed(&mut run::cargo(&["fmt", "--all", "--", "--check"])) },
    Gate { name: "tidy", heavy: false, check: || tidy::check(&run::root()) },
    Gate { name: "layers", heavy: false, check: || layers::check(&graph::of_linux()?) },
    Gate { name: "licences", heavy: false, check: || licences::check(&run::root(), &graph::of_every_platform()?) },
    Gate { name: "versions", heavy: false, check: || versions::check(&graph::of_every_platform()?) },
    Gate { name: "features", heavy: false, check: features::check },
    Gate { name: "clippy", heavy: true, check: clippy },
    Gate { name: "docs", heavy: true, check: docs },
    Gate { name: "app", heavy: true, check: builds::app },
    Gate { name: "test-binaries", heavy: true, check: builds::tests_without_another_bevy },
];

/// `cargo xtask ci [--only GATE,GATE…]`
///
/// # Errors
/// When a gate fails, or the arguments name one that does not exist.
pub fn run(args: &[String]) -> Result<(), String> {
    let gates = chosen(args)?;
    let mut stages = Stages::default();
    let mut stop = false;
    let mut all_passed = true;
    for gate in gates {
        // All cheap gates run, so that one attempt shows all they find; the first failure ends the heavy ones.
        stop |= gate.heavy && !all_passed;
        if stop {
            stages.skip(gate.name);
        } else {
            all_passed &= stages.run(gate.name, gate.check);
        }
    }
    stages.finish()
}

/// One gate as a task of its own.
///
/// # Errors
/// What the gate finds.
pub fn run_one(name: &str) -> Result<(), String> {
    let gate = find(name)?;
    (gate.check)()?;
    println!("{name}: ok");
    Ok(())
}

fn chosen(args: &[String]) -> Result<Vec<&'static Gate>, String> {
    match args {
        [] => Ok(GATES.iter().collect()),
        [only, names] if only == "--only" => names.split(',').map(find).collect(),
        _ => Err("usage: cargo xtask ci [--only GATE,GATE…]".into()),
    }
}

fn find(name: &str) -> Result<&'static Gate, String> {
    GATES.iter().find(|gate| gate.name == name).ok_or_else(|| {
        let names: Vec<&str> = GATES.iter().map(|gate| gate.name).collect();
        format!("there is no gate `{name}`; there are {}", names.join(", "))
    })
}

fn clippy() -> Result<(), String> {
    run::succeed(&mut run::cargo(&["clippy", "--release", "--workspace", "--all-targets", "--", "-D", "warnings"]))
}

fn docs() -> Result<(), String> {
    let args = ["doc", "--release", "--workspace", "--no-deps"];
    run::succeed(run::cargo(&args).env("RUSTDOCFLAGS", "-D warnings"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gates_can_be_called_one_by_one_and_a_wrong_name_lists_them() {
        let args = |text: &str| vec!["--only".to_owned(), text.to_owned()];
        let names = |gates: Vec<&Gate>| gates.iter().map(|gate| gate.name).collect::<Vec<_>>();
        assert_eq!(chosen(&args("layers,fmt")).map(names), Ok(vec!["layers", "fmt"]));
        let refusal = chosen(&args("fmt,nonsense")).map(names).unwrap_err();
        assert!(refusal.contains("nonsense") && refusal.contains("licences"), "{refusal}");
    }

    #[test]
    fn no_heavy_gate_stands_before_a_cheap_one() {
        assert!(GATES.is_sorted_by_key(|gate| gate.heavy));
    }
}
