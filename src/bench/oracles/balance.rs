//! Oracles 1 and 4: the settled plant, and what a lower header pressure saves.

use super::Oracle;
use std::sync::Arc;
use twin_demo::plant::HiddenPlant;
use twin_model::document::PlantDocument;
use twin_sim::flowsheet::{self, Drive, Model, Request};

/// Rated speed of P-101, rpm.
const P101_RATED_RPM: f64 = 2900.0;
/// The condition of normal operation.
const NORMAL: &str = "IC-5";
/// The plant file the demonstration was built with.
const PLANT_FILE: &str = include_str!("../../../assets/unit100/plant.twin.json");

/// The hidden plant as in its data sheets, settled in normal operation.
///
/// # Errors
/// A sentence when the plant file cannot be simulated.
pub fn hidden() -> Result<Model, String> {
    HiddenPlant::start_in(NORMAL, &Vec::new()).map(|plant| plant.model().clone()).map_err(|error| error.to_string())
}

/// The model the twin runs beside the plant, settled in normal operation.
///
/// # Errors
/// A sentence when the plant file cannot be simulated.
pub fn twins_model() -> Result<Model, String> {
    model_with_step(None)
}

/// The twin's model at a step of its own, s; that of the plant file when `None`.
///
/// # Errors
/// A sentence when the plant file cannot be simulated.
pub fn model_with_step(step_secs: Option<f64>) -> Result<Model, String> {
    let mut document: PlantDocument = serde_json::from_str(PLANT_FILE).map_err(|error| error.to_string())?;
    if let Some(simulation) = &mut document.simulation {
        simulation.step_secs = step_secs.or(simulation.step_secs);
    }
    let plant = flowsheet::load(&document).ok_or("the plant file describes no simulation")?.map_err(|faults| format!("{faults:?}"))?;
    Model::start_in(Arc::new(plant), NORMAL, []).map_err(|error| error.to_string())
}

fn run(plant: &mut Model, minutes: f64) {
    for _ in 0..(minutes * 60.0 / plant.plant().step_secs()) as usize {
        plant.advance(Drive::TRUE_VALUES);
    }
}

fn read(plant: &Model, tag: &str) -> f64 {
    plant.value(tag).unwrap_or(f64::NAN)
}

/// Oracle 1: an hour after the start at 90 m³/h, within 1 % of the heat and material balance.
///
/// # Errors
/// A sentence when the plant file cannot be simulated.
pub fn steady_state() -> Result<Oracle, String> {
    let mut oracle = Oracle::new("1  steady state at IC-5, hidden plant and the twin's model, ± 1 %");
    compare_steady(&mut oracle, "plant", hidden()?);
    compare_steady(&mut oracle, "model", twins_model()?);
    Ok(oracle)
}

fn compare_steady(oracle: &mut Oracle, whose: &str, mut plant: Model) {
    run(&mut plant, 60.0);
    let figures = [
        ("n P-101A", read(&plant, "SI-101A") / P101_RATED_RPM, 0.938),
        ("FV-101", read(&plant, "ZT-111"), 78.3),
        ("LV-101", read(&plant, "ZT-112"), 73.3),
        ("TV-101", read(&plant, "ZT-114"), 68.2),
        ("CW", read(&plant, "FT-201"), 304.0),
        ("TT-202", read(&plant, "TT-202"), 39.4),
        ("fan", read(&plant, "SI-201"), 77.0),
        ("PT-109", read(&plant, "PT-109"), 0.871),
        ("PT-108", read(&plant, "PT-108"), 2.90),
        ("NPSH margin", read(&plant, "p-101a.npsh_margin_m"), 3.83),
        ("II-101A", read(&plant, "II-101A"), 20.5),
    ];
    for (name, found, expected) in figures {
        oracle.within_share(&format!("{whose} {name}"), found, expected, 0.01);
    }
}

/// Oracle 4: the header pressure controller at 2.4 instead of 2.8 barg.
///
/// # Errors
/// A sentence when the plant refuses the set point.
pub fn lower_header_pressure() -> Result<Oracle, String> {
    let mut oracle = Oracle::new("4  PIC-101 from 2.8 to 2.4 barg saves pump power at unchanged flow, ± 1 %");
    let mut plant = hidden()?;
    run(&mut plant, 20.0);
    oracle.within_share("P-101A kW before", read(&plant, "JI-101A"), 10.36, 0.01);
    oracle.within_share("FV-101 before", read(&plant, "ZT-111"), 78.3, 0.01);
    let flow = read(&plant, "FT-101");
    // One request may move a set point by a tenth of its span.
    for barg in [2.6, 2.4] {
        plant.request("PIC-101", Request::Setpoint(barg)).map_err(|refusal| refusal.to_string())?;
    }
    run(&mut plant, 20.0);
    oracle.within_share("P-101A kW after", read(&plant, "JI-101A"), 8.81, 0.01);
    oracle.within_share("FV-101 after", read(&plant, "ZT-111"), 84.1, 0.01);
    oracle.within_share("FT-101 after", read(&plant, "FT-101"), flow, 0.01);
    Ok(oracle)
}
