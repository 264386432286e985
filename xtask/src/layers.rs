//! Which crate may depend on which, checked on the dependency graph.
//!
//! The reasons are in ARCHITECTURE.md; each rule here says what it protects in its message.

use crate::graph::{Graph, Package};

/// Our crates and which of ours each may name. Whoever adds a crate decides its place here.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("twin_model", &[]),
    ("twin_historian", &["twin_model"]),
    ("twin_sim", &["twin_model"]),
    ("twin_insight", &["twin_model"]),
    ("twin_ingest", &["twin_model"]),
    ("twin_ui", &["twin_model"]),
    ("twin_fmu", &["twin_model"]),
    ("twin_runtime", &["twin_model", "twin_historian", "twin_sim", "twin_insight", "twin_ingest", "twin_fmu"]),
    ("twin_demo", &["twin_model", "twin_sim", "twin_ingest"]),
    (
        "didymos",
        &["twin_model", "twin_historian", "twin_sim", "twin_insight", "twin_ingest", "twin_ui", "twin_runtime", "twin_demo", "twin_fmu"],
    ),
    ("xtask", &[]),
];

/// A set of packages some crates must not reach.
struct Forbidden {
    /// Exact names, or prefixes where they end in `*`.
    packages: &'static [&'static str],
    /// The only crates of ours that may reach them. For everyone else they are also closed as a way through.
    only: &'static [&'static str],
    /// Also forbids reaching them through the crates in `only`.
    even_through_those: bool,
    /// What the rule protects.
    why: &'static str,
}

const FORBIDDEN: &[Forbidden] = &[
    Forbidden {
        packages: &["bevy", "bevy_egui", "bevy_panorbit_camera", "bevy_mod_outline"],
        only: &["didymos"],
        even_through_those: true,
        why: "only the root package renders",
    },
    Forbidden {
        packages: &["bevy_*"],
        only: &["didymos", "twin_runtime"],
        even_through_those: true,
        why: "what thinks or shows panels builds and tests without an engine",
    },
    // Not wgpu-types: plain data, which bevy_reflect knows as soon as anything in the workspace asks for it.
    Forbidden {
        packages: &["bevy_render", "bevy_winit", "bevy_window", "bevy_pbr", "winit", "wgpu", "wgpu-core", "wgpu-hal"],
        only: &["didymos"],
        even_through_those: true,
        why: "the core runs and the panels are tested without a GPU and a window",
    },
    Forbidden { packages: &["egui*"], only: &["didymos", "twin_ui"], even_through_those: true, why: "panels live in twin_ui" },
    Forbidden {
        packages: &["rumqttc", "mqtt5", "tokio", "mio", "hyper", "reqwest", "ureq", "tungstenite"],
        only: &["twin_ingest", "twin_demo", "twin_historian"],
        even_through_those: false,
        why: "only sources, the demo and the site historian open sockets",
    },
    Forbidden {
        packages: &["rusqlite", "parquet"],
        only: &["twin_historian"],
        even_through_those: false,
        why: "only twin_historian writes data files",
    },
];

/// Packages a crate must not name itself: (crate, packages, reason).
const NEVER_NAMED: &[(&str, &[&str], &str)] = &[
    ("twin_ui", &["crossbeam-channel", "crossbeam", "flume", "async-channel"], "a panel is a pure function: view struct in, actions out"),
    (
        "twin_sim",
        &["crossbeam-channel", "rayon", "tracing", "getrandom", "fastrand", "jiff"],
        "the simulator is a function of state, inputs and time step",
    ),
];

/// Packages that link a system library, which a machine without -dev packages has not.
const NEEDS_DEV_PACKAGE: &[&str] =
    &["alsa-sys", "freetype-sys", "gtk-sys", "libdbus-sys", "libudev-sys", "openssl-sys", "x11", "yeslogic-fontconfig-sys"];

/// Checks every rule.
///
/// # Errors
/// All violations, one a line.
pub fn check(graph: &Graph) -> Result<(), String> {
    let mut found = Vec::new();
    directions(graph, &mut found);
    reaches(graph, &mut found);
    names(graph, &mut found);
    system_libraries(graph, &mut found);
    if found.is_empty() { Ok(()) } else { Err(found.join("\n")) }
}

