//! An alarm as a screen shows it.

use crate::marks::AlarmMark;
use crate::reading::ReadingView;
use crate::text::t;
use twin_model::alarm::AlarmClass;
use twin_model::{LaneId, ThingId, TwinTime};

/// State of an alarm after ISA-18.2.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum AlarmState {
    /// Active, nobody has seen it: flashes and sounds.
    #[default]
    Unacknowledged,
    /// Gone before anybody saw it.
    ReturnedUnacknowledged,
    /// Active and seen.
    Acknowledged,
    /// Put aside by a person for a while.
    Shelved,
    /// Suppressed by design.
    Suppressed,
    /// Out of service under a permit.
    OutOfService,
    /// Not active. Shown in history only.
    Normal,
}

impl AlarmState {
    /// The state in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Unacknowledged => t().unacknowledged,
            Self::ReturnedUnacknowledged => t().returned,
            Self::Acknowledged => t().acknowledged,
            Self::Shelved => t().shelved,
            Self::Suppressed => t().suppressed,
            Self::OutOfService => t().out_of_service,
            Self::Normal => t().normal,
        }
    }

    /// True while somebody has to acknowledge it.
    pub fn wants_acknowledgement(self) -> bool {
        matches!(self, Self::Unacknowledged | Self::ReturnedUnacknowledged)
    }

    /// True when it is hidden from the operator by shelving, design or maintenance.
    pub fn is_put_aside(self) -> bool {
        matches!(self, Self::Shelved | Self::Suppressed | Self::OutOfService)
    }
}

/// One alarm in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct AlarmView {
    /// Lane it stands on: an acknowledgement and a jump go there.
    pub lane: LaneId,
    /// Tag of the point: `TAH-111A`.
    pub tag: String,
    /// What a person reads.
    pub message: String,
    /// Thing it belongs to.
    pub thing: ThingId,
    /// Name of that thing.
    pub thing_name: String,
    /// Alarm, alert, event or advisory.
    pub class: AlarmClass,
    /// 1 … 3 for an alarm.
    pub priority: Option<u8>,
    /// Where it stands in its life.
    pub state: AlarmState,
    /// When it came.
    pub since: TwinTime,
    /// Value of its signal now, where it watches one.
    pub reading: Option<ReadingView>,
    /// Limit in the unit of the reading.
    pub limit: Option<f64>,
    /// Seconds left to respond; negative when late.
    pub time_left_secs: Option<f64>,
    /// When a shelved alarm returns.
    pub shelved_until: Option<TwinTime>,
    /// On a lane that is not the plant.
    pub is_training: bool,
    /// Likely cause.
    pub cause: String,
    /// What happens without a response.
    pub consequence: String,
    /// What to do.
    pub operator_action: String,
}

impl AlarmView {
    /// What its badge says.
    pub fn mark(&self) -> AlarmMark {
        AlarmMark { class: self.class, priority: self.priority, state: self.state }
    }

    /// Sorts what wants a person first: unacknowledged, then priority, then the newest.
    pub fn urgency(&self) -> (AlarmState, u8, std::cmp::Reverse<TwinTime>) {
        let rank = match self.class {
            AlarmClass::Alarm => self.priority.unwrap_or(3),
            AlarmClass::Alert => 4,
            AlarmClass::Event => 5,
            AlarmClass::Advisory => 6,
        };
        (self.state, rank, std::cmp::Reverse(self.since))
    }
}

/// How many alarms of one badge are unacknowledged, and how many active.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AlarmCount {
    /// Nobody has acknowledged these.
    pub unacknowledged: u32,
    /// Active, seen or not.
    pub active: u32,
}
