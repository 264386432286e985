//! The hidden plant: parameters nobody told the twin, and a structure its model does not have.

use std::sync::{Arc, LazyLock};

use twin_model::document::PlantDocument;
use twin_sim::SimError;
use twin_sim::command::Refusal;
use twin_sim::flowsheet::{self, Drive, Fault, Model, Plant, Request, Setting};

use crate::life::Boundary;
use crate::random::Random;
use crate::signals::{SIGNAL_COUNT, SIGNALS};

/// The file of the plant that is demonstrated.
const PLANT_FILE: &str = include_str!("../../../assets/unit100/plant.twin.json");

/// Kind of the twin's model, and what stands in the hidden plant in its place: bearings of ring and housing.
const BEARING: (&str, &str) = ("bearing", "bearing_two_node");
/// The cooler of the hidden plant is one in cells with steel between its streams.
const EXCHANGER: (&str, &str, &str) = ("heat_exchanger", "dynamics", "cells");

/// Values by the places of [`SIGNALS`], in the unit of each signal; not a number where there is none.
pub type Readings = [f64; SIGNAL_COUNT];

/// What of the plant the demonstration looks at, by the places it has in the plant.
#[derive(Debug)]
struct Places {
    plant: Arc<Plant>,
    /// Number of the tag of every signal; `None` for what no plant computes, such as the life of a gateway.
    tags: [Option<usize>; SIGNAL_COUNT],
    truth: TruthPlaces,
}

/// Points behind the truth.
#[derive(Debug)]
struct TruthPlaces {
    npsh_margin_m: [usize; 2],
    cavitation: [usize; 2],
    drum_level_pct: usize,
    drum_fill: usize,
    vent_pot_m3: usize,
    carry_over_m3: usize,
    tk101_overflow_kg: usize,
}

/// What happens in the plant and no signal shows: for scoring, labels and debriefing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Truth {
    /// NPSH available minus required of P-101A and P-101B, m.
    pub npsh_margin_m: [f64; 2],
    /// Cavitation intensity of P-101A and P-101B, 0 to 1.48. The scatter it adds to instruments is proportional.
    pub cavitation: [f64; 2],
    /// True level of V-101 in % of the transmitter span; above 100 the upper tap is under water.
    pub drum_level_pct: f64,
    /// Share of V-101 filled, 1 = full.
    pub drum_fill: f64,
    /// Liquid in the vent knock-out pot V-102, m³.
    pub vent_pot_m3: f64,
    /// Liquid lost through the vent stack, m³.
    pub carry_over_m3: f64,
    /// Water lost over the rim of TK-101, kg.
    pub tk101_overflow_kg: f64,
    /// Latched interlocks, e.g. `I-102`, the first-out first.
    pub trips: Vec<String>,
}

/// The plant of the plant file, built otherwise than the twin believes.
static PLACES: LazyLock<Result<Arc<Places>, Vec<Fault>>> = LazyLock::new(|| Places::load().map(Arc::new));

impl Places {
    fn load() -> Result<Self, Vec<Fault>> {
        let fault = |message: String| {
            vec![Fault { pointer: String::new(), message, hint: "the demonstration needs the plant file it was built with".to_owned() }]
        };
        let document: PlantDocument = serde_json::from_str(PLANT_FILE).map_err(|error| fault(error.to_string()))?;
        let mut blueprint = flowsheet::blueprint(&document)?;
        for component in &mut blueprint.components {
            if component.kind == BEARING.0 {
                BEARING.1.clone_into(&mut component.kind);
            } else if component.kind == EXCHANGER.0 {
                component.parameters.insert(EXCHANGER.1.to_owned(), Setting::Text(EXCHANGER.2.to_owned()));
            }
        }
        let plant = Arc::new(flowsheet::assemble(&blueprint)?);
        let point = |name: &str| plant.point(name).ok_or_else(|| fault(format!("there is no point {name}")));
        let truth = TruthPlaces {
            npsh_margin_m: [point("p-101a.npsh_margin_m")?, point("p-101b.npsh_margin_m")?],
            cavitation: [point("p-101a.cavitation")?, point("p-101b.cavitation")?],
            drum_level_pct: point("v-101.true_level_pct")?,
            drum_fill: point("v-101.fill")?,
            vent_pot_m3: point("v-102.liquid_m3")?,
            carry_over_m3: point("v-102.carry_over_m3")?,
            tk101_overflow_kg: point("tk-101.overflow_kg")?,
        };
        let tags = std::array::from_fn(|index| plant.tag(SIGNALS[index].tag));
        Ok(Self { tags, truth, plant })
    }
}

