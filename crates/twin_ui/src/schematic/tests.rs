use super::*;
use crate::alarm_view::AlarmState;
use crate::marks::AlarmMark;
use crate::reading::ReadingView;
use crate::{Theme, UiEvent, ViewMode};
use egui::{Pos2, Rect};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use twin_model::alarm::{AlarmClass, HealthState};
use twin_model::document::load;
use twin_model::{Quality, ThingId};

fn unit100() -> Topology {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/unit100");
    Topology::of(&load(&folder).0.plant())
}

fn node(topology: &Topology, name: &str) -> usize {
    topology.nodes.iter().position(|node| node.name == name).unwrap()
}

// The layout of any plant.

const SYMBOLS: [SymbolKind; 9] = [
    SymbolKind::Instrument,
    SymbolKind::Pump,
    SymbolKind::Tank,
    SymbolKind::Drum,
    SymbolKind::ControlValve,
    SymbolKind::Header,
    SymbolKind::Controller,
    SymbolKind::Exchanger,
    SymbolKind::Connector,
];
const LINES: [LineKind; 4] = [LineKind::Process, LineKind::Water, LineKind::Gas, LineKind::Signal];

fn any_topology(most: usize) -> impl Strategy<Value = Topology> {
    (0..most).prop_flat_map(|count| {
        let node = (0..SYMBOLS.len(), 0..3_usize, 0..=MAX_VALUES, prop::option::weighted(0.1, (0..12_i32, 0..8_i32)));
        let edge = (0..count.max(1), 0..count.max(1), 0..LINES.len(), "[AB]?");
        let edges = prop::collection::vec(edge, 0..=count * 3 / 2);
        (prop::collection::vec(node, count), edges).prop_map(|(nodes, edges)| topology(&nodes, edges))
    })
}

type DrawnNode = (usize, usize, usize, Option<(i32, i32)>);

fn topology(nodes: &[DrawnNode], edges: Vec<(usize, usize, usize, String)>) -> Topology {
    let slot = ValueSlot {
        key: twin_model::SignalKey(0),
        tag: "TT-1".to_owned(),
        letters: "TT".to_owned(),
        name: String::new(),
        unit: "°C".to_owned(),
        decimals: 1,
        range: None,
        normal: None,
    };
    let mut pins = BTreeSet::new();
    let node = |(number, (symbol, area, values, cell)): (usize, &DrawnNode)| Node {
        name: format!("N-{number}"),
        symbol: SYMBOLS[*symbol],
        area: *area,
        values: vec![slot.clone(); *values],
        cell: cell.filter(|cell| pins.insert(*cell)),
        ..Node::default()
    };
    let nodes: Vec<Node> = nodes.iter().enumerate().map(node).collect();
    let edges = if nodes.is_empty() { Vec::new() } else { edges };
    let edge = |(from, to, line, name): (usize, usize, usize, String)| Edge { from, to, name, line: LINES[line], flow: None };
    let area = |name: &str| Area { name: name.to_owned(), description: String::new() };
    Topology { nodes, edges: edges.into_iter().map(edge).collect(), areas: vec![area("Area 1"), area(""), area("Area 3")] }
}

fn segments(line: &Line) -> impl Iterator<Item = (Pos2, Pos2)> + '_ {
    line.points.windows(2).map(|pair| (pair[0], pair[1]))
}

/// On the border of a rectangle, not at a corner's outside.
fn is_on_border(rect: Rect, at: Pos2) -> bool {
    let near = |a: f32, b: f32| (a - b).abs() < 0.1;
    let is_inside = rect.expand(0.1).contains(at);
    is_inside && (near(at.x, rect.left()) || near(at.x, rect.right()) || near(at.y, rect.top()) || near(at.y, rect.bottom()))
}

