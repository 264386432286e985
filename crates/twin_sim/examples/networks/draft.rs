//! A network being drawn up, in SI units, and the text of its `.inp` file in the user's units.

use std::fmt::Write as _;

/// Units a file is written in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Units {
    /// What `UNITS` says.
    pub name: &'static str,
    /// Flow units in one m³/s.
    per_m3_s: f64,
    /// Whether lengths are in feet, diameters in inches, pressures in psi.
    pub us: bool,
}

/// All flow units the generator writes.
pub const UNITS: &[Units] = &[
    Units { name: "GPM", per_m3_s: 15_850.323, us: true },
    Units { name: "LPS", per_m3_s: 1_000.0, us: false },
    Units { name: "CFS", per_m3_s: 35.314_667, us: true },
    Units { name: "CMH", per_m3_s: 3_600.0, us: false },
    Units { name: "MGD", per_m3_s: 22.824_465, us: true },
    Units { name: "LPM", per_m3_s: 60_000.0, us: false },
    Units { name: "MLD", per_m3_s: 86.4, us: false },
    Units { name: "IMGD", per_m3_s: 19.005_343, us: true },
    Units { name: "AFD", per_m3_s: 70.045_620, us: true },
    Units { name: "CMD", per_m3_s: 86_400.0, us: false },
];

const FOOT_M: f64 = 0.3048;

impl Units {
    /// Length or head in metres as the file says it.
    pub fn length(self, metres: f64) -> String {
        short(if self.us { metres / FOOT_M } else { metres })
    }

    /// Flow in m³/s as the file says it.
    pub fn flow(self, m3_s: f64) -> String {
        short(m3_s * self.per_m3_s)
    }

    /// Pipe and valve diameter in metres as the file says it.
    pub fn diameter(self, metres: f64) -> String {
        short(if self.us { metres / 0.0254 } else { metres * 1000.0 })
    }

    /// Pressure in metres of water as the file says it.
    pub fn pressure(self, metres: f64) -> String {
        short(if self.us { metres / FOOT_M * 0.4333 } else { metres })
    }

    /// Volume in m³ as the file says it.
    pub fn volume(self, m3: f64) -> String {
        short(if self.us { m3 / (FOOT_M * FOOT_M * FOOT_M) } else { m3 })
    }

    /// Power in kW as the file says it.
    pub fn power(self, kw: f64) -> String {
        short(if self.us { kw / 0.7457 } else { kw })
    }

    /// Wall roughness in millimetres as the file says it for Darcy-Weisbach.
    pub fn roughness(self, mm: f64) -> String {
        short(if self.us { mm / FOOT_M } else { mm })
    }

    /// Emitter coefficient in m³/s per metre of water to the power `exponent`.
    pub fn emitter(self, m3_s: f64, exponent: f64) -> String {
        let unit = if self.us { 0.4333 / FOOT_M } else { 1.0 };
        short(m3_s * self.per_m3_s / libm::pow(unit, exponent))
    }
}

