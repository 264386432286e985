//! Reads `modelDescription.xml` of both standards into a [`Description`].

use std::collections::BTreeMap;

use roxmltree::{Document, Node, ParsingOptions};

use crate::description::{Capabilities, Causality, DefaultExperiment, Description, FmiVersion, Kind, Value, Variability, Variable};
use crate::problem::FmuError;

/// More elements and attributes than any real model has.
const MOST_NODES: u32 = 20_000_000;

/// Reads the description.
///
/// # Errors
/// [`FmuError::Description`] for what is wrong with the file, [`FmuError::Unsupported`] for a sound one this program has no
/// use for.
pub fn read(bytes: &[u8]) -> Result<Description, FmuError> {
    let text = std::str::from_utf8(bytes).map_err(|_| broken(None, "the file is not UTF-8"))?;
    let options = ParsingOptions { nodes_limit: MOST_NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text.trim_start_matches('\u{feff}'), options)
        .map_err(|error| broken(Some(error.pos().row), format!("it is not well-formed: {error}")))?;
    let root = document.root_element();
    if !root.has_tag_name("fmiModelDescription") {
        return Err(at(root, format!("the file begins with `{}`, not with `fmiModelDescription`", root.tag_name().name())));
    }
    let version = version(root)?;
    let slave = child(root, "CoSimulation").ok_or_else(|| {
        FmuError::Unsupported("it is no co-simulation FMU: export it again for co-simulation, not for model exchange".into())
    })?;
    Ok(Description {
        version,
        model_name: text_of(root, "modelName"),
        model_identifier: model_identifier(slave)?,
        token: required(root, if version == FmiVersion::Two { "guid" } else { "instantiationToken" })?.to_owned(),
        description: text_of(root, "description"),
        author: text_of(root, "author"),
        generation_tool: text_of(root, "generationTool"),
        default_experiment: default_experiment(root)?,
        capabilities: capabilities(slave, version)?,
        variables: variables(root, version)?,
    })
}

fn version(root: Node) -> Result<FmiVersion, FmuError> {
    let text = required(root, "fmiVersion")?;
    match text.split('.').next() {
        Some("2") => Ok(FmiVersion::Two),
        Some("3") => Ok(FmiVersion::Three),
        _ => Err(FmuError::Unsupported(format!("it follows FMI {text}; export it again as FMI 2.0 or 3.0"))),
    }
}

/// The library's name, which becomes part of a path.
fn model_identifier(slave: Node) -> Result<String, FmuError> {
    let name = required(slave, "modelIdentifier")?;
    let is_name = name.chars().all(|letter| letter.is_alphanumeric() || "_-.".contains(letter)) && !name.starts_with('.');
    if is_name && !name.is_empty() { Ok(name.to_owned()) } else { Err(at(slave, format!("`{name}` is no name for a library"))) }
}

fn default_experiment(root: Node) -> Result<DefaultExperiment, FmuError> {
    let Some(node) = child(root, "DefaultExperiment") else { return Ok(DefaultExperiment::default()) };
    Ok(DefaultExperiment {
        start: number(node, "startTime")?,
        stop: number(node, "stopTime")?,
        tolerance: number(node, "tolerance")?,
        step: number(node, "stepSize")?,
    })
}

fn capabilities(slave: Node, version: FmiVersion) -> Result<Capabilities, FmuError> {
    let (state, serialises) = match version {
        FmiVersion::Two => ("canGetAndSetFMUstate", "canSerializeFMUstate"),
        FmiVersion::Three => ("canGetAndSetFMUState", "canSerializeFMUState"),
    };
    Ok(Capabilities {
        variable_step: flag(slave, "canHandleVariableCommunicationStepSize")?,
        state: flag(slave, state)?,
        serialises_state: flag(slave, serialises)?,
        needs_tool: flag(slave, "needsExecutionTool")?,
    })
}

