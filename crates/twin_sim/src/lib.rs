//! twin_sim
