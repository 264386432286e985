//! What program and child process say to each other: frames of a length and that many bytes, everything little-endian.
//!
//! Neither side trusts the other: a frame that is too short or too long is an error, never a panic.

use std::io::{self, Read};
use std::ops::Range;

use crate::description::{KINDS, Kind, Value};

/// Longest frame; a serialised state may be large.
const LONGEST: usize = 1 << 28;

/// What the child is asked to do: first byte of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Ask {
    /// Load the library.
    Load,
    /// Make an instance and initialise it.
    Start,
    /// Bring the instance back to its start and initialise it again.
    Reset,
    /// Compute steps.
    Steps,
    /// Read the outputs.
    Outputs,
    /// Set one variable.
    Set,
    /// Save the state.
    Save,
    /// Restore a saved state.
    Restore,
    /// Forget a saved state.
    Forget,
    /// Turn a saved state into bytes.
    Serialise,
    /// Make a saved state from bytes.
    Deserialise,
    /// End the simulation.
    Terminate,
}

const ASKS: [Ask; 12] = [
    Ask::Load,
    Ask::Start,
    Ask::Reset,
    Ask::Steps,
    Ask::Outputs,
    Ask::Set,
    Ask::Save,
    Ask::Restore,
    Ask::Forget,
    Ask::Serialise,
    Ask::Deserialise,
    Ask::Terminate,
];

impl Ask {
    /// The request a first byte stands for.
    pub fn of(byte: u8) -> Option<Self> {
        ASKS.get(usize::from(byte)).copied()
    }

    /// How a person is told what was going on.
    pub fn name(self) -> &'static str {
        match self {
            Self::Load => "loading",
            Self::Start => "the initialisation",
            Self::Reset => "the reset",
            Self::Steps => "a step",
            Self::Outputs => "reading its outputs",
            Self::Set => "setting a variable",
            Self::Save => "saving its state",
            Self::Restore => "restoring its state",
            Self::Forget => "freeing a saved state",
            Self::Serialise => "serialising its state",
            Self::Deserialise => "reading a serialised state",
            Self::Terminate => "the termination",
        }
    }
}

/// How the child answers: first byte of a reply.
pub mod reply {
    /// Done; the result follows.
    pub const DONE: u8 = 0;
    /// A function failed: its name, its status, what was logged.
    pub const STATUS: u8 = 1;
    /// The library cannot be used: why.
    pub const LOAD: u8 = 2;
    /// The FMU ended the simulation: when.
    pub const ENDED: u8 = 3;
    /// The request made no sense.
    pub const CONFUSED: u8 = 4;
}

/// A variable as the child needs to know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Port {
    /// Its type.
    pub kind: Kind,
    /// The number the FMU knows it by.
    pub reference: u32,
}

/// Writes one frame.
#[derive(Debug, Default)]
pub struct Frame(Vec<u8>);

impl Frame {
    /// Begins anew, keeping the memory.
    pub fn begin(&mut self, first: u8) -> &mut Self {
        self.0.clear();
        self.0.extend_from_slice(&[0; 4]);
        self.byte(first)
    }

    /// The frame with its length in front.
    pub fn finish(&mut self) -> &[u8] {
        let length = u32::try_from(self.0.len() - 4).unwrap_or(u32::MAX);
        if let Some(head) = self.0.first_chunk_mut() {
            *head = length.to_le_bytes();
        }
        &self.0
    }

    /// How many bytes it has so far.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn byte(&mut self, value: u8) -> &mut Self {
        self.0.push(value);
        self
    }

    pub fn count(&mut self, value: usize) -> &mut Self {
        self.0.extend_from_slice(&u32::try_from(value).unwrap_or(u32::MAX).to_le_bytes());
        self
    }

    /// Overwrites a count written before.
    pub fn set_count(&mut self, at: usize, value: usize) {
        if let Some(place) = self.0.get_mut(at..at + 4) {
            place.copy_from_slice(&u32::try_from(value).unwrap_or(u32::MAX).to_le_bytes());
        }
    }

    pub fn number(&mut self, value: f64) -> &mut Self {
        self.0.extend_from_slice(&value.to_le_bytes());
        self
    }

    pub fn numbers(&mut self, values: &[f64]) -> &mut Self {
        for value in values {
            self.number(*value);
        }
        self
    }

    pub fn bytes(&mut self, value: &[u8]) -> &mut Self {
        self.count(value.len());
        self.0.extend_from_slice(value);
        self
    }

    pub fn maybe(&mut self, value: Option<f64>) -> &mut Self {
        self.byte(u8::from(value.is_some())).number(value.unwrap_or_default())
    }

    pub fn port(&mut self, port: Port) -> &mut Self {
        self.byte(port.kind as u8).count(port.reference as usize)
    }

    pub fn value(&mut self, value: &Value) -> &mut Self {
        match value {
            Value::Number(number) => self.byte(0).number(*number),
            Value::Text(text) => self.byte(1).bytes(text.as_bytes()),
        }
    }
}

