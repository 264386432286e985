//! Bearing temperatures.

use core::fmt::Debug;

use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// What a bearing feels during one step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BearingLoad {
    /// Temperature the bearing settles at under this load, °C.
    pub target_c: f64,
    /// Temperature of the surroundings, °C. A model with several nodes splits the rise `target_c - ambient_c` itself.
    pub ambient_c: f64,
    /// Time constant of the specification, s.
    pub lag_secs: f64,
}

/// The thermal model of one bearing.
pub trait BearingModel: Clone + Debug + PartialEq + Send + Sync + Serialize + DeserializeOwned + 'static {
    /// A bearing that has been under `load` for a long time.
    fn settled(load: &BearingLoad) -> Self;
    /// Advances by `dt_secs`.
    fn step(&mut self, dt_secs: f64, load: &BearingLoad);
    /// Temperature at the sensor, °C.
    fn temp_c(&self) -> f64;
}

/// One first-order lag.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LaggedBearing {
    temp_c: f64,
}

impl BearingModel for LaggedBearing {
    fn settled(load: &BearingLoad) -> Self {
        Self { temp_c: load.target_c }
    }

    fn step(&mut self, dt_secs: f64, load: &BearingLoad) {
        self.temp_c += (load.target_c - self.temp_c) * dt_secs / (load.lag_secs + dt_secs);
    }

    fn temp_c(&self) -> f64 {
        self.temp_c
    }
}
