//! The network in EPANET's own units, feet and ft³/s, in which its tolerances and constants are round numbers.

use super::super::network::{Change, DemandModel, HeadLoss, Link, LinkKind, LinkStatus, Network, NodeKind, PumpCurve, ValveKind, When};
use super::super::units::{M_PER_FT, M3_PER_FT3, Units};
use super::power::{DIAMETERS, ROUGHNESSES};
use serde::{Deserialize, Serialize};

/// Setting of a valve that is fixed open or closed.
pub const MISSING: f64 = -1e10;
/// Resistance of a closed link, and weight of a head that is held.
pub const CBIG: f64 = 1e8;
/// Resistance of an open valve without loss.
pub const CSMALL: f64 = 1e-6;
/// Flow of a closed link.
pub const QZERO: f64 = 1e-6;
/// A very small number.
pub const TINY: f64 = 1e-6;

/// What a link is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    Pipe,
    CheckValve,
    Pump,
    Prv,
    Psv,
    Pbv,
    Fcv,
    Tcv,
    Gpv,
}

/// Status of a link; everything up to [`Status::Closed`] is closed.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd, Serialize, Deserialize)]
pub enum Status {
    /// Pump that cannot lift so high.
    Xhead,
    /// Closed because a tank is full or empty.
    TempClosed,
    Closed,
    Open,
    Active,
    /// FCV that cannot deliver its flow.
    Xfcv,
    /// PRV or PSV that cannot hold its pressure.
    Xpressure,
}

impl Status {
    /// Whether nothing flows.
    pub fn is_closed(self) -> bool {
        self <= Self::Closed
    }
}

/// A link.
#[derive(Clone, Debug)]
pub struct Pipe {
    pub kind: Kind,
    pub from: usize,
    pub to: usize,
    pub status: Status,
    pub setting: f64,
    pub diameter: f64,
    /// Relative roughness, for Darcy-Weisbach.
    pub rough: f64,
    pub resistance: f64,
    pub minor: f64,
    pub pump: Option<Machine>,
    pub curve: Vec<[f64; 2]>,
}

/// A pump's curve: loss = −shutoff + factor·flow^exponent.
#[derive(Clone, Debug)]
pub struct Machine {
    pub shutoff: f64,
    pub factor: f64,
    pub exponent: f64,
    /// Head times flow of a pump of constant power.
    pub power: Option<f64>,
    pub most_head: f64,
    pub first_flow: f64,
    /// Largest flow of the curve at full speed.
    pub most_flow: f64,
    pub pattern: Option<usize>,
}

/// A tank or, without area, a reservoir.
#[derive(Clone, Debug)]
pub struct Store {
    pub node: usize,
    pub area: f64,
    pub bottom: f64,
    pub start_head: f64,
    pub least_head: f64,
    pub most_head: f64,
    pub least: f64,
    pub most: f64,
    pub start: f64,
    pub curve: Vec<[f64; 2]>,
    pub overflows: bool,
    pub pattern: Option<usize>,
}

/// A simple control.
#[derive(Clone, Debug)]
pub struct Switch {
    pub when: When,
    pub link: usize,
    pub status: Status,
    pub setting: f64,
}

/// The network.
#[derive(Clone, Debug)]
pub struct Model {
    pub junctions: usize,
    pub elevation: Vec<f64>,
    /// Emitter: head = ke·flow^qexp, 0 without.
    pub ke: Vec<f64>,
    pub qexp: f64,
    pub demands: Vec<Vec<(f64, Option<usize>)>>,
    pub stores: Vec<Store>,
    pub links: Vec<Pipe>,
    pub switches: Vec<Switch>,
    pub viscosity: f64,
    /// Minimum pressure, range and inverse exponent of pressure-driven demand.
    pub driven: Option<(f64, f64, f64)>,
    pub htol: f64,
    pub qtol: f64,
    pub rqtol: f64,
    pub head_error: f64,
    pub flow_change: f64,
}

