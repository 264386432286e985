use serde_json::Value;
use twin_demo::calendar::{Calendar, Event};
use twin_demo::publish::Publication;
use twin_demo::{Demo, DemoOptions};
use twin_model::TwinTime;

/// A normal plant with planned events that starts at `start`.
fn plant_from(start: &str, seed: u64) -> Demo {
    let start = TwinTime::parse(start).unwrap();
    Demo::new(DemoOptions { seed, start, ..DemoOptions::default() }.with_planned_events()).unwrap()
}

/// Runs on for so many minutes and looks after every step.
fn watch(demo: &mut Demo, minutes: f64, mut look: impl FnMut(&Demo)) -> Vec<Publication> {
    let (mut out, until_secs) = (Vec::new(), demo.elapsed_secs() + minutes * 60.0);
    while demo.elapsed_secs() < until_secs {
        demo.step(&mut out);
        look(demo);
        assert_eq!(value(demo, "XS-100"), 2.0, "RUN at {}", demo.time());
        assert!(demo.truth().trips.is_empty(), "{:?} at {}", demo.truth().trips, demo.time());
    }
    out
}

fn value(demo: &Demo, tag: &str) -> f64 {
    demo.plant().value(tag).unwrap()
}

fn samples(messages: &[Publication], tag: &str) -> Vec<Value> {
    let of_tag = messages.iter().filter(|message| message.topic.ends_with(&format!("/{tag}")));
    of_tag.map(|message| serde_json::from_slice(&message.payload).unwrap()).collect()
}

#[test]
fn every_planned_event_has_its_hour() {
    let begins = |text: &str| {
        let hour = TwinTime::parse(text).unwrap();
        let just_before = hour.plus_secs(-0.5);
        assert_eq!(Calendar::Full.due(hour, hour.plus_secs(0.5)).count(), 0, "an event begins once");
        assert_eq!(Calendar::Full.due(just_before.plus_secs(-0.5), just_before).count(), 0);
        assert_eq!(Calendar::Empty.due(just_before, hour).count(), 0);
        Calendar::Full.due(just_before, hour).collect::<Vec<_>>()
    };
    assert_eq!(begins("2026-02-03T06:00:00Z"), [Event::LoadChange]);
    assert_eq!(begins("2026-02-03T18:00:00Z"), [Event::LoadChange]);
    assert_eq!(begins("2026-02-03T09:00:00Z"), [Event::Blowdown]);
    assert_eq!(begins("2026-02-03T10:00:00Z"), [Event::ChangeOver], "a Tuesday");
    assert_eq!(begins("2026-02-04T10:00:00Z"), []);
    assert_eq!(begins("2026-02-10T13:00:00Z"), [Event::StrainerCleaning]);
    assert_eq!(begins("2026-02-15T14:00:00Z"), [Event::LevelCalibration]);
    assert_eq!(begins("2026-03-01T03:00:00Z"), [Event::GatewayRestart], "a Sunday");
    assert_eq!(begins("2026-03-01T04:00:00Z"), []);
}

#[test]
fn a_year_has_as_many_events_as_its_weeks_and_months() {
    let (start, hours) = (TwinTime::parse("2027-06-30T23:30:00Z").unwrap(), 366 * 24);
    let mut events = Vec::new();
    for hour in 0..hours {
        let from = start.plus_secs(3600.0 * f64::from(hour));
        events.extend(Calendar::Full.due(from, from.plus_secs(3600.0)));
    }
    let count = |event: Event| events.iter().filter(|found| **found == event).count();
    assert_eq!((count(Event::LoadChange), count(Event::Blowdown)), (732, 366), "a leap year");
    assert!((52..=53).contains(&count(Event::ChangeOver)) && (52..=53).contains(&count(Event::GatewayRestart)));
    assert_eq!((count(Event::StrainerCleaning), count(Event::LevelCalibration)), (12, 12));
}

