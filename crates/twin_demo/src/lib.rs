//! twin_demo
