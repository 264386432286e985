//! What is accepted as an FMU, and what may run.

use twin_fmu::{Digest, Fmu, FmuError, Permission};

use crate::build::{LAG, archive, description};
use crate::{host, lags, start};

/// The error of a file with these bytes, however it is opened.
fn refused(bytes: &[u8]) -> FmuError {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.fmu");
    std::fs::write(&path, bytes).unwrap();
    Fmu::open(&path, &Permission::of([Digest::of(bytes)])).unwrap_err()
}

fn with_description(xml: &str) -> Vec<u8> {
    archive(&[("modelDescription.xml", xml.as_bytes()), ("binaries/linux64/lag.so", b""), ("binaries/x86_64-linux/lag.so", b"")])
}

#[test]
fn nothing_runs_that_has_not_been_allowed() {
    let path = lags().join("lag2.fmu");
    let seen = twin_fmu::inspect(&path).unwrap();
    let other = Permission::of([Digest::of(b"another file")]);
    for permission in [Permission::none(), other] {
        assert_eq!(Fmu::open(&path, &permission).unwrap_err(), FmuError::NotAllowed { digest: seen.digest });
    }
    let typed: Digest = seen.digest.to_string().to_uppercase().parse().unwrap();
    assert!(Fmu::open(&path, &Permission::of([typed])).is_ok());
    assert!("abc".parse::<Digest>().is_err());
    assert!("é".repeat(32).parse::<Digest>().is_err());
}

#[test]
fn a_file_that_is_no_fmu_is_told_why() {
    assert!(matches!(Fmu::open("nowhere.fmu".as_ref(), &Permission::none()), Err(FmuError::Unreadable { .. })));
    assert!(matches!(refused(b"not a zip"), FmuError::Archive(_)));
    assert!(matches!(refused(&archive(&[("a.txt", b"")])), FmuError::Description { line: None, .. }));
}

#[test]
fn a_path_out_of_the_folder_is_refused() {
    let xml = description(LAG, 2, "");
    for name in ["resources/../../../evil", "resources//evil/../../../x", "resources/a\\..\\..\\evil"] {
        let files = [("modelDescription.xml", xml.as_bytes()), ("binaries/linux64/lag.so", b"".as_slice()), (name, b"evil")];
        match refused(&archive(&files)) {
            FmuError::Archive(why) => assert!(why.contains("outside"), "{why}"),
            other => panic!("{name}: {other:?}"),
        }
    }
}

#[test]
fn a_broken_description_is_told_by_line() {
    let sound = description(LAG, 3, "");
    let cases = [
        (sound.replace("</ModelVariables>", ""), None),
        (sound.replace("name=\"u\" valueReference=\"0\"", "name=\"u\" valueReference=\"-1\""), Some(6)),
        (sound.replace("name=\"y\"", "name=\"u\""), Some(7)),
        (sound.replace("name=\"y\"", ""), Some(7)),
        (sound.replace("causality=\"output\"", "causality=\"outptu\""), Some(7)),
        (sound.replace("start=\"1\"", "start=\"one\""), Some(8)),
        (sound.replace("<Int32 name=\"n\"", "<Int31 name=\"n\""), Some(9)),
        (sound.replace("modelIdentifier=\"lag\"", "modelIdentifier=\"../lag\""), Some(3)),
        (sound.replace("instantiationToken", "token"), Some(2)),
        ("<a/>".to_owned(), Some(1)),
        ("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>".to_owned(), Some(1)),
    ];
    for (xml, expected) in cases {
        match refused(&with_description(&xml)) {
            FmuError::Description { line, message } => assert!(expected.is_none() || line == expected, "{line:?}: {message}"),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn what_cannot_run_here_is_told_what_to_export() {
    let two = description(LAG, 2, "");
    let cases = [
        (with_description(&two.replace("CoSimulation", "ModelExchange")), "co-simulation"),
        (with_description(&two.replace("fmiVersion=\"2.0\"", "fmiVersion=\"1.0\"")), "FMI 1.0"),
        (archive(&[("modelDescription.xml", two.as_bytes()), ("binaries/win64/lag.dll", b"")]), "win64"),
        (archive(&[("modelDescription.xml", two.as_bytes()), ("sources/lag.c", b"")]), "source code"),
    ];
    for (bytes, word) in cases {
        match refused(&bytes) {
            FmuError::Unsupported(why) => assert!(why.contains(word) && why.contains("export it again"), "{why}"),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_library_that_is_none_is_a_problem_of_the_fmu() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.fmu");
    std::fs::write(&path, with_description(&description(LAG, 2, ""))).unwrap();
    let fmu = crate::open(&path);
    let problem = fmu.instantiate(&host(), start(&fmu, &[], &[], &[])).unwrap_err();
    assert!(matches!(problem, twin_fmu::FmuProblem::Load(_)), "{problem:?}");
}

#[test]
fn an_fmu_tells_what_it_is() {
    for version in [2, 3] {
        let seen = twin_fmu::inspect(&lags().join(format!("lag{version}.fmu"))).unwrap();
        let all = seen.description;
        assert_eq!((all.model_name.as_str(), all.generation_tool.as_str()), ("lag", "gcc"));
        assert_eq!(all.default_experiment.stop, Some(10.0));
        assert!(all.capabilities.variable_step && all.capabilities.state && all.capabilities.serialises_state);
        let names =
            |causality| all.signals(causality).iter().filter_map(|at| all.variable(*at)).map(|v| v.name.as_str()).collect::<Vec<_>>();
        assert_eq!(names(twin_fmu::Causality::Input), ["u", "n", "b"]);
        assert_eq!(names(twin_fmu::Causality::Output), ["y", "doubled", "length", "not_b"]);
        assert!(all.find("nothing").is_err());
    }
}

#[test]
fn a_description_nested_without_end_is_read_or_refused() {
    let deep = "<Annotations>".repeat(200_000);
    assert!(matches!(refused(&with_description(&deep)), FmuError::Description { .. }));
    let closed = "<Tool>".repeat(200_000) + &"</Tool>".repeat(200_000);
    let xml = description(LAG, 2, "").replace("</fmiModelDescription>", &(closed + "</fmiModelDescription>"));
    // Whether it is accepted is up to the reader of XML; it must only not bring the program down.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.fmu");
    std::fs::write(&path, with_description(&xml)).unwrap();
    match twin_fmu::inspect(&path) {
        Ok(seen) => assert_eq!(seen.description.model_name, "lag"),
        Err(error) => assert!(matches!(error, FmuError::Description { .. }), "{error}"),
    }
}

#[test]
fn damaged_files_are_refused_and_nothing_worse() {
    // One letter of the description changed, one byte of the archive changed, the archive cut short: never a panic.
    let xml = description(LAG, 3, "").into_bytes();
    let whole = with_description(&description(LAG, 3, ""));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.fmu");
    let mut read = 0;
    for at in (0..xml.len().max(whole.len())).step_by(3) {
        let mut changed = xml.clone();
        if let Some(letter) = changed.get_mut(at) {
            *letter = b"<>\"'&= 0x"[at % 9];
        }
        let changed = archive(&[("modelDescription.xml", &changed)]);
        let mut damaged = whole.clone();
        if let Some(byte) = damaged.get_mut(at) {
            *byte ^= 0x15;
        }
        for bytes in [&changed[..], &damaged, whole.get(..at).unwrap_or_default()] {
            std::fs::write(&path, bytes).unwrap();
            if let Ok(seen) = twin_fmu::inspect(&path) {
                assert_eq!(seen.digest, Digest::of(bytes));
                read += 1;
            }
        }
    }
    assert!(read > 0, "names may change without harm");
}
