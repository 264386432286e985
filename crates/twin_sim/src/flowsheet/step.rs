//! One step of a plant.

use super::circuit::Outcome;
use super::plant::Plant;
use super::state::State;

/// The flows did not settle within the iterations allowed; those of the last iteration stand.
pub const FLOWS_UNSETTLED: u32 = 1;
/// A flow was asked of a part that nothing feeds; it was not delivered.
pub const FLOW_INFEASIBLE: u32 = 2;

impl Plant {
    /// Advances by one step.
    pub fn step(&self, state: &mut State) {
        let trouble = self.with_bench(state, |bench, (circuit, route)| {
            for component in &self.components {
                component.act(bench);
            }
            let outcome = self.circuit.solve(&self.components, bench, circuit);
            self.circuit.carry(&self.components, bench, route);
            self.circuit.store(&self.components, bench);
            for component in &self.components {
                component.report(bench);
            }
            match outcome {
                Outcome::Settled => 0,
                Outcome::Unsettled => FLOWS_UNSETTLED,
                Outcome::Infeasible => FLOW_INFEASIBLE,
            }
        });
        state.trouble = trouble;
        state.steps += 1;
        self.write_tags(&mut state.points);
    }
}
