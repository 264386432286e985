//! Formulas of pumps and of hydrostatic levels.

use super::{Declared, Inputs};
use crate::water::{ATMOSPHERE_BAR, GRAVITY, density_kg_m3, vapour_pressure_bar};
use twin_model::SignalKey;

/// Pascal in a bar.
const PA_PER_BAR: f64 = 1e5;
/// Below this part of its rated speed a pump is at rest.
const REST_SPEED: f64 = 0.3;

/// `npsh_margin`: NPSH available at the suction flange minus NPSH required, m.
///
/// NPSHa = (p_suction + p_atmosphere − p_vapour(T)) ÷ ρ(T) g. NPSHr = n² · [base + quadratic · (Q ÷ (rated flow · n))²]
/// with n = speed ÷ rated speed and Q the flow at pump temperature, minimum-flow recirculation included.
/// Not applicable below 30 % of rated speed.
///
/// | Input | Unit | |
/// |---|---|---|
/// | `suction` | barg | suction pressure behind the strainer |
/// | `temperature` | °C | liquid at the suction |
/// | `flow` | m³/h | forward flow as the meter shows it |
/// | `speed` | rpm | |
/// | `parallel_speed` | rpm | optional: speed of a pump on the same header; the flow is shared by speed |
///
/// | Parameter | Default | |
/// |---|---|---|
/// | `rated_speed_rpm` | 2900 | |
/// | `npshr_base_m`, `npshr_quadratic_m` | 2.0, 1.6 | at rated speed |
/// | `npshr_flow_m3_h` | 100 | flow at which the quadratic part has its full value |
/// | `flow_density_kg_m3` | 992.3 | density the flow meter calculates with |
/// | `minimum_flow_m3_h`, `minimum_flow_ends_m3_h` | 26, 32 | recirculation at no forward flow, and the forward flow at which it has ended |
#[derive(Clone, Debug)]
pub(crate) struct NpshMargin {
    suction: SignalKey,
    temperature: SignalKey,
    flow: SignalKey,
    speed: SignalKey,
    parallel_speed: Option<SignalKey>,
    rated_speed_rpm: f64,
    npshr_base_m: f64,
    npshr_quadratic_m: f64,
    npshr_flow_m3_h: f64,
    flow_density_kg_m3: f64,
    recirculation: Recirculation,
}

impl NpshMargin {
    pub(super) fn read(declared: &mut Declared) -> Self {
        Self {
            suction: declared.input("suction"),
            temperature: declared.input("temperature"),
            flow: declared.input("flow"),
            speed: declared.input("speed"),
            parallel_speed: declared.optional_input("parallel_speed"),
            rated_speed_rpm: declared.positive("rated_speed_rpm", 2900.0),
            npshr_base_m: declared.parameter("npshr_base_m", 2.0),
            npshr_quadratic_m: declared.parameter("npshr_quadratic_m", 1.6),
            npshr_flow_m3_h: declared.positive("npshr_flow_m3_h", 100.0),
            flow_density_kg_m3: declared.positive("flow_density_kg_m3", 992.3),
            recirculation: Recirculation::read(declared),
        }
    }

    pub(super) fn value(&self, inputs: &mut Inputs) -> Option<f64> {
        let (suction, temperature) = (inputs.take(self.suction), inputs.take(self.temperature));
        let (flow, speed) = (inputs.take(self.flow), inputs.take(self.speed));
        let (suction, temperature, n) = (suction?, temperature?, speed? / self.rated_speed_rpm);
        if n < REST_SPEED {
            return None;
        }
        let density = density_kg_m3(temperature);
        let forward = flow? * self.flow_density_kg_m3 / density * self.share(inputs, n);
        let pumped = forward + self.recirculation.at(forward);
        Some(npsh_available_m(suction, temperature, density) - self.npsh_required_m(pumped, n))
    }

