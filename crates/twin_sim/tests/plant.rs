//! The plant against the figures of its specification.
#![expect(clippy::unwrap_used, reason = "a test that cannot get at what it tests has failed")]

mod epanet;
mod laws;
mod same_bits;

use std::sync::{Arc, LazyLock};

use twin_model::document::PlantDocument;
use twin_sim::command::{DriveState, Mode, UnitState};
use twin_sim::flowsheet::{self, Drive, Model, Request, State};

/// The demonstration plant, from its file.
static PLANT: LazyLock<Arc<flowsheet::Plant>> = LazyLock::new(|| {
    let document: PlantDocument = serde_json::from_str(include_str!("../../../assets/unit100/plant.twin.json")).unwrap();
    Arc::new(flowsheet::load(&document).unwrap().unwrap())
});

const UNIT: &str = "UNIT-100";

fn settled(condition: &str, settings: &[(&str, f64)]) -> Model {
    Model::start_in(Arc::clone(&PLANT), condition, settings.iter().copied()).unwrap()
}

fn normal() -> Model {
    settled("IC-5", &[])
}

/// Settled at any load of cooled condensate, m³/h, whatever the level of TK-101 makes of it.
fn at_load(cooled_m3_h: f64) -> Model {
    let condition = if cooled_m3_h < 75.0 { "IC-4" } else { "IC-5" };
    let mut plant = settled(
        condition,
        &[
            ("tk-101/feed.flow_m3_h", cooled_m3_h * 1.02442),
            ("tk-102/draw.flow_m3_h", cooled_m3_h),
            ("fic-101.start_mode", Mode::Auto.number()),
            ("fic-101.start_setpoint", cooled_m3_h),
        ],
    );
    run(&mut plant, 150.0);
    plant
}

fn run(plant: &mut Model, minutes: f64) {
    for _ in 0..(minutes * 60.0 / PLANT.step_secs()) as usize {
        plant.advance(Drive::TRUE_VALUES);
    }
}

fn read(plant: &Model, name: &str) -> f64 {
    plant.value(name).unwrap()
}

/// Value of every tag.
fn tags(plant: &Model) -> Vec<f64> {
    (0..PLANT.tags().len()).map(|number| plant.tag_value(number)).collect()
}

fn number(tag: &str) -> usize {
    PLANT.tag(tag).unwrap()
}

/// Minutes since the start of the plant until `reached`, or `None` at `limit`.
fn minutes_until(plant: &mut Model, limit: f64, mut reached: impl FnMut(&Model) -> bool) -> Option<f64> {
    while plant.elapsed_secs() < limit * 60.0 {
        plant.advance(Drive::TRUE_VALUES);
        if reached(plant) {
            return Some(plant.elapsed_secs() / 60.0);
        }
    }
    None
}

/// Collects deviations, prints them and fails at the end with all that are too large.
#[derive(Default)]
struct Report {
    failures: Vec<String>,
    worst: f64,
}

impl Report {
    fn relative(&mut self, name: &str, value: f64, expected: f64, tolerance: f64) {
        self.judge(name, value, expected, (value / expected - 1.0).abs(), tolerance);
    }

    fn absolute(&mut self, name: &str, value: f64, expected: f64, tolerance: f64) {
        self.judge(name, value, expected, (value - expected).abs(), tolerance);
    }

    fn judge(&mut self, name: &str, value: f64, expected: f64, deviation: f64, tolerance: f64) {
        self.worst = self.worst.max(deviation / tolerance);
        let line = format!("{name}: {value:.4}, expected {expected} (deviation {deviation:.4}, allowed {tolerance})");
        println!("{line}");
        if deviation > tolerance || deviation.is_nan() {
            self.failures.push(line);
        }
    }

    fn conclude(self) {
        println!("worst deviation: {:.0} % of what is allowed", 100.0 * self.worst);
        assert!(self.failures.is_empty(), "\n{}", self.failures.join("\n"));
    }
}

