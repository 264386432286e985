//! Liquids the plant file describes by a few figures of a data sheet.

use serde::{Deserialize, Serialize};

use super::ZERO_K;

/// Pressure to which the density of a described liquid belongs, Pa absolute.
const DENSITY_PA: f64 = 1e5;

/// A liquid whose density, heat capacity and conductivity are straight lines over temperature, and whose viscosity and vapour
/// pressure follow the usual exponential laws, over a range of temperature at whose ends they are held.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DescribedLiquid {
    /// Lowest temperature at which the figures hold, K; 273.15 when silent.
    #[serde(default = "lowest_k")]
    pub lowest_k: f64,
    /// Highest temperature at which the figures hold, K; 373.15 when silent.
    #[serde(default = "highest_k")]
    pub highest_k: f64,
    /// Density at 273.15 K and 1 bar, kg/m³.
    pub density_kg_m3: f64,
    /// Change of the density, kg/(m³·K); usually negative.
    #[serde(default)]
    pub density_slope_kg_m3_k: f64,
    /// Share by which the density grows for every Pa above 1 bar, 1/Pa; 0 when silent, near 5·10⁻¹⁰ for most liquids.
    #[serde(default)]
    pub compressibility_1_pa: f64,
    /// Heat capacity at 273.15 K, J/(kg·K).
    pub cp_j_kg_k: f64,
    /// Change of the heat capacity, J/(kg·K²).
    #[serde(default)]
    pub cp_slope_j_kg_k2: f64,
    /// Viscosity, Pa·s, at `viscosity_temp_k`; at every temperature when `warm_viscosity` is silent.
    pub viscosity_pa_s: f64,
    /// Temperature to which `viscosity_pa_s` belongs, K; 293.15 when silent.
    #[serde(default = "viscosity_temp_k")]
    pub viscosity_temp_k: f64,
    /// Viscosity at a second temperature: between and beyond the two its logarithm is a straight line over 1/T (Andrade, 1930).
    #[serde(default)]
    pub warm_viscosity: Option<WarmViscosity>,
    /// Temperature that is taken off T in that law, K, below `lowest_k` (Vogel, 1921); 0 when silent. Water and its mixtures bend
    /// away from the straight line over 1/T: with about 150 K they follow it.
    #[serde(default)]
    pub viscosity_shift_k: f64,
    /// Thermal conductivity at 273.15 K, W/(m·K); needed only where the liquid goes through a heat exchanger that asks for it.
    #[serde(default)]
    pub conductivity_w_m_k: Option<f64>,
    /// Change of the thermal conductivity, W/(m·K²).
    #[serde(default)]
    pub conductivity_slope_w_m_k2: f64,
    /// Vapour pressure; silent for a liquid that does not boil or cavitate in the plant.
    #[serde(default)]
    pub vapour_pressure: Option<VapourPressure>,
}

/// The second point of a viscosity curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WarmViscosity {
    /// Temperature, K, other than that of the first point.
    pub temp_k: f64,
    /// Viscosity there, Pa·s.
    pub viscosity_pa_s: f64,
}

/// A point of a vapour pressure curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VapourPoint {
    /// Temperature, K.
    pub temp_k: f64,
    /// Vapour pressure there, Pa absolute.
    pub pressure_pa: f64,
}

/// A vapour pressure curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum VapourPressure {
    /// `log10(p / Pa) = a - b / (T / K + c)` (Antoine, 1888). Tables in bar have an `a` that is 5 lower, tables in °C a `c` that is
    /// 273.15 higher.
    Antoine {
        /// Logarithm of the pressure that the curve approaches.
        a: f64,
        /// Steepness, K; positive.
        b: f64,
        /// Shift of the temperature, K; usually -20 to -100.
        c: f64,
    },
    /// Two points; the logarithm of the pressure is a straight line over 1/T (Clausius and Clapeyron with a constant heat of
    /// vaporisation).
    Points(VapourPoint, VapourPoint),
}

fn lowest_k() -> f64 {
    ZERO_K
}

fn highest_k() -> f64 {
    ZERO_K + 100.0
}

fn viscosity_temp_k() -> f64 {
    ZERO_K + 20.0
}

