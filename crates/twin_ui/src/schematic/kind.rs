//! Which symbol a thing gets: chosen by the words in the names of its type and of what that type extends.

/// A symbol of the schematic, after ISO 10628-2 for equipment and ISA-5.1 for instruments.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum SymbolKind {
    /// Centrifugal or any other pump.
    Pump,
    /// Compressor.
    Compressor,
    /// Fan or blower.
    Fan,
    /// Tank with a cone roof.
    Tank,
    /// Horizontal drum.
    Drum,
    /// Upright vessel, column, reactor.
    Vessel,
    /// Upright gas receiver.
    Receiver,
    /// Heat exchanger, cooler, heater, condenser.
    Exchanger,
    /// Cooling tower with its fan.
    CoolingTower,
    /// Valve with a diaphragm actuator.
    ControlValve,
    /// Valve with an open-shut actuator.
    OnOffValve,
    /// Valve moved by hand, or any other valve.
    Valve,
    /// Safety or relief valve.
    ReliefValve,
    /// Filter.
    Filter,
    /// Strainer.
    Strainer,
    /// Dryer.
    Dryer,
    /// Header, manifold, junction: lines meet there.
    Header,
    /// Control loop: an instrument bubble.
    Controller,
    /// Measurement that is a thing of its own: an instrument bubble.
    Instrument,
    /// What the plant touches outside: weather, a battery limit.
    Boundary,
    /// The end of a line that is named, not drawn: an arrow with the name of the line.
    Connector,
    /// A frame around its parts: area, unit, site.
    Frame,
    /// Not drawn: it carries data, not material.
    Hidden,
    /// Anything else: a plain box.
    #[default]
    Equipment,
}

/// Words of type names and their symbols; the last word of a name says what a thing is, so it is looked up first.
const WORDS: &[(&str, SymbolKind)] = &[
    ("pump", SymbolKind::Pump),
    ("compressor", SymbolKind::Compressor),
    ("fan", SymbolKind::Fan),
    ("blower", SymbolKind::Fan),
    ("tank", SymbolKind::Tank),
    ("basin", SymbolKind::Tank),
    ("silo", SymbolKind::Tank),
    ("drum", SymbolKind::Drum),
    ("vessel", SymbolKind::Vessel),
    ("pot", SymbolKind::Vessel),
    ("column", SymbolKind::Vessel),
    ("reactor", SymbolKind::Vessel),
    ("separator", SymbolKind::Vessel),
    ("accumulator", SymbolKind::Receiver),
    ("receiver", SymbolKind::Receiver),
    ("exchanger", SymbolKind::Exchanger),
    ("cooler", SymbolKind::Exchanger),
    ("heater", SymbolKind::Exchanger),
    ("condenser", SymbolKind::Exchanger),
    ("evaporator", SymbolKind::Exchanger),
    ("reboiler", SymbolKind::Exchanger),
    ("chiller", SymbolKind::Exchanger),
    ("filter", SymbolKind::Filter),
    ("strainer", SymbolKind::Strainer),
    ("dryer", SymbolKind::Dryer),
    ("drier", SymbolKind::Dryer),
    ("header", SymbolKind::Header),
    ("manifold", SymbolKind::Header),
    ("junction", SymbolKind::Header),
    ("set", SymbolKind::Header),
    ("group", SymbolKind::Header),
    ("controller", SymbolKind::Controller),
    ("loop", SymbolKind::Controller),
    ("transmitter", SymbolKind::Instrument),
    ("sensor", SymbolKind::Instrument),
    ("meter", SymbolKind::Instrument),
    ("instrument", SymbolKind::Instrument),
    ("indicator", SymbolKind::Instrument),
    ("weather", SymbolKind::Boundary),
    ("boundary", SymbolKind::Boundary),
    ("limit", SymbolKind::Boundary),
    ("gateway", SymbolKind::Hidden),
    ("area", SymbolKind::Frame),
    ("unit", SymbolKind::Frame),
    ("site", SymbolKind::Frame),
    ("plant", SymbolKind::Frame),
    ("operation", SymbolKind::Frame),
    ("building", SymbolKind::Frame),
];

