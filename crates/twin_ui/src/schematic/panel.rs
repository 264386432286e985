//! The panel: pan, zoom, selection, and what a screen reader hears.

use super::camera::Camera;
use super::paint::{Canvas, TAGS_FROM, VALUES_FROM};
use super::view::{SchematicView, ThingFace};
use super::{Arrangement, Layout, Lettering, Node, Place, Topology};
use crate::icons::Icon;
use crate::reading::ReadingView;
use crate::{Theme, UiEvent, ViewMode, controls, format, reading, text::t};
use egui::{Pos2, Rect, Response, Sense, Ui, Vec2, WidgetInfo, WidgetType, vec2};
use std::sync::Arc;
use std::time::Duration;
use twin_model::ThingId;

/// Magnification of one step of a wheel, per point of scrolling.
const WHEEL: f32 = 0.0025;

/// Pan, zoom, and the layout of the plant on show.
#[derive(Clone, Debug, Default)]
pub struct SchematicState {
    /// What part is on the screen.
    pub camera: Camera,
    sheet: Option<Sheet>,
    size: Vec2,
    selected: Option<ThingId>,
}

/// A plant laid out for a panel.
#[derive(Clone, Debug)]
struct Sheet {
    topology: Arc<Topology>,
    arrangement: Arrangement,
    /// Ratio of width to height it is arranged for, in steps of half an octave: a window that is dragged bigger is not
    /// arranged anew for every point.
    aspect_step: i32,
    layout: Arc<Layout>,
}

/// Writing grows beside the symbols in steps of this.
const LETTERING_STEP: f32 = 0.05;
/// Bigger than this beside the symbols, values are written without the letters before them.
const LARGEST_LETTERED: f32 = 1.6;
/// Writing beside the symbols, and its magnification on the screen, that are asked for in turn: first full size, then
/// as small as values may be, then tags alone.
const WISHES: [(f32, f32); 3] = [(1.75, 1.0), (2.1, VALUES_FROM), (LARGEST_LETTERED, TAGS_FROM)];

impl Sheet {
    fn new(topology: &Arc<Topology>, aspect_step: i32, panel: Rect) -> Self {
        let arrangement = Arrangement::of(topology, (aspect_step as f32 / 2.0).exp2());
        let layout = Arc::new(arrangement.layout(topology, best_lettering(&arrangement, topology, panel)));
        Self { topology: Arc::clone(topology), arrangement, aspect_step, layout }
    }

    /// Writes bigger or smaller where the panel has another size now.
    fn fit(&mut self, panel: Rect) {
        let lettering = best_lettering(&self.arrangement, &self.topology, panel);
        if lettering != self.layout.lettering {
            self.layout = Arc::new(self.arrangement.layout(&self.topology, lettering));
        }
    }
}

/// The smallest writing that can be read when everything is fitted into a panel. A plant too large for that gets writing
/// for who looks at a part of it.
fn best_lettering(arrangement: &Arrangement, topology: &Topology, panel: Rect) -> Lettering {
    let steps = |has_letters: bool, largest: f32| {
        let count = ((largest - 1.0) / LETTERING_STEP).round() as i32;
        (0..=count).map(move |step| Lettering { scale: 1.0 + step as f32 * LETTERING_STEP, has_letters })
    };
    let reaches = |lettering: &Lettering, least: f32| {
        let zoom = Camera::fitting(arrangement.size(topology, *lettering), panel).zoom;
        zoom * lettering.scale >= least
    };
    let granted = |(largest, least): (f32, f32)| {
        let mut all = steps(true, LARGEST_LETTERED).chain(steps(false, largest));
        all.find(|lettering| reaches(lettering, least))
    };
    WISHES.into_iter().find_map(granted).unwrap_or(Lettering { scale: LARGEST_LETTERED, has_letters: true })
}

impl SchematicState {
    /// The layout of a topology: made when it is new, made to fit while nobody has moved it.
    fn layout(&mut self, topology: &Arc<Topology>, panel: Rect) -> Arc<Layout> {
        let aspect_step = ((panel.width() / panel.height()).log2() * 2.0).round() as i32;
        let is_same = |known: &Arc<Topology>| Arc::ptr_eq(known, topology) || known == topology;
        let known = self.sheet.take().filter(|sheet| is_same(&sheet.topology));
        if known.is_none() {
            self.camera.is_moved = false;
            self.size = Vec2::ZERO;
        }
        let may_change = !self.camera.is_moved && self.size != panel.size();
        let sheet = match known {
            Some(sheet) if !may_change => sheet,
            Some(mut sheet) if sheet.aspect_step == aspect_step => {
                sheet.fit(panel);
                sheet
            }
            _ => Sheet::new(topology, aspect_step, panel),
        };
        Arc::clone(&self.sheet.insert(sheet).layout)
    }
}

