//! Unit 100: condensate recovery with its cooling water and instrument air.
//!
//! One step: controls (or imposed positions) move valves and drives, the quasi-steady flows are solved, the inventories
//! and temperatures are integrated, the signals are written.

mod cooling;
mod feed;
mod flows;
mod impose;
mod machines;
mod operate;
pub mod parameters;
mod plant;
mod product;
mod publish;
mod scan;
mod sequence;
mod settle;
pub mod truth;

use rand_pcg::Pcg32;
use rand_pcg::rand_core::RngCore;
use serde::{Deserialize, Serialize};

use self::flows::{CoolingFlows, FeedFlows, ProductFlows};
use self::machines::Bearings;
use self::plant::{TK101_LOSS_W_K, TK101_M3_PER_PCT, TK101_RIM_PCT};
use self::scan::Eyes;
use self::sequence::Sequence;
use crate::air::{AirConditions, AirSystem};
use crate::control::{LOOP_COUNT, PiLoop};
use crate::drum::{Drum, DrumFlows};
use crate::exchanger::ExchangerModel;
use crate::interlock::{I_102, Interlocks};
use crate::pump::MotorDrive;
use crate::tank::Tank;
use crate::valve::Valve;
use crate::water::{density_kg_m3, wet_bulb_c};
use crate::{
    Boundary, Drive, Measured, ParameterInfo, Parameters, STEP_SECS, SimError, Structure, TAG_COUNT, Truth, TwinStructure, at, tag_index,
};

/// The complete state of the plant. Cloning forks it, serialising saves it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound = "")]
pub struct Unit100<S: Structure = TwinStructure> {
    parameters: Parameters,
    elapsed_steps: u64,
    rng: Pcg32,
    values: Measured,
    truth: Truth,

    loops: [PiLoop; LOOP_COUNT],
    interlocks: Interlocks,
    sequence: Sequence,

    fv101: Valve,
    lv101: Valve,
    tv101: Valve,
    pv103a: Valve,
    pv103b: Valve,
    lv201: Valve,
    p101: [MotorDrive; 2],
    p102: MotorDrive,
    p201: [MotorDrive; 2],
    fan: MotorDrive,

    tk101: Tank,
    drum: Drum,
    tk102: Tank,
    basin: Tank,
    basin_us_cm: f64,
    cavitation_factor: [f64; 2],
    exchanger: S::Exchanger,
    bearings: Bearings<S>,
    air: AirSystem,
    weather: Weather,

    feed: FeedFlows,
    product: ProductFlows,
    cooling: CoolingFlows,
}

/// Wet bulb temperature, kept as long as the weather does not change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Weather {
    dry_bulb_c: f64,
    relative_humidity_pct: f64,
    wet_bulb_c: f64,
}

impl Weather {
    fn update(&mut self, boundary: &Boundary) {
        let (dry, humidity) = (boundary.dry_bulb_c, boundary.relative_humidity_pct);
        if dry != self.dry_bulb_c || humidity != self.relative_humidity_pct {
            *self = Self { dry_bulb_c: dry, relative_humidity_pct: humidity, wet_bulb_c: wet_bulb_c(dry, humidity) };
        }
    }
}

impl<S: Structure> Unit100<S> {
    /// Advances by [`STEP_SECS`].
    pub fn step(&mut self, boundary: &Boundary, drive: Drive<'_>) {
        self.elapsed_steps += 1;
        self.weather.update(boundary);
        let imposed_air = match drive {
            Drive::Controlled { measured } => {
                self.scan(&Eyes { measured });
                None
            }
            Drive::Imposed(measured) => {
                self.impose(measured);
                Some(measured.get(at::PT_302)).filter(|reading| reading.is_finite())
            }
        };
        self.solve_feed_line();
        self.step_cavitation();
        self.solve_product_line();
        self.solve_cooling_water();
        self.step_exchanger_and_tower();
        self.step_inventories(boundary);
        let conditions = AirConditions {
            base_demand_factor: self.parameters.air_base_demand_factor,
            leak_nm3_h: self.parameters.air_leak_nm3_h,
            site_supply: self.parameters.air_site_supply > 0.5,
            ambient_c: boundary.dry_bulb_c,
            cooling_water_c: self.cooling.supply_c,
            cooling_water_m3_h: self.cooling.compressor_m3_h,
        };
        self.air.step(STEP_SECS, &conditions, imposed_air);
        let loads = self.bearing_loads(boundary.dry_bulb_c);
        self.bearings.step(&loads);
        self.publish(boundary);
    }

    fn step_exchanger_and_tower(&mut self) {
        let streams = self.streams();
        self.exchanger.step(STEP_SECS, &streams, &self.parameters.exchanger());
        let tube_out_c = self.outlets().tube_c;
        let fan = self.fan.speed;
        self.solve_tower(self.weather.wet_bulb_c, fan, tube_out_c);
    }

