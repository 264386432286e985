//! The child process on its own, for tests and benchmarks.

fn main() -> std::process::ExitCode {
    twin_fmu::host::run_host()
}
