//! The text of an `.inp` file as sections of lines of words.

use super::log::{Fault, Log};
use std::str::FromStr;

/// Longer texts are no network file: a million pipes fit in.
const MAX_TEXT: usize = 64 << 20;
/// EPANET reads at most this many bytes of a line.
const MAX_LINE: usize = 1024;
/// EPANET reads at most this many words of a line.
const MAX_WORDS: usize = 40;
/// Numbers beyond this are mistakes: no network is that large, and products of them would overflow.
const MAX_NUMBER: f64 = 1e20;
/// Numbers closer to zero than this are zero: quotients by them would overflow.
const LEAST_NUMBER: f64 = 1e-20;

/// A section of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    Title,
    Junctions,
    Reservoirs,
    Tanks,
    Pipes,
    Pumps,
    Valves,
    Controls,
    Rules,
    Demands,
    Sources,
    Emitters,
    Patterns,
    Curves,
    Quality,
    Status,
    Roughness,
    Energy,
    Reactions,
    Mixing,
    Report,
    Times,
    Options,
    Coordinates,
    Vertices,
    Labels,
    Backdrop,
    Tags,
    Leakage,
    End,
}

impl Section {
    const ALL: [Self; 30] = [
        Self::Title,
        Self::Junctions,
        Self::Reservoirs,
        Self::Tanks,
        Self::Pipes,
        Self::Pumps,
        Self::Valves,
        Self::Controls,
        Self::Rules,
        Self::Demands,
        Self::Sources,
        Self::Emitters,
        Self::Patterns,
        Self::Curves,
        Self::Quality,
        Self::Status,
        Self::Roughness,
        Self::Energy,
        Self::Reactions,
        Self::Mixing,
        Self::Report,
        Self::Times,
        Self::Options,
        Self::Coordinates,
        Self::Vertices,
        Self::Labels,
        Self::Backdrop,
        Self::Tags,
        Self::Leakage,
        Self::End,
    ];

    /// Name in the file, without brackets.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Title => "TITLE",
            Self::Junctions => "JUNCTIONS",
            Self::Reservoirs => "RESERVOIRS",
            Self::Tanks => "TANKS",
            Self::Pipes => "PIPES",
            Self::Pumps => "PUMPS",
            Self::Valves => "VALVES",
            Self::Controls => "CONTROLS",
            Self::Rules => "RULES",
            Self::Demands => "DEMANDS",
            Self::Sources => "SOURCES",
            Self::Emitters => "EMITTERS",
            Self::Patterns => "PATTERNS",
            Self::Curves => "CURVES",
            Self::Quality => "QUALITY",
            Self::Status => "STATUS",
            Self::Roughness => "ROUGHNESS",
            Self::Energy => "ENERGY",
            Self::Reactions => "REACTIONS",
            Self::Mixing => "MIXING",
            Self::Report => "REPORT",
            Self::Times => "TIMES",
            Self::Options => "OPTIONS",
            Self::Coordinates => "COORDINATES",
            Self::Vertices => "VERTICES",
            Self::Labels => "LABELS",
            Self::Backdrop => "BACKDROP",
            Self::Tags => "TAGS",
            Self::Leakage => "LEAKAGE",
            Self::End => "END",
        }
    }

    /// The section of a heading. Its first four letters decide (user manual, appendix C.2).
    fn of_heading(heading: &str) -> Option<Self> {
        let word = heading.trim_start_matches('[').trim_end_matches(']');
        Self::ALL.into_iter().find(|section| starts(word, section.name().get(..4).unwrap_or(section.name())))
    }
}

/// A line with something in it.
pub(super) struct Line<'a> {
    /// Number in the file, from 1.
    pub(super) number: u32,
    /// Section it stands in.
    pub(super) section: Section,
    /// Whole line without its end.
    pub(super) text: &'a str,
    /// Words before the comment, at least one.
    pub(super) words: Vec<&'a str>,
    /// What follows the first semicolon, trimmed.
    pub(super) comment: &'a str,
}

impl<'a> Line<'a> {
    /// The word at a place.
    pub(super) fn word(&self, at: usize) -> Option<&'a str> {
        self.words.get(at).copied()
    }

    /// The word at a place, or the complaint that `what` is missing.
    pub(super) fn need(&self, at: usize, what: &str) -> Result<&'a str, Fault> {
        self.word(at)
            .ok_or_else(|| Fault::new(format!("{what} is missing"), format!("add {what} as item {} of the line", at.saturating_add(1))))
    }

    /// The number at a place.
    pub(super) fn number(&self, at: usize, what: &str) -> Result<f64, Fault> {
        number(self.need(at, what)?, what)
    }

    /// The number at a place, or `default` when the line is shorter.
    pub(super) fn number_or(&self, at: usize, what: &str, default: f64) -> Result<f64, Fault> {
        self.word(at).map_or(Ok(default), |word| number(word, what))
    }

    /// The first word, which is never missing.
    pub(super) fn first(&self) -> &'a str {
        self.words.first().copied().unwrap_or_default()
    }
}

