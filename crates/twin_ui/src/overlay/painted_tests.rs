//! What the painters put on the screen, by the shapes and words they leave.

use super::*;
use crate::alarm_view::AlarmState;
use crate::faceplate::LimitMark;
use crate::marks::AlarmMark;
use crate::reading::ReadingView;
use crate::{Theme, format};
use egui::{Color32, Painter, Rect, Shape, pos2, vec2};
use twin_model::Quality;
use twin_model::alarm::{AlarmClass, HealthState};

/// Paints once and returns every visible shape with what its clip leaves of it.
fn painted(paint: impl Fn(&Painter)) -> Vec<(Shape, Rect)> {
    let context = egui::Context::default();
    Theme::graphite().apply(&context);
    let input = egui::RawInput { screen_rect: Some(Rect::from_min_size(pos2(0.0, 0.0), vec2(800.0, 600.0))), ..Default::default() };
    let mut shapes = Vec::new();
    // The first frame loads the fonts.
    for _ in 0..2 {
        let output = context.run_ui(input.clone(), |ui| paint(ui.painter()));
        shapes = output.shapes.into_iter().map(|clipped| (clipped.shape, clipped.clip_rect)).collect();
    }
    let visible = shapes.into_iter().map(|(shape, clip)| {
        let rect = shape.visual_bounding_rect().intersect(clip);
        (shape, rect)
    });
    visible.filter(|(_, rect)| rect.is_positive()).collect()
}

fn words(shapes: &[(Shape, Rect)]) -> Vec<String> {
    let texts =
        shapes.iter().filter_map(|(shape, _)| if let Shape::Text(text) = shape { Some(text.galley.text().to_owned()) } else { None });
    texts.collect()
}

fn colours(shapes: &[(Shape, Rect)]) -> Vec<Color32> {
    let fills = shapes.iter().filter_map(|(shape, _)| match shape {
        Shape::Path(path) => Some(path.fill),
        Shape::Rect(rect) => Some(rect.fill),
        _ => None,
    });
    fills.collect()
}

fn assert_inside(shapes: &[(Shape, Rect)], rect: Rect) {
    for (shape, seen) in shapes {
        assert!(rect.expand(1.0).contains_rect(*seen), "{seen:?} of {shape:?} stands outside {rect:?}");
    }
}

fn placed(kind: PlacedKind, size: egui::Vec2) -> Placed {
    let rect = Rect::from_min_size(pos2(100.0, 100.0), size);
    Placed { thing: 0, kind, rect, anchor: rect.center(), leader: None, alpha: 1.0, is_leaving: false, is_occluded: false }
}

fn first_urgent() -> BadgeView {
    let mark = AlarmMark { class: AlarmClass::Alarm, priority: Some(1), state: AlarmState::Unacknowledged };
    BadgeView { mark, label: "P-101A".to_owned(), more: 2, is_bright: true, is_selected: true, is_simulated: true }
}

#[test]
fn a_badge_says_shape_numeral_name_and_count_within_its_room() {
    let theme = Theme::graphite();
    let view = first_urgent();
    let paint = |merged| {
        let room = std::cell::Cell::new(Rect::NOTHING);
        let shapes = painted(|painter| {
            let label = placed(PlacedKind::Badge { arrow: None, merged }, badge_size(painter, &view, &theme));
            room.set(label.rect);
            badge(painter, &label, &view, &theme);
        });
        assert_inside(&shapes, room.get());
        shapes
    };
    let alone = paint(0);
    let told = words(&alone);
    assert!(["1", "P-101A +2", "SIM"].iter().all(|word| told.iter().any(|text| text == word)), "{told:?}");
    assert!(colours(&alone).contains(&theme.priority[0]));
    assert!(words(&paint(12)).contains(&"+12".to_owned()), "badges of other things are counted");
}

#[test]
fn the_dark_half_of_the_flash_changes_the_mark_alone() {
    let theme = Theme::graphite();
    let paint = |is_bright| {
        let view = BadgeView { is_bright, ..first_urgent() };
        painted(move |painter| {
            badge(painter, &placed(PlacedKind::Badge { arrow: None, merged: 0 }, vec2(140.0, 26.0)), &view, &Theme::graphite())
        })
    };
    let (bright, dark) = (paint(true), paint(false));
    assert_eq!(words(&bright), words(&dark));
    assert!(colours(&bright).contains(&theme.priority[0]) && !colours(&dark).contains(&theme.priority[0]));
}

