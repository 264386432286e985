//! Rules on our own source text, for what neither rustfmt nor clippy looks at.
//!
//! A line may be excused by `// tidy: allow(RULE) REASON` at its end or on the line above; a whole file from the
//! length rule, and one more test binary of a crate from the rule of one, by such a line among its first twenty. An
//! excuse without a reason does not count.

mod rules;

use std::path::{Path, PathBuf};

use crate::source;
use rules::{WORDS, Words};

/// Lines a file may have.
const LONGEST_FILE: usize = 600;
/// Where an excuse for a long file has to stand.
const HEAD: usize = 20;

/// Names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] = &["util", "utils", "common", "helper", "helpers", "misc", "stuff"];

/// Folders of the workspace that hold what we wrote.
const FOLDERS: &[&str] = &["src", "crates", "xtask", "tests", "benches", "examples", "assets", ".ci", ".cargo"];
/// Endings of files that are text written by hand.
const TEXT_ENDINGS: &[&str] = &["rs", "toml", "md", "sh", "json", "yml", "yaml", "wgsl"];

/// Beginnings of paths that exist on one machine only. Put together here, so that this file holds none itself.
const MACHINE_PATHS: &[&str] = &[
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/Us", "ers/"),
    concat!("/tm", "p/"),
    concat!("C:", "\\Users"),
];

/// One file: its path from the workspace root, with forward slashes, and its text.
struct File {
    path: String,
    text: String,
}

/// Checks every file of ours.
///
/// # Errors
/// All findings, one a line, as `path:line: rule: reason`.
pub fn check(root: &Path) -> Result<(), String> {
    let files = read_all(root)?;
    let mut found: Vec<String> = files.iter().flat_map(findings).collect();
    found.extend(crates_with_several_test_binaries(&files));
    if found.is_empty() { Ok(()) } else { Err(found.join("\n")) }
}

fn findings(file: &File) -> Vec<String> {
    let mut found = machine_paths(file);
    if file.path.ends_with(".rs") {
        found.extend(length(file));
        found.extend(empty_name(file));
        found.extend(words(file));
        found.extend(expectations_without_reason(file));
    }
    found
}

fn length(file: &File) -> Option<String> {
    let lines = file.text.lines().count();
    let excused = file.text.lines().take(HEAD).any(|line| excuses(line, "long-file"));
    (lines > LONGEST_FILE && !excused).then(|| {
        let path = &file.path;
        format!("{path}:1: long-file: {lines} lines, more than {LONGEST_FILE}; split it where its subject splits")
    })
}

fn empty_name(file: &File) -> Option<String> {
    let stems = file.path.split('/').map(|part| part.strip_suffix(".rs").unwrap_or(part));
    let name = stems.into_iter().find(|stem| EMPTY_NAMES.contains(stem))?;
    Some(format!("{}:1: empty-name: `{name}` does not say what is inside", file.path))
}

fn machine_paths(file: &File) -> Vec<String> {
    let lines: Vec<&str> = file.text.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some(path) = MACHINE_PATHS.iter().find(|path| starts_somewhere(line, path)) else {
            continue;
        };
        if !excused(&lines, at, "machine-path") {
            found.push(format!("{}:{}: machine-path: {path} exists on one machine only", file.path, at + 1));
        }
    }
    found
}

/// Whether a path begins within the line: what stands before it is not part of a longer path or an address.
fn starts_somewhere(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        before.is_none_or(|letter| !letter.is_alphanumeric() && !"_-.~/}$".contains(letter))
    })
}

fn words(file: &File) -> Vec<String> {
    let code = source::code_only(&file.text);
    let product = source::without_tests(&code);
    let raw: Vec<&str> = file.text.lines().collect();
    let mut found = Vec::new();
    for rule in WORDS.iter().filter(|rule| rule.concerns(&file.path)) {
        let scanned = if rule.in_tests { &code } else { &product };
        for (at, line) in scanned.lines().enumerate() {
            let hit = rule.words.iter().find(|word| stands_in(line, word));
            if let Some(word) = hit.filter(|_| !excused(&raw, at, rule.name)) {
                found.push(format!("{}:{}: {}: `{word}`: {}", file.path, at + 1, rule.name, rule.why));
            }
        }
    }
    found
}

