//! Motors with what switches them.

use crate::command::{DriveState, Refusal};
use crate::equipment::lag;
use crate::equipment::motor::{Motor, Running};
use crate::flowsheet::Settings;
use crate::flowsheet::component::{Bench, Component, FollowSheet, InputSheet, Kind, Request, Seat};
use crate::sheet::{ParameterSheet, PointSheet, Sheet};

const RATED_W: usize = 0;
const FULL_LOAD_A: usize = 1;
const IDLE_SHARE: usize = 2;
const EFFICIENCY: usize = 3;
const CONVERTER_EFFICIENCY: usize = 4;
const RATED_RPM: usize = 5;
const RAMP: usize = 6;
const LOAD: usize = 7;
const FRICTION: usize = 8;
const START_SPEED: usize = 9;
const SPEED_TAG_SCALE: usize = 10;
const RIDE_THROUGH: usize = 11;
const UNDERVOLTAGE_TRIPS: usize = 12;
const WINDING_RISE: usize = 13;
const WINDING_LAG: usize = 14;
const TRIP: usize = 15;
const ISOLATED: usize = 16;
const LOCAL: usize = 17;
const FAIL_TO_START: usize = 18;

const DEMAND: usize = 0;
const PERMIT: usize = 1;
const START: usize = 2;
const STOP: usize = 3;
const TRIP_CAUSE: usize = 4;
const SHAFT: usize = 5;
const SUPPLY: usize = 6;
const AMBIENT: usize = 7;

const STATE: usize = 0;
const ON: usize = 1;
const SPEED: usize = 2;
const SPEED_RPM: usize = 3;
const CURRENT: usize = 4;
const POWER: usize = 5;
const WINDING: usize = 6;
const STARTS: usize = 7;

const X_STATE: usize = 0;
const X_SPEED: usize = 1;
/// Times of the last starts, s, the oldest first.
const X_STARTED: usize = 2;
const X_START_WAS: usize = 6;
const X_STOP_WAS: usize = 7;
/// How long the voltage has been away, s.
const X_DIP: usize = 8;
/// Rise of the winding over its surroundings, K.
const X_WINDING: usize = 9;
/// 1 once the winding has been set to what it settles at.
const X_WARM: usize = 10;

const STARTS_PER_HOUR: usize = 4;
/// A start that never was, s.
const LONG_AGO_SECS: f64 = -1e9;
/// A motor that has not turned this long after its start trips, s.
const LOCKED_SECS: f64 = 10.0;
/// How close to the speed asked for a start is over.
const NEAR: f64 = 0.02;

const FOLLOW_STATE: usize = 0;
const FOLLOW_SPEED: usize = 1;

