//! Samples as bytes: compressed chunks, and the plain rows of the tail.
//!
//! Both end with a CRC-32 of what stands before it. A chunk holds its columns one after the other, each with its length:
//! source time, value, quality with origin, receive time, commit. `pco` finds the regular step of a clock and the decimal
//! resolution of an instrument by itself.

use crate::StoredSample;
use crate::record::LaneNumber;
use pco::standalone::{simple_compress, simple_decompress};
use pco::{ChunkConfig, data_types::Number};
use twin_model::{Origin, Quality, Sample, SignalKey, TwinTime};

/// Why bytes are no samples.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodecError {
    /// The checksum does not match: bytes were altered or lost.
    #[error("the checksum does not match")]
    Checksum,
    /// A version this program does not know.
    #[error("samples are written in version {version}, this program reads up to {FORMAT}")]
    Version {
        /// Version found.
        version: u8,
    },
    /// Lengths that do not fit, or columns of different length.
    #[error("the samples are damaged: {detail}")]
    Damaged {
        /// What does not fit.
        detail: String,
    },
}

/// Version of the layout of a chunk and of a tail row.
const FORMAT: u8 = 1;
/// Bits of a value that is missing: a NaN no instrument sends.
const MISSING: u64 = 0x7ff8_d1d7_0000_0001;
/// pco's effort. Higher ones gain below 1 % on plant data and take twice the time.
const LEVEL: usize = 6;
const NANOS_PER_MILLI: i64 = 1_000_000;
/// Bytes of one sample in a tail row.
const TAIL_SAMPLE_BYTES: usize = 4 + 8 + 4 + 1 + 8 + 8;

/// Samples of one signal in order of source time, as columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SampleColumns {
    pub(crate) times: Vec<i64>,
    pub(crate) values: Vec<f64>,
    pub(crate) quality_origins: Vec<u64>,
    pub(crate) receive_millis: Vec<i64>,
    pub(crate) sequences: Vec<u64>,
}

impl SampleColumns {
    /// Number of samples.
    pub fn len(&self) -> usize {
        self.times.len()
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.times.is_empty()
    }

    /// Inserts a sample behind all samples of its time or earlier.
    pub(crate) fn insert(&mut self, sample: &Sample, sequence: u64) {
        let time = sample.source_time.0;
        let at = match self.times.last() {
            Some(last) if *last > time => self.times.partition_point(|t| *t <= time),
            _ => self.times.len(),
        };
        self.times.insert(at, time);
        self.values.insert(at, value_bits(sample.value));
        self.quality_origins.insert(at, quality_origin(sample));
        self.receive_millis.insert(at, sample.receive_time.0.div_euclid(NANOS_PER_MILLI));
        self.sequences.insert(at, sequence);
    }

