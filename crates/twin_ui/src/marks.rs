//! Small marks: alarm badges, health letters, quality letters, the SIM mark, hatching. Pure painting.

use crate::{Theme, alarm_view::AlarmState, text::t};
use egui::{Align2, Color32, CornerRadius, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Vec2, pos2, vec2};
use twin_model::alarm::{AlarmClass, HealthState};
use twin_model::{Quality, QualityClass};

/// What an alarm badge says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlarmMark {
    /// Alarm, alert, event or advisory.
    pub class: AlarmClass,
    /// 1 … 3 for an alarm.
    pub priority: Option<u8>,
    /// Where it stands in its life.
    pub state: AlarmState,
}

impl AlarmMark {
    /// The numeral or letter inside the badge.
    pub fn numeral(&self) -> &'static str {
        match (self.class, self.priority) {
            (AlarmClass::Alarm, Some(1)) => "1",
            (AlarmClass::Alarm, Some(2)) => "2",
            (AlarmClass::Alarm, _) => "3",
            (AlarmClass::Alert, _) => "A",
            (AlarmClass::Event, _) => "E",
            (AlarmClass::Advisory, _) => "i",
        }
    }

    /// The badge in words, for a screen reader.
    pub fn words(&self) -> String {
        format!("{}, {}", self.class_words(), self.state.words())
    }

    /// How urgent it is, in words, whatever has become of it.
    pub fn class_words(&self) -> String {
        match self.class {
            AlarmClass::Alarm => format!("{} {}", t().priority, self.numeral()),
            AlarmClass::Alert => t().alert.to_owned(),
            AlarmClass::Event => t().event.to_owned(),
            AlarmClass::Advisory => t().advisory.to_owned(),
        }
    }
}

/// True in the bright half of the flash (1 Hz) that marks what nobody has acknowledged. Panels ask
/// [`Theme::is_flash_bright`], which knows whether a person wants things to move.
pub fn flash_on(time_secs: f64) -> bool {
    time_secs.rem_euclid(1.0) < 0.6
}

/// Paints an alarm badge: the shape tells the priority (1 square, 2 triangle, 3 diamond, alert circle) beside numeral and
/// colour. Filled: active and unacknowledged, flashing through `is_bright`; outlined: acknowledged; dashed: returned to normal.
pub fn paint_alarm(painter: &Painter, center: Pos2, size: f32, mark: AlarmMark, is_bright: bool, theme: &Theme) {
    let is_quiet = mark.state.is_put_aside() || mark.state == AlarmState::Normal;
    let colour = if is_quiet { theme.text_faint } else { theme.alarm(mark.class, mark.priority) };
    // On a light ground yellow alone would drown: a dark edge holds every badge together.
    let edge = if is_quiet { theme.sunken } else { theme.badge_ground };
    painter.add(Shape::convex_polygon(badge_outline(center, size + 2.6, mark), edge, Stroke::NONE));
    let outline = badge_outline(center, size, mark);
    let is_filled = mark.state == AlarmState::Unacknowledged;
    let stroke = Stroke::new((size * 0.09).max(1.3), colour);
    let ground = if is_filled && is_bright { colour } else { edge };
    painter.add(Shape::convex_polygon(outline.clone(), ground, Stroke::NONE));
    let mut closed = outline.clone();
    closed.extend(outline.first().copied());
    if mark.state == AlarmState::ReturnedUnacknowledged {
        painter.extend(Shape::dashed_line(&closed, stroke, size * 0.2, size * 0.14));
    } else {
        painter.add(Shape::closed_line(outline, stroke));
    }
    let text = if is_filled && is_bright { theme.on_alarm } else { colour };
    let drop = if mark.class == AlarmClass::Alarm && mark.priority == Some(2) { size * 0.11 } else { 0.0 };
    painter.text(center + vec2(0.0, drop), Align2::CENTER_CENTER, mark.numeral(), theme.numerals(size * 0.64), text);
}

/// Corners of the shape that tells an alarm's priority.
pub(crate) fn badge_outline(center: Pos2, size: f32, mark: AlarmMark) -> Vec<Pos2> {
    let r = size / 2.0;
    let at = |x: f32, y: f32| center + vec2(x * r, y * r);
    match (mark.class, mark.priority) {
        (AlarmClass::Alarm, Some(1)) => vec![at(-0.9, -0.9), at(0.9, -0.9), at(0.9, 0.9), at(-0.9, 0.9)],
        (AlarmClass::Alarm, Some(2)) => vec![at(0.0, -1.1), at(1.15, 0.9), at(-1.15, 0.9)],
        (AlarmClass::Alarm, _) => vec![at(0.0, -1.15), at(1.15, 0.0), at(0.0, 1.15), at(-1.15, 0.0)],
        _ => (0..24)
            .map(|i| {
                let angle = i as f32 / 24.0 * std::f32::consts::TAU;
                at(angle.cos(), angle.sin())
            })
            .collect(),
    }
}

