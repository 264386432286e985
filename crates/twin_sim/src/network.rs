//! Quasi-steady flow of parallel pumps into one line.

use crate::root::falling;

/// A pump with everything up to the header: `pressure = head_bar - fall·Q²`, Q through the pump in m³/h.
#[derive(Clone, Copy, Debug)]
pub struct PumpBranch {
    /// Pressure at zero flow, barg.
    pub head_bar: f64,
    /// Fall of the pressure, bar/(m³/h)².
    pub fall: f64,
    /// Largest flow of the self-acting recirculation, m³/h; 0 without one.
    pub recirculation_m3_h: f64,
}

/// Forward flow at which the recirculation is shut, m³/h.
const RECIRCULATION_SHUT_M3_H: f64 = 32.0;

impl PumpBranch {
    /// Pressure against which the check valve just stays shut.
    fn shut_bar(&self) -> f64 {
        self.head_bar - self.fall * self.recirculation_m3_h * self.recirculation_m3_h
    }

    /// Forward flow in m³/h into a header at `header_bar`.
    fn forward_m3_h(&self, header_bar: f64) -> f64 {
        if header_bar >= self.head_bar {
            return 0.0;
        }
        let through = ((self.head_bar - header_bar) / self.fall).sqrt();
        if through >= RECIRCULATION_SHUT_M3_H {
            return through;
        }
        let share = 1.0 - self.recirculation_m3_h / RECIRCULATION_SHUT_M3_H;
        ((through - self.recirculation_m3_h) / share).max(0.0)
    }

    /// Recirculation in m³/h at a forward flow.
    pub fn recirculation_at_m3_h(&self, forward_m3_h: f64) -> f64 {
        self.recirculation_m3_h * (1.0 - forward_m3_h / RECIRCULATION_SHUT_M3_H).max(0.0)
    }
}

/// The line behind the header: `header = back_bar + linear·F + resistance·F²`, F in m³/h.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// Pressure to overcome before anything flows, barg.
    pub back_bar: f64,
    /// Linear term, bar/(m³/h): the stiffness of a gas space that fills up during the step.
    pub linear: f64,
    /// Quadratic term, bar/(m³/h)²; infinite for a shut line.
    pub resistance: f64,
}

impl Line {
    /// Flow in m³/h at a header pressure.
    pub fn flow_m3_h(&self, header_bar: f64) -> f64 {
        let drop = header_bar - self.back_bar;
        if drop <= 0.0 || !self.resistance.is_finite() {
            return 0.0;
        }
        2.0 * drop / (self.linear + (self.linear * self.linear + 4.0 * self.resistance * drop).sqrt())
    }
}

/// Solution of a network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Operating<const N: usize> {
    /// Pressure of the header, barg.
    pub header_bar: f64,
    /// Forward flow of every pump, m³/h.
    pub forward_m3_h: [f64; N],
    /// Flow of the line, m³/h.
    pub line_m3_h: f64,
}

/// Finds the header pressure at which the pumps deliver what the line and `leak_m3_h` (back through standing pumps) take.
pub fn operate<const N: usize>(pumps: &[Option<PumpBranch>; N], line: &Line, leak_m3_h: f64) -> Operating<N> {
    let highest = pumps.iter().flatten().map(PumpBranch::shut_bar).fold(f64::NEG_INFINITY, f64::max);
    let forward = |header_bar: f64| pumps.map(|pump| pump.map_or(0.0, |pump| pump.forward_m3_h(header_bar)));
    if !highest.is_finite() {
        return Operating { header_bar: 0.0, forward_m3_h: [0.0; N], line_m3_h: 0.0 };
    }
    let surplus = |header_bar: f64| forward(header_bar).iter().sum::<f64>() - leak_m3_h - line.flow_m3_h(header_bar);
    let header_bar = falling(highest.min(line.back_bar) - 0.5, highest, 1e-13, surplus);
    let line_m3_h = line.flow_m3_h(header_bar);
    let mut forward_m3_h = forward(header_bar);
    // The last bit of the search goes to the pumps in proportion, so that mass closes exactly.
    let total: f64 = forward_m3_h.iter().sum();
    if total > 0.0 {
        let wanted = line_m3_h + leak_m3_h.min(total);
        forward_m3_h = forward_m3_h.map(|flow| flow * wanted / total);
    }
    Operating { header_bar, forward_m3_h, line_m3_h }
}
