//! A water network as plain data, in SI units.
//!
//! Everything that the file names by id is an index here: into [`Network::nodes`], [`Network::links`],
//! [`Network::patterns`] or [`Network::curves`]. [`crate::epanet::read`] hands out only networks whose indices are valid.
//!
//! Heads and levels are metres of the fluid, flows m³/s, times whole seconds since the start of the simulation, as EPANET
//! counts them.

pub use super::logic::{Action, Change, Control, Join, LinkVariable, NodeVariable, Premise, Relation, Rule, Subject, Threshold, When};
use super::units::{M_PER_FT, M3_PER_FT3, Units, WATER_VISCOSITY_FT2_S};

/// Everything a file says that concerns hydraulics.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Network {
    /// Lines of `[TITLE]`.
    pub title: Vec<String>,
    /// How the file speaks, and how results go back.
    pub units: Units,
    /// Junctions in file order, then reservoirs and tanks in file order: EPANET's own numbering.
    pub nodes: Vec<Node>,
    /// How many of [`Self::nodes`] are junctions.
    pub junction_count: usize,
    /// Pipes, pumps and valves in file order: EPANET's own numbering.
    pub links: Vec<Link>,
    /// Multipliers over time.
    pub patterns: Vec<Pattern>,
    /// Curves as the file writes them, in file units. What uses a curve carries its own converted points.
    pub curves: Vec<Curve>,
    /// Simple controls in file order; later ones win over earlier ones.
    pub controls: Vec<Control>,
    /// Rules in file order.
    pub rules: Vec<Rule>,
    /// Duration and steps.
    pub times: Times,
    /// How to solve.
    pub options: Options,
}

/// A point of the network.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Name in the file, at most 31 bytes.
    pub id: String,
    /// What it is.
    pub kind: NodeKind,
    /// Elevation in m: of a junction; of a tank's bottom; the base head of a reservoir.
    pub elevation_m: f64,
    /// Place on the map, in the map's own units.
    pub position: Option<[f64; 2]>,
    /// Line of the file, from 1.
    pub line: u32,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq)]
pub enum NodeKind {
    /// Pipes meet here and water may leave.
    Junction {
        /// Consumptions that add up.
        demands: Vec<Demand>,
        /// Emitter: flow in m³/s at 1 m of pressure head, so that `flow = emitter · pressure_m ^ emitter_exponent`. 0 without.
        emitter: f64,
    },
    /// A head that the network does not change.
    Reservoir {
        /// Pattern that multiplies the base head.
        head_pattern: Option<usize>,
    },
    /// Water with a free surface.
    Tank(Tank),
}

/// One consumption of a junction.
#[derive(Clone, Debug, PartialEq)]
pub struct Demand {
    /// Base flow in m³/s, before pattern and demand multiplier; negative feeds water in.
    pub base_m3_s: f64,
    /// Pattern, with the default pattern of the options filled in; `None` is a constant 1.
    pub pattern: Option<usize>,
    /// Name of the category, may be empty.
    pub category: String,
}

/// A tank. Levels are metres above its bottom, which is the node's elevation.
#[derive(Clone, Debug, PartialEq)]
pub struct Tank {
    /// Level at the start, m.
    pub init_level_m: f64,
    /// Level below which nothing flows out, m.
    pub min_level_m: f64,
    /// Level at which it is full, m.
    pub max_level_m: f64,
    /// Diameter in the file, m. With a volume curve only nominal.
    pub diameter_m: f64,
    /// Horizontal area in m²: π/4·d²; with a volume curve its mean slope.
    pub area_m2: f64,
    /// Volume at the lowest level, m³: from the curve, else as given, else area times lowest level.
    pub min_volume_m3: f64,
    /// Volume at the start, m³.
    pub init_volume_m3: f64,
    /// Volume at the highest level, m³.
    pub max_volume_m3: f64,
    /// Level in m over volume in m³, levels strictly increasing, volumes not decreasing; covers lowest and highest level.
    pub volume_curve: Option<Vec<[f64; 2]>>,
    /// True when a full tank spills what still flows in.
    pub can_overflow: bool,
}

/// A connection of two nodes.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// Name in the file, at most 31 bytes.
    pub id: String,
    /// Node where a positive flow enters.
    pub from: usize,
    /// Node where a positive flow leaves.
    pub to: usize,
    /// What it is.
    pub kind: LinkKind,
    /// Status at the start, `[STATUS]` taken into account.
    ///
    /// A pipe is open or closed, and so is a pump. A valve is [`LinkStatus::Active`] while its setting rules, or fixed open or closed; a GPV is open while its curve rules.
    pub status: LinkStatus,
    /// Bends between the two nodes, in the map's own units.
    pub vertices: Vec<[f64; 2]>,
    /// Line of the file, from 1.
    pub line: u32,
}