fn directions(graph: &Graph, found: &mut Vec<String>) {
    for (at, package) in graph.ours() {
        let Some((_, allowed)) = MAY_NAME.iter().find(|(name, _)| *name == package.name) else {
            found.push(format!("{}: has no place in the layers yet; give it one in xtask/src/layers.rs", package.name));
            continue;
        };
        for named in graph.direct(at).filter(|named| named.ours) {
            if !allowed.contains(&named.name.as_str()) {
                found.push(format!("{} -> {}: against the direction of imports", package.name, named.name));
            }
        }
    }
}

fn reaches(graph: &Graph, found: &mut Vec<String>) {
    for rule in FORBIDDEN {
        let lawful = |package: &Package| rule.only.contains(&package.name.as_str());
        for (at, _) in graph.ours().filter(|(_, package)| !lawful(package)) {
            let closed = |package: &Package| !rule.even_through_those && lawful(package);
            let wanted = |package: &Package| matches(rule.packages, &package.name);
            if let Some(way) = graph.way(at, wanted, closed) {
                found.push(format!("{way}: {}", rule.why));
            }
        }
    }
}

fn names(graph: &Graph, found: &mut Vec<String>) {
    for (at, package) in graph.ours() {
        for (_, never, why) in NEVER_NAMED.iter().filter(|(name, ..)| *name == package.name) {
            for named in graph.direct(at).filter(|named| never.contains(&named.name.as_str())) {
                found.push(format!("{} -> {}: {why}", package.name, named.name));
            }
        }
    }
}

fn system_libraries(graph: &Graph, found: &mut Vec<String>) {
    for package in &graph.packages {
        let name = package.name.as_str();
        if NEEDS_DEV_PACKAGE.contains(&name) {
            found.push(format!("{name}: needs a -dev package on a fresh machine"));
        }
        if name == "wayland-sys" && !package.features.iter().any(|feature| feature == "dlopen") {
            found.push("wayland-sys: without its feature `dlopen` it needs a -dev package on a fresh machine".into());
        }
    }
}

fn matches(patterns: &[&str], name: &str) -> bool {
    patterns.iter().any(|pattern| match pattern.strip_suffix('*') {
        Some(prefix) => name.starts_with(prefix),
        None => *pattern == name,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::fake;

    /// The lawful workspace, plus the lines given.
    fn with(more: &str) -> Result<(), String> {
        let lawful = "
            ours: twin_model -> serde
            ours: twin_sim -> twin_model libm
            ours: twin_ingest -> twin_model rumqttc
            ours: twin_runtime -> twin_sim twin_ingest bevy_ecs
            ours: twin_demo -> twin_sim twin_ingest mqtt5
            ours: twin_ui -> twin_model egui
            ours: didymos -> twin_runtime twin_demo twin_ui bevy bevy_egui
            bevy -> bevy_ecs bevy_render
            bevy_egui -> bevy egui
            bevy_render -> wgpu
            rumqttc -> tokio
            mqtt5 -> tokio
            tokio -> mio
        ";
        check(&fake::graph(&format!("{lawful}\n{more}")))
    }

    #[test]
    fn the_design_passes() {
        assert_eq!(with(""), Ok(()));
    }

    #[test]
    fn each_rule_finds_its_violation_and_shows_the_way() {
        let cases = [
            ("ours: twin_model -> twin_sim", "twin_model -> twin_sim: against"),
            ("ours: twin_runtime -> dev:twin_demo", "twin_runtime -> twin_demo: against"),
            ("ours: twin_model -> chart \n chart -> bevy", "twin_model -> chart -> bevy: only the root"),
            ("ours: twin_ui -> bevy_math", "twin_ui -> bevy_math: what thinks"),
            ("bevy_ecs -> bevy_render", "twin_runtime -> bevy_ecs -> bevy_render: the core runs"),
            ("ours: twin_runtime -> plot \n plot -> egui_plot", "twin_runtime -> plot -> egui_plot: panels"),
            ("ours: twin_runtime -> tokio", "twin_runtime -> tokio: only sources"),
            ("ours: twin_sim -> rand \n rand -> web \n web -> hyper", "twin_sim -> rand -> web -> hyper: only sources"),
            ("ours: twin_ui -> crossbeam-channel", "twin_ui -> crossbeam-channel: a panel"),
            ("ours: twin_extra -> serde", "twin_extra: has no place"),
            ("bevy -> alsa-sys", "alsa-sys: needs a -dev package"),
            ("bevy -> wayland-sys", "wayland-sys: without its feature"),
        ];
        for (more, expected) in cases {
            let found = with(more).unwrap_err();
            assert!(found.contains(expected), "{more}\nexpected {expected}\nfound {found}");
        }
    }
}
