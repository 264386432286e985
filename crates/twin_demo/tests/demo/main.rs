//! The demonstration plant from outside: what it publishes, how its stories unfold, and its broker.

mod broker;
mod plant;
mod publishing;
mod stories;
