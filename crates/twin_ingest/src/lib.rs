//! twin_ingest
