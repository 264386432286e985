//! What a live source does, from payload bytes to events, and against a real broker.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod broker;
mod decode;
mod flood;
mod live;
mod plant;
mod recording;
mod recording_publish;
mod stale;
mod tls;
