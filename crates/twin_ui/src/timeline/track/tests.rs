use super::*;
use crate::timeline::{AlarmTick, Density, Mark};
use twin_model::alarm::AlarmClass;

fn at(secs: f64) -> TwinTime {
    TwinTime::default().plus_secs(secs)
}

fn axis() -> Axis {
    Axis { from: at(0.0), to: at(1000.0), left: 50.0, width: 500.0 }
}

#[test]
fn marks_on_one_point_are_one_mark_and_the_most_urgent_is_seen() {
    let tick = |secs, class, priority| AlarmTick { time: at(secs), class, priority };
    let ticks = [
        tick(500.0, AlarmClass::Event, None),
        tick(500.5, AlarmClass::Alarm, Some(1)),
        tick(501.0, AlarmClass::Alarm, Some(3)),
        tick(100.0, AlarmClass::Alert, None),
        tick(5000.0, AlarmClass::Alarm, Some(1)),
    ];
    let found = clusters(&axis(), &ticks, 1.0, |tick| (tick.time, tick.time), AlarmTick::rank);
    let seen: Vec<_> = found.iter().map(|cluster| (cluster.x.min, cluster.seen.priority, cluster.count)).collect();
    assert_eq!(seen, [(100.0, None, 1), (300.0, Some(1), 3)], "in the order of the screen, without what is not on show");
}

#[test]
fn a_million_marks_cost_no_more_shapes_than_the_track_has_points() {
    let marks: Vec<Mark> = (0..1_000_000).map(|index| Mark { time: at(f64::from(index) / 900.0 - 50.0), text: String::new() }).collect();
    let found = clusters(&axis(), &marks, 1.0, |mark| (mark.time, mark.time), |_| 0);
    assert!(found.len() <= 501, "{}", found.len());
    let counted: usize = found.iter().map(|cluster| cluster.count).sum();
    assert_eq!(counted, marks.iter().filter(|mark| axis().shows(mark.time)).count(), "and none of them is lost");
}

#[test]
fn a_stretch_that_reaches_into_the_window_is_cut_at_its_edge() {
    let gaps = [(at(-500.0), at(100.0)), (at(900.0), at(2000.0)), (at(-9.0), at(-8.0))];
    let found = clusters(&axis(), &gaps, 1.0, |gap| *gap, |_| 0);
    let seen: Vec<_> = found.iter().map(|cluster| (cluster.x.min, cluster.x.max)).collect();
    assert_eq!(seen, [(50.0, 100.0), (500.0, 550.0)]);
}

#[test]
fn density_keeps_every_peak_and_leaves_out_what_has_no_data() {
    let mut buckets = vec![0.0; 10_000];
    buckets[5000] = 0.7;
    buckets[7000] = 3.0;
    buckets[7500] = f32::NAN;
    let view = TimelineView { density: Density { from: at(0.0), to: at(1000.0), buckets }, ..TimelineView::default() };
    assert_eq!(density_columns(&axis(), &view, 2.0), [(300.0, 0.7), (400.0, 1.0)]);
    let far = TimelineView { density: Density { from: at(5000.0), to: at(6000.0), buckets: vec![1.0; 10] }, ..view };
    assert!(density_columns(&axis(), &far, 2.0).is_empty());
    let coarse = TimelineView { density: Density { from: at(0.0), to: at(1000.0), buckets: vec![0.5, 0.0] }, ..far };
    let columns = density_columns(&axis(), &coarse, 2.0);
    assert!(columns.iter().all(|(x, height)| *x < 300.0 && (*height - 0.5).abs() < 1e-6));
    assert_eq!(columns.len(), 125, "a bucket wider than a column fills all of its columns");
}
