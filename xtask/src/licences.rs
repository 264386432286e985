//! The licence gate: everything in the lock file against the policy in `deny.toml`.

use std::path::Path;

use crate::{graph::Graph, spdx};

const POLICY_FILE: &str = "deny.toml";

/// What `deny.toml` allows.
#[derive(Debug, Default, PartialEq)]
struct Policy {
    /// Licences anything may carry.
    allow: Vec<String>,
    /// Further licences for single packages.
    exceptions: Vec<Exception>,
}

#[derive(Debug, Default, PartialEq)]
struct Exception {
    package: String,
    allow: Vec<String>,
}

/// Checks every package, whatever the platform it is for.
///
/// # Errors
/// All packages whose licence the policy does not allow, or what is wrong with the policy.
pub fn check(root: &Path, graph: &Graph) -> Result<(), String> {
    let path = root.join(POLICY_FILE);
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{POLICY_FILE}: {error}"))?;
    let policy = Policy::from_toml(&text)?;
    let found = policy.violations(graph);
    if found.is_empty() { Ok(()) } else { Err(found.join("\n")) }
}

impl Policy {
    fn violations(&self, graph: &Graph) -> Vec<String> {
        let mut found: Vec<String> = graph
            .packages
            .iter()
            .filter_map(|package| {
                let name = &package.name;
                let Some(licence) = &package.licence else {
                    return Some(format!("{name} {}: states no licence", package.version));
                };
                match spdx::is_met(licence, &|single| self.allows(name, single)) {
                    Ok(true) => None,
                    Ok(false) => Some(format!("{name} {}: {licence} is not allowed by {POLICY_FILE}", package.version)),
                    Err(error) => Some(format!("{name} {}: {error}", package.version)),
                }
            })
            .collect();
        for exception in &self.exceptions {
            if !graph.packages.iter().any(|package| package.name == exception.package) {
                found.push(format!("{POLICY_FILE}: exception for `{}`, which nothing uses", exception.package));
            }
        }
        found
    }

    fn allows(&self, package: &str, licence: &str) -> bool {
        let exceptions = self.exceptions.iter().filter(|exception| exception.package == package);
        exceptions.flat_map(|exception| &exception.allow).chain(&self.allow).any(|allowed| allowed == licence)
    }

    /// Reads the part of TOML the file uses: tables, strings, and lists of strings with one entry a line.
    ///
    /// A line it does not understand is an error: a policy must not be half read.
    fn from_toml(text: &str) -> Result<Policy, String> {
        let mut policy = Policy::default();
        let mut lines = text.lines().enumerate();
        let mut table = String::new();
        while let Some((at, line)) = lines.next() {
            let line = line.trim();
            let wrong = || format!("{POLICY_FILE}:{}: not understood: {line}", at + 1);
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if line.starts_with('[') {
                table = line.to_owned();
                if table == "[[licenses.exceptions]]" {
                    policy.exceptions.push(Exception::default());
                }
                continue;
            }
            let (key, value) = line.split_once('=').ok_or_else(wrong)?;
            let (key, value) = (key.trim(), value.trim());
            match (table.as_str(), key, policy.exceptions.last_mut()) {
                ("[licenses]", "allow", _) => policy.allow = list(value, &mut lines).ok_or_else(wrong)?,
                ("[[licenses.exceptions]]", "crate", Some(last)) => {
                    last.package = string(value).ok_or_else(wrong)?;
                }
                ("[[licenses.exceptions]]", "allow", Some(last)) => {
                    last.allow = list(value, &mut lines).ok_or_else(wrong)?;
                }
                _ => return Err(wrong()),
            }
        }
        Ok(policy)
    }
}

/// `"text"` without escapes.
fn string(value: &str) -> Option<String> {
    let inner = value.strip_prefix('"')?.strip_suffix('"')?;
    (!inner.contains(['"', '\\'])).then(|| inner.to_owned())
}

/// `["a", "b"]` on one line, or `[` followed by one `"a",` a line up to `]`, comments allowed.
fn list<'a>(value: &str, lines: &mut impl Iterator<Item = (usize, &'a str)>) -> Option<Vec<String>> {
    let first = value.strip_prefix('[')?;
    if let Some(inner) = first.strip_suffix(']') {
        return inner.split(',').map(|entry| string(entry.trim())).collect();
    }
    let mut entries = Vec::new();
    for (_, line) in lines {
        let entry = line.split('#').next().unwrap_or(line).trim();
        match entry.strip_suffix(',').unwrap_or(entry) {
            "]" => return Some(entries),
            "" => {}
            entry => entries.push(string(entry)?),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::fake;

    const POLICY: &str = r#"
        # comment
        [licenses]
        allow = [
            "MIT", # the usual
            "Apache-2.0",
        ]

        [[licenses.exceptions]]
        crate = "fonts"
        allow = ["OFL-1.1", "Ubuntu-font-1.0"]
    "#;

    fn violations(licences: &[(&str, Option<&str>)]) -> Vec<String> {
        let names: Vec<&str> = licences.iter().map(|(name, _)| *name).collect();
        let mut graph = fake::graph(&names.join("\n"));
        for (package, (_, licence)) in graph.packages.iter_mut().zip(licences) {
            package.licence = licence.map(str::to_owned);
        }
        Policy::from_toml(POLICY).unwrap().violations(&graph)
    }

    #[test]
    fn a_licence_is_allowed_by_the_list_or_for_its_package_only() {
        let fonts = Some("(MIT OR Apache-2.0) AND OFL-1.1 AND Ubuntu-font-1.0");
        assert_eq!(violations(&[("fonts", fonts), ("a", Some("MIT"))]), [""; 0]);
        let found = violations(&[("fonts", fonts), ("other", fonts), ("b", Some("AGPL-3.0")), ("c", None)]);
        let named: Vec<&str> = found.iter().filter_map(|line| line.split(' ').next()).collect();
        assert_eq!(named, ["other", "b", "c"]);
    }

    #[test]
    fn an_exception_nobody_needs_is_told() {
        assert!(violations(&[("a", Some("MIT"))])[0].contains("`fonts`"));
    }

    #[test]
    fn a_policy_line_that_is_not_understood_is_an_error() {
        for text in ["[licenses]\nallow = MIT", "[licenses]\nallow = [\n\"MIT\"", "[bans]\nmultiple-versions = \"deny\""] {
            assert!(Policy::from_toml(text).is_err(), "{text}");
        }
    }
}
