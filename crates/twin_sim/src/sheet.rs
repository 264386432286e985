//! The data sheet of a component: what the plant file may say about it, what it answers, and the physics behind both.
//!
//! One sheet per kind is the only place where its parameters are listed. Loading checks a plant file against it, the
//! malfunction library is read from it and the pages of the documentation are printed from it.

/// Everything the documentation says about one kind of component.
#[derive(Clone, Copy, Debug)]
pub struct Sheet {
    /// Kind as the plant file names it, e.g. `centrifugal_pump`.
    pub kind: &'static str,
    /// Heading, e.g. `Centrifugal pump`.
    pub title: &'static str,
    /// What it represents, in one or two sentences.
    pub summary: &'static str,
    /// Equations as they are solved, each as one line of plain text with the symbols explained.
    pub equations: &'static [&'static str],
    /// Parameters in the order in which the component reads them.
    pub parameters: &'static [ParameterSheet],
    /// Quantities it answers, in the order in which it writes them.
    pub points: &'static [PointSheet],
    /// Where the equations hold, and what they leave out.
    pub validity: &'static str,
    /// Books, standards and papers behind the equations.
    pub sources: &'static [&'static str],
}

/// One parameter of a component.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ParameterSheet {
    /// Name with its unit, e.g. `shutoff_head_m`.
    pub name: &'static str,
    /// Unit as shown; empty for a plain number, `0/1` for a switch.
    pub unit: &'static str,
    /// Value when the plant file is silent; `None` when it has to say.
    pub default: Option<f64>,
    /// Smallest value allowed.
    pub min: f64,
    /// Largest value allowed.
    pub max: f64,
    /// Values met in practice, e.g. `20 to 60`.
    pub typical: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// Whether an instructor may move it while the plant runs: wear, blockage, a stuck stem.
    pub malfunction: bool,
    /// Value of a malfunction at full severity.
    pub worst: f64,
    /// Whether severity grows it by equal factors instead of equal amounts, where both ends are above 0.
    pub logarithmic: bool,
}

/// One quantity a component answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PointSheet {
    /// Name with its unit, e.g. `flow_kg_s`.
    pub name: &'static str,
    /// Unit as shown.
    pub unit: &'static str,
    /// What it means.
    pub meaning: &'static str,
}

impl ParameterSheet {
    /// A property from a data sheet that the plant file has to give.
    pub const fn required(
        name: &'static str,
        unit: &'static str,
        (min, max): (f64, f64),
        typical: &'static str,
        meaning: &'static str,
    ) -> Self {
        Self { name, unit, default: None, min, max, typical, meaning, malfunction: false, worst: max, logarithmic: false }
    }

    /// A property with a usual value.
    pub const fn usual(
        name: &'static str,
        unit: &'static str,
        default: f64,
        (min, max): (f64, f64),
        typical: &'static str,
        meaning: &'static str,
    ) -> Self {
        Self { name, unit, default: Some(default), min, max, typical, meaning, malfunction: false, worst: max, logarithmic: false }
    }

    /// A condition that an instructor may move; `healthy` is its value in a sound plant.
    pub const fn malfunction(name: &'static str, unit: &'static str, healthy: f64, (min, max): (f64, f64), meaning: &'static str) -> Self {
        let worst = if healthy - min > max - healthy { min } else { max };
        Self { name, unit, default: Some(healthy), min, max, typical: "", meaning, malfunction: true, worst, logarithmic: false }
    }

    /// With another value at full severity than the limit farther from the healthy one.
    pub const fn worst(mut self, worst: f64) -> Self {
        self.worst = worst;
        self
    }

    /// Growing by equal factors with severity: half severity is the geometric mean.
    pub const fn logarithmic(mut self) -> Self {
        self.logarithmic = true;
        self
    }

    /// Value of a malfunction at a severity of 0 to 1 in a plant whose sound value is `healthy`.
    pub fn at_severity(&self, severity: f64, healthy: f64) -> f64 {
        if severity >= 1.0 {
            // The worst value itself, not the sum that rounds near it.
            self.worst
        } else if self.logarithmic && healthy > 0.0 && self.worst > 0.0 {
            healthy * libm::pow(self.worst / healthy, severity)
        } else {
            healthy + (self.worst - healthy) * severity
        }
    }
}

impl PointSheet {
    /// A quantity with its unit.
    pub const fn new(name: &'static str, unit: &'static str, meaning: &'static str) -> Self {
        Self { name, unit, meaning }
    }
}
