//! Numbers of twice the length, as an exact sum of two `f64`: for tables that have to be right to the last digit.
//!
//! T. J. Dekker, "A floating-point technique for extending the available precision", Numer. Math. 18 (1971).

/// `high + low`, with `low` below the last digit of `high`: about 31 digits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Wide {
    pub high: f64,
    pub low: f64,
}

impl Wide {
    pub const ONE: Self = Self { high: 1.0, low: 0.0 };

    /// Sum of two numbers.
    pub fn sum(a: f64, b: f64) -> Self {
        let high = a + b;
        let part = high - a;
        Self { high, low: (a - (high - part)) + (b - part) }
    }

    /// Quotient of two numbers.
    pub fn quotient(a: f64, b: f64) -> Self {
        Self { high: a, low: 0.0 }.over(b)
    }

    fn product(a: f64, b: f64) -> Self {
        let high = a * b;
        let ((a, more_a), (b, more_b)) = (halves(a), halves(b));
        Self { high, low: ((a * b - high) + a * more_b + more_a * b) + more_a * more_b }
    }

    pub fn plus(self, other: Self) -> Self {
        let sum = Self::sum(self.high, other.high);
        Self::sum(sum.high, sum.low + (self.low + other.low))
    }

    pub fn times(self, other: Self) -> Self {
        let product = Self::product(self.high, other.high);
        Self::sum(product.high, product.low + (self.high * other.low + self.low * other.high))
    }

    pub fn over(self, divisor: f64) -> Self {
        let first = self.high / divisor;
        let back = Self::product(first, divisor);
        Self::sum(first, (((self.high - back.high) - back.low) + self.low) / divisor)
    }

    /// One over it.
    pub fn inverse(self) -> Self {
        let first = 1.0 / self.high;
        let back = self.times(Self { high: first, low: 0.0 });
        Self::sum(first, first * ((1.0 - back.high) - back.low))
    }

    /// As a number of 26 binary digits, whose products with its like are exact, and the rest.
    pub fn halved(self) -> [f64; 2] {
        let (half, rest) = halves(self.high);
        [half, rest + self.low]
    }
}

/// The upper 26 binary digits, and what is left.
fn halves(value: f64) -> (f64, f64) {
    const SPLIT: f64 = 134_217_729.0;
    let scaled = SPLIT * value;
    let high = scaled - (scaled - value);
    (high, value - high)
}
