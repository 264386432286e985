//! The demonstration plant from outside: what it publishes, how its stories unfold, and its broker.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod broker;
mod calendar;
mod plant;
mod publishing;
mod stories;
