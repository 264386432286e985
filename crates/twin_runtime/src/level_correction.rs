//! Integrating states that would drift with the error of two flows, and what keeps them near their measurement.

use twin_sim::flowsheet::{Drive, Model};

/// How one integrating state follows its measurement.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LevelCorrection {
    /// Tag of the measurement.
    pub tag: &'static str,
    /// Parameter of the model that adds to the inventory, m³/h or Nm³/h.
    pub parameter: &'static str,
    /// Inventory per unit of the tag, m³ or Nm³.
    pub per_unit: f64,
    /// Largest slow correction, in the unit of the parameter: what flow meters (0.5 %) and valve capacities (4 %) err.
    pub limit: f64,
    /// Beyond this disagreement, in the unit of the tag, the measurement is not believed and the correction stops.
    pub stop_beyond: f64,
}

/// The integrating states of the model.
pub const LEVEL_CORRECTIONS: [LevelCorrection; 5] = [
    level("LT-101", "v101.correction_m3_h", 0.3076),
    level("LT-100", "tk101.correction_m3_h", 1.696),
    level("LT-102", "tk102.correction_m3_h", 5.41),
    level("LT-201", "basin.correction_m3_h", 0.504),
    LevelCorrection { tag: "PT-103", parameter: "v101.gas_correction_nm3_h", per_unit: 13.4, limit: 2.0, stop_beyond: 0.15 },
];

const fn level(tag: &'static str, parameter: &'static str, per_unit: f64) -> LevelCorrection {
    LevelCorrection { tag, parameter, per_unit, limit: 3.0, stop_beyond: 4.0 }
}

/// Time constant of the correction of a model that has run for long, hours; in the same time a steady disagreement becomes
/// a steady correction.
const SLOWEST_HOURS: f64 = 2.0;
/// Time constant of the correction of a model that has just been made, hours.
const FASTEST_HOURS: f64 = 1.0 / 60.0;
/// Time constant as a share of the age of the model, in between.
const SHARE_OF_AGE: f64 = 0.5;

/// The measurements of all integrating states; `None` while one cannot be used.
pub type Levels = [Option<f64>; LEVEL_CORRECTIONS.len()];

impl LevelCorrection {
    /// The correction of a model of this age, `dt_hours` after the last one: towards the measurement, limited. `steady` is
    /// the part that has been learned while the two agreed; while they disagree it stays and nothing else is corrected.
    ///
    /// A young model is corrected fast. What held its level in the warm-up took a plant on its way somewhere for an error of
    /// the flows, and what is right can only be learned as the two run on: as in a Kalman filter that starts from nothing,
    /// an error counts for less the more have been heard.
    pub fn at_age(&self, age_hours: f64, measured: Option<f64>, modelled: f64, dt_hours: f64, steady: &mut f64) -> f64 {
        let Some(error) = measured.map(|m| m - modelled).filter(|e| e.abs() <= self.stop_beyond) else { return *steady };
        let time_hours = (age_hours * SHARE_OF_AGE).clamp(FASTEST_HOURS, SLOWEST_HOURS);
        let correction = error * self.per_unit / time_hours;
        *steady = (*steady + correction * dt_hours / time_hours).clamp(-self.limit, self.limit);
        (correction + *steady).clamp(-self.limit, self.limit)
    }
}

/// Longest warm-up, s of plant time.
const WARM_UP_SECS: f64 = 7200.0;
/// Shortest, in which temperatures settle at the measured flows, s.
const LEAST_WARM_UP_SECS: f64 = 600.0;
/// Time between two looks at the levels, s.
const LOOK_SECS: f64 = 10.0;
/// Time constant of the warm-up, hours: as fast as the pace below allows.
const WARM_UP_HOURS: f64 = 0.01;
/// Fastest filling or emptying while warming up: what the parameters allow, m³/h and Nm³/h.
const WARM_UP_PACE: f64 = 20.0;

/// Where a flow comes in or goes out and what it has to be in balance with, by tag, with the volume it has there per volume
/// where it is measured: hot condensate is thinner than cooled.
const BALANCED: [(&str, &str, f64); 2] = [("FT-100", "FT-101", 1.0242), ("FT-105", "FT-102", 1.0)];