/// A motor with its contactor or frequency converter.
pub const DRIVE: Kind = Kind {
    sheet: &Sheet {
        kind: "drive",
        title: "Motor drive",
        summary: "A motor with its contactor or frequency converter: starts, stops, trips, runs up and down, takes current and power.",
        equations: &[
            "on: n moves towards the demand by at most ramp·Δt; off: dn/dt = −n²/T_load − f",
            "I = I_full·√(i0² + (1 − i0²)·t²), t = (P_shaft/P_rated)/max(n, 0.1)",
            "P = P_shaft/(η·(1 − e^(−(P_shaft/P_rated)/0.07))·η_converter)",
            "the winding follows T_ambient + rise·(I/I_full)² with a lag",
            "state: 0 stopped, 1 starting, 2 running, 3 stopping, 4 tripped, 5 local, 6 isolated; at most four starts within an hour",
        ],
        parameters: &[
            ParameterSheet::required("rated_w", "W", (1.0, 1e8), "1e3 to 1e6", "Rated shaft power."),
            ParameterSheet::required("full_load_a", "A", (1e-3, 1e5), "2 A per kW at 400 V", "Current at rated power."),
            ParameterSheet::usual("idle_share", "", 0.4, (0.0, 1.0), "0.3 to 0.6", "No-load current over full-load current, i0."),
            ParameterSheet::usual("efficiency", "", 0.91, (0.1, 1.0), "0.85 to 0.96", "Efficiency above 30 % load."),
            ParameterSheet::usual("converter_efficiency", "", 1.0, (0.1, 1.0), "0.97; 1 without", "Efficiency of the frequency converter."),
            ParameterSheet::usual("rated_rpm", "rpm", 1450.0, (1.0, 1e5), "980, 1450, 2900", "Rated speed."),
            ParameterSheet::usual(
                "ramp_per_sec",
                "1/s",
                0.5,
                (1e-4, 100.0),
                "0.05 to 0.2; 0.5 without a converter",
                "Change of speed while on, shares of rated speed.",
            ),
            ParameterSheet::usual("load_secs", "s", 1.5, (1e-3, 1e4), "1 to 5", "Run-down under load, T_load."),
            ParameterSheet::usual("friction_per_sec", "1/s", 0.03, (0.0, 10.0), "0.02 to 0.1", "Run-down by friction, f."),
            ParameterSheet::usual(
                "start_speed",
                "",
                0.0,
                (0.0, 1.5),
                "0 or 1",
                "Speed at the start of the simulation; above 0 it is running.",
            ),
            ParameterSheet::usual(
                "speed_tag_scale",
                "",
                0.01,
                (1e-9, 1.0),
                "0.01 for %; 1/2900 for rpm",
                "Share of the rated speed in one unit of the tag whose speed it follows.",
            ),
            ParameterSheet::usual("ride_through_secs", "s", 0.0, (0.0, 60.0), "0.02 to 2", "How long it stays on without voltage."),
            ParameterSheet::usual(
                "undervoltage_trips",
                "0/1",
                1.0,
                (0.0, 1.0),
                "",
                "Without voltage 1: it trips, 0: it drops out and is ready again.",
            ),
            ParameterSheet::usual("winding_rise_k", "K", 80.0, (0.0, 200.0), "60 to 105", "Rise of the winding at full-load current."),
            ParameterSheet::usual("winding_lag_secs", "s", 900.0, (0.0, 1e5), "600 to 3600", "Lag of the winding temperature."),
            ParameterSheet::malfunction("trip", "0/1", 0.0, (0.0, 1.0), "Trips and cannot be reset while set."),
            ParameterSheet::malfunction("isolated", "0/1", 0.0, (0.0, 1.0), "Isolated for maintenance."),
            ParameterSheet::malfunction("local", "0/1", 0.0, (0.0, 1.0), "Switched to local and off."),
            ParameterSheet::malfunction("fail_to_start", "0/1", 0.0, (0.0, 1.0), "Does not turn when started, and trips after 10 s."),
        ],
        points: &[
            PointSheet::new("state", "", "State by its number."),
            PointSheet::new("on", "0/1", "1 while switched on."),
            PointSheet::new("speed", "", "Speed over rated speed."),
            PointSheet::new("speed_rpm", "rpm", "Speed."),
            PointSheet::new("current_a", "A", "Motor current."),
            PointSheet::new("power_w", "W", "Electrical power."),
            PointSheet::new("winding_k", "K", "Temperature of the winding."),
            PointSheet::new("starts_last_hour", "", "Starts within the last hour."),
        ],
        validity: "No slip with load, no inrush current, no torque balance: the speed follows its ramp whatever the load. Run-down in four implicit steps per step. The winding cools with the same lag standing as running.",
        sources: &["Circle diagram of the induction motor", "IEC 60034-1: duty and temperature rise"],
    },
    follows: &[
        FollowSheet { name: "state", meaning: "Measured state by its number." },
        FollowSheet { name: "speed", meaning: "Measured speed, in units of speed_tag_scale." },
    ],
    inputs: &[
        InputSheet { name: "demand", default: Some(1.0), meaning: "Speed asked for over rated speed." },
        InputSheet { name: "permit", default: Some(1.0), meaning: "0: must not start." },
        InputSheet { name: "start", default: Some(0.0), meaning: "Starts it when it rises to 1: standby logic, a sequence." },
        InputSheet { name: "stop", default: Some(0.0), meaning: "Stops it when it rises to 1: a sequence." },
        InputSheet { name: "trip_cause", default: Some(0.0), meaning: "1: trips it, and it cannot be reset." },
        InputSheet { name: "shaft_w", default: Some(0.0), meaning: "Power its machine takes at the shaft, W." },
        InputSheet { name: "supply", default: Some(1.0), meaning: "1: voltage is there, 0: it is not." },
        InputSheet { name: "ambient_k", default: Some(293.15), meaning: "Temperature around it, K." },
    ],
    states: 11,
    build: |seat, settings: &Settings| Ok(Box::new(Drive { seat, name: settings.component.to_owned() })),
    ..Kind::PLAIN
};

