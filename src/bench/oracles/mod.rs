//! The plant against the oracles of its specification. Prints the worst deviation of each; judges nothing but itself.

mod balance;
mod closure;
mod normal;
mod repeat;
mod stories;
mod story_runs;

pub use balance::{model_with_step, twins_model};
use twin_demo::story_table::allowed_min;

/// Runs all oracles.
///
/// # Errors
/// A sentence when a run cannot be set up.
pub fn run() -> Result<(), String> {
    let mut missed = 0;
    let mut print = |oracle: Oracle| missed += usize::from(!oracle.conclude());
    println!("\nnominal parameters:");
    print(balance::steady_state()?);
    print(closure::in_the_model()?);
    print(closure::in_published_values()?);
    print(balance::lower_header_pressure()?);
    for oracle in stories::all()? {
        print(oracle);
    }
    print(stories::cleared()?);
    print(repeat::bit_identical()?);
    println!("\ndrawn parameters, through decoder and core:");
    for oracle in normal::days()? {
        print(oracle);
    }
    println!("\n{}", if missed == 0 { "every oracle holds".to_owned() } else { format!("{missed} oracles are missed") });
    Ok(())
}

/// Figures of one oracle as they are compared.
pub struct Oracle {
    title: String,
    figures: usize,
    /// Deviation in shares of what is allowed, and the row it belongs to.
    worst: (f64, String),
    missed: Vec<String>,
    notes: Vec<String>,
}

impl Oracle {
    /// An oracle with nothing compared yet; the title begins with its number.
    pub fn new(title: &str) -> Self {
        Self { title: title.to_owned(), figures: 0, worst: (0.0, "–".to_owned()), missed: Vec::new(), notes: Vec::new() }
    }

    /// Compares within a share of the expected figure.
    pub fn within_share(&mut self, name: &str, found: f64, expected: f64, share: f64) {
        self.within(name, found, expected, (share * expected).abs());
    }

    /// Compares within `allowed`, in the unit of the figure.
    pub fn within(&mut self, name: &str, found: f64, expected: f64, allowed: f64) {
        let row = format!("{name} {} instead of {} (allowed ± {})", short(found), short(expected), short(allowed));
        self.judge((found - expected).abs() / allowed, row);
    }

    /// Compares a time with the tolerance of the stories.
    pub fn minutes(&mut self, name: &str, found: Option<f64>, expected: f64) {
        match found {
            Some(found) => self.within(&format!("{name}, min"), found, expected, allowed_min(expected)),
            None => self.judge(f64::INFINITY, format!("{name}: never, instead of at {expected} min")),
        }
    }

    /// Demands that something holds.
    pub fn holds(&mut self, name: &str, is_so: bool) {
        self.judge(if is_so { 0.0 } else { f64::INFINITY }, name.to_owned());
    }

    /// Says something that is not judged.
    pub fn note(&mut self, note: String) {
        self.notes.push(note);
    }

    fn judge(&mut self, share: f64, row: String) {
        self.figures += 1;
        // A figure that is no number is as wrong as can be.
        let share = if share.is_nan() { f64::INFINITY } else { share };
        if share > 1.0 {
            self.missed.push(row.clone());
        }
        if share > self.worst.0 {
            self.worst = (share, row);
        }
    }

    fn conclude(self) -> bool {
        let is_kept = self.missed.is_empty();
        let worst = match &self.worst {
            (share, row) if share.is_finite() => format!("worst at {:.1} % of what is allowed: {row}", 100.0 * share),
            (_, row) => format!("worst: {row}"),
        };
        let verdict = super::figures::verdict(is_kept);
        println!("  {}\n      {verdict}: {} figures, {worst}", self.title, self.figures);
        for row in &self.missed {
            println!("      missed: {row}");
        }
        for note in &self.notes {
            println!("      {note}");
        }
        is_kept
    }
}

/// A figure with four significant digits or so.
fn short(figure: f64) -> String {
    match figure.abs() {
        size if size > 0.0 && size < 1e-3 => format!("{figure:.1e}"),
        size if size < 10.0 => format!("{figure:.3}"),
        size if size < 1000.0 => format!("{figure:.2}"),
        _ => format!("{figure:.1}"),
    }
}
