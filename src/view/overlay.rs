//! Badges, health letters, value tags and edge arrows over the scene: what is wanted of the layout, and who paints it.

use super::bounds::{Anchors, SceneBounds};
use super::model::alarms::{is_listed, worst_mark};
use super::model::faceplate::limits;
use super::state::ViewState;
use bevy::ecs::system::SystemParam;
use bevy::math::Affine3A;
use bevy::prelude::*;
use egui::{Painter, Rect, vec2};
use std::collections::BTreeMap;
use twin_model::alarm::HealthState;
use twin_model::plant::Plant;
use twin_model::{SignalKey, ValueKind};
use twin_runtime::ViewFrame;
use twin_ui::ViewMode;
use twin_ui::overlay::measure::{self, MeasureView};
use twin_ui::overlay::{
    BadgeView, BarView, LETTER_SIZE, LabelKind, LabelLayout, LabelRequest, Placed, PlacedKind, ROWS_MAX, ScenePoint, TagBlockView, TagView,
    badge, badge_size, band_within_limits, health_letter, is_told, row_size, tag_block,
};
use twin_ui::playhead::LaneKind;
use twin_ui::{format, scene_tools};

/// Share of the box of the selected thing that is kept free of labels: its corners are mostly air.
const SELECTED_SHARE: f32 = 0.5;
/// A thing that covers more of the scene than this cannot be kept free.
const MOST_OF_SCENE: f32 = 0.3;

/// What the overlay keeps between frames.
#[derive(Resource, Default)]
pub struct Labels {
    layout: LabelLayout,
    /// The key signals of each thing, found once.
    key_rows: Option<BTreeMap<usize, Vec<SignalKey>>>,
    /// Badges and letters as they were last: what goes away is still painted while it fades.
    badges: BTreeMap<usize, BadgeView>,
    letters: BTreeMap<usize, HealthState>,
}

/// What a system hands on to [`paint`].
#[derive(SystemParam)]
pub struct OverlayParams<'w> {
    anchors: Res<'w, Anchors>,
    bounds: Res<'w, SceneBounds>,
    labels: ResMut<'w, Labels>,
    time: Res<'w, Time<Real>>,
}

/// Places and paints what stands over the scene. Returns true while something over the scene still moves.
pub fn paint(ui: &egui::Ui, state: &ViewState, camera: (&Camera, &GlobalTransform), params: &mut OverlayParams) -> bool {
    let Some(frame) = state.frame() else { return false };
    let OverlayParams { anchors, bounds, labels, time } = params;
    let Labels { layout, key_rows, badges, letters } = &mut **labels;
    let overlay = Overlay {
        state,
        frame,
        anchors,
        lens: Lens::new(camera.0, camera.1, state.scene_rect),
        painter: ui.painter().with_clip_rect(state.scene_rect),
        key_rows: key_rows.get_or_insert_with(|| find_key_rows(&state.plant)),
    };
    let mut wanted = Vec::new();
    overlay.want_badges(state.theme.is_flash_bright(ui.input(|input| input.time)), badges, &mut wanted);
    overlay.want_letters(letters, &mut wanted);
    if state.shows_tags {
        overlay.want_tags(layout, &mut wanted);
    }
    // A picture has no frame before it: everything stands where it belongs at once.
    let placed = layout.place(
        state.scene_rect,
        &obstacles(state, overlay.selected_rect(bounds)),
        &wanted,
        (!state.is_still).then_some(time.delta_secs()),
    );
    for label in placed {
        overlay.paint_label(label, badges, letters);
    }
    overlay.paint_measure();
    badges.retain(|thing, _| placed.iter().any(|label| label.thing == *thing));
    letters.retain(|thing, _| placed.iter().any(|label| label.thing == *thing));
    !layout.is_settled()
}

/// How the camera sees the plant.
struct Lens {
    view_from_world: Affine3A,
    /// Distance of the picture plane, points.
    focal: f32,
    scene: Rect,
}

impl Lens {
    fn new(camera: &Camera, transform: &GlobalTransform, scene: Rect) -> Self {
        let focal = scene.height() / 2.0 * camera.clip_from_view().y_axis.y;
        Self { view_from_world: transform.affine().inverse(), focal, scene }
    }

    fn see(&self, point: Vec3) -> ScenePoint {
        let seen = self.view_from_world.transform_point3(point);
        ScenePoint::project(seen.x, seen.y, -seen.z, self.focal, self.scene)
    }
}

/// One frame of the overlay.
struct Overlay<'a> {
    state: &'a ViewState,
    frame: &'a ViewFrame,
    anchors: &'a Anchors,
    lens: Lens,
    painter: Painter,
    key_rows: &'a BTreeMap<usize, Vec<SignalKey>>,
}

