//! Feed line: suction, P-101A/B in parallel, header pressure, flow into V-101.

use super::Unit100;
use super::plant::{
    FEED_LIFT_M, FEED_PIPE, FV101, MINIMUM_FLOW_M3_H, P101, P101_SPOOL, P101_SUCTION, PUMP_SHAFT_M, SHELL_BAR, SHELL_KG_S, STRAINER,
    TK101_BOTTOM_M, TK101_M3_PER_PCT,
};
use crate::command::DriveState;
use crate::network::{Line, PumpBranch, operate};
use crate::pump::hydraulic_kw;
use crate::water::{CONDENSATE_CP_J_KG_K, G_M_S2, density_kg_m3, vapour_pressure_pa};
use crate::{STEP_SECS, Structure};

/// Cooled flow below which a friction factor is not worth calculating, m³/h.
const LEAST_FLOW_M3_H: f64 = 5.0;

impl<S: Structure> Unit100<S> {
    /// Resistance of the line from the header to V-101 without FV-101, bar per square of the hot flow in m³/h.
    pub(super) fn feed_line_resistance(&self, cold_m3_h: f64, hot_density: f64, cold_density: f64) -> f64 {
        let ratio = hot_density / cold_density;
        let pipe = FEED_PIPE.resistance(cold_m3_h.max(LEAST_FLOW_M3_H), 40.0) * self.parameters.line_friction_factor;
        let shell = hot_density / 3600.0 / SHELL_KG_S;
        pipe * ratio * ratio + SHELL_BAR * shell * shell
    }

    /// Static pressure at the suction of P-101, barg.
    pub(super) fn suction_bar(&self) -> f64 {
        let density = density_kg_m3(self.tk101.temp_c);
        let surface_m = TK101_BOTTOM_M + 0.06 * self.tk101.level_pct(TK101_M3_PER_PCT);
        density * G_M_S2 * (surface_m - PUMP_SHAFT_M) / 1e5
    }

    /// Loss of P-101 number `pump` between tank and header, bar/(m³/h)²: suction with strainer, then spool.
    pub(super) fn p101_losses(&self, pump: usize) -> (f64, f64) {
        let open = 1.0 - self.parameters.clogged_fraction(pump);
        (P101_SUCTION + STRAINER / (open * open), P101_SPOOL)
    }

