//! Properties of the layout over flights of a camera through random plants.

use super::*;
use egui::{Rect, Vec2, pos2, vec2};
use std::collections::BTreeMap;

const DT: f32 = 1.0 / 30.0;

fn scene() -> Rect {
    Rect::from_min_size(pos2(260.0, 70.0), vec2(924.0, 470.0))
}

fn bounds() -> Rect {
    scene().shrink(SCENE_MARGIN)
}

/// Legend, mark of the lane, toolbar.
fn obstacles() -> [Rect; 3] {
    let scene = scene();
    [
        Rect::from_min_size(pos2(scene.left() + 12.0, scene.bottom() - 162.0), vec2(182.0, 150.0)),
        Rect::from_center_size(scene.center_top() + vec2(0.0, 20.0), vec2(280.0, 34.0)),
        Rect::from_min_size(scene.right_top() + vec2(-130.0, 6.0), vec2(124.0, 28.0)),
    ]
}

/// Numbers that look random and are the same everywhere (SplitMix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 40) as f32 / (1_u64 << 24) as f32
    }

    fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.next()
    }

    fn below(&mut self, count: usize) -> usize {
        ((self.next() * count as f32) as usize).min(count - 1)
    }
}

type Point = [f32; 3];

fn minus(a: Point, b: Point) -> Point {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

fn dot(a: Point, b: Point) -> f32 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn unit(a: Point) -> Point {
    let length = dot(a, a).sqrt();
    [a[0] / length, a[1] / length, a[2] / length]
}

fn cross(a: Point, b: Point) -> Point {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

/// A pinhole camera with 45° of view, as the one of the scene.
#[derive(Clone, Copy)]
struct Pinhole {
    eye: Point,
    target: Point,
}

impl Pinhole {
    fn see(&self, point: Point) -> ScenePoint {
        let ahead = unit(minus(self.target, self.eye));
        let right = unit(cross(ahead, [0.0, 1.0, 0.0]));
        let up = cross(right, ahead);
        let way = minus(point, self.eye);
        let focal = scene().height() / 2.0 / (std::f32::consts::FRAC_PI_8).tan();
        ScenePoint::project(dot(way, right), dot(way, up), dot(way, ahead), focal, scene())
    }
}

#[derive(Clone, Copy, Debug)]
enum Flight {
    Orbit,
    Approach,
    LookAround,
    StopAndGo,
}

impl Flight {
    fn camera(self, secs: f32) -> Pinhole {
        let around = |angle: f32, radius: f32, height: f32| [angle.cos() * radius, height, angle.sin() * radius];
        match self {
            Self::Orbit => Pinhole { eye: around(secs * 0.2, 60.0, 25.0), target: [0.0, 3.0, 0.0] },
            Self::Approach => {
                let share = 0.5 - 0.5 * (secs * 0.4).cos();
                Pinhole { eye: around(0.6 + secs * 0.05, 95.0 - 83.0 * share, 40.0 - 34.0 * share), target: [4.0, 2.0, -3.0] }
            }
            Self::LookAround => Pinhole { eye: [-5.0, 8.0, 4.0], target: around(secs * 0.5, 20.0, 4.0) },
            Self::StopAndGo => {
                // Half a second of a fast drag, then a second of rest.
                let (round, rest) = ((secs / 1.5).floor(), secs % 1.5);
                let share = (rest / 0.5).min(1.0);
                Pinhole { eye: around(0.5 * (round + share * share * (3.0 - 2.0 * share)), 45.0, 18.0), target: [0.0, 3.0, 0.0] }
            }
        }
    }
}

struct Plant {
    points: Vec<Point>,
    alarms: Vec<(usize, LabelKind)>,
    letters: Vec<usize>,
    tags: Vec<(usize, u8)>,
    selected: usize,
}

impl Plant {
    fn random(seed: u64, alarms: usize) -> Self {
        let mut dice = Dice(seed);
        let count = 100 + dice.below(301);
        let points: Vec<Point> =
            (0..count).map(|_| [dice.between(-40.0, 40.0), dice.between(0.5, 12.0), dice.between(-25.0, 25.0)]).collect();
        let mut things: Vec<usize> = (0..alarms).map(|_| dice.below(count)).collect();
        things.sort_unstable();
        things.dedup();
        let kind = |dice: &mut Dice| LabelKind::Badge { priority: 1 + dice.below(4) as u8, is_unacknowledged: dice.next() < 0.5 };
        let alarms = things.into_iter().map(|thing| (thing, kind(&mut dice))).collect();
        let letters = (0..24).map(|_| dice.below(count)).collect();
        let tags = (0..60).map(|_| (dice.below(count), 1 + dice.below(3) as u8)).collect();
        Self { points, alarms, letters, tags, selected: dice.below(count) }
    }

    fn wanted(&self, camera: &Pinhole) -> Vec<LabelRequest> {
        self.wanted_at(camera, None)
    }

    /// What is wanted in a frame of a flight: values go stale and recover, which makes their tags wider for a while.
    fn wanted_at(&self, camera: &Pinhole, frame: Option<usize>) -> Vec<LabelRequest> {
        let request = |thing: usize, kind: LabelKind, size: Vec2| LabelRequest {
            thing,
            kind,
            point: camera.see(self.points[thing]),
            size,
            importance: u8::from(thing == self.selected),
            is_occluded: false,
        };
        let mut wanted: Vec<LabelRequest> = Vec::new();
        wanted.extend(self.alarms.iter().map(|(thing, kind)| request(*thing, *kind, vec2(92.0 + (thing % 4) as f32 * 8.0, 26.0))));
        wanted.extend(self.letters.iter().map(|thing| request(*thing, LabelKind::Health, vec2(22.0, 22.0))));
        for (thing, rows) in &self.tags {
            let is_stale = frame.is_some_and(|frame| (thing + frame / 45).is_multiple_of(5));
            let width = if is_stale { 226.0 } else { 156.0 };
            wanted.extend((0..*rows).map(|row| request(*thing, LabelKind::ValueTag(row), vec2(width, 22.0))));
        }
        wanted
    }
}

type Key = (usize, u8);

fn key(placed: &Placed) -> Key {
    let kind = match placed.kind {
        PlacedKind::Badge { .. } => 0,
        PlacedKind::Health { .. } => 1,
        PlacedKind::Tags { .. } => 2,
    };
    (placed.thing, kind)
}

/// What a flight showed.
#[derive(Default, Debug)]
struct Log {
    frames: usize,
    tags_shown: usize,
    cuts: usize,
    hops: usize,
    merged: usize,
    toggles_per_sec: usize,
    widest_step: f32,
}

fn fly(plant: &Plant, flight: Flight, secs: f32) -> Log {
    let mut layout = LabelLayout::default();
    let mut log = Log::default();
    let mut before: BTreeMap<Key, Placed> = BTreeMap::new();
    let mut toggles: BTreeMap<Key, Vec<usize>> = BTreeMap::new();
    for frame in 0..(secs / DT) as usize {
        let camera = flight.camera(frame as f32 * DT);
        let wanted = plant.wanted_at(&camera, Some(frame));
        let placed = layout.place(scene(), &obstacles(), &wanted, Some(DT));
        check_places(placed, frame);
        check_marks(placed, &wanted, frame, &mut log);
        let now: BTreeMap<Key, Placed> = placed.iter().map(|label| (key(label), *label)).collect();
        assert_eq!(now.len(), placed.len(), "a label stands twice");
        // The letter beside a badge goes where the badge goes.
        for (key, label) in now.iter().filter(|((thing, kind), _)| *kind != 1 || !now.contains_key(&(*thing, 0))) {
            check_motion(before.get(key), label, frame, &mut log);
        }
        let is_tag = |key: &&Key| key.1 == 2;
        for key in
            now.keys().filter(|key| !before.contains_key(key)).chain(before.keys().filter(|key| !now.contains_key(key))).filter(is_tag)
        {
            toggles.entry(*key).or_default().push(frame);
        }
        let gone = before.iter().filter(|(key, _)| is_tag(key) && !now.contains_key(key));
        log.cuts += gone.filter(|(_, label)| label.alpha > DT / FADE_OUT_SECS + 0.05).count();
        log.tags_shown += now.keys().filter(is_tag).count();
        log.frames += 1;
        before = now;
    }
    for frames in toggles.values() {
        let most = frames.iter().map(|first| frames.iter().filter(|other| (*first..first + 30).contains(other)).count()).max();
        log.toggles_per_sec = log.toggles_per_sec.max(most.unwrap_or(0));
    }
    log
}

/// No two labels overlap, none leaves the scene, none covers an obstacle, and no leader of a tag crosses a label.
fn check_places(placed: &[Placed], frame: usize) {
    for (index, label) in placed.iter().enumerate() {
        assert!(scene().contains_rect(label.rect), "frame {frame}: {label:?} leaves the scene");
        assert!(label.alpha > 0.0 && label.alpha <= 1.0);
        for obstacle in obstacles() {
            assert!(!obstacle.shrink(0.05).intersects(label.rect), "frame {frame}: {label:?} covers an obstacle");
        }
        for other in placed.iter().skip(index + 1) {
            assert!(!label.rect.shrink(0.05).intersects(other.rect), "frame {frame}: {label:?} covers {other:?}");
        }
    }
}

/// Every alarm is shown or counted; those out of view have an arrow.
fn check_marks(placed: &[Placed], wanted: &[LabelRequest], frame: usize, log: &mut Log) {
    let is_alarm = |request: &&LabelRequest| matches!(request.kind, LabelKind::Badge { .. });
    let in_view = |request: &&LabelRequest| request.point.is_in(bounds());
    let badges = |with_arrow: bool| {
        placed.iter().filter_map(move |label| match label.kind {
            PlacedKind::Badge { arrow, merged } if arrow.is_some() == with_arrow => Some(1 + merged as usize),
            _ => None,
        })
    };
    let out_of_view = wanted.iter().filter(is_alarm).filter(|request| !in_view(request)).count();
    assert!(badges(true).sum::<usize>() >= out_of_view, "frame {frame}: an alarm out of view has no arrow");
    for request in wanted.iter().filter(is_alarm).filter(in_view) {
        let own = placed.iter().any(|label| label.thing == request.thing && matches!(label.kind, PlacedKind::Badge { arrow: None, .. }));
        log.merged += usize::from(!own);
    }
}

/// A label rides with its anchor, give or take the slide of one frame; at the border it may stay behind. What does more
/// starts anew, faint.
fn check_motion(before: Option<&Placed>, now: &Placed, frame: usize, log: &mut Log) {
    let Some(before) = before else {
        let start = if matches!(now.kind, PlacedKind::Tags { .. }) { DT / FADE_IN_SECS } else { HOP_ALPHA };
        assert!(now.alpha <= start + 1e-3, "frame {frame}: {now:?} appears at once");
        return;
    };
    let is_mark = !matches!(now.kind, PlacedKind::Tags { .. });
    if is_mark && now.alpha <= HOP_ALPHA + 1e-3 {
        log.hops += usize::from(!now.is_leaving && before.alpha > HOP_ALPHA);
        return;
    }
    assert!(now.alpha - before.alpha <= DT / FADE_IN_SECS + 1e-3, "frame {frame}: {now:?} brightens at once");
    assert!(before.alpha - now.alpha <= DT / FADE_OUT_SECS + 1e-3, "frame {frame}: {now:?} fades at once");
    let (way, carried) = (now.rect.center() - before.rect.center(), now.anchor - before.anchor);
    let longest = SLIDE_PX_PER_SEC * DT + 6.0;
    let free = inset(before.rect.translate(carried));
    for (way, carried, free) in [(way.x, carried.x, free.x), (way.y, carried.y, free.y)] {
        let is_arrow = !bounds().contains(now.anchor) || !bounds().contains(before.anchor);
        let (low, high) =
            if free > 0.0 && !is_arrow && !now.is_leaving { (carried, carried) } else { (carried.min(0.0), carried.max(0.0)) };
        log.widest_step = log.widest_step.max(way - high).max(low - way);
        assert!(way >= low - longest && way <= high + longest, "frame {frame}: {before:?} jumps to {now:?}");
    }
}

/// How far a label is from the border it stands at.
fn inset(rect: Rect) -> Vec2 {
    let (low, high) = (rect.min - bounds().min, bounds().max - rect.max);
    low.min(high)
}

#[test]
fn labels_never_overlap_jump_or_flicker_on_any_flight() {
    for flight in [Flight::Orbit, Flight::Approach, Flight::LookAround, Flight::StopAndGo] {
        for seed in 0..3 {
            let plant = Plant::random(seed, 12);
            let log = fly(&plant, flight, 12.0);
            let told = format!("{flight:?} over {} things: {log:?}", plant.points.len());
            assert_eq!(log.merged, 0, "every badge in view stands alone: {told}");
            assert!(log.toggles_per_sec <= 2, "a value tag flickers: {told}");
            assert!(log.hops <= log.frames / 6, "badges go over by fading at most five times a second, all together: {told}");
            assert!(
                log.cuts <= log.frames / 45,
                "a tag is caught out faster than it fades at most twice in three seconds, all together: {told}"
            );
            assert!(log.tags_shown >= 2 * log.frames, "tags are shown at all: {told}");
        }
    }
}

#[test]
fn in_a_flood_every_alarm_is_shown_or_counted() {
    let plant = Plant::random(7, 90);
    let log = fly(&plant, Flight::Orbit, 6.0);
    assert!(log.merged > 0, "there are more than a crowd");
    let mut layout = LabelLayout::default();
    let placed = layout.place(scene(), &obstacles(), &plant.wanted(&Flight::Orbit.camera(0.0)), None);
    let counted = placed.iter().map(|label| match label.kind {
        PlacedKind::Badge { merged, .. } => 1 + merged as usize,
        PlacedKind::Health { .. } | PlacedKind::Tags { .. } => 0,
    });
    assert!(counted.sum::<usize>() >= plant.alarms.len());
    let first = plant.alarms.iter().filter(|(_, kind)| matches!(kind, LabelKind::Badge { priority: 1, is_unacknowledged: true }));
    for (thing, _) in
        first.filter(|(thing, _)| plant.wanted(&Flight::Orbit.camera(0.0)).iter().any(|r| r.thing == *thing && r.point.is_in(bounds())))
    {
        assert!(
            placed.iter().any(|label| label.thing == *thing && matches!(label.kind, PlacedKind::Badge { .. })),
            "the urgent ones stand alone"
        );
    }
}

#[test]
fn a_standing_camera_comes_to_rest_to_the_bit() {
    for seed in 0..12 {
        let plant = Plant::random(seed, 20);
        let mut layout = LabelLayout::default();
        for frame in 0..60 {
            let camera = Flight::Orbit.camera(frame as f32 * DT);
            layout.place(scene(), &obstacles(), &plant.wanted(&camera), Some(DT));
        }
        let wanted = plant.wanted(&Flight::Orbit.camera(2.0));
        let mut frames = 0;
        while !layout.is_settled() || frames == 0 {
            layout.place(scene(), &obstacles(), &wanted, Some(DT));
            frames += 1;
            assert!(frames < 300, "it never settles");
        }
        let rest = layout.place(scene(), &obstacles(), &wanted, Some(DT)).to_vec();
        assert_no_leader_crosses_a_tag(&rest);
        for dt in [0.0, 0.5, 60.0] {
            assert_eq!(layout.place(scene(), &obstacles(), &wanted, Some(dt)), rest);
            assert!(layout.is_settled());
        }
    }
}

/// Leaders of tags cross no label; no leader crosses a tag.
fn assert_no_leader_crosses_a_tag(placed: &[Placed]) {
    for label in placed {
        let Some(leader) = label.leader else { continue };
        let is_tag = |label: &Placed| matches!(label.kind, PlacedKind::Tags { .. });
        for other in placed.iter().filter(|other| (is_tag(label) || is_tag(other)) && **other != *label) {
            assert!(!geometry::line_hits(leader, other.rect), "the leader of {label:?} crosses {other:?}");
        }
    }
}

#[test]
fn the_same_frames_give_the_same_places() {
    let plant = Plant::random(3, 12);
    let run = || {
        let mut layout = LabelLayout::default();
        let frames = (0..120).map(|frame| {
            let wanted = plant.wanted(&Flight::StopAndGo.camera(frame as f32 * DT));
            layout.place(scene(), &obstacles(), &wanted, Some(DT)).to_vec()
        });
        frames.collect::<Vec<_>>()
    };
    assert_eq!(run(), run());
}

#[test]
fn a_picture_needs_one_frame_and_shows_a_calm_plant_with_its_tags() {
    let points = (0..12).map(|place: usize| [(place % 4) as f32 * 19.0 - 28.0, 1.0 + (place % 3) as f32, (place / 4) as f32 * 16.0 - 16.0]);
    let badge = LabelKind::Badge { priority: 3, is_unacknowledged: true };
    let tags = (0..12).map(|thing| (thing, 2)).collect();
    let plant = Plant {
        points: points.collect(),
        alarms: [1, 5, 6, 10].map(|thing| (thing, badge)).to_vec(),
        letters: vec![5, 9],
        tags,
        selected: 5,
    };
    let wanted = plant.wanted(&Pinhole { eye: [50.0, 32.0, 55.0], target: [0.0, 3.0, 0.0] });
    let mut layout = LabelLayout::default();
    let first = layout.place(scene(), &obstacles(), &wanted, None).to_vec();
    assert!(layout.is_settled() && first.iter().all(|label| label.alpha == 1.0));
    assert_eq!(layout.place(scene(), &obstacles(), &wanted, None), first);
    let tags = first.iter().filter(|label| matches!(label.kind, PlacedKind::Tags { .. })).count();
    assert!(tags >= 10, "{tags} of 12: {first:?}");
    let rows = |thing: usize| {
        first
            .iter()
            .find_map(|label| if let PlacedKind::Tags { rows, .. } = label.kind { (label.thing == thing).then_some(rows) } else { None })
    };
    assert_eq!(rows(5), Some(2.0), "the selected thing shows all its tags");
    assert!((0..12).filter(|thing| *thing != 5).all(|thing| rows(thing).is_none_or(|rows| rows == 1.0)), "distance thins out the others");
}
