//! `[OPTIONS]`.

use super::Reader;
use super::lines::{Line, Section, not_negative, number, positive, shown, starts};
use super::log::Fault;
use crate::epanet::network::{DemandModel, HeadLoss};
use crate::epanet::units::{FlowUnit, M_PER_FT, M3_PER_FT3, PressureUnit, WATER_VISCOSITY_FT2_S};

/// EPANET's least difference between required and minimum pressure, in the file's unit.
const LEAST_PRESSURE_RANGE: f64 = 0.1;
/// Viscosities above this are multiples of water's.
const LARGEST_VISCOSITY: f64 = 1e-3;
/// More iterations than this per step would never end.
const MOST_TRIALS: f64 = 1e6;
/// EPANET's bounds of the accuracy.
const ACCURACY: (f64, f64) = (1e-5, 1e-1);

/// What can only be converted when all units are known, in file units.
#[derive(Default)]
pub(super) struct Pending {
    viscosity: Option<f64>,
    minimum_pressure: f64,
    required_pressure: Option<f64>,
    pressure_exponent: Option<f64>,
    is_pressure_driven: bool,
    head_error: f64,
    flow_change: f64,
    asked_pressure: PressureUnit,
    /// Line of the pressure options, for faults found at the end.
    pressure_line: u32,
}

impl Reader {
    /// All options; units first, as everything else depends on them.
    pub(super) fn read_options(&mut self, lines: &[Line]) {
        self.each(lines, &[Section::Options], Self::option);
        let pending = std::mem::take(&mut self.pending);
        let options = &mut self.network.options;
        let units = &mut self.network.units;
        units.specific_gravity = options.specific_gravity;
        units.pressure = match (units.flow.is_metric(), pending.asked_pressure) {
            (false, _) => PressureUnit::Psi,
            (true, PressureUnit::Kpa) => PressureUnit::Kpa,
            (true, _) => PressureUnit::Metres,
        };
        if let Some(viscosity) = pending.viscosity {
            options.viscosity_m2_s = match viscosity {
                factor if factor > LARGEST_VISCOSITY => factor * WATER_VISCOSITY_FT2_S * M_PER_FT * M_PER_FT,
                viscosity => viscosity * units.length_m() * units.length_m(),
            };
        }
        options.head_error_m = (pending.head_error > 0.0).then(|| pending.head_error * units.length_m());
        options.flow_change_m3_s = (pending.flow_change > 0.0).then(|| pending.flow_change * units.flow_m3_s());
        if pending.is_pressure_driven {
            self.pressure_driven(&pending);
        }
    }

    fn pressure_driven(&mut self, pending: &Pending) {
        let minimum = pending.minimum_pressure;
        let required = pending.required_pressure.unwrap_or(minimum + LEAST_PRESSURE_RANGE);
        // 0.6 - 0.5 is a little less than 0.1, and meant to be enough.
        if required - minimum < LEAST_PRESSURE_RANGE - 1e-9 {
            let fault = Fault::new(
                format!("the required pressure {required} is less than {LEAST_PRESSURE_RANGE} above the minimum pressure {minimum}"),
                "raise REQUIRED PRESSURE or lower MINIMUM PRESSURE",
            );
            self.log.error(Section::Options, pending.pressure_line, fault);
        }
        let scale = self.network.units.pressure_m();
        self.network.options.demand_model = DemandModel::PressureDriven {
            minimum_m: minimum * scale,
            required_m: required * scale,
            exponent: pending.pressure_exponent.unwrap_or(0.5),
        };
    }

    fn option(&mut self, line: &Line) -> Result<(), Fault> {
        if self.choice(line)? {
            return Ok(());
        }
        // Names of two words have their value in third place. A missing value leaves the default, as in EPANET.
        let name = line.first();
        let two_words = ["SPEC", "EMIT", "DEMAND", "MINI", "REQ", "PRESSURE"].iter().any(|word| starts(name, word));
        let Some(word) = line.word(if two_words { 2 } else { 1 }) else { return self.known_without_value(line) };
        if starts(name, "EMIT") && line.word(1).is_some_and(|word| starts(word, "BACK")) {
            self.note_backflow(line, word);
            return Ok(());
        }
        self.value(line, name, number(word, "the value")?)
    }

