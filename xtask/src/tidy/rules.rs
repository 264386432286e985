//! Words that may not stand in the code, or only in certain places.

/// A rule on words.
pub struct Words {
    /// What an excuse calls it.
    pub name: &'static str,
    /// The words, as they stand in code.
    pub words: &'static [&'static str],
    /// Beginnings of the paths the rule is for; empty for all.
    pub only_in: &'static [&'static str],
    /// Beginnings of paths it is not for.
    pub not_in: &'static [&'static str],
    /// Holds in tests too.
    pub in_tests: bool,
    /// What it protects.
    pub why: &'static str,
}

/// All rules on words.
pub const WORDS: &[Words] = &[
    Words {
        name: "unfinished",
        words: &["todo!", "unimplemented!", "dbg!"],
        only_in: &[],
        not_in: &[],
        in_tests: true,
        why: "nothing unfinished is handed over",
    },
    Words {
        name: "ignored-test",
        words: &["#[ignore"],
        only_in: &[],
        not_in: &[],
        in_tests: true,
        why: "a test that does not run tests nothing",
    },
    Words {
        name: "bare-allow",
        words: &["#[allow(", "#![allow("],
        only_in: &[],
        not_in: &[],
        in_tests: true,
        why: "`#[expect(LINT, reason = \"…\")]` says why, and tells when it is no longer needed",
    },
    Words {
        name: "empty-name",
        words: &["mod util", "mod utils", "mod common", "mod helper", "mod helpers", "mod misc", "mod stuff"],
        only_in: &[],
        not_in: &[],
        in_tests: true,
        why: "the name does not say what is inside",
    },
    Words {
        name: "wall-clock",
        words: &["SystemTime::now"],
        only_in: &[],
        not_in: &["crates/twin_ingest/src/"],
        in_tests: true,
        why: "the one wall clock is twin_ingest's; everyone else is told the time",
    },
    Words {
        name: "monotonic-clock",
        words: &["Instant::now"],
        only_in: &["crates/twin_model/", "crates/twin_historian/", "crates/twin_sim/", "crates/twin_insight/", "crates/twin_ui/"],
        // The recorder paces its groups and its next try by it; nothing that is kept depends on it.
        not_in: &["crates/twin_historian/src/recorder.rs", "crates/twin_historian/src/postgres/"],
        in_tests: false,
        why: "what is evaluated never asks what time it is",
    },
    Words {
        name: "socket",
        words: &["TcpStream", "TcpListener", "UdpSocket", "UnixStream", "UnixListener"],
        only_in: &["crates/", "src/"],
        not_in: &["crates/twin_ingest/", "crates/twin_demo/"],
        in_tests: false,
        why: "only twin_ingest and twin_demo open sockets",
    },
    Words {
        name: "data-file",
        words: &["fs::write", "File::create", "OpenOptions", "fs::rename", "fs::remove_file"],
        only_in: &["crates/twin_sim/", "crates/twin_insight/", "crates/twin_runtime/", "crates/twin_ui/"],
        not_in: &[],
        in_tests: false,
        why: "only twin_historian writes data files",
    },
    // The standard library takes these from the machine's mathematics library, and their last digits differ between
    // machines. Square root and fused multiply-add are exact by IEEE 754 and stay allowed.
    Words {
        name: "std-math",
        words: &[
            ".sin()",
            ".cos()",
            ".tan()",
            ".asin()",
            ".acos()",
            ".atan()",
            ".atan2(",
            ".sin_cos()",
            ".sinh()",
            ".cosh()",
            ".tanh()",
            ".asinh()",
            ".acosh()",
            ".atanh()",
            ".exp()",
            ".exp2()",
            ".exp_m1()",
            ".ln()",
            ".ln_1p()",
            ".log(",
            ".log2()",
            ".log10()",
            ".powf(",
            ".powi(",
            ".cbrt()",
            ".hypot(",
            "f64::sin",
            "f64::cos",
            "f64::tan",
            "f64::tanh",
            "f64::exp",
            "f64::ln",
            "f64::log10",
            "f64::powf",
            "f64::powi",
            "f64::cbrt",
            "f64::hypot",
            "f64::atan2",
        ],
        only_in: &["crates/twin_sim/src/", "crates/twin_demo/src/"],
        not_in: &[],
        in_tests: false,
        why: "the simulator gives the same bits on every machine: `libm::exp(x)`, `x * x`",
    },
    Words {
        name: "simulator-purity",
        words: &["HashMap", "HashSet", "std::thread", "thread::", "std::fs", "std::net", "std::env", "println!"],
        only_in: &["crates/twin_sim/src/"],
        not_in: &[],
        in_tests: false,
        why: "the simulator is a function of state, inputs and time step",
    },
];
