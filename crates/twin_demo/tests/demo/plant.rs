use twin_demo::plant::{CellExchanger, drawn_parameters};
use twin_sim::water::{CONDENSATE_CP_J_KG_K, COOLING_CP_J_KG_K};
use twin_sim::{ExchangerModel, ExchangerParameters, ExchangerStreams, NtuExchanger, Parameters};

#[test]
fn the_cooler_in_cells_settles_where_its_effectiveness_says() {
    let mut worst: f64 = 0.0;
    for shell_kg_s in [12.4, 20.0, 24.8, 30.3] {
        for tube_kg_s in [30.0, 60.0, 84.0, 130.0] {
            for fouling_m2k_w in [0.0, 1e-4, 6e-4] {
                let streams = ExchangerStreams { shell_kg_s, shell_in_c: 84.97, tube_kg_s, tube_in_c: 26.03 };
                let parameters = ExchangerParameters { fouling_m2k_w, u_factor: 1.0 };
                let cells = CellExchanger::settled(&streams, &parameters).outlets();
                let ntu = NtuExchanger::settled(&streams, &parameters).outlets();
                worst = worst.max((cells.shell_c - ntu.shell_c).abs()).max((cells.tube_c - ntu.tube_c).abs());
            }
        }
    }
    println!("worst outlet difference {worst:.3} K");
    assert!(worst < 0.3, "{worst} K");
}

#[test]
fn the_cooler_in_cells_keeps_its_energy_balance_and_moves_otherwise() {
    let streams = ExchangerStreams { shell_kg_s: 24.8, shell_in_c: 84.97, tube_kg_s: 84.1, tube_in_c: 26.03 };
    let parameters = ExchangerParameters { fouling_m2k_w: 1e-4, u_factor: 1.0 };
    let mut cells = CellExchanger::settled(&streams, &parameters);
    let mut ntu = NtuExchanger::settled(&streams, &parameters);
    let outlets = cells.outlets();
    let (given, taken) = (24.8 * CONDENSATE_CP_J_KG_K * (84.97 - outlets.shell_c), 84.1 * COOLING_CP_J_KG_K * (outlets.tube_c - 26.03));
    assert!((given - taken).abs() < 1e-6 * given, "{given} and {taken}");
    let less = ExchangerStreams { shell_kg_s: 16.5, shell_in_c: 80.0, ..streams };
    let mut apart: f64 = 0.0;
    for _ in 0..600 {
        cells.step(0.5, &less, &parameters);
        ntu.step(0.5, &less, &parameters);
        apart = apart.max((cells.outlets().shell_c - ntu.outlets().shell_c).abs());
    }
    println!("after a step of the load the two coolers differ by up to {apart:.2} K on the way");
    assert!(apart > 0.1);
}

#[test]
fn a_seed_draws_its_own_plant_within_the_tolerances() {
    let mut seen = Vec::new();
    for seed in 0..200 {
        let drawn = drawn_parameters(seed);
        for info in Parameters::infos() {
            let value = drawn.get(info.name).unwrap();
            assert!((info.min..=info.max).contains(&value), "seed {seed}: {} = {value}", info.name);
        }
        assert!((0.96..=1.01).contains(&drawn.p101a_head_factor));
        assert!((0.8e-4..=1.3e-4).contains(&drawn.e101_fouling_m2k_w));
        assert_eq!(drawn, drawn_parameters(seed));
        seen.push(drawn.e101_u_factor);
    }
    let mean = seen.iter().sum::<f64>() / seen.len() as f64;
    assert!((mean - 1.0).abs() < 0.02, "{mean}");
    let spread = (seen.iter().map(|u| (u - mean) * (u - mean)).sum::<f64>() / 200.0).sqrt();
    assert!((0.035..0.065).contains(&spread), "{spread}");
}
