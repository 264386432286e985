//! twin_historian
