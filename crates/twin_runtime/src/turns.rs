//! Who may compute next: several what-ifs on few cores.
//!
//! A worker takes a turn for a short slice and gives it back. Turns are given in the order in which they were asked for,
//! so workers that run side by side come forward alike, and there are fewer of them than cores: one core stays with the
//! live plant, however many branches run.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, PoisonError};

/// The turns of all workers. Clones share them.
#[derive(Clone, Debug)]
pub struct Turns(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    queue: Mutex<Queue>,
    changed: Condvar,
}

#[derive(Debug)]
struct Queue {
    free: usize,
    next_ticket: u64,
    waiting: VecDeque<u64>,
}

/// One turn. Dropping it gives it back.
#[derive(Debug)]
pub struct Turn(Arc<Shared>);

impl Turns {
    /// So many turns at a time, at least one.
    pub fn new(at_a_time: usize) -> Self {
        let queue = Mutex::new(Queue { free: at_a_time.max(1), next_ticket: 0, waiting: VecDeque::new() });
        Self(Arc::new(Shared { queue, changed: Condvar::new() }))
    }

    /// All cores of this machine but one.
    pub fn beside_the_live_plant() -> Self {
        Self::new(std::thread::available_parallelism().map_or(1, |cores| cores.get() - 1))
    }

    /// Waits for a turn.
    pub fn take(&self) -> Turn {
        let mut queue = self.0.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let ticket = queue.next_ticket;
        queue.next_ticket += 1;
        queue.waiting.push_back(ticket);
        while queue.free == 0 || queue.waiting.front() != Some(&ticket) {
            queue = self.0.changed.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
        queue.free -= 1;
        queue.waiting.pop_front();
        drop(queue);
        // With several turns free the next in the queue may go as well.
        self.0.changed.notify_all();
        Turn(Arc::clone(&self.0))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.queue.lock().unwrap_or_else(PoisonError::into_inner).free += 1;
        self.0.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Barrier;

    #[test]
    fn workers_that_run_side_by_side_come_forward_alike() {
        const WORKERS: usize = 4;
        const SLICES: usize = 50;
        let turns = Turns::new(1);
        let order = Arc::new(Mutex::new(Vec::new()));
        let start = Arc::new(Barrier::new(WORKERS));
        std::thread::scope(|scope| {
            for worker in 0..WORKERS {
                let (turns, order, start) = (turns.clone(), Arc::clone(&order), Arc::clone(&start));
                scope.spawn(move || {
                    start.wait();
                    for _ in 0..SLICES {
                        let turn = turns.take();
                        // Who holds the turn lets the others ask before it gives the turn back.
                        while turns.0.queue.lock().unwrap().waiting.len() < WORKERS - 1
                            && order.lock().unwrap().len() < WORKERS * (SLICES - 1)
                        {
                            std::thread::yield_now();
                        }
                        order.lock().unwrap().push(worker);
                        drop(turn);
                    }
                });
            }
        });
        let order = order.lock().unwrap();
        let mut done = [0usize; WORKERS];
        for &worker in &order[..WORKERS * (SLICES - 1)] {
            done[worker] += 1;
            let (least, most) = (done.iter().min().unwrap(), done.iter().max().unwrap());
            assert!(most - least <= 1, "{done:?}");
        }
    }

    #[test]
    fn never_more_work_at_a_time_than_there_are_turns() {
        let turns = Turns::new(2);
        let at_work = Arc::new(Mutex::new((0usize, 0usize)));
        std::thread::scope(|scope| {
            for _ in 0..6 {
                let (turns, at_work) = (turns.clone(), Arc::clone(&at_work));
                scope.spawn(move || {
                    for _ in 0..20 {
                        let _turn = turns.take();
                        {
                            let mut at_work = at_work.lock().unwrap();
                            at_work.0 += 1;
                            at_work.1 = at_work.1.max(at_work.0);
                        }
                        std::thread::yield_now();
                        at_work.lock().unwrap().0 -= 1;
                    }
                });
            }
        });
        let most = at_work.lock().unwrap().1;
        assert!((1..=2).contains(&most), "{most} at a time");
    }
}
