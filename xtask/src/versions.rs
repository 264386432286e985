//! The gate against second versions of what defines types all of the application shares.
//!
//! Two versions of `serde_json` cost some seconds. Two of Bevy or egui cost half the build and give types that look
//! alike and do not fit.

use std::collections::{BTreeMap, BTreeSet};

use crate::graph::Graph;

/// Prefixes of the package names that may occur in one version only.
const FAMILIES: &[&str] = &["bevy", "egui", "epaint", "emath", "ecolor", "wgpu", "naga", "winit"];

/// Checks that each guarded package has one version.
///
/// # Errors
/// All packages with several.
pub fn check(graph: &Graph) -> Result<(), String> {
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for package in &graph.packages {
        let name = package.name.as_str();
        if FAMILIES.iter().any(|family| name.starts_with(family)) {
            versions.entry(name).or_default().insert(&package.version);
        }
    }
    let found: Vec<String> = versions
        .into_iter()
        .filter(|(_, versions)| versions.len() > 1)
        .map(|(name, versions)| {
            let versions: Vec<&str> = versions.into_iter().collect();
            format!("{name}: {}; `cargo tree -i {name}@VERSION` shows who asks", versions.join(" and "))
        })
        .collect();
    if found.is_empty() { Ok(()) } else { Err(found.join("\n")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Package;

    fn package(name: &str, version: &str) -> Package {
        Package { name: name.into(), version: version.into(), ..Package::default() }
    }

    #[test]
    fn a_second_egui_is_found_and_a_second_syn_is_not_our_matter() {
        let mut packages =
            vec![package("syn", "2.0.0"), package("syn", "3.0.0"), package("egui", "0.36.0"), package("egui_plot", "0.37.0")];
        packages.push(package("wgpu-hal", "29.0.0"));
        let mut graph = Graph { packages };
        assert_eq!(check(&graph), Ok(()));
        graph.packages.push(package("egui", "0.35.0"));
        let found = check(&graph).unwrap_err();
        assert!(found.starts_with("egui: 0.35.0 and 0.36.0"), "{found}");
    }
}
