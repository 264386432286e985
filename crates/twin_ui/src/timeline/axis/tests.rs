use super::*;
use proptest::prelude::*;

const ZONES: [&str; 6] = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "America/Havana"];
const FIGURE: f32 = 6.2;

fn at(text: &str) -> TwinTime {
    TwinTime::parse(text).unwrap()
}

fn site(zone: &str) -> SiteFormat {
    SiteFormat { zone: SiteZone::named(zone).unwrap(), ..SiteFormat::NEUTRAL }
}

fn labels(zone: &str, from: &str, to: &str, width: f32) -> Vec<String> {
    let axis = Axis { from: at(from), to: at(to), left: 0.0, width };
    axis.ticks(&site(zone), FIGURE).into_iter().map(|tick| tick.label).filter(|label| !label.is_empty()).collect()
}

prop_compose! {
    /// From two seconds to three years, anywhere in this century.
    fn any_axis()(from in 946_684_800.0..4_000_000_000.0f64, exponent in 0.3..8.0f64, left in 0.0..900.0f32, width in 60.0..4000.0f32)
        -> Axis
    {
        let from = TwinTime::from_secs_f64(from);
        Axis { from, to: from.plus_secs(10f64.powf(exponent)), left, width }
    }
}

proptest! {
    #[test]
    fn a_time_comes_back_from_its_pixel_at_any_zoom(axis in any_axis(), share in 0.0..1.0f32) {
        let x = axis.left + axis.width * share;
        let back = axis.x(axis.time(x));
        prop_assert!((back - x).abs() < 2e-3, "{x} came back as {back}");
        let time = axis.from.plus_secs(axis.span_secs() * f64::from(share));
        let off = axis.time(axis.x(time)).secs_since(time).abs();
        prop_assert!(off < axis.secs_per_point() * 2e-3, "{off} s off");
    }

    #[test]
    fn zooming_keeps_the_time_under_the_pointer(axis in any_axis(), share in 0.0..1.0f32, factor in 0.1..8.0f64) {
        let x = axis.left + axis.width * share;
        let (from, to) = axis.zoomed(x, factor);
        let zoomed = Axis { from, to, ..axis };
        prop_assert!((zoomed.x(axis.time(x)) - x).abs() < 2e-3);
        prop_assert!((zoomed.span_secs() / axis.span_secs() / factor - 1.0).abs() < 1e-6);
    }

    #[test]
    fn panning_takes_along_what_is_under_the_pointer(axis in any_axis(), x in 0.0..1000.0f32, points in -500.0..500.0f32) {
        let (from, to) = axis.panned(points);
        let panned = Axis { from, to, ..axis };
        prop_assert!((panned.x(axis.time(x)) - (x + points)).abs() < 2e-2);
    }

    #[test]
    fn labels_never_overlap_and_stay_on_the_track(axis in any_axis(), zone in 0..ZONES.len()) {
        let ticks = axis.ticks(&site(ZONES[zone]), FIGURE);
        let half = |tick: &Tick| tick.label.chars().count() as f32 * FIGURE / 2.0;
        let written: Vec<_> = ticks.iter().filter(|tick| !tick.label.is_empty()).collect();
        for pair in written.windows(2) {
            prop_assert!(pair[0].x + half(pair[0]) + LABEL_GAP <= pair[1].x - half(pair[1]) + 1e-2, "{pair:?}");
        }
        for tick in &written {
            prop_assert!(tick.x - half(tick) >= axis.left - 1e-2 && tick.x + half(tick) <= axis.right() + 1e-2, "{tick:?}");
        }
        prop_assert!(ticks.windows(2).all(|pair| pair[0].time < pair[1].time));
        prop_assert!(ticks.iter().all(|tick| axis.shows(tick.time)));
    }

    #[test]
    fn a_wide_axis_always_has_something_to_read_it_by(axis in any_axis(), zone in 0..ZONES.len()) {
        let axis = Axis { width: axis.width.max(700.0), ..axis };
        let ticks = axis.ticks(&site(ZONES[zone]), FIGURE);
        prop_assert!(ticks.iter().filter(|tick| !tick.label.is_empty()).count() >= 2, "{ticks:?}");
        prop_assert!(ticks.len() as f32 <= axis.width / (5.0 * FIGURE), "{} ticks", ticks.len());
    }
}

