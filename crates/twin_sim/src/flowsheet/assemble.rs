//! From a blueprint to a plant: checks everything, connects ports, lays out the arrays.

use std::collections::BTreeMap;

use super::blueprint::{Blueprint, ComponentSpec, Input, LineSpec, Setting};
use super::circuit::{Circuit, Link, Node, OfComponent};
use super::component::{Kind, LinkSeat, PortSeat, Seat};
use super::components;
use super::names;
use super::order::order_of_action;
use super::plant::{Plant, PlantParameter, PlantPoint, Tag};
use super::settings::Settings;
use super::state::Fnv;
use crate::fluid::Liquid;
use crate::sparse::System;

/// First pressure of every place, Pa, and its temperature, K.
const START_PA: f64 = 101_325.0;
const START_K: f64 = 293.15;

/// Something wrong with a blueprint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// JSON pointer of the component or line in its file, as the blueprint carries it.
    pub pointer: String,
    /// What is wrong, with the name of the component.
    pub message: String,
    /// What to do about it.
    pub hint: String,
}

/// Checks a blueprint and lays it out. Goes on after the first fault and answers all of them.
///
/// # Errors
/// Every fault found; there is a plant only without any.
pub fn assemble(blueprint: &Blueprint) -> Result<Plant, Vec<Fault>> {
    let mut work = Work::default();
    if !(1e-6..=3600.0).contains(&blueprint.step_secs) {
        work.fault("/step_secs", format!("the step is {} s", blueprint.step_secs), "give a step between 1e-6 and 3600 s");
    }
    let kinds = work.take_components(blueprint);
    work.connect(blueprint, &kinds);
    let plant = work.lay_out(blueprint, &kinds);
    match plant {
        Some(plant) if work.faults.is_empty() => Ok(plant),
        _ => Err(work.faults),
    }
}

#[derive(Default)]
pub(super) struct Work {
    faults: Vec<Fault>,
    names: BTreeMap<String, usize>,
    /// Component → its ports' places, before they are joined.
    first_port: Vec<usize>,
    /// Place → the place it was joined with.
    joined: Vec<usize>,
}

impl Work {
    pub(super) fn fault(&mut self, pointer: &str, message: String, hint: &str) {
        self.faults.push(Fault { pointer: pointer.to_owned(), message, hint: hint.to_owned() });
    }

