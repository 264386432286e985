//! What the plant publishes: 125 signals with their thing, gateway, rate, noise and resolution, in the
//! order of the signal table of its specification.

use Gateway::{Gw100, Gw200};
use Noise::{Absolute, None, OfValue};

/// The gateway that publishes a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gateway {
    /// Area 100: process.
    Gw100,
    /// Areas 200 and 300 and the weather: utilities.
    Gw200,
}

impl Gateway {
    /// Both, in the order of [`Gateway::index`].
    pub const ALL: [Self; 2] = [Gw100, Gw200];

    /// The topic level.
    pub fn name(self) -> &'static str {
        match self {
            Gw100 => "gw-100",
            Gw200 => "gw-200",
        }
    }

    /// 0 or 1.
    pub fn index(self) -> usize {
        self as usize
    }
}

/// How a value is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// A number in the unit of the signal.
    Number,
    /// `true` or `false`.
    Switch,
    /// A state name, by index.
    State(&'static [&'static str]),
}

/// Scatter of one published value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Noise {
    /// None.
    None,
    /// Standard deviation in the unit of the signal.
    Absolute(f64),
    /// Standard deviation as a share of the value.
    OfValue(f64),
}

/// The measuring principle, which decides lag and bias.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Principle {
    /// Flow meters.
    Flow,
    /// Level transmitters.
    Level,
    /// Temperatures in a well or on a bearing.
    Temperature,
    /// Pressures and differential pressures.
    Pressure,
    /// Everything else: drives, positions, vibration, analysers.
    Other,
}

/// One published signal.
#[derive(Clone, Debug)]
pub struct Signal {
    /// Plant tag.
    pub tag: &'static str,
    /// Thing, as in the topic.
    pub thing: &'static str,
    /// Publishing gateway.
    pub gateway: Gateway,
    /// Number, switch or state.
    pub kind: Kind,
    /// Low and high end of what the instrument can say, in the unit.
    pub range: (f64, f64),
    /// Plant time between two samples in milliseconds; 0 = on change, repeated every [`REPEAT_SECS`].
    pub period_ms: u32,
    /// Scatter.
    pub noise: Noise,
    /// Decimals published: the resolution.
    pub decimals: u8,
}

impl Signal {
    /// What kind of instrument it is, by the letters of its tag.
    pub fn principle(&self) -> Principle {
        match self.tag.split('-').next().unwrap_or_default() {
            "FT" => Principle::Flow,
            "LT" => Principle::Level,
            "TT" => Principle::Temperature,
            "PT" | "PDT" => Principle::Pressure,
            _ => Principle::Other,
        }
    }
}

/// Signals that tell only changes repeat themselves after this plant time.
pub const REPEAT_SECS: f64 = 60.0;

/// States of a motor, by number.
pub const DRIVE_STATES: [&str; 7] = ["stopped", "starting", "running", "stopping", "tripped", "local", "isolated"];
/// States of the compressor, by number.
pub const COMPRESSOR_STATES: [&str; 4] = ["stopped", "unloaded", "loaded", "tripped"];
/// States of the unit, by number.
pub const UNIT_STATES: [&str; 6] = ["off", "start", "run", "hold", "stop", "trip"];
/// Modes of a control loop, by number.
pub const MODES: [&str; 3] = ["MAN", "AUTO", "CAS"];

const fn number(
    tag: &'static str,
    thing: &'static str,
    gateway: Gateway,
    range: (f64, f64),
    period_ms: u32,
    noise: Noise,
    decimals: u8,
) -> Signal {
    Signal { tag, thing, gateway, kind: Kind::Number, range, period_ms, noise, decimals }
}

const fn switch(tag: &'static str, thing: &'static str, gateway: Gateway) -> Signal {
    Signal { tag, thing, gateway, kind: Kind::Switch, range: (0.0, 1.0), period_ms: 0, noise: None, decimals: 0 }
}

const fn state(tag: &'static str, thing: &'static str, gateway: Gateway, names: &'static [&'static str]) -> Signal {
    let range = (0.0, (names.len() - 1) as f64);
    Signal { tag, thing, gateway, kind: Kind::State(names), range, period_ms: 0, noise: None, decimals: 0 }
}

/// Number of published signals.
pub const SIGNAL_COUNT: usize = 125;

