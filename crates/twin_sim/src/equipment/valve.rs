//! Control valves in liquid service, by IEC 60534-2-1 without choking.

use super::Drop;

/// How the capacity grows with the opening.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Characteristic {
    /// In proportion.
    Linear,
    /// By the same share for the same travel; `rangeability` is the capacity fully open over that of the seat.
    EqualPercentage {
        /// Usually 30 or 50.
        rangeability: f64,
    },
    /// With the root of the opening: most of the capacity comes early.
    QuickOpening,
}

/// Opening below which an equal-percentage valve closes in a straight line.
const SEAT: f64 = 0.05;

impl Characteristic {
    /// Share of the full capacity at an opening of 0 to 1.
    pub fn share(&self, opening: f64) -> f64 {
        let opening = opening.clamp(0.0, 1.0);
        match *self {
            Self::Linear => opening,
            Self::EqualPercentage { rangeability } => {
                let at = |opening: f64| libm::pow(rangeability, opening - 1.0);
                if opening >= SEAT { at(opening) } else { at(SEAT) * opening / SEAT }
            }
            Self::QuickOpening => opening.sqrt(),
        }
    }

    /// Opening that gives a share of the full capacity: the inverse of [`Self::share`].
    pub fn opening(&self, share: f64) -> f64 {
        let share = share.clamp(0.0, 1.0);
        match *self {
            Self::Linear => share,
            Self::EqualPercentage { rangeability } => {
                let seat = self.share(SEAT);
                if share < seat { SEAT * share / seat } else { 1.0 + libm::log(share) / libm::log(rangeability) }
            }
            Self::QuickOpening => share * share,
        }
    }
}

/// Loss through a capacity `kv_m3_h` (m³/h of water at 1 bar); `None` when nothing can flow.
pub fn drop(kv_m3_h: f64, flow_kg_s: f64, density_kg_m3: f64) -> Option<Drop> {
    if kv_m3_h.is_nan() || kv_m3_h <= 1e-9 {
        return None;
    }
    // Q[m³/h] = Kv·√(Δp[bar]·1000/ρ), so Δp = 10⁵·(3600/Kv)²/(1000·ρ)·w².
    let coefficient = 1e5 * (3600.0 / kv_m3_h) * (3600.0 / kv_m3_h) / (1000.0 * density_kg_m3);
    Some(super::quadratic(coefficient, flow_kg_s))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_equal_percentage_valve_has_the_capacity_of_its_data_sheet() {
        let valve = Characteristic::EqualPercentage { rangeability: 50.0 };
        // FV-101 of Unit 100: 200·50^(0.783 - 1) = 85.5, 90 m³/h at 1.099 bar and 992.2 kg/m³.
        assert!((200.0 * valve.share(0.783) - 85.5).abs() < 0.1);
        let drop = drop(85.5, 90.0 / 3600.0 * 992.2, 992.2).unwrap();
        assert!((drop.pa / 1.099e5 - 1.0).abs() < 5e-3, "{}", drop.pa);
        assert_eq!(super::drop(0.0, 1.0, 1000.0), None);
    }

    #[test]
    fn opening_and_share_are_inverse_to_each_other() {
        for valve in [Characteristic::Linear, Characteristic::QuickOpening, Characteristic::EqualPercentage { rangeability: 30.0 }] {
            for step in 0..=100 {
                let opening = f64::from(step) / 100.0;
                assert!((valve.opening(valve.share(opening)) - opening).abs() < 1e-12, "{valve:?} at {opening}");
            }
        }
    }
}
