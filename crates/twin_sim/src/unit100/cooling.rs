//! Cooling water: P-201A/B, E-101 tubes with TV-101, K-301 cooler, tower and basin.

use super::Unit100;
use super::plant::{
    BASIN_60_M, BASIN_M3_PER_PCT, CW_MAIN, DRIFT_SHARE, K301_COOLER_BAR, LV201_FULL_M3_H, P201, P201_SHAFT_M, SPRAY_BAR, SPRAY_M, TV101,
};
use crate::exchanger::ExchangerStreams;
use crate::network::{Line, PumpBranch, operate};
use crate::pump::hydraulic_kw;
use crate::water::{COOLING_CP_J_KG_K, G_M_S2, density_kg_m3};
use crate::{Boundary, STEP_SECS, Structure, tower};

impl<S: Structure> Unit100<S> {
    /// Pressure loss of the E-101 tubes per square of the flow, bar/(m³/h)².
    pub(super) fn tube_resistance(&self) -> f64 {
        let scale = ((self.parameters.e101_fouling_m2k_w - 1e-4) / 3e-4).max(0.0);
        0.32 / (330.0 * 330.0) * (1.0 + 0.6 * scale)
    }

    /// Solves the cooling water network and stores its flows.
    pub(super) fn solve_cooling_water(&mut self) {
        let density = density_kg_m3(self.basin.temp_c);
        let bar_per_m = density * G_M_S2 / 1e5;
        let level_pct = self.basin.level_pct(BASIN_M3_PER_PCT);
        let surface_m = BASIN_60_M + (level_pct - 60.0) * 0.012;
        let suction_bar = bar_per_m * (surface_m - P201_SHAFT_M);
        // Below 10 % the pumps draw air.
        let primed = (level_pct / 10.0).clamp(0.0, 1.0);
        let pumps = [0, 1].map(|pump| {
            let speed = self.p201[pump].speed;
            Some(PumpBranch {
                head_bar: suction_bar + primed * bar_per_m * speed * speed * P201.shutoff_head_m,
                fall: bar_per_m * P201.head_fall,
                recirculation_m3_h: 0.0,
            })
        });
        let kv = TV101.kv(self.tv101.position_pct) * self.parameters.tv101_kvs_factor;
        let tubes = self.tube_resistance() + density / 1000.0 / (kv * kv);
        let compressor = K301_COOLER_BAR / 9.0;
        let conductance = 1.0 / tubes.sqrt() + 1.0 / compressor.sqrt();
        let branch = 1.0 / (conductance * conductance);
        let main = CW_MAIN.resistance(self.cooling.total_m3_h.max(20.0), 26.0) + SPRAY_BAR / (400.0 * 400.0);
        let line = Line { back_bar: bar_per_m * (SPRAY_M - P201_SHAFT_M), linear: 0.0, resistance: main + branch };
        let solution = operate(&pumps, &line, 0.0);

        let total = solution.line_m3_h;
        let branch_bar = branch * total * total;
        let flows = &mut self.cooling;
        flows.header_bar = solution.header_bar;
        flows.total_m3_h = total;
        flows.total_kg_s = total * density / 3600.0;
        flows.compressor_m3_h = (branch_bar / compressor).sqrt();
        flows.tube_m3_h = total - flows.compressor_m3_h;
        flows.tube_kg_s = flows.tube_m3_h * density / 3600.0;
        flows.branch_kw = branch_bar * total / 36.0;
        flows.through_m3_h = solution.forward_m3_h;
        let mut shaft_kw = 0.0;
        let mut hydraulic = 0.0;
        for pump in 0..2 {
            let speed = self.p201[pump].speed;
            let through = solution.forward_m3_h[pump];
            let head_m = (primed * P201.head_m(speed, through, 1.0)).max(0.0);
            flows.shaft_kw[pump] = P201.shaft_kw(density, speed, through, head_m);
            shaft_kw += flows.shaft_kw[pump];
            hydraulic += hydraulic_kw(density, through, head_m);
        }
        flows.rest_kw = hydraulic - flows.branch_kw;
        let heating_k = if flows.total_kg_s > 0.5 { 1000.0 * (shaft_kw - hydraulic) / (flows.total_kg_s * COOLING_CP_J_KG_K) } else { 0.0 };
        flows.supply_c = self.basin.temp_c + self.parameters.cw_supply_offset_k + heating_k.clamp(0.0, 10.0);
        let tube_m3_h = flows.tube_m3_h;
        self.cooling.tube_bar = self.tube_resistance() * tube_m3_h * tube_m3_h;
    }