fn check(topology: &Topology, layout: &Layout) -> Result<(), TestCaseError> {
    for (a, first) in layout.nodes.iter().enumerate() {
        prop_assert!(first.body.is_finite() && Rect::from_min_size(Pos2::ZERO, layout.size).contains_rect(first.body));
        for (b, second) in layout.nodes.iter().enumerate().skip(a + 1) {
            prop_assert!(!first.body.shrink(0.1).intersects(second.body.shrink(0.1)), "{a} stands on {b}");
        }
    }
    for (edge, line) in topology.edges.iter().zip(&layout.edges) {
        let (Some(start), Some(end)) = (line.points.first(), line.points.last()) else {
            return Err(TestCaseError::fail(format!("{edge:?} has no line")));
        };
        prop_assert!(is_on_border(layout.nodes[edge.from].symbol, *start), "{edge:?} starts at {start:?}");
        prop_assert!(is_on_border(layout.nodes[edge.to].symbol, *end), "{edge:?} ends at {end:?}");
        for (from, to) in segments(line) {
            prop_assert!((from.x - to.x).abs() < 0.01 || (from.y - to.y).abs() < 0.01, "{edge:?} runs aslant");
            let piece = Rect::from_two_pos(from, to).expand(0.05);
            let foreign = layout.nodes.iter().enumerate().filter(|(node, _)| *node != edge.from && *node != edge.to);
            for (node, place) in foreign {
                prop_assert!(!place.body.shrink(0.2).intersects(piece), "{edge:?} runs through {node}");
            }
        }
    }
    Ok(())
}

