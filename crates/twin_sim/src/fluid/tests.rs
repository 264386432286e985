use super::if97::Region1;
use super::*;

fn off(found: f64, expected: f64) -> f64 {
    (found / expected - 1.0).abs()
}

/// Temperatures over the whole range, K, that miss the nodes of the fits.
fn range_k() -> impl Iterator<Item = f64> {
    (0..=400).map(|step| ZERO_K + 0.5 * f64::from(step))
}

fn vapour_pa(temp_k: f64) -> f64 {
    Liquid::Water.vapour_pressure_pa(temp_k).unwrap()
}

#[test]
fn water_has_the_properties_of_the_tables() {
    let water = Liquid::Water;
    // CoolProp 8 (IAPWS-95), 20 °C and 1 bar.
    assert!(off(water.density_kg_m3(293.15), 998.2065) < 3e-5);
    assert!(off(water.viscosity_pa_s(293.15), 1.0016e-3) < 1e-3);
    assert!(off(water.cp_j_kg_k(293.15), 4184.06) < 3e-4);
    // 0 to 85 °C: saturated liquid, IAPWS: 356.01 kJ/kg.
    assert!(off(water.energy_j_kg(358.15), 356.01e3) < 1e-3);
    // CoolProp 8, backend IF97: K, Pa; kg/m³, J/(kg·K), J/kg above 273.15 K at that pressure, Pa·s, W/(m·K), Pa.
    let table = [
        (277.15, 1e5, 999.9748, 4207.375, 16_852.235, 1.567_292e-3, 0.565_465, 813.549),
        (283.15, 1e5, 999.7009, 4195.451, 42_057.768, 1.305_903e-3, 0.578_775, 1_228.184),
        (293.15, 1e5, 998.2055, 4184.798, 83_952.149, 1.001_597e-3, 0.598_010, 2_339.215),
        (298.15, 1e5, 997.0474, 4181.900, 104_868.405, 8.900_226e-4, 0.606_516, 3_169.747),
        (313.15, 1e5, 992.2237, 4178.556, 167_563.477, 6.527_308e-4, 0.628_495, 7_384.427),
        (333.15, 1e5, 983.2100, 4182.767, 251_161.963, 4.660_429e-4, 0.651_017, 19_945.802),
        (363.15, 1e5, 965.3181, 4205.025, 376_931.852, 3.141_803e-4, 0.672_799, 70_182.361),
        (293.15, 1e6, 998.6168, 4182.005, 83_882.649, 1.001_322e-3, 0.598_539, 2_339.215),
        (373.15, 1e6, 958.7750, 4214.577, 418_798.335, 2.818_277e-4, 0.677_727, 101_417.978),
        (433.15, 1e6, 907.6787, 4336.560, 674_821.576, 1.705_272e-4, 0.678_987, 618_139.197),
        (473.15, 1.6e6, 864.7022, 4493.744, 850_825.408, 1.345_989e-4, 0.660_064, 1_554_671.868),
    ];
    for (temp_k, pressure_pa, density, cp, energy, viscosity, conductivity, vapour) in table {
        assert!(off(water.density_at_kg_m3(temp_k, pressure_pa), density) < 1e-5, "density at {temp_k} K");
        assert!(off(water.cp_j_kg_k(temp_k), cp) < 1e-3, "heat capacity at {temp_k} K");
        let allowed = if pressure_pa > 1e6 { 8e-4 } else { 5e-4 };
        assert!(off(water.energy_j_kg(temp_k), energy) < allowed, "energy at {temp_k} K");
        assert!(off(water.viscosity_pa_s(temp_k), viscosity) < 1e-3, "viscosity at {temp_k} K");
        assert!(off(water.conductivity_w_m_k(temp_k).unwrap(), conductivity) < 1e-3, "conductivity at {temp_k} K");
        assert!(off(vapour_pa(temp_k), vapour) < 1e-6, "vapour pressure at {temp_k} K");
    }
}

