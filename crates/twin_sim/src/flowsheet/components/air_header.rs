//! Instrument air headers behind a pressure regulator.

use crate::flowsheet::Settings;
use crate::flowsheet::component::{Bench, Component, FollowSheet, InputSheet, Kind, Seat};
use crate::sheet::{ParameterSheet, PointSheet, Sheet};

const SET: usize = 0;
const NEAR: usize = 1;
const RECEIVER_MOST: usize = 2;
const TAG_SCALE: usize = 3;
const SHIFT: usize = 4;

const RECEIVER: usize = 0;
const LOSS: usize = 1;

const Y_PRESSURE: usize = 0;
const Y_GAUGE: usize = 1;
const Y_RECEIVER_LEAST: usize = 2;
const Y_RECEIVER_MOST: usize = 3;

/// 1 while the pressure is that of a reading.
const X_IMPOSED: usize = 0;

/// Pressure outside, Pa.
const OUTSIDE_PA: f64 = 101_325.0;
/// Highest gauge pressure a reading may impose, Pa.
const MOST_READING_PA: f64 = 2e6;
/// Bounds that bind no receiver, Pa absolute.
const UNBOUND: [f64; 2] = [0.0, 1e9];

/// A header behind a pressure regulator.
pub const AIR_HEADER: Kind = Kind {
    sheet: &Sheet {
        kind: "air_header",
        title: "Instrument air header",
        summary: "What a regulator makes of the pressure of the receiver behind dryer and filter: the air that valves stroke with.",
        equations: &[
            "p = min(p_set + shift, p_receiver − loss), not below the pressure outside",
            "following a reading: p = reading; within near of the set pressure the receiver is anywhere between p_set + loss and receiver_most, below that at p + loss",
        ],
        parameters: &[
            ParameterSheet::required("set_gauge_pa", "Pa gauge", (0.0, 2e6), "5.5e5", "Set pressure of the regulator."),
            ParameterSheet::usual(
                "near_pa",
                "Pa",
                5e3,
                (0.0, 1e5),
                "5e3",
                "How far below the set pressure a reading still says that the regulator regulates.",
            ),
            ParameterSheet::usual(
                "receiver_most_gauge_pa",
                "Pa gauge",
                7.4e5,
                (0.0, 1e8),
                "unloading pressure",
                "The receiver is not above this one while a reading is followed.",
            ),
            ParameterSheet::usual(
                "pressure_tag_scale",
                "Pa",
                1e5,
                (1e-3, 1e9),
                "1e5 for bar",
                "One unit of the gauge pressure it follows.",
            ),
            ParameterSheet::malfunction(
                "regulator_shift_pa",
                "Pa",
                0.0,
                (-2e6, 2e6),
                "The regulator holds this much more than its set pressure: a tired spring, a torn diaphragm.",
            )
            .worst(-3e5),
        ],
        points: &[
            PointSheet::new("pressure_pa", "Pa", "Pressure, absolute."),
            PointSheet::new("gauge_pa", "Pa gauge", "Pressure over the one outside."),
            PointSheet::new("receiver_least_pa", "Pa", "Pressure the receiver has at least, absolute, as the reading says; 0 without one."),
            PointSheet::new("receiver_most_pa", "Pa", "Pressure the receiver has at most, absolute, as the reading says; 1e9 without one."),
        ],
        validity: "The regulator is fast and has no droop; the volume of the header counts with the receiver. It shows the pressure of the receiver at the end of a step when it stands behind it in the plant file, else that of the step before.",
        sources: &["Self-operated pressure regulators: IEC 60534-1"],
    },
    follows: &[FollowSheet { name: "pressure", meaning: "Measured gauge pressure, in units of pressure_tag_scale." }],
    inputs: &[
        InputSheet { name: "receiver_pa", default: None, meaning: "Pressure of the receiver, Pa absolute." },
        InputSheet { name: "loss_pa", default: Some(0.0), meaning: "Loss over dryer and filter, Pa." },
    ],
    states: 1,
    build: |seat, _: &Settings| Ok(Box::new(AirHeader { seat })),
    ..Kind::PLAIN
};

#[derive(Debug)]
struct AirHeader {
    seat: Seat,
}

impl AirHeader {
    fn set_pa(&self, bench: &Bench) -> f64 {
        self.seat.p(bench, SET) + OUTSIDE_PA
    }

    fn show(&self, bench: &mut Bench, pressure_pa: f64, [least_pa, most_pa]: [f64; 2]) {
        self.seat.set_y(bench, Y_PRESSURE, pressure_pa);
        self.seat.set_y(bench, Y_GAUGE, pressure_pa - OUTSIDE_PA);
        self.seat.set_y(bench, Y_RECEIVER_LEAST, least_pa);
        self.seat.set_y(bench, Y_RECEIVER_MOST, most_pa);
    }

    fn regulate(&self, bench: &mut Bench) {
        let set_pa = self.set_pa(bench) + self.seat.p(bench, SHIFT);
        let available_pa = self.seat.input(bench, RECEIVER) - self.seat.input(bench, LOSS);
        self.show(bench, set_pa.min(available_pa).max(OUTSIDE_PA), UNBOUND);
    }

    /// What a reading of this header says about the receiver: while the regulator regulates only a range.
    fn receiver_pa(&self, bench: &Bench, pressure_pa: f64) -> [f64; 2] {
        let (set_pa, loss_pa) = (self.set_pa(bench), self.seat.input(bench, LOSS));
        if pressure_pa > set_pa - self.seat.p(bench, NEAR) {
            let least_pa = set_pa + loss_pa;
            [least_pa, (self.seat.p(bench, RECEIVER_MOST) + OUTSIDE_PA).max(least_pa)]
        } else {
            [pressure_pa + loss_pa; 2]
        }
    }
}

impl Component for AirHeader {
    fn seat(&self) -> &Seat {
        &self.seat
    }

    fn start(&self, bench: &mut Bench) {
        self.regulate(bench);
    }

    fn act(&self, bench: &mut Bench) {
        self.seat.set_x(bench, X_IMPOSED, 0.0);
        self.regulate(bench);
    }

    fn follow(&self, bench: &mut Bench) {
        let Some(reading) = self.seat.reading(bench, 0) else { return self.act(bench) };
        self.seat.set_x(bench, X_IMPOSED, 1.0);
        let gauge_pa = (reading * self.seat.p(bench, TAG_SCALE)).clamp(0.0, MOST_READING_PA);
        let pressure_pa = gauge_pa + OUTSIDE_PA;
        let receiver_pa = self.receiver_pa(bench, pressure_pa);
        self.show(bench, pressure_pa, receiver_pa);
    }

    fn report(&self, bench: &mut Bench) {
        if self.seat.x(bench, X_IMPOSED) < 0.5 {
            self.regulate(bench);
        }
    }
}
