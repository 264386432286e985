//! What is wrong with documents and inputs.

use crate::icons::{self, Icon};
use crate::{Theme, controls, table, text::t};
use egui::{Align2, Rect, ScrollArea, Sense, Stroke, Ui, Vec2, WidgetInfo, WidgetType, pos2};
use twin_model::Severity;

/// The list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProblemListView {
    /// Problems, newest first.
    pub problems: Vec<ProblemView>,
}

/// One problem.
#[derive(Clone, Debug, PartialEq)]
pub struct ProblemView {
    /// How bad.
    pub severity: Severity,
    /// Topic, file or JSON pointer.
    pub place: String,
    /// What is wrong.
    pub message: String,
    /// What to do; may be empty.
    pub hint: String,
    /// How often.
    pub count: u64,
}

/// Draws the list.
pub fn problem_list_ui(ui: &mut Ui, view: &ProblemListView, theme: &Theme) {
    if view.problems.is_empty() {
        controls::empty(ui, t().no_problems, theme);
        return;
    }
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        view.problems.iter().for_each(|problem| problem_ui(ui, problem, theme));
    });
}

/// A problem in as many lines as it takes: a hint that is cut off helps nobody.
fn problem_ui(ui: &mut Ui, problem: &ProblemView, theme: &Theme) {
    let width = ui.available_width();
    let font = theme.body();
    let lay = |text: &str, colour, width: f32| ui.painter().layout(text.to_owned(), font.clone(), colour, width.max(40.0));
    let count = if problem.count > 1 { format!("{}×", problem.count) } else { String::new() };
    let (place_width, count_width) = ((width * 0.34).min(320.0), if count.is_empty() { 0.0 } else { 56.0 });
    let text_width = width - 24.0 - place_width - 10.0 - count_width;
    let place = lay(&problem.place, theme.text_weak, place_width);
    let message = lay(&problem.message, theme.text, text_width);
    let hint = (!problem.hint.is_empty()).then(|| lay(&problem.hint, theme.text_weak, text_width));
    let text_height = message.size().y + hint.as_ref().map_or(0.0, |hint| hint.size().y + 2.0);
    let (rect, response) = table::row(ui, text_height.max(place.size().y) + 10.0, Sense::hover());
    let words = format!("{}: {} {}", problem.place, problem.message, problem.hint);
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, &words));
    let top = rect.top() + 5.0;
    if problem.severity == Severity::Error {
        let at = Rect::from_center_size(pos2(rect.left() + 8.0, top + 8.0), Vec2::splat(13.0));
        icons::paint(ui.painter(), at, Icon::Warning, theme.text_strong);
    }
    let text_left = rect.left() + 24.0 + place_width + 10.0;
    let below_message = top + message.size().y + 2.0;
    ui.painter().galley(pos2(rect.left() + 24.0, top), place, theme.text_weak);
    ui.painter().galley(pos2(text_left, top), message, theme.text);
    if let Some(hint) = hint {
        ui.painter().galley(pos2(text_left, below_message), hint, theme.text_weak);
    }
    ui.painter().text(pos2(rect.right(), top), Align2::RIGHT_TOP, count, theme.figures(theme.text_size), theme.text_weak);
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, theme.line.gamma_multiply(0.6)));
}
