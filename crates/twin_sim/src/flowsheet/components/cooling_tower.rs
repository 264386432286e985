//! Cooling towers, the weather, and heat added from outside.

use crate::equipment::tower;
use crate::flowsheet::Settings;
use crate::flowsheet::component::{Bench, Component, InputSheet, Kind, Law, LinkSheet, Seat};
use crate::fluid::moist_air;
use crate::sheet::{ParameterSheet, PointSheet, Sheet};

const COEFFICIENT: usize = 0;
const SPRAY_LOSS: usize = 1;
const SPRAY_AT: usize = 2;
const DRIFT: usize = 3;
const EVAPORATED: usize = 4;
const LATENT: usize = 5;

const DUTY: usize = 0;
const EVAPORATION: usize = 1;
const DRIFT_FLOW: usize = 2;
const RANGE: usize = 3;
const APPROACH: usize = 4;

const ZERO_K: f64 = 273.15;

/// A cooling tower without its basin.
pub const COOLING_TOWER: Kind = Kind {
    sheet: &Sheet {
        kind: "cooling_tower",
        title: "Cooling tower",
        summary: "The fill of a counterflow cooling tower with its spray nozzles. The basin is a tank below it; what evaporates and drifts away is drawn from there by two sinks that read its points.",
        equations: &[
            "Merkel: ∫dT/(h_sat(T) − h_air) = (KaV/L)/cp by four-point Chebyshev quadrature, KaV/L = c·(L/G)^−0.62",
            "evaporation = share·duty/latent heat, at most a tenth of the water; drift = share of the water",
            "Δp = loss·(w/w_ref)²",
        ],
        parameters: &[
            ParameterSheet::malfunction("coefficient", "", 1.85, (0.3, 4.0), "Merkel coefficient c of the fill: 1 to 2.5 when sound.")
                .worst(0.5),
            ParameterSheet::usual(
                "spray_loss_pa",
                "Pa",
                35_000.0,
                (1.0, 1e6),
                "2e4 to 5e4",
                "Loss of the nozzles at their reference flow.",
            ),
            ParameterSheet::required("spray_at_kg_s", "kg/s", (1e-3, 1e5), "", "Reference flow of the nozzles."),
            ParameterSheet::usual("drift_share", "", 1e-4, (0.0, 0.01), "5e-5 to 2e-4", "Drift as a share of the water."),
            ParameterSheet::usual(
                "evaporated_share",
                "",
                0.81,
                (0.0, 1.0),
                "0.75 to 0.9",
                "Share of the duty that evaporates water; the rest warms the air.",
            ),
            ParameterSheet::usual("latent_j_kg", "J/kg", 2.43e6, (1e6, 3e6), "2.43e6", "Latent heat."),
        ],
        points: &[
            PointSheet::new("duty_w", "W", "Heat given to the air."),
            PointSheet::new("evaporation_kg_s", "kg/s", "Water that evaporates."),
            PointSheet::new("drift_kg_s", "kg/s", "Water that drifts away."),
            PointSheet::new("range_k", "K", "Water in less water out."),
            PointSheet::new("approach_k", "K", "Water out less wet bulb."),
        ],
        validity: "Counterflow at sea level. Merkel neglects what evaporates in the balance of the fill: about 3 % of the duty.",
        sources: &["Merkel, VDI-Forschungsarbeiten 275 (1925)", "CTI acceptance test code ATC-105 for the quadrature"],
    },
    ports: &["inlet", "outlet"],
    links: &[LinkSheet { name: "water", from: Some(0), to: Some(1) }],
    inputs: &[
        InputSheet { name: "air_kg_s", default: None, meaning: "Dry air through the fill, kg/s." },
        InputSheet { name: "wet_bulb_k", default: None, meaning: "Wet bulb temperature, K." },
        InputSheet { name: "make_up_k", default: Some(f64::NAN), meaning: "Temperature of the water that replaces what evaporates, K." },
    ],
    states: 1,
    build: |seat, _: &Settings| Ok(Box::new(CoolingTower { seat })),
    ..Kind::PLAIN
};

#[derive(Debug)]
struct CoolingTower {
    seat: Seat,
}

impl Component for CoolingTower {
    fn seat(&self) -> &Seat {
        &self.seat
    }

    fn law(&self, bench: &Bench, _link: usize, flow_kg_s: f64) -> Law {
        let at_kg_s = self.seat.p(bench, SPRAY_AT);
        Law::Open(crate::equipment::quadratic(self.seat.p(bench, SPRAY_LOSS) / (at_kg_s * at_kg_s), flow_kg_s))
    }

