//! Bracketed root finding with a fixed, reproducible order of operations.

/// Root of a function that falls from positive at `low` to negative at `high`, by the Illinois variant of false
/// position. Returns the end with the right sign when there is no change of sign.
pub(crate) fn falling(mut low: f64, mut high: f64, tolerance: f64, mut function: impl FnMut(f64) -> f64) -> f64 {
    let mut at_low = function(low);
    if at_low <= 0.0 {
        return low;
    }
    let mut at_high = function(high);
    if at_high >= 0.0 {
        return high;
    }
    let mut last_side = 0;
    for round in 0..100 {
        // Every fourth round halves the bracket, so that a kinked function cannot stall the search.
        let middle = if round % 4 == 3 { 0.5 * (low + high) } else { low + (high - low) * at_low / (at_low - at_high) };
        let value = function(middle);
        if value > 0.0 {
            low = middle;
            at_low = value;
            if last_side == 1 {
                at_high *= 0.5;
            }
            last_side = 1;
        } else if value < 0.0 {
            high = middle;
            at_high = value;
            if last_side == -1 {
                at_low *= 0.5;
            }
            last_side = -1;
        } else {
            return middle;
        }
        if high - low <= tolerance {
            break;
        }
    }
    0.5 * (low + high)
}