fn variables(root: Node, version: FmiVersion) -> Result<Vec<Variable>, FmuError> {
    let list = child(root, "ModelVariables").ok_or_else(|| at(root, "`ModelVariables` is missing"))?;
    let units = units_of_types(root, version);
    let mut lines = BTreeMap::new();
    let mut all = Vec::new();
    for node in list.children().filter(Node::is_element) {
        let variable = match version {
            FmiVersion::Two => scalar_variable(node, &units)?,
            FmiVersion::Three => {
                let kind = kind_of_three(node.tag_name().name()).ok_or_else(|| no_type(node))?;
                variable(node, node, kind, &units)?
            }
        };
        for variable in aliases(node, &variable)?.into_iter().chain([variable]) {
            if let Some(first) = lines.insert(variable.name.clone(), line(node)) {
                return Err(at(node, format!("the variable `{}` is already defined in line {first}", variable.name)));
            }
            all.push(variable);
        }
    }
    Ok(all)
}

/// Other names of a variable (FMI 3.0). They can be read, and are no further inputs, outputs or parameters.
fn aliases(node: Node, variable: &Variable) -> Result<Vec<Variable>, FmuError> {
    let alias = |alias: Node| {
        let (name, description) = (required(alias, "name")?.to_owned(), text_of(alias, "description"));
        Ok(Variable { name, description, causality: Causality::Local, is_calculated: true, ..variable.clone() })
    };
    node.children().filter(|inner| inner.has_tag_name("Alias")).map(alias).collect()
}

/// Declared type → unit.
fn units_of_types<'a>(root: Node<'a, 'a>, version: FmiVersion) -> BTreeMap<&'a str, &'a str> {
    let types = child(root, "TypeDefinitions").into_iter().flat_map(|types| types.children().filter(Node::is_element));
    types
        .filter_map(|node| {
            let holder = if version == FmiVersion::Two { child(node, "Real")? } else { node };
            Some((node.attribute("name")?, holder.attribute("unit")?))
        })
        .collect()
}

/// FMI 2.0 keeps the type in an element inside the variable.
fn scalar_variable(node: Node, units: &BTreeMap<&str, &str>) -> Result<Variable, FmuError> {
    let found = node.children().find_map(|inner| {
        let kind = match inner.tag_name().name() {
            "Real" => Kind::Float64,
            "Integer" | "Enumeration" => Kind::Int32,
            "Boolean" => Kind::Boolean,
            "String" => Kind::Text,
            _ => return None,
        };
        Some((inner, kind))
    });
    let (inner, kind) = found.ok_or_else(|| no_type(node))?;
    variable(node, inner, kind, units)
}

fn kind_of_three(tag: &str) -> Option<Kind> {
    Some(match tag {
        "Float64" => Kind::Float64,
        "Float32" => Kind::Float32,
        "Int8" => Kind::Int8,
        "UInt8" => Kind::UInt8,
        "Int16" => Kind::Int16,
        "UInt16" => Kind::UInt16,
        "Int32" => Kind::Int32,
        "UInt32" => Kind::UInt32,
        "Int64" | "Enumeration" => Kind::Int64,
        "UInt64" => Kind::UInt64,
        "Boolean" => Kind::Boolean,
        "String" => Kind::Text,
        "Binary" => Kind::Binary,
        "Clock" => Kind::Clock,
        _ => return None,
    })
}

/// `node` names the variable, `typed` holds what belongs to its type.
fn variable(node: Node, typed: Node, kind: Kind, units: &BTreeMap<&str, &str>) -> Result<Variable, FmuError> {
    let reference = required(node, "valueReference")?;
    let causality = causality(node)?;
    let is_array = child(typed, "Dimension").is_some();
    let declared = typed.attribute("declaredType").and_then(|name| units.get(name).copied());
    let follows = matches!(causality, Causality::Output | Causality::Local | Causality::CalculatedParameter | Causality::Independent);
    Ok(Variable {
        name: required(node, "name")?.to_owned(),
        reference: reference.parse().map_err(|_| at(node, format!("valueReference `{reference}` is no number from 0 to 4294967295")))?,
        kind,
        causality,
        variability: variability(node, kind, causality)?,
        is_calculated: node.attribute("initial").map_or(follows, |initial| initial == "calculated"),
        unit: typed.attribute("unit").or(declared).map(str::to_owned),
        start: if is_array { None } else { start(typed, kind)? },
        min: if kind.is_number() { number(typed, "min")? } else { None },
        max: if kind.is_number() { number(typed, "max")? } else { None },
        description: text_of(node, "description"),
        is_array,
    })
}

