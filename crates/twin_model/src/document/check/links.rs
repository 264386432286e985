//! What names something else: relationships, documents, key signals.

use super::Check;
use crate::document::FileSet;
use crate::document::load::file_problem;
use std::collections::BTreeSet;

pub(super) fn check(check: &mut Check<'_>, files: &FileSet<'_>) {
    let ids: BTreeSet<&str> = check.document().things.iter().map(|thing| thing.id.as_str()).collect();
    for (index, relationship) in check.document().relationships.iter().enumerate() {
        for (name, id) in [("from", &relationship.from), ("to", &relationship.to)] {
            if !ids.contains(id.as_str()) {
                let hint = match Check::did_you_mean(id, ids.iter().copied()) {
                    Some(known) => format!("Did you mean {known}?"),
                    None => "Name the id of a thing in this file.".to_owned(),
                };
                check.error(&format!("/relationships/{index}/{name}"), format!("the thing {id} does not exist"), hint);
            }
        }
    }
    for (at, thing) in check.things() {
        for (index, link) in thing.documents.iter().enumerate() {
            if let Err(fault) = files.size(&link.path) {
                let problem = file_problem(&check.twin.file, &format!("{at}/documents/{index}/path"), &fault);
                check.problems.push(problem);
            }
        }
    }
    for (index, tag) in check.document().key_signals.iter().enumerate() {
        check.signal_exists(tag, &format!("/key_signals/{index}"));
    }
}