#[test]
fn normal_operation_settles_at_the_design_figures_and_stays_there() {
    let mut plant = normal();
    let at_start = tags(&plant);
    run(&mut plant, 60.0);
    let mut report = Report::default();
    for (tag, expected) in [
        ("SI-101A", 2720.0),
        ("ZT-111", 78.3),
        ("ZT-112", 73.3),
        ("ZT-114", 68.2),
        ("FT-101", 90.0),
        ("FT-201", 304.0),
        ("TT-202", 39.4),
        ("TT-101", 40.0),
        ("SI-201", 77.0),
        ("PT-101", 2.80),
        ("PT-109", 0.871),
        ("PT-108", 2.90),
        ("II-101A", 20.5),
        ("II-102", 14.5),
        ("JI-101A", 10.36),
        ("JI-201A", 40.0),
        ("JI-221", 6.3),
        ("PT-106A", 0.224),
        ("PT-107A", 2.918),
        ("PT-201", 3.486),
        ("TT-203", 39.24),
        ("TT-104", 84.93),
        ("FT-202", 7.18),
        ("AT-201", 1650.0),
        ("VT-111A", 1.90),
        ("TT-111A", 57.8),
    ] {
        report.relative(tag, read(&plant, tag), expected, 0.01);
    }
    report.relative("NPSH margin", read(&plant, "p-101a.npsh_margin_m"), 3.83, 0.01);
    report.relative("UA", read(&plant, "e-101.ua_w_k") / 1000.0, 212.7, 0.01);
    report.relative("E-101 duty", read(&plant, "e-101.duty_w") / 1000.0, 4672.2, 0.01);
    for tag in ["SI-101A", "ZT-111", "ZT-112", "ZT-114", "SI-201", "LT-101", "LT-100", "TT-101", "LT-201"] {
        report.relative(&format!("{tag} after an hour"), read(&plant, tag), at_start[number(tag)], 1e-3);
    }
    report.conclude();
}

#[test]
fn the_load_table_holds_from_45_to_115() {
    let table = [
        (45.0, 0.855, 55.5, 5.56, 6.5, 31.9, 106.0, 45.2, 30.0, 51.5, 40.0),
        (60.0, 0.877, 64.0, 5.11, 7.5, 44.0, 157.0, 43.4, 44.0, 59.8, 40.0),
        (75.0, 0.905, 71.3, 4.53, 8.8, 55.6, 220.0, 41.4, 59.0, 66.8, 40.0),
        (90.0, 0.938, 78.3, 3.83, 10.4, 68.2, 304.0, 39.4, 77.0, 73.3, 40.0),
        (100.0, 0.962, 83.1, 3.30, 11.6, 79.1, 376.0, 38.0, 91.0, 77.6, 40.0),
        (110.0, 0.989, 88.4, 2.70, 13.1, 100.0, 472.0, 37.0, 100.0, 82.1, 40.3),
        (115.0, 1.000, 91.7, 2.40, 13.8, 100.0, 472.0, 37.4, 100.0, 84.5, 41.0),
    ];
    let mut report = Report::default();
    for (flow, speed, fv, margin, power, tv, cw, tt202, fan, lv, tt101) in table {
        let plant = at_load(flow);
        let name = |what: &str| format!("{flow} m3/h {what}");
        report.relative(&name("speed"), read(&plant, "SI-101A") / 2900.0, speed, 0.02);
        report.absolute(&name("FV-101"), read(&plant, "ZT-111"), fv, 2.0);
        report.relative(&name("NPSH margin"), read(&plant, "p-101a.npsh_margin_m"), margin, 0.02);
        report.relative(&name("P-101 kW"), read(&plant, "JI-101A"), power, 0.02);
        report.absolute(&name("TV-101"), read(&plant, "ZT-114"), tv, 2.0);
        report.relative(&name("CW"), read(&plant, "FT-201"), cw, 0.02);
        report.relative(&name("TT-202"), read(&plant, "TT-202"), tt202, 0.02);
        report.absolute(&name("fan"), read(&plant, "SI-201"), fan, 2.0);
        report.absolute(&name("LV-101"), read(&plant, "ZT-112"), lv, 2.0);
        report.relative(&name("TT-101"), read(&plant, "TT-101"), tt101, 0.02);
    }
    report.conclude();
}

