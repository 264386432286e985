//! What a live source does, from payload bytes to events, and against a real broker.

mod broker;
mod decode;
mod flood;
mod live;
mod plant;
mod stale;
mod tls;
