//! A plant in trouble, as views.
#![expect(clippy::unwrap_used, reason = "a sample that does not parse should stop the test")]

use twin_model::alarm::{AlarmClass, HealthState};
use twin_model::{LaneId, Quality, QualityClass, Severity, SignalId, SourceState, ThingId, TwinTime};
use twin_ui::alarm_list::AlarmListView;
use twin_ui::alarm_strip::AlarmStripView;
use twin_ui::alarm_view::{AlarmCount, AlarmState, AlarmView};
use twin_ui::branches::{Better, BranchView, ComparisonRow};
use twin_ui::envelope::EnvelopePoint;
use twin_ui::faceplate::{DocumentView, FaceplateView, LimitMark, SignalView};
use twin_ui::marks::AlarmMark;
use twin_ui::plant_tree::{PlantTreeView, ThingRow};
use twin_ui::playhead::{LaneKind, LaneView, Motion, PlayheadView};
use twin_ui::problem_list::{ProblemListView, ProblemView};
use twin_ui::reading::ReadingView;
use twin_ui::status_bar::{PaceView, StatusView, TrustView};
use twin_ui::stories::{RunningStory, StoriesView, StoryView};
use twin_ui::timeline::{AlarmTick, TimelineView};
use twin_ui::toolbar::ToolbarView;
use twin_ui::trends::{TraceView, TrendsView};
use twin_ui::what_if::{KnobKind, KnobView, WhatIfView};
use twin_ui::{ViewMode, WorkspaceView};

pub fn time(text: &str) -> TwinTime {
    TwinTime::parse(&format!("2026-01-31T{text}Z")).unwrap()
}

pub fn now() -> TwinTime {
    time("13:24:10")
}

pub fn thing(name: &str) -> ThingId {
    ThingId::new(&format!("unit100:{name}")).unwrap()
}

pub fn signal(text: &str) -> SignalId {
    SignalId::new(&format!("unit100:{text}")).unwrap()
}

pub fn alarm(tag: &str, message: &str, thing_name: &str, class: AlarmClass, priority: Option<u8>, state: AlarmState) -> AlarmView {
    AlarmView {
        lane: LaneId::LIVE,
        tag: tag.to_owned(),
        message: message.to_owned(),
        thing: thing(&thing_name.to_lowercase()),
        thing_name: thing_name.to_owned(),
        class,
        priority,
        state,
        since: time("13:22:41"),
        reading: None,
        limit: None,
        time_left_secs: Some(1711.0),
        shelved_until: None,
        is_training: false,
        cause: "Bearing, lubrication".to_owned(),
        consequence: "Trip at 95 °C".to_owned(),
        operator_action: "Change over to P-101B now".to_owned(),
    }
}

pub fn hot_bearing() -> AlarmView {
    AlarmView {
        reading: Some(ReadingView::number(86.4, "°C", 1)),
        limit: Some(85.0),
        ..alarm("TAH-111A", "Bearing DE temperature high", "P-101A", AlarmClass::Alarm, Some(3), AlarmState::Unacknowledged)
    }
}

pub fn alarms() -> Vec<AlarmView> {
    vec![
        hot_bearing(),
        AlarmView {
            reading: Some(ReadingView::number(5.38, "mm/s", 2)),
            time_left_secs: Some(27_400.0),
            since: time("13:02:19"),
            ..alarm("VAH-111A", "Vibration high, zone C", "P-101A", AlarmClass::Alert, None, AlarmState::Acknowledged)
        },
        AlarmView {
            reading: Some(ReadingView::number(76.2, "%", 1)),
            time_left_secs: Some(-22.0),
            since: time("13:20:03"),
            ..alarm("LAH-101", "Surge drum level high", "V-101", AlarmClass::Alarm, Some(2), AlarmState::Acknowledged)
        },
        AlarmView {
            reading: Some(ReadingView::number(0.81, "barg", 2)),
            since: time("13:23:55"),
            ..alarm("LAHH-101", "Surge drum overfilling, feed stopped", "V-101", AlarmClass::Alarm, Some(1), AlarmState::Unacknowledged)
        },
        AlarmView {
            reading: Some(ReadingView {
                quality: Quality::UNCERTAIN_LAST_USABLE,
                age_secs: Some(48.0),
                ..ReadingView::number(212.0, "mbar", 0)
            }),
            since: time("12:48:00"),
            ..alarm("PDAH-105A", "Strainer clogging", "STR-101A", AlarmClass::Alarm, Some(3), AlarmState::ReturnedUnacknowledged)
        },
        AlarmView {
            shelved_until: Some(time("14:00:00")),
            ..alarm("TAH-201", "Cooling water warm", "CT-201", AlarmClass::Alarm, Some(3), AlarmState::Shelved)
        },
        alarm("FAL-101", "Feed flow low", "FT-101", AlarmClass::Alarm, Some(3), AlarmState::Suppressed),
    ]
}

