//! The core tested from outside: lanes, shadow, branches, playhead, actions and snapshots, on a plant of its own.

mod actions;
mod alarms;
mod branches;
mod plant;
mod pace;
mod replay;
mod shadow;
