//! The 2D schematic at the playhead.

use super::{ViewState, alarms, reading};
use std::sync::Arc;
use twin_runtime::ViewFrame;
use twin_ui::schematic::{Edge, Node, SchematicView, ThingFace};

/// The schematic with its values. What is drawn is made once, with the window.
pub(super) fn schematic(state: &ViewState, frame: &ViewFrame) -> SchematicView {
    let topology = Arc::clone(&state.topology);
    let flow = |edge: &Edge| edge.flow.as_ref().map(|gauge| reading(state, frame, gauge.key));
    SchematicView {
        things: topology.nodes.iter().map(|node| face(state, frame, node)).collect(),
        flows: topology.edges.iter().map(flow).collect(),
        selected: state.selected.and_then(|thing| state.plant.things.get(thing)).map(|thing| thing.id.clone()),
        mode: state.mode,
        topology,
    }
}

fn face(state: &ViewState, frame: &ViewFrame, node: &Node) -> ThingFace {
    // The end of a line that is named, not drawn, is no thing.
    let Some(index) = node.index else { return ThingFace::default() };
    let thing = state.plant.things.get(index);
    let own = thing.into_iter().flat_map(|thing| &thing.alarms);
    let listed = own.filter(|alarm| frame.alarms.get(**alarm).is_some_and(alarms::is_listed)).count();
    ThingFace {
        health: frame.health.get(index).map(|health| health.state).unwrap_or_default(),
        alarm: alarms::worst_mark(state, frame, index).map(|(_, mark)| mark),
        more: u32::try_from(listed.saturating_sub(1)).unwrap_or(0),
        drive: node.drive.map(|key| reading(state, frame, key)),
        opening: node.opening.as_ref().map(|gauge| reading(state, frame, gauge.key)),
        level: node.level.as_ref().map(|gauge| reading(state, frame, gauge.key)),
        values: node.values.iter().map(|slot| reading(state, frame, slot.key)).collect(),
    }
}
