//! What on the track answers to a click or has a name of its own: gaps, bookmarks, notes, branches.

use super::track::{BRANCH_ROW, Cluster, Track, clusters, hint};
use super::view::{BranchBar, TimelineView};
use crate::{UiEvent, format, text::t};
use egui::{Align2, Id, Rangef, Rect, Response, Sense, Shape, Stroke, Ui, WidgetInfo, WidgetType, pos2, vec2};
use twin_model::{Action, TwinTime};

/// Rows of branches at most; more are counted.
const MOST_ROWS: usize = 3;
/// Flags nearer to one another than this are one, points: they would cover each other.
const FLAG_WIDTH: f32 = 7.0;

/// Rows that the branches of a view take.
pub(super) fn branch_rows(view: &TimelineView) -> usize {
    view.branches.len().min(MOST_ROWS)
}

fn button(ui: &Ui, rect: Rect, salt: (&str, usize), words: &str) -> Response {
    let response = ui.interact(rect, Id::new("timeline mark").with(salt), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Button, true, words));
    response
}

/// Hatched, each with its reason.
pub(super) fn gaps_ui(ui: &Ui, track: &mut Track<'_>) {
    for (index, cluster) in clusters(&track.axis, &track.view.gaps, 1.0, |gap| (gap.from, gap.to), |_| 0).iter().enumerate() {
        let rect = track.gap(cluster.x);
        let gap = cluster.seen;
        let words = format!("{} {}: {}", t().no_data, stretch(gap.from, gap.to), hint(&gap.reason, "", cluster.count));
        let response = ui.interact(rect, Id::new("timeline gap").with(index), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, words.as_str()));
        if track.pointer.is_some_and(|pointer| rect.expand(1.0).contains(pointer)) {
            track.hints.push(words);
        }
    }
}

/// Flags for bookmarks, sheets for notes, a line over the range of a note. A click goes there.
pub(super) fn flags_ui(ui: &Ui, track: &Track<'_>, out: &mut Vec<UiEvent>) {
    let view = track.view;
    for (index, cluster) in clusters(&track.axis, &view.notes, FLAG_WIDTH, |note| (note.from, note.to), |_| 0).iter().enumerate() {
        let note = cluster.seen;
        let when = if note.to > note.from { stretch(note.from, note.to) } else { format::date_clock(note.from) };
        flag(ui, track, cluster, ("note", index), (t().note, &note.text, &when), note.from, out);
    }
    for (index, cluster) in clusters(&track.axis, &view.bookmarks, FLAG_WIDTH, |mark| (mark.time, mark.time), |_| 0).iter().enumerate() {
        let mark = cluster.seen;
        let when = format::date_clock(mark.time);
        flag(ui, track, cluster, ("bookmark", index), (t().bookmark, &mark.text, &when), mark.time, out);
    }
}

fn flag<T>(
    ui: &Ui,
    track: &Track<'_>,
    cluster: &Cluster<'_, T>,
    salt: (&str, usize),
    (what, text, when): (&str, &str, &str),
    time: TwinTime,
    out: &mut Vec<UiEvent>,
) {
    let (theme, top, foot) = (track.theme, track.rows.flags.min, track.rows.bar.top());
    let x = cluster.x.min;
    let rect = Rect::from_min_max(pos2(x - 2.0, top), pos2(x + FLAG_WIDTH + 1.0, track.rows.flags.max));
    let response = button(ui, rect, salt, &hint(what, text, cluster.count));
    let colour = if response.hovered() { theme.text_strong } else { theme.text_weak };
    track.painter.vline(x, top..=foot, Stroke::new(1.0, colour));
    if cluster.x.span() > 1.0 {
        track.painter.hline(cluster.x, top + 1.0, Stroke::new(2.0, colour));
    }
    let pennant: &[(f32, f32)] =
        if salt.0 == "note" { &[(0.0, 1.0), (7.0, 1.0), (7.0, 8.0), (0.0, 8.0)] } else { &[(0.0, 1.0), (7.0, 4.5), (0.0, 8.0)] };
    let corners = pennant.iter().map(|(dx, dy)| pos2(x + dx, top + dy)).collect();
    track.painter.add(Shape::convex_polygon(corners, colour, Stroke::NONE));
    if response.clicked() {
        out.push(UiEvent::Twin(Action::Seek(time)));
    }
    response.on_hover_text(format!("{}\n{when}", hint(what, text, cluster.count)));
}

