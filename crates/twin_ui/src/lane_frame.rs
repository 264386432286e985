//! The frame around scene and schematic while they do not show the plant as it is now. Each kind has its own pattern, so
//! that it is also read in greyscale and on a print.

use crate::icons::{self, Icon};
use crate::playhead::{LaneKind, Motion, PlayheadView};
use crate::theme::{radius, space, stroke};
use crate::{Theme, format, text::t};
use egui::{Align2, Color32, CornerRadius, Painter, Pos2, Rect, Shape, Stroke, Ui, WidgetInfo, WidgetType, pos2, vec2};

/// How the band of a frame is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pattern {
    /// An unbroken band: a plant of its own.
    Solid,
    /// Dashes: a branch, which may never come true.
    Dashed,
    /// A thin line with blocks, like the edge of a film: a recording.
    Film,
    /// Slanted strokes, as on every old value: the past of the plant.
    Hatched,
}

struct LaneFrame {
    pattern: Pattern,
    icon: Icon,
    fill: Color32,
    text: Color32,
}

/// Height of the tab with the words, points.
const TAB_HEIGHT: f32 = 24.0;

fn lane_frame(head: &PlayheadView, theme: &Theme) -> Option<LaneFrame> {
    let (pattern, icon) = match (head.kind, head.is_history()) {
        (LaneKind::Live, false) => return None,
        (LaneKind::Live, true) => {
            return Some(LaneFrame { pattern: Pattern::Hatched, icon: Icon::Previous, fill: theme.text_weak, text: theme.panel });
        }
        (LaneKind::Exercise, _) => (Pattern::Solid, Icon::Play),
        (LaneKind::Recording, _) => (Pattern::Film, Icon::Document),
        (LaneKind::Branch, _) => (Pattern::Dashed, Icon::Branch),
    };
    let (fill, text) = head.kind.colours(theme);
    Some(LaneFrame { pattern, icon, fill, text })
}

/// What the tab of the frame says, such as `HISTORY 12:31:05 · 4 min ago`; none when the plant is shown as it is now.
pub fn lane_words(head: &PlayheadView) -> Option<String> {
    let word = match (head.kind, head.is_history()) {
        (LaneKind::Live, false) => return None,
        (LaneKind::Live, true) => t().history,
        (kind, _) => kind.word(),
    };
    let mut words = format!("{word} {}", format::clock_zone(head.time));
    if head.is_history() {
        words = format!("{words} · {} {}", format::duration(head.head - head.time), t().ago);
        if let Motion::Playing(speed) = head.motion {
            words = format!("{words} · {}", format::speed(speed));
        }
    }
    if head.kind != LaneKind::Live && !head.lane_name.is_empty() {
        words = format!("{words} · {}", head.lane_name);
    }
    Some(words)
}

/// Draws the frame into `rect` and names it for a screen reader. Nothing while the plant is shown as it is now.
pub fn lane_frame_ui(ui: &mut Ui, rect: Rect, head: &PlayheadView, theme: &Theme) {
    let Some(words) = lane_words(head) else { return };
    let tab = paint_lane_frame(&ui.painter_at(rect), rect, head, theme);
    let response = ui.interact(tab, ui.id().with("lane frame"), egui::Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, words.as_str()));
}

/// Paints the frame and returns the rectangle of its tab, [`Rect::NOTHING`] while there is no frame.
pub fn paint_lane_frame(painter: &Painter, rect: Rect, head: &PlayheadView, theme: &Theme) -> Rect {
    let (Some(frame), Some(words)) = (lane_frame(head, theme), lane_words(head)) else { return Rect::NOTHING };
    // Broken patterns need a ground, or the scene behind them would decide whether they are seen.
    if frame.pattern != Pattern::Solid {
        let ground = Stroke::new(stroke::LANE_FRAME, theme.panel);
        painter.rect_stroke(rect, 0.0, ground, egui::StrokeKind::Inside);
    }
    for piece in pieces(rect, stroke::LANE_FRAME, frame.pattern) {
        painter.add(Shape::convex_polygon(piece.to_vec(), frame.fill, Stroke::NONE));
    }
    paint_tab(painter, rect, &frame, words)
}

