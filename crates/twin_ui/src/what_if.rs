//! What if: fork now or at the playhead, turn knobs, run ahead, compare.

use crate::icons::Icon;
use crate::{Theme, UiEvent, branches, controls, format, playhead::LaneKind, text::t};
use egui::{RichText, ScrollArea, Stroke, Ui, WidgetInfo, WidgetType, pos2, vec2};
use std::collections::BTreeMap;
use twin_model::{Action, LaneId, Override, TwinTime};

/// The bench.
#[derive(Clone, Debug, PartialEq)]
pub struct WhatIfView {
    /// Lane the playhead stands on: the parent of a new branch.
    pub lane: LaneId,
    /// Its name.
    pub lane_name: String,
    /// Its kind.
    pub lane_kind: LaneKind,
    /// Instant of the playhead.
    pub at: TwinTime,
    /// Newest instant of that lane.
    pub head: TwinTime,
    /// What can be turned.
    pub knobs: Vec<KnobView>,
    /// Branches.
    pub branches: Vec<branches::BranchView>,
    /// False greys out forking.
    pub may_fork: bool,
    /// False greys out changing and running on what is there.
    pub may_change: bool,
}

impl Default for WhatIfView {
    fn default() -> Self {
        Self {
            lane: LaneId::LIVE,
            lane_name: String::new(),
            lane_kind: LaneKind::Live,
            at: TwinTime::default(),
            head: TwinTime::default(),
            knobs: Vec::new(),
            branches: Vec::new(),
            may_fork: true,
            may_change: true,
        }
    }
}

/// Something to turn.
#[derive(Clone, Debug, PartialEq)]
pub struct KnobView {
    /// Name that stays the same from one snapshot to the next, such as `FIC-101.SP`.
    pub key: String,
    /// Caption it stands under, such as `Set points`.
    pub group: String,
    /// Name for people.
    pub label: String,
    /// Unit; empty for a switch.
    pub unit: String,
    /// Decimals shown.
    pub decimals: u8,
    /// Lowest value, in the unit.
    pub min: f64,
    /// Highest value, in the unit.
    pub max: f64,
    /// Value at the fork, in the unit; 0 or 1 for a switch. `None` when it is unknown.
    pub current: Option<f64>,
    /// What it turns.
    pub kind: KnobKind,
    /// Loop that goes to MAN in the branch when this is turned.
    pub loop_to_manual: Option<String>,
}

/// What a knob turns, named as the simulation names it.
#[derive(Clone, Debug, PartialEq)]
pub enum KnobKind {
    /// Set point of a controller.
    Setpoint(String),
    /// Output of a controller.
    Output(String),
    /// Starts and stops a drive.
    Drive(String),
    /// Makes a pump the duty pump.
    Duty(String),
    /// A parameter of the model.
    Parameter(String),
    /// A boundary condition.
    Boundary(String),
}

impl KnobKind {
    /// True for a switch.
    pub fn is_switch(&self) -> bool {
        matches!(self, Self::Drive(_) | Self::Duty(_))
    }

    /// The override that sets it.
    pub fn set(&self, value: f64) -> Override {
        match self.clone() {
            Self::Setpoint(controller) => Override::Setpoint { controller, value },
            Self::Output(controller) => Override::Output { controller, value },
            Self::Drive(drive) => Override::Drive { drive, run: value >= 0.5 },
            Self::Duty(drive) => Override::Duty { drive },
            Self::Parameter(name) => Override::Parameter { name, value },
            Self::Boundary(name) => Override::Boundary { name, value },
        }
    }
}

/// What has been turned and not yet run.
#[derive(Clone, Debug)]
pub struct WhatIfState {
    /// New values by knob key.
    pub pending: BTreeMap<String, f64>,
    /// Name for the next branch; empty takes a text made of the first override.
    pub name: String,
    /// How far to run ahead, plant minutes.
    pub horizon_min: f64,
    /// Fork at the head of the lane, although the playhead stands elsewhere.
    pub at_head: bool,
    /// Branch that the knobs go to; `None` forks a new one.
    pub target: Option<LaneId>,
    /// Newest branch that the bench has shown: a newer one is scrolled to.
    pub newest_seen: Option<LaneId>,
}

