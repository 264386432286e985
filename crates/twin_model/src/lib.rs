//! twin_model
