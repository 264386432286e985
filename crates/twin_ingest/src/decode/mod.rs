//! From a topic and a payload to samples: pure, without I/O.

mod convert;
mod payload;
mod quality_text;
mod routes;
mod time_text;
mod topic;

use crate::problem::InputProblem;
pub(crate) use convert::SignalDecoding;
use payload::Parts;
pub(crate) use payload::Scalar;
use quality_text::Read;
use routes::{Route, Router};
use std::sync::Arc;
pub(crate) use topic::TopicTemplate;
use twin_model::document::{SourceSettings, TimeFormat};
use twin_model::{Batch, Origin, Plant, PlantClock, Quality, Sample, SignalKey, TwinTime};

/// Longest payload decoded, unless set otherwise.
const MAX_PAYLOAD_BYTES: usize = 1 << 20;
/// Clocks may differ by this much before a sample counts as from the future; times the plant speed where that is above 1.
const FUTURE_TOLERANCE_SECS: f64 = 5.0;
/// A sample this far ahead is refused: its clock was never set.
const FUTURE_LIMIT_SECS: f64 = 86_400.0;
/// A newest sample older than this on arrival is filed as late …
const OLD_AFTER_PLANT_SECS: f64 = 60.0;
/// … plus this much wall time, times the plant speed.
const OLD_AFTER_WALL_SECS: f64 = 10.0;

/// What became of one message.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decoded {
    /// Samples written to the batch.
    pub samples: u32,
    /// Of these, late ones (older than their signal's newest, or far behind the plant clock).
    pub late: u32,
    /// Of these, ahead of the plant clock by more than 5 s; their quality is Uncertain.
    pub future: u32,
    /// Of these, outside the declared range; their quality is Uncertain.
    pub out_of_range: u32,
    /// Parts of the message that gave no sample.
    pub refused: u32,
    /// True for a retained message: it gives no samples, because nobody knows when its value was true.
    pub retained: bool,
    /// Index of the session (in [`SourceSettings::sessions`]) that sent it.
    pub session: Option<usize>,
    /// The first thing that was wrong although the message as a whole could be used.
    pub problem: Option<InputProblem>,
}

/// Turns messages of one source into samples. Remembers each signal's newest time and the topics it has seen.
#[derive(Debug)]
pub struct Decoder {
    router: Router,
    state: DecoderState,
    max_payload_bytes: usize,
}

/// What changes from sample to sample.
#[derive(Debug)]
struct DecoderState {
    signals: Vec<convert::SignalDecoding>,
    newest: Vec<TwinTime>,
    time_format: TimeFormat,
    clock: Option<PlantClock>,
    /// True while a plant with a clock of its own has not told it: then nothing is old or from the future.
    is_clock_unknown: bool,
    classic_quality: bool,
}

impl Decoder {
    /// A decoder for one source of a plant.
    pub fn new(plant: &Plant, source: &SourceSettings) -> Self {
        let state = DecoderState {
            signals: plant.signals.iter().map(|(_, info)| convert::SignalDecoding::new(info)).collect(),
            newest: vec![TwinTime(i64::MIN); plant.signals.len()],
            time_format: source.payload.time_format,
            clock: None,
            is_clock_unknown: false,
            classic_quality: false,
        };
        Self { router: Router::new(plant, source), state, max_payload_bytes: MAX_PAYLOAD_BYTES }
    }

    /// MQTT filters that deliver every topic of the source's signals.
    pub fn filters(&self) -> Vec<String> {
        self.router.filters()
    }

    /// Longest payload read; longer ones are [`InputProblem::TooLarge`]. 1 MiB unless set.
    pub fn set_max_payload_bytes(&mut self, bytes: usize) {
        self.max_payload_bytes = bytes;
    }

    /// The clock late and future are judged against. Without one it is the receive time.
    pub fn set_plant_clock(&mut self, clock: PlantClock) {
        self.state.clock = Some(clock);
        self.state.is_clock_unknown = false;
    }

    /// Tells that the plant has a clock of its own that is not known yet: until it is, nothing is old or from the future.
    pub fn set_plant_clock_unknown(&mut self) {
        self.state.is_clock_unknown = true;
    }

    /// Plant time at a receive time.
    pub fn plant_time(&self, receive_time: TwinTime) -> TwinTime {
        self.state.plant_time(receive_time)
    }

    /// Notes a sample of the signal that came another way (a stale mark): older ones are late from now on.
    pub fn note(&mut self, signal: SignalKey, time: TwinTime) {
        if let Some(newest) = self.state.newest.get_mut(signal.index()) {
            *newest = (*newest).max(time);
        }
    }