/// True when a word begins with a keyword, whatever the case: EPANET's way to recognise every word.
pub(super) fn starts(word: &str, keyword: &str) -> bool {
    word.as_bytes().get(..keyword.len()).is_some_and(|head| head.eq_ignore_ascii_case(keyword.as_bytes()))
}

/// A finite number of sensible size; the tiniest are 0.
pub(super) fn number(word: &str, what: &str) -> Result<f64, Fault> {
    match f64::from_str(word) {
        Ok(value) if value.abs() < LEAST_NUMBER => Ok(0.0),
        Ok(value) if value.abs() <= MAX_NUMBER => Ok(value),
        Ok(_) => Err(Fault::new(format!("{what} '{}' is not a finite number of sensible size", shown(word)), "write a number below 1e20")),
        Err(_) => Err(Fault::new(format!("{what} '{}' is not a number", shown(word)), "write a number such as 12.5")),
    }
}

/// A number > 0.
pub(super) fn positive(value: f64, what: &str) -> Result<f64, Fault> {
    if value > 0.0 {
        return Ok(value);
    }
    Err(Fault::new(format!("{what} is {value}, but has to be greater than 0"), format!("give the {what} of the real part")))
}

/// A number ≥ 0.
pub(super) fn not_negative(value: f64, what: &str) -> Result<f64, Fault> {
    if value >= 0.0 {
        return Ok(value);
    }
    Err(Fault::new(format!("{what} is {value}, but cannot be negative"), format!("give a {what} of 0 or more")))
}

/// A word of the file as a message shows it: never longer than 40 characters.
pub(super) fn shown(word: &str) -> String {
    const SHOWN: usize = 40;
    if word.chars().nth(SHOWN).is_none() {
        return word.to_owned();
    }
    word.chars().take(SHOWN).chain(['…']).collect()
}

/// The lines of all sections in file order, up to `[END]`.
pub(super) fn split<'a>(text: &'a str, log: &mut Log) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    if text.len() > MAX_TEXT {
        let message = format!("the file has {} bytes, at most {MAX_TEXT} are read", text.len());
        log.error_of_network(Fault::new(message, "check that this is a network file, or split the network"));
        return lines;
    }
    let mut section = None;
    for (number, raw) in (1_u32..).zip(text.split('\n')) {
        let raw = raw.trim_end_matches('\r');
        let raw = if number == 1 { raw.trim_start_matches('\u{feff}') } else { raw };
        let (data, comment) = raw.split_once(';').unwrap_or((raw, ""));
        let words = words(data);
        let Some(&first) = words.first() else { continue };
        if first.starts_with('[') {
            section = Section::of_heading(first);
            match section {
                Some(Section::End) => break,
                Some(_) => {}
                None => unknown_section(first, number, log),
            }
            continue;
        }
        let Some(section) = section else { continue };
        check_size(data, &words, section, number, log);
        let words = words.into_iter().take(MAX_WORDS).collect();
        lines.push(Line { number, section, text: raw, words, comment: comment.trim() });
    }
    lines
}

/// Cuts a line into words at blanks, up to one more than EPANET reads; text in double quotes is one word.
fn words(data: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = data.trim_ascii_start();
    while !rest.is_empty() && words.len() <= MAX_WORDS {
        let (word, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => rest.split_once(|c: char| c.is_ascii_whitespace()).unwrap_or((rest, "")),
        };
        words.push(word);
        rest = after.trim_ascii_start();
    }
    words
}

fn check_size(data: &str, words: &[&str], section: Section, number: u32, log: &mut Log) {
    if section == Section::Title {
        return;
    }
    if data.trim_end().len() > MAX_LINE {
        let fault = Fault::new(
            format!("the line has {} characters, EPANET reads at most {MAX_LINE}", data.trim_end().len()),
            "break the line; patterns and curves go on with the same id on the next line",
        );
        log.error(section, number, fault);
    } else if words.len() > MAX_WORDS {
        let fault = Fault::new(
            format!("the line has more than {MAX_WORDS} items, EPANET reads only the first {MAX_WORDS}; the others were ignored"),
            "break the line; patterns go on with the same id on the next line",
        );
        log.warning(section, number, fault);
    }
}

fn unknown_section(heading: &str, number: u32, log: &mut Log) {
    let fault = Fault::new(
        format!("there is no section '{}'; what stands in it was ignored", shown(heading)),
        "check the spelling, for example [JUNCTIONS]; EPANET refuses a file with such a section",
    );
    log.warning_anywhere(number, fault);
}
