//! The live alarm strip: always the plant as it is now, wherever the playhead stands.

use crate::alarm_view::{AlarmCount, AlarmView};
use crate::icons::Icon;
use crate::marks::{self, AlarmMark};
use crate::theme::radius;
use crate::{Panel, Theme, UiEvent, alarm_view::AlarmState, controls, format, text::t};
use egui::{Align2, CornerRadius, Rect, RichText, Sense, Stroke, StrokeKind, Ui, WidgetInfo, WidgetType, pos2, vec2};
use twin_model::alarm::AlarmClass;
use twin_model::{Action, LaneId, SourceState};

/// The live lane's alarms.
#[derive(Clone, Debug, PartialEq)]
pub struct AlarmStripView {
    /// Unacknowledged alarms, most urgent first; the strip shows as many as fit.
    pub newest: Vec<AlarmView>,
    /// Counts of priority 1, 2, 3.
    pub priorities: [AlarmCount; 3],
    /// Counts of alerts.
    pub alerts: AlarmCount,
    /// True while the horn sounds.
    pub is_horn_on: bool,
    /// Connection of the live source: without one the strip says that it is blind.
    pub connection: SourceState,
    /// True when the view does not show the live moment.
    pub is_view_away: bool,
    /// Lane whose head the view follows; none while it stands in the past.
    pub followed: Option<LaneId>,
    /// False greys out acknowledging.
    pub may_acknowledge: bool,
}

impl Default for AlarmStripView {
    fn default() -> Self {
        Self {
            newest: Vec::new(),
            priorities: [AlarmCount::default(); 3],
            alerts: AlarmCount::default(),
            is_horn_on: false,
            connection: SourceState::Connecting,
            is_view_away: false,
            followed: Some(LaneId::LIVE),
            may_acknowledge: true,
        }
    }
}

/// What a jump to an alarm asks for: the head of its lane, selection, camera, faceplate. `shown` is where the view follows a head.
pub fn jump_to(alarm: &AlarmView, shown: Option<LaneId>, out: &mut Vec<UiEvent>) {
    if shown != Some(alarm.lane) {
        out.push(UiEvent::Twin(Action::SwitchLane(alarm.lane)));
    }
    out.push(UiEvent::Select(Some(alarm.thing.clone())));
    out.push(UiEvent::FlyTo(alarm.thing.clone()));
    out.push(UiEvent::OpenPanel(Panel::Faceplate));
}

/// Height of the strip, points.
pub const HEIGHT: f32 = 34.0;

/// Draws the strip on one line.
pub fn alarm_strip_ui(ui: &mut Ui, view: &AlarmStripView, theme: &Theme, out: &mut Vec<UiEvent>) {
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        controls::pill(ui, t().live, theme.normal_band, theme.text_strong, theme);
        for (index, count) in view.priorities.iter().enumerate() {
            let priority = u8::try_from(index + 1).ok();
            count_badge(ui, AlarmClass::Alarm, priority, *count, theme, out);
        }
        count_badge(ui, AlarmClass::Alert, None, view.alerts, theme, out);
        horn_button(ui, view, theme, out);
        let (rect, _) = ui.allocate_exact_size(vec2(1.0, 18.0), Sense::hover());
        ui.painter().rect_filled(rect, 0.0, theme.line);
        if let SourceState::Down { reason } = &view.connection {
            connection_warning(ui, reason, theme);
        }
        if view.is_view_away {
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                if ui.add(egui::Button::new(RichText::new(t().return_to_live)).stroke(Stroke::new(1.0, theme.accent))).clicked() {
                    out.push(UiEvent::Twin(Action::SwitchLane(LaneId::LIVE)));
                }
                ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| newest(ui, view, theme, out));
            });
        } else {
            newest(ui, view, theme, out);
        }
    });
}

fn count_badge(ui: &mut Ui, class: AlarmClass, priority: Option<u8>, count: AlarmCount, theme: &Theme, out: &mut Vec<UiEvent>) {
    let text = count.active.max(count.unacknowledged).to_string();
    let is_quiet = count.active == 0 && count.unacknowledged == 0;
    let (rect, response) = ui.allocate_exact_size(vec2(26.0 + 7.0 * text.len() as f32, 24.0), Sense::click());
    let state = match (count.unacknowledged, count.active) {
        (0, 0) => AlarmState::Normal,
        (0, _) => AlarmState::Acknowledged,
        _ => AlarmState::Unacknowledged,
    };
    let mark = AlarmMark { class, priority, state };
    response.widget_info(|| {
        let name = mark.words().split(',').next().unwrap_or_default().to_owned();
        let words = format!("{name}: {} {}, {} {}", count.active, t().active, count.unacknowledged, t().unacknowledged);
        WidgetInfo::labeled(WidgetType::Button, true, words)
    });
    if response.hovered() {
        ui.painter().rect_filled(rect, CornerRadius::same(radius::M), theme.raised);
    }
    let is_bright = theme.is_flash_bright(ui.input(|input| input.time));
    let center = pos2(rect.left() + 11.0, rect.center().y);
    marks::paint_alarm(ui.painter(), center, 15.0, mark, is_bright, theme);
    let colour = if is_quiet { theme.text_faint } else { theme.text_strong };
    ui.painter().text(pos2(rect.left() + 23.0, rect.center().y), Align2::LEFT_CENTER, text, theme.figures(theme.text_size), colour);
    if response.clicked() {
        out.push(UiEvent::OpenPanel(Panel::AlarmList));
    }
}

