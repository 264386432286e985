//! Centrifugal pumps.

use super::random;
use crate::equipment::head_curve::{HeadCurve, HeadTable};
use crate::equipment::suction::{self, Suction};
use crate::equipment::{Drop, bearing, lag, pump as curves, quadratic};
use crate::flowsheet::component::{Bench, Component, InputSheet, Kind, Law, LinkSheet, OptionSheet, Seat};
use crate::flowsheet::{GRAVITY_M_S2, Settings};
use crate::sheet::{ParameterSheet, PointSheet, Sheet};

const SHUTOFF: usize = 0;
const FALL: usize = 1;
const EFFICIENCY: usize = 2;
const BEST_FLOW: usize = 3;
const NON_RETURN: usize = 4;
const NPSH_ZERO: usize = 5;
const NPSH_RISE: usize = 6;
const SUCTION_DIAMETER: usize = 7;
const CAVITATION_LAG: usize = 8;
const WORN_FRICTION: usize = 9;
const HEAD_FACTOR: usize = 10;
const EFFICIENCY_FACTOR: usize = 11;
const NON_RETURN_LEAK: usize = 12;
const SCATTER: usize = 13;
const SEED: usize = 14;

const SPEED: usize = 0;
const PRIME: usize = 1;
const WEAR: usize = 2;
const ISOLATED: usize = 3;

const HEAD: usize = 0;
const SHAFT: usize = 1;
const HYDRAULIC: usize = 2;
const EFFICIENCY_NOW: usize = 3;
const FLOW: usize = 4;
const FLOW_SHARE: usize = 5;
const NPSH_AVAILABLE: usize = 6;
const NPSH_REQUIRED: usize = 7;
const NPSH_MARGIN: usize = 8;
const NPSH_RATIO: usize = 9;
const CAVITATION: usize = 10;

/// Head left by cavitation, a share.
const HEAD_LEFT: usize = 0;
/// Variates drawn so far.
const DRAWS: usize = 1;

const THROUGH: usize = 0;

/// Steepness of the loss against a non-return valve and into a seal, Pa·s/kg: 1 bar lets 1 mg/s through.
const SHUT_PA_S_KG: f64 = 1e11;
/// Pressure against a standing pump at which its non-return valve leaks what its parameter says, Pa.
const LEAK_PA: f64 = 2.5e5;
/// Every curve falls a little: what rises has two flows for one head, m/(m³/h)².
const LEAST_FALL: f64 = 1e-12;
/// A pump slower than this does not cavitate.
const CAVITATES_FROM: f64 = 0.2;
/// Share of the head lost below which nobody notices that it scatters.
const LEAST_SCATTERED: f64 = 1e-4;
/// Flow below which nothing carries away what the impeller churns, kg/s.
const STANDING_KG_S: f64 = 1e-3;

