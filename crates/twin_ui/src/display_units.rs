//! Units as a site wants to read them. Values are kept and sent in the unit of the plant file; only what is drawn is
//! converted, once, where a reading is made for the screen.

use crate::reading::ReadingView;
use twin_model::unit::{self, Quantity};

/// From the unit of a signal to the unit shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Conversion {
    /// Shown value = `scale` × value + `offset`.
    pub scale: f64,
    /// See `scale`. Never part of a difference.
    pub offset: f64,
    /// Symbol of the unit shown.
    pub unit: String,
    /// Decimals to add so that no information is lost and none is invented; negative where the numbers grow.
    pub extra_decimals: i8,
}

impl Conversion {
    /// The value as shown.
    pub fn value(&self, value: f64) -> f64 {
        value * self.scale + self.offset
    }

    /// A difference as shown (residual, deadband, rate): 1 °C is 1.8 °F, not 33.8.
    pub fn difference(&self, difference: f64) -> f64 {
        difference * self.scale
    }

    /// The value in the unit of the plant file of what a person typed or dragged.
    pub fn back(&self, shown: f64) -> f64 {
        (shown - self.offset) / self.scale
    }

    /// Decimals of the value as shown.
    pub fn decimals(&self, decimals: u8) -> u8 {
        decimals.saturating_add_signed(self.extra_decimals).min(6)
    }
}

/// A unit that only screens know: the plant file has no signal in it.
struct ShownUnit {
    symbol: &'static str,
    quantity: Quantity,
    /// SI value = `scale` × value, after NIST SP 811, appendix B.
    scale: f64,
}

const SHOWN_UNITS: &[ShownUnit] = &[
    // US liquid gallon, 231 cubic inches.
    ShownUnit { symbol: "gpm", quantity: Quantity::VolumeFlow, scale: 3.785_411_784e-3 / 60.0 },
    ShownUnit { symbol: "gal", quantity: Quantity::Volume, scale: 3.785_411_784e-3 },
    ShownUnit { symbol: "in/s", quantity: Quantity::Velocity, scale: 0.0254 },
    ShownUnit { symbol: "ft/s", quantity: Quantity::Velocity, scale: 0.3048 },
    ShownUnit { symbol: "ft", quantity: Quantity::Length, scale: 0.3048 },
    ShownUnit { symbol: "in", quantity: Quantity::Length, scale: 0.0254 },
    // Horsepower, 550 foot-pounds force per second.
    ShownUnit { symbol: "hp", quantity: Quantity::Power, scale: 745.699_9 },
    ShownUnit { symbol: "lb/h", quantity: Quantity::MassFlow, scale: 0.453_592_37 / 3600.0 },
    ShownUnit { symbol: "lb", quantity: Quantity::Mass, scale: 0.453_592_37 },
];

/// What a person chooses, and which unit of a plant file it shows as which. What has no line is shown as it is: `K`, which
/// may be a difference; `Nm³/h`, whose reference state differs from that of a standard cubic foot; `%`, `rpm`, …
const RULES: &[(&str, &[(&str, &str)])] = &[
    ("°C", &[("°F", "°C")]),
    ("°F", &[("°C", "°F")]),
    ("bar", &[("psig", "barg"), ("kPag", "barg"), ("psia", "bara"), ("kPaa", "bara"), ("psi", "bar"), ("kPa", "bar"), ("MPa", "bar")]),
    (
        "kPa",
        &[
            ("barg", "kPag"),
            ("mbarg", "kPag"),
            ("psig", "kPag"),
            ("bara", "kPaa"),
            ("psia", "kPaa"),
            ("bar", "kPa"),
            ("mbar", "kPa"),
            ("psi", "kPa"),
            ("Pa", "kPa"),
            ("MPa", "kPa"),
        ],
    ),
    (
        "psi",
        &[
            ("barg", "psig"),
            ("mbarg", "psig"),
            ("kPag", "psig"),
            ("bara", "psia"),
            ("kPaa", "psia"),
            ("bar", "psi"),
            ("mbar", "psi"),
            ("kPa", "psi"),
            ("Pa", "psi"),
            ("MPa", "psi"),
        ],
    ),
    ("m³/h", &[("l/s", "m³/h"), ("l/min", "m³/h"), ("m³/s", "m³/h")]),
    ("l/s", &[("m³/h", "l/s"), ("l/min", "l/s"), ("m³/s", "l/s")]),
    ("gpm", &[("m³/h", "gpm"), ("l/s", "gpm"), ("l/min", "gpm"), ("m³/s", "gpm")]),
    ("gal", &[("m³", "gal"), ("l", "gal")]),
    ("in/s", &[("mm/s", "in/s")]),
    ("ft/s", &[("m/s", "ft/s")]),
    ("ft", &[("m", "ft")]),
    ("in", &[("mm", "in")]),
    ("hp", &[("kW", "hp"), ("W", "hp")]),
    ("lb/h", &[("kg/h", "lb/h"), ("kg/s", "lb/h"), ("t/h", "lb/h")]),
    ("lb", &[("kg", "lb"), ("t", "lb")]),
];

