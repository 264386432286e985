//! Places on the map, sections that are not used, and the network as a whole.

use super::Reader;
use super::lines::{Line, Section};
use super::log::Fault;
use crate::epanet::network::NodeKind;
use std::collections::BTreeMap;

/// Sections that say something about other results than heads and flows.
const UNUSED: [(Section, &str); 6] = [
    (Section::Quality, "initial water quality is not used, as water quality is not simulated"),
    (Section::Sources, "sources of a chemical are not used, as water quality is not simulated"),
    (Section::Reactions, "reactions are not used, as water quality is not simulated"),
    (Section::Mixing, "the mixing of tanks is not used, as water quality is not simulated"),
    (Section::Energy, "prices and pump efficiencies are not used, as energy is not accounted"),
    (Section::Leakage, "leakage is not simulated (EPANET 2.2 does not know it either): flows differ from later versions"),
];

impl Reader {
    /// `[COORDINATES]` and `[VERTICES]`. They do not concern results, so that their faults are only doubts.
    pub(super) fn place(&mut self, lines: &[Line]) {
        for line in lines {
            let placed = match line.section {
                Section::Coordinates => self.coordinates(line),
                Section::Vertices => self.vertex(line),
                _ => continue,
            };
            if let Err(fault) = placed {
                self.log.warning(line.section, line.number, fault);
            }
        }
    }

    fn coordinates(&mut self, line: &Line) -> Result<(), Fault> {
        let index = self.node(line.first())?;
        let position = [line.number(1, "x")?, line.number(2, "y")?];
        if let Some(node) = self.network.nodes.get_mut(index) {
            node.position = Some(position);
        }
        Ok(())
    }

    fn vertex(&mut self, line: &Line) -> Result<(), Fault> {
        let index = self.link_named(line.first())?;
        let position = [line.number(1, "x")?, line.number(2, "y")?];
        if let Some(link) = self.network.links.get_mut(index) {
            link.vertices.push(position);
        }
        Ok(())
    }

    /// Says once per section what is not used.
    pub(super) fn note_unused(&mut self, lines: &[Line]) {
        let mut first = BTreeMap::new();
        for line in lines {
            first.entry(line.section.name()).or_insert(line.number);
        }
        for (section, message) in UNUSED {
            let Some(&line) = first.get(section.name()) else { continue };
            let fault = Fault::new(message, "");
            match section {
                Section::Leakage => self.log.warning(section, line, fault),
                _ => self.log.note(section, line, fault),
            }
        }
    }

    /// What only the whole network shows (EPANET's errors 223, 224 and 233).
    pub(super) fn check_network(&mut self) {
        let nodes = &self.network.nodes;
        if nodes.len() < 2 {
            let fault = Fault::new("the network has fewer than two nodes", "add [JUNCTIONS] and a reservoir or tank");
            self.log.error_of_network(fault);
        }
        if nodes.len() == self.network.junction_count {
            let fault = Fault::new("the network has neither tank nor reservoir", "add one: heads need a place to start from");
            self.log.error_of_network(fault);
        }
        // With a faulty link nobody can say what is connected.
        if self.log.has_errors() {
            return;
        }
        let mut connected = vec![false; nodes.len()];
        for link in &self.network.links {
            for end in [link.from, link.to] {
                if let Some(connected) = connected.get_mut(end) {
                    *connected = true;
                }
            }
        }
        for (index, node) in nodes.iter().enumerate().filter(|(index, _)| connected.get(*index) == Some(&false)) {
            let fault = Fault::new("no link leads to it", "connect it, or remove it");
            if index < self.network.junction_count {
                self.log.error(Section::Junctions, node.line, fault.of("junction", &node.id));
            } else {
                let (section, kind) = match node.kind {
                    NodeKind::Tank(_) => (Section::Tanks, "tank"),
                    _ => (Section::Reservoirs, "reservoir"),
                };
                self.log.warning(section, node.line, fault.of(kind, &node.id));
            }
        }
    }
}
