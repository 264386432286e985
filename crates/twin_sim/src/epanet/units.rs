//! How a file's units become SI, as EPANET converts them.
//!
//! EPANET calculates in feet and ft³/s whatever the file says, with rounded constants of its own (LPS 28.317 per ft³/s,
//! where 28.316846592 is exact). A network that shall give EPANET's results has to make the same roundings, so a file value
//! becomes feet by EPANET's constants and metres by the exact 0.3048. On the way out the same happens backwards: a result
//! is what EPANET would write in the file's unit, turned into SI by the exact definition of that unit.

/// Metres per foot, exact.
pub const M_PER_FT: f64 = 0.3048;
/// Cubic metres per cubic foot, exact.
pub const M3_PER_FT3: f64 = M_PER_FT * M_PER_FT * M_PER_FT;
/// EPANET's pressure of a foot of water, psi.
pub const PSI_PER_FT: f64 = 0.4333;
/// EPANET's kilopascals per psi.
pub const KPA_PER_PSI: f64 = 6.895;
/// EPANET's kilowatts per horsepower.
pub const KW_PER_HP: f64 = 0.7457;
/// EPANET's viscosity of water at 20 °C, ft²/s.
pub const WATER_VISCOSITY_FT2_S: f64 = 1.1e-5;
/// EPANET's head times flow of one horsepower, ft·ft³/s.
pub const FT4_S_PER_HP: f64 = 8.814;

/// Unit of flow in a file. It also decides whether lengths are US customary or metric.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FlowUnit {
    /// Cubic feet per second.
    Cfs,
    /// US gallons per minute.
    #[default]
    Gpm,
    /// Million US gallons per day.
    Mgd,
    /// Million imperial gallons per day.
    Imgd,
    /// Acre-feet per day.
    Afd,
    /// Litres per second.
    Lps,
    /// Litres per minute.
    Lpm,
    /// Million litres per day.
    Mld,
    /// Cubic metres per hour.
    Cmh,
    /// Cubic metres per day.
    Cmd,
    /// Cubic metres per second, which EPANET only knows since version 2.3.
    Cms,
}

impl FlowUnit {
    /// All of them.
    pub const ALL: [Self; 11] =
        [Self::Cfs, Self::Gpm, Self::Mgd, Self::Imgd, Self::Afd, Self::Lps, Self::Lpm, Self::Mld, Self::Cmh, Self::Cmd, Self::Cms];

    /// Word in the file.
    pub fn word(self) -> &'static str {
        match self {
            Self::Cfs => "CFS",
            Self::Gpm => "GPM",
            Self::Mgd => "MGD",
            Self::Imgd => "IMGD",
            Self::Afd => "AFD",
            Self::Lps => "LPS",
            Self::Lpm => "LPM",
            Self::Mld => "MLD",
            Self::Cmh => "CMH",
            Self::Cmd => "CMD",
            Self::Cms => "CMS",
        }
    }

    /// EPANET's number of these units in one ft³/s.
    pub fn per_cfs(self) -> f64 {
        match self {
            Self::Cfs => 1.0,
            Self::Gpm => 448.831,
            Self::Mgd => 0.64632,
            Self::Imgd => 0.5382,
            Self::Afd => 1.9837,
            Self::Lps => 28.317,
            Self::Lpm => 1699.0,
            Self::Mld => 2.4466,
            Self::Cmh => 101.94,
            Self::Cmd => 2446.6,
            Self::Cms => 0.028_317,
        }
    }

    /// m³/s in one of these units, by definition of the unit.
    pub fn exact_m3_s(self) -> f64 {
        const US_GALLON_M3: f64 = 0.003_785_411_784;
        const DAY_S: f64 = 86_400.0;
        match self {
            Self::Cfs => M3_PER_FT3,
            Self::Gpm => US_GALLON_M3 / 60.0,
            Self::Mgd => 1e6 * US_GALLON_M3 / DAY_S,
            Self::Imgd => 1e6 * 0.004_546_09 / DAY_S,
            Self::Afd => 43_560.0 * M3_PER_FT3 / DAY_S,
            Self::Lps => 1e-3,
            Self::Lpm => 1e-3 / 60.0,
            Self::Mld => 1e3 / DAY_S,
            Self::Cmh => 1.0 / 3600.0,
            Self::Cmd => 1.0 / DAY_S,
            Self::Cms => 1.0,
        }
    }

    /// True for the units whose files have metres, millimetres and kilowatts; the others have feet, inches and horsepower.
    pub fn is_metric(self) -> bool {
        matches!(self, Self::Lps | Self::Lpm | Self::Mld | Self::Cmh | Self::Cmd | Self::Cms)
    }
}

