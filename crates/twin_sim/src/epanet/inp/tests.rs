//! Reading EPANET's `.inp` files.

use crate::epanet::network::{
    Action, Change, DemandModel, HeadLoss, Join, LinkKind, LinkStatus, Network, NodeKind, NodeVariable, PumpCurve, Relation, Statistic,
    Subject, ValveKind, When,
};
use crate::epanet::units::{FlowUnit, M_PER_FT, M3_PER_FT3};
use crate::epanet::{Problem, read};
use twin_model::Severity;

/// SI units and one of everything.
const VALLEY: &str = include_str!("../../../tests/epanet/valley.inp");
/// US units, short headings in small letters, defaults.
const RIDGE: &str = include_str!("../../../tests/epanet/ridge.inp");
/// Sections in an unusual order, Chezy-Manning.
const CANAL: &str = include_str!("../../../tests/epanet/canal.inp");

const LPS: f64 = M3_PER_FT3 / 28.317;
const KPA_M: f64 = M_PER_FT / (6.895 * 0.4333 * 0.998);

fn network(text: &str) -> Network {
    let (network, problems) = read(text, "net.inp");
    let errors: Vec<String> = problems.iter().filter(|problem| problem.is_error()).map(ToString::to_string).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    network.unwrap_or_else(|| panic!("no network"))
}

fn node(network: &Network, id: &str) -> usize {
    network.nodes.iter().position(|node| node.id == id).unwrap_or_else(|| panic!("no node {id}"))
}

fn link(network: &Network, id: &str) -> usize {
    network.links.iter().position(|link| link.id == id).unwrap_or_else(|| panic!("no link {id}"))
}

#[track_caller]
fn near(actual: f64, expected: f64) {
    assert!((actual - expected).abs() <= 1e-12 * expected.abs().max(1e-9), "{actual} is not {expected}");
}

#[test]
fn junctions_come_first_and_carry_their_demands_patterns_and_emitters() {
    let network = network(VALLEY);
    let ids: Vec<&str> = network.nodes.iter().map(|node| node.id.as_str()).collect();
    assert_eq!(network.junction_count, 13);
    assert_eq!(&ids[11..], ["J12", "J 13", "R1", "R2", "T1", "T2", "T3"]);

    let NodeKind::Junction { demands, emitter } = &network.nodes[node(&network, "J4")].kind else { panic!("no junction") };
    let (first, second) = (&demands[0], &demands[1]);
    assert_eq!(demands.len(), 2, "[DEMANDS] replaces the junction's own demand");
    assert_eq!((first.category.as_str(), second.category.as_str()), ("homes", "works"));
    near(first.base_m3_s, 2.5 * LPS);
    assert_eq!(network.patterns[first.pattern.unwrap()].id, "DAY");
    assert_eq!(*emitter, 0.0);

    let NodeKind::Junction { demands, emitter } = &network.nodes[node(&network, "J12")].kind else { panic!("no junction") };
    assert_eq!(network.patterns[demands[0].pattern.unwrap()].id, "BASE", "the default pattern of the options");
    let at_one_metre = 0.02 * LPS * libm::pow(1.0 / KPA_M, 0.6);
    near(*emitter, at_one_metre);

    let NodeKind::Reservoir { head_pattern } = network.nodes[node(&network, "R2")].kind else { panic!("no reservoir") };
    assert_eq!(network.patterns[head_pattern.unwrap()].id, "LAKE");
    assert_eq!(network.nodes[node(&network, "R1")].position, Some([-5.5, 20.0]));
}

#[test]
fn a_tank_has_its_volumes_from_its_diameter_or_from_its_curve() {
    let network = network(VALLEY);
    let NodeKind::Tank(round) = &network.nodes[node(&network, "T1")].kind else { panic!("no tank") };
    let area = std::f64::consts::PI * 16.0;
    near(round.area_m2, area);
    near(round.min_volume_m3, area * 0.5);
    near(round.init_volume_m3, area * 2.5);
    near(round.max_volume_m3, area * 4.0);
    assert!(!round.can_overflow && round.volume_curve.is_none());

    let NodeKind::Tank(bowl) = &network.nodes[node(&network, "T2")].kind else { panic!("no tank") };
    near(bowl.min_volume_m3, 10.0);
    near(bowl.init_volume_m3, 35.0);
    near(bowl.max_volume_m3, 85.0);
    near(bowl.area_m2, 30.0);
    assert!(bowl.can_overflow);
    assert_eq!(bowl.volume_curve.as_ref().map(Vec::len), Some(4));
}

