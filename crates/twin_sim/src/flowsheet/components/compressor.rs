//! Air compressors that load and unload.

use crate::command::Refusal;
use crate::equipment::lag;
use crate::flowsheet::Settings;
use crate::flowsheet::component::{Bench, Component, FollowSheet, InputSheet, Kind, Request, Seat};
use crate::sheet::{ParameterSheet, PointSheet, Sheet};

const DELIVERY: usize = 0;
const LOADED_W: usize = 1;
const UNLOADED_W: usize = 2;
const COOLER_SHARE: usize = 3;
const LOAD_AT: usize = 4;
const UNLOAD_AT: usize = 5;
const AVERAGE: usize = 6;
const LOADED_K: usize = 7;
const UNLOADED_K: usize = 8;
const AIR_SLOPE: usize = 9;
const AIR_FROM: usize = 10;
const WATER_SLOPE: usize = 11;
const WATER_FROM: usize = 12;
const LEAST_WATER: usize = 13;
const DRY_K: usize = 14;
const DISCHARGE_LAG: usize = 15;
const START_STATE: usize = 16;
const START_LOAD: usize = 17;
const TRIP: usize = 18;
const DELIVERY_FACTOR: usize = 19;
const LOAD_STUCK: usize = 20;
const FOULING: usize = 21;

const PRESSURE: usize = 0;
const PERMIT: usize = 1;
const START: usize = 2;
const STOP: usize = 3;
const TRIP_CAUSE: usize = 4;
const SUPPLY: usize = 5;
const AMBIENT: usize = 6;
const WATER: usize = 7;
const WATER_KG_S: usize = 8;

const Y_STATE: usize = 0;
const Y_ON: usize = 1;
const Y_LOADED: usize = 2;
const Y_DELIVERY: usize = 3;
const Y_POWER: usize = 4;
const Y_COOLER: usize = 5;
const Y_DISCHARGE: usize = 6;
const Y_LOAD: usize = 7;

const X_STATE: usize = 0;
const X_DISCHARGE: usize = 1;
const X_LOAD: usize = 2;
const X_START_WAS: usize = 3;
const X_STOP_WAS: usize = 4;
/// 1 once the discharge temperature has been set to what it settles at.
const X_WARM: usize = 5;

