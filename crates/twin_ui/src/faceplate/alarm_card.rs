//! An alarm of the selected thing with its guidance.

use super::FaceplateView;
use crate::alarm_view::AlarmView;
use crate::{Theme, UiEvent, controls, format, marks, text::t};
use egui::{Align2, RichText, Sense, Ui, WidgetInfo, WidgetType, vec2};
use twin_model::Action;

/// Mark, message, cause, consequence, action, and the button that acknowledges.
pub(super) fn alarm_card(ui: &mut Ui, view: &FaceplateView, alarm: &AlarmView, theme: &Theme, out: &mut Vec<UiEvent>) {
    ui.add_space(8.0);
    let frame = egui::Frame::new().fill(theme.card()).corner_radius(6).inner_margin(egui::Margin::symmetric(10, 8));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal(|ui| {
            ui.set_min_height(22.0);
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                if alarm.state.wants_acknowledgement() {
                    let button = egui::Button::new(t().acknowledge);
                    if ui.add_enabled(view.may_acknowledge, button).clicked() {
                        out.push(UiEvent::Twin(Action::Acknowledge { lane: view.lane, alarm: alarm.tag.clone() }));
                    }
                }
                if let Some(left) = alarm.time_left_secs {
                    controls::weak(ui, format!("{} {}", format::countdown(left), t().left), theme);
                }
                ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| alarm_title(ui, alarm, theme));
            });
        });
        ui.spacing_mut().item_spacing.y = 3.0;
        ui.add(egui::Label::new(RichText::new(&alarm.message).color(theme.text_strong)).wrap());
        for (caption, text) in [(t().cause, &alarm.cause), (t().consequence, &alarm.consequence), (t().action, &alarm.operator_action)] {
            if !text.is_empty() {
                ui.horizontal_top(|ui| {
                    let (rect, _) = ui.allocate_exact_size(vec2(76.0, 15.0), Sense::hover());
                    controls::text_in(ui, rect, Align2::LEFT_CENTER, caption, theme.small(), theme.text_faint);
                    ui.add(egui::Label::new(RichText::new(text).size(theme.small_size + 0.5).color(theme.text)).wrap());
                });
            }
        }
    });
}

fn alarm_title(ui: &mut Ui, alarm: &AlarmView, theme: &Theme) {
    let (rect, response) = ui.allocate_exact_size(vec2(18.0, 20.0), Sense::hover());
    let is_bright = theme.is_flash_bright(ui.input(|input| input.time));
    marks::paint_alarm(ui.painter(), rect.center(), 16.0, alarm.mark(), is_bright, theme);
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, alarm.mark().words()));
    ui.label(RichText::new(&alarm.tag).color(theme.text_strong));
    if alarm.is_training {
        controls::pill(ui, t().training, theme.accent, theme.on_accent, theme);
    }
}