#[test]
fn pipes_pumps_and_valves_keep_their_order_and_their_data_in_si() {
    let network = network(VALLEY);
    let ids: Vec<&str> = network.links.iter().map(|link| link.id.as_str()).collect();
    assert_eq!((ids[0], ids[14], ids[15], ids[18], ids[19], ids[24]), ("P1", "P15", "U1", "U4", "V1", "V6"));

    let LinkKind::Pipe(pipe) = &network.links[link(&network, "P5")].kind else { panic!("no pipe") };
    assert!(pipe.check_valve && pipe.minor_loss == 1.5);
    near(pipe.diameter_m, 0.1);
    near(pipe.roughness, 0.25e-3);
    assert_eq!(network.links[link(&network, "P6")].status, LinkStatus::Closed);
    assert_eq!(network.links[link(&network, "P2")].vertices, [[12.0, 3.0], [14.0, 5.0]]);

    let pumps: Vec<_> =
        network.links.iter().filter_map(|link| if let LinkKind::Pump(pump) = &link.kind { Some(pump) } else { None }).collect();
    let PumpCurve::Power { shutoff_m, factor, exponent, max_flow_m3_s, .. } = pumps[0].curve else { panic!("no power function") };
    near(shutoff_m, 1.33334 * 55.0);
    let head = |flow: f64| shutoff_m - factor * libm::pow(flow, exponent);
    assert!((head(12.0 * LPS) - 55.0).abs() < 1e-9 && head(max_flow_m3_s).abs() < 1e-9);
    assert_eq!((pumps[0].speed, pumps[1].speed_pattern.is_some()), (1.05, true));
    let PumpCurve::Power { shutoff_m, factor, exponent, .. } = pumps[1].curve else { panic!("no power function") };
    let head = |flow: f64| shutoff_m - factor * libm::pow(flow, exponent);
    assert!((head(10.0 * LPS) - 52.0).abs() < 1e-9 && (head(20.0 * LPS) - 30.0).abs() < 1e-9);
    assert!(matches!(&pumps[2].curve, PumpCurve::Points { points } if points.len() == 4));
    let PumpCurve::ConstantPower { power_w, head_flow_m4_s } = pumps[3].curve else { panic!("no constant power") };
    near(power_w, 4500.0);
    near(head_flow_m4_s, 8.814 * (4.5 / 0.7457) * M3_PER_FT3 * M_PER_FT);

    let valve = |id| match &network.links[link(&network, id)] {
        link @ crate::epanet::network::Link { kind: LinkKind::Valve(valve), .. } => (valve.kind.clone(), link.status),
        link => panic!("{} is no valve", link.id),
    };
    assert_eq!(valve("V1"), (ValveKind::PressureReducing(250.0 * KPA_M), LinkStatus::Active));
    assert_eq!(valve("V2").1, LinkStatus::Active);
    assert_eq!(valve("V3"), (ValveKind::Throttle(8.0), LinkStatus::Active), "[STATUS] changes the setting");
    assert!(matches!(valve("V4"), (ValveKind::GeneralPurpose(points), LinkStatus::Open) if points.len() == 3));
    assert_eq!(valve("V6").1, LinkStatus::Open, "fixed open");
}

#[test]
fn controls_and_rules_act_in_si_on_what_they_name() {
    let network = network(VALLEY);
    let (u1, p6, v1) = (link(&network, "U1"), link(&network, "P6"), link(&network, "V1"));
    let controls: Vec<_> = network.controls.iter().map(|control| (control.when, control.action)).collect();
    let t1 = node(&network, "T1");
    assert_eq!(controls[0], (When::Above { node: t1, head_m: 58.8 }, Action { link: u1, change: Change::Close }));
    assert_eq!(controls[2], (When::Time(19_800), Action { link: p6, change: Change::Open }));
    assert_eq!(controls[3], (When::ClockTime(80_100), Action { link: v1, change: Change::Setting(230.0 * KPA_M) }));
    let When::Below { head_m, .. } = controls[4].0 else { panic!("no level") };
    near(head_m, 15.5 + 300.0 * KPA_M);
    assert_eq!(controls[5].1.change, Change::Close, "a pipe's setting of 0 closes it");

    let rule = &network.rules[0];
    assert_eq!((rule.id.as_str(), rule.priority, rule.then.len(), rule.otherwise.len()), ("1", 3.0, 2, 1));
    assert_eq!(rule.premises.iter().map(|premise| premise.join).collect::<Vec<_>>(), [Join::And, Join::And, Join::Or]);
    assert_eq!((rule.premises[1].subject, rule.premises[1].relation), (Subject::ClockTime(79_200), Relation::GreaterOrEqual));
    let Subject::Node { variable: NodeVariable::Pressure, value, .. } = network.rules[1].premises[0].subject else { panic!("no pressure") };
    near(value.value, 280.5 * KPA_M);
    near(value.tolerance, 1e-3 * KPA_M);
    let Subject::Node { variable: NodeVariable::FillTime, value, .. } = network.rules[2].premises[0].subject else { panic!("no time") };
    assert_eq!((value.value, value.tolerance), (9000.0, 1e-3));
    assert_eq!(network.rules[2].then[1], Action { link: v1, change: Change::Activate });
    assert_eq!(network.rules[3].premises[1].subject, Subject::Status { link: u1, status: LinkStatus::Open });
}

