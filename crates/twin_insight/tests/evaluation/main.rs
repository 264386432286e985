//! Behaviour of the evaluator, seen from outside.
#![expect(clippy::unwrap_used, reason = "a test that cannot get at what it tests has failed")]

mod alarms;
mod equipment;
mod formulas;
mod health;
mod plant;
mod replay;
mod unit_100;
