//! The clock of the playhead, which turns into a field to type a time into.

use super::state::{TimelineState, TypedTime};
use super::typed_time;
use crate::playhead::PlayheadView;
use crate::{Theme, UiEvent, controls, format, text::t};
use egui::{Align2, Area, Frame, Id, Key, Order, Pos2, RichText, Sense, TextEdit, Ui, WidgetInfo, WidgetType, vec2};
use twin_model::{Action, TwinTime};

const WIDTH: f32 = 168.0;

/// Draws clock or field, from right to left.
pub(super) fn clock_ui(ui: &mut Ui, head: &PlayheadView, state: &mut TimelineState, theme: &Theme, out: &mut Vec<UiEvent>) {
    if state.typed.is_some() {
        field(ui, head, state, theme, out);
    } else {
        clock(ui, head, state, theme);
    }
    let behind = head.head.secs_since(head.time);
    // The room is kept while following, so that nothing moves when a person leaves the newest instant.
    let (room, response) = ui.allocate_exact_size(vec2(76.0, 20.0), Sense::hover());
    if head.is_history() && behind >= 1.0 {
        let text = format!("−{}", format::duration(behind));
        controls::text_in(ui, room.shrink2(vec2(6.0, 0.0)), Align2::RIGHT_CENTER, &text, theme.small(), theme.text_weak);
        response.on_hover_text(t().behind_head);
    }
}

fn clock(ui: &mut Ui, head: &PlayheadView, state: &mut TimelineState, theme: &Theme) {
    let (clock, dated) = (format::clock(head.time), format::date_clock(head.time));
    let date = dated.get(..10).unwrap_or_default().to_owned();
    let clock_galley = ui.painter().layout_no_wrap(clock.clone(), theme.figures(theme.text_size + 3.0), theme.text_strong);
    let date_galley = ui.painter().layout_no_wrap(date, theme.figures(theme.small_size), theme.text_weak);
    let width = clock_galley.size().x + date_galley.size().x + 18.0;
    let (rect, response) = ui.allocate_exact_size(vec2(width, 24.0), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Button, true, format!("{clock}, {}", t().go_to_time)));
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, crate::theme::radius::M, theme.raised);
    }
    let y = rect.center().y;
    let at = |x: f32, height: f32| Pos2::new(x, y - height / 2.0);
    ui.painter().galley(at(rect.left() + 6.0, date_galley.size().y), date_galley, theme.text_weak);
    ui.painter().galley(at(rect.right() - 6.0 - clock_galley.size().x, clock_galley.size().y), clock_galley, theme.text_strong);
    if response.clicked() {
        state.typed = Some(TypedTime::default());
    }
    response.on_hover_text(format!("{}\n{}: {}", format::date_clock_zone(head.time), t().go_to_time, t().go_to_time_hint));
}

fn field(ui: &mut Ui, head: &PlayheadView, state: &mut TimelineState, theme: &Theme, out: &mut Vec<UiEvent>) {
    let Some(typed) = &mut state.typed else { return };
    let edit = TextEdit::singleline(&mut typed.text)
        .id(Id::new("timeline time"))
        .hint_text(RichText::new(t().go_to_time_hint).color(theme.text_faint))
        .desired_width(WIDTH)
        .char_limit(60);
    let response = ui.add(edit);
    response.widget_info(|| WidgetInfo::labeled(WidgetType::TextEdit, true, t().go_to_time));
    if !typed.had_focus {
        response.request_focus();
        typed.had_focus = true;
    }
    if response.changed() {
        typed.problem = None;
    }
    if let Some(problem) = typed.problem.clone() {
        tell(ui, response.rect.left_bottom() + vec2(0.0, 4.0), &problem, theme);
    }
    if !response.lost_focus() {
        return;
    }
    if !ui.input(|input| input.key_pressed(Key::Enter)) {
        state.typed = None;
        return;
    }
    match wanted(&typed.text, head) {
        Ok(time) => {
            out.push(UiEvent::Twin(Action::Seek(time)));
            state.typed = None;
        }
        Err(problem) => {
            typed.problem = Some(problem);
            response.request_focus();
        }
    }
}

/// The instant a text means on this lane, or what is wrong with it.
fn wanted(text: &str, head: &PlayheadView) -> Result<TwinTime, String> {
    let time = format::with_site(|site| typed_time::parse(text, &site.zone, head.time)).map_err(|error| error.words().to_owned())?;
    if time < head.start {
        Err(format!("{} {}.", t().lane_begins, format::date_clock(head.start)))
    } else if time > head.head {
        Err(format!("{} {}.", t().lane_ends, format::date_clock(head.head)))
    } else {
        Ok(time)
    }
}

fn tell(ui: &Ui, pos: Pos2, problem: &str, theme: &Theme) {
    Area::new(Id::new("timeline time problem")).order(Order::Foreground).fixed_pos(pos).interactable(false).show(ui.ctx(), |ui| {
        Frame::popup(ui.style()).show(ui, |ui| {
            ui.set_max_width(260.0);
            ui.add(egui::Label::new(RichText::new(problem).color(theme.text_strong)).wrap());
        });
    });
}