    /// The samples with the number of their commit.
    pub fn samples(&self, signal: SignalKey) -> impl Iterator<Item = (Sample, u64)> + '_ {
        (0..self.len()).map(move |i| self.get(signal, i))
    }

    /// Numbers of the samples from `from` to `to`, both included.
    pub(crate) fn between(&self, from: TwinTime, to: TwinTime) -> std::ops::Range<usize> {
        self.times.partition_point(|t| *t < from.0)..self.times.partition_point(|t| *t <= to.0)
    }

    pub(crate) fn get(&self, signal: SignalKey, i: usize) -> (Sample, u64) {
        let (quality, origin) = split_quality(self.quality_origins[i]);
        let sample = Sample {
            signal,
            value: value_of(self.values[i]),
            quality,
            source_time: TwinTime(self.times[i]),
            receive_time: TwinTime(self.receive_millis[i].saturating_mul(NANOS_PER_MILLI)),
            origin,
        };
        (sample, self.sequences[i])
    }

    /// The newest sample at or before an instant.
    pub fn latest_at(&self, signal: SignalKey, time: TwinTime) -> Option<StoredSample> {
        let end = self.times.partition_point(|t| *t <= time.0);
        let (sample, sequence) = self.get(signal, end.checked_sub(1)?);
        Some(StoredSample { sample, sequence })
    }

    /// Splits off the samples up to `time` included; they are left behind in `self`'s place.
    pub(crate) fn split_up_to(&mut self, time: i64) -> Self {
        let at = self.times.partition_point(|t| *t <= time);
        let rest = Self {
            times: self.times.split_off(at),
            values: self.values.split_off(at),
            quality_origins: self.quality_origins.split_off(at),
            receive_millis: self.receive_millis.split_off(at),
            sequences: self.sequences.split_off(at),
        };
        std::mem::replace(self, rest)
    }

    /// The columns as bytes.
    pub(crate) fn encode(&self) -> Result<Vec<u8>, CodecError> {
        let mut out = vec![FORMAT];
        push_column(&mut out, &self.times)?;
        push_column(&mut out, &self.values)?;
        push_column(&mut out, &self.quality_origins)?;
        push_column(&mut out, &self.receive_millis)?;
        push_column(&mut out, &self.sequences)?;
        seal(&mut out);
        Ok(out)
    }

    /// The columns from bytes.
    ///
    /// # Errors
    /// [`CodecError`] when the bytes were altered or are of a newer version.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, CodecError> {
        let mut rest = opened(bytes)?;
        let columns = Self {
            times: take_column(&mut rest)?,
            values: take_column(&mut rest)?,
            quality_origins: take_column(&mut rest)?,
            receive_millis: take_column(&mut rest)?,
            sequences: take_column(&mut rest)?,
        };
        let lengths = [columns.values.len(), columns.quality_origins.len(), columns.receive_millis.len(), columns.sequences.len()];
        match lengths.iter().all(|length| *length == columns.len()) {
            true => Ok(columns),
            false => Err(damaged("columns of different length")),
        }
    }
}

/// The samples of one commit as a tail row holds them.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TailCommit {
    pub lane: LaneNumber,
    pub sequence: u64,
    pub tick: Option<TwinTime>,
    /// File-local signal number and sample.
    pub samples: Vec<(u32, Sample)>,
}

/// Begins a tail row.
pub(crate) fn begin_tail() -> Vec<u8> {
    vec![FORMAT]
}

/// Adds one commit to a tail row. `number_of` gives the file-local number of a signal.
pub(crate) fn push_tail(
    out: &mut Vec<u8>,
    lane: LaneNumber,
    sequence: u64,
    tick: Option<TwinTime>,
    samples: &[Sample],
    number_of: impl Fn(SignalKey) -> u32,
) {
    out.reserve(29 + samples.len() * TAIL_SAMPLE_BYTES);
    out.extend_from_slice(&lane.0.to_le_bytes());
    out.extend_from_slice(&sequence.to_le_bytes());
    out.push(u8::from(tick.is_some()));
    out.extend_from_slice(&tick.map_or(0, |time| time.0).to_le_bytes());
    // A batch of more than four billion samples cannot be held in memory.
    out.extend_from_slice(&u32::try_from(samples.len()).unwrap_or(u32::MAX).to_le_bytes());
    for sample in samples {
        out.extend_from_slice(&number_of(sample.signal).to_le_bytes());
        out.extend_from_slice(&value_bits(sample.value).to_bits().to_le_bytes());
        out.extend_from_slice(&sample.quality.0.to_le_bytes());
        out.push(origin_number(sample.origin));
        out.extend_from_slice(&sample.source_time.0.to_le_bytes());
        out.extend_from_slice(&sample.receive_time.0.to_le_bytes());
    }
}

/// Ends a tail row with its checksum.
pub(crate) fn seal(out: &mut Vec<u8>) {
    let sum = crc32fast::hash(out);
    out.extend_from_slice(&sum.to_le_bytes());
}

