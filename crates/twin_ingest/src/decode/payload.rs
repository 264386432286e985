//! A JSON payload cut into the parts of a sample, without copying the common flat object.

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;
use twin_model::document::PayloadSettings;

/// One JSON value without its children.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Scalar<'a> {
    #[default]
    Absent,
    Null,
    Bool(bool),
    Integer(i64),
    Number(f64),
    Text(Cow<'a, str>),
    Nested,
}

impl Scalar<'_> {
    /// True where the payload says nothing.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Absent | Self::Null)
    }
}

/// The parts of one sample.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Parts<'a> {
    pub value: Scalar<'a>,
    pub time: Scalar<'a>,
    pub quality: Scalar<'a>,
    pub reason: Scalar<'a>,
    pub unit: Scalar<'a>,
}

/// Where the parts stand in a payload.
#[derive(Clone, Debug)]
pub(super) struct Fields {
    pointers: [String; 5],
    /// Member names, when every pointer has one level only.
    flat: Option<[String; 5]>,
}

impl Fields {
    pub fn new(settings: &PayloadSettings, own_value: Option<&str>) -> Self {
        let value = own_value.unwrap_or(&settings.value);
        let pointers = [value, &settings.time, &settings.quality, &settings.reason, &settings.unit].map(rooted);
        let flat = pointers.iter().all(|pointer| is_flat(pointer)).then(|| pointers.clone().map(|p| p.trim_start_matches('/').to_owned()));
        Self { pointers, flat }
    }

    pub fn is_flat(&self) -> bool {
        self.flat.is_some()
    }

    /// Cuts a parsed value by the pointers.
    pub fn cut<'v>(&self, value: &'v serde_json::Value) -> Parts<'v> {
        if !value.is_object() {
            return Parts { value: scalar_of(value), ..Parts::default() };
        }
        let [v, t, q, r, u] = &self.pointers;
        let at = |pointer: &str| value.pointer(pointer).map_or(Scalar::Absent, scalar_of);
        Parts { value: at(v), time: at(t), quality: at(q), reason: at(r), unit: at(u) }
    }
}

/// A pointer always starts with `/`; a bare member name is taken as one.
fn rooted(pointer: &str) -> String {
    if pointer.is_empty() || pointer.starts_with('/') { pointer.to_owned() } else { format!("/{pointer}") }
}

fn is_flat(pointer: &str) -> bool {
    pointer.len() > 1 && !pointer[1..].contains(['/', '~'])
}

pub(super) fn scalar_of(value: &serde_json::Value) -> Scalar<'_> {
    use serde_json::Value;
    match value {
        Value::Null => Scalar::Null,
        Value::Bool(bit) => Scalar::Bool(*bit),
        Value::Number(number) => number.as_i64().map_or_else(|| Scalar::Number(number.as_f64().unwrap_or(f64::NAN)), Scalar::Integer),
        Value::String(text) => Scalar::Text(Cow::Borrowed(text)),
        Value::Array(_) | Value::Object(_) => Scalar::Nested,
    }
}

/// Reads a payload whose pointers are flat, one sample after the other into `sink`.
/// Samples of an array reach `sink` as they are read, those of a payload that is broken further on too.
///
/// # Errors
/// The payload is no JSON.
pub(super) fn read_flat<'a>(payload: &'a [u8], fields: &Fields, sink: &mut dyn FnMut(Parts<'a>)) -> Result<(), serde_json::Error> {
    let Some(names) = &fields.flat else { return Ok(()) };
    let mut deserializer = serde_json::Deserializer::from_slice(payload);
    let single = PayloadSeed { names, sink: Some(sink) }.deserialize(&mut deserializer)?;
    deserializer.end()?;
    if let Some(parts) = single {
        sink(parts);
    }
    Ok(())
}

/// Reads an object or a bare value; with a sink, an array of them as well.
struct PayloadSeed<'s, 'de> {
    names: &'s [String; 5],
    sink: Option<&'s mut dyn FnMut(Parts<'de>)>,
}

impl<'de> DeserializeSeed<'de> for PayloadSeed<'_, 'de> {
    type Value = Option<Parts<'de>>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

fn bare<'de, E>(value: Scalar<'de>) -> Result<Option<Parts<'de>>, E> {
    Ok(Some(Parts { value, ..Parts::default() }))
}

impl<'de> Visitor<'de> for PayloadSeed<'_, 'de> {
    type Value = Option<Parts<'de>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value, an object or an array of objects")
    }
    fn visit_bool<E>(self, bit: bool) -> Result<Self::Value, E> {
        bare(Scalar::Bool(bit))
    }
    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        bare(Scalar::Integer(number))
    }
    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        bare(integer(number))
    }
    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        bare(Scalar::Number(number))
    }
    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        bare(Scalar::Null)
    }
    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        bare(Scalar::Text(Cow::Borrowed(text)))
    }
    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        bare(Scalar::Text(Cow::Owned(text.to_owned())))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut parts = Parts::default();
        while let Some(field) = map.next_key_seed(FieldSeed(self.names))? {
            let slot = match field {
                Some(0) => &mut parts.value,
                Some(1) => &mut parts.time,
                Some(2) => &mut parts.quality,
                Some(3) => &mut parts.reason,
                Some(4) => &mut parts.unit,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            *slot = map.next_value_seed(ScalarSeed)?;
        }
        Ok(Some(parts))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let Some(sink) = self.sink else {
            while seq.next_element::<IgnoredAny>()?.is_some() {}
            return bare(Scalar::Nested);
        };
        while let Some(element) = seq.next_element_seed(PayloadSeed { names: self.names, sink: None })? {
            if let Some(parts) = element {
                sink(parts);
            }
        }
        Ok(None)
    }
}

/// Which part a member name stands for.
struct FieldSeed<'s>(&'s [String; 5]);

impl<'de> DeserializeSeed<'de> for FieldSeed<'_> {
    type Value = Option<usize>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for FieldSeed<'_> {
    type Value = Option<usize>;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member name")
    }
    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.iter().position(|known| known == name))
    }
}

struct ScalarSeed;

impl<'de> DeserializeSeed<'de> for ScalarSeed {
    type Value = Scalar<'de>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

fn integer<'a>(number: u64) -> Scalar<'a> {
    i64::try_from(number).map_or(Scalar::Number(number as f64), Scalar::Integer)
}

impl<'de> Visitor<'de> for ScalarSeed {
    type Value = Scalar<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }
    fn visit_bool<E>(self, bit: bool) -> Result<Self::Value, E> {
        Ok(Scalar::Bool(bit))
    }
    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Scalar::Integer(number))
    }
    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(integer(number))
    }
    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Scalar::Number(number))
    }
    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Scalar::Null)
    }
    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Scalar::Text(Cow::Borrowed(text)))
    }
    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Scalar::Text(Cow::Owned(text.to_owned())))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::Nested)
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::Nested)
    }
}