/// Paints the NE 107 letter in a rounded square. Nothing for good health.
pub fn paint_health(painter: &Painter, center: Pos2, size: f32, state: HealthState, theme: &Theme) {
    if state == HealthState::Good {
        return;
    }
    let colour = theme.health(state);
    let rect = Rect::from_center_size(center, Vec2::splat(size));
    painter.rect(rect, CornerRadius::same(3), theme.badge_ground, Stroke::new(1.2, colour), StrokeKind::Inside);
    painter.text(center, Align2::CENTER_CENTER, state.letter(), theme.numerals(size * 0.68), colour);
}

/// Paints the quality letter: faint for Good, boxed for what is not.
pub fn paint_quality(painter: &Painter, center: Pos2, quality: Quality, theme: &Theme) {
    let (text, frame) = match quality.class() {
        QualityClass::Good => (theme.text_faint, None),
        QualityClass::Uncertain => (theme.text, Some(theme.text_weak)),
        QualityClass::Bad => (theme.panel, Some(theme.text)),
    };
    let rect = Rect::from_center_size(center, vec2(14.0, 14.0));
    match (quality.class(), frame) {
        (QualityClass::Bad, Some(fill)) => {
            painter.rect_filled(rect, 3.0, fill);
        }
        (_, Some(line)) => {
            painter.rect_stroke(rect, 3.0, Stroke::new(1.0, line), StrokeKind::Inside);
        }
        (_, None) => {}
    }
    painter.text(center, Align2::CENTER_CENTER, quality.letter(), theme.caption(), text);
}

/// Paints the SIM mark and returns its rectangle.
pub fn paint_sim(painter: &Painter, pos: Pos2, align: Align2, theme: &Theme) -> Rect {
    paint_pill(painter, pos, align, t().sim, theme.accent, theme.on_accent, theme)
}

/// Paints a small filled pill with a word and returns its rectangle.
pub fn paint_pill(painter: &Painter, pos: Pos2, align: Align2, word: &str, fill: Color32, text: Color32, theme: &Theme) -> Rect {
    let galley = painter.layout_no_wrap(word.to_owned(), theme.caption(), text);
    let rect = align.anchor_size(pos, galley.size() + vec2(10.0, 3.0));
    painter.rect_filled(rect, CornerRadius::same(3), fill);
    painter.galley(pos2(rect.left() + 5.0, rect.center().y - galley.size().y / 2.0), galley, text);
    rect
}

/// Width of a pill with this word.
pub fn pill_width(painter: &Painter, word: &str, theme: &Theme) -> f32 {
    painter.layout_no_wrap(word.to_owned(), theme.caption(), Color32::WHITE).size().x + 10.0
}

/// Paints diagonal hatching: the sign of an old or doubtful value, without colour.
pub fn paint_hatch(painter: &Painter, rect: Rect, colour: Color32) {
    let clipped = painter.with_clip_rect(painter.clip_rect().intersect(rect));
    let step = 5.0;
    let height = rect.height();
    let mut x = rect.left() - height;
    while x < rect.right() {
        clipped.line_segment([pos2(x, rect.bottom()), pos2(x + height, rect.top())], Stroke::new(1.0, colour));
        x += step;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_priority_has_a_shape_of_its_own() {
        let mark = |class, priority| AlarmMark { class, priority, state: AlarmState::Unacknowledged };
        let marks = [
            mark(AlarmClass::Alarm, Some(1)),
            mark(AlarmClass::Alarm, Some(2)),
            mark(AlarmClass::Alarm, Some(3)),
            mark(AlarmClass::Alert, None),
        ];
        let filled: Vec<Vec<bool>> = marks
            .iter()
            .map(|mark| {
                let outline = badge_outline(Pos2::ZERO, 20.0, *mark);
                (0..400).map(|i| is_inside(&outline, pos2((i % 20) as f32 - 9.5, (i / 20) as f32 - 9.5))).collect()
            })
            .collect();
        for (index, a) in filled.iter().enumerate() {
            for b in &filled[index + 1..] {
                let differing = a.iter().zip(b).filter(|(a, b)| a != b).count();
                assert!(differing > 40, "a tenth of the cells at least differ, in black and white: {differing}");
            }
        }
    }

    fn is_inside(outline: &[Pos2], point: Pos2) -> bool {
        let next = outline.iter().cycle().skip(1);
        let sides: Vec<bool> = outline.iter().zip(next).map(|(a, b)| (*b - *a).rot90().dot(point - *a) > 0.0).collect();
        sides.iter().all(|side| *side) || sides.iter().all(|side| !*side)
    }
}
