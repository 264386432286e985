//! Moist air at the pressure of the sea level.

/// Specific heat of liquid water, J/(kg·K): the mean between 26 and 40 °C.
const WATER_CP_J_KG_K: f64 = 4177.0;
/// Standard atmosphere, Pa.
const ATM_PA: f64 = 101_325.0;

/// Vapour pressure of water, Pa.
fn vapour_pressure_pa(temp_c: f64) -> f64 {
    super::water::vapour_pressure_pa(temp_c + super::ZERO_K)
}

/// Enthalpy of saturated moist air at 1.01325 bara, J per kg of dry air.
pub fn saturated_air_enthalpy_j_kg(temp_c: f64) -> f64 {
    air_enthalpy_j_kg(temp_c, moisture_kg_kg(vapour_pressure_pa(temp_c)))
}

/// Kilograms of vapour per kilogram of dry air at a vapour pressure in Pa.
fn moisture_kg_kg(vapour_pa: f64) -> f64 {
    let vapour_pa = vapour_pa.clamp(0.0, 0.9 * ATM_PA);
    0.622 * vapour_pa / (ATM_PA - vapour_pa)
}

fn air_enthalpy_j_kg(temp_c: f64, moisture: f64) -> f64 {
    1006.0 * temp_c + moisture * (2.501e6 + 1860.0 * temp_c)
}

/// Adiabatic saturation (wet bulb) temperature in °C of air of the given dry bulb and relative humidity.
pub fn wet_bulb_c(dry_bulb_c: f64, relative_humidity_pct: f64) -> f64 {
    let humidity = (relative_humidity_pct / 100.0).clamp(0.0, 1.0);
    let moisture = moisture_kg_kg(vapour_pressure_pa(dry_bulb_c) * humidity);
    let enthalpy = air_enthalpy_j_kg(dry_bulb_c, moisture);
    let excess = |temp_c: f64| {
        let saturated = moisture_kg_kg(vapour_pressure_pa(temp_c));
        air_enthalpy_j_kg(temp_c, saturated) - (saturated - moisture) * WATER_CP_J_KG_K * temp_c - enthalpy
    };
    let (mut low, mut high) = (dry_bulb_c - 40.0, dry_bulb_c);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if excess(middle) > 0.0 { high = middle } else { low = middle }
    }
    0.5 * (low + high)
}
