//! Columns for lists of rows of one height.

use egui::{EventFilter, Id, Key, Rect, Ui, pos2, vec2};

/// A column: fixed width, or a share of what is left.
#[derive(Clone, Copy, Debug)]
pub enum Width {
    /// Points.
    Fixed(f32),
    /// Share of the remaining width.
    Share(f32),
}

/// The rectangles of the columns inside one row, with `gap` points between them.
pub fn columns<const N: usize>(row: Rect, widths: [Width; N], gap: f32) -> [Rect; N] {
    let fixed: f32 = widths.iter().map(|width| if let Width::Fixed(points) = width { *points } else { 0.0 }).sum();
    let shares: f32 = widths.iter().map(|width| if let Width::Share(share) = width { *share } else { 0.0 }).sum();
    let gaps = gap * N.saturating_sub(1) as f32;
    let left = (row.width() - fixed - gaps).max(0.0);
    let mut x = row.left();
    widths.map(|width| {
        let points = match width {
            Width::Fixed(points) => points,
            Width::Share(share) => left * share / shares.max(f32::EPSILON),
        };
        let rect = Rect::from_min_max(pos2(x, row.top()), pos2((x + points).min(row.right()), row.bottom()));
        x += points + gap;
        rect
    })
}

/// Allocates one full-width row.
pub fn row(ui: &mut Ui, height: f32, sense: egui::Sense) -> (Rect, egui::Response) {
    ui.allocate_exact_size(egui::vec2(ui.available_width(), height), sense)
}

/// The row of `ids` that has the keyboard. It keeps the arrow keys for itself.
pub fn focused_row(ui: &Ui, ids: &[Id]) -> Option<usize> {
    let focused = ui.memory(|memory| memory.focused())?;
    let row = ids.iter().position(|id| *id == focused)?;
    let arrows = EventFilter { vertical_arrows: true, horizontal_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(focused, arrows));
    Some(row)
}

/// The row that an arrow key leads to from this one: down or up by one.
pub fn next_row(ui: &Ui, row: usize, count: usize) -> Option<usize> {
    let pressed = |key| ui.input(|input| input.key_pressed(key));
    if pressed(Key::ArrowDown) {
        Some(row + 1).filter(|next| *next < count)
    } else if pressed(Key::ArrowUp) {
        row.checked_sub(1)
    } else {
        None
    }
}

/// Brings a row into view inside `show_rows`, where the first row on show is number `first`.
pub fn reveal_row(ui: &Ui, row: usize, first: usize, height: f32) {
    let top = ui.min_rect().top() + (row as f32 - first as f32) * height;
    let rect = Rect::from_min_size(pos2(ui.min_rect().left(), top), vec2(1.0, height)).expand2(vec2(0.0, height));
    ui.scroll_to_rect_animation(rect, None, egui::style::ScrollAnimation::none());
}
