//! Centrifugal pumps on their curves.

use super::roles::{Named, Taking};
use super::{NoPoint, Readings, Role, as_modelled, is_judged};
use crate::water::{ATMOSPHERE_BAR, GRAVITY, density_kg_m3, vapour_pressure_bar};
use twin_model::{Plant, Quality, SignalKey};

/// Pascal in a bar.
const PA_PER_BAR: f64 = 1e5;
/// Below this part of its rated speed a pump is at rest.
const REST_SPEED: f64 = 0.3;
/// Points of a drawn curve.
const CURVE_POINTS: usize = 33;
/// A curve is drawn up to this share of the flow of best efficiency.
const CURVE_END: f64 = 1.35;
/// Preferred operating region where a data sheet gives none, shares of the flow of best efficiency (ANSI/HI 9.6.3).
const PREFERRED_REGION: (f64, f64) = (0.7, 1.2);

/// Curves of a pump at rated speed, by the affinity laws good for other speeds: Q ~ n, H ~ n², NPSHr ~ n².
#[derive(Clone, Debug, PartialEq)]
pub struct PumpCurves {
    /// Head at no flow, m.
    pub shutoff_head_m: f64,
    /// Fall of the head with the square of the flow, m/(m³/h)².
    pub head_fall: f64,
    /// Flow of best efficiency, m³/h.
    pub best_flow_m3_h: Option<f64>,
    /// Best efficiency, 0 … 1.
    pub best_efficiency: Option<f64>,
    /// NPSH required.
    pub required: Option<Required>,
    /// Preferred operating region, shares of the flow of best efficiency.
    pub preferred: (f64, f64),
}

/// NPSH required at rated speed: base + quadratic · (Q ÷ flow)².
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Required {
    /// At no flow, m.
    pub base_m: f64,
    /// What `flow_m3_h` adds, m.
    pub quadratic_m: f64,
    /// Flow of the quadratic part, m³/h.
    pub flow_m3_h: f64,
}

impl PumpCurves {
    fn read(named: &Named) -> Option<Self> {
        let required = named.number("npshr_base_m").map(|base_m| Required {
            base_m,
            quadratic_m: named.number("npshr_quadratic_m").unwrap_or(0.0),
            flow_m3_h: named.positive("npshr_flow_m3_h").unwrap_or(1.0),
        });
        Some(Self {
            shutoff_head_m: named.positive("shutoff_head_m")?,
            head_fall: named.positive("head_fall_m_per_m3_h2")?,
            best_flow_m3_h: named.positive("best_efficiency_flow_m3_h"),
            best_efficiency: named.positive("best_efficiency"),
            required,
            preferred: named.interval("preferred_region_of_best_flow").unwrap_or(PREFERRED_REGION),
        })
    }

    /// Head in m at a relative speed and a flow in m³/h: n²·H(Q ÷ n).
    pub fn head_m(&self, speed: f64, flow_m3_h: f64) -> f64 {
        speed * speed * self.shutoff_head_m - self.head_fall * flow_m3_h * flow_m3_h
    }

    /// Efficiency, 0 … 1: the parabola through no flow and the best point.
    pub fn efficiency(&self, speed: f64, flow_m3_h: f64) -> Option<f64> {
        let q = self.of_best_flow(speed, flow_m3_h)?;
        Some(self.best_efficiency? * (2.0 * q - q * q)).filter(|efficiency| *efficiency > 0.0)
    }

    /// Shaft power in kW on the curve.
    pub fn shaft_kw(&self, density_kg_m3: f64, speed: f64, flow_m3_h: f64) -> Option<f64> {
        let hydraulic_kw = density_kg_m3 * GRAVITY * self.head_m(speed, flow_m3_h).max(0.0) * flow_m3_h / 3.6e6;
        Some(hydraulic_kw / self.efficiency(speed, flow_m3_h)?)
    }

    /// NPSH required in m: n² · [base + quadratic · (Q ÷ (flow·n))²].
    pub fn npsh_required_m(&self, speed: f64, flow_m3_h: f64) -> Option<f64> {
        let required = self.required?;
        let load = flow_m3_h / required.flow_m3_h;
        Some(speed * speed * required.base_m + required.quadratic_m * load * load)
    }

    /// Flow as a share of the flow of best efficiency at this speed.
    pub fn of_best_flow(&self, speed: f64, flow_m3_h: f64) -> Option<f64> {
        (speed > 0.0).then_some(flow_m3_h / (self.best_flow_m3_h? * speed))
    }

