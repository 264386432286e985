//! What the Unit 100 specification says of each story: values by minute, and when its consequences and alarms come.
//!
//! The tables hold for a plant as in its data sheets in flat surroundings ([`StoryTable::options`]). A value is meant as
//! the mean of the minute around its row; it may be off by 5 % of the span of its signal, or by 10 % of the change since
//! the first row where that is more. A time may be off by a tenth, or by a minute where that is more.

use crate::demo::DemoOptions;
use crate::plant::Truth;
use crate::signals::SIGNALS;

/// Half of the time over which a value is averaged around the minute of its row.
pub const HALF_WINDOW_MIN: f64 = 0.5;

const OF_SPAN: f64 = 0.05;
const OF_CHANGE: f64 = 0.10;
const OF_TIME: f64 = 0.1;
const AT_LEAST_MIN: f64 = 1.0;
/// Alarms closer than this may come in either order.
const TOO_CLOSE_MIN: f64 = 0.5;
/// In place of a value the specification does not give.
const UNTOLD: f64 = f64::NAN;

/// A column of the tables that no signal shows: a true value of the plant.
#[derive(Clone, Copy, Debug)]
pub struct Unpublished {
    /// Name of the column.
    pub name: &'static str,
    /// What a tolerance in percent of span refers to, in the unit of the value.
    pub span: f64,
    /// Takes it from the truth.
    pub read: fn(&Truth) -> f64,
}

/// `NPSH`: margin of P-101A in m; `LEVEL`: true level of V-101 in %.
pub const UNPUBLISHED: [Unpublished; 2] = [
    Unpublished { name: "NPSH", span: 10.0, read: |truth| truth.npsh_margin_m[0] },
    Unpublished { name: "LEVEL", span: 100.0, read: |truth| truth.drum_level_pct },
];

/// Width of the range of a signal or of an [`Unpublished`] column; not a number where there is neither.
pub fn span(tag: &str) -> f64 {
    let unpublished = UNPUBLISHED.iter().find(|column| column.name == tag).map(|column| column.span);
    let published = || SIGNALS.iter().find(|signal| signal.tag == tag).map(|signal| signal.range.1 - signal.range.0);
    unpublished.or_else(published).unwrap_or(f64::NAN)
}

/// By how much a time may be off, in minutes.
pub fn allowed_min(expected_min: f64) -> f64 {
    (OF_TIME * expected_min).max(AT_LEAST_MIN)
}

/// A story in a plant as in its data sheets: unbiased instruments, flat surroundings, the onset at the start.
pub fn nominal(story: &str) -> DemoOptions {
    DemoOptions { story: story.into(), onset_min: 0.0, nominal: true, set: vec![("life".into(), "flat".into())], ..DemoOptions::default() }
}

/// One story of the specification, at one severity and in one variant.
#[derive(Clone, Copy, Debug)]
pub struct StoryTable {
    /// Name of the story, see [`crate::story::STORIES`].
    pub story: &'static str,
    /// Name and value of the variant, as in [`DemoOptions::set`].
    pub variant: Option<(&'static str, &'static str)>,
    /// 0 = mild … 1 = severe.
    pub severity: f64,
    /// Minutes before the fault begins. All minutes count from the start of the run.
    pub onset_min: f64,
    /// Minutes until everything in the table has come.
    pub minutes: f64,
    /// The columns of the rows: signals or names of [`UNPUBLISHED`].
    pub tags: &'static [&'static str],
    /// The first row holds the start values.
    pub rows: &'static [Row],
    /// What follows, by the texts of [`crate::truth::TruthLog::consequence_min`].
    pub consequences: &'static [Event],
    /// Alarm points by their tags, in the order in which they come.
    pub alarms: &'static [Event],
}

/// The values of one minute.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Minutes after the start.
    pub minute: f64,
    /// One per tag, in its unit; not a number where the specification gives none.
    pub values: &'static [f64],
}

/// Something that comes at its time.
#[derive(Clone, Copy, Debug)]
pub struct Event {
    /// Minutes after the start, to be met within [`allowed_min`].
    pub minute: f64,
    /// A consequence, or the tag of an alarm point.
    pub what: &'static str,
}

