//! Product line: P-102 out of V-101 through LV-101 and FL-102 into TK-102.

use super::Unit100;
use super::plant::{
    FILTER_BAR, LV101, MINIMUM_FLOW_M3_H, P102, P102_SUCTION_M, PRODUCT_LIFT_M, PRODUCT_PIPE_BAR, PUMP_SHAFT_M, V101_BOTTOM_M,
};
use crate::Structure;
use crate::network::{Line, PumpBranch, operate};
use crate::water::{CONDENSATE_CP_J_KG_K, G_M_S2, density_kg_m3};

impl<S: Structure> Unit100<S> {
    /// Resistance of the product line without LV-101, bar/(m³/h)².
    pub(super) fn product_line_resistance(&self) -> f64 {
        (PRODUCT_PIPE_BAR * self.parameters.line_friction_factor + FILTER_BAR) / (90.0 * 90.0)
    }

    /// Solves the line and stores its flows.
    pub(super) fn solve_product_line(&mut self) {
        let density = density_kg_m3(self.drum.temp_c);
        let bar_per_m = density * G_M_S2 / 1e5;
        let speed = self.p102.speed;
        let static_bar = self.drum.pressure_barg() + bar_per_m * (V101_BOTTOM_M - PUMP_SHAFT_M + self.drum.height_m);
        // Near the bottom the outlet draws gas and the pump loses its prime.
        let primed = (self.drum.height_m / 0.15).clamp(0.0, 1.0);
        let suction = bar_per_m * P102_SUCTION_M / (90.0 * 90.0);
        let branch = PumpBranch {
            head_bar: if primed > 0.0 { static_bar + primed * bar_per_m * speed * speed * P102.shutoff_head_m } else { 0.0 },
            fall: bar_per_m * P102.head_fall + suction,
            recirculation_m3_h: MINIMUM_FLOW_M3_H * (speed / 0.5).min(1.0),
        };
        let kv = LV101.kv(self.lv101.position_pct) * self.parameters.lv101_kvs_factor;
        let back_bar = bar_per_m * PRODUCT_LIFT_M;
        let line = Line { back_bar, linear: 0.0, resistance: self.product_line_resistance() + density / 1000.0 / (kv * kv) };
        let solution = operate(&[Some(branch)], &line, 0.0);

        let forward = solution.line_m3_h;
        let recirculation = branch.recirculation_at_m3_h(forward);
        let through = forward + recirculation;
        let head_m = (P102.head_m(speed, through, 1.0) * primed).max(0.0);
        let shaft_kw = P102.shaft_kw(density, speed, through, head_m);
        let flows = &mut self.product;
        flows.inlet_bar = static_bar - suction * through * through;
        flows.discharge_bar = flows.inlet_bar + bar_per_m * head_m;
        flows.line_m3_h = forward;
        flows.line_kg_s = forward * density / 3600.0;
        flows.shaft_kw = shaft_kw;
        let share = if through > 0.0 { forward / through } else { 0.0 };
        flows.recirculated_w = 1000.0 * shaft_kw * (1.0 - share);
        flows.outlet_c = self.drum.temp_c;
        if flows.line_kg_s > 0.05 {
            let heat_kw = shaft_kw * share + (static_bar - back_bar) * forward / 36.0;
            flows.outlet_c += 1000.0 * heat_kw / (flows.line_kg_s * CONDENSATE_CP_J_KG_K);
        }
    }
}