impl WhatIfState {
    /// True when another pump of the same caption is about to take the duty.
    fn relieves(&self, knob: &KnobView) -> bool {
        let stem =
            |key: &str| key.rsplit_once(" on duty").and_then(|(pump, _)| pump.get(..pump.len().saturating_sub(1)).map(str::to_owned));
        self.pending.iter().any(|(key, value)| *key != knob.key && *value >= 0.5 && stem(key).is_some() && stem(key) == stem(&knob.key))
    }
}

impl Default for WhatIfState {
    fn default() -> Self {
        Self { pending: BTreeMap::new(), name: String::new(), horizon_min: 60.0, at_head: false, target: None, newest_seen: None }
    }
}

/// Draws the bench.
pub fn what_if_ui(ui: &mut Ui, view: &WhatIfView, state: &mut WhatIfState, theme: &Theme, out: &mut Vec<UiEvent>) {
    if state.target.is_some_and(|lane| view.branches.iter().all(|branch| branch.lane != lane)) {
        state.target = None;
    }
    let newest = view.branches.iter().map(|branch| branch.lane).max();
    let is_answer_new = newest.is_some() && newest > state.newest_seen;
    state.newest_seen = newest.max(state.newest_seen);
    // What starts the run stays in sight however many knobs there are.
    let frame = egui::Frame::new().inner_margin(egui::Margin { left: 0, right: 0, top: 6, bottom: 0 });
    egui::Panel::bottom("what_if_run").resizable(false).frame(frame).show(ui, |ui| run_line(ui, view, state, theme, out));
    let mut area = ScrollArea::vertical().auto_shrink(false);
    if is_answer_new {
        area = area.vertical_scroll_offset(0.0);
    }
    area.show(ui, |ui| {
        // Answers first: a person who asked looks for the answer, not for the next question.
        for branch in view.branches.iter().rev() {
            branches::branch_ui(ui, branch, &mut state.target, view.may_change, theme, out);
        }
        fork_line(ui, view, state, theme);
        knobs(ui, view, state, theme);
        pending(ui, view, state, theme);
        ui.add_space(8.0);
    });
}

fn fork_line(ui: &mut Ui, view: &WhatIfView, state: &mut WhatIfState, theme: &Theme) {
    if let Some(target) = state.target {
        let name = view.branches.iter().find(|branch| branch.lane == target).map_or("", |branch| branch.name.as_str());
        ui.horizontal(|ui| {
            ui.label(RichText::new(format!("{} {name}", t().change_branch)).color(theme.text_strong));
            if controls::quiet_button(ui, t().fork_new, theme).clicked() {
                state.target = None;
            }
        });
        return;
    }
    let is_at_head = view.head.secs_since(view.at) < 1.0;
    ui.label(RichText::new(t().what_if_from).size(theme.text_size + 2.0).color(theme.text_strong));
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        let head_words = format!("{} {}", t().now, format::clock(view.head));
        if is_at_head {
            controls::choice(ui, true, &head_words, theme);
        } else {
            let at_words = format!("{} {}", t().at_playhead, format::clock(view.at));
            if controls::choice(ui, !state.at_head, &at_words, theme).clicked() {
                state.at_head = false;
            }
            if controls::choice(ui, state.at_head, &head_words, theme).clicked() {
                state.at_head = true;
            }
        }
        ui.add_space(6.0);
        controls::weak(ui, format!("{} {}", t().on_lane, view.lane_name), theme);
    });
}

fn knobs(ui: &mut Ui, view: &WhatIfView, state: &mut WhatIfState, theme: &Theme) {
    let mut group = "";
    for knob in &view.knobs {
        if knob.group != group {
            group = &knob.group;
            controls::section(ui, group, theme);
        }
        if knob.kind.is_switch() { switch_row(ui, knob, state, theme) } else { slider_row(ui, knob, state, theme) }
    }
    if view.knobs.is_empty() {
        controls::weak(ui, t().no_knobs, theme);
    }
}