#[test]
fn the_fouling_table_holds_up_to_six_times_the_normal_fouling() {
    let table = [
        (0.0, 240.0, 60.7, 253.0, 42.1, 40.0),
        (1.0, 213.0, 68.2, 304.0, 39.4, 40.0),
        (2.0, 192.0, 81.6, 386.0, 36.5, 40.0),
        (2.6, 181.0, 100.0, 458.0, 34.9, 40.2),
        (3.0, 173.0, 100.0, 455.0, 34.8, 40.9),
        (4.0, 156.0, 100.0, 447.0, 34.6, 42.6),
        (5.0, 142.0, 100.0, 439.0, 34.4, 44.3),
        (6.0, 130.0, 100.0, 432.0, 34.2, 45.9),
    ];
    let mut report = Report::default();
    for (fouling, ua, tv, cw, tt202, tt101) in table {
        let mut plant = settled("IC-5", &[("e101.fouling_m2k_w", fouling * 1e-4)]);
        run(&mut plant, 60.0);
        let name = |what: &str| format!("fouling {fouling} {what}");
        report.relative(&name("UA"), read(&plant, "e-101.ua_w_k") / 1000.0, ua, 0.02);
        report.absolute(&name("TV-101"), read(&plant, "ZT-114"), tv, 2.0);
        report.relative(&name("CW"), read(&plant, "FT-201"), cw, 0.02);
        report.relative(&name("TT-202"), read(&plant, "TT-202"), tt202, 0.02);
        report.relative(&name("TT-101"), read(&plant, "TT-101"), tt101, 0.02);
    }
    report.conclude();
}

#[test]
fn a_lower_header_pressure_saves_pump_power_at_the_same_flow() {
    let mut plant = normal();
    let mut report = Report::default();
    report.relative("kW before", read(&plant, "JI-101A"), 10.36, 0.01);
    plant.request("PIC-101", Request::Setpoint(2.4)).unwrap();
    run(&mut plant, 20.0);
    report.relative("kW after", read(&plant, "JI-101A"), 8.81, 0.01);
    report.absolute("FV-101", read(&plant, "ZT-111"), 84.1, 0.5);
    report.relative("FT-101", read(&plant, "FT-101"), 90.0, 0.001);
    report.conclude();
}