#[test]
fn water_follows_if97_over_its_whole_range() {
    let water = Liquid::Water;
    for temp_k in range_k() {
        let vapour_pa = vapour_pa(temp_k);
        let line = Region1::at(temp_k, vapour_pa + 1e5);
        assert!(off(water.density_kg_m3(temp_k), line.density_kg_m3) < 1e-5, "density at {temp_k} K");
        for (pressure_pa, density, cp, energy) in [(1e5, 1e-5, 7e-4, 4.2e-4), (1e6, 1e-5, 7e-4, 6e-4), (5e6, 3e-5, 6e-3, 6e-3)] {
            if pressure_pa < vapour_pa {
                continue;
            }
            let there = Region1::at(temp_k, pressure_pa);
            let heat = there.enthalpy_j_kg - Region1::at(ZERO_K, pressure_pa).enthalpy_j_kg;
            let found = water.density_at_kg_m3(temp_k, pressure_pa);
            assert!(off(found, there.density_kg_m3) < density, "density at {temp_k} K and {pressure_pa} Pa: {found}");
            let found = water.cp_j_kg_k(temp_k);
            assert!(off(found, there.cp_j_kg_k) < cp, "heat capacity at {temp_k} K and {pressure_pa} Pa: {found}");
            // In the first degrees the error counts in J, not in shares of next to nothing.
            let found = water.energy_j_kg(temp_k);
            assert!((found - heat).abs() < energy * heat.max(4e4), "energy at {temp_k} K and {pressure_pa} Pa: {found}, not {heat}");
        }
    }
}

#[test]
fn water_boils_where_if97_says() {
    // IAPWS R7-97(2012), tables 35 and 36.
    for (temp_k, vapour) in [(300.0, 0.353_658_941e4), (500.0, 0.263_889_776e7), (600.0, 0.123_443_146e8)] {
        assert!(off(vapour_pa(temp_k), vapour) < 1e-8);
    }
    for (pressure_pa, boiling_k) in [(1e5, 372.755_919), (1e6, 453.035_632), (1e7, 584.149_488)] {
        assert!(off(Liquid::Water.boiling_k(pressure_pa).unwrap(), boiling_k) < 1e-8);
    }
    for none in [0.0, -1.0, 600.0, 23e6, f64::NAN] {
        assert_eq!(Liquid::Water.boiling_k(none), None);
    }
}

#[test]
fn heat_capacity_is_the_derivative_of_the_energy() {
    for liquid in [Liquid::Water, Liquid::Described(oil()), Liquid::Described(glycol())] {
        for step in -25..225 {
            let temp_k = ZERO_K + 0.25 + f64::from(step);
            let slope = (liquid.energy_j_kg(temp_k + 0.01) - liquid.energy_j_kg(temp_k - 0.01)) / 0.02;
            assert!(off(slope, liquid.cp_j_kg_k(temp_k)) < 1e-6, "{liquid:?}: {slope} J/(kg·K) at {temp_k} K");
        }
        assert_eq!(liquid.energy_j_kg(ZERO_K), 0.0);
    }
}

#[test]
fn temperature_and_energy_are_inverse_to_each_other() {
    for liquid in [Liquid::Water, Liquid::Described(oil()), Liquid::Described(glycol())] {
        for step in -3000..23_000 {
            let temp_k = ZERO_K + f64::from(step) * 0.010_1;
            let back = liquid.temp_k(liquid.energy_j_kg(temp_k));
            assert!((back - temp_k).abs() < 1e-10, "{liquid:?}: {temp_k} K comes back as {back} K");
        }
    }
}

fn oil() -> DescribedLiquid {
    DescribedLiquid { density_slope_kg_m3_k: -0.6, cp_slope_j_kg_k2: 3.5, ..DescribedLiquid::constant(880.0, 1800.0, 0.03) }
}

