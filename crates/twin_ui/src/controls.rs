//! Small widgets the panels share: icon buttons, section labels, switches, pills, a search field.

use crate::icons::{self, Icon};
use crate::{Theme, marks};
use egui::{
    Align2, Color32, CornerRadius, Rect, Response, RichText, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, WidgetType, pos2, vec2,
};

/// A quiet square button with an icon; `label` is its tooltip and its name.
pub fn icon_button(ui: &mut Ui, icon: Icon, label: &str, is_on: bool, theme: &Theme) -> Response {
    let (rect, response) = ui.allocate_exact_size(theme.icon_button(), Sense::click());
    paint_icon_button(ui, rect, &response, icon, is_on, theme);
    response.widget_info(|| WidgetInfo::selected(WidgetType::Button, ui.is_enabled(), is_on, label));
    response.on_hover_text(label)
}

/// As [`icon_button`], at a place of its own.
pub fn icon_button_at(ui: &mut Ui, rect: Rect, icon: Icon, label: &str, is_on: bool, theme: &Theme) -> Response {
    let response = ui.interact(rect, ui.id().with(("icon", label)), Sense::click());
    paint_icon_button(ui, rect, &response, icon, is_on, theme);
    response.widget_info(|| WidgetInfo::selected(WidgetType::Button, ui.is_enabled(), is_on, label));
    response.on_hover_text(label)
}

fn paint_icon_button(ui: &Ui, rect: Rect, response: &Response, icon: Icon, is_on: bool, theme: &Theme) {
    let is_hot = response.hovered() && ui.is_enabled();
    let fill = match (is_on, is_hot) {
        (true, _) => theme.selected,
        (false, true) => theme.raised,
        (false, false) => Color32::TRANSPARENT,
    };
    ui.painter().rect_filled(rect, CornerRadius::same(4), fill);
    if response.has_focus() {
        ui.painter().rect_stroke(rect, CornerRadius::same(4), Stroke::new(1.0, theme.accent), StrokeKind::Inside);
    }
    let colour = match (ui.is_enabled(), is_on || is_hot) {
        (false, _) => theme.text_faint.gamma_multiply(0.6),
        (true, true) => theme.text_strong,
        (true, false) => theme.text_weak,
    };
    let side = (rect.height() * 0.62).clamp(10.0, 16.0);
    icons::paint(ui.painter(), Rect::from_center_size(rect.center(), Vec2::splat(side)), icon, colour);
}

/// A button with an icon before its word.
pub fn text_icon_button(ui: &mut Ui, icon: Icon, label: &str, is_primary: bool, theme: &Theme) -> Response {
    let enabled = ui.is_enabled();
    let colour = match (enabled, is_primary) {
        (false, _) => theme.text_faint,
        (true, true) => theme.on_accent,
        (true, false) => theme.text,
    };
    let galley = ui.painter().layout_no_wrap(label.to_owned(), theme.body(), colour);
    let size = vec2(galley.size().x + 36.0, 26.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let hover = if response.hovered() && enabled { 0.12 } else { 0.0 };
    let base = if is_primary && enabled { theme.accent } else { theme.raised };
    ui.painter().rect_filled(rect, CornerRadius::same(5), base.lerp_to_gamma(theme.text_strong, hover));
    if response.has_focus() {
        ui.painter().rect_stroke(rect, CornerRadius::same(5), Stroke::new(1.0, theme.text_strong), StrokeKind::Inside);
    }
    icons::paint(ui.painter(), Rect::from_center_size(pos2(rect.left() + 16.0, rect.center().y), Vec2::splat(13.0)), icon, colour);
    ui.painter().galley(pos2(rect.left() + 27.0, rect.center().y - galley.size().y / 2.0), galley, colour);
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Button, enabled, label));
    response
}

/// A small text button without a frame until the pointer is over it.
pub fn quiet_button(ui: &mut Ui, label: &str, theme: &Theme) -> Response {
    ui.add(egui::Button::new(RichText::new(label).color(theme.text_weak).size(theme.small_size + 1.0)).frame_when_inactive(false))
}

/// A toggle in a row of alternatives.
pub fn choice(ui: &mut Ui, is_on: bool, label: &str, theme: &Theme) -> Response {
    let colour = if is_on { theme.text_strong } else { theme.text_weak };
    let galley = ui.painter().layout_no_wrap(label.to_owned(), theme.figures(theme.small_size + 1.0), colour);
    let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x + 16.0, 22.0), Sense::click());
    let fill = match (is_on, response.hovered()) {
        (true, _) => theme.selected,
        (false, true) => theme.raised,
        (false, false) => Color32::TRANSPARENT,
    };
    ui.painter().rect_filled(rect, CornerRadius::same(4), fill);
    ui.painter().galley(rect.center() - galley.size() / 2.0, galley, colour);
    response.widget_info(|| WidgetInfo::selected(WidgetType::Button, ui.is_enabled(), is_on, label));
    response
}

