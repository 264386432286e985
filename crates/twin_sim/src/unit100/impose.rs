//! The shadow: valves, drives and instrument air as measured.

use super::Unit100;
use super::plant::{FAN_RUN, P101_RATED_RPM, P101_RUN, P102_RUN, P201_RUN};
use crate::air::CompressorState;
use crate::command::{DriveState, Mode, UnitState};
use crate::control::LOOPS;
use crate::pump::{MotorDrive, RunData};
use crate::{Measured, STEP_SECS, Structure, at};

impl<S: Structure> Unit100<S> {
    /// Adopts the measured positions, states and speeds; what has no reading stays as it is.
    pub(super) fn impose(&mut self, measured: &Measured) {
        let known = |index: usize| Some(measured.get(index)).filter(|value| value.is_finite());
        for (valve, index) in [
            (&mut self.fv101, at::ZT_111),
            (&mut self.lv101, at::ZT_112),
            (&mut self.tv101, at::ZT_114),
            (&mut self.pv103a, at::ZT_113A),
            (&mut self.pv103b, at::ZT_113B),
            (&mut self.lv201, at::ZT_211),
        ] {
            if let Some(position) = known(index) {
                valve.place(position.clamp(0.0, 100.0));
            }
        }
        for (pump, drive) in self.p101.iter_mut().enumerate() {
            let shift = pump * (at::XS_101B - at::XS_101A);
            let speed = known(shift + at::SI_101A).map(|rpm| rpm / P101_RATED_RPM);
            let demand = drive.speed;
            impose_drive(drive, known(shift + at::XS_101A), speed, demand, &P101_RUN);
        }
        // An isolation seen on the plant must still hold after a take-over.
        self.parameters.p101a_isolated = flag(self.p101[0].state == DriveState::Isolated);
        self.parameters.p101b_isolated = flag(self.p101[1].state == DriveState::Isolated);
        impose_drive(&mut self.p102, known(at::XS_102), None, 1.0, &P102_RUN);
        for (drive, state) in self.p201.iter_mut().zip([at::XS_201A, at::XS_201B]) {
            impose_drive(drive, known(state), None, 1.0, &P201_RUN);
        }
        self.parameters.p201b_isolated = flag(self.p201[1].state == DriveState::Isolated);
        let demand = self.fan.speed;
        impose_drive(&mut self.fan, known(at::XS_221), known(at::SI_201).map(|pct| pct / 100.0), demand, &FAN_RUN);
        if let Some(state) = known(at::XS_301).and_then(CompressorState::from_number) {
            self.air.compressor = state;
        }
        if let Some(open) = known(at::ZS_303) {
            self.air.plant_air_open = open > 0.5;
        }
        if let Some(conductivity) = known(at::AT_201) {
            self.basin_us_cm = conductivity.max(0.0);
        }
        if let Some(state) = known(at::XS_100).and_then(UnitState::from_number)
            && state != self.sequence.state
        {
            self.sequence.enter(state);
        }
        self.adopt_loops(measured);
    }

    /// Set point, output and mode of every loop as recorded; the integral follows.
    pub(super) fn adopt_loops(&mut self, measured: &Measured) {
        let inputs = self.loop_inputs();
        for (index, state) in self.loops.iter_mut().enumerate() {
            let base = at::FIC_101_SP + 3 * index;
            state.setpoint = measured.or(base, state.setpoint);
            if let Some(mode) = Mode::from_number(measured.get(base + 2)) {
                state.mode = mode;
            }
            let output = measured.or(base + 1, state.output_pct);
            state.track(&LOOPS[index], inputs[index], output);
        }
    }
}

fn flag(on: bool) -> f64 {
    if on { 1.0 } else { 0.0 }
}

fn impose_drive(drive: &mut MotorDrive, state: Option<f64>, speed: Option<f64>, demand: f64, data: &RunData) {
    if let Some(state) = state.and_then(DriveState::from_number) {
        drive.state = state;
    }
    match speed {
        Some(speed) => drive.speed = speed.clamp(0.0, 1.1),
        None => {
            let state = drive.state;
            drive.step(STEP_SECS, demand, data);
            // The state is the plant's, however fast its own run-up was.
            drive.state = state;
        }
    }
}