/// Pieces of lines without a common end that lie on each other.
fn coinciding(topology: &Topology, layout: &Layout) -> Vec<String> {
    let mut found = Vec::new();
    for (a, first) in topology.edges.iter().enumerate() {
        for (b, second) in topology.edges.iter().enumerate().skip(a + 1) {
            if first.from == second.from || first.to == second.to {
                continue;
            }
            for (p, q) in segments(&layout.edges[a]) {
                for (r, s) in segments(&layout.edges[b]) {
                    let common = Rect::from_two_pos(p, q).expand(0.05).intersect(Rect::from_two_pos(r, s).expand(0.05));
                    if common.is_positive() && common.width().max(common.height()) > 2.0 {
                        found.push(format!("{first:?} lies on {second:?} at {common:?}"));
                    }
                }
            }
        }
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_symbol_stands_on_another_and_no_line_runs_through_one(topology in any_topology(40)) {
        let layout = layout(&topology);
        check(&topology, &layout)?;
        prop_assert_eq!(coinciding(&topology, &layout), Vec::<String>::new());
    }

    #[test]
    fn writing_of_any_size_on_a_sheet_of_any_shape_finds_its_room(
        topology in any_topology(30),
        scale in 1.0..2.2_f32,
        has_letters: bool,
        aspect in 0.3..4.0_f32,
    ) {
        let layout = Arrangement::of(&topology, aspect).layout(&topology, Lettering { scale, has_letters });
        check(&topology, &layout)?;
        prop_assert_eq!(coinciding(&topology, &layout), Vec::<String>::new());
    }

    #[test]
    fn the_same_plant_is_laid_out_the_same(topology in any_topology(40)) {
        prop_assert_eq!(layout(&topology), layout(&topology.clone()));
    }

    #[test]
    fn what_the_plant_file_places_stays_in_its_column_and_row(topology in any_topology(40)) {
        let layout = layout(&topology);
        let pinned: Vec<(Pos2, (i32, i32))> =
            topology.nodes.iter().zip(&layout.nodes).filter_map(|(node, place)| Some((place.at, node.cell?))).collect();
        for (a, cell_a) in &pinned {
            for (b, cell_b) in &pinned {
                prop_assert_eq!(a.x.total_cmp(&b.x), cell_a.0.cmp(&cell_b.0));
                prop_assert_eq!(a.y.total_cmp(&b.y), cell_a.1.cmp(&cell_b.1));
            }
        }
    }
}

#[test]
fn an_empty_plant_and_a_single_thing_have_a_layout() {
    assert!(layout(&Topology::default()).nodes.is_empty());
    let alone = topology(&[(0, 0, 2, None)], vec![(0, 0, 0, "A".to_owned())]);
    check(&alone, &layout(&alone)).unwrap();
}

#[test]
fn a_sheet_takes_the_shape_of_its_panel() {
    let plant = trains(60);
    let shape = |aspect: f32| {
        let size = Arrangement::of(&plant, aspect).size(&plant, Lettering::default());
        size.x / size.y
    };
    assert!(shape(0.6) < shape(1.7) && shape(1.7) < shape(3.5), "{} {} {}", shape(0.6), shape(1.7), shape(3.5));
    let hub = topology(&vec![(2, 0, 1, None); 400], (1..400).map(|leaf| (0, leaf, 0, String::new())).collect());
    check(&hub, &layout(&hub)).unwrap();
}

/// A plant of trains: a tank, then pumps and valves in a row, each train joined to the next one.
fn trains(count: usize) -> Topology {
    let nodes: Vec<DrawnNode> = (0..count).map(|number| (number % 5, number * 3 / count, number % 3, None)).collect();
    let along = (1..count).filter(|number| number % 12 != 0).map(|number| (number - 1, number, 0, String::new()));
    let across = (12..count).step_by(12).map(|number| (number - 7, number, 1, String::new()));
    let back = (11..count).step_by(24).map(|number| (number, number - 8, 2, String::new()));
    topology(&nodes, along.chain(across).chain(back).collect())
}

#[test]
fn a_plant_of_a_thousand_things_is_laid_out() {
    let plant = trains(1000);
    let folded = layout(&plant);
    check(&plant, &folded).unwrap();
    assert!((0.5..5.0).contains(&(folded.size.x / folded.size.y)), "a long way goes on in further rows: {:?}", folded.size);
    let loose = topology(&vec![(0, 0, 1, None); 1000], Vec::new());
    let size = layout(&loose).size;
    assert!((0.5..5.0).contains(&(size.x / size.y)), "things without lines fill a sheet: {size:?}");
}

// The demonstration plant.

#[test]
fn unit_100_fits_a_wide_panel_with_few_crossings() {
    let topology = unit100();
    let layout = layout(&topology);
    check(&topology, &layout).unwrap();
    assert_eq!(coinciding(&topology, &layout), Vec::<String>::new());
    let aspect = layout.size.x / layout.size.y;
    assert!((1.2..3.5).contains(&aspect), "{aspect}");
    assert!(layout.crossings <= 12, "{} crossings", layout.crossings);
}

#[test]
fn the_process_of_unit_100_runs_straight_from_left_to_right() {
    let topology = unit100();
    let layout = layout(&topology);
    let at = |name: &str| layout.nodes[node(&topology, name)].at;
    let way = ["TK-101", "STR-101A", "P-101A", "P-101", "E-101", "FV-101", "V-101", "P-102", "LV-101", "FL-102", "TK-102"];
    for pair in way.windows(2) {
        assert!(at(pair[0]).x < at(pair[1]).x && at(pair[0]).y == at(pair[1]).y, "{pair:?}");
    }
    assert!(at("P-101B").x == at("P-101A").x && at("P-101B").y > at("P-101A").y, "the standby stands below the duty pump");
    assert!(at("FIC-101").x == at("FV-101").x && at("FIC-101").y < at("FV-101").y, "a controller stands above its valve");
    assert!(at("LIC-100").y == at("FIC-101").y, "who gives the set point stands beside it");
    assert!(at("PSV-103").y < at("V-101").y, "relief goes up");
}

#[test]
fn symbols_follow_the_types_of_things_and_their_ancestors() {
    let topology = unit100();
    let symbol = |name: &str| topology.nodes[node(&topology, name)].symbol;
    assert_eq!(symbol("P-102"), SymbolKind::Pump);
    assert_eq!(symbol("P-101"), SymbolKind::Header);
    assert_eq!(symbol("V-101"), SymbolKind::Drum);
    assert_eq!(symbol("E-101"), SymbolKind::Exchanger);
    assert_eq!(symbol("LV-101"), SymbolKind::ControlValve, "a product valve extends a control valve");
    assert_eq!(symbol("PSV-103"), SymbolKind::ReliefValve);
    assert_eq!(symbol("XV-303"), SymbolKind::OnOffValve);
    assert_eq!(symbol("CT-201"), SymbolKind::CoolingTower);
    assert_eq!(symbol("A-3001"), SymbolKind::Connector, "instrument air is named, not drawn to every valve");
    assert!(topology.nodes.iter().all(|node| node.name != "GW-100" && node.name != "Area 100"));
    let types = |names: &[&str]| names.iter().map(|name| format!("dtmi:x:{name};1")).collect::<Vec<_>>();
    assert_eq!(SymbolKind::of_types(&types(&["Typ7", "boiler_feed_pump"])), SymbolKind::Pump);
    assert_eq!(SymbolKind::of_types(&types(&["Typ7"])), SymbolKind::Equipment);
    assert_eq!(SymbolKind::of_types(&types(&["BlockValve"])), SymbolKind::Valve);
}

#[test]
fn another_plant_is_drawn_from_its_own_types() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/plants/water_tank");
    let topology = Topology::of(&load(&folder).0.plant());
    let meter = &topology.nodes[node(&topology, "FT-1")];
    assert_eq!((meter.symbol, meter.values[0].tag.as_str()), (SymbolKind::Instrument, "FI-1"));
    assert!(topology.nodes[node(&topology, "P-1")].drive.is_some(), "a boolean says that the pump runs");
    assert_eq!(topology.edges.iter().filter(|edge| edge.flow.is_some()).count(), 2, "the meter's lines have its flow");
    let layout = layout(&topology);
    check(&topology, &layout).unwrap();
    assert_eq!(layout.nodes.iter().filter(|place| place.at.y == layout.nodes[0].at.y).count(), 5, "one straight line");
}

