//! Control valves.

use std::collections::BTreeMap;

use crate::equipment::valve::{Characteristic, drop};
use crate::flowsheet::Setting;
use crate::flowsheet::component::{Bench, Component, InputSheet, Kind, Law, LinkSheet, OptionSheet, Seat};
use crate::sheet::{ParameterSheet, PointSheet, Sheet};

const KVS: usize = 0;
const RANGEABILITY: usize = 1;
const LAG: usize = 2;
const RATE: usize = 3;
const STOP: usize = 4;
const START: usize = 5;
const CAPACITY: usize = 6;
const FORCED: usize = 7;

const POSITION: usize = 0;

/// A control valve with its actuator.
pub const VALVE: Kind = Kind {
    sheet: &Sheet {
        kind: "valve",
        title: "Control valve",
        summary: "A valve whose stem follows a command with a lag and a greatest speed.",
        equations: &[
            "Q [m³/h] = Kv·√(Δp [bar]·1000/ρ), Kv = Kvs·factor·share(position)",
            "share: linear y; equal percentage R^(y−1), straight to zero below 5 %; quick opening √y",
            "position moves towards the command by (command − position)·(1 − e^(−Δt/lag)), at most rate·Δt",
        ],
        parameters: &[
            ParameterSheet::required("kvs_m3_h", "m³/h", (1e-4, 1e6), "1 to 1000", "Capacity fully open: water at 1 bar."),
            ParameterSheet::usual("rangeability", "", 50.0, (2.0, 1000.0), "30 or 50", "Rangeability of an equal-percentage valve."),
            ParameterSheet::usual("lag_secs", "s", 1.5, (0.0, 3600.0), "1 to 5", "Lag of the actuator."),
            ParameterSheet::usual("rate_pct_s", "%/s", 12.0, (1e-3, 1e4), "5 to 20", "Fastest stroke."),
            ParameterSheet::usual("lower_stop_pct", "%", 0.0, (0.0, 100.0), "0", "Mechanical lower stop."),
            ParameterSheet::usual("start_pct", "%", 0.0, (0.0, 100.0), "", "Position at the start."),
            ParameterSheet::malfunction(
                "capacity_factor",
                "",
                1.0,
                (0.05, 2.0),
                "Capacity against the data sheet: erosion above, deposits below 1.",
            ),
            ParameterSheet::malfunction(
                "forced_pct",
                "%",
                -1.0,
                (-1.0, 100.0),
                "Stands at this position whatever its command; −1: healthy.",
            ),
        ],
        points: &[PointSheet::new("position_pct", "%", "Position of the stem, open at 100.")],
        validity: "Liquid, not choked, no flashing. Shut means shut: no seat leakage.",
        sources: &["IEC 60534-2-1, equation for turbulent non-choked flow"],
    },
    options: &[OptionSheet {
        name: "characteristic",
        choices: &["linear", "equal_percentage", "quick_opening"],
        meaning: "How the capacity grows with the position; equal_percentage when silent.",
    }],
    ports: &["inlet", "outlet"],
    held: &[],
    elastic: &[],
    links: &[LinkSheet { name: "flow", from: Some(0), to: Some(1) }],
    inputs: &[InputSheet { name: "command_pct", default: None, meaning: "Position asked for, %." }],
    states: 1,
    notes: 1,
    build,
};

fn build(seat: Seat, settings: &BTreeMap<String, Setting>) -> Result<Box<dyn Component>, String> {
    let characteristic = match settings.get("characteristic") {
        None => "equal_percentage",
        Some(Setting::Text(text)) => text.as_str(),
        Some(_) => return Err("characteristic is not a word".to_owned()),
    };
    if !VALVE.options[0].choices.contains(&characteristic) {
        return Err(format!("there is no characteristic {characteristic}: write {}", VALVE.options[0].choices.join(", ")));
    }
    Ok(Box::new(Valve { seat, characteristic: characteristic.to_owned() }))
}

#[derive(Debug)]
struct Valve {
    seat: Seat,
    characteristic: String,
}

const KV: usize = 0;

impl Valve {
    fn characteristic(&self, bench: &Bench) -> Characteristic {
        match self.characteristic.as_str() {
            "linear" => Characteristic::Linear,
            "quick_opening" => Characteristic::QuickOpening,
            _ => Characteristic::EqualPercentage { rangeability: self.seat.p(bench, RANGEABILITY) },
        }
    }

    fn place(&self, bench: &mut Bench, position_pct: f64) {
        self.seat.set_x(bench, POSITION, position_pct);
        self.seat.set_y(bench, POSITION, position_pct);
    }
}

impl Component for Valve {
    fn seat(&self) -> &Seat {
        &self.seat
    }

    fn start(&self, bench: &mut Bench) {
        let position_pct = self.seat.p(bench, START);
        self.place(bench, position_pct);
    }

    fn act(&self, bench: &mut Bench) {
        let position = self.seat.x(bench, POSITION);
        let forced = self.seat.p(bench, FORCED);
        let asked = if forced >= 0.0 { forced } else { self.seat.input(bench, 0).clamp(self.seat.p(bench, STOP), 100.0) };
        let lag_secs = self.seat.p(bench, LAG);
        let share = if lag_secs > 0.0 { 1.0 - libm::exp(-bench.dt_secs / lag_secs) } else { 1.0 };
        let reach = self.seat.p(bench, RATE) * bench.dt_secs;
        self.place(bench, position + ((asked - position) * share).clamp(-reach, reach));
    }

    fn prepare(&self, bench: &mut Bench) {
        let opening = self.seat.x(bench, POSITION) / 100.0;
        let kv = self.seat.p(bench, KVS) * self.seat.p(bench, CAPACITY) * self.characteristic(bench).share(opening);
        self.seat.set_n(bench, KV, kv);
    }

    fn law(&self, bench: &Bench, _link: usize, flow_kg_s: f64) -> Law {
        drop(self.seat.n(bench, KV), flow_kg_s, bench.y[self.seat.links[0].density]).map_or(Law::Shut, Law::Open)
    }
}
