//! Min/max-true downsampling: no peak is lost however many samples fall onto one pixel.

use twin_model::QualityClass;

/// The values of one bucket of time. `min` and `max` are NaN in a gap.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EnvelopePoint {
    /// Seconds since 1970, the middle of what fell into the bucket.
    pub time_secs: f64,
    /// Lowest value.
    pub min: f64,
    /// Highest value.
    pub max: f64,
    /// Worst quality.
    pub quality: QualityClass,
}

impl EnvelopePoint {
    /// A single good sample.
    pub fn sample(time_secs: f64, value: f64) -> Self {
        Self { time_secs, min: value, max: value, quality: QualityClass::Good }
    }

    /// A place without a value: the line is interrupted here.
    pub fn gap(time_secs: f64) -> Self {
        Self { time_secs, min: f64::NAN, max: f64::NAN, quality: QualityClass::Bad }
    }

    /// The point with its values changed by a rising function: another unit.
    pub fn map(self, change: impl Fn(f64) -> f64) -> Self {
        Self { min: change(self.min), max: change(self.max), ..self }
    }

    /// True for a place without a value.
    pub fn is_gap(&self) -> bool {
        !self.min.is_finite() || !self.max.is_finite()
    }

    fn merge(&mut self, other: &Self) {
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
        self.quality = self.quality.max(other.quality);
    }
}

/// Downsamples points in time order to at most about `buckets` points of equal width in time, keeping the extremes of
/// every bucket and every gap. Fewer points than buckets come back unchanged.
pub fn envelope(points: &[EnvelopePoint], buckets: usize) -> Vec<EnvelopePoint> {
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return Vec::new() };
    let span = last.time_secs - first.time_secs;
    if buckets == 0 || points.len() <= buckets || span.is_nan() || span <= 0.0 {
        return points.to_vec();
    }
    let bucket_of = |time: f64| (((time - first.time_secs) / span * buckets as f64) as usize).min(buckets - 1);
    let mut merged: Vec<EnvelopePoint> = Vec::with_capacity(buckets + 1);
    let mut open: Option<(usize, EnvelopePoint, f64)> = None;
    for point in points {
        let bucket = bucket_of(point.time_secs);
        match &mut open {
            Some((current, sum, to)) if *current == bucket && !point.is_gap() && !sum.is_gap() => {
                sum.merge(point);
                *to = point.time_secs;
            }
            // Several gaps in one bucket are one gap.
            Some((current, sum, _)) if *current == bucket && point.is_gap() && sum.is_gap() => {}
            _ => {
                close(&mut merged, open.take());
                open = Some((bucket, *point, point.time_secs));
            }
        }
    }
    close(&mut merged, open);
    merged
}

fn close(merged: &mut Vec<EnvelopePoint>, open: Option<(usize, EnvelopePoint, f64)>) {
    if let Some((_, mut point, to)) = open {
        point.time_secs = f64::midpoint(point.time_secs, to);
        merged.push(point);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wave(count: usize) -> Vec<EnvelopePoint> {
        (0..count).map(|i| EnvelopePoint::sample(i as f64, (i as f64 * 0.37).sin())).collect()
    }

    #[test]
    fn a_single_spike_in_a_million_samples_survives() {
        let mut points = wave(1_000_000);
        points[654_321] = EnvelopePoint::sample(654_321.0, 99.0);
        points[123_456] = EnvelopePoint::sample(123_456.0, -77.0);
        let small = envelope(&points, 800);
        assert!(small.len() <= 800);
        assert_eq!(small.iter().map(|p| p.max).fold(f64::MIN, f64::max), 99.0);
        assert_eq!(small.iter().map(|p| p.min).fold(f64::MAX, f64::min), -77.0);
        assert!(small.windows(2).all(|pair| pair[0].time_secs < pair[1].time_secs));
    }

    #[test]
    fn gaps_and_the_worst_quality_survive() {
        let mut points = wave(10_000);
        points[5_000] = EnvelopePoint::gap(5_000.0);
        points[7_003].quality = QualityClass::Uncertain;
        let small = envelope(&points, 100);
        assert_eq!(small.iter().filter(|p| p.is_gap()).count(), 1);
        assert_eq!(small.iter().filter(|p| p.quality == QualityClass::Uncertain).count(), 1);
    }

    #[test]
    fn few_points_come_back_unchanged() {
        let points = wave(50);
        assert_eq!(envelope(&points, 100), points);
        assert!(envelope(&[], 100).is_empty());
    }
}
