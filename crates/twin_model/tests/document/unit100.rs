use crate::repository;
use std::collections::{BTreeMap, BTreeSet};
use twin_model::alarm::AlarmClass;
use twin_model::document::{ShadowRole, TwinDocument, load, load_embedded};
use twin_model::{Plant, Problem, ValueKind};

fn unit100() -> (TwinDocument, Vec<Problem>) {
    load(&repository().join("assets/unit100"))
}

fn told(problems: &[Problem]) -> String {
    problems.iter().map(|problem| format!("{problem}\n")).collect()
}

#[test]
fn unit100_has_no_problem() {
    let (twin, problems) = unit100();
    assert!(problems.is_empty(), "{}", told(&problems));
    assert!(twin.scenes[0].nodes.len() > 100);
    assert_eq!(twin.scenes[0].nodes.len(), twin.economies[0].nodes.len());
}

#[test]
fn unit100_has_125_measured_signals_at_125_samples_per_second() {
    let plant = unit100().0.plant();
    let measured: Vec<_> = plant.signals.iter().filter(|(_, info)| !info.is_derived).map(|(_, info)| info).collect();
    assert_eq!(measured.len(), 125);
    let rate: f64 = measured.iter().filter(|info| !info.on_change).filter_map(|info| info.expected_interval_secs).map(f64::recip).sum();
    assert!((rate - 125.0).abs() < 2.0, "{rate} samples per second");
    let state = plant.signals.find("XS-101B").and_then(|key| plant.signals.info(key)).unwrap();
    let ValueKind::Enumeration { states } = &state.kind else { panic!("a drive state is an enumeration") };
    assert_eq!(states.join(" "), "stopped starting running stopping tripped local isolated");
    assert_eq!(plant.signals.find("FIC-101.MODE").and_then(|key| plant.signals.info(key)).unwrap().id.as_str(), "unit100:fic-101/mode");
}

/// An A/B pair, and the two gateways, are one configured point each.
fn configured_point(tag: &str) -> &str {
    if tag == "UA-210" { "UA-110" } else { tag.strip_suffix(['A', 'B']).unwrap_or(tag) }
}

#[test]
fn unit100_has_49_alarm_points_of_which_42_are_alarms() {
    let plant = unit100().0.plant();
    let mut points: BTreeMap<&str, (AlarmClass, Option<u8>)> = BTreeMap::new();
    for alarm in plant.alarms.iter().filter(|alarm| alarm.settings.class != AlarmClass::Advisory) {
        points.insert(configured_point(&alarm.settings.tag), (alarm.settings.class, alarm.settings.priority));
    }
    let count = |class, priority| points.values().filter(|point| **point == (class, priority)).count();
    assert_eq!(points.len(), 49);
    assert_eq!([1, 2, 3].map(|priority| count(AlarmClass::Alarm, Some(priority))), [2, 8, 32]);
    assert_eq!((count(AlarmClass::Alert, None), count(AlarmClass::Event, None)), (6, 1));
}

#[test]
fn suppression_never_hides_what_must_always_be_told() {
    let plant = unit100().0.plant();
    for tag in ["LAH-100", "LAHH-100", "LAHH-101", "LAH-104", "PAL-302"] {
        assert!(plant.alarms[plant.alarm(tag).unwrap()].settings.suppressed_when.is_empty(), "{tag}");
    }
}

fn tags_with(plant: &Plant, role: ShadowRole) -> BTreeSet<String> {
    let has_role = |index: usize| plant.settings[index].shadow == Some(role);
    plant.signals.iter().filter(|(key, _)| has_role(key.index())).map(|(_, info)| info.tag.clone()).collect()
}

#[test]
fn the_model_is_driven_by_boundary_measurements_and_never_by_what_it_judges() {
    let plant = unit100().0.plant();
    let boundary = tags_with(&plant, ShadowRole::Boundary);
    let judged = tags_with(&plant, ShadowRole::Judged);
    let named = ["FT-100", "TT-100", "FT-105", "TT-210", "MT-210", "PT-302", "AT-201"];
    let may_drive = |tag: &String| named.contains(&tag.as_str()) || ["XS-", "SI-", "ZT-"].iter().any(|kind| tag.starts_with(kind));
    assert!(named.iter().all(|tag| boundary.contains(*tag)) && boundary.iter().all(may_drive), "{boundary:?}");
    for tag in ["LT-101", "TT-101", "PT-101", "FT-101", "PDT-105A", "TT-202", "II-101A", "TT-111A", "VT-113B"] {
        assert!(judged.contains(tag), "{tag}");
        let key = plant.signals.find(tag).unwrap();
        let settings = plant.settings_of(key).unwrap();
        let noise = settings.noise_sigma.unwrap();
        assert!(settings.residual_band.unwrap() >= 5.0 * noise, "{tag}: the band must clear the noise");
        assert!(settings.model.is_some() && settings.residual.is_some());
    }
}

#[test]
fn an_embedded_plant_equals_the_plant_on_disk() {
    let folder = repository().join("assets/unit100");
    let mut owned: Vec<(String, Vec<u8>)> = vec![];
    for part in ["", "models", "docs"] {
        for entry in std::fs::read_dir(folder.join(part)).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_file()) {
            let name = entry.file_name().into_string().unwrap();
            let name = if part.is_empty() { name } else { format!("{part}/{name}") };
            owned.push((name, std::fs::read(entry.path()).unwrap()));
        }
    }
    let files: Vec<(&str, &[u8])> = owned.iter().map(|(name, content)| (name.as_str(), content.as_slice())).collect();
    let (embedded, problems) = load_embedded(&files);
    let (on_disk, _) = unit100();
    assert!(problems.is_empty(), "{}", told(&problems));
    assert_eq!((&embedded.document, &embedded.types, &embedded.scenes), (&on_disk.document, &on_disk.types, &on_disk.scenes));
}
