//! Centrifugal pumps: head, power, and what a standing one lets through.

use super::Drop;

/// Acceleration of gravity, m/s².
const GRAVITY_M_S2: f64 = 9.80665;

/// Curves at rated speed; other speeds by the affinity laws.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pump {
    /// Head at zero flow, m.
    pub shutoff_head_m: f64,
    /// Fall of the head with the square of the flow, m/(m³/s)².
    pub head_fall_s2_m5: f64,
    /// Best efficiency.
    pub best_efficiency: f64,
    /// Flow of best efficiency, m³/s.
    pub best_flow_m3_s: f64,
}

impl Pump {
    /// Head in m at a relative speed and flow; `factor` scales the whole curve for wear.
    pub fn head_m(&self, speed: f64, flow_m3_s: f64, factor: f64) -> f64 {
        factor * (speed * speed * self.shutoff_head_m - self.head_fall_s2_m5 * flow_m3_s * flow_m3_s.abs())
    }

    /// Gain as a negative loss. Flow against the pump is resisted by the same quadratic term, also at rest.
    pub fn drop(&self, speed: f64, factor: f64, flow_kg_s: f64, density_kg_m3: f64) -> Drop {
        let fall = super::quadratic(factor * self.head_fall_s2_m5 * GRAVITY_M_S2 / density_kg_m3, flow_kg_s);
        let shutoff_pa = density_kg_m3 * GRAVITY_M_S2 * factor * speed * speed * self.shutoff_head_m;
        Drop { pa: fall.pa - shutoff_pa, slope_pa_s_kg: fall.slope_pa_s_kg }
    }

    /// Shaft power, W, with the efficiency `best·(2q - q²)`, q = flow over best flow: finite at zero flow.
    pub fn shaft_w(&self, speed: f64, flow_m3_s: f64, head_m: f64, density_kg_m3: f64) -> f64 {
        if speed < 0.02 {
            return 0.0;
        }
        let best = self.best_flow_m3_s * speed;
        let share = (flow_m3_s / best).clamp(0.0, 1.7);
        density_kg_m3 * GRAVITY_M_S2 * head_m.max(0.0) * best / (self.best_efficiency * (2.0 - share))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// P-101 of Unit 100, from its data sheet in m³/h.
    const P101: Pump =
        Pump { shutoff_head_m: 39.0, head_fall_s2_m5: 7.0e-4 * 3600.0 * 3600.0, best_efficiency: 0.76, best_flow_m3_s: 105.0 / 3600.0 };

    #[test]
    fn a_pump_has_the_curve_of_its_data_sheet() {
        for (flow_m3_h, head_m, shaft_kw) in
            [(0.0, 39.0, 7.1), (30.0, 38.4, 8.2), (60.0, 36.5, 9.3), (100.0, 32.0, 11.1), (140.0, 25.3, 13.8)]
        {
            let flow = flow_m3_h / 3600.0;
            let head = P101.head_m(1.0, flow, 1.0);
            assert!((head - head_m).abs() < 0.06, "{flow_m3_h} m³/h: {head} m");
            let shaft = P101.shaft_w(1.0, flow, head, 968.6) / 1000.0;
            assert!((shaft - shaft_kw).abs() < 0.06 * shaft_kw, "{flow_m3_h} m³/h: {shaft} kW");
        }
    }

    #[test]
    fn half_the_speed_gives_a_quarter_of_the_head_and_an_eighth_of_the_power() {
        let (full, half) = (P101.head_m(1.0, 0.02, 1.0), P101.head_m(0.5, 0.01, 1.0));
        assert!((half / full - 0.25).abs() < 1e-12);
        let power = |speed: f64, flow: f64, head: f64| P101.shaft_w(speed, flow, head, 1000.0);
        assert!((power(0.5, 0.01, half) / power(1.0, 0.02, full) - 0.125).abs() < 1e-12);
    }
}