fn causality(node: Node) -> Result<Causality, FmuError> {
    Ok(match node.attribute("causality") {
        None | Some("local") => Causality::Local,
        Some("parameter") => Causality::Parameter,
        Some("calculatedParameter") => Causality::CalculatedParameter,
        Some("structuralParameter") => Causality::StructuralParameter,
        Some("input") => Causality::Input,
        Some("output") => Causality::Output,
        Some("independent") => Causality::Independent,
        Some(other) => return Err(at(node, format!("causality `{other}` is not known"))),
    })
}

fn variability(node: Node, kind: Kind, causality: Causality) -> Result<Variability, FmuError> {
    Ok(match node.attribute("variability") {
        Some("constant") => Variability::Constant,
        Some("fixed") => Variability::Fixed,
        Some("tunable") => Variability::Tunable,
        Some("discrete") => Variability::Discrete,
        Some("continuous") => Variability::Continuous,
        Some(other) => return Err(at(node, format!("variability `{other}` is not known"))),
        None if matches!(causality, Causality::Parameter | Causality::CalculatedParameter | Causality::StructuralParameter) => {
            Variability::Fixed
        }
        None if kind.is_discrete() => Variability::Discrete,
        None => Variability::Continuous,
    })
}

fn start(typed: Node, kind: Kind) -> Result<Option<Value>, FmuError> {
    if kind == Kind::Text {
        // FMI 3.0 writes it as an element of its own.
        let text = typed.attribute("start").or_else(|| child(typed, "Start")?.attribute("value"));
        return Ok(text.map(|text| Value::Text(text.to_owned())));
    }
    if !kind.is_number() {
        return Ok(None);
    }
    Ok(number(typed, "start")?.map(Value::Number))
}

/// A number; truth values count as 0 and 1.
fn number(node: Node, name: &str) -> Result<Option<f64>, FmuError> {
    let Some(text) = node.attribute(name) else { return Ok(None) };
    match text.trim() {
        "true" => Ok(Some(1.0)),
        "false" => Ok(Some(0.0)),
        text => text.parse().map(Some).map_err(|_| at(node, format!("{name} `{text}` is not a number"))),
    }
}

fn flag(node: Node, name: &str) -> Result<bool, FmuError> {
    match node.attribute(name) {
        None | Some("false" | "0") => Ok(false),
        Some("true" | "1") => Ok(true),
        Some(other) => Err(at(node, format!("{name} is `{other}`, not `true` or `false`"))),
    }
}

fn required<'a>(node: Node<'a, '_>, name: &str) -> Result<&'a str, FmuError> {
    node.attribute(name).ok_or_else(|| at(node, format!("`{}` has no {name}", node.tag_name().name())))
}

fn text_of(node: Node, name: &str) -> String {
    node.attribute(name).unwrap_or_default().to_owned()
}

fn child<'a, 'b>(node: Node<'a, 'b>, name: &str) -> Option<Node<'a, 'b>> {
    node.children().find(|inner| inner.has_tag_name(name))
}

fn no_type(node: Node) -> FmuError {
    at(node, format!("the variable `{}` is of no type the standard knows", node.attribute("name").unwrap_or_default()))
}

fn line(node: Node) -> u32 {
    node.document().text_pos_at(node.range().start).row
}

fn at(node: Node, message: impl Into<String>) -> FmuError {
    broken(Some(line(node)), message)
}

fn broken(line: Option<u32>, message: impl Into<String>) -> FmuError {
    FmuError::Description { line, message: message.into() }
}