    /// The part of the flow that goes through this pump.
    fn share(&self, inputs: &Inputs, n: f64) -> f64 {
        let other = self.parallel_speed.and_then(|key| inputs.peek(key)?.usable()).map_or(0.0, |rpm| rpm / self.rated_speed_rpm);
        if other < REST_SPEED { 1.0 } else { n / (n + other) }
    }

    fn npsh_required_m(&self, flow_m3_h: f64, n: f64) -> f64 {
        let load = flow_m3_h / (self.npshr_flow_m3_h * n);
        n * n * (self.npshr_base_m + self.npshr_quadratic_m * load * load)
    }
}

fn npsh_available_m(suction_barg: f64, temperature_c: f64, density_kg_m3: f64) -> f64 {
    (suction_barg + ATMOSPHERE_BAR - vapour_pressure_bar(temperature_c)) * PA_PER_BAR / (density_kg_m3 * GRAVITY)
}

/// A self-acting minimum-flow valve: opens as the forward flow falls.
#[derive(Clone, Debug)]
struct Recirculation {
    flow_m3_h: f64,
    ends_m3_h: f64,
}

impl Recirculation {
    fn read(declared: &mut Declared) -> Self {
        Self { flow_m3_h: declared.parameter("minimum_flow_m3_h", 26.0), ends_m3_h: declared.positive("minimum_flow_ends_m3_h", 32.0) }
    }

    fn at(&self, forward_m3_h: f64) -> f64 {
        self.flow_m3_h * (1.0 - forward_m3_h / self.ends_m3_h).clamp(0.0, 1.0)
    }
}

/// `pump_head`: head between suction and discharge, m: (p_discharge − p_suction) ÷ ρg.
///
/// | Input | Unit | |
/// |---|---|---|
/// | `suction`, `discharge` | barg | |
/// | `temperature` | °C | optional: density from it instead of the parameter |
/// | `flow` | m³/h | optional, told with the head; it does not enter |
///
/// | Parameter | Default | |
/// |---|---|---|
/// | `density_kg_m3` | 968.7 | |
#[derive(Clone, Debug)]
pub(crate) struct PumpHead {
    suction: SignalKey,
    discharge: SignalKey,
    temperature: Option<SignalKey>,
    density_kg_m3: f64,
}

impl PumpHead {
    pub(super) fn read(declared: &mut Declared) -> Self {
        // A head is shown against its flow; naming it is no fault.
        declared.optional_input("flow");
        Self {
            suction: declared.input("suction"),
            discharge: declared.input("discharge"),
            temperature: declared.optional_input("temperature"),
            density_kg_m3: declared.positive("density_kg_m3", 968.7),
        }
    }

    pub(super) fn value(&self, inputs: &mut Inputs) -> Option<f64> {
        let (suction, discharge) = (inputs.take(self.suction), inputs.take(self.discharge));
        let density = match self.temperature {
            Some(temperature) => density_kg_m3(inputs.take(temperature)?),
            None => self.density_kg_m3,
        };
        Some((discharge? - suction?) * PA_PER_BAR / (density * GRAVITY))
    }
}

/// `head_deficit`: how far the head of a pump lies under its curve, % of the curve.
///
/// Curve: n² · shut-off head − quadratic · Q². Not applicable below 30 % of rated speed or where the curve ends.
/// Inputs and parameters of `pump_head`, where `flow` (m³/h, as the meter shows it) and `speed` (rpm) are required, and:
///
/// | Parameter | Default | |
/// |---|---|---|
/// | `rated_speed_rpm` | 2900 | |
/// | `shutoff_head_m` | 39.0 | at rated speed |
/// | `quadratic_m_per_m3_h2` | 7.0·10⁻⁴ | |
/// | `flow_density_kg_m3` | 992.3 | density the flow meter calculates with |
#[derive(Clone, Debug)]
pub(crate) struct HeadDeficit {
    head: PumpHead,
    flow: SignalKey,
    speed: SignalKey,
    rated_speed_rpm: f64,
    shutoff_head_m: f64,
    quadratic: f64,
    flow_density_kg_m3: f64,
}

