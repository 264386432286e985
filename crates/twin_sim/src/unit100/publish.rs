//! Writes the state into the published signals and the truth.

use super::Unit100;
use super::plant::{BASIN_M3_PER_PCT, OTHER_KW, P101_MOTOR, P101_RATED_RPM, P102_MOTOR, P201_MOTOR, TK101_M3_PER_PCT, TK102_M3_PER_PCT};
use crate::bearing::BearingModel;
use crate::exchanger::{AREA_M2, ExchangerModel, overall_coefficient_w_m2_k};
use crate::interlock::I_102;
use crate::water::{CONDENSATE_CP_J_KG_K, density_kg_m3};
use crate::{Boundary, Power, Structure, TAG_COUNT, air, at, tower};

/// Conductivity of clean condensate, µS/cm.
const CLEAN_US_CM: f64 = 4.0;
/// Volume of V-102 at which LSH-104 answers, m³.
const VENT_POT_HIGH_M3: f64 = 0.30;

fn flag(on: bool) -> f64 {
    if on { 1.0 } else { 0.0 }
}

impl<S: Structure> Unit100<S> {
    pub(super) fn outlets(&self) -> crate::ExchangerOutlets {
        self.exchanger.outlets()
    }

    pub(super) fn publish(&mut self, boundary: &Boundary) {
        self.publish_truth();
        let mut values = self.values.values;
        let v = &mut values;
        self.publish_feed(v, boundary);
        for pump in 0..2 {
            self.publish_p101(v, pump);
        }
        self.publish_exchanger(v);
        self.publish_drum_and_product(v, boundary);
        self.publish_cooling(v, boundary);
        self.publish_air(v);
        v[at::XS_100] = self.sequence.state.number();
        v[at::JI_100] = self.truth.power.total_kw();
        v[at::XB_102] = flag(self.interlocks.state(I_102).bypassed);
        v[at::XS_110] = 1.0;
        v[at::XS_210] = 1.0;
        for (index, state) in self.loops.iter().enumerate() {
            let base = at::FIC_101_SP + 3 * index;
            v[base] = state.setpoint;
            v[base + 1] = state.output_pct;
            v[base + 2] = state.mode.number();
        }
        self.values.values = values;
    }

    fn publish_feed(&self, v: &mut [f64; TAG_COUNT], boundary: &Boundary) {
        let level = self.tk101.level_pct(TK101_M3_PER_PCT);
        v[at::FT_100] = boundary.feed_m3_h * (1.0 - self.parameters.feed_diverted_fraction);
        v[at::TT_100] = boundary.feed_temp_c;
        v[at::LT_100] = level.clamp(0.0, 100.0);
        v[at::TT_104] = self.tk101.temp_c;
        v[at::LSLL_100] = flag(level > 10.0);
        v[at::PT_101] = self.feed.header_bar;
    }

    fn publish_p101(&self, v: &mut [f64; TAG_COUNT], pump: usize) {
        let shift = pump * (at::PDT_105B - at::PDT_105A);
        let drive = &self.p101[pump];
        let bar_per_m = density_kg_m3(self.tk101.temp_c) * crate::water::G_M_S2 / 1e5;
        v[shift + at::PDT_105A] = 1000.0 * self.feed.strainer_bar[pump];
        v[shift + at::PT_106A] = self.feed.inlet_bar[pump];
        v[shift + at::PT_107A] = self.feed.inlet_bar[pump] + bar_per_m * self.feed.head_m[pump];
        v[shift + at::XS_101A] = drive.state.number();
        v[shift + at::SI_101A] = drive.speed * P101_RATED_RPM;
        v[shift + at::II_101A] = self.p101_current_a(pump);
        v[shift + at::JI_101A] = self.truth.power.p101_kw[pump];
        for (index, bearing) in self.bearings.p101[pump].iter().enumerate() {
            v[shift + at::TT_111A + index] = bearing.temp_c();
        }
        let vibration = self.p101_vibration(pump);
        v[shift + at::VT_111A..=shift + at::VT_113A].copy_from_slice(&vibration);
    }