pub fn strip() -> AlarmStripView {
    let mut newest: Vec<_> = alarms().into_iter().filter(|alarm| alarm.state.wants_acknowledgement()).collect();
    newest.sort_by_key(AlarmView::urgency);
    AlarmStripView {
        newest,
        priorities: [
            AlarmCount { unacknowledged: 1, active: 1 },
            AlarmCount { unacknowledged: 0, active: 1 },
            AlarmCount { unacknowledged: 2, active: 1 },
        ],
        alerts: AlarmCount { unacknowledged: 0, active: 1 },
        is_horn_on: true,
        connection: SourceState::Connected,
        is_view_away: false,
        followed: Some(LaneId::LIVE),
        may_acknowledge: true,
    }
}

pub fn tree() -> PlantTreeView {
    let mark = |class, priority, state| Some(AlarmMark { class, priority, state });
    let row = |name: &str, description: &str, depth, health, alarm| ThingRow {
        id: thing(&name.to_lowercase().replace(' ', "-")),
        name: name.to_owned(),
        description: description.to_owned(),
        depth,
        health,
        alarm,
    };
    let (p1, p3) =
        (mark(AlarmClass::Alarm, Some(1), AlarmState::Unacknowledged), mark(AlarmClass::Alarm, Some(3), AlarmState::Unacknowledged));
    use HealthState::{Failure, FunctionCheck, Good, MaintenanceRequired, OutOfSpecification, Unknown};
    PlantTreeView {
        things: vec![
            row("Unit 100", "Condensate recovery", 0, Failure, p1),
            row("Area 100", "Feed and surge", 1, Failure, p1),
            row("TK-101", "Feed tank", 2, Good, None),
            row(
                "STR-101A",
                "Suction strainer",
                2,
                OutOfSpecification,
                mark(AlarmClass::Alarm, Some(3), AlarmState::ReturnedUnacknowledged),
            ),
            row("P-101A", "Feed pump", 2, OutOfSpecification, p3),
            row("STR-101B", "Suction strainer", 2, Good, None),
            row("P-101B", "Feed pump, standby", 2, Good, None),
            row("E-101", "Condensate cooler", 2, MaintenanceRequired, None),
            row("FV-101", "Feed control valve", 2, Good, None),
            row("V-101", "Surge drum", 2, Failure, p1),
            row("P-102", "Transfer pump", 2, Good, None),
            row("LV-101", "Level control valve", 2, FunctionCheck, None),
            row("FL-102", "Bag filter", 2, Good, None),
            row("TK-102", "Product tank", 2, Good, None),
            row("Area 200", "Cooling water", 1, Unknown, None),
            row("CT-201", "Cooling tower", 2, Unknown, mark(AlarmClass::Alarm, Some(3), AlarmState::Shelved)),
            row("P-201A", "Cooling-water pump", 2, Good, None),
            row("P-201B", "Cooling-water pump, standby", 2, Good, None),
            row("Area 300", "Instrument air", 1, Good, None),
            row("K-301", "Air compressor", 2, Good, None),
            row("D-301", "Air dryer", 2, Good, None),
        ],
        selected: Some(thing("p-101a")),
    }
}