/// Water with 30 % ethylene glycol by mass, -10 to 100 °C, by two points of each property.
fn glycol() -> DescribedLiquid {
    DescribedLiquid {
        lowest_k: 263.15,
        highest_k: 373.15,
        density_slope_kg_m3_k: -0.5,
        compressibility_1_pa: 4e-10,
        cp_slope_j_kg_k2: 2.65,
        viscosity_temp_k: 283.15,
        warm_viscosity: Some(WarmViscosity { temp_k: 353.15, viscosity_pa_s: 6.388e-4 }),
        viscosity_shift_k: 150.0,
        conductivity_w_m_k: Some(0.4465),
        conductivity_slope_w_m_k2: 8.6e-4,
        // Raoult: 0.889 of the molecules are water.
        vapour_pressure: Some(VapourPressure::Points(
            VapourPoint { temp_k: 293.15, pressure_pa: 0.889 * 2_339.0 },
            VapourPoint { temp_k: 373.15, pressure_pa: 0.889 * 101_418.0 },
        )),
        ..DescribedLiquid::constant(1046.5, 3664.0, 2.983e-3)
    }
}

#[test]
fn a_glycol_mixture_is_described_by_a_few_figures() {
    let liquid = Liquid::Described(glycol());
    assert_eq!(glycol().check(), Ok(()));
    // Melinder (2010), "Properties of secondary working fluids", as in CoolProp 8, INCOMP::MEG[0.30]: kg/m³, J/(kg·K), Pa·s, W/(m·K).
    let table = [
        (273.15, 1044.972, 3658.09, 4.297_59e-3, 0.445_923),
        (293.15, 1038.046, 3718.25, 2.166_45e-3, 0.464_897),
        (313.15, 1028.800, 3775.35, 1.285_55e-3, 0.483_027),
        (333.15, 1017.462, 3828.72, 0.866_05e-3, 0.500_183),
        (353.15, 1004.257, 3877.67, 0.638_84e-3, 0.516_237),
    ];
    for (temp_k, density, cp, viscosity, conductivity) in table {
        assert!(off(liquid.density_kg_m3(temp_k), density) < 3e-3, "density at {temp_k} K: {}", liquid.density_kg_m3(temp_k));
        assert!(off(liquid.cp_j_kg_k(temp_k), cp) < 3e-3, "heat capacity at {temp_k} K: {}", liquid.cp_j_kg_k(temp_k));
        assert!(off(liquid.viscosity_pa_s(temp_k), viscosity) < 0.021, "viscosity at {temp_k} K: {}", liquid.viscosity_pa_s(temp_k));
        let found = liquid.conductivity_w_m_k(temp_k).unwrap();
        assert!(off(found, conductivity) < 5e-3, "conductivity at {temp_k} K: {found}");
    }
    // The mixture boils a little above water, and its curve is its own inverse.
    let boiling_k = liquid.boiling_k(101_325.0).unwrap();
    assert!((375.0..378.0).contains(&boiling_k), "{boiling_k}");
    let back = liquid.boiling_k(liquid.vapour_pressure_pa(320.0).unwrap()).unwrap();
    assert!((back - 320.0).abs() < 1e-9, "{back}");
    assert!(off(liquid.density_at_kg_m3(293.15, 1.01e7), liquid.density_kg_m3(293.15) * 1.004) < 1e-12);
}

#[test]
fn antoine_gives_the_vapour_pressure_of_ethanol() {
    // NIST WebBook, ethanol 292.77 to 366.63 K: log10(p/bar) = 5.24677 - 1598.673/(T - 46.424); normal boiling point 351.4 K.
    let curve = VapourPressure::Antoine { a: 10.246_77, b: 1598.673, c: -46.424 };
    let ethanol = DescribedLiquid { vapour_pressure: Some(curve), highest_k: 366.0, ..DescribedLiquid::constant(806.0, 2400.0, 1.2e-3) };
    assert_eq!(ethanol.check(), Ok(()));
    let boiling_k = Liquid::Described(ethanol).boiling_k(101_325.0).unwrap();
    assert!((boiling_k - 351.4).abs() < 0.2, "{boiling_k}");
    assert_eq!(Liquid::Described(ethanol).boiling_k(1e12), None);
}

