//! Compressed air: compressor, receiver, regulated header, consumers, dryer.
//!
//! Air passes by its flow in Nm³/h (0 °C, 1.01325 bara) from point to input; pressures are gauge, in bar.

use crate::command::Refusal;
use crate::flowsheet::Settings;
use crate::flowsheet::component::{Bench, Component, FollowSheet, InputSheet, Kind, Request, Seat};
use crate::sheet::{ParameterSheet, PointSheet, Sheet};

const ATM_BAR: f64 = 1.01325;
const ZERO_K: f64 = 273.15;
/// Dry air at 0 °C and 1.01325 bara, kg/m³ (ISO 2533).
const NORMAL_KG_M3: f64 = 1.2928;

const STOPPED: f64 = 0.0;
const UNLOADED: f64 = 1.0;
const LOADED: f64 = 2.0;
const TRIPPED: f64 = 3.0;

/// A screw compressor with load and unload control.
pub const COMPRESSOR: Kind = Kind {
    sheet: &Sheet {
        kind: "compressor",
        title: "Air compressor",
        summary: "A packaged compressor that loads below one pressure and unloads above another, with its cooler.",
        equations: &[
            "loads below load_at, unloads above unload_at; delivers delivery·delivery_factor while loaded",
            "discharge temperature follows that of its state with a lag: +0.8 K per K of ambient above 22 °C and of cooling water above 26 °C, +20 K without cooling water",
            "load = share of time loaded, lagged over 15 minutes; heat to the cooler = share of the power",
        ],
        parameters: &[
            ParameterSheet::required("delivery_nm3_h", "Nm³/h", (0.1, 1e6), "50 to 2000", "Delivery while loaded."),
            ParameterSheet::usual("load_at", "unit of the signal", 6.6, (-1e9, 1e9), "6.5 barg", "Loads below this."),
            ParameterSheet::usual("unload_at", "unit of the signal", 7.4, (-1e9, 1e9), "7.5 barg", "Unloads above this."),
            ParameterSheet::required("loaded_w", "W", (1.0, 1e7), "", "Power of the package while loaded."),
            ParameterSheet::required("unloaded_w", "W", (0.0, 1e7), "a third of it", "Power while it runs without delivery."),
            ParameterSheet::usual("cooler_share", "", 0.83, (0.0, 1.0), "0.7 to 0.95", "Share of the power that the cooling water takes."),
            ParameterSheet::usual("loaded_k", "K", 361.15, (273.15, 500.0), "355 to 370", "Discharge temperature while loaded."),
            ParameterSheet::usual("unloaded_k", "K", 347.15, (273.15, 500.0), "340 to 350", "Discharge temperature while unloaded."),
            ParameterSheet::usual(
                "start_state",
                "",
                LOADED,
                (0.0, 3.0),
                "",
                "State at the start: 0 stopped, 1 unloaded, 2 loaded, 3 tripped.",
            ),
            ParameterSheet::malfunction("trip", "0/1", 0.0, (0.0, 1.0), "Trips and cannot be reset while set."),
            ParameterSheet::malfunction("delivery_factor", "", 1.0, (0.0, 1.2), "Delivery against the data sheet."),
        ],
        points: &[
            PointSheet::new("state", "", "0 stopped, 1 unloaded, 2 loaded, 3 tripped."),
            PointSheet::new("delivery_nm3_h", "Nm³/h", "Delivery."),
            PointSheet::new("power_w", "W", "Power of the package."),
            PointSheet::new("cooler_w", "W", "Heat given to the cooling water."),
            PointSheet::new("discharge_k", "K", "Discharge temperature."),
            PointSheet::new("load_pct", "%", "Share of time loaded."),
        ],
        validity: "Constant delivery whatever the pressure; no start-up time.",
        sources: &["ISO 1217 for delivery; data sheets of packaged screw compressors"],
    },
    inputs: &[
        InputSheet { name: "pressure", default: None, meaning: "Pressure its switch sees." },
        InputSheet { name: "ambient_k", default: Some(295.15), meaning: "Ambient temperature, K." },
        InputSheet { name: "cooling_k", default: Some(299.15), meaning: "Cooling water temperature, K." },
        InputSheet { name: "cooling_kg_s", default: Some(1.0), meaning: "Cooling water flow, kg/s." },
        InputSheet { name: "trip_cause", default: Some(0.0), meaning: "1: an interlock trips it." },
    ],
    follows: &[FollowSheet { name: "state", meaning: "State of the real one." }],
    states: 6,
    build: |seat, _: &Settings| Ok(Box::new(Compressor { seat })),
    ..Kind::PLAIN
};

