use super::*;

fn found(path: &str, text: &str) -> Vec<String> {
    findings(&File { path: path.into(), text: text.into() })
}

/// The rule names found, in order.
fn rules_broken(path: &str, text: &str) -> Vec<String> {
    let name = |line: &String| line.split(": ").nth(1).map(str::to_owned);
    found(path, text).iter().filter_map(name).collect()
}

#[test]
fn each_rule_finds_its_violation() {
    let cases = [
        ("src/a.rs", "fn f() { todo!() }", "unfinished"),
        ("tests/app/a.rs", "#[test]\n#[ignore = \"slow\"]\nfn f() {}", "ignored-test"),
        ("src/a.rs", "#[allow(dead_code)]\nfn f() {}", "bare-allow"),
        ("src/a.rs", "#[expect(\n    dead_code\n)]\nfn f() {}", "reason"),
        ("src/utils.rs", "", "empty-name"),
        ("crates/x/tests/common/mod.rs", "", "empty-name"),
        ("src/a.rs", "mod helpers { }", "empty-name"),
        ("src/a.rs", "let t = std::time::SystemTime::now();", "wall-clock"),
        ("crates/twin_insight/src/a.rs", "let t = Instant::now();", "monotonic-clock"),
        ("crates/twin_runtime/src/a.rs", "TcpListener::bind(a)", "socket"),
        ("crates/twin_runtime/src/a.rs", "fs::write(p, b)", "data-file"),
        ("crates/twin_sim/src/a.rs", "let y = (x / k).exp();", "std-math"),
        ("crates/twin_demo/src/a.rs", "let y = x.powi(2);", "std-math"),
        ("crates/twin_sim/src/a.rs", "use std::collections::HashMap;", "simulator-purity"),
        ("docs.md", concat!("see /ho", "me/ada/plant"), "machine-path"),
    ];
    for (path, text, rule) in cases {
        assert_eq!(rules_broken(path, text), [rule], "{path}: {text}");
    }
}

#[test]
fn what_is_lawful_passes() {
    let cases = [
        ("src/a.rs", "// todo!() is forbidden\nlet s = \"#[ignore]\";"),
        ("src/a.rs", "#[expect(dead_code, reason = \"read by the debugger\")]\nfn f() {}"),
        ("src/a.rs", "mod utilities_of_the_plant;"),
        ("crates/twin_ingest/src/clock.rs", "SystemTime::now()"),
        ("crates/twin_ingest/src/mqtt.rs", "TcpStream::connect(a)"),
        ("crates/twin_sim/src/a.rs", "let y = libm::exp(x.sqrt());"),
        ("crates/twin_sim/src/a.rs", "#[cfg(test)]\nmod tests { fn f() { x.sin(); } }"),
        ("crates/twin_insight/examples/throughput.rs", "let t = Instant::now();"),
        ("crates/twin_sim/src/a/tests.rs", "let y = x.sin();"),
        ("crates/twin_ui/src/a.rs", "let y = x.sin();"),
        ("docs.md", concat!("https://example.org/wo", "rk/page and ~/wo", "rk/notes")),
    ];
    for (path, text) in cases {
        assert_eq!(found(path, text), [""; 0], "{path}: {text}");
    }
}

#[test]
fn an_excuse_needs_the_rule_and_a_reason() {
    let path = "crates/twin_sim/src/a.rs";
    let excused = "// tidy: allow(std-math) run once, to build a table that is stored\nlet y = x.sin();";
    assert_eq!(found(path, excused), [""; 0]);
    for text in [
        "// tidy: allow(std-math)\nlet y = x.sin();",
        "// tidy: allow(socket) wrong rule\nlet y = x.sin();",
        "// tidy: allow(std-math) too far away\n\nlet y = x.sin();",
    ] {
        assert_eq!(rules_broken(path, text), ["std-math"], "{text}");
    }
}

#[test]
fn a_long_file_needs_a_reason_in_its_head() {
    let long = "\n".repeat(LONGEST_FILE + 1);
    assert_eq!(rules_broken("src/a.rs", &long), ["long-file"]);
    assert_eq!(found("src/a.rs", &"\n".repeat(LONGEST_FILE)), [""; 0]);
    let excused = format!("// tidy: allow(long-file) one table, generated from the specification\n{long}");
    assert_eq!(found("src/a.rs", &excused), [""; 0]);
}

#[test]
fn a_crate_has_one_integration_test_binary() {
    let files = |paths: &[&str]| -> Vec<File> {
        let file = |path: &&str| File { path: (*path).into(), text: String::new() };
        paths.iter().map(file).collect()
    };
    let one_each = ["tests/app/main.rs", "tests/app/boot.rs", "crates/a/tests/a.rs", "crates/a/src/tests/x.rs"];
    assert_eq!(crates_with_several_test_binaries(&files(&one_each)), [""; 0]);
    let two = ["crates/a/tests/a.rs", "crates/a/tests/b/main.rs", "crates/b/tests/b.rs"];
    let found = crates_with_several_test_binaries(&files(&two));
    assert!(found.len() == 1 && found[0].starts_with("crates/a/"), "{found:?}");
    let mut excused = files(&two);
    excused[1].text = "// tidy: allow(test-binary) it runs for hours, by itself".into();
    assert_eq!(crates_with_several_test_binaries(&excused), [""; 0]);
}
