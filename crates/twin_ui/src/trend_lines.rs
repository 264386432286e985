//! The lines inside a trend strip.

use crate::envelope::EnvelopePoint;
use crate::trends::{TraceView, TrendsState, TrendsView};
use crate::{Theme, text::t};
use egui::{Align2, Color32, RichText, Stroke};
use egui_plot::{HLine, Line, LineStyle, PlotPoint, PlotPoints, PlotUi, Span, Text, VLine};
use twin_model::alarm::AlarmClass;
use twin_model::{Quality, QualityClass, TwinTime};

/// Traces that share an axis.
pub(crate) struct Strip<'a> {
    /// Their unit.
    pub unit: &'a str,
    /// A strip of residuals.
    pub is_residual: bool,
    /// Pen number and trace.
    pub traces: Vec<(usize, &'a TraceView)>,
}

/// Groups traces by unit in the order they come; residuals follow in strips of their own.
pub(crate) fn strips<'a>(view: &'a TrendsView, state: &TrendsState) -> Vec<Strip<'a>> {
    let mut strips: Vec<Strip<'a>> = Vec::new();
    let passes: &[bool] = if state.show_residual { &[false, true] } else { &[false] };
    for &is_residual in passes {
        for trace in &view.traces {
            if is_residual && trace.residual.is_empty() {
                continue;
            }
            let pen = state.pen_of(&trace.signal);
            let unit = trace.reading.unit.as_str();
            match strips.iter_mut().find(|strip| strip.unit == unit && strip.is_residual == is_residual) {
                Some(strip) => strip.traces.push((pen, trace)),
                None => strips.push(Strip { unit, is_residual, traces: vec![(pen, trace)] }),
            }
        }
    }
    strips
}

/// The last point at or before an instant.
pub(crate) fn latest_at(points: &[EnvelopePoint], secs: f64) -> Option<&EnvelopePoint> {
    let after = points.partition_point(|point| point.time_secs <= secs);
    after.checked_sub(1).and_then(|index| points.get(index))
}

/// A status code for a class.
pub(crate) fn quality_of(class: QualityClass) -> Quality {
    match class {
        QualityClass::Good => Quality::GOOD,
        QualityClass::Uncertain => Quality::UNCERTAIN,
        QualityClass::Bad => Quality::BAD,
    }
}

/// Lowest and highest value of a strip with some air; limits count when they are near.
pub(crate) fn value_bounds(strip: &Strip<'_>, show_model: bool, show_limits: bool) -> (f64, f64) {
    let mut low = f64::INFINITY;
    let mut high = f64::NEG_INFINITY;
    for (_, trace) in &strip.traces {
        let lines: [&[EnvelopePoint]; 3] = if strip.is_residual {
            [&trace.residual, &[], &[]]
        } else {
            [&trace.points, if show_model { &trace.model } else { &[] }, &trace.compared]
        };
        for point in lines.into_iter().flatten().filter(|point| !point.is_gap()) {
            low = low.min(point.min);
            high = high.max(point.max);
        }
    }
    if !low.is_finite() || !high.is_finite() {
        return (0.0, 1.0);
    }
    let span = (high - low).max(high.abs().max(low.abs()) * 0.004).max(1e-6);
    if show_limits && !strip.is_residual {
        for limit in strip.traces.iter().flat_map(|(_, trace)| &trace.limits) {
            if limit.value > low - span && limit.value < high + span {
                low = low.min(limit.value);
                high = high.max(limit.value);
            }
        }
    }
    let (middle, half) = (f64::midpoint(low, high), (high - low).max(span) * 0.56);
    (middle - half, middle + half)
}

/// Decimals that tell grid lines of this step apart.
pub(crate) fn decimals_of(step: f64) -> u8 {
    (0..6).find(|decimals| step >= 0.999 * 10f64.powi(-i32::from(*decimals))).unwrap_or(6)
}

