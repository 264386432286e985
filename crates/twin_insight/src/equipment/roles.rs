//! From names of a plant file to signals, and from readings to numbers in the units of the formulas.

use super::{NoPoint, Readings, Role};
use twin_model::document::{PressureReference, ThingDocument};
use twin_model::unit::{self, ATMOSPHERE_PA, Quantity};
use twin_model::{Plant, Quality, SignalKey, ValueKind};

/// A thing of the plant, seen through its names.
#[derive(Clone, Copy)]
pub(super) struct Named<'a> {
    pub plant: &'a Plant,
    pub thing: usize,
    document: &'a ThingDocument,
}

impl<'a> Named<'a> {
    pub fn new(plant: &'a Plant, thing: usize) -> Option<Self> {
        let id = plant.things.get(thing)?.id.as_str();
        let document = plant.document.things.iter().find(|document| document.id == id)?;
        Some(Self { plant, thing, document })
    }

    /// DTMI of its type.
    pub fn type_name(&self) -> &'a str {
        &self.document.type_
    }

    /// A numeric attribute.
    pub fn number(&self, attribute: &str) -> Option<f64> {
        self.document.attributes.get(attribute)?.as_f64().filter(|value| value.is_finite())
    }

    /// A numeric attribute above zero.
    pub fn positive(&self, attribute: &str) -> Option<f64> {
        self.number(attribute).filter(|value| *value > 0.0)
    }

    /// Place of an attribute in the plant file.
    pub fn pointer(&self, attribute: &str) -> String {
        let index = self.plant.document.things.iter().position(|thing| thing.id == self.document.id).unwrap_or_default();
        format!("/things/{index}/attributes/{attribute}")
    }

    /// Two numbers in rising order.
    pub fn interval(&self, attribute: &str) -> Option<(f64, f64)> {
        match self.document.attributes.get(attribute)?.as_array()?.as_slice() {
            [low, high] => Some((low.as_f64()?, high.as_f64()?)).filter(|(low, high)| low < high),
            _ => None,
        }
    }

    /// A text attribute.
    pub fn text(&self, attribute: &str) -> Option<&'a str> {
        self.document.attributes.get(attribute).and_then(|value| value.as_str())
    }

    /// The signal that an attribute names by tag or id.
    pub fn named_signal(&self, attribute: &str) -> Option<SignalKey> {
        self.plant.signals.find(self.text(attribute)?)
    }

    /// Telemetry name and key of its signals, in document order.
    pub fn signals(&self) -> impl Iterator<Item = (&'a str, SignalKey)> + 'a {
        let plant = self.plant;
        let keys = plant.things.get(self.thing).map_or(&[][..], |thing| &thing.signals);
        keys.iter().filter_map(move |key| Some((plant.signals.info(*key)?.id.telemetry(), *key)))
    }

    /// Its signal with a telemetry name.
    pub fn telemetry(&self, name: &str) -> Option<SignalKey> {
        self.signals().find(|(telemetry, _)| *telemetry == name).map(|(_, key)| key)
    }

    /// The input of one of its derived signals.
    pub fn derived_input(&self, input: &str) -> Option<SignalKey> {
        let settings = self.signals().filter_map(|(_, key)| self.plant.settings_of(key)?.derived.as_ref());
        settings.filter_map(|derived| derived.inputs.get(input)).find_map(|tag| self.plant.signals.find(tag))
    }

    /// The flow through it.
    pub fn flow(&self) -> Option<SignalKey> {
        let own = self.telemetry("flow").or_else(|| self.signals().find(|(name, _)| name.ends_with("_flow")).map(|(_, key)| key));
        own.or_else(|| self.named_signal("flow_signal")).or_else(|| self.derived_input("flow"))
    }

    /// What a relationship leads to from here.
    pub fn targets(&self, kind: &str) -> impl Iterator<Item = Named<'a>> + 'a {
        let (plant, from, kind) = (self.plant, &self.document.id, kind.to_owned());
        let links = plant.document.relationships.iter().filter(move |link| link.kind == kind && link.from == *from);
        links.filter_map(move |link| by_id(plant, &link.to))
    }

    /// Where a relationship to here comes from.
    pub fn sources(&self, kind: &str) -> impl Iterator<Item = Named<'a>> + 'a {
        let (plant, to, kind) = (self.plant, &self.document.id, kind.to_owned());
        let links = plant.document.relationships.iter().filter(move |link| link.kind == kind && link.to == *to);
        links.filter_map(move |link| by_id(plant, &link.from))
    }

    /// What it is part of.
    pub fn parent(&self) -> Option<Named<'a>> {
        Named::new(self.plant, self.plant.things.get(self.thing)?.parent?)
    }
}

