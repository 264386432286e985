//! The inside of a heat exchanger in cells: one shell pass and two tube passes with steel between them.

use crate::flowsheet::component::{Bench, Seat};

/// Cells along the shell, and along each pass of the tubes.
const CELLS: usize = 10;
const PASSES: usize = 2;
/// Numbers it keeps: shell, tubes, steel.
pub(super) const STATES: usize = CELLS * (1 + 2 * PASSES);

/// One stream during a step.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stream {
    /// Temperature it enters with, K.
    pub in_k: f64,
    /// Flow times heat capacity, W/K.
    pub flow_w_k: f64,
    /// Heat capacity of what it holds, J/K.
    pub holds_j_k: f64,
}

/// What is between the streams.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wall {
    /// From the shell stream to all the steel, W/K.
    pub shell_w_k: f64,
    /// From all the steel to the tube stream, W/K.
    pub tube_w_k: f64,
    /// Heat capacity of the steel, J/K.
    pub steel_j_k: f64,
}

/// The temperatures of one exchanger, in the states of its seat from `first` on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cells<'a> {
    pub seat: &'a Seat,
    pub first: usize,
}

impl Cells<'_> {
    fn shell(&self, cell: usize) -> usize {
        self.first + cell
    }

    fn tube(&self, pass: usize, cell: usize) -> usize {
        self.first + CELLS * (1 + pass) + cell
    }

    fn steel(&self, pass: usize, cell: usize) -> usize {
        self.first + CELLS * (1 + PASSES + pass) + cell
    }

    /// Everything at one temperature, K.
    pub fn start(&self, bench: &mut Bench, temp_k: f64) {
        (0..STATES).for_each(|index| self.seat.set_x(bench, self.first + index, temp_k));
    }

    /// Temperatures of the two outlets, K: shell, tubes.
    pub fn outlets_k(&self, bench: &Bench) -> (f64, f64) {
        (self.seat.x(bench, self.shell(CELLS - 1)), self.seat.x(bench, self.tube(PASSES - 1, CELLS - 1)))
    }

    /// One step. Cell 0 lies at the shell inlet; the tube stream enters at the shell outlet, runs up the first pass and
    /// back down the second. Heat goes by the mean of a cell's inlet and outlet, so that the settled exchanger has the
    /// effectiveness of its overall coefficient.
    pub fn step(&self, bench: &mut Bench, shell: Stream, tube: Stream, wall: Wall) {
        let nodes = (CELLS * PASSES) as f64;
        let (shell_w_k, tube_w_k) = (wall.shell_w_k / nodes, wall.tube_w_k / nodes);
        let dt_secs = bench.dt_secs;
        let mut shell_mean_k = [0.0; CELLS];
        let mut inlet_k = shell.in_k;
        for (cell, mean_k) in shell_mean_k.iter_mut().enumerate() {
            let steel_k = 0.5 * (self.seat.x(bench, self.steel(0, cell)) + self.seat.x(bench, self.steel(1, cell)));
            let held_w_k = shell.holds_j_k / CELLS as f64 / dt_secs;
            let old_k = self.seat.x(bench, self.shell(cell));
            let (out_k, mean) = pass(old_k, inlet_k, steel_k, shell.flow_w_k, 2.0 * shell_w_k, held_w_k);
            self.seat.set_x(bench, self.shell(cell), out_k);
            (*mean_k, inlet_k) = (mean, out_k);
        }
        let mut tube_mean_k = [[0.0; CELLS]; PASSES];
        inlet_k = tube.in_k;
        let up = (0..CELLS).rev().map(|cell| (0, cell));
        for (pass_index, cell) in up.chain((0..CELLS).map(|cell| (1, cell))) {
            let steel_k = self.seat.x(bench, self.steel(pass_index, cell));
            let held_w_k = tube.holds_j_k / nodes / dt_secs;
            let old_k = self.seat.x(bench, self.tube(pass_index, cell));
            let (out_k, mean) = pass(old_k, inlet_k, steel_k, tube.flow_w_k, tube_w_k, held_w_k);
            self.seat.set_x(bench, self.tube(pass_index, cell), out_k);
            (tube_mean_k[pass_index][cell], inlet_k) = (mean, out_k);
        }
        let steel_w_k = wall.steel_j_k / nodes / dt_secs;
        for (pass_index, means_k) in tube_mean_k.iter().enumerate() {
            for (cell, (tube_k, shell_k)) in means_k.iter().zip(&shell_mean_k).enumerate() {
                let index = self.steel(pass_index, cell);
                let heat_w = steel_w_k * self.seat.x(bench, index) + shell_w_k * shell_k + tube_w_k * tube_k;
                self.seat.set_x(bench, index, heat_w / (steel_w_k + shell_w_k + tube_w_k));
            }
        }
    }
}

/// One cell of liquid along steel, implicit in its outlet: its outlet, and the mean that drives the heat, K.
fn pass(old_k: f64, in_k: f64, steel_k: f64, flow_w_k: f64, steel_w_k: f64, held_w_k: f64) -> (f64, f64) {
    // A small flow's inlet may not count for more than it carries.
    let inlet_share = if flow_w_k < 0.5 * steel_w_k { flow_w_k / steel_w_k } else { 0.5 };
    let outlet_share = 1.0 - inlet_share;
    let gains = held_w_k * old_k + (flow_w_k - inlet_share * steel_w_k) * in_k + steel_w_k * steel_k;
    let out_k = gains / (held_w_k + flow_w_k + outlet_share * steel_w_k);
    (out_k, inlet_share * in_k + outlet_share * out_k)
}
