//! Stages with a name, a duration and an outcome, and the table that shows them.

use std::fmt::Write as _;
use std::io::Write as _;
use std::time::{Duration, Instant};

/// Where stage lines are appended as well, for a script that runs several tasks and prints one table at the end.
pub const LOG_VARIABLE: &str = "DIDYMOS_STAGE_LOG";

/// How a stage ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All well.
    Passed,
    /// It found something.
    Failed,
    /// Not run, because an earlier one failed.
    Skipped,
}

impl Outcome {
    fn word(self) -> &'static str {
        match self {
            Outcome::Passed => "ok",
            Outcome::Failed => "FAILED",
            Outcome::Skipped => "skipped",
        }
    }
}

struct Stage {
    name: String,
    took: Duration,
    outcome: Outcome,
}

/// The stages of one task, in the order they ran.
#[derive(Default)]
pub struct Stages {
    done: Vec<Stage>,
}

impl Stages {
    /// Runs one stage, prints what it found and how long it took, and says whether it passed.
    pub fn run(&mut self, name: &str, work: impl FnOnce() -> Result<(), String>) -> bool {
        println!("==> {name}");
        let start = Instant::now();
        let result = work();
        let outcome = match &result {
            Ok(()) => Outcome::Passed,
            Err(_) => Outcome::Failed,
        };
        if let Err(found) = result {
            eprintln!("{found}");
        }
        let took = start.elapsed();
        println!("<== {name}: {} in {}\n", outcome.word(), clock(took));
        self.note(name, took, outcome);
        outcome == Outcome::Passed
    }

    /// Notes a stage that is left out.
    pub fn skip(&mut self, name: &str) {
        self.note(name, Duration::ZERO, Outcome::Skipped);
    }

    /// The table of all stages and their sum.
    pub fn table(&self) -> String {
        let mut text = String::new();
        let total = self.done.iter().map(|stage| stage.took).sum();
        for stage in &self.done {
            let word = stage.outcome.word();
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{:<24} {:>8}  {word}", stage.name, clock(stage.took));
        }
        let _ = writeln!(text, "{:<24} {:>8}", "all stages", clock(total));
        text
    }

    /// Prints the table.
    ///
    /// # Errors
    /// When a stage failed: the names of those that did.
    pub fn finish(self) -> Result<(), String> {
        println!("{}", self.table());
        let failed: Vec<&str> =
            self.done.iter().filter(|stage| stage.outcome == Outcome::Failed).map(|stage| stage.name.as_str()).collect();
        if failed.is_empty() { Ok(()) } else { Err(format!("failed: {}", failed.join(", "))) }
    }

    fn note(&mut self, name: &str, took: Duration, outcome: Outcome) {
        append_to_log(name, took, outcome);
        self.done.push(Stage { name: name.to_owned(), took, outcome });
    }
}

/// Minutes and seconds to a tenth, such as `26:03.4`.
fn clock(took: Duration) -> String {
    let tenths = took.as_millis() / 100;
    format!("{}:{:02}.{}", tenths / 600, tenths / 10 % 60, tenths % 10)
}

/// A log that cannot be written costs a line of a table, never the run.
fn append_to_log(name: &str, took: Duration, outcome: Outcome) {
    let Some(path) = std::env::var_os(LOG_VARIABLE) else {
        return;
    };
    let line = format!("{name}\t{}\t{}\n", took.as_secs(), outcome.word());
    let written = std::fs::OpenOptions::new().create(true).append(true).open(path).and_then(|mut file| file.write_all(line.as_bytes()));
    if let Err(error) = written {
        eprintln!("stage log: {error}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_stage_fails_the_run_and_stands_in_the_table() {
        let mut stages = Stages::default();
        assert!(stages.run("quick", || Ok(())));
        assert!(!stages.run("broken", || Err("found something".into())));
        stages.skip("slow");
        let table = stages.table();
        for line in ["quick", "broken", "slow", "all stages"] {
            assert!(table.contains(line), "{table}");
        }
        assert_eq!(stages.finish(), Err("failed: broken".into()));
    }

    #[test]
    fn durations_read_as_minutes_and_seconds() {
        assert_eq!(clock(Duration::from_millis(1_563_460)), "26:03.4");
        assert_eq!(clock(Duration::from_millis(90)), "0:00.0");
    }
}
