//! The hidden plant: parameters nobody told the twin, and a structure its model does not have.

use serde::{Deserialize, Serialize};
use twin_sim::exchanger::{AREA_M2, overall_coefficient_w_m2_k};
use twin_sim::water::{CONDENSATE_CP_J_KG_K, COOLING_CP_J_KG_K};
use twin_sim::{BearingLoad, BearingModel, ExchangerModel, ExchangerOutlets, ExchangerParameters, ExchangerStreams, Parameters, Structure};

use crate::random::Random;

/// The plant as it really is: a cooler in cells with steel between its streams, bearings with two thermal nodes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HiddenStructure;

impl Structure for HiddenStructure {
    type Exchanger = CellExchanger;
    type Bearing = TwoNodeBearing;
}

const CELLS: usize = 10;
const PASSES: usize = 2;
/// Heat capacity of the 2.9 t of steel, J/K.
const STEEL_J_K: f64 = 2900.0 * 480.0;
/// Water held in the shell between the tubes and in the tubes, kg.
const SHELL_HOLDUP_KG: f64 = 1650.0;
const TUBE_HOLDUP_KG: f64 = 460.0;

/// E-101 along its length: ten shell cells, two tube passes of ten cells, and the steel between them.
///
/// Cell 0 lies at the shell inlet. The cooling water enters at the shell outlet, runs up the first pass and back down
/// the second. Heat transfer uses the mean of a cell's inlet and outlet, so that the settled cooler has the
/// effectiveness of its overall coefficient and only its dynamics differ from the twin's.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CellExchanger {
    shell_c: [f64; CELLS],
    tube_c: [[f64; CELLS]; PASSES],
    steel_c: [[f64; CELLS]; PASSES],
}

/// Conductances of one step, W/K, per steel node.
struct Conductances {
    shell_w_k: f64,
    tube_w_k: f64,
}

impl CellExchanger {
    fn conductances(&self, streams: &ExchangerStreams, parameters: &ExchangerParameters) -> Conductances {
        let total = 1.0 / overall_coefficient_w_m2_k(streams, self.tube_c[1][CELLS - 1], parameters);
        let shell = 1.0 / (parameters.u_factor * 2600.0 * libm::pow(streams.shell_kg_s.max(0.05) / 24.8, 0.6));
        let node_m2 = AREA_M2 / (CELLS * PASSES) as f64;
        // The steel sits between the shell film and everything on the tube side.
        Conductances { shell_w_k: node_m2 / shell, tube_w_k: node_m2 / (total - shell).max(0.05 * total) }
    }
}

/// Pass and cell in the order the cooling water meets them.
fn along_the_tubes() -> impl Iterator<Item = (usize, usize)> {
    (0..CELLS).rev().map(|index| (0, index)).chain((0..CELLS).map(|index| (1, index)))
}

/// One cell of fluid, implicit in its outlet. Returns the new outlet and the mean that drives heat transfer.
fn cell(old_c: f64, in_c: f64, steel_c: f64, flow_w_k: f64, steel_w_k: f64, holdup_w_k: f64) -> (f64, f64) {
    // At small flow the inlet may not count for more than it carries.
    let inlet_share = if flow_w_k < 0.5 * steel_w_k { flow_w_k / steel_w_k } else { 0.5 };
    let outlet_share = 1.0 - inlet_share;
    let gains = holdup_w_k * old_c + (flow_w_k - inlet_share * steel_w_k) * in_c + steel_w_k * steel_c;
    let out_c = gains / (holdup_w_k + flow_w_k + outlet_share * steel_w_k);
    (out_c, inlet_share * in_c + outlet_share * out_c)
}

impl ExchangerModel for CellExchanger {
    fn settled(streams: &ExchangerStreams, parameters: &ExchangerParameters) -> Self {
        let start_c = if streams.shell_kg_s > 0.0 { 0.5 * (streams.shell_in_c + streams.tube_in_c) } else { streams.tube_in_c };
        let mut state = Self { shell_c: [start_c; CELLS], tube_c: [[start_c; CELLS]; PASSES], steel_c: [[start_c; CELLS]; PASSES] };
        for _ in 0..5000 {
            let before = state.outlets();
            state.step(20.0, streams, parameters);
            let after = state.outlets();
            if (after.shell_c - before.shell_c).abs() + (after.tube_c - before.tube_c).abs() < 1e-9 {
                break;
            }
        }
        state
    }