    /// Flow in m³/h up to which curves are drawn at rated speed.
    pub fn largest_flow_m3_h(&self) -> f64 {
        let no_head = libm::sqrt(self.shutoff_head_m / self.head_fall);
        self.best_flow_m3_h.map_or(0.7 * no_head, |best| (CURVE_END * best).min(no_head))
    }
}

/// A pump of the plant with the signals that tell what it does.
#[derive(Clone, Debug, PartialEq)]
pub struct Pump {
    /// Its curves.
    pub curves: PumpCurves,
    rated_speed_rpm: Option<f64>,
    speed: Option<SignalKey>,
    drive_state: Option<SignalKey>,
    suction: Option<SignalKey>,
    suction_barg: Option<f64>,
    discharge: Option<SignalKey>,
    flow: Option<SignalKey>,
    temperature: Option<SignalKey>,
    strainer: Option<SignalKey>,
    back_pressure: Option<SignalKey>,
    parallel: Option<Box<Pump>>,
    meter_density_kg_m3: Option<f64>,
    fixed_density_kg_m3: f64,
    is_water: bool,
    discharge_lift_m: Option<f64>,
    suction_loss: Option<(f64, f64)>,
    recirculation: Option<(f64, f64)>,
}

/// The line a pump stands in.
#[derive(Clone, Copy)]
struct Line {
    back_barg: f64,
    suction_loss_m: f64,
}

/// Where a pump works.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PumpPoint {
    /// Flow through the pump at its temperature, recirculation included, m³/h.
    pub flow_m3_h: f64,
    /// Head between the flanges, m.
    pub head_m: f64,
    /// Speed as a share of rated speed.
    pub speed: f64,
    /// NPSH available at the suction flange, m.
    pub npsh_available_m: Option<f64>,
    /// NPSH required there, m.
    pub npsh_required_m: Option<f64>,
    /// Share of the flow of best efficiency.
    pub of_best_flow: Option<f64>,
    /// Head the line asks for at no flow, m; `None` unless it is known from good values.
    pub static_head_m: Option<f64>,
    /// Loss of the suction line at this flow, m; `None` unless it is known from good values.
    pub suction_loss_m: Option<f64>,
    /// The worst of what it was computed from.
    pub quality: Quality,
}

/// Everything a pump chart shows. Points are flow in m³/h and head in m.
#[derive(Clone, Debug, PartialEq)]
pub struct PumpChart {
    /// Head at rated speed.
    pub rated: Vec<[f64; 2]>,
    /// Head at the present speed; empty at rest.
    pub present: Vec<[f64; 2]>,
    /// What the line asks for, through the present point; empty without a point or without `discharge_lift_m`.
    pub system: Vec<[f64; 2]>,
    /// Flow of best efficiency at the present (at rest: rated) speed, m³/h.
    pub best_flow_m3_h: Option<f64>,
    /// Preferred region at that speed, m³/h.
    pub preferred_m3_h: Option<(f64, f64)>,
    /// NPSH required at that speed.
    pub npsh_required: Vec<[f64; 2]>,
    /// NPSH available over the flow; empty when unknown.
    pub npsh_available: Vec<[f64; 2]>,
    /// Where it works, or why nobody can say.
    pub now: Result<PumpPoint, NoPoint>,
    /// Where the model expects it; `None` when no model judges any of its signals.
    pub expected: Option<PumpPoint>,
}

impl Pump {
    /// The pump that a thing is; `None` without the attributes of a head curve.
    pub fn of(plant: &Plant, thing: usize) -> Option<Self> {
        let named = Named::new(plant, thing)?;
        let mut pump = Self::read(&named)?;
        let twin = named.sources("standby_of").chain(named.targets("standby_of")).next();
        pump.parallel = twin.and_then(|twin| Self::read(&twin)).map(Box::new);
        Some(pump)
    }

