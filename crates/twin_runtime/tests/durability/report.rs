//! How much is run, from which seed, and what came of it.

use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::{Mutex, MutexGuard, PoisonError};
use twin_ingest::SystemClock;
use twin_model::Clock;

/// One test at a time: they measure times, and this machine may have two cores.
pub fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// True when all of it is to run.
pub fn is_soak() -> bool {
    std::env::var_os("DIDYMOS_SOAK").is_some()
}

/// `all` in a soak, else `few`.
pub fn count(few: usize, all: usize) -> usize {
    if is_soak() { all } else { few }
}

/// Random numbers (SplitMix64) from a seed that is printed.
pub struct Dice {
    pub seed: u64,
    state: u64,
}

impl Dice {
    /// Another seed at every soak, unless one is given; always the same in a test.
    pub fn new() -> Self {
        let given = std::env::var("DIDYMOS_SOAK_SEED").ok().map(|text| text.parse().unwrap());
        let fresh = || if is_soak() { SystemClock.now().0.cast_unsigned() } else { 7 };
        let seed = given.unwrap_or_else(fresh);
        Self { seed, state: seed }
    }

    pub fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From 0 to `end`, without it.
    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }
}

/// A line of the table: what was done how often, what came of it.
pub struct Row<'a> {
    pub what: &'a str,
    pub times: usize,
    pub seed: u64,
    /// Faults found, by name. Beside a zero stands the rate that it excludes with 95 % confidence, 3/N.
    pub found: &'a [(&'a str, usize)],
    /// Whatever else was measured.
    pub measured: String,
}

impl Row<'_> {
    /// Prints the line, and adds it to the file that `DIDYMOS_SOAK_REPORT` names.
    pub fn tell(&self) {
        let mut line = format!("{}: {} times, seed {}", self.what, self.times, self.seed);
        for (name, number) in self.found {
            write!(line, "; {number} {name}").unwrap();
            if *number == 0 && self.times > 0 {
                write!(line, " (3/N = {:.4})", 3.0 / self.times as f64).unwrap();
            }
        }
        if !self.measured.is_empty() {
            write!(line, "; {}", self.measured).unwrap();
        }
        println!("{line}");
        if let Some(path) = std::env::var_os("DIDYMOS_SOAK_REPORT") {
            let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path).unwrap();
            writeln!(file, "{line}").unwrap();
        }
    }
}

/// The value that a share of the others does not exceed; the greatest of few.
pub fn quantile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let index = (values.len() as f64 * share).ceil() as usize;
    values.get(index.saturating_sub(1)).copied().unwrap_or(f64::NAN)
}