#[test]
fn options_and_times_are_those_of_the_file_and_else_the_defaults_of_epanet() {
    let network_of_valley = network(VALLEY);
    let options = &network_of_valley.options;
    assert_eq!((options.head_loss, options.trials, options.accuracy), (HeadLoss::DarcyWeisbach, 100, 1e-4));
    assert_eq!((options.check_freq, options.max_check, options.damp_limit, options.extra_trials), (3, 12, 0.05, Some(20)));
    near(options.viscosity_m2_s, 1.1 * 1.1e-5 * M_PER_FT * M_PER_FT);
    near(options.head_error_m.unwrap(), 0.001);
    near(options.flow_change_m3_s.unwrap(), 0.01 * LPS);
    let DemandModel::PressureDriven { minimum_m, required_m, exponent } = options.demand_model else { panic!("not pressure-driven") };
    near(minimum_m, 20.0 * KPA_M);
    near(required_m, 150.0 * KPA_M);
    assert_eq!(exponent, 0.55);
    let times = &network_of_valley.times;
    assert_eq!((times.duration_s, times.hydraulic_step_s, times.pattern_step_s), (172_800, 1800, 14_400));
    assert_eq!((times.pattern_start_s, times.rule_step_s, times.start_clock_s), (7200, 300, 23_400));

    let canal = network(CANAL);
    assert_eq!(canal.times.hydraulic_step_s, 7200, "no longer than the report step");
    assert_eq!(canal.times.rule_step_s, 720, "a tenth of the hydraulic step");
    assert_eq!((canal.times.statistic, canal.options.extra_trials, canal.options.trials), (Statistic::Maximum, None, 200));
}

#[test]
fn short_headings_small_letters_and_the_pumps_of_version_1_are_understood() {
    let network = network(RIDGE);
    assert_eq!((network.nodes.len(), network.links.len(), network.controls.len()), (6, 6, 3));
    assert_eq!(network.times.duration_s, 86_400);
    near(network.nodes[0].elevation_m, 700.0 * M_PER_FT);
    let LinkKind::Pump(pump) = &network.links[5].kind else { panic!("no pump") };
    let PumpCurve::Power { shutoff_m, design_flow_m3_s, .. } = pump.curve else { panic!("no power function") };
    near(shutoff_m, 1.33334 * 180.0 * M_PER_FT);
    near(design_flow_m3_s, 450.0 / 448.831 * M3_PER_FT3);
    let NodeKind::Junction { demands, .. } = &network.nodes[1].kind else { panic!("no junction") };
    assert_eq!(demands[0].pattern, Some(0), "the pattern of id 1 is the default");
}

#[test]
fn every_unit_of_flow_is_converted_as_epanet_does_and_comes_back_exactly() {
    for unit in FlowUnit::ALL {
        let network = network(&CANAL.replace("Units CMH", &format!("Units {}", unit.word())));
        let NodeKind::Junction { demands, .. } = &network.nodes[0].kind else { panic!("no junction") };
        near(demands[0].base_m3_s, 36.0 * M3_PER_FT3 / unit.per_cfs());
        assert!((demands[0].base_m3_s / (36.0 * unit.exact_m3_s()) - 1.0).abs() < 2e-4, "{unit:?} is not far from its definition");
        let metric = unit.is_metric();
        near(network.nodes[0].elevation_m, if metric { 40.0 } else { 40.0 * M_PER_FT });
        let LinkKind::Pipe(pipe) = &network.links[0].kind else { panic!("no pipe") };
        near(pipe.diameter_m, if metric { 0.3 } else { 25.0 * M_PER_FT });
        near(network.units.reported_flow_m3_s(demands[0].base_m3_s), 36.0 * unit.exact_m3_s());
        near(network.units.reported_head_m(network.nodes[0].elevation_m), if metric { 40.0 } else { 40.0 * M_PER_FT });
    }
}

