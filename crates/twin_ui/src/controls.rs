//! Small widgets the panels share: icon buttons, section labels, switches, pills, cards, a search field, and what stands
//! in the place of data that is not there, not yet there, or no longer to be believed.

use crate::icons::{self, Icon};
use crate::theme::{radius, space, stroke};
use crate::{Theme, marks, text::t};
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
    ui.painter().rect_filled(rect, CornerRadius::same(radius::M), fill);
    let colour = match (ui.is_enabled(), is_on || is_hot) {
        (false, _) => theme.text_faint.gamma_multiply(0.5),
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
    let font = if is_primary { theme.strong() } else { theme.body() };
    let galley = ui.painter().layout_no_wrap(label.to_owned(), font, colour);
    let size = vec2(galley.size().x + 38.0, 28.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let is_hot = response.hovered() && enabled;
    let (fill, edge) = match (is_primary && enabled, is_hot) {
        (true, false) => (theme.accent, theme.accent),
        (true, true) => (theme.accent.lerp_to_gamma(theme.text_strong, 0.18), theme.accent),
        (false, false) => (theme.raised, theme.line),
        (false, true) => (theme.hover(), theme.line),
    };
    let pen = Stroke::new(stroke::HAIRLINE, edge);
    ui.painter().rect(rect, CornerRadius::same(radius::M), fill, pen, StrokeKind::Inside);
    icons::paint(ui.painter(), Rect::from_center_size(pos2(rect.left() + 17.0, rect.center().y), Vec2::splat(14.0)), icon, colour);
    ui.painter().galley(pos2(rect.left() + 28.0, rect.center().y - galley.size().y / 2.0), galley, colour);
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Button, enabled, label));
    response
}

/// A small text button without a frame until the pointer is over it.
pub fn quiet_button(ui: &mut Ui, label: &str, theme: &Theme) -> Response {
    ui.add(egui::Button::new(RichText::new(label).color(theme.text_weak).size(theme.small_size + 1.0)).frame_when_inactive(false))
}

/// A toggle in a row of alternatives.
pub fn choice(ui: &mut Ui, is_on: bool, label: &str, theme: &Theme) -> Response {
    let size = theme.small_size + 1.0;
    let (font, colour) = if is_on { (theme.strong_figures(size), theme.text_strong) } else { (theme.figures(size), theme.text_weak) };
    // The wider of the two faces, so that nothing moves when another one is chosen.
    let width = ui.painter().layout_no_wrap(label.to_owned(), theme.strong_figures(size), colour).size().x;
    let galley = ui.painter().layout_no_wrap(label.to_owned(), font, colour);
    let (rect, response) = ui.allocate_exact_size(vec2(width + 18.0, 24.0), Sense::click());
    let (fill, edge) = match (is_on, response.hovered()) {
        (true, _) => (theme.selected, theme.accent),
        (false, true) => (theme.raised, Color32::TRANSPARENT),
        (false, false) => (Color32::TRANSPARENT, Color32::TRANSPARENT),
    };
    ui.painter().rect_filled(rect, CornerRadius::same(radius::M), fill);
    let foot = Rect::from_min_max(pos2(rect.left() + 8.0, rect.bottom() - 2.0), pos2(rect.right() - 8.0, rect.bottom()));
    ui.painter().rect_filled(foot, CornerRadius::same(1), edge);
    ui.painter().galley(rect.center() - galley.size() / 2.0, galley, colour);
    response.widget_info(|| WidgetInfo::selected(WidgetType::Button, ui.is_enabled(), is_on, label));
    response
}

/// One choice out of a few, side by side on one ground. Returns true when another one was chosen.
pub fn segmented<T: Copy + PartialEq>(ui: &mut Ui, chosen: &mut T, choices: &[(T, &str)], theme: &Theme) -> bool {
    let before = *chosen;
    let frame = egui::Frame::new().fill(theme.sunken).corner_radius(CornerRadius::same(radius::M + 1)).inner_margin(2.0);
    frame.show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 2.0;
            for (value, label) in choices {
                if choice(ui, *chosen == *value, label, theme).clicked() {
                    *chosen = *value;
                }
            }
        });
    });
    *chosen != before
}

/// A ground of its own for what belongs together.
pub fn card<R>(ui: &mut Ui, theme: &Theme, content: impl FnOnce(&mut Ui) -> R) -> R {
    let frame = egui::Frame::new()
        .fill(theme.card())
        .stroke(Stroke::new(stroke::HAIRLINE, theme.line))
        .corner_radius(CornerRadius::same(radius::L))
        .inner_margin(egui::Margin::same(10));
    frame.show(ui, content).inner
}

