//! One scan of the control system: interlocks, unit sequence, loops, commands to valves and drives.

use super::Unit100;
use super::plant::{FAN_RUN, FV101, LV101, LV201, P101_RUN, P102_RUN, P201_RUN, PV103A, PV103B, TV101};
use crate::command::{DriveState, Mode, UnitState};
use crate::control::{FIC_101, LIC_100, LIC_101, LIC_201, LOOP_COUNT, LOOPS, PIC_101, PIC_103, TIC_101, TIC_201};
use crate::interlock::{I_101, I_102, I_103, I_104, I_105, I_106, I_107, I_108, I_109, I_111, I_112};
use crate::valve::ValveHealth;
use crate::{Measured, STEP_SECS, Structure, at};

/// Measured value of every loop, in the order of [`LOOPS`].
const LOOP_INPUTS: [usize; LOOP_COUNT] = [at::FT_101, at::LT_100, at::PT_101, at::TT_101, at::LT_101, at::PT_103, at::TT_201, at::LT_201];

/// What the instruments read.
pub(super) struct Eyes<'a> {
    pub measured: Option<&'a Measured>,
}

/// Pumps that were on when the scan began: only the trip of a pump in service starts its standby, not a stop by hand.
#[derive(Clone, Copy)]
struct InService {
    p101: bool,
    p201: bool,
}

impl Eyes<'_> {
    /// Reading of a signal, or the model's own value.
    pub fn read(&self, own: &Measured, index: usize) -> f64 {
        let value = own.values[index];
        self.measured.map_or(value, |measured| measured.or(index, value))
    }
}

impl<S: Structure> Unit100<S> {
    /// Interlocks, sequence and loops act on what the instruments read.
    pub(super) fn scan(&mut self, eyes: &Eyes<'_>) {
        let before = InService { p101: self.any_p101_on(), p201: self.any_p201_on() };
        self.follow_malfunctions();
        self.scan_interlocks(eyes, before);
        self.scan_sequence(eyes);
        self.scan_loops(eyes);
        let receiver = eyes.read(&self.values, at::PT_301);
        self.air.control(receiver);
        self.move_valves();
        self.run_drives();
    }

    /// Isolations and instructor trips reach the drives.
    pub(super) fn follow_malfunctions(&mut self) {
        for pump in 0..2 {
            self.p101[pump].isolate(self.parameters.p101_isolated(pump));
            if self.parameters.p101_trip(pump) {
                self.p101[pump].trip();
            }
            if self.parameters.p201_trip(pump) {
                self.p201[pump].trip();
            }
        }
        self.p201[1].isolate(self.parameters.p201b_isolated > 0.5);
        if self.parameters.p102_trip > 0.5 {
            self.p102.trip();
        }
        if self.parameters.fan_trip > 0.5 {
            self.fan.trip();
        }
        if self.parameters.k301_trip > 0.5 {
            self.air.trip();
        }
    }

    pub(super) fn any_p101_on(&self) -> bool {
        self.p101.iter().any(|drive| drive.is_on())
    }

    fn any_p201_on(&self) -> bool {
        self.p201.iter().any(|drive| drive.is_on())
    }

    fn stop_feed_pumps(&mut self) {
        for drive in &mut self.p101 {
            drive.stop();
        }
    }

    fn scan_interlocks(&mut self, eyes: &Eyes<'_>, before: InService) {
        let dt = STEP_SECS;
        let read = |index: usize| eyes.read(&self.values, index);
        let low_feed_tank = read(at::LSLL_100) < 0.5;
        let drum_high = read(at::LSHH_101) < 0.5;
        let drum_low = read(at::LSLL_101) < 0.5;
        let hot = read(at::TT_101) > 55.0;
        let header = read(at::PT_101);
        let cooling = read(at::PT_201);
        let compressor_hot = read(at::TT_301) > 110.0;
        let no_air = read(at::PT_302) < 3.0;
        let product_full = read(at::LT_102) > 95.0;
        let fan_shakes = read(at::VT_221) > 11.0;
        let machine = [0, 1].map(|pump| {
            let offset = pump * (at::PDT_105B - at::PDT_105A);
            let over = |index: usize, limit: f64| read(index + offset) > limit;
            self.p101[pump].is_on()
                && (over(at::VT_111A, 8.5)
                    || over(at::VT_112A, 8.5)
                    || over(at::TT_111A, 95.0)
                    || over(at::TT_112A, 95.0)
                    || over(at::TT_113A, 95.0)
                    || over(at::TT_114A, 150.0)
                    || over(at::II_101A, 1.1 * 33.2))
        });

        if self.interlocks.act(I_101, dt, low_feed_tank) {
            self.stop_feed_pumps();
        }
        if self.interlocks.act(I_102, dt, drum_high) {
            self.stop_feed_pumps();
            self.sequence.enter(UnitState::Trip);
        }
        if self.interlocks.act(I_103, dt, drum_low) {
            self.p102.stop();
        }
        for (pump, cause) in machine.into_iter().enumerate() {
            if self.interlocks.act(I_104 + pump, dt, cause) {
                self.p101[pump].trip();
            }
        }
        if self.interlocks.act(I_105, dt, hot) {
            self.sequence.enter(UnitState::Hold);
        }
        if self.interlocks.act(I_108, dt, compressor_hot && self.air.compressor.is_on()) {
            self.air.trip();
        }
        if self.interlocks.act(I_109, dt, no_air) {
            self.stop_feed_pumps();
            self.p102.stop();
            self.sequence.enter(UnitState::Trip);
        }
        if self.interlocks.act(I_111, dt, product_full) {
            self.p102.stop();
            self.sequence.enter(UnitState::Hold);
        }
        if self.interlocks.act(I_112, dt, fan_shakes && self.fan.is_on()) {
            self.fan.trip();
        }
        self.start_standbys(header, cooling, before);
    }

