//! twin_ui
