use crate::sample;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use twin_model::{SourceState, TwinTime};
use twin_ui::display_units::DisplayUnits;
use twin_ui::format::{self, SiteFormat};
use twin_ui::playhead::PlayheadView;
use twin_ui::reading::{ReadingView, reading_ui};
use twin_ui::status_bar::{StatusView, status_bar_ui};
use twin_ui::time_zone::SiteZone;
use twin_ui::what_if::{KnobKind, KnobView, WhatIfState, WhatIfView, what_if_ui};
use twin_ui::{Theme, text};

/// Set in the process that runs this test alone.
const ALONE: &str = "DIDYMOS_SITE_TEST_ALONE";

fn screen() -> Harness<'static> {
    let theme = Theme::default();
    let time = TwinTime::parse("2026-07-31T12:05:30Z").unwrap_or_default();
    let playhead = PlayheadView { lane_name: "Live".to_owned(), time, head: time, ..Default::default() };
    let status =
        StatusView { connection: SourceState::Connected, source: "plant".to_owned(), playhead, frame_ms: 16.6, ..Default::default() };
    let knob = KnobView {
        key: "sp".to_owned(),
        label: "TIC-101".to_owned(),
        unit: "°C".to_owned(),
        min: 30.0,
        max: 50.0,
        current: Some(40.0),
        ..sample::what_if().knobs.remove(0)
    };
    let bench =
        WhatIfView { knobs: vec![KnobView { kind: KnobKind::Setpoint("TIC-101".to_owned()), decimals: 1, ..knob }], ..sample::what_if() };
    let mut knobs = WhatIfState::default();
    knobs.pending.insert("sp".to_owned(), 45.0);
    let mut harness = Harness::builder().with_size([1600.0, 900.0]).build_ui(move |ui| {
        let bearing = format::site().units.apply_to(ReadingView::number(57.94, "°C", 1));
        let rect = egui::Rect::from_min_size(ui.max_rect().min, egui::vec2(160.0, 24.0));
        reading_ui(ui, rect, &bearing, 13.0, &theme);
        ui.add_space(30.0);
        status_bar_ui(ui, &status, &theme, &mut Vec::new());
        what_if_ui(ui, &bench, &mut knobs, &theme, &mut Vec::new());
    });
    harness.run_steps(2);
    harness
}

#[test]
fn the_same_screen_speaks_the_language_and_units_of_its_site() {
    // The format is one per process, and other tests run beside this one: it gets a process of its own.
    if std::env::var_os(ALONE).is_none() {
        let name = "site::the_same_screen_speaks_the_language_and_units_of_its_site";
        let run = std::process::Command::new(std::env::current_exe().unwrap()).args(["--exact", name]).env(ALONE, "1").output().unwrap();
        let told = String::from_utf8_lossy(&run.stdout);
        assert!(run.status.success() && told.contains("1 passed"), "{told}{}", String::from_utf8_lossy(&run.stderr));
        return;
    }
    let neutral = screen();
    assert!(neutral.query_by_label("57.9 °C").is_some());
    assert!(neutral.query_by_label("TIC-101 40.0 → 45.0 °C").is_some());
    assert!(neutral.query_by_label("Connected · plant").is_some());
    assert!(neutral.query_by_label("Live · 2026-07-31 12:05:30 UTC · following").is_some());
    format::set_site(SiteFormat {
        zone: SiteZone::named("Europe/Berlin").unwrap(),
        decimal_comma: true,
        units: DisplayUnits::parse("°F").unwrap(),
        texts: text::built_in("de").unwrap(),
    });
    let german = screen();
    assert!(german.query_by_label("136,3 °F").is_some());
    assert!(german.query_by_label("TIC-101 104,0 → 113,0 °F").is_some(), "a knob is read in the unit of the site");
    assert!(german.query_by_label("Verbunden · plant").is_some());
    assert!(german.query_by_label("Live · 2026-07-31 14:05:30 CEST · folgt").is_some());
    assert!(german.query_by_label_contains("16,6 ms").is_some());
    format::set_site(SiteFormat::NEUTRAL);
    assert!(screen().query_by_label("57.9 °C").is_some(), "it can be changed while the program runs");
}
