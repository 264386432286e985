//! What was recorded is there after a restart, travels as one file, and tells the same again.

use crate::program::Start;
use std::path::{Path, PathBuf};

/// Records the demo plant for some seconds and lets the program end.
fn recorded(folder: &Path, seconds: &str) -> PathBuf {
    let history = folder.join("history");
    let ended = Start::with(["serve", "--seconds", seconds, "--history", history.to_str().unwrap()]).finish();
    ended.assert_code(0);
    history
}

fn replay(record: &Path, more: &[&str]) -> String {
    let mut args = vec!["replay", record.to_str().unwrap()];
    args.extend(more);
    let ended = Start::with(args).finish();
    ended.assert_code(0);
    ended.out
}

/// First and last second of a replay, as it printed them.
fn span(told: &str) -> (String, String) {
    let seconds: Vec<&str> = told.lines().filter(|line| line.contains("Z  ")).collect();
    let time = |line: &str| line.split_whitespace().next().unwrap().to_owned();
    (time(seconds[0]), time(seconds[seconds.len() - 1]))
}

#[test]
fn a_recorded_incident_travels_as_one_file_and_is_the_same_wherever_it_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let history = recorded(folder.path(), "12");
    let told = replay(&history, &["--plant", "demo", "--hash"]);
    assert!(told.lines().count() > 6, "{told}");
    assert_eq!(replay(&history, &["--plant", "demo", "--hash"]), told, "played again it is the same");

    let package = folder.path().join("incident.didymos");
    let (from, to) = span(&told);
    let (history, out) = (history.to_str().unwrap(), package.to_str().unwrap());
    let made = Start::with(["package", history, "--from", &from, "--to", &to, "--out", out, "--title", "A quiet minute"]).finish();
    made.assert_code(0);
    assert!(made.out.contains("fingerprint"), "{}", made.out);

    // Without the plant folder: the package brings its plant.
    let from_package = replay(&package, &["--hash"]);
    assert_eq!(span(&from_package).1, to);
    assert_eq!(replay(&package, &["--hash"]), from_package);
    let mut opened = Start::with(["open", out, "--no-window"]).start();
    opened.line_with("A quiet minute");
    drop(opened);

    Start::with(["verify", out]).finish().assert_code(0);
    let mut bytes = std::fs::read(&package).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&package, bytes).unwrap();
    let altered = Start::with(["verify", out]).finish();
    altered.assert_code(1);
    assert!(altered.out.contains("incident.didymos"), "{}", altered.said);
}

#[test]
fn a_restart_goes_on_with_the_same_history() {
    let folder = tempfile::tempdir().unwrap();
    recorded(folder.path(), "5");
    let first = span(&replay(&folder.path().join("history"), &["--plant", "demo", "--hash"])).0;
    let history = recorded(folder.path(), "5");
    let told = replay(&history, &["--plant", "demo", "--hash"]);
    assert_eq!(span(&told).0, first, "the beginning is still there");
    assert!(told.lines().count() > 6, "{told}");
}

#[test]
fn what_is_no_record_is_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let none = folder.path().join("nothing.didymos");
    Start::with(["replay", none.to_str().unwrap()]).finish().assert_refused(&["does not exist"]);
    std::fs::write(&none, "not a record").unwrap();
    Start::with(["replay", none.to_str().unwrap()]).finish().assert_refused(&["nothing.didymos"]);
    Start::with(["open", none.to_str().unwrap(), "--no-window"]).finish().assert_refused(&["nothing.didymos"]);
    Start::with(["replay", folder.path().to_str().unwrap()]).finish().assert_refused(&["--plant"]);
}