#[test]
fn the_pumps_change_over_on_a_tuesday_after_a_minute_together() {
    let mut demo = plant_from("2026-02-03T09:55:00Z", 1);
    let mut together_secs = 0.0;
    let mut lowest_m3_h: f64 = 200.0;
    watch(&mut demo, 20.0, |demo| {
        together_secs += if value(demo, "XS-101A") == 2.0 && value(demo, "XS-101B") != 0.0 { 0.5 } else { 0.0 };
        lowest_m3_h = lowest_m3_h.min(value(demo, "FT-101"));
    });
    println!("both pumps for {together_secs} s, feed at least {lowest_m3_h:.1} m³/h");
    assert!((59.0..=61.0).contains(&together_secs));
    assert_eq!((value(&demo, "XS-101A"), value(&demo, "XS-101B")), (0.0, 2.0));
}

#[test]
fn a_change_over_brings_back_whichever_pump_rests() {
    let mut demo = plant_from("2026-02-03T09:55:00Z", 1);
    demo.command("unit100/cmd/P-101B", br#"{"id":1,"value":"duty"}"#);
    watch(&mut demo, 4.0, |_| {});
    assert_eq!((value(&demo, "XS-101A"), value(&demo, "XS-101B")), (0.0, 2.0));
    watch(&mut demo, 6.0, |_| {});
    assert_eq!((value(&demo, "XS-101A"), value(&demo, "XS-101B")), (2.0, 0.0));
}

#[test]
fn the_level_is_held_by_hand_while_its_transmitter_is_calibrated() {
    for seed in 1..=5 {
        let mut demo = plant_from("2026-02-15T13:55:00Z", seed);
        let (mut low_pct, mut high_pct, mut jump_pct) = (100.0_f64, 0.0_f64, 0.0_f64);
        let mut output_pct = value(&demo, "LIC-101.OP");
        let (mut in_hand_secs, mut moved_in_hand, mut was_in_hand) = (0.0, false, false);
        let messages = watch(&mut demo, 60.0, |demo| {
            let now_pct = value(demo, "LIC-101.OP");
            let in_hand = value(demo, "LIC-101.MODE") == 0.0;
            in_hand_secs += if in_hand { 0.5 } else { 0.0 };
            moved_in_hand |= in_hand && in_hand_secs > 1.0 && now_pct != output_pct;
            let returns = was_in_hand && !in_hand;
            jump_pct = if returns { (now_pct - output_pct).abs() } else { jump_pct };
            was_in_hand = in_hand;
            output_pct = now_pct;
            let level_pct = demo.truth().drum_level_pct;
            (low_pct, high_pct) = (low_pct.min(level_pct), high_pct.max(level_pct));
        });
        println!("seed {seed}: level {low_pct:.2} to {high_pct:.2} %, step of the output in the return {jump_pct:.2} %");
        assert!(low_pct > 45.0 && high_pct < 55.0, "seed {seed}: {low_pct} to {high_pct} %");
        assert!((905.0..=915.0).contains(&in_hand_secs), "{in_hand_secs} s in MAN");
        assert!(!moved_in_hand, "nothing acts on a frozen reading");
        // The noise of LT-101 alone moves the output by this much from scan to scan.
        assert!(jump_pct < 2.5, "{jump_pct} %");
        assert_eq!(value(&demo, "LIC-101.MODE"), 1.0);
        let (bad, good): (Vec<Value>, Vec<Value>) = samples(&messages, "LT-101").into_iter().partition(|sample| sample["q"] == "bad");
        assert!((899..=901).contains(&bad.len()), "{} bad samples", bad.len());
        assert!(bad.iter().all(|sample| sample["reason"] == "maintenance" && sample["v"].is_null()));
        assert!(bad[0]["t"].as_str().unwrap().starts_with("2026-02-15T14:00:0"));
        assert!(good.iter().all(|sample| sample["v"].is_number()));
    }
}

#[test]
fn a_strainer_is_cleaned_while_its_pump_rests_isolated() {
    let mut demo = plant_from("2026-02-10T12:58:00Z", 1);
    let mut isolated_secs = 0.0;
    watch(&mut demo, 30.0, |demo| {
        isolated_secs += if value(demo, "XS-101B") == 6.0 { 0.5 } else { 0.0 };
        assert_eq!(value(demo, "XS-101A"), 2.0);
    });
    assert!((1199.0..=1201.0).contains(&isolated_secs), "{isolated_secs} s");
    assert_eq!(value(&demo, "XS-101B"), 0.0);
}

#[test]
fn a_daily_blowdown_takes_water_and_salt_and_ends() {
    let mut demo = plant_from("2026-02-04T08:59:00Z", 1);
    let (before_us_cm, usual_m3_h) = (value(&demo, "AT-201"), demo.plant().parameter("cw.blowdown_m3_h").unwrap());
    let mut most_m3_h: f64 = 0.0;
    let mut lowest_pct: f64 = 100.0;
    watch(&mut demo, 60.0, |demo| {
        most_m3_h = most_m3_h.max(demo.plant().parameter("cw.blowdown_m3_h").unwrap());
        lowest_pct = lowest_pct.min(value(demo, "LT-201"));
    });
    println!("AT-201 {before_us_cm:.0} to {:.0} µS/cm, LT-201 at least {lowest_pct:.1} %", value(&demo, "AT-201"));
    assert!(value(&demo, "AT-201") < before_us_cm && lowest_pct > 45.0);
    assert!(most_m3_h > usual_m3_h && demo.plant().parameter("cw.blowdown_m3_h") == Some(usual_m3_h));
}

#[test]
fn a_gateway_restarts_on_a_sunday_and_comes_back_whole() {
    let mut demo = plant_from("2026-03-01T02:59:00Z", 1);
    let messages = watch(&mut demo, 3.0, |_| {});
    let status: Vec<bool> =
        messages.iter().filter(|m| m.topic.ends_with("gw-100/status")).map(|m| m.payload.starts_with(b"offline")).collect();
    assert_eq!(status, [false, true, false]);
    assert_eq!(samples(&messages, "FT-100").len(), 181 - 20);
    assert!(samples(&messages, "TT-201").len() >= 180, "the other gateway goes on");
}

#[test]
fn the_load_changes_twice_a_day_slowly_and_within_its_limits() {
    for seed in 1..=3 {
        let mut demo = plant_from("2026-02-02T17:55:00Z", seed);
        watch(&mut demo, 120.0, |demo| {
            assert!((50.0..112.0).contains(&value(demo, "FT-100")), "{}", value(demo, "FT-100"));
        });
        println!("seed {seed}: load {:.1} m³/h", value(&demo, "FT-100"));
    }
    let changed = {
        let mut demo = plant_from("2026-02-02T17:55:00Z", 1);
        watch(&mut demo, 90.0, |_| {});
        value(&demo, "FT-100")
    };
    let mut quiet = Demo::new(DemoOptions { start: TwinTime::parse("2026-02-02T17:55:00Z").unwrap(), ..DemoOptions::default() }).unwrap();
    watch(&mut quiet, 90.0, |_| {});
    assert!((value(&quiet, "FT-100") - changed).abs() > 2.0);
}

#[test]
fn planned_events_repeat_bit_by_bit() {
    let run = || watch(&mut plant_from("2026-02-15T13:59:30Z", 3), 17.0, |_| {});
    assert!(run() == run());
}

#[test]
fn a_story_has_no_planned_events_and_a_quiet_plant_has_none() {
    let start = TwinTime::parse("2026-02-15T13:59:00Z").unwrap();
    let story = DemoOptions { story: "bearing-wear".into(), start, ..DemoOptions::default() }.with_planned_events();
    let quiet = DemoOptions { start, set: vec![("life".into(), "quiet".into())], ..DemoOptions::default() }.with_planned_events();
    for options in [story, quiet, DemoOptions { start, ..DemoOptions::default() }] {
        let messages = watch(&mut Demo::new(options).unwrap(), 5.0, |_| {});
        assert!(samples(&messages, "LT-101").iter().all(|sample| sample["q"] == "good"));
    }
}
