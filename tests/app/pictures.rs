//! Pictures without a display.

use crate::png_picture::Picture;
use crate::program::{Start, drawing};

/// Draws the demo plant without a display. The caller holds [`drawing`].
fn shot(args: &[&str]) -> Picture {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("picture.png");
    let start = Start::with(["shot", "--size", "640x360", "--out", out.to_str().unwrap()].iter().chain(args));
    let ended = start.finish();
    ended.assert_code(0);
    Picture::read(&out)
}

#[test]
fn a_picture_needs_no_display_shows_scene_and_panels_and_is_the_same_for_the_same_seed() {
    let _drawing = drawing();
    let picture = shot(&["--after", "60"]);
    assert_eq!((picture.width, picture.height), (640, 360));
    // Where the scene is seen, and where the tree of the plant stands.
    let scene = picture.part(120..460, 80..200);
    assert!(scene.colours() > 100, "{} colours in the scene", scene.colours());
    let alone = shot(&["--after", "60", "--panel", "none"]);
    let tree = |picture: &Picture| picture.part(4..100, 120..280);
    let change = tree(&picture).difference(&tree(&alone));
    assert!(change > 0.1, "the tree covers the scene: {change}");
    let again = shot(&["--after", "60"]);
    assert!(again == picture, "{} of the same picture differ", again.difference(&picture));
    let other = shot(&["--after", "60", "--seed", "2"]);
    assert!(other != picture, "another seed is another plant");
}

#[test]
fn a_worn_bearing_shows_as_a_colour_in_health_and_not_in_operate() {
    let _drawing = drawing();
    let story = ["--story", "bearing-wear", "--severity", "1", "--after", "14400", "--select", "P-101A", "--panel", "none"];
    let in_view = |view| shot(&[&story[..], &["--view", view]].concat()).part(200..640, 80..290);
    let (operate, health) = (in_view("operate"), in_view("health"));
    let is_coloured = |[r, g, b]: [u8; 3]| r.max(g).max(b) - r.min(g).min(b) > 60;
    let (calm, told) = (operate.share(is_coloured), health.share(is_coloured));
    assert!(told > calm + 0.01, "coloured in operate {calm}, in health {told}");
    assert!(operate.difference(&health) > 0.01);
}

#[test]
fn a_picture_that_cannot_be_drawn_is_refused_with_what_there_is() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("picture.png");
    let out = out.to_str().unwrap();
    let refused = |args: &[&str]| Start::with(["shot", "--after", "1", "--out", out].iter().chain(args)).finish();
    refused(&["--select", "P-999"]).assert_refused(&["P-999"]);
    refused(&["--trend", "XX-1"]).assert_refused(&["XX-1"]);
    refused(&["--panel", "nonsense"]).assert_refused(&["nonsense", "faceplate"]);
    refused(&["--story", "nonsense"]).assert_refused(&["nonsense", "bearing-wear"]);
    assert!(!std::path::Path::new(out).exists());
}

#[test]
fn without_a_vulkan_driver_the_package_to_install_is_named() {
    let nowhere = |args: &[&str]| {
        let start = Start::with(args).env("VK_DRIVER_FILES", "/nonexistent").env("VK_ICD_FILENAMES", "/nonexistent");
        let ended = start.finish();
        ended.assert_refused(&["mesa-vulkan-drivers", "--no-window"]);
    };
    let folder = tempfile::tempdir().unwrap();
    nowhere(&["shot", "--after", "1", "--out", folder.path().join("picture.png").to_str().unwrap()]);
}

#[test]
fn every_tool_of_the_scene_changes_what_is_seen() {
    let _drawing = drawing();
    let plain = ["--after", "60", "--panel", "none", "--select", "E-101"];
    let with = |quality, tool: &[&str]| shot(&[&plain[..], &["--quality", quality], tool].concat()).part(20..600, 60..320);
    let without = with("economy", &[]);
    for tool in [&["--explode"][..], &["--cut-away"], &["--isolate"], &["--flow"], &["--section", "0.5"]] {
        let change = without.difference(&with("economy", tool));
        assert!(change > 0.002, "{tool:?} changes {change} of the picture");
    }
    let change = without.difference(&with("standard", &[]));
    assert!(change > 0.05, "shadows change {change} of the picture");
}
