//! The components a plant is made of.

mod boundary;
mod pipe;
mod pump;
mod tank;
mod valve;

use super::component::Kind;

/// All kinds, in the order of their pages in the documentation.
pub const KINDS: &[&Kind] =
    &[&boundary::RESERVOIR, &boundary::SOURCE, &boundary::SINK, &tank::TANK, &pipe::PIPE, &valve::VALVE, &pump::PUMP];

/// The kind of this name.
pub fn kind(name: &str) -> Option<&'static Kind> {
    KINDS.iter().copied().find(|kind| kind.sheet.kind == name)
}
