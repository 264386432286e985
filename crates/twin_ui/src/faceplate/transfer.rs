//! Heat transfer of an exchanger against that of clean surfaces.

use super::LimitMark;
use super::scale::{paint_limit_badge, share};
use crate::reading::{self, ReadingView};
use crate::{Theme, controls, format, marks, table, text::t};
use egui::{Align2, CornerRadius, Rect, Sense, Stroke, Ui, WidgetInfo, WidgetType, pos2, vec2};

/// Heat transfer at the playhead.
#[derive(Clone, Debug, PartialEq)]
pub struct TransferView {
    /// U·A now.
    pub reading: ReadingView,
    /// U·A with clean surfaces at design flow, in the same unit.
    pub clean: f64,
    /// Limits below which cleaning is due.
    pub limits: Vec<LimitMark>,
}

impl TransferView {
    /// Share of the clean value; `None` unless the value can be trusted.
    pub fn of_clean(&self) -> Option<f64> {
        self.reading.value.filter(|_| !self.reading.is_doubtful()).map(|value| value / self.clean)
    }
}

/// The bar ends above the clean value by this share, so that its mark stands inside.
const HEADROOM: f64 = 1.1;

/// Draws the bar.
pub(super) fn transfer_ui(ui: &mut Ui, view: &TransferView, theme: &Theme) {
    controls::section(ui, t().heat_transfer, theme);
    let (rect, response) = table::row(ui, 40.0, Sense::hover());
    let first = Rect::from_min_size(rect.min, vec2(rect.width(), 24.0));
    let [bar, value] = table::columns(first, [table::Width::Share(1.0), table::Width::Fixed(132.0)], 6.0);
    reading::reading_ui(ui, value, &view.reading, theme.text_size + 1.5, theme);
    paint(ui, bar, view, theme);
    let clean = format!("{} {}", t().clean_at_design, format::quantity(view.clean, view.reading.decimals, &view.reading.unit));
    let text = match view.of_clean() {
        Some(share) => format!("{} {} {clean}", format::percent(share), t().of),
        None => clean,
    };
    let second = Rect::from_min_max(pos2(rect.left(), first.bottom()), rect.max);
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, &text));
    controls::text_in(ui, second, Align2::LEFT_CENTER, &text, theme.small(), theme.text_weak);
}

fn paint(ui: &Ui, rect: Rect, view: &TransferView, theme: &Theme) {
    let painter = ui.painter();
    let track = Rect::from_center_size(rect.center(), vec2(rect.width(), 8.0));
    let x = |value: f64| track.left() + track.width() * share(value, (0.0, view.clean * HEADROOM));
    painter.rect_filled(track, CornerRadius::same(2), theme.sunken);
    if let Some(value) = view.reading.value.filter(|_| !view.reading.is_doubtful()) {
        let filled = Rect::from_min_max(track.min, pos2(x(value), track.bottom()));
        painter.rect_filled(filled, CornerRadius::same(2), theme.indicator.gamma_multiply(0.75));
    } else {
        marks::paint_hatch(painter, track, theme.text_faint.gamma_multiply(0.5));
    }
    painter.vline(x(view.clean), track.expand2(vec2(0.0, 4.0)).y_range(), Stroke::new(1.5, theme.text));
    let value = view.reading.value.filter(|_| !view.reading.is_doubtful());
    for limit in &view.limits {
        painter.vline(x(limit.value), track.expand2(vec2(0.0, 2.0)).y_range(), Stroke::new(1.5, theme.text_faint));
        paint_limit_badge(painter, pos2(x(limit.value), track.top() - 3.0), limit, value, theme);
    }
}
