//! Rust source text with everything blanked out that is not code.
//!
//! Scans for forbidden words would otherwise stumble over documentation and test data. Positions stay: a blanked
//! character becomes a space, a line break stays one.

/// Code only: comments and the contents of strings and characters become spaces.
pub fn code_only(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut code = String::with_capacity(text.len());
    let mut at = 0;
    while at < letters.len() {
        let end = end_of_non_code(&letters, at);
        if end == at {
            code.push(letters[at]);
            at += 1;
        } else {
            code.extend(letters[at..end].iter().map(|&letter| blank(letter)));
            at = end;
        }
    }
    code
}

/// Code without modules and functions behind `#[cfg(test)]`; takes what [`code_only`] returns.
pub fn without_tests(code: &str) -> String {
    const ATTRIBUTE: &str = "#[cfg(test)]";
    let mut rest = code;
    let mut kept = String::with_capacity(code.len());
    while let Some(start) = rest.find(ATTRIBUTE) {
        let end = start + end_of_item(&rest[start..]);
        kept.push_str(&rest[..start]);
        kept.extend(rest[start..end].chars().map(blank));
        rest = &rest[end..];
    }
    kept.push_str(rest);
    kept
}

/// Byte length of the item at the start: up to its closing brace, or to its semicolon.
fn end_of_item(code: &str) -> usize {
    let mut depth = 0usize;
    for (at, letter) in code.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth <= 1 => return at + 1,
            '}' => depth -= 1,
            ';' if depth == 0 => return at + 1,
            _ => {}
        }
    }
    code.len()
}

fn blank(letter: char) -> char {
    if letter == '\n' { '\n' } else { ' ' }
}

/// Where the comment or literal that starts at `at` ends; `at` itself when none starts there.
fn end_of_non_code(letters: &[char], at: usize) -> usize {
    let next = letters.get(at + 1).copied();
    match letters[at] {
        '/' if next == Some('/') => find(letters, at, |rest| rest[0] == '\n').unwrap_or(letters.len()),
        '/' if next == Some('*') => end_of_block_comment(letters, at),
        '"' => end_of_string(letters, at),
        '\'' => end_of_character(letters, at),
        'r' if !follows_a_word(letters, at) => end_of_raw_string(letters, at, at + 1),
        'b' | 'c' if next == Some('r') && !follows_a_word(letters, at) => end_of_raw_string(letters, at, at + 2),
        _ => at,
    }
}

/// `for` ends in r, `abr#` is no string prefix. Of `br"…"` only the first letter starts one.
fn follows_a_word(letters: &[char], at: usize) -> bool {
    at > 0 && (letters[at - 1].is_alphanumeric() || letters[at - 1] == '_')
}

fn find(letters: &[char], from: usize, is_it: impl Fn(&[char]) -> bool) -> Option<usize> {
    (from..letters.len()).find(|&at| is_it(&letters[at..]))
}

fn end_of_block_comment(letters: &[char], start: usize) -> usize {
    let mut depth = 0usize;
    let mut at = start;
    while at < letters.len() {
        match letters[at..] {
            ['/', '*', ..] => {
                depth += 1;
                at += 2;
            }
            ['*', '/', ..] => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    letters.len()
}

fn end_of_string(letters: &[char], start: usize) -> usize {
    let mut at = start + 1;
    while at < letters.len() {
        match letters[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    letters.len()
}

/// A character, not a lifetime: it has a closing quote after one letter or one escape.
fn end_of_character(letters: &[char], start: usize) -> usize {
    match letters[start + 1..] {
        // The letter after the backslash may itself be a quote.
        ['\\', _, ..] => find(letters, start + 3, |rest| rest[0] == '\'').map_or(letters.len(), |quote| quote + 1),
        [_, '\'', ..] => start + 3,
        _ => start,
    }
}

/// A raw string whose hashes start at `hashes`; `start` when it is none (a raw identifier, a variable `r`).
fn end_of_raw_string(letters: &[char], start: usize, hashes: usize) -> usize {
    let quote = find(letters, hashes, |rest| rest[0] != '#').unwrap_or(letters.len());
    if letters.get(quote) != Some(&'"') {
        return start;
    }
    let mut closing = vec!['"'];
    closing.resize(1 + quote - hashes, '#');
    find(letters, quote + 1, |rest| rest.starts_with(&closing)).map_or(letters.len(), |end| end + closing.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_literals_vanish_and_code_stays_where_it_was() {
        let cases = [
            ("a // b\nc", "a\nc"),
            ("a /* b /* c */ d */ e", "a e"),
            (r#"f("x \" y") g"#, "f( ) g"),
            (r##"f(r#"x " y"#) g"##, "f( ) g"),
            ("f(br\"x\") g", "f( ) g"),
            (r"f('\'', '\\', 'x', '\u{41}') g", "f( , , , ) g"),
            ("fn f<'a>(x: &'a str) {}", "fn f<'a>(x: &'a str) {}"),
            ("let r = for_r; r#type", "let r = for_r; r#type"),
            ("\"never closed", ""),
        ];
        let squeezed = |text: &str| -> String {
            let lines: Vec<String> = text.split('\n').map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
            lines.join("\n")
        };
        for (text, expected) in cases {
            let code = code_only(text);
            assert_eq!(code.chars().count(), text.chars().count(), "{text}");
            assert_eq!(squeezed(&code), expected, "{text}");
        }
    }

    #[test]
    fn test_modules_vanish_and_what_follows_them_stays() {
        let code = "fn a() {}\n#[cfg(test)]\nmod tests { fn b() { {} } }\n#[cfg(test)]\nmod more;\nfn c() {}";
        let kept = without_tests(code);
        assert_eq!(kept.len(), code.len());
        assert!(kept.contains("fn a()") && kept.contains("fn c()"), "{kept}");
        assert!(!kept.contains("fn b()") && !kept.contains("more"), "{kept}");
    }
}
