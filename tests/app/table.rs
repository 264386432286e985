//! The live table in a terminal.

use crate::program::{DEADLINE, Program, Start};
use std::path::Path;
use std::time::Instant;

/// One table as it was printed.
#[derive(Clone, Debug)]
pub struct Table {
    pub text: String,
    /// `connected`, `connecting`, or `DOWN` with the reason.
    pub connection: String,
    pub rows: Vec<Row>,
    pub health: String,
    pub alarms: Vec<String>,
    /// How to get the window.
    pub hint: String,
}

#[derive(Clone, Debug)]
pub struct Row {
    pub tag: String,
    pub value: String,
    pub unit: String,
    pub quality: String,
}

impl Table {
    pub fn row(&self, tag: &str) -> &Row {
        self.rows.iter().find(|row| row.tag == tag).unwrap_or_else(|| panic!("no {tag} in:\n{}", self.text))
    }

    pub fn value(&self, tag: &str) -> Option<f64> {
        self.row(tag).value.parse().ok()
    }

    pub fn is_all_good(&self) -> bool {
        !self.rows.is_empty() && self.rows.iter().all(|row| row.quality == "good")
    }
}

impl Row {
    fn of(line: &str) -> Self {
        let column = |from: usize, to: usize| line.chars().skip(from).take(to - from).collect::<String>().trim().to_owned();
        Self { tag: column(0, 12), value: column(58, 70), unit: column(71, 79), quality: column(80, 200) }
    }
}

impl Program {
    /// The next table of stdout.
    pub fn table(&mut self) -> Table {
        let mut lines: Vec<String> = Vec::new();
        let mut is_closed = false;
        while let Some(line) = self.line() {
            // Heading, rows, health and alarms end with an empty line; the hint stands below it.
            let has_alarms = lines.iter().any(|line| line.starts_with("alarms: "));
            is_closed |= has_alarms && line.is_empty();
            let is_hint = is_closed && !line.is_empty();
            if !(lines.is_empty() && line.is_empty()) {
                lines.push(line);
            }
            if is_hint {
                return read(&lines);
            }
        }
        panic!("ended without a table:\n{}", self.heard());
    }

    /// The first table that fits.
    pub fn table_where(&mut self, what: &str, fits: impl Fn(&Table) -> bool) -> Table {
        let until = Instant::now() + DEADLINE;
        loop {
            let table = self.table();
            if fits(&table) {
                return table;
            }
            assert!(Instant::now() < until, "still waiting for {what}, last:\n{}", table.text);
        }
    }
}

fn read(lines: &[String]) -> Table {
    let heading = lines.iter().position(|line| line.starts_with("tag ") && line.ends_with("quality")).unwrap();
    let rows = lines[heading + 1..].iter().take_while(|line| !line.is_empty()).map(|line| Row::of(line)).collect();
    let alarms = lines.iter().position(|line| line.starts_with("alarms: ")).unwrap();
    Table {
        text: lines.join("\n"),
        connection: lines[heading - 2].clone(),
        rows,
        health: lines.iter().find(|line| line.starts_with("health: ")).unwrap().clone(),
        alarms: lines[alarms + 1..].iter().take_while(|line| !line.is_empty()).cloned().collect(),
        hint: lines[lines.len() - 1].clone(),
    }
}

/// The demo plant lives, its values move, and every part of the table says what it should.
fn assert_lives(program: &mut Program) {
    let first = program.table_where("good values", Table::is_all_good);
    assert!(first.text.contains("Unit 100") && first.text.contains("demo plant on mqtt://127.0.0.1:"), "{}", first.text);
    assert!(first.connection.starts_with("connected"), "{}", first.text);
    let flow = first.row("FT-101");
    assert_eq!(flow.unit, "m³/h");
    assert!((80.0..100.0).contains(&first.value("FT-101").unwrap()), "{}", first.text);
    let moved = |table: &Table| table.rows.iter().zip(&first.rows).filter(|(now, then)| now.value != then.value).count() >= 3;
    let later = program.table_where("values that move", moved);
    assert!(later.health.contains("good") && later.alarms.is_empty(), "{}", later.text);
    assert!(!program.heard().contains('\x1b'), "a pipe gets plain lines");
}

#[test]
fn without_a_display_the_live_plant_stands_in_plain_lines_that_say_how_to_get_the_window() {
    let mut program = Start::with::<&str>([]).start();
    assert_lives(&mut program);
    let hint = program.table().hint;
    assert!(hint.contains("DISPLAY") && hint.contains("xvfb-run"), "{hint}");
}

#[test]
fn a_display_that_does_not_answer_is_no_reason_to_fail() {
    // Display servers count from 0 and never come this far.
    let mut program = Start::with::<&str>([]).env("DISPLAY", ":59731").start();
    assert_lives(&mut program);
    let hint = program.table().hint;
    assert!(hint.contains("No display server answers"), "{hint}");
}

#[test]
fn the_binary_copied_elsewhere_alone_does_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("elsewhere");
    std::fs::copy(env!("CARGO_BIN_EXE_didymos"), &copy).unwrap();
    let mut program = Start::binary(&copy, ["--no-window"]).within(folder.path()).start();
    assert_lives(&mut program);
    drop(program);
    let _drawing = crate::program::drawing();
    let picture = folder.path().join("alone.png");
    let args = ["shot", "--out", "alone.png", "--after", "5", "--size", "320x180"];
    let ended = Start::binary(&copy, args).within(folder.path()).finish();
    ended.assert_code(0);
    assert!(crate::png_picture::Picture::read(&picture).colours() > 50);
    assert_nothing_else(folder.path(), &["alone.png", "elsewhere"]);
}

/// Nothing was left behind in the folder it ran in.
fn assert_nothing_else(folder: &Path, expected: &[&str]) {
    let mut found: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    found.sort();
    assert_eq!(found, expected);
}

#[test]
fn it_ends_by_itself_after_the_time_asked_for() {
    let ended = Start::with(["--no-window", "--seconds", "1"]).finish();
    ended.assert_code(0);
    assert!(ended.out.contains("FT-101"), "{}", ended.said);
}

#[test]
fn a_server_without_table_says_when_its_plant_is_connected() {
    let mut program = Start::with(["serve"]).start();
    program.line_with("Serving Unit 100");
    program.line_with("connected; 0 alarms");
}
