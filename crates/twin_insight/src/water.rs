//! Properties of liquid water that the formulas need.

/// Standard gravity, m/s².
pub const GRAVITY: f64 = 9.806_65;
/// Standard atmosphere, bar.
pub const ATMOSPHERE_BAR: f64 = 1.013_25;

/// Vapour pressure of water in bar (absolute) at a temperature in °C, 0 … 370. Equation of Wagner and Saul (1987);
/// within 0.1 % of the IAPWS tables. Outside its range the temperature is taken as its end.
pub fn vapour_pressure_bar(temperature_c: f64) -> f64 {
    const CRITICAL_K: f64 = 647.096;
    const CRITICAL_BAR: f64 = 220.64;
    let kelvin = temperature_c.clamp(0.0, 370.0) + 273.15;
    let t = 1.0 - kelvin / CRITICAL_K;
    let root = libm::sqrt(t);
    let terms = -7.859_517_83 * t + 1.844_082_59 * t * root - 11.786_649_7 * t * t * t + 22.680_741_1 * t * t * t * root
        - 15.961_871_9 * t * t * t * t
        + 1.801_225_02 * t * t * t * t * t * t * t * root;
    CRITICAL_BAR * libm::exp(CRITICAL_K / kelvin * terms)
}

/// Density of water in kg/m³ at atmospheric pressure and a temperature in °C, 0 … 150. Equation of Kell (1975);
/// within 0.01 % to 100 °C. Outside its range the temperature is taken as its end.
pub fn density_kg_m3(temperature_c: f64) -> f64 {
    let t = temperature_c.clamp(0.0, 150.0);
    let polynomial =
        999.839_52 + t * (16.945_176 + t * (-7.987_040_1e-3 + t * (-46.170_461e-6 + t * (105.563_02e-9 - t * 280.542_53e-12))));
    polynomial / (1.0 + 16.879_85e-3 * t)
}

/// Specific heat of liquid water in kJ/(kg K) at a temperature in °C, 0 … 100: a parabola through the IAPWS values,
/// within 0.1 % from 10 °C on.
pub fn specific_heat_kj_kgk(temperature_c: f64) -> f64 {
    let t = temperature_c.clamp(0.0, 100.0);
    4.178 + 1.02e-5 * (t - 34.0) * (t - 34.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_agree_with_the_steam_tables() {
        // IAPWS-IF97 saturation pressures, bar.
        for (celsius, bar) in [(20.0, 0.023_393), (40.0, 0.073_849), (60.0, 0.199_46), (85.0, 0.578_67), (100.0, 1.014_18)] {
            let found = vapour_pressure_bar(celsius);
            assert!((found / bar - 1.0).abs() < 0.002, "{celsius} °C: {found} bar, table {bar}");
        }
        for (celsius, table) in [(26.0, 996.8), (40.0, 992.2), (85.0, 968.6)] {
            assert!((density_kg_m3(celsius) - table).abs() < 0.15, "{celsius} °C: {}", density_kg_m3(celsius));
        }
        for (celsius, table) in [(20.0, 4.184), (40.0, 4.179), (62.0, 4.186), (85.0, 4.201)] {
            assert!((specific_heat_kj_kgk(celsius) / table - 1.0).abs() < 0.002, "{celsius} °C");
        }
    }
}
