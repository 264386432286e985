//! The rules of a sequence, as a plant file writes them.

use crate::expression::Program;
use crate::flowsheet::Settings;

/// Names of the states.
#[derive(Debug)]
pub(super) struct States<'a>(&'a [String]);

/// Who takes a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trigger {
    /// The sequence, as soon as the rule applies.
    Itself,
    /// A person.
    Start,
    Stop,
    Hold,
    Reset,
}

/// A way from one place to another.
#[derive(Debug)]
pub(super) struct Rule {
    from: Vec<usize>,
    from_step: Option<usize>,
    pub to_state: usize,
    pub to_step: Option<usize>,
    pub on: Trigger,
    pub when: Option<Program>,
    pub for_secs: Option<f64>,
    pub after_secs: Option<f64>,
    pub otherwise: Option<String>,
}

impl<'a> States<'a> {
    pub fn new(names: &'a [String]) -> Result<Self, String> {
        let is_name = |name: &String| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
        match names.iter().find(|name| !is_name(name)) {
            Some(name) => Err(format!("states: '{name}' cannot be a state, write one word of letters and digits")),
            None if names.is_empty() => Err("states is missing".to_owned()),
            None => Ok(Self(names)),
        }
    }

    /// `STATE` or `STATE.step`.
    fn place(&self, text: &str, line: &str) -> Result<(usize, Option<usize>), String> {
        let (state, step) = text.split_once('.').map_or((text, None), |(state, step)| (state, Some(step)));
        let unknown = || format!("rules: there is no state {state} in: {line}");
        let number = self.0.iter().position(|known| known == state).ok_or_else(unknown)?;
        let step = match step {
            None | Some("*") => None,
            Some(step) => Some(step.parse().map_err(|_| format!("rules: {step} is no step in: {line}"))?),
        };
        Ok((number, step))
    }
}

impl Rule {
    pub fn parse(line: &str, states: &States, settings: &Settings) -> Result<Self, String> {
        let wrong = |what: &str| format!("rules: {what} in: {line}");
        let (from, rest) = line.split_once("->").ok_or_else(|| wrong("-> is missing"))?;
        let (to, mut rest) = rest.trim().split_once(' ').unwrap_or((rest.trim(), ""));
        let mut from_steps = Vec::new();
        let mut from_states = Vec::new();
        for place in from.split('|') {
            let (state, step) = states.place(place.trim(), line)?;
            from_states.push(state);
            from_steps.push(step);
        }
        let from_step = from_steps.first().copied().flatten();
        if from_steps.iter().any(|step| *step != from_step) {
            return Err(wrong("write one step for all states, or a rule for each"));
        }
        let (to_state, to_step) = states.place(to, line)?;
        let mut parts = [None; 5];
        // From the end, so that each word ends what stands before it.
        for (part, word) in parts.iter_mut().zip(["else ", "after ", "for ", "when ", "on "]) {
            if let Some(at) = find_word(rest, word) {
                *part = Some(rest[at + word.len()..].trim());
                rest = &rest[..at];
            }
        }
        if !rest.trim().is_empty() {
            return Err(wrong(&format!("'{}' means nothing", rest.trim())));
        }
        let [otherwise, after, held, when, on] = parts;
        let secs = |text: Option<&str>| text.map(|text| text.parse::<f64>().map_err(|_| wrong(&format!("{text} is no time")))).transpose();
        let on = match on {
            None => Trigger::Itself,
            Some("start") => Trigger::Start,
            Some("stop") => Trigger::Stop,
            Some("hold") => Trigger::Hold,
            Some("reset") => Trigger::Reset,
            Some(other) => return Err(wrong(&format!("{other} is no request"))),
        };
        let (for_secs, after_secs) = (secs(held)?, secs(after)?);
        if on == Trigger::Itself && when.is_none() && after_secs.is_none() {
            return Err(wrong("nothing says when"));
        }
        Ok(Self {
            from: from_states,
            from_step,
            to_state,
            to_step,
            on,
            when: when.map(|text| settings.program("rules", text)).transpose()?,
            for_secs,
            after_secs,
            otherwise: otherwise.map(str::to_owned),
        })
    }

    /// Whether it leads away from this state and step.
    pub fn leaves(&self, (state, step): (usize, usize)) -> bool {
        self.from.contains(&state) && self.from_step.is_none_or(|from| from == step)
    }
}

/// Where a word stands that begins the text or follows a blank.
fn find_word(text: &str, word: &str) -> Option<usize> {
    text.match_indices(word).map(|(at, _)| at).find(|&at| at == 0 || text[..at].ends_with(' '))
}