#[derive(Debug)]
struct Drive {
    seat: Seat,
    name: String,
}

impl Drive {
    fn state(&self, bench: &Bench) -> DriveState {
        DriveState::from_number(self.seat.x(bench, X_STATE)).unwrap_or(DriveState::Stopped)
    }

    fn enter(&self, bench: &mut Bench, state: DriveState) {
        self.seat.set_x(bench, X_STATE, state.number());
    }

    fn is_set(&self, bench: &Bench, parameter: usize) -> bool {
        self.seat.p(bench, parameter) > 0.5
    }

    fn is_asked(&self, bench: &Bench, input: usize) -> bool {
        self.seat.input(bench, input) > 0.5
    }

    /// Whether an input has risen since the step before.
    fn has_risen(&self, bench: &mut Bench, input: usize, memory: usize) -> bool {
        let is = self.is_asked(bench, input);
        let was = self.seat.x(bench, memory) > 0.5;
        self.seat.set_x(bench, memory, if is { 1.0 } else { 0.0 });
        is && !was
    }

    fn starts_last_hour(&self, bench: &Bench, now_secs: f64) -> usize {
        (0..STARTS_PER_HOUR).filter(|&index| now_secs - self.seat.x(bench, X_STARTED + index) < 3600.0).count()
    }

    fn lock(&self, bench: &mut Bench, parameter: usize, locked: bool) {
        bench.p[self.seat.parameter + parameter] = if locked { 1.0 } else { 0.0 };
    }

    fn refusal(&self, bench: &Bench) -> Option<Refusal> {
        let refuse = |why: &str| Some(Refusal::NotPermitted(format!("{} {why}", self.name)));
        if !self.is_asked(bench, PERMIT) {
            return refuse("has no permit");
        }
        if !matches!(self.state(bench), DriveState::Stopped | DriveState::Stopping) {
            return refuse("is not stopped and ready");
        }
        if !self.is_asked(bench, SUPPLY) {
            return refuse("has no voltage");
        }
        (self.starts_last_hour(bench, bench.time_secs) >= STARTS_PER_HOUR).then_some(Refusal::TooManyStarts)
    }

    fn start_now(&self, bench: &mut Bench) {
        for index in 1..STARTS_PER_HOUR {
            let later = self.seat.x(bench, X_STARTED + index);
            self.seat.set_x(bench, X_STARTED + index - 1, later);
        }
        let now_secs = bench.time_secs;
        self.seat.set_x(bench, X_STARTED + STARTS_PER_HOUR - 1, now_secs);
        self.enter(bench, DriveState::Starting);
    }

    fn stop_now(&self, bench: &mut Bench) {
        if self.state(bench).is_on() {
            self.enter(bench, DriveState::Stopping);
        }
    }

    fn trip_now(&self, bench: &mut Bench) {
        let state = self.state(bench);
        if state.is_on() || state == DriveState::Stopping {
            self.enter(bench, DriveState::Tripped);
        }
    }

