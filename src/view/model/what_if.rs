//! The what-if bench.

use super::{ViewState, has_model, head_of, knobs, lane_name};
use twin_runtime::{BranchView as Branch, ViewFrame};
use twin_ui::branches::{Better, BranchView, ComparisonRow};
use twin_ui::playhead::PlayheadView;
use twin_ui::what_if::WhatIfView;

pub(super) fn bench(state: &ViewState, frame: &ViewFrame, playhead: &PlayheadView) -> WhatIfView {
    WhatIfView {
        lane: playhead.lane,
        lane_name: playhead.lane_name.clone(),
        lane_kind: playhead.kind,
        at: playhead.time,
        head: playhead.head,
        knobs: knobs::knobs(state, frame),
        branches: state.snapshot.branches.iter().filter_map(|branch| branch_view(state, frame, branch)).collect(),
        may_fork: has_model(state) && playhead.kind != twin_ui::playhead::LaneKind::Branch,
        may_change: has_model(state),
    }
}

fn branch_view(state: &ViewState, frame: &ViewFrame, branch: &Branch) -> Option<BranchView> {
    let (parent, forked_at) = state.snapshot.lane(branch.lane)?.fork?;
    let ran = (branch.head - forked_at) / (branch.horizon - forked_at).max(1.0);
    let horizon_min = branch.comparison.span_secs / 60.0;
    let mut overrides = branch.overrides.clone();
    overrides.extend(branch.condition.iter().map(|c| {
        format!(
            "{} = {:.2} at the fork, from {}, growing {:.0} %/h (not validated)",
            c.parameter,
            c.value,
            c.evidence,
            c.growth_per_hour * 100.0
        )
    }));
    overrides.extend(first_alarms(&branch.comparison));
    let loops = branch.notes.iter().filter(|note| note.contains("MAN")).filter_map(|note| note.split(' ').next().map(str::to_owned));
    overrides.extend(branch.notes.iter().filter(|note| !note.contains("MAN")).cloned());
    Some(BranchView {
        lane: branch.lane,
        name: lane_name(state, branch.lane),
        parent,
        parent_name: lane_name(state, parent),
        forked_at,
        head: head_of(state, branch.lane).unwrap_or(forked_at),
        progress: ran.clamp(0.0, 1.0),
        speed: branch.speed.unwrap_or(0.0),
        overrides,
        loops_in_manual: loops.collect(),
        difference_at_fork: difference(&branch.mismatch),
        comparison: branch.comparison.rows.iter().map(|row| comparison_row(row, horizon_min)).collect(),
        is_shown: frame.playhead.lane == branch.lane,
        is_compared: frame.playhead.compare == Some(branch.lane) || frame.playhead.compare == Some(branch.baseline),
    })
}

fn difference(mismatch: &[String]) -> String {
    if mismatch.is_empty() { String::new() } else { format!("Measured less modelled at the fork: {}", mismatch.join(", ")) }
}

/// The first alarm of each run by name, for below the table.
fn first_alarms(comparison: &twin_runtime::Comparison) -> impl Iterator<Item = String> + '_ {
    let runs = ["as it is", "with the change"].into_iter().zip(&comparison.first_alarm);
    runs.filter_map(|(run, alarm)| Some(format!("First alarm {run}: {}", alarm.as_ref()?)))
}

fn comparison_row(row: &twin_runtime::ComparisonRow, horizon_min: f64) -> ComparisonRow {
    let is_alarm = row.name == "Next alarm in";
    let text = |value: Option<f64>| (is_alarm && value.is_none()).then(|| "none".to_owned());
    // No alarm within the horizon is better than any alarm within it.
    let shown = twin_ui::format::conversion(&row.unit);
    let number = |value: Option<f64>| if is_alarm { Some(value.unwrap_or(horizon_min + 1.0)) } else { value.map(|v| shown.value(v)) };
    ComparisonRow {
        label: row.name.clone(),
        unit: shown.unit.clone(),
        decimals: shown.decimals(row.decimals),
        baseline: number(row.baseline),
        branch: number(row.branch),
        better: if row.more_is_better { Better::Higher } else { Better::Lower },
        baseline_text: text(row.baseline),
        branch_text: text(row.branch),
    }
}