    fn read(named: &Named) -> Option<Self> {
        let mut around = named.parent().into_iter().chain(named.targets("flows_to"));
        let header = named.telemetry("header_pressure").or_else(|| around.find_map(|thing| thing.telemetry("header_pressure")));
        Some(Self {
            curves: PumpCurves::read(named)?,
            rated_speed_rpm: named.positive("rated_speed_rpm"),
            speed: named.telemetry("speed"),
            drive_state: named.telemetry("drive_state"),
            suction: named.telemetry("suction_pressure"),
            suction_barg: named.number("suction_pressure_barg"),
            discharge: named.telemetry("discharge_pressure").or(header),
            flow: named.flow(),
            temperature: named.named_signal("temperature_signal").or_else(|| named.derived_input("temperature")),
            strainer: named.sources("flows_to").find_map(|thing| thing.telemetry("differential_pressure")),
            back_pressure: named.named_signal("back_pressure_signal"),
            parallel: None,
            meter_density_kg_m3: named.positive("flow_meter_density_kg_m3"),
            fixed_density_kg_m3: named.positive("density_kg_m3").unwrap_or(1000.0),
            is_water: named.text("liquid") == Some("water"),
            discharge_lift_m: named.number("discharge_lift_m"),
            suction_loss: named.number("suction_loss_m").zip(named.positive("suction_loss_flow_m3_h")),
            recirculation: named.positive("minimum_flow_m3_h").zip(named.positive("minimum_flow_ends_m3_h")),
        })
    }

    /// Signals the point is computed from, so that a caller can have them ready.
    pub fn signals(&self) -> Vec<SignalKey> {
        let own =
            [self.speed, self.drive_state, self.suction, self.discharge, self.flow, self.temperature, self.strainer, self.back_pressure];
        let other = self.parallel.as_ref().map_or([None; 2], |pump| [pump.speed, pump.drive_state]);
        own.into_iter().chain(other).flatten().collect()
    }

    /// Where the pump works by these readings.
    ///
    /// # Errors
    /// [`NoPoint`] when it stands, or when what the point hangs on is Bad or not measured.
    pub fn point(&self, plant: &Plant, read: &Readings) -> Result<PumpPoint, NoPoint> {
        let mut taking = Taking::new(plant, read);
        let speed = self.speed(&mut taking)?;
        if speed < REST_SPEED {
            return Err(NoPoint::AtRest);
        }
        let temperature_c = self.temperature.map(|key| taking.number(Some(key), Role::Flow, "°C")).transpose()?;
        let density = temperature_c.filter(|_| self.is_water).map_or(self.fixed_density_kg_m3, density_kg_m3);
        let flow_m3_h = self.flow_m3_h(&mut taking, speed, density)?;
        let suction_barg = match (self.suction, self.suction_barg) {
            (None, Some(assumed)) => assumed,
            (key, _) => taking.number(key, Role::SuctionPressure, "barg")?,
        };
        let discharge_barg = taking.number(self.discharge, Role::DischargePressure, "barg")?;
        let bar_per_m = density * GRAVITY / PA_PER_BAR;
        let line = self.line(plant, read, flow_m3_h, bar_per_m);
        let vapour_bar = temperature_c.filter(|_| self.is_water).map(vapour_pressure_bar);
        Ok(PumpPoint {
            flow_m3_h,
            head_m: (discharge_barg - suction_barg) / bar_per_m,
            speed,
            npsh_available_m: vapour_bar.map(|vapour_bar| (suction_barg + ATMOSPHERE_BAR - vapour_bar) / bar_per_m),
            npsh_required_m: self.curves.npsh_required_m(speed, flow_m3_h),
            of_best_flow: self.curves.of_best_flow(speed, flow_m3_h),
            static_head_m: line.and_then(|line| {
                // The suction pressure is that behind the losses; without them the source stands higher by as much.
                Some(self.discharge_lift_m? + (line.back_barg - suction_barg) / bar_per_m - line.suction_loss_m)
            }),
            suction_loss_m: line.map(|line| line.suction_loss_m),
            quality: taking.quality,
        })
    }

    /// What surrounds the pump. Its point does not hang on it, so it is known from good values or not at all.
    fn line(&self, plant: &Plant, read: &Readings, flow_m3_h: f64, bar_per_m: f64) -> Option<Line> {
        let mut taking = Taking::new(plant, read);
        let mut bar = |key: Option<SignalKey>, role, unit| key.map_or(Ok(0.0), |key| taking.number(Some(key), role, unit)).ok();
        let back_barg = bar(self.back_pressure, Role::DischargePressure, "barg")?;
        let strainer_bar = bar(self.strainer, Role::SuctionPressure, "bar")?;
        let pipe_m = self.suction_loss.map_or(0.0, |(loss_m, at)| loss_m * (flow_m3_h / at) * (flow_m3_h / at));
        taking.quality.is_good().then_some(Line { back_barg, suction_loss_m: strainer_bar / bar_per_m + pipe_m })
    }