#[test]
fn failures_reach_their_consequences_in_the_specified_time() {
    let mut report = Report::default();
    let mut time = |name: &str, found: Option<f64>, expected_minutes: f64| {
        // Below half a minute the lag of a sensor, two seconds, counts.
        let slack = (0.1 * expected_minutes).max(0.035);
        report.absolute(name, found.unwrap_or(f64::NAN), expected_minutes, slack);
    };
    let fresh = |changes: &[(&str, f64)]| {
        let mut plant = normal();
        for &(name, value) in changes {
            plant.set(name, value).unwrap();
        }
        plant
    };

    let lost_cw = [("p201a.trip", 1.0), ("p201b.isolated", 1.0)];
    for (name, tag, below, limit, minutes) in [
        ("CW lost, PT-201", "PT-201", true, 2.2, 2.0 / 60.0),
        ("CW lost, 43", "TT-101", false, 43.0, 0.2),
        ("CW lost, 55", "TT-101", false, 55.0, 29.0 / 60.0),
    ] {
        let mut plant = fresh(&lost_cw);
        let found = minutes_until(&mut plant, 60.0, |plant| (read(plant, tag) < limit) == below);
        time(name, found, minutes);
    }
    for (name, tag, limit, minutes) in [
        ("fan, 28", "TT-201", 28.0, 1.0),
        ("fan, 30", "TT-201", 30.0, 2.1),
        ("fan, TT-101 43", "TT-101", 43.0, 3.6),
        ("fan, TT-101 55", "TT-101", 55.0, 16.0),
    ] {
        let mut plant = fresh(&[("fan.trip", 1.0)]);
        let found = minutes_until(&mut plant, 60.0, |plant| read(plant, tag) > limit);
        time(name, found, minutes);
    }
    let tripped = |plant: &Model, tag: &str| plant.latched_interlocks().contains(&tag);
    let mut plant = fresh(&[("p102.trip", 1.0)]);
    time("P-102, 75 %", minutes_until(&mut plant, 60.0, |plant| read(plant, "LT-101") > 75.0), 5.4);
    let mut plant = fresh(&[("p102.trip", 1.0)]);
    time("P-102, I-102", minutes_until(&mut plant, 60.0, |plant| tripped(plant, "I-102")), 8.1);
    let mut plant = fresh(&[("lv101.forced_pct", 100.0)]);
    let peak = &mut 0.0_f64;
    time(
        "LV-101 open, 30 %",
        minutes_until(&mut plant, 60.0, |plant| {
            *peak = peak.max(read(plant, "FT-102"));
            read(plant, "LT-101") < 30.0
        }),
        8.2,
    );
    time("LV-101 open, I-103", minutes_until(&mut plant, 60.0, |plant| tripped(plant, "I-103")), 15.9);
    let mut plant = fresh(&[("fv101.forced_pct", 100.0)]);
    time("FV-101 open, 43", minutes_until(&mut plant, 60.0, |plant| read(plant, "TT-101") > 43.0), 1.2);
    println!("FV-101 open: FT-101 {:.1} (120), speed {:.3}", read(&plant, "FT-101"), read(&plant, "SI-101A") / 2900.0);
    time("FV-101 open, LT-100 25 %", minutes_until(&mut plant, 200.0, |plant| read(plant, "LT-100") < 25.0), 102.0);
    let mut plant = fresh(&[("p101a.trip", 1.0), ("p101b.isolated", 1.0)]);
    time("feed floods, 80 %", minutes_until(&mut plant, 100.0, |plant| read(plant, "LT-100") > 80.0), 26.7);
    time("feed floods, 90 %", minutes_until(&mut plant, 100.0, |plant| read(plant, "LT-100") > 90.0), 37.0);
    time("feed floods, overflow", minutes_until(&mut plant, 100.0, |plant| read(plant, "tk-101.overflow_kg") > 0.0), 51.0);
    let mut plant = fresh(&[("k301.trip", 1.0)]);
    time("air, plant air cut", minutes_until(&mut plant, 30.0, |plant| read(plant, "ZS-303") < 0.5), 1.3);
    time("air, 4.8", minutes_until(&mut plant, 30.0, |plant| read(plant, "PT-302") < 4.8), 3.0);
    time("air, stroke", minutes_until(&mut plant, 30.0, |plant| read(plant, "FIC-101.OP") - read(plant, "ZT-111") > 1.0), 8.0);
    time("air, I-109", minutes_until(&mut plant, 30.0, |plant| tripped(plant, "I-109")), 9.7);
    println!("peak of FT-102 with LV-101 open: {peak:.1} (137)");
    report.conclude();
}

/// LT-101 sinks whatever the drum does, from one minute on.
fn lying_level(minutes: f64) -> Vec<f64> {
    let mut readings = vec![f64::NAN; PLANT.tags().len()];
    readings[number("LT-101")] = -5.0 + 55.0 * (-(minutes - 1.0).max(0.0) / 60.0_f64).exp();
    readings
}

fn level_lies(switch_failed: bool, minutes: f64) -> (Model, Option<f64>) {
    let mut plant = normal();
    plant.set("lshh101.failed", f64::from(u8::from(switch_failed))).unwrap();
    let mut tripped_at = None;
    let mut printed = 0.0;
    while plant.elapsed_secs() < minutes * 60.0 {
        let now = plant.elapsed_secs() / 60.0;
        plant.advance(Drive::Controlled(&lying_level(now)));
        if tripped_at.is_none() && !plant.latched_interlocks().is_empty() {
            tripped_at = Some(now);
        }
        if switch_failed && now >= printed {
            printed += 1.0;
            println!(
                "{now:5.1} min: true {:.1} %, LV {:.0}, FT-102 {:.0}, FT-101 {:.0}, PIC-103 {:.0}, PT-103 {:.2}, PT-109 {:.2}, V-102 {:.2}, over {:.2}",
                read(&plant, "v-101.true_level_pct"),
                read(&plant, "LIC-101.OP"),
                read(&plant, "FT-102"),
                read(&plant, "FT-101"),
                read(&plant, "PIC-103.OP"),
                read(&plant, "PT-103"),
                read(&plant, "PT-109"),
                read(&plant, "v-102.liquid_m3"),
                read(&plant, "v-102.carry_over_m3")
            );
        }
    }
    (plant, tripped_at)
}

