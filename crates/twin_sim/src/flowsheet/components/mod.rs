//! The components a plant is made of.

mod bearing;
mod boundary;
mod displacement_pump;
mod drive;
mod fan;
mod pipe;
mod pump;
mod seal;
mod tank;
mod valve;
mod vibration;

#[cfg(test)]
mod rotating_tests;

use super::component::Kind;

/// All kinds, in the order of their pages in the documentation.
pub const KINDS: &[&Kind] = &[
    &boundary::RESERVOIR,
    &boundary::SOURCE,
    &boundary::SINK,
    &tank::TANK,
    &pipe::PIPE,
    &valve::VALVE,
    &pump::PUMP,
    &displacement_pump::DISPLACEMENT_PUMP,
    &drive::DRIVE,
    &bearing::BEARING,
    &bearing::BEARING_TWO_NODE,
    &vibration::VIBRATION,
    &seal::SEAL,
    &fan::FAN,
];

/// The kind of this name.
pub fn kind(name: &str) -> Option<&'static Kind> {
    KINDS.iter().copied().find(|kind| kind.sheet.kind == name)
}
