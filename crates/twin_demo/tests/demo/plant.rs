use twin_demo::plant::{HiddenPlant, drawn_settings};

#[test]
fn a_seed_draws_its_own_plant_within_the_tolerances() {
    let mut seen = Vec::new();
    for seed in 0..200 {
        let drawn = drawn_settings(seed);
        let value = |name: &str| drawn.iter().rfind(|(known, _)| known == name).map(|(_, value)| *value).unwrap();
        assert!((0.96..=1.01).contains(&value("p101a.head_factor")));
        assert!((0.8e-4..=1.3e-4).contains(&value("e101.fouling_m2k_w")));
        assert_eq!(drawn, drawn_settings(seed));
        seen.push(value("e101.u_factor"));
    }
    let mean = seen.iter().sum::<f64>() / seen.len() as f64;
    assert!((mean - 1.0).abs() < 0.02, "{mean}");
    let spread = (seen.iter().map(|u| (u - mean) * (u - mean)).sum::<f64>() / 200.0).sqrt();
    assert!((0.035..0.065).contains(&spread), "{spread}");
}

#[test]
fn the_plant_of_a_seed_takes_every_drawn_setting_and_settles_in_normal_operation() {
    for seed in [1, 2, 3] {
        let settings = drawn_settings(seed);
        let plant = HiddenPlant::start_in("IC-5", &settings).unwrap();
        for (name, value) in &settings {
            assert_eq!(plant.parameter(name), Some(*value), "{name}");
        }
        for (tag, normal, band) in [("TT-101", 40.0, 0.5), ("PT-101", 2.8, 0.02), ("LT-101", 50.0, 0.5), ("FT-101", 90.0, 1.0)] {
            let found = plant.value(tag).unwrap();
            assert!((found - normal).abs() < band, "seed {seed}: {tag} {found}");
        }
        assert!(plant.truth().trips.is_empty());
    }
}
