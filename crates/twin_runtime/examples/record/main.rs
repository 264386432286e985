//! A recorder and nothing else: one live lane, its source and its history, for the durability tests.
//!
//! `cargo run --release -p twin_runtime --example record -- PLANT BROKER HISTORY`

mod process;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    process::record(&args)
}
