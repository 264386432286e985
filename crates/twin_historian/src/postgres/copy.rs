//! Rows in PostgreSQL's binary COPY format.

use crate::Record;
use crate::export::whole_millis;
use twin_model::{Origin, Quality, Sample, TwinTime};

/// What a COPY begins with: signature, no flags, no extension.
const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
/// 2000-01-01, where PostgreSQL counts from, µs since 1970.
const EPOCH_MICROS: i64 = 946_684_800_000_000;

/// Columns of `sample` in the order of [`CopyRows::sample`].
pub(super) const SAMPLE_COLUMNS: &str = "lane, signal, source_time, source_nanos, value, quality, origin, receive_time, sequence";
/// Columns of `record` in the order of [`CopyRows::record`].
pub(super) const RECORD_COLUMNS: &str = "file, id, lane, sequence, time, time_nanos, written, kind, author, subject, body";

/// Microseconds as PostgreSQL counts them, and the nanoseconds they leave.
pub(super) fn split_time(time: TwinTime) -> (i64, i16) {
    // What is left of a division by 1000 fits into 16 bits.
    (time.0.div_euclid(1000) - EPOCH_MICROS, i16::try_from(time.0.rem_euclid(1000)).unwrap_or_default())
}

/// The opposite of [`split_time`].
pub(super) fn join_time(micros: i64, nanos: i16) -> TwinTime {
    TwinTime(micros.saturating_add(EPOCH_MICROS).saturating_mul(1000).saturating_add(i64::from(nanos)))
}

/// Rows of one COPY.
#[derive(Debug)]
pub(super) struct CopyRows {
    bytes: Vec<u8>,
}

impl CopyRows {
    pub(super) fn new() -> Self {
        Self { bytes: HEADER.to_vec() }
    }

    /// The whole COPY.
    pub(super) fn finish(mut self) -> Vec<u8> {
        self.bytes.extend_from_slice(&(-1_i16).to_be_bytes());
        self.bytes
    }

    fn begin(&mut self, columns: i16) {
        self.bytes.extend_from_slice(&columns.to_be_bytes());
    }

    fn field(&mut self, bytes: &[u8]) {
        // No text of a record has 2 GiB.
        self.bytes.extend_from_slice(&i32::try_from(bytes.len()).unwrap_or(i32::MAX).to_be_bytes());
        self.bytes.extend_from_slice(bytes);
    }

    fn text(&mut self, text: &str) {
        // PostgreSQL knows no text with a zero in it.
        match text.contains('\0') {
            true => self.field(text.replace('\0', "\u{fffd}").as_bytes()),
            false => self.field(text.as_bytes()),
        }
    }

    fn lane(&mut self, lane: i64) {
        self.field(&lane.to_be_bytes());
    }

    pub(super) fn sample(&mut self, lane: u32, signal: i32, sample: &Sample, sequence: u64) {
        let (micros, nanos) = split_time(sample.source_time);
        self.begin(9);
        self.lane(i64::from(lane));
        self.field(&signal.to_be_bytes());
        self.field(&micros.to_be_bytes());
        self.field(&nanos.to_be_bytes());
        match sample.value {
            Some(value) => self.field(&value.to_be_bytes()),
            None => self.bytes.extend_from_slice(&(-1_i32).to_be_bytes()),
        }
        self.field(&i64::from(sample.quality.0).to_be_bytes());
        self.field(&origin_number(sample.origin).to_be_bytes());
        self.field(&split_time(whole_millis(sample.receive_time)).0.to_be_bytes());
        self.field(&sequence.to_be_bytes());
    }

    /// A second of the plant clock, which stands among the samples as one without value.
    pub(super) fn tick(&mut self, lane: u32, signal: i32, time: TwinTime, sequence: u64) {
        let (quality, origin) = (Quality::GOOD, Origin::Live);
        let signal_key = twin_model::SignalKey(u32::MAX);
        let sample = Sample { signal: signal_key, value: None, quality, source_time: time, receive_time: time, origin };
        self.sample(lane, signal, &sample, sequence);
    }

    pub(super) fn record(&mut self, file: &str, id: i64, record: &Record) {
        let (micros, nanos) = split_time(record.time);
        self.begin(11);
        self.text(file);
        self.field(&id.to_be_bytes());
        self.lane(i64::from(record.lane.0));
        self.field(&record.sequence.to_be_bytes());
        self.field(&micros.to_be_bytes());
        self.field(&nanos.to_be_bytes());
        self.field(&split_time(record.written).0.to_be_bytes());
        self.text(record.kind.word());
        self.text(&record.author);
        self.text(&record.subject);
        self.text(&record.body);
    }
}

/// Where a sample comes from, as the tables have it.
pub(super) fn origin_number(origin: Origin) -> i16 {
    match origin {
        Origin::Live => 0,
        Origin::Late => 1,
        Origin::Manual => 2,
        Origin::Simulated => 3,
        Origin::Derived => 4,
    }
}

/// The opposite of [`origin_number`].
pub(super) fn origin_of(number: i16) -> Origin {
    match number {
        1 => Origin::Late,
        2 => Origin::Manual,
        3 => Origin::Simulated,
        4 => Origin::Derived,
        _ => Origin::Live,
    }
}