/// From SI into feet and ft³/s, with the very bits that EPANET makes of the numbers in the file.
///
/// Where a part of a network is shut off, the last digits decide its heads. A number as the file writes it has seldom more
/// than six decimals, so it can be told from the SI value and divided as EPANET does.
#[derive(Clone, Copy, Debug)]
pub struct Scales {
    length: Scale,
    diameter: Scale,
    flow: Scale,
}

/// One quantity: its unit in the file in SI, and how many of that unit there are in EPANET's own.
#[derive(Clone, Copy, Debug)]
struct Scale {
    unit: f64,
    per_own: f64,
}

impl Scale {
    fn of(self, value: f64) -> f64 {
        let written = value / self.unit;
        let short = (written * 1e6).round() / 1e6;
        (if short * self.unit == value { short } else { written }) / self.per_own
    }
}

impl Scales {
    /// Scales of a file's units.
    pub fn new(units: &Units) -> Self {
        let feet = if units.flow.is_metric() { M_PER_FT } else { 1.0 };
        let inches = if units.flow.is_metric() { 1000.0 * M_PER_FT } else { 12.0 };
        Self {
            length: Scale { unit: units.length_m(), per_own: feet },
            diameter: Scale { unit: units.diameter_m(), per_own: inches },
            flow: Scale { unit: units.flow_m3_s(), per_own: units.flow.per_cfs() },
        }
    }
}

impl Model {
    /// Converts a network.
    pub fn new(network: &Network) -> Self {
        let options = &network.options;
        let scales = Scales::new(&network.units);
        let qexp = 1.0 / options.emitter_exponent;
        let driven = match options.demand_model {
            DemandModel::Fixed => None,
            DemandModel::PressureDriven { minimum_m, required_m, exponent } => {
                Some((minimum_m / M_PER_FT, (required_m - minimum_m) / M_PER_FT, 1.0 / exponent))
            }
        };
        let mut model = Self {
            junctions: network.junction_count,
            elevation: network.nodes.iter().map(|node| scales.length.of(node.elevation_m)).collect(),
            ke: vec![0.0; network.nodes.len()],
            qexp,
            demands: vec![Vec::new(); network.nodes.len()],
            stores: Vec::new(),
            links: network.links.iter().map(|link| pipe(link, options.head_loss, &scales)).collect(),
            switches: Vec::new(),
            viscosity: options.viscosity_m2_s / M_PER_FT / M_PER_FT,
            driven,
            htol: options.head_tolerance_m / M_PER_FT,
            qtol: options.flow_tolerance_m3_s / M3_PER_FT3,
            rqtol: options.min_gradient_s_m2 / M_PER_FT * M3_PER_FT3,
            head_error: options.head_error_m.unwrap_or(0.0) / M_PER_FT,
            flow_change: options.flow_change_m3_s.unwrap_or(0.0) / M3_PER_FT3,
        };
        model.take_nodes(network);
        model.take_controls(network);
        model
    }

