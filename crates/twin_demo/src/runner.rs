//! Runs the plant beside the program: a thread that paces it by the wall and hands its messages to an outlet.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, unbounded};
use twin_model::TwinTime;

use crate::demo::{Demo, DemoError, DemoOptions};
use crate::gateways::Gateways;
use crate::life::STEP_SECS;
use crate::publish::Publication;

/// Where the messages of a plant go.
pub trait Outlet: Send {
    /// Sends one message. Must not block for long; what cannot be sent is lost, as with a real gateway.
    fn send(&mut self, publication: Publication);

    /// True once after every connection that was made: the plant then tells everything anew.
    fn is_newly_connected(&mut self) -> bool {
        false
    }

    /// The plant has been stopped in order.
    fn close(self: Box<Self>) {}
}

/// Keeps the messages: for tests.
impl Outlet for Vec<Publication> {
    fn send(&mut self, publication: Publication) {
        self.push(publication);
    }
}

/// Hands the messages to another thread.
impl Outlet for Sender<Publication> {
    fn send(&mut self, publication: Publication) {
        // The receiver may be gone while the plant is being stopped.
        let _ = Sender::send(self, publication);
    }
}

/// Why a plant did not start.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The demonstration cannot be told as asked.
    #[error(transparent)]
    Demo(#[from] DemoError),
    /// The thread could not be made, or the truth file not be written.
    #[error("the demonstration plant could not start: {0}")]
    Start(#[from] std::io::Error),
    /// The broker's address makes no sense.
    #[error("the broker address cannot be used: {0}")]
    Broker(String),
}

/// What the owner of a running plant asks of it.
#[derive(Debug)]
enum Order {
    Speed(f64),
    Pause(bool),
    Clear,
    Command { topic: String, payload: Vec<u8> },
    Stop,
}

/// How a plant is run.
#[derive(Clone, Debug, Default)]
pub struct RunOptions {
    /// What to demonstrate.
    pub demo: DemoOptions,
    /// Repair the fault after this much plant time, in minutes.
    pub clear_after_min: Option<f64>,
    /// Write what really happened to this file, as JSON lines.
    pub truth_file: Option<PathBuf>,
}

/// A plant that runs in a thread of its own. Dropping it stops the plant.
#[derive(Debug)]
pub struct DemoHandle {
    orders: Sender<Order>,
    plant_time: Arc<AtomicI64>,
    thread: Option<JoinHandle<()>>,
}

impl DemoHandle {
    /// Changes the speed, in plant seconds per wall second; above 0.
    pub fn set_speed(&self, speed: f64) {
        self.order(Order::Speed(speed));
    }

    /// Halts plant time, or lets it go on.
    pub fn pause(&self, paused: bool) {
        self.order(Order::Pause(paused));
    }

    /// Repairs the fault at once.
    pub fn clear(&self) {
        self.order(Order::Clear);
    }

    /// Hands a request to the plant, see [`Demo::command`].
    pub fn command(&self, topic: &str, payload: &[u8]) {
        self.order(Order::Command { topic: topic.into(), payload: payload.into() });
    }

    /// Plant time now.
    pub fn plant_time(&self) -> TwinTime {
        TwinTime(self.plant_time.load(Ordering::Relaxed))
    }

    /// Stops the plant and waits for its thread.
    pub fn stop(mut self) {
        self.finish();
    }

    /// Waits until the plant ends by itself, which only a stopped thread does.
    pub fn wait(mut self) {
        self.join();
    }

    fn order(&self, order: Order) {
        // A plant that has ended takes no orders.
        let _ = self.orders.send(order);
    }

    fn finish(&mut self) {
        self.order(Order::Stop);
        self.join();
    }

    fn join(&mut self) {
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::warn!("the demonstration plant's thread ended badly");
        }
    }
}

impl Drop for DemoHandle {
    fn drop(&mut self) {
        self.finish();
    }
}

/// Starts plants.
#[derive(Clone, Copy, Debug)]
pub struct DemoRunner;

impl DemoRunner {
    /// Runs a plant that publishes to the broker at `broker_url` (`mqtt://host:port`) through its two gateways.
    ///
    /// # Errors
    /// [`RunError`] as for [`DemoRunner::spawn_into`], and when the address is no broker address. A broker that cannot be
    /// reached is no error: the gateways keep trying.
    pub fn spawn(options: RunOptions, broker_url: &str) -> Result<DemoHandle, RunError> {
        let gateways = Gateways::connect(broker_url, &options.demo.topic_root)?;
        Self::spawn_into(options, gateways)
    }

