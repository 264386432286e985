//! Damaged `.inp` files: whatever stands in them, reading ends, and a network that comes out is sound.
//!
//! `DIDYMOS_INP_MUTANTS`, set when the test is built, says how many files are tried.

use crate::epanet::network::{Action, LinkKind, Network, NodeKind, PumpCurve, Subject, ValveKind, When};
use crate::epanet::read;
use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::RngCore;

const FILES: [&str; 3] = [
    include_str!("../../../tests/epanet/valley.inp"),
    include_str!("../../../tests/epanet/ridge.inp"),
    include_str!("../../../tests/epanet/canal.inp"),
];

/// Words that hurt.
const NASTY: [&str; 44] = [
    "NaN",
    "inf",
    "-inf",
    "1e308",
    "1e-320",
    "-1",
    "0",
    "-0",
    "1e20",
    "1e21",
    "99999999999999999999",
    "\"",
    "\"\"",
    "\" \"",
    ";",
    "[",
    "[]",
    "[END]",
    "[PIPES]",
    "[RULES]",
    "[TANKS]",
    "[ÄÖÜ]",
    "é",
    "日本",
    "\u{0}",
    "\u{feff}",
    "*",
    ":",
    "::",
    "1:2:3:4:5",
    "12 PM",
    "13 AM",
    "RULE",
    "IF",
    "THEN",
    "ELSE",
    "PRIORITY",
    "OPEN",
    "CLOSED",
    "CV",
    "HEAD",
    "POWER",
    "a_name_of_more_than_thirty_one_characters",
    "\t",
];

struct Mutator(Pcg64Mcg);

impl Mutator {
    fn below(&mut self, end: usize) -> usize {
        (self.0.next_u64() % (end.max(1) as u64)) as usize
    }

    fn mutant(&mut self) -> String {
        let mut text = FILES[self.below(FILES.len())].as_bytes().to_vec();
        for _ in 0..=self.below(6) {
            match self.below(3) {
                0 => self.bytes(&mut text),
                1 => self.words(&mut text),
                _ => self.lines(&mut text),
            }
        }
        String::from_utf8_lossy(&text).into_owned()
    }

    fn bytes(&mut self, text: &mut Vec<u8>) {
        if text.is_empty() {
            return;
        }
        let at = self.below(text.len());
        match self.below(4) {
            0 => text[at] = self.below(256) as u8,
            1 => drop(text.remove(at)),
            2 => text.insert(at, self.below(128) as u8),
            _ => text.truncate(at),
        }
    }

    fn words(&mut self, text: &mut Vec<u8>) {
        let as_text = String::from_utf8_lossy(text).into_owned();
        let mut words: Vec<&str> = as_text.split(' ').collect();
        let (at, other) = (self.below(words.len()), self.below(words.len()));
        let huge = "x".repeat(2000);
        match self.below(5) {
            0 | 1 => words[at] = NASTY[self.below(NASTY.len())],
            2 => words.swap(at, other),
            3 => words[at] = words[other],
            _ => words[at] = &huge,
        }
        *text = words.join(" ").into_bytes();
    }

    fn lines(&mut self, text: &mut Vec<u8>) {
        let as_text = String::from_utf8_lossy(text).into_owned();
        let mut lines: Vec<&str> = as_text.lines().collect();
        if lines.is_empty() {
            return;
        }
        let (at, other) = (self.below(lines.len()), self.below(lines.len()));
        match self.below(4) {
            0 => drop(lines.remove(at)),
            1 => lines.insert(at, lines[other]),
            2 => lines.swap(at, other),
            _ => lines.rotate_left(at),
        }
        *text = lines.join("\n").into_bytes();
    }
}

#[track_caller]
fn finite(values: &[f64]) {
    assert!(values.iter().all(|value| value.is_finite()), "{values:?}");
}

#[track_caller]
fn positive(values: &[f64]) {
    assert!(values.iter().all(|value| value.is_finite() && *value > 0.0), "{values:?}");
}

#[track_caller]
fn rising(points: &[[f64; 2]]) {
    assert!(points.len() >= 2 && points.windows(2).all(|pair| pair[0][0] < pair[1][0]), "{points:?}");
    assert!(points.iter().flatten().all(|value| value.is_finite()), "{points:?}");
}

