//! Deterministic process simulator of the demonstration plant Unit 100.
//!
//! The whole state of a plant is one value, [`Unit100`]: cloning it forks the plant, serialising it saves it, and the
//! same state with the same inputs gives the same bits on every machine. There is no clock, no thread and no input or
//! output in here, and transcendental functions come from `libm` only.
//!
//! Inside, everything is in SI units or in the unit its name carries. At the edge, [`Unit100::values`] answers in the
//! units of the plant's signal table.
//!
//! A saved state stays bit-exact only in a format that keeps every `f64` bit (binary formats do, JSON needs a parser
//! with exact round trip).

pub mod air;
pub mod bearing;
pub mod boundary;
pub mod command;
pub mod control;
pub mod drum;
pub mod epanet;
pub mod equipment;
pub mod exchanger;
pub mod flowsheet;
pub mod fluid;
pub mod interlock;
pub mod network;
pub mod pipe;
pub mod pump;
pub mod readings;
mod root;
pub mod sheet;
pub mod sparse;
pub mod structure;
pub mod tags;
pub mod tank;
pub mod tower;
pub mod unit100;
pub mod valve;
pub mod water;

pub use bearing::{BearingLoad, BearingModel, LaggedBearing};
pub use boundary::{Boundary, Drive, InitialCondition};
pub use command::{Command, DriveState, Mode, Refusal, UnitCommand, UnitState};
pub use exchanger::{ExchangerModel, ExchangerOutlets, ExchangerParameters, ExchangerStreams, NtuExchanger};
pub use readings::Measured;
pub use structure::{Structure, TwinStructure};
pub use tags::{TAG_COUNT, TAGS, at, tag_index};
pub use unit100::Unit100;
pub use unit100::parameters::{ParameterInfo, Parameters, SimError};
pub use unit100::truth::{Power, Truth};

/// Length of one integration step in seconds.
pub const STEP_SECS: f64 = 0.5;
