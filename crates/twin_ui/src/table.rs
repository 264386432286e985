//! Columns for lists of rows of one height.

use egui::{Rect, Ui, pos2};

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
