use super::*;
use twin_model::alarm::HealthState;

fn themes() -> Vec<Theme> {
    Theme::NAMES.iter().filter_map(|word| Theme::named(word)).collect()
}

fn linear(colour: Color32) -> [f32; 3] {
    let [r, g, b, _] = egui::Rgba::from(colour).to_array();
    [r, g, b]
}

/// How far a colour is from grey, 0 … 1.
fn chroma(colour: Color32) -> f32 {
    let [r, g, b, _] = colour.to_array();
    f32::from(r.max(g).max(b) - r.min(g).min(b)) / 255.0
}

/// Deuteranopia after Machado, Oliveira and Fernandes (2009), severity 1, on linear light.
fn as_deuteranope([r, g, b]: [f32; 3]) -> [f32; 3] {
    [0.367322 * r + 0.860646 * g - 0.227968 * b, 0.280085 * r + 0.672501 * g + 0.047413 * b, -0.01182 * r + 0.04294 * g + 0.968881 * b]
}

/// Distance in Oklab (Ottosson 2020) times 100; about 2 is just noticeable side by side.
fn distance(a: [f32; 3], b: [f32; 3]) -> f32 {
    let lab = |[r, g, b]: [f32; 3]| {
        let l = (0.412_221_5 * r + 0.536_332_5 * g + 0.051_446 * b).cbrt();
        let m = (0.211_903_5 * r + 0.680_699_5 * g + 0.107_397 * b).cbrt();
        let s = (0.088_302_5 * r + 0.281_718_8 * g + 0.629_978_7 * b).cbrt();
        [
            0.210_454_3 * l + 0.793_617_8 * m - 0.004_072 * s,
            1.977_998_5 * l - 2.428_592_2 * m + 0.450_593_7 * s,
            0.025_904 * l + 0.782_771_8 * m - 0.808_675_8 * s,
        ]
    };
    let (a, b) = (lab(a), lab(b));
    (0..3).map(|i| (a[i] - b[i]).powi(2)).sum::<f32>().sqrt() * 100.0
}

#[test]
fn every_text_can_be_read_on_every_ground() {
    for theme in themes() {
        let grounds = [theme.window, theme.panel, theme.raised, theme.sunken, theme.selected, theme.card(), theme.hover(), theme.field()];
        for ground in grounds {
            for text in [theme.text, theme.text_weak, theme.text_faint] {
                assert!(contrast(text, ground) >= 4.5, "{}: {text:?} on {ground:?} is {}", theme.name, contrast(text, ground));
            }
            assert!(contrast(theme.text_strong, ground) >= 7.0, "{}: strong text on {ground:?}", theme.name);
        }
        assert!(contrast(theme.on_accent, theme.accent) >= 4.5, "{}: SIM mark", theme.name);
        assert!(contrast(theme.text_strong, theme.normal_band) >= 4.5, "{}: LIVE mark", theme.name);
        for ground in [theme.window, theme.panel, theme.raised, theme.sunken, theme.selected] {
            assert!(contrast(theme.accent, ground) >= 3.0, "{}: focus ring on {ground:?}", theme.name);
        }
    }
}

#[test]
fn an_alarm_stands_out_from_every_ground_and_its_numeral_from_the_alarm() {
    for theme in themes() {
        for (class, priority) in [(AlarmClass::Alarm, 1), (AlarmClass::Alarm, 2), (AlarmClass::Alarm, 3), (AlarmClass::Alert, 0)] {
            let ink = theme.alarm_ink(class, Some(priority));
            assert!(contrast(ink, theme.sunken) >= 3.0 && contrast(ink, theme.panel) >= 3.0, "{}: limit line {ink:?}", theme.name);
        }
        for colour in theme.priority.into_iter().chain([theme.alert]).chain(theme.health) {
            assert!(contrast(theme.on_alarm, colour) >= 4.5, "{}: numeral on {colour:?}", theme.name);
            assert!(contrast(colour, theme.badge_ground) >= 4.5, "{}: outlined badge {colour:?}", theme.name);
            for ground in [theme.panel, theme.raised, theme.scene_ground, theme.scene_horizon] {
                let edge = contrast(colour, ground).max(contrast(theme.badge_ground, ground));
                assert!(edge >= 3.0, "{}: badge {colour:?} on {ground:?}", theme.name);
            }
        }
    }
}