    fn carry(&self, bench: &mut Bench) {
        let link = self.seat.links[0];
        let (flow_kg_s, in_k) = (bench.y[link.flow], bench.y[link.inlet]);
        let wet_bulb_k = self.seat.input(bench, 1);
        let air_kg_s = self.seat.input(bench, 0).max(0.1);
        let cools = flow_kg_s > 0.0;
        let out_k = if cools {
            let near_c = self.seat.x(bench, 0) - ZERO_K;
            tower::outlet_c(flow_kg_s, in_k - ZERO_K, air_kg_s, wet_bulb_k - ZERO_K, self.seat.p(bench, COEFFICIENT), near_c) + ZERO_K
        } else {
            in_k
        };
        self.seat.set_x(bench, 0, out_k);
        let liquid = self.seat.liquid;
        let given_w = flow_kg_s.max(0.0) * (liquid.energy_j_kg(in_k) - liquid.energy_j_kg(out_k));
        let evaporation = (self.seat.p(bench, EVAPORATED) * given_w / self.seat.p(bench, LATENT)).clamp(0.0, 0.1 * flow_kg_s.max(0.0));
        // Merkel lets the heat that goes with what evaporates stay in the water. It does not: here it is what warms up the
        // water that takes its place.
        let make_up_k = self.seat.input(bench, 2);
        let replaced_w = if make_up_k.is_nan() { 0.0 } else { evaporation * (liquid.energy_j_kg(out_k) - liquid.energy_j_kg(make_up_k)) };
        let out_k = if cools { liquid.temp_k(liquid.energy_j_kg(out_k) + replaced_w / flow_kg_s) } else { out_k };
        bench.y[link.outlet] = out_k;
        let duty_w = given_w - replaced_w;
        bench.balance.heat(-duty_w * bench.dt_secs);
        let drift = self.seat.p(bench, DRIFT) * flow_kg_s.max(0.0);
        let approach_k = if cools { out_k - wet_bulb_k } else { 0.0 };
        for (point, value) in
            [(DUTY, duty_w), (EVAPORATION, evaporation), (DRIFT_FLOW, drift), (RANGE, in_k - out_k), (APPROACH, approach_k)]
        {
            self.seat.set_y(bench, point, value);
        }
    }
}

/// The weather.
pub const WEATHER: Kind = Kind {
    sheet: &Sheet {
        kind: "weather",
        title: "Weather",
        summary: "Dry bulb and humidity from outside, the wet bulb that belongs to them.",
        equations: &["wet bulb: temperature of adiabatic saturation"],
        parameters: &[],
        points: &[PointSheet::new("wet_bulb_k", "K", "Wet bulb temperature.")],
        validity: "At sea level, −20 to 50 °C.",
        sources: &["ASHRAE Handbook Fundamentals, Psychrometrics; vapour pressure by IAPWS-IF97"],
    },
    inputs: &[
        InputSheet { name: "dry_bulb_k", default: Some(295.15), meaning: "Dry bulb temperature, K." },
        InputSheet { name: "relative_humidity_pct", default: Some(60.0), meaning: "Relative humidity, %." },
    ],
    states: 2,
    build: |seat, _: &Settings| Ok(Box::new(Weather { seat })),
    ..Kind::PLAIN
};

#[derive(Debug)]
struct Weather {
    seat: Seat,
}

impl Component for Weather {
    fn seat(&self) -> &Seat {
        &self.seat
    }

    fn start(&self, bench: &mut Bench) {
        self.act(bench);
    }

    /// The wet bulb is sought only when the weather has changed.
    fn act(&self, bench: &mut Bench) {
        let (dry_k, humidity) = (self.seat.input(bench, 0), self.seat.input(bench, 1));
        if (dry_k, humidity) == (self.seat.x(bench, 0), self.seat.x(bench, 1)) {
            return;
        }
        self.seat.set_x(bench, 0, dry_k);
        self.seat.set_x(bench, 1, humidity);
        self.seat.set_y(bench, 0, moist_air::wet_bulb_c(dry_k - ZERO_K, humidity) + ZERO_K);
    }
}

/// Heat added to a flow.
pub const HEATER: Kind = Kind {
    sheet: &Sheet {
        kind: "heater",
        title: "Heater",
        summary: "Adds heat to what flows through it, or takes it away: a cooler behind which nobody looks, a what-if on a temperature.",
        equations: &["w·(u_out − u_in) = heat, then T_out is moved by shift"],
        parameters: &[
            ParameterSheet::usual("loss_pa", "Pa", 1.0, (0.01, 1e7), "", "Loss at the reference flow."),
            ParameterSheet::usual("at_kg_s", "kg/s", 1.0, (1e-4, 1e5), "", "Reference flow."),
        ],
        points: &[],
        validity: "Below 0.1 kg/s the heat stays away.",
        sources: &[],
    },
    ports: &["inlet", "outlet"],
    links: &[LinkSheet { name: "flow", from: Some(0), to: Some(1) }],
    inputs: &[
        InputSheet { name: "heat_w", default: Some(0.0), meaning: "Heat into the flow, W." },
        InputSheet { name: "shift_k", default: Some(0.0), meaning: "Added to its temperature, K." },
    ],
    build: |seat, _: &Settings| Ok(Box::new(Heater { seat })),
    ..Kind::PLAIN
};

#[derive(Debug)]
struct Heater {
    seat: Seat,
}

/// Flow from which heat is added, kg/s.
const LEAST_KG_S: f64 = 0.1;

impl Component for Heater {
    fn seat(&self) -> &Seat {
        &self.seat
    }

    fn law(&self, bench: &Bench, _link: usize, flow_kg_s: f64) -> Law {
        let at_kg_s = self.seat.p(bench, 1);
        Law::Open(crate::equipment::quadratic(self.seat.p(bench, 0) / (at_kg_s * at_kg_s), flow_kg_s))
    }

    fn carry(&self, bench: &mut Bench) {
        let link = self.seat.links[0];
        let (flow_kg_s, in_k) = (bench.y[link.flow].abs(), bench.y[link.inlet]);
        let liquid = self.seat.liquid;
        let mut out_k = in_k;
        if flow_kg_s >= LEAST_KG_S {
            let heat_w = self.seat.input(bench, 0);
            if heat_w != 0.0 {
                out_k = liquid.temp_k(liquid.energy_j_kg(in_k) + heat_w / flow_kg_s);
            }
            out_k += self.seat.input(bench, 1);
        }
        bench.y[link.outlet] = out_k;
        let added_w = flow_kg_s * (liquid.energy_j_kg(out_k) - liquid.energy_j_kg(in_k));
        bench.balance.heat(added_w * bench.dt_secs);
    }
}
