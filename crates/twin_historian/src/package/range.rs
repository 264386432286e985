//! Which commits, samples and keyframes of a history belong into a package.

use super::{PackageError, PackageOptions};
use crate::disk::{Archive, Commit, HistoryError, HistoryReader};
use crate::record::LaneNumber;
use std::collections::BTreeMap;
use twin_model::{Origin, Sample, SignalKey, TwinTime};

/// How far before the range a keyframe may stand to begin the package, s.
const REACH_SECS: f64 = 3600.0;
/// Samples read at a time, in the mean.
const SAMPLES_AT_ONCE: usize = 250_000;

/// The whole commits of a package, and when they begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    pub first: u64,
    pub last: u64,
    /// Plant time of the first commit, or the beginning of the range if that is earlier.
    pub opening: TwinTime,
    pub to: TwinTime,
}

/// A saved state as its file holds it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Keyframe {
    pub kind: String,
    pub time_ns: i64,
    pub sequence: u64,
    /// Which of the readers has it.
    pub reader: usize,
}

/// Finds the commits for a package.
pub(super) fn find(archive: &Archive, options: &PackageOptions) -> Result<(Range, Vec<Keyframe>), HistoryError> {
    let (lane, from, to) = (options.lane, options.from, options.to);
    let refused = |source| HistoryError::Package { path: archive.root().to_owned(), source };
    if to <= from {
        return Err(refused(PackageError::Reversed { from, to }));
    }
    let reach = from.plus_secs(-REACH_SECS);
    let mut clock = clock_of(archive, lane, reach, to)?;
    clock.sort_unstable_by_key(|(_, sequence)| *sequence);
    let at = |time: TwinTime| clock.iter().rev().find(|(tick, _)| *tick <= time).map(|(_, sequence)| *sequence);
    let (oldest, newest) = whole_commits(archive, lane)?;
    let begin = at(from).unwrap_or(oldest).max(oldest);
    let last = clock.iter().find(|(time, _)| *time > to).map_or(newest, |(_, sequence)| sequence.saturating_sub(1).min(newest));
    // A range between two ticks holds no tick, and one in which nothing was recorded may be told of late.
    let is_empty = !clock.iter().any(|(time, _)| (from..=to).contains(time)) && !has_samples(archive, options)?;
    if is_empty {
        return Err(refused(PackageError::Empty { lane: lane.0, from, to, extent: archive.extent(lane)? }));
    }
    let keyframes = keyframes_of(archive, lane, at(reach).unwrap_or(0), begin, last)?;
    let first = keyframes.iter().map(|keyframe| keyframe.sequence).fold(begin, u64::min);
    let opening = clock.iter().rev().find(|(_, sequence)| *sequence <= first).map_or(from, |(time, _)| from.min(*time));
    Ok((Range { first, last, opening, to }, keyframes))
}

/// Numbers of the first and last commit of a lane that are there as a whole. A package also has parts of others.
fn whole_commits(archive: &Archive, lane: LaneNumber) -> Result<(u64, u64), HistoryError> {
    let (mut first, mut last) = (u64::MAX, 0);
    for reader in archive.readers() {
        let said = |key: &str| Ok::<_, HistoryError>(reader.meta(key)?.and_then(|number| number.parse::<u64>().ok()));
        let bounds = match (said("package.first_sequence")?, said("package.last_sequence")?) {
            (Some(first), Some(last)) => Some((first, last)),
            _ => reader.first_sequence(lane)?.map(|first| Ok::<_, HistoryError>((first, reader.last_sequence(lane)?))).transpose()?,
        };
        if let Some((its_first, its_last)) = bounds {
            (first, last) = (first.min(its_first), last.max(its_last));
        }
    }
    Ok((if first == u64::MAX { 0 } else { first }, last))
}

/// Whether any signal has a sample in the range.
fn has_samples(archive: &Archive, options: &PackageOptions) -> Result<bool, HistoryError> {
    let mut found = false;
    let in_range = |sample: &Sample| (options.from..=options.to).contains(&sample.source_time);
    for reader in archive.readers() {
        reader.tail_samples(options.lane, |sample, _| found |= in_range(&sample));
        for key in (0..archive.signals()).map(SignalKey) {
            if found {
                return Ok(true);
            }
            reader.samples(options.lane, key, options.from, options.to, |sample, _| found |= in_range(&sample))?;
        }
    }
    Ok(found)
}

