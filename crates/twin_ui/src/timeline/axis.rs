//! The mapping between time and pixels, and the ticks that stand on it.

use crate::format::SiteFormat;
use crate::time_zone::SiteZone;
use twin_model::TwinTime;

/// A stretch of time laid over a stretch of the screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axis {
    /// Instant at the left edge.
    pub from: TwinTime,
    /// Instant at the right edge, after `from`.
    pub to: TwinTime,
    /// Left edge, points.
    pub left: f32,
    /// Width, points.
    pub width: f32,
}

/// A tick with its label.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// Where it stands, points.
    pub x: f32,
    /// The instant.
    pub time: TwinTime,
    /// What is written under it; empty where it would touch the label before it or the edge.
    pub label: String,
    /// The label names a day among times of day: a new day begins here.
    pub is_new_day: bool,
}

impl Axis {
    /// Plant seconds from edge to edge, more than 0.
    pub fn span_secs(&self) -> f64 {
        self.secs_from_left(self.to).max(1e-9)
    }

    /// Right edge, points.
    pub fn right(&self) -> f32 {
        self.left + self.width
    }

    /// Plant seconds of one point.
    pub fn secs_per_point(&self) -> f64 {
        self.span_secs() / f64::from(self.width.max(1.0))
    }

    /// Where an instant lies, points; outside the edges for what is not on show.
    pub fn x(&self, time: TwinTime) -> f32 {
        (f64::from(self.left) + self.secs_from_left(time) / self.secs_per_point()) as f32
    }

    fn secs_from_left(&self, time: TwinTime) -> f64 {
        // In i128: a span may be longer than a TwinTime counts.
        (i128::from(time.0) - i128::from(self.from.0)) as f64 / 1e9
    }

    /// As [`Axis::x`], held between the edges.
    pub fn clamped_x(&self, time: TwinTime) -> f32 {
        self.x(time).clamp(self.left, self.right())
    }

    /// The instant at a place.
    pub fn time(&self, x: f32) -> TwinTime {
        self.from.plus_secs((f64::from(x) - f64::from(self.left)) * self.secs_per_point())
    }

    /// True for instants on show.
    pub fn shows(&self, time: TwinTime) -> bool {
        self.from <= time && time <= self.to
    }

    /// The window after zooming: `factor` times as long, with the same instant at `x`.
    pub fn zoomed(&self, x: f32, factor: f64) -> (TwinTime, TwinTime) {
        let fixed = self.time(x);
        let before = (f64::from(x) - f64::from(self.left)) * self.secs_per_point() * factor;
        let after = (f64::from(self.right()) - f64::from(x)) * self.secs_per_point() * factor;
        (fixed.plus_secs(-before), fixed.plus_secs(after))
    }

    /// The window after it was dragged by so many points: what was under the pointer goes with it.
    pub fn panned(&self, points: f32) -> (TwinTime, TwinTime) {
        let secs = -f64::from(points) * self.secs_per_point();
        (self.from.plus_secs(secs), self.to.plus_secs(secs))
    }

    /// Ticks at round times of the clock of the site, as many as have room when a figure is `figure_width` points wide.
    /// Labels never overlap.
    pub fn ticks(&self, site: &SiteFormat, figure_width: f32) -> Vec<Tick> {
        let room = |step: &Step| {
            let label = if step.secs() < 60.0 { 8.0 } else { 7.0 };
            f64::from(label * figure_width + LABEL_GAP) * self.secs_per_point()
        };
        let step = STEPS.into_iter().find(|step| step.secs() >= room(step)).unwrap_or(Step::Months(120));
        let mut ticks: Vec<Tick> = Vec::new();
        let mut labelled_to = self.left - LABEL_GAP;
        let mut next = step.first_from(self.from, &site.zone);
        while let Some(time) = next.filter(|time| *time <= self.to && ticks.len() < MOST_TICKS) {
            let is_new_day = step.secs() < DAY_SECS && is_midnight(time, &site.zone);
            let shown_step = if is_new_day { DAY_SECS } else { step.secs() };
            let mut label = site.axis_clock(time, shown_step);
            let x = self.x(time);
            let half = label.chars().count() as f32 * figure_width / 2.0;
            // Where clocks are changed, and in February, ticks stand closer than elsewhere.
            if x - half < labelled_to + LABEL_GAP || x + half > self.right() {
                label.clear();
            } else {
                labelled_to = x + half;
            }
            ticks.push(Tick { x, time, label, is_new_day });
            next = step.first_from(TwinTime(time.0.saturating_add(NANOS)), &site.zone);
        }
        ticks
    }
}

const NANOS: i64 = 1_000_000_000;
const DAY_SECS: f64 = 86_400.0;
/// Least distance between two labels, points.
pub const LABEL_GAP: f32 = 8.0;
/// More than any screen has room for: an axis that has gone wrong does not stop the program.
const MOST_TICKS: usize = 2000;

/// From one tick to the next, on the clock and in the calendar of the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// Seconds; a divisor of a day.
    Secs(i64),
    /// Days; seven of them begin on Mondays.
    Days(i64),
    /// Months; a divisor of a year, or whole years.
    Months(i64),
}

/// Steps that people read without thinking.
const STEPS: [Step; 25] = [
    Step::Secs(1),
    Step::Secs(2),
    Step::Secs(5),
    Step::Secs(10),
    Step::Secs(15),
    Step::Secs(30),
    Step::Secs(60),
    Step::Secs(120),
    Step::Secs(300),
    Step::Secs(600),
    Step::Secs(900),
    Step::Secs(1800),
    Step::Secs(3600),
    Step::Secs(7200),
    Step::Secs(10_800),
    Step::Secs(21_600),
    Step::Secs(43_200),
    Step::Days(1),
    Step::Days(2),
    Step::Days(7),
    Step::Days(14),
    Step::Months(1),
    Step::Months(3),
    Step::Months(6),
    Step::Months(12),
];

impl Step {
    /// Its usual length, seconds.
    fn secs(self) -> f64 {
        match self {
            Self::Secs(secs) => secs as f64,
            Self::Days(days) => days as f64 * DAY_SECS,
            Self::Months(months) => months as f64 * 30.0 * DAY_SECS,
        }
    }

    /// The first tick at or after an instant; none at the end of the calendar.
    fn first_from(self, time: TwinTime, zone: &SiteZone) -> Option<TwinTime> {
        match self {
            Self::Secs(secs) => zone.first_multiple_from(time, secs),
            Self::Days(days) => {
                // The 5th of January 1970 was a Monday.
                let day = (zone.day(time)? - 4).div_euclid(days);
                (day..day + 3).filter_map(|index| zone.midnight(index * days + 4)).find(|midnight| *midnight >= time)
            }
            Self::Months(months) => {
                let month = zone.month(time)?.div_euclid(months);
                (month..month + 3).filter_map(|index| zone.first_of_month(index * months)).find(|first| *first >= time)
            }
        }
    }
}

fn is_midnight(time: TwinTime, zone: &SiteZone) -> bool {
    zone.day(time).and_then(|day| zone.midnight(day)) == Some(time)
}

#[cfg(test)]
mod tests;
