//! Whatever an FMU does, the program goes on.

use std::time::Duration;

use twin_fmu::{BatchRun, Deadlines, FmuProblem, Host, Instance, Status, Value};

use crate::{host, lag, running, start};

const CRASH: f64 = 1.0;
const HANG: f64 = 2.0;
const PRINT: f64 = 3.0;
const LEAVE: f64 = 4.0;
const FAIL: f64 = 5.0;
const DISCARD: f64 = 6.0;
const END: f64 = 7.0;
const NOT_A_NUMBER: f64 = 8.0;
const HANG_AT_START: f64 = 9.0;
const CLOSE_PIPES: f64 = 10.0;

const SHORT: Deadlines = Deadlines { start: Duration::from_millis(300), step: Duration::from_millis(300) };

fn step(lag: &mut Instance) -> Result<(), FmuProblem> {
    lag.step_with(&[1.0], 0.1, &mut [0.0])
}

/// What a step of a misbehaving lag ends with, in both standards; the instance must then be gone.
fn fatal(misdeed: f64, check: impl Fn(&FmuProblem) -> bool) {
    for version in [2, 3] {
        let mut lag = running(&lag(version), &[("misdeed", misdeed)]);
        let problem = step(&mut lag).unwrap_err();
        assert!(check(&problem) && !problem.is_recoverable(), "FMI {version}: {problem:?}");
        assert_eq!(step(&mut lag), Err(FmuProblem::Gone(Box::new(problem))));
    }
}

#[test]
fn a_crash_is_told_with_its_signal_and_last_words() {
    fatal(CRASH, |problem| {
        let text = problem.to_string();
        text == "the FMU crashed in a step (signal 11, invalid memory access); it said: about to crash"
    });
}

#[test]
fn an_exit_is_told_with_its_code() {
    fatal(LEAVE, |problem| matches!(problem, FmuProblem::Crashed { how, .. } if how.ends_with("exit code 3")));
}

#[test]
fn an_error_is_told_with_what_was_logged() {
    fatal(FAIL, |problem| {
        matches!(problem, FmuProblem::Status { function, status: Status::Error, log }
            if function.ends_with("DoStep") && log.starts_with("cannot do that"))
    });
}

#[test]
fn an_end_of_its_own_accord_is_told_with_its_time() {
    for version in [2, 3] {
        let mut lag = running(&lag(version), &[("misdeed", END)]);
        let problem = (0..100).find_map(|_| step(&mut lag).err()).unwrap();
        assert!(matches!(problem, FmuProblem::Ended { time } if (time - 1.0).abs() < 1e-9), "FMI {version}: {problem:?}");
    }
}

#[test]
fn one_that_hangs_is_ended_at_the_deadline() {
    for (version, misdeed) in [(2, HANG), (3, HANG), (2, CLOSE_PIPES), (3, HANG_AT_START)] {
        let fmu = lag(version);
        let mut start = start(&fmu, &["u"], &["y"], &[("misdeed", misdeed)]);
        start.deadlines = SHORT;
        let problem = match fmu.instantiate(&host(), start) {
            Ok(mut lag) => step(&mut lag).unwrap_err(),
            Err(problem) => problem,
        };
        match problem {
            FmuProblem::Hung { deadline, .. } => assert_eq!(deadline, SHORT.step),
            // It has closed our pipe as well, which is noticed before the deadline.
            FmuProblem::Crashed { .. } => assert_eq!(misdeed, CLOSE_PIPES),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn what_it_prints_disturbs_nothing_however_much_it_is() {
    for version in [2, 3] {
        let mut lag = running(&lag(version), &[("misdeed", PRINT)]);
        for _ in 0..5 {
            step(&mut lag).unwrap();
        }
        lag.terminate().unwrap();
    }
}

#[test]
fn a_discarded_step_can_be_tried_again_shorter() {
    for version in [2, 3] {
        let mut lag = running(&lag(version), &[("misdeed", DISCARD)]);
        let state = lag.save().unwrap();
        let mut y = [0.0];
        let problem = lag.step_with(&[1.0], 1.0, &mut y).unwrap_err();
        assert!(problem.is_recoverable() && matches!(problem, FmuProblem::Status { status: Status::Discard, .. }), "{problem:?}");
        lag.restore(state).unwrap();
        for _ in 0..4 {
            lag.step_with(&[1.0], 0.25, &mut y).unwrap();
        }
        assert!((y[0] - (1.0 - (-1.0_f64).exp())).abs() < 1e-12);
    }
}

#[test]
fn an_output_that_is_no_number_is_told_by_name() {
    let mut lag = running(&lag(2), &[("misdeed", NOT_A_NUMBER)]);
    for _ in 0..2 {
        assert!(matches!(step(&mut lag), Err(FmuProblem::NotFinite { variable, .. }) if variable == "y"));
    }
}

#[test]
fn a_run_that_fails_keeps_what_it_had() {
    for version in [2, 3] {
        let start_values = vec![("misdeed".to_owned(), Value::Number(END))];
        let run = BatchRun { stop_secs: 2.0, step_secs: 1.0 / 1024.0, start_values, ..BatchRun::default() };
        let result = twin_fmu::simulate(&lag(version), &host(), None, &run).unwrap();
        assert!(matches!(result.problem, Some(FmuProblem::Ended { .. })), "{:?}", result.problem);
        assert_eq!(result.table.times.len(), 1076, "the beginning and all whole steps until 1.05 s");
    }
}

#[test]
fn a_program_that_is_no_host_is_noticed() {
    let fmu = lag(2);
    let begin = |host: &Host| fmu.instantiate(host, start(&fmu, &[], &[], &[])).unwrap_err();
    assert!(matches!(begin(&Host::command("no-such-program", [""; 0])), FmuProblem::NotStarted(_)));
    assert!(matches!(begin(&Host::command("true", [""; 0])), FmuProblem::Crashed { .. }));
    assert!(matches!(begin(&Host::command("echo", ["a long line, which is no reply"])), FmuProblem::Garbage(_)));
}
