//! The documentation of all components, from their sheets.

use std::fmt::Write;

use super::component::Kind;
use super::components::KINDS;
use crate::sheet::ParameterSheet;

/// The page of every kind, as Markdown.
pub fn pages() -> String {
    let mut out = "# Components of a plant\n\n\
        Printed from the data sheets in `twin_sim`, which are also what a plant is checked against. SI throughout, unless a\n\
        name says otherwise; pressures are absolute.\n"
        .to_owned();
    for kind in KINDS {
        page(&mut out, kind);
    }
    out
}

fn page(out: &mut String, kind: &Kind) {
    let sheet = kind.sheet;
    let _ = write!(out, "\n## {} (`{}`)\n\n{}\n", sheet.title, sheet.kind, sheet.summary);
    for equation in sheet.equations {
        let _ = write!(out, "\n    {equation}");
    }
    out.push('\n');
    let _ = write!(out, "\nPorts: {}.", kind.ports.join(", "));
    for link in kind.links {
        let _ = write!(out, " Flow `{0}`: points `{0}_kg_s`, `{0}_in_k`, `{0}_out_k`, `{0}_kg_m3`.", link.name);
    }
    out.push('\n');
    if !sheet.parameters.is_empty() {
        out.push_str("\n| Parameter | Unit | Default | Limits | Typical | Meaning |\n|---|---|---|---|---|---|\n");
        sheet.parameters.iter().for_each(|parameter| row(out, parameter));
    }
    for option in kind.options {
        let _ = write!(out, "\n`{}`: {} {}.\n", option.name, option.meaning, option.choices.join(", "));
    }
    for input in kind.inputs {
        let default = match input.default {
            None => "has to be driven".to_owned(),
            Some(value) if value.is_nan() => "may stay open".to_owned(),
            Some(value) => format!("{value} when nothing drives it"),
        };
        let _ = write!(out, "\nInput `{}`: {} ({default}).\n", input.name, input.meaning.trim_end_matches('.'));
    }
    for follow in kind.follows {
        let _ = write!(out, "\nFollows `{}`: {}\n", follow.name, follow.meaning);
    }
    for point in sheet.points {
        let _ = write!(out, "\nPoint `{}` [{}]: {}\n", point.name, point.unit, point.meaning);
    }
    let _ = write!(out, "\nValid: {}\n", sheet.validity);
    if !sheet.sources.is_empty() {
        let _ = write!(out, "\nSources: {}.\n", sheet.sources.join("; ").trim_end_matches('.'));
    }
}

fn row(out: &mut String, parameter: &ParameterSheet) {
    let ParameterSheet { name, unit, min, max, typical, meaning, malfunction, .. } = parameter;
    let default = parameter.default.map_or("required".to_owned(), |value| value.to_string());
    let mark = if *malfunction { " *Malfunction.*" } else { "" };
    let _ = writeln!(out, "| `{name}` | {unit} | {default} | {min} to {max} | {typical} | {meaning}{mark} |");
}

/// The library of malfunctions, as Markdown.
pub fn malfunction_pages() -> String {
    let mut out = "# Malfunctions\n\n\
        Printed from the data sheets in `twin_sim`. Each moves one parameter of one component while the plant runs, at once or\n\
        by a ramp; severity 0 is the healthy value of the plant file, severity 1 the worst value below. Clearing restores the\n\
        plant file's own value.\n\n\
        | Kind | Parameter | Unit | Healthy | Worst | What it is |\n|---|---|---|---|---|---|\n"
        .to_owned();
    for kind in KINDS {
        for parameter in kind.sheet.parameters.iter().filter(|parameter| parameter.malfunction) {
            let ParameterSheet { name, unit, meaning, worst, logarithmic, .. } = parameter;
            let worst = if *logarithmic { format!("{worst}, by equal factors") } else { worst.to_string() };
            let healthy = parameter.default.unwrap_or(f64::NAN);
            let _ = writeln!(out, "| {} | `{name}` | {unit} | {healthy} | {worst} | {meaning} |", kind.sheet.title);
        }
    }
    out
}
