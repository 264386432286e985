//! Electric motors with their drives: current, power, winding temperature, running up and down.

/// Data sheet of a motor with its supply.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Motor {
    /// Rated shaft power, W.
    pub rated_w: f64,
    /// Full-load current, A.
    pub full_load_a: f64,
    /// No-load current over full-load current, 0.2 to 0.6.
    pub idle_share: f64,
    /// Efficiency well above 30 % load.
    pub efficiency: f64,
    /// Efficiency of the variable speed drive, 1 without one.
    pub drive_efficiency: f64,
}

impl Motor {
    /// Current at a shaft power and relative speed, A: the magnetising current at right angles to the one that turns.
    ///
    /// Source: circle diagram of the induction motor, I = √(I0² + (Ia·T/T_rated)²).
    pub fn current_a(&self, shaft_w: f64, speed: f64) -> f64 {
        let torque = shaft_w / self.rated_w / speed.max(0.1);
        let idle = self.idle_share * self.idle_share;
        self.full_load_a * (idle + (1.0 - idle) * torque * torque).sqrt()
    }

    /// Electrical power at a shaft power, W. The efficiency falls below 30 % load as `1 − e^(−load/0.07)`.
    pub fn electrical_w(&self, shaft_w: f64) -> f64 {
        let load = shaft_w / self.rated_w;
        if load.is_nan() || load < 1e-6 {
            return 0.0;
        }
        shaft_w / (self.efficiency * (1.0 - libm::exp(-load / 0.07)) * self.drive_efficiency)
    }

    /// Rise of the winding over its surroundings that a current settles at, K: copper loss goes with its square.
    pub fn winding_rise_k(&self, current_a: f64, full_load_rise_k: f64) -> f64 {
        let share = current_a / self.full_load_a;
        full_load_rise_k * share * share
    }
}

/// How a drive runs up and down. Speeds are shares of the rated speed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Running {
    /// Change of speed while on, per second.
    pub ramp_per_sec: f64,
    /// Run-down under hydraulic load: deceleration = speed² / this, s.
    pub load_secs: f64,
    /// Run-down by friction, per second.
    pub friction_per_sec: f64,
}

impl Running {
    /// Speed after `dt_secs`: towards `demand` while on, down by `dn/dt = −n²/T − f` while off.
    pub fn step(&self, speed: f64, dt_secs: f64, on: bool, demand: f64) -> f64 {
        if on {
            let reach = (self.ramp_per_sec * dt_secs).max(0.0);
            return speed + (demand - speed).max(-reach).min(reach);
        }
        // Four steps keep the run-down, which is fast at first, close to its exact curve.
        let step = 0.25 * dt_secs;
        (0..4).fold(speed, |speed, _| (speed / (1.0 + speed * step / self.load_secs) - self.friction_per_sec * step).max(0.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_motor_has_the_current_and_power_of_its_data_sheet() {
        let motor = Motor { rated_w: 18.5e3, full_load_a: 33.2, idle_share: 0.38, efficiency: 0.91, drive_efficiency: 0.97 };
        assert!((motor.current_a(18.5e3, 1.0) - 33.2).abs() < 1e-12 && (motor.current_a(0.0, 1.0) - 0.38 * 33.2).abs() < 1e-12);
        // The normal point of P-101A: 9.11 kW at the shaft, 20.5 A, 10.36 kW from the line.
        assert!((motor.current_a(9.11e3, 0.938) - 20.5).abs() < 0.1, "{} A", motor.current_a(9.11e3, 0.938));
        assert!((motor.electrical_w(9.11e3) - 10.36e3).abs() < 50.0, "{} W", motor.electrical_w(9.11e3));
    }

    #[test]
    fn a_drive_runs_up_along_its_ramp_and_down_as_that_of_a_loaded_pump() {
        let running = Running { ramp_per_sec: 0.1, load_secs: 1.65, friction_per_sec: 0.03 };
        let mut speed = 0.0;
        let at = |speed: &mut f64, on: bool, secs: f64| {
            (0..(secs / 0.5) as usize).for_each(|_| *speed = running.step(*speed, 0.5, on, 0.938));
            *speed
        };
        assert!((at(&mut speed, true, 5.0) - 0.5).abs() < 1e-12);
        assert_eq!(at(&mut speed, true, 4.5), 0.938);
        // P-101: to 36 % in 2.5 s, to a standstill in about 8 s.
        assert!((at(&mut speed, false, 2.5) - 0.36).abs() < 0.03);
        assert!(at(&mut speed, false, 4.5) > 0.0);
        assert_eq!(at(&mut speed, false, 3.0), 0.0);
    }
}
