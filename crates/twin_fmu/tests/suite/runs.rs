//! What an FMU computes is what its model says.

use twin_fmu::{BatchRun, FmuProblem, Start, Table, Value};

use crate::{built, host, lag, running, start};

/// The lag's answer to a step of its input from 0 to 1 at the beginning.
fn answer(time: f64) -> f64 {
    -(-time).exp_m1()
}

#[test]
fn a_lag_follows_its_input_in_both_standards() {
    for version in [2, 3] {
        let fmu = lag(version);
        let mut lag = running(&fmu, &[]);
        let mut y = [f64::NAN];
        lag.read(&mut y).unwrap();
        assert_eq!(y, [0.0]);
        for step in 1..=100 {
            lag.step_with(&[1.0], 0.05, &mut y).unwrap();
            assert!((y[0] - answer(0.05 * f64::from(step))).abs() < 1e-12, "FMI {version}, step {step}: {}", y[0]);
        }
        assert!((lag.time() - 5.0).abs() < 1e-12);
        lag.terminate().unwrap();
    }
}

#[test]
fn a_row_of_steps_gives_the_same_as_one_by_one() {
    let fmu = lag(3);
    let inputs: Vec<f64> = (0..5000).map(|step| f64::from(step % 7)).collect();
    let mut alone = running(&fmu, &[]);
    let mut one_by_one = Vec::new();
    for input in &inputs {
        let mut y = [0.0];
        alone.step_with(&[*input], 0.125, &mut y).unwrap();
        one_by_one.push((alone.time(), y[0]));
    }
    let steps = inputs.iter().zip(1..).map(|(input, number)| twin_fmu::Step {
        secs: 0.125,
        until: 0.125 * f64::from(number),
        inputs: std::slice::from_ref(input),
    });
    let mut in_a_row = Vec::new();
    running(&fmu, &[]).steps(&steps.collect::<Vec<_>>(), |time, y| in_a_row.push((time, y[0]))).unwrap();
    assert_eq!(one_by_one, in_a_row);
}

#[test]
fn every_type_arrives_as_what_it_is() {
    for version in [2, 3] {
        let fmu = lag(version);
        let text = fmu.description().find("text").unwrap();
        let mut start = start(&fmu, &["b", "u", "n"], &["not_b", "doubled", "y", "length"], &[]);
        start.start_values.push((text, Value::Text("Grüße".into())));
        let mut lag = fmu.instantiate(&host(), start).unwrap();
        let mut outputs = [0.0; 4];
        lag.step_with(&[1.0, 0.0, -21.0], 1.0, &mut outputs).unwrap();
        assert_eq!(outputs, [0.0, -42.0, 0.0, 7.0], "FMI {version}");
        lag.step_with(&[0.0, 0.0, 3.0], 1.0, &mut outputs).unwrap();
        assert_eq!(outputs, [1.0, 6.0, 0.0, 7.0], "FMI {version}");
    }
}

#[test]
fn every_number_type_of_fmi_3_arrives_as_what_it_is() {
    let kinds = [
        ("Int8", 104, -100.0),
        ("UInt8", 105, 200.0),
        ("Int16", 106, -30_000.0),
        ("UInt16", 107, 60_000.0),
        ("UInt32", 108, 2e9),
        ("Int64", 109, -2e9),
        ("UInt64", 110, 2e9),
        ("Enumeration", 111, 3.0),
        ("Float32", 5, 0.1),
    ];
    let mut more = String::new();
    for (kind, reference, _) in kinds {
        for causality in ["input", "output"] {
            more += &format!("<{kind} name=\"{kind}.{causality}\" valueReference=\"{reference}\" causality=\"{causality}\"/>\n");
        }
    }
    let xml = crate::build::description(crate::build::LAG, 3, "").replace("</ModelVariables>", &(more + "</ModelVariables>"));
    let folder = tempfile::tempdir().unwrap();
    let fmu = crate::open(&crate::build::described(folder.path(), crate::build::LAG, 3, &xml));
    let names = |causality: &str| kinds.map(|(kind, ..)| format!("{kind}.{causality}"));
    let (inputs, outputs) = (names("input"), names("output"));
    let start = start(&fmu, &inputs.each_ref().map(String::as_str), &outputs.each_ref().map(String::as_str), &[]);
    let mut lag = fmu.instantiate(&host(), start).unwrap();
    let mut values = [0.0; 9];
    lag.step_with(&kinds.map(|(.., value)| value), 1.0, &mut values).unwrap();
    for ((kind, _, expected), value) in kinds.iter().zip(values) {
        assert_eq!(value, if *kind == "Float32" { f64::from(0.1_f32) } else { *expected }, "{kind}");
    }
}

