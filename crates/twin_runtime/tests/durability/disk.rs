//! The disk that forgets and refuses, made from `disk.c`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use tempfile::TempDir;

use crate::report::Dice;

/// Bytes that a disk writes whole or not at all.
const SECTOR: usize = 512;

/// The library, compiled once.
pub fn library() -> &'static Path {
    static MADE: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = MADE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("disk.so");
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/durability/disk.c");
        let mut command = Command::new("cc");
        command.args(["-std=gnu11", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-O2", "-o"]).arg(&path).arg(source).arg("-ldl");
        let output = command.output().unwrap_or_else(|error| panic!("these tests need a C compiler ({error}): install the package gcc"));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        (folder, path)
    });
    path
}

/// The environment of a recorder that writes to such a disk.
pub struct Disk {
    pub live: PathBuf,
    pub shadow: Option<PathBuf>,
    /// Faults are there while this file is.
    pub switch: PathBuf,
}

impl Disk {
    pub fn environment(&self, more: &[(&str, String)]) -> Vec<(String, String)> {
        let text = |path: &Path| path.to_str().unwrap().to_owned();
        let mut all = vec![
            ("LD_PRELOAD".to_owned(), text(library())),
            ("DISK_LIVE".to_owned(), text(&self.live)),
            ("DISK_WHILE".to_owned(), text(&self.switch)),
        ];
        all.extend(self.shadow.iter().map(|shadow| ("DISK_SHADOW".to_owned(), text(shadow))));
        all.extend(more.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        all
    }

    /// Before a start: the shadow holds what the disk holds.
    pub fn mirror(&self) {
        copy(&self.live, self.shadow.as_ref().unwrap());
    }

    /// The power goes: the disk holds the shadow. With `torn`, any of the sectors that were written and not flushed
    /// may have reached it as well, in any order.
    pub fn cut(&self, torn: Option<&mut Dice>) {
        let shadow = self.shadow.as_ref().unwrap();
        if let Some(dice) = torn {
            for path in files(&self.live).filter(|path| !path.to_string_lossy().ends_with("-shm")) {
                tear(&path, &shadow.join(path.file_name().unwrap()), dice);
            }
        }
        copy(shadow, &self.live);
    }
}

fn files(folder: &Path) -> impl Iterator<Item = PathBuf> {
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path())
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    files(to).for_each(|path| std::fs::remove_file(path).unwrap());
    for path in files(from).filter(|path| !path.to_string_lossy().ends_with("-shm")) {
        std::fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
    }
}

/// Lets each sector that differs reach the file or not.
fn tear(written: &Path, durable: &Path, dice: &mut Dice) {
    let (new, mut old) = (std::fs::read(written).unwrap(), std::fs::read(durable).unwrap_or_default());
    for (index, sector) in new.chunks(SECTOR).enumerate() {
        let (from, to) = (index * SECTOR, index * SECTOR + sector.len());
        if old.get(from..to) != Some(sector) && dice.below(2) == 0 {
            old.resize(old.len().max(to), 0);
            old[from..to].copy_from_slice(sector);
        }
    }
    if !old.is_empty() {
        std::fs::write(durable, old).unwrap();
    }
}
