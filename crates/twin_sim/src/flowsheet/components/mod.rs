//! The components a plant is made of.

mod air_consumer;
mod air_dryer;
mod air_header;
mod air_receiver;
#[cfg(test)]
mod air_tests;
mod bearing;
mod boundary;
mod calc;
mod closed_vessel;
mod compressor;
mod contents;
mod controller;
mod cooling_tower;
mod displacement_pump;
mod drive;
mod exchanger_cells;
mod fan;
mod fitting;
mod heat_exchanger;
#[cfg(test)]
mod heat_tests;
mod interlock;
mod long_pipe;
mod minimum_flow_valve;
mod pipe;
#[cfg(test)]
mod pipe_tests;
mod pot;
mod pump;
mod random;
mod relief_valve;
#[cfg(test)]
mod rotating_tests;
mod seal;
mod sensor;
mod sequence;
mod sequence_rules;
mod shape;
mod tank;
mod valve;
#[cfg(test)]
mod vessel_tests;
mod vibration;

use super::component::Kind;

/// All kinds, in the order of their pages in the documentation.
pub const KINDS: &[&Kind] = &[
    &boundary::RESERVOIR,
    &boundary::SOURCE,
    &boundary::SINK,
    &tank::TANK,
    &closed_vessel::CLOSED_VESSEL,
    &pot::POT,
    &pipe::PIPE,
    &long_pipe::LONG_PIPE,
    &fitting::FITTING,
    &fitting::STRAINER,
    &fitting::CHECK_VALVE,
    &fitting::LEAK,
    &relief_valve::RELIEF_VALVE,
    &minimum_flow_valve::MINIMUM_FLOW_VALVE,
    &valve::VALVE,
    &valve::GAS_VALVE,
    &pump::PUMP,
    &heat_exchanger::HEAT_EXCHANGER,
    &cooling_tower::HEATER,
    &cooling_tower::COOLING_TOWER,
    &cooling_tower::WEATHER,
    &displacement_pump::DISPLACEMENT_PUMP,
    &drive::DRIVE,
    &bearing::BEARING,
    &bearing::BEARING_TWO_NODE,
    &vibration::VIBRATION,
    &seal::SEAL,
    &fan::FAN,
    &compressor::COMPRESSOR,
    &air_receiver::AIR_RECEIVER,
    &air_dryer::AIR_DRYER,
    &air_header::AIR_HEADER,
    &air_consumer::AIR_CONSUMER,
    &air_consumer::AIR_SUPPLY,
    &calc::CALC,
    &controller::CONTROLLER,
    &interlock::INTERLOCK,
    &interlock::SWITCH,
    &sequence::SEQUENCE,
    &sensor::SENSOR,
];

/// The kind of this name.
pub fn kind(name: &str) -> Option<&'static Kind> {
    KINDS.iter().copied().find(|kind| kind.sheet.kind == name)
}
