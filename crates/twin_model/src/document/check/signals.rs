//! Signals: tags, units, pressure references, ranges, formulas.

use super::{Check, MAX_SIGNALS};
use crate::document::json::escape;
use crate::document::{PressureReference, ShadowRole, SignalDocument, TypeSignal, ValueSchema};
use crate::unit::{self, Quantity};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(check: &mut Check<'_>) {
    let count: usize = check.document().things.iter().map(|thing| thing.signals.len()).sum();
    if count > MAX_SIGNALS {
        check.error("/things", format!("{count} signals are more than the {MAX_SIGNALS} allowed"), "Split the plant.");
        return;
    }
    let mut tags: BTreeMap<&str, String> = BTreeMap::new();
    for (at, thing) in check.things() {
        for (telemetry, signal) in &thing.signals {
            let at = format!("{at}/signals/{}", escape(telemetry));
            if let Some(tag) = signal.tag.as_deref() {
                tag_is_new(check, &mut tags, tag, &format!("{at}/tag"));
            }
            let in_type = check.types().signal(&thing.type_, telemetry);
            if in_type.is_none() && check.types().interfaces.contains_key(&thing.type_) {
                let message = format!("the type {} has no telemetry {telemetry}", thing.type_);
                check.error(&at, message, "Add it to the type, or correct the name.");
            }
            units(check, signal, in_type, &at);
            figures(check, signal, &at);
            formula(check, signal, &at);
        }
        for (index, alarm) in thing.alarms.iter().enumerate() {
            tag_is_new(check, &mut tags, &alarm.tag, &format!("{at}/alarms/{index}/tag"));
        }
    }
    circles(check);
}

fn tag_is_new<'a>(check: &mut Check<'a>, tags: &mut BTreeMap<&'a str, String>, tag: &'a str, at: &str) {
    if tag.is_empty() {
        check.error(at, "the tag is empty", "Write the plant's tag, or leave the member out.");
    } else if let Some(first) = tags.get(tag) {
        check.error(at, format!("the tag {tag} is used twice, first at {first}"), "Tags are unique in the plant, over signals and alarms.");
    } else {
        tags.insert(tag, at.to_owned());
    }
}

fn units(check: &mut Check<'_>, signal: &SignalDocument, in_type: Option<&TypeSignal>, at: &str) {
    let is_number = in_type.is_none_or(|signal| signal.schema == ValueSchema::Number);
    if !is_number {
        if let Some(unit) = &signal.unit {
            check.error(
                &format!("{at}/unit"),
                format!("the unit {unit} contradicts the type, which is no number"),
                "Leave the unit out, or change the schema of the type.",
            );
        }
        return;
    }
    let type_unit = in_type.and_then(|signal| signal.unit.as_deref());
    let Some(name) = signal.unit.as_deref().or(type_unit) else {
        check.warning(at, "the signal has no unit", "Write the unit; a plain number has the unit \"1\".");
        return;
    };
    let at_unit = format!("{at}/unit");
    let Some(unit) = unit::find(name) else {
        let hint = match Check::did_you_mean(name, unit::UNITS.iter().flat_map(|unit| [unit.symbol, unit.code])) {
            Some(known) => format!("Did you mean {known}?"),
            None => "Use a unit symbol such as °C, barg, m³/h, or its DTDL or ucum: code.".to_owned(),
        };
        check.error(&at_unit, format!("the unit {name} is unknown"), hint);
        return;
    };
    if let Some(of_type) = type_unit.and_then(unit::find)
        && of_type.quantity != unit.quantity
    {
        let message = format!("the unit {} does not measure what the type says ({})", unit.symbol, of_type.symbol);
        check.error(&at_unit, message, "Use a unit of the same quantity, or another telemetry of the type.");
    }
    let at_reference = format!("{at}/pressure_reference");
    let contradiction = match (unit.quantity, signal.pressure_reference) {
        (Quantity::UnmarkedPressure, None) => {
            let message = format!("a pressure in {} says neither gauge nor absolute", unit.symbol);
            check.error(&at_unit, message, "Use barg or bara, or add \"pressure_reference\": \"gauge\", \"absolute\" or \"difference\".");
            return;
        }
        (Quantity::GaugePressure, Some(reference)) => reference != PressureReference::Gauge,
        (Quantity::AbsolutePressure, Some(reference)) => reference != PressureReference::Absolute,
        (Quantity::UnmarkedPressure, Some(_)) | (_, None) => false,
        (_, Some(_)) => {
            check.warning(&at_reference, format!("{} is no pressure: the reference means nothing", unit.symbol), "Leave it out.");
            return;
        }
    };
    if contradiction {
        check.error(&at_reference, format!("the reference contradicts the unit {}", unit.symbol), "Leave it out, or change the unit.");
    }
}

