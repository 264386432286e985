//! What a person set and expects to find again: the layout of the panels, the look, and how the site writes things.

use serde::{Deserialize, Serialize};
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use twin_model::Problem;
use twin_ui::display_units::DisplayUnits;
use twin_ui::format::SiteFormat;
use twin_ui::text::{self, Texts};
use twin_ui::theme::Theme;
use twin_ui::time_zone::SiteZone;

/// How much the 3D scene may cost: `auto` goes by the adapter.
pub const QUALITIES: [&str; 4] = ["auto", "economy", "standard", "high"];
/// Smallest and largest scale of the panels.
pub const SCALES: (f32, f32) = (0.75, 2.0);

/// Settings of the window, as a person wrote them. [`Settings::look`] makes sense of them; what it does not know stays in
/// the file, so that a slip of the pen can be mended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// `control-room`, `night`, or a palette file beside the settings that ends in `.toml`.
    pub theme: String,
    /// Scale of the panels, 0.75 to 2.
    pub scale: f32,
    /// One of [`QUALITIES`].
    pub quality: String,
    /// `en`, `de`, or a language file beside the settings that ends in `.toml`.
    pub language: String,
    /// A zone of the IANA database, such as `Europe/Berlin`.
    pub time_zone: String,
    /// `57,9` in place of `57.9`.
    pub decimal_comma: bool,
    /// `as-measured`, `metric`, `us`, or a list such as `°F, psi`.
    pub units: String,
    /// Layout of the panels, as the workspace writes it.
    pub layout: String,
}

impl Default for Settings {
    fn default() -> Self {
        let word = str::to_owned;
        Self {
            theme: word("control-room"),
            scale: 1.0,
            quality: word("auto"),
            language: word("en"),
            time_zone: word("UTC"),
            decimal_comma: false,
            units: word("as-measured"),
            layout: String::new(),
        }
    }
}

/// What the settings mean.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// Palette and sizes.
    pub theme: Theme,
    /// Scale of the panels.
    pub scale: f32,
    /// One of [`QUALITIES`].
    pub quality: &'static str,
    /// Clock, decimal sign, units, language.
    pub site: SiteFormat,
}

impl Settings {
    /// What the settings mean, and what of them could not be used: there the default holds. Files are looked for in
    /// `folder`.
    pub fn look(&self, folder: &Path) -> (Look, Vec<Problem>) {
        let mut told = Vec::new();
        let theme = self.theme(folder).unwrap_or_else(|reason| {
            told.push(unknown("theme", &self.theme, &reason, &list(&Theme::NAMES)));
            Theme::default()
        });
        let scale = if self.scale.is_finite() { self.scale.clamp(SCALES.0, SCALES.1) } else { 1.0 };
        if scale != self.scale {
            told.push(unknown("scale", &self.scale.to_string(), "", &format!("Give a number from {} to {}.", SCALES.0, SCALES.1)));
        }
        let quality = QUALITIES.into_iter().find(|quality| *quality == self.quality).unwrap_or_else(|| {
            told.push(unknown("quality", &self.quality, "", &list(&QUALITIES)));
            QUALITIES[0]
        });
        let zone = SiteZone::named(&self.time_zone).unwrap_or_else(|| {
            told.push(unknown("time_zone", &self.time_zone, "", "Give a name of the IANA database, such as Europe/Berlin."));
            SiteZone::UTC
        });
        let units = DisplayUnits::parse(&self.units).unwrap_or_else(|words| {
            told.push(unknown("units", &words, "", "Give as-measured, metric, us, or units such as °F, psi, gpm."));
            DisplayUnits::default()
        });
        let texts = self.texts(folder, &mut told);
        let site = SiteFormat { zone, decimal_comma: self.decimal_comma, units, texts };
        (Look { theme, scale, quality, site }, told)
    }

    fn theme(&self, folder: &Path) -> Result<Theme, String> {
        if !self.theme.ends_with(".toml") {
            return Theme::named(&self.theme).ok_or_else(String::new);
        }
        let text = std::fs::read_to_string(folder.join(&self.theme)).map_err(|error| error.to_string())?;
        toml::from_str(&text).map_err(|error| error.message().to_owned())
    }

