//! Requests of an operator.

use super::Unit100;
use crate::Structure;
use crate::air::CompressorState;
use crate::command::{Command, DriveState, Mode, Refusal, UnitCommand, UnitState};
use crate::control::{FIC_101, LIC_101, LOOPS, loop_index};
use crate::interlock::{I_101, I_102, I_103, I_109, I_111, INTERLOCK_COUNT, INTERLOCK_TAGS, Interlocks};
use crate::pump::MotorDrive;

/// Largest step of a set point per request, as a share of the span.
const SETPOINT_STEP: f64 = 0.1;

impl<S: Structure> Unit100<S> {
    /// Carries out a request of an operator. A refused request leaves the plant as it is.
    pub fn command(&mut self, command: &Command) -> Result<(), Refusal> {
        match command {
            Command::SetMode { loop_, mode } => self.set_mode(find_loop(loop_)?, *mode),
            Command::SetSetpoint { loop_, value } => self.set_setpoint(find_loop(loop_)?, *value),
            Command::SetOutput { loop_, value } => self.set_output(find_loop(loop_)?, *value),
            Command::Start { drive } => self.start_drive(drive),
            Command::Stop { drive } => self.stop_drive(drive),
            Command::Reset { target } => self.reset(target),
            Command::Bypass { interlock, active } => {
                let index = Interlocks::index(interlock).ok_or_else(|| Refusal::Unknown(interlock.clone()))?;
                self.interlocks.bypass(index, *active);
                Ok(())
            }
            Command::Unit(request) => self.request_unit(*request),
            Command::DrainVentPot => {
                self.drum.vent_pot_m3 = 0.0;
                Ok(())
            }
        }
    }

    fn set_mode(&mut self, index: usize, mode: Mode) -> Result<(), Refusal> {
        if mode == Mode::Cas && index != FIC_101 {
            return Err(Refusal::WrongMode);
        }
        let inputs = self.loop_inputs();
        let state = &mut self.loops[index];
        state.mode = mode;
        let output = state.output_pct;
        state.track(&LOOPS[index], inputs[index], output);
        Ok(())
    }

    fn set_setpoint(&mut self, index: usize, value: f64) -> Result<(), Refusal> {
        let data = &LOOPS[index];
        within(value, data.setpoint)?;
        let state = &mut self.loops[index];
        if state.mode == Mode::Cas {
            return Err(Refusal::WrongMode);
        }
        if (value - state.setpoint).abs() > SETPOINT_STEP * data.span + 1e-9 {
            return Err(Refusal::StepTooLarge);
        }
        state.setpoint = value;
        Ok(())
    }

    fn set_output(&mut self, index: usize, value: f64) -> Result<(), Refusal> {
        let data = &LOOPS[index];
        within(value, data.output_pct)?;
        if self.loops[index].mode != Mode::Man {
            return Err(Refusal::WrongMode);
        }
        self.loops[index].output_pct = value;
        Ok(())
    }

    fn start_drive(&mut self, tag: &str) -> Result<(), Refusal> {
        let now = self.elapsed_secs();
        if tag == "K-301" {
            if self.air.compressor != CompressorState::Stopped {
                return Err(Refusal::NotPermitted("K-301 is not stopped".to_owned()));
            }
            self.air.compressor = CompressorState::Loaded;
            return Ok(());
        }
        let forbidden = match tag {
            "P-101A" | "P-101B" => [I_101, I_102, I_109].as_slice(),
            "P-102" => [I_103, I_109, I_111].as_slice(),
            _ => [].as_slice(),
        };
        if let Some(&index) = forbidden.iter().find(|&&index| self.interlocks.is_latched(index)) {
            return Err(Refusal::NotPermitted(format!("{} is latched", INTERLOCK_TAGS[index])));
        }
        let drive = self.drive_mut(tag)?;
        if !matches!(drive.state, DriveState::Stopped | DriveState::Stopping) {
            return Err(Refusal::NotPermitted(format!("{tag} is not stopped and ready")));
        }
        if !drive.may_start(now) {
            return Err(Refusal::TooManyStarts);
        }
        drive.start(now);
        Ok(())
    }

    fn stop_drive(&mut self, tag: &str) -> Result<(), Refusal> {
        if tag == "K-301" {
            if self.air.compressor.is_on() {
                self.air.compressor = CompressorState::Stopped;
            }
            return Ok(());
        }
        self.drive_mut(tag)?.stop();
        Ok(())
    }

