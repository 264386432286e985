//! What must hold for any network, whatever EPANET says: runs of the corpus compared with runs of the same water.

use super::{Case, corpus};
use std::collections::BTreeSet;
use std::fmt::Write;
use twin_sim::epanet::engine::{Engine, State};
use twin_sim::epanet::network::{Demand, Link, LinkKind, LinkStatus, Network, Node, NodeKind, Pipe};
use twin_sim::epanet::{self, Run};

fn network(case: &Case) -> Network {
    read(&std::fs::read_to_string(&case.inp).unwrap())
}

fn read(text: &str) -> Network {
    let (network, problems) = epanet::read(text, "a.inp");
    network.unwrap_or_else(|| panic!("{problems:?}"))
}

/// Heads and flows of the moments that follow, bit by bit.
fn rest(engine: &mut Engine) -> Vec<u64> {
    let mut bits = Vec::new();
    while let Some(solution) = engine.moment() {
        let report = engine.report(engine.time_s(), solution);
        bits.extend(report.head_m.iter().chain(&report.flow_m3_s).map(|value| value.to_bits()));
        if !engine.advance() {
            break;
        }
    }
    bits
}

#[test]
fn a_network_goes_on_from_a_saved_state_bit_by_bit() {
    for (case, moments) in corpus().iter().zip((1..8).cycle()) {
        let network = network(case);
        let mut engine = Engine::new(&network);
        for _ in 0..moments {
            if engine.moment().is_none() || !engine.advance() {
                break;
            }
        }
        let json = serde_json::to_string(engine.state()).unwrap();
        let mut fork = engine.clone();
        let wanted = rest(&mut engine);
        assert_eq!(rest(&mut fork), wanted, "{}: a clone", case.name);
        let state: State = serde_json::from_str(&json).unwrap();
        let mut fresh = Engine::new(&network);
        fresh.restore(&state).unwrap();
        assert_eq!(rest(&mut fresh), wanted, "{}: a saved state", case.name);
        // Whatever a run has left behind must not show.
        engine.restore(&state).unwrap();
        assert_eq!(rest(&mut engine), wanted, "{}: back to a saved state", case.name);
    }
}

#[test]
fn a_state_of_another_network_is_refused() {
    let cases = corpus();
    let (one, other) = (network(&cases[0]), network(cases.last().unwrap()));
    let before = Engine::new(&one).state().clone();
    let mut engine = Engine::new(&one);
    assert!(engine.restore(Engine::new(&other).state()).is_err());
    assert_eq!(engine.state(), &before);
}

/// A hilly town with everything that a unit has to be converted for; `written` writes a value of a quantity.
fn town(flow_unit: &str, head_loss: &str, written: impl Fn(char, f64) -> f64) -> String {
    let (l, d, q, r) = (|x| written('l', x), |x| written('d', x), |x| written('q', x), |x| written('r', x));
    let mut text = String::new();
    writeln!(text, "[JUNCTIONS]\na {} {}\nb {} {}\nc {} {}\nd {} {}", l(10.0), q(5.0), l(22.0), q(12.0), l(4.0), q(7.0), l(2.0), q(3.0))
        .unwrap();
    writeln!(text, "[RESERVOIRS]\nlake {}\n[TANKS]\ntower {} {} {} {} {} 0", l(20.0), l(55.0), l(3.0), l(0.5), l(6.0), l(9.0)).unwrap();
    writeln!(text, "[PIPES]\np1 a b {} {} {} 2", l(700.0), d(250.0), r(110.0)).unwrap();
    writeln!(text, "p2 b tower {} {} {} 0\np3 b c {} {} {} 0", l(150.0), d(300.0), r(110.0), l(900.0), d(200.0), r(110.0)).unwrap();
    writeln!(text, "[PUMPS]\nlift lake a HEAD 1\n[CURVES]\n1 {} {}", q(30.0), l(55.0)).unwrap();
    writeln!(text, "[VALVES]\ncalm c d {} TCV 12 0\n[PATTERNS]\nday 0.6 1.4 1.9 1.1", d(150.0)).unwrap();
    writeln!(text, "[CONTROLS]\nLINK lift CLOSED IF NODE tower ABOVE {}\nLINK lift OPEN IF NODE tower BELOW {}", l(5.5), l(2.0)).unwrap();
    writeln!(text, "[TIMES]\nDuration 24:00\nPattern Timestep 6:00").unwrap();
    writeln!(text, "[OPTIONS]\nUnits {flow_unit}\nHeadloss {head_loss}\nPattern day\nAccuracy 1e-8\n[END]").unwrap();
    text
}

fn worst(one: &Run, other: &Run) -> (f64, f64) {
    assert_eq!(one.reports.len(), other.reports.len());
    let mut worst = (0.0_f64, 0.0_f64);
    for (one, other) in one.reports.iter().zip(&other.reports) {
        for (a, b) in one.head_m.iter().zip(&other.head_m) {
            worst.0 = worst.0.max((a - b).abs());
        }
        for (a, b) in one.flow_m3_s.iter().zip(&other.flow_m3_s) {
            worst.1 = worst.1.max((a - b).abs());
        }
    }
    worst
}

