//! What people call the things of a plant: aliases, tags of components, conditions to start from.

use std::collections::BTreeMap;

use super::assemble::{Layout, Work};
use super::blueprint::{Blueprint, ConditionDocument};
use super::load::escaped;
use super::plant::Tag;

impl Work {
    /// A second name for a parameter, for several, or for an input.
    pub(super) fn aliases(&mut self, blueprint: &Blueprint, parameters: &mut BTreeMap<String, Vec<usize>>, layout: &mut Layout) {
        for (alias, targets) in &blueprint.aliases {
            let names = targets.names();
            let indices: Option<Vec<usize>> = names.iter().map(|name| parameters.get(name)?.first().copied()).collect();
            let input = names.first().filter(|_| names.len() == 1).and_then(|name| layout.by_name.get(name));
            match (indices.filter(|indices| !indices.is_empty()), input) {
                (Some(indices), _) => drop(parameters.insert(alias.clone(), indices)),
                (None, Some(&index)) => drop(layout.by_name.insert(alias.clone(), index)),
                (None, None) => {
                    let pointer = format!("/simulation/aliases/{}", escaped(alias));
                    let message = format!("{alias} stands for {}, which is not there", names.join(", "));
                    self.fault(&pointer, message, "write <component>.<parameter>, or a list of parameters");
                }
            }
        }
    }

    pub(super) fn plant_parameters(&mut self, blueprint: &Blueprint, parameters: &BTreeMap<String, Vec<usize>>, layout: &mut Layout) {
        for (name, &value) in &blueprint.parameters {
            let pointer = format!("/simulation/parameters/{}", escaped(name));
            let Some(indices) = parameters.get(name) else {
                self.fault(&pointer, format!("there is no parameter {name}"), "write <component>.<parameter>, or an alias");
                continue;
            };
            for &index in indices {
                let parameter = &mut layout.parameters[index];
                if (parameter.sheet.min..=parameter.sheet.max).contains(&value) {
                    parameter.value = value;
                } else {
                    let hint = format!("it must be within {} to {} {}", parameter.sheet.min, parameter.sheet.max, parameter.sheet.unit);
                    self.fault(&pointer, format!("{name} is {value}"), &hint);
                }
            }
        }
    }

    /// Every setting of a condition has to be a parameter within its limits, or an input that nothing drives.
    pub(super) fn conditions(
        &mut self,
        blueprint: &Blueprint,
        parameters: &BTreeMap<String, Vec<usize>>,
        layout: &Layout,
    ) -> BTreeMap<String, ConditionDocument> {
        for (condition, document) in &blueprint.conditions {
            for (name, &value) in &document.settings {
                let pointer = format!("/simulation/conditions/{}/settings/{}", escaped(condition), escaped(name));
                let sheets = parameters.get(name).into_iter().flatten().map(|&index| layout.parameters[index].sheet);
                let outside = sheets.clone().find(|sheet| !(sheet.min..=sheet.max).contains(&value));
                let is_input = layout.by_name.get(name).is_some_and(|index| layout.constants.iter().any(|(constant, _)| constant == index));
                if let Some(sheet) = outside {
                    let hint = format!("it must be within {} to {} {}", sheet.min, sheet.max, sheet.unit);
                    self.fault(&pointer, format!("{name} is {value}"), &hint);
                } else if sheets.count() == 0 && !is_input {
                    self.fault(&pointer, format!("{name} is not there"), "write <component>.<parameter>, an input or an alias");
                }
            }
        }
        blueprint.conditions.clone()
    }

    /// Components by the tags operators call them by.
    pub(super) fn calls(&mut self, blueprint: &Blueprint) -> BTreeMap<String, usize> {
        let mut calls = BTreeMap::new();
        for (index, spec) in blueprint.components.iter().enumerate() {
            let call = spec.tag.as_ref().unwrap_or(&spec.name);
            if calls.insert(call.clone(), index).is_some() {
                self.fault(&spec.pointer, format!("{}: another component is called {call}", spec.name), "give each a tag of its own");
            }
        }
        calls
    }

    /// The inputs that tags measure.
    pub(super) fn drives(&mut self, blueprint: &Blueprint, tags: &mut [Tag], layout: &Layout) {
        for (spec, tag) in blueprint.tags.iter().zip(tags) {
            let Some(name) = &spec.drives else { continue };
            let input = layout.by_name.get(name).copied();
            tag.drives = input.filter(|index| layout.constants.iter().any(|(constant, _)| constant == index));
            if tag.drives.is_none() || spec.scale == 0.0 {
                let message = format!("{}: it cannot drive {name}", spec.tag);
                self.fault(&spec.pointer, message, "name an input of a component that is a number in the plant file, and a scale");
            }
        }
    }
}

/// Tag, latch and time of every interlock.
pub(super) fn interlocks(blueprint: &Blueprint, points: &BTreeMap<String, usize>) -> Vec<(String, usize, usize)> {
    let interlocks = blueprint.components.iter().filter(|spec| spec.kind == "interlock");
    interlocks
        .filter_map(|spec| {
            let point = |name: &str| points.get(&format!("{}.{name}", spec.name)).copied();
            Some((spec.tag.clone().unwrap_or_else(|| spec.name.clone()), point("latched")?, point("acted_at_secs")?))
        })
        .collect()
}
