//! What is wrong with documents and inputs.

use crate::icons::{self, Icon};
use crate::table::{self, Width};
use crate::{Theme, controls, text::t};
use egui::{Align2, Rect, ScrollArea, Sense, Ui, Vec2, WidgetInfo, WidgetType, pos2};
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
    ui.spacing_mut().item_spacing.y = 0.0;
    ScrollArea::vertical().auto_shrink(false).show_rows(ui, theme.row_height(), view.problems.len(), |ui, range| {
        for problem in view.problems.get(range).unwrap_or_default() {
            let (rect, response) = table::row(ui, theme.row_height(), Sense::hover());
            let words = format!("{}: {} {}", problem.place, problem.message, problem.hint);
            response.widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, &words));
            let widths = [Width::Fixed(16.0), Width::Share(0.7), Width::Share(1.3), Width::Fixed(60.0)];
            let cells = table::columns(rect, widths, 8.0);
            if problem.severity == Severity::Error {
                let at = Rect::from_center_size(pos2(cells[0].center().x, rect.center().y), Vec2::splat(13.0));
                icons::paint(ui.painter(), at, Icon::Warning, theme.text_strong);
            }
            controls::text_in(ui, cells[1], Align2::LEFT_CENTER, &problem.place, theme.body(), theme.text_weak);
            controls::text_in(ui, cells[2], Align2::LEFT_CENTER, &problem.message, theme.body(), theme.text);
            let count = if problem.count > 1 { format!("{}×", problem.count) } else { String::new() };
            controls::text_in(ui, cells[3], Align2::RIGHT_CENTER, &count, theme.body(), theme.text_weak);
            response.on_hover_text(words);
        }
    });
}