/// Draws the schematic.
pub fn schematic_ui(ui: &mut Ui, view: &SchematicView, state: &mut SchematicState, theme: &Theme, out: &mut Vec<UiEvent>) {
    if view.topology.nodes.is_empty() {
        controls::empty(ui, t().no_schematic, theme);
        return;
    }
    let (panel, background) = ui.allocate_exact_size(ui.available_size().max(Vec2::splat(1.0)), Sense::click_and_drag());
    background.widget_info(|| WidgetInfo::labeled(WidgetType::Other, true, t().schematic));
    let layout = state.layout(&view.topology, panel);
    move_camera(ui, panel, &background, &layout, view, state);
    let painter = ui.painter().with_clip_rect(panel.intersect(ui.clip_rect()));
    let is_bright = theme.is_flash_bright(ui.input(|input| input.time));
    let canvas = Canvas { painter: &painter, zoom: state.camera.zoom, lettering: layout.lettering, is_bright, theme };
    let camera = state.camera;
    let shown = |rect: Rect| camera.rect(rect, panel);
    for (area, rect) in view.topology.areas.iter().zip(&layout.areas).filter(|(area, _)| !area.name.is_empty()) {
        canvas.area(shown(*rect), &area.name, &area.description);
    }
    let place = |at: Pos2| camera.point(at, panel);
    for (index, (edge, line)) in view.topology.edges.iter().zip(&layout.edges).enumerate() {
        let extent = shown(Rect::from_points(&line.points)).expand(12.0);
        if painter.clip_rect().intersects(extent) {
            canvas.line(line, edge, view.is_still(index), &place);
        }
    }
    let is_clicked_beside = background.clicked();
    let face_of = |index: usize| view.things.get(index).cloned().unwrap_or_default();
    let mut is_flashing = false;
    for (index, (node, at)) in view.topology.nodes.iter().zip(&layout.nodes).enumerate() {
        let at = Place { at: place(at.at), symbol: shown(at.symbol), body: shown(at.body) };
        if !painter.clip_rect().intersects(at.body.expand(24.0)) {
            continue;
        }
        let face = face_of(index);
        is_flashing |= face.alarm.is_some_and(|mark| mark.state.wants_acknowledgement());
        thing_ui(ui, &canvas, index, node, &face, at, view, out);
    }
    if is_clicked_beside {
        out.push(UiEvent::Select(None));
    }
    fit_button(ui, panel, state, theme);
    if is_flashing {
        ui.ctx().request_repaint_after(Duration::from_millis(200));
    }
}

/// Fits, pans and zooms; brings a thing that was selected elsewhere into view.
fn move_camera(ui: &Ui, panel: Rect, background: &Response, layout: &Layout, view: &SchematicView, state: &mut SchematicState) {
    if background.double_clicked() {
        state.camera.is_moved = false;
        state.size = Vec2::ZERO;
    }
    if !state.camera.is_moved && state.size != panel.size() {
        state.camera = Camera::fitting(layout.size, panel);
    }
    state.size = panel.size();
    if background.dragged() {
        state.camera.pan(background.drag_delta());
    }
    let pointer = ui.input(|input| input.pointer.hover_pos()).filter(|at| panel.contains(*at));
    if let Some(pointer) = pointer.filter(|_| background.contains_pointer() || ui.rect_contains_pointer(panel)) {
        let (scroll, pinch) = ui.input(|input| (input.smooth_scroll_delta().y, input.zoom_delta()));
        let factor = pinch * (scroll * WHEEL).exp();
        if (factor - 1.0).abs() > 1e-4 {
            state.camera.zoom_at(pointer, factor, panel);
        }
    }
    if state.selected != view.selected {
        state.selected.clone_from(&view.selected);
        let node = view.topology.nodes.iter().position(|node| node.thing.is_some() && node.thing == view.selected);
        if let Some(place) = node.and_then(|node| layout.nodes.get(node)).filter(|_| state.camera.is_moved) {
            state.camera.reveal(place.body, panel);
        }
    }
}