    /// I-106 and I-107.
    fn start_standbys(&mut self, header: f64, cooling: f64, before: InService) {
        let feed_wanted = self.sequence.state == UnitState::Run && self.feed_permitted();
        let on = self.any_p101_on();
        let tripped = before.p101 && !on && self.p101.iter().any(|drive| drive.state == DriveState::Tripped);
        let weak = self.interlocks.due(I_106, STEP_SECS, on && header < 2.2);
        if feed_wanted && (weak || tripped) {
            self.start_first_stopped_p101();
        }
        let on = self.any_p201_on();
        let tripped = before.p201 && !on && self.p201.iter().any(|drive| drive.state == DriveState::Tripped);
        let weak = self.interlocks.due(I_107, STEP_SECS, on && cooling < 2.0);
        if weak || tripped {
            let now = self.elapsed_secs();
            if let Some(standby) = self.p201.iter_mut().find(|drive| drive.state == DriveState::Stopped && drive.may_start(now)) {
                standby.start(now);
            }
        }
    }

    pub(super) fn start_first_stopped_p101(&mut self) {
        let now = self.elapsed_secs();
        if let Some(standby) = self.p101.iter_mut().find(|drive| drive.state == DriveState::Stopped && drive.may_start(now)) {
            standby.start(now);
        }
    }

    /// No latched trip forbids P-101.
    pub(super) fn feed_permitted(&self) -> bool {
        ![I_101, I_102, I_109].into_iter().any(|index| self.interlocks.is_latched(index))
    }

    fn scan_loops(&mut self, eyes: &Eyes<'_>) {
        let measured = LOOP_INPUTS.map(|index| eyes.read(&self.values, index));
        let measured = self.without_offset(measured);
        let feed_shut = !self.any_p101_on()
            || self.sequence.feed_shut()
            || [I_101, I_102, I_105, I_109].into_iter().any(|index| self.interlocks.is_latched(index));
        let product_shut = !self.p102.is_on()
            || self.sequence.product_shut()
            || [I_103, I_109, I_111].into_iter().any(|index| self.interlocks.is_latched(index));
        let loops = &mut self.loops;
        let scan = |loops: &mut [crate::control::PiLoop; 8], index: usize| {
            loops[index].scan(STEP_SECS, &LOOPS[index], measured[index]);
        };

        if loops[FIC_101].mode == Mode::Cas && !feed_shut {
            scan(loops, LIC_100);
            if loops[LIC_100].mode != Mode::Man {
                loops[FIC_101].setpoint = loops[LIC_100].output_pct / 100.0 * LOOPS[FIC_101].span;
            }
        } else {
            let output = loops[FIC_101].setpoint / LOOPS[FIC_101].span * 100.0;
            let (low, high) = LOOPS[LIC_100].output_pct;
            loops[LIC_100].track(&LOOPS[LIC_100], measured[LIC_100], output.clamp(low, high));
        }
        if feed_shut {
            loops[FIC_101].track(&LOOPS[FIC_101], measured[FIC_101], 0.0);
        } else {
            scan(loops, FIC_101);
        }
        if self.p101.iter().any(|drive| drive.is_on()) {
            scan(loops, PIC_101);
        } else {
            let output = loops[PIC_101].output_pct;
            loops[PIC_101].track(&LOOPS[PIC_101], measured[PIC_101], output);
        }
        if product_shut {
            loops[LIC_101].track(&LOOPS[LIC_101], measured[LIC_101], 0.0);
        } else {
            scan(loops, LIC_101);
        }
        for index in [TIC_101, PIC_103, TIC_201, LIC_201] {
            scan(loops, index);
        }
    }

    /// The model's own inputs of the loops.
    pub(super) fn loop_inputs(&self) -> [f64; LOOP_COUNT] {
        self.without_offset(LOOP_INPUTS.map(|index| self.values.values[index]))
    }

    /// A what-if offset on the cooling water must not be undone by the fan.
    fn without_offset(&self, mut inputs: [f64; LOOP_COUNT]) -> [f64; LOOP_COUNT] {
        inputs[TIC_201] -= self.parameters.cw_supply_offset_k;
        inputs
    }

    fn move_valves(&mut self) {
        let air = self.air.header_barg;
        let output = self.loops.map(|state| state.output_pct);
        let dt = STEP_SECS;
        self.fv101.step(dt, output[FIC_101], &FV101, air, self.parameters.fv101_health());
        self.lv101.step(dt, output[LIC_101], &LV101, air, self.parameters.lv101_health());
        self.tv101.step(dt, output[TIC_101], &TV101, air, self.parameters.tv101_health());
        let split = output[PIC_103];
        let nitrogen = ((48.0 - split) / 48.0 * 100.0).clamp(0.0, 100.0);
        let vent = ((split - 52.0) / 48.0 * 100.0).clamp(0.0, 100.0);
        self.pv103a.step(dt, nitrogen, &PV103A, air, ValveHealth::HEALTHY);
        self.pv103b.step(dt, vent, &PV103B, air, self.parameters.pv103b_health());
        self.lv201.step(dt, output[LIC_201], &LV201, air, ValveHealth::HEALTHY);
    }

    fn run_drives(&mut self) {
        let demand = self.loops[PIC_101].output_pct / 100.0;
        for drive in &mut self.p101 {
            drive.step(STEP_SECS, demand, &P101_RUN);
        }
        self.p102.step(STEP_SECS, 1.0, &P102_RUN);
        for drive in &mut self.p201 {
            drive.step(STEP_SECS, 1.0, &P201_RUN);
        }
        self.fan.step(STEP_SECS, self.loops[TIC_201].output_pct / 100.0, &FAN_RUN);
    }
}
