//! twin_runtime