/// A number with at most six significant digits.
pub fn short(value: f64) -> String {
    let digits = if value == 0.0 { 0 } else { (5.0 - libm::log10(value.abs()).floor()).clamp(0.0, 9.0) as usize };
    let text = format!("{value:.digits$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// A junction.
pub struct Junction {
    pub id: String,
    pub elevation_m: f64,
    /// Base demands in m³/s, each with a pattern and a category.
    pub demands: Vec<(f64, Option<String>, &'static str)>,
    /// Coefficient in m³/s at one metre.
    pub emitter: f64,
    pub at: (f64, f64),
}

/// A reservoir.
pub struct Reservoir {
    pub id: String,
    pub head_m: f64,
    pub pattern: Option<String>,
    pub at: (f64, f64),
}

/// A tank.
pub struct Tank {
    pub id: String,
    pub elevation_m: f64,
    pub level_m: [f64; 3],
    pub diameter_m: f64,
    pub least_m3: f64,
    pub curve: Option<String>,
    pub overflows: bool,
    pub at: (f64, f64),
}

/// A pipe.
pub struct Pipe {
    pub id: String,
    pub ends: [String; 2],
    pub length_m: f64,
    pub diameter_m: f64,
    pub minor: f64,
    pub status: &'static str,
}

/// A pump.
pub struct Pump {
    pub id: String,
    pub ends: [String; 2],
    /// A curve, or a power in kW.
    pub drive: Result<String, f64>,
    pub speed: f64,
    pub pattern: Option<String>,
}

/// What a valve is set to.
pub enum Setting {
    /// Metres of water: PRV, PSV, PBV.
    Pressure(f64),
    /// m³/s: FCV.
    Flow(f64),
    /// Loss coefficient: TCV.
    Loss(f64),
    /// Head loss curve: GPV.
    Curve(String),
}

/// A valve.
pub struct Valve {
    pub id: String,
    pub ends: [String; 2],
    pub diameter_m: f64,
    pub kind: &'static str,
    pub setting: Setting,
    pub minor: f64,
}

/// What the two columns of a curve are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Curve {
    /// m³/s and metres.
    Head,
    /// Metres and m³.
    Volume,
}

/// A curve.
pub struct Table {
    pub id: String,
    pub kind: Curve,
    pub points: Vec<(f64, f64)>,
}

/// A network, in SI units; controls, rules, times and options are lines of text in the file's units.
pub struct Draft {
    pub title: String,
    pub units: Units,
    pub headloss: &'static str,
    /// Multiplies the roughness of pipe after pipe.
    pub roughness: Vec<f64>,
    pub junctions: Vec<Junction>,
    pub reservoirs: Vec<Reservoir>,
    pub tanks: Vec<Tank>,
    pub pipes: Vec<Pipe>,
    pub pumps: Vec<Pump>,
    pub valves: Vec<Valve>,
    pub curves: Vec<Table>,
    pub patterns: Vec<(String, Vec<f64>)>,
    pub status: Vec<(String, String)>,
    pub controls: Vec<String>,
    pub rules: Vec<String>,
    pub options: Vec<String>,
    pub times: Vec<String>,
    pub emitter_exponent: f64,
}

impl Draft {
    /// The text of the `.inp` file.
    pub fn inp(&self) -> String {
        let mut text = format!("[TITLE]\n{}\n", self.title);
        self.nodes(&mut text);
        self.links(&mut text);
        self.tables(&mut text);
        section(&mut text, "STATUS", self.status.iter().map(|(link, status)| format!("{link}\t{status}")));
        section(&mut text, "CONTROLS", self.controls.iter().cloned());
        section(&mut text, "RULES", self.rules.iter().cloned());
        section(&mut text, "TIMES", self.times.iter().cloned());
        let units = [format!("UNITS\t{}", self.units.name), format!("HEADLOSS\t{}", self.headloss)];
        section(&mut text, "OPTIONS", units.into_iter().chain(self.options.iter().cloned()));
        section(&mut text, "COORDINATES", self.places());
        text.push_str("\n[END]\n");
        text
    }

    fn nodes(&self, text: &mut String) {
        let units = self.units;
        section(text, "JUNCTIONS", self.junctions.iter().map(|junction| junction.line(units)));
        section(
            text,
            "RESERVOIRS",
            self.reservoirs.iter().map(|r| format!("{}\t{}\t{}", r.id, units.length(r.head_m), or_empty(&r.pattern))),
        );
        section(text, "TANKS", self.tanks.iter().map(|tank| tank.line(units)));
        let several = self.junctions.iter().filter(|junction| junction.demands.len() > 1);
        section(text, "DEMANDS", several.flat_map(|junction| junction.categories(units)));
        let leaks = self.junctions.iter().filter(|junction| junction.emitter > 0.0);
        let exponent = self.emitter_exponent;
        section(text, "EMITTERS", leaks.map(|junction| format!("{}\t{}", junction.id, units.emitter(junction.emitter, exponent))));
    }

    fn links(&self, text: &mut String) {
        let units = self.units;
        section(text, "PIPES", self.pipes.iter().enumerate().map(|(at, pipe)| self.pipe(at, pipe)));
        section(text, "PUMPS", self.pumps.iter().map(|pump| pump.line(units)));
        section(text, "VALVES", self.valves.iter().map(|valve| valve.line(units)));
    }

    fn pipe(&self, at: usize, pipe: &Pipe) -> String {
        let units = self.units;
        let spread = self.roughness[at % self.roughness.len()];
        let roughness = match self.headloss {
            "D-W" => units.roughness(0.25 * spread),
            "C-M" => short(0.012 * spread),
            _ => short(110.0 / spread),
        };
        format!(
            "{}\t{}\t{}\t{}\t{}\t{roughness}\t{}\t{}",
            pipe.id,
            pipe.ends[0],
            pipe.ends[1],
            units.length(pipe.length_m),
            units.diameter(pipe.diameter_m),
            short(pipe.minor),
            pipe.status
        )
    }

    fn tables(&self, text: &mut String) {
        let rows = self.curves.iter().flat_map(|curve| curve.points.iter().map(move |point| (&curve.id, curve.kind, *point)));
        let units = self.units;
        section(
            text,
            "CURVES",
            rows.map(|(id, kind, (x, y))| match kind {
                Curve::Head => format!("{id}\t{}\t{}", units.flow(x), units.length(y)),
                Curve::Volume => format!("{id}\t{}\t{}", units.length(x), units.volume(y)),
            }),
        );
        let rows = self.patterns.iter().flat_map(|(id, factors)| factors.chunks(6).map(move |row| (id, row)));
        section(text, "PATTERNS", rows.map(|(id, row)| format!("{id}\t{}", row.iter().map(|&f| short(f)).collect::<Vec<_>>().join("\t"))));
    }

    fn places(&self) -> impl Iterator<Item = String> + '_ {
        let junctions = self.junctions.iter().map(|junction| (&junction.id, junction.at));
        let tanks = self.tanks.iter().map(|tank| (&tank.id, tank.at));
        let reservoirs = self.reservoirs.iter().map(|reservoir| (&reservoir.id, reservoir.at));
        junctions.chain(tanks).chain(reservoirs).map(|(id, (x, y))| format!("{id}\t{x:.0}\t{y:.0}"))
    }
}

impl Junction {
    fn line(&self, units: Units) -> String {
        let elevation = units.length(self.elevation_m);
        match self.demands.as_slice() {
            [(base, pattern, _)] => format!("{}\t{elevation}\t{}\t{}", self.id, units.flow(*base), or_empty(pattern)),
            _ => format!("{}\t{elevation}", self.id),
        }
    }

    fn categories(&self, units: Units) -> impl Iterator<Item = String> + '_ {
        let line = move |(base, pattern, category): &(f64, Option<String>, &str)| {
            format!("{}\t{}\t{}\t;{category}", self.id, units.flow(*base), or_empty(pattern))
        };
        self.demands.iter().map(line)
    }
}

