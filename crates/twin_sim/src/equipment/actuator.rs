//! Actuators of valves: lag, rate, stops, loss of air, a stuck or a sticking stem.

/// What a valve does without air.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AirFailure {
    /// Its spring shuts it (FC).
    Closes,
    /// Its spring opens it (FO).
    Opens,
    /// It stays where it is, as an electric one does (FL).
    Stays,
}

/// Data sheet of an actuator. Positions are shares of the stroke, 0 shut to 1 open.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Actuator {
    /// First-order lag, s.
    pub lag_secs: f64,
    /// Fastest stroke, share of it per second.
    pub rate_per_sec: f64,
    /// Mechanical lower stop.
    pub stop: f64,
    /// What it does without air.
    pub fails: AirFailure,
    /// Gauge pressure of the air at which the spring begins to give way, Pa; usually 1.5e5.
    pub air_low_pa: f64,
    /// Gauge pressure of the air that gives the whole stroke, Pa, above the former; usually 4e5.
    pub air_full_pa: f64,
}

/// Faults of an actuator and its stem.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ActuatorHealth {
    /// The position it is forced to; negative when it is not.
    pub forced: f64,
    /// Stiction: dead band plus stick band S, share of the stroke.
    pub stick_band: f64,
    /// Stiction: slip jump J, share of the stroke.
    pub slip_jump: f64,
}

impl ActuatorHealth {
    /// A valve that follows its command.
    pub const SOUND: Self = Self { forced: -1.0, stick_band: 0.0, slip_jump: 0.0 };
}

/// Where a stem is and how it came there: everything an actuator remembers, as plain numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stem {
    /// Position.
    pub position: f64,
    /// Where friction lets the command take it.
    pub target: f64,
    /// Command of the step before.
    pub last_command: f64,
    /// Command at which it came to rest.
    pub rested_at: f64,
    /// Direction of its last movement, 1 or -1.
    pub direction: f64,
    /// 1 while it rests, else 0.
    pub resting: f64,
}

impl Stem {
    /// A stem that has stood at a position for long.
    pub const fn at(position: f64) -> Self {
        Self { position, target: position, last_command: position, rested_at: position, direction: 1.0, resting: 1.0 }
    }

    /// Friction with two parameters: the stem rests until the command has moved by S against, or by J along, its last
    /// direction, then follows at a distance of (S − J)/2 until the command pauses or turns.
    ///
    /// Source: Kano et al., Practical model and detection algorithm for valve stiction, IFAC DYCOPS 2004.
    fn rub(&mut self, command: f64, health: &ActuatorHealth) {
        if health.stick_band.is_nan() || health.stick_band <= 0.0 {
            *self = Self { position: self.position, ..Self::at(command) };
            return;
        }
        let moved = command - self.last_command;
        if self.resting == 0.0 && moved * self.direction <= 0.0 {
            self.resting = 1.0;
            self.rested_at = self.last_command;
        }
        if self.resting != 0.0 {
            let along = (command - self.rested_at) * self.direction;
            if along > health.slip_jump {
                self.resting = 0.0;
            } else if -along > health.stick_band {
                self.resting = 0.0;
                self.direction = -self.direction;
            }
        }
        if self.resting == 0.0 {
            let distance = 0.5 * (health.stick_band - health.slip_jump).max(0.0);
            self.target = (command - self.direction * distance).clamp(0.0, 1.0);
        }
        self.last_command = command;
    }
}

impl Actuator {
    /// Share of the stroke that a gauge pressure of the air can hold against the spring.
    pub fn stroke(&self, air_pa: f64) -> f64 {
        ((air_pa - self.air_low_pa) / (self.air_full_pa - self.air_low_pa)).clamp(0.0, 1.0)
    }

