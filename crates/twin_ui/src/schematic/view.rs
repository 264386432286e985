//! What the schematic shows at the playhead.

use super::{Topology, is_running};
use crate::ViewMode;
use crate::marks::AlarmMark;
use crate::reading::ReadingView;
use std::sync::Arc;
use twin_model::alarm::HealthState;
use twin_model::{ThingId, alarm};

/// The schematic with its values.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SchematicView {
    /// What is drawn; the same `Arc` as long as the plant is the same, for its layout is kept with it.
    pub topology: Arc<Topology>,
    /// For every node, how it is now.
    pub things: Vec<ThingFace>,
    /// For every edge, its flow where one is measured.
    pub flows: Vec<Option<ReadingView>>,
    /// Selected thing.
    pub selected: Option<ThingId>,
    /// OPERATE, or HEALTH with its tints.
    pub mode: ViewMode,
}

/// How a thing is now.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ThingFace {
    /// Its health.
    pub health: alarm::HealthState,
    /// Its most urgent alarm.
    pub alarm: Option<AlarmMark>,
    /// Further alarms.
    pub more: u32,
    /// State of its drive.
    pub drive: Option<ReadingView>,
    /// Position of a valve.
    pub opening: Option<ReadingView>,
    /// Level of a vessel.
    pub level: Option<ReadingView>,
    /// For every value slot of the node, its value.
    pub values: Vec<ReadingView>,
}

/// A flow below this share of its range is none, a valve open by less is shut.
const NO_FLOW: f64 = 0.01;

impl SchematicView {
    /// True when nothing flows in a line: a good measurement says so, or at one of its ends a drive stands or a valve is shut.
    pub fn is_still(&self, edge: usize) -> bool {
        let Some(content) = self.topology.edges.get(edge) else { return false };
        let flow = self.flows.get(edge).and_then(Option::as_ref).filter(|flow| !flow.is_doubtful());
        let measured = flow.and_then(ReadingView::usable).zip(content.flow.as_ref());
        let stands = |node: usize| {
            let Some(face) = self.things.get(node) else { return false };
            let is_off = self.topology.drives_line(node, content.line) && face.is_running() == Some(false);
            is_off || self.is_shut(node, face)
        };
        match measured {
            Some((value, gauge)) => value.abs() < NO_FLOW * (gauge.range.1 - gauge.range.0).abs(),
            None => stands(content.from) || stands(content.to),
        }
    }

    /// True when a good position says that a valve is shut.
    fn is_shut(&self, node: usize, face: &ThingFace) -> bool {
        let gauge = self.topology.nodes.get(node).and_then(|node| node.opening.as_ref());
        let position = face.opening.as_ref().filter(|opening| !opening.is_doubtful()).and_then(ReadingView::usable);
        gauge.zip(position).is_some_and(|(gauge, position)| position - gauge.range.0 < NO_FLOW * (gauge.range.1 - gauge.range.0))
    }
}

impl ThingFace {
    /// Whether its drive runs; `None` without a drive, or when nobody knows.
    pub fn is_running(&self) -> Option<bool> {
        let drive = self.drive.as_ref().filter(|drive| !drive.quality.is_bad())?;
        drive.state.as_deref().map(is_running)
    }

    /// The health letter to show; in OPERATE what merely has no data stays quiet.
    pub fn shown_health(&self, mode: ViewMode) -> Option<HealthState> {
        let is_quiet = self.health == HealthState::Good || (self.health == HealthState::Unknown && mode == ViewMode::Operate);
        (!is_quiet).then_some(self.health)
    }
}
