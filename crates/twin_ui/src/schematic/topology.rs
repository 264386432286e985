//! What is drawn: the things of a plant as symbols, its relationships as lines, its areas as bands.

use super::SymbolKind;
use crate::text::t;
use std::collections::{BTreeMap, BTreeSet};
use twin_model::alarm::{AlarmClass, Condition};
use twin_model::document::Medium;
use twin_model::plant::Plant;
use twin_model::unit::{self, Quantity};
use twin_model::{SignalKey, ThingId, ValueKind};

/// Values written below a symbol at most.
pub const MAX_VALUES: usize = 3;
/// Up to this many values are filled up with others than key signals.
const FILLED_VALUES: usize = 2;

/// Everything the layout and the drawing need to know of a plant. Made once per plant.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Topology {
    /// Symbols.
    pub nodes: Vec<Node>,
    /// Lines.
    pub edges: Vec<Edge>,
    /// Areas, in the order of the plant file.
    pub areas: Vec<Area>,
}

/// One symbol.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Node {
    /// The thing; none for the end of a line that is named, not drawn.
    pub thing: Option<ThingId>,
    /// Index of the thing in the plant.
    pub index: Option<usize>,
    /// Tag: `P-101A`.
    pub name: String,
    /// What it is.
    pub description: String,
    /// Its symbol.
    pub symbol: SymbolKind,
    /// Index into [`Topology::areas`].
    pub area: usize,
    /// Column and row the plant file gives.
    pub cell: Option<(i32, i32)>,
    /// State of its drive.
    pub drive: Option<SignalKey>,
    /// Position of a valve.
    pub opening: Option<Gauge>,
    /// Level of a vessel.
    pub level: Option<Gauge>,
    /// Values below the symbol.
    pub values: Vec<ValueSlot>,
}

impl Node {
    /// True where the tag is written below the symbol, not inside.
    pub fn has_tag_below(&self) -> bool {
        !self.symbol.is_bubble() && self.symbol != SymbolKind::Connector
    }
}

/// A signal and the range it is drawn over.
#[derive(Clone, Debug, PartialEq)]
pub struct Gauge {
    /// The signal.
    pub key: SignalKey,
    /// Low and high end, in its unit.
    pub range: (f64, f64),
}

/// A value below a symbol.
#[derive(Clone, Debug, PartialEq)]
pub struct ValueSlot {
    /// The signal.
    pub key: SignalKey,
    /// Its tag.
    pub tag: String,
    /// Letters in front of the value: what is measured, as in the tag.
    pub letters: String,
    /// Name for people.
    pub name: String,
    /// Unit symbol.
    pub unit: String,
    /// Decimals that are written: about three digits, the rest is for the faceplate.
    pub decimals: u8,
    /// Range of the bar.
    pub range: Option<(f64, f64)>,
    /// Between the alarm limits next to the middle; none where no limit stands.
    pub normal: Option<(f64, f64)>,
}

/// How a line is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum LineKind {
    /// Product: thick.
    #[default]
    Process,
    /// Water, steam: medium.
    Water,
    /// Air, nitrogen, vent: thin.
    Gas,
    /// Signal of a controller: dashed.
    Signal,
}

/// One line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Edge {
    /// Index of a node.
    pub from: usize,
    /// Index of a node.
    pub to: usize,
    /// Line number, where it has one.
    pub name: String,
    /// How it is drawn.
    pub line: LineKind,
    /// What measures its flow, where something at one of its ends does.
    pub flow: Option<Gauge>,
}

/// An area with its title.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Area {
    /// Name; empty for what stands in no area.
    pub name: String,
    /// What it is for.
    pub description: String,
}

impl Topology {
    /// The drawing of a plant, from its things, types and relationships alone.
    pub fn of(plant: &Plant) -> Self {
        let builder = Builder::new(plant);
        let mut topology = Self::default();
        let drawn = builder.add_nodes(&mut topology);
        builder.add_lines(&mut topology, &drawn);
        topology
    }

