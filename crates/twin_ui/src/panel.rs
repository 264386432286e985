//! The docked panels by name.

use crate::text::t;
use serde::{Deserialize, Serialize};

/// A docked panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Panel {
    /// The 3D scene; always there.
    Scene,
    /// The plant as a diagram.
    Schematic,
    /// Key signals and areas at a glance.
    Overview,
    /// Tree of things.
    PlantTree,
    /// The selected thing.
    Faceplate,
    /// Trends.
    Trends,
    /// Alarm list.
    AlarmList,
    /// What-if bench.
    WhatIf,
    /// Failure stories.
    Stories,
    /// Problems of documents and inputs.
    Problems,
}

impl Panel {
    /// Panels that can be closed and opened again.
    pub const CLOSABLE: [Self; 9] = [
        Self::Schematic,
        Self::Overview,
        Self::PlantTree,
        Self::Faceplate,
        Self::Trends,
        Self::AlarmList,
        Self::WhatIf,
        Self::Stories,
        Self::Problems,
    ];

    /// Title on its tab.
    pub fn title(self) -> &'static str {
        match self {
            Self::Scene => t().scene,
            Self::Schematic => t().schematic,
            Self::Overview => t().overview,
            Self::PlantTree => t().plant,
            Self::Faceplate => t().faceplate,
            Self::Trends => t().trends,
            Self::AlarmList => t().alarms,
            Self::WhatIf => t().what_if_short,
            Self::Stories => t().stories,
            Self::Problems => t().problems_title,
        }
    }

    /// Panels it stands beside when it is opened again.
    pub(crate) fn neighbours(self) -> &'static [Self] {
        match self {
            Self::Trends | Self::AlarmList | Self::Problems => &[Self::Trends, Self::AlarmList, Self::Problems],
            Self::WhatIf | Self::Stories => &[Self::WhatIf, Self::Stories, Self::Faceplate],
            Self::Faceplate => &[Self::WhatIf, Self::Stories],
            Self::Scene | Self::Schematic | Self::PlantTree | Self::Overview => &[],
        }
    }

    /// The edge of the window it goes to when none of its neighbours is open.
    pub(crate) fn edge(self) -> Edge {
        match self {
            Self::Overview => Edge::Top,
            Self::PlantTree => Edge::Left,
            Self::Scene | Self::Schematic | Self::Trends | Self::AlarmList | Self::Problems => Edge::Bottom,
            Self::Faceplate | Self::WhatIf | Self::Stories => Edge::Right,
        }
    }
}

/// An edge of the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edge {
    Left,
    Right,
    Top,
    Bottom,
}