#[test]
fn a_lying_level_trips_on_the_healthy_switch_and_spills_only_with_the_failed_one() {
    let (plant, tripped_at) = level_lies(false, 40.0);
    println!("healthy: trip at {tripped_at:?}, trips {:?}", plant.latched_interlocks());
    assert!((tripped_at.unwrap() - 19.2).abs() < 0.5);
    assert_eq!(plant.latched_interlocks(), ["I-102"]);
    // A pot is never quite empty: a gram.
    assert!(read(&plant, "v-102.liquid_m3") < 2e-6);
    assert_eq!(read(&plant, "XS-100"), UnitState::Trip.number());

    let (plant, tripped_at) = level_lies(true, 30.0);
    assert!(tripped_at.is_none());
    assert!(read(&plant, "v-102.liquid_m3") > 1.0 && read(&plant, "v-102.carry_over_m3") > 0.1);
    assert_eq!(read(&plant, "LSHH-101"), 1.0);
}

#[test]
fn the_standby_pump_takes_over_from_a_tripped_one() {
    let mut plant = normal();
    plant.set("p101a.trip", 1.0).unwrap();
    let mut lowest = f64::MAX;
    let recovered = minutes_until(&mut plant, 5.0, |plant| {
        let pressure = read(plant, "PT-101");
        lowest = lowest.min(pressure);
        lowest < 1.5 && pressure > 2.5
    });
    run(&mut plant, 10.0);
    println!("header fell to {lowest:.2} barg, back after {:.1} s, FT-101 {:.1}", recovered.unwrap() * 60.0, read(&plant, "FT-101"));
    assert!(recovered.unwrap() * 60.0 < 15.0);
    assert_eq!(read(&plant, "XS-101A"), DriveState::Tripped.number());
    assert_eq!(read(&plant, "XS-101B"), DriveState::Running.number());
    assert!((read(&plant, "FT-101") - 90.0).abs() < 2.0);
    assert!(plant.latched_interlocks().is_empty());
}

#[test]
fn a_started_plant_reaches_run_without_a_trip() {
    let mut plant = settled("IC-2", &[]);
    plant.request(UNIT, Request::Start).unwrap();
    let (mut level, mut hot) = (0.0_f64, 0.0_f64);
    let minutes = minutes_until(&mut plant, 120.0, |plant| {
        level = level.max(read(plant, "LT-101"));
        hot = hot.max(read(plant, "TT-101"));
        read(plant, "XS-100") == UnitState::Run.number()
    });
    println!(
        "RUN after {minutes:?} min (33.6), LT-101 up to {level:.1} % (67), TT-101 up to {hot:.1} (42.9), state {}",
        read(&plant, "XS-100")
    );
    assert!(minutes.is_some_and(|minutes| minutes < 60.0));
    assert!(level < 75.0);
    assert!(plant.latched_interlocks().is_empty());
}

#[test]
fn a_shadow_driven_by_positions_follows_the_plant_and_takes_over_without_a_bump() {
    let mut plant = normal();
    let mut shadow = normal();
    plant.request("FIC-101", Request::Mode(Mode::Auto)).unwrap();
    plant.request("FIC-101", Request::Setpoint(80.0)).unwrap();
    let imposed = [
        "ZT-111", "ZT-112", "ZT-114", "ZT-113A", "ZT-113B", "ZT-211", "XS-101A", "XS-101B", "SI-101A", "SI-101B", "XS-102", "XS-201A",
        "XS-201B", "XS-221", "SI-201", "XS-301", "PT-302", "ZS-303", "XS-100",
    ];
    let mut readings = vec![f64::NAN; PLANT.tags().len()];
    for _ in 0..7200 {
        plant.advance(Drive::TRUE_VALUES);
        for (index, tag) in PLANT.tags().iter().enumerate() {
            if imposed.contains(&tag.as_str()) || tag.contains('.') {
                readings[index] = plant.tag_value(index);
            }
        }
        shadow.advance(Drive::Following(&readings));
    }
    let mut report = Report::default();
    for tag in ["FT-101", "FT-102", "PT-101", "PT-108", "TT-101", "TT-202", "LT-101", "LT-100", "PT-103", "TT-201", "II-101A", "LT-201"] {
        report.relative(tag, read(&shadow, tag), read(&plant, tag), 1e-3);
    }
    let before = tags(&shadow);
    shadow.adopt(&readings);
    shadow.advance(Drive::TRUE_VALUES);
    for tag in ["FIC-101.OP", "PIC-101.OP", "TIC-101.OP", "LIC-101.OP", "PIC-103.OP", "TIC-201.OP", "LIC-201.OP", "ZT-111", "SI-101A"] {
        report.absolute(&format!("{tag} at take-over"), read(&shadow, tag), before[number(tag)], 0.05);
    }
    report.conclude();
}