    fn known_without_value(&mut self, line: &Line) -> Result<(), Fault> {
        let fault = Fault::new(format!("'{}' has no value and was passed over", shown(line.first())), "add the value");
        self.log.warning(line.section, line.number, fault);
        Ok(())
    }

    fn note_backflow(&mut self, line: &Line, word: &str) {
        if starts(word, "NO") {
            let fault = Fault::new("emitters let water in, as in EPANET 2.2, which does not know this option", "remove the line");
            self.log.warning(line.section, line.number, fault);
        }
    }

    /// Options with a word for a value; false when the line is none of them.
    fn choice(&mut self, line: &Line) -> Result<bool, Fault> {
        let name = line.first();
        let Some(word) = line.word(1) else { return Ok(false) };
        let options = &mut self.network.options;
        match name {
            _ if starts(name, "UNIT") => self.network.units.flow = flow_unit(word)?,
            _ if starts(name, "PRESSURE") && starts(word, "EXP") => return Ok(false),
            _ if starts(name, "PRESSURE") => self.pending.asked_pressure = pressure_unit(word)?,
            _ if starts(name, "HEADL") => options.head_loss = head_loss(word)?,
            _ if starts(name, "UNBA") => options.extra_trials = unbalanced(word, line.word(2))?,
            _ if starts(name, "PATT") => self.default_pattern_id = word.to_owned(),
            _ if starts(name, "DEMAND") && starts(word, "MODEL") => {
                self.pending.pressure_line = line.number;
                self.pending.is_pressure_driven = is_pressure_driven(line.word(2).unwrap_or("DDA"))?;
            }
            _ if starts(name, "HYDR") && starts(word, "USE") => {
                let fault = Fault::new("saved hydraulics are not read; the network is solved instead", "remove the option");
                self.log.warning(line.section, line.number, fault);
            }
            _ if starts(name, "QUAL") => {
                if !starts(word, "NONE") {
                    let fault = Fault::new("water quality is not simulated", "");
                    self.log.note(line.section, line.number, fault);
                }
            }
            _ if ["MAP", "VERI", "HYDR", "SEGM"].iter().any(|known| starts(name, known)) => {}
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn value(&mut self, line: &Line, name: &str, value: f64) -> Result<(), Fault> {
        let options = &mut self.network.options;
        let pending = &mut self.pending;
        match name {
            _ if starts(name, "TOLER") || starts(name, "DIFF") => {}
            _ if starts(name, "DAMPLIMIT") => options.damp_limit = value,
            _ if starts(name, "FLOWCHANGE") => pending.flow_change = not_negative(value, "flow change")?,
            _ if starts(name, "HEADERROR") => pending.head_error = not_negative(value, "head error")?,
            _ if starts(name, "MINI") => {
                pending.pressure_line = line.number;
                pending.minimum_pressure = not_negative(value, "minimum pressure")?;
            }
            _ if starts(name, "REQ") => {
                pending.pressure_line = line.number;
                pending.required_pressure = Some(not_negative(value, "required pressure")?);
            }
            _ if starts(name, "PRESSURE") => pending.pressure_exponent = Some(positive(value, "pressure exponent")?),
            _ if starts(name, "VISC") => pending.viscosity = Some(positive(value, "viscosity")?),
            _ if starts(name, "SPEC") => options.specific_gravity = positive(value, "specific gravity")?,
            _ if starts(name, "TRIAL") => options.trials = count(value, "trials")?,
            _ if starts(name, "ACCU") => options.accuracy = positive(value, "accuracy")?.clamp(ACCURACY.0, ACCURACY.1),
            _ if starts(name, "HTOL") => options.head_tolerance_m = positive(value, "HTOL")? * M_PER_FT,
            _ if starts(name, "QTOL") => options.flow_tolerance_m3_s = positive(value, "QTOL")? * M3_PER_FT3,
            _ if starts(name, "RQTOL") => options.min_gradient_s_m2 = gradient(value)? * M_PER_FT / M3_PER_FT3,
            _ if starts(name, "CHECKFREQ") => options.check_freq = count(value, "CHECKFREQ")?,
            _ if starts(name, "MAXCHECK") => options.max_check = count(value, "MAXCHECK")?,
            _ if starts(name, "EMIT") => options.emitter_exponent = positive(value, "emitter exponent")?,
            _ if starts(name, "DEMAND") => {
                let factor = positive(value, "demand multiplier")?;
                self.multiply_demands(factor, line.number);
            }
            _ => {
                return Err(Fault::new(format!("there is no option '{}'", shown(name)), "check the spelling, or remove the line"));
            }
        }
        Ok(())
    }
}

fn flow_unit(word: &str) -> Result<FlowUnit, Fault> {
    if starts(word, "SI") {
        return Ok(FlowUnit::Lps);
    }
    FlowUnit::ALL.into_iter().find(|unit| starts(word, unit.word())).ok_or_else(|| {
        Fault::new(format!("'{}' is no unit of flow", shown(word)), "write CFS, GPM, MGD, IMGD, AFD, LPS, LPM, MLD, CMH, CMD or CMS")
    })
}

fn pressure_unit(word: &str) -> Result<PressureUnit, Fault> {
    match word {
        _ if starts(word, "PSI") => Ok(PressureUnit::Psi),
        _ if starts(word, "KPA") => Ok(PressureUnit::Kpa),
        _ if starts(word, "MET") || word.eq_ignore_ascii_case("M") => Ok(PressureUnit::Metres),
        _ => Err(Fault::new(format!("'{}' is no unit of pressure", shown(word)), "write PSI, KPA or METERS")),
    }
}

fn head_loss(word: &str) -> Result<HeadLoss, Fault> {
    match word {
        _ if starts(word, "H-W") => Ok(HeadLoss::HazenWilliams),
        _ if starts(word, "D-W") => Ok(HeadLoss::DarcyWeisbach),
        _ if starts(word, "C-M") => Ok(HeadLoss::ChezyManning),
        _ => Err(Fault::new(format!("'{}' is no head loss formula", shown(word)), "write H-W, D-W or C-M")),
    }
}

fn unbalanced(word: &str, trials: Option<&str>) -> Result<Option<u32>, Fault> {
    match (word, trials) {
        (word, _) if starts(word, "STOP") => Ok(None),
        (word, None) if starts(word, "CONT") => Ok(Some(0)),
        (word, Some(trials)) if starts(word, "CONT") => {
            let trials = number(trials, "the number of trials")?;
            Ok(if trials < 0.0 { None } else { Some(at_most(trials, "the number of trials")? as u32) })
        }
        (word, _) => Err(Fault::new(format!("'{}' is neither STOP nor CONTINUE", shown(word)), "write STOP or CONTINUE 10")),
    }
}

fn is_pressure_driven(word: &str) -> Result<bool, Fault> {
    match word {
        _ if starts(word, "DDA") => Ok(false),
        _ if starts(word, "PDA") => Ok(true),
        _ => Err(Fault::new(format!("'{}' is no demand model", shown(word)), "write DDA or PDA")),
    }
}

/// A whole number from 1 to [`MOST_TRIALS`].
fn count(value: f64, what: &str) -> Result<u32, Fault> {
    Ok(at_most(positive(value, what)?, what)?.max(1.0) as u32)
}

fn at_most(value: f64, what: &str) -> Result<f64, Fault> {
    if value <= MOST_TRIALS {
        return Ok(value);
    }
    Err(Fault::new(format!("{what} is {value}, more than {MOST_TRIALS}"), "no network needs so many; 200 is usual"))
}

/// RQTOL has to be below 1.
fn gradient(value: f64) -> Result<f64, Fault> {
    match positive(value, "RQTOL")? {
        value if value < 1.0 => Ok(value),
        value => Err(Fault::new(format!("RQTOL is {value}, but has to be below 1"), "the usual value is 1e-7")),
    }
}