/// Draws everything in a strip.
pub(crate) fn draw(
    plot: &mut PlotUi<'_>,
    view: &TrendsView,
    strip: &Strip<'_>,
    show_model: bool,
    show_limits: bool,
    cursor: Option<TwinTime>,
    theme: &Theme,
) {
    let head = view.playhead.secs_f64();
    if show_limits && !strip.is_residual {
        for limit in strip.traces.iter().flat_map(|(_, trace)| &trace.limits) {
            let class = if limit.priority.is_some() { AlarmClass::Alarm } else { AlarmClass::Alert };
            let colour = theme.alarm_ink(class, limit.priority);
            let line =
                HLine::new(limit.label.clone(), limit.value).color(colour).width(1.0).style(LineStyle::dashed_dense()).allow_hover(false);
            plot.hline(line);
            let at = PlotPoint::new(*plot.plot_bounds().range_x().start(), limit.value);
            // Towards the middle of the strip, where its edge does not cut it off.
            let is_in_upper_half = limit.value > plot.plot_bounds().center().y;
            let align = if is_in_upper_half { Align2::LEFT_TOP } else { Align2::LEFT_BOTTOM };
            let text = RichText::new(format!(" {}", limit.label)).size(theme.small_size - 1.0).color(colour);
            plot.text(Text::new("", at, text).anchor(align).allow_hover(false));
        }
    }
    if let Some(fork) = view.fork {
        let end = plot.plot_bounds().range_x().end().max(fork.secs_f64());
        let span = Span::new("", fork.secs_f64()..=end).fill(theme.accent.gamma_multiply(0.06)).border(Stroke::NONE);
        plot.span(span);
        let top = PlotPoint::new(fork.secs_f64(), *plot.plot_bounds().range_y().end());
        let text = RichText::new(format!(" {}", t().sim)).size(theme.small_size).color(theme.accent);
        plot.text(Text::new("", top, text).anchor(Align2::LEFT_TOP).allow_hover(false));
    }
    for (pen, trace) in &strip.traces {
        let colour = theme.pen(*pen);
        if strip.is_residual {
            lines(plot, &trace.residual, colour, 1.2, LineStyle::Solid);
            continue;
        }
        lines(plot, &trace.compared, colour.gamma_multiply(0.6), 1.0, LineStyle::Solid);
        if show_model {
            lines(plot, &trace.model, theme.accent, 1.2, LineStyle::dashed_dense());
        }
        lines(plot, &trace.points, colour, 1.6, LineStyle::Solid);
    }
    if strip.is_residual {
        plot.hline(HLine::new("", 0.0).color(theme.text_faint).width(1.0).allow_hover(false));
    }
    plot.vline(VLine::new("", head).color(theme.text_strong.gamma_multiply(0.7)).width(1.0).allow_hover(false));
    if let Some(cursor) = cursor {
        plot.vline(VLine::new("", cursor.secs_f64()).color(theme.text_weak).width(1.0).allow_hover(false));
    }
}

/// Draws an envelope: through minimum and maximum of each bucket, interrupted at gaps, dotted and faded where it is not Good.
fn lines(plot: &mut PlotUi<'_>, points: &[EnvelopePoint], colour: Color32, width: f32, style: LineStyle) {
    let mut run: Vec<[f64; 2]> = Vec::new();
    let mut quality = QualityClass::Good;
    for point in points {
        let is_break = point.is_gap() || point.quality != quality;
        if is_break {
            let joint = run.last().copied();
            flush(plot, &mut run, quality, colour, width, style);
            // The line goes on from where it was, except over a gap.
            if !point.is_gap()
                && let Some(joint) = joint
            {
                run.push(joint);
            }
            quality = point.quality;
        }
        if point.is_gap() {
            continue;
        }
        // Enters the bucket on the side it comes from.
        let comes_from_above = run.last().is_some_and(|last| last[1] > f64::midpoint(point.min, point.max));
        let (first, second) = if comes_from_above { (point.max, point.min) } else { (point.min, point.max) };
        run.push([point.time_secs, first]);
        if second != first {
            run.push([point.time_secs, second]);
        }
    }
    flush(plot, &mut run, quality, colour, width, style);
}

fn flush(plot: &mut PlotUi<'_>, run: &mut Vec<[f64; 2]>, quality: QualityClass, colour: Color32, width: f32, style: LineStyle) {
    let points = std::mem::take(run);
    if points.len() < 2 {
        return;
    }
    let (colour, style) = match quality {
        QualityClass::Good => (colour, style),
        QualityClass::Uncertain | QualityClass::Bad => (colour.gamma_multiply(0.55), LineStyle::dotted_dense()),
    };
    plot.line(Line::new("", PlotPoints::new(points)).color(colour).width(width).style(style).allow_hover(false));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reading_at_the_cursor_is_the_last_one_before_it() {
        let points: Vec<_> = (0..5).map(|i| EnvelopePoint::sample(f64::from(i) * 10.0, f64::from(i))).collect();
        assert_eq!(latest_at(&points, 25.0).map(|point| point.min), Some(2.0));
        assert_eq!(latest_at(&points, 20.0).map(|point| point.min), Some(2.0));
        assert!(latest_at(&points, -1.0).is_none());
    }
}