#[test]
fn an_override_of_a_valve_holds_only_in_manual() {
    let mut plant = normal();
    assert!(plant.request("TIC-101", Request::Output(80.0)).is_err());
    plant.request("TIC-101", Request::Mode(Mode::Man)).unwrap();
    plant.request("TIC-101", Request::Output(80.0)).unwrap();
    run(&mut plant, 30.0);
    assert!((read(&plant, "ZT-114") - 80.0).abs() < 0.01);
    assert!(read(&plant, "TT-101") < 39.5);
    for (loop_, value) in [("FIC-101", 85.0), ("PIC-101", 3.5), ("TIC-101", f64::NAN), ("TIC-101", 60.0), ("XIC-1", 1.0)] {
        assert!(plant.request(loop_, Request::Setpoint(value)).is_err(), "{loop_} accepted {value}");
    }
}

/// A day in the life: a clogging strainer with scatter, a set point, a trip.
fn eventful(plant: &mut Model, steps: core::ops::Range<u32>) {
    for step in steps {
        if step % 20 == 0 {
            let clogged = (f64::from(step) / 8000.0).min(0.72);
            plant.set("str101a.clogged_fraction", clogged).unwrap();
        }
        if step == 2000 {
            plant.request("PIC-101", Request::Setpoint(2.6)).unwrap();
        }
        if step == 9000 {
            plant.set("k301.trip", 1.0).unwrap();
        }
        plant.advance(Drive::TRUE_VALUES);
    }
}

/// Fingerprint of all signals after [`eventful`] with seed 7. It changes when an equation or a constant does, and only then: a
/// debug build gives the same (`cargo test -p twin_sim --test plant the_same_seed`).
const GOLDEN: u64 = 0x3794_8331_0d0c_c5bc;

