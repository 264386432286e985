//! What a person set and expects to find again: the layout of the panels.

use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Settings of the window.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Layout of the panels, as the workspace writes it.
    pub layout: String,
}

/// Where settings are kept. While it lives, a second instance does not write them.
#[derive(Debug)]
pub struct SettingsFile {
    path: PathBuf,
    /// Held until the program ends; `None` when another instance holds it.
    lock: Option<File>,
}

impl SettingsFile {
    /// The settings of this person: `$XDG_CONFIG_HOME/didymos/settings.toml`, or below `~/.config`.
    pub fn of_user() -> Option<Self> {
        let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let folder = set("XDG_CONFIG_HOME").or_else(|| set("HOME").map(|home| home.join(".config")))?.join("didymos");
        std::fs::create_dir_all(&folder).ok()?;
        Some(Self::at(folder.join("settings.toml")))
    }

    /// Settings in a file.
    pub fn at(path: PathBuf) -> Self {
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(path.with_extension("lock")).ok();
        Self { lock: lock.filter(|file| file.try_lock().is_ok()), path }
    }

    /// True when another instance runs and keeps the settings.
    pub fn is_read_only(&self) -> bool {
        self.lock.is_none()
    }

    /// Reads the settings. A broken file is kept aside as `settings.toml.broken`, and told in the second value.
    pub fn load(&self) -> (Settings, Option<String>) {
        let reason = match std::fs::read_to_string(&self.path) {
            Ok(text) => match toml::from_str(&text) {
                Ok(settings) => return (settings, None),
                Err(error) => error.message().to_owned(),
            },
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return (Settings::default(), None),
            Err(error) => error.to_string(),
        };
        let told = format!("The settings could not be read ({reason}); they are kept in {}.", self.keep_aside().display());
        (Settings::default(), Some(told))
    }

    /// Moves a file that cannot be read out of the way of the next save, and returns where it is. A second instance saves
    /// nothing, so it moves nothing.
    fn keep_aside(&self) -> PathBuf {
        let aside = self.path.with_extension("toml.broken");
        let is_moved = !self.is_read_only() && std::fs::rename(&self.path, &aside).is_ok();
        if is_moved { aside } else { self.path.clone() }
    }

    /// Writes the settings: a new file beside the old one, synced, then renamed over it.
    ///
    /// # Errors
    /// What the system says; the old file is then untouched.
    pub fn save(&self, settings: &Settings) -> std::io::Result<()> {
        if self.is_read_only() {
            return Ok(());
        }
        let text = toml::to_string(settings).map_err(std::io::Error::other)?;
        replace(&self.path, text.as_bytes())
    }
}

fn replace(path: &Path, content: &[u8]) -> std::io::Result<()> {
    let new = path.with_extension("toml.new");
    let mut file = File::create(&new)?;
    file.write_all(content)?;
    file.sync_all()?;
    std::fs::rename(&new, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_file_is_kept_aside_and_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.toml");
        let file = SettingsFile::at(path.clone());
        for broken in [b"layout = {{{".as_slice(), b"layout = \"\xff\""] {
            std::fs::write(&path, broken).unwrap();
            let (settings, told) = file.load();
            assert_eq!(settings, Settings::default());
            assert!(told.unwrap().contains("settings.toml.broken"));
            file.save(&Settings { layout: "x".to_owned() }).unwrap();
            assert_eq!(file.load(), (Settings { layout: "x".to_owned() }, None));
            assert_eq!(std::fs::read(folder.path().join("settings.toml.broken")).unwrap(), broken);
        }
    }

    #[test]
    fn a_second_instance_reads_the_settings_and_leaves_them_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.toml");
        let first = SettingsFile::at(path.clone());
        let second = SettingsFile::at(path);
        first.save(&Settings { layout: "mine".to_owned() }).unwrap();
        assert!(second.is_read_only() && !first.is_read_only());
        second.save(&Settings { layout: "other".to_owned() }).unwrap();
        assert_eq!(second.load().0.layout, "mine");
    }
}