    fn take_nodes(&mut self, network: &Network) {
        let scales = Scales::new(&network.units);
        let exponent = network.options.emitter_exponent;
        for (at, node) in network.nodes.iter().enumerate() {
            let elevation = self.elevation[at];
            match &node.kind {
                NodeKind::Junction { demands, emitter } => {
                    self.demands[at] = demands.iter().map(|demand| (scales.flow.of(demand.base_m3_s), demand.pattern)).collect();
                    if *emitter > 0.0 {
                        let flow = emitter / M3_PER_FT3 * libm::pow(M_PER_FT, exponent);
                        self.ke[at] = 1.0 / libm::pow(flow, self.qexp);
                    }
                }
                NodeKind::Reservoir { head_pattern } => self.stores.push(Store {
                    node: at,
                    area: 0.0,
                    bottom: elevation,
                    start_head: elevation,
                    least_head: elevation,
                    most_head: elevation,
                    least: 0.0,
                    most: 0.0,
                    start: 0.0,
                    curve: Vec::new(),
                    overflows: false,
                    pattern: *head_pattern,
                }),
                NodeKind::Tank(tank) => {
                    let head = |level: f64| elevation + scales.length.of(level);
                    let points = tank.volume_curve.iter().flatten();
                    self.stores.push(Store {
                        node: at,
                        area: tank.area_m2 / (M_PER_FT * M_PER_FT),
                        bottom: elevation,
                        start_head: head(tank.init_level_m),
                        least_head: head(tank.min_level_m),
                        most_head: head(tank.max_level_m),
                        least: tank.min_volume_m3 / M3_PER_FT3,
                        most: tank.max_volume_m3 / M3_PER_FT3,
                        start: tank.init_volume_m3 / M3_PER_FT3,
                        curve: points.map(|[level, volume]| [level / M_PER_FT, volume / M3_PER_FT3]).collect(),
                        overflows: tank.can_overflow,
                        pattern: None,
                    });
                }
            }
        }
    }

    fn take_controls(&mut self, network: &Network) {
        for control in &network.controls {
            let link = control.action.link;
            let (status, setting) = change(&self.links[link], control.action.change);
            let when = match control.when {
                When::Above { node, head_m } => When::Above { node, head_m: head_m / M_PER_FT },
                When::Below { node, head_m } => When::Below { node, head_m: head_m / M_PER_FT },
                other => other,
            };
            self.switches.push(Switch { when, link, status, setting });
        }
    }
}

/// Status and setting that a simple control gives a link.
fn change(link: &Pipe, change: Change) -> (Status, f64) {
    let keeps = |pump: f64| match link.kind {
        Kind::Pump => pump,
        Kind::Gpv => link.setting,
        _ => MISSING,
    };
    match change {
        Change::Open => (Status::Open, keeps(1.0)),
        Change::Close => (Status::Closed, keeps(0.0)),
        Change::Activate => (Status::Active, MISSING),
        Change::Setting(value) => (setting_status(link.kind, value), internal_setting(link.kind, value)),
    }
}

fn setting_status(kind: Kind, value: f64) -> Status {
    match kind {
        Kind::Pump | Kind::Pipe | Kind::CheckValve if value == 0.0 => Status::Closed,
        Kind::Pump | Kind::Pipe | Kind::CheckValve => Status::Open,
        _ => Status::Active,
    }
}

/// A setting in SI as a setting in feet or ft³/s.
pub fn internal_setting(kind: Kind, value: f64) -> f64 {
    match kind {
        Kind::Prv | Kind::Psv | Kind::Pbv => value / M_PER_FT,
        Kind::Fcv => value / M3_PER_FT3,
        _ => value,
    }
}

