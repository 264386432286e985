//! Keys: one table for the sheet under `?` and for what they do.

use crate::alarm_strip::{self, AlarmStripView};
use crate::displays::Display;
use crate::playhead::{Motion, PlayheadView};
use crate::scene_tools::{self, SceneToolsView};
use crate::tour::TourAction;
use crate::{Panel, Theme, UiEvent, ViewMode, controls, text::t};
use egui::{Align2, Key, RichText, Sense, Stroke, Ui, vec2};
use twin_model::{Action, LaneId, ThingId};

/// A key and what it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shortcut {
    /// As printed on the key.
    pub key: &'static str,
    /// What it does, in words.
    pub words: &'static str,
}

/// All keys, in groups.
pub fn sheet(scene: &SceneToolsView) -> [(&'static str, Vec<Shortcut>); 5] {
    let shortcut = |key, words| Shortcut { key, words };
    [
        (
            t().group_alarms,
            vec![
                shortcut("J", t().key_jump),
                shortcut("A", t().key_acknowledge),
                shortcut("S", t().silence_horn),
                shortcut("L", t().return_to_live),
            ],
        ),
        (
            t().group_time,
            vec![
                shortcut("Space", t().key_pause),
                shortcut("←", t().previous_event),
                shortcut("→", t().next_event),
                shortcut("⇧ ←", t().key_previous_change),
                shortcut("⇧ →", t().key_next_change),
                shortcut("W", t().key_what_if),
            ],
        ),
        (
            t().group_view,
            vec![
                shortcut("1", t().key_operate),
                shortcut("2", t().key_health),
                shortcut("T", t().key_trends),
                shortcut("/", t().filter_things),
                shortcut("Esc", t().clear_selection),
                shortcut("?", t().shortcuts),
            ],
        ),
        (t().group_displays, Display::ALL.map(|display| shortcut(display.key_name(), display.title())).to_vec()),
        (t().group_scene, scene_tools::sheet(scene).into_iter().map(|(key, words)| shortcut(key, words)).collect()),
    ]
}

/// What the keys need to know.
pub struct KeyContext<'a> {
    /// Live alarms.
    pub strip: &'a AlarmStripView,
    /// Where the view stands.
    pub playhead: &'a PlayheadView,
    /// The scene's tools.
    pub scene: &'a SceneToolsView,
    /// What is selected.
    pub selected: Option<&'a ThingId>,
    /// The guided tour runs.
    pub is_touring: bool,
}

