//! Licence expressions in the SPDX syntax of `Cargo.toml`: `OR`, `AND`, `WITH`, parentheses, and the old slash for `OR`.

/// Whether the expression can be met with licences that `allowed` accepts.
///
/// `allowed` sees single licences, an exception included: `Apache-2.0 WITH LLVM-exception`.
///
/// # Errors
/// When the text is not such an expression.
pub fn is_met(expression: &str, allowed: &dyn Fn(&str) -> bool) -> Result<bool, String> {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let mut words = Words { words: spaced.split_whitespace().collect(), at: 0 };
    let met = any(&mut words, allowed);
    met.filter(|_| words.at == words.words.len()).ok_or_else(|| format!("`{expression}` is no licence expression"))
}

struct Words<'a> {
    words: Vec<&'a str>,
    at: usize,
}

impl<'a> Words<'a> {
    fn next(&mut self) -> Option<&'a str> {
        let word = self.words.get(self.at).copied();
        self.at += 1;
        word
    }

    fn accept(&mut self, word: &str) -> bool {
        let accepted = self.words.get(self.at) == Some(&word);
        self.at += usize::from(accepted);
        accepted
    }
}

type Allowed<'a> = &'a dyn Fn(&str) -> bool;

fn any(words: &mut Words, allowed: Allowed) -> Option<bool> {
    let mut met = all(words, allowed)?;
    while words.accept("OR") {
        met |= all(words, allowed)?;
    }
    Some(met)
}

fn all(words: &mut Words, allowed: Allowed) -> Option<bool> {
    let mut met = one(words, allowed)?;
    while words.accept("AND") {
        met &= one(words, allowed)?;
    }
    Some(met)
}

fn one(words: &mut Words, allowed: Allowed) -> Option<bool> {
    if words.accept("(") {
        let met = any(words, allowed)?;
        return words.accept(")").then_some(met);
    }
    let licence = words.next().filter(|word| is_id(word))?;
    if words.accept("WITH") {
        let exception = words.next().filter(|word| is_id(word))?;
        return Some(allowed(&format!("{licence} WITH {exception}")));
    }
    Some(allowed(licence))
}

fn is_id(word: &str) -> bool {
    let operator = matches!(word, "OR" | "AND" | "WITH");
    !operator && word.chars().all(|letter| letter.is_ascii_alphanumeric() || "-.+".contains(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn met(expression: &str) -> Result<bool, String> {
        let allowed = ["MIT", "ISC", "Apache-2.0", "Apache-2.0 WITH LLVM-exception"];
        is_met(expression, &|licence| allowed.contains(&licence))
    }

    #[test]
    fn a_choice_needs_one_and_a_sum_needs_all() {
        let cases = [
            ("MIT", true),
            ("GPL-3.0-only", false),
            ("GPL-2.0-only OR Apache-2.0", true),
            ("MIT/GPL-3.0-only", true),
            ("MIT AND GPL-3.0-only", false),
            ("(MIT OR Apache-2.0) AND ISC", true),
            ("(MIT OR Apache-2.0) AND OFL-1.1", false),
            // AND binds tighter than OR, WITH tighter than AND.
            ("GPL-3.0-only AND MIT OR ISC", true),
            ("ISC OR MIT AND GPL-3.0-only", true),
            ("Apache-2.0 WITH LLVM-exception AND MIT", true),
            ("MIT WITH LLVM-exception", false),
            ("((MIT))", true),
        ];
        for (expression, expected) in cases {
            assert_eq!(met(expression), Ok(expected), "{expression}");
        }
    }

    #[test]
    fn what_is_no_expression_is_refused_and_never_taken_for_allowed() {
        for text in ["", "MIT OR", "AND MIT", "(MIT", "MIT)", "MIT ISC", "MIT WITH", "see LICENSE, please"] {
            assert!(met(text).is_err(), "{text}");
        }
    }
}
