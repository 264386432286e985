//! Alarm badges and health letters.

use super::edge_arrow::arrow_head;
use super::leader::{faded, leader};
use super::request::{Placed, PlacedKind};
use crate::marks::{self, AlarmMark};
use crate::{Theme, text::t};
use egui::text::{LayoutJob, TextWrapping};
use egui::{Align2, Color32, CornerRadius, Painter, Rect, Stroke, StrokeKind, Vec2, pos2, vec2};
use twin_model::alarm::HealthState;

/// Height of a badge, points.
const BADGE_HEIGHT: f32 = 26.0;
/// Size of the mark in it, points.
const MARK: f32 = 17.0;
/// Where the text of a badge starts, points from its left edge.
const TEXT_START: f32 = 28.0;
/// Room after the text, points.
const TEXT_END: f32 = 9.0;
/// Room a health letter takes, points.
pub const LETTER_SIZE: Vec2 = vec2(22.0, 22.0);

/// An alarm badge beside its equipment.
#[derive(Clone, Debug, PartialEq)]
pub struct BadgeView {
    /// What it says.
    pub mark: AlarmMark,
    /// Name of the thing, written beside the mark.
    pub label: String,
    /// More alarms at the same thing, beyond the one shown.
    pub more: u32,
    /// Bright half of the flash; true for what has been acknowledged.
    pub is_bright: bool,
    /// Its thing is selected.
    pub is_selected: bool,
    /// It stands on a lane that is not the plant.
    pub is_simulated: bool,
}

impl BadgeView {
    fn text(&self) -> String {
        if self.more > 0 { format!("{} +{}", self.label, self.more) } else { self.label.clone() }
    }
}

/// Room a badge takes.
pub fn badge_size(painter: &Painter, view: &BadgeView, theme: &Theme) -> Vec2 {
    let text = painter.layout_no_wrap(view.text(), theme.body(), theme.text).size().x;
    let sim = if view.is_simulated { marks::pill_width(painter, t().sim, theme) + 6.0 } else { 0.0 };
    vec2((TEXT_START + text + sim + TEXT_END).ceil(), BADGE_HEIGHT)
}

/// Paints a badge where the layout has put it, with its leader, or with the head of an arrow to what is out of view.
/// Shape, numeral and colour tell the priority; it flashes through [`BadgeView::is_bright`]. A filled pill counts the
/// badges of other things that found no place of their own.
pub fn badge(painter: &Painter, placed: &Placed, view: &BadgeView, theme: &Theme) {
    let PlacedKind::Badge { arrow, merged } = placed.kind else { return };
    let painter = &faded(painter, placed.alpha);
    let rect = placed.rect;
    let colour = theme.alarm(view.mark.class, view.mark.priority);
    if let Some(line) = placed.leader {
        leader(painter, line, colour, placed.is_occluded, theme);
    }
    if let Some(direction) = arrow {
        arrow_head(painter, rect, direction, colour, theme);
    }
    let border = if view.is_selected { Stroke::new(2.0, theme.accent) } else { Stroke::new(1.0, colour) };
    painter.rect(rect, CornerRadius::same(5), theme.window.gamma_multiply(0.95), border, StrokeKind::Inside);
    marks::paint_alarm(painter, pos2(rect.left() + 14.0, rect.center().y), MARK, view.mark, view.is_bright, theme);
    let mut right = rect.right() - TEXT_END;
    if merged > 0 {
        right = count_pill(painter, right + 4.0, rect, merged, theme).left() - 4.0;
    }
    if view.is_simulated && merged == 0 {
        right = marks::paint_sim(painter, pos2(right + 3.0, rect.center().y), Align2::RIGHT_CENTER, theme).left() - 4.0;
    }
    let room = Rect::from_min_max(pos2(rect.left() + TEXT_START, rect.top()), pos2(right, rect.bottom()));
    one_line(painter, room, Align2::LEFT_CENTER, view.text(), theme.body(), theme.text_strong);
}

/// Paints the NE 107 letter of a thing where the layout has put it, with its leader. Nothing for good health.
pub fn health_letter(painter: &Painter, placed: &Placed, state: HealthState, is_selected: bool, theme: &Theme) {
    let PlacedKind::Health { merged } = placed.kind else { return };
    if state == HealthState::Good {
        return;
    }
    let painter = &faded(painter, placed.alpha);
    if let Some(line) = placed.leader {
        leader(painter, line, theme.health(state), placed.is_occluded, theme);
    }
    if is_selected {
        painter.rect_stroke(placed.rect, CornerRadius::same(4), Stroke::new(1.5, theme.accent), StrokeKind::Inside);
    }
    marks::paint_health(painter, placed.rect.center(), placed.rect.height() - 3.0, state, theme);
    if merged > 0 {
        let corner = placed.rect.right_bottom();
        let fill = theme.text_strong;
        let galley = painter.layout_no_wrap(format!("+{merged}"), theme.figures(9.0), theme.panel);
        let pill = Align2::RIGHT_BOTTOM.anchor_size(corner, (galley.size() + vec2(3.0, -2.0)).min(placed.rect.size()));
        painter.rect_filled(pill, CornerRadius::same(3), fill);
        painter.galley(Align2::CENTER_CENTER.align_size_within_rect(galley.size(), pill).min, galley, theme.panel);
    }
}

fn count_pill(painter: &Painter, right: f32, rect: Rect, count: u32, theme: &Theme) -> Rect {
    let word = format!("+{count}");
    marks::paint_pill(painter, pos2(right, rect.center().y), Align2::RIGHT_CENTER, &word, theme.text_strong, theme.panel, theme)
}

/// One line of text, cut with an ellipsis where it does not fit.
pub(super) fn one_line(painter: &Painter, room: Rect, align: Align2, text: String, font: egui::FontId, colour: Color32) {
    let mut job = LayoutJob::simple_singleline(text, font, colour);
    job.wrap = TextWrapping::truncate_at_width(room.width().max(1.0));
    let galley = painter.layout_job(job);
    painter.galley(align.align_size_within_rect(galley.size(), room).min, galley, colour);
}