#[test]
fn a_symbol_shows_key_signals_drive_level_and_opening() {
    let topology = unit100();
    let tags = |name: &str| topology.nodes[node(&topology, name)].values.iter().map(|slot| slot.tag.as_str()).collect::<Vec<_>>();
    assert_eq!(tags("P-101A"), ["SI-101A", "NY-101A", "VT-113A"]);
    assert!(topology.nodes[node(&topology, "P-101A")].drive.is_some());
    assert!(topology.nodes[node(&topology, "V-101")].level.is_some());
    assert!(topology.nodes[node(&topology, "FV-101")].opening.is_some());
    assert!(tags("FIC-101").is_empty());
}

// The panel.

fn view(topology: Topology) -> SchematicView {
    let value = ReadingView::number(57.9, "°C", 1);
    let face = |node: &Node| ThingFace {
        drive: node.drive.map(|_| ReadingView::state(2, "running")),
        values: vec![value.clone(); node.values.len()],
        health: HealthState::Good,
        ..ThingFace::default()
    };
    let things = topology.nodes.iter().map(face).collect();
    SchematicView { flows: vec![None; topology.edges.len()], topology: Arc::new(topology), things, ..SchematicView::default() }
}

type Panel = Harness<'static, (SchematicState, Vec<UiEvent>)>;

fn panel(view: SchematicView) -> Panel {
    let theme = Theme::graphite();
    let mut harness = Harness::builder().with_size([1400.0, 900.0]).build_ui_state(
        move |ui, state: &mut (SchematicState, Vec<UiEvent>)| schematic_ui(ui, &view, &mut state.0, &theme, &mut state.1),
        Default::default(),
    );
    harness.run_steps(2);
    harness
}

fn click(panel: &mut Panel, label: &str) -> Vec<UiEvent> {
    panel.state_mut().1.clear();
    panel.get_by_label(label).click();
    panel.run_steps(3);
    std::mem::take(&mut panel.state_mut().1)
}

