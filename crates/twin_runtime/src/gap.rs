//! What late samples tell of a gap they fill.

use twin_insight::{AlarmStatus, Evaluation, Evaluator};
use twin_model::{Batch, Origin, Sample, TwinTime};

/// Signals fall silent one after the other, each after its own interval; marks closer together belong to one gap, seconds.
const SAME_GAP_SECS: f64 = 600.0;

/// Keeps the evaluator as it stood when signals fell silent, and lets it hear what the gap held.
///
/// Late samples without a gap before them (two messages that overtook each other) are stored and counted only.
#[derive(Debug, Default)]
pub(crate) struct GapWatch {
    before: Option<Evaluator>,
    newest_mark: TwinTime,
    late: Batch,
}

impl GapWatch {
    /// Looks at what is about to be evaluated: the first sign of silence keeps a copy of the evaluator.
    pub fn before_commit(&mut self, samples: &[Sample], evaluator: &Evaluator) {
        let Some(mark) = samples.iter().filter(|s| s.origin == Origin::Live && s.quality.is_stale()).map(|s| s.source_time).max() else {
            return;
        };
        if self.before.is_none() || mark - self.newest_mark > SAME_GAP_SECS {
            self.before = Some(evaluator.fork_for_gap());
        }
        self.newest_mark = mark;
    }

    /// Evaluates the late samples of a commit; `out` holds entries for the journal alone. Returns where the alarm points
    /// stood in the gap, if there was one.
    pub fn fill(&mut self, samples: &[Sample], out: &mut Evaluation) -> Option<&[AlarmStatus]> {
        if !samples.iter().any(|s| s.origin == Origin::Late) {
            return None;
        }
        let evaluator = self.before.as_mut()?;
        self.late.samples.clear();
        self.late.samples.extend(samples.iter().filter(|s| s.origin == Origin::Late));
        out.clear();
        evaluator.commit(&self.late, out);
        Some(evaluator.alarms())
    }
}
