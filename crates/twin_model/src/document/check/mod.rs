//! What can be wrong with a plant, all found together. Positions are those of the typed document; loading turns them into
//! positions in the file.

mod alarms;
mod links;
mod scenes;
mod signals;
mod sources;
mod things;

use super::load::TwinDocument;
use super::{FORMAT_VERSION, FileSet, PlantDocument, ThingDocument, TypeLibrary};
use crate::{Plant, Problem};

/// Most signals a plant may have.
pub const MAX_SIGNALS: usize = 50_000;

/// Checks everything that needs more than one member to judge.
pub(crate) fn check_document(twin: &TwinDocument, files: &FileSet<'_>, problems: &mut Vec<Problem>) {
    let (plant, mut unresolved) = Plant::build(twin.document.clone(), &twin.types);
    for problem in &mut unresolved {
        problem.file.clone_from(&twin.file);
    }
    problems.append(&mut unresolved);
    let mut check = Check { twin, plant: &plant, problems };
    check.version();
    things::check(&mut check);
    signals::check(&mut check);
    sources::check(&mut check);
    alarms::check(&mut check);
    links::check(&mut check, files);
    scenes::check(&mut check);
}

/// A document under check.
pub(super) struct Check<'a> {
    twin: &'a TwinDocument,
    plant: &'a Plant,
    problems: &'a mut Vec<Problem>,
}

impl<'a> Check<'a> {
    fn document(&self) -> &'a PlantDocument {
        &self.twin.document
    }

    fn types(&self) -> &'a TypeLibrary {
        &self.twin.types
    }

    fn things(&self) -> impl Iterator<Item = (String, &'a ThingDocument)> + use<'a> {
        self.twin.document.things.iter().enumerate().map(|(index, thing)| (format!("/things/{index}"), thing))
    }

    fn error(&mut self, pointer: &str, message: impl Into<String>, hint: impl Into<String>) {
        self.problems.push(Problem::error(&self.twin.file, pointer, message, hint));
    }

    fn warning(&mut self, pointer: &str, message: impl Into<String>, hint: impl Into<String>) {
        self.problems.push(Problem::warning(&self.twin.file, pointer, message, hint));
    }

    fn version(&mut self) {
        let version = self.document().format_version.as_str();
        let hint = format!("This program writes version {FORMAT_VERSION}.");
        let number =
            |text: &str| text.split_once('.').and_then(|(major, minor)| Some((major.parse::<u32>().ok()?, minor.parse::<u32>().ok()?)));
        match (number(version), number(FORMAT_VERSION)) {
            (Some(found), Some(own)) if found == own => {}
            (Some(found), Some(own)) if found.0 == own.0 => {
                self.warning(
                    "/format_version",
                    format!("the file has format version {version}; members this program does not know are kept and ignored"),
                    hint,
                );
            }
            (Some(_), _) => self.error("/format_version", format!("format version {version} is unknown"), hint),
            _ => self.error(
                "/format_version",
                format!("\"{version}\" is no format version"),
                format!("Write \"format_version\": \"{FORMAT_VERSION}\"."),
            ),
        }
    }

    /// The hint that names what was probably meant.
    fn did_you_mean<'b>(wanted: &str, known: impl Iterator<Item = &'b str>) -> Option<&'b str> {
        let lower = wanted.to_lowercase();
        known
            .filter(|name| name.len().abs_diff(wanted.len()) <= 4)
            .map(|name| (distance(&lower, &name.to_lowercase()), name))
            .filter(|(distance, name)| *distance <= 2 && *distance * 3 < name.chars().count().max(3))
            .min_by_key(|(distance, _)| *distance)
            .map(|(_, name)| name)
    }
}

/// Edit distance of two short texts.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().take(64).enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}
