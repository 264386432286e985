//! What a faceplate shows, as plain data.

use super::{ControllerView, PairView, PumpChartView, TransferView, ValveChartView};
use crate::alarm_view::AlarmView;
use crate::playhead::LaneKind;
use crate::reading::ReadingView;
use twin_model::alarm::HealthState;
use twin_model::{LaneId, SignalId, ThingId};

/// The selected thing at the playhead.
#[derive(Clone, Debug, PartialEq)]
pub struct FaceplateView {
    /// Id.
    pub thing: ThingId,
    /// Name for people.
    pub name: String,
    /// What it is.
    pub description: String,
    /// Lane the values come from.
    pub lane: LaneId,
    /// Kind of that lane.
    pub lane_kind: LaneKind,
    /// Health.
    pub health: HealthState,
    /// Why, as a sentence.
    pub health_reason: String,
    /// Its signals; those with [`SignalView::is_leading`] stand as large bars at the top.
    pub signals: Vec<SignalView>,
    /// Its control loop, or the loops that control it.
    pub controllers: Vec<ControllerView>,
    /// The chart of a pump.
    pub pump: Option<PumpChartView>,
    /// The chart of a control valve.
    pub valve: Option<ValveChartView>,
    /// Heat transfer of an exchanger.
    pub transfer: Option<TransferView>,
    /// The machine beside the one that stands for the same duty.
    pub pair: Option<PairView>,
    /// Its alarms that are not normal.
    pub alarms: Vec<AlarmView>,
    /// Its documents.
    pub documents: Vec<DocumentView>,
    /// False greys out what the core would refuse.
    pub may_acknowledge: bool,
}

/// One signal of the thing.
#[derive(Clone, Debug, PartialEq)]
pub struct SignalView {
    /// Id.
    pub id: SignalId,
    /// Plant tag; empty for what has none.
    pub tag: String,
    /// Name for people.
    pub name: String,
    /// Value at the playhead.
    pub reading: ReadingView,
    /// Range of the bar, in the unit.
    pub range: Option<(f64, f64)>,
    /// Where the value normally lies, in the unit.
    pub normal: Option<(f64, f64)>,
    /// Alarm limits, in the unit.
    pub limits: Vec<LimitMark>,
    /// Recent course: seconds before the playhead (≤ 0) and value; NaN is a gap.
    pub sparkline: Vec<[f64; 2]>,
    /// The model's course over the same time.
    pub modelled_line: Vec<[f64; 2]>,
    /// Set point of the loop that holds this signal, in the unit.
    pub set_point: Option<f64>,
    /// What the model says.
    pub modelled: Option<f64>,
    /// Measured − modelled.
    pub residual: Option<f64>,
    /// Band the residual should stay in.
    pub residual_band: Option<f64>,
    /// Drawn in the trends.
    pub is_watched: bool,
    /// One of the few that lead the faceplate.
    pub is_leading: bool,
}

impl SignalView {
    /// Tag, or telemetry name for what has none.
    pub fn shown_tag(&self) -> &str {
        if self.tag.is_empty() { self.id.telemetry() } else { &self.tag }
    }

    /// True when the model no longer explains a value that can be trusted.
    pub fn is_outside_band(&self) -> bool {
        let is_beyond = matches!((self.residual, self.residual_band), (Some(residual), Some(band)) if residual.abs() > band);
        is_beyond && !self.reading.is_doubtful()
    }
}

/// A limit on a bar or a plot.
#[derive(Clone, Debug, PartialEq)]
pub struct LimitMark {
    /// In the unit of the signal.
    pub value: f64,
    /// Tag of the alarm.
    pub label: String,
    /// Priority, `None` for an alert.
    pub priority: Option<u8>,
    /// Alarms above it, or below.
    pub is_high: bool,
}

impl LimitMark {
    /// True for a value on the wrong side of it.
    pub fn is_passed_by(&self, value: f64) -> bool {
        if self.is_high { value > self.value } else { value < self.value }
    }
}

/// A document of a thing.
#[derive(Clone, Debug, PartialEq)]
pub struct DocumentView {
    /// Datasheet, manual, photo …
    pub title: String,
    /// Path relative to the plant folder.
    pub path: String,
}
