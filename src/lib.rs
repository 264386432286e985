//! didymos
