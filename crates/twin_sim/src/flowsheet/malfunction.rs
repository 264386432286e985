//! What can go wrong in a plant: every malfunction of every component, set by severity, grown by a ramp, cleared again.

use serde::{Deserialize, Serialize};

use super::plant::Plant;
use super::state::State;
use crate::SimError;

/// A malfunction of one component of a plant: one parameter that leaves its healthy value.
#[derive(Clone, Debug, PartialEq)]
pub struct Malfunction {
    /// Name of the parameter, `<component>.<mode>`.
    pub parameter: String,
    /// Name of the component.
    pub component: String,
    /// What goes wrong, as the sheet names it, e.g. `clogged_fraction`.
    pub mode: &'static str,
    /// Unit of the parameter.
    pub unit: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// Value of this plant when it is sound: that of the plant file.
    pub healthy: f64,
    /// Value at severity 1.
    pub worst: f64,
}

/// How a malfunction grows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ramp {
    /// In proportion to time.
    #[default]
    Linear,
    /// With the square of time: slow at first.
    Quadratic,
}

/// Where a malfunction goes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MalfunctionTarget {
    /// 0 healthy … 1 worst.
    Severity(f64),
    /// A value in the unit of the parameter.
    Value(f64),
}

/// The malfunctions under way, by parameter. A later one on the same parameter takes the place of the earlier and starts
/// from where that had come.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Malfunctions {
    active: Vec<Active>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Active {
    parameter: usize,
    from: f64,
    to: f64,
    start_secs: f64,
    over_secs: f64,
    ramp: Ramp,
}

impl Plant {
    /// Everything that can go wrong.
    pub fn malfunctions(&self) -> Vec<Malfunction> {
        let malfunctions = self.parameters().iter().filter(|parameter| parameter.sheet.malfunction);
        malfunctions
            .map(|parameter| Malfunction {
                parameter: parameter.name.clone(),
                component: parameter.name.rsplit_once('.').map_or("", |(component, _)| component).to_owned(),
                mode: parameter.sheet.name,
                unit: parameter.sheet.unit,
                meaning: parameter.sheet.meaning,
                healthy: parameter.value,
                worst: parameter.sheet.worst,
            })
            .collect()
    }

    /// Simulated time of a state, s.
    pub fn time_secs(&self, state: &State) -> f64 {
        state.steps() as f64 * self.step_secs()
    }
}

impl Malfunctions {
    /// Lets a parameter go to `target` within `over_secs` from now; 0 at once, with the next [`Self::apply`].
    ///
    /// # Errors
    /// There is no such parameter, or the target is outside its limits. Nothing is changed then.
    pub fn set(
        &mut self,
        plant: &Plant,
        state: &State,
        parameter: &str,
        target: MalfunctionTarget,
        (ramp, over_secs): (Ramp, f64),
    ) -> Result<(), SimError> {
        let index = plant.parameter(parameter).ok_or_else(|| SimError::UnknownParameter(parameter.to_owned()))?;
        let known = &plant.parameters()[index];
        let (to, min, max, asked) = match target {
            MalfunctionTarget::Severity(severity) => (known.sheet.at_severity(severity, known.value), 0.0, 1.0, severity),
            MalfunctionTarget::Value(value) => (value, known.sheet.min, known.sheet.max, value),
        };
        // The negated test also refuses NaN.
        if !(min..=max).contains(&asked) {
            return Err(SimError::OutOfRange { name: parameter.to_owned(), value: asked, min, max });
        }
        if !(0.0..=1e9).contains(&over_secs) {
            return Err(SimError::OutOfRange { name: "ramp".to_owned(), value: over_secs, min: 0.0, max: 1e9 });
        }
        self.active.retain(|active| active.parameter != index);
        let (from, start_secs) = (state.parameter(index), plant.time_secs(state));
        self.active.push(Active { parameter: index, from, to, start_secs, over_secs, ramp });
        Ok(())
    }

    /// Repairs a parameter: the value of the plant file comes back within `over_secs`, at once with 0.
    ///
    /// # Errors
    /// There is no such parameter.
    pub fn clear(&mut self, plant: &Plant, state: &State, parameter: &str, over_secs: f64) -> Result<(), SimError> {
        let index = plant.parameter(parameter).ok_or_else(|| SimError::UnknownParameter(parameter.to_owned()))?;
        let healthy = plant.parameters()[index].value;
        self.set(plant, state, parameter, MalfunctionTarget::Value(healthy), (Ramp::Linear, over_secs))
    }