/// The hidden plant and its state.
#[derive(Clone, Debug)]
pub struct HiddenPlant {
    places: Arc<Places>,
    model: Model,
    values: Readings,
    truth: Truth,
    /// What the controllers see, by the numbers of the tags.
    seen: Vec<f64>,
}

impl HiddenPlant {
    /// The plant settled in a condition of its file (`IC-5`), with settings of its own by name.
    ///
    /// # Errors
    /// There is no such condition, or a setting that the plant refuses.
    pub fn start_in(condition: &str, settings: &Settings) -> Result<Self, SimError> {
        let places = match &*PLACES {
            Ok(places) => Arc::clone(places),
            Err(faults) => return Err(SimError::UnknownCondition(format!("{condition}: the plant file is faulty: {faults:?}"))),
        };
        let settings = settings.iter().map(|(name, value)| (name.as_str(), *value));
        let model = Model::start_in(Arc::clone(&places.plant), condition, settings)?;
        let seen = vec![f64::NAN; places.plant.tags().len()];
        let mut hidden = Self { places, model, values: [f64::NAN; SIGNAL_COUNT], truth: Truth::default(), seen };
        hidden.look();
        Ok(hidden)
    }

    /// Length of a step, s.
    pub fn step_secs(&self) -> f64 {
        self.places.plant.step_secs()
    }

    /// Advances by one step. Controllers and interlocks see `readings`, and the true value where there is none.
    pub fn step(&mut self, boundary: &Boundary, readings: &Readings) {
        for (name, value) in boundary.inputs() {
            // The names are those of the plant file, the values are finite.
            let _ = self.model.set(name, value);
        }
        for (tag, reading) in self.places.tags.iter().zip(readings) {
            if let Some(seen) = tag.and_then(|number| self.seen.get_mut(number)) {
                *seen = *reading;
            }
        }
        self.model.advance(Drive::Controlled(&self.seen));
        self.look();
    }

    fn look(&mut self) {
        let (model, places) = (&self.model, &self.places.truth);
        for (value, tag) in self.values.iter_mut().zip(&self.places.tags) {
            *value = tag.map_or(1.0, |number| model.tag_value(number));
        }
        let point = |index: usize| model.state().point(index);
        let truth = &mut self.truth;
        truth.npsh_margin_m = places.npsh_margin_m.map(point);
        truth.cavitation = places.cavitation.map(point);
        truth.drum_level_pct = point(places.drum_level_pct);
        truth.drum_fill = point(places.drum_fill);
        truth.vent_pot_m3 = point(places.vent_pot_m3);
        truth.carry_over_m3 = point(places.carry_over_m3);
        truth.tk101_overflow_kg = point(places.tk101_overflow_kg);
        let trips = model.latched_interlocks();
        if !trips.iter().eq(truth.trips.iter()) {
            truth.trips = trips.into_iter().map(str::to_owned).collect();
        }
    }

    /// True values of all signals in their declared units, by the places of [`SIGNALS`].
    pub fn values(&self) -> &Readings {
        &self.values
    }

    /// True value of a signal.
    pub fn value(&self, tag: &str) -> Option<f64> {
        SIGNALS.iter().position(|signal| signal.tag == tag).map(|index| self.values[index])
    }

    /// What no signal shows.
    pub fn truth(&self) -> &Truth {
        &self.truth
    }