#[test]
fn an_alias_of_fmi_3_is_read_under_its_own_name_and_is_no_further_output() {
    let output = r#"name="y" valueReference="1" causality="output" variability="continuous""#;
    let xml = crate::build::description(crate::build::LAG, 3, "");
    let xml = xml.replace(&format!("<Float64 {output}/>"), &format!(r#"<Float64 {output}><Alias name="level"/></Float64>"#));
    let folder = tempfile::tempdir().unwrap();
    let fmu = crate::open(&crate::build::described(folder.path(), crate::build::LAG, 3, &xml));
    assert_eq!(fmu.description().signals(twin_fmu::Causality::Output).len(), 4);
    let mut lag = fmu.instantiate(&host(), start(&fmu, &["u"], &["y", "level"], &[])).unwrap();
    let mut values = [0.0; 2];
    lag.step_with(&[1.0], 1.0, &mut values).unwrap();
    assert!(values[0] == values[1] && values[0] > 0.6, "{values:?}");
}

#[test]
fn a_saved_state_goes_on_bit_for_bit_also_in_another_process() {
    for version in [2, 3] {
        let fmu = lag(version);
        let mut lag = running(&fmu, &[]);
        let mut y = [0.0];
        lag.step_with(&[1.0], 0.3, &mut y).unwrap();
        let state = lag.save().unwrap();
        let mut twin = lag.fork().unwrap();
        let mut go_on = |lag: &mut twin_fmu::Instance| {
            (0..20).for_each(|_| lag.step_with(&[2.0], 0.1, &mut y).unwrap());
            (lag.time().to_bits(), y[0].to_bits())
        };
        let first = go_on(&mut lag);
        lag.restore(state).unwrap();
        assert_eq!(lag.time(), 0.3);
        assert_eq!(go_on(&mut lag), first, "FMI {version}");
        assert_eq!(go_on(&mut twin), first, "FMI {version}");
        lag.forget(state).unwrap();
        assert!(matches!(lag.restore(state), Err(FmuProblem::Misuse(_))));
        let other = lag.save().unwrap();
        lag.reset().unwrap();
        assert!(matches!(lag.restore(other), Err(FmuProblem::Misuse(_))), "a reset forgets saved states");
        assert_eq!(lag.time(), 0.0);
        lag.read(&mut y).unwrap();
        assert_eq!(y, [0.0], "FMI {version}");
    }
}

#[test]
fn what_does_not_fit_is_refused_before_the_fmu_sees_it() {
    let fmu = lag(2);
    let find = |name: &str| fmu.description().find(name).unwrap();
    let refused = |start: Start| fmu.instantiate(&host(), start).unwrap_err();
    assert!(matches!(refused(start(&fmu, &["y"], &[], &[])), FmuProblem::Misuse(_)));
    assert!(matches!(refused(start(&fmu, &[], &["text"], &[])), FmuProblem::Misuse(_)));
    assert!(matches!(refused(start(&fmu, &[], &[], &[("misdeed", 1.5)])), FmuProblem::BadValue { .. }));
    assert!(matches!(refused(start(&fmu, &[], &[], &[("y", 1.0)])), FmuProblem::BadValue { .. }));

    let mut lag = fmu.instantiate(&host(), start(&fmu, &["u", "n"], &["y"], &[])).unwrap();
    let mut y = [0.0];
    for (inputs, secs) in
        [(&[1.0][..], 1.0), (&[f64::NAN, 0.0], 1.0), (&[0.0, 0.5], 1.0), (&[0.0, 3e9], 1.0), (&[0.0, 0.0], 0.0), (&[0.0, 0.0], f64::NAN)]
    {
        let problem = lag.step_with(inputs, secs, &mut y).unwrap_err();
        assert!(problem.is_recoverable(), "{problem}");
    }
    assert!(matches!(lag.set(find("T"), 2.0), Err(FmuProblem::BadValue { .. })), "a fixed parameter");
    lag.step_with(&[1.0, 0.0], 1.0, &mut y).unwrap();
    assert!((y[0] - answer(1.0)).abs() < 1e-12, "and nothing has happened to it");
}

#[test]
fn a_run_takes_its_inputs_from_a_table() {
    for version in [2, 3] {
        let fmu = lag(version);
        // u jumps from 0 to 1 at 0.25 s, between two communication points; n counts and is held.
        let table = Table::from_csv("time,u,n,unknown\n0,0,1,0\n0.25,0,1,0\n0.25,1,2,0\n2,1,3,0\n").unwrap();
        let run = BatchRun { stop_secs: 2.05, step_secs: 0.1, ..BatchRun::default() };
        let result = twin_fmu::simulate(&fmu, &host(), Some(&table), &run).unwrap();
        assert_eq!(result.problem, None);
        assert_eq!(result.table.names, ["y", "doubled", "length", "not_b"]);
        assert_eq!(result.table.times.len(), 22, "the beginning, 20 whole steps and a half one");
        for (row, time) in result.table.times.iter().enumerate() {
            let expected = answer((time - 0.25).max(0.0));
            assert!((result.table.row(row)[0] - expected).abs() < 1e-12, "FMI {version} at {time}");
        }
        assert_eq!(result.table.row(2)[1], 2.0);
        assert_eq!(result.table.row(4)[1], 4.0);
        assert_eq!(result.notes.len(), 2, "an unknown column and an input without one: {:?}", result.notes);
        assert_eq!(Table::from_csv(&result.table.to_csv()).unwrap(), result.table);
    }
}

#[test]
fn a_long_run_is_the_same_as_its_steps_one_by_one() {
    let fmu = lag(2);
    let table = Table::from_csv("time,u\n0,0\n1,5\n2,-5\n").unwrap();
    let run = BatchRun { stop_secs: 2.0, step_secs: 1.0 / 1024.0, ..BatchRun::default() };
    let result = twin_fmu::simulate(&fmu, &host(), Some(&table), &run).unwrap();
    assert_eq!(result.statistics.steps, 2048);
    let mut lag = running(&fmu, &[]);
    let mut y = [0.0];
    for step in 0..2048 {
        let time = f64::from(step) / 1024.0;
        let u = if time < 1.0 { 5.0 * time } else { 5.0 - 10.0 * (time - 1.0) };
        lag.step_with(&[u], 1.0 / 1024.0, &mut y).unwrap();
        let row = result.table.row(step as usize + 1);
        assert!((row[0] - y[0]).abs() < 1e-13, "step {step}: {} and {}", row[0], y[0]);
    }
}

#[test]
fn an_instance_can_be_handed_to_another_thread() {
    let mut lag = running(&lag(3), &[]);
    let worker = std::thread::Builder::new().spawn(move || {
        let mut y = [0.0];
        lag.step_with(&[1.0], 1.0, &mut y).map(|()| (lag, y[0]))
    });
    // The thread that started the process has gone on, the one that stepped is gone; the process must not mind.
    let (mut lag, first) = worker.unwrap().join().unwrap().unwrap();
    let mut y = [0.0];
    lag.step_with(&[1.0], 1.0, &mut y).unwrap();
    assert!(first < y[0] && (y[0] - answer(2.0)).abs() < 1e-12);
}

#[test]
fn a_run_that_makes_no_sense_is_not_begun() {
    let fmu = lag(3);
    let run = BatchRun { stop_secs: 1.0, step_secs: 0.1, ..BatchRun::default() };
    let cases = [
        BatchRun { stop_secs: 0.0, ..run.clone() },
        BatchRun { stop_secs: f64::INFINITY, ..run.clone() },
        BatchRun { step_secs: 0.0, ..run.clone() },
        BatchRun { step_secs: 1e-12, ..run.clone() },
        BatchRun { start_values: vec![("nothing".into(), Value::Number(1.0))], ..run },
    ];
    for case in cases {
        assert!(twin_fmu::simulate(&fmu, &host(), None, &case).is_err(), "{case:?}");
    }
}

#[test]
fn the_oscillator_and_the_ball_are_the_same_in_both_standards() {
    let folder = tempfile::tempdir().unwrap();
    for source in [crate::build::VAN_DER_POL, crate::build::BALL] {
        let run = BatchRun { stop_secs: 5.0, step_secs: 0.001, ..BatchRun::default() };
        let [two, three] =
            [2, 3].map(|version| twin_fmu::simulate(&built(folder.path(), source, version), &host(), None, &run).unwrap().table);
        assert_eq!(two, three, "{}", source.name);
        assert_eq!(two.times.len(), 5001);
        assert_eq!(two.times.last(), Some(&5.0));
    }
}
