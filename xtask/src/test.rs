//! `cargo xtask test`: what the tests need, then every test.

use std::process::{Command, Stdio};

use crate::run;
use crate::stages::{self, Stages};

/// Debian and Ubuntu packages the tests use, and the program that shows they are there on another system.
const NEEDED: &[(&str, Option<&str>)] = &[
    ("mosquitto", Some("mosquitto")),
    ("mosquitto-clients", Some("mosquitto_pub")),
    ("xvfb", Some("Xvfb")),
    ("mesa-vulkan-drivers", None),
    ("libx11-6", None),
    ("libx11-xcb1", None),
    ("libxcursor1", None),
    ("libxi6", None),
    ("libxrandr2", None),
    ("libxkbcommon-x11-0", None),
    ("openssl", Some("openssl")),
    ("gcc", Some("cc")),
    ("libc6-dev", None),
    ("mount", Some("mount")),
    ("ca-certificates", None),
    ("postgresql", Some("initdb")),
];

/// `cargo xtask test [ARGS…]`: the arguments go to `cargo test`.
///
/// # Errors
/// When something the tests need is missing and may not be installed, or a test fails.
pub fn run(args: &[String]) -> Result<(), String> {
    let mut stages = Stages::default();
    if stages.run("test-packages", install_missing) {
        stages.run("tests", || {
            let mut command = run::cargo(&["test", "--release", "--workspace"]);
            // The tests of this program run stages of their own, which are none of this run.
            command.env_remove(stages::LOG_VARIABLE);
            command.args(args).env("PATH", run::search_path());
            run::succeed(&mut command)
        });
    }
    stages.finish()
}

/// Installs what the tests need, where this user may.
///
/// # Errors
/// When something is missing and may not be installed.
pub fn install_missing() -> Result<(), String> {
    if !(run::on_path("dpkg-query") && run::on_path("apt-get")) {
        return name_missing_programs();
    }
    let missing: Vec<&str> = NEEDED.iter().map(|(package, _)| *package).filter(|package| !is_installed(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let by_hand = format!("apt-get install --no-install-recommends {}", missing.join(" "));
    if !is_root() {
        return Err(format!("the tests need packages that are not installed; as root:\n  {by_hand}"));
    }
    println!("installing {}", missing.join(" "));
    apt(&["update"])
        .and_then(|()| {
            let mut args = vec!["install", "--yes", "--no-install-recommends"];
            args.extend(&missing);
            apt(&args)
        })
        .map_err(|error| format!("{error}\nthe tests need these packages:\n  {by_hand}"))
}

fn is_installed(package: &str) -> bool {
    let output = Command::new("dpkg-query").args(["--show", "--showformat=${db:Status-Status}", package]).stdin(Stdio::null()).output();
    output.is_ok_and(|output| output.stdout == b"installed")
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").stdin(Stdio::null()).output();
    output.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

fn apt(args: &[&str]) -> Result<(), String> {
    let mut command = Command::new("apt-get");
    command
        .args(["-o", "Acquire::Retries=3", "-o", "DPkg::Lock::Timeout=120"])
        .args(args)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdin(Stdio::null());
    run::succeed(&mut command)
}

/// Systems without apt: what has a program is looked for; the rest is named by the tests that miss it.
fn name_missing_programs() -> Result<(), String> {
    let missing: Vec<&str> = NEEDED.iter().filter_map(|(_, program)| *program).filter(|program| !run::on_path(program)).collect();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(format!("the tests need programs that are not on the search path: {}", missing.join(", ")))
    }
}
