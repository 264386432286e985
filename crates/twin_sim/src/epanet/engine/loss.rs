//! Head loss and its slope of every link, as the pair P (one over the slope) and Y (loss over slope) of the gradient method.
//!
//! Equations: L. A. Rossman et al., *EPANET 2.2 User Manual*, chapter 12, "Analysis algorithms".

use super::Engine;
use super::model::{CBIG, CSMALL, Kind, MISSING, Pipe, TINY};
use super::plan::PipeLaw;
use super::power::{HAZEN_WILLIAMS, Power, SWAMEE_JAIN};
use crate::epanet::network::HeadLoss;

const PI: f64 = std::f64::consts::PI;

/// Tangent of a link's loss at its flow.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tangent {
    /// One over the slope; 0 for what has none, an active PRV or PSV.
    pub p: f64,
    /// Loss over slope.
    pub y: f64,
}

impl Tangent {
    fn new(loss: f64, slope: f64) -> Self {
        let p = 1.0 / slope;
        Self { p, y: loss / slope }
    }

    fn closed(flow: f64) -> Self {
        Self { p: 1.0 / CBIG, y: flow }
    }
}

impl Engine {
    /// Tangents of all links but active PRV, PSV and FCV, whose `p` is zero here.
    pub(super) fn losses(&mut self) {
        let least = self.plan.model.rqtol;
        match self.plan.head_loss {
            HeadLoss::HazenWilliams => {
                let power = &*HAZEN_WILLIAMS;
                self.losses_by(|law, flow| power_law(law, flow, 1.852, power.of(flow.abs()), least));
            }
            HeadLoss::ChezyManning => self.losses_by(|law, flow| power_law(law, flow, 2.0, flow.abs(), least)),
            HeadLoss::DarcyWeisbach => {
                let power = &*SWAMEE_JAIN;
                let viscosity = self.plan.model.viscosity;
                self.losses_by(|law, flow| darcy_weisbach(law, flow, viscosity * law.diameter, power));
            }
        }
    }

    fn losses_by(&mut self, pipe: impl Fn(&PipeLaw, f64) -> Tangent) {
        let mut tangents = std::mem::take(&mut self.tangents);
        let links = self.plan.laws.iter().zip(&self.state.status).zip(&self.state.flow);
        for (at, (tangent, ((law, status), &flow))) in tangents.iter_mut().zip(links).enumerate() {
            *tangent = if !law.is_pipe {
                self.loss(at)
            } else if status.is_closed() {
                Tangent::closed(flow)
            } else {
                pipe(law, flow)
            };
        }
        self.tangents = tangents;
    }

    fn loss(&self, at: usize) -> Tangent {
        let link = &self.plan.model.links[at];
        match link.kind {
            Kind::Pump => self.pump(at, link),
            Kind::Pbv => self.breaker(at, link),
            Kind::Tcv => {
                let setting = self.state.setting[at];
                let square = link.diameter * link.diameter;
                let minor = if setting == MISSING { link.minor } else { 0.02517 * setting / (square * square) };
                self.valve(at, minor)
            }
            Kind::Gpv => self.general(at, link),
            Kind::Prv | Kind::Psv | Kind::Fcv if self.state.setting[at] == MISSING => self.valve(at, link.minor),
            _ => Tangent::default(),
        }
    }

    fn pump(&self, at: usize, link: &Pipe) -> Tangent {
        let (flow, speed) = (self.state.flow[at], self.state.setting[at]);
        let Some(machine) = link.pump.as_ref().filter(|_| !self.state.status[at].is_closed() && speed != 0.0) else {
            return Tangent::closed(flow);
        };
        let amount = flow.abs();
        let (loss, slope);
        if let Some(power) = machine.power {
            let power = power * speed * speed * speed;
            let steep = power / amount / amount;
            if steep > CBIG || steep < self.plan.model.rqtol {
                slope = steep.clamp(self.plan.model.rqtol, CBIG);
                loss = -slope * flow;
            } else {
                slope = steep;
                loss = -power / flow;
            }
            return Tangent::new(loss, slope);
        }
        let (mut shutoff, mut factor, mut exponent) = (-machine.shutoff, machine.factor, machine.exponent);
        if !link.curve.is_empty() {
            let (height, rise) = segment(&link.curve, amount / speed);
            (shutoff, factor, exponent) = (-height, -rise, 1.0);
        }
        shutoff *= speed * speed;
        if (exponent - 1.0).abs() < TINY {
            exponent = 1.0;
        }
        if speed != 1.0 {
            factor *= libm::pow(speed, 2.0 - exponent);
        }
        if exponent == 1.0 {
            slope = factor;
            loss = shutoff + slope * flow;
        } else {
            let steep = exponent * factor * libm::pow(amount, exponent - 1.0);
            slope = steep.max(self.plan.model.rqtol);
            loss = shutoff + if steep < self.plan.model.rqtol { slope * flow } else { slope * flow / exponent };
        }
        Tangent::new(loss, slope)
    }

    fn breaker(&self, at: usize, link: &Pipe) -> Tangent {
        let (flow, setting) = (self.state.flow[at], self.state.setting[at]);
        if setting == MISSING || setting == 0.0 || link.minor * flow * flow > setting {
            return self.valve(at, link.minor);
        }
        Tangent { p: CBIG, y: setting * CBIG }
    }

