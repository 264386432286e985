//! What a plant file says about one component beside its numbers: choices, curves, formulas.

use std::collections::BTreeMap;

use super::blueprint::Setting;
use crate::expression::{Expression, Program};

/// Choices, curves and formulas of a component that is being built, and the points its formulas may name.
#[derive(Clone, Copy, Debug)]
pub struct Settings<'a> {
    pub(super) values: &'a BTreeMap<String, Setting>,
    pub(super) names: &'a BTreeMap<String, usize>,
    pub(super) component: &'a str,
}

impl Settings<'_> {
    /// A choice or a formula; `None` when the plant file is silent.
    ///
    /// # Errors
    /// It is a number or a table.
    pub fn text(&self, name: &str) -> Result<Option<&str>, String> {
        match self.values.get(name) {
            None => Ok(None),
            Some(Setting::Text(text)) => Ok(Some(text)),
            Some(_) => Err(format!("{name} is not a word")),
        }
    }

    /// One of `choices`; the first when the plant file is silent.
    ///
    /// # Errors
    /// It is none of them.
    pub fn choice(&self, name: &str, choices: &[&'static str]) -> Result<usize, String> {
        let Some(text) = self.text(name)? else { return Ok(0) };
        choices.iter().position(|choice| *choice == text).ok_or_else(|| format!("there is no {name} {text}: write {}", choices.join(", ")))
    }

    /// Rows of a curve; `None` when the plant file is silent.
    ///
    /// # Errors
    /// It is no table, or a row has another length than `columns`.
    pub fn table(&self, name: &str, columns: usize) -> Result<Option<&[Vec<f64>]>, String> {
        match self.values.get(name) {
            None => Ok(None),
            Some(Setting::Table(rows)) if rows.iter().all(|row| row.len() == columns) => Ok(Some(rows)),
            Some(_) => Err(format!("{name} is not a list of rows with {columns} numbers each")),
        }
    }

    /// Every text setting whose name starts with `prefix`, by name.
    pub fn texts<'s>(&'s self, prefix: &'s str) -> impl Iterator<Item = (&'s str, &'s str)> {
        self.values.iter().filter_map(move |(name, setting)| match setting {
            Setting::Text(text) if name.starts_with(prefix) => Some((name.as_str(), text.as_str())),
            _ => None,
        })
    }

    /// Sentences; none when the plant file is silent.
    ///
    /// # Errors
    /// It is something else.
    pub fn lines(&self, name: &str) -> Result<&[String], String> {
        match self.values.get(name) {
            None => Ok(&[]),
            Some(Setting::Lines(lines)) => Ok(lines),
            Some(_) => Err(format!("{name} is not a list of sentences")),
        }
    }

    /// A formula; `None` when the plant file is silent.
    ///
    /// # Errors
    /// It is no formula, or it names what the plant does not have.
    pub fn formula(&self, name: &str) -> Result<Option<Program>, String> {
        match self.values.get(name) {
            None => Ok(None),
            // A number is the shortest formula.
            Some(Setting::Number(number)) => self.program(name, &number.to_string()).map(Some),
            Some(Setting::Text(text)) => self.program(name, text).map(Some),
            Some(_) => Err(format!("{name} is not a formula")),
        }
    }

    /// The formula in a text; `name` says where it stands.
    ///
    /// # Errors
    /// It is no formula, or it names what the plant does not have.
    pub fn program(&self, name: &str, text: &str) -> Result<Program, String> {
        let expression = Expression::parse(text).map_err(|error| format!("{name}: {error}: {text}"))?;
        expression.compile(|point| self.resolve(point)).map_err(|point| format!("{name} reads {point}, which is not there"))
    }

    /// Index of a point or of what the controllers see of a tag. A name that starts with a point, such as `.level_m`, is
    /// the component's own.
    pub fn resolve(&self, name: &str) -> Option<usize> {
        if name.starts_with('.') {
            return self.names.get(&format!("{}{name}", self.component)).copied();
        }
        self.names.get(name).copied()
    }
}