    /// True when the drive of a node moves what flows in its lines of this kind.
    pub fn drives_line(&self, node: usize, line: LineKind) -> bool {
        match self.nodes.get(node).map(|node| node.symbol) {
            Some(SymbolKind::Pump) => line != LineKind::Signal,
            Some(SymbolKind::Compressor | SymbolKind::Fan) => line == LineKind::Gas,
            _ => false,
        }
    }
}

/// Decimals of a value of about three digits.
fn most_decimals(range: Option<(f64, f64)>) -> u8 {
    let largest = range.map_or(99.0, |(low, high)| low.abs().max(high.abs()) * 0.99);
    match largest {
        ..10.0 => 2,
        10.0..1000.0 => 1,
        _ => 0,
    }
}

struct Builder<'a> {
    plant: &'a Plant,
    kinds: Vec<SymbolKind>,
    index_of: BTreeMap<&'a str, usize>,
}

impl<'a> Builder<'a> {
    fn new(plant: &'a Plant) -> Self {
        let index_of: BTreeMap<&str, usize> = plant.things.iter().enumerate().map(|(index, thing)| (thing.id.as_str(), index)).collect();
        let mut builder = Self { plant, kinds: Vec::new(), index_of };
        let ends = plant.document.relationships.iter().flat_map(|relation| [builder.thing(&relation.from), builder.thing(&relation.to)]);
        let connected: BTreeSet<usize> = ends.flatten().collect();
        let parents: BTreeSet<usize> = plant.things.iter().filter_map(|thing| thing.parent).collect();
        let kind = |(index, thing): (usize, &twin_model::plant::Thing)| match SymbolKind::of_types(&thing.types) {
            // A group nobody is connected to, whatever it is called, is a frame around its parts.
            SymbolKind::Equipment | SymbolKind::Header if parents.contains(&index) && !connected.contains(&index) => SymbolKind::Frame,
            kind => kind,
        };
        builder.kinds = plant.things.iter().enumerate().map(kind).collect();
        builder
    }

    fn thing(&self, id: &str) -> Option<usize> {
        self.index_of.get(id).copied()
    }

    /// The nearest frame around a thing.
    fn frame_of(&self, thing: usize) -> Option<usize> {
        let mut at = self.plant.things[thing].parent;
        for _ in 0..self.plant.things.len() {
            match at {
                Some(parent) if self.kinds[parent] == SymbolKind::Frame => return Some(parent),
                Some(parent) => at = self.plant.things[parent].parent,
                None => return None,
            }
        }
        None
    }

    /// Adds a node for every thing that is drawn; returns its number by thing.
    fn add_nodes(&self, topology: &mut Topology) -> BTreeMap<usize, usize> {
        let settings: BTreeMap<&str, _> = self.plant.document.things.iter().map(|thing| (thing.id.as_str(), thing)).collect();
        let mut areas: BTreeMap<Option<usize>, usize> = BTreeMap::new();
        let mut drawn = BTreeMap::new();
        for (index, thing) in self.plant.things.iter().enumerate() {
            let symbol = self.kinds[index];
            if matches!(symbol, SymbolKind::Frame | SymbolKind::Hidden) {
                continue;
            }
            let frame = self.frame_of(index);
            let area = *areas.entry(frame).or_insert_with(|| {
                let area = frame.and_then(|frame| self.plant.things.get(frame));
                topology.areas.push(
                    area.map_or_else(Area::default, |frame| Area { name: frame.name.clone(), description: frame.description.clone() }),
                );
                topology.areas.len() - 1
            });
            let cell = settings.get(thing.id.as_str()).and_then(|thing| thing.schematic);
            drawn.insert(index, topology.nodes.len());
            topology.nodes.push(Node {
                thing: Some(thing.id.clone()),
                index: Some(index),
                name: thing.name.clone(),
                description: thing.description.clone(),
                symbol,
                area,
                cell: cell.map(|cell| (i32::from(cell.column), i32::from(cell.row))),
                drive: self.drive(index),
                opening: symbol
                    .is_valve()
                    .then(|| self.gauge(index, |words| words.contains("position") || words.contains("opening")))
                    .flatten(),
                level: symbol.holds_level().then(|| self.gauge(index, |words| words.contains("level"))).flatten(),
                values: if symbol == SymbolKind::Controller { Vec::new() } else { self.values(index) },
            });
        }
        drawn
    }