/// The choices behind one word of the settings.
const PRESETS: &[(&str, &[&str])] = &[
    ("as-measured", &[]),
    ("metric", &["°C", "bar", "m³/h"]),
    ("us", &["°F", "psi", "gpm", "gal", "in/s", "ft/s", "ft", "in", "hp", "lb/h", "lb"]),
];

/// The units a site reads its values in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DisplayUnits {
    /// Chosen units, each one of [`RULES`].
    chosen: Vec<&'static str>,
}

impl DisplayUnits {
    /// Everything in the unit of the plant file.
    pub const AS_MEASURED: Self = Self { chosen: Vec::new() };

    /// Reads `as-measured`, `metric`, `us`, or a list such as `°F, psi, m³/h`; later ones win over earlier ones, so
    /// `us, °C` is what it looks like.
    ///
    /// # Errors
    /// The words that are neither.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut chosen = Vec::new();
        let mut unknown = Vec::new();
        for word in text.split(',').map(str::trim).filter(|word| !word.is_empty()) {
            let preset = PRESETS.iter().find(|(name, _)| *name == word);
            let single = RULES.iter().find(|(choice, _)| *choice == word);
            match (preset, single) {
                (Some((_, choices)), _) => chosen.extend_from_slice(choices),
                (None, Some((choice, _))) => chosen.push(*choice),
                (None, None) => unknown.push(word),
            }
        }
        if unknown.is_empty() { Ok(Self { chosen }) } else { Err(unknown.join(", ")) }
    }

    /// How values of a unit are shown.
    pub fn show(&self, unit: &str) -> Conversion {
        let is_chosen_itself = |choice: &str| pressure_family(unit).unwrap_or(unit) == choice;
        let target = self.chosen.iter().rev().find_map(|choice| {
            if is_chosen_itself(choice) {
                return Some(None);
            }
            let (_, pairs) = RULES.iter().find(|(name, _)| name == choice)?;
            pairs.iter().find(|(from, _)| *from == unit).map(|(_, to)| Some(*to))
        });
        target.flatten().and_then(|to| convert(unit, to)).unwrap_or_else(|| Conversion {
            scale: 1.0,
            offset: 0.0,
            unit: unit.to_owned(),
            extra_decimals: 0,
        })
    }

    /// A reading as the site wants it: number, unit, decimals. A state stays as it is.
    pub fn apply_to(&self, reading: ReadingView) -> ReadingView {
        if reading.state.is_some() || self.chosen.is_empty() {
            return reading;
        }
        let conversion = self.show(&reading.unit);
        ReadingView {
            value: reading.value.map(|value| conversion.value(value)),
            decimals: conversion.decimals(reading.decimals),
            unit: conversion.unit,
            ..reading
        }
    }
}

/// The word a person chooses a pressure unit by, whatever it refers to.
fn pressure_family(unit: &str) -> Option<&'static str> {
    match unit {
        "bar" | "barg" | "bara" | "mbar" | "mbarg" => Some("bar"),
        "kPa" | "kPag" | "kPaa" => Some("kPa"),
        "psi" | "psig" | "psia" => Some("psi"),
        _ => None,
    }
}

