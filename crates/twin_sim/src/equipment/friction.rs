//! Friction of pipes beside Swamee-Jain: Colebrook, Hazen-Williams, Chezy-Manning.

use core::f64::consts::{LN_10, PI};

use super::{Drop, LAMINAR_KG_S};

const GRAVITY_M_S2: f64 = 9.80665;

/// Darcy friction factor of Colebrook and White at a turbulent Reynolds number, and its derivative by it.
///
/// `1/√f = −2·log10(ε/(3.7·D) + 2.51/(Re·√f))`, by Newton's method in 1/√f. Source: C. F. Colebrook, J. ICE 11, 1939.
pub fn colebrook(reynolds: f64, relative_roughness: f64) -> (f64, f64) {
    let reynolds = reynolds.max(2000.0);
    let inside = |x: f64| relative_roughness / 3.7 + 2.51 * x / reynolds;
    let slope = |x: f64| 1.0 + 2.0 / LN_10 * 2.51 / reynolds / inside(x);
    // From f = 0.02 the convex equation is solved to rounding in four or five steps.
    let mut x = 7.0;
    for _ in 0..12 {
        let step = (x + 2.0 * libm::log10(inside(x))) / slope(x);
        x -= step;
        if step.abs() < 1e-14 * x {
            break;
        }
    }
    let x_slope = 2.0 / LN_10 * 2.51 * x / (reynolds * reynolds) / inside(x) / slope(x);
    (1.0 / (x * x), -2.0 * x_slope / (x * x * x))
}

/// Loss `coefficient · w·|w|^(exponent − 1)`, exponent at least 1, smooth and with a slope above 0 at no flow.
pub fn power(coefficient: f64, exponent: f64, flow_kg_s: f64) -> Drop {
    // w·(w² + ε²)^((c − 1)/2): odd in w, its derivative positive for every c of at least 1.
    let (square, small) = (flow_kg_s * flow_kg_s, LAMINAR_KG_S * LAMINAR_KG_S);
    let factor = coefficient * libm::pow(square + small, 0.5 * (exponent - 1.0));
    Drop { pa: factor * flow_kg_s, slope_pa_s_kg: factor * (1.0 + (exponent - 1.0) * square / (square + small)) }
}

/// Loss of a pipe by Hazen and Williams: `h = 10.667·L·Q^1.852 / (C^1.852·D^4.871)` in m and m³/s. Water near 15 °C only.
///
/// Source: Rossman, EPANET 2.2 User Manual, table 3.1, in SI units.
pub fn hazen_williams(length_m: f64, diameter_m: f64, c: f64, flow_kg_s: f64, density_kg_m3: f64) -> Drop {
    let head = 10.667 * length_m / (libm::pow(c * density_kg_m3, 1.852) * libm::pow(diameter_m, 4.871));
    power(head * density_kg_m3 * GRAVITY_M_S2, 1.852, flow_kg_s)
}

/// Loss of a full pipe by Chezy and Manning: `h = 4^(10/3)/π²·n²·L·Q² / D^(16/3)` in m and m³/s.
///
/// Source: Manning's equation `v = R^(2/3)·S^(1/2)/n` with R = D/4.
pub fn chezy_manning(length_m: f64, diameter_m: f64, n: f64, flow_kg_s: f64, density_kg_m3: f64) -> Drop {
    let number = libm::pow(4.0, 10.0 / 3.0) / (PI * PI);
    let head = number * n * n * length_m / (libm::pow(diameter_m, 16.0 / 3.0) * density_kg_m3 * density_kg_m3);
    power(head * density_kg_m3 * GRAVITY_M_S2, 2.0, flow_kg_s)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn hazen_williams_and_manning_lose_what_their_velocity_forms_say() {
        let (d, l, rho) = (0.3_f64, 1000.0, 998.0);
        let area = PI * d * d / 4.0;
        // v = 0.849·C·R^0.63·S^0.54 and v = R^(2/3)·S^(1/2)/n, both at a slope of 0.005.
        let velocity = 0.8492 * 130.0 * libm::pow(d / 4.0, 0.63) * libm::pow(0.005, 0.54);
        let head = hazen_williams(l, d, 130.0, velocity * area * rho, rho).pa / (rho * GRAVITY_M_S2);
        assert!((head / 5.0 - 1.0).abs() < 2e-3, "{head} m");
        let velocity = libm::pow(d / 4.0, 2.0 / 3.0) * 0.005_f64.sqrt() / 0.012;
        let head = chezy_manning(l, d, 0.012, velocity * area * rho, rho).pa / (rho * GRAVITY_M_S2);
        assert!((head / 5.0 - 1.0).abs() < 1e-9, "{head} m");
    }

    proptest! {
        #[test]
        fn colebrook_solves_its_equation_and_is_near_swamee_and_jain(log_re in 3.7..8.0_f64, log_rough in -6.0..-1.3_f64) {
            let (reynolds, rough) = (libm::pow(10.0, log_re), libm::pow(10.0, log_rough));
            let (factor, slope) = colebrook(reynolds, rough);
            let x = 1.0 / factor.sqrt();
            prop_assert!((x + 2.0 * libm::log10(rough / 3.7 + 2.51 * x / reynolds)).abs() < 1e-12 * x);
            let (explicit, _) = crate::equipment::pipe::friction(reynolds, rough, crate::equipment::pipe::Turbulent::SwameeJain);
            // Swamee and Jain give 1 % within 1e-6 to 1e-2 and Re above 5000, some more at the rim.
            prop_assert!((explicit / factor - 1.0).abs() < 0.04, "{explicit} for {factor}");
            let h = 1e-4 * reynolds;
            let numeric = (colebrook(reynolds + h, rough).0 - colebrook(reynolds - h, rough).0) / (2.0 * h);
            prop_assert!((numeric - slope).abs() <= 1e-5 * slope.abs() + 1e-11 * factor / h, "{numeric} for {slope}");
        }

        #[test]
        fn a_power_law_rises_with_its_own_derivative(exponent in 1.0..3.0_f64, flow in -50.0..50.0_f64) {
            let h = 1e-5 * flow.abs() + 1e-9;
            let numeric = (power(7.0, exponent, flow + h).pa - power(7.0, exponent, flow - h).pa) / (2.0 * h);
            let slope = power(7.0, exponent, flow).slope_pa_s_kg;
            prop_assert!(slope > 0.0 && (numeric / slope - 1.0).abs() < 1e-5, "{numeric} for {slope}");
            let rest = power(7.0, exponent, 0.0);
            prop_assert!(rest.pa == 0.0 && rest.slope_pa_s_kg > 0.0);
        }
    }
}
