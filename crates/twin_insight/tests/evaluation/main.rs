//! Behaviour of the evaluator, seen from outside.

mod alarms;
mod formulas;
mod health;
mod plant;
mod replay;
