//! Properties of water and moist air.

/// Specific heat of the condensate, J/kgK: IAPWS at 85 °C. With this constant the duty of E-101 is 0.3 % above the
/// difference of the IAPWS enthalpies, as in the balances of the specification.
pub const CONDENSATE_CP_J_KG_K: f64 = 4200.0;
/// Specific heat of the cooling water, J/kgK: mean of IAPWS between 26 and 40 °C.
pub const COOLING_CP_J_KG_K: f64 = 4177.0;
/// Standard atmosphere, Pa.
pub const ATM_PA: f64 = 101_325.0;
/// Standard gravity, m/s².
pub const G_M_S2: f64 = 9.80665;

/// Density of liquid water in kg/m³ at `temp_c` °C near atmospheric pressure, valid 0 to 100 °C and held outside.
///
/// Source: Kell, J. Chem. Eng. Data 20 (1975) 97.
pub fn density_kg_m3(temp_c: f64) -> f64 {
    let t = temp_c.clamp(0.0, 110.0);
    let series = 999.839_52 + t * (16.945_176 + t * (-7.987_040_1e-3 + t * (-46.170_461e-6 + t * (105.563_02e-9 - t * 280.542_53e-12))));
    series / (1.0 + 16.879_85e-3 * t)
}

/// Vapour pressure of water in Pa at `temp_c` °C, valid 0 to 150 °C and held outside.
///
/// Source: IAPWS-IF97, region 4.
pub fn vapour_pressure_pa(temp_c: f64) -> f64 {
    let t = temp_c.clamp(0.0, 150.0) + 273.15;
    let theta = t - 0.238_555_575_678_49 / (t - 650.175_348_447_98);
    let a = theta * theta + 1_167.052_145_276_7 * theta - 724_213.167_032_06;
    let b = -17.073_846_940_092 * theta * theta + 12_020.824_702_47 * theta - 3_232_555.032_233_3;
    let c = 14.915_108_613_53 * theta * theta - 4_823.265_736_159_1 * theta + 405_113.405_420_57;
    let ratio = 2.0 * c / (-b + (b * b - 4.0 * a * c).sqrt());
    1e6 * ratio * ratio * ratio * ratio
}

/// Dynamic viscosity of water in Pa·s at `temp_c` °C.
///
/// Source: Vogel equation, fitted for 0 to 100 °C.
pub fn viscosity_pa_s(temp_c: f64) -> f64 {
    2.414e-5 * libm::exp10(247.8 / (temp_c.clamp(0.0, 110.0) + 133.15))
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
        air_enthalpy_j_kg(temp_c, saturated) - (saturated - moisture) * COOLING_CP_J_KG_K * temp_c - enthalpy
    };
    let (mut low, mut high) = (dry_bulb_c - 40.0, dry_bulb_c);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if excess(middle) > 0.0 { high = middle } else { low = middle }
    }
    0.5 * (low + high)
}

/// Relative humidity in % of air with the given dry and wet bulb temperatures.
pub fn relative_humidity_pct(dry_bulb_c: f64, wet_bulb: f64) -> f64 {
    let (mut low, mut high) = (0.0, 100.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if wet_bulb_c(dry_bulb_c, middle) > wet_bulb { high = middle } else { low = middle }
    }
    0.5 * (low + high)
}