    fn publish_exchanger(&self, v: &mut [f64; TAG_COUNT]) {
        let outlets = self.outlets();
        v[at::TT_102] = self.feed.shell_in_c;
        v[at::PDT_121] = self.feed.shell_bar;
        v[at::TT_101] = outlets.shell_c;
        let leak_m3_h = self.parameters.e101_tube_leak_m3_h;
        let clean_m3_h = self.feed.hot_m3_h.max(1.0);
        v[at::AT_101] = (CLEAN_US_CM * clean_m3_h + self.basin_us_cm * leak_m3_h) / (clean_m3_h + leak_m3_h);
        v[at::FT_101] = self.feed.shell_kg_s * 3600.0 / density_kg_m3(outlets.shell_c);
        v[at::ZT_111] = self.fv101.position_pct;
        v[at::FT_201] = self.cooling.tube_m3_h;
        v[at::PDT_202] = self.cooling.tube_bar;
        v[at::TT_202] = outlets.tube_c;
        v[at::ZT_114] = self.tv101.position_pct;
    }

    fn publish_drum_and_product(&self, v: &mut [f64; TAG_COUNT], boundary: &Boundary) {
        let level = self.drum.level_pct();
        let high_switch = level < 90.0 || self.parameters.lshh101_failed > 0.5;
        v[at::LT_101] = level.clamp(0.0, 100.0);
        v[at::LSHH_101] = flag(high_switch);
        v[at::LSLL_101] = flag(level > 8.0);
        v[at::PT_103] = self.drum.pressure_barg();
        v[at::TT_103] = self.drum.temp_c;
        v[at::FT_103] = self.drum.nitrogen_nm3_h;
        v[at::ZT_113A] = self.pv103a.position_pct;
        v[at::ZT_113B] = self.pv103b.position_pct;
        v[at::ZS_103] = flag(self.drum.psv_open);
        v[at::LSH_104] = flag(self.drum.vent_pot_m3 > VENT_POT_HIGH_M3);
        v[at::PT_109] = self.product.inlet_bar;
        v[at::PT_108] = self.product.discharge_bar;
        v[at::XS_102] = self.p102.state.number();
        v[at::II_102] = if self.p102.is_on() { P102_MOTOR.current_a(self.product.shaft_kw, self.p102.speed) } else { 0.0 };
        v[at::TT_131] = self.bearings.p102.temp_c();
        v[at::VT_131] = Self::plain_vibration(1.5, self.p102.speed);
        v[at::FT_102] = self.product.line_m3_h;
        v[at::ZT_112] = self.lv101.position_pct;
        v[at::LT_102] = self.tk102.level_pct(TK102_M3_PER_PCT).clamp(0.0, 100.0);
        v[at::TT_106] = self.tk102.temp_c;
        v[at::FT_105] = boundary.draw_m3_h;
    }

    fn publish_cooling(&self, v: &mut [f64; TAG_COUNT], boundary: &Boundary) {
        v[at::TT_201] = self.basin.temp_c + self.parameters.cw_supply_offset_k;
        v[at::TT_203] = self.cooling.return_c;
        v[at::PT_201] = self.cooling.header_bar;
        v[at::LT_201] = self.basin.level_pct(BASIN_M3_PER_PCT).clamp(0.0, 100.0);
        v[at::FT_202] = self.cooling.make_up_m3_h;
        v[at::ZT_211] = self.lv201.position_pct;
        v[at::AT_201] = self.basin_us_cm;
        v[at::XS_221] = self.fan.state.number();
        v[at::SI_201] = 100.0 * self.fan.speed;
        v[at::JI_221] = self.truth.power.fan_kw;
        v[at::VT_221] = Self::plain_vibration(2.8, self.fan.speed / 0.77);
        v[at::TT_210] = boundary.dry_bulb_c;
        v[at::MT_210] = boundary.relative_humidity_pct;
        for pump in 0..2 {
            let shift = pump * (at::XS_201B - at::XS_201A);
            v[shift + at::XS_201A] = self.p201[pump].state.number();
            v[shift + at::JI_201A] = self.truth.power.p201_kw[pump];
            v[shift + at::TT_211A] = self.bearings.p201[pump].temp_c();
            v[shift + at::VT_211A] = Self::plain_vibration(2.1, self.p201[pump].speed);
        }
    }