    /// Isolation and the local switch take the drive away and give it back stopped.
    fn lock_out(&self, bench: &mut Bench) {
        let locked = if self.is_set(bench, ISOLATED) {
            Some(DriveState::Isolated)
        } else if self.is_set(bench, LOCAL) {
            Some(DriveState::Local)
        } else {
            None
        };
        match (locked, self.state(bench)) {
            (Some(state), _) => self.enter(bench, state),
            (None, DriveState::Isolated | DriveState::Local) => self.enter(bench, DriveState::Stopped),
            _ => {}
        }
    }

    fn mind_supply(&self, bench: &mut Bench) {
        let away_secs = if self.is_asked(bench, SUPPLY) { 0.0 } else { self.seat.x(bench, X_DIP) + bench.dt_secs };
        self.seat.set_x(bench, X_DIP, away_secs);
        if away_secs > self.seat.p(bench, RIDE_THROUGH) && self.state(bench).is_on() {
            if self.is_set(bench, UNDERVOLTAGE_TRIPS) { self.trip_now(bench) } else { self.stop_now(bench) }
        }
    }

    fn switch(&self, bench: &mut Bench) {
        self.lock_out(bench);
        if self.is_set(bench, TRIP) || self.is_asked(bench, TRIP_CAUSE) {
            self.trip_now(bench);
        }
        self.mind_supply(bench);
        let starts = self.has_risen(bench, START, X_START_WAS);
        if self.has_risen(bench, STOP, X_STOP_WAS) {
            self.stop_now(bench);
        } else if starts && self.refusal(bench).is_none() {
            self.start_now(bench);
        }
    }

    /// Runs up or down, and notices when it is there.
    fn turn(&self, bench: &mut Bench) {
        let running = Running {
            ramp_per_sec: self.seat.p(bench, RAMP),
            load_secs: self.seat.p(bench, LOAD),
            friction_per_sec: self.seat.p(bench, FRICTION),
        };
        let demand = self.seat.input(bench, DEMAND).clamp(0.0, 1.5);
        let state = self.state(bench);
        let locked = state == DriveState::Starting && self.is_set(bench, FAIL_TO_START);
        let voltage = self.seat.x(bench, X_DIP) <= 0.0;
        let drives = state.is_on() && !locked && voltage;
        let speed = running.step(self.seat.x(bench, X_SPEED), bench.dt_secs, drives, demand);
        self.seat.set_x(bench, X_SPEED, speed);
        match state {
            DriveState::Starting if drives && speed >= demand - NEAR => self.enter(bench, DriveState::Running),
            DriveState::Starting if locked => {
                let since_secs = bench.time_secs + bench.dt_secs - self.seat.x(bench, X_STARTED + STARTS_PER_HOUR - 1);
                if since_secs > LOCKED_SECS {
                    self.trip_now(bench);
                }
            }
            DriveState::Stopping if speed < 0.01 => self.enter(bench, DriveState::Stopped),
            _ => {}
        }
    }

    fn write_motion(&self, bench: &mut Bench) {
        let (state, speed) = (self.state(bench), self.seat.x(bench, X_SPEED));
        self.seat.set_y(bench, STATE, state.number());
        self.seat.set_y(bench, ON, if state.is_on() { 1.0 } else { 0.0 });
        self.seat.set_y(bench, SPEED, speed);
        let rated_rpm = self.seat.p(bench, RATED_RPM);
        self.seat.set_y(bench, SPEED_RPM, speed * rated_rpm);
    }

    fn motor(&self, bench: &Bench) -> Motor {
        Motor {
            rated_w: self.seat.p(bench, RATED_W),
            full_load_a: self.seat.p(bench, FULL_LOAD_A),
            idle_share: self.seat.p(bench, IDLE_SHARE),
            efficiency: self.seat.p(bench, EFFICIENCY),
            drive_efficiency: self.seat.p(bench, CONVERTER_EFFICIENCY),
        }
    }
}

impl Component for Drive {
    fn seat(&self) -> &Seat {
        &self.seat
    }