fn fingerprint(plant: &Model) -> u64 {
    // FNV-1a over the bits of every signal.
    tags(plant)
        .iter()
        .flat_map(|value| value.to_bits().to_le_bytes())
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

#[test]
fn the_same_seed_and_commands_give_the_same_bits_also_across_save_and_restore() {
    let scattering = |seed: f64| settled("IC-5", &[("scatter", 0.2), ("seed", seed)]);
    let mut whole = scattering(7.0);
    eventful(&mut whole, 0..10_000);
    let mut first = scattering(7.0);
    eventful(&mut first, 0..6_500);
    let saved = serde_json::to_string(first.state()).unwrap();
    let state: State = serde_json::from_str(&saved).unwrap();
    let mut restored = Model::restore(Arc::clone(&PLANT), state).unwrap();
    assert_eq!(restored, first);
    eventful(&mut restored, 6_500..10_000);
    assert_eq!(restored, whole);
    let mut other = scattering(8.0);
    eventful(&mut other, 0..10_000);
    assert_ne!(fingerprint(&other), fingerprint(&whole));
    println!("saved state: {} bytes, fingerprint {:#018x}", saved.len(), fingerprint(&whole));
    assert_eq!(fingerprint(&whole), GOLDEN);
}

#[test]
fn a_strainer_clogs_until_the_standby_starts() {
    let mut plant = normal();
    let mut minute = 0.0;
    while minute < 60.0 && read(&plant, "XS-101B") == 0.0 {
        minute = plant.elapsed_secs() / 60.0;
        let clogged = (1.0 - (-minute / 30.0_f64).exp()).min(0.85);
        plant.set("str101a.clogged_fraction", clogged).unwrap();
        plant.advance(Drive::TRUE_VALUES);
        if plant.elapsed_secs() % 240.0 == 0.0 {
            println!(
                "{minute:.0} min: PDT {:.0}, margin {:.2}, n {:.3}, VT-111A {:.2}, PT-101 {:.2}",
                read(&plant, "PDT-105A"),
                read(&plant, "p-101a.npsh_margin_m"),
                read(&plant, "SI-101A") / 2900.0,
                read(&plant, "VT-111A"),
                read(&plant, "PT-101")
            );
        }
    }
    println!("standby starts at {minute:.1} min (40.5)");
    assert!((minute - 40.5).abs() < 4.0);
}

#[test]
fn a_trip_stays_until_its_cause_is_gone() {
    let mut plant = normal();
    plant.set("p102.trip", 1.0).unwrap();
    run(&mut plant, 12.0);
    assert_eq!(plant.latched_interlocks(), ["I-102"]);
    let before = plant.clone();
    assert!(plant.request(UNIT, Request::Reset).is_err());
    assert!(plant.request("P-101B", Request::Start).is_err());
    assert!(plant.request("P-102", Request::Reset).is_err());
    assert_eq!(plant, before);
    plant.set("p102.trip", 0.0).unwrap();
    plant.request("P-102", Request::Reset).unwrap();
    run(&mut plant, 1.0);
    plant.request("P-102", Request::Start).unwrap();
    run(&mut plant, 20.0);
    plant.request(UNIT, Request::Reset).unwrap();
    // The interlocks are reset with the next scans.
    run(&mut plant, 0.1);
    plant.request(UNIT, Request::Start).unwrap();
    run(&mut plant, 60.0);
    println!("FT-101 {:.1}, TT-101 {:.1}, LT-101 {:.1}", read(&plant, "FT-101"), read(&plant, "TT-101"), read(&plant, "LT-101"));
    assert!(plant.latched_interlocks().is_empty());
    assert!(read(&plant, "FT-101") > 85.0 && (read(&plant, "TT-101") - 40.0).abs() < 1.0);
}

#[test]
fn what_a_shadow_saw_of_the_drives_still_holds_after_its_take_over() {
    let isolated = settled("IC-7", &[]);
    let mut branch = normal();
    let readings = tags(&isolated);
    branch.advance(Drive::Following(&readings));
    branch.adopt(&readings);
    branch.set("p101a.trip", 1.0).unwrap();
    run(&mut branch, 1.0);
    assert_eq!(read(&branch, "XS-101B"), DriveState::Isolated.number());
    assert_eq!(read(&branch, "FT-101"), 0.0);
}

#[test]
fn every_initial_condition_stays_where_it_settled() {
    for condition in PLANT.conditions().keys() {
        let mut plant = settled(condition, &[]);
        let before = tags(&plant);
        run(&mut plant, 30.0);
        println!(
            "{condition:?}: LT-101 {:.1}, TT-101 {:.1}, FT-101 {:.1}",
            read(&plant, "LT-101"),
            read(&plant, "TT-101"),
            read(&plant, "FT-101")
        );
        // An empty plant has its low levels, and nothing that could be stopped by them.
        let standing: &[&str] = if condition == "IC-1" { &["I-101", "I-103"] } else { &[] };
        assert!(plant.latched_interlocks().iter().all(|trip| standing.contains(trip)), "{condition:?} trips");
        assert!(tags(&plant).iter().all(|value| value.is_finite()));
        for tag in ["XS-100", "XS-101A", "XS-101B", "XS-102", "XB-102"] {
            assert_eq!(read(&plant, tag), before[number(tag)], "{condition:?} {tag}");
        }
        for tag in ["LT-101", "TT-101", "FT-101"] {
            let moved = read(&plant, tag) - before[number(tag)];
            // At rest E-101 follows the cooling water, which follows the weather.
            let allowed = if read(&plant, "FT-101") > 0.0 { 0.5 } else { 2.0 };
            assert!(moved.abs() < allowed, "{condition:?} {tag} moved by {moved}");
        }
    }
}
