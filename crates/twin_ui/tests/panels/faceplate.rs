//! Indicators, loops, charts and the pair of a faceplate, by label and by place.

use crate::panels::{click, panel};
use crate::sample::{self, bad, stale, thing};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use twin_model::{Quality, SignalId};
use twin_ui::faceplate::{
    BarView, BranchPoint, ControllerView, Duty, FaceplateState, FaceplateView, LimitMark, NoPointView, PairRowView, PairView, PointRole,
    PumpChartView, PumpPointView, TransferView, ValveChartView, ValvePointView, faceplate_ui,
};
use twin_ui::reading::ReadingView;
use twin_ui::{Theme, UiEvent};

fn show(view: FaceplateView, width: f32) -> Harness<'static, (FaceplateState, Vec<UiEvent>)> {
    let theme = Theme::graphite();
    panel([width, 2600.0], move |ui, state, out| faceplate_ui(ui, Some(&view), state, &theme, out))
}

fn bar(tag: &str, reading: ReadingView, range: (f64, f64)) -> BarView {
    BarView { tag: tag.to_owned(), reading, range: Some(range) }
}

fn flow_loop() -> ControllerView {
    ControllerView {
        thing: thing("fic-101"),
        name: "FIC-101".to_owned(),
        description: "Feed flow controller".to_owned(),
        mode: Some(ReadingView::state(1, "AUTO")),
        process_value: Some(bar("FT-101", ReadingView::number(89.6, "m³/h", 1), (0.0, 150.0))),
        set_point: bar("FIC-101.SP", ReadingView::number(90.0, "m³/h", 1), (0.0, 150.0)),
        output: Some(bar("FIC-101.OP", ReadingView::number(78.3, "%", 1), (0.0, 100.0))),
    }
}

fn curve(f: impl Fn(f64) -> f64) -> Vec<[f64; 2]> {
    (0..=28).map(|i| f64::from(i) * 5.0).map(|flow| [flow, f(flow)]).collect()
}

fn operating_point() -> PumpPointView {
    PumpPointView {
        flow_m3_h: 92.2,
        head_m: 28.36,
        speed: 0.938,
        of_best_flow: Some(0.936),
        npsh_available_m: Some(6.95),
        npsh_required_m: Some(3.12),
        quality: Quality::GOOD,
        is_simulated: false,
    }
}

fn pump() -> PumpChartView {
    PumpChartView {
        rated: curve(|q| 39.0 - 7e-4 * q * q),
        present: curve(|q| 34.3 - 7e-4 * q * q),
        system: curve(|q| 7.8 + 2.42e-3 * q * q),
        best_flow_m3_h: Some(98.5),
        preferred_m3_h: Some((68.9, 118.2)),
        npsh_required: curve(|q| 1.76 + 1.6e-4 * q * q),
        npsh_available: curve(|q| 7.49 - 6.3e-5 * q * q),
        now: Ok(operating_point()),
        expected: Some(PumpPointView { flow_m3_h: 91.4, head_m: 28.9, is_simulated: true, ..operating_point() }),
        branches: vec![BranchPoint {
            name: "P-101B duty".to_owned(),
            point: PumpPointView { flow_m3_h: 88.0, head_m: 29.1, of_best_flow: None, is_simulated: true, ..operating_point() },
        }],
    }
}

fn valve() -> ValveChartView {
    ValveChartView {
        inherent: curve(|x| x.min(100.0)),
        installed: curve(|q| (q * 0.75).min(100.0)),
        kvs_m3_h: 200.0,
        authority: Some(0.604),
        greatest_flow_m3_h: Some(129.6),
        now: Ok(ValvePointView {
            position_pct: 78.3,
            kv_m3_h: 85.6,
            flow_m3_h: Some(90.0),
            drop_bar: Some(1.1),
            quality: Quality::GOOD,
            is_simulated: false,
        }),
        expected: None,
        command_pct: Some(79.0),
    }
}

fn pair() -> PairView {
    let row = |name: &str, unit: &str, a: ReadingView, b: ReadingView, model: Option<f64>, limit: Option<f64>| PairRowView {
        name: name.to_owned(),
        unit: unit.to_owned(),
        readings: [a, b],
        modelled: [model, None],
        residual_band: model.map(|_| 5.0),
        limit: limit.map(|value| LimitMark { value, label: "TAH".to_owned(), priority: Some(3), is_high: true }),
    };
    PairView {
        things: [thing("p-101a"), thing("p-101b")],
        names: ["P-101A".to_owned(), "P-101B".to_owned()],
        duties: [Duty::Running, Duty::Standby],
        rows: vec![
            row("Drive state", "", ReadingView::state(2, "running"), ReadingView::state(0, "stopped"), None, None),
            row(
                "Pump DE bearing temperature",
                "°C",
                ReadingView::number(86.4, "°C", 1),
                ReadingView::number(35.0, "°C", 1),
                Some(55.3),
                Some(85.0),
            ),
            row("Pump DE vibration", "mm/s", ReadingView::number(1.9, "mm/s", 2), stale(0.1, "mm/s", 2), None, None),
        ],
    }
}

