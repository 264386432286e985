//! What formulas say.

use super::*;
use proptest::prelude::*;

fn value_with(text: &str, points: &[(&str, f64)]) -> f64 {
    let expression = Expression::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let names: Vec<&str> = points.iter().map(|(name, _)| *name).collect();
    let program = expression.compile(|name| names.iter().position(|known| *known == name)).unwrap();
    program.value(&points.iter().map(|(_, value)| *value).collect::<Vec<_>>())
}

fn value(text: &str) -> f64 {
    value_with(text, &[])
}

#[test]
fn operators_bind_as_on_paper() {
    for (text, expected) in [
        ("1 + 2 * 3", 7.0),
        ("-2 ^ 2", -4.0),
        ("2 ^ -1 * 4", 2.0),
        ("2 ^ 3 ^ 2", 512.0),
        ("10 - 4 - 3", 3.0),
        ("12 / 4 / 3", 1.0),
        ("(1 + 2) * 3", 9.0),
        ("1 < 2 and 2 < 1 or 3 >= 3", 1.0),
        ("not 1 > 2", 1.0),
        ("not 0 and 0", 0.0),
        ("1e3 + .5 + 2.5E-1", 1000.75),
        ("min(3, 1, 2) + max(3, 1, 2)", 4.0),
        ("clamp(7, 0, 5) + clamp(-7, 0, 5)", 5.0),
        ("if(2 > 1, 10, 20)", 10.0),
        ("sqrt(16) + abs(-3) + sign(-9) + ln(exp(2)) + log10(100)", 10.0),
    ] {
        assert!((value(text) - expected).abs() < 1e-12, "{text} is {}", value(text));
    }
}

#[test]
fn tags_with_dashes_are_names_and_a_minus_between_blanks_is_one() {
    let points = [("LT-101", 60.0), ("PDT-105A", 4.0), ("p-101a/pump.head_m", 30.0), (".level_m", 1.0)];
    assert_eq!(value_with("LT-101 - PDT-105A", &points), 56.0);
    assert_eq!(value_with("-p-101a/pump.head_m * 2 + .level_m", &points), -59.0);
    assert_eq!(Expression::parse("LT-101 > 90 or LT-101 < LT-102").unwrap().names(), ["LT-101", "LT-102"]);
    assert_eq!(Expression::parse("a + b").unwrap().compile(|name| (name == "a").then_some(0)), Err("b".to_owned()));
}

#[test]
fn what_is_not_a_number_is_never_true() {
    let points = [("x", f64::NAN)];
    for text in ["x > 1", "x <= 1", "x == x", "x != 1", "x and 1", "1 / 0 > 5", "if(x, 1, 0)"] {
        assert_eq!(value_with(text, &points), 0.0, "{text}");
    }
    assert!(value("1 / 0").is_nan());
}

#[test]
fn a_wrong_formula_is_told_with_the_place() {
    for (text, position, words) in [
        ("1 +", 4, "missing"),
        ("", 1, "missing"),
        ("(1 + 2", 7, "closing"),
        ("1 2", 3, "does not belong"),
        ("1 < 2 < 3", 8, "chained"),
        ("sine(1)", 1, "no function sine"),
        ("if(1, 2)", 1, "does not take 2"),
        ("3x", 1, "not a number"),
        ("1.2.3", 1, "not a number"),
        ("a & b", 3, "does not belong"),
    ] {
        let error = Expression::parse(text).unwrap_err();
        assert!(error.position == position && error.message.contains(words), "{text}: {error}");
    }
}

proptest! {
    #[test]
    fn no_text_whatever_brings_it_down(text in "[-a-c0-9.()+*/^<>=!, enotrdi]{0,60}") {
        if let Ok(expression) = Expression::parse(&text)
            && let Ok(program) = expression.compile(|_| Some(0))
        {
            let _ = program.value(&[1.5]);
            let _ = program.value(&[]);
        }
    }
}

#[test]
fn endless_nesting_is_refused() {
    for text in
        ["(".repeat(100_000), "-".repeat(100_000), "abs(".repeat(50_000), format!("{}1", "1+(".repeat(40_000)), "not ".repeat(50_000)]
    {
        assert!(Expression::parse(&text).is_err());
    }
    // A long sum is no deep one.
    assert_eq!(value(&format!("0{}", " + 1".repeat(20_000))), 20_000.0);
}

#[test]
fn the_smallest_and_the_largest_of_what_is_not_a_number_are_none_in_any_order() {
    let points = [("x", f64::NAN)];
    for text in ["min(x, 1)", "min(1, x)", "max(x, 1)", "max(1, x)", "min(2, x, 1)", "clamp(x, 0, 1)", "clamp(1, x, 2)", "clamp(1, 0, x)"] {
        assert!(value_with(text, &points).is_nan(), "{text}");
    }
}
