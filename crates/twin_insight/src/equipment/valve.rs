//! Control valves: inherent and installed characteristic.

use super::loops::loops_for;
use super::roles::{Named, Taking};
use super::{NoPoint, Readings, Role, as_modelled, is_judged};
use twin_model::{Plant, Quality, SignalKey};

/// Points of a drawn curve.
const CURVE_POINTS: usize = 33;
/// Below this opening an equal-percentage valve closes linearly, %.
const SEAT_PCT: f64 = 5.0;
/// Density the capacity Kv is defined for, kg/m³.
const WATER_KG_M3: f64 = 1000.0;

/// How the capacity grows with the opening, at a constant drop (IEC 60534-2-4).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Characteristic {
    /// Kv ÷ Kvs = opening.
    Linear,
    /// Kv ÷ Kvs = R^(opening − 1); below 5 % linear to the seat.
    EqualPercentage {
        /// R, above 1.
        rangeability: f64,
    },
    /// Kv ÷ Kvs = √opening, the usual picture of a flat plug.
    QuickOpening,
}

impl Characteristic {
    pub(super) fn read(named: &Named) -> Option<Self> {
        match named.text("characteristic")? {
            "linear" => Some(Self::Linear),
            "equal percentage" => {
                named.number("rangeability").filter(|r| *r > 1.0).map(|rangeability| Self::EqualPercentage { rangeability })
            }
            "quick opening" => Some(Self::QuickOpening),
            _ => None,
        }
    }

    /// Capacity as a share of Kvs at an opening in %.
    pub fn share(self, opening_pct: f64) -> f64 {
        let opening = opening_pct.clamp(0.0, 100.0);
        match self {
            Self::Linear => opening / 100.0,
            Self::QuickOpening => libm::sqrt(opening / 100.0),
            Self::EqualPercentage { rangeability } => {
                let at = |pct: f64| libm::pow(rangeability, pct / 100.0 - 1.0);
                if opening >= SEAT_PCT { at(opening) } else { at(SEAT_PCT) * opening / SEAT_PCT }
            }
        }
    }

    /// Opening in % that gives a share of Kvs; `None` above 1.
    pub fn opening_pct(self, share: f64) -> Option<f64> {
        if !(0.0..=1.0).contains(&share) {
            return None;
        }
        Some(match self {
            Self::Linear => 100.0 * share,
            Self::QuickOpening => 100.0 * share * share,
            Self::EqualPercentage { rangeability } => {
                let seat = self.share(SEAT_PCT);
                if share < seat { SEAT_PCT * share / seat } else { 100.0 * (1.0 + libm::log(share) / libm::log(rangeability)) }
            }
        })
    }
}

/// A valve between a source and a sink whose pressures stay, in a line whose losses grow with Q².
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Installed {
    /// Design flow, m³/h.
    pub flow_m3_h: f64,
    /// Drop over the valve at the design flow, bar.
    pub drop_bar: f64,
    /// What everything else takes at the design flow, a falling pump curve included, bar.
    pub line_loss_bar: f64,
    /// Density in the valve, kg/m³.
    pub density_kg_m3: f64,
}

impl Installed {
    fn read(named: &Named) -> Option<Self> {
        Some(Self {
            flow_m3_h: named.positive("design_flow_m3_h")?,
            drop_bar: named.positive("design_drop_bar")?,
            line_loss_bar: named.number("design_line_loss_bar").filter(|loss| *loss >= 0.0)?,
            density_kg_m3: named.positive("density_kg_m3").unwrap_or(WATER_KG_M3),
        })
    }

    /// Authority, 0 … 1: drop over the valve ÷ all that depends on the flow, at the design flow. A shut valve takes the
    /// whole of it.
    pub fn authority(&self) -> f64 {
        self.drop_bar / (self.drop_bar + self.line_loss_bar)
    }

    /// Drop that is left for the valve at a flow, bar.
    pub fn drop_at_bar(&self, flow_m3_h: f64) -> f64 {
        let load = flow_m3_h / self.flow_m3_h;
        self.drop_bar + self.line_loss_bar * (1.0 - load * load)
    }

    /// Capacity a flow needs here, m³/h: Q·√(ρ ÷ (1000·Δp)); `None` where no drop is left.
    pub fn kv_at(&self, flow_m3_h: f64) -> Option<f64> {
        let drop_bar = self.drop_at_bar(flow_m3_h);
        (drop_bar > 0.0).then(|| flow_m3_h * libm::sqrt(self.density_kg_m3 / WATER_KG_M3 / drop_bar))
    }

    /// Flow through a capacity here, m³/h: the inverse of [`Self::kv_at`].
    pub fn flow_at_m3_h(&self, kv: f64) -> f64 {
        let loss = self.line_loss_bar / (self.flow_m3_h * self.flow_m3_h);
        libm::sqrt(kv * kv * (self.drop_bar + self.line_loss_bar) / (self.density_kg_m3 / WATER_KG_M3 + kv * kv * loss))
    }
}

/// A control valve of the plant with its signals.
#[derive(Clone, Debug, PartialEq)]
pub struct Valve {
    /// Capacity fully open, m³/h at 1 bar of water.
    pub kvs_m3_h: f64,
    /// Inherent characteristic.
    pub characteristic: Characteristic,
    /// The line it stands in, where the plant file describes it.
    pub installed: Option<Installed>,
    /// Mechanical lower stop, %.
    pub lower_stop_pct: f64,
    position: Option<SignalKey>,
    flow: Option<SignalKey>,
    command: Option<SignalKey>,
}