fn wave(seed: f64, from: f64, drift: f64, noise: f64) -> Vec<[f64; 2]> {
    (0..120)
        .map(|i| {
            let x = f64::from(i);
            [x * 5.0 - 600.0, from + drift * x / 120.0 + noise * ((x * 0.71 + seed).sin() + (x * 1.93 + seed * 2.0).sin())]
        })
        .collect()
}

#[expect(clippy::too_many_arguments, reason = "a table of signals")]
fn row(
    tag: &str,
    name: &str,
    telemetry: &str,
    reading: ReadingView,
    range: (f64, f64),
    normal: (f64, f64),
    limits: &[(f64, &str, Option<u8>)],
    modelled: Option<f64>,
) -> SignalView {
    let value = reading.value.unwrap_or(0.0);
    SignalView {
        id: signal(&format!("p-101a/{telemetry}")),
        tag: tag.to_owned(),
        name: name.to_owned(),
        range: Some(range),
        normal: Some(normal),
        limits: limits
            .iter()
            .map(|(value, label, priority)| LimitMark {
                value: *value,
                label: (*label).to_owned(),
                priority: *priority,
                is_high: *value > f64::midpoint(normal.0, normal.1),
            })
            .collect(),
        sparkline: wave(value, value, (range.1 - range.0) * 0.08, (range.1 - range.0) * 0.004),
        modelled_line: modelled.map_or_else(Vec::new, |model| wave(0.0, model, 0.0, 0.0)),
        set_point: None,
        modelled,
        residual: modelled.map(|model| value - model),
        residual_band: modelled.map(|_| 3.0),
        is_watched: telemetry == "bearing_temp_de",
        is_leading: false,
        reading,
    }
}

pub fn stale(value: f64, unit: &str, decimals: u8) -> ReadingView {
    ReadingView { quality: Quality::UNCERTAIN_LAST_USABLE, age_secs: Some(48.0), ..ReadingView::number(value, unit, decimals) }
}

pub fn bad(unit: &str) -> ReadingView {
    ReadingView { value: None, quality: Quality::BAD_SENSOR_FAILURE, age_secs: Some(7260.0), ..ReadingView::number(0.0, unit, 1) }
}

pub fn faceplate() -> FaceplateView {
    let n = ReadingView::number;
    FaceplateView {
        thing: thing("p-101a"),
        name: "P-101A".to_owned(),
        description: "Feed pump, end suction, variable speed".to_owned(),
        lane: LaneId::LIVE,
        lane_kind: LaneKind::Live,
        health: HealthState::OutOfSpecification,
        health_reason: "drive-end bearing 31 K warmer than the model expects".to_owned(),
        signals: vec![
            row(
                "TT-111A",
                "Bearing temperature DE",
                "bearing_temp_de",
                n(86.4, "°C", 1),
                (0.0, 120.0),
                (45.0, 65.0),
                &[(85.0, "TAH-111A", Some(3)), (95.0, "I-104", None)],
                Some(55.3),
            ),
            row(
                "VT-111A",
                "Vibration DE",
                "vibration_de",
                n(5.38, "mm/s", 2),
                (0.0, 12.0),
                (0.8, 2.4),
                &[(5.1, "VAH-111A", None)],
                Some(1.92),
            ),
            row("VT-113A", "Envelope DE", "envelope_de", n(4.7, "gE", 1), (0.0, 20.0), (0.2, 1.2), &[], None),
            row("TT-112A", "Bearing temperature NDE", "bearing_temp_nde", n(56.1, "°C", 1), (0.0, 120.0), (45.0, 65.0), &[], Some(55.8)),
            row(
                "II-101A",
                "Motor current",
                "motor_current",
                n(20.9, "A", 1),
                (0.0, 40.0),
                (16.0, 24.0),
                &[(10.0, "IAL-101A", Some(3))],
                Some(20.5),
            ),
            row(
                "PT-106A",
                "Suction pressure",
                "suction_pressure",
                stale(0.224, "barg", 3),
                (-0.5, 1.5),
                (0.15, 0.35),
                &[(0.0, "PAL-106A", Some(3))],
                Some(0.221),
            ),
            row(
                "PT-107A",
                "Discharge pressure",
                "discharge_pressure",
                bad("barg"),
                (0.0, 6.0),
                (2.5, 3.3),
                &[(2.2, "PAL-107A", Some(3))],
                Some(2.92),
            ),
            row("SI-101A", "Speed", "speed", n(2722.0, "rpm", 0), (0.0, 3000.0), (2300.0, 2850.0), &[], Some(2719.0)),
            SignalView {
                range: None,
                normal: None,
                sparkline: vec![],
                ..row("XS-101A", "State", "state", ReadingView::state(1, "running"), (0.0, 1.0), (0.0, 1.0), &[], None)
            },
            SignalView {
                tag: String::new(),
                ..row("", "NPSH margin", "npsh_margin", n(3.79, "m", 2), (-2.0, 8.0), (2.0, 6.0), &[(1.0, "NAL-101A", Some(3))], None)
            },
        ],
        controllers: vec![],
        pump: None,
        valve: None,
        transfer: None,
        pair: None,
        alarms: vec![hot_bearing()],
        documents: vec![
            DocumentView { title: "Datasheet".to_owned(), path: "documents/p-101-datasheet.pdf".to_owned() },
            DocumentView { title: "Operating manual".to_owned(), path: "documents/p-101-manual.pdf".to_owned() },
        ],
        may_acknowledge: true,
    }
}