impl HeadDeficit {
    pub(super) fn read(declared: &mut Declared) -> Self {
        Self {
            head: PumpHead::read(declared),
            flow: declared.input("flow"),
            speed: declared.input("speed"),
            rated_speed_rpm: declared.positive("rated_speed_rpm", 2900.0),
            shutoff_head_m: declared.positive("shutoff_head_m", 39.0),
            quadratic: declared.parameter("quadratic_m_per_m3_h2", 7.0e-4),
            flow_density_kg_m3: declared.positive("flow_density_kg_m3", 992.3),
        }
    }

    pub(super) fn value(&self, inputs: &mut Inputs) -> Option<f64> {
        let head = self.head.value(inputs);
        let (flow, speed) = (inputs.take(self.flow), inputs.take(self.speed));
        let (n, flow) = (speed? / self.rated_speed_rpm, flow? * self.flow_density_kg_m3 / self.head.density_kg_m3);
        let curve = n * n * self.shutoff_head_m - self.quadratic * flow * flow;
        if n < REST_SPEED || curve < 1.0 {
            return None;
        }
        Some(100.0 * (1.0 - head? / curve))
    }
}

/// `level_from_pressures`: level of a blanketed vessel from the pressure in its gas and the pressure below it, % of a
/// transmitter span. Not applicable never: at no flow the friction is zero.
///
/// level = [(p_bottom − p_gas) ÷ ρg + friction · (Q ÷ friction flow)² − offset] ÷ span · 100 %, where Q is the flow with
/// minimum-flow recirculation.
///
/// | Input | Unit | |
/// |---|---|---|
/// | `bottom`, `gas` | barg | at the suction of the pump below, in the gas space |
/// | `flow` | m³/h | forward flow |
///
/// | Parameter | Default | |
/// |---|---|---|
/// | `density_kg_m3` | 992.3 | |
/// | `friction_m`, `friction_flow_m3_h` | 0.183, 90 | loss between vessel and lower pressure, at that flow |
/// | `offset_m` | 3.0 | height of 0 % above the lower pressure |
/// | `span_m` | 2.0 | |
/// | `minimum_flow_m3_h`, `minimum_flow_ends_m3_h` | 26, 32 | as in `npsh_margin` |
#[derive(Clone, Debug)]
pub(crate) struct LevelFromPressures {
    bottom: SignalKey,
    gas: SignalKey,
    flow: SignalKey,
    density_kg_m3: f64,
    friction_m: f64,
    friction_flow_m3_h: f64,
    offset_m: f64,
    span_m: f64,
    recirculation: Recirculation,
}

impl LevelFromPressures {
    pub(super) fn read(declared: &mut Declared) -> Self {
        Self {
            bottom: declared.input("bottom"),
            gas: declared.input("gas"),
            flow: declared.input("flow"),
            density_kg_m3: declared.positive("density_kg_m3", 992.3),
            friction_m: declared.parameter("friction_m", 0.183),
            friction_flow_m3_h: declared.positive("friction_flow_m3_h", 90.0),
            offset_m: declared.parameter("offset_m", 3.0),
            span_m: declared.positive("span_m", 2.0),
            recirculation: Recirculation::read(declared),
        }
    }

    pub(super) fn value(&self, inputs: &mut Inputs) -> Option<f64> {
        let (bottom, gas, flow) = (inputs.take(self.bottom), inputs.take(self.gas), inputs.take(self.flow));
        let flow = flow?;
        let load = (flow + self.recirculation.at(flow)) / self.friction_flow_m3_h;
        let column_m = (bottom? - gas?) * PA_PER_BAR / (self.density_kg_m3 * GRAVITY);
        Some((column_m + self.friction_m * load * load - self.offset_m) / self.span_m * 100.0)
    }
}