#[test]
fn in_a_pane_all_tags_and_values_of_the_plant_can_be_read_and_a_far_view_writes_less() {
    let painted = |size: [f32; 2], zoom: Option<f32>| {
        let (view, theme) = (view(unit100()), Theme::paper());
        let mut harness = Harness::builder().with_size(size).build_ui_state(
            move |ui, state: &mut SchematicState| schematic_ui(ui, &view, state, &theme, &mut Vec::new()),
            SchematicState::default(),
        );
        harness.run_steps(2);
        if let Some(factor) = zoom {
            harness.state_mut().camera.zoom_at(Pos2::ZERO, factor, Rect::from_min_size(Pos2::ZERO, size.into()));
            harness.run_steps(2);
        }
        let shapes = harness.output().shapes.iter();
        let texts =
            shapes.filter_map(|clipped| if let egui::Shape::Text(text) = &clipped.shape { Some(text.galley.clone()) } else { None });
        texts.map(|galley| (galley.text().to_owned(), galley.job.sections.first().map_or(0.0, |part| part.format.font_id.size))).collect()
    };
    let texts: Vec<(String, f32)> = painted([900.0, 520.0], None);
    let written = |word: &str| texts.iter().filter(|(text, _)| text == word).map(|(_, size)| *size).collect::<Vec<_>>();
    for tag in ["TK-101", "STR-101B", "P-101A", "PSV-103", "XV-303", "Weather"] {
        assert!(written(tag).iter().all(|size| *size >= 11.0) && written(tag).len() == 1, "{tag} {:?}", written(tag));
    }
    let values = unit100().nodes.iter().map(|node| node.values.len()).sum::<usize>();
    assert_eq!(written("57.9").len() + written("58").len(), values, "as many decimals as help");
    assert!(written("57.9").iter().all(|size| *size >= 11.0));
    let has = |texts: &[(String, f32)], word: &str| texts.iter().any(|(text, _)| text == word);
    let farther: Vec<(String, f32)> = painted([900.0, 520.0], Some(0.75));
    assert!(has(&farther, "P-101A") && !has(&farther, "57.9"), "values would lie on each other");
    let far: Vec<(String, f32)> = painted([900.0, 520.0], Some(0.4));
    assert!(!has(&far, "P-101A") && !has(&far, "57.9"));
}

#[test]
fn a_thing_says_how_it_is_and_is_selected_by_a_click() {
    let mut view = view(unit100());
    let pump = node(&view.topology, "P-101A");
    view.things[pump].alarm = Some(AlarmMark { class: AlarmClass::Alarm, priority: Some(3), state: AlarmState::Unacknowledged });
    view.things[pump].health = HealthState::OutOfSpecification;
    let mut panel = panel(view);
    let words = "P-101A Feed pump A, running, S Out of specification, Priority 3, unacknowledged";
    assert_eq!(click(&mut panel, words), vec![UiEvent::Select(Some(ThingId::new("unit100:p-101a").unwrap()))]);
    assert!(panel.query_by_label("FIC-101 Feed flow controller").is_some(), "a controller is a thing as well");
    assert!(panel.query_by_label_contains("Instrument air to FV-101, LV-101").is_some());
}

#[test]
fn a_bad_value_shows_no_number_and_a_stale_one_its_age() {
    let mut view = view(unit100());
    let tank = node(&view.topology, "TK-101");
    view.things[tank].values[0] = ReadingView { quality: Quality::BAD_SENSOR_FAILURE, ..ReadingView::number(55.0, "%", 1) };
    let drum = node(&view.topology, "V-101");
    let stale = ReadingView { quality: Quality::UNCERTAIN_LAST_USABLE, age_secs: Some(48.0), ..ReadingView::number(50.0, "%", 1) };
    view.things[drum].values[0] = stale;
    let panel = panel(view);
    assert!(panel.query_by_label("LT-100 — B sensor failure").is_some());
    assert!(panel.query_by_label("LT-101 50.0 % U stale: last usable value, 48 s").is_some());
    assert!(panel.query_by_label("TT-101 57.9 °C").is_some(), "a fresh value stands alone");
}