impl VapourPressure {
    /// The curve as `ln p = a - b / (T + c)`.
    fn law(&self) -> (f64, f64, f64) {
        match self {
            Self::Antoine { a, b, c } => (a * std::f64::consts::LN_10, b * std::f64::consts::LN_10, *c),
            Self::Points(one, other) => {
                let b = libm::log(other.pressure_pa / one.pressure_pa) / (1.0 / one.temp_k - 1.0 / other.temp_k);
                (libm::log(one.pressure_pa) + b / one.temp_k, b, 0.0)
            }
        }
    }
}

impl DescribedLiquid {
    /// A liquid with the same density in kg/m³, heat capacity in J/(kg·K) and viscosity in Pa·s from 0 to 100 °C.
    pub fn constant(density_kg_m3: f64, cp_j_kg_k: f64, viscosity_pa_s: f64) -> Self {
        Self {
            lowest_k: lowest_k(),
            highest_k: highest_k(),
            density_kg_m3,
            density_slope_kg_m3_k: 0.0,
            compressibility_1_pa: 0.0,
            cp_j_kg_k,
            cp_slope_j_kg_k2: 0.0,
            viscosity_pa_s,
            viscosity_temp_k: viscosity_temp_k(),
            warm_viscosity: None,
            viscosity_shift_k: 0.0,
            conductivity_w_m_k: None,
            conductivity_slope_w_m_k2: 0.0,
            vapour_pressure: None,
        }
    }

    /// Says in one sentence what is wrong with the description: a range that is none, or a property that is not positive and
    /// finite somewhere in it.
    pub fn check(&self) -> Result<(), String> {
        if !(self.lowest_k > 0.0 && self.highest_k > self.lowest_k && self.highest_k.is_finite()) {
            return Err(format!("lowest_k {} and highest_k {} are no range of temperatures in K", self.lowest_k, self.highest_k));
        }
        if !(0.0..1e-7).contains(&self.compressibility_1_pa) {
            return Err(format!("compressibility_1_pa {} is not between 0 and 1e-7", self.compressibility_1_pa));
        }
        self.check_viscosity()?;
        self.check_vapour_pressure()?;
        for temp_k in [self.lowest_k, self.highest_k] {
            let properties = [
                ("density", "kg/m³", Some(self.density_kg_m3(temp_k))),
                ("heat capacity", "J/(kg·K)", Some(self.cp_j_kg_k(temp_k))),
                ("viscosity", "Pa·s", Some(self.viscosity_pa_s(temp_k))),
                ("conductivity", "W/(m·K)", self.conductivity_w_m_k(temp_k)),
                ("vapour pressure", "Pa", self.vapour_pressure_pa(temp_k)),
            ];
            for (name, unit, value) in properties {
                if let Some(value) = value.filter(|value| !positive(*value)) {
                    return Err(format!("at {temp_k} K the {name} is {value} {unit}: it must be positive from lowest_k to highest_k"));
                }
            }
        }
        Ok(())
    }

    fn check_viscosity(&self) -> Result<(), String> {
        if !positive(self.viscosity_temp_k) {
            return Err(format!("viscosity_temp_k {} is no temperature in K", self.viscosity_temp_k));
        }
        let coldest_k = self.warm_viscosity.map_or(self.viscosity_temp_k, |warm| warm.temp_k.min(self.viscosity_temp_k)).min(self.lowest_k);
        if !(0.0..coldest_k).contains(&self.viscosity_shift_k) {
            return Err(format!("viscosity_shift_k {} is not between 0 and the coldest temperature {coldest_k}", self.viscosity_shift_k));
        }
        match self.warm_viscosity {
            Some(warm) if !(positive(warm.temp_k) && positive(warm.viscosity_pa_s)) || warm.temp_k == self.viscosity_temp_k => {
                Err(format!(
                    "warm_viscosity {} Pa·s at {} K is no second point beside the one at {} K",
                    warm.viscosity_pa_s, warm.temp_k, self.viscosity_temp_k
                ))
            }
            _ => Ok(()),
        }
    }