#[derive(Debug)]
struct Compressor {
    seat: Seat,
}

impl Compressor {
    fn set(&self, bench: &mut Bench, index: usize, value: f64) {
        self.seat.set_x(bench, index, value);
        self.seat.set_y(bench, index, value);
    }

    fn lag(&self, bench: &mut Bench, index: usize, target: f64, lag_secs: f64) {
        let now = self.seat.x(bench, index);
        self.set(bench, index, target + (now - target) * libm::exp(-bench.dt_secs / lag_secs));
    }

    fn run(&self, bench: &mut Bench) {
        let state = self.seat.x(bench, 0);
        let (is_on, is_loaded) = (state == LOADED || state == UNLOADED, state == LOADED);
        let p = |index: usize| self.seat.p(bench, index);
        let delivery = if is_loaded { p(0) * p(10) } else { 0.0 };
        let power = if is_loaded { p(3) } else { 0.0 } + if state == UNLOADED { p(4) } else { 0.0 };
        let cooler = p(5) * power;
        let ambient_k = self.seat.input(bench, 1);
        let warm = 0.8 * (ambient_k - 295.15).max(0.0)
            + 0.8 * (self.seat.input(bench, 2) - 299.15).max(0.0)
            + if self.seat.input(bench, 3) < 0.14 { 20.0 } else { 0.0 };
        let target_k = match (is_on, is_loaded) {
            (true, true) => p(6) + warm,
            (true, false) => p(7) + warm,
            _ => ambient_k,
        };
        self.set(bench, 1, delivery);
        self.set(bench, 2, power);
        self.set(bench, 3, cooler);
        self.lag(bench, 4, target_k, 300.0);
        self.lag(bench, 5, if is_loaded { 100.0 } else { 0.0 }, 900.0);
    }
}

impl Component for Compressor {
    fn seat(&self) -> &Seat {
        &self.seat
    }

    fn start(&self, bench: &mut Bench) {
        let state = self.seat.p(bench, 8).round();
        self.set(bench, 0, state);
        let discharge_k = if state == LOADED { self.seat.p(bench, 6) } else { self.seat.input(bench, 1) };
        self.set(bench, 4, discharge_k);
        self.set(bench, 5, if state == LOADED { 60.0 } else { 0.0 });
    }

    fn act(&self, bench: &mut Bench) {
        let state = self.seat.x(bench, 0);
        let pressure = self.seat.input(bench, 0);
        let trips = self.seat.p(bench, 9) > 0.5 || self.seat.input(bench, 4) > 0.5;
        let is_on = state == LOADED || state == UNLOADED;
        let next = if is_on && trips {
            TRIPPED
        } else if state == UNLOADED && pressure < self.seat.p(bench, 1) {
            LOADED
        } else if state == LOADED && pressure > self.seat.p(bench, 2) {
            UNLOADED
        } else {
            state
        };
        self.set(bench, 0, next);
        self.run(bench);
    }

    fn follow(&self, bench: &mut Bench) {
        if let Some(state) = self.seat.reading(bench, 0).filter(|state| (STOPPED..=TRIPPED).contains(state)) {
            self.set(bench, 0, state.round());
        }
        self.run(bench);
    }

    fn request(&self, bench: &mut Bench, request: Request) -> Result<(), Refusal> {
        let state = self.seat.x(bench, 0);
        let next = match request {
            Request::Start if state != STOPPED => return Err(Refusal::NotPermitted("it is not stopped".to_owned())),
            Request::Start => LOADED,
            Request::Stop if state == TRIPPED => return Ok(()),
            Request::Stop => STOPPED,
            Request::Reset if self.seat.p(bench, 9) > 0.5 => return Err(Refusal::CausePresent("the compressor".to_owned())),
            Request::Reset if state == TRIPPED => STOPPED,
            Request::Reset => state,
            _ => return Err(Refusal::NotPermitted("a compressor is started, stopped or reset".to_owned())),
        };
        self.set(bench, 0, next);
        Ok(())
    }
}

