//! Whether a variable can be what it is asked to be, before the FMU is asked.

use std::path::Path;

use crate::description::{Description, FmiVersion, Kind, Value, Variable, VariableIndex};
use crate::problem::FmuProblem;
use crate::wire::Port;

/// A variable as the child process needs to know it.
pub fn port(variable: &Variable) -> Port {
    Port { kind: variable.kind, reference: variable.reference }
}

/// There is no variable at this place.
pub fn unknown(at: VariableIndex) -> FmuProblem {
    FmuProblem::Misuse(format!("there is no variable number {}", at.0))
}

/// A variable that is set at every step.
pub fn input(description: &Description, at: VariableIndex) -> Result<Port, FmuProblem> {
    let variable = description.variable(at).ok_or_else(|| unknown(at))?;
    if variable.is_settable_while_running() {
        return Ok(port(variable));
    }
    Err(FmuProblem::Misuse(format!("`{}` cannot be set while the FMU runs, so it cannot be an input", variable.name)))
}

/// A variable that is read after every step.
pub fn output(description: &Description, at: VariableIndex) -> Result<Port, FmuProblem> {
    let variable = description.variable(at).ok_or_else(|| unknown(at))?;
    if variable.is_signal() {
        return Ok(port(variable));
    }
    Err(FmuProblem::Misuse(format!("`{}` is not a single number, so it cannot be an output", variable.name)))
}

/// A variable that gets this start value.
pub fn start_port(description: &Description, at: VariableIndex, value: &Value) -> Result<Port, FmuProblem> {
    let variable = description.variable(at).ok_or_else(|| unknown(at))?;
    let reason = match value {
        _ if !variable.takes_start_value() => Some("it takes no start value".to_owned()),
        Value::Number(number) => variable.kind.accepts(*number).err(),
        Value::Text(_) if variable.kind == Kind::Text => None,
        Value::Text(_) => Some("the variable is not a text".to_owned()),
    };
    match reason {
        None => Ok(port(variable)),
        Some(reason) => {
            let value = match value {
                Value::Number(number) => number.to_string(),
                Value::Text(text) => format!("`{text}`"),
            };
            Err(FmuProblem::BadValue { variable: variable.name.clone(), value, reason })
        }
    }
}

/// Where the resources are: an address in FMI 2.0, a path that ends in a separator in FMI 3.0.
pub fn resources(folder: &Path, version: FmiVersion) -> String {
    let path = folder.join("resources").to_string_lossy().into_owned();
    match version {
        FmiVersion::Three => path + "/",
        FmiVersion::Two => {
            let mut address = String::from("file://");
            for byte in path.bytes() {
                if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
                    address.push(char::from(byte));
                } else {
                    address += &format!("%{byte:02X}");
                }
            }
            address
        }
    }
}
