//! The dependency graph as `cargo metadata` tells it.

use std::collections::{HashMap, VecDeque};

use serde_json::Value;

use crate::run;

/// One package.
#[derive(Debug, Default)]
pub struct Package {
    /// Name as in its manifest.
    pub name: String,
    /// Version.
    pub version: String,
    /// SPDX expression, where the manifest has one.
    pub licence: Option<String>,
    /// Belongs to this workspace.
    pub ours: bool,
    /// Features this workspace switches on.
    pub features: Vec<String>,
    /// What it depends on.
    pub edges: Vec<Edge>,
}

/// A dependency of one package on another.
#[derive(Clone, Copy, Debug)]
pub struct Edge {
    /// Index of the package depended on.
    pub to: usize,
    /// For tests, benches and examples only.
    pub dev_only: bool,
}

/// All packages the lock file resolves to.
#[derive(Debug, Default)]
pub struct Graph {
    /// The packages, in cargo's order.
    pub packages: Vec<Package>,
}

/// What is built on Linux, the platform the layer rules are checked for.
///
/// # Errors
/// When cargo fails, for example on a lock file that is out of date.
pub fn of_linux() -> Result<Graph, String> {
    read(&["--filter-platform", "x86_64-unknown-linux-gnu"])
}

/// Everything in the lock file, whatever the platform.
///
/// # Errors
/// As [`of_linux`].
pub fn of_every_platform() -> Result<Graph, String> {
    read(&[])
}

fn read(extra: &[&str]) -> Result<Graph, String> {
    let mut command = run::cargo(&["metadata", "--locked", "--format-version", "1"]);
    let text = run::output(command.args(extra))?;
    let metadata = serde_json::from_str(&text).map_err(|error| format!("cargo metadata: {error}"))?;
    Graph::from_metadata(&metadata).ok_or_else(|| "cargo metadata: unexpected shape".into())
}

impl Graph {
    /// `None` when the document has not the shape cargo documents for format version 1.
    fn from_metadata(metadata: &Value) -> Option<Graph> {
        let members = metadata["workspace_members"].as_array()?;
        let listed = metadata["packages"].as_array()?;
        let mut index_of: HashMap<&str, usize> = HashMap::new();
        let mut packages = Vec::new();
        for package in listed {
            index_of.insert(package["id"].as_str()?, packages.len());
            packages.push(Package {
                name: package["name"].as_str()?.to_owned(),
                version: package["version"].as_str()?.to_owned(),
                licence: package["license"].as_str().map(str::to_owned),
                ours: members.contains(&package["id"]),
                features: Vec::new(),
                edges: Vec::new(),
            });
        }
        let nodes = metadata["resolve"]["nodes"].as_array()?;
        for node in nodes {
            let package = packages.get_mut(*index_of.get(node["id"].as_str()?)?)?;
            let features = node["features"].as_array()?.iter();
            package.features = features.filter_map(Value::as_str).map(str::to_owned).collect();
            for dependency in node["deps"].as_array()? {
                let kinds = dependency["dep_kinds"].as_array()?;
                package.edges.push(Edge {
                    to: *index_of.get(dependency["pkg"].as_str()?)?,
                    dev_only: kinds.iter().all(|kind| kind["kind"] == "dev"),
                });
            }
        }
        // A platform filter leaves packages in the list that nothing resolves to.
        Some(Graph { packages }.without_unreachable())
    }

    /// Keeps our packages and what they reach.
    fn without_unreachable(mut self) -> Graph {
        let mut reached = vec![false; self.packages.len()];
        let mut open: Vec<usize> = (0..self.packages.len()).filter(|&at| self.packages[at].ours).collect();
        while let Some(at) = open.pop() {
            if !std::mem::replace(&mut reached[at], true) {
                open.extend(self.packages[at].edges.iter().map(|edge| edge.to));
            }
        }
        let mut new_index = vec![0; reached.len()];
        let mut kept = 0;
        for (at, &is_reached) in reached.iter().enumerate() {
            new_index[at] = kept;
            kept += usize::from(is_reached);
        }
        let mut at = 0;
        self.packages.retain(|_| {
            at += 1;
            reached[at - 1]
        });
        for edge in self.packages.iter_mut().flat_map(|package| &mut package.edges) {
            edge.to = new_index[edge.to];
        }
        self
    }

    /// Our packages with their index.
    pub fn ours(&self) -> impl Iterator<Item = (usize, &Package)> {
        self.packages.iter().enumerate().filter(|(_, package)| package.ours)
    }