impl Overlay<'_> {
    fn request(&self, thing: usize, kind: LabelKind, point: ScenePoint, size: egui::Vec2) -> LabelRequest {
        let importance = u8::from(self.state.selected == Some(thing));
        LabelRequest { thing, kind, point, size, importance, is_occluded: false }
    }

    fn want_badges(&self, is_bright: bool, badges: &mut BTreeMap<usize, BadgeView>, wanted: &mut Vec<LabelRequest>) {
        let state = self.state;
        for (index, point) in &self.anchors.badges {
            let Some(thing) = state.plant.things.get(*index) else { continue };
            let Some((_, mark)) = worst_mark(state, self.frame, *index) else { continue };
            let listed = thing.alarms.iter().filter(|alarm| self.frame.alarms.get(**alarm).is_some_and(is_listed)).count();
            let view = BadgeView {
                mark,
                label: thing.name.clone(),
                more: u32::try_from(listed.saturating_sub(1)).unwrap_or(0),
                is_bright: is_bright || !mark.state.wants_acknowledgement(),
                is_selected: state.selected == Some(*index),
                is_simulated: is_branch(state),
            };
            wanted.push(self.request(
                *index,
                LabelKind::badge(mark),
                self.lens.see(*point),
                badge_size(&self.painter, &view, &state.theme),
            ));
            badges.insert(*index, view);
        }
    }

    fn want_letters(&self, letters: &mut BTreeMap<usize, HealthState>, wanted: &mut Vec<LabelRequest>) {
        for (thing, point) in &self.anchors.badges {
            let Some(health) = self.frame.health.get(*thing).map(|health| health.state) else { continue };
            if is_told(health, self.state.mode) {
                wanted.push(self.request(*thing, LabelKind::Health, self.lens.see(*point), LETTER_SIZE));
                letters.insert(*thing, health);
            }
        }
    }

    /// Key signals of the things that are near enough, and more of the selected one.
    fn want_tags(&self, layout: &LabelLayout, wanted: &mut Vec<LabelRequest>) {
        let selected = self.state.selected.filter(|thing| !self.key_rows.contains_key(thing));
        for thing in self.key_rows.keys().copied().chain(selected) {
            let Some(point) = self.anchors.tags.get(&thing).or_else(|| self.anchors.badges.get(&thing)) else { continue };
            let place = self.request(thing, LabelKind::ValueTag(0), self.lens.see(*point), egui::Vec2::ZERO);
            if !layout.considers(self.lens.scene, &place) {
                continue;
            }
            for (row, key) in (0_u8..).zip(self.rows(thing)) {
                let Some(view) = self.tag_view(key, false) else { continue };
                let size = row_size(&self.painter, &view, &self.state.theme);
                wanted.push(LabelRequest { kind: LabelKind::ValueTag(row), size, ..place });
            }
        }
    }

    fn rows(&self, thing: usize) -> Vec<SignalKey> {
        let keys = self.key_rows.get(&thing).map_or(&[][..], Vec::as_slice);
        let own = self.state.plant.things.get(thing).filter(|_| self.state.selected == Some(thing));
        rows_of(keys, own.map_or(&[][..], |thing| thing.signals.as_slice()))
    }

    fn tag_view(&self, key: SignalKey, with_bar: bool) -> Option<TagView> {
        let info = self.state.plant.signals.info(key)?;
        let tag = if info.tag.is_empty() { info.id.telemetry().to_owned() } else { info.tag.clone() };
        let reading = super::model::reading(self.state, self.frame, key);
        Some(TagView { tag, reading, bar: if with_bar { self.bar(key) } else { None } })
    }

    /// Where a number stands: its range, what its model or its limits hold for normal, its limits.
    fn bar(&self, key: SignalKey) -> Option<BarView> {
        let info = self.state.plant.signals.info(key).filter(|info| info.kind == ValueKind::Number)?;
        let (low, high) = info.range?;
        let settings = self.state.plant.settings_of(key)?;
        let shown = twin_ui::format::conversion(&info.unit);
        let limits = limits(self.state, &info.tag, &shown);
        let (low, high) = (shown.value(low), shown.value(high));
        let model = settings.model.filter(|_| !is_branch(self.state));
        let modelled = model.and_then(|key| self.frame.readings.get(key.index()).copied().flatten()).and_then(|reading| reading.value);
        let around_model = modelled.zip(settings.residual_band).map(|(model, band)| (shown.value(model - band), shown.value(model + band)));
        Some(BarView { low, high, normal: around_model.or_else(|| band_within_limits(low, high, &limits)), limits })
    }

    /// Most of what the selected thing covers; none when it is so near that labels would find no place.
    fn selected_rect(&self, bounds: &SceneBounds) -> Option<Rect> {
        let extent = bounds.things.get(&self.state.selected?)?;
        let corners = extent.corners().map(|corner| self.lens.see(corner));
        let is_in_front = corners.iter().all(|corner| corner.depth_m > 0.0);
        let points: Vec<_> = corners.iter().map(|corner| corner.at).collect();
        let rect = Rect::from_points(&points);
        let covered = rect.scale_from_center(SELECTED_SHARE).intersect(self.lens.scene);
        (is_in_front && covered.area() < self.lens.scene.area() * MOST_OF_SCENE).then_some(covered)
    }

    /// Distance and difference of height between the two points measured.
    fn paint_measure(&self) {
        let points = self.state.tools.measured.as_deref().unwrap_or_default();
        let seen: Vec<_> = points.iter().map(|point| self.lens.see(*point)).collect();
        for point in &seen {
            self.painter.circle_filled(point.at, 3.0, self.state.theme.text_strong);
        }
        let ([from, to], [a, b]) = (seen.as_slice(), points) else { return };
        let text = format!("{} m · Δh {} m", format::number(f64::from(a.distance(*b)), 2), format::signed(f64::from(b.y - a.y), 2));
        measure::measure(&self.painter, &MeasureView { from: from.at, to: to.at, witness: None, text }, &self.state.theme);
    }

    fn paint_label(&self, label: &Placed, badges: &BTreeMap<usize, BadgeView>, letters: &BTreeMap<usize, HealthState>) {
        let (painter, theme, is_selected) = (&self.painter, &self.state.theme, self.state.selected == Some(label.thing));
        match label.kind {
            PlacedKind::Badge { .. } => {
                if let Some(view) = badges.get(&label.thing) {
                    badge(painter, label, view, theme);
                }
            }
            PlacedKind::Health { .. } => {
                if let Some(health) = letters.get(&label.thing) {
                    health_letter(painter, label, *health, is_selected, theme);
                }
            }
            PlacedKind::Tags { .. } => {
                let rows = self.rows(label.thing).into_iter().filter_map(|key| self.tag_view(key, true)).collect();
                let name = self.state.plant.things.get(label.thing).map(|thing| thing.name.clone()).unwrap_or_default();
                tag_block(painter, label, &TagBlockView { name, rows, is_selected }, theme);
            }
        }
    }
}

