//! Values of one type in the memory layout of C.

use std::ffi::c_void;

use crate::description::{FmiVersion, Kind};

/// An array as the FMU's getters and setters want it.
#[derive(Debug)]
pub enum Buffer {
    F64(Vec<f64>),
    F32(Vec<f32>),
    I8(Vec<i8>),
    U8(Vec<u8>),
    I16(Vec<i16>),
    U16(Vec<u16>),
    I32(Vec<i32>),
    U32(Vec<u32>),
    I64(Vec<i64>),
    U64(Vec<u64>),
}

/// The same expression for whichever array it is.
macro_rules! each {
    ($buffer:expr, $values:ident => $body:expr) => {
        match $buffer {
            Buffer::F64($values) => $body,
            Buffer::F32($values) => $body,
            Buffer::I8($values) => $body,
            Buffer::U8($values) => $body,
            Buffer::I16($values) => $body,
            Buffer::U16($values) => $body,
            Buffer::I32($values) => $body,
            Buffer::U32($values) => $body,
            Buffer::I64($values) => $body,
            Buffer::U64($values) => $body,
        }
    };
}

impl Buffer {
    /// An empty array for values of a kind. A truth value is an `int` in FMI 2.0 and a `bool` in FMI 3.0.
    pub fn of(version: FmiVersion, kind: Kind) -> Option<Self> {
        Some(match kind {
            Kind::Float64 => Self::F64(Vec::new()),
            Kind::Float32 => Self::F32(Vec::new()),
            Kind::Int8 => Self::I8(Vec::new()),
            Kind::UInt8 => Self::U8(Vec::new()),
            Kind::Int16 => Self::I16(Vec::new()),
            Kind::UInt16 => Self::U16(Vec::new()),
            Kind::Int32 => Self::I32(Vec::new()),
            Kind::UInt32 => Self::U32(Vec::new()),
            Kind::Int64 => Self::I64(Vec::new()),
            Kind::UInt64 => Self::U64(Vec::new()),
            Kind::Boolean if version == FmiVersion::Two => Self::I32(Vec::new()),
            Kind::Boolean => Self::U8(Vec::new()),
            Kind::Text | Kind::Binary | Kind::Clock => return None,
        })
    }

    /// Makes room for that many values.
    pub fn resize(&mut self, count: usize) {
        each!(self, values => values.resize(count, Default::default()));
    }

    /// Takes over the values at these places; they have been checked to fit.
    pub fn load(&mut self, places: &[usize], from: &[f64]) {
        each!(self, values => for (value, place) in values.iter_mut().zip(places) {
            *value = from.get(*place).copied().unwrap_or_default() as _;
        });
    }

    /// Hands the values over to these places.
    pub fn store(&self, places: &[usize], into: &mut [f64]) {
        each!(self, values => for (value, place) in values.iter().zip(places) {
            if let Some(target) = into.get_mut(*place) {
                *target = *value as _;
            }
        });
    }

    /// Where the array begins.
    pub fn pointer(&mut self) -> *mut c_void {
        each!(self, values => values.as_mut_ptr().cast())
    }
}
