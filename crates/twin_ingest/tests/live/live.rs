//! The source and the publisher against a real broker.

use crate::broker::{Broker, DEADLINE, Wire, named_thread, quick};
use crate::plant::{key, plant, samples_of, source};
use crossbeam_channel::Receiver;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};
use twin_ingest::mqtt::{Protocol, Secret};
use twin_ingest::{MqttOptions, MqttSource, Publisher, SourceHandle, SystemClock};
use twin_model::{Clock, Plant, Sample, SourceEvent, SourceState};

const TT: &str = "unit100/gw-100/p-101a/TT-111A";

pub struct Live {
    pub plant: Arc<Plant>,
    pub handle: SourceHandle,
    events: Receiver<SourceEvent>,
    seen: Vec<SourceEvent>,
}

impl Live {
    pub fn start(options: MqttOptions) -> Self {
        Self::with(options, 1, 1_024)
    }

    pub fn with(options: MqttOptions, qos: u8, capacity: usize) -> Self {
        let plant = Arc::new(plant());
        let mut settings = source(&plant);
        settings.qos = qos;
        let (sender, events) = crossbeam_channel::bounded(capacity);
        let handle = MqttSource::spawn(options, Arc::clone(&plant), settings, Arc::new(SystemClock), sender);
        Self { plant, handle, events, seen: Vec::new() }
    }

    /// Reads events, acknowledging their batches, until one fits.
    pub fn wait(&mut self, what: &str, mut fits: impl FnMut(&SourceEvent) -> bool) {
        let until = Instant::now() + DEADLINE;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let Ok(event) = self.events.recv_timeout(left) else { panic!("waited in vain for {what}; saw {:?}", self.seen) };
            if let SourceEvent::Batch(batch) = &event
                && let Some(ack) = batch.ack
            {
                self.handle.acks.send(ack).unwrap();
            }
            let found = fits(&event);
            self.seen.push(event);
            if found {
                return;
            }
        }
    }

    pub fn wait_connected(&mut self) {
        self.wait("a connection", |event| *event == SourceEvent::State(SourceState::Connected));
    }

    pub fn wait_down(&mut self, part: &str) {
        self.wait(part, |event| matches!(event, SourceEvent::State(SourceState::Down { reason }) if reason.contains(part)));
    }

    pub fn wait_value(&mut self, tag: &str, value: f64) -> Sample {
        let signal = key(&self.plant, tag);
        let mut found = None;
        self.wait(&format!("{tag} = {value}"), |event| {
            found = samples_of(std::slice::from_ref(event), signal).into_iter().find(|s| s.value == Some(value));
            found.is_some()
        });
        found.unwrap()
    }
}

pub fn publisher(options: MqttOptions) -> Publisher {
    let publisher = Publisher::connect(options, None);
    assert!(publisher.wait_connected(DEADLINE), "the publisher did not connect");
    publisher
}

fn now_text(value: f64) -> String {
    format!(r#"{{"t":"{}","v":{value},"q":"good"}}"#, SystemClock.now())
}

/// Polls a counter that another thread moves.
fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let until = Instant::now() + DEADLINE;
    while !holds() {
        assert!(Instant::now() < until, "waited in vain for {what}");
        std::thread::yield_now();
    }
}

#[test]
fn samples_travel_from_publisher_to_core_and_are_acknowledged_once_confirmed() {
    for protocol in [Protocol::V5, Protocol::V311] {
        let broker = Broker::start();
        let options = MqttOptions { protocol, ..broker.options() };
        let mut live = Live::start(options.clone());
        live.wait_connected();
        let publisher = publisher(options);
        for number in 0..500 {
            publisher.publish(TT, now_text(f64::from(number) * 0.1), false, 1).unwrap();
        }
        publisher.flush().unwrap();
        live.wait_value("TT-111A", 499.0 * 0.1);
        let of_tt = samples_of(&live.seen, key(&live.plant, "TT-111A"));
        assert_eq!(of_tt.len(), 500, "{protocol:?}");
        wait_until("acknowledgements", || live.handle.stats.acknowledged.load(Ordering::Relaxed) == 500);
        publisher.close();
        let stats = Arc::clone(&live.handle.stats);
        let events = live.events.clone();
        live.handle.stop();
        assert!(events.iter().any(|event| event == SourceEvent::State(SourceState::Ended)));
        assert_eq!(stats.connections.load(Ordering::Relaxed), 1);
        assert!(stats.latency_quantile_secs(0.5).is_some());
    }
}