#[test]
fn sections_may_stand_in_any_order() {
    let sections: Vec<&str> = CANAL.split_inclusive("\n\n").collect();
    let reversed: String = sections.iter().rev().flat_map(|section| [*section, "\n"]).collect();
    let (mut one, mut other) = (network(CANAL), network(&reversed));
    for network in [&mut one, &mut other] {
        network.nodes.iter_mut().for_each(|node| node.line = 0);
        network.links.iter_mut().for_each(|link| link.line = 0);
        network.curves.iter_mut().for_each(|curve| curve.line = 0);
        network.links.sort_by(|one, other| one.id.cmp(&other.id));
    }
    assert_eq!(one, other);
}

#[test]
fn times_are_read_in_all_their_forms() {
    for (written, seconds) in [
        ("24", 86_400),
        ("1.5", 5400),
        ("24:00", 86_400),
        ("0:05:30", 330),
        ("90 MIN", 5400),
        ("45 sec", 45),
        ("2 days", 172_800),
        ("1.5 HOURS", 5400),
        ("6:30 PM", 66_600),
        ("12 AM", 0),
        ("12:30 PM", 45_000),
        ("0:00:00:00", 0),
    ] {
        let network = network(&CANAL.replace("Duration 6:00", &format!("Duration {written}")));
        assert_eq!(network.times.duration_s, seconds, "{written}");
    }
}

/// The first error after a change of a file.
fn first_error(text: &str, from: &str, to: &str) -> Problem {
    assert!(text.contains(from), "the file has no {from:?}");
    let (network, problems) = read(&text.replacen(from, to, 1), "net.inp");
    let error = problems.into_iter().find(Problem::is_error).unwrap_or_else(|| panic!("{from:?} -> {to:?} was accepted"));
    assert!(network.is_none(), "{from:?} -> {to:?}: there is a network in spite of an error");
    error
}

