//! Two machines for one duty, side by side.

use super::loops::has_limit;
use super::roles::Named;
use twin_model::{Plant, SignalKey, ValueKind};

/// A type with no more telemetries than this is compared in all of them.
const FEW_ROWS: usize = 8;

/// Two things of one type that stand for one duty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Indices of the things, in document order.
    pub things: [usize; 2],
    /// What to compare: the state of the drive first, then what has a limit (of a small type: everything).
    pub rows: Vec<PairRow>,
}

/// A telemetry both have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairRow {
    /// Its signal on either thing.
    pub signals: [SignalKey; 2],
    /// The state of the drive: tells who is on duty.
    pub is_drive_state: bool,
}

/// The pair a thing is the group of, or belongs to: by `standby_of`, or as one of exactly two
/// machines of a type in a group.
pub fn pair_of(plant: &Plant, thing: usize) -> Option<Pair> {
    let named = Named::new(plant, thing)?;
    let things = standby(&named).or_else(|| siblings(plant, &named)).or_else(|| children(plant, thing))?;
    let [first, second] = things.map(|thing| Named::new(plant, thing));
    let (first, second) = (first?, second?);
    let both = first.signals().filter_map(|(name, key)| Some([key, second.telemetry(name)?]));
    let mut rows: Vec<PairRow> = both.map(|signals| PairRow { signals, is_drive_state: is_drive_state(plant, signals[0]) }).collect();
    if rows.len() > FEW_ROWS {
        rows.retain(|row| row.is_drive_state || row.signals.iter().any(|key| is_limited(plant, *key)));
    }
    rows.sort_by_key(|row| !row.is_drive_state);
    (!rows.is_empty()).then_some(Pair { things, rows })
}

fn standby(named: &Named) -> Option<[usize; 2]> {
    let other = named.sources("standby_of").chain(named.targets("standby_of")).next()?;
    Some(ordered(named.thing, other.thing))
}

fn siblings(plant: &Plant, named: &Named) -> Option<[usize; 2]> {
    // Two valves of an area are no pair; two machines are.
    named.signals().find(|(_, key)| is_drive_state(plant, *key))?;
    let group = plant.things.get(named.thing)?.parent?;
    children_of_type(plant, group, named.type_name())
}

/// The first type of which a group has exactly two with a drive.
fn children(plant: &Plant, group: usize) -> Option<[usize; 2]> {
    let children = (0..plant.things.len()).filter(|child| plant.things[*child].parent == Some(group));
    children.filter_map(|child| Named::new(plant, child)).find_map(|child| {
        let is_driven = child.signals().any(|(_, key)| is_drive_state(plant, key));
        if is_driven { children_of_type(plant, group, child.type_name()) } else { None }
    })
}

fn children_of_type(plant: &Plant, group: usize, type_name: &str) -> Option<[usize; 2]> {
    let is_child = |thing: &usize| plant.things[*thing].parent == Some(group);
    let is_like = |thing: &usize| Named::new(plant, *thing).is_some_and(|named| named.type_name() == type_name);
    let like: Vec<usize> = (0..plant.things.len()).filter(is_child).filter(is_like).collect();
    <[usize; 2]>::try_from(like).ok()
}

fn ordered(a: usize, b: usize) -> [usize; 2] {
    [a.min(b), a.max(b)]
}

fn is_drive_state(plant: &Plant, key: SignalKey) -> bool {
    let kind = plant.signals.info(key).map(|info| &info.kind);
    matches!(kind, Some(ValueKind::Enumeration { states }) if states.iter().any(|state| state == "running"))
}

fn is_limited(plant: &Plant, key: SignalKey) -> bool {
    plant.signals.info(key).is_some_and(|info| has_limit(plant, &info.tag))
}
