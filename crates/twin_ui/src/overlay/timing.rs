//! How fast labels move and fade.

/// Speed of a label beside its anchor at most, points per second: 12 a frame at 30 frames per second.
pub const SLIDE_PX_PER_SEC: f32 = 360.0;
/// Time to appear.
pub const FADE_IN_SECS: f32 = 0.25;
/// Time to disappear.
pub const FADE_OUT_SECS: f32 = 0.12;
/// Visibility at most of a badge in the frame in which it goes over to another place without sliding.
pub const HOP_ALPHA: f32 = 0.25;
/// A value tag that went away stays away for so long.
pub const AWAY_SECS: f32 = 1.0;
/// A value tag needs a good place for so long before it appears.
pub const READY_SECS: f32 = 0.25;
/// An anchor that moves farther in one frame has been cut to, points.
pub(super) const CUT_PX: f32 = 200.0;
/// Longest step of time: a window that slept does not jump.
const LONGEST_STEP_SECS: f32 = 0.1;

/// The step of time of one frame.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    pub dt_secs: f32,
    /// No history: everything stands where it belongs at once.
    pub is_cut: bool,
}

impl Pace {
    pub fn new(dt_secs: Option<f32>) -> Self {
        let dt = dt_secs.filter(|dt| dt.is_finite()).map_or(0.0, |dt| dt.clamp(0.0, LONGEST_STEP_SECS));
        Self { dt_secs: dt, is_cut: dt_secs.is_none() }
    }

    /// Longest way a label moves beside its anchor in this frame, points.
    pub fn longest_step(self) -> f32 {
        SLIDE_PX_PER_SEC * self.dt_secs
    }
}
