//! The core tested from outside: lanes, shadow, branches, playhead, actions and snapshots, on a plant of its own.
#![expect(clippy::unwrap_used, reason = "a test that cannot get at what it tests has failed")]

mod actions;
mod alarms;
mod branches;
mod history;
mod pace;
mod plant;
mod replay;
mod shadow;