#[test]
fn an_arrow_head_stays_in_the_room_kept_for_it() {
    let theme = Theme::graphite();
    for direction in [vec2(1.0, 0.0), vec2(0.0, 1.0), vec2(-0.8, 0.6), vec2(0.6, -0.8)] {
        let kind = PlacedKind::Badge { arrow: Some(direction), merged: 0 };
        let view = BadgeView { is_simulated: false, ..first_urgent() };
        let shapes = painted(|painter| badge(painter, &placed(kind, vec2(140.0, 26.0)), &view, &theme));
        assert_inside(&shapes, Rect::from_min_size(pos2(100.0, 100.0), vec2(140.0, 26.0)).expand(13.0));
    }
}

fn tag(tag: &str, reading: ReadingView) -> TagView {
    let limits = vec![LimitMark { value: 80.0, label: "TAH".to_owned(), priority: Some(2), is_high: true }];
    let bar = reading.state.is_none().then_some(BarView { low: 0.0, high: 120.0, normal: Some((40.0, 70.0)), limits });
    TagView { tag: tag.to_owned(), reading, bar }
}

/// A block with these rows, painted in exactly the room its rows ask for.
fn block(rows: Vec<TagView>) -> (Vec<(Shape, Rect)>, Rect) {
    let theme = Theme::graphite();
    let view = TagBlockView { name: "P-101A".to_owned(), rows, is_selected: false };
    let room = std::cell::Cell::new(Rect::NOTHING);
    let shapes = painted(|painter| {
        let sizes: Vec<_> = view.rows.iter().map(|row| row_size(painter, row, &theme)).collect();
        let size = vec2(sizes.iter().map(|size| size.x).fold(0.0, f32::max), 6.0 + 16.0 + sizes.iter().map(|size| size.y).sum::<f32>());
        let placed = placed(PlacedKind::Tags { rows: sizes.len() as f32, header: 16.0 }, size);
        room.set(placed.rect);
        tag_block(painter, &placed, &view, &theme);
    });
    (shapes, room.get())
}

#[test]
fn a_block_shows_name_tags_values_and_lighter_units_within_its_room() {
    let rows = vec![tag("TT-111A", ReadingView::number(57.9, "°C", 1)), tag("XS-101A", ReadingView::state(2, "running"))];
    let (shapes, room) = block(rows);
    let told = words(&shapes);
    assert!(
        ["P-101A", "TT-111A", "57.9", "°C", "XS-101A", "running", "G"].iter().all(|word| told.iter().any(|text| text == word)),
        "{told:?}"
    );
    assert!(told.iter().all(|text| !text.contains('…')), "nothing is cut in the room it asked for: {told:?}");
    assert_inside(&shapes, room);
}

#[test]
fn stale_bad_and_simulated_values_never_look_like_good_ones() {
    let stale = ReadingView { quality: Quality::UNCERTAIN_LAST_USABLE, age_secs: Some(40.0), ..ReadingView::number(57.9, "°C", 1) };
    let (shapes, room) = block(vec![tag("TT-111A", stale.clone())]);
    let told = words(&shapes);
    assert!(["stale 40 s", "57.9", "U"].iter().all(|word| told.iter().any(|text| text == word)), "{told:?}");
    let hatches = shapes.iter().filter(
        |(shape, _)| matches!(shape, Shape::LineSegment { points, .. } if points[0].x != points[1].x && points[0].y != points[1].y),
    );
    assert!(hatches.count() > 4, "a stale value is hatched");
    assert_inside(&shapes, room);

    let bad = ReadingView { quality: Quality::BAD_SENSOR_FAILURE, ..ReadingView::number(57.9, "°C", 1) };
    let told = words(&block(vec![tag("TT-111A", bad)]).0);
    assert!(!told.iter().any(|text| text.contains("57.9")), "a bad value is removed: {told:?}");
    assert!(["sensor failure", format::NO_VALUE, "B"].iter().all(|word| told.iter().any(|text| text == word)), "{told:?}");

    let simulated = ReadingView { is_simulated: true, ..ReadingView::number(57.9, "°C", 1) };
    let (shapes, room) = block(vec![tag("TT-111A", simulated)]);
    assert!(words(&shapes).contains(&"SIM".to_owned()));
    assert_inside(&shapes, room);
}

