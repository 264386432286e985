//! Settled plants to start from, calculated instead of waited for.

use rand_pcg::Pcg32;
use rand_pcg::rand_core::SeedableRng;

use super::flows::{CoolingFlows, FeedFlows, ProductFlows};
use super::machines::{BearingLoads, Bearings};
use super::plant::{
    BASIN_M3_PER_PCT, FV101, LV101, LV201_FULL_M3_H, P101, PRODUCT_LIFT_M, TK101_LOSS_W_K, TK101_M3_PER_PCT, TK102_M3_PER_PCT, TV101,
};
use super::sequence::Sequence;
use super::{Unit100, plant};
use crate::air::AirSystem;
use crate::command::{Mode, UnitState};
use crate::control::PiLoop;
use crate::drum::Drum;
use crate::exchanger::{ExchangerModel, ExchangerStreams};
use crate::interlock::{I_102, Interlocks};
use crate::pump::MotorDrive;
use crate::root::falling;
use crate::tank::Tank;
use crate::valve::Valve;
use crate::water::{CONDENSATE_CP_J_KG_K, G_M_S2, density_kg_m3, relative_humidity_pct, wet_bulb_c};
use crate::{Boundary, Drive, InitialCondition, Measured, Parameters, Structure, TAG_COUNT, Truth};

const COOLED_C: f64 = 40.0;
const SUPPLY_C: f64 = 26.0;
const HEADER_BAR: f64 = 2.8;
const DRUM_BAR: f64 = 0.5;
/// Rounds in which temperatures, flows and fan speed find each other.
const ROUNDS: usize = 40;

impl InitialCondition {
    /// Set point of FIC-101, m³/h.
    fn flow_m3_h(self) -> f64 {
        match self {
            Self::Flow60 => 60.0,
            Self::Flow110 => 110.0,
            Self::Flow { fic101_m3_h } if fic101_m3_h.is_finite() => fic101_m3_h.clamp(45.0, 115.0),
            _ => 90.0,
        }
    }
}

impl Boundary {
    /// The boundary that keeps `condition` in balance.
    pub fn for_condition(condition: InitialCondition) -> Self {
        let mut boundary = Self::default();
        let cooled_kg_h = condition.flow_m3_h() * density_kg_m3(COOLED_C);
        boundary.feed_m3_h = cooled_kg_h / density_kg_m3(boundary.feed_temp_c);
        boundary.draw_m3_h = condition.flow_m3_h();
        match condition {
            InitialCondition::FilledCold => {
                boundary.feed_m3_h *= 0.5;
                boundary.draw_m3_h *= 0.5;
            }
            InitialCondition::HoldHot => {
                boundary.feed_m3_h = 0.0;
                boundary.draw_m3_h = 0.0;
            }
            InitialCondition::Flow110 => {
                boundary.dry_bulb_c = 25.0;
                boundary.relative_humidity_pct = relative_humidity_pct(25.0, 20.0);
            }
            _ => {}
        }
        boundary
    }
}

impl<S: Structure> Unit100<S> {
    /// A settled plant. The conditions and parameters decide where it settles; [`Boundary::for_condition`] keeps it there.
    pub fn new(parameters: Parameters, condition: InitialCondition) -> Self {
        let boundary = Boundary::for_condition(condition);
        Self::settled_at(parameters, condition, &boundary)
    }

    /// A plant settled in the weather and feed temperature of `boundary`, at the load of `condition`.
    pub fn settled_at(mut parameters: Parameters, condition: InitialCondition, boundary: &Boundary) -> Self {
        match condition {
            InitialCondition::StandbyIsolated => parameters.p101b_isolated = 1.0,
            InitialCondition::HighFouling => parameters.e101_fouling_m2k_w = 2.3e-4,
            _ => {}
        }
        let mut plant = Self::assembled(parameters);
        plant.settle(condition.flow_m3_h(), boundary);
        plant.follow_malfunctions();
        match condition {
            InitialCondition::OverrideActive => plant.interlocks.bypass(I_102, true),
            InitialCondition::HoldHot => plant.rest_hot(boundary),
            InitialCondition::FilledCold => plant.rest_cold(boundary),
            _ => {}
        }
        plant.publish(boundary);
        plant
    }