/// A value the specification gives, with its tolerance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expected {
    /// A signal or a name of [`UNPUBLISHED`].
    pub tag: &'static str,
    /// Minutes after the start.
    pub minute: f64,
    /// Mean of the minute around, in the unit of the signal.
    pub value: f64,
    /// By how much it may be off, in the unit of the signal.
    pub allowed: f64,
}

impl StoryTable {
    /// The run the table is about.
    pub fn options(&self) -> DemoOptions {
        let mut options = DemoOptions { severity: self.severity, onset_min: self.onset_min, ..nominal(self.story) };
        options.set.extend(self.variant.map(|(name, value)| (name.to_owned(), value.to_owned())));
        options
    }

    /// Every value the table gives, row by row.
    pub fn expected(&self) -> impl Iterator<Item = Expected> {
        let first = self.rows.first().map_or(&[][..], |row| row.values);
        let figures = self.rows.iter().flat_map(move |row| {
            let of_tags = self.tags.iter().zip(row.values).zip(first);
            of_tags.map(move |((tag, value), first)| {
                let allowed = (OF_SPAN * span(tag)).max(OF_CHANGE * (value - first).abs());
                Expected { tag, minute: row.minute, value: *value, allowed }
            })
        });
        figures.filter(|expected| !expected.value.is_nan())
    }

    /// Pairs of alarms of which the first comes before the second.
    pub fn alarm_order(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let neighbours = self.alarms.iter().zip(self.alarms.iter().skip(1));
        neighbours.filter(|(one, two)| two.minute - one.minute > TOO_CLOSE_MIN).map(|(one, two)| (one.what, two.what))
    }
}

const fn row(minute: f64, values: &'static [f64]) -> Row {
    Row { minute, values }
}

const fn at(minute: f64, what: &'static str) -> Event {
    Event { minute, what }
}

/// The drive-end bearing of P-101A, up to the trip.
pub const BEARING_WEAR: StoryTable = StoryTable {
    story: "bearing-wear",
    variant: None,
    severity: 0.5,
    onset_min: 0.0,
    minutes: 375.0,
    tags: &["VT-113A", "VT-111A", "VT-112A", "TT-111A", "II-101A"],
    rows: &[
        row(0.5, &[0.60, 1.92, 1.60, 57.9, 20.5]),
        row(60.0, &[0.92, 1.96, 1.62, 58.2, 20.5]),
        row(120.0, &[1.43, 2.04, 1.65, 58.5, 20.5]),
        row(180.0, &[2.23, 2.29, 1.73, 59.4, 20.6]),
        row(240.0, &[3.51, 2.94, 1.94, 62.3, 20.6]),
        row(300.0, &[5.51, 4.73, 2.54, 71.7, 20.8]),
        row(320.0, &[6.41, 5.84, 2.91, 78.2, 20.9]),
        row(335.0, &[7.18, 6.95, 3.28, 84.9, 21.0]),
        // The row of minute 350, one before the trip: half a minute on each side is averaged.
        row(349.0, &[8.1, 8.4, 3.8, 93.0, 21.1]),
    ],
    consequences: &[at(351.0, "P-101A tripped"), at(351.0, "P-101B started")],
    alarms: &[at(309.0, "VAH-111A"), at(351.0, "XA-101A")],
};