#[test]
fn the_needle_of_a_bar_takes_an_alarm_colour_only_beyond_a_limit() {
    let theme = Theme::graphite();
    let normal = colours(&block(vec![tag("TT-111A", ReadingView::number(57.9, "°C", 1))]).0);
    assert!(normal.contains(&theme.indicator) && !normal.contains(&theme.priority[1]));
    let high = colours(&block(vec![tag("TT-111A", ReadingView::number(91.0, "°C", 1))]).0);
    assert!(high.contains(&theme.priority[1]));
}

#[test]
fn what_is_normal_lies_between_the_nearest_limits() {
    let limit = |value, is_high| LimitMark { value, label: String::new(), priority: Some(3), is_high };
    assert_eq!(band_within_limits(0.0, 100.0, &[limit(80.0, true), limit(90.0, true), limit(20.0, false)]), Some((20.0, 80.0)));
    assert_eq!(band_within_limits(0.0, 100.0, &[limit(80.0, true)]), Some((0.0, 80.0)));
    assert_eq!(band_within_limits(0.0, 100.0, &[]), None);
    assert_eq!(band_within_limits(0.0, 100.0, &[limit(30.0, true), limit(60.0, false)]), None, "limits of different states");
}

#[test]
fn a_health_letter_is_painted_and_good_health_is_silent() {
    let theme = Theme::graphite();
    let kind = PlacedKind::Health { merged: 3 };
    let shapes = painted(|painter| health_letter(painter, &placed(kind, LETTER_SIZE), HealthState::OutOfSpecification, true, &theme));
    let told = words(&shapes);
    assert!(told.contains(&"S".to_owned()) && told.contains(&"+3".to_owned()), "{told:?}");
    assert_inside(&shapes, Rect::from_min_size(pos2(100.0, 100.0), LETTER_SIZE));
    assert!(painted(|painter| health_letter(painter, &placed(kind, LETTER_SIZE), HealthState::Good, true, &theme)).is_empty());
}

#[test]
fn an_occluded_leader_is_dashed() {
    let theme = Theme::graphite();
    let lines = |is_occluded| {
        let mut label = placed(PlacedKind::Badge { arrow: None, merged: 0 }, vec2(140.0, 26.0));
        label.leader = Some([pos2(110.0, 126.0), pos2(110.0, 226.0)]);
        label.is_occluded = is_occluded;
        let shapes = painted(|painter| badge(painter, &label, &first_urgent(), &theme));
        shapes.iter().filter(|(shape, _)| matches!(shape, Shape::LineSegment { .. })).count()
    };
    assert_eq!(lines(false), 2);
    assert!(lines(true) > 10);
}

#[test]
fn a_measure_carries_its_text_in_the_middle_and_a_section_its_handle() {
    let theme = Theme::graphite();
    let view = measure::MeasureView {
        from: pos2(100.0, 100.0),
        to: pos2(300.0, 100.0),
        witness: Some(pos2(300.0, 200.0)),
        text: "12.40 m".to_owned(),
    };
    let plate = std::cell::Cell::new(Rect::NOTHING);
    let shapes = painted(|painter| plate.set(measure::measure(painter, &view, &theme)));
    assert_eq!(plate.get().center(), pos2(200.0, 100.0));
    assert_eq!(words(&shapes), ["12.40 m"]);
    let section = measure::SectionView {
        outline: vec![pos2(50.0, 50.0), pos2(350.0, 60.0), pos2(350.0, 260.0), pos2(50.0, 250.0)],
        handle: pos2(200.0, 150.0),
        direction: vec2(40.0, 0.0),
        text: "x = 12.0 m".to_owned(),
        is_held: false,
    };
    let handle = std::cell::Cell::new(Rect::NOTHING);
    let shapes = painted(|painter| handle.set(measure::section_plane(painter, &section, &theme)));
    assert!(handle.get().contains(section.handle) && handle.get().width() > 24.0);
    let text = shapes.iter().find(|(shape, _)| matches!(shape, Shape::Text(_)));
    assert!(text.is_some_and(|(_, rect)| !rect.intersects(handle.get())), "the pointer does not hide the text");
}