    /// The stem after `dt_secs` towards `command` (0 to 1) with air at a gauge pressure.
    pub fn step(&self, mut stem: Stem, dt_secs: f64, command: f64, air_pa: f64, health: &ActuatorHealth) -> Stem {
        stem.rub(command, health);
        let stroke = self.stroke(air_pa);
        let possible = match self.fails {
            AirFailure::Closes => stem.target.min(stroke),
            AirFailure::Opens => stem.target.max(1.0 - stroke),
            AirFailure::Stays if stroke > 0.0 => stem.target,
            AirFailure::Stays => stem.position,
        };
        let target = if health.forced >= 0.0 { health.forced.min(1.0) } else { possible.max(self.stop).min(1.0) };
        let reach = (self.rate_per_sec * dt_secs).max(0.0);
        // Backward Euler: stable for every step, at the target at once when there is no lag.
        let share = if self.lag_secs > 0.0 { dt_secs / (self.lag_secs + dt_secs) } else { 1.0 };
        stem.position += ((target - stem.position) * share).max(-reach).min(reach);
        stem
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FV101: Actuator =
        Actuator { lag_secs: 1.5, rate_per_sec: 0.12, stop: 0.0, fails: AirFailure::Closes, air_low_pa: 1.5e5, air_full_pa: 4e5 };

    #[test]
    fn a_sticking_stem_rests_within_its_band_then_jumps_and_follows_at_a_distance() {
        let health = ActuatorHealth { forced: -1.0, stick_band: 0.10, slip_jump: 0.06 };
        let quick = Actuator { lag_secs: 0.0, rate_per_sec: 1e3, ..FV101 };
        let moved = |stem, command| quick.step(stem, 0.5, command, 6e5, &health);
        // The last direction was up: against it the stem rests until the command has come down by S …
        let mut stem = Stem::at(0.5);
        for command in [0.48, 0.45, 0.41, 0.401] {
            stem = moved(stem, command);
            assert_eq!(stem.position, 0.5, "the command is at {command}");
        }
        // … then jumps by J and follows at (S − J)/2.
        stem = moved(stem, 0.399);
        assert!((stem.position - 0.419).abs() < 1e-12, "{}", stem.position);
        stem = moved(stem, 0.35);
        assert!((stem.position - 0.37).abs() < 1e-12, "{}", stem.position);
        // After a pause it takes J along the direction of the last move to get it going again.
        stem = moved(stem, 0.35);
        for command in [0.33, 0.30, 0.291] {
            stem = moved(stem, command);
            assert!((stem.position - 0.37).abs() < 1e-12, "the command is at {command}: {}", stem.position);
        }
        assert!(moved(stem, 0.28).position < 0.31);
    }

    #[test]
    fn without_air_the_spring_decides() {
        for (fails, rest) in [(AirFailure::Closes, 0.0), (AirFailure::Opens, 1.0), (AirFailure::Stays, 0.6)] {
            let actuator = Actuator { fails, ..FV101 };
            let stem = (0..400).fold(Stem::at(0.6), |stem, _| actuator.step(stem, 0.5, 0.3, 0.0, &ActuatorHealth::SOUND));
            assert!((stem.position - rest).abs() < 1e-9, "{fails:?}: {}", stem.position);
        }
    }

    proptest! {
        #[test]
        fn a_stem_stays_within_its_stroke_and_its_rate(
            commands in prop::collection::vec((0.0..=1.0_f64, 0.0..7e5_f64), 1..60),
            band in 0.0..0.2_f64, jump in 0.0..0.2_f64, start in 0.0..=1.0_f64,
        ) {
            let health = ActuatorHealth { forced: -1.0, stick_band: band, slip_jump: jump };
            let mut stem = Stem::at(start);
            for (command, air_pa) in commands {
                let next = FV101.step(stem, 0.5, command, air_pa, &health);
                prop_assert!((0.0..=1.0).contains(&next.position) && (next.position - stem.position).abs() <= 0.06 + 1e-12);
                stem = next;
            }
        }
    }
}
