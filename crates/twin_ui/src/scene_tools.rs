//! The tools of the 3D scene: a slim strip at its right edge, and what the scene says while it is empty.

use crate::event::{Axis, ClipPlane, Quality, ViewDirection};
use crate::icons::Icon;
use crate::{Theme, UiEvent, controls, text::t};
use egui::{Area, Id, Key, Order, Rect, Ui, pos2, vec2};

/// State of the scene that its tools show and change.
#[derive(Clone, Debug, PartialEq)]
pub struct SceneToolsView {
    /// There is a 3D model to look at.
    pub has_scene: bool,
    /// The model is being read.
    pub is_loading: bool,
    /// Something is selected.
    pub has_selection: bool,
    /// Value tags are shown.
    pub shows_tags: bool,
    /// Flow ticks are shown.
    pub shows_flow: bool,
    /// How far the selected thing is pulled apart, 0 … 1.
    pub explode: f32,
    /// The selected thing is cut open.
    pub is_cut_away: bool,
    /// Only the selected thing is solid.
    pub is_isolated: bool,
    /// Clicks measure.
    pub is_measuring: bool,
    /// The clipping plane.
    pub clip: Option<ClipPlane>,
    /// Quality asked for.
    pub quality: Quality,
    /// Word of the theme in use.
    pub theme: String,
    /// Themes on offer: word for the window, name for people.
    pub themes: Vec<(String, String)>,
}

impl Default for SceneToolsView {
    fn default() -> Self {
        Self {
            has_scene: true,
            is_loading: false,
            has_selection: false,
            shows_tags: true,
            shows_flow: false,
            explode: 0.0,
            is_cut_away: false,
            is_isolated: false,
            is_measuring: false,
            clip: None,
            quality: Quality::Auto,
            theme: String::new(),
            themes: Vec::new(),
        }
    }
}

/// Part of the scene's right edge that the strip covers, points: nothing else should stand there.
pub const WIDTH: f32 = 44.0;

/// A tool of the strip.
struct Tool {
    icon: Icon,
    words: &'static str,
    key: &'static str,
    is_on: bool,
    is_enabled: bool,
    event: UiEvent,
}

/// Tools in the order of the strip, in groups.
fn tools(view: &SceneToolsView) -> [Vec<Tool>; 4] {
    let tool = |icon, words, key, is_on, event| Tool { icon, words, key, is_on, is_enabled: true, event };
    let of_selection = |icon, words, key, is_on, event| Tool { icon, words, key, is_on, is_enabled: view.has_selection, event };
    let is_exploded = view.explode > 0.0;
    [
        vec![
            tool(Icon::Home, t().home, "H", false, UiEvent::Home),
            of_selection(Icon::Frame, t().key_frame, "F", false, UiEvent::FrameSelected),
        ],
        vec![
            tool(Icon::Tag, t().value_tags, "V", view.shows_tags, UiEvent::ShowTags(!view.shows_tags)),
            tool(Icon::Flow, t().flow_ticks, "G", view.shows_flow, UiEvent::SetFlow(!view.shows_flow)),
        ],
        vec![
            of_selection(Icon::Explode, t().explode, "X", is_exploded, UiEvent::SetExplode(if is_exploded { 0.0 } else { 1.0 })),
            of_selection(Icon::Cutaway, t().cut_away, "C", view.is_cut_away, UiEvent::SetCutaway(!view.is_cut_away)),
            of_selection(Icon::Eye, t().isolate, "I", view.is_isolated, UiEvent::SetIsolate(!view.is_isolated)),
        ],
        vec![
            tool(Icon::Measure, t().measure, "M", view.is_measuring, UiEvent::SetMeasure(!view.is_measuring)),
            tool(Icon::ClipPlane, t().clip_plane, "K", view.clip.is_some(), UiEvent::SetClip(next_clip(view.clip))),
        ],
    ]
}

/// The clipping plane after one more press of its key: off, across x, y, z, off.
pub fn next_clip(clip: Option<ClipPlane>) -> Option<ClipPlane> {
    let axis = match clip.map(|clip| clip.axis) {
        None => Axis::X,
        Some(Axis::X) => Axis::Y,
        Some(Axis::Y) => Axis::Z,
        Some(Axis::Z) => return None,
    };
    Some(ClipPlane { axis, share: 0.5, is_flipped: false })
}

/// Keys of the tools, for the sheet.
pub(crate) fn sheet(view: &SceneToolsView) -> Vec<(&'static str, &'static str)> {
    tools(view).into_iter().flatten().map(|tool| (tool.key, tool.words)).collect()
}

/// The tools whose key is pressed.
pub(crate) fn keys(ctx: &egui::Context, view: &SceneToolsView, out: &mut Vec<UiEvent>) {
    for tool in tools(view).into_iter().flatten() {
        // The keys of the camera work without a scene tool: framing without a selection shows everything.
        let is_own = !matches!(tool.event, UiEvent::Home | UiEvent::FrameSelected);
        let is_pressed = Key::from_name(tool.key)
            .is_some_and(|key| ctx.input(|input| input.key_pressed(key) && !input.modifiers.command && !input.modifiers.alt));
        if is_own && tool.is_enabled && is_pressed {
            out.push(tool.event);
        }
    }
}

