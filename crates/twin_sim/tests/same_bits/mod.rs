//! The bits of a run, written down: every build on every machine has to come to the same ones.
//!
//! The same two constants stand for all builds. Whoever changes an equation changes them knowingly: the message of the
//! failed test names the new ones. `cargo test -p twin_sim --test plant in_every_build` asks a development build.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use proptest::prelude::*;
use twin_model::document::PlantDocument;
use twin_sim::command::Mode;
use twin_sim::epanet;
use twin_sim::flowsheet::{MalfunctionTarget, Malfunctions, Plant, Ramp, Request, State, load};

/// Hash of every point of a plant with one component of every kind, over 2,000 steps.
const FLOWSHEET: u64 = 0xe581_a9f4_bee9_cf30;
/// Hash of every head and flow of all networks drawn up for the comparison with EPANET.
const NETWORKS: u64 = 0xbede_5d37_f68a_a08f;

/// FNV-1a over the bytes of 64-bit words.
struct Fnv(u64);

impl Fnv {
    fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn add(&mut self, value: f64) {
        // Which of the many bit patterns stands for what is no number depends on the machine.
        let bits = if value.is_nan() { u64::MAX } else { value.to_bits() };
        for byte in bits.to_le_bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

fn one_of_each() -> Plant {
    let document: PlantDocument = serde_json::from_str(include_str!("../../src/flowsheet/one_of_each.json")).unwrap();
    load(&document).unwrap().unwrap_or_else(|faults| panic!("{faults:#?}"))
}

/// What goes wrong and who does what, by step.
fn happens(step: u64, plant: &Plant, state: &mut State, malfunctions: &mut Malfunctions) {
    let mut fails = |state: &State, parameter: &str, severity: f64, ramp: Ramp, secs: f64| {
        malfunctions.set(plant, state, parameter, MalfunctionTarget::Severity(severity), (ramp, secs)).unwrap();
    };
    let ask = |state: &mut State, tag: &str, request: Request| plant.request(state, tag, request).unwrap();
    match step {
        50 => plant.set_parameter(state, "transmitter.noise", 0.05).unwrap(),
        100 => fails(state, "strainer.clogged_fraction", 0.6, Ramp::Quadratic, 120.0),
        200 => fails(state, "fv-1.stick_band_pct", 0.2, Ramp::Linear, 10.0),
        300 => fails(state, "p-1/far.bearing_wear", 0.7, Ramp::Linear, 200.0),
        400 => ask(state, "lic", Request::Setpoint(55.0)),
        500 => fails(state, "ring.leak_nm3_h", 0.8, Ramp::Quadratic, 60.0),
        600 => plant.set_input(state, "feed.temp_k", 330.0).unwrap(),
        700 => ask(state, "k-1", Request::Stop),
        800 => ask(state, "k-1", Request::Start),
        900 => fails(state, "cooler.fouling_m2k_w", 0.5, Ramp::Linear, 30.0),
        1000 => ask(state, "lic", Request::Mode(Mode::Man)),
        1010 => ask(state, "lic", Request::Output(35.0)),
        1100 => ask(state, "p-1/drive", Request::Stop),
        1200 => ask(state, "p-1/drive", Request::Start),
        1300 => ask(state, "lic", Request::Mode(Mode::Auto)),
        1400 => ask(state, "trip", Request::Bypass(true)),
        1500 => malfunctions.clear(plant, state, "strainer.clogged_fraction", 20.0).unwrap(),
        1600 => fails(state, "tk-1.leak_m2", 0.5, Ramp::Linear, 0.0),
        1800 => ask(state, "v-1/pot", Request::Drain),
        _ => {}
    }
}

/// Hash of 2,000 steps; before those for which `is_saved` holds, everything goes through its saved form.
fn hash_of_run(is_saved: impl Fn(u64) -> bool) -> u64 {
    let plant = one_of_each();
    let mut state = plant.start();
    let mut malfunctions = Malfunctions::default();
    let mut hash = Fnv::new();
    for step in 0..2000 {
        happens(step, &plant, &mut state, &mut malfunctions);
        if is_saved(step) {
            state = serde_json::from_str(&serde_json::to_string(&state).unwrap()).unwrap();
            malfunctions = serde_json::from_str(&serde_json::to_string(&malfunctions).unwrap()).unwrap();
        }
        malfunctions.apply(&plant, &mut state);
        plant.step(&mut state);
        state.points().iter().for_each(|value| hash.add(*value));
    }
    let (mass, energy) = plant.residual(&mut state);
    assert!(mass < 1e-9 && energy < 1e-9, "{mass}, {energy}");
    hash.0
}

#[test]
fn a_plant_with_one_of_each_kind_comes_to_the_same_bits_in_every_build() {
    let hash = hash_of_run(|_| false);
    assert_eq!(hash, FLOWSHEET, "if the equations were meant to change, write {hash:#018x}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn a_plant_saved_and_restored_at_any_steps_comes_to_the_same_bits(saved in prop::collection::btree_set(0u64..2000, 1..40)) {
        prop_assert_eq!(hash_of_run(|step| saved.contains(&step)), FLOWSHEET);
    }
}

#[test]
fn the_networks_come_to_the_same_bits_in_every_build() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/epanet/corpus");
    let entries = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = entries.filter(|path| path.extension().is_some_and(|ending| ending == "inp")).collect();
    files.sort();
    assert!(files.len() >= 40, "{} networks", files.len());
    let mut hash = Fnv::new();
    for file in files {
        let (network, problems) = epanet::read(&std::fs::read_to_string(&file).unwrap(), "network.inp");
        let run = epanet::run(&network.unwrap_or_else(|| panic!("{}: {problems:?}", file.display())));
        for report in &run.reports {
            report.head_m.iter().chain(&report.flow_m3_s).for_each(|value| hash.add(*value));
        }
    }
    assert_eq!(hash.0, NETWORKS, "if the equations were meant to change, write {:#018x}", hash.0);
}

/// Only what computes is built anew, without optimisation and with all assertions; the rest of the release stands.
#[test]
fn an_unoptimised_build_agrees_with_the_constants() {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["test", "--release", "--offline", "--locked", "--package", "twin_sim", "--test", "plant"]);
    for setting in ["twin_sim.opt-level=0", "twin_sim.debug-assertions=true", "libm.opt-level=0", "rand_pcg.opt-level=0"] {
        command.args(["--config", &format!("profile.release.package.{setting}")]);
    }
    // By their names, the two above and not this one.
    command.args(["--", "in_every_build"]).current_dir(env!("CARGO_MANIFEST_DIR")).stdin(Stdio::null());
    let told_by_cargo = |name: &String| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_");
    for name in std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()).filter(told_by_cargo) {
        command.env_remove(name);
    }
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("2 passed"), "{said}");
}
