//! Water from 0 to 200 °C: polynomials fitted to IAPWS-IF97 region 1, and its saturation line itself.
//!
//! The polynomials are Chebyshev fits, least relative error, in `x = (T - 273.15 K) / 200 K`. Density, viscosity and
//! conductivity belong to 0.1 MPa above the vapour pressure: the liquid of an open or a slightly pressurised system. The heat
//! capacity belongs to 0.5 MPa above it, so that it is equally right at both ends of the pressures of a plant. Beyond the ends
//! of the range the values there stand: an extrapolated polynomial may turn negative.

use super::ZERO_K;

/// Length of the fitted range, K.
const SPAN_K: f64 = 200.0;

/// Coefficients of x, lowest power first.
type Polynomial = [f64; 8];

/// Density, kg/m³. Worst error of the fit 8·10⁻⁶.
const DENSITY: Polynomial =
    [999.852_140_78, 12.343_951_715, -335.101_314_73, 551.207_826_79, -834.024_646_14, 824.589_245_21, -463.275_336_56, 109.155_406_02];
/// Density of the straight line over pressure, continued to zero pressure, kg/m³. Worst error of the fit 8·10⁻⁶.
const DENSITY_AT_ZERO_PRESSURE: Polynomial =
    [999.801_073_13, 12.407_419_097, -335.275_104_99, 550.738_023_5, -831.692_586_99, 818.765_903_06, -458.007_611_26, 106.750_366_12];
/// Slope of that line, kg/(m³·Pa): the secant from 0.1 to 1 MPa above the vapour pressure. Worst error of the fit 1.5·10⁻⁴.
const DENSITY_PER_PA: Polynomial = [
    5.081_243_771_4e-7,
    -7.427_661_624_4e-7,
    2.827_975_409_5e-6,
    -6.032_224_111_2e-6,
    9.677_056_214_2e-6,
    -9.639_207_885_2e-6,
    5.403_407_678_6e-6,
    -1.241_033_816_3e-6,
];
/// Heat capacity, J/(kg·K). Worst error of the fit 1.4·10⁻⁴.
const CP: Polynomial =
    [4_216.852_439_1, -611.887_555_56, 3_817.276_804_1, -13_134.770_791, 28_118.063_122, -33_789.424_722, 21_292.629_711, -5_417.905_477_3];
/// Energy above 273.15 K over x, J/kg: the integral of [`CP`].
const ENERGY_PER_X: Polynomial = integral(&CP);
/// Energy at the end of the range, J/kg.
const ENERGY_SPAN_J_KG: f64 = value(&ENERGY_PER_X, 1.0);
/// Temperature above 273.15 K over `z = energy / ENERGY_SPAN_J_KG`, K, in powers of z. Worst error of the fit 6·10⁻⁵ K.
const TEMP_PER_Z: Polynomial =
    [201.866_733_46, 14.898_784_484, -62.177_351_362, 161.029_272_72, -278.396_997_2, 281.988_872_94, -154.039_549_67, 34.830_293_097];
/// Reciprocal of the viscosity (IAPWS R12-08), 1/(Pa·s). Worst error of the fit 3·10⁻⁵.
const FLUIDITY: Polynomial = [
    558.096_804_81,
    3_892.596_973_3,
    5_328.573_734_5,
    -2_390.463_249_7,
    1_729.226_359_2,
    -5_133.562_572_1,
    4_950.674_762,
    -1_506.574_534_4,
];
/// Thermal conductivity (IAPWS R15-11), W/(m·K). Worst error of the fit 3·10⁻⁴.
const CONDUCTIVITY: Polynomial = [
    0.555_684_372_28,
    0.507_083_900_02,
    -1.007_730_915_5,
    2.046_108_398,
    -3.587_396_132_3,
    3.739_288_719,
    -2.041_440_314_5,
    0.448_494_538_43,
];

/// Even and odd powers apart: two short chains that the processor works on side by side.
const fn value(terms: &Polynomial, x: f64) -> f64 {
    let [t0, t1, t2, t3, t4, t5, t6, t7] = *terms;
    let square = x * x;
    let even = ((t6 * square + t4) * square + t2) * square + t0;
    let odd = ((t7 * square + t5) * square + t3) * square + t1;
    even + x * odd
}

/// Integral over temperature of a polynomial in x, from x = 0 and divided by x.
const fn integral(terms: &Polynomial) -> Polynomial {
    let [t0, t1, t2, t3, t4, t5, t6, t7] = *terms;
    [
        SPAN_K * t0,
        SPAN_K * t1 / 2.0,
        SPAN_K * t2 / 3.0,
        SPAN_K * t3 / 4.0,
        SPAN_K * t4 / 5.0,
        SPAN_K * t5 / 6.0,
        SPAN_K * t6 / 7.0,
        SPAN_K * t7 / 8.0,
    ]
}