/// A line with a name at the left, and a figure with its lighter unit at the right. One label for a screen reader.
pub fn key_value(ui: &mut Ui, key: &str, value: &str, unit: &str, theme: &Theme) -> Response {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), theme.row_height() - 2.0), Sense::hover());
    let mut x = rect.right();
    for (text, font, colour) in
        [(unit, theme.figures(theme.small_size), theme.text_weak), (value, theme.strong_figures(theme.text_size), theme.text_strong)]
    {
        if !text.is_empty() {
            let galley = ui.painter().layout_no_wrap(text.to_owned(), font, colour);
            x -= galley.size().x;
            ui.painter().galley(pos2(x, rect.center().y - galley.size().y / 2.0), galley, colour);
            x -= space::XS;
        }
    }
    let left = Rect::from_min_max(rect.min, pos2(x - space::S, rect.bottom()));
    text_in(ui, left, Align2::LEFT_CENTER, key, theme.figures(theme.text_size), theme.text_weak);
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, format!("{key} {value} {unit}").trim_end()));
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
    ui.add_space(space::S);
    ui.label(RichText::new(label).font(theme.caption()).color(theme.text_weak).extra_letter_spacing(0.5));
    ui.add_space(1.0);
}

/// The title of a panel or of what it is about.
pub fn title(ui: &mut Ui, text: impl Into<String>, theme: &Theme) -> Response {
    ui.label(RichText::new(text).font(theme.title()).color(theme.text_strong))
}

/// Text in the small, quiet style.
pub fn weak(ui: &mut Ui, text: impl Into<String>, theme: &Theme) -> Response {
    ui.label(RichText::new(text).size(theme.small_size + 0.5).color(theme.text_weak))
}

/// A sentence in place of an empty panel.
pub fn empty(ui: &mut Ui, text: &str, theme: &Theme) {
    ui.add_space(space::XL);
    ui.vertical_centered(|ui| ui.label(RichText::new(text).color(theme.text_faint)));
}

/// In place of what is on its way: `what` names it. Three dots, one of them large, wander once a second.
pub fn loading(ui: &mut Ui, what: &str, theme: &Theme) {
    ui.add_space(space::XL);
    ui.vertical_centered(|ui| {
        let (rect, response) = ui.allocate_exact_size(vec2(36.0, 12.0), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(WidgetType::ProgressIndicator, true, what));
        let step = if theme.has_reduced_motion { 1 } else { (ui.input(|input| input.time) * 3.0) as usize % 3 };
        for index in 0..3 {
            let center = pos2(rect.center().x + (index as f32 - 1.0) * 11.0, rect.center().y);
            ui.painter().circle_filled(center, if index == step { 3.5 } else { 2.0 }, theme.text_faint);
        }
        if !theme.has_reduced_motion {
            ui.ctx().request_repaint_after(std::time::Duration::from_millis(330));
        }
        ui.label(RichText::new(what).color(theme.text_weak));
    });
}

/// In place of what could not be had: what happened, and what a person can do about it.
pub fn error_state(ui: &mut Ui, what_happened: &str, what_to_do: &str, theme: &Theme) {
    ui.add_space(space::M);
    card(ui, theme, |ui| {
        ui.horizontal(|ui| {
            let (rect, _) = ui.allocate_exact_size(Vec2::splat(18.0), Sense::hover());
            icons::paint(ui.painter(), rect, Icon::Warning, theme.text_strong);
            ui.add(egui::Label::new(RichText::new(what_happened).font(theme.strong()).color(theme.text_strong)).wrap());
        });
        if !what_to_do.is_empty() {
            ui.add(egui::Label::new(RichText::new(what_to_do).color(theme.text)).wrap());
        }
        ui.set_min_width(ui.available_width());
    });
}

/// Above what is still shown although it is old: hatched, with the age in words.
pub fn stale(ui: &mut Ui, age_secs: f64, theme: &Theme) -> Response {
    let words = format!("{} · {} {}", t().stale, t().age, crate::format::age(age_secs));
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 22.0), Sense::hover());
    ui.painter().rect_filled(rect, CornerRadius::same(radius::S), theme.sunken);
    marks::paint_hatch(ui.painter(), rect, theme.text_faint.gamma_multiply(0.32));
    let galley = ui.painter().layout_no_wrap(words.clone(), theme.small(), theme.text);
    let plate = Rect::from_center_size(rect.center(), galley.size() + vec2(12.0, 0.0));
    ui.painter().rect_filled(plate, CornerRadius::same(radius::S), theme.sunken);
    ui.painter().galley(plate.center() - galley.size() / 2.0, galley, theme.text);
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, words.as_str()));
    response
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
    let track = theme.sunken.lerp_to_gamma(theme.accent, how_on);
    let edge = theme.text_faint.lerp_to_gamma(theme.accent, how_on);
    let pen = Stroke::new(stroke::HAIRLINE, edge);
    ui.painter().rect(rect, CornerRadius::same(9), track, pen, StrokeKind::Inside);
    let x = egui::lerp(rect.left() + 9.0..=rect.right() - 9.0, how_on);
    ui.painter().circle_filled(pos2(x, rect.center().y), 5.5, theme.text_faint.lerp_to_gamma(theme.on_accent, how_on));
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
