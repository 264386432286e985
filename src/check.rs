//! `didymos check`: every problem of a plant folder at once.

use std::path::Path;
use std::process::ExitCode;
use twin_model::{Problem, Severity, document};

/// Loads, checks and prints. Exit code 1 when there is an error.
pub fn run(path: &Path, json: bool) -> ExitCode {
    let problems = all_problems(path);
    if json {
        println!("{}", serde_json::to_string_pretty(&problems).unwrap_or_default());
    } else {
        print!("{}", text(path, &problems));
    }
    if problems.iter().any(|problem| problem.severity == Severity::Error) { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Problems of document, types, scenes, formulas and what charts are made of.
pub fn all_problems(path: &Path) -> Vec<Problem> {
    let (twin, mut problems) = document::load(path);
    let plant = twin.plant();
    problems.extend(twin_insight::check_functions(&plant));
    problems.extend(twin_insight::equipment::check_equipment(&plant));
    problems.extend(twin_runtime::check_simulation(&plant));
    problems
}

fn text(path: &Path, problems: &[Problem]) -> String {
    let mut out = String::new();
    for problem in problems {
        out.push_str(&format!("{problem}\n"));
    }
    let count = |severity| problems.iter().filter(|problem| problem.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    out.push_str(&match (errors, warnings) {
        (0, 0) => format!("{}: nothing to complain about.\n", path.display()),
        _ => format!("{}: {errors} errors, {warnings} warnings.\n", path.display()),
    });
    out
}