    /// The kind of every component; `None` where it is not known.
    fn take_components(&mut self, blueprint: &Blueprint) -> Vec<Option<&'static Kind>> {
        let mut kinds = Vec::new();
        for (index, spec) in blueprint.components.iter().enumerate() {
            let pointer = spec.pointer.clone();
            if spec.name.is_empty() || spec.name.contains('.') {
                self.fault(&pointer, format!("'{}' cannot be a name", spec.name), "give a name without a point, such as p-101a/pump");
            }
            if self.names.insert(spec.name.clone(), index).is_some() {
                self.fault(&pointer, format!("there are two components named {}", spec.name), "give each a name of its own");
            }
            let kind = components::kind(&spec.kind);
            if kind.is_none() {
                let known: Vec<&str> = components::KINDS.iter().map(|kind| kind.sheet.kind).collect();
                self.fault(
                    &pointer,
                    format!("{}: there is no component of kind {}", spec.name, spec.kind),
                    &format!("known are {}", known.join(", ")),
                );
            }
            self.first_port.push(self.joined.len());
            for _ in 0..kind.map_or(0, |kind| kind.ports.len()) {
                self.joined.push(self.joined.len());
            }
            kinds.push(kind);
        }
        kinds
    }

    fn root(&self, mut place: usize) -> usize {
        while self.joined[place] != place {
            place = self.joined[place];
        }
        place
    }

    fn connect(&mut self, blueprint: &Blueprint, kinds: &[Option<&'static Kind>]) {
        for line in &blueprint.lines {
            let (Some(from), Some(to)) = (self.port(line, &line.from, kinds), self.port(line, &line.to, kinds)) else { continue };
            let (a, b) = (self.root(from), self.root(to));
            // The lower number stands for both: the order of the components decides, not that of the lines.
            self.joined[a.max(b)] = a.min(b);
        }
    }

    fn port(&mut self, line: &LineSpec, name: &str, kinds: &[Option<&'static Kind>]) -> Option<usize> {
        let found = name.rsplit_once('.').and_then(|(component, port)| {
            let &index = self.names.get(component)?;
            let at = kinds[index]?.ports.iter().position(|known| *known == port)?;
            Some(self.first_port[index] + at)
        });
        if found.is_none() {
            self.fault(
                &line.pointer,
                format!("there is no port {name}"),
                "write <component>.<port>; the sheet of the component's kind lists its ports",
            );
        }
        found
    }

    fn lay_out(&mut self, blueprint: &Blueprint, kinds: &[Option<&'static Kind>]) -> Option<Plant> {
        let known: Vec<&'static Kind> = kinds.iter().copied().collect::<Option<_>>()?;
        let mut layout = Layout::default();
        let nodes = self.lay_out_nodes(blueprint, &known, &mut layout);
        let mut seats = Vec::new();
        let mut links = Vec::new();
        let mut of_component: Vec<OfComponent> = Vec::new();
        for (index, (spec, kind)) in blueprint.components.iter().zip(&known).enumerate() {
            let seat = self.seat(blueprint, spec, kind, index, &nodes, &mut layout);
            let mut of = OfComponent::default();
            for (at, sheet) in kind.links.iter().enumerate() {
                of.links.push(links.len());
                let place = |port: Option<usize>| port.map(|port| seat.ports[port].node);
                let liquid = seat.liquid;
                links.push(Link {
                    component: index,
                    index: at,
                    from: place(sheet.from),
                    to: place(sheet.to),
                    seat: seat.links[at],
                    liquid,
                });
            }
            for &port in kind.held {
                let node = seat.ports[port].node;
                if !of.held.contains(&node) {
                    of.held.push(node);
                }
            }
            seats.push(seat);
            of_component.push(of);
        }
        for name in std::mem::take(&mut layout.clashes) {
            self.fault("", format!("two quantities are called {name}"), "give a link and a port of this kind different names");
        }
        let constants = constants(blueprint, &known, &mut layout);
        let mut tags = self.tags(blueprint, &mut layout);
        self.inputs(blueprint, &known, &constants, &mut seats, &layout);
        self.drives(blueprint, &mut tags, &layout);
        self.follows(blueprint, &known, &mut seats);
        let circuit = self.circuit(blueprint, &known, nodes, links, of_component);
        let mut names = layout.by_name.clone();
        names.extend(blueprint.tags.iter().zip(&tags).map(|(spec, tag)| (spec.tag.clone(), tag.seen)));
        let mut built = Vec::new();
        for ((spec, kind), seat) in blueprint.components.iter().zip(&known).zip(seats) {
            let settings = Settings { values: &spec.parameters, names: &names, component: &spec.name };
            match (kind.build)(seat, &settings) {
                Ok(component) => built.push(component),
                Err(message) => self.fault(&spec.pointer, format!("{}: {message}", spec.name), "see the sheet of this kind"),
            }
        }
        let mut hash = Fnv::default();
        for name in layout.by_name.keys() {
            name.bytes().for_each(|byte| hash.add(u64::from(byte)));
        }
        let calls = self.calls(blueprint);
        let mut parameter_by_name: BTreeMap<String, Vec<usize>> =
            layout.parameters.iter().enumerate().map(|(index, parameter)| (parameter.name.clone(), vec![index])).collect();
        self.aliases(blueprint, &mut parameter_by_name, &mut layout);
        self.plant_parameters(blueprint, &parameter_by_name, &mut layout);
        let conditions = self.conditions(blueprint, &parameter_by_name, &layout);
        let order = order_of_action(&built, &known);
        let is_shown = |index: &usize| {
            let first = built[*index].seat().point;
            let own = first..first + known[*index].sheet.points.len();
            tags.iter().any(|tag| own.contains(&tag.point))
        };
        let shown = order.iter().copied().filter(is_shown).collect();
        Some(Plant {
            step_secs: blueprint.step_secs,
            event_secs: blueprint.event_secs,
            order,
            shown,
            calls,
            alias_names: blueprint.aliases.keys().cloned().collect(),
            interlocks: names::interlocks(blueprint, &layout.by_name),
            tag_names: blueprint.tags.iter().map(|spec| spec.tag.clone()).collect(),
            tag_numbers: blueprint.tags.iter().enumerate().map(|(number, spec)| (spec.tag.clone(), number)).collect(),
            components: built,
            names: blueprint.components.iter().map(|spec| spec.name.clone()).collect(),
            circuit,
            parameter_by_name,
            parameters: layout.parameters,
            points: layout.points,
            by_name: layout.by_name,
            constants: layout.constants,
            conditions,
            tags,
            state_count: layout.states,
            note_count: layout.notes,
            point_count: layout.slots,
            layout: hash.0,
        })
    }

    /// One node for every set of joined ports, with its height and liquid.
    fn lay_out_nodes(&mut self, blueprint: &Blueprint, kinds: &[&'static Kind], layout: &mut Layout) -> BTreeMap<usize, Node> {
        let mut nodes: BTreeMap<usize, Node> = BTreeMap::new();
        let mut heights: BTreeMap<usize, f64> = BTreeMap::new();
        for (index, (spec, kind)) in blueprint.components.iter().zip(kinds).enumerate() {
            for (at, port) in kind.ports.iter().enumerate() {
                let root = self.root(self.first_port[index] + at);
                let node = nodes.entry(root).or_insert_with(|| Node {
                    pressure: layout.slot(),
                    temp: layout.slot(),
                    tracer: layout.slot(),
                    meets: Vec::new(),
                    elevation_m: 0.0,
                    row: None,
                    held: None,
                    liquid: Liquid::Water,
                });
                if kind.held.contains(&at) {
                    if node.held.is_some() {
                        self.fault(&spec.pointer, format!("{}: two vessels meet at {port}", spec.name), "put a pipe between them");
                    }
                    node.held = Some((index, at));
                }
                if let Some(height_m) = spec.elevation_m.of(port) {
                    let first_m = *heights.entry(root).or_insert(height_m);
                    if (first_m - height_m).abs() > 1e-9 {
                        let message = format!("{}: its {port} is at {height_m} m and joined with something at {first_m} m", spec.name);
                        self.fault(&spec.pointer, message, "give both the same height, or put a pipe between them");
                    }
                }
            }
        }
        for (root, height_m) in heights {
            if let Some(node) = nodes.get_mut(&root) {
                node.elevation_m = height_m;
            }
        }
        nodes
    }

    fn seat(
        &mut self,
        blueprint: &Blueprint,
        spec: &ComponentSpec,
        kind: &'static Kind,
        index: usize,
        nodes: &BTreeMap<usize, Node>,
        layout: &mut Layout,
    ) -> Seat {
        let order: Vec<usize> = nodes.keys().copied().collect();
        let parameter = layout.parameters.len();
        self.parameters(spec, kind, layout);
        let point = layout.slots;
        for sheet in kind.sheet.points {
            layout.named(format!("{}.{}", spec.name, sheet.name), sheet.unit);
        }
        let links = kind
            .links
            .iter()
            .map(|link| LinkSeat {
                flow: layout.named(format!("{}.{}_kg_s", spec.name, link.name), "kg/s"),
                inlet: layout.named(format!("{}.{}_in_k", spec.name, link.name), "K"),
                outlet: layout.named(format!("{}.{}_out_k", spec.name, link.name), "K"),
                density: layout.named(format!("{}.{}_kg_m3", spec.name, link.name), "kg/m³"),
                tracer_in: layout.named(format!("{}.{}_in_tracer", spec.name, link.name), ""),
                tracer_out: layout.named(format!("{}.{}_out_tracer", spec.name, link.name), ""),
            })
            .collect();
        let mut ports = Vec::new();
        for (at, port) in kind.ports.iter().enumerate() {
            let root = self.root(self.first_port[index] + at);
            let (Some(place), Some(node)) = (order.iter().position(|known| *known == root), nodes.get(&root)) else { continue };
            layout.alias(format!("{}.{port}_pa", spec.name), node.pressure, "Pa");
            layout.alias(format!("{}.{port}_k", spec.name), node.temp, "K");
            layout.alias(format!("{}.{port}_tracer", spec.name), node.tracer, "");
            ports.push(PortSeat {
                node: place,
                pressure: node.pressure,
                temp: node.temp,
                tracer: node.tracer,
                elevation_m: node.elevation_m,
            });
        }
        let state = layout.states;
        layout.states += kind.states;
        let note = layout.notes;
        layout.notes += kind.notes;
        let liquid = match spec.liquid.as_deref() {
            None | Some("water") => Liquid::Water,
            Some(other) => match blueprint.liquids.get(other) {
                Some(described) => Liquid::Described(*described),
                None => {
                    let hint = "water is built in; others are described under liquids";
                    self.fault(&spec.pointer, format!("{}: there is no liquid {other}", spec.name), hint);
                    Liquid::Water
                }
            },
        };
        Seat { parameter, state, point, note, inputs: Vec::new(), follows: Vec::new(), links, ports, liquid }
    }

    fn parameters(&mut self, spec: &ComponentSpec, kind: &'static Kind, layout: &mut Layout) {
        for sheet in kind.sheet.parameters {
            let value = match (spec.parameters.get(sheet.name), sheet.default) {
                (Some(Setting::Number(value)), _) => *value,
                (Some(_), _) => {
                    self.fault(&spec.pointer, format!("{}: {} is not a number", spec.name, sheet.name), "give a number");
                    sheet.min
                }
                (None, Some(default)) => default,
                (None, None) => {
                    self.fault(&spec.pointer, format!("{}: {} is missing", spec.name, sheet.name), sheet.meaning);
                    sheet.min
                }
            };
            // The negated test also refuses NaN.
            if !(sheet.min..=sheet.max).contains(&value) {
                let hint = format!("{} must be within {} to {} {}", sheet.name, sheet.min, sheet.max, sheet.unit);
                self.fault(&spec.pointer, format!("{}: {} is {value}", spec.name, sheet.name), &hint);
            }
            layout.parameters.push(PlantParameter { name: format!("{}.{}", spec.name, sheet.name), sheet, value });
        }
        for name in spec.parameters.keys() {
            let known = kind.sheet.parameters.iter().any(|sheet| sheet.name == name) || kind.options.iter().any(|sheet| sheet.is(name));
            if !known {
                let all: Vec<&str> =
                    kind.sheet.parameters.iter().map(|sheet| sheet.name).chain(kind.options.iter().map(|sheet| sheet.name)).collect();
                self.fault(&spec.pointer, format!("{}: there is no parameter {name}", spec.name), &format!("known are {}", all.join(", ")));
            }
        }
    }

    fn tags(&mut self, blueprint: &Blueprint, layout: &mut Layout) -> Vec<Tag> {
        let mut tags = Vec::new();
        for spec in &blueprint.tags {
            let Some(&point) = layout.by_name.get(&spec.point) else {
                self.fault(&spec.pointer, format!("{}: there is no point {}", spec.tag, spec.point), "write <component>.<quantity>");
                continue;
            };
            let usable = spec.scale.is_finite() && spec.offset.is_finite() && spec.low <= spec.high;
            if !usable || layout.by_name.contains_key(&spec.tag) {
                self.fault(&spec.pointer, format!("{}: a name taken, or scale and range that are none", spec.tag), "give low below high");
                continue;
            }
            let index = layout.named(spec.tag.clone(), "");
            let seen = layout.slot();
            layout.seen.insert(index, seen);
            tags.push(Tag { index, seen, point, scale: spec.scale, offset: spec.offset, low: spec.low, high: spec.high, drives: None });
        }
        tags
    }

    fn follows(&mut self, blueprint: &Blueprint, kinds: &[&'static Kind], seats: &mut [Seat]) {
        let numbers: BTreeMap<&str, usize> = blueprint.tags.iter().enumerate().map(|(number, spec)| (spec.tag.as_str(), number)).collect();
        for ((spec, kind), seat) in blueprint.components.iter().zip(kinds).zip(seats) {
            let number = |tag: &String| numbers.get(tag.as_str()).copied();
            seat.follows = kind.follows.iter().map(|sheet| spec.follows.get(sheet.name).and_then(number)).collect();
            for (name, tag) in &spec.follows {
                if !kind.follows.iter().any(|sheet| sheet.name == name) || number(tag).is_none() {
                    let message = format!("{}: it cannot follow {tag} as its {name}", spec.name);
                    self.fault(&spec.pointer, message, "name a tag, and what the sheet of this kind follows");
                }
            }
        }
    }

    /// What drives every input: its own constant, or a point or tag by name.
    fn inputs(
        &mut self,
        blueprint: &Blueprint,
        kinds: &[&'static Kind],
        constants: &[Vec<Option<usize>>],
        seats: &mut [Seat],
        layout: &Layout,
    ) {
        for (((spec, kind), seat), constants) in blueprint.components.iter().zip(kinds).zip(seats).zip(constants) {
            for (sheet, constant) in kind.inputs.iter().zip(constants) {
                let read = match spec.inputs.get(sheet.name) {
                    Some(Input::Point(name)) => Some((layout.source(name), name)),
                    _ => None,
                };
                let index = constant.or(read.and_then(|(index, _)| index));
                if index.is_none() {
                    let (message, hint) = match read {
                        Some((_, name)) => (format!("{} reads {name}, which is not there", sheet.name), "name a point or a tag"),
                        None => (format!("nothing drives {}", sheet.name), sheet.meaning),
                    };
                    self.fault(&spec.pointer, format!("{}: {message}", spec.name), hint);
                }
                seat.inputs.push(index.unwrap_or(0));
            }
            for name in spec.inputs.keys().filter(|name| !kind.inputs.iter().any(|sheet| sheet.name == name.as_str())) {
                self.fault(&spec.pointer, format!("{}: there is no input {name}", spec.name), "see the sheet of this kind");
            }
        }
    }

    fn circuit(
        &mut self,
        blueprint: &Blueprint,
        kinds: &[&'static Kind],
        nodes: BTreeMap<usize, Node>,
        links: Vec<Link>,
        mut of_component: Vec<OfComponent>,
    ) -> Circuit {
        let mut nodes: Vec<Node> = nodes.into_values().collect();
        let mut rows = 0;
        for link in &links {
            for node in [link.from, link.to].into_iter().flatten() {
                nodes[node].liquid = link.liquid;
            }
        }
        for node in &mut nodes {
            match node.held {
                None => {
                    node.row = Some(rows);
                    rows += 1;
                }
                Some((component, port)) if kinds[component].elastic.contains(&port) => {
                    let row = *of_component[component].row.get_or_insert(rows);
                    rows = rows.max(row + 1);
                    node.row = Some(row);
                }
                Some(_) => {}
            }
        }
        for link in &links {
            let mixed = [link.from, link.to].into_iter().flatten().any(|node| nodes[node].liquid != link.liquid);
            if mixed {
                let spec = &blueprint.components[link.component];
                self.fault(&spec.pointer, format!("{}: it is joined with another liquid", spec.name), "give one circuit one liquid");
            }
        }
        let mut ends = Vec::new();
        let pairs = links
            .iter()
            .map(|link| {
                let row = |node: Option<usize>| node.and_then(|node: usize| nodes[node].row);
                let (from, to) = (row(link.from)?, row(link.to)?);
                (from != to).then(|| {
                    ends.push((from, to));
                    ends.len() - 1
                })
            })
            .collect();
        for (index, link) in links.iter().enumerate() {
            if let Some(to) = link.to {
                nodes[to].meets.push((index, 1.0));
            }
            if let Some(from) = link.from {
                nodes[from].meets.push((index, -1.0));
            }
        }
        Circuit { nodes, links, of_component, rows, system: System::new(rows, &ends), pairs, start_pa: START_PA, start_k: START_K }
    }
}

/// The arrays as they grow.
#[derive(Default)]
pub(super) struct Layout {
    slots: usize,
    states: usize,
    notes: usize,
    pub(super) parameters: Vec<PlantParameter>,
    points: Vec<PlantPoint>,
    pub(super) by_name: BTreeMap<String, usize>,
    pub(super) constants: Vec<(usize, f64)>,
    /// Names given to two quantities.
    clashes: Vec<String>,
    /// Point of a tag → point of what the controllers see of it.
    seen: BTreeMap<usize, usize>,
}

impl Layout {
    fn slot(&mut self) -> usize {
        self.slots += 1;
        self.slots - 1
    }

    fn named(&mut self, name: String, unit: &'static str) -> usize {
        let index = self.slot();
        self.alias(name, index, unit);
        index
    }

    fn alias(&mut self, name: String, index: usize, unit: &'static str) {
        if self.by_name.insert(name.clone(), index).is_some_and(|other| other != index) {
            self.clashes.push(name.clone());
        }
        self.points.push(PlantPoint { name, index, unit });
    }

    /// The point an input reads: what the controllers see of a tag, or a point itself.
    fn source(&self, name: &str) -> Option<usize> {
        let index = *self.by_name.get(name)?;
        Some(self.seen.get(&index).copied().unwrap_or(index))
    }

    fn constant(&mut self, name: String, value: f64) -> usize {
        let index = self.named(name, "");
        self.constants.push((index, value));
        index
    }
}

/// The inputs that nothing in the plant drives get a place of their own: component by component, input by input.
fn constants(blueprint: &Blueprint, kinds: &[&'static Kind], layout: &mut Layout) -> Vec<Vec<Option<usize>>> {
    let mut all = Vec::new();
    for (spec, kind) in blueprint.components.iter().zip(kinds) {
        let own = kind.inputs.iter().map(|sheet| {
            let value = match spec.inputs.get(sheet.name) {
                Some(Input::Constant(value)) => value.is_finite().then_some(*value),
                Some(Input::Point(_)) => None,
                // Not a number is what a sheet may say for an input that is not driven, and nobody else.
                None => sheet.default,
            };
            value.map(|value| layout.constant(format!("{}.{}", spec.name, sheet.name), value))
        });
        all.push(own.collect());
    }
    all
}
