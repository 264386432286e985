//! Rolling bearings of a machine: temperature, vibration, wear. Wear is 0 for a new bearing, 1 for one at its end.

/// Temperatures a bearing settles at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BearingHeat {
    /// Rise at rest and at any speed, from the casing, K.
    pub casing_k: f64,
    /// Rise by rolling at normal speed, K; goes with the square of the speed.
    pub rolling_k: f64,
    /// Rise at wear 1, K; goes with wear^1.5.
    pub worn_k: f64,
    /// First-order lag, s.
    pub lag_secs: f64,
}

impl BearingHeat {
    /// Rise over the surroundings it settles at, K; `relative_speed` is speed over normal speed.
    pub fn settled_rise_k(&self, relative_speed: f64, wear: f64) -> f64 {
        let wear = wear.max(0.0);
        self.casing_k + self.rolling_k * relative_speed * relative_speed + self.worn_k * wear * wear.sqrt() * turning(relative_speed)
    }

    /// Temperature after `dt_secs` towards `target_k`, K, by backward Euler.
    pub fn step_k(&self, temp_k: f64, dt_secs: f64, target_k: f64) -> f64 {
        temp_k + (target_k - temp_k) * dt_secs / (self.lag_secs + dt_secs)
    }
}

/// What a vibration sensor on the housing shows: velocity in mm/s RMS, or envelope in gE.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Vibration {
    /// Sound, at normal speed.
    pub normal: f64,
    /// Growth with the relative speed: 1.5 for velocity, 2 for envelope.
    pub speed_exponent: f64,
    /// Share by which it grows at no flow, from 60 % of the best flow down.
    pub starved: f64,
    /// At wear 1, on top.
    pub worn: f64,
    /// Growth with the wear: 1.3 for velocity, which comes late; 0.6 for envelope, which comes early.
    pub wear_exponent: f64,
    /// Below this power of the wear nothing shows.
    pub hidden: f64,
    /// With cavitation of intensity 1, on top.
    pub cavitation: f64,
    /// At rest: what the floor brings.
    pub rest: f64,
}

impl Vibration {
    /// Reading at a relative speed, a share of the best flow at that speed, wear and intensity of cavitation.
    ///
    /// Source: form of the trend, speed exponents and stages after ISO 20816-1 and ISO 15243; figures are those of the machine.
    pub fn reading(&self, relative_speed: f64, flow_share: f64, wear: f64, cavitation: f64) -> f64 {
        if relative_speed.is_nan() || relative_speed < 0.05 {
            return self.rest;
        }
        let low_flow = ((0.6 - flow_share) / 0.6).clamp(0.0, 1.0);
        let grown = if wear > 0.0 { libm::pow(wear, self.wear_exponent) } else { 0.0 };
        let shows = (grown - self.hidden).max(0.0) * turning(relative_speed);
        let sound = self.normal * libm::pow(relative_speed, self.speed_exponent) * (1.0 + self.starved * low_flow);
        (sound + self.worn * shows + self.cavitation * cavitation).max(self.rest)
    }
}

/// A worn bearing shows nothing while it hardly turns.
fn turning(relative_speed: f64) -> f64 {
    (relative_speed / 0.3).clamp(0.0, 1.0)
}

/// Power lost to the friction of a worn bearing, W: `worn_w·wear·speed`, 600 W at wear 1 and rated speed for P-101 of Unit 100.
pub fn friction_w(worn_w: f64, wear: f64, speed: f64) -> f64 {
    worn_w * wear.max(0.0) * speed.max(0.0)
}

/// Wear after `dt_secs`: it grows with itself, `dw/dt = (w0 + w)·n / T`, by a step that is exact for a constant speed.
///
/// `seed` is the wear rate at w = 0 in units of the rate at w = 1, `life_secs` the time in which wear grows e-fold.
pub fn next_wear(wear: f64, dt_secs: f64, speed: f64, seed: f64, life_secs: f64) -> f64 {
    (wear + seed) * libm::exp(speed.max(0.0) * dt_secs / life_secs) - seed
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const VELOCITY: Vibration = Vibration {
        normal: 1.90,
        speed_exponent: 1.5,
        starved: 0.6,
        worn: 7.5,
        wear_exponent: 1.3,
        hidden: 0.0,
        cavitation: 3.6,
        rest: 0.1,
    };
    const ENVELOPE: Vibration = Vibration {
        normal: 0.60,
        speed_exponent: 2.0,
        starved: 0.0,
        worn: 8.54,
        wear_exponent: 0.6,
        hidden: 0.063,
        cavitation: 5.0,
        rest: 0.02,
    };
    const HEAT: BearingHeat = BearingHeat { casing_k: 8.0, rolling_k: 28.0, worn_k: 55.0, lag_secs: 900.0 };

    #[test]
    fn the_envelope_shows_wear_before_the_velocity_and_the_temperature_do() {
        let share = |vibration: &Vibration, wear: f64| vibration.reading(1.0, 0.94, wear, 0.0) / vibration.reading(1.0, 0.94, 0.0, 0.0);
        assert_eq!((share(&VELOCITY, 0.0), VELOCITY.reading(1.0, 0.94, 0.0, 0.0)), (1.0, 1.90));
        assert!(share(&ENVELOPE, 0.05) > 2.0 && share(&VELOCITY, 0.05) < 1.1 && HEAT.settled_rise_k(1.0, 0.05) < 36.7);
        assert!((VELOCITY.reading(1.0, 0.94, 1.0, 0.0) - 9.4).abs() < 1e-12 && (HEAT.settled_rise_k(1.0, 1.0) - 91.0).abs() < 1e-12);
        assert!((VELOCITY.reading(1.0, 0.0, 0.0, 0.0) - 1.90 * 1.6).abs() < 1e-12);
        assert_eq!(VELOCITY.reading(0.0, 0.0, 1.0, 1.0), 0.1);
    }

    #[test]
    fn wear_grows_the_same_in_one_step_as_in_many_and_not_at_rest() {
        let whole = next_wear(0.05, 36_000.0, 1.0, 0.01, 20_000.0);
        let parts = (0..72_000).fold(0.05, |wear, _| next_wear(wear, 0.5, 1.0, 0.01, 20_000.0));
        assert!((parts / whole - 1.0).abs() < 1e-9 && whole > 0.3, "{parts} {whole}");
        assert!((next_wear(0.05, 36_000.0, 0.0, 0.01, 20_000.0) - 0.05).abs() < 1e-16);
    }

    proptest! {
        #[test]
        fn more_wear_never_shows_less(speed in 0.0..1.2_f64, share in 0.0..2.0_f64, wear in -0.1..1.2_f64, more in 0.0..0.5_f64, noise in 0.0..1.5_f64) {
            for vibration in [VELOCITY, ENVELOPE] {
                let (low, high) = (vibration.reading(speed, share, wear, noise), vibration.reading(speed, share, wear + more, noise));
                prop_assert!(low >= vibration.rest && high >= low);
            }
            prop_assert!(HEAT.settled_rise_k(speed, wear + more) >= HEAT.settled_rise_k(speed, wear));
        }
    }
}
