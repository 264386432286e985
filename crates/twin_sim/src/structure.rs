//! Plug points: the parts whose inner structure may differ between two simulations of the same plant.

use core::fmt::Debug;

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{BearingModel, ExchangerModel, LaggedBearing, NtuExchanger};

/// Chooses the models of the parts that a plant and its twin describe differently.
pub trait Structure: Clone + Debug + PartialEq + Send + Sync + Serialize + DeserializeOwned + 'static {
    /// Model of the cooler E-101.
    type Exchanger: ExchangerModel;
    /// Model of every bearing temperature.
    type Bearing: BearingModel;
}

/// The structure of the twin: an effectiveness model with lags for the cooler, one lag for a bearing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TwinStructure;

impl Structure for TwinStructure {
    type Exchanger = NtuExchanger;
    type Bearing = LaggedBearing;
}