/// An area of a row that only answers to the pointer resting on it; takes no space.
pub fn hover_area(ui: &mut Ui, rect: Rect) -> Response {
    let id = ui.next_auto_id();
    ui.skip_ahead_auto_ids(1);
    ui.interact(rect, id, Sense::hover())
}

/// The small caption above a group.
pub fn section(ui: &mut Ui, label: &str, theme: &Theme) {
    ui.add_space(8.0);
    ui.label(RichText::new(label).size(theme.small_size).color(theme.text_faint).extra_letter_spacing(0.4));
    ui.add_space(1.0);
}

/// Text in the small, quiet style.
pub fn weak(ui: &mut Ui, text: impl Into<String>, theme: &Theme) -> Response {
    ui.label(RichText::new(text).size(theme.small_size + 0.5).color(theme.text_weak))
}

/// A sentence in place of an empty panel.
pub fn empty(ui: &mut Ui, text: &str, theme: &Theme) {
    ui.add_space(14.0);
    ui.vertical_centered(|ui| ui.label(RichText::new(text).color(theme.text_faint)));
}

/// A switch; its name is `label`.
pub fn switch(ui: &mut Ui, is_on: &mut bool, label: &str, theme: &Theme) -> Response {
    let (rect, mut response) = ui.allocate_exact_size(vec2(32.0, 18.0), Sense::click());
    if response.clicked() {
        *is_on = !*is_on;
        response.mark_changed();
    }
    response.widget_info(|| WidgetInfo::selected(WidgetType::Checkbox, ui.is_enabled(), *is_on, label));
    let how_on = ui.ctx().animate_bool_responsive(response.id, *is_on);
    let track = theme.normal_band.lerp_to_gamma(theme.accent, how_on);
    ui.painter().rect_filled(rect, CornerRadius::same(9), track);
    let x = egui::lerp(rect.left() + 9.0..=rect.right() - 9.0, how_on);
    ui.painter().circle_filled(pos2(x, rect.center().y), 6.5, theme.text_strong);
    response
}

/// A pill with a word, in the flow.
pub fn pill(ui: &mut Ui, word: &str, fill: Color32, text: Color32, theme: &Theme) -> Response {
    let width = marks::pill_width(ui.painter(), word, theme);
    let (rect, response) = ui.allocate_exact_size(vec2(width, 16.0), Sense::hover());
    marks::paint_pill(ui.painter(), rect.left_center(), Align2::LEFT_CENTER, word, fill, text, theme);
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, word));
    response
}

/// A search field with a magnifying glass and a button that empties it.
pub fn search_field(ui: &mut Ui, id: &str, filter: &mut String, hint: &str, clear_label: &str, theme: &Theme) -> Response {
    let width = ui.available_width();
    let edit = egui::TextEdit::singleline(filter)
        .id(egui::Id::new(id))
        .hint_text(RichText::new(hint).color(theme.text_faint))
        .margin(egui::Margin { left: 26, right: 24, top: 4, bottom: 4 })
        .desired_width(width);
    let response = ui.add(edit);
    let glass = Rect::from_center_size(pos2(response.rect.left() + 14.0, response.rect.center().y), Vec2::splat(12.0));
    icons::paint(ui.painter(), glass, Icon::Search, theme.text_faint);
    if !filter.is_empty() {
        let cross = Rect::from_center_size(pos2(response.rect.right() - 13.0, response.rect.center().y), Vec2::splat(18.0));
        if icon_button_at(ui, cross, Icon::Close, clear_label, false, theme).clicked() {
            filter.clear();
        }
    }
    response
}

/// A one-line text painted into a rectangle, cut with an ellipsis where it does not fit.
pub fn text_in(ui: &Ui, rect: Rect, align: Align2, text: &str, font: egui::FontId, colour: Color32) {
    let mut job = egui::text::LayoutJob::simple_singleline(text.to_owned(), font, colour);
    job.wrap = egui::text::TextWrapping::truncate_at_width(rect.width().max(1.0));
    let galley = ui.painter().layout_job(job);
    let pos = align.align_size_within_rect(galley.size(), rect).min;
    ui.painter().galley(pos, galley, colour);
}