fn pipe(link: &Link, loss: HeadLoss, scales: &Scales) -> Pipe {
    let status = match link.status {
        LinkStatus::Closed => Status::Closed,
        LinkStatus::Open => Status::Open,
        LinkStatus::Active => Status::Active,
    };
    let mut made = Pipe {
        kind: Kind::Pipe,
        from: link.from,
        to: link.to,
        status,
        setting: MISSING,
        diameter: 0.0,
        rough: 0.0,
        resistance: 0.0,
        minor: 0.0,
        pump: None,
        curve: Vec::new(),
    };
    match &link.kind {
        LinkKind::Pipe(pipe) => {
            let diameter = scales.diameter.of(pipe.diameter_m);
            made.kind = if pipe.check_valve { Kind::CheckValve } else { Kind::Pipe };
            made.diameter = diameter;
            made.minor = minor(pipe.minor_loss, diameter);
            made.rough = pipe.roughness / M_PER_FT / diameter;
            made.resistance = resistance(loss, scales.length.of(pipe.length_m), diameter, pipe.roughness);
        }
        LinkKind::Pump(pump) => {
            made.kind = Kind::Pump;
            made.setting = pump.speed;
            made.pump = Some(machine(&pump.curve, pump.speed_pattern, scales));
            if let PumpCurve::Points { points } = &pump.curve {
                made.curve = flows_and_heads(points);
            }
        }
        LinkKind::Valve(valve) => {
            made.diameter = scales.diameter.of(valve.diameter_m);
            made.minor = minor(valve.minor_loss, made.diameter);
            let (kind, setting) = match &valve.kind {
                ValveKind::PressureReducing(value) => (Kind::Prv, *value),
                ValveKind::PressureSustaining(value) => (Kind::Psv, *value),
                ValveKind::PressureBreaker(value) => (Kind::Pbv, *value),
                ValveKind::FlowControl(value) => (Kind::Fcv, *value),
                ValveKind::Throttle(value) => (Kind::Tcv, *value),
                ValveKind::GeneralPurpose(points) => {
                    made.curve = flows_and_heads(points);
                    (Kind::Gpv, 1.0)
                }
            };
            made.kind = kind;
            let fixed = kind != Kind::Gpv && status != Status::Active;
            made.setting = if fixed { MISSING } else { internal_setting(kind, setting) };
        }
    }
    made
}

fn flows_and_heads(points: &[[f64; 2]]) -> Vec<[f64; 2]> {
    points.iter().map(|[flow, head]| [flow / M3_PER_FT3, head / M_PER_FT]).collect()
}

/// Loss = minor·flow²; 0.02517 is 8/(π²·32.2).
fn minor(coefficient: f64, diameter: f64) -> f64 {
    0.02517 * coefficient / (diameter * diameter) / (diameter * diameter)
}

/// Loss = resistance·flow^exponent; for Darcy-Weisbach without the friction factor. Manual of EPANET 2.2, table 3.1.
fn resistance(loss: HeadLoss, length: f64, diameter: f64, roughness: f64) -> f64 {
    let area = std::f64::consts::PI * diameter * diameter / 4.0;
    match loss {
        HeadLoss::HazenWilliams => 4.727 * length / ROUGHNESSES.of(roughness) / DIAMETERS.of(diameter),
        HeadLoss::DarcyWeisbach => length / 2.0 / 32.2 / diameter / (area * area),
        HeadLoss::ChezyManning => {
            let base = 4.0 * roughness / (1.49 * std::f64::consts::PI * diameter * diameter);
            base * base * libm::pow(diameter / 4.0, -1.333) * length
        }
    }
}

fn machine(curve: &PumpCurve, pattern: Option<usize>, scales: &Scales) -> Machine {
    let blank = Machine {
        shutoff: 0.0,
        factor: 0.0,
        exponent: 1.0,
        power: None,
        most_head: 1e10,
        first_flow: 1.0,
        most_flow: f64::INFINITY,
        pattern,
    };
    match curve {
        PumpCurve::ConstantPower { head_flow_m4_s, .. } => Machine { power: Some(head_flow_m4_s / M_PER_FT / M3_PER_FT3), ..blank },
        PumpCurve::Power { shutoff_m, factor, exponent, design_flow_m3_s, max_flow_m3_s } => Machine {
            most_flow: max_flow_m3_s / M3_PER_FT3,
            shutoff: scales.length.of(*shutoff_m),
            factor: factor / M_PER_FT * libm::pow(M3_PER_FT3, *exponent),
            exponent: *exponent,
            most_head: scales.length.of(*shutoff_m),
            first_flow: scales.flow.of(*design_flow_m3_s),
            ..blank
        },
        PumpCurve::Points { points } => {
            let points = flows_and_heads(points);
            let ends = points.first().zip(points.last());
            let Some((first, last)) = ends else { return Machine { most_head: 0.0, ..blank } };
            Machine { first_flow: (first[0] + last[0]) / 2.0, most_head: first[1], most_flow: last[0], ..blank }
        }
    }
}
