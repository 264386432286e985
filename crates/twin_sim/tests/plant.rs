//! The plant against the figures of its specification.

use twin_sim::{Boundary, Drive, InitialCondition, Parameters, Unit100};

#[test]
fn normal_operation_settles_at_the_design_figures() {
    let boundary = Boundary::for_condition(InitialCondition::Normal);
    let mut plant: Unit100 = Unit100::new(Parameters::default(), InitialCondition::Normal);
    let show = |plant: &Unit100| {
        for tag in [
            "SI-101A", "ZT-111", "ZT-112", "ZT-114", "FT-101", "FT-201", "TT-202", "TT-101", "SI-201", "PT-101", "PT-109", "PT-108",
            "II-101A", "II-102", "JI-101A", "JI-201A", "JI-100", "LT-101", "LT-100", "PT-103", "TT-201", "PT-201", "TT-203", "FT-202",
            "PT-106A", "PT-107A", "AT-201",
        ] {
            print!("{tag}={:.4} ", plant.value(tag).unwrap());
        }
        println!("\n{:?}", plant.truth());
    };
    show(&plant);
    for _ in 0..7200 {
        plant.step(&boundary, Drive::TRUE_VALUES);
    }
    show(&plant);
}
