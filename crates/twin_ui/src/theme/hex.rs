//! Colours as `#rrggbb` in a palette file.

use egui::Color32;

fn to_hex(colour: Color32) -> String {
    format!("#{:02x}{:02x}{:02x}", colour.r(), colour.g(), colour.b())
}

fn from_hex(text: &str) -> Option<Color32> {
    let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
    u32::from_str_radix(digits, 16).ok().map(super::rgb)
}

/// One colour.
pub(super) mod one {
    use super::{Color32, from_hex, to_hex};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(in crate::theme) fn serialize<S: Serializer>(colour: &Color32, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&to_hex(*colour))
    }

    pub(in crate::theme) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Color32, D::Error> {
        let text = String::deserialize(deserializer)?;
        from_hex(&text).ok_or_else(|| D::Error::custom(format!("a colour needs the form #rrggbb, found: {text}")))
    }
}

/// A list of a fixed length.
pub(super) mod list {
    use super::{Color32, from_hex, to_hex};
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    pub(in crate::theme) fn serialize<S: Serializer, const N: usize>(colours: &[Color32; N], serializer: S) -> Result<S::Ok, S::Error> {
        colours.iter().map(|colour| to_hex(*colour)).collect::<Vec<_>>().serialize(serializer)
    }

    pub(in crate::theme) fn deserialize<'de, D: Deserializer<'de>, const N: usize>(deserializer: D) -> Result<[Color32; N], D::Error> {
        let texts = Vec::<String>::deserialize(deserializer)?;
        let colours: Option<Vec<Color32>> = texts.iter().map(|text| from_hex(text)).collect();
        colours
            .and_then(|colours| <[Color32; N]>::try_from(colours).ok())
            .ok_or_else(|| D::Error::custom(format!("{N} colours of the form #rrggbb are needed here")))
    }
}