    fn general(&self, at: usize, link: &Pipe) -> Tangent {
        if self.state.status[at].is_closed() {
            return self.valve(at, link.minor);
        }
        let flow = self.state.flow[at];
        let amount = flow.abs().max(TINY);
        let (height, rise) = segment(&link.curve, amount);
        let rise = rise.max(TINY);
        let y = height / rise + amount;
        Tangent { p: 1.0 / rise, y: if flow < 0.0 { -y } else { y } }
    }

    /// A valve that is open or closed.
    pub(super) fn valve(&self, at: usize, minor: f64) -> Tangent {
        let flow = self.state.flow[at];
        if self.state.status[at].is_closed() {
            return Tangent::closed(flow);
        }
        if minor <= 0.0 {
            return Tangent { p: 1.0 / CSMALL, y: flow };
        }
        let slope = 2.0 * minor * flow.abs();
        let least = self.plan.model.rqtol;
        if slope < least { Tangent { p: 1.0 / least, y: flow } } else { Tangent { p: 1.0 / slope, y: flow / 2.0 } }
    }

    /// Loss and slope of an emitter.
    pub(super) fn emitter(&self, junction: usize) -> (f64, f64) {
        let ke = self.plan.model.ke[junction].max(CSMALL);
        let flow = self.state.emitter_flow[junction];
        let slope = self.plan.model.qexp * ke * libm::pow(flow.abs(), self.plan.model.qexp - 1.0);
        if slope < self.plan.model.rqtol {
            (self.plan.model.rqtol * flow, self.plan.model.rqtol)
        } else {
            (slope * flow / self.plan.model.qexp, slope)
        }
    }

    /// Loss and slope of a demand that depends on pressure.
    pub(super) fn driven(&self, junction: usize, range: f64, exponent: f64) -> (f64, f64) {
        let (flow, full) = (self.state.demand_flow[junction], self.state.demand[junction]);
        let share = flow / full;
        if share <= 0.0 {
            return (CBIG * flow, CBIG);
        }
        if share >= 1.0 {
            return (range + CBIG * (flow - full), CBIG);
        }
        let slope = exponent * range * libm::pow(share, exponent - 1.0) / full;
        if slope < self.plan.model.rqtol { (self.plan.model.rqtol * flow, self.plan.model.rqtol) } else { (slope * flow / exponent, slope) }
    }
}

/// A loss of resistance·flow^exponent; `power` is flow^(exponent − 1).
#[inline]
fn power_law(law: &PipeLaw, flow: f64, exponent: f64, power: f64, least: f64) -> Tangent {
    let amount = flow.abs();
    let mut slope = exponent * law.resistance * power;
    let mut loss = slope * amount / exponent;
    if slope < least {
        slope = least;
        loss = slope * amount;
    }
    loss += law.minor * amount * amount;
    slope += 2.0 * law.minor * amount;
    Tangent::new(if flow < 0.0 { -loss } else { loss }, slope)
}

/// The formula of Darcy and Weisbach: laminar up to a Reynolds number of 2000, then by [`friction`]. `s` is viscosity times
/// diameter.
fn darcy_weisbach(law: &PipeLaw, flow: f64, s: f64, power: &Power) -> Tangent {
    let amount = flow.abs();
    if amount <= 500.0 * PI * s {
        let laminar = 16.0 * PI * s * law.resistance;
        return Tangent::new(flow * (laminar + law.minor * amount), laminar + 2.0 * law.minor * amount);
    }
    let (f, df) = friction(amount, law.rough, s, power);
    let square = f * law.resistance + law.minor;
    Tangent::new(square * amount * flow, 2.0 * square * amount + df * law.resistance * amount * amount)
}

/// Height at flow zero and rise of the straight piece of a curve at this flow.
fn segment(curve: &[[f64; 2]], flow: f64) -> (f64, f64) {
    if curve.len() < 2 {
        // One point says no slope: a loss that does not depend on the flow.
        return (curve.first().map_or(0.0, |point| point[1]), 0.0);
    }
    let past = curve.iter().take_while(|point| point[0] < flow).count();
    let high = past.clamp(1, curve.len() - 1);
    let ([x1, y1], [x2, y2]) = (curve[high - 1], curve[high]);
    let rise = (y2 - y1) / (x2 - x1);
    (y1 - rise * x1, rise)
}

/// Friction factor of Swamee and Jain, with Dunlop's polynomial between laminar and turbulent flow, and its slope over flow.
fn friction(flow: f64, rough: f64, s: f64, power: &Power) -> (f64, f64) {
    const LOG: f64 = -0.868_588_963_806_50;
    let w = flow / s;
    if w >= 1000.0 * PI {
        let y1 = 4.618_413_198_59 / power.of(w);
        let y2 = rough / 3.7 + y1;
        let y3 = LOG * libm::log(y2);
        let f = 1.0 / (y3 * y3);
        return (f, 1.8 * f * y1 * LOG / y2 / y3 / flow);
    }
    let y2 = rough / 3.7 + 3.288_954_763_45e-3;
    let y3 = LOG * libm::log(y2);
    let fa = 1.0 / (y3 * y3);
    let fb = (2.0 - 5.142_149_657_99e-3 / (y2 * y3)) * fa;
    let r = w / (500.0 * PI);
    let x1 = 7.0 * fa - fb;
    let x2 = 0.128 - 17.0 * fa + 2.5 * fb;
    let x3 = -0.128 + 13.0 * fa - (fb + fb);
    let x4 = 0.032 - 3.0 * fa + 0.5 * fb;
    (x1 + r * (x2 + r * (x3 + r * x4)), (x2 + 2.0 * r * x3 + 3.0 * r * r * x4) / s / (500.0 * PI))
}