    fn assembled(parameters: Parameters) -> Self {
        let streams = ExchangerStreams { shell_kg_s: 24.8, shell_in_c: 84.97, tube_kg_s: 84.1, tube_in_c: SUPPLY_C };
        let seed = parameters.seed.max(0.0) as u64;
        let mut plant = Self {
            elapsed_steps: 0,
            rng: Pcg32::seed_from_u64(seed),
            values: Measured { values: [0.0; TAG_COUNT] },
            truth: Truth::default(),
            loops: [PiLoop::settled(0.0, 0.0, Mode::Auto); 8],
            interlocks: Interlocks::default(),
            sequence: Sequence::in_state(UnitState::Run),
            fv101: Valve::at(78.3),
            lv101: Valve::at(73.3),
            tv101: Valve::at(68.2),
            pv103a: Valve::at(0.0),
            pv103b: Valve::at(0.0),
            lv201: Valve::at(28.8),
            p101: [MotorDrive::running(0.938), MotorDrive::stopped()],
            cavitation_factor: [1.0; 2],
            p102: MotorDrive::running(1.0),
            p201: [MotorDrive::running(1.0), MotorDrive::stopped()],
            fan: MotorDrive::running(0.77),
            tk101: Tank::filled(55.0, TK101_M3_PER_PCT, 84.93),
            drum: Drum::filled(50.0, COOLED_C, DRUM_BAR),
            tk102: Tank::filled(60.0, TK102_M3_PER_PCT, COOLED_C),
            basin: Tank::filled(60.0, BASIN_M3_PER_PCT, SUPPLY_C),
            basin_us_cm: 1650.0,
            exchanger: S::Exchanger::settled(&streams, &parameters.exchanger()),
            bearings: Bearings::settled(&BearingLoads::resting(22.0)),
            air: AirSystem::normal(),
            feed: FeedFlows::default(),
            product: ProductFlows { line_m3_h: 90.0, ..ProductFlows::default() },
            cooling: CoolingFlows { total_m3_h: 308.0, ..CoolingFlows::default() },
            weather: super::Weather::default(),
            parameters,
        };
        plant.feed.hot_m3_h = 92.2;
        plant
    }

    /// Finds the steady state with FIC-101, PIC-101, TIC-101, LIC-101, PIC-103, TIC-201 and LIC-201 on their set points, or
    /// with their final elements at the limit.
    fn settle(&mut self, flow_m3_h: f64, boundary: &Boundary) {
        self.weather.update(boundary);
        let wet_bulb = wet_bulb_c(boundary.dry_bulb_c, boundary.relative_humidity_pct);
        let mut cooled_c = COOLED_C;
        let loss_w_k = TK101_LOSS_W_K * self.parameters.tk101_loss_factor;
        for _ in 0..ROUNDS {
            let kg_s = flow_m3_h * density_kg_m3(cooled_c) / 3600.0;
            let feed_w_k = kg_s * CONDENSATE_CP_J_KG_K;
            let tank_c = (feed_w_k * boundary.feed_temp_c + loss_w_k * boundary.dry_bulb_c) / (feed_w_k + loss_w_k);
            self.tk101 = Tank::filled(55.0, TK101_M3_PER_PCT, tank_c);
            self.settle_feed_line(kg_s, cooled_c);
            cooled_c = self.settle_cooling(boundary, wet_bulb);
            let drum_c = cooled_c + self.feed.friction_k;
            self.drum = Drum::filled(50.0, drum_c, DRUM_BAR);
            self.settle_product_line(kg_s);
            self.tk102 = Tank::filled(60.0, TK102_M3_PER_PCT, self.product.outlet_c);
        }
        let loads = self.bearing_loads(boundary.dry_bulb_c);
        self.bearings = Bearings::settled(&loads);
        self.settle_loops(flow_m3_h);
    }

