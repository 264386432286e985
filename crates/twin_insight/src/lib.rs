//! twin_insight