/// A compressor with its load and unload control.
pub const COMPRESSOR: Kind = Kind {
    sheet: &Sheet {
        kind: "compressor",
        title: "Air compressor",
        summary: "A compressor package that loads and unloads between two pressures at fixed speed: what it delivers, takes, and gives to its cooling water.",
        equations: &[
            "unloaded → loaded below load_at, loaded → unloaded above unload_at",
            "q = factor·q_rated while loaded, P = P_loaded or P_unloaded, Q_cooler = share·P",
            "T_discharge follows T_loaded or T_unloaded + s_a·(T_ambient − T_a)⁺ + s_w·(T_water − T_w)⁺ + T_fouling + T_dry·dry with a lag, T_ambient at rest",
            "dry = 2 − 2·w_water/w_least, 0 to 1",
            "load fraction: first-order average of loaded (1) and not (0)",
            "state: 0 stopped, 1 unloaded, 2 loaded, 3 tripped",
        ],
        parameters: &[
            ParameterSheet::required("delivery_nm3_h", "Nm³/h", (1e-3, 1e6), "30 to 3000", "Delivery while loaded, at the receiver."),
            ParameterSheet::required("loaded_w", "W", (1.0, 1e8), "120 W per Nm³/h", "Power of the package while loaded."),
            ParameterSheet::required("unloaded_w", "W", (0.0, 1e8), "25 to 35 % of it", "Power while running without delivery."),
            ParameterSheet::usual("cooler_share", "", 0.83, (0.0, 1.0), "0.7 to 0.95", "Share of the power that the cooling water takes."),
            ParameterSheet::required("load_at", "unit of the pressure", (-1e9, 1e9), "6.6 bar gauge", "Loads below this pressure."),
            ParameterSheet::required("unload_at", "unit of the pressure", (-1e9, 1e9), "7.4 bar gauge", "Unloads above this pressure."),
            ParameterSheet::usual("average_secs", "s", 900.0, (0.0, 1e6), "900", "Time constant of the load fraction."),
            ParameterSheet::usual("loaded_k", "K", 361.15, (250.0, 600.0), "350 to 370", "Discharge temperature while loaded."),
            ParameterSheet::usual("unloaded_k", "K", 347.15, (250.0, 600.0), "15 K less", "Discharge temperature while unloaded."),
            ParameterSheet::usual("ambient_slope", "", 0.8, (0.0, 5.0), "0.5 to 1", "Rise per K of ambient above ambient_from_k, s_a."),
            ParameterSheet::usual("ambient_from_k", "K", 295.15, (200.0, 400.0), "295", "Ambient temperature of the data sheet, T_a."),
            ParameterSheet::usual("water_slope", "", 0.8, (0.0, 5.0), "0.5 to 1", "Rise per K of cooling water above water_from_k, s_w."),
            ParameterSheet::usual("water_from_k", "K", 299.15, (200.0, 400.0), "299", "Cooling water temperature of the data sheet, T_w."),
            ParameterSheet::usual(
                "least_water_kg_s",
                "kg/s",
                0.1385,
                (1e-6, 1e4),
                "10 to 20 % of rated",
                "Cooling water below which it runs hot.",
            ),
            ParameterSheet::usual("dry_k", "K", 20.0, (0.0, 200.0), "20 to 40", "Rise without cooling water."),
            ParameterSheet::usual("discharge_lag_secs", "s", 300.0, (0.0, 1e5), "120 to 600", "Lag of the discharge temperature."),
            ParameterSheet::usual("start_state", "", 0.0, (0.0, 3.0), "", "State at the start of the simulation."),
            ParameterSheet::usual("start_load_share", "", 0.0, (0.0, 1.0), "", "Load fraction at the start."),
            ParameterSheet::malfunction("trip", "0/1", 0.0, (0.0, 1.0), "Trips and cannot be reset while set."),
            ParameterSheet::malfunction(
                "delivery_factor",
                "",
                1.0,
                (0.0, 1.2),
                "Delivery against the data sheet: wear, a blocked inlet filter.",
            )
            .worst(0.5),
            ParameterSheet::malfunction("load_stuck", "0/1", 0.0, (0.0, 1.0), "The inlet valve stays as it is: neither loads nor unloads."),
            ParameterSheet::malfunction("cooler_fouling_k", "K", 0.0, (0.0, 60.0), "Rise of the discharge temperature by a fouled cooler.")
                .worst(30.0),
        ],
        points: &[
            PointSheet::new("state", "", "State by its number."),
            PointSheet::new("on", "0/1", "1 while the motor runs."),
            PointSheet::new("loaded", "0/1", "1 while it delivers."),
            PointSheet::new("delivery_nm3_h", "Nm³/h", "Delivery to the receiver."),
            PointSheet::new("power_w", "W", "Power of the package."),
            PointSheet::new("cooler_w", "W", "Heat to the cooling water."),
            PointSheet::new("discharge_k", "K", "Discharge temperature."),
            PointSheet::new("load_share", "", "Load fraction, averaged."),
        ],
        validity: "Fixed speed, dry air; the delivery does not fall with the pressure, and loading takes no time. The air enters the ledger at the receiver; what is not cooled away heats the room. A step is cut where the pressure passes a limit, unless it is read through a tag.",
        sources: &[
            "CAGI, Compressed Air and Gas Handbook, ch. 4: load and unload control",
            "ISO 1217: delivery and package power",
            "Normal cubic metre: DIN 1343",
        ],
    },
    follows: &[FollowSheet { name: "state", meaning: "Measured state by its number." }],
    inputs: &[
        InputSheet { name: "pressure", default: None, meaning: "Pressure it controls by, in the unit of load_at." },
        InputSheet { name: "permit", default: Some(1.0), meaning: "0: must not start." },
        InputSheet { name: "start", default: Some(0.0), meaning: "Starts it when it rises to 1." },
        InputSheet { name: "stop", default: Some(0.0), meaning: "Stops it when it rises to 1." },
        InputSheet { name: "trip_cause", default: Some(0.0), meaning: "1: trips it, and it cannot be reset." },
        InputSheet { name: "supply", default: Some(1.0), meaning: "1: voltage is there, 0: it is not, and it trips." },
        InputSheet { name: "ambient_k", default: Some(293.15), meaning: "Temperature around it, K." },
        InputSheet { name: "water_k", default: Some(293.15), meaning: "Temperature of the cooling water, K." },
        InputSheet { name: "water_kg_s", default: Some(1e3), meaning: "Cooling water through its cooler, kg/s." },
    ],
    states: 6,
    build: |seat, settings: &Settings| Ok(Box::new(Compressor { seat, name: settings.component.to_owned() })),
    ..Kind::PLAIN
};