/// Every index leads somewhere and every number is one that can be calculated with.
fn assert_sound(network: &Network) {
    let (nodes, links, patterns) = (network.nodes.len(), network.links.len(), network.patterns.len());
    let action = |action: &Action| assert!(action.link < links);
    let pattern = |pattern: Option<usize>| assert!(pattern.is_none_or(|pattern| pattern < patterns));
    assert!(nodes >= 2 && network.junction_count < nodes);
    assert!(network.patterns.iter().all(|pattern| !pattern.multipliers.is_empty()));
    for (index, node) in network.nodes.iter().enumerate() {
        finite(&[node.elevation_m]);
        assert_eq!(index < network.junction_count, matches!(node.kind, NodeKind::Junction { .. }));
        match &node.kind {
            NodeKind::Junction { demands, emitter } => {
                finite(&[*emitter]);
                demands.iter().for_each(|demand| {
                    finite(&[demand.base_m3_s]);
                    pattern(demand.pattern);
                });
            }
            NodeKind::Reservoir { head_pattern } => pattern(*head_pattern),
            NodeKind::Tank(tank) => {
                positive(&[tank.area_m2, tank.diameter_m]);
                finite(&[tank.min_volume_m3, tank.init_volume_m3, tank.max_volume_m3]);
                assert!(tank.min_level_m <= tank.init_level_m && tank.init_level_m <= tank.max_level_m);
                tank.volume_curve.iter().for_each(|curve| rising(curve));
            }
        }
    }
    for link in &network.links {
        assert!(link.from < nodes && link.to < nodes && link.from != link.to);
        match &link.kind {
            LinkKind::Pipe(pipe) => {
                positive(&[pipe.length_m, pipe.diameter_m, pipe.roughness]);
                assert!(pipe.minor_loss >= 0.0);
            }
            LinkKind::Pump(pump) => {
                assert!(pump.speed >= 0.0);
                pattern(pump.speed_pattern);
                match &pump.curve {
                    PumpCurve::ConstantPower { power_w, head_flow_m4_s } => positive(&[*power_w, *head_flow_m4_s]),
                    PumpCurve::Power { shutoff_m, factor, exponent, design_flow_m3_s, max_flow_m3_s } => {
                        positive(&[*shutoff_m, *factor, *exponent, *design_flow_m3_s, *max_flow_m3_s]);
                    }
                    PumpCurve::Points { points } => {
                        rising(points);
                        assert!(points.windows(2).all(|pair| pair[0][1] > pair[1][1]));
                    }
                }
            }
            LinkKind::Valve(valve) => {
                positive(&[valve.diameter_m]);
                match &valve.kind {
                    ValveKind::GeneralPurpose(points) => rising(points),
                    ValveKind::PressureReducing(setting)
                    | ValveKind::PressureSustaining(setting)
                    | ValveKind::PressureBreaker(setting)
                    | ValveKind::FlowControl(setting)
                    | ValveKind::Throttle(setting) => finite(&[*setting]),
                }
            }
        }
    }
    for control in &network.controls {
        action(&control.action);
        match control.when {
            When::Above { node, head_m } | When::Below { node, head_m } => assert!(node < nodes && head_m.is_finite()),
            When::Time(at) | When::ClockTime(at) => assert!(at >= 0),
        }
    }
    for rule in &network.rules {
        rule.then.iter().chain(&rule.otherwise).for_each(action);
        for premise in &rule.premises {
            match premise.subject {
                Subject::Node { node, value, .. } => assert!(node < nodes && value.value.is_finite()),
                Subject::Link { link, value, .. } => assert!(link < links && value.value.is_finite()),
                Subject::Status { link, .. } => assert!(link < links),
                Subject::SystemDemand(value) => finite(&[value.value]),
                Subject::Time(at) | Subject::ClockTime(at) => assert!(at >= 0),
            }
        }
    }
    let (times, options) = (&network.times, &network.options);
    assert!(times.duration_s >= 0 && times.report_start_s >= 0 && times.pattern_start_s >= 0);
    assert!([times.hydraulic_step_s, times.pattern_step_s, times.report_step_s, times.rule_step_s].iter().all(|step| *step >= 1));
    positive(&[options.viscosity_m2_s, options.specific_gravity, options.accuracy, options.demand_multiplier, options.emitter_exponent]);
    assert!(options.trials >= 1 && options.check_freq >= 1);
}

#[test]
fn a_damaged_file_never_stops_the_reader_and_never_makes_an_unsound_network() {
    let mutants: u32 = option_env!("DIDYMOS_INP_MUTANTS").and_then(|count| count.parse().ok()).unwrap_or(20_000);
    let mut mutator = Mutator(Pcg64Mcg::new(0x0d1d_3205));
    let mut networks = 0_u32;
    for _ in 0..mutants {
        let text = mutator.mutant();
        let (network, problems) = read(&text, "mutant.inp");
        assert_eq!(network.is_none(), problems.iter().any(crate::epanet::Problem::is_error), "{text}");
        assert!(problems.len() <= 1001);
        if let Some(network) = network {
            networks += 1;
            assert_sound(&network);
        }
    }
    // Both sides of the fence are tried.
    assert!(networks > mutants / 50 && networks < mutants - mutants / 50, "{networks} of {mutants} were networks");
}