fn course(from_secs: f64, to_secs: f64, f: impl Fn(f64) -> f64, spread: f64) -> Vec<EnvelopePoint> {
    (0..400)
        .map(|i| {
            let share = f64::from(i) / 399.0;
            let jitter = spread * (0.6 + 0.4 * (f64::from(i) * 1.7).sin());
            let middle = f(share) + spread * 0.6 * (f64::from(i) * 0.9).sin();
            let mut point = EnvelopePoint {
                time_secs: from_secs + (to_secs - from_secs) * share,
                min: middle - jitter,
                max: middle + jitter,
                quality: QualityClass::Good,
            };
            if (0.55..0.62).contains(&share) {
                point.quality = QualityClass::Uncertain;
            }
            if (0.3..0.33).contains(&share) {
                point = EnvelopePoint::gap(point.time_secs);
            }
            point
        })
        .collect()
}

pub fn trends() -> TrendsView {
    let (from, to) = (now().secs_f64() - 1740.0, now().secs_f64());
    let trace = |tag: &str,
                 telemetry: &str,
                 reading: ReadingView,
                 f: &dyn Fn(f64) -> f64,
                 model: &dyn Fn(f64) -> f64,
                 spread: f64,
                 limits: Vec<LimitMark>| TraceView {
        signal: signal(telemetry),
        tag: tag.to_owned(),
        name: tag.to_owned(),
        reading,
        points: course(from, to, f, spread),
        model: course(from, to, model, 0.0),
        residual: course(from, to, |x| f(x) - model(x), spread),
        compared: vec![],
        limits,
    };
    TrendsView {
        playhead: now(),
        lane_kind: LaneKind::Live,
        compared_name: String::new(),
        fork: None,
        selected_name: "P-101A".to_owned(),
        traces: vec![
            trace(
                "TT-111A",
                "p-101a/bearing_temp_de",
                ReadingView::number(86.4, "°C", 1),
                &|x| 58.0 + 28.4 * x * x,
                &|_| 55.3,
                0.3,
                vec![LimitMark { value: 85.0, label: "TAH-111A".to_owned(), priority: Some(3), is_high: true }],
            ),
            trace("TT-112A", "p-101a/bearing_temp_nde", ReadingView::number(56.1, "°C", 1), &|x| 55.6 + 0.5 * x, &|_| 55.8, 0.2, vec![]),
            trace(
                "VT-111A",
                "p-101a/vibration_de",
                ReadingView::number(5.38, "mm/s", 2),
                &|x| 2.1 + 3.2 * x * x,
                &|_| 1.92,
                0.12,
                vec![LimitMark { value: 5.1, label: "VAH-111A".to_owned(), priority: None, is_high: true }],
            ),
            trace("PT-106A", "p-101a/suction_pressure", stale(0.224, "barg", 3), &|_| 0.222, &|_| 0.221, 0.002, vec![]),
        ],
    }
}