/// A centrifugal pump.
pub const PUMP: Kind = Kind {
    sheet: &Sheet {
        kind: "centrifugal_pump",
        title: "Centrifugal pump",
        summary: "A pump at any speed with its head curve, suction and cavitation, with or without a non-return valve.",
        equations: &[
            "H = factor·c·(n²·H0·prime − a·Q·|Q|), n = speed over rated speed; with a table H = factor·c·n²·h(Q/n)",
            "P = ρ·g·H·Q_best·n / (η_best·factor_η·(2 − q)) + P_worn·wear·n, q = Q/(Q_best·n): the efficiency η_best·(2q − q²) makes it finite at no flow",
            "all of P that does not lift or press warms the liquid: w·(u_out − u_in) = P − ρ·g·H·Q",
            "NPSH_A = (p_inlet − p_vapour)/(ρ·g) + v²/(2g), NPSH_R = n²·N0 + N2·Q², r = NPSH_A/NPSH_R",
            "c follows 1 − min(0.6, 0.03·e^(10·(1 − r))) with a lag; cavitation = clamp((1.8 − r)/0.8, 0, 1.3)^1.5; neither below n = 0.2",
            "w_back = leak·√(Δp/2.5 bar) through a leaking non-return valve",
        ],
        parameters: &[
            ParameterSheet::usual("shutoff_head_m", "m", 0.0, (0.0, 1e4), "10 to 200", "Head at no flow and rated speed, H0."),
            ParameterSheet::usual(
                "head_fall_m_per_m3_h2",
                "m/(m³/h)²",
                0.0,
                (0.0, 1e3),
                "1e-5 to 1e-2",
                "Fall of the head with the square of the flow, a.",
            ),
            ParameterSheet::usual("best_efficiency", "", 0.75, (0.05, 0.95), "0.6 to 0.85", "Best efficiency."),
            ParameterSheet::required("best_flow_m3_h", "m³/h", (1e-3, 1e6), "10 to 1000", "Flow of best efficiency at rated speed."),
            ParameterSheet::usual("non_return", "0/1", 1.0, (0.0, 1.0), "1", "1: a non-return valve stops flow against the pump."),
            ParameterSheet::usual(
                "npsh_zero_m",
                "m",
                0.0,
                (0.0, 100.0),
                "1 to 3",
                "NPSH required at no flow and rated speed, N0; 0: never cavitates.",
            ),
            ParameterSheet::usual(
                "npsh_rise_m_per_m3_h2",
                "m/(m³/h)²",
                0.0,
                (0.0, 1e3),
                "1e-5 to 1e-3",
                "Rise of the NPSH required with the square of the flow, N2.",
            ),
            ParameterSheet::usual(
                "suction_diameter_m",
                "m",
                0.0,
                (0.0, 10.0),
                "0.05 to 0.5",
                "Bore of the suction flange for the velocity head; 0: neglected.",
            ),
            ParameterSheet::usual("cavitation_lag_secs", "s", 2.0, (0.0, 600.0), "1 to 5", "Lag of the head lost to cavitation."),
            ParameterSheet::usual(
                "worn_friction_w",
                "W",
                0.0,
                (0.0, 1e6),
                "2 to 5 % of the power",
                "Bearing friction at wear 1 and rated speed.",
            ),
            ParameterSheet::malfunction("head_factor", "", 1.0, (0.0, 1.5), "Head against the curve: wear of the impeller and its rings.")
                .worst(0.6),
            ParameterSheet::malfunction("efficiency_factor", "", 1.0, (0.1, 1.2), "Efficiency against the curve.").worst(0.6),
            ParameterSheet::malfunction(
                "check_valve_leak_m3_h",
                "m³/h",
                0.0,
                (0.0, 20.0),
                "Back flow while it stands, at 2.5 bar against it.",
            ),
            ParameterSheet::usual(
                "scatter",
                "",
                0.0,
                (0.0, 1.0),
                "0.2",
                "Standard deviation of the head lost to cavitation, as a share of it: a new draw every step.",
            ),
            ParameterSheet::usual("seed", "", 1.0, (0.0, 9e15), "", "Seed of the scatter, a whole number."),
        ],
        points: &[
            PointSheet::new("head_m", "m", "Head now."),
            PointSheet::new("shaft_w", "W", "Power at the shaft, bearing friction included."),
            PointSheet::new("hydraulic_w", "W", "Power that lifts and presses."),
            PointSheet::new("efficiency", "", "Hydraulic power over shaft power."),
            PointSheet::new("flow_m3_h", "m³/h", "Flow through it."),
            PointSheet::new("flow_share", "", "Flow over that of best efficiency at this speed; 1 while it stands."),
            PointSheet::new("npsh_available_m", "m", "NPSH available."),
            PointSheet::new("npsh_required_m", "m", "NPSH required."),
            PointSheet::new("npsh_margin_m", "m", "NPSH available less required."),
            PointSheet::new("npsh_ratio", "", "NPSH available over required."),
            PointSheet::new("cavitation", "", "Intensity of cavitation, 0 to 1.48."),
        ],
        validity: "One liquid; a pump that has lost its prime keeps the density of the liquid and loses head with the share of gas. Vapour pressure of water; other liquids do not cavitate. The curve is taken on beyond its end and run-out is not limited: past about 1.3 times the best flow the power, the NPSH required and the head are guesses, and power stops rising at 1.7. A standing pump without a non-return valve resists with the fall of its curve and is not driven backwards as a turbine. Without flow the heat of churning is left out. What its seal leaks is a component of kind `seal` on one of its ports.",
        sources: &[
            "Affinity laws; Gülich, Centrifugal Pumps, ch. 3 and 4",
            "ISO 9906: NPSH and NPSH3",
            "IAPWS-IF97, region 4: vapour pressure",
        ],
    },
    options: &[OptionSheet {
        name: "head_curve",
        choices: &[],
        meaning: "Rows of flow in m³/h and head in m at rated speed, the first at no flow, instead of shutoff_head_m and head_fall_m_per_m3_h2.",
    }],
    ports: &["inlet", "outlet"],
    links: &[LinkSheet { name: "flow", from: Some(0), to: Some(1) }],
    inputs: &[
        InputSheet { name: "speed", default: Some(1.0), meaning: "Speed over rated speed." },
        InputSheet { name: "prime", default: Some(1.0), meaning: "Share of the casing that is filled: 0 gives no head." },
        InputSheet { name: "wear", default: Some(0.0), meaning: "Wear of its bearings, 1 at the end of their life." },
        InputSheet { name: "isolated", default: Some(0.0), meaning: "1: the valves around it are shut, nothing flows." },
    ],
    states: 2,
    build,
    ..Kind::PLAIN
};

