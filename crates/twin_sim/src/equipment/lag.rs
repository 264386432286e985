//! First-order lags, exact for a target that holds still: the same after one long step as after many short ones.

/// Share of the way to its target that a lag of `lag_secs` covers in `dt_secs`: `1 − e^(−Δt/lag)`; all of it without a lag.
pub fn share(dt_secs: f64, lag_secs: f64) -> f64 {
    if lag_secs > 0.0 { -libm::expm1(-dt_secs / lag_secs) } else { 1.0 }
}

/// Two lags in a row, the first feeding the second: both values after `dt_secs` towards `target`.
///
/// Closed solution of `a·r' = target − r`, `b·h' = r − h`; the lags `a` and `b` in s have to differ.
pub fn two_in_a_row([first, second]: [f64; 2], target: f64, dt_secs: f64, [a, b]: [f64; 2]) -> [f64; 2] {
    let (fast, slow) = (libm::exp(-dt_secs / a), libm::exp(-dt_secs / b));
    let driven = (first - target) * a / (a - b);
    [target + (first - target) * fast, target + (second - target - driven) * slow + driven * fast]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_step_ends_where_many_end() {
        let lags = [135.0, 765.0];
        let whole = two_in_a_row([300.0, 310.0], 350.0, 900.0, lags);
        let parts = (0..9000).fold([300.0, 310.0], |nodes, _| two_in_a_row(nodes, 350.0, 0.1, lags));
        assert!((whole[0] - parts[0]).abs() < 1e-9 && (whole[1] - parts[1]).abs() < 1e-9, "{whole:?} {parts:?}");
        // Against the differential equations themselves, in steps of 10 ms.
        let euler = (0..90_000).fold([300.0, 310.0], |[first, second]: [f64; 2], _| {
            [first + 0.01 * (350.0 - first) / lags[0], second + 0.01 * (first - second) / lags[1]]
        });
        assert!((whole[0] - euler[0]).abs() < 1e-2 && (whole[1] - euler[1]).abs() < 1e-2, "{whole:?} {euler:?}");
        assert_eq!((share(0.5, 0.0), share(0.0, 2.0)), (1.0, 0.0));
    }
}
