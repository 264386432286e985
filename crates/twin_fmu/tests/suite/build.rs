//! Builds the FMUs of the tests with gcc from the sources in `tests/fmus`.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A model of `tests/fmus` with its variables: name, type, reference, causality, start value.
#[derive(Clone, Copy)]
pub struct Source {
    pub name: &'static str,
    variables: &'static [(&'static str, &'static str, u32, &'static str, &'static str)],
}

pub const LAG: Source = Source {
    name: "lag",
    variables: &[
        ("u", "Float64", 0, "input", "0"),
        ("y", "Float64", 1, "output", ""),
        ("T", "Float64", 2, "parameter", "1"),
        ("n", "Int32", 100, "input", "0"),
        ("doubled", "Int32", 101, "output", ""),
        ("length", "Int32", 102, "output", ""),
        ("misdeed", "Int32", 103, "parameter", "0"),
        ("b", "Boolean", 200, "input", "false"),
        ("not_b", "Boolean", 201, "output", ""),
        ("text", "String", 300, "parameter", ""),
    ],
};

pub const VAN_DER_POL: Source = Source {
    name: "vanderpol",
    variables: &[
        ("u", "Float64", 0, "input", "0"),
        ("x", "Float64", 1, "output", ""),
        ("v", "Float64", 2, "output", ""),
        ("mu", "Float64", 3, "parameter", "1"),
    ],
};

pub const BALL: Source = Source {
    name: "ball",
    variables: &[
        ("h", "Float64", 0, "output", ""),
        ("v", "Float64", 1, "output", ""),
        ("e", "Float64", 2, "parameter", "0.7"),
        ("g", "Float64", 3, "parameter", "9.81"),
        ("bounces", "Int32", 100, "output", ""),
        ("rests", "Boolean", 200, "output", ""),
    ],
};

/// The FMU of a model, built into a folder.
pub fn fmu(folder: &Path, source: Source, version: u8) -> PathBuf {
    described(folder, source, version, &description(source, version, ""))
}

/// The same with another description.
pub fn described(folder: &Path, source: Source, version: u8, xml: &str) -> PathBuf {
    // Built apart and moved in at once: another run of the tests may be reading the one that is there.
    let apart = tempfile::tempdir_in(folder).unwrap();
    let library = compile(apart.path(), source, version);
    let bytes = archive(&[
        ("modelDescription.xml", xml.as_bytes()),
        (&format!("{}/{}{}", platform(version), source.name, std::env::consts::DLL_SUFFIX), &library),
        ("resources/note.txt", b"nothing to see here"),
    ]);
    let name = format!("{}{version}.fmu", source.name);
    std::fs::write(apart.path().join(&name), bytes).unwrap();
    std::fs::rename(apart.path().join(&name), folder.join(&name)).unwrap();
    folder.join(name)
}

fn compile(folder: &Path, source: Source, version: u8) -> Vec<u8> {
    // The tests of the whole program build these FMUs as well.
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sources = [here.join("tests/fmus"), here.join("crates/twin_fmu/tests/fmus")].into_iter().find(|folder| folder.exists()).unwrap();
    let library = folder.join(format!("{}{version}.so", source.name));
    let status = Command::new("gcc")
        .args(["-O2", "-shared", "-fPIC", "-Wall", "-Werror", "-o"])
        .arg(&library)
        .arg(sources.join(format!("fmi{version}.c")))
        .arg(sources.join(format!("{}.c", source.name)))
        .arg("-lm")
        .status();
    match status {
        Ok(status) if status.success() => {}
        Ok(status) => panic!("gcc cannot build {}: {status}", library.display()),
        Err(error) => panic!("these tests build FMUs with gcc, which cannot be started: {error}"),
    }
    std::fs::read(&library).unwrap()
}

fn platform(version: u8) -> String {
    let (system, architecture) = (std::env::consts::OS.replace("macos", "darwin"), std::env::consts::ARCH);
    match (version, architecture) {
        (2, "x86_64") => format!("binaries/{system}64"),
        _ => format!("binaries/{architecture}-{system}"),
    }
}

/// A zip archive of these files.
pub fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// `modelDescription.xml`, with more attributes for `CoSimulation`.
pub fn description(source: Source, version: u8, more: &str) -> String {
    let name = source.name;
    let (token, state) = if version == 2 { ("guid", "FMUstate") } else { ("instantiationToken", "FMUState") };
    let mut xml = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<fmiModelDescription fmiVersion="{version}.0" modelName="{name}" {token}="{{{name}-of-the-tests}}" generationTool="gcc">
<CoSimulation modelIdentifier="{name}" canHandleVariableCommunicationStepSize="true" canGetAndSet{state}="true" canSerialize{state}="true" {more}/>
<DefaultExperiment startTime="0" stopTime="10" stepSize="0.01"/>
<ModelVariables>
"#
    );
    for (name, kind, reference, causality, start) in source.variables {
        let has_start = !start.is_empty() || (*kind == "String" && version == 2);
        let variability = match (*causality, *kind) {
            ("parameter", _) => "fixed",
            (_, "Float64") => "continuous",
            _ => "discrete",
        };
        let start = if has_start { format!(r#" start="{start}""#) } else { String::new() };
        let head = format!(r#"name="{name}" valueReference="{reference}" causality="{causality}" variability="{variability}""#);
        if version == 2 {
            let kind = kind.replace("Float64", "Real").replace("Int32", "Integer");
            writeln!(xml, "<ScalarVariable {head}><{kind}{start}/></ScalarVariable>").unwrap();
        } else if *kind == "String" {
            writeln!(xml, r#"<String {head}><Start value=""/></String>"#).unwrap();
        } else {
            writeln!(xml, "<{kind} {head}{start}/>").unwrap();
        }
    }
    xml += "</ModelVariables>\n<ModelStructure>";
    for (at, (_, _, reference, causality, _)) in source.variables.iter().enumerate() {
        if *causality == "output" {
            match version {
                2 => write!(xml, r#"<Outputs><Unknown index="{}"/></Outputs>"#, at + 1).unwrap(),
                _ => write!(xml, r#"<Output valueReference="{reference}"/>"#).unwrap(),
            }
        }
    }
    let xml = xml.replace("</Outputs><Outputs>", "");
    xml + "</ModelStructure>\n</fmiModelDescription>\n"
}
