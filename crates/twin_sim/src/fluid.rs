//! What flows: water along its liquid line, and liquids the plant file describes.
//!
//! Liquids are incompressible here. Their energy is `u(T) = ∫ cp dT` from 273.15 K; pressure does work on them that the
//! components account for where it turns into heat.

use serde::{Deserialize, Serialize};

/// Zero of the energy of every liquid, K.
pub const ZERO_K: f64 = 273.15;

/// Coefficients in `x = (T - 273.15 K) / 100 K`, lowest power first.
type Polynomial = [f64; 7];

/// Density of water, kg/m³. Fitted to IAPWS-95 (CoolProp 8) at 1 atm or saturation from 0 to 150 °C, within 1.7·10⁻⁵.
const WATER_DENSITY: Polynomial =
    [999.859_702_9, 6.054_858_674, -83.055_042_87, 66.013_518_84, -46.129_251_62, 19.006_604_84, -3.394_875_007];
/// Heat capacity of water, J/(kg·K). As above, within 1.5·10⁻⁴.
const WATER_CP: Polynomial = [4_218.815_452, -316.796_390_9, 958.170_689_7, -1_460.524_695, 1_285.549_043, -573.656_829_4, 104.057_391_1];
/// Logarithm of the viscosity of water in Pa·s. As above, within 8·10⁻⁴ of the viscosity.
const WATER_LOG_VISCOSITY: Polynomial =
    [-6.325_252_213, -3.453_225_27, 3.296_675_282, -3.200_640_148, 2.286_710_65, -0.943_757_792_2, 0.164_369_821_6];

/// A liquid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Liquid {
    /// Water, 0 to 150 °C.
    #[default]
    Water,
    /// A liquid described by its constants.
    Described(DescribedLiquid),
}

/// A liquid whose density and heat capacity are straight lines over temperature.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DescribedLiquid {
    /// Density at 273.15 K, kg/m³.
    pub density_kg_m3: f64,
    /// Change of the density, kg/(m³·K); usually negative.
    #[serde(default)]
    pub density_slope_kg_m3_k: f64,
    /// Heat capacity at 273.15 K, J/(kg·K).
    pub cp_j_kg_k: f64,
    /// Change of the heat capacity, J/(kg·K²).
    #[serde(default)]
    pub cp_slope_j_kg_k2: f64,
    /// Viscosity, Pa·s.
    pub viscosity_pa_s: f64,
}

fn value(terms: &Polynomial, x: f64) -> f64 {
    terms.iter().rev().fold(0.0, |sum, term| sum * x + term)
}

/// Integral of a polynomial in x over the temperature from 273.15 K.
fn integral(terms: &Polynomial, x: f64) -> f64 {
    let mut sum = 0.0;
    for (power, term) in terms.iter().enumerate().rev() {
        sum = sum * x + term / (power + 1) as f64;
    }
    100.0 * x * sum
}

fn scaled(temp_k: f64) -> f64 {
    // Outside the fitted range the ends stand: an extrapolated polynomial may turn negative.
    ((temp_k - ZERO_K) / 100.0).clamp(-0.2, 1.8)
}

impl Liquid {
    /// Density, kg/m³, at a temperature in K.
    pub fn density_kg_m3(&self, temp_k: f64) -> f64 {
        match self {
            Self::Water => value(&WATER_DENSITY, scaled(temp_k)),
            Self::Described(liquid) => {
                (liquid.density_kg_m3 + liquid.density_slope_kg_m3_k * (temp_k - ZERO_K)).max(0.1 * liquid.density_kg_m3)
            }
        }
    }

    /// Heat capacity, J/(kg·K), at a temperature in K.
    pub fn cp_j_kg_k(&self, temp_k: f64) -> f64 {
        match self {
            Self::Water => value(&WATER_CP, scaled(temp_k)),
            Self::Described(liquid) => liquid.cp_j_kg_k + liquid.cp_slope_j_kg_k2 * (temp_k - ZERO_K),
        }
    }

    /// Viscosity, Pa·s, at a temperature in K.
    pub fn viscosity_pa_s(&self, temp_k: f64) -> f64 {
        match self {
            Self::Water => libm::exp(value(&WATER_LOG_VISCOSITY, scaled(temp_k))),
            Self::Described(liquid) => liquid.viscosity_pa_s,
        }
    }

    /// Energy above 273.15 K, J/kg, at a temperature in K.
    pub fn energy_j_kg(&self, temp_k: f64) -> f64 {
        match self {
            Self::Water => {
                let x = scaled(temp_k);
                // Beyond the fitted range the capacity at its end stands.
                let beyond_k = temp_k - ZERO_K - 100.0 * x;
                integral(&WATER_CP, x) + beyond_k * value(&WATER_CP, x)
            }
            Self::Described(liquid) => {
                let t = temp_k - ZERO_K;
                (liquid.cp_j_kg_k + 0.5 * liquid.cp_slope_j_kg_k2 * t) * t
            }
        }
    }

    /// Temperature in K that belongs to an energy in J/kg: the inverse of [`Self::energy_j_kg`], by Newton's method.
    pub fn temp_k(&self, energy_j_kg: f64) -> f64 {
        let mut temp_k = ZERO_K + energy_j_kg / self.cp_j_kg_k(ZERO_K + 40.0);
        for _ in 0..8 {
            let step_k = (energy_j_kg - self.energy_j_kg(temp_k)) / self.cp_j_kg_k(temp_k);
            temp_k += step_k;
            if step_k.abs() < 1e-11 {
                break;
            }
        }
        temp_k
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn water_has_the_properties_of_the_tables() {
        let water = Liquid::Water;
        // CoolProp 8 (IAPWS-95), 20 °C and 1 bar.
        assert!((water.density_kg_m3(293.15) / 998.2065 - 1.0).abs() < 3e-5);
        assert!((water.viscosity_pa_s(293.15) / 1.0016e-3 - 1.0).abs() < 1e-3);
        assert!((water.cp_j_kg_k(293.15) / 4184.06 - 1.0).abs() < 3e-4);
        // 0 to 85 °C: saturated liquid, IAPWS: 356.01 kJ/kg.
        assert!((water.energy_j_kg(358.15) / 356.01e3 - 1.0).abs() < 1e-3);
    }

    #[test]
    fn temperature_and_energy_are_inverse_to_each_other() {
        let oil = DescribedLiquid {
            density_kg_m3: 880.0,
            density_slope_kg_m3_k: -0.6,
            cp_j_kg_k: 1800.0,
            cp_slope_j_kg_k2: 3.5,
            viscosity_pa_s: 0.03,
        };
        for liquid in [Liquid::Water, Liquid::Described(oil)] {
            for step in -30..200 {
                let temp_k = ZERO_K + f64::from(step) * 1.01;
                let back = liquid.temp_k(liquid.energy_j_kg(temp_k));
                assert!((back - temp_k).abs() < 1e-10, "{liquid:?}: {temp_k} K comes back as {back} K");
            }
        }
    }
}