    fn drive_mut(&mut self, tag: &str) -> Result<&mut MotorDrive, Refusal> {
        match tag {
            "P-101A" => Ok(&mut self.p101[0]),
            "P-101B" => Ok(&mut self.p101[1]),
            "P-102" => Ok(&mut self.p102),
            "P-201A" => Ok(&mut self.p201[0]),
            "P-201B" => Ok(&mut self.p201[1]),
            "FAN" | "CT-201" => Ok(&mut self.fan),
            _ => Err(Refusal::Unknown(tag.to_owned())),
        }
    }

    fn reset(&mut self, tag: &str) -> Result<(), Refusal> {
        if let Some(index) = Interlocks::index(tag) {
            return if self.interlocks.reset(index) { Ok(()) } else { Err(Refusal::CausePresent(tag.to_owned())) };
        }
        let held = match tag {
            "P-101A" => self.parameters.p101a_trip,
            "P-101B" => self.parameters.p101b_trip,
            "P-102" => self.parameters.p102_trip,
            "P-201A" => self.parameters.p201a_trip,
            "P-201B" => self.parameters.p201b_trip,
            "FAN" | "CT-201" => self.parameters.fan_trip,
            "K-301" => self.parameters.k301_trip,
            _ => return Err(Refusal::Unknown(tag.to_owned())),
        };
        if held > 0.5 {
            return Err(Refusal::CausePresent(tag.to_owned()));
        }
        if tag == "K-301" {
            if self.air.compressor == CompressorState::Tripped {
                self.air.compressor = CompressorState::Stopped;
            }
            return Ok(());
        }
        self.drive_mut(tag)?.reset();
        Ok(())
    }

    fn request_unit(&mut self, request: UnitCommand) -> Result<(), Refusal> {
        let refuse = |text: &str| Err(Refusal::NotPermitted(text.to_owned()));
        match (request, self.sequence.state) {
            (UnitCommand::Start, UnitState::Off) => self.sequence.enter(UnitState::Start),
            (UnitCommand::Start, UnitState::Hold) => {
                let latched = (0..INTERLOCK_COUNT).find(|&index| self.interlocks.is_latched(index));
                if let Some(index) = latched {
                    return Err(Refusal::NotPermitted(format!("{} is latched", INTERLOCK_TAGS[index])));
                }
                if !self.any_p101_on() {
                    self.start_first_stopped_p101();
                }
                if !self.p102.is_on() {
                    let now = self.elapsed_secs();
                    self.p102.start(now);
                }
                self.loops[LIC_101].mode = Mode::Auto;
                self.sequence.enter(UnitState::Run);
            }
            (UnitCommand::Hold, UnitState::Run | UnitState::Start) => self.sequence.enter(UnitState::Hold),
            (UnitCommand::Stop, UnitState::Run | UnitState::Start) => self.sequence.enter(UnitState::Stop),
            (UnitCommand::Stop, UnitState::Hold) => {
                for drive in &mut self.p101 {
                    drive.stop();
                }
                self.p102.stop();
                self.sequence.enter(UnitState::Off);
            }
            (UnitCommand::Reset, UnitState::Trip | UnitState::Hold) => {
                let latched = || (0..INTERLOCK_COUNT).filter(|&index| self.interlocks.is_latched(index));
                if let Some(index) = latched().find(|&index| !self.interlocks.may_reset(index)) {
                    return Err(Refusal::CausePresent(INTERLOCK_TAGS[index].to_owned()));
                }
                for index in 0..INTERLOCK_COUNT {
                    self.interlocks.reset(index);
                }
                self.sequence.enter(UnitState::Hold);
            }
            _ => return refuse("the unit is not in a state that allows this"),
        }
        Ok(())
    }
}

fn find_loop(tag: &str) -> Result<usize, Refusal> {
    loop_index(tag).ok_or_else(|| Refusal::Unknown(tag.to_owned()))
}

fn within(value: f64, (low, high): (f64, f64)) -> Result<(), Refusal> {
    if (low..=high).contains(&value) { Ok(()) } else { Err(Refusal::OutOfRange { low: format!("{low}"), high: format!("{high}") }) }
}
