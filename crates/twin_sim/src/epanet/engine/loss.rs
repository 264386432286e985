//! Head loss and its slope of every link, as the pair P (one over the slope) and Y (loss over slope) of the gradient method.
//!
//! Equations: L. A. Rossman et al., *EPANET 2.2 User Manual*, chapter 12, "Analysis algorithms".

use super::Engine;
use super::model::{CBIG, CSMALL, Kind, MISSING, Pipe, TINY};

const PI: f64 = std::f64::consts::PI;

impl Engine {
    /// P and Y of all links but active PRV, PSV and FCV, whose P is zero here.
    pub(super) fn losses(&mut self) {
        for at in 0..self.model.links.len() {
            let (p, y) = self.loss(at);
            self.p[at] = p;
            self.y[at] = y;
        }
    }

    fn loss(&self, at: usize) -> (f64, f64) {
        let link = &self.model.links[at];
        match link.kind {
            Kind::Pipe | Kind::CheckValve => self.pipe(at, link),
            Kind::Pump => self.pump(at, link),
            Kind::Pbv => self.breaker(at, link),
            Kind::Tcv => {
                let setting = self.setting[at];
                let square = link.diameter * link.diameter;
                let minor = if setting == MISSING { link.minor } else { 0.02517 * setting / (square * square) };
                self.valve(at, minor)
            }
            Kind::Gpv => self.general(at, link),
            Kind::Prv | Kind::Psv | Kind::Fcv if self.setting[at] == MISSING => self.valve(at, link.minor),
            Kind::Prv | Kind::Psv | Kind::Fcv => (0.0, 0.0),
        }
    }

    fn pipe(&self, at: usize, link: &Pipe) -> (f64, f64) {
        let flow = self.flow[at];
        if self.status[at].is_closed() {
            return (1.0 / CBIG, flow);
        }
        if self.model.darcy {
            return self.darcy(link, flow);
        }
        let amount = flow.abs();
        let exponent = self.model.hexp;
        let mut slope = exponent * link.resistance * libm::pow(amount, exponent - 1.0);
        let mut loss = slope * amount / exponent;
        if slope < self.model.rqtol {
            slope = self.model.rqtol;
            loss = slope * amount;
        }
        if link.minor > 0.0 {
            loss += link.minor * amount * amount;
            slope += 2.0 * link.minor * amount;
        }
        (1.0 / slope, if flow < 0.0 { -loss } else { loss } / slope)
    }

    fn darcy(&self, link: &Pipe, flow: f64) -> (f64, f64) {
        let amount = flow.abs();
        let s = self.model.viscosity * link.diameter;
        let (loss, slope);
        if amount <= 500.0 * PI * s {
            let laminar = 16.0 * PI * s * link.resistance;
            loss = flow * (laminar + link.minor * amount);
            slope = laminar + 2.0 * link.minor * amount;
        } else {
            let (f, df) = friction(amount, link.rough, s);
            let square = f * link.resistance + link.minor;
            loss = square * amount * flow;
            slope = 2.0 * square * amount + df * link.resistance * amount * amount;
        }
        (1.0 / slope, loss / slope)
    }

    fn pump(&self, at: usize, link: &Pipe) -> (f64, f64) {
        let (flow, speed) = (self.flow[at], self.setting[at]);
        let Some(machine) = link.pump.as_ref().filter(|_| !self.status[at].is_closed() && speed != 0.0) else {
            return (1.0 / CBIG, flow);
        };
        let amount = flow.abs();
        let (loss, slope);
        if let Some(power) = machine.power {
            let power = power * speed * speed * speed;
            let steep = power / amount / amount;
            if steep > CBIG || steep < self.model.rqtol {
                slope = steep.clamp(self.model.rqtol, CBIG);
                loss = -slope * flow;
            } else {
                slope = steep;
                loss = -power / flow;
            }
            return (1.0 / slope, loss / slope);
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
        factor *= libm::pow(speed, 2.0 - exponent);
        if exponent == 1.0 {
            slope = factor;
            loss = shutoff + slope * flow;
        } else {
            let steep = exponent * factor * libm::pow(amount, exponent - 1.0);
            slope = steep.max(self.model.rqtol);
            loss = shutoff + if steep < self.model.rqtol { slope * flow } else { slope * flow / exponent };
        }
        (1.0 / slope, loss / slope)
    }

    fn breaker(&self, at: usize, link: &Pipe) -> (f64, f64) {
        let (flow, setting) = (self.flow[at], self.setting[at]);
        if setting == MISSING || setting == 0.0 || link.minor * flow * flow > setting {
            return self.valve(at, link.minor);
        }
        (CBIG, setting * CBIG)
    }

    fn general(&self, at: usize, link: &Pipe) -> (f64, f64) {
        if self.status[at].is_closed() {
            return self.valve(at, link.minor);
        }
        let flow = self.flow[at];
        let amount = flow.abs().max(TINY);
        let (height, rise) = segment(&link.curve, amount);
        let rise = rise.max(TINY);
        let y = height / rise + amount;
        (1.0 / rise, if flow < 0.0 { -y } else { y })
    }

    /// A valve that is open or closed.
    pub(super) fn valve(&self, at: usize, minor: f64) -> (f64, f64) {
        let flow = self.flow[at];
        if self.status[at].is_closed() {
            return (1.0 / CBIG, flow);
        }
        if minor <= 0.0 {
            return (1.0 / CSMALL, flow);
        }
        let slope = 2.0 * minor * flow.abs();
        if slope < self.model.rqtol { (1.0 / self.model.rqtol, flow) } else { (1.0 / slope, flow / 2.0) }
    }

    /// Loss and slope of an emitter.
    pub(super) fn emitter(&self, junction: usize) -> (f64, f64) {
        let ke = self.model.ke[junction].max(CSMALL);
        let flow = self.emitter_flow[junction];
        let slope = self.model.qexp * ke * libm::pow(flow.abs(), self.model.qexp - 1.0);
        if slope < self.model.rqtol { (self.model.rqtol * flow, self.model.rqtol) } else { (slope * flow / self.model.qexp, slope) }
    }

    /// Loss and slope of a demand that depends on pressure.
    pub(super) fn driven(&self, junction: usize, range: f64, exponent: f64) -> (f64, f64) {
        let (flow, full) = (self.demand_flow[junction], self.demand[junction]);
        let share = flow / full;
        if share <= 0.0 {
            return (CBIG * flow, CBIG);
        }
        if share >= 1.0 {
            return (range + CBIG * (flow - full), CBIG);
        }
        let slope = exponent * range * libm::pow(share, exponent - 1.0) / full;
        if slope < self.model.rqtol { (self.model.rqtol * flow, self.model.rqtol) } else { (slope * flow / exponent, slope) }
    }
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
fn friction(flow: f64, rough: f64, s: f64) -> (f64, f64) {
    const LOG: f64 = -0.868_588_963_806_50;
    let w = flow / s;
    if w >= 1000.0 * PI {
        let y1 = 4.618_413_198_59 / libm::pow(w, 0.9);
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
