//! A branch of the what-if bench: how far it is, what it found, what to do with it.

use crate::icons::{self, Icon};
use crate::table::{self, Width};
use crate::{Theme, UiEvent, controls, format, text::t};
use egui::{Align2, CornerRadius, Rect, RichText, Sense, Stroke, Ui, Vec2, WidgetInfo, WidgetType, pos2, vec2};
use twin_model::{Action, LaneId, TwinTime};

/// One branch.
#[derive(Clone, Debug, PartialEq)]
pub struct BranchView {
    /// Its lane.
    pub lane: LaneId,
    /// Name.
    pub name: String,
    /// Lane it was forked from.
    pub parent: LaneId,
    /// Name of that lane.
    pub parent_name: String,
    /// Instant of the fork.
    pub forked_at: TwinTime,
    /// Newest instant of the branch.
    pub head: TwinTime,
    /// Share of the horizon that has been run, 0 … 1.
    pub progress: f64,
    /// Plant seconds per wall second of its last run; 0 while unknown.
    pub speed: f64,
    /// Overrides in words.
    pub overrides: Vec<String>,
    /// Loops that overrides put into MAN.
    pub loops_in_manual: Vec<String>,
    /// Difference between model and measurement at the fork, as a sentence; empty when there is none to speak of.
    pub difference_at_fork: String,
    /// What gets better and worse.
    pub comparison: Vec<ComparisonRow>,
    /// The scene shows this branch.
    pub is_shown: bool,
    /// The trends show it beside the playhead's lane.
    pub is_compared: bool,
}

/// One line of the comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct ComparisonRow {
    /// Throughput, energy, time to next alarm, money, CO₂ …
    pub label: String,
    /// Unit.
    pub unit: String,
    /// Decimals shown.
    pub decimals: u8,
    /// Baseline (the parent's shadow over the same time).
    pub baseline: Option<f64>,
    /// Branch.
    pub branch: Option<f64>,
    /// Which direction is better.
    pub better: Better,
    /// Text in place of a number, for `none within 60 min`.
    pub baseline_text: Option<String>,
    /// Text in place of a number.
    pub branch_text: Option<String>,
}

/// Which direction is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// More is better.
    Higher,
    /// Less is better.
    Lower,
    /// Neither.
    Neutral,
}

/// What a comparison comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Better than the baseline.
    Better,
    /// Worse than the baseline.
    Worse,
    /// The same within what is shown, or neither better nor worse.
    Same,
}

impl ComparisonRow {
    /// Better, worse or the same, judged by what the shown decimals can tell.
    pub fn verdict(&self) -> Verdict {
        let (Some(baseline), Some(branch)) = (self.baseline, self.branch) else { return Verdict::Same };
        let change = branch - baseline;
        if change.is_nan() || change.abs() < 0.5 * 10f64.powi(-i32::from(self.decimals)) {
            return Verdict::Same;
        }
        match (self.better, change > 0.0) {
            (Better::Neutral, _) => Verdict::Same,
            (Better::Higher, true) | (Better::Lower, false) => Verdict::Better,
            (Better::Higher, false) | (Better::Lower, true) => Verdict::Worse,
        }
    }

    fn text(&self, value: Option<f64>, text: Option<&String>) -> String {
        text.cloned().unwrap_or_else(|| value.map_or_else(|| format::NO_VALUE.to_owned(), |value| format::number(value, self.decimals)))
    }

    fn change(&self) -> String {
        // Where a text stands for a number, the difference is not a number either.
        let is_number = self.baseline_text.is_none() && self.branch_text.is_none();
        let (Some(baseline), Some(branch), true) = (self.baseline, self.branch, is_number) else { return String::new() };
        if !(branch - baseline).is_finite() {
            return String::new();
        }
        format::signed(branch - baseline, self.decimals)
    }
}

/// Draws a branch as a card.
pub fn branch_ui(ui: &mut Ui, branch: &BranchView, target: &mut Option<LaneId>, may_change: bool, theme: &Theme, out: &mut Vec<UiEvent>) {
    ui.add_space(10.0);
    let is_target = *target == Some(branch.lane);
    let border = if branch.is_shown || is_target { theme.accent } else { theme.line };
    let frame = egui::Frame::new()
        .fill(theme.card())
        .stroke(Stroke::new(1.0, border))
        .corner_radius(6)
        .inner_margin(egui::Margin::symmetric(10, 8));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal(|ui| {
            controls::pill(ui, t().sim, theme.accent, theme.on_accent, theme);
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = 2.0;
                if controls::icon_button(ui, Icon::Close, &format!("{} {}", t().discard, branch.name), false, theme).clicked() {
                    out.push(UiEvent::Twin(Action::Discard { lane: branch.lane }));
                }
                let compare = format!("{} {}", t().compare, branch.name);
                if controls::icon_button(ui, Icon::Trend, &compare, branch.is_compared, theme).clicked() {
                    out.push(UiEvent::Twin(Action::Compare((!branch.is_compared).then_some(branch.lane))));
                }
                let show = format!("{} {}", t().show_in_scene, branch.name);
                if controls::icon_button(ui, Icon::Eye, &show, branch.is_shown, theme).clicked() {
                    let lane = if branch.is_shown { branch.parent } else { branch.lane };
                    out.push(UiEvent::Twin(Action::SwitchLane(lane)));
                }
                ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                    ui.add(egui::Label::new(RichText::new(&branch.name).color(theme.text_strong)).truncate());
                });
            });
        });
        progress(ui, branch, theme);
        for line in &branch.overrides {
            controls::weak(ui, line, theme);
        }
        if !branch.loops_in_manual.is_empty() {
            controls::weak(ui, format!("{} {}", branch.loops_in_manual.join(", "), t().in_manual), theme);
        }
        if !branch.difference_at_fork.is_empty() {
            ui.add(egui::Label::new(RichText::new(&branch.difference_at_fork).size(theme.small_size + 0.5).color(theme.text_weak)).wrap());
        }
        if !branch.comparison.is_empty() {
            comparison_table(ui, branch, theme);
        }
        ui.horizontal(|ui| {
            ui.add_enabled_ui(may_change, |ui| {
                if controls::quiet_button(ui, t().run_further, theme).clicked() {
                    out.push(UiEvent::Twin(Action::RunAhead { lane: branch.lane, secs: 1800.0 }));
                }
                let word = if is_target { t().stop_changing } else { t().change_knobs };
                if controls::quiet_button(ui, word, theme).clicked() {
                    *target = if is_target { None } else { Some(branch.lane) };
                }
            });
        });
    });
}

