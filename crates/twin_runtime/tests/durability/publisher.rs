//! Publishes a rising counter per signal, and remembers what the broker has accepted.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use twin_ingest::{MqttOptions, Publisher, SystemClock};
use twin_model::{Clock, TwinTime};

use crate::recorder::PATIENCE;

/// Signals of the plant.
pub const SIGNALS: usize = 20;
/// Messages that are published together; the broker has accepted all of them before the next ones.
const ROUNDS: usize = 2;
/// Time from one such group to the next: 2,000 messages a second.
const PACE: Duration = Duration::from_millis(20);

/// Source time of every value the broker accepted, by signal. The value is the place in the list.
pub type Accepted = Vec<Vec<TwinTime>>;

/// A thread that publishes until it is told to stop.
pub struct Feed {
    accepted: Arc<Mutex<Accepted>>,
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

/// Topic of a signal.
pub fn topic(signal: usize) -> String {
    format!("mill/m-{signal}/SI-{signal}")
}

impl Feed {
    pub fn start(url: &str) -> Self {
        let publisher = Publisher::connect(MqttOptions::new(url).unwrap(), None);
        assert!(publisher.wait_connected(PATIENCE), "the publisher found no broker");
        let accepted = Arc::new(Mutex::new(vec![Vec::new(); SIGNALS]));
        let is_over = Arc::new(AtomicBool::new(false));
        let (theirs, end) = (Arc::clone(&accepted), Arc::clone(&is_over));
        let thread = std::thread::Builder::new().name("feed".to_owned()).spawn(move || publish(publisher, &theirs, &end)).unwrap();
        Self { accepted, is_over, thread: Some(thread) }
    }

    /// Publishes what is under way and stops. Returns everything that was accepted.
    pub fn stop(&mut self) -> Accepted {
        self.is_over.store(true, Ordering::Release);
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
        self.accepted.lock().unwrap().clone()
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Release);
    }
}

fn payload(value: usize, time: TwinTime) -> String {
    format!(r#"{{"v":{value},"t":{}}}"#, time.0)
}

fn publish(publisher: Publisher, accepted: &Mutex<Accepted>, is_over: &AtomicBool) {
    let mut newest = TwinTime(0);
    let mut repeated: Option<(TwinTime, usize)> = None;
    let mut due = Instant::now();
    while !is_over.load(Ordering::Acquire) {
        let first = accepted.lock().unwrap()[0].len();
        let mut sent: Vec<TwinTime> = Vec::with_capacity(ROUNDS);
        // Something that is no sample, and a sample that was sent before.
        let mut messages = vec![(topic(0), "no JSON".to_owned())];
        messages.extend(repeated.map(|(time, value)| (topic(1), payload(value, time))));
        for value in first..first + ROUNDS {
            newest = TwinTime(SystemClock.now().0.max(newest.0 + 1_000));
            messages.extend((0..SIGNALS).map(|signal| (topic(signal), payload(value, newest))));
            sent.push(newest);
        }
        repeated = Some((newest, first + ROUNDS - 1));
        deliver(&publisher, &messages);
        accepted.lock().unwrap().iter_mut().for_each(|times| times.extend(&sent));
        due = (due + PACE).max(Instant::now());
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
    }
    publisher.close();
}

/// Publishes until the broker has accepted all of it: on a busy machine a connection may be lost, and then what was under
/// way is sent again, as a gateway would.
fn deliver(publisher: &Publisher, messages: &[(String, String)]) {
    let until = Instant::now() + 4 * PATIENCE;
    loop {
        assert!(publisher.wait_connected(PATIENCE), "the broker has ended or does not answer");
        let is_sent = messages.iter().try_for_each(|(topic, payload)| publisher.publish(topic, payload.as_str(), false, 1));
        match is_sent.and_then(|()| publisher.flush()) {
            Ok(()) => return,
            Err(error) => println!("publisher: {error}; again"),
        }
        assert!(Instant::now() < until, "the broker accepts nothing");
    }
}
