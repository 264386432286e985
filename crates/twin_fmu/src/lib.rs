//! Models of other tools as blocks of the twin: FMI 2.0 and 3.0 co-simulation.
//!
//! An FMU is a zip archive with a description and a shared library, that is: foreign native code. So it is never loaded
//! into this program. [`Fmu::open`] reads the archive as untrusted data and asks a [`Permission`];
//! [`Fmu::instantiate`] starts a child process ([`host`]) which loads the library; an [`Instance`] talks to it through a
//! pair of pipes, one round trip per step, and waits no longer than a deadline. Whatever the foreign code does, hang,
//! crash, write to its output, answer nonsense, is an [`FmuProblem`] here. [`simulate`] is a whole run on its own;
//! [`FmuBlock`] ties variables to the signals of a plant.
//!
//! ```no_run
//! use twin_fmu::{Fmu, Host, Permission, Start};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let path = std::path::Path::new("models/pump.fmu");
//! let seen = twin_fmu::inspect(path)?; // what the user is shown and asked
//! let fmu = Fmu::open(path, &Permission::of([seen.digest]))?;
//! let (inputs, outputs) = (vec![fmu.description().find("u")?], vec![fmu.description().find("y")?]);
//! let mut pump = fmu.instantiate(&Host::this_program()?, Start { inputs, outputs, ..Start::default() })?;
//! let mut y = [0.0];
//! pump.step_with(&[1.5], 0.1, &mut y)?;
//! # Ok(())
//! # }
//! ```

mod archive;
mod batch;
mod binding;
mod child;
mod description;
mod fmu;
pub mod host;
mod instance;
mod permission;
mod ports;
mod problem;
mod table;
mod wire;
mod xml;

pub use batch::{BatchError, BatchResult, BatchRun, Statistics, simulate};
pub use binding::{Binding, BoundSignal, FmuBlock, StartValue};
pub use child::Host;
pub use description::{
    Capabilities, Causality, DefaultExperiment, Description, FmiVersion, Kind, Value, Variability, Variable, VariableIndex,
};
pub use fmu::{Fmu, Inspected, inspect};
pub use instance::{Deadlines, Instance, Start, StateId, Step};
pub use permission::{Digest, NotADigest, Permission};
pub use problem::{FmuError, FmuProblem, Status};
pub use table::{Table, TableError};
