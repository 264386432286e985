//! Compressor K-301, receiver V-301, dryer D-301 and the instrument air header.

use serde::{Deserialize, Serialize};

/// State of K-301, numbered as in XS-301.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CompressorState {
    /// 0: at rest.
    Stopped,
    /// 1: running without delivery.
    Unloaded,
    /// 2: delivering.
    Loaded,
    /// 3: tripped, waits for a reset.
    Tripped,
}

impl CompressorState {
    /// Number used by XS-301.
    pub fn number(self) -> f64 {
        f64::from(self as u8)
    }

    /// The state of an XS-301 reading.
    pub fn from_number(number: f64) -> Option<Self> {
        [Self::Stopped, Self::Unloaded, Self::Loaded, Self::Tripped].into_iter().find(|state| state.number() == number)
    }

    /// True while the motor runs.
    pub fn is_on(self) -> bool {
        matches!(self, Self::Unloaded | Self::Loaded)
    }
}

/// Receiver volume with piping, m³.
const RECEIVER_M3: f64 = 2.5;
/// Delivery when loaded, Nm³/h.
const DELIVERY_NM3_H: f64 = 196.0;
/// Pressures between which K-301 loads and unloads, barg.
const LOAD_BARG: f64 = 6.6;
const UNLOAD_BARG: f64 = 7.4;
/// Set point of PCV-302, barg.
const HEADER_BARG: f64 = 5.5;
/// Loss over dryer and filter, bar.
pub const DRYER_BAR: f64 = 0.25;
const ATM_BAR: f64 = 1.01325;
/// Nm³ held by the receiver per bar, at 20 °C.
const NM3_PER_BAR: f64 = RECEIVER_M3 / ATM_BAR * 273.15 / 293.15;

/// Conditions during one step.
#[derive(Clone, Copy, Debug)]
pub struct AirConditions {
    /// Factor on the instrument air demand.
    pub base_demand_factor: f64,
    /// Leak of the ring at 5.5 barg, Nm³/h.
    pub leak_nm3_h: f64,
    /// HV-305 to the site ring open.
    pub site_supply: bool,
    /// Ambient temperature, °C.
    pub ambient_c: f64,
    /// Cooling water temperature, °C.
    pub cooling_water_c: f64,
    /// Cooling water through the compressor cooler, m³/h.
    pub cooling_water_m3_h: f64,
}

/// State of the air system.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct AirSystem {
    /// State of K-301.
    pub compressor: CompressorState,
    /// Pressure of V-301 (PT-301), barg.
    pub receiver_barg: f64,
    /// Pressure of the instrument air header (PT-302), barg.
    pub header_barg: f64,
    /// XV-303 to the plant air open.
    pub plant_air_open: bool,
    /// Instrument air flow (FT-302), Nm³/h.
    pub instrument_nm3_h: f64,
    /// Share of time loaded, average of 15 min.
    pub load_fraction: f64,
    /// Discharge temperature (TT-301), °C.
    pub discharge_c: f64,
    /// Dew point after the dryer (MT-302), °C.
    pub dew_point_c: f64,
}

impl AirSystem {
    /// The air system in normal operation, just loading.
    pub fn normal() -> Self {
        Self {
            compressor: CompressorState::Loaded,
            receiver_barg: 6.7,
            header_barg: HEADER_BARG,
            plant_air_open: true,
            instrument_nm3_h: 25.0,
            load_fraction: 0.587,
            discharge_c: 82.2,
            dew_point_c: -42.0,
        }
    }

    /// Trips K-301.
    pub fn trip(&mut self) {
        if self.compressor.is_on() {
            self.compressor = CompressorState::Tripped;
        }
    }

    /// Package power, kW.
    pub fn power_kw(&self) -> f64 {
        match self.compressor {
            CompressorState::Loaded => 24.5,
            CompressorState::Unloaded => 8.2,
            CompressorState::Stopped | CompressorState::Tripped => 0.0,
        }
    }

    /// Heat given to the cooling water, W.
    pub fn cooler_w(&self) -> f64 {
        830.0 * self.power_kw()
    }

    /// PSC-301 and the auto-reset of I-110.
    pub fn control(&mut self, receiver_barg: f64) {
        self.compressor = match self.compressor {
            CompressorState::Unloaded if receiver_barg < LOAD_BARG => CompressorState::Loaded,
            CompressorState::Loaded if receiver_barg > UNLOAD_BARG => CompressorState::Unloaded,
            state => state,
        };
        self.plant_air_open = receiver_barg > if self.plant_air_open { 5.6 } else { 6.4 };
    }

    /// Integrates `dt_secs`. With `imposed_header_barg` the header follows that reading, and the receiver is kept within
    /// what the reading and the compressor's state allow.
    pub fn step(&mut self, dt_secs: f64, conditions: &AirConditions, imposed_header_barg: Option<f64>) {
        let header = (self.header_barg + ATM_BAR) / (HEADER_BARG + ATM_BAR);
        self.instrument_nm3_h = (25.0 * conditions.base_demand_factor + conditions.leak_nm3_h) * header;
        let purge = 29.0 * (self.receiver_barg + ATM_BAR) / (7.0 + ATM_BAR);
        let plant = if self.plant_air_open { 60.0 } else { 0.0 };
        let loaded = self.compressor == CompressorState::Loaded;
        let delivery = if loaded { DELIVERY_NM3_H } else { 0.0 };
        let demand = self.instrument_nm3_h + plant + purge;
        // The site ring holds 5.0 barg and gives up to 150 Nm³/h.
        let site = if conditions.site_supply { 150.0 * ((5.0 - self.receiver_barg) / 0.3).clamp(0.0, 1.0) } else { 0.0 };
        let net = delivery + site - demand;
        self.receiver_barg = (self.receiver_barg + net * dt_secs / 3600.0 / NM3_PER_BAR).max(0.0);
        match imposed_header_barg {
            None => self.header_barg = HEADER_BARG.min(self.receiver_barg - DRYER_BAR).max(0.0),
            Some(reading) => {
                self.header_barg = reading.clamp(0.0, 10.0);
                self.receiver_barg = if self.header_barg > HEADER_BARG - 0.05 {
                    self.receiver_barg.clamp(HEADER_BARG + DRYER_BAR, UNLOAD_BARG)
                } else {
                    self.header_barg + DRYER_BAR
                };
            }
        }

        let on = self.compressor.is_on();
        let share = |lag_secs: f64| dt_secs / (lag_secs + dt_secs);
        self.load_fraction += (if loaded { 1.0 } else { 0.0 } - self.load_fraction) * share(900.0);
        let warm = 0.8 * (conditions.ambient_c - 22.0).max(0.0)
            + 0.8 * (conditions.cooling_water_c - 26.0).max(0.0)
            + if conditions.cooling_water_m3_h < 0.5 { 20.0 } else { 0.0 };
        let target = match (on, loaded) {
            (true, true) => 88.0 + warm,
            (true, false) => 74.0 + warm,
            _ => conditions.ambient_c,
        };
        self.discharge_c += (target - self.discharge_c) * share(300.0);
        let throughput = self.instrument_nm3_h + plant + purge;
        self.dew_point_c += (-42.0 + 0.35 * (throughput - 120.0).max(0.0) - self.dew_point_c) * share(600.0);
    }
}