#[test]
fn a_liquid_without_figures_for_it_gives_no_conductivity_and_no_vapour_pressure() {
    let oil = Liquid::Described(oil());
    assert_eq!((oil.conductivity_w_m_k(300.0), oil.vapour_pressure_pa(300.0), oil.boiling_k(1e5)), (None, None, None));
}

#[test]
fn a_description_that_is_no_liquid_is_refused_with_the_reason() {
    let point = |temp_k, pressure_pa| VapourPoint { temp_k, pressure_pa };
    let fine = glycol();
    let wrong = [
        ("lowest_k", DescribedLiquid { lowest_k: 400.0, ..fine }),
        ("lowest_k", DescribedLiquid { highest_k: f64::NAN, ..fine }),
        ("the density is -", DescribedLiquid { density_slope_kg_m3_k: -20.0, ..fine }),
        ("the density is NaN", DescribedLiquid { density_kg_m3: f64::NAN, ..fine }),
        ("compressibility_1_pa", DescribedLiquid { compressibility_1_pa: -1e-10, ..fine }),
        ("heat capacity", DescribedLiquid { cp_slope_j_kg_k2: -40.0, ..fine }),
        ("viscosity", DescribedLiquid { viscosity_pa_s: 0.0, warm_viscosity: None, ..fine }),
        ("warm_viscosity", DescribedLiquid { warm_viscosity: Some(WarmViscosity { temp_k: 283.15, viscosity_pa_s: 1e-3 }), ..fine }),
        ("viscosity_shift_k", DescribedLiquid { viscosity_shift_k: 300.0, ..fine }),
        ("conductivity", DescribedLiquid { conductivity_w_m_k: Some(-0.4), ..fine }),
        ("vapour_pressure", DescribedLiquid { vapour_pressure: Some(VapourPressure::Antoine { a: 10.0, b: 1700.0, c: -300.0 }), ..fine }),
        (
            "vapour_pressure",
            DescribedLiquid { vapour_pressure: Some(VapourPressure::Points(point(293.0, 2e3), point(373.0, 1e3))), ..fine },
        ),
    ];
    for (word, liquid) in wrong {
        let reason = liquid.check().unwrap_err();
        assert!(reason.contains(word), "{word}: {reason}");
        // Used all the same it gives numbers or NaN, never a panic.
        let liquid = Liquid::Described(liquid);
        for temp_k in [0.0, 263.15, 300.0, 500.0, f64::NAN] {
            liquid.temp_k(liquid.energy_j_kg(temp_k));
            liquid.density_at_kg_m3(temp_k, 1e6);
            liquid.vapour_pressure_pa(temp_k);
            liquid.viscosity_pa_s(temp_k);
        }
    }
}

#[test]
fn a_description_of_three_figures_is_enough_and_a_misspelt_one_is_refused() {
    let text = r#"{"density_kg_m3": 880, "cp_j_kg_k": 1800, "viscosity_pa_s": 0.03}"#;
    let oil: DescribedLiquid = serde_json::from_str(text).unwrap();
    assert_eq!(oil, DescribedLiquid::constant(880.0, 1800.0, 0.03));
    let curves = r#"{"density_kg_m3": 1046.5, "cp_j_kg_k": 3664, "viscosity_pa_s": 2.97e-3, "viscosity_temp_k": 283.15,
        "warm_viscosity": {"temp_k": 353.15, "viscosity_pa_s": 6.39e-4}, "vapour_pressure": {"antoine": {"a": 10.2, "b": 1598.7, "c": -46.4}}}"#;
    let curves: DescribedLiquid = serde_json::from_str(curves).unwrap();
    assert_eq!(curves.vapour_pressure, Some(VapourPressure::Antoine { a: 10.2, b: 1598.7, c: -46.4 }));
    let glycol_again: DescribedLiquid = serde_json::from_str(&serde_json::to_string(&glycol()).unwrap()).unwrap();
    assert_eq!(glycol_again, glycol());
    assert!(serde_json::from_str::<DescribedLiquid>(&text.replace("cp_", "c_p_")).is_err());
}

