//! An order of elimination that lets little fill in: approximate minimum degree.
//!
//! P. R. Amestoy, T. A. Davis, I. S. Duff, "An approximate minimum degree ordering algorithm", SIAM J. Matrix Anal. Appl.
//! 17 (1996). An eliminated row lives on as an *element*, the set of rows that it joins to one another; a row's degree is
//! bounded from above by the sizes of its elements, and rows that cannot be told apart are eliminated as one.

const NONE: u32 = u32::MAX;

/// The rows 0..`rows` in the order in which they should be eliminated; `pairs` are the entries off the diagonal.
///
/// The order depends on nothing but the arguments. Pairs may repeat; those of a row with itself or beyond `rows` do not
/// count.
pub(super) fn elimination_order(rows: usize, pairs: &[(usize, usize)]) -> Vec<u32> {
    let mut graph = Graph::new(rows, pairs);
    let mut order = Vec::with_capacity(rows);
    while let Some(pivot) = graph.pop_least() {
        graph.eliminate(pivot, &mut order);
    }
    order
}

/// The rows that are left, and the elements made of those that are gone.
struct Graph {
    /// Neighbours of each row that no element tells of.
    direct: Vec<Vec<u32>>,
    /// Elements that each row belongs to.
    elements: Vec<Vec<u32>>,
    /// Rows of each element, by the row that was eliminated; may still name rows that are gone.
    members: Vec<Vec<u32>>,
    /// How many rows each row stands for; 0 for those that are gone or stand behind another one.
    weight: Vec<u32>,
    /// The next of the rows that stand behind a row, for it and for each of them.
    behind: Vec<u32>,
    /// The last of them, so that lists are joined at once.
    last: Vec<u32>,
    degree: Vec<u32>,
    queue: Queue,
    /// Rows left, counted with those that stand behind others.
    left: u32,
    marks: Marks,
    /// Weight of each element outside of the newest one, valid where `outside_of` names that one.
    outside: Vec<u32>,
    outside_of: Vec<u32>,
    hashes: Vec<(u32, u32)>,
}

impl Graph {
    fn new(rows: usize, pairs: &[(usize, usize)]) -> Self {
        let mut direct: Vec<Vec<u32>> = vec![Vec::new(); rows];
        for &(one, other) in pairs.iter().filter(|(one, other)| one != other && *one < rows && *other < rows) {
            direct[one].push(other as u32);
            direct[other].push(one as u32);
        }
        let mut queue = Queue::new(rows);
        let mut degree = vec![0; rows];
        // The lowest row ends up first among those of its degree.
        for row in (0..rows).rev() {
            direct[row].sort_unstable();
            direct[row].dedup();
            degree[row] = direct[row].len() as u32;
            queue.push(row as u32, degree[row]);
        }
        Self {
            direct,
            elements: vec![Vec::new(); rows],
            members: vec![Vec::new(); rows],
            weight: vec![1; rows],
            behind: vec![NONE; rows],
            last: (0..rows as u32).collect(),
            degree,
            queue,
            left: rows as u32,
            marks: Marks { of: vec![0; rows], now: 0 },
            outside: vec![0; rows],
            outside_of: vec![NONE; rows],
            hashes: Vec::new(),
        }
    }

    fn pop_least(&mut self) -> Option<u32> {
        self.queue.pop_least()
    }

    /// Turns a row into an element and brings the degrees of its rows up to date.
    fn eliminate(&mut self, pivot: u32, order: &mut Vec<u32>) {
        let at = pivot as usize;
        let mut around = self.around(pivot);
        self.left -= self.weight[at];
        self.weight[at] = 0;
        let around_weight: u32 = around.iter().map(|&row| self.weight[row as usize]).sum();
        self.measure_elements(pivot, &around);
        // Rows of the new element are marked, so that it replaces the direct neighbours among them.
        self.marks.renew();
        self.marks.set_all(&around);
        self.marks.set(pivot);
        for &row in &around {
            self.queue.remove(row, self.degree[row as usize]);
            self.join(row, pivot, around_weight);
        }
        self.eliminate_with(pivot, &mut around);
        self.unite(&around);
        around.retain(|&row| self.weight[row as usize] > 0);
        for &row in &around {
            let most = self.left - self.weight[row as usize];
            self.degree[row as usize] = self.degree[row as usize].min(most);
            self.queue.push(row, self.degree[row as usize]);
        }
        self.members[at] = around;
        let mut row = pivot;
        while row != NONE {
            order.push(row);
            row = self.behind[row as usize];
        }
    }

    /// The rows that a row touches, directly or through its elements, which end with it.
    fn around(&mut self, pivot: u32) -> Vec<u32> {
        self.marks.renew();
        self.marks.set(pivot);
        let at = pivot as usize;
        let mut around = std::mem::take(&mut self.direct[at]);
        around.retain(|&row| self.weight[row as usize] > 0);
        self.marks.set_all(&around);
        for element in std::mem::take(&mut self.elements[at]) {
            for row in std::mem::take(&mut self.members[element as usize]) {
                if self.weight[row as usize] > 0 && self.marks.set(row) {
                    around.push(row);
                }
            }
        }
        around
    }

    /// For every element that a row of `around` belongs to, the weight of its rows outside of `around`.
    fn measure_elements(&mut self, pivot: u32, around: &[u32]) {
        for &row in around {
            let weight = self.weight[row as usize];
            for &element in &self.elements[row as usize] {
                let element = element as usize;
                if self.outside_of[element] != pivot {
                    self.outside_of[element] = pivot;
                    self.outside[element] = self.members[element].iter().map(|&row| self.weight[row as usize]).sum();
                }
                // An element eaten by the pivot has no members any more and is left aside.
                self.outside[element] = self.outside[element].saturating_sub(weight);
            }
        }
    }

