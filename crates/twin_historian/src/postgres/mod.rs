//! A history on a PostgreSQL server, for sites where many look at it.
//!
//! [`SiteHistorian`] follows a history folder and forwards what comes to it. The folder is the store-and-forward: while the
//! server is away it grows, and nothing else happens. With each batch the server keeps, in the same transaction, how far it
//! came; whoever goes on after a crash of either side goes on there. [`SiteArchive`] reads from the server what exports need.

mod copy;
mod follow;
mod forward;
mod read;
mod schema;
mod server;

pub use forward::{SiteHistorian, SiteStats};
pub use read::{SiteArchive, SiteSnapshot};
pub use schema::Storage;

use crate::{HistoryError, LaneNumber};
use std::fmt;
use std::time::Duration;

/// Where to forward to, and how.
#[derive(Clone, PartialEq, Eq)]
pub struct SiteOptions {
    /// The server as `host=… user=… dbname=…` or `postgresql://…`.
    pub server: String,
    /// Schema on the server, one for each history folder: small letters, digits and `_`.
    pub schema: String,
    /// Time between two looks at the folder.
    pub poll: Duration,
    /// Samples of a transaction, about.
    pub batch: usize,
    /// Time before the second try on a server that does not answer; it doubles with each further one.
    pub retry: Duration,
    /// Longest time between two tries.
    pub retry_at_most: Duration,
}

impl Default for SiteOptions {
    fn default() -> Self {
        Self {
            server: "host=localhost user=didymos dbname=didymos".to_owned(),
            schema: "didymos".to_owned(),
            poll: Duration::from_secs(1),
            batch: 1 << 16,
            retry: Duration::from_millis(250),
            retry_at_most: Duration::from_secs(30),
        }
    }
}

impl fmt::Debug for SiteOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The address may hold a password.
        f.debug_struct("SiteOptions")
            .field("schema", &self.schema)
            .field("poll", &self.poll)
            .field("batch", &self.batch)
            .finish_non_exhaustive()
    }
}

/// Why a history is not forwarded, or not read from the server.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// The server does not answer, or refuses.
    #[error("PostgreSQL, {doing}: {said}")]
    Server {
        /// What was being done.
        doing: &'static str,
        /// What the server or the network said.
        said: String,
    },
    /// The name of the schema could be something else in SQL.
    #[error("{schema} cannot be the name of a schema: use at most 48 small letters, digits and _, beginning with a letter")]
    SchemaName {
        /// The name.
        schema: String,
    },
    /// Another program forwards to the same schema.
    #[error("another program forwards to schema {schema}: stop it, or give this history a schema of its own")]
    Busy {
        /// The schema.
        schema: String,
    },
    /// A newer program made the tables.
    #[error("schema {schema} was made by a newer Didymos (version {version}, this program knows {known}): use that one")]
    Newer {
        /// The schema.
        schema: String,
        /// Version of its tables.
        version: i64,
        /// Newest version known here.
        known: i64,
    },
    /// The server has commits the history never made.
    #[error(
        "the server has lane {} up to commit {on_server}, the history only up to {here}: schema {schema} belongs to another history; choose another schema",
        lane.0
    )]
    OtherHistory {
        /// The schema.
        schema: String,
        /// Lane.
        lane: LaneNumber,
        /// Newest commit on the server.
        on_server: u64,
        /// Newest commit in the folder.
        here: u64,
    },
    /// The history could not be read.
    #[error(transparent)]
    History(#[from] HistoryError),
}

impl SiteError {
    /// Turns what the driver says into a sentence: its own words leave out the cause.
    fn server(doing: &'static str) -> impl FnOnce(::postgres::Error) -> Self {
        move |error| {
            let mut said = error.to_string();
            let mut cause = std::error::Error::source(&error);
            while let Some(inner) = cause {
                said = format!("{said}: {inner}");
                cause = inner.source();
            }
            Self::Server { doing, said }
        }
    }
}