#[test]
fn air_has_the_properties_of_the_standard_atmosphere() {
    let air = Gas::AIR;
    assert_eq!(air.check(), Ok(()));
    assert!(off(air.gamma(), 1.4) < 1e-14);
    // ISO 2533, sea level, 15 °C: 1.225 kg/m³, 340.294 m/s, 1.7894·10⁻⁵ Pa·s.
    assert!(off(air.density_kg_m3(101_325.0, 288.15), 1.225) < 1e-6);
    assert!(off(air.sound_m_s(288.15), 340.294) < 1e-6);
    assert!(off(air.viscosity_pa_s(288.15), 1.7894e-5) < 2e-5);
    assert!(off(air.critical_ratio(), 0.528_281_788) < 1e-8);
    // Real air, CoolProp 8: 1.188817 kg/m³ at 20 °C and 1 bar.
    assert!(off(air.density_kg_m3(1e5, 293.15), 1.188_817) < 5e-4);
    assert!((air.temp_k(air.energy_j_kg(310.0)) - 310.0).abs() < 1e-12);
    let flow_work = 1e5 / air.density_kg_m3(1e5, 310.0);
    assert!(off(air.enthalpy_j_kg(310.0), air.energy_j_kg(310.0) + flow_work) < 1e-14);
    assert!(Gas { cp_j_kg_k: 200.0, ..air }.check().unwrap_err().contains("cp_j_kg_k"));
}

#[test]
fn compression_costs_what_the_first_law_says() {
    let air = Gas::AIR;
    let (inlet_k, ratio) = (293.15, 8.0);
    let isentropic = air.compression_work_j_kg(inlet_k, ratio, air.gamma());
    // Without heat the work is the rise of the enthalpy; real air, CoolProp 8, 20 °C and 1 bar to 8 bar: 238.828 kJ/kg.
    let outlet_k = air.compressed_k(inlet_k, ratio, air.gamma());
    assert!(off(isentropic, air.enthalpy_j_kg(outlet_k) - air.enthalpy_j_kg(inlet_k)) < 1e-12);
    assert!(off(isentropic, 238_828.0) < 2e-3, "{isentropic}");
    // Isothermal: R·T·ln r, and the limit of the polytropic work.
    let isothermal = air.compression_work_j_kg(inlet_k, ratio, 1.0);
    assert!(off(isothermal, 287.052_87 * 293.15 * 2.079_441_541_68) < 1e-11);
    assert!(off(air.compression_work_j_kg(inlet_k, ratio, 1.0 + 1e-9), isothermal) < 1e-8);
    let polytropic = air.compression_work_j_kg(inlet_k, ratio, 1.3);
    assert!(isothermal < polytropic && polytropic < isentropic);
    assert!(off(air.isentropic_power_w(0.1, inlet_k, ratio, 0.75), 0.1 * isentropic / 0.75) < 1e-14);
    // An adiabatic machine: polytropic work over the polytropic efficiency is the rise of the enthalpy again.
    let exponent = air.polytropic_exponent(0.8);
    let rise = air.enthalpy_j_kg(air.compressed_k(inlet_k, ratio, exponent)) - air.enthalpy_j_kg(inlet_k);
    assert!(off(air.polytropic_power_w(1.0, inlet_k, ratio, exponent, 0.8), rise) < 1e-12);
}

#[test]
fn a_volume_of_air_counts_by_the_state_it_is_counted_at() {
    let air = Gas::AIR;
    // 1 Nm³ of dry air weighs 1.2923 kg (DIN 1343), 1 m³ of free air (ISO 1217) 1.1884 kg.
    assert!(off(air.mass_flow_kg_s(1.0, ReferenceState::NORMAL), 1.292_27) < 1e-4);
    assert!(off(air.mass_flow_kg_s(1.0, ReferenceState::STANDARD), 1.225) < 1e-6);
    // 10 m³/min of free air are 549.6 Nm³/h: 600·(1/1.01325)·(273.15/293.15).
    let flow_kg_s = air.mass_flow_kg_s(10.0 / 60.0, ReferenceState::FREE_AIR);
    assert!(off(air.normal_m3_h(flow_kg_s), 600.0 / 1.013_25 * 273.15 / 293.15) < 1e-12);
    assert!(off(air.volume_flow_m3_s(flow_kg_s, ReferenceState::FREE_AIR), 10.0 / 60.0) < 1e-14);
}