#[test]
fn units_are_only_a_way_of_writing() {
    for head_loss in ["H-W", "D-W", "C-M"] {
        let roughness = |x: f64, metric: bool| match head_loss {
            "H-W" => x,
            "C-M" => 0.013,
            _ if metric => 0.1,
            _ => 0.1 / 0.3048,
        };
        let metric = epanet::run(&read(&town("LPS", head_loss, |what, x| if what == 'r' { roughness(x, true) } else { x })));
        let written = |per_cfs: f64| {
            move |what, x| match what {
                'l' => x / 0.3048,
                'd' => x / 25.4,
                'q' => x / 28.317 * per_cfs,
                _ => roughness(x, false),
            }
        };
        for (unit, per_cfs) in [("GPM", 448.831), ("CFS", 1.0), ("MGD", 0.64632)] {
            let customary = epanet::run(&read(&town(unit, head_loss, written(per_cfs))));
            let (head, flow) = worst(&metric, &customary);
            assert!(head < 1e-6 && flow < 1e-8, "{head_loss} {unit}: {head} m, {flow} m³/s");
            assert!(metric.reports.iter().any(|report| report.flow_m3_s[3] == 0.0), "the pump never rests");
        }
    }
}

fn junction(id: &str, elevation_m: f64) -> Node {
    let demands = vec![Demand { base_m3_s: 0.0, pattern: None, category: String::new() }];
    Node { id: id.to_owned(), kind: NodeKind::Junction { demands, emitter: 0.0 }, elevation_m, position: None, line: 0 }
}

/// Gives a network one more junction, at the end of the junctions.
fn with_junction(network: &mut Network, node: Node) -> usize {
    let at = network.junction_count;
    let moved = |index: &mut usize| *index += usize::from(*index >= at);
    network.nodes.insert(at, node);
    network.junction_count += 1;
    network.links.iter_mut().for_each(|link| [&mut link.from, &mut link.to].into_iter().for_each(moved));
    for control in &mut network.controls {
        if let epanet::network::When::Above { node, .. } | epanet::network::When::Below { node, .. } = &mut control.when {
            moved(node);
        }
    }
    at
}

fn pipe(id: &str, from: usize, to: usize, like: &Pipe) -> Link {
    let kind = LinkKind::Pipe(like.clone());
    Link { id: id.to_owned(), from, to, kind, status: LinkStatus::Open, vertices: Vec::new(), line: 0 }
}

/// A run without a node and the links from `links` on.
fn without(mut run: Run, node: usize, links: usize) -> Run {
    for report in &mut run.reports {
        report.head_m.remove(node);
        report.flow_m3_s.truncate(links);
    }
    run
}

#[test]
fn a_branch_that_nobody_draws_from_changes_nothing() {
    let plain = read(&town("LPS", "H-W", |_, x| x));
    let mut branched = plain.clone();
    let LinkKind::Pipe(like) = branched.links[2].kind.clone() else { panic!() };
    let end = with_junction(&mut branched, junction("end", 3.0));
    branched.links.push(pipe("dead", 1, end, &like));
    let links = plain.links.len();
    let run = epanet::run(&branched);
    assert!(run.reports.iter().all(|report| (report.head_m[1] - report.head_m[end]).abs() < 1e-6), "the dead end has its neighbour's head");
    let (head, flow) = worst(&epanet::run(&plain), &without(run, end, links));
    assert!(head < 1e-5 && flow < 1e-7, "{head} m, {flow} m³/s");
}

#[test]
fn a_pipe_in_two_pieces_is_the_same_pipe() {
    let plain = read(&town("LPS", "H-W", |_, x| x));
    let mut split = plain.clone();
    let middle = with_junction(&mut split, junction("middle", 7.0));
    let LinkKind::Pipe(whole) = split.links[2].kind.clone() else { panic!() };
    let (first, second) = (Pipe { length_m: 0.3 * whole.length_m, ..whole.clone() }, Pipe { length_m: 0.7 * whole.length_m, ..whole });
    let end = split.links[2].to;
    split.links[2].to = middle;
    split.links[2].kind = LinkKind::Pipe(first);
    split.links.push(pipe("second", middle, end, &second));
    let (head, flow) = worst(&epanet::run(&plain), &without(epanet::run(&split), middle, plain.links.len()));
    assert!(head < 1e-6 && flow < 1e-8, "{head} m, {flow} m³/s");
}

#[test]
fn no_water_is_made_or_lost_at_any_junction() {
    for case in corpus() {
        let mut network = network(&case);
        network.options.accuracy = 1e-9;
        let mut engine = Engine::new(&network);
        while let Some(solution) = engine.moment() {
            let report = engine.report(engine.time_s(), solution);
            let mut left: Vec<f64> = (0..network.junction_count).map(|node| -engine.outflow_m3_s(node)).collect();
            let mut moved = vec![1e-4; network.junction_count];
            for (link, &flow) in network.links.iter().zip(&report.flow_m3_s) {
                for (node, inflow) in [(link.from, -flow), (link.to, flow)] {
                    if let (Some(left), Some(moved)) = (left.get_mut(node), moved.get_mut(node)) {
                        *left += inflow;
                        *moved += flow.abs();
                    }
                }
            }
            // What a part without water asks for comes through a closed link in the equations, but is not told.
            let cut_off = engine.cut_off();
            let dry = |node: usize| cut_off.contains(&node) || report.head_m[node] < -1e3;
            let ends = network.links.iter().flat_map(|link| [(link.from, link.to), (link.to, link.from)]);
            let untold: BTreeSet<usize> = ends.filter(|(end, other)| dry(*end) || dry(*other)).map(|ends| ends.0).collect();
            let settled = solution.balanced && solution.trials <= network.options.trials;
            for node in (0..network.junction_count).filter(|node| settled && !untold.contains(node)) {
                let share = left[node].abs() / moved[node];
                // Open valves without loss pass up to a ten-thousandth of a litre per second for the last digit of a head.
                assert!(share < 1e-3, "{} {} s: {share:e} of the flow at {}", case.name, report.time_s, network.nodes[node].id);
            }
            if !engine.advance() {
                break;
            }
        }
    }
}
