//! The four named displays: overview, unit, equipment, diagnostics. Each is an arrangement of panels of its own.

use crate::layout::{Layout, Plan};
use crate::{Panel, icons::Icon, text::t};
use egui::Key;
use egui_tiles::Tree;
use serde::{Deserialize, Serialize};

/// A named display; its level is that of ISA-101.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Display {
    /// Level 1: is all well? Read in three seconds.
    #[default]
    Overview,
    /// Level 2: run the unit.
    Unit,
    /// Level 3: one piece of equipment.
    Equipment,
    /// Level 4: why, and what if.
    Diagnostics,
}

impl Display {
    /// All, from the wide view to the narrow one.
    pub const ALL: [Self; 4] = [Self::Overview, Self::Unit, Self::Equipment, Self::Diagnostics];

    /// Level after ISA-101, 1 … 4.
    pub fn level(self) -> u8 {
        self.index() as u8 + 1
    }

    /// Its key.
    pub fn key(self) -> Key {
        [Key::F1, Key::F2, Key::F3, Key::F4][self.index()]
    }

    /// Its key as printed on it.
    pub fn key_name(self) -> &'static str {
        ["F1", "F2", "F3", "F4"][self.index()]
    }

    /// Name for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::Overview => t().display_overview,
            Self::Unit => t().display_unit,
            Self::Equipment => t().display_equipment,
            Self::Diagnostics => t().display_diagnostics,
        }
    }

    fn index(self) -> usize {
        match self {
            Self::Overview => 0,
            Self::Unit => 1,
            Self::Equipment => 2,
            Self::Diagnostics => 3,
        }
    }

    /// What egui remembers of it is filed under this name.
    fn tree_name(self) -> &'static str {
        ["display_overview", "display_unit", "display_equipment", "display_diagnostics"][self.index()]
    }

    /// The arrangement of the first start.
    fn plan(self) -> &'static Plan {
        match self {
            Self::Overview => &OVERVIEW,
            Self::Unit => &UNIT,
            Self::Equipment => &EQUIPMENT,
            Self::Diagnostics => &DIAGNOSTICS,
        }
    }
}

/// Icon of a display in the toolbar.
pub(crate) fn icon(display: Display) -> Icon {
    match display {
        Display::Overview => Icon::Overview,
        Display::Unit => Icon::Unit,
        Display::Equipment => Icon::Equipment,
        Display::Diagnostics => Icon::Diagnostics,
    }
}

/// The schematic says what, the scene beside it is the lens on places.
const OVERVIEW: Plan = Plan::Column(&[
    (0.215, Plan::Tabs(&[Panel::Overview])),
    (
        0.785,
        Plan::Row(&[
            (0.62, Plan::Tabs(&[Panel::Schematic])),
            (0.38, Plan::Column(&[(0.62, Plan::Bare(Panel::Scene)), (0.38, Plan::Tabs(&[Panel::AlarmList]))])),
        ]),
    ),
]);

const UNIT: Plan = Plan::Row(&[
    (0.15, Plan::Tabs(&[Panel::PlantTree])),
    (0.59, Plan::Column(&[(0.62, Plan::Bare(Panel::Scene)), (0.38, Plan::Tabs(&[Panel::Trends, Panel::AlarmList, Panel::Schematic]))])),
    (0.26, Plan::Column(&[(0.58, Plan::Tabs(&[Panel::Faceplate])), (0.42, Plan::Tabs(&[Panel::WhatIf, Panel::Stories]))])),
]);

const EQUIPMENT: Plan = Plan::Row(&[
    (0.58, Plan::Column(&[(0.47, Plan::Bare(Panel::Scene)), (0.3, Plan::Tabs(&[Panel::Trends])), (0.23, Plan::Tabs(&[Panel::AlarmList]))])),
    (0.42, Plan::Tabs(&[Panel::Faceplate])),
]);

const DIAGNOSTICS: Plan = Plan::Row(&[
    (0.44, Plan::Column(&[(0.72, Plan::Tabs(&[Panel::Trends])), (0.28, Plan::Tabs(&[Panel::Problems, Panel::AlarmList]))])),
    (0.29, Plan::Column(&[(0.4, Plan::Bare(Panel::Scene)), (0.6, Plan::Tabs(&[Panel::Faceplate]))])),
    (0.27, Plan::Tabs(&[Panel::WhatIf, Panel::Stories])),
]);

const LAYOUT_VERSION: u32 = 3;

/// What is saved: the arrangements, with a version so that an old file is recognised.
#[derive(Serialize, Deserialize)]
struct Saved<T> {
    layout_version: u32,
    display: Display,
    layouts: [T; 4],
}

/// The displays and which one is shown.
#[derive(Clone, Debug)]
pub(crate) struct Displays {
    pub current: Display,
    layouts: [Layout; 4],
}

impl Default for Displays {
    fn default() -> Self {
        Self { current: Display::default(), layouts: Display::ALL.map(first_layout) }
    }
}

fn first_layout(display: Display) -> Layout {
    Layout::new(display.tree_name(), display.plan())
}

impl Displays {
    /// Arrangement of the display on show.
    pub fn layout(&self) -> &Layout {
        &self.layouts[self.current.index()]
    }

    /// As [`Displays::layout`], to change it.
    pub fn layout_mut(&mut self) -> &mut Layout {
        &mut self.layouts[self.current.index()]
    }

    /// Puts the display on show back to its first arrangement; the others stay.
    pub fn reset(&mut self) {
        self.layouts[self.current.index()] = first_layout(self.current);
    }

    /// All displays as JSON.
    pub fn save(&self) -> String {
        let layouts = self.layouts.each_ref().map(Layout::tree);
        serde_json::to_string(&Saved { layout_version: LAYOUT_VERSION, display: self.current, layouts }).unwrap_or_default()
    }

    /// Reads what [`Displays::save`] wrote; `None` for another version, or when a display is not sound.
    pub fn restored(json: &str) -> Option<Self> {
        let saved = serde_json::from_str::<Saved<Tree<Panel>>>(json).ok()?;
        if saved.layout_version != LAYOUT_VERSION {
            return None;
        }
        let layouts: Vec<Layout> = saved.layouts.into_iter().filter_map(Layout::sound).collect();
        Some(Self { current: saved.display, layouts: layouts.try_into().ok()? })
    }
}