/// What a link is.
#[derive(Clone, Debug, PartialEq)]
pub enum LinkKind {
    /// A pipe.
    Pipe(Pipe),
    /// A pump.
    Pump(Pump),
    /// A valve.
    Valve(Valve),
}

/// Open, shut or regulating.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkStatus {
    /// No flow.
    Closed,
    /// Fully open.
    Open,
    /// A valve that follows its setting.
    Active,
}

/// A pipe.
#[derive(Clone, Debug, PartialEq)]
pub struct Pipe {
    /// Length, m, > 0.
    pub length_m: f64,
    /// Inner diameter, m, > 0.
    pub diameter_m: f64,
    /// By head loss formula: Hazen-Williams C (1), Darcy-Weisbach roughness height in m, Manning's n (1).
    pub roughness: f64,
    /// Minor loss coefficient K of `h = K·v²/2g`, ≥ 0.
    pub minor_loss: f64,
    /// True when water only flows from [`Link::from`] to [`Link::to`].
    pub check_valve: bool,
}

/// A pump.
#[derive(Clone, Debug, PartialEq)]
pub struct Pump {
    /// How head depends on flow at speed 1.
    pub curve: PumpCurve,
    /// Speed relative to the curve's, ≥ 0. Times the pattern if there is one.
    pub speed: f64,
    /// Pattern of the speed.
    pub speed_pattern: Option<usize>,
}

/// Head of a pump over its flow at nominal speed.
#[derive(Clone, Debug, PartialEq)]
pub enum PumpCurve {
    /// The same power at every flow.
    ConstantPower {
        /// Power given to the water as the file states it, W (1 hp = 745.7 W).
        power_w: f64,
        /// Head times flow, m·m³/s: EPANET's 8.814 ft·ft³/s per hp, which does not depend on the specific gravity.
        head_flow_m4_s: f64,
    },
    /// `head = shutoff_m − factor · flow^exponent`, from one point (shutoff 4/3 of its head, no head at twice its flow) or three.
    Power {
        /// Head without flow, m.
        shutoff_m: f64,
        /// Factor, m/(m³/s)^exponent, > 0.
        factor: f64,
        /// Exponent, 0 < exponent ≤ 20.
        exponent: f64,
        /// Flow of the middle point (the design point), m³/s.
        design_flow_m3_s: f64,
        /// Flow at which no head is left, m³/s.
        max_flow_m3_s: f64,
    },
    /// Straight lines between points, the first and the last line prolonged.
    Points {
        /// Flow in m³/s (strictly increasing) and head in m (strictly falling), two points or more.
        points: Vec<[f64; 2]>,
    },
}

/// A valve.
#[derive(Clone, Debug, PartialEq)]
pub struct Valve {
    /// What it keeps, with the setting at the start.
    pub kind: ValveKind,
    /// Inner diameter, m, > 0.
    pub diameter_m: f64,
    /// Minor loss coefficient K when fully open, ≥ 0.
    pub minor_loss: f64,
}

/// What a valve keeps.
#[derive(Clone, Debug, PartialEq)]
pub enum ValveKind {
    /// PRV: pressure head behind it at most this, m.
    PressureReducing(f64),
    /// PSV: pressure head before it at least this, m.
    PressureSustaining(f64),
    /// PBV: pressure head it takes away, m.
    PressureBreaker(f64),
    /// FCV: flow at most this, m³/s.
    FlowControl(f64),
    /// TCV: loss coefficient K.
    Throttle(f64),
    /// GPV: head loss in m over flow in m³/s, flows strictly increasing.
    GeneralPurpose(Vec<[f64; 2]>),
}

/// Multipliers over time, used again from the start when they end.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    /// Name in the file.
    pub id: String,
    /// At least one multiplier.
    pub multipliers: Vec<f64>,
    /// First line of the file, from 1.
    pub line: u32,
}

/// A curve as the file writes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// Name in the file.
    pub id: String,
    /// At least one point, x strictly increasing, in file units.
    pub points: Vec<[f64; 2]>,
    /// First line of the file, from 1.
    pub line: u32,
}

