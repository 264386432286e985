//! One line about the machine behind the picture: connection, load, time, trust.

use crate::playhead::{Motion, PlayheadView};
use crate::{Panel, Theme, UiEvent, controls, format, text::t};
use egui::{RichText, Sense, Ui, Vec2, vec2};
use twin_model::SourceState;

/// What the status bar tells.
#[derive(Clone, Debug, PartialEq)]
pub struct StatusView {
    /// Name of the source, such as `mqtt://127.0.0.1:1883`.
    pub source: String,
    /// Its connection.
    pub connection: SourceState,
    /// Samples per second of wall time.
    pub samples_per_sec: f64,
    /// Publish to snapshot, median, ms.
    pub latency_p50_ms: f64,
    /// Publish to snapshot, 95th percentile, ms.
    pub latency_p95_ms: f64,
    /// Samples lost.
    pub dropped: u64,
    /// Inputs that could not be used.
    pub problems: u64,
    /// How the history is kept, when it is.
    pub recording: Option<RecordingView>,
    /// Time from frame to frame, ms.
    pub frame_ms: f64,
    /// Where the view stands.
    pub playhead: PlayheadView,
    /// Whether the model keeps up with the plant, when there is one.
    pub pace: Option<PaceView>,
    /// How far the model can be trusted, when there is one.
    pub trust: Option<TrustView>,
}

/// Whether the model keeps up.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PaceView {
    /// Simulated seconds per second of wall time, once measured.
    pub real_time_factor: Option<f64>,
    /// Plant time it is behind, s.
    pub behind_secs: f64,
    /// Plant time it skipped, s.
    pub lost_secs: f64,
}

/// How the historian keeps up. `received = durable + queued + lost`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordingView {
    /// Samples handed to the historian.
    pub received: u64,
    /// Samples on the disk.
    pub durable: u64,
    /// Samples that wait for the disk.
    pub queued: u64,
    /// Samples lost because the disk did not answer.
    pub lost: u64,
    /// Why the disk refuses now; empty when it does not.
    pub refusal: String,
}

/// How well the shadow follows the plant.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TrustView {
    /// Judged signals whose residual stays in its band.
    pub inside: u32,
    /// Judged signals.
    pub judged: u32,
    /// The worst one, as a sentence.
    pub worst: String,
}

impl Default for StatusView {
    fn default() -> Self {
        Self {
            source: String::new(),
            connection: SourceState::Connecting,
            samples_per_sec: 0.0,
            latency_p50_ms: f64::NAN,
            latency_p95_ms: f64::NAN,
            dropped: 0,
            problems: 0,
            recording: None,
            frame_ms: 0.0,
            playhead: PlayheadView::default(),
            pace: None,
            trust: None,
        }
    }
}

/// Height of the bar, points.
pub const HEIGHT: f32 = 26.0;

/// Draws the bar.
pub fn status_bar_ui(ui: &mut Ui, view: &StatusView, theme: &Theme, out: &mut Vec<UiEvent>) {
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = 5.0;
        connection(ui, view, theme);
        item(ui, &format::rate(view.samples_per_sec), t().samples_per_sec, t().samples_hint, theme);
        let latency = format!("{} / {}", format::millis(view.latency_p50_ms), format::millis(view.latency_p95_ms));
        item(ui, &latency, "", t().latency_hint, theme);
        item(ui, &view.dropped.to_string(), t().dropped, t().dropped_hint, theme);
        let problems = format!("{} {}", view.problems, if view.problems == 1 { t().problem } else { t().problems });
        let text = RichText::new(problems).size(theme.small_size + 0.5);
        let colour = if view.problems > 0 { theme.text_strong } else { theme.text_weak };
        if ui.add(egui::Button::new(text.color(colour)).frame_when_inactive(false)).on_hover_text(t().problems_hint).clicked() {
            out.push(UiEvent::OpenPanel(Panel::Problems));
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 5.0;
            playhead(ui, &view.playhead, theme);
            gap(ui);
            item(ui, &format!("{} ms", format::number(view.frame_ms, 1)), t().frame, t().frame_hint, theme);
            if let Some(view) = &view.recording {
                gap(ui);
                recording(ui, view, theme);
            }
            if let Some(pace) = &view.pace {
                gap(ui);
                model_pace(ui, pace, theme);
            }
            if let Some(trust) = &view.trust {
                gap(ui);
                item(ui, &format!("{} / {}", trust.inside, trust.judged), t().model_trust, &trust.worst, theme);
            }
        });
    });
}

