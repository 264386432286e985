//! The equation of IAPWS-IF97 region 1 itself: the yardstick of the fits.
//!
//! Source: IAPWS R7-97(2012), equation 7 with table 2, and table 3 for the properties.

/// Exponents I and J and coefficient n of each term.
const TERMS: [(f64, f64, f64); 34] = [
    (0.0, -2.0, 0.146_329_712_131_67),
    (0.0, -1.0, -0.845_481_871_691_14),
    (0.0, 0.0, -3.756_360_367_204_0),
    (0.0, 1.0, 3.385_516_916_838_5),
    (0.0, 2.0, -0.957_919_633_878_72),
    (0.0, 3.0, 0.157_720_385_132_28),
    (0.0, 4.0, -0.166_164_171_995_01e-1),
    (0.0, 5.0, 0.812_146_299_835_68e-3),
    (1.0, -9.0, 0.283_190_801_238_04e-3),
    (1.0, -7.0, -0.607_063_015_658_74e-3),
    (1.0, -1.0, -0.189_900_682_184_19e-1),
    (1.0, 0.0, -0.325_297_487_705_05e-1),
    (1.0, 1.0, -0.218_417_171_754_14e-1),
    (1.0, 3.0, -0.528_383_579_699_30e-4),
    (2.0, -3.0, -0.471_843_210_732_67e-3),
    (2.0, 0.0, -0.300_017_807_930_26e-3),
    (2.0, 1.0, 0.476_613_939_069_87e-4),
    (2.0, 3.0, -0.441_418_453_308_46e-5),
    (2.0, 17.0, -0.726_949_962_975_94e-15),
    (3.0, -4.0, -0.316_796_448_450_54e-4),
    (3.0, 0.0, -0.282_707_979_853_12e-5),
    (3.0, 6.0, -0.852_051_281_201_03e-9),
    (4.0, -5.0, -0.224_252_819_080_00e-5),
    (4.0, -2.0, -0.651_712_228_956_01e-6),
    (4.0, 10.0, -0.143_417_299_379_24e-12),
    (5.0, -8.0, -0.405_169_968_601_17e-6),
    (8.0, -11.0, -0.127_343_017_416_41e-8),
    (8.0, -6.0, -0.174_248_712_306_34e-9),
    (21.0, -29.0, -0.687_621_312_955_31e-18),
    (23.0, -31.0, 0.144_783_078_285_21e-19),
    (29.0, -38.0, 0.263_357_816_627_95e-22),
    (30.0, -39.0, -0.119_476_226_400_71e-22),
    (31.0, -40.0, 0.182_280_945_814_04e-23),
    (32.0, -41.0, -0.935_370_872_924_58e-25),
];

const GAS_CONSTANT_J_KG_K: f64 = 461.526;
const PRESSURE_PA: f64 = 16.53e6;
const TEMP_K: f64 = 1386.0;

/// Water at a temperature in K and a pressure in Pa.
pub struct Region1 {
    pub density_kg_m3: f64,
    pub enthalpy_j_kg: f64,
    pub cp_j_kg_k: f64,
}

impl Region1 {
    pub fn at(temp_k: f64, pressure_pa: f64) -> Self {
        let (pi, tau) = (pressure_pa / PRESSURE_PA, TEMP_K / temp_k);
        let (p, t) = (7.1 - pi, tau - 1.222);
        let sum = |term: fn(f64, f64, f64, f64) -> f64| TERMS.iter().map(|(i, j, n)| n * term(*i, *j, p, t)).sum::<f64>();
        let by_pi = sum(|i, j, p, t| -i * libm::pow(p, i - 1.0) * libm::pow(t, j));
        let by_tau = sum(|i, j, p, t| libm::pow(p, i) * j * libm::pow(t, j - 1.0));
        let by_tau_twice = sum(|i, j, p, t| libm::pow(p, i) * j * (j - 1.0) * libm::pow(t, j - 2.0));
        Self {
            density_kg_m3: pressure_pa / (GAS_CONSTANT_J_KG_K * temp_k * pi * by_pi),
            enthalpy_j_kg: GAS_CONSTANT_J_KG_K * TEMP_K * by_tau,
            cp_j_kg_k: -GAS_CONSTANT_J_KG_K * tau * tau * by_tau_twice,
        }
    }
}

#[test]
fn the_yardstick_gives_the_values_to_check_a_program_with() {
    // IAPWS R7-97(2012), table 5: v in m³/kg, h and cp in kJ and kJ/K.
    let table = [
        (300.0, 3e6, 0.100_215_168e-2, 115.331_273, 4.173_012_18),
        (300.0, 80e6, 0.971_180_894e-3, 184.142_828, 4.010_089_87),
        (500.0, 3e6, 0.120_241_800e-2, 975.542_239, 4.655_806_82),
    ];
    for (temp_k, pressure_pa, volume, enthalpy, cp) in table {
        let water = Region1::at(temp_k, pressure_pa);
        assert!((water.density_kg_m3 * volume - 1.0).abs() < 1e-8, "{temp_k} K: {}", 1.0 / water.density_kg_m3);
        assert!((water.enthalpy_j_kg / (1e3 * enthalpy) - 1.0).abs() < 1e-8, "{temp_k} K: {}", water.enthalpy_j_kg);
        assert!((water.cp_j_kg_k / (1e3 * cp) - 1.0).abs() < 1e-8, "{temp_k} K: {}", water.cp_j_kg_k);
    }
}
