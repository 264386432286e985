//! The connection a history is forwarded over.

use super::copy::{CopyRows, RECORD_COLUMNS, SAMPLE_COLUMNS};
use super::follow::{Parcel, Progress};
use super::schema::{self, Storage};
use super::{SiteError, SiteOptions};
use crate::disk::TICK_ID;
use crate::record::{LaneNumber, Record};
use ::postgres::{Client, Config, NoTls, Transaction};
use std::collections::BTreeMap;
use std::io::Write;
use std::time::Duration;
use twin_model::SignalKey;

/// How long a connection may take, and how long a server may leave what was sent unanswered by its network.
const NETWORK_PATIENCE: Duration = Duration::from_secs(20);
/// The key of the ticks of a lane, which are no signal of the plant.
const TICK: SignalKey = SignalKey(u32::MAX);
/// First half of the number by which programs that forward keep others out ("Didy").
const LOCK: i32 = 0x4469_6479;

/// A server that is ready to take parcels.
pub(super) struct Server {
    client: Client,
    schema: String,
    /// How far each lane is, as the server has it.
    pub(super) progress: Progress,
    /// How far the records of each file are.
    pub(super) records: BTreeMap<String, i64>,
    pub(super) storage: Storage,
    /// Numbers of the signals in the tables.
    numbers: BTreeMap<SignalKey, i32>,
}

/// Connects.
///
/// # Errors
/// [`SiteError`] when the address is wrong or the server does not answer.
pub(super) fn connect(server: &str) -> Result<Client, SiteError> {
    let mut config: Config = server.parse().map_err(SiteError::server("reading its address"))?;
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(NETWORK_PATIENCE);
    }
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(NETWORK_PATIENCE);
    }
    if config.get_application_name().is_none() {
        config.application_name("didymos");
    }
    config.connect(NoTls).map_err(SiteError::server("connecting"))
}

impl Server {
    pub(super) fn open(options: &SiteOptions) -> Result<Self, SiteError> {
        let schema = schema::check_name(&options.schema)?.to_owned();
        let mut client = connect(&options.server)?;
        // Goes with the connection. Two that forward to the same tables would not know of each other's commits.
        let locked = client.query_one("SELECT pg_try_advisory_lock($1, hashtext($2))", &[&LOCK, &schema]);
        if !locked.map_err(SiteError::server("keeping others out"))?.get::<_, bool>(0) {
            return Err(SiteError::Busy { schema });
        }
        let storage = schema::prepare(&mut client, &schema)?;
        let of_progress = || SiteError::server("reading how far it is");
        let rows = client.query(&format!("SELECT lane, sequence FROM {schema}.forwarded"), &[]).map_err(of_progress())?;
        let lane = |row: &::postgres::Row| LaneNumber(u32::try_from(row.get::<_, i64>(0)).unwrap_or(u32::MAX));
        let progress = rows.iter().map(|row| (lane(row), row.get::<_, i64>(1).cast_unsigned())).collect();
        let rows = client.query(&format!("SELECT file, id FROM {schema}.forwarded_record"), &[]).map_err(of_progress())?;
        let records = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
        Ok(Self { client, schema, progress, records, storage, numbers: BTreeMap::new() })
    }

