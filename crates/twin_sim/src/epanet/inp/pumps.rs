//! The data of a pump and the curve through its points.

use super::Reader;
use super::lines::{Line, not_negative, number, positive, shown, starts};
use super::log::Fault;
use crate::epanet::network::{LinkKind, LinkStatus, Pump, PumpCurve};
use crate::epanet::units::{FT4_S_PER_HP, KW_PER_HP, M_PER_FT, M3_PER_FT3};

/// EPANET's smallest difference.
const TINY: f64 = 1e-6;
/// Shutoff head over design head of a curve given by one point.
const SHUTOFF: f64 = 1.33334;
/// EPANET's largest exponent of a pump curve.
const MAX_EXPONENT: f64 = 20.0;

impl Reader {
    /// `id from to KEYWORD value…` with POWER, HEAD, SPEED, PATTERN, or the numbers of version 1.
    pub(super) fn pump(&self, line: &Line) -> Result<(LinkKind, LinkStatus), Fault> {
        let first = line.word(3).unwrap_or_default();
        if first.parse::<f64>().is_ok() {
            let curve = self.numbered_pump(line)?;
            return Ok((LinkKind::Pump(Pump { curve, speed: 1.0, speed_pattern: None }), LinkStatus::Open));
        }
        let (mut power, mut head, mut speed, mut speed_pattern) = (None, None, 1.0, None);
        for pair in line.words.get(3..).unwrap_or_default().chunks_exact(2) {
            let &[keyword, value] = pair else { continue };
            match keyword {
                word if starts(word, "POWER") => power = Some(positive(number(value, "power")?, "power")?),
                word if starts(word, "HEAD") => head = Some(self.curve_named(value)?),
                word if starts(word, "PATT") => speed_pattern = Some(self.pattern_named(value)?),
                word if starts(word, "SPEE") => speed = not_negative(number(value, "speed")?, "speed")?,
                word => {
                    return Err(Fault::new(format!("'{}' is no property of a pump", shown(word)), "write POWER, HEAD, SPEED or PATTERN"));
                }
            }
        }
        let curve = match (power, head) {
            (Some(_), Some(_)) => {
                return Err(Fault::new("it has both a power and a head curve", "leave only one of POWER and HEAD"));
            }
            (Some(power), None) => self.constant_power(power),
            (None, Some(curve)) => self.head_curve(curve)?,
            (None, None) => {
                return Err(Fault::new("it has neither a head curve nor a power", "add HEAD with a curve, or POWER with a number"));
            }
        };
        Ok((LinkKind::Pump(Pump { curve, speed, speed_pattern }), LinkStatus::Open))
    }

    /// Version 1: `power`, `head flow` or `head0 head1 flow1 head2 flow2`.
    fn numbered_pump(&self, line: &Line) -> Result<PumpCurve, Fault> {
        let mut numbers = Vec::new();
        for at in 3..line.words.len() {
            numbers.push(line.number(at, "the number")?);
        }
        match *numbers.as_slice() {
            [power] => Ok(self.constant_power(positive(power, "power")?)),
            [head, flow] => self.power_curve([[0.0, SHUTOFF * head], [flow, head], [2.0 * flow, 0.0]]),
            [head0, head1, flow1, head2, flow2, ..] => self.power_curve([[0.0, head0], [flow1, head1], [flow2, head2]]),
            _ => Err(Fault::new(
                format!("{} numbers do not describe a pump", numbers.len()),
                "write 1 number (power), 2 (head, flow) or 5 (heads and flows), or better HEAD with a curve",
            )),
        }
    }

    fn constant_power(&self, power: f64) -> PumpCurve {
        let horsepower = if self.network.units.flow.is_metric() { power / KW_PER_HP } else { power };
        PumpCurve::ConstantPower {
            power_w: horsepower * KW_PER_HP * 1000.0,
            head_flow_m4_s: FT4_S_PER_HP * horsepower * M3_PER_FT3 * M_PER_FT,
        }
    }

    /// One point, or three from zero flow, make a power function; other points are joined by straight lines.
    fn head_curve(&self, curve: usize) -> Result<PumpCurve, Fault> {
        let Some(curve) = self.network.curves.get(curve) else { return Err(bad_points("")) };
        match curve.points.as_slice() {
            [] => Err(bad_points(&curve.id)),
            &[[flow, head]] => self.power_curve([[0.0, SHUTOFF * head], [flow, head], [2.0 * flow, 0.0]]),
            &[shutoff, design, last] if shutoff[0] == 0.0 => self.power_curve([shutoff, design, last]),
            points => {
                if points.iter().zip(points.iter().skip(1)).any(|([_, head], [_, next])| next >= head) {
                    return Err(bad_points(&curve.id));
                }
                let (flow_m3_s, head_m) = (self.network.units.flow_m3_s(), self.network.units.length_m());
                Ok(PumpCurve::Points { points: points.iter().map(|[flow, head]| [flow * flow_m3_s, head * head_m]).collect() })
            }
        }
    }

    /// `head = a − b·flow^c` through shutoff, design and last point, given as flow and head in file units.
    fn power_curve(&self, [[_, head0], [flow1, head1], [flow2, head2]]: [[f64; 2]; 3]) -> Result<PumpCurve, Fault> {
        let fits = head0 >= TINY && head0 - head1 >= TINY && head1 - head2 >= TINY && flow1 >= TINY && flow2 - flow1 >= TINY;
        let exponent = libm::log((head0 - head2) / (head0 - head1)) / libm::log(flow2 / flow1);
        if !(fits && exponent > 0.0 && exponent <= MAX_EXPONENT) {
            return Err(bad_points(""));
        }
        let factor = (head0 - head1) / libm::pow(flow1, exponent);
        let (flow_m3_s, head_m) = (self.network.units.flow_m3_s(), self.network.units.length_m());
        let curve = PumpCurve::Power {
            shutoff_m: head0 * head_m,
            factor: factor * head_m / libm::pow(flow_m3_s, exponent),
            exponent,
            design_flow_m3_s: flow1 * flow_m3_s,
            max_flow_m3_s: libm::pow(head0 / factor, 1.0 / exponent) * flow_m3_s,
        };
        match curve {
            PumpCurve::Power { factor, max_flow_m3_s, .. } if factor > 0.0 && factor.is_finite() && max_flow_m3_s.is_finite() => Ok(curve),
            _ => Err(bad_points("")),
        }
    }
}

fn bad_points(curve: &str) -> Fault {
    let curve = if curve.is_empty() { "its head curve".to_owned() } else { format!("its head curve '{curve}'") };
    Fault::new(
        format!("{curve} is no pump's: the head has to be positive without flow and to fall as the flow grows"),
        "check the order of the columns (flow, then head) and the points",
    )
}