fn build(seat: Seat, settings: &Settings) -> Result<Box<dyn Component>, String> {
    let rows = settings.table("head_curve", 2)?;
    let given = |name: &str| settings.values.contains_key(name);
    let table = match rows {
        Some(_) if given("shutoff_head_m") || given("head_fall_m_per_m3_h2") => {
            return Err("a pump has either a head_curve or shutoff_head_m and head_fall_m_per_m3_h2".to_owned());
        }
        Some(rows) => {
            let pairs = rows.iter().filter_map(|row| Some([row.first()? / 3600.0, *row.get(1)?]));
            Some(HeadCurve::Table(HeadTable::new(pairs.collect())?))
        }
        None if given("shutoff_head_m") && given("head_fall_m_per_m3_h2") => None,
        None => return Err("shutoff_head_m and head_fall_m_per_m3_h2, or a head_curve, is missing".to_owned()),
    };
    Ok(Box::new(Pump { seat, table }))
}

#[derive(Debug)]
struct Pump {
    seat: Seat,
    table: Option<HeadCurve>,
}

impl Pump {
    fn curves(&self, bench: &Bench) -> curves::Pump {
        curves::Pump {
            shutoff_head_m: self.seat.p(bench, SHUTOFF),
            head_fall_s2_m5: self.seat.p(bench, FALL).max(LEAST_FALL) * 3600.0 * 3600.0,
            best_efficiency: self.seat.p(bench, EFFICIENCY) * self.seat.p(bench, EFFICIENCY_FACTOR),
            best_flow_m3_s: self.seat.p(bench, BEST_FLOW) / 3600.0,
        }
    }

    fn speed(&self, bench: &Bench) -> f64 {
        self.seat.input(bench, SPEED).clamp(0.0, 5.0)
    }

    fn prime(&self, bench: &Bench) -> f64 {
        self.seat.input(bench, PRIME).clamp(0.0, 1.0)
    }

    /// Pressure lost between the flanges without the non-return valve; a gain is negative.
    fn drop(&self, bench: &Bench, flow_kg_s: f64, density: f64) -> Drop {
        let factor = (self.seat.p(bench, HEAD_FACTOR) * self.seat.x(bench, HEAD_LEFT)).max(1e-3);
        // The head of a half-filled casing is half of that at no flow; what the passages resist stays.
        let speed = self.speed(bench) * self.prime(bench).sqrt();
        match &self.table {
            Some(table) => table.drop(speed, factor, flow_kg_s, density),
            None => self.curves(bench).drop(speed, factor, flow_kg_s, density),
        }
    }

    /// What a non-return valve adds to the loss of a flow against the pump.
    fn against(&self, bench: &Bench, flow_kg_s: f64, density: f64) -> Drop {
        let shut = Drop { pa: SHUT_PA_S_KG * flow_kg_s, slope_pa_s_kg: SHUT_PA_S_KG };
        let leak_kg_s = self.seat.p(bench, NON_RETURN_LEAK) / 3600.0 * density;
        if leak_kg_s <= 1e-9 {
            return shut;
        }
        let leaking = quadratic(LEAK_PA / (leak_kg_s * leak_kg_s), flow_kg_s);
        if leaking.pa > shut.pa { leaking } else { shut }
    }

    /// Head, powers and flow at what flows now.
    fn write_work(&self, bench: &mut Bench, flow_kg_s: f64, density: f64) {
        let speed = self.speed(bench);
        let flow_m3_s = flow_kg_s / density;
        let head_m = -self.drop(bench, flow_kg_s, density).pa / (density * GRAVITY_M_S2);
        let curves = self.curves(bench);
        let friction_w = bearing::friction_w(self.seat.p(bench, WORN_FRICTION), self.seat.input(bench, WEAR), speed);
        let shaft_w = curves.shaft_w(speed, flow_m3_s, head_m, density) + friction_w;
        let hydraulic_w = density * GRAVITY_M_S2 * head_m * flow_m3_s;
        let best_m3_s = curves.best_flow_m3_s * speed;
        self.seat.set_y(bench, HEAD, head_m);
        self.seat.set_y(bench, SHAFT, shaft_w);
        self.seat.set_y(bench, HYDRAULIC, hydraulic_w);
        self.seat.set_y(bench, EFFICIENCY_NOW, if shaft_w > 0.0 { (hydraulic_w / shaft_w).max(0.0) } else { 0.0 });
        self.seat.set_y(bench, FLOW, flow_m3_s * 3600.0);
        self.seat.set_y(bench, FLOW_SHARE, if speed < 0.02 { 1.0 } else { flow_m3_s / best_m3_s });
    }

