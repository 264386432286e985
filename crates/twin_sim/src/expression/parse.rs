//! From text to steps, by recursive descent.

use super::{DEEPEST, Expression, ExpressionError, One, Step, Two};

/// Parentheses and operators before an operand that may stand in one another.
const MOST_NESTED: usize = 64;

pub(super) fn parse(text: &str) -> Result<Expression, ExpressionError> {
    let mut parser = Parser { text: text.char_indices().collect(), at: 0, steps: Vec::new(), names: Vec::new(), height: 0, nested: 0 };
    parser.or()?;
    parser.skip_blanks();
    match parser.peek() {
        None => Ok(Expression { steps: parser.steps, names: parser.names }),
        Some(other) => Err(parser.error(format!("'{other}' does not belong here"))),
    }
}

struct Parser {
    text: Vec<(usize, char)>,
    at: usize,
    steps: Vec<Step>,
    names: Vec<String>,
    height: usize,
    nested: usize,
}

type Parsed = Result<(), ExpressionError>;

fn is_in_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '/')
}

impl Parser {
    fn error(&self, message: String) -> ExpressionError {
        ExpressionError { position: self.at + 1, message }
    }

    fn peek(&self) -> Option<char> {
        self.text.get(self.at).map(|(_, c)| *c)
    }

    fn after(&self, offset: usize) -> Option<char> {
        self.text.get(self.at + offset).map(|(_, c)| *c)
    }

