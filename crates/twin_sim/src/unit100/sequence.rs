//! States of the unit and its START and STOP sequences.

use serde::{Deserialize, Serialize};

use super::Unit100;
use super::scan::Eyes;
use crate::command::{Mode, UnitState};
use crate::control::{FIC_101, LIC_100, LIC_101, PIC_101, TIC_101, TIC_201};
use crate::{STEP_SECS, Structure, at};

/// Where the unit is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Sequence {
    pub state: UnitState,
    /// Step of START, from 1.
    pub step: u8,
    /// Time in this step, s.
    pub step_secs: f64,
    /// Time the end condition of START has held, s.
    pub held_secs: f64,
}

/// Longest stay in one step of START, s; steps 6 and 7 take longer.
const STEP_TIMEOUT_SECS: f64 = 120.0;
const LONG_TIMEOUT_SECS: f64 = 1200.0;
/// The flow from which START opens FV-101, m³/h.
const FIRST_FLOW_M3_H: f64 = 30.0;

impl Sequence {
    pub fn in_state(state: UnitState) -> Self {
        Self { state, step: 1, step_secs: 0.0, held_secs: 0.0 }
    }

    pub fn enter(&mut self, state: UnitState) {
        *self = Self::in_state(state);
    }

    fn advance(&mut self) {
        self.step += 1;
        self.step_secs = 0.0;
        self.held_secs = 0.0;
    }

    /// The state keeps FV-101 shut.
    pub fn feed_shut(&self) -> bool {
        match self.state {
            UnitState::Off | UnitState::Hold | UnitState::Trip => true,
            UnitState::Start => self.step < 5,
            UnitState::Stop => self.step > 1,
            UnitState::Run => false,
        }
    }

    /// The state keeps LV-101 shut.
    pub fn product_shut(&self) -> bool {
        matches!(self.state, UnitState::Off | UnitState::Hold)
    }
}

impl<S: Structure> Unit100<S> {
    pub(super) fn scan_sequence(&mut self, eyes: &Eyes<'_>) {
        self.sequence.step_secs += STEP_SECS;
        match self.sequence.state {
            UnitState::Start => self.scan_start(eyes),
            UnitState::Stop => self.scan_stop(eyes),
            UnitState::Off | UnitState::Run | UnitState::Hold | UnitState::Trip => {}
        }
    }

    fn scan_start(&mut self, eyes: &Eyes<'_>) {
        let read = |index: usize| eyes.read(&self.values, index);
        let level = read(at::LT_101);
        let feed_level = read(at::LT_100);
        let now = self.elapsed_secs();
        let loops = &mut self.loops;
        match self.sequence.step {
            1 => {
                let cooling = self.p201.iter().any(|drive| drive.is_on());
                loops[TIC_201].mode = Mode::Auto;
                let ready = cooling && read(at::PT_302) > 5.0 && read(at::LT_201) > 40.0 && read(at::TT_201) < 32.0;
                if ready {
                    self.sequence.advance();
                }
            }
            2 => {
                if (0.4..=0.6).contains(&read(at::PT_103)) && feed_level > 30.0 && level > 10.0 {
                    self.sequence.advance();
                }
            }
            3 => {
                if !self.any_p101_on() {
                    self.loops[PIC_101].output_pct = 60.0;
                    self.loops[PIC_101].setpoint = 2.8;
                    self.loops[PIC_101].mode = Mode::Auto;
                    self.start_first_stopped_p101();
                } else if read(at::PT_101) > 2.5 {
                    self.sequence.advance();
                }
            }
            4 => {
                loops[TIC_101].mode = Mode::Auto;
                loops[TIC_101].setpoint = 40.0;
                self.sequence.advance();
            }
            5 => {
                loops[FIC_101].mode = Mode::Auto;
                loops[FIC_101].setpoint = FIRST_FLOW_M3_H;
                self.sequence.advance();
            }
            6 => {
                if level > 40.0 {
                    self.p102.start(now);
                    loops[LIC_101].mode = Mode::Auto;
                    loops[LIC_101].setpoint = 50.0;
                    self.sequence.advance();
                }
            }
            7 => {
                let setpoint = loops[FIC_101].setpoint + 5.0 / 60.0 * STEP_SECS;
                loops[FIC_101].setpoint = setpoint.min(90.0);
                if setpoint >= 90.0 {
                    self.sequence.advance();
                }
            }
            8 => {
                if (45.0..=65.0).contains(&feed_level) {
                    loops[LIC_100].mode = Mode::Auto;
                    loops[FIC_101].mode = Mode::Cas;
                }
                self.sequence.advance();
            }
            _ => {
                let steady = (read(at::TT_101) - 40.0).abs() < 1.0 && (45.0..=70.0).contains(&level);
                self.sequence.held_secs = if steady { self.sequence.held_secs + STEP_SECS } else { 0.0 };
                if self.sequence.held_secs >= 60.0 {
                    self.sequence.enter(UnitState::Run);
                }
                return;
            }
        }
        let timeout = if matches!(self.sequence.step, 6 | 7) { LONG_TIMEOUT_SECS } else { STEP_TIMEOUT_SECS };
        if self.sequence.state == UnitState::Start && self.sequence.step_secs > timeout {
            self.sequence.enter(UnitState::Hold);
        }
    }

    fn scan_stop(&mut self, eyes: &Eyes<'_>) {
        let read = |index: usize| eyes.read(&self.values, index);
        match self.sequence.step {
            1 => {
                let flow = read(at::FT_101);
                let fic = &mut self.loops[FIC_101];
                if fic.mode != Mode::Auto {
                    fic.mode = Mode::Auto;
                }
                fic.setpoint = (fic.setpoint - 10.0 / 60.0 * STEP_SECS).max(0.0);
                if flow < 20.0 {
                    for drive in &mut self.p101 {
                        drive.stop();
                    }
                    self.loops[LIC_101].setpoint = 30.0;
                    self.sequence.advance();
                }
            }
            _ => {
                if read(at::LT_101) < 31.0 || !self.p102.is_on() {
                    self.p102.stop();
                    self.sequence.enter(UnitState::Off);
                }
            }
        }
    }
}