/// Unit of pressure in a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PressureUnit {
    /// Pounds per square inch.
    #[default]
    Psi,
    /// Kilopascals.
    Kpa,
    /// Metres of water.
    Metres,
}

/// How a file speaks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Units {
    /// Unit of flow.
    pub flow: FlowUnit,
    /// Unit of pressure. US files are always in psi, metric ones in metres unless they ask for kPa.
    pub pressure: PressureUnit,
    /// Specific gravity, which EPANET puts into the conversion of every pressure.
    pub specific_gravity: f64,
}

impl Default for Units {
    fn default() -> Self {
        Self { flow: FlowUnit::Gpm, pressure: PressureUnit::Psi, specific_gravity: 1.0 }
    }
}

impl Units {
    /// Metres in the file's unit of elevation, head, level and length (ft or m).
    pub fn length_m(&self) -> f64 {
        if self.flow.is_metric() { 1.0 } else { M_PER_FT }
    }

    /// Metres in the file's unit of pipe diameter (inch or mm).
    pub fn diameter_m(&self) -> f64 {
        if self.flow.is_metric() { 1e-3 } else { M_PER_FT / 12.0 }
    }

    /// m³/s in the file's unit of flow, as EPANET takes it.
    pub fn flow_m3_s(&self) -> f64 {
        M3_PER_FT3 / self.flow.per_cfs()
    }

    /// m³ in the file's unit of volume (ft³ or m³).
    pub fn volume_m3(&self) -> f64 {
        let length = self.length_m();
        length * length * length
    }

    /// Metres of head in the file's unit of pressure.
    pub fn pressure_m(&self) -> f64 {
        M_PER_FT / self.pressure_per_ft()
    }

    /// Watts in the file's unit of power (hp or kW), with EPANET's horsepower.
    pub fn power_w(&self) -> f64 {
        if self.flow.is_metric() { 1000.0 } else { 1000.0 * KW_PER_HP }
    }

    /// The file's pressures in one foot of head.
    pub fn pressure_per_ft(&self) -> f64 {
        let per_ft = match self.pressure {
            PressureUnit::Psi => PSI_PER_FT,
            PressureUnit::Kpa => KPA_PER_PSI * PSI_PER_FT,
            PressureUnit::Metres => M_PER_FT,
        };
        per_ft * self.specific_gravity
    }

    /// A flow of the simulation in the file's unit, as EPANET writes it (before it rounds to single precision).
    pub fn file_flow(&self, flow_m3_s: f64) -> f64 {
        flow_m3_s / M3_PER_FT3 * self.flow.per_cfs()
    }

    /// A flow as a report in SI gives it, m³/s: EPANET's figure in the file's unit, in single precision as in its result file,
    /// by the exact definition of that unit.
    pub fn reported_flow_m3_s(&self, flow_m3_s: f64) -> f64 {
        single(self.file_flow(flow_m3_s)) * self.flow.exact_m3_s()
    }

    /// A head as a report in SI gives it, m: EPANET's figure in feet or metres in single precision.
    pub fn reported_head_m(&self, head_m: f64) -> f64 {
        if self.flow.is_metric() { single(head_m) } else { single(head_m / M_PER_FT) * M_PER_FT }
    }
}

/// Rounded to single precision, as in EPANET's result file.
fn single(value: f64) -> f64 {
    f64::from(value as f32)
}