fn paint_tab(painter: &Painter, rect: Rect, frame: &LaneFrame, words: String) -> Rect {
    let font = egui::FontId::new(12.0, crate::fonts::semibold());
    let galley = painter.layout_no_wrap(words, font, frame.text);
    let size = vec2(galley.size().x + 2.0 * space::M + 20.0, TAB_HEIGHT);
    let tab = Align2::CENTER_TOP.anchor_size(rect.center_top(), size);
    let corners = CornerRadius { nw: 0, ne: 0, sw: radius::L, se: radius::L };
    painter.rect_filled(tab, corners, frame.fill);
    let icon = Rect::from_center_size(pos2(tab.left() + space::M + 6.0, tab.center().y), vec2(13.0, 13.0));
    icons::paint(painter, icon, frame.icon, frame.text);
    painter.galley(pos2(tab.left() + space::M + 20.0, tab.center().y - galley.size().y / 2.0), galley, frame.text);
    tab
}

/// The convex pieces of the band along the four sides.
fn pieces(rect: Rect, width: f32, pattern: Pattern) -> Vec<[Pos2; 4]> {
    let (min, max) = (rect.min, rect.max);
    // Along each side: where it starts, which way it goes, which way is inward, how long it is.
    let sides = [
        (min, vec2(1.0, 0.0), vec2(0.0, 1.0), rect.width()),
        (pos2(max.x, min.y), vec2(0.0, 1.0), vec2(-1.0, 0.0), rect.height()),
        (max, vec2(-1.0, 0.0), vec2(0.0, -1.0), rect.width()),
        (pos2(min.x, max.y), vec2(0.0, -1.0), vec2(1.0, 0.0), rect.height()),
    ];
    let mut found = Vec::new();
    for (start, along, inward, length) in sides {
        let mut piece = |from: f32, to: f32, depth: f32, slant: f32| {
            let (from, to) = (from.clamp(0.0, length), to.clamp(0.0, length));
            let lean = along * slant;
            found.push([
                start + along * from,
                start + along * to,
                start + along * to + inward * depth - lean,
                start + along * from + inward * depth - lean,
            ]);
        };
        match pattern {
            Pattern::Solid => piece(0.0, length, width, 0.0),
            Pattern::Dashed => steps(length, 22.0).for_each(|at| piece(at, at + 14.0, width, 0.0)),
            Pattern::Film => {
                piece(0.0, length, 1.0, 0.0);
                steps(length, 10.0).for_each(|at| piece(at + 3.0, at + 7.0, width, 0.0));
            }
            Pattern::Hatched => steps(length, 8.0).for_each(|at| piece(at + 4.0, at + 7.0, width, 4.0)),
        }
    }
    found
}

fn steps(length: f32, step: f32) -> impl Iterator<Item = f32> {
    let count = (length / step).max(0.0) as usize;
    (0..count).map(move |index| index as f32 * step)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which points of the upper band are covered, on a grid of half a point.
    fn upper_band(pattern: Pattern) -> Vec<bool> {
        let pieces = pieces(Rect::from_min_size(Pos2::ZERO, vec2(400.0, 300.0)), 4.0, pattern);
        let is_covered = |point: Pos2| {
            pieces.iter().any(|piece| {
                let sides: Vec<f32> = (0..4).map(|i| (piece[(i + 1) % 4] - piece[i]).rot90().dot(point - piece[i])).collect();
                sides.iter().all(|side| *side >= 0.0) || sides.iter().all(|side| *side <= 0.0)
            })
        };
        (0..8 * 700).map(|i| is_covered(pos2(20.25 + (i % 700) as f32 * 0.5, 0.25 + (i / 700) as f32 * 0.5))).collect()
    }

    #[test]
    fn every_kind_of_lane_has_a_pattern_of_its_own_in_black_and_white() {
        let bands = [Pattern::Solid, Pattern::Dashed, Pattern::Film, Pattern::Hatched].map(upper_band);
        for (index, a) in bands.iter().enumerate() {
            for b in &bands[index + 1..] {
                let differing = a.iter().zip(b).filter(|(a, b)| a != b).count();
                assert!(differing * 5 > a.len(), "a fifth of the band at least differs: {differing} of {}", a.len());
            }
        }
    }
}
