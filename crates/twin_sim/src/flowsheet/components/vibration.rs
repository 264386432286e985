//! Vibration of pump sets.

use crate::equipment::bearing::Vibration as Signature;
use crate::flowsheet::Settings;
use crate::flowsheet::component::{Bench, Component, InputSheet, Kind, Seat};
use crate::sheet::{ParameterSheet, PointSheet, Sheet};

const NORMAL_SPEED: usize = 0;
const REST_MM_S: usize = 1;
const REST_GE: usize = 2;
const DE_NORMAL: usize = 3;
const DE_STARVED: usize = 4;
const DE_WORN: usize = 5;
const DE_CAVITATION: usize = 6;
const NDE_NORMAL: usize = 7;
const NDE_WORN: usize = 8;
const NDE_CAVITATION: usize = 9;
const ENVELOPE_NORMAL: usize = 10;
const ENVELOPE_WORN: usize = 11;
const ENVELOPE_HIDDEN: usize = 12;
const ENVELOPE_CAVITATION: usize = 13;
const UNBALANCE: usize = 14;

const SPEED: usize = 0;
const FLOW_SHARE: usize = 1;
const WEAR: usize = 2;
const CAVITATION: usize = 3;

const DE: usize = 0;
const NDE: usize = 1;
const ENVELOPE: usize = 2;

/// The vibration of a pump set.
pub const VIBRATION: Kind = Kind {
    sheet: &Sheet {
        kind: "vibration",
        title: "Vibration of a pump set",
        summary: "What the vibration sensors of a machine show: velocity at drive end and non-drive end, envelope of the acceleration at the drive end.",
        equations: &[
            "v_DE = v0·m^1.5·(1 + starved·clamp((0.6 − q)/0.6, 0, 1)) + worn·w^1.3·k + cav·s + unbalance·m², m = n/n_normal, q flow over best flow, w wear, s cavitation",
            "v_NDE = v0·m^1.5 + worn·w^1.3·k + cav·s + unbalance·m²/2, k = min(1, m/0.3)",
            "a_env = a0·m² + worn·max(0, w^0.6 − hidden)·k + cav·s",
            "at rest, below m = 0.05: what the floor brings",
        ],
        parameters: &[
            ParameterSheet::usual("normal_speed", "", 1.0, (0.05, 1.5), "0.9 to 1", "Speed over rated speed that the figures refer to."),
            ParameterSheet::usual("rest_mm_s", "mm/s", 0.1, (0.0, 10.0), "0.1", "Velocity at rest."),
            ParameterSheet::usual("rest_ge", "gE", 0.02, (0.0, 10.0), "0.02", "Envelope at rest."),
            ParameterSheet::usual("de_normal_mm_s", "mm/s", 1.9, (0.0, 50.0), "1 to 2.5", "Velocity at the drive end when sound."),
            ParameterSheet::usual("de_starved", "", 0.6, (0.0, 10.0), "0.3 to 1", "Share by which it grows towards no flow."),
            ParameterSheet::usual("de_worn_mm_s", "mm/s", 7.5, (0.0, 50.0), "5 to 10", "Velocity on top at wear 1."),
            ParameterSheet::usual("de_cavitation_mm_s", "mm/s", 3.6, (0.0, 50.0), "2 to 5", "Velocity on top at cavitation 1."),
            ParameterSheet::usual("nde_normal_mm_s", "mm/s", 1.6, (0.0, 50.0), "1 to 2.5", "Velocity at the non-drive end when sound."),
            ParameterSheet::usual("nde_worn_mm_s", "mm/s", 2.5, (0.0, 50.0), "2 to 4", "Velocity on top at wear 1."),
            ParameterSheet::usual("nde_cavitation_mm_s", "mm/s", 2.6, (0.0, 50.0), "2 to 5", "Velocity on top at cavitation 1."),
            ParameterSheet::usual("envelope_normal_ge", "gE", 0.6, (0.0, 50.0), "0.3 to 1", "Envelope when sound."),
            ParameterSheet::usual("envelope_worn_ge", "gE", 8.54, (0.0, 100.0), "5 to 15", "Envelope on top at wear 1."),
            ParameterSheet::usual("envelope_hidden", "", 0.063, (0.0, 1.0), "0.06", "Power 0.6 of the wear below which nothing shows."),
            ParameterSheet::usual("envelope_cavitation_ge", "gE", 5.0, (0.0, 100.0), "3 to 8", "Envelope on top at cavitation 1."),
            ParameterSheet::malfunction(
                "unbalance_mm_s",
                "mm/s",
                0.0,
                (0.0, 30.0),
                "Unbalance: velocity on top at the drive end at normal speed.",
            ),
        ],
        points: &[
            PointSheet::new("de_mm_s", "mm/s", "Velocity at the drive end, RMS 10 to 1000 Hz."),
            PointSheet::new("nde_mm_s", "mm/s", "Velocity at the non-drive end, RMS 10 to 1000 Hz."),
            PointSheet::new("envelope_ge", "gE", "Envelope of the acceleration at the drive end."),
        ],
        validity: "Trends, not spectra: no resonance, no beat, no noise of the reading. The contributions add up, which overstates several faults at once.",
        sources: &["Speed exponents and stages after ISO 20816-1 and ISO 15243; the figures are those of the machine"],
    },
    inputs: &[
        InputSheet { name: "speed", default: None, meaning: "Speed over rated speed." },
        InputSheet { name: "flow_share", default: Some(1.0), meaning: "Flow over that of best efficiency at this speed." },
        InputSheet { name: "wear", default: Some(0.0), meaning: "Wear of the drive-end bearing, 1 at the end of its life." },
        InputSheet { name: "cavitation", default: Some(0.0), meaning: "Intensity of cavitation." },
    ],
    build: |seat, _: &Settings| Ok(Box::new(Vibration { seat })),
    ..Kind::PLAIN
};

