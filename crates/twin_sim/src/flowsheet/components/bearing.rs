//! Bearings of machines.

use crate::equipment::bearing::{BearingHeat, friction_w};
use crate::equipment::lag;
use crate::flowsheet::Settings;
use crate::flowsheet::component::{Bench, Component, InputSheet, Kind, Seat};
use crate::sheet::{ParameterSheet, PointSheet, Sheet};

const CASING: usize = 0;
const CASING_REST: usize = 1;
const LIQUID_SHARE: usize = 2;
const LIQUID_NORMAL: usize = 3;
const ROLLING: usize = 4;
const WORN: usize = 5;
const NORMAL_SPEED: usize = 6;
const LAG: usize = 7;
const WORN_FRICTION: usize = 8;
const WEAR: usize = 9;
const RING_LAG_SHARE: usize = 10;
const RING_AT_SENSOR: usize = 11;

const SPEED: usize = 0;
const AMBIENT: usize = 1;
const LOAD: usize = 2;
const LIQUID: usize = 3;
const OTHER_WEAR: usize = 4;

const TEMP: usize = 0;
const FRICTION_NOW: usize = 1;
const WEAR_NOW: usize = 2;

const X_FIRST: usize = 0;
const X_SECOND: usize = 1;
/// 1 once it has been set to the temperature it settles at.
const X_SETTLED: usize = 2;

const LIQUID_RANGE_K: (f64, f64) = (-26.0, 30.0);

macro_rules! with_common_parameters {
    ($($more:expr),*) => {
        &[
            ParameterSheet::usual("casing_k", "K", 8.0, (0.0, 200.0), "0 to 20", "Rise by the warm casing."),
            ParameterSheet::usual("casing_rest_k", "K", 0.0, (0.0, 200.0), "0 to 10", "Rise on top at rest, gone at half speed: no draught cools it."),
            ParameterSheet::usual("liquid_share", "", 0.0, (0.0, 1.0), "0.3", "Kelvin per kelvin of the liquid over its normal temperature."),
            ParameterSheet::usual("liquid_normal_k", "K", 293.15, (200.0, 500.0), "", "Normal temperature of the liquid."),
            ParameterSheet::usual("rolling_k", "K", 28.0, (0.0, 200.0), "20 to 40", "Rise by rolling at normal speed and load."),
            ParameterSheet::usual("worn_k", "K", 55.0, (0.0, 500.0), "20 to 60", "Rise at wear 1."),
            ParameterSheet::usual("normal_speed", "", 1.0, (0.05, 1.5), "0.9 to 1", "Speed over rated speed that the figures refer to."),
            ParameterSheet::usual("lag_secs", "s", 900.0, (1.0, 1e5), "600 to 1800", "Lag of its temperature."),
            ParameterSheet::usual("worn_friction_w", "W", 0.0, (0.0, 1e6), "2 to 5 % of the power", "Friction at wear 1 and rated speed."),
            ParameterSheet::malfunction("bearing_wear", "", 0.0, (0.0, 2.0), "Wear, 1 at the end of its life.")
            $(, $more)*
        ]
    };
}

const INPUTS: &[InputSheet] = &[
    InputSheet { name: "speed", default: None, meaning: "Speed over rated speed." },
    InputSheet { name: "ambient_k", default: Some(293.15), meaning: "Temperature around it, K." },
    InputSheet { name: "load", default: Some(1.0), meaning: "Load over normal load: scales the rise by rolling." },
    InputSheet { name: "liquid_k", default: Some(293.15), meaning: "Temperature of the liquid in the casing, K." },
    InputSheet { name: "felt_wear", default: Some(0.0), meaning: "Wear of another bearing that it feels, on top of its own." },
];

const POINTS: &[PointSheet] = &[
    PointSheet::new("temp_k", "K", "Temperature at the sensor."),
    PointSheet::new("friction_w", "W", "Power lost to the friction of wear."),
    PointSheet::new("wear", "", "Wear it feels."),
];

const RISE: &str = "rise = casing + rest·max(0, 1 − n/0.5) + share·clamp(T_liquid − T_normal, −26 K, 30 K) + rolling·load·(n/n_normal)² + worn·wear^1.5·min(1, (n/n_normal)/0.3)";
const FRICTION: &str = "P = P_worn·wear·n";
const SOURCES: &[&str] = &["Form of the trends after ISO 15243; the figures are those of the machine"];

/// A bearing with one lag.
pub const BEARING: Kind = Kind {
    sheet: &Sheet {
        kind: "bearing",
        title: "Bearing",
        summary: "A rolling bearing whose temperature follows its speed, load and wear with one lag; it starts settled.",
        equations: &[RISE, "lag·dT/dt = T_ambient + rise − T", FRICTION],
        parameters: with_common_parameters!(),
        points: POINTS,
        validity: "One temperature for ring, housing and grease; the lag is the same warming and cooling. Exact for any step while its load holds still.",
        sources: SOURCES,
    },
    inputs: INPUTS,
    states: 3,
    build: |seat, _: &Settings| Ok(Box::new(Bearing { seat, two_nodes: false })),
    ..Kind::PLAIN
};