pub fn playhead() -> PlayheadView {
    PlayheadView {
        lane: LaneId::LIVE,
        lane_name: "Unit 100".to_owned(),
        kind: LaneKind::Live,
        time: now(),
        start: time("08:00:00"),
        head: now(),
        motion: Motion::Following,
    }
}

pub fn timeline() -> TimelineView {
    let tick = |at: &str, priority| AlarmTick {
        time: time(at),
        class: if priority == Some(9) { AlarmClass::Alert } else { AlarmClass::Alarm },
        priority,
    };
    TimelineView {
        playhead: playhead(),
        ticks: vec![
            tick("09:12:00", Some(3)),
            tick("09:14:00", Some(3)),
            tick("11:40:00", Some(2)),
            tick("13:02:19", Some(9)),
            tick("13:20:03", Some(2)),
            tick("13:23:55", Some(1)),
        ],
        lanes: vec![
            LaneView { lane: Some(LaneId::LIVE), name: "Unit 100".to_owned(), kind: LaneKind::Live },
            LaneView { lane: Some(LaneId(1)), name: "bearing-wear".to_owned(), kind: LaneKind::Exercise },
            LaneView { lane: Some(LaneId(2)), name: "P-101B duty".to_owned(), kind: LaneKind::Branch },
        ],
        ..TimelineView::default()
    }
}

pub fn status() -> StatusView {
    StatusView {
        source: "mqtt://127.0.0.1:41883".to_owned(),
        connection: SourceState::Connected,
        samples_per_sec: 182.0,
        latency_p50_ms: 3.4,
        latency_p95_ms: 11.8,
        dropped: 0,
        problems: 2,
        recording: Some(twin_ui::status_bar::RecordingView {
            received: 1_250_400,
            durable: 1_250_000,
            queued: 400,
            lost: 0,
            refusal: String::new(),
        }),
        frame_ms: 16.4,
        playhead: playhead(),
        pace: Some(PaceView { real_time_factor: Some(1.0), behind_secs: 0.0, lost_secs: 0.0 }),
        trust: Some(TrustView { inside: 21, judged: 23, worst: "TT-111A: 31 K above the model".to_owned() }),
    }
}