    /// The signal that says whether the drive of a thing runs.
    fn drive(&self, thing: usize) -> Option<SignalKey> {
        let says_running = |key: &&SignalKey| {
            self.plant.signals.info(**key).is_some_and(|info| match &info.kind {
                ValueKind::Enumeration { states } => states.iter().any(|state| is_running(state)),
                ValueKind::Boolean => info.id.telemetry().split('_').any(|word| matches!(word, "run" | "runs" | "running" | "on")),
                ValueKind::Number => false,
            })
        };
        self.plant.things[thing].signals.iter().find(says_running).copied()
    }

    /// The first measured number whose telemetry name says so.
    fn gauge(&self, thing: usize, says: impl Fn(&str) -> bool) -> Option<Gauge> {
        let signals = self.plant.things[thing].signals.iter();
        let mut fitting = signals.filter_map(|key| Some((*key, self.plant.signals.info(*key)?))).filter(|(_, info)| {
            let is_ratio = info.unit == "%" || info.unit == "1";
            info.kind == ValueKind::Number && (is_ratio || info.unit == "m") && says(info.id.telemetry())
        });
        let (key, info) = fitting.find(|(_, info)| !info.is_derived)?;
        let default = if info.unit == "1" { (0.0, 1.0) } else { (0.0, 100.0) };
        Some(Gauge { key, range: info.range.unwrap_or(default) })
    }

    /// The values an operator looks at first: key signals, then what has an alarm limit, then what is compared with the
    /// model.
    fn values(&self, thing: usize) -> Vec<ValueSlot> {
        let key_signals: Vec<SignalKey> = self.plant.document.key_signals.iter().filter_map(|tag| self.plant.signals.find(tag)).collect();
        let rank = |key: SignalKey| -> Option<(usize, SignalKey)> {
            let info = self.plant.signals.info(key).filter(|info| info.kind == ValueKind::Number && !info.tag.is_empty())?;
            let settings = self.plant.settings_of(key)?;
            let place = key_signals.iter().position(|signal| *signal == key);
            let (low, high) = self.limits(&info.tag);
            let rest = match (low.is_some() || high.is_some(), settings.shadow) {
                (true, _) => 0,
                (false, Some(twin_model::document::ShadowRole::Judged)) => 1,
                (false, _) if !info.is_derived => 2,
                (false, _) => return place.map(|place| (place, key)),
            };
            Some((place.unwrap_or(key_signals.len() + rest), key))
        };
        let mut ranked: Vec<(usize, SignalKey)> = self.plant.things[thing].signals.iter().filter_map(|key| rank(*key)).collect();
        ranked.sort_unstable();
        let keys = ranked.iter().filter(|(rank, _)| *rank < key_signals.len()).count();
        ranked.into_iter().take(keys.clamp(FILLED_VALUES, MAX_VALUES)).filter_map(|(_, key)| self.slot(key)).collect()
    }

    fn slot(&self, key: SignalKey) -> Option<ValueSlot> {
        let info = self.plant.signals.info(key)?;
        let (low, high) = self.limits(&info.tag);
        let normal = info.range.filter(|_| low.is_some() || high.is_some());
        let letters = info.tag.split(['-', '_', '.', ' ']).next().unwrap_or_default().chars().take(4).collect();
        Some(ValueSlot {
            key,
            tag: info.tag.clone(),
            letters,
            name: info.name.clone(),
            unit: info.unit.clone(),
            decimals: info.decimals.min(most_decimals(info.range)),
            range: info.range,
            normal: normal.map(|(from, to)| (low.unwrap_or(from), high.unwrap_or(to))),
        })
    }

    /// The highest low limit and the lowest high limit of a signal's alarms.
    fn limits(&self, tag: &str) -> (Option<f64>, Option<f64>) {
        let points = self.plant.alarms.iter().filter(|point| point.settings.class != AlarmClass::Event);
        points.fold((None, None), |(low, high): (Option<f64>, Option<f64>), point| match &point.settings.condition {
            Condition::Low { signal, limit } if signal == tag => (Some(low.map_or(*limit, |low| low.max(*limit))), high),
            Condition::High { signal, limit } if signal == tag => (low, Some(high.map_or(*limit, |high| high.min(*limit)))),
            _ => (low, high),
        })
    }