    /// Speed for the header pressure, FV-101 for the flow.
    fn settle_feed_line(&mut self, kg_s: f64, cooled_c: f64) {
        let hot_density = density_kg_m3(self.tk101.temp_c);
        let cold_density = density_kg_m3(cooled_c);
        let hot_m3_h = kg_s * 3600.0 / hot_density;
        let bar_per_m = hot_density * G_M_S2 / 1e5;
        let factor = self.parameters.p101_head_factor(0) * self.cavitation_factor[0];
        let (inlet, spool) = self.p101_losses(0);
        let fall = bar_per_m * P101.head_fall * factor + inlet + spool;
        let wanted_bar = HEADER_BAR - self.suction_bar() + fall * hot_m3_h * hot_m3_h;
        let speed = (wanted_bar / (bar_per_m * P101.shutoff_head_m * factor)).max(0.0).sqrt().clamp(0.5, 1.0);
        self.p101[0].speed = speed;
        let header_bar = self.suction_bar() + bar_per_m * speed * speed * P101.shutoff_head_m * factor - fall * hot_m3_h * hot_m3_h;
        let static_bar = 0.5 * (hot_density + cold_density) * G_M_S2 * plant::FEED_LIFT_M / 1e5;
        let ratio = hot_density / cold_density;
        let pipe = self.feed_line_resistance(hot_m3_h * ratio, hot_density, cold_density);
        let valve_bar = header_bar - static_bar - DRUM_BAR - pipe * hot_m3_h * hot_m3_h;
        let kv = hot_m3_h * ratio * (cold_density / 1000.0 / valve_bar.max(1e-3)).sqrt();
        self.fv101.place(FV101.position_pct(kv / self.parameters.fv101_kvs_factor));
        self.product.line_m3_h = hot_m3_h * ratio;
        self.solve_feed_line();
        self.settle_cavitation();
    }

    fn settle_cavitation(&mut self) {
        for pump in 0..2 {
            let ratio = self.feed.npsh_ratio[pump];
            let drop = if self.p101[pump].speed > 0.2 { (0.03 * libm::exp(10.0 * (1.0 - ratio))).min(0.6) } else { 0.0 };
            self.cavitation_factor[pump] = 1.0 - drop;
        }
    }

    /// TV-101 for the condensate temperature, fan for the supply temperature; answers the condensate temperature.
    fn settle_cooling(&mut self, boundary: &Boundary, wet_bulb: f64) -> f64 {
        let exchanger = self.parameters.exchanger();
        let position = falling(TV101.stop_pct, 100.0, 1e-9, |position| {
            self.tv101.place(position);
            self.solve_cooling_water();
            S::Exchanger::settled(&self.streams(), &exchanger).outlets().shell_c - COOLED_C
        });
        self.tv101.place(position);
        self.solve_cooling_water();
        self.exchanger = S::Exchanger::settled(&self.streams(), &exchanger);
        let outlets = self.exchanger.outlets();

        let make_up_density = density_kg_m3(boundary.make_up_temp_c);
        let basin_c = |plant: &mut Self, fan: f64| {
            plant.solve_tower(wet_bulb, fan, outlets.tube_c);
            let flows = &mut plant.cooling;
            flows.make_up_kg_s = flows.evaporation_kg_s + flows.drift_kg_s + flows.blowdown_kg_s;
            flows.make_up_m3_h = flows.make_up_kg_s * 3600.0 / make_up_density;
            flows.tower_out_c
        };
        let fan = falling(0.2, 1.0, 1e-9, |fan| basin_c(self, fan) - SUPPLY_C);
        let supply_c = basin_c(self, fan);
        self.fan.speed = fan;
        self.basin = Tank::filled(60.0, BASIN_M3_PER_PCT, supply_c);
        self.lv201.place((100.0 * self.cooling.make_up_m3_h / LV201_FULL_M3_H).clamp(0.0, 100.0));
        let leaving = self.cooling.blowdown_kg_s + self.cooling.drift_kg_s;
        self.basin_us_cm = boundary.make_up_us_cm * self.cooling.make_up_kg_s / leaving.max(1e-3);
        outlets.shell_c
    }

