//! Things and their types.

use super::Check;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(check: &mut Check<'_>) {
    ids(check);
    parents(check);
    types(check);
}

fn ids(check: &mut Check<'_>) {
    let mut seen: BTreeMap<&str, String> = BTreeMap::new();
    let namespace = check.document().namespace.as_str();
    for (at, thing) in check.things() {
        if let Some(first) = seen.get(thing.id.as_str()) {
            check.error(
                &format!("{at}/id"),
                format!("the id {} is used twice, first at {first}", thing.id),
                "Give each thing an id of its own.",
            );
        } else {
            seen.insert(&thing.id, at.clone());
        }
        if let Some((own, _)) = thing.id.split_once(':')
            && own != namespace
        {
            let message = format!("the id {} is not in the namespace \"{namespace}\" of the file", thing.id);
            check.warning(&format!("{at}/id"), message, format!("Write {namespace}:name."));
        }
        if thing.name.trim().is_empty() {
            check.error(
                &format!("{at}/name"),
                format!("the thing {} has no name", thing.id),
                "Write what people call it, normally its tag.",
            );
        }
    }
}

fn parents(check: &mut Check<'_>) {
    let parents: BTreeMap<&str, Option<&str>> =
        check.document().things.iter().map(|thing| (thing.id.as_str(), thing.parent.as_deref())).collect();
    for (at, thing) in check.things() {
        let Some(parent) = thing.parent.as_deref() else { continue };
        let at = format!("{at}/parent");
        if !parents.contains_key(parent) {
            let hint = match Check::did_you_mean(parent, parents.keys().copied()) {
                Some(name) => format!("Did you mean {name}?"),
                None => "Name the id of a thing in this file.".to_owned(),
            };
            check.error(&at, format!("the parent {parent} does not exist"), hint);
            continue;
        }
        let mut passed = BTreeSet::from([thing.id.as_str()]);
        let mut above = Some(parent);
        while let Some(id) = above {
            if !passed.insert(id) {
                if id == thing.id {
                    check.error(&at, format!("{} is its own ancestor", thing.id), "Break the circle of parents.");
                }
                break;
            }
            above = parents.get(id).copied().flatten();
        }
    }
}

fn types(check: &mut Check<'_>) {
    let library = check.types();
    for (at, thing) in check.things() {
        if !library.interfaces.contains_key(&thing.type_) {
            let hint = match Check::did_you_mean(&thing.type_, library.interfaces.keys().map(String::as_str)) {
                Some(name) => format!("Did you mean {name}?"),
                None => "Name an interface of one of the files in \"models\".".to_owned(),
            };
            check.error(&format!("{at}/type"), format!("the type {} of {} cannot be reached", thing.type_, thing.id), hint);
        }
    }
    for (dtmi, interface) in &library.interfaces {
        for base in &interface.extends {
            if !library.interfaces.contains_key(base) {
                let message = format!("the type {dtmi} extends {base}, which cannot be reached");
                check.error("/models", message, "Add the file that defines it to \"models\".");
            }
        }
        if extends_itself(library, dtmi) {
            check.error("/models", format!("the type {dtmi} extends itself"), "Break the circle of \"extends\".");
        }
    }
}

fn extends_itself(library: &super::TypeLibrary, dtmi: &str) -> bool {
    let mut passed = BTreeSet::new();
    let mut open: Vec<&str> = library.interfaces[dtmi].extends.iter().map(String::as_str).collect();
    while let Some(base) = open.pop() {
        if base == dtmi {
            return true;
        }
        if passed.insert(base)
            && let Some(interface) = library.interfaces.get(base)
        {
            open.extend(interface.extends.iter().map(String::as_str));
        }
    }
    false
}