    /// Moves the parameters to where they belong now. To be called before each step.
    pub fn apply(&mut self, plant: &Plant, state: &mut State) {
        let now_secs = plant.time_secs(state);
        self.active.retain(|active| {
            let share = if active.over_secs > 0.0 { ((now_secs - active.start_secs) / active.over_secs).clamp(0.0, 1.0) } else { 1.0 };
            let grown = match active.ramp {
                Ramp::Linear => share,
                Ramp::Quadratic => share * share,
            };
            // The end is the value itself, not the sum that rounds near it.
            let value = if share >= 1.0 { active.to } else { active.from + (active.to - active.from) * grown };
            state.move_parameter(active.parameter, value);
            share < 1.0
        });
    }

    /// Whether any parameter is still moving.
    pub fn is_growing(&self) -> bool {
        !self.active.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flowsheet::tests::any_plant;
    use crate::flowsheet::{assemble, malfunction_pages};
    use proptest::prelude::*;

    #[test]
    fn the_library_in_the_documentation_is_that_of_the_sheets() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/malfunctions.md");
        let written = std::fs::read_to_string(file).unwrap();
        assert!(
            written == malfunction_pages(),
            "renew it: cargo run --release -p twin_sim --example component_pages -- malfunctions > docs/malfunctions.md"
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn every_malfunction_grows_while_the_plant_runs_and_is_gone_when_cleared(blueprint in any_plant(), over_secs in 0.0..60.0f64) {
            let plant = assemble(&blueprint).map_err(|faults| TestCaseError::fail(format!("{faults:?}")))?;
            let library = plant.malfunctions();
            prop_assert!(!library.is_empty());
            for malfunction in library {
                let mut state = plant.start();
                let mut malfunctions = Malfunctions::default();
                let sound = plant.parameter(&malfunction.parameter).map(|index| state.parameter(index));
                malfunctions
                    .set(&plant, &state, &malfunction.parameter, MalfunctionTarget::Severity(1.0), (Ramp::Quadratic, over_secs))
                    .map_err(|error| TestCaseError::fail(error.to_string()))?;
                for _ in 0..130 {
                    malfunctions.apply(&plant, &mut state);
                    plant.step(&mut state);
                }
                prop_assert!(!malfunctions.is_growing());
                let now = plant.parameter(&malfunction.parameter).map(|index| state.parameter(index));
                prop_assert_eq!(now, Some(malfunction.worst));
                prop_assert!(state.points().iter().all(|value| value.is_finite()), "{:?}", malfunction);
                let (mass, energy) = plant.residual(&mut state);
                prop_assert!(mass < 1e-9 && energy < 1e-9, "{:?}: {mass}, {energy}", malfunction);
                malfunctions.clear(&plant, &state, &malfunction.parameter, 0.0).map_err(|error| TestCaseError::fail(error.to_string()))?;
                malfunctions.apply(&plant, &mut state);
                let now = plant.parameter(&malfunction.parameter).map(|index| state.parameter(index));
                prop_assert_eq!(now, sound);
            }
        }
    }

    #[test]
    fn a_later_malfunction_starts_where_the_earlier_had_come() {
        let blueprint = crate::flowsheet::Blueprint {
            components: vec![crate::flowsheet::tests::component("tank", "tank", &[("area_m2", 1.0)])],
            ..Default::default()
        };
        let plant = assemble(&blueprint).unwrap();
        let mut state = plant.start();
        let mut malfunctions = Malfunctions::default();
        let leak = plant.parameter("tank.leak_m2").unwrap();
        malfunctions.set(&plant, &state, "tank.leak_m2", MalfunctionTarget::Value(0.1), (Ramp::Linear, 100.0)).unwrap();
        for _ in 0..100 {
            plant.step(&mut state);
            malfunctions.apply(&plant, &mut state);
        }
        assert!((state.parameter(leak) - 0.05).abs() < 1e-12);
        malfunctions.clear(&plant, &state, "tank.leak_m2", 10.0).unwrap();
        for _ in 0..10 {
            plant.step(&mut state);
            malfunctions.apply(&plant, &mut state);
        }
        assert!((state.parameter(leak) - 0.025).abs() < 1e-12);
        let severity = MalfunctionTarget::Severity(1.5);
        assert!(malfunctions.set(&plant, &state, "tank.leak_m2", severity, (Ramp::Linear, 1.0)).is_err());
        assert!(malfunctions.set(&plant, &state, "tank.lek_m2", severity, (Ramp::Linear, 1.0)).is_err());
    }
}