/// A receiver.
pub const AIR_RECEIVER: Kind = Kind {
    sheet: &Sheet {
        kind: "air_receiver",
        title: "Air receiver",
        summary: "A vessel of compressed air at constant temperature. What comes and goes is what its inputs say.",
        equations: &["d(content)/dt = Σ inflow − Σ outflow, p = content/volume·(T/273.15 K)·1.01325 bar − 1.01325 bar, never below 0"],
        parameters: &[
            ParameterSheet::required("volume_m3", "m³", (1e-3, 1e5), "0.5 to 20", "Volume with its piping."),
            ParameterSheet::usual("temp_k", "K", 293.15, (223.15, 373.15), "293", "Temperature of the air."),
            ParameterSheet::usual("start_barg", "bar", 6.7, (0.0, 400.0), "", "Pressure at the start, gauge."),
            ParameterSheet::usual(
                "header_barg",
                "bar",
                5.5,
                (0.0, 400.0),
                "",
                "Set pressure of the header it feeds: bounds the content while that is followed.",
            ),
            ParameterSheet::usual("header_loss_bar", "bar", 0.25, (0.0, 10.0), "", "Loss up to that header."),
            ParameterSheet::usual("top_barg", "bar", 7.4, (0.0, 400.0), "", "Highest pressure while it is followed."),
        ],
        points: &[PointSheet::new("pressure_barg", "bar", "Pressure, gauge.")],
        validity: "Ideal gas, isothermal; no relief.",
        sources: &["Ideal gas law; reference state of DIN 1343"],
    },
    inputs: &[
        InputSheet { name: "inflow_1", default: Some(0.0), meaning: "Air in, Nm³/h." },
        InputSheet { name: "inflow_2", default: Some(0.0), meaning: "Air in, Nm³/h." },
        InputSheet { name: "outflow_1", default: Some(0.0), meaning: "Air out, Nm³/h." },
        InputSheet { name: "outflow_2", default: Some(0.0), meaning: "Air out, Nm³/h." },
        InputSheet { name: "outflow_3", default: Some(0.0), meaning: "Air out, Nm³/h." },
        InputSheet { name: "outflow_4", default: Some(0.0), meaning: "Air out, Nm³/h." },
    ],
    follows: &[
        FollowSheet { name: "pressure_barg", meaning: "Its pressure." },
        FollowSheet { name: "header_barg", meaning: "Pressure of the header behind it, where its own is not measured." },
    ],
    states: 1,
    build: |seat, _: &Settings| Ok(Box::new(Receiver { seat })),
    ..Kind::PLAIN
};

#[derive(Debug)]
struct Receiver {
    seat: Seat,
}

impl Receiver {
    fn nm3_per_bar(&self, bench: &Bench) -> f64 {
        self.seat.p(bench, 0) / ATM_BAR * ZERO_K / self.seat.p(bench, 1)
    }

    fn pressure_barg(&self, bench: &Bench) -> f64 {
        self.seat.x(bench, 0) / self.nm3_per_bar(bench) - ATM_BAR
    }

    /// Puts the pressure somewhere; what that takes crosses the boundary.
    fn place(&self, bench: &mut Bench, pressure_barg: f64) {
        let content = (pressure_barg.max(0.0) + ATM_BAR) * self.nm3_per_bar(bench);
        let came_kg = (content - self.seat.x(bench, 0)) * NORMAL_KG_M3;
        bench.balance.cross(came_kg, 0.0);
        self.seat.set_x(bench, 0, content);
        self.seat.set_y(bench, 0, pressure_barg.max(0.0));
    }

    fn fill(&self, bench: &mut Bench) {
        let flow = |index: usize| self.seat.input(bench, index).max(0.0);
        let net_nm3_h = flow(0) + flow(1) - flow(2) - flow(3) - flow(4) - flow(5);
        let pressure_barg = self.pressure_barg(bench) + net_nm3_h * bench.dt_secs / 3600.0 / self.nm3_per_bar(bench);
        self.place(bench, pressure_barg);
    }
}

impl Component for Receiver {
    fn seat(&self) -> &Seat {
        &self.seat
    }

    fn start(&self, bench: &mut Bench) {
        let pressure_barg = self.seat.p(bench, 2);
        let content = (pressure_barg + ATM_BAR) * self.nm3_per_bar(bench);
        self.seat.set_x(bench, 0, content);
        self.seat.set_y(bench, 0, pressure_barg);
    }

    fn act(&self, bench: &mut Bench) {
        self.fill(bench);
    }