#[test]
fn what_the_core_has_not_confirmed_is_delivered_again() {
    let broker = Broker::start();
    let wire = Wire::to(&broker);
    let mut live = Live::start(quick(MqttOptions::new(&format!("mqtt://127.0.0.1:{}", wire.port)).unwrap()));
    live.wait_connected();
    let publisher = publisher(broker.options());
    publisher.publish(TT, now_text(1.0), false, 1).unwrap();
    publisher.flush().unwrap();
    let signal = key(&live.plant, "TT-111A");
    let until = Instant::now() + DEADLINE;
    // Taken from the channel, never confirmed.
    while samples_of(std::slice::from_ref(&live.events.recv_deadline(until).unwrap()), signal).is_empty() {}
    assert_eq!(live.handle.stats.acknowledged.load(Ordering::Relaxed), 0);
    wire.cut();
    let mut is_back = false;
    live.wait("the same sample again, to be confirmed", |event| {
        is_back |= samples_of(std::slice::from_ref(event), signal).iter().any(|s| s.value == Some(1.0) && !s.quality.is_stale());
        is_back && matches!(event, SourceEvent::Batch(batch) if batch.ack.is_some())
    });
    wait_until("its acknowledgement", || live.handle.stats.acknowledged.load(Ordering::Relaxed) == 1);
}

#[test]
fn a_named_session_keeps_what_comes_while_the_program_is_down() {
    let broker = Broker::start();
    for protocol in [Protocol::V5, Protocol::V311] {
        let options = MqttOptions { protocol, session: Some(format!("didymos-test-{protocol:?}")), ..broker.options() };
        let mut live = Live::start(options.clone());
        live.wait_connected();
        live.handle.stop();
        let publisher = publisher(broker.options());
        publisher.publish(TT, now_text(42.0), false, 1).unwrap();
        publisher.flush().unwrap();
        let mut live = Live::start(options);
        live.wait_value("TT-111A", 42.0);
    }
}

#[test]
fn a_second_program_with_the_same_client_id_ends_the_source_instead_of_a_fight() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("mqtt://{}", listener.local_addr().unwrap());
    let broker = named_thread(move || {
        let (mut socket, _) = listener.accept().unwrap();
        let mut connect = [0; 1024];
        assert!(socket.read(&mut connect).unwrap() > 0);
        // CONNACK, then DISCONNECT with reason 0x8E: session taken over.
        socket.write_all(&[0x20, 3, 0, 0, 0, 0xE0, 2, 0x8E, 0]).unwrap();
        socket.read_to_end(&mut Vec::new()).ok();
    });
    let mut live = Live::start(quick(MqttOptions::new(&url).unwrap()));
    live.wait_down("same client id");
    live.wait("the end", |event| *event == SourceEvent::State(SourceState::Ended));
    assert_eq!(live.handle.stats.attempts.load(Ordering::Relaxed), 1);
    drop(live);
    broker.join().unwrap();
}

#[test]
fn a_broker_that_is_killed_and_restarted_is_found_again() {
    let mut broker = Broker::start();
    let mut live = Live::start(broker.options());
    live.wait_connected();
    let first = publisher(broker.options());
    first.publish(TT, now_text(1.0), false, 0).unwrap();
    live.wait_value("TT-111A", 1.0);
    broker.kill();
    live.wait(
        "a stale mark",
        |event| matches!(event, SourceEvent::Batch(batch) if batch.samples.iter().any(|s| s.quality.is_stale() && s.value == Some(1.0))),
    );
    live.wait_down("127.0.0.1");
    broker.restart();
    live.wait_connected();
    assert!(first.wait_connected(DEADLINE));
    first.publish(TT, now_text(2.0), false, 1).unwrap();
    assert!(live.wait_value("TT-111A", 2.0).quality.is_good());
}

