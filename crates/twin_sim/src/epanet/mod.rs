//! Water networks as EPANET 2.2 describes them.
//!
//! [`read`] turns the text of an `.inp` file into a [`Network`]: plain data in SI units that says what EPANET itself would
//! understand from that file, with every problem told by section and line.
//!
//! Source of the format and of every default: L. A. Rossman et al., *EPANET 2.2 User Manual*, US EPA, EPA/600/R-20/133,
//! 2020, appendix C ("Command line EPANET"), and the published behaviour of that version.

pub mod engine;
mod inp;
pub mod logic;
pub mod network;
pub mod problem;
pub mod units;

pub use inp::read;
pub use network::Network;
pub use problem::Problem;
pub use units::Units;