fn progress(ui: &mut Ui, branch: &BranchView, theme: &Theme) {
    let share = branch.progress.clamp(0.0, 1.0);
    let is_done = share >= 1.0;
    let ahead = format::duration(branch.head.secs_since(branch.forked_at));
    let words =
        if is_done { format!("{} {ahead}", t().ran) } else { format!("{} {ahead} · {}", t().running_ahead, format::percent(share)) };
    // Unknown until a run has been timed.
    let speed = if branch.speed > 0.0 { format!(" · {}", format::speed(branch.speed.round())) } else { String::new() };
    ui.horizontal(|ui| {
        let from = format!("{} {}", branch.parent_name, format::clock(branch.forked_at));
        controls::weak(ui, format!("{} {from} · {words}{speed}", t().from), theme);
    });
    if !is_done {
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 4.0), Sense::hover());
        response.widget_info(|| {
            WidgetInfo::labeled(WidgetType::ProgressIndicator, true, format!("{} {}", branch.name, format::percent(share)))
        });
        ui.painter().rect_filled(rect, CornerRadius::same(2), theme.normal_band);
        let done = Rect::from_min_size(rect.min, vec2(rect.width() * share as f32, rect.height()));
        ui.painter().rect_filled(done, CornerRadius::same(2), theme.accent);
    }
}

fn comparison_table(ui: &mut Ui, branch: &BranchView, theme: &Theme) {
    const COLUMNS: [Width; 4] = [Width::Share(1.25), Width::Share(0.8), Width::Share(0.8), Width::Fixed(96.0)];
    ui.add_space(4.0);
    ui.spacing_mut().item_spacing.y = 0.0;
    let (rect, _) = table::row(ui, 20.0, Sense::hover());
    let cells = table::columns(rect, COLUMNS, 6.0);
    for (index, (cell, word)) in cells.iter().zip(["", t().baseline, t().what_if_short, t().change]).enumerate() {
        let align = if index == 0 { Align2::LEFT_CENTER } else { Align2::RIGHT_CENTER };
        controls::text_in(ui, *cell, align, word, theme.small(), theme.text_faint);
    }
    ui.painter().hline(rect.x_range(), rect.bottom(), Stroke::new(1.0, theme.line));
    for row in &branch.comparison {
        comparison_row(ui, row, COLUMNS, theme);
    }
    ui.add_space(4.0);
}

fn comparison_row(ui: &mut Ui, row: &ComparisonRow, widths: [Width; 4], theme: &Theme) {
    let (rect, response) = table::row(ui, 22.0, Sense::hover());
    let cells = table::columns(rect, widths, 6.0);
    let baseline = row.text(row.baseline, row.baseline_text.as_ref());
    let branch = row.text(row.branch, row.branch_text.as_ref());
    let verdict = row.verdict();
    let word = match verdict {
        Verdict::Better => t().better,
        Verdict::Worse => t().worse,
        Verdict::Same => t().same,
    };
    response
        .widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, format!("{} {baseline} → {branch} {} {word}", row.label, row.unit)));
    let label = if row.unit.is_empty() { row.label.clone() } else { format!("{}  {}", row.label, row.unit) };
    controls::text_in(ui, cells[0], Align2::LEFT_CENTER, &label, theme.figures(theme.text_size - 1.0), theme.text_weak);
    controls::text_in(ui, cells[1], Align2::RIGHT_CENTER, &baseline, theme.figures(theme.text_size), theme.text);
    controls::text_in(ui, cells[2], Align2::RIGHT_CENTER, &branch, theme.figures(theme.text_size), theme.text_strong);
    let (icon, colour) = match verdict {
        Verdict::Better => (Some(Icon::Check), theme.text_strong),
        Verdict::Worse => (Some(Icon::Warning), theme.text_strong),
        Verdict::Same => (None, theme.text_faint),
    };
    let change = row.change();
    let text = if change.is_empty() { word.to_owned() } else { change };
    let mut change_cell = cells[3];
    if let Some(icon) = icon {
        let at = Rect::from_center_size(pos2(change_cell.right() - 6.0, change_cell.center().y), Vec2::splat(12.0));
        icons::paint(ui.painter(), at, icon, colour);
    }
    change_cell.max.x -= 18.0;
    controls::text_in(ui, change_cell, Align2::RIGHT_CENTER, &text, theme.figures(theme.text_size), colour);
    response.on_hover_text(word);
}