    /// Solves the line and stores its flows.
    pub(super) fn solve_feed_line(&mut self) {
        let hot_density = density_kg_m3(self.tk101.temp_c);
        let cold_density = density_kg_m3(self.outlets().shell_c);
        let ratio = hot_density / cold_density;
        let bar_per_m = hot_density * G_M_S2 / 1e5;
        let suction_bar = self.suction_bar();
        let pumps = [0, 1].map(|pump| {
            let drive = &self.p101[pump];
            if drive.state == DriveState::Isolated {
                return None;
            }
            let factor = self.cavitation_factor[pump] * self.parameters.p101_head_factor(pump);
            let (inlet, spool) = self.p101_losses(pump);
            Some(PumpBranch {
                head_bar: suction_bar + bar_per_m * drive.speed * drive.speed * P101.shutoff_head_m * factor,
                fall: bar_per_m * P101.head_fall * factor + inlet + spool,
                recirculation_m3_h: MINIMUM_FLOW_M3_H * (drive.speed / 0.5).min(1.0),
            })
        });

        let valve_kv = FV101.kv(self.fv101.position_pct) * self.parameters.fv101_kvs_factor;
        let valve = cold_density / 1000.0 * ratio * ratio / (valve_kv * valve_kv);
        // The gas space of V-101 stiffens within the step; without this term a nearly full drum would not be stable.
        let stiffness = self.drum.stiffness_bar_m3() * STEP_SECS / 3600.0;
        let leaving_m3_h = self.product.line_m3_h + self.drum.spill_m3_h;
        let static_bar = 0.5 * (hot_density + cold_density) * G_M_S2 * FEED_LIFT_M / 1e5;
        let line = Line {
            back_bar: static_bar + self.drum.pressure_barg() - stiffness * leaving_m3_h,
            linear: stiffness * ratio,
            resistance: self.feed_line_resistance(self.feed.hot_m3_h * ratio, hot_density, cold_density) + valve,
        };
        let leak_m3_h = self.check_valve_leak_m3_h();
        let solution = operate(&pumps, &line, leak_m3_h);

        let flows = &mut self.feed;
        flows.suction_bar = suction_bar;
        flows.header_bar = solution.header_bar;
        flows.hot_m3_h = solution.line_m3_h;
        flows.shell_kg_s = solution.line_m3_h * hot_density / 3600.0;
        flows.forward_m3_h = solution.forward_m3_h;
        flows.shell_bar = SHELL_BAR * (flows.shell_kg_s / SHELL_KG_S) * (flows.shell_kg_s / SHELL_KG_S);
        let friction_bar = (solution.header_bar - static_bar - self.drum.pressure_barg()).max(0.0);
        flows.friction_k = if flows.hot_m3_h > 0.0 { friction_bar * 1e5 / (hot_density * CONDENSATE_CP_J_KG_K) } else { 0.0 };

        let vapour_bar = vapour_pressure_pa(self.tk101.temp_c) / 1e5;
        let mut forward_kw = 0.0;
        let mut recirculated_kw = 0.0;
        for (pump, branch) in pumps.iter().enumerate() {
            let drive = &self.p101[pump];
            let forward = self.feed.forward_m3_h[pump];
            let recirculation = branch.map_or(0.0, |branch| branch.recirculation_at_m3_h(forward));
            let through = forward + recirculation;
            let factor = self.cavitation_factor[pump] * self.parameters.p101_head_factor(pump);
            let head_m = P101.head_m(drive.speed, through, factor).max(0.0);
            let (inlet, spool) = self.p101_losses(pump);
            let open = 1.0 - self.parameters.clogged_fraction(pump);
            let friction_kw = 0.6 * self.parameters.bearing_wear(pump) * drive.speed;
            let shaft_kw =
                P101.shaft_kw(hot_density, drive.speed, through, head_m) / self.parameters.p101_efficiency_factor(pump) + friction_kw;
            let inlet_bar = suction_bar - inlet * through * through;
            let available_m = (inlet_bar + 1.01325 - vapour_bar) / bar_per_m;
            let speed_squared = drive.speed * drive.speed;
            let required_m = 2.0 * speed_squared + 1.6 * through * through * 1e-4;
            let losses_kw = (inlet + spool) * through * through * through / 36.0;
            if through > 0.0 {
                let heat_kw = shaft_kw - hydraulic_kw(hot_density, through, head_m) + losses_kw;
                forward_kw += heat_kw * forward / through;
                recirculated_kw += shaft_kw * recirculation / through;
            }
            let flows = &mut self.feed;
            flows.through_m3_h[pump] = through;
            flows.head_m[pump] = head_m;
            flows.shaft_kw[pump] = shaft_kw;
            flows.strainer_bar[pump] = STRAINER / (open * open) * through * through;
            flows.inlet_bar[pump] = inlet_bar;
            flows.npsh_margin_m[pump] = available_m - required_m;
            flows.npsh_ratio[pump] = (available_m / required_m.max(0.05)).clamp(0.0, 100.0);
        }
        self.feed.recirculated_w = 1000.0 * recirculated_kw;
        let rise_k = if self.feed.shell_kg_s > 0.05 { 1000.0 * forward_kw / (self.feed.shell_kg_s * CONDENSATE_CP_J_KG_K) } else { 0.0 };
        self.feed.shell_in_c = self.tk101.temp_c + rise_k.min(20.0);
    }

    /// Back flow through standing pumps while the other one presses on their check valves, m³/h.
    fn check_valve_leak_m3_h(&self) -> f64 {
        if self.feed.header_bar < self.feed.suction_bar + 0.3 {
            return 0.0;
        }
        (0..2)
            .filter(|&pump| self.p101[pump].speed < 0.05 && self.p101[pump].state != DriveState::Isolated)
            .map(|pump| self.parameters.check_valve_leak_m3_h(pump))
            .sum()
    }

    /// The head factor by cavitation follows its drop with a lag of 2 s.
    pub(super) fn step_cavitation(&mut self) {
        for pump in 0..2 {
            let on = self.p101[pump].speed > 0.2;
            let ratio = self.feed.npsh_ratio[pump];
            let drop = if on { (0.03 * libm::exp(10.0 * (1.0 - ratio))).min(0.6) } else { 0.0 };
            let noise = if drop > 1e-4 && self.parameters.scatter > 0.5 { 0.2 * self.normal_variate() } else { 0.0 };
            let target = (1.0 - drop * (1.0 + noise)).clamp(0.05, 1.0);
            self.cavitation_factor[pump] += (target - self.cavitation_factor[pump]) * STEP_SECS / (2.0 + STEP_SECS);
        }
    }

    /// Cavitation intensity of one P-101.
    pub(super) fn cavitation(&self, pump: usize) -> f64 {
        if self.p101[pump].speed < 0.2 {
            return 0.0;
        }
        let depth = ((1.8 - self.feed.npsh_ratio[pump]) / 0.8).clamp(0.0, 1.3);
        depth * depth.sqrt()
    }
}