    fn follow(&self, bench: &mut Bench) {
        self.fill(bench);
        let (set, loss, top) = (self.seat.p(bench, 3), self.seat.p(bench, 4), self.seat.p(bench, 5));
        let own = self.seat.reading(bench, 0);
        // A header at its set pressure says only that the receiver is above it.
        let from_header = self.seat.reading(bench, 1).map(|header_barg| {
            let least = set + loss;
            if header_barg > set - 0.05 { self.pressure_barg(bench).clamp(least, top.max(least)) } else { header_barg + loss }
        });
        if let Some(pressure_barg) = own.or(from_header) {
            self.place(bench, pressure_barg);
        }
    }

    fn inventory(&self, bench: &Bench) -> (f64, f64) {
        (self.seat.x(bench, 0) * NORMAL_KG_M3, 0.0)
    }
}

/// A regulated header behind a dryer, and its dew point.
pub const AIR_HEADER: Kind = Kind {
    sheet: &Sheet {
        kind: "air_header",
        title: "Air header",
        summary: "A header behind a dryer, a filter and a pressure regulator.",
        equations: &[
            "p = min(set, p_receiver − loss), never below 0",
            "purge = purge_ref·(p_receiver + 1.01325)/(7 + 1.01325)",
            "dew point follows −42 °C + 0.35 K per Nm³/h above the rated throughput with a lag of 10 minutes; without regeneration it goes to 10 °C within hours",
        ],
        parameters: &[
            ParameterSheet::usual("set_barg", "bar", 5.5, (0.0, 400.0), "5.5", "Set pressure of the regulator, gauge."),
            ParameterSheet::usual("loss_bar", "bar", 0.25, (0.0, 10.0), "0.2 to 0.5", "Loss of dryer and filter."),
            ParameterSheet::usual("purge_nm3_h", "Nm³/h", 0.0, (0.0, 1e5), "15 % of the throughput", "Purge of the dryer at 7 barg."),
            ParameterSheet::usual("rated_nm3_h", "Nm³/h", 120.0, (0.1, 1e6), "", "Throughput up to which the dew point holds."),
            ParameterSheet::malfunction("dryer_stuck", "0/1", 0.0, (0.0, 1.0), "The dryer no longer regenerates."),
        ],
        points: &[
            PointSheet::new("pressure_barg", "bar", "Pressure, gauge."),
            PointSheet::new("pressure_pa", "Pa", "The same, gauge: what actuators take."),
            PointSheet::new("purge_nm3_h", "Nm³/h", "Purge of the dryer."),
            PointSheet::new("dew_point_k", "K", "Dew point at line pressure."),
        ],
        validity: "The regulator is ideal; the loss does not change with the flow.",
        sources: &["ISO 8573-1 for classes of dew points"],
    },
    inputs: &[
        InputSheet { name: "receiver_barg", default: None, meaning: "Pressure of the receiver, gauge." },
        InputSheet { name: "throughput_nm3_h", default: Some(0.0), meaning: "Air through the dryer, Nm³/h." },
    ],
    follows: &[FollowSheet { name: "pressure_barg", meaning: "Its pressure." }],
    states: 1,
    build: |seat, _: &Settings| Ok(Box::new(Header { seat })),
    ..Kind::PLAIN
};

#[derive(Debug)]
struct Header {
    seat: Seat,
}

/// Dew points of a sound and of a dead dryer, K.
const DRY_K: f64 = 231.15;
const WET_K: f64 = 283.15;

impl Header {
    fn show(&self, bench: &mut Bench, pressure_barg: f64) {
        self.seat.set_y(bench, 0, pressure_barg);
        self.seat.set_y(bench, 1, pressure_barg * 1e5);
        let receiver = self.seat.input(bench, 0);
        let purge = self.seat.p(bench, 2) * (receiver + ATM_BAR) / (7.0 + ATM_BAR);
        self.seat.set_y(bench, 2, purge);
        let over = (self.seat.input(bench, 1) - self.seat.p(bench, 3)).max(0.0);
        let is_stuck = self.seat.p(bench, 4) > 0.5;
        let (target_k, lag_secs) = if is_stuck { (WET_K, 7200.0) } else { (DRY_K + 0.35 * over, 600.0) };
        let dew_k = self.seat.x(bench, 0);
        let dew_k = target_k + (dew_k - target_k) * libm::exp(-bench.dt_secs / lag_secs);
        self.seat.set_x(bench, 0, dew_k);
        self.seat.set_y(bench, 3, dew_k);
    }

    fn regulated_barg(&self, bench: &Bench) -> f64 {
        self.seat.p(bench, 0).min(self.seat.input(bench, 0) - self.seat.p(bench, 1)).max(0.0)
    }
}