impl Tank {
    fn line(&self, units: Units) -> String {
        let [initial, least, most] = self.level_m.map(|level| units.length(level));
        let curve = self.curve.as_deref().unwrap_or(if self.overflows { "*" } else { "" });
        format!(
            "{}\t{}\t{initial}\t{least}\t{most}\t{}\t{}\t{curve}\t{}",
            self.id,
            units.length(self.elevation_m),
            units.length(self.diameter_m),
            units.volume(self.least_m3),
            if self.overflows { "YES" } else { "" }
        )
    }
}

impl Pump {
    fn line(&self, units: Units) -> String {
        let drive = match &self.drive {
            Ok(curve) => format!("HEAD {curve}"),
            Err(kw) => format!("POWER {}", units.power(*kw)),
        };
        let mut line = format!("{}\t{}\t{}\t{drive}", self.id, self.ends[0], self.ends[1]);
        if self.speed != 1.0 {
            let _ = write!(line, "\tSPEED {}", short(self.speed));
        }
        if let Some(pattern) = &self.pattern {
            let _ = write!(line, "\tPATTERN {pattern}");
        }
        line
    }
}

impl Valve {
    fn line(&self, units: Units) -> String {
        let setting = match &self.setting {
            Setting::Pressure(metres) => units.pressure(*metres),
            Setting::Flow(m3_s) => units.flow(*m3_s),
            Setting::Loss(coefficient) => short(*coefficient),
            Setting::Curve(curve) => curve.clone(),
        };
        let diameter = units.diameter(self.diameter_m);
        format!("{}\t{}\t{}\t{diameter}\t{}\t{setting}\t{}", self.id, self.ends[0], self.ends[1], self.kind, short(self.minor))
    }
}

fn or_empty(text: &Option<String>) -> &str {
    text.as_deref().unwrap_or("")
}

fn section(text: &mut String, name: &str, lines: impl Iterator<Item = String>) {
    let _ = write!(text, "\n[{name}]\n");
    for line in lines {
        text.push_str(line.trim_end());
        text.push('\n');
    }
}