/// Duration and steps, whole seconds.
#[derive(Clone, Debug, PartialEq)]
pub struct Times {
    /// How long to simulate; 0 for one single moment.
    pub duration_s: i64,
    /// Longest hydraulic step, after EPANET's limits (not longer than pattern or report step), ≥ 1.
    pub hydraulic_step_s: i64,
    /// How long a pattern's multiplier holds, ≥ 1.
    pub pattern_step_s: i64,
    /// Time into the patterns at the start.
    pub pattern_start_s: i64,
    /// Between two reports, ≥ 1.
    pub report_step_s: i64,
    /// First report.
    pub report_start_s: i64,
    /// Between two looks at the rules, ≥ 1.
    pub rule_step_s: i64,
    /// Time of day at the start, 0..86 400.
    pub start_clock_s: i64,
    /// What is reported.
    pub statistic: Statistic,
}

/// What becomes of the values over time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Statistic {
    /// Every report time on its own.
    #[default]
    Series,
    /// The mean over time.
    Average,
    /// The smallest.
    Minimum,
    /// The largest.
    Maximum,
    /// Largest minus smallest.
    Range,
}

/// How to solve.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Head loss of pipes.
    pub head_loss: HeadLoss,
    /// Kinematic viscosity, m²/s.
    pub viscosity_m2_s: f64,
    /// Density relative to water at 4 °C; only pressures in psi and kPa know it, and they are heads here already.
    pub specific_gravity: f64,
    /// Most iterations per step.
    pub trials: u32,
    /// Converged when the sum of flow changes over the sum of flows is at most this.
    pub accuracy: f64,
    /// Converged only when no head loss is further off than this, m; `None` when the file does not ask for it.
    pub head_error_m: Option<f64>,
    /// Converged only when no flow changed more than this, m³/s; `None` when the file does not ask for it.
    pub flow_change_m3_s: Option<f64>,
    /// Iterations with all status frozen after [`Self::trials`] did not suffice; `None` to stop instead (`UNBALANCED STOP`).
    pub extra_trials: Option<u32>,
    /// Iterations between two status checks.
    pub check_freq: u32,
    /// Iterations after which status is only checked at convergence.
    pub max_check: u32,
    /// Relative flow change below which steps are damped to 0.6 and PRV/PSV status is checked; 0 for neither.
    pub damp_limit: f64,
    /// Head difference below which a check valve, pump or tank link does not change its status, m (`HTOL`, 0.0005 ft).
    pub head_tolerance_m: f64,
    /// Flow below which a status does not change, m³/s (`QTOL`, 0.0001 ft³/s).
    pub flow_tolerance_m3_s: f64,
    /// Least slope of head loss over flow, m/(m³/s) (`RQTOL`, 1e-7 ft/(ft³/s)).
    pub min_gradient_s_m2: f64,
    /// Multiplies all demands.
    pub demand_multiplier: f64,
    /// Exponent of emitters, for `flow = C·pressure^exponent`.
    pub emitter_exponent: f64,
    /// What happens to a demand at low pressure.
    pub demand_model: DemandModel,
}

/// What happens to a demand at low pressure.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum DemandModel {
    /// The demand is drawn whatever the pressure (DDA).
    #[default]
    Fixed,
    /// `demand · ((p − minimum)/(required − minimum))^exponent` between the two pressures (PDA).
    PressureDriven {
        /// Pressure head at and below which nothing is drawn, m.
        minimum_m: f64,
        /// Pressure head at and above which all is drawn, m.
        required_m: f64,
        /// Exponent.
        exponent: f64,
    },
}

/// Formula of the head loss of pipes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HeadLoss {
    /// Hazen-Williams.
    #[default]
    HazenWilliams,
    /// Darcy-Weisbach.
    DarcyWeisbach,
    /// Chezy-Manning.
    ChezyManning,
}

impl Default for Times {
    fn default() -> Self {
        Self {
            duration_s: 0,
            hydraulic_step_s: 3600,
            pattern_step_s: 3600,
            pattern_start_s: 0,
            report_step_s: 3600,
            report_start_s: 0,
            rule_step_s: 360,
            start_clock_s: 0,
            statistic: Statistic::Series,
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            head_loss: HeadLoss::HazenWilliams,
            viscosity_m2_s: WATER_VISCOSITY_FT2_S * M_PER_FT * M_PER_FT,
            specific_gravity: 1.0,
            trials: 200,
            accuracy: 0.001,
            head_error_m: None,
            flow_change_m3_s: None,
            extra_trials: None,
            check_freq: 2,
            max_check: 10,
            damp_limit: 0.0,
            head_tolerance_m: 0.0005 * M_PER_FT,
            flow_tolerance_m3_s: 0.0001 * M3_PER_FT3,
            min_gradient_s_m2: 1e-7 * M_PER_FT / M3_PER_FT3,
            demand_multiplier: 1.0,
            emitter_exponent: 0.5,
            demand_model: DemandModel::Fixed,
        }
    }
}
