//! Prints a page of the documentation:
//! `cargo run --release -p twin_sim --example component_pages > docs/components.md`,
//! `cargo run --release -p twin_sim --example component_pages -- malfunctions > docs/malfunctions.md`.

use twin_sim::flowsheet::{malfunction_pages, pages};

fn main() {
    let wants_malfunctions = std::env::args().nth(1).is_some_and(|word| word == "malfunctions");
    print!("{}", if wants_malfunctions { malfunction_pages() } else { pages() });
}