    /// Writes a parcel and how far it reaches, all of it or nothing. Returns the number of samples.
    pub(super) fn write(&mut self, parcel: &Parcel, signals: &[(String, String)]) -> Result<u64, SiteError> {
        let Self { client, schema, progress, numbers, .. } = self;
        let mut transaction = client.transaction().map_err(SiteError::server("beginning a batch"))?;
        let mut given = BTreeMap::new();
        let mut number_of = |transaction: &mut Transaction<'_>, key: SignalKey| -> Result<i32, SiteError> {
            if let Some(number) = numbers.get(&key).or_else(|| given.get(&key)) {
                return Ok(*number);
            }
            let (id, unit) = signals.get(key.index()).map_or((TICK_ID, ""), |(id, unit)| (id.as_str(), unit.as_str()));
            let sql = format!(
                "INSERT INTO {schema}.signal (id, unit) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET unit = excluded.unit RETURNING number"
            );
            let number = transaction.query_one(&sql, &[&id, &unit]).map_err(SiteError::server("naming a signal"))?.get(0);
            given.insert(key, number);
            Ok(number)
        };
        let (mut rows, mut samples) = (CopyRows::new(), 0);
        for commit in &parcel.commits {
            for sample in &commit.samples {
                rows.sample(commit.lane.0, number_of(&mut transaction, sample.signal)?, sample, commit.sequence);
            }
            if let Some(tick) = commit.tick {
                rows.tick(commit.lane.0, number_of(&mut transaction, TICK)?, tick, commit.sequence);
            }
            samples += commit.samples.len() as u64;
        }
        copy(&mut transaction, &format!("COPY {schema}.sample ({SAMPLE_COLUMNS}) FROM STDIN BINARY"), rows)?;
        for (lane, sequence) in &parcel.reaches {
            // Moves only from where this program believes the lane to be.
            let sql = format!(
                "INSERT INTO {schema}.forwarded VALUES ($1, $2)
                 ON CONFLICT (lane) DO UPDATE SET sequence = excluded.sequence WHERE {schema}.forwarded.sequence = $3"
            );
            let (lane_number, known) = (i64::from(lane.0), progress.get(lane).map_or(-1, |known| known.cast_signed()));
            let moved = transaction.execute(&sql, &[&lane_number, &sequence.cast_signed(), &known]);
            if moved.map_err(SiteError::server("noting how far it is"))? != 1 {
                return Err(SiteError::Busy { schema: schema.clone() });
            }
        }
        transaction.commit().map_err(SiteError::server("ending a batch"))?;
        numbers.append(&mut given);
        progress.extend(parcel.reaches.iter().map(|(lane, sequence)| (*lane, *sequence)));
        Ok(samples)
    }

    /// Writes records of a file and how far they reach.
    pub(super) fn write_records(&mut self, file: &str, records: &[(i64, Record)]) -> Result<(), SiteError> {
        let Some((last, _)) = records.last() else { return Ok(()) };
        let schema = &self.schema;
        let mut transaction = self.client.transaction().map_err(SiteError::server("beginning a batch"))?;
        let mut rows = CopyRows::new();
        records.iter().for_each(|(id, record)| rows.record(file, *id, record));
        copy(&mut transaction, &format!("COPY {schema}.record ({RECORD_COLUMNS}) FROM STDIN BINARY"), rows)?;
        let sql = format!("INSERT INTO {schema}.forwarded_record VALUES ($1, $2) ON CONFLICT (file) DO UPDATE SET id = excluded.id");
        transaction.execute(&sql, &[&file, last]).map_err(SiteError::server("noting how far it is"))?;
        transaction.commit().map_err(SiteError::server("ending a batch"))?;
        self.records.insert(file.to_owned(), *last);
        Ok(())
    }

    /// Lets the next one in. Without it the server does so a moment after the connection has ended.
    pub(super) fn leave(mut self) {
        // A server that does not answer has ended the connection itself, or will.
        let _ = self.client.batch_execute("SELECT pg_advisory_unlock_all()");
    }

    /// Says whether the connection still stands, without waiting.
    pub(super) fn check(&mut self) -> Result<(), SiteError> {
        self.client.is_valid(NETWORK_PATIENCE).map_err(SiteError::server("asking whether it is there"))
    }
}

fn copy(transaction: &mut Transaction<'_>, sql: &str, rows: CopyRows) -> Result<(), SiteError> {
    let mut writer = transaction.copy_in(sql).map_err(SiteError::server("beginning a COPY"))?;
    let told = |error: std::io::Error| SiteError::Server { doing: "sending rows", said: error.to_string() };
    for part in rows.finish().chunks(1 << 16) {
        writer.write_all(part).map_err(told)?;
    }
    writer.finish().map_err(SiteError::server("ending a COPY"))?;
    Ok(())
}
