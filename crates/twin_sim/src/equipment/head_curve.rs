//! Head curves of centrifugal pumps beside the quadratic one: a power law and a table, for any speed and direction.

use super::{Drop, friction};

const GRAVITY_M_S2: f64 = 9.80665;
/// Relative speed below which the resistance of the impeller no longer changes: a standing pump still resists.
const CRAWL: f64 = 0.05;

/// Head over flow at rated speed.
#[derive(Clone, Debug, PartialEq)]
pub enum HeadCurve {
    /// `h = shutoff − fall·Q^exponent` in m and m³/s, exponent 1 to 3.
    Power {
        /// Head at no flow, m.
        shutoff_m: f64,
        /// Fall, m/(m³/s)^exponent.
        fall: f64,
        /// Exponent.
        exponent: f64,
    },
    /// Rows of flow and head, straight between them and on beyond the last.
    Table(HeadTable),
}

/// Rows of flow in m³/s and head in m: the first at no flow, flows rising, heads falling.
#[derive(Clone, Debug, PartialEq)]
pub struct HeadTable(Vec<[f64; 2]>);

impl HeadTable {
    /// Rows of flow and head.
    ///
    /// # Errors
    /// Says which row is wrong. A head that rises with the flow has two flows for one head, and is refused.
    pub fn new(rows: Vec<[f64; 2]>) -> Result<Self, String> {
        match rows.first() {
            Some(&[flow, head]) if flow == 0.0 && head > 0.0 && head.is_finite() => {}
            _ => return Err("the first row of a head curve is the head at no flow, above 0 m".to_owned()),
        }
        if rows.len() < 2 {
            return Err("a head curve needs a second row".to_owned());
        }
        for (index, pair) in rows.windows(2).enumerate() {
            if let [[low_flow, low_head], [high_flow, high_head]] = *pair {
                let falls = high_flow > low_flow && high_head < low_head && high_flow.is_finite() && high_head.is_finite();
                if !falls {
                    return Err(format!("row {} of the head curve needs more flow and less head than row {}", index + 2, index + 1));
                }
            }
        }
        Ok(Self(rows))
    }

    fn shutoff_m(&self) -> f64 {
        self.0.first().map_or(0.0, |row| row[1])
    }

    /// Fall of the head from no flow to a flow of at least 0, and its slope.
    fn fall(&self, flow_m3_s: f64) -> (f64, f64) {
        let above = self.0.partition_point(|row| row[0] <= flow_m3_s).clamp(1, self.0.len().max(2) - 1);
        let (Some(low), Some(high)) = (self.0.get(above - 1), self.0.get(above)) else { return (0.0, 0.0) };
        let slope = (low[1] - high[1]) / (high[0] - low[0]);
        (self.shutoff_m() - low[1] + slope * (flow_m3_s - low[0]), slope)
    }
}

impl HeadCurve {
    /// Gain as a negative loss at a relative speed, by the affinity laws: `H = n²·h(Q/n)`; `factor` scales all of it for wear
    /// and cavitation. Flow against the pump is resisted by the same fall of the head, also at rest.
    pub fn drop(&self, speed: f64, factor: f64, flow_kg_s: f64, density_kg_m3: f64) -> Drop {
        let to_pa = factor * density_kg_m3 * GRAVITY_M_S2;
        let slow = speed.max(CRAWL);
        let (shutoff_m, fall) = match self {
            Self::Power { shutoff_m, fall, exponent } => {
                let coefficient = to_pa * fall * libm::pow(slow, 2.0 - exponent) / libm::pow(density_kg_m3, *exponent);
                (*shutoff_m, friction::power(coefficient, *exponent, flow_kg_s))
            }
            Self::Table(table) => {
                let (fall_m, slope) = table.fall((flow_kg_s / (density_kg_m3 * slow)).abs());
                let pa = to_pa * slow * slow * fall_m * if flow_kg_s < 0.0 { -1.0 } else { 1.0 };
                (table.shutoff_m(), Drop { pa, slope_pa_s_kg: to_pa * slow * slope / density_kg_m3 })
            }
        };
        Drop { pa: fall.pa - to_pa * speed * speed * shutoff_m, slope_pa_s_kg: fall.slope_pa_s_kg }
    }