/// The published signals, in the order of the signal table of the Unit 100 specification: the measurements, then set
/// point, output and mode of the eight loops. Every array of readings in this crate has this order.
pub const SIGNALS: [Signal; SIGNAL_COUNT] = [
    number("FT-100", "tk-101", Gw100, (0.0, 150.0), 1000, Absolute(0.5), 1),
    number("TT-100", "tk-101", Gw100, (0.0, 120.0), 5000, Absolute(0.05), 2),
    number("LT-100", "tk-101", Gw100, (0.0, 100.0), 1000, Absolute(0.1), 2),
    number("TT-104", "tk-101", Gw100, (0.0, 120.0), 5000, Absolute(0.05), 2),
    switch("LSLL-100", "tk-101", Gw100),
    number("PDT-105A", "str-101a", Gw100, (0.0, 1000.0), 1000, Absolute(3.0), 0),
    number("PT-106A", "p-101a", Gw100, (-1.0, 1.5), 200, Absolute(0.004), 3),
    number("PT-107A", "p-101a", Gw100, (0.0, 6.0), 200, Absolute(0.01), 3),
    state("XS-101A", "p-101a", Gw100, &DRIVE_STATES),
    number("SI-101A", "p-101a", Gw100, (0.0, 3000.0), 1000, Absolute(2.0), 0),
    number("II-101A", "p-101a", Gw100, (0.0, 50.0), 200, Absolute(0.08), 2),
    number("JI-101A", "p-101a", Gw100, (0.0, 25.0), 1000, Absolute(0.05), 2),
    number("TT-111A", "p-101a", Gw100, (0.0, 150.0), 1000, Absolute(0.1), 1),
    number("TT-112A", "p-101a", Gw100, (0.0, 150.0), 1000, Absolute(0.1), 1),
    number("TT-113A", "p-101a", Gw100, (0.0, 150.0), 1000, Absolute(0.1), 1),
    number("TT-114A", "p-101a", Gw100, (0.0, 200.0), 1000, Absolute(0.1), 1),
    number("VT-111A", "p-101a", Gw100, (0.0, 25.0), 1000, OfValue(0.03), 2),
    number("VT-112A", "p-101a", Gw100, (0.0, 25.0), 1000, OfValue(0.03), 2),
    number("VT-113A", "p-101a", Gw100, (0.0, 20.0), 1000, OfValue(0.06), 2),
    number("PDT-105B", "str-101b", Gw100, (0.0, 1000.0), 1000, Absolute(3.0), 0),
    number("PT-106B", "p-101b", Gw100, (-1.0, 1.5), 200, Absolute(0.004), 3),
    number("PT-107B", "p-101b", Gw100, (0.0, 6.0), 200, Absolute(0.01), 3),
    state("XS-101B", "p-101b", Gw100, &DRIVE_STATES),
    number("SI-101B", "p-101b", Gw100, (0.0, 3000.0), 1000, Absolute(2.0), 0),
    number("II-101B", "p-101b", Gw100, (0.0, 50.0), 200, Absolute(0.08), 2),
    number("JI-101B", "p-101b", Gw100, (0.0, 25.0), 1000, Absolute(0.05), 2),
    number("TT-111B", "p-101b", Gw100, (0.0, 150.0), 1000, Absolute(0.1), 1),
    number("TT-112B", "p-101b", Gw100, (0.0, 150.0), 1000, Absolute(0.1), 1),
    number("TT-113B", "p-101b", Gw100, (0.0, 150.0), 1000, Absolute(0.1), 1),
    number("TT-114B", "p-101b", Gw100, (0.0, 200.0), 1000, Absolute(0.1), 1),
    number("VT-111B", "p-101b", Gw100, (0.0, 25.0), 1000, OfValue(0.03), 2),
    number("VT-112B", "p-101b", Gw100, (0.0, 25.0), 1000, OfValue(0.03), 2),
    number("VT-113B", "p-101b", Gw100, (0.0, 20.0), 1000, OfValue(0.06), 2),
    number("PT-101", "p-101", Gw100, (0.0, 6.0), 200, Absolute(0.008), 3),
    number("TT-102", "e-101", Gw100, (0.0, 120.0), 1000, Absolute(0.05), 2),
    number("PDT-121", "e-101", Gw100, (0.0, 2.0), 1000, Absolute(0.005), 3),
    number("TT-101", "e-101", Gw100, (0.0, 120.0), 1000, Absolute(0.05), 2),
    number("AT-101", "e-101", Gw100, (0.0, 100.0), 5000, Absolute(0.1), 1),
    number("FT-101", "e-101", Gw100, (0.0, 150.0), 200, Absolute(0.35), 1),
    number("ZT-111", "fv-101", Gw100, (0.0, 100.0), 1000, Absolute(0.1), 1),
    number("FT-201", "e-101", Gw100, (0.0, 600.0), 1000, Absolute(1.5), 1),
    number("PDT-202", "e-101", Gw100, (0.0, 2.0), 1000, Absolute(0.004), 3),
    number("TT-202", "e-101", Gw100, (0.0, 100.0), 1000, Absolute(0.05), 2),
    number("ZT-114", "tv-101", Gw100, (0.0, 100.0), 1000, Absolute(0.1), 1),
    number("LT-101", "v-101", Gw100, (0.0, 100.0), 1000, Absolute(0.2), 2),
    switch("LSHH-101", "v-101", Gw100),
    switch("LSLL-101", "v-101", Gw100),
    number("PT-103", "v-101", Gw100, (0.0, 4.0), 1000, Absolute(0.003), 3),
    number("TT-103", "v-101", Gw100, (0.0, 120.0), 5000, Absolute(0.05), 2),
    number("FT-103", "v-101", Gw100, (0.0, 200.0), 1000, Absolute(0.5), 1),
    number("ZT-113A", "pv-103a", Gw100, (0.0, 100.0), 1000, Absolute(0.1), 1),
    number("ZT-113B", "pv-103b", Gw100, (0.0, 100.0), 1000, Absolute(0.1), 1),
    switch("ZS-103", "psv-103", Gw100),
    switch("LSH-104", "v-102", Gw100),
    number("PT-109", "p-102", Gw100, (0.0, 4.0), 1000, Absolute(0.003), 3),
    number("PT-108", "p-102", Gw100, (0.0, 6.0), 1000, Absolute(0.01), 3),
    state("XS-102", "p-102", Gw100, &DRIVE_STATES),
    number("II-102", "p-102", Gw100, (0.0, 32.0), 1000, Absolute(0.06), 2),
    number("TT-131", "p-102", Gw100, (0.0, 150.0), 1000, Absolute(0.1), 1),
    number("VT-131", "p-102", Gw100, (0.0, 25.0), 1000, OfValue(0.03), 2),
    number("FT-102", "lv-101", Gw100, (0.0, 150.0), 200, Absolute(0.35), 1),
    number("ZT-112", "lv-101", Gw100, (0.0, 100.0), 1000, Absolute(0.1), 1),
    number("LT-102", "tk-102", Gw100, (0.0, 100.0), 1000, Absolute(0.05), 2),
    number("TT-106", "tk-102", Gw100, (0.0, 100.0), 5000, Absolute(0.05), 2),
    number("FT-105", "tk-102", Gw100, (0.0, 200.0), 1000, Absolute(0.5), 1),
    number("TT-201", "ct-201", Gw200, (0.0, 60.0), 1000, Absolute(0.03), 2),
    number("TT-203", "ct-201", Gw200, (0.0, 80.0), 1000, Absolute(0.05), 2),
    number("PT-201", "p-201", Gw200, (0.0, 6.0), 1000, Absolute(0.01), 3),
    number("LT-201", "ct-201", Gw200, (0.0, 100.0), 1000, Absolute(0.2), 2),
    number("FT-202", "ct-201", Gw200, (0.0, 30.0), 5000, Absolute(0.1), 1),
    number("ZT-211", "lv-201", Gw200, (0.0, 100.0), 5000, Absolute(0.1), 1),
    number("AT-201", "ct-201", Gw200, (0.0, 4000.0), 10000, Absolute(5.0), 0),
    state("XS-221", "ct-201", Gw200, &DRIVE_STATES),
    number("SI-201", "ct-201", Gw200, (0.0, 100.0), 1000, Absolute(0.1), 1),
    number("JI-221", "ct-201", Gw200, (0.0, 20.0), 1000, Absolute(0.03), 2),
    number("VT-221", "ct-201", Gw200, (0.0, 25.0), 1000, OfValue(0.03), 2),
    number("TT-210", "weather", Gw200, (-30.0, 60.0), 10000, Absolute(0.05), 1),
    number("MT-210", "weather", Gw200, (0.0, 100.0), 10000, Absolute(0.3), 1),
    state("XS-201A", "p-201a", Gw200, &DRIVE_STATES),
    number("JI-201A", "p-201a", Gw200, (0.0, 70.0), 1000, Absolute(0.15), 2),
    number("TT-211A", "p-201a", Gw200, (0.0, 150.0), 1000, Absolute(0.1), 1),
    number("VT-211A", "p-201a", Gw200, (0.0, 25.0), 1000, OfValue(0.03), 2),
    state("XS-201B", "p-201b", Gw200, &DRIVE_STATES),
    number("JI-201B", "p-201b", Gw200, (0.0, 70.0), 1000, Absolute(0.15), 2),
    number("TT-211B", "p-201b", Gw200, (0.0, 150.0), 1000, Absolute(0.1), 1),
    number("VT-211B", "p-201b", Gw200, (0.0, 25.0), 1000, OfValue(0.03), 2),
    state("XS-301", "k-301", Gw200, &COMPRESSOR_STATES),
    number("JI-301", "k-301", Gw200, (0.0, 35.0), 1000, Absolute(0.1), 2),
    number("TT-301", "k-301", Gw200, (0.0, 150.0), 1000, Absolute(0.2), 1),
    number("KI-301", "k-301", Gw200, (0.0, 100.0), 10000, None, 1),
    number("PT-301", "v-301", Gw200, (0.0, 10.0), 1000, Absolute(0.01), 3),
    number("PDT-301", "d-301", Gw200, (0.0, 1.0), 5000, Absolute(0.003), 3),
    number("MT-302", "d-301", Gw200, (-80.0, 20.0), 10000, Absolute(0.3), 1),
    number("FT-302", "d-301", Gw200, (0.0, 250.0), 1000, Absolute(0.5), 1),
    number("PT-302", "d-301", Gw200, (0.0, 10.0), 1000, Absolute(0.01), 3),
    switch("ZS-303", "xv-303", Gw200),
    state("XS-100", "unit-100", Gw100, &UNIT_STATES),
    number("JI-100", "unit-100", Gw100, (0.0, 200.0), 1000, Absolute(0.3), 1),
    switch("XB-102", "unit-100", Gw100),
    switch("XS-110", "gw-100", Gw100),
    switch("XS-210", "gw-200", Gw200),
    number("FIC-101.SP", "fic-101", Gw100, (0.0, 150.0), 1000, None, 1),
    number("FIC-101.OP", "fic-101", Gw100, (0.0, 100.0), 1000, None, 1),
    state("FIC-101.MODE", "fic-101", Gw100, &MODES),
    number("LIC-100.SP", "lic-100", Gw100, (0.0, 100.0), 1000, None, 1),
    number("LIC-100.OP", "lic-100", Gw100, (0.0, 150.0), 1000, None, 1),
    state("LIC-100.MODE", "lic-100", Gw100, &MODES),
    number("PIC-101.SP", "pic-101", Gw100, (0.0, 6.0), 1000, None, 2),
    number("PIC-101.OP", "pic-101", Gw100, (0.0, 100.0), 1000, None, 1),
    state("PIC-101.MODE", "pic-101", Gw100, &MODES),
    number("TIC-101.SP", "tic-101", Gw100, (0.0, 120.0), 1000, None, 1),
    number("TIC-101.OP", "tic-101", Gw100, (0.0, 100.0), 1000, None, 1),
    state("TIC-101.MODE", "tic-101", Gw100, &MODES),
    number("LIC-101.SP", "lic-101", Gw100, (0.0, 100.0), 1000, None, 1),
    number("LIC-101.OP", "lic-101", Gw100, (0.0, 100.0), 1000, None, 1),
    state("LIC-101.MODE", "lic-101", Gw100, &MODES),
    number("PIC-103.SP", "pic-103", Gw100, (0.0, 4.0), 1000, None, 2),
    number("PIC-103.OP", "pic-103", Gw100, (0.0, 100.0), 1000, None, 1),
    state("PIC-103.MODE", "pic-103", Gw100, &MODES),
    number("TIC-201.SP", "tic-201", Gw200, (0.0, 60.0), 1000, None, 1),
    number("TIC-201.OP", "tic-201", Gw200, (0.0, 100.0), 1000, None, 1),
    state("TIC-201.MODE", "tic-201", Gw200, &MODES),
    number("LIC-201.SP", "lic-201", Gw200, (0.0, 100.0), 1000, None, 1),
    number("LIC-201.OP", "lic-201", Gw200, (0.0, 100.0), 1000, None, 1),
    state("LIC-201.MODE", "lic-201", Gw200, &MODES),
];