#[test]
fn priorities_and_health_states_are_told_apart_in_every_kind_of_sight() {
    for theme in themes() {
        for states in [theme.priority.to_vec(), theme.health.to_vec()] {
            for (index, a) in states.iter().enumerate() {
                for b in &states[index + 1..] {
                    assert!(distance(linear(*a), linear(*b)) > 8.0, "{}: {a:?} and {b:?}", theme.name);
                    let seen = distance(as_deuteranope(linear(*a)), as_deuteranope(linear(*b)));
                    assert!(seen > 4.0, "{}: {a:?} and {b:?} for a deuteranope: {seen}", theme.name);
                }
            }
        }
    }
    let mut letters: Vec<_> = crate::legend::STATES.iter().map(|state: &HealthState| state.letter()).filter(|l| !l.is_empty()).collect();
    let count = letters.len();
    letters.sort_unstable();
    letters.dedup();
    assert!(letters.len() == count && count >= 5, "each state has a letter of its own: {letters:?}");
}

#[test]
fn colour_belongs_to_what_is_abnormal() {
    for theme in themes() {
        let greys = [
            theme.window,
            theme.panel,
            theme.raised,
            theme.sunken,
            theme.line,
            theme.text,
            theme.text_strong,
            theme.text_weak,
            theme.text_faint,
            theme.normal_band,
            theme.indicator,
            theme.scene_sky,
            theme.scene_horizon,
            theme.scene_ground,
            theme.scene_grid,
        ];
        for grey in greys {
            assert!(chroma(grey) < 0.06, "{}: {grey:?}", theme.name);
        }
        let calmest_alarm = theme.priority.into_iter().map(chroma).fold(1.0, f32::min);
        for pen in theme.pens {
            assert!(chroma(pen) < 0.5 * calmest_alarm, "{}: pen {pen:?}", theme.name);
            assert!(contrast(pen, theme.sunken) > 3.0 && contrast(pen, theme.panel) > 3.0, "{}: pen {pen:?}", theme.name);
        }
        let others = [theme.accent, theme.text, theme.indicator, theme.normal_band, theme.selected];
        for alarm in theme.priority {
            let closest = others.iter().chain(&theme.pens).map(|other| distance(linear(alarm), linear(*other))).fold(f32::MAX, f32::min);
            assert!(closest > 8.0, "{}: {alarm:?} is close to something that is no alarm", theme.name);
        }
    }
}

#[test]
fn a_palette_file_may_name_only_what_it_changes() {
    let theme: Theme = serde_json::from_str(r##"{"name": "Our site", "panel": "#c0c0c0"}"##).unwrap();
    assert_eq!(theme, Theme { name: "Our site".to_owned(), panel: Color32::from_rgb(192, 192, 192), ..Theme::default() });
    let text = serde_json::to_string(&theme).unwrap();
    assert_eq!(serde_json::from_str::<Theme>(&text).unwrap(), theme);
    let wrong = serde_json::from_str::<Theme>(r#"{"panel": "grey"}"#).unwrap_err().to_string();
    assert!(wrong.contains("#rrggbb"), "{wrong}");
}

#[test]
fn the_keyboard_is_always_seen() {
    let theme = Theme::default();
    let ctx = egui::Context::default();
    theme.apply(&ctx);
    let mut output = egui::FullOutput::default();
    for _ in 0..3 {
        let tab =
            egui::Event::Key { key: egui::Key::Tab, physical_key: None, pressed: true, repeat: false, modifiers: egui::Modifiers::NONE };
        let input = egui::RawInput { events: vec![tab], focused: true, ..Default::default() };
        output = ctx.run_ui(input, |ui| {
            let _response = ui.button("One");
        });
    }
    let rings = output
        .shapes
        .iter()
        .filter(|clipped| matches!(&clipped.shape, egui::Shape::Rect(rect) if rect.stroke == Stroke::new(stroke::FOCUS, theme.accent)));
    assert_eq!(rings.count(), 1);
}
