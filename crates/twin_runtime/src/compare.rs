//! What a what-if changes against the same run without overrides.

use crate::lane::Lane;
use crate::shadow::{POWER_TAG, THROUGHPUT_TAG};
use serde::{Deserialize, Serialize};
use twin_insight::AlarmEventKind;
use twin_model::alarm::AlarmClass;
use twin_model::{Plant, TwinTime};

/// One quantity of two runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ComparisonRow {
    /// What is compared.
    pub name: String,
    /// Unit.
    pub unit: String,
    /// Without overrides; `None` when it does not happen within the horizon.
    pub baseline: Option<f64>,
    /// With overrides.
    pub branch: Option<f64>,
    /// True when more is better.
    pub more_is_better: bool,
    /// Decimals worth showing.
    pub decimals: u8,
}

/// Everything compared from the fork to the head both runs have reached.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Plant seconds compared.
    pub span_secs: f64,
    /// Rows.
    pub rows: Vec<ComparisonRow>,
    /// First alarm of each run in words: baseline, branch.
    pub first_alarm: [Option<String>; 2],
}

/// Compares two runs from `from` to the head both have reached. `standing` says which alarm points stood at `from` already.
pub fn compare(plant: &Plant, baseline: &Lane, branch: &Lane, from: TwinTime, standing: &[bool]) -> Comparison {
    let head = baseline.head().min(branch.head()).unwrap_or(from).max(from);
    let hours = (head - from) / 3600.0;
    let runs = [baseline, branch];
    let throughput = runs.map(|lane| mean(plant, lane, THROUGHPUT_TAG, from, head).map(|m3_h| m3_h * hours));
    let energy = runs.map(|lane| mean(plant, lane, POWER_TAG, from, head).map(|kw| kw * hours));
    let alarms = runs.map(|lane| first_alarm(plant, lane, from, standing));
    let mut rows = vec![
        row("Next alarm in", "min", [0, 1].map(|i| alarms[i].as_ref().map(|(minutes, _)| *minutes)), true, 0),
        row("Throughput", "m³", throughput, true, 1),
        row("Electrical energy", "kWh", energy, false, 1),
        row("Specific energy", "kWh/m³", [ratio(energy[0], throughput[0]), ratio(energy[1], throughput[1])], false, 3),
    ];
    if let Some(tariff) = &plant.document.tariff {
        let cost = |i: usize| Some(throughput[i]? * tariff.product_per_m3 - energy[i]? * tariff.electricity_per_kwh);
        rows.push(row("Product less energy", &tariff.currency, [cost(0), cost(1)], true, 2));
        rows.push(row("CO₂", "kg", energy.map(|kwh| kwh.map(|e| e * tariff.co2_kg_per_kwh)), false, 1));
    }
    Comparison { span_secs: head - from, rows, first_alarm: alarms.map(|alarm| alarm.map(|(_, words)| words)) }
}

fn row(name: &str, unit: &str, values: [Option<f64>; 2], more_is_better: bool, decimals: u8) -> ComparisonRow {
    ComparisonRow { name: name.to_owned(), unit: unit.to_owned(), baseline: values[0], branch: values[1], more_is_better, decimals }
}

fn ratio(above: Option<f64>, below: Option<f64>) -> Option<f64> {
    let below = below.filter(|b| *b > 1e-9)?;
    Some(above? / below)
}

/// Mean of a tag over an interval; samples of a run are evenly spaced.
fn mean(plant: &Plant, lane: &Lane, tag: &str, from: TwinTime, to: TwinTime) -> Option<f64> {
    let column = lane.store().column(plant.signals.find(tag)?)?;
    let (sum, count) = column
        .range(from, to, u64::MAX)
        .filter_map(|stored| stored.sample.value)
        .fold((0.0, 0_u32), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / f64::from(count))
}

fn first_alarm(plant: &Plant, lane: &Lane, from: TwinTime, standing: &[bool]) -> Option<(f64, String)> {
    let event = lane.alarms.events().iter().find(|event| {
        let Some(point) = plant.alarms.get(event.alarm) else { return false };
        // What stood at the fork comes once more, after its delay: a lane of its own has to find that out for itself.
        let stood = standing.get(event.alarm).copied().unwrap_or(false) && event.time - from <= point.settings.on_delay_secs + 5.0;
        event.kind == AlarmEventKind::Raised
            && event.time > from
            && !event.suppressed
            && !stood
            && matches!(point.settings.class, AlarmClass::Alarm | AlarmClass::Alert)
    })?;
    let point = plant.alarms.get(event.alarm)?;
    Some(((event.time - from) / 60.0, format!("{} {}", point.settings.tag, point.settings.message)))
}