impl Component for Header {
    fn seat(&self) -> &Seat {
        &self.seat
    }

    fn start(&self, bench: &mut Bench) {
        self.seat.set_x(bench, 0, DRY_K);
        let set_barg = self.seat.p(bench, 0);
        self.seat.set_y(bench, 0, set_barg);
        self.seat.set_y(bench, 1, set_barg * 1e5);
        self.seat.set_y(bench, 3, DRY_K);
    }

    fn act(&self, bench: &mut Bench) {
        let pressure_barg = self.regulated_barg(bench);
        self.show(bench, pressure_barg);
    }

    fn follow(&self, bench: &mut Bench) {
        let reading = self.seat.reading(bench, 0).map(|reading| reading.clamp(0.0, 400.0));
        let pressure_barg = reading.unwrap_or_else(|| self.regulated_barg(bench));
        self.show(bench, pressure_barg);
    }
}

/// Something that takes air.
pub const AIR_CONSUMER: Kind = Kind {
    sheet: &Sheet {
        kind: "air_consumer",
        title: "Air consumer",
        summary: "Instruments, tools, a leak: they take air in proportion to the absolute pressure.",
        equations: &["flow = (demand·demand_factor + leak)·(p + 1.01325)/(p_ref + 1.01325) while open"],
        parameters: &[
            ParameterSheet::usual("demand_nm3_h", "Nm³/h", 0.0, (0.0, 1e6), "", "Demand at the reference pressure."),
            ParameterSheet::usual("reference_barg", "bar", 5.5, (0.0, 400.0), "", "Reference pressure, gauge."),
            ParameterSheet::malfunction("base_demand_factor", "", 1.0, (0.0, 10.0), "Demand against the usual one.").worst(3.0),
            ParameterSheet::malfunction("leak_nm3_h", "Nm³/h", 0.0, (0.0, 2000.0), "Leak at the reference pressure."),
        ],
        points: &[PointSheet::new("flow_nm3_h", "Nm³/h", "Air it takes.")],
        validity: "Choked flow: the surroundings do not matter.",
        sources: &["ISO 6358-1: choked flow is in proportion to the absolute pressure upstream"],
    },
    inputs: &[
        InputSheet { name: "pressure_barg", default: None, meaning: "Pressure it takes from, gauge." },
        InputSheet { name: "open", default: Some(1.0), meaning: "0: it is cut off." },
    ],
    build: |seat, _: &Settings| Ok(Box::new(Consumer { seat })),
    ..Kind::PLAIN
};

#[derive(Debug)]
struct Consumer {
    seat: Seat,
}

impl Component for Consumer {
    fn seat(&self) -> &Seat {
        &self.seat
    }

    fn act(&self, bench: &mut Bench) {
        let p = |index: usize| self.seat.p(bench, index);
        let share = (self.seat.input(bench, 0).max(0.0) + ATM_BAR) / (p(1) + ATM_BAR);
        let is_open = self.seat.input(bench, 1) > 0.5;
        let flow = if is_open { (p(0) * p(2) + p(3)) * share } else { 0.0 };
        self.seat.set_y(bench, 0, flow);
    }
}

#[cfg(test)]
mod tests {
    use crate::flowsheet::tests::{component, read};
    use crate::flowsheet::{Blueprint, ComponentSpec, Drive, Input, Plant, Request, State, TagSpec, assemble};

    fn reads(mut spec: ComponentSpec, inputs: &[(&str, &str)]) -> ComponentSpec {
        spec.inputs.extend(inputs.iter().map(|(input, point)| ((*input).to_owned(), Input::Point((*point).to_owned()))));
        spec
    }