#[test]
fn a_level_or_a_drive_without_good_data_is_never_drawn_as_known() {
    let bad = ReadingView { quality: Quality::BAD_NO_COMMUNICATION, ..ReadingView::state(2, "running") };
    assert_eq!(ThingFace { drive: Some(bad), ..ThingFace::default() }.is_running(), None);
    let quiet = ThingFace { health: HealthState::Unknown, ..ThingFace::default() };
    assert_eq!(quiet.shown_health(ViewMode::Operate), None);
    assert_eq!(quiet.shown_health(ViewMode::Health), Some(HealthState::Unknown));
}

#[test]
fn lines_at_a_standing_pump_or_a_shut_valve_are_still_and_a_measured_flow_decides() {
    let mut view = view(unit100());
    let standby = node(&view.topology, "P-101B");
    view.things[standby].drive = Some(ReadingView::state(0, "stopped"));
    let edge = |name: &str| view.topology.edges.iter().position(|edge| edge.name == name).unwrap();
    let (standby_line, duty_line) = (edge("P-1002B"), edge("P-1002A"));
    assert!(view.is_still(standby_line) && !view.is_still(duty_line));
    let metered = view.topology.edges.iter().position(|edge| edge.flow.is_some()).unwrap();
    view.flows[metered] = Some(ReadingView::number(0.0, "m³/h", 1));
    assert!(view.is_still(metered));
    view.flows[metered] = Some(ReadingView { quality: Quality::UNCERTAIN_LAST_USABLE, ..ReadingView::number(0.0, "m³/h", 1) });
    assert!(!view.is_still(metered), "an old zero is no zero");
    let vent = node(&view.topology, "PV-103B");
    let vented = view.topology.edges.iter().position(|edge| edge.from == vent).unwrap();
    assert!(!view.is_still(vented), "nobody knows its position");
    view.things[vent].opening = Some(ReadingView::number(0.0, "%", 1));
    assert!(view.is_still(vented));
}

#[test]
fn an_empty_plant_says_so() {
    let panel = panel(SchematicView::default());
    assert!(panel.query_by_label("The plant file has nothing to draw: no things but areas and gateways.").is_some());
}

#[test]
fn the_camera_fits_the_whole_plant_and_zooms_to_the_pointer() {
    let panel = Rect::from_min_size(egui::pos2(100.0, 50.0), egui::vec2(800.0, 600.0));
    let size = egui::vec2(1300.0, 900.0);
    let mut camera = Camera::fitting(size, panel);
    assert!(panel.contains_rect(camera.rect(Rect::from_min_size(Pos2::ZERO, size), panel)));
    let pointer = egui::pos2(300.0, 400.0);
    let below = |camera: &Camera| ((pointer - panel.min - camera.offset) / camera.zoom).to_pos2();
    let before = below(&camera);
    camera.zoom_at(pointer, 2.0, panel);
    assert!((below(&camera) - before).length() < 1e-2 && camera.is_moved);
    let far = Rect::from_min_size(egui::pos2(1250.0, 850.0), egui::vec2(20.0, 20.0));
    camera.reveal(far, panel);
    assert!(panel.contains_rect(camera.rect(far, panel)));
}

#[test]
fn a_thing_selected_elsewhere_comes_into_view_and_the_button_shows_all_again() {
    let mut panel = panel(view(unit100()));
    let fitted = panel.state().0.camera;
    panel.state_mut().0.camera.zoom_at(egui::pos2(10.0, 10.0), 4.0, Rect::from_min_size(Pos2::ZERO, egui::vec2(1400.0, 900.0)));
    panel.run_steps(2);
    assert!(panel.query_by_label("TK-102 Product tank").is_none(), "it is outside");
    click(&mut panel, "Fit the schematic");
    assert!((panel.state().0.camera.zoom - fitted.zoom).abs() < 1e-3);
    assert!(panel.query_by_label("TK-102 Product tank").is_some());
}