/// The suction strainer of P-101A, through cavitation up to the start of the standby.
pub const STRAINER_FOULING: StoryTable = StoryTable {
    story: "strainer-fouling",
    variant: None,
    severity: 0.5,
    onset_min: 0.0,
    minutes: 45.0,
    tags: &["PDT-105A", "PT-106A", "NPSH", "VT-113A", "VT-111A", "SI-101A", "II-101A", "PT-101", "FT-101", "FIC-101.OP"],
    rows: &[
        row(0.5, &[30.0, 0.22, 3.8, 0.60, 1.9, 2720.0, 20.5, 2.80, 90.0, 78.0]),
        row(20.0, &[115.0, 0.13, 2.9, 0.61, 1.9, 2761.0, 20.8, 2.80, 90.0, 78.0]),
        row(29.0, &[212.0, 0.04, 1.8, 1.5, 2.6, 2801.0, 21.2, 2.80, 90.0, 78.0]),
        row(32.0, &[260.0, -0.01, 1.3, 2.5, 3.3, 2822.0, 21.3, 2.80, 90.0, 79.0]),
        row(34.0, &[296.0, -0.04, 0.9, 3.4, 4.0, 2836.0, 21.4, 2.80, 90.0, 79.0]),
        row(36.0, &[337.0, -0.09, 0.5, 4.4, 4.7, 2845.0, 21.4, 2.77, 90.0, 79.0]),
        row(38.0, &[386.0, -0.13, -0.1, 5.9, 5.8, 2868.0, 21.3, 2.67, 90.0, 80.0]),
        row(40.0, &[430.0, -0.18, -0.5, 7.2, 6.8, 2880.0, 20.5, 2.36, 89.0, 85.0]),
    ],
    consequences: &[at(37.0, "NPSH margin of P-101A below zero"), at(40.5, "P-101B started")],
    alarms: &[at(28.8, "PDAH-105A"), at(31.9, "PAL-106A"), at(34.1, "NAL-101A"), at(37.6, "VAH-111A"), at(40.4, "PAL-101")],
};

/// A level transmitter that lies while the float switch has failed: V-101 is overfilled.
pub const LEVEL_LIES: StoryTable = StoryTable {
    story: "level-lies",
    variant: None,
    severity: 0.5,
    onset_min: 1.0,
    minutes: 30.0,
    tags: &["LT-101", "LEVEL", "LIC-101.OP", "FT-102", "FT-101", "PIC-103.OP", "PT-103", "PT-109"],
    rows: &[
        row(0.5, &[50.0, 50.0, 73.0, 90.0, 90.0, 49.0, 0.50, 0.87]),
        row(4.0, &[47.5, 50.9, 68.0, 78.0, 90.0, 57.0, 0.52, 0.89]),
        row(6.0, &[45.8, 52.6, 64.0, 69.0, 90.0, 72.0, 0.54, 0.92]),
        row(8.0, &[44.1, 55.3, 59.0, 59.0, 90.0, 82.0, 0.52, 0.91]),
        row(10.0, &[42.5, 59.0, 54.0, 50.0, 90.0, 83.0, 0.50, 0.91]),
        row(14.0, &[39.4, 69.3, 43.0, 34.0, 90.0, 87.0, 0.51, 0.93]),
        row(18.0, &[36.6, 83.8, 31.0, 21.0, 91.0, 90.0, 0.50, 0.96]),
        row(19.2, &[35.8, 90.0, 27.0, 18.0, 91.0, 90.0, 0.50, 0.97]),
        row(28.0, &[30.2, UNTOLD, 0.0, 0.0, 15.0, 100.0, 2.3, 2.8]),
    ],
    consequences: &[
        at(19.2, "V-101 at 90 %"),
        at(21.4, "V-101 full"),
        at(22.7, "liquid in the vent pot"),
        at(27.5, "carry-over from the vent stack"),
    ],
    alarms: &[at(7.3, "LDA-101"), at(22.7, "LAH-104"), at(28.3, "LAL-101")],
};

/// The same at the lowest severity.
pub const LEVEL_LIES_MILD: StoryTable =
    StoryTable { severity: 0.0, rows: &[], consequences: &[at(27.0, "V-101 full")], alarms: &[at(10.3, "UA-101")], ..LEVEL_LIES };

/// The same at the highest severity.
pub const LEVEL_LIES_SEVERE: StoryTable = StoryTable {
    severity: 1.0,
    minutes: 25.0,
    rows: &[],
    consequences: &[at(17.5, "V-101 full")],
    alarms: &[at(5.2, "UA-101")],
    ..LEVEL_LIES
};

/// The same with a healthy float switch, which stops the overfilling.
pub const LEVEL_LIES_HEALTHY: StoryTable = StoryTable {
    variant: Some(("lshh", "healthy")),
    minutes: 40.0,
    rows: &[],
    consequences: &[at(19.2, "unit trip")],
    alarms: &[at(19.2, "LAHH-101")],
    ..LEVEL_LIES
};