/// Brings a model that has just been made near the plant as it is: valves, speeds and temperatures held, inventories
/// filled or emptied until they stand where they are measured. Stops after two hours of plant time, however far it has
/// come. Returns the corrections that hold the levels there: what the slow correction starts from.
pub fn warm_up(model: &mut Model, readings: &[f64], levels: &Levels) -> [f64; LEVEL_CORRECTIONS.len()] {
    let plant = std::sync::Arc::clone(model.plant());
    let number = |tag: &str| plant.tag(tag);
    let balanced = BALANCED.map(|(boundary, within, share)| Some((number(boundary)?, number(within)?, share)));
    let steps = |secs: f64| (secs / plant.step_secs()).round().max(1.0) as usize;
    for step in 0..steps(WARM_UP_SECS) {
        if step % steps(LOOK_SECS) == 0 && follow(model, levels) && step >= steps(LEAST_WARM_UP_SECS) {
            break;
        }
        // What comes and goes is held in balance meanwhile: a tank that fills in truth must not run away from its level.
        for (boundary, within, share) in balanced.into_iter().flatten() {
            let flow = model.tag_value(within) * share;
            model.drive_input(boundary, flow);
        }
        model.advance(Drive::Following(readings));
    }
    for (boundary, _, _) in balanced.into_iter().flatten() {
        model.drive_input(boundary, readings.get(boundary).copied().unwrap_or(f64::NAN));
    }
    LEVEL_CORRECTIONS.map(|row| {
        let held = model.setting(row.parameter).unwrap_or(0.0);
        // A model without this correction was not changed either.
        let _ = model.set(row.parameter, 0.0);
        held.clamp(-row.limit, row.limit)
    })
}

/// Sets the fast corrections; true when every level stands where it is measured.
fn follow(model: &mut Model, levels: &Levels) -> bool {
    let mut arrived = true;
    for (row, measured) in LEVEL_CORRECTIONS.iter().zip(levels) {
        let (Some(measured), Some(modelled)) = (measured, model.value(row.tag)) else { continue };
        let error = measured - modelled;
        arrived &= error.abs() < 0.02 * row.stop_beyond;
        let _ = model.set(row.parameter, (error * row.per_unit / WARM_UP_HOURS).clamp(-WARM_UP_PACE, WARM_UP_PACE));
    }
    arrived
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use twin_model::document::PlantDocument;
    use twin_sim::flowsheet;

    /// A model that has run for long.
    const AGED_HOURS: f64 = 24.0;

    fn normal() -> Model {
        let text = include_str!("../../../assets/unit100/plant.twin.json");
        let document: PlantDocument = serde_json::from_str(text).unwrap();
        let plant = flowsheet::load(&document).unwrap().unwrap();
        Model::start_in(Arc::new(plant), "IC-5", []).unwrap()
    }

    #[test]
    fn every_corrected_level_is_a_tag_and_a_parameter_of_the_model() {
        let model = normal();
        for row in &LEVEL_CORRECTIONS {
            assert!(model.value(row.tag).is_some(), "{}", row.tag);
            assert!(model.setting(row.parameter).is_some(), "{}", row.parameter);
        }
    }

    #[test]
    fn a_lying_level_is_not_followed_and_a_little_drift_is_followed_slowly() {
        let row = &LEVEL_CORRECTIONS[0];
        let mut steady = 0.0;
        assert_eq!(row.at_age(AGED_HOURS, Some(56.0), 50.0, 1.0, &mut steady), 0.0);
        assert_eq!(row.at_age(AGED_HOURS, None, 50.0, 1.0, &mut steady), 0.0);
        let correction = row.at_age(AGED_HOURS, Some(51.0), 50.0, 0.0, &mut steady);
        assert!((correction - 0.1538).abs() < 1e-4, "{correction} m³/h for 1 %");
        // A steady bias of the flows is learned, never more than it can be.
        let (mut level, mut corrections) = (50.0, Vec::new());
        for _ in 0..48 * 60 {
            let correction = row.at_age(AGED_HOURS, Some(50.0), level, 1.0 / 60.0, &mut steady);
            level += (0.9 + correction) / row.per_unit / 60.0;
            corrections.push(correction);
        }
        assert!((level - 50.0).abs() < 0.05, "{level} %");
        assert!(corrections.iter().all(|c| c.abs() <= row.limit));
        assert_eq!(row.at_age(AGED_HOURS, Some(60.0), level, 1.0, &mut steady), steady, "what was learned stays while the two disagree");
    }

    #[test]
    fn a_model_warms_up_to_the_levels_it_finds() {
        let mut model = normal();
        let mut readings: Vec<f64> = (0..model.plant().tags().len()).map(|number| model.tag_value(number)).collect();
        readings[model.plant().tag("PT-302").unwrap()] = 5.4;
        warm_up(&mut model, &readings, &[Some(45.0), Some(50.0), Some(58.0), Some(62.0), Some(0.45)]);
        for (tag, level, tolerance) in
            [("LT-101", 45.0, 0.1), ("LT-100", 50.0, 0.1), ("LT-102", 58.0, 0.1), ("LT-201", 62.0, 0.1), ("PT-103", 0.45, 0.01)]
        {
            let reached = model.value(tag).unwrap();
            assert!((reached - level).abs() < tolerance, "{tag} stands at {reached}, not {level}");
        }
        assert_eq!(model.setting("v101.correction_m3_h"), Some(0.0));
    }
}