    fn publish_air(&self, v: &mut [f64; TAG_COUNT]) {
        v[at::XS_301] = self.air.compressor.number();
        v[at::JI_301] = self.truth.power.k301_kw;
        v[at::TT_301] = self.air.discharge_c;
        v[at::KI_301] = 100.0 * self.air.load_fraction;
        v[at::PT_301] = self.air.receiver_barg;
        v[at::PDT_301] = air::DRYER_BAR;
        v[at::MT_302] = self.air.dew_point_c;
        v[at::FT_302] = self.air.instrument_nm3_h;
        v[at::PT_302] = self.air.header_barg;
        v[at::ZS_303] = flag(self.air.plant_air_open);
    }

    fn publish_truth(&mut self) {
        let outlets = self.outlets();
        let streams = self.streams();
        let electrical = |on: bool, motor: &crate::pump::MotorData, shaft_kw: f64| if on { motor.electrical_kw(shaft_kw) } else { 0.0 };
        let power = Power {
            p101_kw: [0, 1].map(|pump| electrical(self.p101[pump].is_on(), &P101_MOTOR, self.feed.shaft_kw[pump])),
            p102_kw: electrical(self.p102.is_on(), &P102_MOTOR, self.product.shaft_kw),
            p201_kw: [0, 1].map(|pump| electrical(self.p201[pump].is_on(), &P201_MOTOR, self.cooling.shaft_kw[pump])),
            fan_kw: if self.fan.is_on() { tower::fan_kw(self.fan.speed) } else { 0.0 },
            k301_kw: self.air.power_kw(),
            other_kw: OTHER_KW,
        };
        let flowing = streams.shell_kg_s > 0.3 && streams.tube_kg_s > 0.3;
        let coefficient = overall_coefficient_w_m2_k(&streams, outlets.tube_c, &self.parameters.exchanger());
        let cavitation = [self.cavitation(0), self.cavitation(1)];
        let elapsed_secs = self.elapsed_secs();
        let truth = &mut self.truth;
        truth.elapsed_secs = elapsed_secs;
        truth.npsh_margin_m = self.feed.npsh_margin_m;
        truth.npsh_ratio = self.feed.npsh_ratio;
        truth.cavitation = cavitation;
        truth.p101_flow_m3_h = self.feed.through_m3_h;
        truth.p101_head_m = self.feed.head_m;
        truth.ua_kw_k = if flowing { coefficient * AREA_M2 / 1000.0 } else { 0.0 };
        truth.e101_duty_kw = streams.shell_kg_s * CONDENSATE_CP_J_KG_K * (streams.shell_in_c - outlets.shell_c) / 1000.0;
        truth.drum_level_pct = self.drum.level_pct();
        truth.drum_volume_m3 = self.drum.liquid_m3();
        truth.drum_fill = self.drum.fill();
        truth.vent_pot_m3 = self.drum.vent_pot_m3;
        truth.carry_over_m3 = self.drum.carry_over_m3;
        truth.tk101_level_pct = self.tk101.level_pct(TK101_M3_PER_PCT);
        truth.tk101_overflow_m3 = self.feed.overflow_m3;
        truth.power = power;
        if !self.interlocks.latched_tags().eq(truth.trips.iter().map(String::as_str)) {
            truth.trips = self.interlocks.latched_tags().map(str::to_owned).collect();
        }
    }
}