    fn settle_product_line(&mut self, kg_s: f64) {
        let density = density_kg_m3(self.drum.temp_c);
        let flow = kg_s * 3600.0 / density;
        let bar_per_m = density * G_M_S2 / 1e5;
        self.lv101.place(73.3);
        self.solve_product_line();
        // Discharge at this flow, from the present operating point moved along the pump curve.
        let at_flow = self.product.inlet_bar
            + bar_per_m * plant::P102_SUCTION_M / 8100.0 * (self.product.line_m3_h * self.product.line_m3_h - flow * flow)
            + bar_per_m * plant::P102.head_m(1.0, flow, 1.0);
        let valve_bar = at_flow - bar_per_m * PRODUCT_LIFT_M - self.product_line_resistance() * flow * flow;
        let kv = flow * (density / 1000.0 / valve_bar.max(1e-3)).sqrt();
        self.lv101.place(LV101.position_pct(kv / self.parameters.lv101_kvs_factor));
        self.solve_product_line();
    }

    fn settle_loops(&mut self, flow_m3_h: f64) {
        let load_pct = flow_m3_h / 1.5;
        self.loops = [
            PiLoop::settled(flow_m3_h, self.fv101.position_pct, Mode::Cas),
            PiLoop::settled(55.0, load_pct, Mode::Auto),
            PiLoop::settled(HEADER_BAR, 100.0 * self.p101[0].speed, Mode::Auto),
            PiLoop::settled(COOLED_C, self.tv101.position_pct, Mode::Auto),
            PiLoop::settled(50.0, self.lv101.position_pct, Mode::Auto),
            PiLoop::settled(DRUM_BAR, 50.0, Mode::Auto),
            PiLoop::settled(SUPPLY_C, 100.0 * self.fan.speed, Mode::Auto),
            PiLoop::settled(60.0, self.lv201.position_pct, Mode::Auto),
        ];
    }

    /// IC-3: an hour in HOLD.
    fn rest_hot(&mut self, boundary: &Boundary) {
        self.sequence.enter(UnitState::Hold);
        self.publish(boundary);
        for _ in 0..7200 {
            self.step(boundary, Drive::TRUE_VALUES);
        }
        self.elapsed_steps = 0;
    }

    /// IC-2: pumps of the process at rest, cold, drum at 20 %, cooling water and air in service.
    fn rest_cold(&mut self, boundary: &Boundary) {
        self.p101[0] = MotorDrive::stopped();
        self.p102 = MotorDrive::stopped();
        self.sequence.enter(UnitState::Off);
        self.fv101.place(0.0);
        self.lv101.place(0.0);
        self.drum = Drum::filled(20.0, boundary.dry_bulb_c, DRUM_BAR);
        let supply_c = self.basin.temp_c;
        let streams = ExchangerStreams { shell_kg_s: 0.0, shell_in_c: supply_c, tube_kg_s: 50.0, tube_in_c: supply_c };
        self.exchanger = S::Exchanger::settled(&streams, &self.parameters.exchanger());
        self.settle_loops(0.0);
        self.loops[crate::control::FIC_101].mode = Mode::Auto;
        self.loops[crate::control::TIC_101].mode = Mode::Man;
        self.publish(boundary);
        for _ in 0..7200 {
            self.step(&Boundary { feed_m3_h: 0.0, draw_m3_h: 0.0, ..*boundary }, Drive::TRUE_VALUES);
        }
        self.elapsed_steps = 0;
    }
}