impl SymbolKind {
    /// The symbol of a thing by its lineage of DTMIs, nearest first. A type that only says *valve* leaves the word to
    /// what it extends.
    pub fn of_types(types: &[String]) -> Self {
        let named: Vec<Self> = types.iter().filter_map(|dtmi| Self::of_name(type_name(dtmi))).collect();
        let exact = named.iter().find(|kind| **kind != Self::Valve);
        match named.first() {
            Some(Self::Valve) => exact.copied().filter(|kind| kind.is_valve()).unwrap_or(Self::Valve),
            first => first.copied().unwrap_or_default(),
        }
    }

    fn of_name(name: &str) -> Option<Self> {
        let words = words(name);
        let has = |word: &str| words.iter().any(|w| w == word);
        match words.last().map(String::as_str) {
            Some("valve") if has("relief") || has("safety") => Some(Self::ReliefValve),
            Some("valve") if has("control") || has("regulating") => Some(Self::ControlValve),
            Some("valve") if has("on") || has("isolation") || has("shutdown") || has("solenoid") => Some(Self::OnOffValve),
            Some("valve") => Some(Self::Valve),
            Some("tower") if has("cooling") => Some(Self::CoolingTower),
            Some("tower") => Some(Self::Vessel),
            _ => words.iter().rev().find_map(|word| WORDS.iter().find(|(name, _)| name == word).map(|(_, kind)| *kind)),
        }
    }

    /// True for every valve.
    pub fn is_valve(self) -> bool {
        matches!(self, Self::ControlValve | Self::OnOffValve | Self::Valve | Self::ReliefValve)
    }

    /// True for an instrument bubble.
    pub fn is_bubble(self) -> bool {
        matches!(self, Self::Controller | Self::Instrument)
    }

    /// True where a level is drawn inside the symbol.
    pub fn holds_level(self) -> bool {
        matches!(self, Self::Tank | Self::Drum | Self::Vessel | Self::Receiver | Self::CoolingTower)
    }

    /// Extent of the symbol around the point where its lines meet it, points at zoom 1.
    pub fn extent(self) -> Extent {
        let around = |half_width: f32, half_height: f32| Extent { half_width, above: half_height, below: half_height };
        match self {
            Self::Pump | Self::Fan => around(18.0, 18.0),
            Self::Compressor => around(20.0, 20.0),
            Self::Tank => around(30.0, 28.0),
            Self::Drum => around(40.0, 20.0),
            Self::Vessel => around(17.0, 28.0),
            Self::Receiver => around(16.0, 26.0),
            Self::Exchanger => around(23.0, 23.0),
            Self::CoolingTower => around(30.0, 30.0),
            Self::ControlValve | Self::OnOffValve => Extent { half_width: 16.0, above: 27.0, below: 10.0 },
            Self::Valve => around(16.0, 10.0),
            Self::ReliefValve => Extent { half_width: 16.0, above: 25.0, below: 10.0 },
            Self::Filter | Self::Strainer => around(15.0, 15.0),
            Self::Dryer => around(16.0, 22.0),
            Self::Header => around(5.0, 24.0),
            Self::Controller | Self::Instrument => around(15.0, 15.0),
            Self::Boundary => around(22.0, 12.0),
            Self::Connector => around(26.0, 9.0),
            Self::Equipment | Self::Frame | Self::Hidden => around(26.0, 18.0),
        }
    }
}

/// How far a symbol reaches from the point its lines aim at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extent {
    /// To the left and to the right.
    pub half_width: f32,
    /// Upwards.
    pub above: f32,
    /// Downwards.
    pub below: f32,
}

/// `dtmi:site:process:FeedPump;1` → `FeedPump`.
fn type_name(dtmi: &str) -> &str {
    let path = dtmi.split(';').next().unwrap_or_default();
    path.rsplit(':').next().unwrap_or_default()
}

/// `FeedPumpSet`, `feed_pump_set` → `feed`, `pump`, `set`.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut was_lower = false;
    for letter in name.chars() {
        if !letter.is_alphanumeric() {
            words.push(String::new());
        } else if letter.is_uppercase() && was_lower || words.is_empty() {
            words.push(letter.to_lowercase().collect());
        } else if let Some(word) = words.last_mut() {
            word.extend(letter.to_lowercase());
        }
        was_lower = letter.is_lowercase() || letter.is_numeric();
    }
    words.retain(|word| !word.is_empty());
    words
}