    /// The plant itself, for tests and debriefing.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Value of a parameter or malfunction by name.
    pub fn parameter(&self, name: &str) -> Option<f64> {
        self.model.setting(name)
    }

    /// Changes a parameter or malfunction by name; takes effect with the next step.
    ///
    /// # Errors
    /// The name is unknown or the value outside its limits.
    pub fn set_parameter(&mut self, name: &str, value: f64) -> Result<(), SimError> {
        self.model.set(name, value)
    }

    /// Hands a request of an operator to the component of this tag.
    ///
    /// # Errors
    /// There is no such component, or it refuses.
    pub fn request(&mut self, tag: &str, request: Request) -> Result<(), Refusal> {
        self.model.request(tag, request)
    }
}

/// Random numbers of the drawn parameters.
const PURPOSE: u64 = 0x91A7;
/// Scatter of the head that a cavitating pump loses.
const SCATTER: f64 = 0.2;

/// Settings of a plant by name; of two of one name the later one holds.
pub type Settings = Vec<(String, f64)>;

/// A plant exactly as in its data sheets, apart from its structure.
pub fn nominal_settings(seed: u64) -> Settings {
    vec![("scatter".to_owned(), SCATTER), ("seed".to_owned(), (seed & 0xFFFF_FFFF) as f64)]
}

/// The plant of one seed: worn, fouled and built with the tolerances of a real one.
pub fn drawn_settings(seed: u64) -> Settings {
    let mut random = Random::new(seed, PURPOSE);
    // Cut at 2.5 standard deviations: every seed gives a plant that can run its whole load range.
    let mut about = |mean: f64, deviation: f64| mean + deviation * random.normal().clamp(-2.5, 2.5);
    let heads = [about(0.985, 0.010), about(0.985, 0.010)];
    let efficiencies = [about(0.97, 0.01), about(0.97, 0.01)];
    let u_factor = about(1.00, 0.05);
    let mut within = |centre: f64, share: f64| centre * random.uniform(1.0 - share, 1.0 + share);
    let valves = [within(1.0, 0.04), within(1.0, 0.04), within(1.0, 0.04)];
    let tower_coefficient = within(sheet_value("tower.coefficient"), 0.06);
    let (line, tank, air) = (within(1.0, 0.10), within(1.0, 0.10), within(1.0, 0.10));
    let fouling = random.uniform(0.8e-4, 1.3e-4);
    let leaks = [random.uniform(0.0, 1.0), random.uniform(0.0, 1.0)];
    let mut settings = nominal_settings(seed);
    settings.extend(
        [
            ("p101a.head_factor", heads[0]),
            ("p101b.head_factor", heads[1]),
            ("p101a.efficiency_factor", efficiencies[0]),
            ("p101b.efficiency_factor", efficiencies[1]),
            ("e101.u_factor", u_factor),
            ("e101.fouling_m2k_w", fouling),
            ("fv101.kvs_factor", valves[0]),
            ("lv101.kvs_factor", valves[1]),
            ("tv101.kvs_factor", valves[2]),
            ("tower.coefficient", tower_coefficient),
            ("line.friction_factor", line),
            ("tk101.loss_factor", tank),
            ("air.base_demand_factor", air),
            ("p101a.check_valve_leak_m3_h", leaks[0]),
            ("p101b.check_valve_leak_m3_h", leaks[1]),
        ]
        .map(|(name, value)| (name.to_owned(), value)),
    );
    settings
}

/// Value of a parameter as in the data sheets.
fn sheet_value(name: &str) -> f64 {
    let Ok(places) = &*PLACES else { return f64::NAN };
    places.plant.parameter(name).and_then(|index| places.plant.parameters().get(index)).map_or(f64::NAN, |parameter| parameter.value)
}

/// Names of everything people set: parameters, malfunctions, what surrounds the plant.
pub fn parameter_names() -> Vec<String> {
    PLACES.as_ref().map(|places| places.plant.aliases().to_vec()).unwrap_or_default()
}
