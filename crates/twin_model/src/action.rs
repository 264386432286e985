//! What a panel asks of the twin. Panels never change the twin; the core decides and journals.

use crate::{SignalId, ThingId, TwinTime};
use serde::{Deserialize, Serialize};

/// A lane of history, numbered by the core. 0 is always lane Live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LaneId(pub u32);

impl LaneId {
    /// The live plant.
    pub const LIVE: Self = Self(0);
}

/// A view attached to the core; each has a playhead of its own. The desktop is view 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ViewId(pub u32);

/// What an author may do, each including the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Looks, scrubs.
    Viewer,
    /// Acknowledges and shelves alarms.
    Operator,
    /// Forks branches, sets overrides, plays stories.
    Engineer,
    /// Everything.
    Admin,
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// Name as journaled.
    pub name: String,
    /// What he may do.
    pub role: Role,
}

/// A what-if knob on a branch, named as the simulation names it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Override {
    /// A controller's set point (`FIC-101`), in the unit of its measurement.
    Setpoint {
        /// Loop tag.
        controller: String,
        /// New set point.
        value: f64,
    },
    /// What a controller moves (valve position, pump speed), in %. Puts the loop into MAN in this branch.
    Output {
        /// Loop tag.
        controller: String,
        /// New output, %.
        value: f64,
    },
    /// Hands a loop back to its controller.
    Automatic {
        /// Loop tag.
        controller: String,
    },
    /// Starts (`true`) or stops (`false`) a drive.
    Drive {
        /// Drive tag, such as `P-101B`.
        drive: String,
        /// Run or stop.
        run: bool,
    },
    /// Makes a pump the duty pump: starts it, and 60 s later stops the other.
    Duty {
        /// Drive tag.
        drive: String,
    },
    /// A parameter or malfunction of the model by name (`e101.fouling_m2k_w`).
    Parameter {
        /// Parameter name.
        name: String,
        /// New value in the parameter's unit.
        value: f64,
    },
    /// A boundary condition, by the tag that measures it (`FT-100`), held at a value in the unit of that tag.
    Boundary {
        /// Tag that measures it.
        name: String,
        /// Value in the unit of the tag.
        value: f64,
    },
}

/// What a view asks of the twin.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Playhead of this view: switch to another lane, following its head.
    SwitchLane(LaneId),
    /// Playhead: follow the head of its lane.
    Follow,
    /// Playhead: play on at a speed, plant seconds per second.
    Play {
        /// Plant seconds per wall second, > 0.
        speed: f64,
    },
    /// Playhead: stand still.
    Pause,
    /// Playhead: go to an instant and stand still.
    Seek(TwinTime),
    /// Playhead: go to the next (`true`) or previous alarm event.
    StepEvent {
        /// Direction.
        forward: bool,
    },
    /// Playhead: go to the next (`true`) or previous change of a thing: of its health, or of one of its alarms.
    StepChange {
        /// The thing.
        thing: ThingId,
        /// Direction.
        forward: bool,
    },
    /// Playhead: play this range again and again, or no longer.
    Loop(Option<(TwinTime, TwinTime)>),
    /// Mark an instant of a lane.
    Bookmark {
        /// Lane.
        lane: LaneId,
        /// Instant.
        time: TwinTime,
        /// What for; may be empty.
        text: String,
    },
    /// Write something about a range of a lane.
    Note {
        /// Lane.
        lane: LaneId,
        /// Beginning of the range.
        from: TwinTime,
        /// End of the range.
        to: TwinTime,
        /// The thing it is about, if it is about one.
        thing: Option<ThingId>,
        /// What; not empty.
        text: String,
    },
    /// Show a lane beside the playhead's (ghost, baseline trend), or none.
    Compare(Option<LaneId>),
    /// Acknowledge one alarm on a lane.
    Acknowledge {
        /// Lane.
        lane: LaneId,
        /// Alarm tag.
        alarm: String,
    },
    /// Acknowledge all annunciated alarms of a lane.
    AcknowledgeAll {
        /// Lane.
        lane: LaneId,
    },
    /// Shelve an alarm for a while; it returns by itself.
    Shelve {
        /// Lane.
        lane: LaneId,
        /// Alarm tag.
        alarm: String,
        /// Minutes of plant time, 1 … 720.
        minutes: u32,
        /// Why, for the journal; not empty.
        reason: String,
    },
    /// Return a shelved alarm at once.
    Unshelve {
        /// Lane.
        lane: LaneId,
        /// Alarm tag.
        alarm: String,
    },
    /// Silence the horn (acknowledges nothing).
    SilenceHorn,
    /// Fork a lane at an instant into a new branch and run it ahead.
    Fork {
        /// Parent lane.
        lane: LaneId,
        /// Instant; `None` = where this view's playhead stands.
        at: Option<TwinTime>,
        /// Name of the branch, for people.
        name: String,
        /// Overrides set at the fork.
        overrides: Vec<Override>,
        /// How far to run ahead, plant seconds.
        horizon_secs: f64,
    },
    /// Set overrides on a branch, at its head.
    SetOverrides {
        /// Branch.
        lane: LaneId,
        /// Knobs.
        overrides: Vec<Override>,
    },
    /// Run a branch further ahead by so many plant seconds.
    RunAhead {
        /// Branch.
        lane: LaneId,
        /// Plant seconds.
        secs: f64,
    },
    /// Discard a branch or an ended exercise and free its memory.
    Discard {
        /// Lane.
        lane: LaneId,
    },
    /// Add these signals to the view's trend subscription (the core sends their points).
    WatchSignals(Vec<SignalId>),
    /// Play a failure story as a plant of its own (lane Exercise).
    StartStory {
        /// Story name, such as `bearing-wear`.
        name: String,
        /// 0 … 1.
        severity: f64,
        /// Plant seconds per wall second; `None` = the story's suggested speed.
        speed: Option<f64>,
    },
    /// Change the speed of the running story; 0 pauses.
    StorySpeed {
        /// Plant seconds per wall second.
        speed: f64,
    },
    /// Repair the fault of the running story; the plant runs on.
    ClearStory,
    /// Stop the running story; its lane stays for replay.
    StopStory,
    /// Close the core.
    Quit,
}

/// An action with its author and the view it comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActionEnvelope {
    /// Which view.
    pub view: ViewId,
    /// Who.
    pub author: Author,
    /// What.
    pub action: Action,
}