    /// The streams of E-101 now.
    pub(super) fn streams(&self) -> ExchangerStreams {
        ExchangerStreams {
            shell_kg_s: self.feed.shell_kg_s,
            shell_in_c: self.feed.shell_in_c,
            tube_kg_s: self.cooling.tube_kg_s,
            tube_in_c: self.cooling.supply_c,
        }
    }

    /// Return temperature, tower and water balance rates for the present flows; changes no inventory.
    pub(super) fn solve_tower(&mut self, wet_bulb_c: f64, fan: f64, tube_out_c: f64) {
        let density = density_kg_m3(self.basin.temp_c);
        let cooler_w = self.air.cooler_w();
        let offset_k = self.parameters.cw_supply_offset_k;
        let coefficient = self.parameters.tower_coefficient;
        let blowdown_m3_h = self.parameters.cw_blowdown_m3_h;
        let flows = &mut self.cooling;
        let water = flows.total_kg_s;
        if water > 0.5 {
            let tube_share = flows.tube_kg_s / water;
            let mixed = flows.supply_c + (tube_out_c - flows.supply_c) * tube_share;
            flows.return_c = mixed + (cooler_w + 1000.0 * flows.branch_kw) / (water * COOLING_CP_J_KG_K);
            // A what-if offset on the supply is taken out again, as if the tower stood in other weather.
            flows.tower_in_c = flows.return_c + 1000.0 * flows.rest_kw / (water * COOLING_CP_J_KG_K) - offset_k;
            flows.tower_out_c = tower::outlet_c(water, flows.tower_in_c, tower::air_kg_s(fan), wet_bulb_c, coefficient);
        } else {
            flows.tower_out_c = flows.tower_in_c;
        }
        flows.duty_w = water * COOLING_CP_J_KG_K * (flows.tower_in_c - flows.tower_out_c);
        flows.evaporation_kg_s = (0.81 * flows.duty_w / 2.43e6).max(0.0).min(0.1 * water);
        flows.drift_kg_s = DRIFT_SHARE * water;
        flows.blowdown_kg_s = blowdown_m3_h * density / 3600.0;
    }

    /// Integrates the basin.
    pub(super) fn step_basin(&mut self, boundary: &Boundary) {
        let make_up_m3_h = LV201_FULL_M3_H * self.lv201.position_pct / 100.0;
        let flows = &mut self.cooling;
        flows.make_up_m3_h = make_up_m3_h;
        flows.make_up_kg_s = make_up_m3_h * density_kg_m3(boundary.make_up_temp_c) / 3600.0;
        let back_kg_s = flows.total_kg_s - flows.evaporation_kg_s - flows.drift_kg_s;
        let correction_kg_s = self.parameters.basin_correction_m3_h * density_kg_m3(self.basin.temp_c) / 3600.0;
        let inflow = back_kg_s + flows.make_up_kg_s + correction_kg_s;
        // Merkel's equation neglects what evaporates. The heat that would take from the fill is about the heat that warms up
        // the make-up which replaces it, so both are left out: make-up joins at the temperature of the fill outlet.
        let inflow_c = if flows.total_kg_s > 0.5 { flows.tower_out_c } else { boundary.make_up_temp_c };
        let salt = flows.make_up_kg_s * boundary.make_up_us_cm - (flows.blowdown_kg_s + flows.drift_kg_s) * self.basin_us_cm;
        let lost = flows.evaporation_kg_s + flows.drift_kg_s + flows.blowdown_kg_s;
        let net = flows.make_up_kg_s - lost;
        self.basin_us_cm += (salt - net * self.basin_us_cm) * STEP_SECS / self.basin.mass_kg;
        let out = flows.total_kg_s + flows.blowdown_kg_s;
        self.basin.step(STEP_SECS, inflow, inflow_c, out, 0.0);
    }
}
