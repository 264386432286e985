//! Where a twin keeps its history.

use clap::Args;
use std::path::{Path, PathBuf};
use twin_historian::Retention;
use twin_historian::postgres::{SiteHistorian, SiteOptions};
use twin_model::{Clock, Plant, Problem, Severity};
use twin_runtime::Twin;

/// Days of history kept unless somebody asks for more or fewer.
const DAYS: u32 = 30;
/// Gigabytes of history kept at most, likewise.
const GIGABYTES: f64 = 20.0;

/// Where the history goes and how much of it stays.
#[derive(Clone, Debug, Args)]
pub struct KeepArgs {
    /// Folder of the history; left out: `didymos/history` in the data folder of the user.
    #[arg(long, value_name = "FOLDER")]
    pub history: Option<PathBuf>,
    /// Keep no history.
    #[arg(long, conflicts_with = "history")]
    pub no_history: bool,
    /// Days of history that stay.
    #[arg(long, value_name = "DAYS", default_value_t = DAYS)]
    pub keep_days: u32,
    /// PostgreSQL that gets everything of the history too, such as `host=db user=didymos dbname=plant`; docs/postgresql.md.
    #[arg(long, value_name = "CONNECTION", conflicts_with = "no_history")]
    pub postgres: Option<String>,
    /// Gigabytes of history that stay at most.
    #[arg(long, value_name = "GB", default_value_t = GIGABYTES, value_parser = gigabytes)]
    pub keep_gb: f64,
}

impl Default for KeepArgs {
    fn default() -> Self {
        Self { history: None, no_history: false, postgres: None, keep_days: DAYS, keep_gb: GIGABYTES }
    }
}

impl KeepArgs {
    /// Keeps nothing.
    pub fn nothing() -> Self {
        Self { no_history: true, ..Self::default() }
    }

    fn folder(&self, plant: &Plant) -> Option<PathBuf> {
        if self.no_history {
            return None;
        }
        self.history.clone().or_else(|| Some(data_folder()?.join("history").join(file_name(&plant.document.name))))
    }

    fn retention(&self) -> Retention {
        Retention { days: Some(self.keep_days), bytes: Some((self.keep_gb * 1e9) as u64) }
    }

    /// Lets a twin go on with its history and keep it. Returns where; a history that cannot be kept is told and the twin
    /// runs without one.
    pub fn begin(&self, twin: &mut Twin, problems: &mut Vec<Problem>) -> Option<PathBuf> {
        let plant = twin.plant().clone();
        let folder = self.folder(&plant)?;
        match twin.keep_history(&folder, self.retention()) {
            Ok(()) => Some(folder),
            Err(error) => {
                problems.push(Problem {
                    severity: Severity::Warning,
                    file: folder.display().to_string(),
                    pointer: String::new(),
                    line: None,
                    message: format!("nothing is recorded: {error}"),
                    hint: "The twin runs all the same. Mend the folder or name another one with --history, then start again.".to_owned(),
                });
                None
            }
        }
    }
}

impl KeepArgs {
    /// Lets the history go on to the PostgreSQL of the site, when one is named.
    ///
    /// # Errors
    /// When the system has no thread left. A server that is away is waited for.
    pub fn forward(&self, folder: Option<&Path>) -> Result<Option<SiteHistorian>, String> {
        let Some((server, folder)) = self.postgres.as_deref().zip(folder) else { return Ok(None) };
        // One schema for each history: that of another folder would not fit.
        let name = folder.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
        let schema: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).take(40).collect();
        let options = SiteOptions { server: server.to_owned(), schema: format!("didymos_{schema}"), ..SiteOptions::default() };
        let started = SiteHistorian::start(folder, options);
        started.map(Some).map_err(|error| format!("no thread for the historian of the site: {error}"))
    }
}

/// The name under which a broker keeps messages for the program that writes to this folder, while it is down. It is made once
/// and stays in the folder; `None` when it cannot be kept.
pub fn client_id(folder: &Path) -> Option<String> {
    let path = folder.join("client-id");
    let known = std::fs::read_to_string(&path).ok().map(|id| id.trim().to_owned());
    if let Some(id) = known.filter(|id| id.starts_with("didymos-") && id.len() <= 64) {
        return Some(id);
    }
    // Two folders on two machines must not share a name; the instant and the process make it one of its own.
    let instant = twin_ingest::SystemClock.now().0;
    let id = format!("didymos-{instant:016x}-{:x}", std::process::id());
    std::fs::write(&path, &id).ok().map(|()| id)
}

fn gigabytes(text: &str) -> Result<f64, String> {
    let wrong = || "write it as gigabytes, 0.1 or more, such as 20".to_owned();
    text.parse().ok().filter(|gb: &f64| (0.1..=1e6).contains(gb)).ok_or_else(wrong)
}

/// `$XDG_DATA_HOME/didymos`, or below `~/.local/share`.
fn data_folder() -> Option<PathBuf> {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    Some(set("XDG_DATA_HOME").or_else(|| set("HOME").map(|home| home.join(".local/share")))?.join("didymos"))
}

/// A name that any file system takes.
pub fn file_name(name: &str) -> String {
    let kept = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' };
    let name: String = name.chars().map(kept).collect();
    let name = name.trim_matches(['.', '-']).to_lowercase();
    if name.is_empty() { "plant".to_owned() } else { name }
}
