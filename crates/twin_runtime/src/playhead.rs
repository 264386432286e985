//! Which lane and which instant a view shows.

use serde::{Deserialize, Serialize};
use twin_model::{LaneId, TwinTime};

/// How a playhead moves.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum PlayheadMode {
    /// Stands at the head of its lane.
    Following,
    /// Moves on, plant seconds per wall second.
    Playing {
        /// Speed, > 0.
        speed: f64,
    },
    /// Stands still.
    Paused,
}

/// The playhead of one view.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Playhead {
    /// Lane on show.
    pub lane: LaneId,
    /// Instant on show.
    pub time: TwinTime,
    /// How it moves.
    pub mode: PlayheadMode,
    /// Lane shown beside it.
    pub compare: Option<LaneId>,
    /// Range that is played again and again.
    pub loop_range: Option<(TwinTime, TwinTime)>,
}

impl Default for Playhead {
    fn default() -> Self {
        Self { lane: LaneId::LIVE, time: TwinTime::default(), mode: PlayheadMode::Following, compare: None, loop_range: None }
    }
}

impl Playhead {
    /// Moves on by `wall_secs` of wall time on a lane whose newest instant is `head`.
    pub fn advance(&mut self, wall_secs: f64, head: TwinTime) {
        match self.mode {
            PlayheadMode::Following => self.time = head,
            PlayheadMode::Playing { speed } => {
                self.time = self.time.plus_secs(wall_secs * speed);
                if let Some((from, _)) = self.loop_range.filter(|(from, to)| self.time >= *to && from < to) {
                    self.time = from;
                    return;
                }
                if self.time >= head {
                    self.time = head;
                    self.mode = PlayheadMode::Following;
                }
            }
            PlayheadMode::Paused => {}
        }
    }

    /// True when it shows the newest instant of lane Live.
    pub fn is_live(&self) -> bool {
        self.lane == LaneId::LIVE && self.mode == PlayheadMode::Following
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn playing_into_the_head_follows_it() {
        let mut playhead = Playhead { mode: PlayheadMode::Playing { speed: 10.0 }, ..Playhead::default() };
        playhead.advance(1.0, TwinTime::from_secs_f64(60.0));
        assert_eq!(playhead.time, TwinTime::from_secs_f64(10.0));
        playhead.advance(10.0, TwinTime::from_secs_f64(60.0));
        assert_eq!((playhead.time, playhead.mode), (TwinTime::from_secs_f64(60.0), PlayheadMode::Following));
    }

    #[test]
    fn a_loop_begins_again_at_its_end_and_never_reaches_the_head() {
        let at = TwinTime::from_secs_f64;
        let range = Some((at(10.0), at(20.0)));
        let mut playhead =
            Playhead { mode: PlayheadMode::Playing { speed: 1.0 }, time: at(18.0), loop_range: range, ..Playhead::default() };
        playhead.advance(1.0, at(60.0));
        assert_eq!(playhead.time, at(19.0));
        playhead.advance(1.0, at(60.0));
        assert_eq!((playhead.time, playhead.mode), (at(10.0), PlayheadMode::Playing { speed: 1.0 }));
    }

    #[test]
    fn a_paused_playhead_stands_while_its_lane_grows() {
        let mut playhead = Playhead { mode: PlayheadMode::Paused, time: TwinTime(5), ..Playhead::default() };
        playhead.advance(10.0, TwinTime::from_secs_f64(60.0));
        assert_eq!(playhead.time, TwinTime(5));
    }
}