    /// Head at a relative speed and flow, m.
    pub fn head_m(&self, speed: f64, factor: f64, flow_m3_s: f64) -> f64 {
        // The head does not depend on the density: taken at that of 1000 kg/m³.
        -self.drop(speed, factor, flow_m3_s * 1000.0, 1000.0).pa / (1000.0 * GRAVITY_M_S2)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::equipment::pump::Pump;

    fn table() -> HeadCurve {
        HeadCurve::Table(HeadTable::new(vec![[0.0, 39.0], [0.01, 38.1], [0.02, 35.4], [0.03, 30.8]]).unwrap())
    }

    #[test]
    fn a_power_curve_with_exponent_two_is_the_quadratic_one() {
        let pump = Pump { shutoff_head_m: 39.0, head_fall_s2_m5: 9072.0, best_efficiency: 0.76, best_flow_m3_s: 0.029 };
        let curve = HeadCurve::Power { shutoff_m: 39.0, fall: 9072.0, exponent: 2.0 };
        for (speed, flow) in [(1.0, 25.0), (0.7, 10.0), (0.7, -10.0), (0.0, 5.0), (0.0, -5.0)] {
            let (ours, theirs) = (curve.drop(speed, 0.9, flow, 970.0), pump.drop(speed, 0.9, flow, 970.0));
            assert!((ours.pa - theirs.pa).abs() < 1e-4 * theirs.pa.abs().max(1.0), "{ours:?} for {theirs:?}");
        }
    }

    #[test]
    fn a_table_gives_its_rows_and_a_rising_one_is_refused() {
        for (flow, head) in [(0.0, 39.0), (0.01, 38.1), (0.015, 36.75), (0.03, 30.8), (0.04, 26.2)] {
            assert!((table().head_m(1.0, 1.0, flow) - head).abs() < 1e-12, "{flow}");
        }
        let error = HeadTable::new(vec![[0.0, 30.0], [0.01, 31.0]]).unwrap_err();
        assert_eq!(error, "row 2 of the head curve needs more flow and less head than row 1");
        for rows in
            [vec![], vec![[0.0, 1.0]], vec![[0.1, 1.0], [0.2, 0.5]], vec![[0.0, f64::NAN], [1.0, 0.0]], vec![[0.0, 9.0], [f64::NAN, 0.0]]]
        {
            assert!(HeadTable::new(rows).is_err());
        }
    }

    proptest! {
        #[test]
        fn the_affinity_law_holds_and_the_loss_rises_with_the_flow_at_every_speed(
            exponent in 1.0..3.0_f64, speed in 0.0..1.2_f64, flow in -60.0..60.0_f64, more in 1e-3..10.0_f64, tabled in any::<bool>(),
        ) {
            let curve = if tabled { table() } else { HeadCurve::Power { shutoff_m: 39.0, fall: 5000.0, exponent } };
            let (low, high) = (curve.drop(speed, 1.0, flow, 970.0), curve.drop(speed, 1.0, flow + more, 970.0));
            prop_assert!(low.pa < high.pa && low.slope_pa_s_kg > 0.0 && low.slope_pa_s_kg.is_finite());
            prop_assert!(curve.drop(speed, 1.0, 0.0, 970.0).slope_pa_s_kg > 0.0);
            let n = speed.max(0.06);
            let (at_rated, at_n) = (curve.head_m(1.0, 1.0, flow / 970.0), curve.head_m(n, 1.0, n * flow / 970.0));
            prop_assert!((at_n - n * n * at_rated).abs() <= 1e-5 * at_rated.abs().max(39.0), "{at_n} for {at_rated}");
        }
    }
}