#[derive(Debug)]
struct Vibration {
    seat: Seat,
}

impl Vibration {
    /// The signatures in the order of the points.
    fn signatures(&self, bench: &Bench) -> [Signature; 3] {
        let p = |index: usize| self.seat.p(bench, index);
        let drive_end = Signature {
            normal: p(DE_NORMAL),
            speed_exponent: 1.5,
            starved: p(DE_STARVED),
            worn: p(DE_WORN),
            wear_exponent: 1.3,
            hidden: 0.0,
            cavitation: p(DE_CAVITATION),
            rest: p(REST_MM_S),
        };
        let other_end = Signature { normal: p(NDE_NORMAL), starved: 0.0, worn: p(NDE_WORN), cavitation: p(NDE_CAVITATION), ..drive_end };
        let envelope = Signature {
            normal: p(ENVELOPE_NORMAL),
            speed_exponent: 2.0,
            starved: 0.0,
            worn: p(ENVELOPE_WORN),
            wear_exponent: 0.6,
            hidden: p(ENVELOPE_HIDDEN),
            cavitation: p(ENVELOPE_CAVITATION),
            rest: p(REST_GE),
        };
        [drive_end, other_end, envelope]
    }
}

impl Component for Vibration {
    fn seat(&self) -> &Seat {
        &self.seat
    }

    fn report(&self, bench: &mut Bench) {
        let relative = self.seat.input(bench, SPEED).max(0.0) / self.seat.p(bench, NORMAL_SPEED);
        let (share, wear) = (self.seat.input(bench, FLOW_SHARE), self.seat.input(bench, WEAR));
        let cavitation = self.seat.input(bench, CAVITATION).max(0.0);
        let unbalance = self.seat.p(bench, UNBALANCE) * relative * relative;
        let shows = [(DE, unbalance), (NDE, 0.5 * unbalance), (ENVELOPE, 0.0)];
        for (signature, (point, more)) in self.signatures(bench).iter().zip(shows) {
            self.seat.set_y(bench, point, signature.reading(relative, share, wear, cavitation) + more);
        }
    }
}
