//! Starting other programs.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The workspace's root folder: of the checkout cargo was called in, as several may share one target folder.
pub fn root() -> PathBuf {
    let manifest_folder = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let here = PathBuf::from(manifest_folder);
    here.parent().map_or_else(|| here.clone(), Path::to_path_buf)
}

/// A cargo command in the workspace root, without input.
///
/// `cargo run` tells the program it starts about the package it belongs to. Build scripts (ring's, for one) watch
/// those variables: were they handed on, the same dependency would be built once for us and once for the developer.
pub fn cargo(args: &[&str]) -> Command {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.args(args).current_dir(root()).stdin(Stdio::null());
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command
}

/// Runs to the end, output passed through.
///
/// # Errors
/// When the program cannot be started or reports failure.
pub fn succeed(command: &mut Command) -> Result<(), String> {
    let shown = shown(command);
    let status = command.status().map_err(|error| format!("{shown}: cannot be started: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{shown}: {status}")) }
}

/// Runs to the end and returns what it wrote to standard output; standard error is passed through.
///
/// # Errors
/// When the program cannot be started, reports failure, or writes something that is not UTF-8.
pub fn output(command: &mut Command) -> Result<String, String> {
    let shown = shown(command);
    let output = command.stderr(Stdio::inherit()).output().map_err(|error| format!("{shown}: cannot be started: {error}"))?;
    if !output.status.success() {
        return Err(format!("{shown}: {}", output.status));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("{shown}: its output is not UTF-8"))
}

/// The search path, and where Debian puts servers, which ordinary users have not on theirs.
pub fn search_path() -> String {
    let path = std::env::var("PATH").unwrap_or_default();
    if path.split(':').any(|folder| folder == "/usr/sbin") { path } else { format!("{path}:/usr/sbin") }
}

/// Whether a program of this name is on the search path.
pub fn on_path(program: &str) -> bool {
    std::env::split_paths(&search_path()).any(|folder| folder.join(program).is_file())
}

fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    std::iter::once(program).chain(command.get_args()).map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