    /// The language; a file is read over English and kept until the program ends.
    fn texts(&self, folder: &Path, told: &mut Vec<Problem>) -> &'static Texts {
        let english = &text::ENGLISH;
        if !self.language.ends_with(".toml") {
            return text::built_in(&self.language).unwrap_or_else(|| {
                told.push(unknown("language", &self.language, "", &list(&text::LANGUAGES)));
                english
            });
        }
        match std::fs::read_to_string(folder.join(&self.language)) {
            Ok(content) => {
                let (texts, problems) = text::read(&self.language, &content, english);
                told.extend(problems);
                Box::leak(Box::new(texts))
            }
            Err(error) => {
                told.push(unknown("language", &self.language, &error.to_string(), "Put the file beside the settings."));
                english
            }
        }
    }
}

fn list(words: &[&str]) -> String {
    format!("Give one of {}, or a .toml file beside the settings where it may be one.", words.join(", "))
}

fn unknown(key: &str, value: &str, reason: &str, hint: &str) -> Problem {
    let why = if reason.is_empty() { String::new() } else { format!(" ({reason})") };
    let message = format!("The setting {key} = {value} cannot be used{why}; the default holds.");
    Problem::new(twin_model::Severity::Warning, "settings.toml", &format!("/{key}"), message, hint)
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

    /// The folder palette and language files are looked for in.
    pub fn folder(&self) -> &Path {
        self.path.parent().unwrap_or(Path::new("."))
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
            let changed = Settings { layout: "x".to_owned(), ..Settings::default() };
            file.save(&changed).unwrap();
            assert_eq!(file.load(), (changed, None));
            assert_eq!(std::fs::read(folder.path().join("settings.toml.broken")).unwrap(), broken);
        }
    }

    #[test]
    fn a_second_instance_reads_the_settings_and_leaves_them_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.toml");
        let first = SettingsFile::at(path.clone());
        let second = SettingsFile::at(path);
        first.save(&Settings { layout: "mine".to_owned(), ..Settings::default() }).unwrap();
        assert!(second.is_read_only() && !first.is_read_only());
        second.save(&Settings { layout: "other".to_owned(), ..Settings::default() }).unwrap();
        assert_eq!(second.load().0.layout, "mine");
    }

    #[test]
    fn a_setting_that_is_unknown_falls_back_and_is_told_and_stays_in_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let (look, told) = Settings::default().look(folder.path());
        assert_eq!((look.theme, look.site, told), (Theme::default(), SiteFormat::NEUTRAL, Vec::new()));
        let odd: Settings = toml::from_str(
            "theme = \"neon\"\nscale = 9.0\nquality = \"best\"\nlanguage = \"xx\"\ntime_zone = \"Mars\"\nunits = \"furlong\"\n",
        )
        .unwrap();
        let (look, told) = odd.look(folder.path());
        assert_eq!((look.theme, look.scale, look.quality, look.site), (Theme::default(), 2.0, "auto", SiteFormat::NEUTRAL));
        let places: Vec<&str> = told.iter().map(|problem| problem.pointer.as_str()).collect();
        assert_eq!(places, ["/theme", "/scale", "/quality", "/time_zone", "/units", "/language"]);
        assert!(toml::to_string(&odd).unwrap().contains("neon"));
    }

    #[test]
    fn a_site_may_bring_a_palette_and_a_language_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("site.toml"), "name = \"Our site\"\npanel = \"#c0c0c0\"\n").unwrap();
        std::fs::write(folder.path().join("words.toml"), "acknowledge = \"Accept\"\n").unwrap();
        let settings = Settings {
            theme: "site.toml".to_owned(),
            language: "words.toml".to_owned(),
            time_zone: "Europe/Berlin".to_owned(),
            units: "us".to_owned(),
            ..Settings::default()
        };
        let (look, told) = settings.look(folder.path());
        assert_eq!(told, Vec::new());
        assert_eq!((look.theme.name.as_str(), look.site.texts.acknowledge), ("Our site", "Accept"));
        assert_eq!((look.site.texts.alarms, look.site.zone.name()), ("Alarms", "Europe/Berlin"));
    }
}