fn by_id<'a>(plant: &'a Plant, id: &str) -> Option<Named<'a>> {
    Named::new(plant, plant.things.iter().position(|thing| thing.id.as_str() == id)?)
}

/// Readings that a figure is made of; remembers the worst quality.
pub(super) struct Taking<'a> {
    plant: &'a Plant,
    read: &'a Readings<'a>,
    pub quality: Quality,
}

impl<'a> Taking<'a> {
    pub fn new(plant: &'a Plant, read: &'a Readings<'a>) -> Self {
        Self { plant, read, quality: Quality::GOOD }
    }

    /// A value in `unit`. What is stale is taken and makes the figure stale; what is Bad makes it impossible.
    pub fn number(&mut self, key: Option<SignalKey>, role: Role, unit: &str) -> Result<f64, NoPoint> {
        let key = key.ok_or(NoPoint::Unmeasured(role))?;
        let reading = (self.read)(key);
        let quality = reading.map_or(Quality::BAD_WAITING_FOR_INITIAL_DATA, |reading| reading.quality);
        let value = reading.and_then(|reading| reading.value).filter(|value| value.is_finite() && !quality.is_bad());
        let Some(value) = value.and_then(|value| in_unit(self.plant, key, value, unit)) else {
            let tag = self.plant.signals.info(key).map_or_else(String::new, |info| info.tag.clone());
            let quality = if quality.is_bad() { quality } else { Quality::BAD };
            return Err(NoPoint::Lost { tag, quality });
        };
        self.quality = self.quality.worst(quality);
        Ok(value)
    }

    /// Name of the state an enumeration has.
    pub fn state(&mut self, key: SignalKey, role: Role) -> Result<&'a str, NoPoint> {
        let value = self.number(Some(key), role, "")?;
        match self.plant.signals.info(key).map(|info| &info.kind) {
            Some(ValueKind::Enumeration { states }) => Ok(states.get(value as usize).map_or("", String::as_str)),
            _ => Err(NoPoint::Unmeasured(role)),
        }
    }
}

/// A value of a signal in another unit of the same quantity; gauge and absolute pressures are told apart.
pub(super) fn in_unit(plant: &Plant, key: SignalKey, value: f64, symbol: &str) -> Option<f64> {
    let info = plant.signals.info(key)?;
    if info.unit == symbol || symbol.is_empty() {
        return Some(value);
    }
    let (from, to) = (unit::find(&info.unit)?, unit::find(symbol)?);
    let absolute_si = match (from.quantity, to.quantity) {
        (Quantity::UnmarkedPressure, Quantity::GaugePressure) if !is_absolute(plant, key) => from.to_si(value) + ATMOSPHERE_PA,
        (Quantity::AbsolutePressure | Quantity::UnmarkedPressure, Quantity::GaugePressure) => from.to_si(value),
        (a, b) if a == b => from.to_si(value),
        _ => return None,
    };
    Some(to.from_si(absolute_si))
}

fn is_absolute(plant: &Plant, key: SignalKey) -> bool {
    let Some(info) = plant.signals.info(key) else { return false };
    let things = plant.document.things.iter().filter(|thing| thing.id == info.thing.as_str());
    // The model's companion of a signal is named below it.
    let telemetry = info.id.telemetry().split('/').next().unwrap_or_default();
    things.filter_map(|thing| thing.signals.get(telemetry)).any(|signal| signal.pressure_reference == Some(PressureReference::Absolute))
}