/// Reads what a frame holds; `None` where it ends too early or holds something else.
#[derive(Clone, Copy, Debug)]
pub struct Fields<'a>(pub &'a [u8]);

impl<'a> Fields<'a> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*head)
    }

    pub fn byte(&mut self) -> Option<u8> {
        self.take::<1>().map(|[byte]| byte)
    }

    pub fn count(&mut self) -> Option<usize> {
        self.take().map(|bytes| u32::from_le_bytes(bytes) as usize)
    }

    pub fn number(&mut self) -> Option<f64> {
        self.take().map(f64::from_le_bytes)
    }

    /// Fills the slice.
    pub fn numbers(&mut self, into: &mut [f64]) -> Option<()> {
        into.iter_mut().try_for_each(|place| self.number().map(|value| *place = value))
    }

    pub fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = self.count()?;
        let (head, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(head)
    }

    pub fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.bytes()?).ok()
    }

    pub fn maybe(&mut self) -> Option<Option<f64>> {
        let is_there = self.byte()? != 0;
        let value = self.number()?;
        Some(is_there.then_some(value))
    }

    pub fn port(&mut self) -> Option<Port> {
        let kind = *KINDS.get(usize::from(self.byte()?))?;
        Some(Port { kind, reference: u32::try_from(self.count()?).ok()? })
    }

    pub fn value(&mut self) -> Option<Value> {
        match self.byte()? {
            0 => self.number().map(Value::Number),
            1 => self.text().map(|text| Value::Text(text.to_owned())),
            _ => None,
        }
    }
}

/// Bytes that have arrived and not yet been used.
#[derive(Debug, Default)]
pub struct Inbox {
    bytes: Vec<u8>,
    used: usize,
    filled: usize,
}

impl Inbox {
    /// The next whole frame, as a place for [`Self::frame`].
    ///
    /// # Errors
    /// The announced length, when it is longer than any frame.
    pub fn next(&mut self) -> Result<Option<Range<usize>>, usize> {
        let waiting = self.bytes.get(self.used..self.filled).unwrap_or_default();
        let Some(head) = waiting.first_chunk() else { return Ok(None) };
        let length = u32::from_le_bytes(*head) as usize;
        if length > LONGEST {
            return Err(length);
        }
        if waiting.len() < 4 + length {
            return Ok(None);
        }
        let start = self.used + 4;
        self.used = start + length;
        Ok(Some(start..start + length))
    }

    /// The bytes of a frame; valid until the next call of [`Self::read_from`].
    pub fn frame(&self, place: Range<usize>) -> &[u8] {
        self.bytes.get(place).unwrap_or_default()
    }

    /// Reads once what is there; 0 at the end of the stream.
    pub fn read_from(&mut self, source: &mut impl Read) -> io::Result<usize> {
        if self.used == self.filled {
            (self.used, self.filled) = (0, 0);
        }
        if self.filled + 4096 > self.bytes.len() {
            self.bytes.copy_within(self.used..self.filled, 0);
            (self.used, self.filled) = (0, self.filled - self.used);
            let room = (self.filled * 2).max(1 << 16);
            self.bytes.resize(room.max(self.bytes.len()), 0);
        }
        let space = self.bytes.get_mut(self.filled..).unwrap_or_default();
        let read = source.read(space)?;
        self.filled += read;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_out_as_they_went_in_however_the_stream_is_cut() {
        let mut stream = Vec::new();
        let mut frame = Frame::default();
        for number in 0..300 {
            frame.begin(7).number(f64::from(number)).bytes(&vec![1; number as usize * 10]);
            stream.extend_from_slice(frame.finish());
        }
        for cut in [1, 3, 4, 5, 1000, stream.len()] {
            let mut inbox = Inbox::default();
            let mut seen = 0;
            for mut piece in stream.chunks(cut) {
                while !piece.is_empty() {
                    inbox.read_from(&mut piece).unwrap();
                    while let Some(place) = inbox.next().unwrap() {
                        let mut fields = Fields(inbox.frame(place));
                        assert_eq!(fields.byte(), Some(7));
                        assert_eq!(fields.number(), Some(f64::from(seen)));
                        assert_eq!(fields.bytes().map(<[u8]>::len), Some(seen as usize * 10));
                        seen += 1;
                    }
                }
            }
            assert_eq!(seen, 300, "cut into pieces of {cut}");
        }
    }

    #[test]
    fn an_absurd_length_and_a_short_frame_are_noticed() {
        let mut inbox = Inbox::default();
        inbox.read_from(&mut &[255_u8, 255, 255, 255][..]).unwrap();
        assert!(inbox.next().is_err());
        assert_eq!(Fields(&[9, 0, 0, 0, 1]).bytes(), None);
        assert_eq!(Fields(&[200, 0, 0, 0, 0]).port(), None);
    }

    #[test]
    fn every_request_is_known_by_its_number() {
        for (number, ask) in (0..).zip(ASKS) {
            assert_eq!(ask as u8, number);
            assert_eq!(Ask::of(number), Some(ask));
        }
        for (number, kind) in (0..).zip(KINDS) {
            assert_eq!(kind as u8, number);
        }
    }
}