/// A bearing with two thermal nodes.
pub const BEARING_TWO_NODE: Kind = Kind {
    sheet: &Sheet {
        kind: "bearing_two_node",
        title: "Bearing with ring and housing",
        summary: "A rolling bearing as a small warm ring in a large housing; the sensor feels mostly the housing. It starts settled.",
        equations: &[
            RISE,
            "a·lag·dT_ring/dt = T_ambient + rise − T_ring, (1 − a)·lag·dT_housing/dt = T_ring − T_housing",
            "T = s·T_ring + (1 − s)·T_housing",
            FRICTION,
        ],
        parameters: with_common_parameters!(
            ParameterSheet::usual("ring_lag_share", "", 0.15, (0.01, 0.45), "0.1 to 0.2", "Share a of the lag that is the ring's."),
            ParameterSheet::usual("ring_at_sensor", "", 0.3, (0.0, 1.0), "0.3", "Share s of the ring in what the sensor feels.")
        ),
        points: POINTS,
        validity: "The ring does not notice that the housing takes heat from it. Exact for any step while its load holds still.",
        sources: SOURCES,
    },
    inputs: INPUTS,
    states: 3,
    build: |seat, _: &Settings| Ok(Box::new(Bearing { seat, two_nodes: true })),
    ..Kind::PLAIN
};

#[derive(Debug)]
struct Bearing {
    seat: Seat,
    two_nodes: bool,
}

impl Bearing {
    fn wear(&self, bench: &Bench) -> f64 {
        self.seat.p(bench, WEAR) + self.seat.input(bench, OTHER_WEAR).max(0.0)
    }

    fn target_k(&self, bench: &Bench) -> f64 {
        let speed = self.seat.input(bench, SPEED).max(0.0);
        let heat = BearingHeat {
            casing_k: self.seat.p(bench, CASING) + self.seat.p(bench, CASING_REST) * (1.0 - speed / 0.5).max(0.0),
            rolling_k: self.seat.p(bench, ROLLING) * self.seat.input(bench, LOAD).max(0.0),
            worn_k: self.seat.p(bench, WORN),
            lag_secs: self.seat.p(bench, LAG),
        };
        let warmer_k = self.seat.input(bench, LIQUID) - self.seat.p(bench, LIQUID_NORMAL);
        let liquid_k = self.seat.p(bench, LIQUID_SHARE) * warmer_k.clamp(LIQUID_RANGE_K.0, LIQUID_RANGE_K.1);
        let relative = speed / self.seat.p(bench, NORMAL_SPEED);
        self.seat.input(bench, AMBIENT) + liquid_k + heat.settled_rise_k(relative, self.wear(bench))
    }

    fn nodes(&self, bench: &Bench, target_k: f64) -> [f64; 2] {
        let before = [self.seat.x(bench, X_FIRST), self.seat.x(bench, X_SECOND)];
        let lag_secs = self.seat.p(bench, LAG);
        if self.seat.x(bench, X_SETTLED) < 0.5 {
            return [target_k; 2];
        }
        if self.two_nodes {
            let ring = self.seat.p(bench, RING_LAG_SHARE);
            return lag::two_in_a_row(before, target_k, bench.dt_secs, [ring * lag_secs, (1.0 - ring) * lag_secs]);
        }
        [before[0] + (target_k - before[0]) * lag::share(bench.dt_secs, lag_secs); 2]
    }
}

impl Component for Bearing {
    fn seat(&self) -> &Seat {
        &self.seat
    }

    fn start(&self, bench: &mut Bench) {
        let ambient_k = self.seat.input(bench, AMBIENT);
        self.seat.set_y(bench, TEMP, ambient_k);
        self.act(bench);
    }

    /// Who feels its wear reads it in the same step.
    fn act(&self, bench: &mut Bench) {
        let wear = self.wear(bench);
        self.seat.set_y(bench, WEAR_NOW, wear);
    }

    fn report(&self, bench: &mut Bench) {
        let target_k = self.target_k(bench);
        let [first, second] = self.nodes(bench, target_k);
        self.seat.set_x(bench, X_FIRST, first);
        self.seat.set_x(bench, X_SECOND, second);
        self.seat.set_x(bench, X_SETTLED, 1.0);
        let ring = if self.two_nodes { self.seat.p(bench, RING_AT_SENSOR) } else { 1.0 };
        self.seat.set_y(bench, TEMP, ring * first + (1.0 - ring) * second);
        let wear = self.wear(bench);
        let speed = self.seat.input(bench, SPEED);
        let friction = friction_w(self.seat.p(bench, WORN_FRICTION), wear, speed);
        self.seat.set_y(bench, FRICTION_NOW, friction);
    }
}