fn figures(check: &mut Check<'_>, signal: &SignalDocument, at: &str) {
    if let Some([low, high]) = signal.range
        && low >= high
    {
        check.error(&format!("{at}/range"), format!("the range is out of order: {low} is not below {high}"), "Write the low end first.");
    }
    for (name, value, zero_is_fine) in [
        ("expected_interval_secs", signal.expected_interval_secs, false),
        ("resolution", signal.resolution, false),
        ("residual_band", signal.residual_band, false),
        ("noise_sigma", signal.noise_sigma, true),
    ] {
        if let Some(value) = value
            && (value < 0.0 || (value == 0.0 && !zero_is_fine))
        {
            check.error(
                &format!("{at}/{name}"),
                format!("{name} is {value}: it must be above zero"),
                "Correct the number, or leave it out.",
            );
        }
    }
    if signal.derived.is_none() && signal.expected_interval_secs.is_none() {
        check.warning(at, "the signal has no expected interval: it can never go stale", "Write \"expected_interval_secs\".");
    }
    let judged = signal.shadow == Some(ShadowRole::Judged);
    if judged && signal.residual_band.is_none() {
        check.warning(at, "the signal is judged by the model, but has no residual_band", "Write how far measurement and model may differ.");
    }
    if !judged && signal.residual_band.is_some() {
        check.warning(
            &format!("{at}/residual_band"),
            "the signal is not judged: the band means nothing",
            "Write \"shadow\": \"judged\", or leave the band out.",
        );
    }
}

fn formula(check: &mut Check<'_>, signal: &SignalDocument, at: &str) {
    let Some(derived) = &signal.derived else { return };
    if derived.function.trim().is_empty() {
        check.error(&format!("{at}/derived/function"), "the formula has no name", "Write the name of a formula, such as difference.");
    }
    for (input, name) in &derived.inputs {
        check.signal_exists(name, &format!("{at}/derived/inputs/{}", escape(input)));
    }
}

/// Formulas that need their own result.
fn circles(check: &mut Check<'_>) {
    let plant = check.plant;
    for (at, thing) in check.things() {
        for (telemetry, signal) in thing.signals.iter().filter(|(_, signal)| signal.derived.is_some()) {
            let Some(start) = plant.signals.find(&format!("{}/{telemetry}", thing.id)) else { continue };
            let mut passed = BTreeSet::new();
            let mut open: Vec<&str> = signal.derived.iter().flat_map(|derived| derived.inputs.values().map(String::as_str)).collect();
            while let Some(key) = open.pop().map(|name| plant.signals.find(name)) {
                let Some(key) = key else { continue };
                if key == start {
                    let message = format!("the formula of {telemetry} needs its own result");
                    check.error(&format!("{at}/signals/{}/derived", escape(telemetry)), message, "Break the circle of inputs.");
                    break;
                }
                if passed.insert(key)
                    && let Some(derived) = plant.settings_of(key).and_then(|settings| settings.derived.as_ref())
                {
                    open.extend(derived.inputs.values().map(String::as_str));
                }
            }
        }
    }
}

impl Check<'_> {
    /// Tells when a tag or signal id names nothing; returns the signal else.
    pub(super) fn signal_exists(&mut self, name: &str, at: &str) -> Option<crate::SignalKey> {
        let found = self.plant.signals.find(name);
        if found.is_none() {
            let known =
                self.plant.signals.iter().flat_map(|(_, info)| [info.tag.as_str(), info.id.as_str()]).filter(|name| !name.is_empty());
            let hint = match Check::did_you_mean(name, known) {
                Some(known) => format!("Did you mean {known}?"),
                None => "Name a tag or a signal id of this plant.".to_owned(),
            };
            self.error(at, format!("the signal {name} does not exist"), hint);
        }
        found
    }
}