    /// What a package names in its own manifest, dev-dependencies included.
    pub fn direct(&self, from: usize) -> impl Iterator<Item = &Package> {
        self.packages[from].edges.iter().map(|edge| &self.packages[edge.to])
    }

    /// The shortest way from a package to one that `wanted` accepts, as names joined by arrows.
    ///
    /// Dev-dependencies count for the package itself and not further down, as cargo builds them. A package that
    /// `closed` accepts is not passed through.
    pub fn way(&self, from: usize, wanted: impl Fn(&Package) -> bool, closed: impl Fn(&Package) -> bool) -> Option<String> {
        let mut came_from = vec![None; self.packages.len()];
        let mut queue = VecDeque::from([from]);
        while let Some(at) = queue.pop_front() {
            for edge in &self.packages[at].edges {
                let package = &self.packages[edge.to];
                let seen = edge.to == from || came_from[edge.to].is_some();
                if seen || (edge.dev_only && at != from) {
                    continue;
                }
                came_from[edge.to] = Some(at);
                if wanted(package) {
                    return Some(self.spelled(edge.to, &came_from));
                }
                if !closed(package) {
                    queue.push_back(edge.to);
                }
            }
        }
        None
    }

    fn spelled(&self, to: usize, came_from: &[Option<usize>]) -> String {
        let mut names = vec![self.packages[to].name.as_str()];
        let mut at = to;
        while let Some(previous) = came_from[at] {
            names.push(&self.packages[previous].name);
            at = previous;
        }
        names.reverse();
        names.join(" -> ")
    }
}

/// Graphs for tests.
#[cfg(test)]
pub mod fake {
    use super::*;

    /// Builds a graph from lines such as `ours: a -> b c dev:d`; a line without `ours:` is somebody else's package.
    pub fn graph(text: &str) -> Graph {
        let mut graph = Graph::default();
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let (ours, line) = match line.strip_prefix("ours: ") {
                Some(rest) => (true, rest),
                None => (false, line),
            };
            let (name, targets) = line.split_once(" -> ").unwrap_or((line, ""));
            let from = index(&mut graph, name);
            graph.packages[from].ours = ours;
            for target in targets.split_whitespace() {
                let (target, dev_only) = match target.strip_prefix("dev:") {
                    Some(target) => (target, true),
                    None => (target, false),
                };
                let to = index(&mut graph, target);
                graph.packages[from].edges.push(Edge { to, dev_only });
            }
        }
        graph
    }

    fn index(graph: &mut Graph, name: &str) -> usize {
        if let Some(at) = graph.packages.iter().position(|package| package.name == name) {
            return at;
        }
        graph.packages.push(Package { name: name.to_owned(), version: "1.0.0".into(), ..Package::default() });
        graph.packages.len() - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_becomes_a_graph_without_what_nothing_needs() {
        let metadata = serde_json::json!({
            "workspace_members": ["id-app"],
            "packages": [
                {"id": "id-orphan", "name": "orphan", "version": "1.0.0", "license": null},
                {"id": "id-app", "name": "app", "version": "0.1.0", "license": "MIT"},
                {"id": "id-dep", "name": "dep", "version": "2.0.0", "license": "ISC"},
            ],
            "resolve": {"nodes": [
                {"id": "id-app", "features": [], "deps": [
                    {"pkg": "id-dep", "dep_kinds": [{"kind": "dev", "target": null}]}]},
                {"id": "id-dep", "features": ["std"], "deps": []},
            ]},
        });
        let graph = Graph::from_metadata(&metadata).unwrap();
        let names: Vec<&str> = graph.packages.iter().map(|package| package.name.as_str()).collect();
        assert_eq!(names, ["app", "dep"]);
        assert!(graph.packages[0].ours && !graph.packages[1].ours);
        assert!(graph.packages[0].edges[0].dev_only);
        assert_eq!(graph.packages[0].edges[0].to, 1);
        assert_eq!(graph.packages[1].features, ["std"]);
    }

    #[test]
    fn dev_dependencies_count_for_the_package_itself_only() {
        let graph = fake::graph("ours: a -> b dev:c\n b -> dev:secret\n c -> far");
        let way = |name: &'static str| graph.way(0, move |package| package.name == name, |_| false);
        assert_eq!(way("far"), Some("a -> c -> far".into()));
        assert_eq!(way("secret"), None);
    }
}