#[test]
fn ticks_stand_on_round_times_from_a_second_to_a_month() {
    assert_eq!(labels("UTC", "2026-01-31T08:15:30.2Z", "2026-01-31T08:15:34Z", 400.0), ["08:15:31", "08:15:32", "08:15:33"]);
    assert_eq!(labels("UTC", "2026-01-31T08:01:00Z", "2026-01-31T09:02:00Z", 300.0), ["08:15", "08:30", "08:45"]);
    assert_eq!(labels("UTC", "2026-01-30T20:00:00Z", "2026-01-31T07:00:00Z", 400.0), ["22:00", "01-31", "02:00", "04:00", "06:00"]);
    assert_eq!(
        labels("Europe/Berlin", "2026-01-26T12:00:00Z", "2026-01-31T12:00:00Z", 500.0),
        ["01-27", "01-28", "01-29", "01-30", "01-31"]
    );
    assert_eq!(
        labels("UTC", "2026-01-01T12:00:00Z", "2026-02-20T12:00:00Z", 500.0),
        ["01-05", "01-12", "01-19", "01-26", "02-02", "02-09", "02-16"]
    );
    assert_eq!(labels("UTC", "2025-11-10T00:00:00Z", "2026-03-10T00:00:00Z", 400.0), ["2025-12", "2026-01", "2026-02", "2026-03"]);
}

#[test]
fn ticks_are_round_on_the_clock_of_the_site_also_while_the_clocks_are_changed() {
    // Half an hour off UTC.
    assert_eq!(labels("Asia/Kolkata", "2026-01-31T00:00:00Z", "2026-01-31T04:00:00Z", 300.0), ["06:00", "07:00", "08:00", "09:00"]);
    // Put forward from two to three.
    let spring = labels("Europe/Berlin", "2026-03-28T22:30:00Z", "2026-03-29T04:00:00Z", 500.0);
    assert_eq!(spring, ["03-29", "01:00", "03:00", "04:00", "05:00"]);
    // Put back from three to two: the hour comes twice, both times at a full hour.
    let autumn = labels("Europe/Berlin", "2026-10-24T23:30:00Z", "2026-10-25T03:30:00Z", 400.0);
    assert_eq!(autumn, ["02:00", "02:00", "03:00", "04:00"]);
    // A day that begins at one, for its midnight is skipped.
    let havana = Axis { from: at("2026-03-07T12:00:00Z"), to: at("2026-03-10T12:00:00Z"), left: 0.0, width: 300.0 };
    let days: Vec<_> = havana.ticks(&site("America/Havana"), FIGURE).into_iter().map(|tick| tick.time.to_string()).collect();
    assert_eq!(days, ["2026-03-08T05:00:00.000Z", "2026-03-09T04:00:00.000Z", "2026-03-10T04:00:00.000Z"]);
}

#[test]
fn an_axis_at_the_ends_of_time_stops_nothing() {
    let axis = Axis { from: TwinTime(i64::MIN), to: TwinTime(i64::MAX), left: 0.0, width: 1000.0 };
    assert!(axis.ticks(&site("Europe/Berlin"), FIGURE).len() < 200);
    assert!(axis.x(TwinTime(0)) > 400.0 && axis.x(TwinTime(0)) < 600.0);
    let late = Axis { from: TwinTime(i64::MAX - 5_000_000_000), to: TwinTime(i64::MAX), left: 0.0, width: 1000.0 };
    assert!(late.ticks(&site("Europe/Berlin"), FIGURE).len() < 10);
    assert!(late.zoomed(1000.0, 10.0).1 == TwinTime(i64::MAX));
}