fn switch_row(ui: &mut Ui, knob: &KnobView, state: &mut WhatIfState, theme: &Theme) {
    ui.horizontal(|ui| {
        let current = knob.current.unwrap_or(0.0) >= 0.5;
        // One pump takes the duty from the other.
        let is_relieved = matches!(knob.kind, KnobKind::Duty(_)) && state.relieves(knob);
        let mut is_on = state.pending.get(&knob.key).map_or(current && !is_relieved, |value| *value >= 0.5);
        label(ui, knob, state, theme);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let is_fixed = matches!(knob.kind, KnobKind::Duty(_)) && current;
            ui.add_enabled_ui(!is_fixed, |ui| {
                if controls::switch(ui, &mut is_on, &format!("{} {}", t().switch, knob.label), theme).changed() {
                    set_pending(state, knob, f64::from(u8::from(is_on)));
                }
            });
            let word = match (is_on, &knob.kind) {
                (true, KnobKind::Duty(_)) => t().duty,
                (false, KnobKind::Duty(_)) => t().standby,
                (true, _) => t().running,
                (false, _) => t().stopped,
            };
            controls::weak(ui, word, theme);
        });
    });
}

fn slider_row(ui: &mut Ui, knob: &KnobView, state: &mut WhatIfState, theme: &Theme) {
    let current = knob.current.unwrap_or(knob.min);
    let mut value = state.pending.get(&knob.key).copied().unwrap_or(current);
    let before = value;
    ui.horizontal(|ui| {
        label(ui, knob, state, theme);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let speed = (knob.max - knob.min) / 400.0;
            // The knob stands in the unit of the plant; only what is read and typed is in the unit of the site.
            let shown = format::conversion(&knob.unit);
            let suffix = if shown.unit.is_empty() || shown.unit == "1" { String::new() } else { format!(" {}", shown.unit) };
            let field = egui::DragValue::new(&mut value)
                .range(knob.min..=knob.max)
                .speed(speed)
                .custom_formatter(|value, _| format::number(shown.value(value), shown.decimals(knob.decimals)))
                .custom_parser(|text| format::parse(text).map(|typed| shown.back(typed)))
                .suffix(suffix);
            ui.add(field);
        });
    });
    ui.spacing_mut().slider_width = ui.available_width();
    let slider = egui::Slider::new(&mut value, knob.min..=knob.max).show_value(false).smart_aim(false);
    let response = ui.add(slider);
    response.widget_info(|| WidgetInfo::slider(true, before, &knob.label));
    if let Some(current) = knob.current
        && knob.max > knob.min
    {
        let share = ((current - knob.min) / (knob.max - knob.min)).clamp(0.0, 1.0) as f32;
        let inner = response.rect.shrink2(vec2(response.rect.height() / 2.5, 0.0));
        let at = pos2(inner.left() + inner.width() * share, response.rect.center().y);
        ui.painter().vline(at.x, at.y + 4.0..=at.y + 9.0, Stroke::new(1.5, theme.text_weak));
    }
    let step = 10f64.powi(i32::from(knob.decimals));
    let value = (value * step).round() / step;
    if (value - (before * step).round() / step).abs() > 1e-12 {
        set_pending(state, knob, value);
    }
}

fn label(ui: &mut Ui, knob: &KnobView, state: &WhatIfState, theme: &Theme) {
    let is_turned = state.pending.contains_key(&knob.key);
    let colour = if is_turned { theme.accent } else { theme.text };
    ui.label(RichText::new(&knob.label).color(colour));
    if let Some(current) = knob.current
        && is_turned
        && !knob.kind.is_switch()
    {
        controls::weak(ui, format!("{} {}", t().was, shown_number(knob, current)), theme);
    }
}

/// Keeps a new value, or forgets it when it is the current one.
fn set_pending(state: &mut WhatIfState, knob: &KnobView, value: f64) {
    let half_step = 0.5 * 10f64.powi(-i32::from(knob.decimals));
    if knob.current.is_some_and(|current| (value - current).abs() < half_step) {
        state.pending.remove(&knob.key);
    } else {
        state.pending.insert(knob.key.clone(), value);
    }
}