fn horn_button(ui: &mut Ui, view: &AlarmStripView, theme: &Theme, out: &mut Vec<UiEvent>) {
    ui.add_enabled_ui(view.is_horn_on, |ui| {
        if controls::icon_button(ui, Icon::Silence, t().silence_horn, view.is_horn_on, theme).clicked() {
            out.push(UiEvent::Twin(Action::SilenceHorn));
        }
    });
}

fn connection_warning(ui: &mut Ui, reason: &str, theme: &Theme) {
    let (rect, response) = ui.allocate_exact_size(vec2(16.0, 20.0), Sense::hover());
    crate::icons::paint(ui.painter(), Rect::from_center_size(rect.center(), vec2(15.0, 15.0)), Icon::Warning, theme.text_strong);
    response.on_hover_text(reason);
    ui.label(RichText::new(t().no_live_data).color(theme.text_strong)).on_hover_text(reason);
}

fn newest(ui: &mut Ui, view: &AlarmStripView, theme: &Theme, out: &mut Vec<UiEvent>) {
    if view.newest.is_empty() {
        ui.label(RichText::new(t().no_unacknowledged).color(theme.text_faint));
        return;
    }
    for (index, alarm) in view.newest.iter().enumerate() {
        let is_first = index == 0;
        let job = chip_words(alarm, is_first, theme);
        let text = job.text.clone();
        let galley = ui.painter().layout_job(job.clone());
        let left = alarm.time_left_secs.map(format::countdown).unwrap_or_default();
        let left_width = if left.is_empty() { 0.0 } else { 46.0 };
        let width = galley.size().x + 38.0 + left_width;
        let ack_width = if is_first { 56.0 } else { 0.0 };
        if !is_first && ui.available_width() < width + ack_width + 60.0 {
            let rest = view.newest.len() - index;
            if controls::quiet_button(ui, &format!("+{rest} {}", t().more), theme).clicked() {
                out.push(UiEvent::OpenPanel(Panel::AlarmList));
            }
            return;
        }
        let width = width.min(ui.available_width() - ack_width).max(60.0);
        let (rect, response) = ui.allocate_exact_size(vec2(width, 26.0), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(WidgetType::Button, true, format!("{} {text}", t().jump_to)));
        let colour = theme.alarm_ink(alarm.class, alarm.priority);
        ui.painter().rect(
            rect,
            CornerRadius::same(radius::M),
            theme.raised,
            Stroke::new(1.0, if alarm.is_training { theme.accent } else { colour }),
            StrokeKind::Inside,
        );
        let is_bright = theme.is_flash_bright(ui.input(|input| input.time));
        marks::paint_alarm(ui.painter(), pos2(rect.left() + 15.0, rect.center().y), 15.0, alarm.mark(), is_bright, theme);
        let text_rect = Rect::from_min_max(pos2(rect.left() + 29.0, rect.top()), pos2(rect.right() - 6.0 - left_width, rect.bottom()));
        paint_words(ui, text_rect, job);
        if !left.is_empty() {
            let at = pos2(rect.right() - 8.0, rect.center().y);
            ui.painter().text(at, Align2::RIGHT_CENTER, left, theme.figures(theme.text_size - 1.0), theme.text_weak);
        }
        if response.on_hover_text(&alarm.operator_action).clicked() {
            jump_to(alarm, view.followed, out);
        }
        if is_first {
            let may = view.may_acknowledge && alarm.state.wants_acknowledgement();
            let button = ui.add_enabled(may, egui::Button::new(t().acknowledge_short));
            button.widget_info(|| WidgetInfo::labeled(WidgetType::Button, may, format!("{} {}", t().acknowledge, alarm.tag)));
            if button.clicked() {
                out.push(UiEvent::Twin(Action::Acknowledge { lane: alarm.lane, alarm: alarm.tag.clone() }));
            }
        }
    }
}

/// Lane, tag, message and, where there is room, the thing: the tag heavier, the rest quieter the less it tells apart.
fn chip_words(alarm: &AlarmView, with_thing: bool, theme: &Theme) -> egui::text::LayoutJob {
    let mut job = egui::text::LayoutJob::default();
    let format = |font_id, color| egui::TextFormat { font_id, color, ..Default::default() };
    if alarm.is_training {
        job.append(&format!("{} · ", t().exercise), 0.0, format(theme.strong(), theme.accent));
    }
    job.append(&alarm.tag, 0.0, format(theme.strong(), theme.text_strong));
    job.append(&format!("  {}", alarm.message), 0.0, format(theme.body(), theme.text_strong));
    if with_thing {
        job.append(&format!(" · {}", alarm.thing_name), 0.0, format(theme.body(), theme.text_weak));
    }
    job
}

fn paint_words(ui: &Ui, rect: Rect, mut job: egui::text::LayoutJob) {
    job.wrap = egui::text::TextWrapping::truncate_at_width(rect.width().max(1.0));
    let galley = ui.painter().layout_job(job);
    let at = Align2::LEFT_CENTER.align_size_within_rect(galley.size(), rect).min;
    ui.painter().galley(at, galley, egui::Color32::PLACEHOLDER);
}
