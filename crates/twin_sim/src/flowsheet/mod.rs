//! A plant as a network of components with ports, from data: described, assembled, stepped.
//!
//! A [`Blueprint`] says which components there are, how their ports are connected and what drives them. [`assemble`]
//! checks it and lays it out as a [`Plant`], which never changes, and a [`State`], which is all that does: four flat
//! arrays of numbers. Cloning the state forks the plant, serialising it saves the plant.
//!
//! One step: actuators move, every circuit's flows are solved for the pressures its vessels hold, temperatures travel with
//! the flow, vessels take in what came, points and tags are written. Hydraulics are quasi-steady; everything that stores
//! something is integrated at the fixed step.

mod assemble;
mod balance;
mod blueprint;
mod circuit;
mod component;
pub mod components;
mod load;
mod malfunction;
mod model;
mod names;
mod numbers;
mod order;
mod pages;
mod plant;
mod settings;
mod state;
mod step;
mod thermal;

pub use assemble::{Fault, assemble};
pub use balance::Balance;
pub use blueprint::{Blueprint, ComponentSpec, ConditionDocument, Elevation, Input, LineSpec, Setting, TagSpec, Targets};
pub use circuit::GRAVITY_M_S2;
pub use component::{
    Bench, Build, Component, FollowSheet, Hold, Inflow, InputSheet, Kind, Law, LinkSeat, LinkSheet, OptionSheet, PortSeat, Request, Seat,
};
pub use load::{FLOWSHEET, FMU, blueprint, load};
pub use malfunction::{Malfunction, MalfunctionTarget, Malfunctions, Ramp};
pub use model::Model;
pub use pages::{malfunction_pages, pages};
pub use plant::{Plant, PlantParameter, PlantPoint};
pub use settings::Settings;
pub use state::{State, StateError};
pub use step::{Drive, FLOW_INFEASIBLE, FLOWS_UNSETTLED};

#[cfg(test)]
mod automation_faults_tests;
#[cfg(test)]
mod automation_tests;
#[cfg(test)]
mod library_tests;
#[cfg(test)]
mod tests;