/// State, by the number it has in the points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Stopped,
    Unloaded,
    Loaded,
    Tripped,
}

impl State {
    /// The state of this number, as a start or a reading gives it.
    fn from_number(number: f64) -> Option<Self> {
        [Self::Stopped, Self::Unloaded, Self::Loaded, Self::Tripped].into_iter().find(|state| state.number() == number)
    }

    fn number(self) -> f64 {
        f64::from(self as u8)
    }

    fn is_on(self) -> bool {
        matches!(self, Self::Unloaded | Self::Loaded)
    }
}

#[derive(Debug)]
struct Compressor {
    seat: Seat,
    name: String,
}

impl Compressor {
    fn state(&self, bench: &Bench) -> State {
        State::from_number(self.seat.x(bench, X_STATE)).unwrap_or(State::Stopped)
    }

    fn enter(&self, bench: &mut Bench, state: State) {
        self.seat.set_x(bench, X_STATE, state.number());
    }

    fn is_asked(&self, bench: &Bench, input: usize) -> bool {
        self.seat.input(bench, input) > 0.5
    }

    fn is_held_tripped(&self, bench: &Bench) -> bool {
        self.seat.p(bench, TRIP) > 0.5 || self.is_asked(bench, TRIP_CAUSE)
    }

    /// Whether an input has risen since the step before.
    fn has_risen(&self, bench: &mut Bench, input: usize, memory: usize) -> bool {
        let is = self.is_asked(bench, input);
        let was = self.seat.x(bench, memory) > 0.5;
        self.seat.set_x(bench, memory, if is { 1.0 } else { 0.0 });
        is && !was
    }

    fn refusal(&self, bench: &Bench) -> Option<Refusal> {
        let refuse = |why: &str| Some(Refusal::NotPermitted(format!("{} {why}", self.name)));
        if !self.is_asked(bench, PERMIT) {
            return refuse("has no permit");
        }
        if self.state(bench) != State::Stopped {
            return refuse("is not stopped");
        }
        if !self.is_asked(bench, SUPPLY) {
            return refuse("has no voltage");
        }
        self.is_held_tripped(bench).then(|| Refusal::CausePresent(self.name.clone()))
    }

    fn switch(&self, bench: &mut Bench) {
        let must_trip = self.is_held_tripped(bench) || !self.is_asked(bench, SUPPLY);
        if must_trip && self.state(bench).is_on() {
            self.enter(bench, State::Tripped);
        }
        let starts = self.has_risen(bench, START, X_START_WAS);
        if self.has_risen(bench, STOP, X_STOP_WAS) {
            self.stop_now(bench);
        } else if starts && self.refusal(bench).is_none() {
            self.enter(bench, State::Loaded);
        }
    }

    fn stop_now(&self, bench: &mut Bench) {
        if self.state(bench).is_on() {
            self.enter(bench, State::Stopped);
        }
    }

    fn control(&self, bench: &mut Bench) {
        if self.seat.p(bench, LOAD_STUCK) > 0.5 {
            return;
        }
        let pressure = self.seat.input(bench, PRESSURE);
        let next = match self.state(bench) {
            State::Unloaded if pressure < self.seat.p(bench, LOAD_AT) => State::Loaded,
            State::Loaded if pressure > self.seat.p(bench, UNLOAD_AT) => State::Unloaded,
            state => state,
        };
        self.enter(bench, next);
    }

    fn write_state(&self, bench: &mut Bench) {
        let state = self.state(bench);
        let loaded = state == State::Loaded;
        let power_w = match state {
            State::Loaded => self.seat.p(bench, LOADED_W),
            State::Unloaded => self.seat.p(bench, UNLOADED_W),
            State::Stopped | State::Tripped => 0.0,
        };
        let delivery = if loaded { self.seat.p(bench, DELIVERY) * self.seat.p(bench, DELIVERY_FACTOR) } else { 0.0 };
        let cooler_w = self.seat.p(bench, COOLER_SHARE) * power_w;
        self.seat.set_y(bench, Y_STATE, state.number());
        self.seat.set_y(bench, Y_ON, if state.is_on() { 1.0 } else { 0.0 });
        self.seat.set_y(bench, Y_LOADED, if loaded { 1.0 } else { 0.0 });
        self.seat.set_y(bench, Y_DELIVERY, delivery);
        self.seat.set_y(bench, Y_POWER, power_w);
        self.seat.set_y(bench, Y_COOLER, cooler_w);
    }

