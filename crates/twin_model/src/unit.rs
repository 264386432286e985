//! Units of measure: symbol, quantity, and the way to SI.

/// A unit a signal may declare.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unit {
    /// Symbol as shown, such as `m³/h`.
    pub symbol: &'static str,
    /// DTDL v3 unit name where it has one, else a `ucum:` code.
    pub code: &'static str,
    /// The quantity it measures.
    pub quantity: Quantity,
    /// SI value = `scale` × value + `offset`.
    pub scale: f64,
    /// See `scale`.
    pub offset: f64,
}

/// What a unit measures. Gauge and absolute pressure are two quantities: they never mix by accident.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each name is the quantity it stands for")]
pub enum Quantity {
    Temperature,
    GaugePressure,
    AbsolutePressure,
    /// A pressure whose unit says neither gauge nor absolute: the plant file must add `pressure_reference`.
    UnmarkedPressure,
    VolumeFlow,
    NormalVolumeFlow,
    MassFlow,
    Length,
    Velocity,
    Acceleration,
    RotationalSpeed,
    Current,
    Voltage,
    Power,
    Energy,
    Conductivity,
    Ratio,
    Volume,
    Mass,
    Time,
    ThermalConductance,
    FoulingResistance,
    SpecificEnergy,
    Area,
    Frequency,
    Density,
}

/// Standard atmosphere, Pa.
pub const ATMOSPHERE_PA: f64 = 101_325.0;

macro_rules! units {
    ($($symbol:literal, $code:literal, $quantity:ident, $scale:expr, $offset:expr;)*) => {
        &[$(Unit { symbol: $symbol, code: $code, quantity: Quantity::$quantity, scale: $scale, offset: $offset }),*]
    };
}

/// Every unit the program knows.
pub const UNITS: &[Unit] = units! {
    "°C", "degreeCelsius", Temperature, 1.0, 273.15;
    "K", "kelvin", Temperature, 1.0, 0.0;
    "°F", "degreeFahrenheit", Temperature, 5.0 / 9.0, 459.67 * 5.0 / 9.0;
    "barg", "ucum:bar{gauge}", GaugePressure, 1e5, ATMOSPHERE_PA;
    "mbarg", "ucum:mbar{gauge}", GaugePressure, 1e2, ATMOSPHERE_PA;
    "kPag", "ucum:kPa{gauge}", GaugePressure, 1e3, ATMOSPHERE_PA;
    "psig", "ucum:[psi]{gauge}", GaugePressure, 6_894.757, ATMOSPHERE_PA;
    "bara", "ucum:bar{absolute}", AbsolutePressure, 1e5, 0.0;
    "kPaa", "ucum:kPa{absolute}", AbsolutePressure, 1e3, 0.0;
    "psia", "ucum:[psi]{absolute}", AbsolutePressure, 6_894.757, 0.0;
    "bar", "bar", UnmarkedPressure, 1e5, 0.0;
    "kPa", "kilopascal", UnmarkedPressure, 1e3, 0.0;
    "Pa", "pascal", UnmarkedPressure, 1.0, 0.0;
    "MPa", "megapascal", UnmarkedPressure, 1e6, 0.0;
    "psi", "poundPerSquareInch", UnmarkedPressure, 6_894.757, 0.0;
    "mbar", "millibar", UnmarkedPressure, 1e2, 0.0;
    "m³/h", "ucum:m3/h", VolumeFlow, 1.0 / 3600.0, 0.0;
    "l/s", "ucum:L/s", VolumeFlow, 1e-3, 0.0;
    "l/min", "ucum:L/min", VolumeFlow, 1e-3 / 60.0, 0.0;
    "m³/s", "ucum:m3/s", VolumeFlow, 1.0, 0.0;
    "Nm³/h", "ucum:m3{normal}/h", NormalVolumeFlow, 1.0 / 3600.0, 0.0;
    "kg/h", "ucum:kg/h", MassFlow, 1.0 / 3600.0, 0.0;
    "kg/s", "ucum:kg/s", MassFlow, 1.0, 0.0;
    "t/h", "ucum:t/h", MassFlow, 1.0 / 3.6, 0.0;
    "m", "metre", Length, 1.0, 0.0;
    "mm", "millimetre", Length, 1e-3, 0.0;
    "mm/s", "ucum:mm/s", Velocity, 1e-3, 0.0;
    "m/s", "metrePerSecond", Velocity, 1.0, 0.0;
    "gE", "ucum:[g]{envelope}", Acceleration, 9.80665, 0.0;
    "rpm", "revolutionPerMinute", RotationalSpeed, 1.0 / 60.0, 0.0;
    "A", "ampere", Current, 1.0, 0.0;
    "V", "volt", Voltage, 1.0, 0.0;
    "W", "watt", Power, 1.0, 0.0;
    "kW", "kilowatt", Power, 1e3, 0.0;
    "kWh", "kilowattHour", Energy, 3.6e6, 0.0;
    "µS/cm", "ucum:uS/cm", Conductivity, 1e-4, 0.0;
    "%", "percent", Ratio, 0.01, 0.0;
    "1", "unity", Ratio, 1.0, 0.0;
    "m³", "cubicMetre", Volume, 1.0, 0.0;
    "l", "litre", Volume, 1e-3, 0.0;
    "kg", "kilogram", Mass, 1.0, 0.0;
    "t", "tonne", Mass, 1e3, 0.0;
    "s", "second", Time, 1.0, 0.0;
    "min", "minute", Time, 60.0, 0.0;
    "h", "hour", Time, 3600.0, 0.0;
    "kW/K", "ucum:kW/K", ThermalConductance, 1e3, 0.0;
    "m²K/W", "ucum:m2.K/W", FoulingResistance, 1.0, 0.0;
    "kWh/m³", "ucum:kW.h/m3", SpecificEnergy, 3.6e6, 0.0;
    "m²", "squareMetre", Area, 1.0, 0.0;
    "Hz", "hertz", Frequency, 1.0, 0.0;
    "kg/m³", "kilogramPerCubicMetre", Density, 1.0, 0.0;
};

/// The unit with this symbol or code.
pub fn find(symbol_or_code: &str) -> Option<&'static Unit> {
    UNITS.iter().find(|unit| unit.symbol == symbol_or_code || unit.code == symbol_or_code)
}

impl Unit {
    /// The value in SI.
    pub fn to_si(&self, value: f64) -> f64 {
        value * self.scale + self.offset
    }

    /// The value in this unit of an SI value.
    pub fn from_si(&self, si: f64) -> f64 {
        (si - self.offset) / self.scale
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gauge_and_absolute_differ_by_one_atmosphere() {
        let barg = find("barg").unwrap();
        let bara = find("bara").unwrap();
        assert!((bara.from_si(barg.to_si(0.0)) - 1.01325).abs() < 1e-12);
        assert_ne!(barg.quantity, bara.quantity);
    }

    #[test]
    fn symbols_and_codes_are_unique() {
        let mut names: Vec<&str> = UNITS.iter().flat_map(|u| [u.symbol, u.code]).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(count - names.len(), UNITS.iter().filter(|u| u.symbol == u.code).count());
    }
}
