//! The pictures that the README and the docs show: `didymos shot --tour`, renewed by `cargo xtask pictures`.

use std::path::Path;
use std::process::Command;

/// A picture: its file, and what to ask `didymos shot` for.
struct PictureOrder {
    file: &'static str,
    args: &'static str,
}

const fn picture(file: &'static str, args: &'static str) -> PictureOrder {
    PictureOrder { file, args }
}

/// The set, in the order of a walk through the plant. Same seed, same picture.
const SET: [PictureOrder; 9] = [
    picture("overview.png", "--after 1800"),
    picture("alarm.png", "--story bearing-wear --after 20160 --select P-101A"),
    picture("health.png", "--story bearing-wear --after 9000 --view health --display unit"),
    picture("pump.png", "--story bearing-wear --after 9000 --display equipment --select P-101A --cut-away"),
    picture("parts.png", "--after 900 --display equipment --select P-101A --explode --isolate --panel none"),
    picture("flow.png", "--after 900 --flow --panel none --select P-102"),
    picture("schematic.png", "--story strainer-fouling --after 3000 --select STR-101A"),
    picture(
        "what-if.png",
        "--story bearing-wear --after 18600 --display diagnostics --select P-101A --what-if-duty P-101B --panel what_if",
    ),
    picture("night.png", "--after 1800 --theme night --display unit"),
];

/// Draws the set into a folder. Each picture is a process of its own, since a renderer sets itself up once per process.
///
/// # Errors
/// A sentence that names the picture that could not be drawn.
pub fn draw(folder: &Path) -> Result<(), String> {
    std::fs::create_dir_all(folder).map_err(|error| format!("{} cannot be made: {error}.", folder.display()))?;
    let program = std::env::current_exe().map_err(|error| format!("the program does not know where it is: {error}"))?;
    for order in &SET {
        let out = folder.join(order.file);
        let mut command = Command::new(&program);
        command.args(["shot", "--size", "1600x900"]).args(order.args.split(' ')).arg("--out").arg(&out);
        let status = command.status().map_err(|error| format!("{} could not be started: {error}.", program.display()))?;
        if !status.success() {
            return Err(format!("{} could not be drawn.", order.file));
        }
        pack(&out).map_err(|error| format!("{} cannot be packed: {error}", out.display()))?;
        println!("{}", out.display());
    }
    Ok(())
}

/// Writes a picture anew without transparency and as small as it goes without loss: it stays in the repository for ever.
fn pack(path: &Path) -> Result<(), String> {
    let told = |error: &dyn std::fmt::Display| error.to_string();
    let file = std::fs::File::open(path).map_err(|error| told(&error))?;
    let mut reader = png::Decoder::new(std::io::BufReader::new(file)).read_info().map_err(|error| told(&error))?;
    let mut pixels = vec![0; reader.output_buffer_size().ok_or("it is too large")?];
    let frame = reader.next_frame(&mut pixels).map_err(|error| told(&error))?;
    let samples = frame.color_type.samples();
    let rgb: Vec<u8> = pixels[..frame.buffer_size()].chunks_exact(samples).flat_map(|pixel| pixel.iter().copied().take(3)).collect();
    let mut packed = Vec::new();
    let mut encoder = png::Encoder::new(&mut packed, frame.width, frame.height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_compression(png::Compression::High);
    let mut writer = encoder.write_header().map_err(|error| told(&error))?;
    writer.write_image_data(&rgb).map_err(|error| told(&error))?;
    writer.finish().map_err(|error| told(&error))?;
    std::fs::write(path, packed).map_err(|error| told(&error))
}