/// What labels must not cover: the selected thing, the legend, the mark of a lane that is not live, controls.
fn obstacles(state: &ViewState, selected: Option<Rect>) -> Vec<Rect> {
    let scene = state.scene_rect;
    let legend = (state.mode == ViewMode::Health).then(|| twin_ui::legend::legend_rect(scene));
    let head = &state.shown.timeline.playhead;
    let is_marked = head.kind != LaneKind::Live || head.is_history();
    let mark = is_marked.then(|| Rect::from_center_size(scene.center_top() + vec2(0.0, 20.0), vec2(320.0, 40.0)));
    let tools = Rect::from_min_max(scene.right_top() - vec2(scene_tools::WIDTH, 0.0), scene.right_bottom());
    legend.into_iter().chain(mark).chain([tools]).chain(selected).collect()
}

fn is_branch(state: &ViewState) -> bool {
    state.shown.timeline.playhead.kind == LaneKind::Branch
}

/// Key signals first, then the thing's own.
fn rows_of(keys: &[SignalKey], own: &[SignalKey]) -> Vec<SignalKey> {
    keys.iter().chain(own.iter().filter(|key| !keys.contains(key))).copied().take(ROWS_MAX).collect()
}

fn find_key_rows(plant: &Plant) -> BTreeMap<usize, Vec<SignalKey>> {
    let mut rows: BTreeMap<usize, Vec<SignalKey>> = BTreeMap::new();
    for key in plant.document.key_signals.iter().filter_map(|tag| plant.signals.find(tag)) {
        if let Some(settings) = plant.settings_of(key) {
            rows.entry(settings.thing).or_default().push(key);
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_starts_with_key_signals_and_has_three_rows_at_most() {
        let keys = |numbers: &[u32]| numbers.iter().map(|number| SignalKey(*number)).collect::<Vec<_>>();
        assert_eq!(rows_of(&keys(&[7]), &keys(&[3, 7, 5, 9])), keys(&[7, 3, 5]));
        assert_eq!(rows_of(&keys(&[7]), &[]), keys(&[7]));
    }
}