/// One override in words: `FIC-101 set point 90.0 → 80.0 m³/h`.
fn override_words(knob: &KnobView, value: f64) -> String {
    if matches!(knob.kind, KnobKind::Duty(_)) {
        return knob.label.clone();
    }
    if knob.kind.is_switch() {
        let word = if value >= 0.5 { t().running } else { t().stopped };
        return format!("{} → {word}", knob.label);
    }
    let from = knob.current.map_or_else(|| format::NO_VALUE.to_owned(), |current| shown_number(knob, current));
    let shown = format::conversion(&knob.unit);
    format!("{} {from} → {}", knob.label, format::quantity(shown.value(value), shown.decimals(knob.decimals), &shown.unit))
}

/// A position of a knob in the unit of the site.
fn shown_number(knob: &KnobView, value: f64) -> String {
    let shown = format::conversion(&knob.unit);
    format::number(shown.value(value), shown.decimals(knob.decimals))
}

fn pending(ui: &mut Ui, view: &WhatIfView, state: &mut WhatIfState, theme: &Theme) {
    if state.pending.is_empty() {
        return;
    }
    controls::section(ui, t().overrides, theme);
    let mut forget = None;
    for knob in &view.knobs {
        let Some(value) = state.pending.get(&knob.key) else { continue };
        ui.horizontal(|ui| {
            let words = override_words(knob, *value);
            if controls::icon_button(ui, Icon::Close, &format!("{} {}", t().forget, knob.label), false, theme).clicked() {
                forget = Some(knob.key.clone());
            }
            ui.add(egui::Label::new(RichText::new(words).color(theme.text_strong)).truncate());
        });
        if let Some(controller) = &knob.loop_to_manual {
            ui.horizontal(|ui| {
                ui.add_space(32.0);
                controls::weak(ui, format!("{controller} {}", t().goes_to_manual), theme);
            });
        }
    }
    if let Some(key) = forget {
        state.pending.remove(&key);
    }
}

fn run_line(ui: &mut Ui, view: &WhatIfView, state: &mut WhatIfState, theme: &Theme, out: &mut Vec<UiEvent>) {
    let turned: Vec<&KnobView> = view.knobs.iter().filter(|knob| state.pending.contains_key(&knob.key)).collect();
    let overrides: Vec<Override> =
        turned.iter().filter_map(|knob| state.pending.get(&knob.key).map(|value| knob.kind.set(*value))).collect();
    if let Some(lane) = state.target {
        ui.add_enabled_ui(view.may_change && !overrides.is_empty(), |ui| {
            if controls::text_icon_button(ui, Icon::Branch, t().apply_to_branch, true, theme).clicked() {
                out.push(UiEvent::Twin(Action::SetOverrides { lane, overrides }));
                state.pending.clear();
            }
        });
        return;
    }
    let hint = turned
        .first()
        .and_then(|knob| state.pending.get(&knob.key).map(|value| override_words(knob, *value)))
        .unwrap_or_else(|| t().no_change.to_owned());
    ui.horizontal(|ui| {
        controls::weak(ui, t().run_ahead, theme);
        ui.add(egui::DragValue::new(&mut state.horizon_min).range(1.0..=1440.0).speed(1.0).max_decimals(0).suffix(" min"));
        let hint_text = RichText::new(&hint).color(theme.text_faint);
        let field = ui.add(egui::TextEdit::singleline(&mut state.name).hint_text(hint_text).desired_width(ui.available_width() - 4.0));
        field.widget_info(|| WidgetInfo::labeled(WidgetType::TextEdit, true, t().branch_name));
    });
    ui.add_space(4.0);
    ui.add_enabled_ui(view.may_fork, |ui| {
        if controls::text_icon_button(ui, Icon::Branch, t().fork_and_run, true, theme).clicked() {
            let name = if state.name.trim().is_empty() { hint } else { state.name.trim().to_owned() };
            let at = state.at_head.then_some(view.head);
            let horizon_secs = state.horizon_min * 60.0;
            out.push(UiEvent::Twin(Action::Fork { lane: view.lane, at, name, overrides, horizon_secs }));
            state.pending.clear();
            state.name.clear();
        }
    });
}