/// Whether the word stands in the line and is not the end of a longer name.
fn stands_in(line: &str, word: &str) -> bool {
    let is_name = |letter: char| letter.is_alphanumeric() || letter == '_';
    line.match_indices(word).any(|(at, _)| {
        let joined_before = word.starts_with(is_name) && line[..at].ends_with(is_name);
        let joined_after = word.ends_with(is_name) && line[at + word.len()..].starts_with(is_name);
        !joined_before && !joined_after
    })
}

fn expectations_without_reason(file: &File) -> Vec<String> {
    let code = source::code_only(&file.text);
    let found = code.match_indices("[expect(").filter(|(at, _)| {
        let attribute = &code[*at..];
        let end = attribute.find(")]").unwrap_or(attribute.len());
        !attribute[..end].contains("reason")
    });
    found
        .map(|(at, _)| {
            let line = code[..at].lines().count().max(1);
            format!("{}:{line}: reason: `#[expect(…)]` needs `reason = \"…\"`", file.path)
        })
        .collect()
}

fn crates_with_several_test_binaries(files: &[File]) -> Vec<String> {
    let mut binaries: Vec<(&str, &str)> = files
        .iter()
        .filter_map(|file| {
            let (owner, inside) = file.path.split_once("tests/")?;
            let is_owner = owner.is_empty() || (owner.starts_with("crates/") && owner.matches('/').count() == 2);
            let is_binary = match inside.split_once('/') {
                None => inside.ends_with(".rs"),
                Some((_, rest)) => rest == "main.rs",
            };
            let excused = file.text.lines().take(HEAD).any(|line| excuses(line, "test-binary"));
            (is_owner && is_binary && !excused).then_some((owner, inside))
        })
        .collect();
    binaries.sort_unstable();
    binaries
        .chunk_by(|one, other| one.0 == other.0)
        .filter(|group| group.len() > 1)
        .map(|group| {
            let owner = if group[0].0.is_empty() { "the root package" } else { group[0].0 };
            format!("{owner}: {} integration test binaries; each links everything again, so one holds all", group.len())
        })
        .collect()
}

/// Whether line `at` or the one above it excuses it from the rule.
fn excused(lines: &[&str], at: usize, rule: &str) -> bool {
    let here = lines.get(at).copied();
    let above = at.checked_sub(1).and_then(|above| lines.get(above)).copied();
    here.is_some_and(|line| excuses(line, rule)) || above.is_some_and(|line| line.trim_start().starts_with("//") && excuses(line, rule))
}

fn excuses(line: &str, rule: &str) -> bool {
    line.split_once("// tidy: allow(")
        .and_then(|(_, rest)| rest.split_once(')'))
        .is_some_and(|(named, reason)| named == rule && !reason.trim().is_empty())
}

fn read_all(root: &Path) -> Result<Vec<File>, String> {
    let mut paths = Vec::new();
    files_of(root, false, &mut paths)?;
    for folder in FOLDERS.iter().map(|folder| root.join(folder)).filter(|folder| folder.is_dir()) {
        files_of(&folder, true, &mut paths)?;
    }
    paths.sort();
    paths.iter().map(|path| read(root, path)).collect()
}

fn files_of(folder: &Path, with_folders_inside: bool, paths: &mut Vec<PathBuf>) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.is_dir() {
            if with_folders_inside {
                files_of(&path, true, paths)?;
            }
        } else if is_ours(&path) {
            paths.push(path);
        }
    }
    Ok(())
}

fn is_ours(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    let folder = path.parent().and_then(Path::file_name);
    folder.is_some_and(|name| name == ".ci") || ending.is_some_and(|ending| TEXT_ENDINGS.contains(&ending))
}

fn read(root: &Path, path: &Path) -> Result<File, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let inside = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = inside.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    Ok(File { path: parts.join("/"), text })
}

impl Words {
    fn concerns(&self, path: &str) -> bool {
        // Examples and benches measure what the rooms do; they are not shipped.
        let beside_the_product =
            ["tests/", "examples/", "benches/"].iter().any(|folder| path.starts_with(folder) || path.contains(&format!("/{folder}")));
        let is_test = beside_the_product || path.ends_with("/tests.rs");
        let in_place = self.only_in.is_empty() || self.only_in.iter().any(|place| path.starts_with(place));
        let lawful = self.not_in.iter().any(|place| path.starts_with(place));
        in_place && !lawful && (self.in_tests || !is_test)
    }
}

#[cfg(test)]
mod tests;
