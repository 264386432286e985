//! Prints the pages of the components: `cargo run --release -p twin_sim --example component_pages > docs/components.md`.

fn main() {
    print!("{}", twin_sim::flowsheet::pages());
}
