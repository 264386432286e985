//! FMUs built by gcc, run in their own process.
#![expect(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod binding;
mod build;
mod files;
mod misdeeds;
mod runs;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use build::Source;
use twin_fmu::{Fmu, Host, Instance, Permission, Start, Value};

/// The child process.
fn host() -> Host {
    Host::command(env!("CARGO_BIN_EXE_fmu-host"), [""; 0])
}

/// Folder with the FMUs of the lag in both standards.
fn lags() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("lags");
        std::fs::create_dir_all(&folder).unwrap();
        for version in [2, 3] {
            build::fmu(&folder, build::LAG, version);
        }
        folder
    })
}

fn open(path: &Path) -> Fmu {
    let digest = twin_fmu::inspect(path).unwrap().digest;
    Fmu::open(path, &Permission::of([digest])).unwrap()
}

fn lag(version: u8) -> Fmu {
    open(&lags().join(format!("lag{version}.fmu")))
}

fn built(folder: &Path, source: Source, version: u8) -> Fmu {
    open(&build::fmu(folder, source, version))
}

/// What to start with: inputs, outputs and start values by name.
fn start(fmu: &Fmu, inputs: &[&str], outputs: &[&str], values: &[(&str, f64)]) -> Start {
    let find = |name: &&str| fmu.description().find(name).unwrap();
    Start {
        inputs: inputs.iter().map(find).collect(),
        outputs: outputs.iter().map(find).collect(),
        start_values: values.iter().map(|(name, value)| (find(name), Value::Number(*value))).collect(),
        ..Start::default()
    }
}

fn running(fmu: &Fmu, values: &[(&str, f64)]) -> Instance {
    fmu.instantiate(&host(), start(fmu, &["u"], &["y"], values)).unwrap()
}