    fn step(&mut self, dt_secs: f64, streams: &ExchangerStreams, parameters: &ExchangerParameters) {
        let conductances = self.conductances(streams, parameters);
        let mut shell_mean_c = [0.0; CELLS];
        let mut tube_mean_c = [[0.0; CELLS]; PASSES];

        let shell_holdup = SHELL_HOLDUP_KG * CONDENSATE_CP_J_KG_K / CELLS as f64 / dt_secs;
        let mut inlet_c = streams.shell_in_c;
        for (index, (shell_c, mean_c)) in self.shell_c.iter_mut().zip(&mut shell_mean_c).enumerate() {
            let steel_c = 0.5 * (self.steel_c[0][index] + self.steel_c[1][index]);
            let both_passes = 2.0 * conductances.shell_w_k;
            let flow_w_k = streams.shell_kg_s * CONDENSATE_CP_J_KG_K;
            (*shell_c, *mean_c) = cell(*shell_c, inlet_c, steel_c, flow_w_k, both_passes, shell_holdup);
            inlet_c = *shell_c;
        }

        let tube_holdup = TUBE_HOLDUP_KG * COOLING_CP_J_KG_K / (CELLS * PASSES) as f64 / dt_secs;
        inlet_c = streams.tube_in_c;
        for (pass, index) in along_the_tubes() {
            let tube_c = &mut self.tube_c[pass][index];
            let flow_w_k = streams.tube_kg_s * COOLING_CP_J_KG_K;
            (*tube_c, tube_mean_c[pass][index]) =
                cell(*tube_c, inlet_c, self.steel_c[pass][index], flow_w_k, conductances.tube_w_k, tube_holdup);
            inlet_c = *tube_c;
        }

        let steel = STEEL_J_K / (CELLS * PASSES) as f64 / dt_secs;
        for (pass, index) in along_the_tubes() {
            let heat = conductances.shell_w_k * shell_mean_c[index] + conductances.tube_w_k * tube_mean_c[pass][index];
            let steel_c = &mut self.steel_c[pass][index];
            *steel_c = (steel * *steel_c + heat) / (steel + conductances.shell_w_k + conductances.tube_w_k);
        }
    }

    fn outlets(&self) -> ExchangerOutlets {
        ExchangerOutlets { shell_c: self.shell_c[CELLS - 1], tube_c: self.tube_c[1][CELLS - 1] }
    }
}

/// A bearing as a small warm ring in a large housing; the sensor feels mostly the housing.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TwoNodeBearing {
    ring_c: f64,
    housing_c: f64,
}

impl TwoNodeBearing {
    const RING_LAG_SHARE: f64 = 0.15;
    const HOUSING_LAG_SHARE: f64 = 0.85;
    const RING_AT_SENSOR: f64 = 0.3;
}

impl BearingModel for TwoNodeBearing {
    fn settled(load: &BearingLoad) -> Self {
        Self { ring_c: load.target_c, housing_c: load.target_c }
    }

    fn step(&mut self, dt_secs: f64, load: &BearingLoad) {
        let ring_lag = Self::RING_LAG_SHARE * load.lag_secs;
        let housing_lag = Self::HOUSING_LAG_SHARE * load.lag_secs;
        self.ring_c += (load.target_c - self.ring_c) * dt_secs / (ring_lag + dt_secs);
        self.housing_c += (self.ring_c - self.housing_c) * dt_secs / (housing_lag + dt_secs);
    }

    fn temp_c(&self) -> f64 {
        Self::RING_AT_SENSOR * self.ring_c + (1.0 - Self::RING_AT_SENSOR) * self.housing_c
    }
}

/// Random numbers of the drawn parameters.
const PURPOSE: u64 = 0x91A7;

/// A plant exactly as in its data sheets, apart from its structure.
pub fn nominal_parameters(seed: u64) -> Parameters {
    Parameters { scatter: 1.0, seed: (seed & 0xFFFF_FFFF) as f64, ..Parameters::default() }
}

/// The plant of one seed: worn, fouled and built with the tolerances of a real one.
pub fn drawn_parameters(seed: u64) -> Parameters {
    let mut random = Random::new(seed, PURPOSE);
    // Cut at 2.5 standard deviations: every seed gives a plant that can run its whole load range.
    let mut about = |mean: f64, deviation: f64| mean + deviation * random.normal().clamp(-2.5, 2.5);
    let heads = [about(0.985, 0.010), about(0.985, 0.010)];
    let efficiencies = [about(0.97, 0.01), about(0.97, 0.01)];
    let u_factor = about(1.00, 0.05);
    let mut within = |centre: f64, share: f64| centre * random.uniform(1.0 - share, 1.0 + share);
    let valves = [within(1.0, 0.04), within(1.0, 0.04), within(1.0, 0.04)];
    let tower_coefficient = within(1.85, 0.06);
    let (line, tank, air) = (within(1.0, 0.10), within(1.0, 0.10), within(1.0, 0.10));
    Parameters {
        p101a_head_factor: heads[0],
        p101b_head_factor: heads[1],
        p101a_efficiency_factor: efficiencies[0],
        p101b_efficiency_factor: efficiencies[1],
        e101_u_factor: u_factor,
        e101_fouling_m2k_w: random.uniform(0.8e-4, 1.3e-4),
        fv101_kvs_factor: valves[0],
        lv101_kvs_factor: valves[1],
        tv101_kvs_factor: valves[2],
        tower_coefficient,
        line_friction_factor: line,
        tk101_loss_factor: tank,
        air_base_demand_factor: air,
        p101a_check_valve_leak_m3_h: random.uniform(0.0, 1.0),
        p101b_check_valve_leak_m3_h: random.uniform(0.0, 1.0),
        ..nominal_parameters(seed)
    }
}
