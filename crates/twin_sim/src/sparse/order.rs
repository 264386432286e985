//! An order of elimination that lets little fill in: minimum external degree on a quotient graph.
//!
//! J. W. H. Liu, "Modification of the minimum-degree algorithm by multiple elimination", ACM Trans. Math. Softw. 11 (1985);
//! A. George and J. W. H. Liu, "The evolution of the minimum degree ordering algorithm", SIAM Review 31 (1989).
//!
//! An eliminated row lives on as an *element*, the set of rows that it joins to one another. Rows that cannot be told
//! apart are eliminated as one; a row that is sure to stay behind another one is not counted until that one has gone.
//!
//! Where degrees are equal, rows go in the order in which EPANET takes them: the row put into its list last goes first, from
//! the last row of the network on. Rounding decides the heads of parts that are shut off, and so does the order then.

const NONE: u32 = u32::MAX;

/// The rows 0..`rows` in the order in which they should be eliminated; `pairs` are the entries off the diagonal.
///
/// The order depends on nothing but the arguments. Pairs may repeat; those of a row with itself or beyond `rows` do not
/// count.
pub(super) fn elimination_order(rows: usize, pairs: &[(usize, usize)]) -> Vec<u32> {
    let mut graph = Graph::new(rows, pairs);
    let mut roots = Vec::new();
    while let Some(pivot) = graph.queue.pop_least() {
        roots.push(pivot);
        let element = graph.eliminate(pivot);
        graph.update(pivot, &element);
        graph.members[pivot as usize] = element;
    }
    graph.numbered(&roots)
}

/// Where a row is.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// In the list of its degree.
    Listed,
    /// Its degree has to be counted again.
    Due,
    /// Stays behind another row, so that its degree need not be known.
    Outmatched,
    /// Goes together with another row.
    Merged,
    /// Eliminated.
    Element,
}

/// The rows that are left, and the elements made of those that are gone.
struct Graph {
    place: Vec<Place>,
    /// Rows and elements next to each row.
    near: Vec<Vec<u32>>,
    /// Rows of each element.
    members: Vec<Vec<u32>>,
    /// How many rows each row stands for; 0 for merged ones.
    weight: Vec<u32>,
    /// The row that a merged one goes with.
    with: Vec<u32>,
    queue: Queue,
    marks: Marks,
    /// Marks on the rows of the newest element.
    newest: Marks,
}

impl Graph {
    fn new(rows: usize, pairs: &[(usize, usize)]) -> Self {
        let mut near: Vec<Vec<u32>> = vec![Vec::new(); rows];
        for &(one, other) in pairs.iter().filter(|(one, other)| one != other && *one < rows && *other < rows) {
            // Of links side by side the first one counts.
            if !near[one].contains(&(other as u32)) {
                near[one].push(other as u32);
                near[other].push(one as u32);
            }
        }
        let mut queue = Queue::new(rows);
        for (row, near) in (0..).zip(&mut near) {
            near.reverse();
            queue.push(row, near.len() as u32);
        }
        Self {
            place: vec![Place::Listed; rows],
            near,
            members: vec![Vec::new(); rows],
            weight: vec![1; rows],
            with: vec![NONE; rows],
            queue,
            marks: Marks::new(rows),
            newest: Marks::new(rows),
        }
    }

    /// Makes an element of a row: gives the rows that it joins.
    fn eliminate(&mut self, pivot: u32) -> Vec<u32> {
        let mut reach = Vec::new();
        let mut elements = Vec::new();
        self.marks.renew();
        self.marks.set(pivot);
        self.place[pivot as usize] = Place::Element;
        for near in std::mem::take(&mut self.near[pivot as usize]) {
            if self.place[near as usize] == Place::Merged || !self.marks.set(near) {
                continue;
            }
            let list = if self.place[near as usize] == Place::Element { &mut elements } else { &mut reach };
            list.push(near);
        }
        for &element in elements.iter().rev() {
            for row in std::mem::take(&mut self.members[element as usize]) {
                let lasts = !matches!(self.place[row as usize], Place::Element | Place::Merged);
                if lasts && self.marks.set(row) {
                    reach.push(row);
                }
            }
        }
        for &row in &reach {
            self.join(row, pivot);
        }
        reach
    }

    /// Makes a row one of a new element, whose rows and old elements are marked: it need not tell of them any more.
    fn join(&mut self, row: u32, pivot: u32) {
        let at = row as usize;
        if self.place[at] == Place::Listed {
            self.queue.remove(row);
        }
        let Self { near, place, marks, .. } = self;
        near[at].retain(|&other| place[other as usize] != Place::Merged && !marks.has(other));
        if near[at].is_empty() {
            self.merge(row, pivot);
        } else {
            near[at].push(pivot);
            place[at] = Place::Due;
        }
    }

    fn merge(&mut self, row: u32, front: u32) {
        self.weight[front as usize] += std::mem::take(&mut self.weight[row as usize]);
        self.with[row as usize] = front;
        self.place[row as usize] = Place::Merged;
    }

