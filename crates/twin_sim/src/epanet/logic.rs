//! What switches the links of a water network: simple controls and rules.

use super::network::LinkStatus;

/// What a control or a rule does to a link.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Action {
    /// The link.
    pub link: usize,
    /// What becomes of it.
    pub change: Change,
}

/// What becomes of a link.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Change {
    /// Opens: a pump runs at speed 1, a valve is fixed open.
    Open,
    /// Closes.
    Close,
    /// A rule's `STATUS = ACTIVE`: a valve goes on with its last setting.
    Activate,
    /// A new setting in SI: speed of a pump (1), pressure head (m), flow (m³/s) or loss coefficient of a valve. Pipes never have one:
    /// the reader turns 0 into [`Change::Close`] and everything else into [`Change::Open`]. A valve becomes active.
    Setting(f64),
}

/// A simple control of `[CONTROLS]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Control {
    /// When.
    pub when: When,
    /// What.
    pub action: Action,
    /// Line of the file, from 1.
    pub line: u32,
}

/// When a simple control acts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum When {
    /// The head of a node is at or above this; the file gives the level of a tank or the pressure of a junction.
    Above {
        /// The node.
        node: usize,
        /// Head, m.
        head_m: f64,
    },
    /// The head of a node is at or below this.
    Below {
        /// The node.
        node: usize,
        /// Head, m.
        head_m: f64,
    },
    /// At this time since the start, s.
    Time(i64),
    /// Every day at this time since midnight, 0..86 400 s.
    ClockTime(i64),
}

/// A rule of `[RULES]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// Name in the file.
    pub id: String,
    /// Conditions in file order; the first joins nothing. EPANET evaluates them from first to last, see [`Join`].
    pub premises: Vec<Premise>,
    /// What happens when the conditions hold.
    pub then: Vec<Action>,
    /// What happens when they do not.
    pub otherwise: Vec<Action>,
    /// The higher one wins over another rule for the same link; 0 without one.
    pub priority: f64,
    /// Line of the file, from 1.
    pub line: u32,
}

/// How a condition joins the ones before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Join {
    /// `IF` and `AND`: when the result so far does not hold, the rule does not hold, whatever follows; else this one decides.
    And,
    /// `OR`: when the result so far does not hold, this one decides.
    Or,
}

/// A condition of a rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Premise {
    /// How it joins the ones before.
    pub join: Join,
    /// What is looked at.
    pub subject: Subject,
    /// How it is compared.
    pub relation: Relation,
}

/// How a condition compares a number x with its value v, within EPANET's tolerance t. Times are compared without one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// `=`, `IS`: |x − v| ≤ t. A time is equal when it was reached since the last look at the rules.
    Equal,
    /// `<>`, `NOT`: |x − v| ≥ t.
    NotEqual,
    /// `<`, `BELOW`: x ≤ v + t.
    Less,
    /// `<=`: x ≤ v − t, which is stricter than `<`; so it is in EPANET.
    LessOrEqual,
    /// `>`, `ABOVE`: x ≥ v − t.
    Greater,
    /// `>=`: x ≥ v + t, which is stricter than `>`; so it is in EPANET.
    GreaterOrEqual,
}

/// What a condition looks at, and the value it compares with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Subject {
    /// A number at a node.
    Node {
        /// The node.
        node: usize,
        /// Which number.
        variable: NodeVariable,
        /// Value and tolerance in SI.
        value: Threshold,
    },
    /// A number of a link.
    Link {
        /// The link.
        link: usize,
        /// Which number.
        variable: LinkVariable,
        /// Value and tolerance in SI.
        value: Threshold,
    },
    /// `STATUS` of a link; only compared by [`Relation::Equal`] and [`Relation::NotEqual`].
    Status {
        /// The link.
        link: usize,
        /// Open, closed or active.
        status: LinkStatus,
    },
    /// Total demand of the system, m³/s.
    SystemDemand(Threshold),
    /// Seconds since the start.
    Time(i64),
    /// Seconds since midnight.
    ClockTime(i64),
}

/// The value of a condition.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Threshold {
    /// Value in SI.
    pub value: f64,
    /// EPANET compares numbers with a tolerance of 0.001 in the file's unit; here it is in SI.
    pub tolerance: f64,
}

/// Number at a node that a rule can look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeVariable {
    /// Demand, m³/s.
    Demand,
    /// Head, m.
    Head,
    /// Pressure head, m.
    Pressure,
    /// Level of a tank (head minus elevation), m.
    Level,
    /// Time until a tank is full at the present flow, s.
    FillTime,
    /// Time until a tank is at its lowest level at the present flow, s.
    DrainTime,
}

/// Number of a link that a rule can look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkVariable {
    /// Amount of the flow, m³/s.
    Flow,
    /// Setting, as in [`Change::Setting`].
    Setting,
}