    /// Runs a plant whose messages go to `outlet`.
    ///
    /// # Errors
    /// [`RunError`] when the demonstration cannot be told as asked, the truth file cannot be written, or the thread
    /// cannot be made.
    pub fn spawn_into(options: RunOptions, outlet: impl Outlet + 'static) -> Result<DemoHandle, RunError> {
        let demo = Demo::new(options.demo)?;
        let truth = options.truth_file.map(File::create).transpose()?.map(BufWriter::new);
        let (orders, inbox) = unbounded();
        let plant_time = Arc::new(AtomicI64::new(demo.time().0));
        let pace = Pace::new(demo.options().speed);
        let clear_at_secs = options.clear_after_min.map(|minutes| minutes * 60.0);
        let runner = Runner { demo, outlet: Box::new(outlet), inbox, pace, truth, clear_at_secs, plant_time: Arc::clone(&plant_time) };
        let thread = std::thread::Builder::new().name("demo-plant".into()).spawn(move || runner.run())?;
        Ok(DemoHandle { orders, plant_time, thread: Some(thread) })
    }
}

/// Says how many steps are due. Wall time paces the plant and decides nothing in it.
#[derive(Clone, Debug)]
struct Pace {
    anchor: Instant,
    steps_since: u64,
    speed: f64,
    paused: bool,
}

/// A plant that is this far behind gives up catching up.
const MAX_LAG: Duration = Duration::from_secs(1);
/// A paused plant looks for orders this often.
const IDLE: Duration = Duration::from_millis(500);

impl Pace {
    fn new(speed: f64) -> Self {
        Self { anchor: Instant::now(), steps_since: 0, speed, paused: speed == 0.0 }
    }

    fn restart(&mut self) {
        self.anchor = Instant::now();
        self.steps_since = 0;
    }

    /// When the next step is due; `None` while paused.
    fn next_due(&self) -> Option<Instant> {
        let wait_secs = (self.steps_since + 1) as f64 * STEP_SECS / self.speed;
        (!self.paused).then(|| self.anchor + Duration::from_secs_f64(wait_secs.min(3600.0)))
    }

    fn stepped(&mut self, due: Instant) {
        self.steps_since += 1;
        if due.elapsed() > MAX_LAG {
            self.restart();
        }
    }
}

struct Runner {
    demo: Demo,
    outlet: Box<dyn Outlet>,
    inbox: Receiver<Order>,
    pace: Pace,
    truth: Option<BufWriter<File>>,
    clear_at_secs: Option<f64>,
    plant_time: Arc<AtomicI64>,
}

impl Runner {
    fn run(mut self) {
        let mut out = Vec::new();
        self.demo.take_announcements(&mut out);
        self.send(&mut out);
        loop {
            match self.next_order() {
                Ok(Order::Stop) | Err(RecvTimeoutError::Disconnected) => break,
                Ok(order) => self.obey(order),
                Err(RecvTimeoutError::Timeout) => {}
            }
            if self.outlet.is_newly_connected() {
                self.demo.tell_everything();
            }
            self.step_if_due(&mut out);
            self.send(&mut out);
        }
        self.write_truth();
        self.outlet.close();
    }

    fn next_order(&self) -> Result<Order, RecvTimeoutError> {
        match self.pace.next_due() {
            Some(due) => self.inbox.recv_deadline(due),
            None => self.inbox.recv_timeout(IDLE),
        }
    }

    fn obey(&mut self, order: Order) {
        match order {
            Order::Speed(speed) if speed > 0.0 && speed.is_finite() => {
                self.pace.speed = speed;
                self.pace.restart();
                if !self.pace.paused {
                    self.demo.set_speed(speed);
                }
            }
            Order::Pause(paused) => {
                self.pace.paused = paused;
                self.pace.restart();
                self.demo.set_speed(if paused { 0.0 } else { self.pace.speed });
            }
            Order::Clear => self.demo.clear(),
            Order::Command { topic, payload } => self.demo.command(&topic, &payload),
            Order::Speed(_) | Order::Stop => {}
        }
    }

    fn step_if_due(&mut self, out: &mut Vec<Publication>) {
        let Some(due) = self.pace.next_due() else {
            self.demo.take_announcements(out);
            return;
        };
        if Instant::now() < due {
            self.demo.take_announcements(out);
            return;
        }
        if self.clear_at_secs.is_some_and(|at_secs| self.demo.elapsed_secs() >= at_secs) {
            self.clear_at_secs = None;
            self.demo.clear();
        }
        self.demo.step(out);
        self.pace.stepped(due);
        self.plant_time.store(self.demo.time().0, Ordering::Relaxed);
        self.write_truth();
    }

    fn send(&mut self, out: &mut Vec<Publication>) {
        for publication in out.drain(..) {
            self.outlet.send(publication);
        }
    }

    fn write_truth(&mut self) {
        let lines = self.demo.truth_log().take_lines();
        let Some(file) = &mut self.truth else { return };
        let written = lines.iter().try_for_each(|line| writeln!(file, "{line}"));
        let flushed = if lines.is_empty() { Ok(()) } else { file.flush() };
        if let Err(error) = written.and(flushed) {
            tracing::warn!(%error, "the truth file can no longer be written");
            self.truth = None;
        }
    }
}

/// Runs a plant on its own until the process ends: `didymos plant`.
///
/// # Errors
/// [`RunError`] as for [`DemoRunner::spawn`].
pub fn run_plant_command(options: RunOptions, broker_url: &str) -> Result<(), RunError> {
    DemoRunner::spawn(options, broker_url)?.wait();
    Ok(())
}
