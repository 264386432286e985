//! Air dryers.

use crate::equipment::lag;
use crate::flowsheet::Settings;
use crate::flowsheet::component::{Bench, Component, InputSheet, Kind, Seat};
use crate::sheet::{ParameterSheet, PointSheet, Sheet};

const LOSS: usize = 0;
const PURGE: usize = 1;
const PURGE_REFERENCE: usize = 2;
const DRY_K: usize = 3;
const WET_K: usize = 4;
const RATED: usize = 5;
const SLOPE: usize = 6;
const LAG: usize = 7;
const SATURATION: usize = 8;
const LOSS_FACTOR: usize = 9;
const PURGE_FACTOR: usize = 10;
const STUCK: usize = 11;

const PRESSURE: usize = 0;
const FLOWS: usize = 4;

const Y_LOSS: usize = 0;
const Y_PURGE: usize = 1;
const Y_THROUGHPUT: usize = 2;
const Y_DEW_POINT: usize = 3;

const X_DEW_POINT: usize = 0;

/// Pressure outside, Pa.
const OUTSIDE_PA: f64 = 101_325.0;

/// A heatless desiccant dryer.
pub const AIR_DRYER: Kind = Kind {
    sheet: &Sheet {
        kind: "air_dryer",
        title: "Air dryer",
        summary: "A heatless desiccant dryer with its filter: two towers take turns, and some dry air regenerates the one at rest.",
        equations: &[
            "loss = factor·loss_pa",
            "q_purge = factor·q_rated·p/p_ref, absolute pressures: a choked orifice",
            "throughput = Σ flow + q_purge",
            "T_dry' = T_dry + slope·(throughput − rated)⁺, at most T_wet; where the purge is less than its rate, the missing share of the way to T_wet more",
            "the dew point follows T_dry' with a lag; towers that no longer change over: T_wet with the saturation time",
        ],
        parameters: &[
            ParameterSheet::usual("loss_pa", "Pa", 2.5e4, (0.0, 1e6), "1e4 to 4e4", "Loss over dryer and filter."),
            ParameterSheet::required("purge_nm3_h", "Nm³/h", (0.0, 1e5), "15 % of rated", "Purge at the reference pressure, on average."),
            ParameterSheet::usual(
                "purge_reference_gauge_pa",
                "Pa gauge",
                7e5,
                (0.0, 1e7),
                "7e5",
                "Reference pressure of the purge, p_ref.",
            ),
            ParameterSheet::usual("dry_k", "K", 231.15, (173.15, 300.0), "203 to 248", "Dew point up to the rated throughput."),
            ParameterSheet::usual("wet_k", "K", 303.15, (233.15, 350.0), "303", "Dew point of the air that comes in."),
            ParameterSheet::required(
                "rated_nm3_h",
                "Nm³/h",
                (1e-3, 1e6),
                "size of the dryer",
                "Throughput above which the dew point rises.",
            ),
            ParameterSheet::usual(
                "dew_point_slope",
                "K/(Nm³/h)",
                0.35,
                (0.0, 100.0),
                "40 K over its own rating",
                "Rise of the dew point per throughput above it.",
            ),
            ParameterSheet::usual("lag_secs", "s", 600.0, (0.0, 1e5), "300 to 1800", "Lag of the dew point."),
            ParameterSheet::usual(
                "saturation_secs",
                "s",
                1800.0,
                (1.0, 1e6),
                "600 to 3600",
                "Time constant with which a tower that is not regenerated wears out.",
            ),
            ParameterSheet::malfunction("loss_factor", "", 1.0, (0.0, 40.0), "Loss against the data sheet: a blocked filter.").worst(15.0),
            ParameterSheet::malfunction(
                "purge_factor",
                "",
                1.0,
                (0.0, 8.0),
                "Purge against the data sheet: above 1 a purge valve stuck open, below 1 one that stays shut.",
            )
            .worst(4.0),
            ParameterSheet::malfunction("stuck", "0/1", 0.0, (0.0, 1.0), "The towers no longer change over."),
        ],
        points: &[
            PointSheet::new("loss_pa", "Pa", "Loss over dryer and filter."),
            PointSheet::new("purge_nm3_h", "Nm³/h", "Purge, to be drawn from the receiver."),
            PointSheet::new("throughput_nm3_h", "Nm³/h", "What flows through it, purge included."),
            PointSheet::new("dew_point_k", "K", "Pressure dew point behind it."),
        ],
        validity: "The loss does not depend on the flow, the dew point not on pressure and temperature; the purge is averaged over the changes of the towers.",
        sources: &["Classes and tests of dryers: ISO 7183", "Purity classes: ISO 8573-1"],
    },
    inputs: &[
        InputSheet { name: "pressure_pa", default: None, meaning: "Pressure before it, Pa absolute." },
        InputSheet { name: "flow_1_nm3_h", default: Some(0.0), meaning: "What is drawn behind it, Nm³/h." },
        InputSheet { name: "flow_2_nm3_h", default: Some(0.0), meaning: "What is drawn behind it, Nm³/h." },
        InputSheet { name: "flow_3_nm3_h", default: Some(0.0), meaning: "What is drawn behind it, Nm³/h." },
        InputSheet { name: "flow_4_nm3_h", default: Some(0.0), meaning: "What is drawn behind it, Nm³/h." },
    ],
    states: 1,
    build: |seat, _: &Settings| Ok(Box::new(Dryer { seat })),
    ..Kind::PLAIN
};