    fn check_vapour_pressure(&self) -> Result<(), String> {
        match self.vapour_pressure {
            Some(VapourPressure::Antoine { b, c, .. }) if !(positive(b) && positive(self.lowest_k + c)) => {
                Err(format!("vapour_pressure: b {b} and lowest_k + c {} must be positive", self.lowest_k + c))
            }
            Some(VapourPressure::Points(one, other)) => {
                let points = [one.temp_k, one.pressure_pa, other.temp_k, other.pressure_pa].into_iter().all(positive);
                let rises = (other.temp_k - one.temp_k) * (other.pressure_pa - one.pressure_pa) > 0.0;
                if points && rises { Ok(()) } else { Err("vapour_pressure: the warmer point must have the higher pressure".to_owned()) }
            }
            _ => Ok(()),
        }
    }

    fn held_k(&self, temp_k: f64) -> f64 {
        // Not `clamp`, which panics on a range that is none.
        temp_k.max(self.lowest_k).min(self.highest_k)
    }

    pub(super) fn density_kg_m3(&self, temp_k: f64) -> f64 {
        self.density_kg_m3 + self.density_slope_kg_m3_k * (self.held_k(temp_k) - ZERO_K)
    }

    pub(super) fn density_at_kg_m3(&self, temp_k: f64, pressure_pa: f64) -> f64 {
        self.density_kg_m3(temp_k) * (1.0 + self.compressibility_1_pa * (pressure_pa - DENSITY_PA))
    }

    pub(super) fn cp_j_kg_k(&self, temp_k: f64) -> f64 {
        self.cp_j_kg_k + self.cp_slope_j_kg_k2 * (self.held_k(temp_k) - ZERO_K)
    }

    pub(super) fn energy_j_kg(&self, temp_k: f64) -> f64 {
        let held_k = self.held_k(temp_k);
        let t = held_k - ZERO_K;
        // Beyond the range the capacity at its end stands.
        let within = (self.cp_j_kg_k + 0.5 * self.cp_slope_j_kg_k2 * t) * t;
        within + self.cp_j_kg_k(held_k) * (temp_k - held_k)
    }

    /// Counted from the cold end, where the quadratic equation has a positive root of its discriminant all over the range.
    pub(super) fn temp_k(&self, energy_j_kg: f64) -> f64 {
        let cold = energy_j_kg - self.energy_j_kg(self.lowest_k);
        let hot = energy_j_kg - self.energy_j_kg(self.highest_k);
        let cold_cp = self.cp_j_kg_k(self.lowest_k);
        if cold <= 0.0 {
            self.lowest_k + cold / cold_cp
        } else if hot >= 0.0 {
            self.highest_k + hot / self.cp_j_kg_k(self.highest_k)
        } else {
            let root = (cold_cp * cold_cp + 2.0 * self.cp_slope_j_kg_k2 * cold).max(0.0).sqrt();
            self.lowest_k + 2.0 * cold / (cold_cp + root)
        }
    }

    pub(super) fn viscosity_pa_s(&self, temp_k: f64) -> f64 {
        let Some(warm) = self.warm_viscosity else { return self.viscosity_pa_s };
        let along = |temp_k: f64| 1.0 / (temp_k - self.viscosity_shift_k);
        let first = along(self.viscosity_temp_k);
        let share = (along(self.held_k(temp_k)) - first) / (along(warm.temp_k) - first);
        self.viscosity_pa_s * libm::exp(share * libm::log(warm.viscosity_pa_s / self.viscosity_pa_s))
    }

    pub(super) fn conductivity_w_m_k(&self, temp_k: f64) -> Option<f64> {
        Some(self.conductivity_w_m_k? + self.conductivity_slope_w_m_k2 * (self.held_k(temp_k) - ZERO_K))
    }

    pub(super) fn vapour_pressure_pa(&self, temp_k: f64) -> Option<f64> {
        let (a, b, c) = self.vapour_pressure?.law();
        Some(libm::exp(a - b / (self.held_k(temp_k) + c)))
    }

    /// Not held: a liquid may boil above the range of its other figures.
    pub(super) fn boiling_k(&self, pressure_pa: f64) -> Option<f64> {
        let (a, b, c) = self.vapour_pressure?.law();
        let boiling_k = b / (a - libm::log(pressure_pa)) - c;
        (pressure_pa > 0.0 && boiling_k > 0.0 && boiling_k.is_finite()).then_some(boiling_k)
    }
}

fn positive(value: f64) -> bool {
    value > 0.0 && value.is_finite()
}