#[test]
fn the_last_will_of_a_gateway_that_vanishes_is_told_by_its_alive_signal() {
    let broker = Broker::start();
    let mut live = Live::start(broker.options());
    live.wait_connected();
    let will = Some(("unit100/gw-100/status".to_owned(), b"offline".to_vec()));
    let gateway = Publisher::connect(broker.options(), will);
    gateway.set_birth("unit100/gw-100/status", r#"{"status":"online","speed":1}"#);
    live.wait_value("XS-110", 1.0);
    assert!(gateway.wait_connected(DEADLINE));
    gateway.publish(TT, now_text(5.0), false, 1).unwrap();
    live.wait_value("TT-111A", 5.0);
    drop(gateway);
    live.wait("gateway death", |event| {
        let SourceEvent::Batch(batch) = event else { return false };
        batch.samples.iter().any(|s| s.quality.is_stale() && s.value == Some(5.0))
    });
    assert_eq!(samples_of(&live.seen, key(&live.plant, "XS-110")).last().unwrap().value, Some(0.0));
    // A twin that starts later learns it from the retained Will.
    let mut later = Live::start(broker.options());
    later.wait_value("XS-110", 0.0);
}

#[test]
fn a_retained_value_is_no_sample() {
    let broker = Broker::start();
    let publisher = publisher(broker.options());
    publisher.publish(TT, now_text(1.0), true, 1).unwrap();
    publisher.flush().unwrap();
    let mut live = Live::start(broker.options());
    live.wait_connected();
    publisher.publish(TT, now_text(2.0), false, 1).unwrap();
    live.wait_value("TT-111A", 2.0);
    assert_eq!(samples_of(&live.seen, key(&live.plant, "TT-111A")).len(), 1);
    assert_eq!(live.handle.stats.retained.load(Ordering::Relaxed), 1);
}

#[test]
fn a_message_that_is_too_long_does_not_wedge_the_stream() {
    for protocol in [Protocol::V5, Protocol::V311] {
        let broker = Broker::start();
        let options = MqttOptions { protocol, max_packet_bytes: 20_000, ..broker.options() };
        let mut live = Live::start(options);
        live.wait_connected();
        let publisher = publisher(broker.options());
        for retain in [false, true] {
            publisher.publish(TT, " ".repeat(500_000), retain, 1).unwrap();
        }
        publisher.publish(TT, now_text(7.0), false, 1).unwrap();
        live.wait_value("TT-111A", 7.0);
        let stats = Arc::clone(&live.handle.stats);
        assert_eq!(stats.connections.load(Ordering::Relaxed), 1, "{protocol:?}");
    }
}

#[test]
fn a_wrong_password_is_told_and_the_right_one_works() {
    let prepare = |folder: &std::path::Path| {
        let file = folder.join("passwords");
        std::fs::write(&file, "twin:right\n").unwrap();
        let done = std::process::Command::new("mosquitto_passwd").arg("-U").arg(&file).status().unwrap();
        assert!(done.success());
    };
    let broker = Broker::with_config("allow_anonymous false\npassword_file {folder}/passwords\n", prepare);
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "wrong\n").unwrap();
    for protocol in [Protocol::V5, Protocol::V311] {
        std::fs::write(file.path(), "wrong\n").unwrap();
        let options = MqttOptions { protocol, user: Some("twin".into()), password_file: Some(file.path().to_owned()), ..broker.options() };
        let mut live = Live::start(options);
        live.wait_down("DIDYMOS_MQTT_PASSWORD");
        std::fs::write(file.path(), "right\n").unwrap();
        live.wait_connected();
    }
    let options = MqttOptions { user: Some("twin".into()), password: Some(Secret::new("right")), ..broker.options() };
    Live::start(options).wait_connected();
}

#[test]
fn no_broker_at_all_is_a_state_with_a_sentence_not_an_end() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let options = quick(MqttOptions::new(&format!("mqtt://127.0.0.1:{port}")).unwrap());
    let mut live = Live::start(options.clone());
    for _ in 0..3 {
        live.wait_down("no broker answers");
    }
    let publisher = Publisher::connect(options, None);
    assert!(!publisher.wait_connected(Duration::from_millis(1)));
    assert!(publisher.publish("a", "1", false, 0).unwrap_err().to_string().starts_with("not connected"));
    publisher.close();
}

#[test]
fn a_receiver_that_stalls_loses_no_acknowledged_message_and_counts_the_others() {
    let broker = Broker::start();
    let mut slow = Live::with(broker.options(), 1, 1);
    let mut lossy = Live::with(broker.options(), 0, 1);
    let publisher = publisher(broker.options());
    wait_until("connections", || [&slow, &lossy].iter().all(|live| live.handle.stats.is_connected.load(Ordering::Relaxed)));
    let total = 20_000_u32;
    for number in 0..total {
        let payload = format!(r#"{{"t":"{}","v":{}}}"#, SystemClock.now(), f64::from(number) * 1e-3);
        while publisher.publish(TT, payload.clone(), false, 1).is_err() {
            std::thread::yield_now();
        }
    }
    publisher.flush().unwrap();
    wait_until("drops", || lossy.handle.stats.dropped.load(Ordering::Relaxed) > 0);
    slow.wait_value("TT-111A", f64::from(total - 1) * 1e-3);
    assert_eq!(samples_of(&slow.seen, key(&slow.plant, "TT-111A")).iter().filter(|s| s.quality.is_good()).count(), total as usize);
    publisher.publish(TT, now_text(149.0), false, 1).unwrap();
    wait_until("everything to arrive", || {
        lossy.handle.stats.messages.load(Ordering::Relaxed) + lossy.handle.stats.dropped.load(Ordering::Relaxed) > u64::from(total)
    });
    let dropped = lossy.handle.stats.dropped.load(Ordering::Relaxed);
    lossy.wait("the count of drops", |event| matches!(event, SourceEvent::Problem { reason, .. } if reason.contains("too slow")));
    assert!(dropped > 0 && dropped <= u64::from(total));
    assert_eq!(slow.handle.stats.connections.load(Ordering::Relaxed), 1, "the keep-alive went on");
}