/// Each branch on a line from where it leaves the lane to where it has come, dashed to where it is going. A click shows it.
pub(super) fn branches_ui(ui: &Ui, track: &Track<'_>, out: &mut Vec<UiEvent>) {
    let rows = branch_rows(track.view);
    let mut free_from = vec![f32::NEG_INFINITY; rows];
    let mut left_over = 0;
    for (index, branch) in track.view.branches.iter().enumerate() {
        let end = branch.to.max(branch.horizon);
        if end < track.axis.from || branch.from > track.axis.to {
            continue;
        }
        let words = format!("{} {}", branch.kind.word(), branch.name);
        let galley = track.painter.layout_no_wrap(words.clone(), track.theme.figures(track.theme.small_size), track.theme.text);
        let bar = Rangef::new(track.axis.clamped_x(branch.from), track.axis.clamped_x(end));
        let label_width = galley.size().x + 8.0;
        let is_right = bar.max + label_width < track.axis.right();
        let taken = if is_right { Rangef::new(bar.min, bar.max + label_width) } else { Rangef::new(bar.min - label_width, bar.max) };
        let Some((row, free)) = free_from.iter_mut().enumerate().find(|(_, free)| **free <= taken.min) else {
            left_over += 1;
            continue;
        };
        *free = taken.max + 4.0;
        let top = track.rows.branches.min + row as f32 * BRANCH_ROW;
        let line = Rect::from_x_y_ranges(taken.min.max(track.axis.left)..=taken.max, top..=top + BRANCH_ROW);
        let response = button(ui, line, ("branch", index), &words);
        paint_branch(track, branch, bar, line.center().y, response.hovered());
        let label = pos2(if is_right { bar.max + 6.0 } else { (bar.min - label_width + 2.0).max(track.axis.left) }, line.center().y);
        let colour = if response.hovered() { track.theme.text_strong } else { track.theme.text };
        track.painter.galley(label - vec2(0.0, galley.size().y / 2.0), galley, colour);
        if response.clicked() {
            out.push(UiEvent::Twin(Action::SwitchLane(branch.lane)));
        }
        response.on_hover_text(format!("{words}\n{}", stretch(branch.from, end)));
    }
    if left_over > 0 {
        let at = pos2(track.rows.all.right(), track.rows.branches.max);
        let words = format!("+{} {}", format::number(f64::from(left_over), 0), t().more);
        track.painter.text(at, Align2::RIGHT_BOTTOM, words, track.theme.small(), track.theme.text_weak);
    }
}

fn paint_branch(track: &Track<'_>, branch: &BranchBar, bar: Rangef, y: f32, is_hot: bool) {
    let (fill, _) = branch.kind.colours(track.theme);
    let ran_to = track.axis.clamped_x(branch.to).max(bar.min);
    if track.axis.shows(branch.from) {
        let fork = Stroke::new(1.0, fill);
        track.painter.vline(bar.min, track.rows.bar.bottom()..=y, fork);
        track.painter.circle_filled(pos2(bar.min, track.rows.bar.bottom()), 2.5, fill);
    }
    let height = if is_hot || branch.is_compared { 6.0 } else { 4.0 };
    track.painter.rect_filled(Rect::from_x_y_ranges(bar.min..=ran_to, y - height / 2.0..=y + height / 2.0), 2.0, fill);
    if bar.max > ran_to + 1.0 {
        let points = [pos2(ran_to, y), pos2(bar.max, y)];
        track.painter.extend(Shape::dashed_line(&points, Stroke::new(1.5, fill), 4.0, 3.0));
    }
}

/// `10:00:00 – 10:20:00`, with the days where they are not the same.
pub(super) fn stretch(from: TwinTime, to: TwinTime) -> String {
    let (first, last) = (format::date_clock(from), format::date_clock(to));
    let is_one_day = first.get(..10) == last.get(..10);
    format!("{} – {}", if is_one_day { format::clock(from) } else { first }, if is_one_day { format::clock(to) } else { last })
}