    /// Temperature the discharge goes to when it is loaded for this share of the time.
    fn running_k(&self, bench: &Bench, load_share: f64) -> f64 {
        let p = |index| self.seat.p(bench, index);
        let warm = p(AIR_SLOPE) * (self.seat.input(bench, AMBIENT) - p(AIR_FROM)).max(0.0);
        let water = p(WATER_SLOPE) * (self.seat.input(bench, WATER) - p(WATER_FROM)).max(0.0);
        let dry = (2.0 - 2.0 * self.seat.input(bench, WATER_KG_S) / p(LEAST_WATER)).clamp(0.0, 1.0);
        p(UNLOADED_K) + (p(LOADED_K) - p(UNLOADED_K)) * load_share + warm + water + dry * p(DRY_K) + p(FOULING)
    }
}

impl Component for Compressor {
    fn seat(&self) -> &Seat {
        &self.seat
    }

    fn start(&self, bench: &mut Bench) {
        let number = self.seat.p(bench, START_STATE);
        self.enter(bench, State::from_number(number.round()).unwrap_or(State::Stopped));
        let load_share = self.seat.p(bench, START_LOAD);
        self.seat.set_x(bench, X_LOAD, load_share);
        self.seat.set_y(bench, Y_LOAD, load_share);
        self.write_state(bench);
    }

    fn act(&self, bench: &mut Bench) {
        self.switch(bench);
        self.control(bench);
        self.write_state(bench);
    }

    /// The measured state is taken over; without one that could be it acts by itself.
    fn follow(&self, bench: &mut Bench) {
        if self.seat.follows.first().copied().flatten().is_none() {
            return self.act(bench);
        }
        if let Some(state) = self.seat.reading(bench, 0).and_then(State::from_number) {
            self.enter(bench, state);
        }
        self.write_state(bench);
    }

    fn watch(&self, bench: &Bench, events: &mut Vec<f64>) {
        let pressure = self.seat.input(bench, PRESSURE);
        events.extend([LOAD_AT, UNLOAD_AT].map(|limit| pressure - self.seat.p(bench, limit)));
    }

    fn request(&self, bench: &mut Bench, request: Request) -> Result<(), Refusal> {
        match request {
            Request::Start => match self.refusal(bench) {
                Some(refusal) => return Err(refusal),
                None => self.enter(bench, State::Loaded),
            },
            Request::Stop => self.stop_now(bench),
            Request::Reset => {
                if self.is_held_tripped(bench) {
                    return Err(Refusal::CausePresent(self.name.clone()));
                }
                if self.state(bench) == State::Tripped {
                    self.enter(bench, State::Stopped);
                }
            }
            _ => return Err(Refusal::NotPermitted(format!("{} only starts, stops and resets", self.name))),
        }
        Ok(())
    }

    fn report(&self, bench: &mut Bench) {
        let state = self.state(bench);
        let load = self.seat.x(bench, X_LOAD);
        // The simulation starts with a machine that has run like this for long.
        let warm = self.seat.x(bench, X_WARM) > 0.5;
        let loaded = if state == State::Loaded { 1.0 } else { 0.0 };
        let target_k = match (state.is_on(), warm) {
            (false, _) => self.seat.input(bench, AMBIENT),
            (true, true) => self.running_k(bench, loaded),
            (true, false) => self.running_k(bench, load),
        };
        let share = if warm { lag::share(bench.dt_secs, self.seat.p(bench, DISCHARGE_LAG)) } else { 1.0 };
        let discharge_k = self.seat.x(bench, X_DISCHARGE);
        let discharge_k = discharge_k + (target_k - discharge_k) * share;
        let load = load + (loaded - load) * lag::share(bench.dt_secs, self.seat.p(bench, AVERAGE));
        for (state, value) in [(X_DISCHARGE, discharge_k), (X_LOAD, load), (X_WARM, 1.0)] {
            self.seat.set_x(bench, state, value);
        }
        self.seat.set_y(bench, Y_DISCHARGE, discharge_k);
        self.seat.set_y(bench, Y_LOAD, load);
    }
}