#[test]
fn every_fault_is_told_with_its_section_and_line_and_what_to_do() {
    let faults = [
        (VALLEY, "P1   J1     J2 ", "P1   J1     J99", "PIPES", "there is no node 'J99'"),
        (VALLEY, "P1   J1     J2 ", "P1   J1     J1 ", "PIPES", "the same node"),
        (VALLEY, "J1     J2     350 ", "J1     J2     0 ", "PIPES", "length is 0"),
        (VALLEY, "350     200 ", "350     -200 ", "PIPES", "diameter is -200"),
        (VALLEY, "350     200 ", "350     NaN ", "PIPES", "not a finite number"),
        (VALLEY, "350     200 ", "350     1e999 ", "PIPES", "not a finite number"),
        (VALLEY, "350     200 ", "350     2OO ", "PIPES", "'2OO' is not a number"),
        (VALLEY, "0.10   0      Open ", "0.10   0      Opne ", "PIPES", "the status is 'Opne'"),
        (VALLEY, "0.10   0.5 ", "0      0.5 ", "PIPES", "roughness is 0"),
        (VALLEY, " P2   J2", " P1   J2", "PIPES", "a second link 'P1'"),
        (VALLEY, "J3   18.0", "J2   18.0", "JUNCTIONS", "a second node 'J2'"),
        (VALLEY, " J3   18.0   2.25    NIGHT", " J3   18.0   2.25    MOON", "JUNCTIONS", "no pattern 'MOON'"),
        (VALLEY, " J3   18.0", " J3 ;", "JUNCTIONS", "elevation is missing"),
        (VALLEY, "J3   18.0", "a_name_of_more_than_thirty_one_characters   18.0", "JUNCTIONS", "EPANET allows 31"),
        (VALLEY, "T1  55.0  2.5   0.5  4.0", "T1  55.0  4.5   0.5  4.0", "TANKS", "out of order"),
        (VALLEY, "0.5  3.0  6.0", "0.5  4.5  6.0", "TANKS", "go beyond the volume curve 'BOWL'"),
        (VALLEY, " BOWL   2    50", " BOWL   2    15", "TANKS", "the volume falls"),
        (VALLEY, " BOWL   2    50", " BOWL   1    50", "CURVES", "x goes from 1 to 1"),
        (VALLEY, "HEAD DUTY  SPEED", "HEAD NONE  SPEED", "PUMPS", "no curve 'NONE'"),
        (VALLEY, "HEAD DUTY  SPEED 1.05", "", "PUMPS", "neither a head curve nor a power"),
        (VALLEY, "SPEED 1.05", "SPEED -1", "PUMPS", "speed is -1"),
        (VALLEY, "MANY   10   50", "MANY   10   57", "PUMPS", "'MANY' is no pump's"),
        (VALLEY, "THREE  20   30", "THREE  20   52", "PUMPS", "is no pump's"),
        (VALLEY, "POWER 4.5", "POWER 0", "PUMPS", "power is 0"),
        (VALLEY, "V1  J7     J8     80    PRV", "V1  J7     J8     80    PXV", "VALVES", "'PXV' is no type of valve"),
        (VALLEY, "V1  J7     J8 ", "V1  T1     J8 ", "VALVES", "cannot be connected to a tank"),
        (VALLEY, "V6  J3     J4     80    PSV", "V6  J8     J4     80    PSV", "VALVES", "shares a node with a PRV"),
        (VALLEY, "GPV   LOSS ", "GPV   EFF ", "VALVES", "curve 'EFF' has 1 point"),
        (VALLEY, "J5   0.05", "J5   -0.05", "EMITTERS", "cannot be negative"),
        (VALLEY, " U3   Closed", " U9   Closed", "STATUS", "no link 'U9'"),
        (VALLEY, " U3   Closed", " P4   Closed", "STATUS", "check valve"),
        (VALLEY, "LINK U1 CLOSED IF NODE T1 ABOVE", "LINK U1 CLOSED IF NODE T9 ABOVE", "CONTROLS", "no node 'T9'"),
        (VALLEY, "LINK U1 CLOSED IF NODE T1 ABOVE", "LINK U1 CLOSED IF NODE T1 OVER", "CONTROLS", "neither ABOVE nor BELOW"),
        (VALLEY, "LINK U1 CLOSED", "LINK P4 CLOSED", "CONTROLS", "check valve"),
        (VALLEY, "AT TIME 5:30", "AT TIME 5:x", "CONTROLS", "'5:x' is no time"),
        (VALLEY, "IF   TANK  T1 LEVEL BELOW", "IF   TANK  T1 COLOUR BELOW", "RULES", "'COLOUR' is nothing"),
        (VALLEY, "THEN PUMP  U3 STATUS IS OPEN", "WHEN PUMP  U3 STATUS IS OPEN", "RULES", "'WHEN' cannot stand here"),
        (VALLEY, "THEN PUMP  U3 STATUS IS OPEN", "THEN PUMP  U9 STATUS IS OPEN", "RULES", "no link 'U9'"),
        (VALLEY, "RULE 1\n", "", "RULES", "before any RULE"),
        (VALLEY, "AND  SYSTEM CLOCKTIME >= 10 PM", "AND  SYSTEM CLOCKTIME >= 14 PM", "RULES", "'14' is no time"),
        (VALLEY, "Duration           48:00", "Duration           -1", "TIMES", "is no time"),
        (VALLEY, "Headloss           D-W", "Headloss           X-Y", "OPTIONS", "no head loss formula"),
        (VALLEY, "Accuracy           0.0001", "Accuracy           0", "OPTIONS", "accuracy is 0"),
        (VALLEY, "Required Pressure  150", "Required Pressure  20", "OPTIONS", "above the minimum pressure"),
        (VALLEY, "Trials             100", "Trials             1e12", "OPTIONS", "more than 1000000"),
        (VALLEY, "CHECKFREQ          3", "CHECKFRQ           3", "OPTIONS", "no option 'CHECKFRQ'"),
        (RIDGE, "5 b d 3300", "5 b c 3300", "", ""),
        (RIDGE, "d  650 60", "d  650 60\nlonely 600 5", "JUNCTIONS", "no link leads to it"),
    ];
    for (text, from, to, section, message) in faults {
        if section.is_empty() {
            assert!(read(&text.replacen(from, to, 1), "net.inp").0.is_some(), "parallel pipes are no fault");
            continue;
        }
        let error = first_error(text, from, to);
        assert!(error.message.contains(message), "{from:?} -> {to:?}: {error}");
        assert_eq!(error.section, section, "{error}");
        assert!(!error.hint.is_empty(), "{error}");
        let line = error.line.unwrap() as usize;
        let changed = text.replacen(from, to, 1);
        let heading = changed.lines().take(line).filter(|line| line.starts_with('[')).last().unwrap().to_uppercase();
        assert!(heading.starts_with(&format!("[{}", &section[..4])), "line {line} is not in the section: {error}");
    }
}