/// Instants of the plant clock with their commits: all from the newest at or before `from` to the first one after `to`.
fn clock_of(archive: &Archive, lane: LaneNumber, from: TwinTime, to: TwinTime) -> Result<Vec<(TwinTime, u64)>, HistoryError> {
    let mut ticks = Vec::new();
    for reader in archive.readers() {
        ticks.extend(reader.ticks(lane, from, to)?);
    }
    if ticks.is_empty() {
        // A lane without a clock: its newest sample so far stands for it.
        let mut newest = TwinTime(i64::MIN);
        for_each_part(archive, lane, 0, u64::MAX, |commits| {
            for commit in commits {
                let on_time = commit.samples.iter().filter(|sample| sample.origin != Origin::Late);
                newest = on_time.map(|sample| sample.source_time).fold(newest, TwinTime::max);
                ticks.push((newest, commit.sequence));
            }
            Ok(())
        })?;
    }
    Ok(ticks)
}

/// Of every kind the newest keyframe at or before commit `begin` that is no older than commit `reach`, and all after it up to
/// commit `last`. The commit counts and not the time: a state that is replaced all the time has none.
fn keyframes_of(archive: &Archive, lane: LaneNumber, reach: u64, begin: u64, last: u64) -> Result<Vec<Keyframe>, HistoryError> {
    let mut found: BTreeMap<(String, u64, i64), Keyframe> = BTreeMap::new();
    let bounds = (i64::try_from(reach).unwrap_or(i64::MAX), i64::try_from(last).unwrap_or(i64::MAX));
    for (index, reader) in archive.readers().iter().enumerate() {
        let sql = "SELECT kind, time_ns, sequence FROM keyframe WHERE lane = ?1 AND sequence BETWEEN ?2 AND ?3";
        let read = |row: &rusqlite::Row<'_>| {
            let sequence = u64::try_from(row.get::<_, i64>(2)?).unwrap_or(0);
            Ok(Keyframe { kind: row.get(0)?, time_ns: row.get(1)?, sequence, reader: index })
        };
        for keyframe in reader.rows(sql, rusqlite::params![lane.0, bounds.0, bounds.1], read)? {
            found.insert((keyframe.kind.clone(), keyframe.sequence, keyframe.time_ns), keyframe);
        }
    }
    let mut newest_before: BTreeMap<String, u64> = BTreeMap::new();
    for (kind, sequence, _) in found.keys().filter(|(_, sequence, _)| *sequence <= begin) {
        newest_before.insert(kind.clone(), *sequence);
    }
    Ok(found.into_values().filter(|k| newest_before.get(&k.kind).is_none_or(|oldest| k.sequence >= *oldest)).collect())
}

/// Hands on the commits numbered `first` to `last` in order, some at a time.
pub(super) fn for_each_part(
    archive: &Archive,
    lane: LaneNumber,
    first: u64,
    last: u64,
    mut take: impl FnMut(Vec<Commit>) -> Result<(), HistoryError>,
) -> Result<(), HistoryError> {
    let last = last.min(archive.last_sequence(lane)?);
    let mut oldest = None;
    for reader in archive.readers() {
        oldest = oldest.into_iter().chain(reader.first_sequence(lane)?).min();
    }
    let (mut next, mut width) = (first.max(oldest.unwrap_or(0)), 64_u64);
    while next <= last {
        let end = next.saturating_add(width - 1).min(last);
        let mut commits = archive.commits(lane, next, end)?;
        // A group whose confirmation was lost stands in two files.
        commits.dedup();
        let samples: usize = commits.iter().map(|commit| commit.samples.len()).sum();
        take(commits)?;
        width = match samples {
            few if few < SAMPLES_AT_ONCE / 2 => (width * 2).min(1 << 20),
            many if many > SAMPLES_AT_ONCE * 2 => (width / 2).max(1),
            _ => width,
        };
        let Some(following) = end.checked_add(1) else { break };
        next = following;
    }
    Ok(())
}