    fn step_inventories(&mut self, boundary: &Boundary) {
        self.step_tk101(boundary);
        let capacity = |kv: f64| if kv.is_finite() { kv } else { 0.0 };
        let flows = DrumFlows {
            in_kg_s: self.feed.shell_kg_s,
            in_c: self.outlets().shell_c + self.feed.friction_k,
            out_kg_s: self.product.line_kg_s,
            heat_w: self.product.recirculated_w,
            nitrogen_kv: capacity(plant::PV103A.kv(self.pv103a.position_pct)),
            vent_kv: capacity(plant::PV103B.kv(self.pv103b.position_pct)),
            correction_m3_h: self.parameters.v101_correction_m3_h,
            gas_correction_nm3_h: self.parameters.v101_gas_correction_nm3_h,
        };
        self.drum.step(STEP_SECS, &flows);
        let density = density_kg_m3(self.tk102.temp_c) / 3600.0;
        let correction = self.parameters.tk102_correction_m3_h;
        let draw = (boundary.draw_m3_h.max(0.0) - correction) * density;
        self.tk102.step(STEP_SECS, self.product.line_kg_s, self.product.outlet_c, draw, 0.0);
        self.step_basin(boundary);
    }

    fn step_tk101(&mut self, boundary: &Boundary) {
        let arriving_m3_h = boundary.feed_m3_h.max(0.0) * (1.0 - self.parameters.feed_diverted_fraction);
        let arriving = arriving_m3_h * density_kg_m3(boundary.feed_temp_c) / 3600.0;
        self.feed.feed_kg_s = arriving;
        let density = density_kg_m3(self.tk101.temp_c);
        let leaving = self.feed.shell_kg_s - self.parameters.tk101_correction_m3_h * density / 3600.0;
        let loss = TK101_LOSS_W_K * self.parameters.tk101_loss_factor * (self.tk101.temp_c - boundary.dry_bulb_c);
        self.tk101.step(STEP_SECS, arriving, boundary.feed_temp_c, leaving, self.feed.recirculated_w - loss);
        let full_kg = TK101_RIM_PCT * TK101_M3_PER_PCT * density_kg_m3(self.tk101.temp_c);
        let over_kg = (self.tk101.mass_kg - full_kg).max(0.0);
        self.tk101.mass_kg -= over_kg;
        self.feed.overflow_m3 += over_kg / density;
    }

    /// Simulated time since the start, s.
    pub fn elapsed_secs(&self) -> f64 {
        self.elapsed_steps as f64 * STEP_SECS
    }

    /// Standard normal variate of the plant's own generator (Box-Muller).
    fn normal_variate(&mut self) -> f64 {
        let uniform = |bits: u32| (f64::from(bits) + 0.5) / 4_294_967_296.0;
        let radius = (-2.0 * libm::log(uniform(self.rng.next_u32()))).sqrt();
        radius * libm::cos(core::f64::consts::TAU * uniform(self.rng.next_u32()))
    }

    /// True values of all signals in their declared units, in the order of [`crate::TAGS`].
    pub fn values(&self) -> &[f64; TAG_COUNT] {
        &self.values.values
    }

    /// True value of one signal.
    pub fn value(&self, tag: &str) -> Option<f64> {
        tag_index(tag).map(|index| self.values.values[index])
    }

    /// What no signal shows.
    pub fn truth(&self) -> &Truth {
        &self.truth
    }

    /// Value of a parameter or malfunction by name.
    pub fn parameter(&self, name: &str) -> Option<f64> {
        self.parameters.get(name)
    }

    /// All parameters.
    pub fn parameters(&self) -> &Parameters {
        &self.parameters
    }

    /// Changes a parameter or malfunction by name; takes effect with the next step. Fails for an unknown name or a value
    /// outside its limits.
    pub fn set_parameter(&mut self, name: &str, value: f64) -> Result<(), SimError> {
        self.parameters.set(name, value)
    }

    /// All parameter names with unit, limits and meaning.
    pub fn parameter_names() -> &'static [ParameterInfo] {
        Parameters::infos()
    }

    /// Hands an imposed plant over to its controllers without a bump: positions and states as in [`Drive::Imposed`], and
    /// every loop adopts the recorded set point, output and mode. Its integral is set so that the next scan gives the
    /// recorded output.
    pub fn take_over(&mut self, measured: &Measured) {
        self.impose(measured);
        self.interlocks = Interlocks::default();
        self.interlocks.bypass(I_102, measured.get(at::XB_102) > 0.5);
    }
}

#[cfg(test)]
mod tests;