/// The model is behind when more than this is left to compute, s: it steps once a second.
const BEHIND_SECS: f64 = 3.0;

fn model_pace(ui: &mut Ui, pace: &PaceView, theme: &Theme) {
    let factor = pace.real_time_factor.map_or_else(|| "–".to_owned(), |factor| format!("{}×", format::number(factor, 1)));
    let lost = format!("{} {}", format::duration(pace.lost_secs), t().model_lost);
    // One remark at a time: the bar also has to fit a small window. What was lost is in the hint as well.
    let text = if pace.behind_secs > BEHIND_SECS {
        format!("{factor} · {} {}", format::duration(pace.behind_secs), t().model_behind)
    } else if pace.lost_secs > 0.0 {
        format!("{factor} · {lost}")
    } else {
        factor
    };
    item(ui, &text, t().model_pace, &format!("{}\n{lost}", t().model_pace_hint), theme);
}

/// The number of samples on the disk; what waits or is lost takes its place, since one remark has to fit a small window.
fn recording(ui: &mut Ui, view: &RecordingView, theme: &Theme) {
    let count = |number: u64| format::count(number);
    let (text, unit) = if !view.refusal.is_empty() {
        (count(view.queued), t().recording_refused)
    } else if view.lost > 0 {
        (count(view.lost), t().recording_lost)
    } else {
        (count(view.durable), t().recorded)
    };
    let sum = format!(
        "{} {} = {} {} + {} {} + {} {}",
        count(view.received),
        t().recording_received,
        count(view.durable),
        t().recorded,
        count(view.queued),
        t().recording_queued,
        count(view.lost),
        t().recording_lost
    );
    item(ui, &text, unit, &[sum.as_str(), view.refusal.as_str()].join("\n"), theme);
}

fn gap(ui: &mut Ui) {
    ui.add_space(8.0);
}

fn connection(ui: &mut Ui, view: &StatusView, theme: &Theme) {
    let (word, is_up, reason) = match &view.connection {
        SourceState::Connected => (t().connected, true, String::new()),
        SourceState::Connecting => (t().connecting, false, String::new()),
        SourceState::Down { reason } => (t().disconnected, false, reason.clone()),
        SourceState::Ended => (t().ended, false, String::new()),
    };
    let (rect, _) = ui.allocate_exact_size(Vec2::new(12.0, 12.0), Sense::hover());
    if is_up {
        ui.painter().circle_filled(rect.center(), 3.5, theme.text);
    } else {
        ui.painter().circle_stroke(rect.center(), 3.5, egui::Stroke::new(1.5, theme.text_strong));
    }
    let colour = if is_up { theme.text_weak } else { theme.text_strong };
    let label = ui.label(RichText::new(format!("{word} · {}", view.source)).size(theme.small_size + 0.5).color(colour));
    if !reason.is_empty() {
        label.on_hover_text(reason);
    }
    gap(ui);
}

fn item(ui: &mut Ui, value: &str, unit: &str, hint: &str, theme: &Theme) {
    let mut job = egui::text::LayoutJob::default();
    let format = |colour| egui::TextFormat { font_id: theme.figures(theme.small_size + 0.5), color: colour, ..Default::default() };
    job.append(value, 0.0, format(theme.text));
    if !unit.is_empty() {
        job.append(unit, 4.0, format(theme.text_faint));
    }
    ui.label(job).on_hover_text(hint);
    gap(ui);
}

fn playhead(ui: &mut Ui, view: &PlayheadView, theme: &Theme) {
    let (fill, text) = view.kind.colours(theme);
    let word = if view.kind == crate::playhead::LaneKind::Live && view.is_history() { t().history } else { view.kind.word() };
    let (fill, text) = if word == t().history { (theme.selected, theme.text_strong) } else { (fill, text) };
    controls::pill(ui, word, fill, text, theme);
    let motion = match view.motion {
        Motion::Following => t().following.to_owned(),
        Motion::Paused => t().paused.to_owned(),
        Motion::Playing(speed) => format::speed(speed),
    };
    let line = format!("{} · {} · {motion}", view.lane_name, format::date_clock_zone(view.time));
    ui.label(RichText::new(line).size(theme.small_size + 0.5).color(theme.text));
    ui.allocate_space(vec2(2.0, 1.0));
}
