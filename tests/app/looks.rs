//! What a picture says without colour, and how little colour a plant in order shows.

use crate::png_picture::Picture;
use crate::program::{Start, drawing};

/// Draws the demo plant as large as a window. The caller holds [`drawing`].
fn shot(args: &[&str]) -> Picture {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("picture.png");
    let start = Start::with(["shot", "--size", "1280x720", "--quality", "economy", "--out", out.to_str().unwrap()].iter().chain(args));
    start.finish().assert_code(0);
    Picture::read(&out)
}

/// A colour the eye is drawn to.
fn is_saturated([r, g, b]: [u8; 3]) -> bool {
    let (most, least) = (r.max(g).max(b), r.min(g).min(b));
    most > 90 && f64::from(most - least) > 0.45 * f64::from(most)
}

#[test]
fn a_plant_in_order_is_grey_in_both_themes() {
    let _drawing = drawing();
    for theme in ["control-room", "night"] {
        let picture = shot(&["--after", "600", "--theme", theme]);
        let share = picture.share(is_saturated);
        assert!(share < 0.005, "{theme}: {share} of the picture is strongly coloured");
    }
}

/// Forms of the badges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Square,
    Triangle,
    Diamond,
    Circle,
}

/// The form of a mark from the width of its rows, top to bottom: nothing of its colour is known here.
fn form_of(widths: &[usize]) -> Option<Form> {
    let widest = *widths.iter().max()? as f64;
    let at = |share: f64| widths[((widths.len() - 1) as f64 * share).round() as usize] as f64 / widest;
    let (top, upper, middle, lower, bottom) = (at(0.0), at(0.25), at(0.5), at(0.75), at(1.0));
    if upper > 0.9 && middle > 0.9 && lower > 0.9 && top > 0.7 && bottom > 0.7 {
        Some(Form::Square)
    } else if bottom > 0.75 && upper < 0.6 && lower > middle && middle > upper {
        Some(Form::Triangle)
    } else if middle > 0.9 && upper < 0.75 && lower < 0.75 && top < 0.45 && bottom < 0.45 {
        Some(Form::Diamond)
    } else if middle > 0.9 && upper > 0.75 && lower > 0.75 && top < 0.8 && bottom < 0.8 {
        Some(Form::Circle)
    } else {
        None
    }
}

/// The marks of an alarm strip from left to right, in grey.
fn forms(strip: &Picture) -> Vec<Form> {
    strip.blobs(9..24).iter().filter_map(|blob| form_of(blob)).collect()
}

fn grey([r, g, b]: [u8; 3]) -> [u8; 3] {
    let y = (0.2126 * f64::from(r) + 0.7152 * f64::from(g) + 0.0722 * f64::from(b)).round() as u8;
    [y, y, y]
}

/// What a person without green receptors sees, after Viénot, Brettel and Mollon (1999), on linear light.
fn deuteranope([r, g, b]: [u8; 3]) -> [u8; 3] {
    let linear = |c: u8| (f64::from(c) / 255.0).powf(2.2);
    let display = |c: f64| (c.clamp(0.0, 1.0).powf(1.0 / 2.2) * 255.0).round() as u8;
    let (r, g, b) = (linear(r), linear(g), linear(b));
    let yellow = 0.292_75 * r + 0.707_25 * g;
    [display(yellow), display(yellow), display(-0.022_34 * r + 0.022_34 * g + b)]
}

#[test]
fn priorities_are_told_apart_by_form_without_colour() {
    let _drawing = drawing();
    // The strip at the top counts every priority and the alerts beside their marks.
    let strip = shot(&["--story", "bearing-wear", "--severity", "1", "--after", "21600"]).part(0..330, 38..74);
    for (eye, seen) in [("grey", strip.map(grey)), ("deuteranope", strip.map(deuteranope))] {
        let forms = forms(&seen);
        let wanted = [Form::Square, Form::Triangle, Form::Diamond, Form::Circle];
        assert!(forms.windows(4).any(|four| four == wanted), "{eye}: {forms:?}");
    }
}
