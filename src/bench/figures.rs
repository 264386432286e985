//! Numbers for people: quantiles and thousands.

/// The value that the share `quantile` (0 to 1) of `sorted` does not exceed; 0 of nothing.
pub fn quantile(sorted: &[f64], quantile: f64) -> f64 {
    let index = (sorted.len() as f64 * quantile).ceil() as usize;
    sorted.get(index.saturating_sub(1)).or(sorted.last()).copied().unwrap_or(0.0)
}

/// The middle of some values, in any order; 0 of nothing.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    match sorted.len() {
        0 => 0.0,
        count if count % 2 == 1 => sorted[count / 2],
        count => 0.5 * (sorted[count / 2 - 1] + sorted[count / 2]),
    }
}

/// A whole number with its thousands apart: `12,345`.
pub fn thousands(value: f64) -> String {
    let digits = format!("{:.0}", value.abs());
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if value < 0.0 { format!("-{text}") } else { text }
}

/// Says whether a figure keeps its limit.
pub fn verdict(is_kept: bool) -> &'static str {
    if is_kept { "pass" } else { "MISSED" }
}
