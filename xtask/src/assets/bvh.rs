//! A tree of boxes over triangles, to find what a ray meets first.

/// Triangles in a leaf at most.
const LEAF: usize = 4;
/// Places along an axis where a box may be cut.
const BINS: usize = 12;

struct Node {
    low: [f32; 3],
    high: [f32; 3],
    /// First triangle of a leaf, or index of the second child.
    link: u32,
    /// Triangles of a leaf; 0 for an inner node, whose first child follows it.
    count: u32,
}

/// One corner and the two edges from it.
type Triangle = [[f32; 3]; 3];

/// Boxes within boxes.
pub struct Bvh {
    nodes: Vec<Node>,
    triangles: Vec<Triangle>,
}

fn sub(a: [f32; 3], b: [f32; 3]) -> [f32; 3] {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

fn dot(a: [f32; 3], b: [f32; 3]) -> f32 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn cross(a: [f32; 3], b: [f32; 3]) -> [f32; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

#[derive(Clone, Copy)]
struct Bounds {
    low: [f32; 3],
    high: [f32; 3],
}

impl Bounds {
    const NONE: Bounds = Bounds { low: [f32::MAX; 3], high: [f32::MIN; 3] };

    fn with(self, other: Bounds) -> Bounds {
        Bounds {
            low: std::array::from_fn(|k| self.low[k].min(other.low[k])),
            high: std::array::from_fn(|k| self.high[k].max(other.high[k])),
        }
    }

    fn of(triangle: &[[f32; 3]; 3]) -> Bounds {
        triangle.iter().fold(Bounds::NONE, |bounds, &corner| bounds.with(Bounds { low: corner, high: corner }))
    }

    fn area(&self) -> f32 {
        let [x, y, z] = sub(self.high, self.low);
        if x < 0.0 { 0.0 } else { x * y + y * z + z * x }
    }
}

struct Item {
    bounds: Bounds,
    middle: [f32; 3],
    triangle: Triangle,
}

impl Bvh {
    /// Builds the tree.
    pub fn new(triangles: &[[[f32; 3]; 3]]) -> Bvh {
        let mut items: Vec<Item> = triangles
            .iter()
            .map(|t| {
                let bounds = Bounds::of(t);
                let middle = std::array::from_fn(|k| (bounds.low[k] + bounds.high[k]) * 0.5);
                Item { bounds, middle, triangle: [t[0], sub(t[1], t[0]), sub(t[2], t[0])] }
            })
            .collect();
        let mut bvh = Bvh { nodes: Vec::with_capacity(items.len()), triangles: Vec::with_capacity(items.len()) };
        if !items.is_empty() {
            bvh.build(&mut items);
        }
        bvh
    }

    fn build(&mut self, items: &mut [Item]) -> usize {
        let bounds = items.iter().fold(Bounds::NONE, |bounds, item| bounds.with(item.bounds));
        let index = self.nodes.len();
        self.nodes.push(Node { low: bounds.low, high: bounds.high, link: self.triangles.len() as u32, count: items.len() as u32 });
        let Some(cut) = (items.len() > LEAF).then(|| cut(items)).flatten() else {
            self.triangles.extend(items.iter().map(|item| item.triangle));
            return index;
        };
        let (first, second) = items.split_at_mut(cut);
        self.build(first);
        let right = self.build(second);
        self.nodes[index].link = right as u32;
        self.nodes[index].count = 0;
        index
    }

    /// Distance to the first triangle along a ray, and whether it shows its back.
    pub fn nearest(&self, from: [f32; 3], along: [f32; 3], reach: f32) -> Option<(f32, bool)> {
        let inverse = along.map(|c| 1.0 / c);
        let mut best: Option<(f32, bool)> = None;
        let mut limit = reach;
        let mut stack = [0_u32; 64];
        let mut open = usize::from(!self.nodes.is_empty());
        while open > 0 {
            open -= 1;
            let index = stack[open] as usize;
            let node = &self.nodes[index];
            if !enters(node, from, inverse, limit) {
                continue;
            }
            if node.count == 0 {
                stack[open] = node.link;
                stack[open + 1] = index as u32 + 1;
                open += 2;
                continue;
            }
            let first = node.link as usize;
            for triangle in &self.triangles[first..first + node.count as usize] {
                if let Some((distance, is_back)) = meets(triangle, from, along)
                    && distance < limit
                {
                    limit = distance;
                    best = Some((distance, is_back));
                }
            }
        }
        best
    }
}

fn enters(node: &Node, from: [f32; 3], inverse: [f32; 3], limit: f32) -> bool {
    let (mut near, mut far) = (0.0_f32, limit);
    for k in 0..3 {
        let (a, b) = ((node.low[k] - from[k]) * inverse[k], (node.high[k] - from[k]) * inverse[k]);
        near = near.max(a.min(b));
        far = far.min(a.max(b));
    }
    near <= far
}

fn meets(triangle: &Triangle, from: [f32; 3], along: [f32; 3]) -> Option<(f32, bool)> {
    let [corner, first, second] = *triangle;
    let p = cross(along, second);
    let determinant = dot(first, p);
    if determinant.abs() < 1e-12 {
        return None;
    }
    let inverse = 1.0 / determinant;
    let offset = sub(from, corner);
    let u = dot(offset, p) * inverse;
    if !(0.0..=1.0).contains(&u) {
        return None;
    }
    let q = cross(offset, first);
    let v = dot(along, q) * inverse;
    if v < 0.0 || u + v > 1.0 {
        return None;
    }
    let distance = dot(second, q) * inverse;
    (distance > 1e-4).then_some((distance, determinant < 0.0))
}

/// Sorts the items so that those before the returned place form one box and the rest another; none when they cannot be
/// told apart.
fn cut(items: &mut [Item]) -> Option<usize> {
    let spread = items.iter().fold(Bounds::NONE, |bounds, item| bounds.with(Bounds { low: item.middle, high: item.middle }));
    let mut best: Option<(f32, usize, usize)> = None;
    for axis in 0..3 {
        let (low, size) = (spread.low[axis], spread.high[axis] - spread.low[axis]);
        if size < 1e-6 {
            continue;
        }
        let mut bins = [(Bounds::NONE, 0_usize); BINS];
        for item in items.iter() {
            let slot = &mut bins[bin(item.middle[axis], low, size)];
            *slot = (slot.0.with(item.bounds), slot.1 + 1);
        }
        let mut left = [0.0_f32; BINS];
        let (mut bounds, mut count) = (Bounds::NONE, 0);
        for (i, slot) in bins.iter().enumerate() {
            bounds = bounds.with(slot.0);
            count += slot.1;
            left[i] = bounds.area() * count as f32;
        }
        let (mut bounds, mut count) = (Bounds::NONE, 0);
        for i in (1..BINS).rev() {
            bounds = bounds.with(bins[i].0);
            count += bins[i].1;
            let cost = left[i - 1] + bounds.area() * count as f32;
            if count > 0 && count < items.len() && best.is_none_or(|(least, ..)| cost < least) {
                best = Some((cost, axis, i));
            }
        }
    }
    let (_, axis, at) = best?;
    let (low, size) = (spread.low[axis], spread.high[axis] - spread.low[axis]);
    items.sort_by_key(|item| bin(item.middle[axis], low, size) >= at);
    Some(items.partition_point(|item| bin(item.middle[axis], low, size) < at))
}

fn bin(at: f32, low: f32, size: f32) -> usize {
    (((at - low) / size * BINS as f32) as usize).min(BINS - 1)
}
