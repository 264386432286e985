//! Formulas in a plant file: derived signals, causes of interlocks, conditions of sequences.
//!
//! ```text
//! LT-101 > 90 and not (XS-101A == 2)         clamp((LT-201 - 5) / 5, 0, 1)
//! if(FT-101 > 1, v-101.level_m, 0) ^ 2        (0.5 + sign(PT-302 - 4)) * 1e3
//! ```
//!
//! - A name is a tag or a point: letters, digits, `_ . / -`, beginning with a letter, `_` or `.`. A `-` between two letters or
//!   digits belongs to the name; put blanks around a minus sign.
//! - In order of binding: `^`; `-` and `not` before one operand; `*` `/`; `+` `-`; `<` `<=` `>` `>=` `==` `!=`; `and`; `or`.
//! - What is true is 1, what is not is 0, and every number above a half counts as true.
//! - `abs sqrt exp ln log10 sign`, `min max` of two or more, `clamp(x, low, high)`, `if(condition, then, else)`. Both branches
//!   of `if` are computed.
//! - `none` is no number: what drives nothing.
//! - Dividing by zero gives no number, and so does every sum, `min`, `max` and `clamp` with it; comparisons with it are false,
//!   and so `not` of one is true.
//!
//! A formula becomes a list of steps on a small stack: no allocation, the same bits everywhere.

mod parse;
mod program;
#[cfg(test)]
mod tests;

pub use program::Program;

/// Values a formula may have to remember at once.
const DEEPEST: usize = 24;

/// What is wrong with a formula.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} at character {position}")]
pub struct ExpressionError {
    /// Character it is about, the first is 1.
    pub position: usize,
    /// What is wrong.
    pub message: String,
}

/// A formula with the names it reads.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression {
    steps: Vec<Step>,
    names: Vec<String>,
}

/// One step on the stack.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Step {
    Number(f64),
    /// The value of a name: its place among the names, later among the points.
    Read(usize),
    One(One),
    Two(Two),
    /// Condition, then, else.
    If,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum One {
    Minus,
    Not,
    Abs,
    Sqrt,
    Exp,
    Ln,
    Log10,
    Sign,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Two {
    Plus,
    Minus,
    Times,
    Over,
    Power,
    Less,
    LessOrEqual,
    More,
    MoreOrEqual,
    Equal,
    Different,
    And,
    Or,
    Min,
    Max,
}

/// Whether a value counts as true.
pub fn is_true(value: f64) -> bool {
    value > 0.5
}

fn truth(holds: bool) -> f64 {
    if holds { 1.0 } else { 0.0 }
}

impl Expression {
    /// Reads a formula.
    ///
    /// # Errors
    /// Says what is wrong and at which character.
    pub fn parse(text: &str) -> Result<Self, ExpressionError> {
        parse::parse(text)
    }

    /// Names it reads, each once, in the order in which they appear.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Looks its names up.
    ///
    /// # Errors
    /// The first name that nobody knows.
    pub fn compile(&self, mut resolve: impl FnMut(&str) -> Option<usize>) -> Result<Program, String> {
        let mut reads = Vec::with_capacity(self.names.len());
        for name in &self.names {
            reads.push(resolve(name).ok_or_else(|| name.clone())?);
        }
        Ok(Program::new(&self.steps, reads))
    }
}

impl One {
    fn of(self, value: f64) -> f64 {
        match self {
            Self::Minus => -value,
            Self::Not => truth(!is_true(value)),
            Self::Abs => value.abs(),
            Self::Sqrt => value.sqrt(),
            Self::Exp => libm::exp(value),
            Self::Ln => libm::log(value),
            Self::Log10 => libm::log10(value),
            Self::Sign if value > 0.0 => 1.0,
            Self::Sign if value < 0.0 => -1.0,
            Self::Sign => 0.0 * value,
        }
    }
}

impl Two {
    fn of(self, a: f64, b: f64) -> f64 {
        match self {
            Self::Plus => a + b,
            Self::Minus => a - b,
            Self::Times => a * b,
            Self::Over if b == 0.0 => f64::NAN,
            Self::Over => a / b,
            Self::Power => libm::pow(a, b),
            Self::Less => truth(a < b),
            Self::LessOrEqual => truth(a <= b),
            Self::More => truth(a > b),
            Self::MoreOrEqual => truth(a >= b),
            Self::Equal => truth(a == b),
            Self::Different => truth(a.partial_cmp(&b).is_some_and(core::cmp::Ordering::is_ne)),
            Self::And => truth(is_true(a) && is_true(b)),
            Self::Or => truth(is_true(a) || is_true(b)),
            // With what is not a number there is no smallest and no largest, in whichever order they stand.
            Self::Min if b < a || b.is_nan() => b,
            Self::Max if b > a || b.is_nan() => b,
            Self::Min | Self::Max => a,
        }
    }
}
