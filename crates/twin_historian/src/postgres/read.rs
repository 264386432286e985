//! Reading a history back from the server.

use super::copy::{join_time, origin_of, split_time};
use super::{SiteError, schema, server};
use crate::export::HistorySource;
use crate::{LaneNumber, StoredSample};
use ::postgres::fallible_iterator::FallibleIterator;
use ::postgres::types::ToSql;
use ::postgres::{Client, IsolationLevel, Row, Transaction};
use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};
use twin_model::{Quality, Sample, SignalKey, TwinTime};

/// The reading side of a history on a server.
pub struct SiteArchive {
    client: Client,
    schema: String,
}

impl SiteArchive {
    /// Connects to `server` (as in [`SiteOptions`](super::SiteOptions)) and looks for the tables in `schema`.
    ///
    /// # Errors
    /// [`SiteError`] when the server does not answer or the name is none.
    pub fn connect(server: &str, schema: &str) -> Result<Self, SiteError> {
        let schema = schema::check_name(schema)?.to_owned();
        Ok(Self { client: server::connect(server)?, schema })
    }

    /// A view of signals of a lane that does not change while it is read. `signals` are ids with the keys their samples get.
    ///
    /// # Errors
    /// [`SiteError`] when the server does not answer or has no such tables.
    pub fn snapshot(&mut self, lane: LaneNumber, signals: &[(SignalKey, &str)]) -> Result<SiteSnapshot<'_>, SiteError> {
        let begin = self.client.build_transaction().isolation_level(IsolationLevel::RepeatableRead).read_only(true).start();
        let mut transaction = begin.map_err(SiteError::server("beginning to read"))?;
        let ids: Vec<&str> = signals.iter().map(|(_, id)| *id).collect();
        let sql = format!("SELECT id, number FROM {}.signal WHERE id = ANY($1)", self.schema);
        let rows = transaction.query(&sql, &[&ids]).map_err(SiteError::server("looking for the signals"))?;
        let numbers: BTreeMap<String, i32> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
        let keys = signals.iter().filter_map(|(key, id)| Some((*numbers.get(*id)?, *key))).collect();
        Ok(SiteSnapshot { transaction, schema: self.schema.clone(), lane: i64::from(lane.0), keys })
    }
}

/// Signals of a lane on a server, as they were at one moment.
pub struct SiteSnapshot<'a> {
    transaction: Transaction<'a>,
    schema: String,
    lane: i64,
    /// Keys by number of the signal.
    keys: BTreeMap<i32, SignalKey>,
}

/// Columns in the order [`stored`] reads them.
const COLUMNS: &str = "signal, source_time, source_nanos, value, quality, origin, receive_time, sequence";

impl SiteSnapshot<'_> {
    fn numbers(&self) -> Vec<i32> {
        self.keys.keys().copied().collect()
    }

    fn read(&mut self, sql: &str, values: &[&(dyn ToSql + Sync)], take: &mut dyn FnMut(StoredSample)) -> Result<(), SiteError> {
        let of_server = || SiteError::server("reading samples");
        let values = values.iter().map(|value| *value as &dyn ToSql);
        let values: Vec<&dyn ToSql> = values.collect();
        let mut rows = self.transaction.query_raw(sql, values).map_err(of_server())?;
        while let Some(row) = rows.next().map_err(of_server())? {
            if let Some(found) = stored(&row, &self.keys) {
                take(found);
            }
        }
        Ok(())
    }

    /// The first or last time of the lane.
    fn edge(&mut self, which: &str, order: &str) -> Result<Option<TwinTime>, SiteError> {
        let schema = &self.schema;
        // One look into the index for each signal instead of one through all samples.
        let sql = format!(
            "SELECT t, (SELECT {which}(source_nanos) FROM {schema}.sample s JOIN {schema}.signal g ON s.signal = g.number
                        WHERE s.lane = $1 AND s.source_time = t)
             FROM (SELECT x.t FROM {schema}.signal g, LATERAL
                   (SELECT {which}(source_time) AS t FROM {schema}.sample WHERE lane = $1 AND signal = g.number) x
                   WHERE x.t IS NOT NULL ORDER BY x.t {order} LIMIT 1) y"
        );
        let row = self.transaction.query_opt(&sql, &[&self.lane]).map_err(SiteError::server("reading the range"))?;
        Ok(row.map(|row| join_time(micros(&row, 0), row.get(1))))
    }
}

impl HistorySource for SiteSnapshot<'_> {
    type Error = SiteError;

    fn extent(&mut self) -> Result<Option<(TwinTime, TwinTime)>, SiteError> {
        Ok(self.edge("min", "ASC")?.zip(self.edge("max", "DESC")?))
    }

    fn newest(&mut self, at: TwinTime, take: &mut dyn FnMut(StoredSample)) -> Result<(), SiteError> {
        let (time, nanos) = time_of(at);
        let sql = format!(
            "SELECT x.* FROM unnest($1::int4[]) AS n(number), LATERAL
             (SELECT {COLUMNS} FROM {}.sample WHERE lane = $2 AND signal = n.number AND (source_time, source_nanos) <= ($3, $4)
              ORDER BY source_time DESC, source_nanos DESC, sequence DESC, ctid DESC LIMIT 1) x",
            self.schema
        );
        let (numbers, lane) = (self.numbers(), self.lane);
        self.read(&sql, &[&numbers, &lane, &time, &nanos], take)
    }

    fn between(&mut self, from: TwinTime, to: TwinTime, take: &mut dyn FnMut(StoredSample)) -> Result<(), SiteError> {
        let ((first, first_nanos), (last, last_nanos)) = (time_of(from), time_of(to));
        let sql = format!(
            "SELECT {COLUMNS} FROM {}.sample WHERE lane = $1 AND signal = ANY($2)
             AND (source_time, source_nanos) >= ($3, $4) AND (source_time, source_nanos) <= ($5, $6)
             ORDER BY source_time, source_nanos, sequence, ctid",
            self.schema
        );
        let (numbers, lane) = (self.numbers(), self.lane);
        self.read(&sql, &[&lane, &numbers, &first, &first_nanos, &last, &last_nanos], take)
    }
}

/// A time as the driver takes it, and the nanoseconds it cannot.
fn time_of(time: TwinTime) -> (SystemTime, i16) {
    let (_, nanos) = split_time(time);
    let span = Duration::from_micros(time.0.div_euclid(1000).unsigned_abs());
    let whole = if time.0 >= 0 { SystemTime::UNIX_EPOCH + span } else { SystemTime::UNIX_EPOCH - span };
    (whole, nanos)
}

/// A time column in microseconds as PostgreSQL counts them.
fn micros(row: &Row, column: usize) -> i64 {
    let time: SystemTime = row.get(column);
    let micros = |span: Duration| i64::try_from(span.as_micros()).unwrap_or(i64::MAX);
    let since_1970 = time.duration_since(SystemTime::UNIX_EPOCH).map_or_else(|before| -micros(before.duration()), micros);
    split_time(TwinTime(since_1970.saturating_mul(1000))).0
}

fn stored(row: &Row, keys: &BTreeMap<i32, SignalKey>) -> Option<StoredSample> {
    let sample = Sample {
        signal: *keys.get(&row.get(0))?,
        source_time: join_time(micros(row, 1), row.get(2)),
        value: row.get(3),
        quality: Quality(u32::try_from(row.get::<_, i64>(4)).ok()?),
        origin: origin_of(row.get(5)),
        receive_time: join_time(micros(row, 6), 0),
    };
    Some(StoredSample { sample, sequence: row.get::<_, i64>(7).cast_unsigned() })
}