    /// Share of the head that cavitation takes now.
    fn head_lost(&self, bench: &mut Bench, ratio: f64) -> f64 {
        let lost = suction::head_lost(ratio);
        let scatter = self.seat.p(bench, SCATTER);
        if scatter <= 0.0 || lost < LEAST_SCATTERED {
            return lost;
        }
        let draws = self.seat.x(bench, DRAWS);
        self.seat.set_x(bench, DRAWS, draws + 1.0);
        let variate = random::normal(self.seat.p(bench, SEED) as u64, self.seat.point, draws as u64);
        (lost * (1.0 + scatter * variate)).clamp(0.0, 0.95)
    }

    fn write_suction(&self, bench: &mut Bench, inlet_k: f64, density: f64) {
        // A liquid whose vapour pressure nobody has described never boils.
        let vapour_pa = self.seat.liquid.vapour_pressure_pa(inlet_k).unwrap_or(0.0);
        let flow_m3_s = self.seat.y(bench, FLOW) / 3600.0;
        let bore_m = self.seat.p(bench, SUCTION_DIAMETER);
        let velocity_m_s = if bore_m > 0.0 { flow_m3_s / (0.25 * core::f64::consts::PI * bore_m * bore_m) } else { 0.0 };
        let available_m = suction::available_m(self.seat.pressure_pa(bench, 0), vapour_pa, density, velocity_m_s);
        let needs = Suction { zero_m: self.seat.p(bench, NPSH_ZERO), rise_s2_m5: self.seat.p(bench, NPSH_RISE) * 3600.0 * 3600.0 };
        let required_m = needs.required_m(self.speed(bench), flow_m3_s);
        // A pump that requires nothing never cavitates.
        let ratio = if needs.zero_m + needs.rise_s2_m5 > 0.0 { suction::ratio(available_m, required_m) } else { 1e6 };
        self.seat.set_y(bench, NPSH_AVAILABLE, available_m);
        self.seat.set_y(bench, NPSH_REQUIRED, required_m);
        self.seat.set_y(bench, NPSH_MARGIN, available_m - required_m);
        self.seat.set_y(bench, NPSH_RATIO, ratio);
        let turning = self.speed(bench) > CAVITATES_FROM;
        self.seat.set_y(bench, CAVITATION, if turning { suction::intensity(ratio) } else { 0.0 });
        let target = if turning { 1.0 - self.head_lost(bench, ratio) } else { 1.0 };
        let left = self.seat.x(bench, HEAD_LEFT);
        let share = lag::share(bench.dt_secs, self.seat.p(bench, CAVITATION_LAG));
        self.seat.set_x(bench, HEAD_LEFT, left + (target - left) * share);
    }
}

impl Component for Pump {
    fn seat(&self) -> &Seat {
        &self.seat
    }

    fn start(&self, bench: &mut Bench) {
        self.seat.set_x(bench, HEAD_LEFT, 1.0);
        self.seat.set_y(bench, FLOW_SHARE, 1.0);
    }

    fn law(&self, bench: &Bench, _link: usize, flow_kg_s: f64) -> Law {
        if self.seat.input(bench, ISOLATED) > 0.5 {
            return Law::Shut;
        }
        let density = bench.y[self.seat.links[THROUGH].density];
        let mut drop = self.drop(bench, flow_kg_s, density);
        if self.seat.p(bench, NON_RETURN) > 0.5 && flow_kg_s < 0.0 {
            let against = self.against(bench, flow_kg_s, density);
            drop.pa += against.pa;
            drop.slope_pa_s_kg += against.slope_pa_s_kg;
        }
        Law::Open(drop)
    }

    fn carry(&self, bench: &mut Bench) {
        let link = self.seat.links[THROUGH];
        let (flow_kg_s, inlet_k) = (bench.y[link.flow], bench.y[link.inlet]);
        let density = self.seat.liquid.density_kg_m3(inlet_k);
        self.write_work(bench, flow_kg_s, density);
        // Without flow nothing carries the heat away; the casing is not modelled.
        let lost_w = self.seat.y(bench, SHAFT) - self.seat.y(bench, HYDRAULIC);
        let heat_w = if flow_kg_s > STANDING_KG_S { lost_w.max(0.0) } else { 0.0 };
        let warmer = self.seat.liquid.energy_j_kg(inlet_k) + heat_w / flow_kg_s.max(STANDING_KG_S);
        bench.y[link.outlet] = if heat_w > 0.0 { self.seat.liquid.temp_k(warmer) } else { inlet_k };
        bench.balance.heat(heat_w * bench.dt_secs);
    }

    fn report(&self, bench: &mut Bench) {
        let inlet_k = bench.y[self.seat.links[THROUGH].inlet];
        let density = self.seat.liquid.density_kg_m3(inlet_k);
        self.write_suction(bench, inlet_k, density);
    }
}
