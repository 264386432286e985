//! The symmetric system of the pressures.

/// Pattern of a symmetric positive definite matrix. Values live with the state's notes.
#[derive(Clone, Debug, Default)]
pub(super) struct Matrix {
    rows: usize,
    pairs: Vec<(usize, usize)>,
}

/// A row whose pivot is not positive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Singular(pub usize);

impl Matrix {
    pub fn new(rows: usize, pairs: Vec<(usize, usize)>) -> Self {
        Self { rows, pairs }
    }

    pub fn storage(&self) -> Vec<f64> {
        vec![0.0; self.rows * self.rows]
    }

    pub fn zero(&self, values: &mut [f64]) {
        values.fill(0.0);
    }

    pub fn add_diagonal(&self, values: &mut [f64], row: usize, value: f64) {
        values[row * self.rows + row] += value;
    }

    pub fn add_pair(&self, values: &mut [f64], pair: usize, value: f64) {
        let (a, b) = self.pairs[pair];
        values[a.max(b) * self.rows + a.min(b)] += value;
    }

    /// Replaces the right side by the solution.
    pub fn solve(&self, values: &mut [f64], side: &mut [f64]) -> Result<(), Singular> {
        let n = self.rows;
        for i in 0..n {
            for j in 0..=i {
                let mut sum = values[i * n + j];
                for k in 0..j {
                    sum -= values[i * n + k] * values[j * n + k];
                }
                if i == j {
                    if sum.is_nan() || sum <= 0.0 {
                        return Err(Singular(i));
                    }
                    values[i * n + i] = sum.sqrt();
                } else {
                    values[i * n + j] = sum / values[j * n + j];
                }
            }
        }
        for i in 0..n {
            for k in 0..i {
                side[i] -= values[i * n + k] * side[k];
            }
            side[i] /= values[i * n + i];
        }
        for i in (0..n).rev() {
            for k in i + 1..n {
                side[i] -= values[k * n + i] * side[k];
            }
            side[i] /= values[i * n + i];
        }
        Ok(())
    }
}