/// Where a valve stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ValvePoint {
    /// Stem position, % open.
    pub position_pct: f64,
    /// Capacity there, m³/h.
    pub kv_m3_h: f64,
    /// Flow through it, m³/h; `None` when not known.
    pub flow_m3_h: Option<f64>,
    /// Drop over it at this flow and capacity, bar: (Q ÷ Kv)² · ρ ÷ 1000.
    pub drop_bar: Option<f64>,
    /// The worst of what it was computed from.
    pub quality: Quality,
}

/// Everything a valve chart shows.
#[derive(Clone, Debug, PartialEq)]
pub struct ValveChart {
    /// Opening in % and capacity in % of Kvs.
    pub inherent: Vec<[f64; 2]>,
    /// Flow in m³/h and the opening in % it takes in this line; empty where the plant file does not describe it.
    pub installed: Vec<[f64; 2]>,
    /// Drop over the valve as a share of all that depends on flow, at design.
    pub authority: Option<f64>,
    /// Flow with the valve fully open, m³/h.
    pub greatest_flow_m3_h: Option<f64>,
    /// Where it stands, or why nobody can say.
    pub now: Result<ValvePoint, NoPoint>,
    /// Where the model expects it; `None` when no model judges its signals.
    pub expected: Option<ValvePoint>,
    /// Output of the controller that moves it, %; `None` without one of its own, or when not usable.
    pub command_pct: Option<f64>,
}

impl Valve {
    /// The valve that a thing is; `None` without the attributes of a characteristic.
    pub fn of(plant: &Plant, thing: usize) -> Option<Self> {
        let named = Named::new(plant, thing)?;
        // A split range moves each of its valves by a part of its output only.
        let moves_alone = |controller: usize| Named::new(plant, controller).is_some_and(|named| named.targets("controls").count() == 1);
        let controller = loops_for(plant, thing).into_iter().find(|control| moves_alone(control.thing));
        Some(Self {
            kvs_m3_h: named.positive("kvs_m3_h")?,
            characteristic: Characteristic::read(&named)?,
            installed: Installed::read(&named),
            lower_stop_pct: named.number("lower_stop_percent").unwrap_or(0.0),
            position: named.telemetry("position"),
            flow: named.flow(),
            command: controller.and_then(|control| control.output),
        })
    }

    /// Signals the chart is computed from.
    pub fn signals(&self) -> Vec<SignalKey> {
        [self.position, self.flow, self.command].into_iter().flatten().collect()
    }

    /// Where the valve stands by these readings.
    ///
    /// # Errors
    /// [`NoPoint`] when its position is Bad or not measured.
    pub fn point(&self, plant: &Plant, read: &Readings) -> Result<ValvePoint, NoPoint> {
        let mut taking = Taking::new(plant, read);
        let position_pct = taking.number(self.position, Role::Position, "%")?;
        let kv_m3_h = self.kvs_m3_h * self.characteristic.share(position_pct);
        let flow_m3_h = self.flow.map(|key| taking.number(Some(key), Role::Flow, "m³/h")).transpose()?;
        let density = self.installed.map_or(WATER_KG_M3, |installed| installed.density_kg_m3);
        let drop = |flow: f64| (flow / kv_m3_h) * (flow / kv_m3_h) * density / WATER_KG_M3;
        let drop_bar = flow_m3_h.filter(|_| kv_m3_h > 0.01 * self.kvs_m3_h).map(drop);
        Ok(ValvePoint { position_pct, kv_m3_h, flow_m3_h, drop_bar, quality: taking.quality })
    }

    /// Opening in % that a flow takes in this line.
    pub fn opening_at_pct(&self, flow_m3_h: f64) -> Option<f64> {
        self.characteristic.opening_pct(self.installed?.kv_at(flow_m3_h)? / self.kvs_m3_h)
    }

    /// The chart by what is read now; `read` also answers for the model's companions.
    pub fn chart(&self, plant: &Plant, read: &Readings) -> ValveChart {
        let share = |index: usize| index as f64 / (CURVE_POINTS - 1) as f64;
        let greatest_flow_m3_h = self.installed.map(|installed| installed.flow_at_m3_h(self.kvs_m3_h));
        // By opening, not by flow: so the curve ends exactly where the valve is fully open.
        let flow_at = |pct: f64| Some([self.installed?.flow_at_m3_h(self.kvs_m3_h * self.characteristic.share(pct)), pct]);
        let is_expected = is_judged(plant, &[self.position, self.flow]);
        let command = self.command.and_then(|key| Taking::new(plant, read).number(Some(key), Role::Position, "%").ok());
        ValveChart {
            inherent: (0..CURVE_POINTS).map(|i| [100.0 * share(i), 100.0 * self.characteristic.share(100.0 * share(i))]).collect(),
            installed: (0..CURVE_POINTS).filter_map(|i| flow_at(100.0 * share(i))).collect(),
            authority: self.installed.map(|installed| installed.authority()),
            greatest_flow_m3_h,
            now: self.point(plant, read),
            expected: if is_expected { self.point(plant, &as_modelled(plant, read)).ok() } else { None },
            command_pct: command,
        }
    }
}