    fn add_lines(&self, topology: &mut Topology, drawn: &BTreeMap<usize, usize>) {
        let mut supplies: BTreeMap<(usize, String), Vec<usize>> = BTreeMap::new();
        for relation in &self.plant.document.relationships {
            let node = |id: &str| self.thing(id).and_then(|thing| drawn.get(&thing).copied());
            let (Some(from), Some(to)) = (node(&relation.from), node(&relation.to)) else { continue };
            let name = relation.name.clone().unwrap_or_default();
            let line = match (relation.kind.as_str(), relation.medium) {
                ("flows_to", Some(Medium::InstrumentAir)) => {
                    supplies.entry((from, name)).or_default().push(to);
                    continue;
                }
                ("flows_to", None | Some(Medium::Process)) => LineKind::Process,
                ("flows_to", Some(Medium::Water)) => LineKind::Water,
                ("flows_to", Some(Medium::Gas)) => LineKind::Gas,
                ("controls" | "measures", _) => LineKind::Signal,
                _ => continue,
            };
            topology.edges.push(Edge { from, to, name, line, flow: None });
        }
        for ((from, name), targets) in supplies {
            add_supply(topology, from, name, &targets);
        }
        self.add_flows(topology);
    }

    /// Gives the lines at a meter its flow, where the meter's thing has one line in and one out: with more nobody knows
    /// which of them it measures.
    fn add_flows(&self, topology: &mut Topology) {
        let mut lines: Vec<(Vec<usize>, Vec<usize>)> = vec![Default::default(); topology.nodes.len()];
        for (index, edge) in topology.edges.iter().enumerate().filter(|(_, edge)| edge.line != LineKind::Signal) {
            lines[edge.from].1.push(index);
            lines[edge.to].0.push(index);
        }
        for (node, (incoming, outgoing)) in lines.into_iter().enumerate() {
            if let ([before], [after]) = (incoming.as_slice(), outgoing.as_slice()) {
                let flow = self.flow(topology, node);
                for edge in [*before, *after].into_iter().filter(|_| flow.is_some()) {
                    topology.edges[edge].flow.clone_from(&flow);
                }
            }
        }
    }

    /// The measured flow of a thing, where it has exactly one.
    fn flow(&self, topology: &Topology, node: usize) -> Option<Gauge> {
        let signals = self.plant.things.get(topology.nodes.get(node)?.index?)?.signals.iter();
        let mut flows = signals.filter_map(|key| {
            let info = self.plant.signals.info(*key).filter(|info| !info.is_derived)?;
            let quantity = unit::find(&info.unit)?.quantity;
            let is_flow = matches!(quantity, Quantity::VolumeFlow | Quantity::MassFlow | Quantity::NormalVolumeFlow);
            is_flow.then(|| Gauge { key: *key, range: info.range.unwrap_or((0.0, 1.0)) })
        });
        let first = flows.next()?;
        flows.next().is_none().then_some(first)
    }
}

/// A line that is named at its end instead of drawn to all the places it goes to.
fn add_supply(topology: &mut Topology, from: usize, name: String, targets: &[usize]) {
    let names: Vec<&str> = targets.iter().map(|target| topology.nodes[*target].name.as_str()).collect();
    let description = format!("{} {}", t().instrument_air_to, names.join(", "));
    let to = topology.nodes.len();
    let label = if name.is_empty() { t().instrument_air.to_owned() } else { name.clone() };
    let area = topology.nodes[from].area;
    topology.nodes.push(Node { name: label, description, symbol: SymbolKind::Connector, area, ..Node::default() });
    topology.edges.push(Edge { from, to, name, line: LineKind::Gas, flow: None });
}

/// True for the name of a state in which a drive turns; `1` is the name of a boolean that is true.
pub fn is_running(state: &str) -> bool {
    matches!(state, "running" | "starting" | "loaded" | "unloaded" | "on" | "1")
}
