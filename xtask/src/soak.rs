//! `cargo xtask soak`: what a recorder promises, tried often enough to believe it.

use crate::stages::{self, Stages};
use crate::{run, test};
use std::path::Path;

/// Asks the durability tests for all of it.
const ALL: &str = "DIDYMOS_SOAK";
/// Where they write their lines.
const REPORT: &str = "DIDYMOS_SOAK_REPORT";

/// `cargo xtask soak [ARGS…]`: the arguments go to the test binary; names of tests run those alone.
///
/// # Errors
/// When something the tests need is missing and may not be installed, or a promise is broken.
pub fn run(args: &[String]) -> Result<(), String> {
    let report = std::env::temp_dir().join(format!("didymos-soak-{}.txt", std::process::id()));
    let mut stages = Stages::default();
    if stages.run("test-packages", test::install_missing) {
        stages.run("soak", || {
            let mut command = run::cargo(&["test", "--release", "--package", "twin_runtime", "--test", "durability", "--"]);
            command.args(["--nocapture", "--test-threads", "1"]).args(args);
            command.env(ALL, "1").env(REPORT, &report).env("PATH", run::search_path()).env_remove(stages::LOG_VARIABLE);
            run::succeed(&mut command)
        });
    }
    show(&report);
    stages.finish()
}

/// The table: what was done, how often and from which seed, and beside every zero the share of cases it leaves room for.
fn show(report: &Path) {
    let lines = std::fs::read_to_string(report).unwrap_or_default();
    println!("{lines}");
    // It is printed; what the system's folder for such files keeps of it is the system's to clean.
    let _ = std::fs::remove_file(report);
}