    /// The air system of Unit 100.
    fn plant() -> Plant {
        let compressor = component("k", "compressor", &[("delivery_nm3_h", 196.0), ("loaded_w", 24_500.0), ("unloaded_w", 8_200.0)]);
        let mut receiver = component("v", "air_receiver", &[("volume_m3", 2.5)]);
        receiver.follows.insert("header_barg".to_owned(), "PT".to_owned());
        let mut header = component("h", "air_header", &[("purge_nm3_h", 29.0)]);
        header.follows.insert("pressure_barg".to_owned(), "PT".to_owned());
        let tags = vec![TagSpec {
            tag: "PT".to_owned(),
            point: "h.pressure_barg".to_owned(),
            scale: 1.0,
            offset: 0.0,
            low: 0.0,
            high: 10.0,
            pointer: String::new(),
        }];
        let components = vec![
            reads(compressor, &[("pressure", "v.pressure_barg")]),
            reads(
                receiver,
                &[
                    ("inflow_1", "k.delivery_nm3_h"),
                    ("outflow_1", "i.flow_nm3_h"),
                    ("outflow_2", "p.flow_nm3_h"),
                    ("outflow_3", "h.purge_nm3_h"),
                ],
            ),
            reads(header, &[("receiver_barg", "v.pressure_barg")]),
            reads(component("i", "air_consumer", &[("demand_nm3_h", 25.0)]), &[("pressure_barg", "h.pressure_barg")]),
            reads(
                component("p", "air_consumer", &[("demand_nm3_h", 60.0), ("reference_barg", 7.0)]),
                &[("pressure_barg", "v.pressure_barg")],
            ),
        ];
        assemble(&Blueprint { components, tags, ..Blueprint::default() }).unwrap_or_else(|faults| panic!("{faults:?}"))
    }

    fn run(plant: &Plant, state: &mut State, secs: f64) {
        (0..(secs / 0.5) as usize).for_each(|_| plant.step(state));
    }

    #[test]
    fn a_sound_compressor_loads_for_three_fifths_of_the_time_and_its_air_is_accounted_for() {
        let plant = plant();
        let mut state = plant.start();
        let (mut loaded, mut steps) = (0.0, 0.0);
        for step in 0..28_800 {
            plant.step(&mut state);
            let pressure = read(&plant, &state, "v.pressure_barg");
            assert!((6.55..=7.45).contains(&pressure), "{pressure} barg");
            if step >= 7200 {
                loaded += f64::from(read(&plant, &state, "k.state") == 2.0);
                steps += 1.0;
            }
        }
        // 25 + 60 + 29 of 196 Nm³/h at the mean pressure.
        assert!((loaded / steps - 0.587).abs() < 0.01, "{}", loaded / steps);
        assert!((read(&plant, &state, "k.load_pct") - 58.7).abs() < 5.0);
        assert!((read(&plant, &state, "h.dew_point_k") - 231.15).abs() < 0.1);
        let (mass, _) = plant.residual(&mut state);
        assert!(mass < 1e-9, "{mass}");
    }

    #[test]
    fn a_leak_is_carried_by_the_compressor_until_it_can_no_more() {
        let plant = plant();
        let mut state = plant.start();
        plant.set_parameter(&mut state, "i.leak_nm3_h", 60.0).unwrap();
        run(&plant, &mut state, 7200.0);
        assert_eq!(read(&plant, &state, "PT"), 5.5, "the header shows nothing");
        assert!(read(&plant, &state, "k.load_pct") > 80.0);
        plant.set_parameter(&mut state, "i.leak_nm3_h", 250.0).unwrap();
        run(&plant, &mut state, 7200.0);
        assert_eq!(read(&plant, &state, "k.state"), 2.0);
        assert!(read(&plant, &state, "PT") < 4.5);
        plant.set_parameter(&mut state, "i.leak_nm3_h", 0.0).unwrap();
        run(&plant, &mut state, 3600.0);
        assert_eq!(read(&plant, &state, "PT"), 5.5);
    }

    #[test]
    fn a_trip_holds_until_its_cause_is_gone_and_a_followed_header_bounds_the_receiver() {
        let plant = plant();
        let mut state = plant.start();
        plant.set_parameter(&mut state, "k.trip", 1.0).unwrap();
        run(&plant, &mut state, 60.0);
        assert_eq!(read(&plant, &state, "k.state"), 3.0);
        assert!(plant.request(&mut state, "k", Request::Reset).is_err());
        plant.set_parameter(&mut state, "k.trip", 0.0).unwrap();
        plant.request(&mut state, "k", Request::Reset).unwrap();
        plant.request(&mut state, "k", Request::Start).unwrap();
        run(&plant, &mut state, 1.0);
        assert_eq!(read(&plant, &state, "k.state"), 2.0);
        (0..1000).for_each(|_| plant.advance(&mut state, Drive::Following(&[3.0])));
        assert!((read(&plant, &state, "v.pressure_barg") - 3.25).abs() < 1e-12);
        (0..1000).for_each(|_| plant.advance(&mut state, Drive::Following(&[5.5])));
        assert!((5.75..=7.4).contains(&read(&plant, &state, "v.pressure_barg")));
        let (mass, _) = plant.residual(&mut state);
        assert!(mass < 1e-9);
    }
}