#[test]
fn a_network_without_a_place_to_start_from_is_refused() {
    let (network, problems) = read("[JUNCTIONS]\na 1\nb 2\n[PIPES]\np a b 10 10 100\n", "net.inp");
    assert!(network.is_none());
    assert!(problems.iter().any(|problem| problem.message.contains("neither tank nor reservoir")), "{problems:?}");
    let (network, problems) = read("", "net.inp");
    assert!(network.is_none() && !problems.is_empty());
}

#[test]
fn all_faults_are_told_at_once_but_one_fault_is_told_once() {
    let text = CANAL.replace("n1 40 36", "n1 4x 36").replace("250 0.012", "-250 0.012").replace("low n2 HEAD lift", "low n2 HEAD lft");
    let problems = read(&text, "net.inp").1;
    let told: Vec<&str> = problems.iter().map(|problem| problem.section).collect();
    assert_eq!(told, ["JUNCTIONS", "PIPES", "PUMPS"], "{problems:#?}");
}

#[test]
fn a_file_of_faults_is_told_in_a_bounded_number_of_problems() {
    let text: String = std::iter::once("[PIPES]\n".to_owned()).chain((0..5000).map(|id| format!("{id} a b 1 1 1\n"))).collect();
    let problems = read(&text, "net.inp").1;
    assert_eq!(problems.len(), 1001);
    assert!(problems[1000].message.contains("4002 more problems"), "{}", problems[1000]);
}

#[test]
fn what_is_read_but_not_simulated_is_noted_once_per_section() {
    let problems = read(VALLEY, "net.inp").1;
    let notes: Vec<&str> = problems.iter().map(|problem| problem.section).collect();
    assert_eq!(notes, ["ENERGY", "QUALITY", "SOURCES", "REACTIONS", "MIXING", "OPTIONS"]);
    assert!(problems.iter().all(|problem| problem.severity == Severity::Note && problem.line.is_some()));
    assert_eq!(read(RIDGE, "net.inp").1, []);
}

#[test]
fn what_is_only_doubtful_is_a_warning_and_the_network_stands() {
    let forty_two = format!("DAY {}", "1 ".repeat(42));
    for (text, from, to, message) in [
        (VALLEY, "0.5  3.0  6.0", "0.5  3.0  0", "its diameter is 0"),
        (VALLEY, "DAY    1.2 0.9", forty_two.as_str(), "more than 40 items"),
        (VALLEY, "[TAGS]", "[TUGS]", "no section '[TUGS]'"),
        (VALLEY, "[ENERGY]", "[LEAKAGE]", "leakage is not simulated"),
        (VALLEY, " J1   0   0\n", " J99  0   0\n", "no node 'J99'"),
        (VALLEY, "THEN PIPE P6 SETTING IS 0", "", "it has no THEN"),
        (VALLEY, "Report Timestep    1:00:00", "Report Timestep 0:00:01\n Duration 60000:00", "make 216000000 steps"),
        (CANAL, "top 80", "top 80\nspare 90", "no link leads to it"),
    ] {
        assert!(text.contains(from), "the file has no {from:?}");
        let (network, problems) = read(&text.replacen(from, to, 1), "net.inp");
        assert!(network.is_some(), "{from:?} -> {to:?}: {problems:#?}");
        let warning = problems.iter().find(|problem| problem.severity == Severity::Warning);
        assert!(warning.is_some_and(|warning| warning.message.contains(message)), "{from:?} -> {to:?}: {problems:#?}");
    }
}

#[test]
fn a_line_or_a_file_without_end_is_refused() {
    let long = format!("P2   J2     J3     {}420 ", " ".repeat(1100));
    assert!(first_error(VALLEY, "P2   J2     J3     420 ", &long).message.contains("EPANET reads at most 1024"));
    let problems = read(&"x".repeat((64 << 20) + 1), "net.inp").1;
    assert!(problems[0].message.contains("at most 67108864 are read"), "{}", problems[0]);
}
