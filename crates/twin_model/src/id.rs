//! Names of things and signals as users read and write them.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Longest id accepted, in bytes (the limit Eclipse Ditto uses).
pub const MAX_ID_BYTES: usize = 256;

/// A piece of the plant: `namespace:name`, for example `unit100:p-101a`.
///
/// Both halves are lower-case letters, digits, `-`, `_` and `.`; neither is empty.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ThingId(String);

/// One quantity of a thing: `namespace:name/telemetry`, for example `unit100:p-101a/bearing_temp_de`.
///
/// What the twin derives hangs below it: `…/bearing_temp_de/model`, `…/bearing_temp_de/residual`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SignalId(String);

/// Why a text is no id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// A thing id without exactly one `:`.
    #[error("id needs the form namespace:name, found: {text}")]
    MissingNamespace {
        /// The text as given.
        text: String,
    },
    /// A signal id without a telemetry name.
    #[error("signal id needs the form namespace:name/telemetry, found: {text}")]
    MissingTelemetry {
        /// The text as given.
        text: String,
    },
    /// An empty half or a character outside the alphabet.
    #[error("id may hold lower-case letters, digits, '-', '_' and '.' only, found: {text}")]
    BadCharacter {
        /// The text as given.
        text: String,
    },
    /// Longer than [`MAX_ID_BYTES`].
    #[error("id is longer than {MAX_ID_BYTES} bytes")]
    TooLong,
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_' | b'.'))
}

impl ThingId {
    /// Parses `namespace:name`.
    ///
    /// # Errors
    /// [`IdError`] when the text has another form.
    pub fn new(text: &str) -> Result<Self, IdError> {
        if text.len() > MAX_ID_BYTES {
            return Err(IdError::TooLong);
        }
        let Some((namespace, name)) = text.split_once(':') else {
            return Err(IdError::MissingNamespace { text: text.to_owned() });
        };
        if !is_name(namespace) || !is_name(name) {
            return Err(IdError::BadCharacter { text: text.to_owned() });
        }
        Ok(Self(text.to_owned()))
    }

    /// The whole id.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part behind the colon: `p-101a`.
    pub fn name(&self) -> &str {
        self.0.split_once(':').map_or("", |(_, name)| name)
    }

    /// The part before the colon: `unit100`.
    pub fn namespace(&self) -> &str {
        self.0.split_once(':').map_or("", |(namespace, _)| namespace)
    }

    /// The signal of this thing with the given telemetry name.
    ///
    /// # Errors
    /// [`IdError`] when the telemetry name has a character outside the alphabet.
    pub fn signal(&self, telemetry: &str) -> Result<SignalId, IdError> {
        SignalId::new(&format!("{}/{telemetry}", self.0))
    }
}

impl SignalId {
    /// Parses `namespace:name/telemetry[/derived]`.
    ///
    /// # Errors
    /// [`IdError`] when the text has another form.
    pub fn new(text: &str) -> Result<Self, IdError> {
        if text.len() > MAX_ID_BYTES {
            return Err(IdError::TooLong);
        }
        let Some((thing, telemetry)) = text.split_once('/') else {
            return Err(IdError::MissingTelemetry { text: text.to_owned() });
        };
        ThingId::new(thing)?;
        if !telemetry.split('/').all(is_name) {
            return Err(IdError::BadCharacter { text: text.to_owned() });
        }
        Ok(Self(text.to_owned()))
    }

    /// The whole id.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The thing this signal belongs to.
    pub fn thing(&self) -> ThingId {
        ThingId(self.0.split_once('/').map_or("", |(thing, _)| thing).to_owned())
    }

    /// Everything behind the thing: `bearing_temp_de` or `bearing_temp_de/model`.
    pub fn telemetry(&self) -> &str {
        self.0.split_once('/').map_or("", |(_, telemetry)| telemetry)
    }

    /// The signal derived below this one, for example `model` or `residual`.
    pub fn derived(&self, name: &str) -> SignalId {
        SignalId(format!("{}/{name}", self.0))
    }
}

macro_rules! text_id {
    ($name:ident) => {
        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                Self::new(&text)
            }
        }
        impl FromStr for $name {
            type Err = IdError;
            fn from_str(text: &str) -> Result<Self, IdError> {
                Self::new(text)
            }
        }
        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}
text_id!(ThingId);
text_id!(SignalId);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_names_its_namespace_thing_and_telemetry() {
        let id = SignalId::new("unit100:p-101a/bearing_temp_de").unwrap();
        assert_eq!(id.thing(), ThingId::new("unit100:p-101a").unwrap());
        assert_eq!(id.thing().namespace(), "unit100");
        assert_eq!(id.thing().name(), "p-101a");
        assert_eq!(id.telemetry(), "bearing_temp_de");
        assert_eq!(id.derived("residual").as_str(), "unit100:p-101a/bearing_temp_de/residual");
    }

    #[test]
    fn ids_of_another_form_are_refused_with_their_text() {
        assert!(matches!(ThingId::new("p-101a"), Err(IdError::MissingNamespace { .. })));
        assert!(matches!(ThingId::new("Unit:p"), Err(IdError::BadCharacter { .. })));
        assert!(matches!(SignalId::new("unit100:p"), Err(IdError::MissingTelemetry { .. })));
        assert!(matches!(SignalId::new("unit100:p/"), Err(IdError::BadCharacter { .. })));
        assert_eq!(ThingId::new(&"a:".repeat(200)), Err(IdError::TooLong));
    }
}