/// A sample with the number of its commit.
type Numbered = (Sample, u64);

/// Samples that belong to the package though their commits do not: those in the range, and the opening state. By commit.
pub(super) fn outside(archive: &Archive, lane: LaneNumber, range: Range) -> Result<BTreeMap<u64, Vec<Sample>>, HistoryError> {
    let mut tails: BTreeMap<SignalKey, Vec<Numbered>> = BTreeMap::new();
    for reader in archive.readers() {
        reader.tail_samples(lane, |sample, sequence| tails.entry(sample.signal).or_default().push((sample, sequence)));
    }
    let mut found: BTreeMap<u64, Vec<Sample>> = BTreeMap::new();
    for key in (0..archive.signals()).map(SignalKey) {
        let tail = tails.get(&key).map_or(&[][..], Vec::as_slice);
        let samples = reaching_back(archive.readers(), lane, key, tail, range.opening, range.to)?;
        let (before, mut samples): (Vec<_>, Vec<_>) = samples.into_iter().partition(|(sample, _)| sample.source_time <= range.opening);
        let newest = before.iter().copied().max_by_key(|(sample, sequence)| (sample.source_time, *sequence));
        samples.extend(before.into_iter().filter(|(sample, _)| newest.is_some_and(|(newest, _)| newest.source_time == sample.source_time)));
        // What came after the range had begun about the time before it hides what was known then.
        if let Some((hiding, _)) = newest.filter(|(_, sequence)| *sequence >= range.first) {
            let known = known_before(archive.readers(), lane, key, tail, hiding.source_time, range.first)?;
            let is_there = |known: &Numbered| samples.iter().any(|(s, n)| (s.source_time, *n) == (known.0.source_time, known.1));
            samples.extend(known.filter(|known| !is_there(known)));
        }
        samples.retain(|(_, sequence)| !(range.first..=range.last).contains(sequence));
        for (sample, sequence) in samples {
            found.entry(sequence).or_default().push(sample);
        }
    }
    for samples in found.values_mut() {
        samples.sort_by_key(|sample| (sample.source_time, sample.signal));
        samples.dedup();
    }
    Ok(found)
}

/// Samples of a signal from `from` to `to`, and the newest before in each file that may have it.
fn reaching_back(
    readers: &[HistoryReader],
    lane: LaneNumber,
    key: SignalKey,
    tail: &[Numbered],
    from: TwinTime,
    to: TwinTime,
) -> Result<Vec<Numbered>, HistoryError> {
    let mut samples: Vec<Numbered> = tail.iter().copied().filter(|(sample, _)| sample.source_time <= to).collect();
    let mut answered_on: Option<&str> = None;
    for reader in readers.iter().rev() {
        // Files of one day may overlap; those of the days before have nothing newer.
        if answered_on.is_some_and(|day| day != reader.day()) {
            break;
        }
        if reader.samples(lane, key, from, to, |sample, sequence| samples.push((sample, sequence)))? {
            answered_on = Some(reader.day());
        }
    }
    Ok(samples)
}

/// The newest sample before `time` of a commit before `first`, found by looking back in steps that double.
fn known_before(
    readers: &[HistoryReader],
    lane: LaneNumber,
    key: SignalKey,
    tail: &[Numbered],
    time: TwinTime,
    first: u64,
) -> Result<Option<Numbered>, HistoryError> {
    let mut back_ns = 60_000_000_000_i64;
    loop {
        let from = TwinTime(time.0.saturating_sub(back_ns));
        let samples = reaching_back(readers, lane, key, tail, from, time)?;
        let reaches_back = samples.iter().any(|(sample, _)| sample.source_time < from);
        let known = samples.into_iter().filter(|(_, sequence)| *sequence < first);
        let newest = known.max_by_key(|(sample, sequence)| (sample.source_time, *sequence));
        if newest.is_some() || !reaches_back {
            return Ok(newest);
        }
        back_ns = back_ns.saturating_mul(2);
    }
}