fn scaled(temp_k: f64) -> f64 {
    ((temp_k - ZERO_K) * (1.0 / SPAN_K)).clamp(0.0, 1.0)
}

pub(super) fn density_kg_m3(temp_k: f64) -> f64 {
    value(&DENSITY, scaled(temp_k))
}

pub(super) fn density_at_kg_m3(temp_k: f64, pressure_pa: f64) -> f64 {
    let x = scaled(temp_k);
    value(&DENSITY_AT_ZERO_PRESSURE, x) + value(&DENSITY_PER_PA, x) * pressure_pa
}

pub(super) fn cp_j_kg_k(temp_k: f64) -> f64 {
    value(&CP, scaled(temp_k))
}

pub(super) fn energy_j_kg(temp_k: f64) -> f64 {
    let x = scaled(temp_k);
    let beyond_k = temp_k - ZERO_K - SPAN_K * x;
    let within = x * value(&ENERGY_PER_X, x);
    if beyond_k == 0.0 { within } else { within + beyond_k * value(&CP, x) }
}

/// A fit for the first guess and one step of Newton's method, which leaves 2·10⁻¹² K of its 6·10⁻⁵ K.
pub(super) fn temp_k(energy_j_kg: f64) -> f64 {
    let z = (energy_j_kg * (1.0 / ENERGY_SPAN_J_KG)).clamp(0.0, 1.0);
    let within = z * ENERGY_SPAN_J_KG;
    let x = z * value(&TEMP_PER_Z, z) * (1.0 / SPAN_K);
    let cp = value(&CP, x);
    let temp_k = ZERO_K + (SPAN_K * x + (within - x * value(&ENERGY_PER_X, x)) / cp);
    // Beyond the range the capacity at its end, where x is z, stands.
    if z > 0.0 && z < 1.0 { temp_k } else { temp_k + (energy_j_kg - within) / value(&CP, z) }
}

pub(super) fn viscosity_pa_s(temp_k: f64) -> f64 {
    1.0 / value(&FLUIDITY, scaled(temp_k))
}

pub(super) fn conductivity_w_m_k(temp_k: f64) -> f64 {
    value(&CONDUCTIVITY, scaled(temp_k))
}

/// Coefficients of the saturation line, IAPWS-IF97 (R7-97, 2012), table 34.
const N1: f64 = 1_167.052_145_276_7;
const N2: f64 = -724_213.167_032_06;
const N3: f64 = -17.073_846_940_092;
const N4: f64 = 12_020.824_702_47;
const N5: f64 = -3_232_555.032_233_3;
const N6: f64 = 14.915_108_613_53;
const N7: f64 = -4_823.265_736_159_1;
const N8: f64 = 405_113.405_420_57;
const N9: f64 = -0.238_555_575_678_49;
const N10: f64 = 650.175_348_447_98;
/// Critical temperature, K.
const CRITICAL_K: f64 = 647.096;

/// Source: IAPWS-IF97, equation 30.
pub(super) fn vapour_pressure_pa(temp_k: f64) -> f64 {
    let temp_k = temp_k.clamp(ZERO_K, CRITICAL_K);
    let theta = temp_k + N9 / (temp_k - N10);
    let a = (theta + N1) * theta + N2;
    let b = (N3 * theta + N4) * theta + N5;
    let c = (N6 * theta + N7) * theta + N8;
    let root = 2.0 * c / (-b + (b * b - 4.0 * a * c).sqrt());
    let square = root * root;
    1e6 * square * square
}

/// Source: IAPWS-IF97, equation 31.
pub(super) fn boiling_k(pressure_pa: f64) -> Option<f64> {
    let liquid = vapour_pressure_pa(ZERO_K)..=vapour_pressure_pa(CRITICAL_K);
    if !liquid.contains(&pressure_pa) {
        return None;
    }
    let beta = (1e-6 * pressure_pa).sqrt().sqrt();
    let e = (beta + N3) * beta + N6;
    let f = (N1 * beta + N4) * beta + N7;
    let g = (N2 * beta + N5) * beta + N8;
    let d = 2.0 * g / (-f - (f * f - 4.0 * e * g).sqrt());
    let sum = N10 + d;
    Some(0.5 * (sum - (sum * sum - 4.0 * (N9 + N10 * d)).sqrt()))
}
