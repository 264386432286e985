//! Deterministic simulator of process plants: networks of equipment with their controls, described by a plant file
//! ([`flowsheet`]), and water networks as EPANET describes them ([`epanet`]).
//!
//! A plant never changes, its state is one value: cloning it forks the plant, serialising it saves the plant, and the same
//! state with the same inputs gives the same bits on every machine. There is no clock, no thread and no input or output in
//! here, and transcendental functions come from `libm` only.
//!
//! Inside, everything is in SI units or in the unit its name carries; signals have the units the plant file declares.

pub mod command;
pub mod epanet;
pub mod equipment;
mod error;
pub mod expression;
pub mod flowsheet;
pub mod fluid;
mod root;
pub mod sheet;
pub mod sparse;

pub use error::SimError;
