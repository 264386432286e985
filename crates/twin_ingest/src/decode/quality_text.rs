//! Quality and its reason as payloads write them.

use super::payload::Scalar;
use twin_model::{Quality, QualityClass};

/// What a payload's quality field means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Read {
    /// Understood.
    Known(Quality),
    /// An OPC Classic code (0–255), understood as such.
    Classic(Quality),
    /// Not understood: the value is kept as Uncertain.
    Unknown,
}

/// Reads the quality; absent is Good. `classic` is true once the source has sent an OPC Classic code, because
/// 0 is Bad there and Good in OPC UA.
pub(super) fn read(quality: &Scalar<'_>, reason: &Scalar<'_>, classic: bool) -> Read {
    let read = match quality {
        Scalar::Absent | Scalar::Null => Read::Known(Quality::GOOD),
        Scalar::Bool(true) => Read::Known(Quality::GOOD),
        Scalar::Bool(false) => Read::Known(Quality::BAD),
        Scalar::Integer(code) => from_code(*code, classic),
        Scalar::Text(text) => text.trim().parse::<i64>().map_or_else(|_| from_name(text), |code| from_code(code, classic)),
        Scalar::Number(_) | Scalar::Nested => Read::Unknown,
    };
    match (read, reason) {
        (Read::Known(quality), Scalar::Text(reason)) => Read::Known(with_reason(quality, reason)),
        (Read::Classic(quality), Scalar::Text(reason)) => Read::Classic(with_reason(quality, reason)),
        _ => read,
    }
}

/// Numbers up to 255 are OPC Classic (OPC DA 3.0, quality flags), larger ones OPC UA status codes.
fn from_code(code: i64, classic: bool) -> Read {
    match code {
        0 if !classic => Read::Known(Quality::GOOD),
        0..=255 => Read::Classic(from_classic(code)),
        _ => u32::try_from(code).map_or(Read::Unknown, |code| Read::Known(Quality(code))),
    }
}

fn from_classic(code: i64) -> Quality {
    match (code >> 6, (code >> 2) & 0xF) {
        (3, _) => Quality::GOOD,
        (1, 1) => Quality::UNCERTAIN_LAST_USABLE,
        (1, 4) => Quality::UNCERTAIN_SENSOR_NOT_ACCURATE,
        (1, 5) => Quality::UNCERTAIN_RANGE_EXCEEDED,
        (1, 6) => Quality::UNCERTAIN_SUB_NORMAL,
        (1, _) => Quality::UNCERTAIN,
        (_, 2) => Quality::BAD_NOT_CONNECTED,
        (_, 3) => Quality::BAD_DEVICE_FAILURE,
        (_, 4) => Quality::BAD_SENSOR_FAILURE,
        (_, 5 | 6) => Quality::BAD_NO_COMMUNICATION,
        (_, 7) => Quality::BAD_OUT_OF_SERVICE,
        (_, 8) => Quality::BAD_WAITING_FOR_INITIAL_DATA,
        _ => Quality::BAD,
    }
}

fn from_name(text: &str) -> Read {
    let mut buffer = [0_u8; 48];
    let name = squeezed(text, &mut buffer);
    let quality = match name {
        "good" | "ok" => Quality::GOOD,
        "uncertain" | "questionable" => Quality::UNCERTAIN,
        "bad" | "invalid" => Quality::BAD,
        _ => match name.strip_prefix("uncertain").map(|rest| reason_of(QualityClass::Uncertain, rest)) {
            Some(quality) => quality.unwrap_or(Quality::UNCERTAIN),
            None => match name.strip_prefix("bad").map(|rest| reason_of(QualityClass::Bad, rest)) {
                Some(quality) => quality.unwrap_or(Quality::BAD),
                None if name.starts_with("good") => Quality::GOOD,
                None => return Read::Unknown,
            },
        },
    };
    Read::Known(quality)
}

/// Adds the reason to a quality that has none yet.
fn with_reason(quality: Quality, reason: &str) -> Quality {
    if quality != Quality::UNCERTAIN && quality != Quality::BAD {
        return quality;
    }
    let mut buffer = [0_u8; 48];
    reason_of(quality.class(), squeezed(reason, &mut buffer)).unwrap_or(quality)
}