fn transfer() -> TransferView {
    let limit = LimitMark { value: 180.0, label: "UAL-101".to_owned(), priority: None, is_high: false };
    TransferView { reading: ReadingView::number(212.7, "kW/K", 1), clean: 240.0, limits: vec![limit] }
}

/// Everything a faceplate can have.
fn full() -> FaceplateView {
    let mut view = sample::faceplate();
    for (signal, set_point) in view.signals.iter_mut().zip([Some(60.0), None, None, None, None]) {
        signal.is_leading = true;
        signal.set_point = set_point;
    }
    FaceplateView {
        controllers: vec![flow_loop()],
        pump: Some(pump()),
        valve: Some(valve()),
        transfer: Some(transfer()),
        pair: Some(pair()),
        ..view
    }
}

#[test]
fn leading_signals_stand_above_the_rows_with_value_and_trend() {
    let mut face = show(full(), 400.0);
    let (value, row) = (face.get_by_label("86.4 °C").rect(), face.get_by_label("2722 rpm").rect());
    assert!(value.bottom() < row.top(), "{value:?} above {row:?}");
    let id = SignalId::new("unit100:p-101a/vibration_de").unwrap();
    assert_eq!(click(&mut face, "Watch VT-111A"), vec![UiEvent::WatchTrend(id)]);
    let mut view = full();
    view.signals[0].reading = stale(86.4, "°C", 1);
    view.signals[1].reading = bad("mm/s");
    let face = show(view, 400.0);
    assert!(face.query_by_label("86.4 °C").is_none(), "a stale value stands nowhere as if it were fresh");
    assert!(face.query_by_label_contains("86.4 °C U stale").is_some());
    assert!(face.query_all_by_label("— B sensor failure").count() >= 2, "the indicator and the row of PT-107A");
}

#[test]
fn a_loop_tells_mode_and_deviation_and_leads_to_its_controller() {
    let mut face = show(full(), 400.0);
    assert!(face.query_by_label("mode AUTO").is_some());
    assert!(face.query_by_label("89.6 m³/h").is_some() && face.query_by_label("78.3 %").is_some());
    assert!(face.query_by_label("Deviation −0.4 m³/h").is_some());
    assert_eq!(click(&mut face, "FIC-101"), vec![UiEvent::Select(Some(thing("fic-101")))]);
    let mut view = full();
    view.controllers[0].set_point.reading = stale(90.0, "m³/h", 1);
    assert!(show(view, 400.0).query_by_label("Deviation —").is_some(), "no difference from a value nobody can trust");
}

#[test]
fn the_pump_chart_says_in_words_what_it_shows() {
    let words = |pump: PumpChartView| pump.words();
    assert_eq!(
        words(pump()),
        "Pump curve: operating point 92.2 m³/h, 28.4 m, 94 % of BEP flow; NPSH margin 3.8 m; \
         model 91.4 m³/h, 28.9 m, 94 % of BEP flow SIM; SIM P-101B duty: 88.0 m³/h, 29.1 m SIM"
    );
    assert!(show(full(), 400.0).query_by_label_contains("Pump curve: operating point 92.2").is_some());
    let alone = PumpChartView { expected: None, branches: vec![], ..pump() };
    let doubtful = PumpPointView { quality: Quality::UNCERTAIN_LAST_USABLE, ..operating_point() };
    assert_eq!(words(PumpChartView { now: Ok(doubtful), ..alone.clone() }), "Pump curve: operating point: stale: last usable value");
    let lost = NoPointView::Lost { tag: "PT-107A".to_owned(), quality: Quality::BAD_SENSOR_FAILURE };
    assert_eq!(words(PumpChartView { now: Err(lost), ..alone.clone() }), "Pump curve: No point without PT-107A: sensor failure.");
    let rest = PumpChartView { now: Err(NoPointView::AtRest), present: vec![], system: vec![], npsh_available: vec![], ..alone.clone() };
    let view = FaceplateView { pump: Some(rest), ..full() };
    assert!(show(view, 400.0).query_by_label("Pump curve: At rest: no operating point.").is_some());
    let unmeasured = NoPointView::Unmeasured(PointRole::Flow);
    assert_eq!(words(PumpChartView { now: Err(unmeasured), ..alone }), "Pump curve: The plant file names no signal for the flow.");
}