    fn skip_blanks(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    fn push(&mut self, step: Step, operands: usize) -> Parsed {
        self.height = self.height + 1 - operands;
        if self.height > DEEPEST {
            return Err(self.error("the formula has to remember too much at once: split it".to_owned()));
        }
        self.steps.push(step);
        Ok(())
    }

    /// Takes a sign if it is next.
    fn take(&mut self, sign: &str) -> bool {
        self.skip_blanks();
        let matches = sign.chars().enumerate().all(|(offset, c)| self.after(offset) == Some(c));
        if matches {
            self.at += sign.chars().count();
        }
        matches
    }

    /// Takes a word if it is next and ends there.
    fn take_word(&mut self, word: &str) -> bool {
        self.skip_blanks();
        let start = self.at;
        if self.take(word) && !self.peek().is_some_and(|c| is_in_name(c) || c == '-') {
            return true;
        }
        self.at = start;
        false
    }

    fn nest(&mut self, inner: impl FnOnce(&mut Self) -> Parsed) -> Parsed {
        self.nested += 1;
        if self.nested > MOST_NESTED {
            return Err(self.error("the formula is nested too deeply".to_owned()));
        }
        inner(self)?;
        self.nested -= 1;
        Ok(())
    }

    fn or(&mut self) -> Parsed {
        self.and()?;
        while self.take_word("or") {
            self.and()?;
            self.push(Step::Two(Two::Or), 2)?;
        }
        Ok(())
    }

    fn and(&mut self) -> Parsed {
        self.comparison()?;
        while self.take_word("and") {
            self.comparison()?;
            self.push(Step::Two(Two::And), 2)?;
        }
        Ok(())
    }

    fn comparison(&mut self) -> Parsed {
        const SIGNS: [(&str, Two); 6] = [
            ("<=", Two::LessOrEqual),
            (">=", Two::MoreOrEqual),
            ("==", Two::Equal),
            ("!=", Two::Different),
            ("<", Two::Less),
            (">", Two::More),
        ];
        self.sum()?;
        let Some((_, two)) = SIGNS.into_iter().find(|(sign, _)| self.take(sign)) else { return Ok(()) };
        self.sum()?;
        self.push(Step::Two(two), 2)?;
        if SIGNS.into_iter().any(|(sign, _)| self.take(sign)) {
            return Err(self.error("comparisons cannot be chained: join two of them with and".to_owned()));
        }
        Ok(())
    }

    fn sum(&mut self) -> Parsed {
        self.product()?;
        loop {
            let two = if self.take("+") {
                Two::Plus
            } else if self.take("-") {
                Two::Minus
            } else {
                return Ok(());
            };
            self.product()?;
            self.push(Step::Two(two), 2)?;
        }
    }

    fn product(&mut self) -> Parsed {
        self.signed()?;
        loop {
            let two = if self.take("*") {
                Two::Times
            } else if self.take("/") {
                Two::Over
            } else {
                return Ok(());
            };
            self.signed()?;
            self.push(Step::Two(two), 2)?;
        }
    }

    fn signed(&mut self) -> Parsed {
        let one = if self.take("-") {
            One::Minus
        } else if self.take_word("not") {
            One::Not
        } else {
            return self.power();
        };
        // `not` reaches over a comparison: not a > b means not (a > b).
        self.nest(|parser| if one == One::Not { parser.comparison() } else { parser.signed() })?;
        self.push(Step::One(one), 1)
    }

    fn power(&mut self) -> Parsed {
        self.operand()?;
        if self.take("^") {
            self.nest(Self::signed)?;
            self.push(Step::Two(Two::Power), 2)?;
        }
        Ok(())
    }

    fn operand(&mut self) -> Parsed {
        self.skip_blanks();
        match self.peek() {
            Some('(') => {
                self.at += 1;
                self.nest(Self::or)?;
                self.close()
            }
            Some(c) if c.is_ascii_digit() || (c == '.' && self.after(1).is_some_and(|c| c.is_ascii_digit())) => self.number(),
            Some(c) if is_in_name(c) && c != '/' => self.name_or_function(),
            Some(c) => Err(self.error(format!("a number, a name or a parenthesis is missing before '{c}'"))),
            None => Err(self.error("a number, a name or a parenthesis is missing".to_owned())),
        }
    }

    fn close(&mut self) -> Parsed {
        if self.take(")") { Ok(()) } else { Err(self.error("a closing parenthesis is missing".to_owned())) }
    }

    fn number(&mut self) -> Parsed {
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_digit() || c == '.') {
            self.at += 1;
        }
        if matches!(self.peek(), Some('e' | 'E')) {
            let sign = usize::from(matches!(self.after(1), Some('+' | '-')));
            if self.after(1 + sign).is_some_and(|c| c.is_ascii_digit()) {
                self.at += 1 + sign;
                while self.peek().is_some_and(|c| c.is_ascii_digit()) {
                    self.at += 1;
                }
            }
        }
        let text: String = self.text[start..self.at].iter().map(|(_, c)| *c).collect();
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() && !self.peek().is_some_and(char::is_alphabetic) => self.push(Step::Number(number), 0),
            _ => {
                self.at = start;
                Err(self.error(format!("{text} is not a number")))
            }
        }
    }

    fn name_or_function(&mut self) -> Parsed {
        let start = self.at;
        while let Some(c) = self.peek() {
            let joins = c == '-' && self.at > start && self.after(1).is_some_and(char::is_alphanumeric);
            if !is_in_name(c) && !joins {
                break;
            }
            self.at += 1;
        }
        let name: String = self.text[start..self.at].iter().map(|(_, c)| *c).collect();
        if self.peek() == Some('(') {
            self.at += 1;
            return self.function(&name, start);
        }
        if name == "none" {
            return self.push(Step::Number(f64::NAN), 0);
        }
        let place = self.names.iter().position(|known| *known == name).unwrap_or_else(|| {
            self.names.push(name);
            self.names.len() - 1
        });
        self.push(Step::Read(place), 0)
    }

    fn function(&mut self, name: &str, start: usize) -> Parsed {
        let ones = [("abs", One::Abs), ("sqrt", One::Sqrt), ("exp", One::Exp), ("ln", One::Ln), ("log10", One::Log10), ("sign", One::Sign)];
        let one = ones.into_iter().find(|(known, _)| *known == name).map(|(_, one)| one);
        let folds = match name {
            "min" => Some(Two::Min),
            "max" => Some(Two::Max),
            _ => None,
        };
        let mut arguments = 0;
        loop {
            self.nest(Self::or)?;
            arguments += 1;
            match (folds, name, arguments) {
                (Some(two), _, 2..) => self.push(Step::Two(two), 2)?,
                (_, "clamp", 2) => self.push(Step::Two(Two::Max), 2)?,
                (_, "clamp", 3) => self.push(Step::Two(Two::Min), 2)?,
                _ => {}
            }
            if !self.take(",") {
                break;
            }
        }
        self.close()?;
        let wanted = |right: bool, step: Option<(Step, usize)>, parser: &mut Self| match (right, step) {
            (true, Some((step, operands))) => parser.push(step, operands),
            (true, None) => Ok(()),
            (false, _) => {
                parser.at = start;
                Err(parser.error(format!("{name} does not take {arguments} values")))
            }
        };
        match (one, folds, name) {
            (Some(one), _, _) => wanted(arguments == 1, Some((Step::One(one), 1)), self),
            (_, Some(_), _) => wanted(arguments >= 2, None, self),
            (_, _, "clamp") => wanted(arguments == 3, None, self),
            (_, _, "if") => wanted(arguments == 3, Some((Step::If, 3)), self),
            _ => {
                self.at = start;
                Err(self.error(format!("there is no function {name}")))
            }
        }
    }
}