    fn start(&self, bench: &mut Bench) {
        let speed = self.seat.p(bench, START_SPEED);
        self.seat.set_x(bench, X_SPEED, speed);
        for index in 0..STARTS_PER_HOUR {
            self.seat.set_x(bench, X_STARTED + index, LONG_AGO_SECS);
        }
        self.enter(bench, if speed > 0.0 { DriveState::Running } else { DriveState::Stopped });
        self.write_motion(bench);
    }

    fn act(&self, bench: &mut Bench) {
        self.switch(bench);
        self.turn(bench);
        self.write_motion(bench);
    }

    /// What is measured is taken over. A drive that follows its speed alone is on while it turns; one that follows its
    /// state alone runs up and down by itself.
    fn follow(&self, bench: &mut Bench) {
        let followed = |index: usize| self.seat.follows.get(index).copied().flatten().is_some();
        if !followed(FOLLOW_STATE) && !followed(FOLLOW_SPEED) {
            return self.act(bench);
        }
        if let Some(state) = self.seat.reading(bench, FOLLOW_STATE).and_then(DriveState::from_number) {
            self.enter(bench, state);
            // What is locked out in the real plant has to stay so when the plant goes on by itself.
            self.lock(bench, ISOLATED, state == DriveState::Isolated);
            self.lock(bench, LOCAL, state == DriveState::Local);
        }
        if let Some(reading) = self.seat.reading(bench, FOLLOW_SPEED) {
            let speed = (reading * self.seat.p(bench, SPEED_TAG_SCALE)).clamp(0.0, 1.5);
            self.seat.set_x(bench, X_SPEED, speed);
            if !followed(FOLLOW_STATE) {
                self.enter(bench, if speed > NEAR { DriveState::Running } else { DriveState::Stopped });
            }
        } else if !followed(FOLLOW_SPEED) {
            self.turn(bench);
        }
        self.write_motion(bench);
    }

    fn request(&self, bench: &mut Bench, request: Request) -> Result<(), Refusal> {
        match request {
            Request::Start => match self.refusal(bench) {
                Some(refusal) => return Err(refusal),
                None => self.start_now(bench),
            },
            Request::Stop => self.stop_now(bench),
            Request::Reset => {
                if self.is_set(bench, TRIP) || self.is_asked(bench, TRIP_CAUSE) {
                    return Err(Refusal::CausePresent(self.name.clone()));
                }
                if self.state(bench) == DriveState::Tripped {
                    self.enter(bench, DriveState::Stopping);
                }
            }
            _ => return Err(Refusal::NotPermitted(format!("{} only starts, stops and resets", self.name))),
        }
        Ok(())
    }

    fn report(&self, bench: &mut Bench) {
        let motor = self.motor(bench);
        let on = self.state(bench).is_on();
        let shaft_w = self.seat.input(bench, SHAFT).max(0.0);
        let current_a = if on { motor.current_a(shaft_w, self.seat.x(bench, X_SPEED)) } else { 0.0 };
        self.seat.set_y(bench, CURRENT, current_a);
        self.seat.set_y(bench, POWER, if on { motor.electrical_w(shaft_w) } else { 0.0 });
        let target_k = motor.winding_rise_k(current_a, self.seat.p(bench, WINDING_RISE));
        let rise_k = self.seat.x(bench, X_WINDING);
        // The simulation starts with a winding that has felt its load for long.
        let warm = self.seat.x(bench, X_WARM) > 0.5;
        let share = if warm { lag::share(bench.dt_secs, self.seat.p(bench, WINDING_LAG)) } else { 1.0 };
        self.seat.set_x(bench, X_WARM, 1.0);
        self.seat.set_x(bench, X_WINDING, rise_k + (target_k - rise_k) * share);
        let winding_k = self.seat.input(bench, AMBIENT) + self.seat.x(bench, X_WINDING);
        self.seat.set_y(bench, WINDING, winding_k);
        let starts = self.starts_last_hour(bench, bench.time_secs + bench.dt_secs);
        self.seat.set_y(bench, STARTS, starts as f64);
    }
}