#[derive(Debug)]
struct Dryer {
    seat: Seat,
}

impl Dryer {
    /// Dew point it settles at, and how fast.
    fn dew_point(&self, bench: &Bench, throughput_nm3_h: f64) -> (f64, f64) {
        let p = |index| self.seat.p(bench, index);
        let wet_k = p(WET_K).max(p(DRY_K));
        if p(STUCK) > 0.5 {
            return (wet_k, p(SATURATION));
        }
        let loaded_k = (p(DRY_K) + p(SLOPE) * (throughput_nm3_h - p(RATED)).max(0.0)).min(wet_k);
        let missing = (1.0 - p(PURGE_FACTOR)).max(0.0);
        (loaded_k + (wet_k - loaded_k) * missing, p(LAG))
    }
}

impl Component for Dryer {
    fn seat(&self) -> &Seat {
        &self.seat
    }

    fn start(&self, bench: &mut Bench) {
        self.act(bench);
        let dry_k = self.seat.p(bench, DRY_K);
        self.seat.set_x(bench, X_DEW_POINT, dry_k);
        self.seat.set_y(bench, Y_DEW_POINT, dry_k);
    }

    fn act(&self, bench: &mut Bench) {
        let p = |index| self.seat.p(bench, index);
        let loss_pa = p(LOSS) * p(LOSS_FACTOR);
        let pressure = self.seat.input(bench, PRESSURE).max(0.0) / (p(PURGE_REFERENCE) + OUTSIDE_PA);
        let purge = p(PURGE) * p(PURGE_FACTOR) * pressure;
        self.seat.set_y(bench, Y_LOSS, loss_pa);
        self.seat.set_y(bench, Y_PURGE, purge);
    }

    fn report(&self, bench: &mut Bench) {
        let drawn: f64 = (1..=FLOWS).map(|input| self.seat.input(bench, input).max(0.0)).sum();
        let throughput = drawn + self.seat.y(bench, Y_PURGE);
        let (target_k, lag_secs) = self.dew_point(bench, throughput);
        let dew_point_k = self.seat.x(bench, X_DEW_POINT);
        let dew_point_k = dew_point_k + (target_k - dew_point_k) * lag::share(bench.dt_secs, lag_secs);
        self.seat.set_x(bench, X_DEW_POINT, dew_point_k);
        self.seat.set_y(bench, Y_THROUGHPUT, throughput);
        self.seat.set_y(bench, Y_DEW_POINT, dew_point_k);
    }
}
