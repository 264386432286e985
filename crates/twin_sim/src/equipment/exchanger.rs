//! Heat exchangers: how much of the greatest possible heat passes, by the effectiveness method.

/// How two streams meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrangement {
    /// One shell pass and two, four, … tube passes (TEMA E).
    ShellAndTube,
    /// Against each other.
    Counter,
    /// Side by side.
    Parallel,
    /// Across each other, neither stream mixed: the usual approximation, within 1 % of the series.
    Cross,
}

impl Arrangement {
    /// Effectiveness for `ntu` transfer units and the ratio of the smaller capacity flow to the larger, 0 to 1.
    ///
    /// Source: VDI Heat Atlas, section C1; Kays & London, Compact Heat Exchangers, ch. 2.
    pub fn effectiveness(self, ntu: f64, ratio: f64) -> f64 {
        let ntu = ntu.max(0.0);
        let ratio = ratio.clamp(0.0, 1.0);
        match self {
            Self::ShellAndTube => {
                let root = (1.0 + ratio * ratio).sqrt();
                let decay = libm::exp(-(ntu * root).max(1e-9));
                2.0 / (1.0 + ratio + root * (1.0 + decay) / (1.0 - decay))
            }
            // Near equal capacity flows the closed form loses its digits.
            Self::Counter if 1.0 - ratio < 1e-6 => ntu / (1.0 + ntu),
            Self::Counter => {
                let decay = libm::exp(-ntu * (1.0 - ratio));
                (1.0 - decay) / (1.0 - ratio * decay)
            }
            Self::Parallel => (1.0 - libm::exp(-ntu * (1.0 + ratio))) / (1.0 + ratio),
            Self::Cross if ratio < 1e-9 => 1.0 - libm::exp(-ntu),
            Self::Cross if ntu <= 0.0 => 0.0,
            Self::Cross => {
                let slow = libm::pow(ntu, 0.22);
                1.0 - libm::exp(slow / ratio * (libm::exp(-ratio * libm::pow(ntu, 0.78)) - 1.0))
            }
        }
    }
}

/// What resists the heat between shell and tubes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Films {
    /// Film coefficient in the shell at `shell_at_kg_s`, W/(m²·K).
    pub shell_w_m2_k: f64,
    /// Its flow, kg/s.
    pub shell_at_kg_s: f64,
    /// Power of the flow in the shell: 0.6 across tubes.
    pub shell_power: f64,
    /// Film coefficient in the tubes at `tube_at_kg_s` and 31 °C at their outlet, on the inner surface, W/(m²·K).
    pub tube_w_m2_k: f64,
    /// Its flow, kg/s.
    pub tube_at_kg_s: f64,
    /// Power of the flow in the tubes: 0.8 in turbulent flow.
    pub tube_power: f64,
    /// Growth of the film coefficient in the tubes with the outlet temperature, 1/K: water gets thinner.
    pub tube_warmth_1_k: f64,
    /// Outer over inner surface of the tubes.
    pub surface_ratio: f64,
    /// Resistance of the wall, m²·K/W.
    pub wall_m2k_w: f64,
}

/// Temperature at the tube outlet to which the film coefficient belongs, K.
const TUBE_AT_K: f64 = 304.15;
/// Least flow a film coefficient is taken at, kg/s.
const LEAST_KG_S: f64 = 0.05;

impl Films {
    /// Film coefficient in the shell, W/(m²·K).
    pub fn shell_now_w_m2_k(&self, shell_kg_s: f64) -> f64 {
        self.shell_w_m2_k * libm::pow(shell_kg_s.max(LEAST_KG_S) / self.shell_at_kg_s, self.shell_power)
    }

    /// Overall coefficient on the outer surface, W/(m²·K), with a fouling resistance in m²·K/W.
    ///
    /// Source: resistances in series; Dittus-Boelter and Colburn for the powers of the flows.
    pub fn overall_w_m2_k(&self, shell_kg_s: f64, tube_kg_s: f64, tube_out_k: f64, fouling_m2k_w: f64) -> f64 {
        let shell = self.shell_now_w_m2_k(shell_kg_s);
        let warmth = (1.0 + self.tube_warmth_1_k * (tube_out_k - TUBE_AT_K)).max(0.3);
        let tube = self.tube_w_m2_k * libm::pow(tube_kg_s.max(LEAST_KG_S) / self.tube_at_kg_s, self.tube_power) * warmth;
        1.0 / (1.0 / shell + self.wall_m2k_w + self.surface_ratio / tube + fouling_m2k_w)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn effectiveness_has_the_values_of_the_tables_and_its_limits() {
        // Closed forms at NTU 2 and a ratio of 0.5.
        let decay = libm::exp(-1.0);
        assert!((Arrangement::Counter.effectiveness(2.0, 0.5) - (1.0 - decay) / (1.0 - 0.5 * decay)).abs() < 1e-12);
        assert!((Arrangement::Parallel.effectiveness(2.0, 0.5) - (1.0 - libm::exp(-3.0)) / 1.5).abs() < 1e-12);
        assert!((Arrangement::Counter.effectiveness(3.0, 1.0) - 0.75).abs() < 1e-12);
        for arrangement in [Arrangement::ShellAndTube, Arrangement::Counter, Arrangement::Parallel, Arrangement::Cross] {
            // Against a stream that does not change its temperature all are alike.
            for ntu in [0.0, 0.3, 1.0, 4.0] {
                assert!((arrangement.effectiveness(ntu, 0.0) - (1.0 - libm::exp(-ntu))).abs() < 1e-8, "{arrangement:?} {ntu}");
            }
            let mut before = 0.0;
            for step in 1..100 {
                let now = arrangement.effectiveness(f64::from(step) * 0.1, 0.8);
                assert!((0.0..=1.0).contains(&now) && now > before - 1e-12, "{arrangement:?}");
                assert!(now <= Arrangement::Counter.effectiveness(f64::from(step) * 0.1, 0.8) + 1e-9, "none beats counterflow");
                before = now;
            }
        }
        // Counterflow is continuous where its closed form loses its digits.
        let gap = Arrangement::Counter.effectiveness(2.0, 1.0 - 1.1e-6) - Arrangement::Counter.effectiveness(2.0, 1.0 - 0.9e-6);
        assert!(gap.abs() < 1e-6);
    }
}