    /// Judges a value that came without a payload, from a recording: against the range of its signal, and in time.
    ///
    /// # Errors
    /// [`InputProblem::BadTime`] more than a day ahead of the plant clock.
    pub(crate) fn place(&mut self, mut sample: Sample, decoded: &mut Decoded) -> Result<Sample, InputProblem> {
        if let Some((value, decoding)) = sample.value.zip(self.state.signals.get(sample.signal.index()))
            && !decoding.is_in_range(value)
        {
            decoded.out_of_range += 1;
            sample.quality = sample.quality.worst(Quality::UNCERTAIN_RANGE_EXCEEDED);
        }
        let plant_now = self.state.plant_time(sample.receive_time);
        sample.origin = self.state.place_in_time(sample.signal, sample.source_time, plant_now, &mut sample.quality, decoded)?;
        decoded.samples += 1;
        Ok(sample)
    }

    /// Decodes one message and appends its samples to `batch`.
    ///
    /// Samples of an array that were good before the payload breaks off are kept. A retained message gives no samples.
    /// A sample without source time gets the plant time of its arrival.
    ///
    /// # Errors
    /// [`InputProblem`] when the message gave nothing at all.
    pub fn decode(
        &mut self,
        topic: &str,
        payload: &[u8],
        retained: bool,
        receive_time: TwinTime,
        batch: &mut Batch,
    ) -> Result<Decoded, InputProblem> {
        if payload.len() > self.max_payload_bytes {
            return Err(InputProblem::TooLarge { bytes: payload.len(), limit: self.max_payload_bytes });
        }
        let routes = self.router.routes(topic).ok_or(InputProblem::UnknownTopic)?;
        let mut decoded = Decoded { session: routes.session, retained, ..Decoded::default() };
        if retained {
            return Ok(decoded);
        }
        let outcome = read(&routes.routes, &self.router, &mut self.state, payload, receive_time, batch, &mut decoded);
        match outcome {
            Err(problem) if decoded.samples == 0 => Err(problem),
            Err(problem) => {
                decoded.refused += 1;
                decoded.problem.get_or_insert(problem);
                Ok(decoded)
            }
            Ok(()) if decoded.samples == 0 => Err(decoded.problem.take().unwrap_or(InputProblem::NoValue)),
            Ok(()) => Ok(decoded),
        }
    }
}

/// The quality a word, an OPC name or a number stands for, by the rules for payloads; `None` for what is not understood.
pub(crate) fn quality_of_text(text: &str) -> Option<Quality> {
    quality_with_history(text, &mut false)
}

/// As [`quality_of_text`]; `classic` becomes true with the first OPC Classic code, because 0 is Bad from then on.
pub(crate) fn quality_with_history(text: &str, classic: &mut bool) -> Option<Quality> {
    match quality_text::read(&Scalar::Text(text.into()), &Scalar::Absent, *classic) {
        Read::Known(quality) => Some(quality),
        Read::Classic(quality) => {
            *classic = true;
            Some(quality)
        }
        Read::Unknown => None,
    }
}

/// The instant a JSON value names, by the rules for source times.
pub(crate) fn time_of(value: &serde_json::Value) -> Option<TwinTime> {
    time_text::parse(&payload::scalar_of(value), TimeFormat::Auto)
}

fn read(
    routes: &Arc<[Route]>,
    router: &Router,
    state: &mut DecoderState,
    payload: &[u8],
    receive_time: TwinTime,
    batch: &mut Batch,
    decoded: &mut Decoded,
) -> Result<(), InputProblem> {
    let fields = |route: &Route| router.fields(route.fields);
    match routes.as_ref() {
        [route] if fields(route).is_flat() => {
            let outcome =
                payload::read_flat(payload, fields(route), &mut |parts| state.accept(route.signal, &parts, receive_time, batch, decoded));
            match outcome {
                Err(error) if decoded.samples == 0 && decoded.refused == 0 => match bare_word(payload) {
                    Some(word) if state.takes_words(route.signal) => {
                        let parts = Parts { value: Scalar::Text(word.into()), ..Parts::default() };
                        state.accept(route.signal, &parts, receive_time, batch, decoded);
                        Ok(())
                    }
                    _ => Err(json_problem(&error, payload)),
                },
                outcome => outcome.map_err(|error| json_problem(&error, payload)),
            }
        }
        routes => {
            let value: serde_json::Value = serde_json::from_slice(payload).map_err(|error| json_problem(&error, payload))?;
            let elements = value.as_array().map_or(std::slice::from_ref(&value), Vec::as_slice);
            for element in elements {
                for route in routes {
                    state.accept(route.signal, &fields(route).cut(element), receive_time, batch, decoded);
                }
            }
            Ok(())
        }
    }
}

/// A short word without quotes, as `mosquitto_pub -m running` sends it.
fn bare_word(payload: &[u8]) -> Option<&str> {
    let word = std::str::from_utf8(payload).ok()?.trim();
    (word.len() <= 64 && word.starts_with(|c: char| c.is_alphabetic())).then_some(word)
}

