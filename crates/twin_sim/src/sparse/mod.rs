//! Sparse symmetric positive definite systems whose shape stays while their numbers change.
//!
//! The equations of a network have one row per node and one entry per link, whatever flows. So the work that depends on
//! the shape alone is done once, by [`System::new`]: rows are ordered so that little fills in, the factor is laid out,
//! and for every product of the factorisation it is noted where it goes. What remains at every trial is arithmetic:
//!
//! ```
//! use twin_sim::sparse::System;
//! // Two nodes joined by a link of conductance 2, both tied to ground by 1.
//! let mut system = System::new(2, &[(0, 1)]);
//! system.zero();
//! system.add_diagonal(0, 3.0);
//! system.add_diagonal(1, 3.0);
//! system.add_off_diagonal(0, -2.0);
//! let mut x = [5.0, 0.0];
//! assert_eq!(system.factor(), Ok(()));
//! system.solve(&mut x);
//! assert!((x[0] - 3.0).abs() < 1e-12 && (x[1] - 2.0).abs() < 1e-12);
//! ```
//!
//! Nothing is allocated after the system is made, the order of all sums is fixed, and only `+ - * /` is used: the same
//! numbers give the same bits everywhere.
//!
//! Sources: A. George and J. W. H. Liu, *Computer Solution of Large Sparse Positive Definite Systems*, 1981; T. A. Davis,
//! *Direct Methods for Sparse Linear Systems*, 2006.

mod layout;
mod order;
mod system;
#[cfg(test)]
mod tests;

pub use system::{Numbers, System};