pub fn what_if() -> WhatIfView {
    let knob = |key: &str, group: &str, label: &str, unit: &str, decimals, min, max, current, kind, man: Option<&str>| KnobView {
        key: key.to_owned(),
        group: group.to_owned(),
        label: label.to_owned(),
        unit: unit.to_owned(),
        decimals,
        min,
        max,
        current: Some(current),
        kind,
        loop_to_manual: man.map(str::to_owned),
    };
    let compare = |label: &str, unit: &str, decimals, baseline: Option<f64>, branch: Option<f64>, better| ComparisonRow {
        label: label.to_owned(),
        unit: unit.to_owned(),
        decimals,
        baseline,
        branch,
        better,
        baseline_text: None,
        branch_text: None,
    };
    WhatIfView {
        lane: LaneId::LIVE,
        lane_name: "Unit 100".to_owned(),
        lane_kind: LaneKind::Live,
        at: now(),
        head: now(),
        knobs: vec![
            knob("P-101B.duty", "PUMPS", "P-101B", "", 0, 0.0, 1.0, 0.0, KnobKind::Duty("P-101B".to_owned()), None),
            knob(
                "FIC-101.SP",
                "SET POINTS",
                "FIC-101 set point",
                "m³/h",
                1,
                45.0,
                115.0,
                90.0,
                KnobKind::Setpoint("FIC-101".to_owned()),
                None,
            ),
            knob("PIC-101.SP", "SET POINTS", "PIC-101 set point", "barg", 2, 2.3, 3.4, 2.8, KnobKind::Setpoint("PIC-101".to_owned()), None),
            knob(
                "FIC-101.OP",
                "VALVES",
                "FV-101 opening",
                "%",
                1,
                0.0,
                100.0,
                78.3,
                KnobKind::Output("FIC-101".to_owned()),
                Some("FIC-101"),
            ),
        ],
        branches: vec![BranchView {
            lane: LaneId(2),
            name: "P-101B duty".to_owned(),
            parent: LaneId::LIVE,
            parent_name: "Unit 100".to_owned(),
            forked_at: now(),
            head: now().plus_secs(3600.0),
            progress: 1.0,
            speed: 0.0,
            overrides: vec!["P-101B → duty".to_owned()],
            loops_in_manual: vec!["PIC-101".to_owned()],
            difference_at_fork: "At the fork the model reads TT-111A 31.1 K low.".to_owned(),
            comparison: vec![
                compare("Throughput", "m³", 1, Some(38.2), Some(90.0), Better::Higher),
                compare("Energy", "kWh", 1, Some(6.1), Some(14.3), Better::Lower),
                ComparisonRow {
                    baseline_text: Some("26 min".to_owned()),
                    branch_text: Some("none".to_owned()),
                    ..compare("Next alarm", "", 0, Some(26.0), Some(f64::INFINITY), Better::Higher)
                },
                compare("Money", "€", 0, Some(-212.0), Some(-4.0), Better::Higher),
                compare("CO₂", "kg", 1, Some(2.4), Some(5.7), Better::Lower),
            ],
            is_shown: false,
            is_compared: true,
        }],
        may_fork: true,
        may_change: true,
    }
}

pub fn stories() -> StoriesView {
    let story = |name: &str, title: &str, description: &str, duration_secs, suggested_speed| StoryView {
        name: name.to_owned(),
        title: title.to_owned(),
        description: description.to_owned(),
        duration_secs,
        suggested_speed,
    };
    StoriesView {
        stories: vec![
            story(
                "bearing-wear",
                "Bearing wear",
                "The drive-end bearing of P-101A wears out. Find it before the pump trips.",
                21_600.0,
                240.0,
            ),
            story("strainer-fouling", "Strainer fouling", "A suction strainer clogs until the pump cavitates.", 2700.0, 30.0),
            story("level-lies", "A level that lies", "The drum fills while its level says otherwise.", 1800.0, 20.0),
        ],
        running: Some(RunningStory {
            name: "bearing-wear".to_owned(),
            lane: LaneId(1),
            speed: 240.0,
            elapsed_secs: 7200.0,
            is_cleared: false,
            is_shown: false,
        }),
        may_start: true,
    }
}

pub fn workspace_view() -> WorkspaceView {
    WorkspaceView {
        toolbar: ToolbarView { plant_name: "Unit 100 · Condensate recovery".to_owned(), view_mode: ViewMode::Operate, has_tour: true },
        scene: twin_ui::scene_tools::SceneToolsView { has_selection: true, ..Default::default() },
        overview: crate::displays::overview(),
        schematic: Default::default(),
        tour: None,
        strip: strip(),
        timeline: timeline(),
        status: status(),
        tree: tree(),
        faceplate: Some(faceplate()),
        trends: trends(),
        alarms: AlarmListView { lane_name: "Unit 100".to_owned(), alarms: alarms(), selected: None, ..AlarmListView::default() },
        what_if: what_if(),
        stories: stories(),
        problems: ProblemListView {
            problems: vec![ProblemView {
                severity: Severity::Error,
                place: "unit100/gw-100/p-101a/TT-111A".to_owned(),
                message: "payload has no number".to_owned(),
                hint: "expected {\"t\":…,\"v\":…}".to_owned(),
                count: 12,
            }],
        },
    }
}