fn fit_button(ui: &mut Ui, panel: Rect, state: &mut SchematicState, theme: &Theme) {
    let size = theme.icon_button();
    let rect = Rect::from_min_size(panel.right_top() + vec2(-size.x - 8.0, 8.0), size);
    if controls::icon_button_at(ui, rect, Icon::Frame, t().fit_schematic, false, theme).clicked() {
        state.camera.is_moved = false;
        state.size = Vec2::ZERO;
        ui.ctx().request_repaint();
    }
}

#[expect(clippy::too_many_arguments, reason = "a node is drawn from all that is known of it")]
fn thing_ui(
    ui: &mut Ui,
    canvas: &Canvas<'_>,
    index: usize,
    node: &Node,
    face: &ThingFace,
    at: Place,
    view: &SchematicView,
    out: &mut Vec<UiEvent>,
) {
    let sense = if node.thing.is_some() { Sense::click() } else { Sense::hover() };
    let response = ui.interact(at.body.intersect(canvas.painter.clip_rect()), ui.id().with(("schematic", index)), sense);
    let is_selected = node.thing.is_some() && view.selected == node.thing;
    let kind = if node.thing.is_some() { WidgetType::Button } else { WidgetType::Label };
    response.widget_info(|| WidgetInfo::selected(kind, true, is_selected, words(node, face, view.mode)));
    canvas.node(node, face, at, view, response.hovered() && node.thing.is_some());
    if response.has_focus() {
        let stroke = egui::Stroke::new(1.0, canvas.theme.accent);
        canvas.painter.rect_stroke(at.body.expand(2.0), egui::CornerRadius::same(4), stroke, egui::StrokeKind::Outside);
    }
    if canvas.shows_values() {
        values_ui(ui, canvas, node, face, at);
    }
    canvas.marks(face, at, view.mode);
    if let Some(thing) = &node.thing {
        if response.double_clicked() {
            out.push(UiEvent::FlyTo(thing.clone()));
        } else if response.clicked() {
            out.push(UiEvent::Select(Some(thing.clone())));
        }
    }
    response.on_hover_ui(|ui| tooltip(ui, node, face, canvas.theme));
}

fn values_ui(ui: &mut Ui, canvas: &Canvas<'_>, node: &Node, face: &ThingFace, at: Place) {
    for (number, (slot, value)) in node.values.iter().zip(&face.values).enumerate() {
        let rect = canvas.value_rect(node, at, number);
        if !canvas.painter.clip_rect().intersects(rect) {
            continue;
        }
        let response = controls::hover_area(ui, rect);
        response.widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, format!("{} {}", slot.tag, format::reading(value))));
        canvas.value(rect, slot, value);
    }
}

/// A thing in words: tag, what it is, whether it runs, what is wrong with it.
fn words(node: &Node, face: &ThingFace, mode: ViewMode) -> String {
    let mut words = node.name.clone();
    if !node.description.is_empty() {
        words = format!("{words} {}", node.description);
    }
    if let Some(drive) = &face.drive {
        words = format!("{words}, {}", drive_words(drive));
    }
    if let Some(health) = face.shown_health(mode) {
        words = format!("{words}, {} {}", health.letter(), crate::text::health_name(health));
    }
    if let Some(mark) = face.alarm {
        words = format!("{words}, {}", mark.words());
    }
    words
}

/// The state of a drive; a boolean in words.
fn drive_words(drive: &ReadingView) -> String {
    let word = match drive.state.as_deref() {
        Some("1") => Some(t().running),
        Some("0") => Some(t().stopped),
        _ => None,
    };
    match word {
        Some(word) => format::reading(&ReadingView { state: Some(word.to_owned()), ..drive.clone() }),
        None => format::reading(drive),
    }
}

fn tooltip(ui: &mut Ui, node: &Node, face: &ThingFace, theme: &Theme) {
    ui.label(egui::RichText::new(&node.name).color(theme.text_strong));
    controls::weak(ui, &node.description, theme);
    if let Some(drive) = &face.drive {
        ui.label(drive_words(drive));
    }
    for (slot, value) in node.values.iter().zip(&face.values) {
        let quality = if value.is_doubtful() { format!(" · {}", reading::quality_text(value)) } else { String::new() };
        ui.label(format!("{}  {}  {}{quality}", slot.tag, slot.name, format::reading(value)));
    }
}
