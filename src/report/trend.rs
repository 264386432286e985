//! A trend as a drawing inside the page: least and greatest value per pixel, gaps left open, the model dashed.

use super::html::escaped;
use twin_model::{Plant, SignalKey, TwinTime};
use twin_runtime::Lane;

const WIDTH: usize = 900;
const HEIGHT: f64 = 160.0;
const TOP: f64 = 26.0;
const LEFT: f64 = 64.0;

/// Draws one signal over a range.
pub fn svg(plant: &Plant, lane: &Lane, signal: SignalKey, from: TwinTime, to: TwinTime) -> String {
    let Some(info) = plant.signals.info(signal) else { return String::new() };
    let buckets = |key| lane.store().column(key).map(|column| column.envelope(from, to, WIDTH)).unwrap_or_default();
    let measured = buckets(signal);
    let modelled = plant.settings_of(signal).and_then(|settings| settings.model).map(buckets).unwrap_or_default();
    let values = measured.iter().chain(&modelled).filter(|bucket| bucket.min <= bucket.max);
    let (least, most) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), bucket| (a.min(bucket.min), b.max(bucket.max)));
    let decimals = usize::from(info.decimals);
    let title = format!("{} {} [{}]", escaped(&info.tag), escaped(&info.name), escaped(&info.unit));
    let open = format!(
        "<svg viewBox=\"0 0 {} {}\" font-family=\"system-ui,sans-serif\" font-size=\"12\"><text x=\"0\" y=\"14\" font-weight=\"600\">{title}</text>",
        LEFT + WIDTH as f64,
        TOP + HEIGHT + 20.0
    );
    if least > most {
        return format!("{open}<text x=\"{LEFT}\" y=\"60\" fill=\"#5b6573\">no values</text></svg>");
    }
    let margin = ((most - least) * 0.05).max(10_f64.powi(-(i32::from(info.decimals))));
    let (low, high) = (least - margin, most + margin);
    let x = |time: TwinTime| LEFT + (time - from) / (to - from) * WIDTH as f64;
    let y = |value: f64| TOP + HEIGHT * (1.0 - (value - low) / (high - low));
    let mut text = open;
    for (value, place) in [(high, TOP + 10.0), (low, TOP + HEIGHT)] {
        text.push_str(&format!("<text x=\"{}\" y=\"{place}\" text-anchor=\"end\" fill=\"#5b6573\">{value:.decimals$}</text>", LEFT - 6.0));
    }
    for (time, anchor) in [(from, "start"), (to, "end")] {
        let (x, y) = (x(time), TOP + HEIGHT + 16.0);
        text.push_str(&format!("<text x=\"{x:.1}\" y=\"{y}\" text-anchor=\"{anchor}\" fill=\"#5b6573\">{}</text>", time.clock_text()));
    }
    text.push_str(&format!("<rect x=\"{LEFT}\" y=\"{TOP}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" fill=\"#f5f7f9\"/>"));
    for (buckets, style) in [(&modelled, "stroke=\"#7a8694\" stroke-dasharray=\"4 3\""), (&measured, "stroke=\"#1f5fbf\"")] {
        let mut path = String::new();
        let mut is_open = false;
        for bucket in buckets {
            if bucket.gap.is_some() || bucket.min > bucket.max {
                is_open = false;
                continue;
            }
            let (first, second) = if bucket.min_time <= bucket.max_time {
                ((bucket.min_time, bucket.min), (bucket.max_time, bucket.max))
            } else {
                ((bucket.max_time, bucket.max), (bucket.min_time, bucket.min))
            };
            for (time, value) in [first, second] {
                path.push_str(&format!("{}{:.1} {:.1}", if is_open { 'L' } else { 'M' }, x(time), y(value)));
                is_open = true;
            }
        }
        text.push_str(&format!("<path d=\"{path}\" fill=\"none\" {style} stroke-width=\"1.2\"/>"));
    }
    text.push_str("</svg>");
    text
}