/// The commits of a tail row.
///
/// # Errors
/// [`CodecError`] when the bytes were altered or are of a newer version.
pub(crate) fn decode_tail(bytes: &[u8]) -> Result<Vec<TailCommit>, CodecError> {
    let mut rest = opened(bytes)?;
    let mut commits = Vec::new();
    while !rest.is_empty() {
        let lane = LaneNumber(u32::from_le_bytes(take(&mut rest)?));
        let sequence = u64::from_le_bytes(take(&mut rest)?);
        let [has_tick] = take(&mut rest)?;
        let tick = i64::from_le_bytes(take(&mut rest)?);
        let count = u32::from_le_bytes(take(&mut rest)?) as usize;
        if count > rest.len() / TAIL_SAMPLE_BYTES {
            return Err(damaged("more samples announced than bytes are left"));
        }
        let mut samples = Vec::with_capacity(count);
        for _ in 0..count {
            let number = u32::from_le_bytes(take(&mut rest)?);
            let value = value_of(f64::from_bits(u64::from_le_bytes(take(&mut rest)?)));
            let quality = Quality(u32::from_le_bytes(take(&mut rest)?));
            let [origin] = take(&mut rest)?;
            let source_time = TwinTime(i64::from_le_bytes(take(&mut rest)?));
            let receive_time = TwinTime(i64::from_le_bytes(take(&mut rest)?));
            let origin = origin_of(origin);
            samples.push((number, Sample { signal: SignalKey(number), value, quality, source_time, receive_time, origin }));
        }
        commits.push(TailCommit { lane, sequence, tick: (has_tick == 1).then_some(TwinTime(tick)), samples });
    }
    Ok(commits)
}

fn value_bits(value: Option<f64>) -> f64 {
    value.unwrap_or(f64::from_bits(MISSING))
}

fn value_of(stored: f64) -> Option<f64> {
    (stored.to_bits() != MISSING).then_some(stored)
}

fn quality_origin(sample: &Sample) -> u64 {
    u64::from(sample.quality.0) << 8 | u64::from(origin_number(sample.origin))
}

fn split_quality(stored: u64) -> (Quality, Origin) {
    let [origin, ..] = stored.to_le_bytes();
    // Eight bits were shifted out, so that 32 remain of what was written.
    (Quality(u32::try_from((stored >> 8) & 0xffff_ffff).unwrap_or(u32::MAX)), origin_of(origin))
}

fn origin_number(origin: Origin) -> u8 {
    match origin {
        Origin::Live => 0,
        Origin::Late => 1,
        Origin::Manual => 2,
        Origin::Simulated => 3,
        Origin::Derived => 4,
    }
}

fn origin_of(number: u8) -> Origin {
    match number {
        1 => Origin::Late,
        2 => Origin::Manual,
        3 => Origin::Simulated,
        4 => Origin::Derived,
        _ => Origin::Live,
    }
}

fn damaged(detail: &str) -> CodecError {
    CodecError::Damaged { detail: detail.to_owned() }
}

fn push_column<T: Number>(out: &mut Vec<u8>, column: &[T]) -> Result<(), CodecError> {
    let config = ChunkConfig::default().with_compression_level(LEVEL);
    let bytes = simple_compress(column, &config).map_err(|error| damaged(&error.to_string()))?;
    let length = u32::try_from(bytes.len()).map_err(|_| damaged("a column of more than 4 GiB"))?;
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(&bytes);
    Ok(())
}

fn take_column<T: Number>(rest: &mut &[u8]) -> Result<Vec<T>, CodecError> {
    let length = u32::from_le_bytes(take(rest)?) as usize;
    let (column, after) = rest.split_at_checked(length).ok_or_else(|| damaged("a column ends early"))?;
    *rest = after;
    simple_decompress(column).map_err(|error| damaged(&error.to_string()))
}

fn take<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], CodecError> {
    let (first, after) = rest.split_first_chunk().ok_or_else(|| damaged("the bytes end early"))?;
    *rest = after;
    Ok(*first)
}

/// What stands between the version and the checksum, once both are right.
fn opened(bytes: &[u8]) -> Result<&[u8], CodecError> {
    let (body, sum) = bytes.split_last_chunk::<4>().ok_or_else(|| damaged("no checksum"))?;
    if crc32fast::hash(body) != u32::from_le_bytes(*sum) {
        return Err(CodecError::Checksum);
    }
    match body.split_first() {
        Some((&FORMAT, rest)) => Ok(rest),
        Some((&version, _)) => Err(CodecError::Version { version }),
        None => Err(damaged("nothing but a checksum")),
    }
}