    /// Speed as a share of rated speed.
    fn speed(&self, taking: &mut Taking) -> Result<f64, NoPoint> {
        if let (Some(key), Some(rated)) = (self.speed, self.rated_speed_rpm) {
            return Ok(taking.number(Some(key), Role::Speed, "rpm")? / rated);
        }
        let key = self.drive_state.ok_or(NoPoint::Unmeasured(Role::Speed))?;
        let is_running = matches!(taking.state(key, Role::Speed)?, "running" | "starting");
        Ok(if is_running { 1.0 } else { 0.0 })
    }

    /// Flow through this pump: what the meter shows at pump density, its share of a common header, and its recirculation.
    fn flow_m3_h(&self, taking: &mut Taking, speed: f64, density: f64) -> Result<f64, NoPoint> {
        let metered = taking.number(self.flow, Role::Flow, "m³/h")?;
        // Whether the other pump runs does not decide whether this one has a point.
        let other = self.parallel.as_ref().and_then(|pump| pump.speed(taking).ok()).filter(|speed| *speed >= REST_SPEED);
        let share = other.map_or(1.0, |other| speed / (speed + other));
        let forward = metered * self.meter_density_kg_m3.map_or(1.0, |meter| meter / density) * share;
        let recirculation = self.recirculation.map_or(0.0, |(most, ends)| most * (1.0 - forward / ends).clamp(0.0, 1.0));
        Ok(forward + recirculation)
    }

    /// The chart by what is read now; `read` also answers for the model's companions.
    pub fn chart(&self, plant: &Plant, read: &Readings) -> PumpChart {
        let now = self.point(plant, read);
        let judges = [self.suction, self.discharge, self.flow];
        let expected = if is_judged(plant, &judges) { self.point(plant, &as_modelled(plant, read)).ok() } else { None };
        // At rest the curves are those of rated speed.
        let speed = now.as_ref().map_or(1.0, |point| point.speed);
        let curves = &self.curves;
        let best_flow_m3_h = curves.best_flow_m3_h.map(|best| best * speed);
        PumpChart {
            rated: curve(curves.largest_flow_m3_h(), |flow| Some(curves.head_m(1.0, flow))),
            present: if now.is_ok() {
                curve(curves.largest_flow_m3_h() * speed, |flow| Some(curves.head_m(speed, flow)))
            } else {
                Vec::new()
            },
            system: now.as_ref().map_or_else(|_| Vec::new(), |point| self.system_curve(point)),
            best_flow_m3_h,
            preferred_m3_h: best_flow_m3_h.map(|best| (best * curves.preferred.0, best * curves.preferred.1)),
            npsh_required: curve(curves.largest_flow_m3_h() * speed, |flow| curves.npsh_required_m(speed, flow)),
            npsh_available: now.as_ref().map_or_else(|_| Vec::new(), |point| self.available_curve(point)),
            now,
            expected,
        }
    }

    /// What the line asks for: static head, and friction that grows with Q² through the point.
    fn system_curve(&self, point: &PumpPoint) -> Vec<[f64; 2]> {
        let Some(static_m) = point.static_head_m.filter(|_| point.flow_m3_h > 0.0) else { return Vec::new() };
        let friction = (point.head_m - static_m) / (point.flow_m3_h * point.flow_m3_h);
        curve(self.curves.largest_flow_m3_h(), |flow| Some(static_m + friction * flow * flow))
    }

    /// NPSH available: what is lost in the suction line at other flows than now.
    fn available_curve(&self, point: &PumpPoint) -> Vec<[f64; 2]> {
        let (Some(available_m), Some(loss_m)) = (point.npsh_available_m, point.suction_loss_m) else { return Vec::new() };
        // Where nothing flows nothing is lost, whatever the flow would be.
        let load = |flow: f64| if point.flow_m3_h > 0.0 { flow / point.flow_m3_h } else { 0.0 };
        curve(self.curves.largest_flow_m3_h(), |flow| Some(available_m + loss_m * (1.0 - load(flow) * load(flow))))
    }
}

/// Points of a curve from no flow on; empty when it has none.
fn curve(to_m3_h: f64, value: impl Fn(f64) -> Option<f64>) -> Vec<[f64; 2]> {
    let flows = (0..CURVE_POINTS).map(|index| to_m3_h * index as f64 / (CURVE_POINTS - 1) as f64);
    flows.filter_map(|flow| Some([flow, value(flow)?])).collect()
}
