//! Badges, value tags and edge arrows over the scene.

use super::model::alarms::{is_listed, worst_mark};
use super::bounds::Anchors;
use super::state::ViewState;
use bevy::prelude::*;
use egui::{Pos2, Rect, vec2};
use twin_model::alarm::HealthState;
use twin_ui::marks::flash_on;
use twin_ui::overlay::{BadgeView, TagView, badge, edge_arrow, health_badge, value_tag};
use twin_ui::{ViewMode, reading::ReadingView};

/// Height of a badge above its anchor, pixels.
const BADGE_LIFT_PX: f32 = 46.0;
/// Height of a value tag above its anchor, pixels.
const TAG_LIFT_PX: f32 = 22.0;
/// Room a badge takes, pixels.
const BADGE_SIZE: egui::Vec2 = vec2(96.0, 26.0);
/// Badges over one place at most; in a flood of alarms the rest overlap.
const BADGES_STACKED: usize = 12;
/// Value tags on screen at most: beyond it nobody reads them.
const TAGS_SHOWN: usize = 14;

/// Paints what stands over the scene: tags first, health letters, badges last and on top.
pub fn paint(ui: &egui::Ui, state: &ViewState, anchors: &Anchors, camera: &Camera, transform: &GlobalTransform) {
    let scene = state.scene_rect;
    let painter = ui.painter().with_clip_rect(scene);
    let place = |point: Vec3| project(camera, transform, scene, point);
    let mut taken: Vec<Rect> = Vec::new();
    let badges = badges(state, anchors, &place, ui.input(|input| input.time));
    // The mark of a lane that is not live stands at the top of the scene.
    taken.push(Rect::from_center_size(scene.center_top() + vec2(0.0, 20.0), vec2(320.0, 40.0)));
    for (view, pos) in &badges {
        taken.push(Rect::from_center_size(*pos, BADGE_SIZE));
        taken.push(Rect::from_center_size(view.anchor, vec2(10.0, 10.0)));
    }
    if state.shows_tags {
        tags(state, anchors, &place, &painter, &mut taken);
    }
    for (view, pos) in &badges {
        if scene.contains(*pos) {
            badge(&painter, *pos, view, &state.theme);
        } else {
            edge_arrow(&painter, scene, *pos, view.mark, view.is_bright, &state.theme);
        }
    }
    // Last, so that the end of a leader does not hide a letter.
    health_letters(state, anchors, &place, &painter);
    if badges.iter().any(|(view, _)| view.mark.state.wants_acknowledgement()) {
        // A flash is a change the window has to draw by itself.
        ui.ctx().request_repaint_after(std::time::Duration::from_millis(200));
    }
}

/// Position in the window; Bevy counts from the corner of the scene's picture.
fn project(camera: &Camera, transform: &GlobalTransform, scene: Rect, point: Vec3) -> Option<Pos2> {
    let at = camera.world_to_viewport(transform, point).ok()?;
    Some(scene.min + vec2(at.x, at.y))
}

fn badges(state: &ViewState, anchors: &Anchors, place: &impl Fn(Vec3) -> Option<Pos2>, seconds: f64) -> Vec<(BadgeView, Pos2)> {
    let Some(frame) = state.frame() else { return Vec::new() };
    let is_bright = flash_on(seconds);
    let mut views: Vec<(BadgeView, Pos2)> = Vec::new();
    for (index, point) in &anchors.badges {
        let Some(thing) = state.plant.things.get(*index) else { continue };
        let Some((_, mark)) = worst_mark(state, frame, *index) else { continue };
        let Some(anchor) = place(*point) else { continue };
        let count = thing.alarms.iter().filter(|alarm| frame.alarms.get(**alarm).is_some_and(is_listed)).count();
        let view = BadgeView {
            mark,
            label: thing.name.clone(),
            more: u32::try_from(count.saturating_sub(1)).unwrap_or(0),
            anchor,
            is_bright: is_bright || !mark.state.wants_acknowledgement(),
            is_selected: state.selected == Some(*index),
            is_simulated: state.shown.timeline.playhead.kind == twin_ui::playhead::LaneKind::Branch,
        };
        let mut pos = anchor - vec2(-14.0, BADGE_LIFT_PX);
        let is_taken = |pos| {
            views.iter().any(|(_, other)| Rect::from_center_size(*other, BADGE_SIZE).intersects(Rect::from_center_size(pos, BADGE_SIZE)))
        };
        for _ in 0..BADGES_STACKED {
            if !is_taken(pos) {
                break;
            }
            pos.y -= BADGE_SIZE.y;
        }
        views.push((view, pos));
    }
    views
}

fn tags(state: &ViewState, anchors: &Anchors, place: &impl Fn(Vec3) -> Option<Pos2>, painter: &egui::Painter, taken: &mut Vec<Rect>) {
    let Some(frame) = state.frame() else { return };
    let mut shown = 0;
    let mut led: Vec<usize> = Vec::new();
    for tag in &state.plant.document.key_signals {
        let Some(key) = state.plant.signals.find(tag) else { continue };
        let Some(settings) = state.plant.settings_of(key) else { continue };
        let point = anchors.tags.get(&settings.thing).or_else(|| anchors.badges.get(&settings.thing));
        let Some(anchor) = point.and_then(|point| place(*point)) else { continue };
        let Some(pos) = free_place(anchor, state.scene_rect, taken) else { continue };
        // One leader per place: the tags above it belong to the same thing.
        let is_first = !led.contains(&settings.thing);
        led.push(settings.thing);
        let reading: ReadingView = super::model::reading(state, frame, key);
        let view =
            TagView { tag: tag.clone(), reading, anchor: is_first.then_some(anchor), is_selected: state.selected == Some(settings.thing) };
        taken.push(value_tag(painter, pos, &view, &state.theme).expand(3.0));
        shown += 1;
        if shown >= TAGS_SHOWN {
            return;
        }
    }
}

/// The lowest place above an anchor that nothing has taken.
fn free_place(anchor: Pos2, scene: Rect, taken: &[Rect]) -> Option<Pos2> {
    (0..5).map(|step| anchor - vec2(0.0, TAG_LIFT_PX + 26.0 * step as f32)).find(|pos| {
        let rect = Rect::from_center_size(*pos, vec2(150.0, 22.0));
        scene.contains_rect(rect) && !taken.iter().any(|other| other.intersects(rect))
    })
}

/// Letters of NE 107 where something is not good. In OPERATE a thing that merely has no data stays quiet.
fn health_letters(state: &ViewState, anchors: &Anchors, place: &impl Fn(Vec3) -> Option<Pos2>, painter: &egui::Painter) {
    let Some(frame) = state.frame() else { return };
    for (thing, point) in &anchors.badges {
        let Some(health) = frame.health.get(*thing) else { continue };
        let is_quiet = health.state == HealthState::Good || (health.state == HealthState::Unknown && state.mode == ViewMode::Operate);
        if let (false, Some(at)) = (is_quiet, place(*point)) {
            health_badge(painter, at, health.state, &state.theme);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::pos2;

    #[test]
    fn a_tag_climbs_until_it_stands_alone() {
        let scene = Rect::from_min_size(pos2(0.0, 0.0), vec2(800.0, 600.0));
        let first = free_place(pos2(400.0, 300.0), scene, &[]).unwrap();
        let taken = [Rect::from_center_size(first, vec2(150.0, 22.0))];
        let second = free_place(pos2(400.0, 300.0), scene, &taken).unwrap();
        assert!(second.y < first.y - 20.0);
        assert!(free_place(pos2(-200.0, 300.0), scene, &[]).is_none());
    }
}