fn json_problem(error: &serde_json::Error, payload: &[u8]) -> InputProblem {
    let is_name_of_no_number = bare_word(payload).is_some_and(|word| word.parse::<f64>().is_ok());
    if is_name_of_no_number || (error.is_syntax() && error.to_string().starts_with("number out of range")) {
        InputProblem::NotFinite
    } else if error.is_eof() {
        InputProblem::Truncated
    } else {
        InputProblem::NotJson
    }
}

impl DecoderState {
    fn plant_time(&self, receive_time: TwinTime) -> TwinTime {
        self.clock.map_or(receive_time, |clock| clock.time_at(receive_time))
    }

    fn takes_words(&self, signal: SignalKey) -> bool {
        self.signals.get(signal.index()).is_some_and(convert::SignalDecoding::takes_words)
    }

    fn accept(&mut self, signal: SignalKey, parts: &Parts<'_>, receive_time: TwinTime, batch: &mut Batch, decoded: &mut Decoded) {
        match self.sample(signal, parts, receive_time, decoded) {
            Ok(sample) => {
                decoded.samples += 1;
                batch.samples.push(sample);
            }
            Err(problem) => {
                decoded.refused += 1;
                decoded.problem.get_or_insert(problem);
            }
        }
    }

    fn sample(
        &mut self,
        signal: SignalKey,
        parts: &Parts<'_>,
        receive_time: TwinTime,
        decoded: &mut Decoded,
    ) -> Result<Sample, InputProblem> {
        let mut quality = self.quality(parts, decoded);
        let value = self.value(signal, parts, &mut quality, decoded)?;
        let plant_now = self.plant_time(receive_time);
        let source_time = if parts.time.is_missing() {
            plant_now
        } else {
            time_text::parse(&parts.time, self.time_format).ok_or(InputProblem::BadTime)?
        };
        let origin = self.place_in_time(signal, source_time, plant_now, &mut quality, decoded)?;
        Ok(Sample { signal, value, quality, source_time, receive_time, origin })
    }

    fn quality(&mut self, parts: &Parts<'_>, decoded: &mut Decoded) -> Quality {
        match quality_text::read(&parts.quality, &parts.reason, self.classic_quality) {
            Read::Known(quality) => quality,
            Read::Classic(quality) => {
                self.classic_quality = true;
                quality
            }
            Read::Unknown => {
                decoded.problem.get_or_insert(InputProblem::UnknownQuality);
                Quality::UNCERTAIN
            }
        }
    }

    /// The value in the declared unit; `None` for a Bad one.
    fn value(
        &self,
        signal: SignalKey,
        parts: &Parts<'_>,
        quality: &mut Quality,
        decoded: &mut Decoded,
    ) -> Result<Option<f64>, InputProblem> {
        if quality.is_bad() {
            return Ok(None);
        }
        let Some(decoding) = self.signals.get(signal.index()) else { return Err(InputProblem::UnknownTopic) };
        let value = decoding.value(&parts.value, &parts.unit)?;
        if !decoding.is_in_range(value) {
            decoded.out_of_range += 1;
            *quality = quality.worst(Quality::UNCERTAIN_RANGE_EXCEEDED);
        }
        Ok(Some(value))
    }

    /// Late, live or from the future.
    fn place_in_time(
        &mut self,
        signal: SignalKey,
        source_time: TwinTime,
        plant_now: TwinTime,
        quality: &mut Quality,
        decoded: &mut Decoded,
    ) -> Result<Origin, InputProblem> {
        let ahead_secs = if self.is_clock_unknown { 0.0 } else { source_time.secs_since(plant_now) };
        let speed = self.clock.map_or(1.0, |clock| clock.speed.max(1.0));
        if ahead_secs > FUTURE_LIMIT_SECS {
            return Err(InputProblem::BadTime);
        }
        if ahead_secs > FUTURE_TOLERANCE_SECS * speed {
            // It does not become the newest: samples with a right clock that follow are not late.
            decoded.future += 1;
            decoded.problem.get_or_insert(InputProblem::FromTheFuture { secs: ahead_secs });
            *quality = quality.worst(Quality::UNCERTAIN);
            return Ok(Origin::Live);
        }
        let Some(newest) = self.newest.get_mut(signal.index()) else { return Ok(Origin::Live) };
        let is_late = source_time < *newest;
        *newest = (*newest).max(source_time);
        let is_old = -ahead_secs > OLD_AFTER_PLANT_SECS + OLD_AFTER_WALL_SECS * speed;
        if is_old && !is_late {
            decoded.problem.get_or_insert(InputProblem::OldOnArrival { secs: -ahead_secs });
        }
        if is_late || is_old {
            decoded.late += 1;
            return Ok(Origin::Late);
        }
        Ok(Origin::Live)
    }
}
