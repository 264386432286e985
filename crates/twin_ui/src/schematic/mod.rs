//! The 2D schematic: piping and instruments as symbols and lines, laid out from what a plant file says of its things.
//!
//! Three steps, each pure: [`Topology::of`] picks what is drawn, [`layout`] places it, [`schematic_ui`] draws it with the
//! values at the playhead. Symbols follow ISO 10628-2 and ISA-5.1; no alarm colour and no red or green tells a state.

mod attach;
mod camera;
mod cells;
mod grid;
mod kind;
mod labels;
mod lanes;
mod layers;
mod layout;
mod lettering;
mod paint;
mod panel;
mod route;
mod symbols;
mod topology;
mod view;

pub use camera::Camera;
pub use kind::{Extent, SymbolKind};
pub use layout::{Arrangement, Layout, Line, Place, layout};
pub use lettering::Lettering;
pub use panel::{SchematicState, schematic_ui};
pub use symbols::{SymbolLook, paint_symbol};
pub use topology::{Area, Edge, Gauge, LineKind, MAX_VALUES, Node, Topology, ValueSlot, is_running};
pub use view::{SchematicView, ThingFace};

#[cfg(test)]
mod tests;