/// Turns pressed keys into events. Does nothing while a text field has the keyboard.
pub fn keys(ctx: &egui::Context, context: &KeyContext<'_>, is_sheet_open: &mut bool, out: &mut Vec<UiEvent>) {
    if ctx.text_edit_focused() {
        return;
    }
    let pressed = |key: Key| ctx.input(|input| input.key_pressed(key) && !input.modifiers.command && !input.modifiers.alt);
    if ctx.input(|input| input.events.iter().any(|event| matches!(event, egui::Event::Text(text) if text == "?"))) {
        *is_sheet_open = !*is_sheet_open;
    }
    if pressed(Key::Escape) {
        if *is_sheet_open {
            *is_sheet_open = false;
        } else if context.is_touring {
            out.push(UiEvent::Tour(TourAction::Skip));
        } else if context.selected.is_some() {
            out.push(UiEvent::Select(None));
        }
    }
    let newest = context.strip.newest.first();
    if pressed(Key::J)
        && let Some(alarm) = newest
    {
        alarm_strip::jump_to(alarm, context.strip.followed, out);
    }
    if pressed(Key::A)
        && context.strip.may_acknowledge
        && let Some(alarm) = newest.filter(|alarm| alarm.state.wants_acknowledgement())
    {
        out.push(UiEvent::Twin(Action::Acknowledge { lane: alarm.lane, alarm: alarm.tag.clone() }));
    }
    if pressed(Key::S) && context.strip.is_horn_on {
        out.push(UiEvent::Twin(Action::SilenceHorn));
    }
    let twin_keys = [
        (Key::L, Action::SwitchLane(LaneId::LIVE)),
        (Key::ArrowLeft, Action::StepEvent { forward: false }),
        (Key::ArrowRight, Action::StepEvent { forward: true }),
        (Key::Space, if context.playhead.motion == Motion::Paused { Action::Play { speed: 1.0 } } else { Action::Pause }),
    ];
    let has_focus = ctx.memory(|memory| memory.focused().is_some());
    for (key, action) in twin_keys {
        // A focused button or slider keeps space and arrows for itself.
        if pressed(key) && (!has_focus || key == Key::L) {
            out.push(UiEvent::Twin(action));
        }
    }
    let view_keys = [
        (Key::Num1, UiEvent::SetViewMode(ViewMode::Operate)),
        (Key::Num2, UiEvent::SetViewMode(ViewMode::Health)),
        (Key::H, UiEvent::Home),
        (Key::W, UiEvent::OpenPanel(Panel::WhatIf)),
        (Key::T, UiEvent::OpenPanel(Panel::Trends)),
    ];
    for (key, event) in view_keys {
        if pressed(key) {
            out.push(event);
        }
    }
    out.extend(Display::ALL.into_iter().filter(|display| pressed(display.key())).map(UiEvent::SetDisplay));
    scene_tools::keys(ctx, context.scene, out);
    if pressed(Key::F) {
        out.push(if context.selected.is_some() { UiEvent::FrameSelected } else { UiEvent::Home });
    }
    if pressed(Key::Slash) && !ctx.input(|input| input.modifiers.shift) {
        out.push(UiEvent::OpenPanel(Panel::PlantTree));
        // The stroke opens the field; it is not the first letter in it.
        ctx.input_mut(|input| input.events.retain(|event| !matches!(event, egui::Event::Text(text) if text == "/")));
        ctx.memory_mut(|memory| memory.request_focus(egui::Id::new(crate::plant_tree::FILTER_ID)));
    }
}

/// Draws the sheet as a window over everything.
pub fn shortcuts_ui(ui: &Ui, scene: &SceneToolsView, is_open: &mut bool, theme: &Theme) {
    if !*is_open {
        return;
    }
    let mut close = false;
    egui::Window::new(t().shortcuts)
        .title_bar(false)
        .resizable(false)
        .collapsible(false)
        .anchor(Align2::CENTER_CENTER, vec2(0.0, -20.0))
        .fixed_size(vec2(980.0, 300.0))
        .show(ui.ctx(), |ui| {
            ui.horizontal(|ui| {
                ui.label(RichText::new(t().shortcuts).heading().color(theme.text_strong));
                ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                    close = controls::icon_button(ui, crate::icons::Icon::Close, t().close, false, theme).clicked();
                });
            });
            ui.add_space(6.0);
            ui.columns(5, |columns| {
                for (column, (group, shortcuts)) in columns.iter_mut().zip(sheet(scene)) {
                    controls::section(column, group, theme);
                    for shortcut in shortcuts {
                        key_row(column, shortcut, theme);
                    }
                }
            });
        });
    if close {
        *is_open = false;
    }
}

fn key_row(ui: &mut Ui, shortcut: Shortcut, theme: &Theme) {
    ui.horizontal(|ui| {
        let galley = ui.painter().layout_no_wrap(shortcut.key.to_owned(), theme.figures(theme.small_size), theme.text_strong);
        let (slot, _) = ui.allocate_exact_size(vec2(44.0, 22.0), Sense::hover());
        let cap = egui::Rect::from_center_size(slot.center(), vec2((galley.size().x + 12.0).max(22.0), 20.0));
        ui.painter().rect(cap, 4.0, theme.raised, Stroke::new(1.0, theme.line), egui::StrokeKind::Inside);
        ui.painter().galley(cap.center() - galley.size() / 2.0, galley, theme.text_strong);
        ui.add(egui::Label::new(RichText::new(shortcut.words).color(theme.text)).wrap());
    });
}