    /// Counts the degrees of a new element's rows, the last of them first, those with only one other neighbour before all.
    fn update(&mut self, element: u32, members: &[u32]) {
        self.newest.renew();
        let mut weight = 0;
        let (mut simple, mut others) = (Vec::new(), Vec::new());
        for &row in members.iter().filter(|row| self.weight[**row as usize] > 0) {
            weight += self.weight[row as usize];
            self.newest.set(row);
            let list = if self.near[row as usize].len() == 2 { &mut simple } else { &mut others };
            list.push(row);
        }
        for &row in simple.iter().rev() {
            if self.place[row as usize] == Place::Due {
                let degree = weight + self.beside(row, element);
                self.list(row, degree);
            }
        }
        for &row in others.iter().rev() {
            if self.place[row as usize] == Place::Due {
                let degree = weight + self.around(row);
                self.list(row, degree);
            }
        }
    }

    fn list(&mut self, row: u32, degree: u32) {
        self.place[row as usize] = Place::Listed;
        self.queue.push(row, degree.saturating_sub(self.weight[row as usize]));
    }

    /// Weight of what a row touches outside of the newest element through its only other neighbour. If that is an element,
    /// the rows of both that touch nothing else are one with it, and those that touch more stay behind it.
    fn beside(&mut self, row: u32, element: u32) -> u32 {
        let near = &self.near[row as usize];
        let Some(&other) = near.iter().find(|near| **near != element) else { return 0 };
        if self.place[other as usize] != Place::Element {
            return self.weight[other as usize];
        }
        let mut outside = 0;
        let members = std::mem::take(&mut self.members[other as usize]);
        for &member in members.iter().filter(|member| **member != row) {
            let at = member as usize;
            if self.weight[at] == 0 {
                continue;
            }
            if !self.newest.has(member) {
                outside += self.weight[at];
            } else if self.place[at] == Place::Due {
                if self.near[at].len() == 2 {
                    self.merge(member, row);
                } else {
                    self.place[at] = Place::Outmatched;
                }
            }
        }
        self.members[other as usize] = members;
        outside
    }

    /// Weight of what a row touches outside of the newest element.
    fn around(&mut self, row: u32) -> u32 {
        let Self { near, members, place, weight, marks, newest, .. } = self;
        marks.renew();
        let mut outside = 0;
        for &near in &near[row as usize] {
            if place[near as usize] == Place::Merged || !marks.set(near) {
                continue;
            }
            if place[near as usize] != Place::Element {
                outside += weight[near as usize];
                continue;
            }
            for &member in &members[near as usize] {
                if !newest.has(member) && marks.set(member) {
                    outside += weight[member as usize];
                }
            }
        }
        outside
    }

    /// All rows: those merged follow the one that they go with, the lowest first.
    fn numbered(&self, roots: &[u32]) -> Vec<u32> {
        let rows = self.with.len();
        let mut behind: Vec<Vec<u32>> = vec![Vec::new(); rows];
        for row in 0..rows as u32 {
            let mut root = row;
            while self.with[root as usize] != NONE {
                root = self.with[root as usize];
            }
            if root != row {
                behind[root as usize].push(row);
            }
        }
        roots.iter().flat_map(|&root| std::iter::once(root).chain(behind[root as usize].iter().copied())).collect()
    }
}

/// Marks on rows that are all taken away at once.
struct Marks {
    of: Vec<u32>,
    now: u32,
}

impl Marks {
    fn new(rows: usize) -> Self {
        Self { of: vec![0; rows], now: 0 }
    }

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

    fn has(&self, row: u32) -> bool {
        self.of[row as usize] == self.now
    }
}

/// Rows by degree, the last one put in first.
struct Queue {
    first: Vec<u32>,
    next: Vec<u32>,
    previous: Vec<u32>,
    degree: Vec<u32>,
    least: usize,
}

impl Queue {
    fn new(rows: usize) -> Self {
        Self { first: vec![NONE; rows.max(1)], next: vec![NONE; rows], previous: vec![NONE; rows], degree: vec![0; rows], least: 0 }
    }

    fn push(&mut self, row: u32, degree: u32) {
        let first = std::mem::replace(&mut self.first[degree as usize], row);
        self.next[row as usize] = first;
        self.previous[row as usize] = NONE;
        self.degree[row as usize] = degree;
        if first != NONE {
            self.previous[first as usize] = row;
        }
        self.least = self.least.min(degree as usize);
    }

    fn remove(&mut self, row: u32) {
        let (next, previous) = (self.next[row as usize], self.previous[row as usize]);
        if next != NONE {
            self.previous[next as usize] = previous;
        }
        if previous == NONE {
            self.first[self.degree[row as usize] as usize] = next;
        } else {
            self.next[previous as usize] = next;
        }
    }

    fn pop_least(&mut self) -> Option<u32> {
        while *self.first.get(self.least)? == NONE {
            self.least += 1;
        }
        let row = self.first[self.least];
        self.remove(row);
        Some(row)
    }
}
