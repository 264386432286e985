//! Oracle 13: the same seed and the same commands publish the same bits, at any speed.

use super::Oracle;
use super::story_runs::nominal;
use serde_json::Value;
use std::collections::BTreeSet;
use twin_demo::{Demo, DemoOptions};

const PLANT_SECS: f64 = 2700.0;

/// Compares runs of one story with one command.
///
/// # Errors
/// A sentence when a run cannot be set up.
pub fn bit_identical() -> Result<Oracle, String> {
    let mut oracle = Oracle::new("13 same seed, same commands: same bits at any speed (drawn and nominal parameters, 45 min)");
    for is_nominal in [true, false] {
        let options =
            |seed: u64, speed: f64| DemoOptions { nominal: is_nominal, speed, seed, set: Vec::new(), ..nominal("strainer-fouling") };
        let (first, print) = publish(options(7, 1.0))?;
        let (again, print_again) = publish(options(7, 1.0))?;
        let (other, _) = publish(options(8, 1.0))?;
        let (arrays, _) = publish(options(7, 30.0))?;
        let (thinned, _) = publish(options(7, 300.0))?;
        let name = |what: &str| format!("{}: {what}", if is_nominal { "nominal" } else { "drawn" });
        oracle.within(&name("samples that differ in a second run"), differing(&first, &again), 0.0, 0.5);
        oracle.holds(&name("the second run is the same in every byte"), print == print_again);
        oracle.within(&name("samples that differ in arrays, 30×"), differing(&first, &arrays), 0.0, 0.5);
        oracle.within(
            &name("samples of a thinned run, 300×, that the full run does not have"),
            thinned.difference(&first).count() as f64,
            0.0,
            0.5,
        );
        oracle.holds(&name("another seed publishes something else"), differing(&first, &other) > 0.5 * first.len() as f64);
        oracle.note(name(&format!("{} samples, fingerprint {print:#018x} (the same on every machine)", first.len())));
    }
    Ok(oracle)
}

fn differing(one: &BTreeSet<String>, other: &BTreeSet<String>) -> f64 {
    one.symmetric_difference(other).count() as f64
}

/// The samples of a run, each as topic and JSON, and a fingerprint of every byte in order.
fn publish(options: DemoOptions) -> Result<(BTreeSet<String>, u64), String> {
    let command = format!("{}/cmd/PIC-101.SP", options.topic_root);
    let mut demo = Demo::new(options).map_err(|error| error.to_string())?;
    let mut samples = BTreeSet::new();
    // FNV-1a.
    let mut print = 0xcbf2_9ce4_8422_2325_u64;
    let mut out = Vec::new();
    while demo.elapsed_secs() < PLANT_SECS {
        if demo.elapsed_secs() == 300.0 {
            demo.command(&command, br#"{"id":1,"user":"bench","value":2.6,"reason":"to be the same again"}"#);
        }
        demo.step(&mut out);
        for message in out.drain(..) {
            for byte in message.topic.bytes().chain(message.payload.iter().copied()) {
                print = (print ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
            }
            match serde_json::from_slice(&message.payload) {
                Ok(Value::Array(elements)) => samples.extend(elements.iter().map(|sample| format!("{} {sample}", message.topic))),
                Ok(sample @ Value::Object(_)) if sample.get("q").is_some() => {
                    samples.insert(format!("{} {sample}", message.topic));
                }
                _ => {}
            }
        }
    }
    Ok((samples, print))
}