#[test]
fn an_orifice_chokes_and_follows_the_ideal_nozzle_below() {
    let air = Gas::AIR;
    let hole = Orifice::of_area(1e-5, 1.0, &air);
    assert_eq!(hole.check(), Ok(()));
    let from = GasState { pressure_pa: 8e5, temp_k: 293.15 };
    let flow = |ratio: f64| hole.mass_flow_kg_s(from, GasState { pressure_pa: ratio * from.pressure_pa, temp_k: 290.0 });
    // Choked: 0.040418·A·p₁/√T₁ for air with R = 287.05.
    assert!(off(flow(0.2), 0.040_418 * 1e-5 * 8e5 / 293.15_f64.sqrt()) < 1e-4, "{}", flow(0.2));
    assert_eq!(flow(0.0), flow(0.528));
    // Saint-Venant and Wantzel: A·p₁·√(2γ/((γ-1)·R·T₁)·(r^(2/γ) - r^((γ+1)/γ))); the ellipse stands in for it.
    for ratio in [0.55, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99] {
        let shape = libm::pow(ratio, 2.0 / 1.4) - libm::pow(ratio, 2.4 / 1.4);
        let nozzle = 1e-5 * 8e5 * (7.0 / (287.052_87 * 293.15) * shape).sqrt();
        assert!(off(flow(ratio), nozzle) < 0.01, "{ratio}: {} instead of {nozzle}", flow(ratio));
    }
}

#[test]
fn an_orifice_of_a_data_sheet_passes_its_flow_in_both_directions() {
    // C = 2 dm³/(s·bar), b = 0.3, 7 bar absolute and 20 °C into the open: 14 dm³/s of the reference air of 1.185 kg/m³.
    let valve = Orifice { sonic_conductance_m3_s_pa: 2e-8, critical_ratio: 0.3 };
    let side = |pressure_pa, temp_k| GasState { pressure_pa, temp_k };
    assert!(off(valve.mass_flow_kg_s(side(7e5, 293.15), side(1e5, 293.15)), 14e-3 * 1.185) < 1e-12);
    // Half way from b to 1 the ellipse passes √(3/4) of it.
    let half = valve.mass_flow_kg_s(side(7e5, 293.15), side(0.65 * 7e5, 293.15));
    assert!(off(half, 14e-3 * 1.185 * 0.75_f64.sqrt()) < 1e-12);
    assert_eq!(valve.mass_flow_kg_s(side(0.65 * 7e5, 250.0), side(7e5, 293.15)), -half);
    assert_eq!(valve.mass_flow_kg_s(side(7e5, 293.15), side(7e5, 350.0)), 0.0);
    assert_eq!(valve.mass_flow_kg_s(side(0.0, 293.15), side(0.0, 293.15)), 0.0);
    // More flow the lower the pressure behind, without a jump, through equal pressures and into reverse.
    let (mut last, mut steepest) = (f64::INFINITY, 0.0_f64);
    for step in 0..=20_000 {
        let flow = valve.mass_flow_kg_s(side(7e5, 293.15), side(35.0 * 1.1 * f64::from(step), 293.15));
        assert!(flow <= last, "more flow against more pressure at step {step}");
        if last.is_finite() {
            steepest = steepest.max(last - flow);
        }
        last = flow;
    }
    assert!(steepest < 0.01 * half && last < 0.0, "{steepest} {last}");
    for (conductance, ratio) in [(-1.0, 0.3), (f64::NAN, 0.3), (1e-8, 1.0), (1e-8, -0.1)] {
        assert!(Orifice { sonic_conductance_m3_s_pa: conductance, critical_ratio: ratio }.check().is_err());
    }
}
