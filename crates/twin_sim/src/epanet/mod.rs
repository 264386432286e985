//! Water networks as EPANET 2.2 describes them.
//!
//! [`read`] turns the text of an `.inp` file into a [`Network`]: plain data in SI units that says what EPANET itself would
//! understand from that file, with every problem told by section and line. [`run`] solves its hydraulics over time as EPANET
//! does it: heads and flows at the reporting times, what the solver had to do for them, and where the water went.
//!
//! Source of the format and of every default: L. A. Rossman et al., *EPANET 2.2 User Manual*, US EPA, EPA/600/R-20/133,
//! 2020, appendix C ("Command line EPANET"), and the published behaviour of that version.

pub mod engine;
mod inp;
pub mod logic;
pub mod network;
pub mod problem;
mod run;
pub mod units;

pub use inp::read;
pub use network::Network;
pub use problem::Problem;
pub use run::{Run, Warning, WaterBalance, run};
pub use units::Units;