/// The way from one unit to another of the same quantity, over SI.
fn convert(from: &str, to: &str) -> Option<Conversion> {
    let from = unit::find(from)?;
    let shown = SHOWN_UNITS.iter().find(|shown| shown.symbol == to).map(|shown| (shown.quantity, shown.scale, 0.0));
    let (quantity, to_scale, to_offset) = shown.or_else(|| unit::find(to).map(|unit| (unit.quantity, unit.scale, unit.offset)))?;
    if quantity != from.quantity {
        return None;
    }
    let scale = from.scale / to_scale;
    let extra_decimals = -(scale.log10().floor() as i8);
    Some(Conversion { scale, offset: (from.offset - to_offset) / to_scale, unit: to.to_owned(), extra_decimals })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format;

    fn shown(units: &str, value: f64, unit: &str, decimals: u8) -> String {
        let reading = DisplayUnits::parse(units).unwrap().apply_to(ReadingView::number(value, unit, decimals));
        format::reading(&reading)
    }

    #[test]
    fn values_are_shown_in_the_units_of_the_site() {
        assert_eq!(shown("as-measured", 57.9, "°C", 1), "57.9 °C");
        assert_eq!(shown("us", 57.9, "°C", 1), "136.2 °F");
        assert_eq!(shown("us", 2.817, "barg", 3), "40.86 psig", "gauge stays gauge");
        assert_eq!(shown("us", 1.01325, "bara", 4), "14.696 psia");
        assert_eq!(shown("us", 120.0, "mbar", 0), "1.74 psi");
        assert_eq!(shown("us", 89.8, "m³/h", 1), "395.4 gpm");
        assert_eq!(shown("us", 2.8, "mm/s", 1), "0.110 in/s");
        assert_eq!(shown("us", 10.75, "kW", 2), "14.42 hp");
        assert_eq!(shown("us", 45.0, "Nm³/h", 0), "45 Nm³/h", "another reference state is another quantity");
        assert_eq!(shown("kPa", 2.817, "barg", 3), "281.7 kPag");
        assert_eq!(shown("metric", 120.0, "mbar", 0), "120 mbar", "a small difference keeps its small unit");
        assert_eq!(shown("us, °C", 57.9, "°C", 1), "57.9 °C", "the last word counts");
        assert_eq!(DisplayUnits::parse("us, furlong, °R"), Err("furlong, °R".to_owned()));
    }

    #[test]
    fn a_difference_converts_without_the_offset() {
        let fahrenheit = DisplayUnits::parse("°F").unwrap().show("°C");
        assert!((fahrenheit.value(20.0) - 68.0).abs() < 1e-9);
        assert!((fahrenheit.difference(10.0) - 18.0).abs() < 1e-9);
        assert!((fahrenheit.value(30.0) - fahrenheit.value(20.0) - fahrenheit.difference(10.0)).abs() < 1e-9);
        let gauge = DisplayUnits::parse("psi").unwrap().show("barg");
        assert_eq!(gauge.offset, 0.0);
        assert!((gauge.value(1.0) - 14.503_774).abs() < 1e-4);
    }

    #[test]
    fn what_a_person_sets_comes_back_in_the_unit_of_the_plant() {
        for (_, pairs) in RULES {
            for (from, to) in *pairs {
                let conversion = convert(from, to).unwrap_or_else(|| panic!("{from} and {to} measure the same"));
                for value in [-40.0, 0.0, 0.25, 1500.0] {
                    assert!((conversion.back(conversion.value(value)) - value).abs() < 1e-9 * (1.0 + value.abs()), "{from} → {to}");
                }
            }
        }
    }

    #[test]
    fn every_preset_is_made_of_units_one_can_choose() {
        for (name, choices) in PRESETS {
            let units = DisplayUnits::parse(name).unwrap();
            assert_eq!(units, DisplayUnits::parse(&choices.join(",")).unwrap());
        }
    }
}