/// Draws the strip over the right edge of the scene and, while the plane cuts, its controls beside it.
pub fn scene_tools_ui(ui: &mut Ui, scene: Rect, view: &SceneToolsView, theme: &Theme, out: &mut Vec<UiEvent>) {
    if view.is_loading {
        over_scene(ui, scene, |ui| controls::loading(ui, t().scene_loading, theme));
        return;
    }
    if !view.has_scene {
        over_scene(ui, scene, |ui| controls::error_state(ui, t().no_scene, t().no_scene_hint, theme));
        return;
    }
    let groups = tools(view);
    let button = theme.icon_button().x;
    // In a low scene the strip stands in two columns rather than over the edge.
    let count = groups.iter().map(Vec::len).sum::<usize>() + 1;
    let columns = if scene.height() < (count as f32) * (button + 3.0) + 50.0 { 2 } else { 1 };
    let width = button * columns as f32 + 10.0;
    let corner = pos2(scene.right() - width - 9.0, scene.top() + 9.0);
    Area::new(Id::new("scene_tools")).order(Order::Middle).fixed_pos(corner).constrain(false).fade_in(false).show(ui.ctx(), |ui| {
        ui.set_clip_rect(scene);
        plate(theme).show(ui, |ui| {
            ui.spacing_mut().item_spacing = vec2(0.0, 1.0);
            ui.set_width(button * columns as f32);
            for group in groups {
                group_ui(ui, group, columns, theme, out);
                ui.add_space(4.0);
            }
            view_menu(ui, view, theme, out);
        });
    });
    if let Some(clip) = view.clip {
        let at = pos2(corner.x - 10.0, scene.top() + 9.0);
        clip_card(ui, at, clip, theme, out);
    }
}

fn over_scene(ui: &mut Ui, scene: Rect, say: impl FnOnce(&mut Ui)) {
    let room = Rect::from_center_size(scene.center(), vec2((scene.width() - 40.0).max(60.0), 120.0_f32.min(scene.height())));
    let mut child = ui.new_child(egui::UiBuilder::new().id_salt("scene_state").max_rect(room));
    say(&mut child);
}

fn plate(theme: &Theme) -> egui::Frame {
    egui::Frame::new()
        .fill(theme.panel.gamma_multiply(0.94))
        .stroke(egui::Stroke::new(1.0, theme.line))
        .corner_radius(6)
        .inner_margin(egui::Margin::same(4))
}

fn group_ui(ui: &mut Ui, group: Vec<Tool>, columns: usize, theme: &Theme, out: &mut Vec<UiEvent>) {
    let mut rest = group.into_iter().peekable();
    while rest.peek().is_some() {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            for tool in rest.by_ref().take(columns) {
                let response = ui
                    .add_enabled_ui(tool.is_enabled, |ui| controls::icon_button(ui, tool.icon, tool.words, tool.is_on, theme))
                    .inner
                    .on_hover_text(tool.key);
                if response.clicked() {
                    out.push(tool.event);
                }
            }
        });
    }
}

/// Sides to look from, quality, theme.
fn view_menu(ui: &mut Ui, view: &SceneToolsView, theme: &Theme, out: &mut Vec<UiEvent>) {
    let button = controls::icon_button(ui, Icon::Settings, t().view_menu, false, theme);
    egui::Popup::menu(&button).show(|ui| {
        ui.set_min_width(150.0);
        controls::section(ui, t().look_from, theme);
        ui.horizontal_wrapped(|ui| {
            for (direction, word) in [
                (ViewDirection::Home, t().side_home),
                (ViewDirection::Top, t().side_top),
                (ViewDirection::North, t().side_north),
                (ViewDirection::East, t().side_east),
                (ViewDirection::South, t().side_south),
                (ViewDirection::West, t().side_west),
            ] {
                if controls::choice(ui, false, word, theme).clicked() {
                    out.push(UiEvent::ViewFrom(direction));
                }
            }
        });
        controls::section(ui, t().draw_quality, theme);
        for (quality, word) in [
            (Quality::Auto, t().quality_auto),
            (Quality::Economy, t().quality_economy),
            (Quality::Standard, t().quality_standard),
            (Quality::High, t().quality_high),
        ] {
            if ui.selectable_label(view.quality == quality, word).clicked() {
                out.push(UiEvent::SetQuality(quality));
            }
        }
        if !view.themes.is_empty() {
            controls::section(ui, t().theme, theme);
        }
        for (word, name) in &view.themes {
            if ui.selectable_label(view.theme == *word, name).clicked() {
                out.push(UiEvent::SetTheme(word.clone()));
            }
        }
    });
}

/// Axis, side and position of the clipping plane, its right edge at `at`.
fn clip_card(ui: &Ui, at: egui::Pos2, clip: ClipPlane, theme: &Theme, out: &mut Vec<UiEvent>) {
    let area = Area::new(Id::new("clip_plane")).order(Order::Middle).fixed_pos(at).pivot(egui::Align2::RIGHT_TOP);
    area.constrain(false).fade_in(false).show(ui.ctx(), |ui| {
        plate(theme).show(ui, |ui| {
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 2.0;
                let set = |clip| UiEvent::SetClip(Some(clip));
                for (axis, word) in [(Axis::X, t().axis_x), (Axis::Y, t().axis_y), (Axis::Z, t().axis_z)] {
                    if controls::choice(ui, clip.axis == axis, word, theme).clicked() {
                        out.push(set(ClipPlane { axis, ..clip }));
                    }
                }
                ui.spacing_mut().slider_width = 130.0;
                let mut share = clip.share;
                let slider = ui.add(egui::Slider::new(&mut share, 0.0..=1.0).show_value(false));
                slider.widget_info(|| egui::WidgetInfo::slider(true, f64::from(clip.share), t().clip_position));
                if slider.changed() {
                    out.push(set(ClipPlane { share, ..clip }));
                }
                if controls::choice(ui, clip.is_flipped, t().clip_flip, theme).clicked() {
                    out.push(set(ClipPlane { is_flipped: !clip.is_flipped, ..clip }));
                }
                if controls::icon_button(ui, Icon::Close, t().clip_off, false, theme).clicked() {
                    out.push(UiEvent::SetClip(None));
                }
            });
        });
    });
}
