//! A value with everything that belongs to it, and how it is drawn.

use crate::{Theme, controls, format, marks, text::t};
use egui::{Align2, Pos2, Rect, Ui, WidgetInfo, WidgetType, vec2};
use twin_model::{Quality, QualityClass};

/// A value as a screen shows it: never without its quality.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadingView {
    /// The value in `unit`; `None` when there is none.
    pub value: Option<f64>,
    /// Name of the state, for a boolean or an enumeration.
    pub state: Option<String>,
    /// Unit symbol; empty for a state.
    pub unit: String,
    /// Decimals that carry information.
    pub decimals: u8,
    /// Quality.
    pub quality: Quality,
    /// Age of the value at the playhead, plant seconds.
    pub age_secs: Option<f64>,
    /// Computed by a simulator.
    pub is_simulated: bool,
}

impl Default for ReadingView {
    fn default() -> Self {
        Self {
            value: None,
            state: None,
            unit: String::new(),
            decimals: 1,
            quality: Quality::BAD_WAITING_FOR_INITIAL_DATA,
            age_secs: None,
            is_simulated: false,
        }
    }
}

impl ReadingView {
    /// A fresh, good number.
    pub fn number(value: f64, unit: &str, decimals: u8) -> Self {
        Self { value: Some(value), unit: unit.to_owned(), decimals, quality: Quality::GOOD, age_secs: Some(0.0), ..Self::default() }
    }

    /// A fresh, good state.
    pub fn state(value: u32, name: &str) -> Self {
        Self { value: Some(f64::from(value)), state: Some(name.to_owned()), quality: Quality::GOOD, age_secs: Some(0.0), ..Self::default() }
    }

    /// True when the value is old or not good: it must not look fresh.
    pub fn is_doubtful(&self) -> bool {
        !self.quality.is_good() || self.value.is_none()
    }

    /// The number, unless it is Bad.
    pub fn usable(&self) -> Option<f64> {
        if self.quality.is_bad() { None } else { self.value }
    }
}

/// Paints a reading right-aligned into `rect`: value, lighter unit, quality letter in a column of its own at the right.
/// A doubtful value is dimmed, hatched and lettered; a simulated one carries the SIM mark.
pub fn reading_ui(ui: &mut Ui, rect: Rect, reading: &ReadingView, size: f32, theme: &Theme) -> egui::Response {
    let response = controls::hover_area(ui, rect);
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, format::reading(reading)));
    if ui.is_rect_visible(rect) {
        paint_reading(ui.painter(), rect, reading, size, theme);
    }
    if reading.is_doubtful() { response.on_hover_text(quality_text(reading)) } else { response }
}

/// What the quality letter stands for: class, reason, age.
pub fn quality_text(reading: &ReadingView) -> String {
    let class = match reading.quality.class() {
        QualityClass::Good => t().quality_good,
        QualityClass::Uncertain => t().quality_uncertain,
        QualityClass::Bad => t().quality_bad,
    };
    let age = reading.age_secs.map_or_else(String::new, |secs| format!(" · {} {}", t().age, format::age(secs)));
    if reading.quality.is_good() {
        format!("{class}{age}")
    } else {
        format!("{class}: {}{age}", crate::text::quality_reason(reading.quality))
    }
}

/// Width of the quality column, points.
pub const QUALITY_WIDTH: f32 = 20.0;

/// Paints a reading as [`reading_ui`] does, without allocating.
pub fn paint_reading(painter: &egui::Painter, rect: Rect, reading: &ReadingView, size: f32, theme: &Theme) {
    let is_doubtful = reading.is_doubtful();
    let mut x = rect.right();
    marks::paint_quality(painter, Pos2::new(x - QUALITY_WIDTH / 2.0 + 2.0, rect.center().y), reading.quality, theme);
    x -= QUALITY_WIDTH;
    let unit = if reading.state.is_some() { "" } else { reading.unit.as_str() };
    let value = format::value(reading);
    let baseline = rect.center().y + size * 0.36;
    let right = x;
    let (value_colour, unit_colour) = if is_doubtful { (theme.text_weak, theme.text_faint) } else { (theme.text_strong, theme.text_weak) };
    if !unit.is_empty() {
        let galley = painter.layout_no_wrap(unit.to_owned(), theme.figures((size - 2.0).max(10.0)), unit_colour);
        x -= galley.size().x;
        painter.galley(Pos2::new(x, baseline - ascent(&galley)), galley, unit_colour);
        x -= 3.0;
    }
    let galley = painter.layout_no_wrap(value, theme.figures(size), value_colour);
    x -= galley.size().x;
    let value_rect = Rect::from_min_max(Pos2::new(x, rect.center().y - size * 0.62), Pos2::new(right, rect.center().y + size * 0.62));
    if is_doubtful {
        marks::paint_hatch(painter, value_rect.expand2(vec2(4.0, 1.0)), theme.text_faint.gamma_multiply(0.32));
    }
    painter.galley(Pos2::new(x, baseline - ascent(&galley)), galley, value_colour);
    if reading.is_simulated {
        marks::paint_sim(painter, Pos2::new(x - 6.0, rect.center().y), Align2::RIGHT_CENTER, theme);
    }
}

/// Distance from the top of a one-line text to its baseline.
fn ascent(galley: &egui::Galley) -> f32 {
    galley.rows.first().and_then(|row| row.glyphs.first().map(|glyph| glyph.pos.y)).unwrap_or(galley.size().y * 0.8)
}
