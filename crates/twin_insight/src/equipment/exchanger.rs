//! Heat exchangers: heat transfer now against that of clean surfaces.

use super::roles::Named;
use twin_model::{Plant, SignalKey};

/// An exchanger whose heat transfer is computed, with the value it has when clean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exchanger {
    /// U·A now.
    pub ua: SignalKey,
    /// U·A with clean surfaces at design flow, in the unit of the signal.
    pub clean: f64,
}

impl Exchanger {
    /// The exchanger that a thing is; `None` without telemetry `ua` and attribute `clean_ua_kw_k`.
    pub fn of(plant: &Plant, thing: usize) -> Option<Self> {
        let named = Named::new(plant, thing)?;
        let ua = named.telemetry("ua")?;
        Some(Self { ua, clean: named.positive("clean_ua_kw_k")? })
    }
}