fn reason_of(class: QualityClass, reason: &str) -> Option<Quality> {
    let bad = match reason {
        "maintenance" | "outofservice" | "calibration" | "isolated" | "simulation" => Quality::BAD_OUT_OF_SERVICE,
        "sensorfailure" | "sensorfault" | "sensor" | "wirebreak" | "shortcircuit" | "missingsensor" => Quality::BAD_SENSOR_FAILURE,
        "devicefailure" | "devicefault" | "device" => Quality::BAD_DEVICE_FAILURE,
        "nocommunication" | "commfailure" | "communication" | "commloss" | "timeout" => Quality::BAD_NO_COMMUNICATION,
        "notconnected" => Quality::BAD_NOT_CONNECTED,
        "waitingforinitialdata" | "initializing" | "starting" => Quality::BAD_WAITING_FOR_INITIAL_DATA,
        _ => Quality::BAD,
    };
    let uncertain = match reason {
        "lastusable" | "lastusablevalue" | "nocommunicationlastusablevalue" | "stale" | "frozen" => Quality::UNCERTAIN_LAST_USABLE,
        "sensornotaccurate" | "notaccurate" | "drift" | "uncalibrated" | "calibration" => Quality::UNCERTAIN_SENSOR_NOT_ACCURATE,
        "engineeringunitsexceeded" | "rangeexceeded" | "outofrange" | "range" => Quality::UNCERTAIN_RANGE_EXCEEDED,
        "subnormal" => Quality::UNCERTAIN_SUB_NORMAL,
        _ => Quality::UNCERTAIN,
    };
    match class {
        QualityClass::Bad if bad != Quality::BAD => Some(bad),
        QualityClass::Uncertain if uncertain != Quality::UNCERTAIN => Some(uncertain),
        _ => None,
    }
}

/// Letters and digits only, in lower case, cut at the length of the buffer: `Bad_SensorFailure` → `badsensorfailure`.
fn squeezed<'b>(text: &str, buffer: &'b mut [u8; 48]) -> &'b str {
    let mut length = 0;
    for (slot, byte) in buffer.iter_mut().zip(text.bytes().filter(u8::is_ascii_alphanumeric)) {
        *slot = byte.to_ascii_lowercase();
        length += 1;
    }
    buffer.get(..length).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(quality: &str, reason: Option<&str>) -> Read {
        read(&Scalar::Text(quality.into()), &reason.map_or(Scalar::Absent, |r| Scalar::Text(r.into())), false)
    }

    #[test]
    fn words_opc_names_and_codes_become_status_codes() {
        for (text, reason, expected) in [
            ("good", None, Quality::GOOD),
            ("good", Some("maintenance"), Quality::GOOD),
            ("UNCERTAIN", None, Quality::UNCERTAIN),
            ("uncertain", Some("sensor not accurate"), Quality::UNCERTAIN_SENSOR_NOT_ACCURATE),
            ("bad", None, Quality::BAD),
            ("bad", Some("maintenance"), Quality::BAD_OUT_OF_SERVICE),
            ("bad", Some("sensor_failure"), Quality::BAD_SENSOR_FAILURE),
            ("bad", Some("a word nobody knows"), Quality::BAD),
            ("Bad_NoCommunication", None, Quality::BAD_NO_COMMUNICATION),
            ("UncertainLastUsableValue", None, Quality::UNCERTAIN_LAST_USABLE),
            ("BadSomethingNew", None, Quality::BAD),
            ("2156724224", None, Quality::BAD_OUT_OF_SERVICE),
        ] {
            assert_eq!(of(text, reason), Read::Known(expected), "{text} {reason:?}");
        }
        assert_eq!(of("splendid", None), Read::Unknown);
        assert_eq!(read(&Scalar::Integer(192), &Scalar::Absent, false), Read::Classic(Quality::GOOD));
        assert_eq!(read(&Scalar::Integer(0), &Scalar::Absent, true), Read::Classic(Quality::BAD));
        assert_eq!(read(&Scalar::Integer(0), &Scalar::Absent, false), Read::Known(Quality::GOOD));
        assert_eq!(read(&Scalar::Integer(-1), &Scalar::Absent, false), Read::Unknown);
    }
}