    /// Makes a row one of the new element: what that element tells of need not be told again.
    fn join(&mut self, row: u32, pivot: u32, around_weight: u32) {
        let at = row as usize;
        let Self { direct, elements, members, outside, weight, marks, .. } = self;
        let mut degree = around_weight - weight[at];
        let before = self.degree[at].saturating_add(degree);
        elements[at].retain(|&element| {
            let lasts = outside[element as usize] > 0 && !members[element as usize].is_empty();
            if lasts {
                degree = degree.saturating_add(outside[element as usize]);
            }
            lasts
        });
        elements[at].push(pivot);
        direct[at].retain(|&other| {
            let lasts = weight[other as usize] > 0 && !marks.has(other);
            if lasts {
                degree = degree.saturating_add(weight[other as usize]);
            }
            lasts
        });
        self.degree[at] = degree.min(before);
    }

    /// Rows that touch nothing but the new element are eliminated together with its pivot.
    fn eliminate_with(&mut self, pivot: u32, around: &mut Vec<u32>) {
        around.retain(|&row| {
            let at = row as usize;
            let stays = self.elements[at].len() > 1 || !self.direct[at].is_empty();
            if !stays {
                self.left -= self.weight[at];
                put_behind(&mut self.behind, &mut self.last, pivot, row);
                self.weight[at] = 0;
                self.elements[at].clear();
            }
            stays
        });
    }

    /// Rows with the same neighbours go on as one.
    fn unite(&mut self, around: &[u32]) {
        let mut hashes = std::mem::take(&mut self.hashes);
        hashes.clear();
        hashes.extend(around.iter().map(|&row| {
            let sum = |all: &[u32]| all.iter().fold(0_u32, |sum, &one| sum.wrapping_add(one));
            (sum(&self.direct[row as usize]).wrapping_add(sum(&self.elements[row as usize])), row)
        }));
        hashes.sort_unstable();
        for (at, &(hash, row)) in hashes.iter().enumerate() {
            if self.weight[row as usize] == 0 {
                continue;
            }
            let alike = hashes[at + 1..].iter().take_while(|(other, _)| *other == hash);
            for &(_, other) in alike {
                if self.weight[other as usize] > 0 && self.same(row as usize, other as usize) {
                    self.weight[row as usize] += self.weight[other as usize];
                    self.degree[row as usize] = self.degree[row as usize].saturating_sub(self.weight[other as usize]);
                    self.weight[other as usize] = 0;
                    put_behind(&mut self.behind, &mut self.last, row, other);
                    self.direct[other as usize] = Vec::new();
                    self.elements[other as usize] = Vec::new();
                }
            }
        }
        self.hashes = hashes;
    }

    fn same(&mut self, one: usize, other: usize) -> bool {
        if self.direct[one].len() != self.direct[other].len() || self.elements[one].len() != self.elements[other].len() {
            return false;
        }
        let Self { direct, elements, marks, .. } = self;
        let mut covers = |a: &[u32], b: &[u32]| {
            marks.renew();
            marks.set_all(a);
            b.iter().all(|&row| marks.has(row))
        };
        covers(&direct[one], &direct[other]) && covers(&elements[one], &elements[other])
    }
}

/// Hangs a row, and those behind it, behind another one.
fn put_behind(behind: &mut [u32], last: &mut [u32], front: u32, row: u32) {
    behind[last[front as usize] as usize] = row;
    last[front as usize] = last[row as usize];
}

/// Marks on rows that are all taken away at once.
struct Marks {
    of: Vec<u32>,
    now: u32,
}

impl Marks {
    fn renew(&mut self) {
        if self.now == u32::MAX {
            self.of.fill(0);
            self.now = 0;
        }
        self.now += 1;
    }

    /// Marks a row; false when it was.
    fn set(&mut self, row: u32) -> bool {
        std::mem::replace(&mut self.of[row as usize], self.now) != self.now
    }

    fn set_all(&mut self, rows: &[u32]) {
        for &row in rows {
            self.of[row as usize] = self.now;
        }
    }

    fn has(&self, row: u32) -> bool {
        self.of[row as usize] == self.now
    }
}

/// Rows by degree, the last one put in first.
struct Queue {
    first: Vec<u32>,
    next: Vec<u32>,
    previous: Vec<u32>,
    least: usize,
}

impl Queue {
    fn new(rows: usize) -> Self {
        Self { first: vec![NONE; rows.max(1)], next: vec![NONE; rows], previous: vec![NONE; rows], least: 0 }
    }

    fn push(&mut self, row: u32, degree: u32) {
        let first = std::mem::replace(&mut self.first[degree as usize], row);
        self.next[row as usize] = first;
        self.previous[row as usize] = NONE;
        if first != NONE {
            self.previous[first as usize] = row;
        }
        self.least = self.least.min(degree as usize);
    }

    fn remove(&mut self, row: u32, degree: u32) {
        let (next, previous) = (self.next[row as usize], self.previous[row as usize]);
        if next != NONE {
            self.previous[next as usize] = previous;
        }
        if previous == NONE {
            self.first[degree as usize] = next;
        } else {
            self.next[previous as usize] = next;
        }
    }

    fn pop_least(&mut self) -> Option<u32> {
        while *self.first.get(self.least)? == NONE {
            self.least += 1;
        }
        let row = self.first[self.least];
        self.remove(row, self.least as u32);
        Some(row)
    }
}
