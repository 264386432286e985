//! Shapes of vessels from a plant file: which one it is, and the dimensions it needs.

use std::borrow::Cow;

use crate::equipment::vessel::{Head, Shape, VolumeTable};
use crate::flowsheet::component::OptionSheet;
use crate::flowsheet::{Setting, Settings};

const HEADS: &[&str] = &["flat", "elliptical", "hemispherical"];
/// Shapes of a tank; the first is meant when the plant file is silent.
const OPEN: &[&str] = &["rectangular", "upright", "lying", "sphere", "table"];
/// Shapes of a closed vessel.
const CLOSED: &[&str] = &["lying", "upright", "sphere", "rectangular", "table"];

const TABLE: OptionSheet = OptionSheet {
    name: "volume_table",
    choices: &[],
    meaning: "For shape table: rows of height in m and the volume in m³ below it, from [0, 0] upward; straight between them.",
};

const BOTTOM: OptionSheet = OptionSheet { name: "bottom", choices: HEADS, meaning: "Lower end of an upright vessel; flat when silent." };
const TOP: OptionSheet = OptionSheet { name: "top", choices: HEADS, meaning: "Upper end of an upright vessel; flat when silent." };
const ENDS: OptionSheet = OptionSheet { name: "ends", choices: HEADS, meaning: "Both ends of a lying vessel; flat when silent." };

pub(super) const OPEN_OPTIONS: &[OptionSheet] = &[
    OptionSheet {
        name: "shape",
        choices: OPEN,
        meaning: "rectangular stands for every tank with upright walls and needs area_m2 only, upright and lying need diameter_m and length_m, sphere diameter_m, table a volume_table; rectangular when silent.",
    },
    BOTTOM,
    TOP,
    ENDS,
    TABLE,
];

pub(super) const CLOSED_OPTIONS: &[OptionSheet] = &[
    OptionSheet {
        name: "shape",
        choices: CLOSED,
        meaning: "lying and upright need diameter_m and length_m, sphere diameter_m, rectangular area_m2 and height_m, table a volume_table; lying when silent.",
    },
    BOTTOM,
    TOP,
    ENDS,
    TABLE,
];

/// Which shape it is; the dimensions are parameters.
#[derive(Clone, Debug)]
pub(super) enum Form {
    Upright { bottom: Head, top: Head },
    Lying { ends: Head },
    Sphere,
    Rectangular,
    Table(Shape),
}

/// Dimensions as the parameters say them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dimensions {
    pub area_m2: f64,
    pub height_m: f64,
    pub diameter_m: f64,
    pub length_m: f64,
}

impl Form {
    /// The form of an open tank.
    pub fn open(settings: &Settings) -> Result<Self, String> {
        Self::read(settings, OPEN, &["area_m2"])
    }

    /// The form of a closed vessel.
    pub fn closed(settings: &Settings) -> Result<Self, String> {
        Self::read(settings, CLOSED, &["area_m2", "height_m"])
    }

    fn read(settings: &Settings, shapes: &[&'static str], of_rectangle: &[&str]) -> Result<Self, String> {
        let shape = shapes[settings.choice("shape", shapes)?];
        let (form, needs) = match shape {
            "upright" => {
                (Self::Upright { bottom: head(settings, "bottom")?, top: head(settings, "top")? }, &["diameter_m", "length_m"][..])
            }
            "lying" => (Self::Lying { ends: head(settings, "ends")? }, &["diameter_m", "length_m"][..]),
            "sphere" => (Self::Sphere, &["diameter_m"][..]),
            "rectangular" => (Self::Rectangular, of_rectangle),
            _ => (Self::Table(Shape::Table(volume_table(settings)?)), &[][..]),
        };
        let given = |name: &&&str| matches!(settings.values.get(**name), Some(Setting::Number(_)));
        match needs.iter().find(|name| !given(name)) {
            Some(missing) => Err(format!("{missing} is missing: its shape is {shape}")),
            None => Ok(form),
        }
    }

    /// The shape with these dimensions.
    pub fn shape(&self, of: Dimensions) -> Cow<'_, Shape> {
        let Dimensions { area_m2, height_m, diameter_m, length_m } = of;
        match self {
            Self::Table(table) => Cow::Borrowed(table),
            Self::Upright { bottom, top } => Cow::Owned(Shape::Upright { diameter_m, length_m, bottom: *bottom, top: *top }),
            Self::Lying { ends } => Cow::Owned(Shape::Lying { diameter_m, length_m, ends: *ends }),
            Self::Sphere => Cow::Owned(Shape::Sphere { diameter_m }),
            Self::Rectangular => Cow::Owned(Shape::Rectangular { area_m2, height_m }),
        }
    }
}

fn head(settings: &Settings, name: &str) -> Result<Head, String> {
    Ok(match settings.choice(name, HEADS)? {
        0 => Head::Flat,
        1 => Head::Elliptical,
        _ => Head::Hemispherical,
    })
}

fn volume_table(settings: &Settings) -> Result<VolumeTable, String> {
    let rows = settings.table("volume_table", 2)?.ok_or_else(|| "volume_table is missing: its shape is table".to_owned())?;
    VolumeTable::new(rows.iter().filter_map(|row| <[f64; 2]>::try_from(row.as_slice()).ok()).collect())
}

/// Liquid surface for what depends on it, m²: never less than a thousandth of the mean cross-section, since a rounded end
/// closes in a point.
pub(super) fn surface_m2(shape: &Shape, level_m: f64) -> f64 {
    shape.surface_m2(level_m).max(1e-3 * shape.full_m3() / shape.inner_height_m())
}