#[test]
fn the_valve_chart_says_in_words_what_it_shows() {
    let label = "Valve: 78.3 %, Kv 85.6 m³/h, 90.0 m³/h, Δp 1.10 bar; authority 0.60; fully open 130 m³/h";
    assert!(show(full(), 400.0).query_by_label(label).is_some());
    let bare = ValveChartView { installed: vec![], authority: None, greatest_flow_m3_h: None, ..valve() };
    let lost = NoPointView::Lost { tag: "ZT-111".to_owned(), quality: Quality::BAD_NO_COMMUNICATION };
    let view = FaceplateView { valve: Some(ValveChartView { now: Err(lost), ..bare }), ..full() };
    assert!(show(view, 400.0).query_by_label("Valve: No point without ZT-111: no communication.").is_some());
}

#[test]
fn heat_transfer_is_a_share_of_the_clean_one_only_while_it_can_be_trusted() {
    assert!(show(full(), 400.0).query_by_label("89 % of clean at design flow: 240.0 kW/K").is_some());
    let old = TransferView { reading: stale(212.7, "kW/K", 1), ..transfer() };
    let face = show(FaceplateView { transfer: Some(old), ..full() }, 400.0);
    assert!(face.query_by_label("clean at design flow: 240.0 kW/K").is_some());
    assert!(face.query_by_label_contains("89 %").is_none());
}

#[test]
fn duty_and_standby_stand_side_by_side() {
    let mut face = show(full(), 400.0);
    assert!(face.query_by_label("P-101A duty").is_some());
    assert!(face.query_by_label("P-101A 86.4 °C").is_some() && face.query_by_label("P-101B 35.0 °C").is_some());
    assert!(face.query_by_label("P-101B 0.10 mm/s U stale: last usable value, 48 s").is_some());
    assert_eq!(click(&mut face, "P-101B standby"), vec![UiEvent::Select(Some(thing("p-101b")))]);
    let tripped = PairView { duties: [Duty::Running, Duty::NotReady], ..pair() };
    let face = show(FaceplateView { pair: Some(tripped), ..full() }, 400.0);
    assert!(face.query_by_label("P-101B not ready").is_some(), "a tripped machine is no standby");
}

#[test]
fn a_row_of_the_pair_is_abnormal_by_limit_or_model_and_never_by_a_doubtful_value() {
    let rows = pair().rows;
    assert_eq!([rows[1].is_abnormal(0), rows[1].is_abnormal(1)], [true, false]);
    let cool = PairRowView { readings: [ReadingView::number(70.0, "°C", 1), ReadingView::number(35.0, "°C", 1)], ..rows[1].clone() };
    assert!(cool.is_abnormal(0), "below the limit, but 14.7 K above its model");
    let old = PairRowView { readings: [stale(90.0, "°C", 1), stale(90.0, "°C", 1)], ..rows[1].clone() };
    assert_eq!([old.is_abnormal(0), old.is_abnormal(1)], [false, false]);
}

#[test]
fn nothing_overlaps_and_nothing_leaves_the_panel_at_any_usual_width() {
    for width in [300.0, 360.0, 420.0] {
        let face = show(full(), width);
        let said = |label: Option<String>, value: Option<String>| label.or(value).filter(|text| !text.trim().is_empty());
        let nodes: Vec<(String, egui::Rect)> = face
            .query_all_by(|node| said(node.label(), node.value()).is_some())
            .map(|node| (said(node.accesskit_node().label(), node.accesskit_node().value()).unwrap_or_default(), node.rect()))
            .collect();
        assert!(nodes.len() > 60, "{} labels at {width}", nodes.len());
        for (index, (label, rect)) in nodes.iter().enumerate() {
            assert!(rect.left() >= -0.5 && rect.right() <= width + 0.5, "{label} leaves the panel of {width}: {rect:?}");
            for (other, place) in &nodes[index + 1..] {
                let shared = rect.intersect(*place);
                let is_inside = rect.contains_rect(*place) || place.contains_rect(*rect);
                // A label and the run of text inside it.
                let is_same = label == other && rect.center().distance(place.center()) < 1.0;
                let overlaps = shared.width() > 1.0 && shared.height() > 1.0 && !is_inside && !is_same;
                assert!(!overlaps, "at {width} {label} {rect:?} and {other} {place:?} overlap");
            }
        }
    }
}
