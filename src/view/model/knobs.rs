//! What can be turned on the what-if bench of the built-in model.

use super::{ViewState, has_model};
use twin_runtime::ViewFrame;
use twin_ui::what_if::{KnobKind, KnobView};

struct Knob {
    group: &'static str,
    label: &'static str,
    unit: &'static str,
    decimals: u8,
    range: (f64, f64),
    /// Tag whose value at the playhead is where the knob stands.
    tag: &'static str,
    kind: fn() -> KnobKind,
}

macro_rules! knobs {
    ($($group:literal, $label:literal, $unit:literal, $decimals:literal, $low:literal .. $high:literal, $tag:literal, $kind:ident $name:literal;)*) => {
        [$(Knob { group: $group, label: $label, unit: $unit, decimals: $decimals, range: ($low, $high), tag: $tag, kind: || KnobKind::$kind($name.to_owned()) }),*]
    };
}

const KNOBS: [Knob; 16] = knobs! {
    "Pumps", "P-101A on duty", "", 0, 0.0..1.0, "XS-101A", Duty "P-101A";
    "Pumps", "P-101B on duty", "", 0, 0.0..1.0, "XS-101B", Duty "P-101B";
    "Pumps", "P-102 runs", "", 0, 0.0..1.0, "XS-102", Drive "P-102";
    "Pumps", "P-201B runs", "", 0, 0.0..1.0, "XS-201B", Drive "P-201B";
    "Set points", "Feed flow FIC-101", "m³/h", 1, 30.0..115.0, "FIC-101.SP", Setpoint "FIC-101";
    "Set points", "Header pressure PIC-101", "barg", 2, 2.3..3.4, "PIC-101.SP", Setpoint "PIC-101";
    "Set points", "Outlet temperature TIC-101", "°C", 1, 30.0..50.0, "TIC-101.SP", Setpoint "TIC-101";
    "Set points", "Drum level LIC-101", "%", 0, 20.0..80.0, "LIC-101.SP", Setpoint "LIC-101";
    "Valves and speeds", "FV-101 position", "%", 1, 0.0..100.0, "ZT-111", Output "FIC-101";
    "Valves and speeds", "LV-101 position", "%", 1, 0.0..100.0, "ZT-112", Output "LIC-101";
    "Valves and speeds", "TV-101 position", "%", 1, 10.0..100.0, "ZT-114", Output "TIC-101";
    "Valves and speeds", "P-101 speed", "%", 1, 50.0..100.0, "PIC-101.OP", Output "PIC-101";
    "Conditions", "Cooling water warmer by", "K", 1, -5.0..10.0, "", Parameter "cw.supply_offset_k";
    "Conditions", "E-101 fouling", "m²K/W", 5, 0.0..0.0006, "", Parameter "e101.fouling_m2k_w";
    "Conditions", "Feed flow", "m³/h", 1, 0.0..115.0, "FT-100", Boundary "FT-100";
    "Conditions", "Product draw", "m³/h", 1, 0.0..150.0, "FT-105", Boundary "FT-105";
};

/// The knobs of what this plant has, with their present positions; none for a plant without a simulation.
pub(super) fn knobs(state: &ViewState, frame: &ViewFrame) -> Vec<KnobView> {
    if !has_model(state) {
        return Vec::new();
    }
    KNOBS.iter().filter(|knob| is_there(state, knob)).map(|knob| view(state, frame, knob)).collect()
}

/// Whether the plant has what the knob moves.
fn is_there(state: &ViewState, knob: &Knob) -> bool {
    let named = |name: &str| state.plant.document.simulation.as_ref().is_some_and(|simulation| simulation.aliases.contains_key(name));
    match (knob.kind)() {
        KnobKind::Parameter(name) => named(&name),
        _ => state.plant.signals.find(knob.tag).is_some(),
    }
}

fn view(state: &ViewState, frame: &ViewFrame, knob: &Knob) -> KnobView {
    let kind = (knob.kind)();
    let measured = state.plant.signals.find(knob.tag).and_then(|key| frame.readings.get(key.index()).copied().flatten());
    let value = measured.and_then(|reading| reading.value);
    let current = match &kind {
        // Drive states 1 and 2 are starting and running.
        KnobKind::Duty(_) | KnobKind::Drive(_) => value.map(|state| f64::from(u8::from(state == 1.0 || state == 2.0))),
        KnobKind::Parameter(name) if name == "cw.supply_offset_k" => Some(0.0),
        KnobKind::Parameter(_) => Some(1.0e-4),
        _ => value,
    };
    KnobView {
        key: format!("{} {}", knob.group, knob.label),
        group: knob.group.to_owned(),
        label: knob.label.to_owned(),
        unit: knob.unit.to_owned(),
        decimals: knob.decimals,
        min: knob.range.0,
        max: knob.range.1,
        current,
        loop_to_manual: match &kind {
            KnobKind::Output(controller) => Some(controller.clone()),
            _ => None,
        },
        kind,
    }
}
