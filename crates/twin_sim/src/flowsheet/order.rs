//! In which order the components move.

use super::component::{Component, Kind};

/// Every component after those whose own points it reads. Where components read each other in a ring, the first of them
/// in the plant file moves first and reads what the step before left.
pub(super) fn order_of_action(components: &[Box<dyn Component>], kinds: &[&Kind]) -> Vec<usize> {
    let mut owners: Vec<(usize, usize)> = Vec::new();
    for (index, (component, kind)) in components.iter().zip(kinds).enumerate() {
        owners.extend((0..kind.sheet.points.len()).map(|point| (component.seat().point + point, index)));
    }
    owners.sort_unstable();
    let owner = |point: &usize| owners.binary_search_by_key(point, |(point, _)| *point).ok().map(|at| owners[at].1);
    let waits_for: Vec<Vec<usize>> = components
        .iter()
        .enumerate()
        .map(|(index, component)| {
            component.seat().inputs.iter().chain(component.reads()).filter_map(owner).filter(|owner| *owner != index).collect()
        })
        .collect();
    let mut order = Vec::with_capacity(components.len());
    let mut done = vec![false; components.len()];
    while order.len() < components.len() {
        let free = |index: &usize| !done[*index] && waits_for[*index].iter().all(|other| done[*other]);
        let next = (0..components.len()).find(free).or_else(|| first_in_a_ring(&waits_for, &done));
        let Some(next) = next else { break };
        done[next] = true;
        order.push(next);
    }
    order
}

/// The first component that waits, directly or through others, for nothing but what waits for it in turn. One that only
/// waits for a ring is none: it moves after it.
fn first_in_a_ring(waits_for: &[Vec<usize>], done: &[bool]) -> Option<usize> {
    let awaited: Vec<Vec<bool>> = (0..done.len()).map(|index| awaited_by(index, waits_for, done)).collect();
    let waits_back = |index: usize| (0..done.len()).filter(|other| awaited[index][*other]).all(|other| awaited[other][index]);
    (0..done.len()).find(|&index| !done[index] && waits_back(index))
}

/// Which components that have not moved yet one waits for, directly or through others.
fn awaited_by(index: usize, waits_for: &[Vec<usize>], done: &[bool]) -> Vec<bool> {
    let mut awaited = vec![false; done.len()];
    let mut open = vec![index];
    while let Some(next) = open.pop() {
        for &other in waits_for[next].iter().filter(|other| !done[**other]) {
            if !awaited[other] {
                awaited[other] = true;
                open.push(other);
            }
        }
    }
    awaited
}
