use std::time::Duration;

use rumqttc::v5::mqttbytes::QoS;
use rumqttc::v5::mqttbytes::v5::Packet;
use rumqttc::v5::{Client, Connection, Event, MqttOptions};
use twin_demo::{DemoOptions, DemoRunner, EmbeddedBroker, Outlet, Publication, RunOptions};

fn client(broker: &EmbeddedBroker, id: &str) -> (Client, Connection) {
    let mut options = MqttOptions::new(id, "127.0.0.1", broker.port());
    options.set_keep_alive(Duration::from_secs(10));
    Client::new(options, 50_000)
}

fn in_background(work: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().name("test-client".into()).spawn(work).unwrap();
}

/// Every message a subscriber gets, once its subscription stands.
fn subscriber(broker: &EmbeddedBroker, filter: &str) -> impl Iterator<Item = (String, Vec<u8>)> + use<> {
    let (client, mut connection) = client(broker, "subscriber");
    client.subscribe(filter, QoS::AtMostOnce).unwrap();
    loop {
        if let Event::Incoming(Packet::SubAck(_)) = connection.recv().unwrap().unwrap() {
            break;
        }
    }
    std::iter::from_fn(move || {
        let _open = &client;
        loop {
            if let Event::Incoming(Packet::Publish(publish)) = connection.recv().ok()?.ok()? {
                return Some((String::from_utf8(publish.topic.to_vec()).ok()?, publish.payload.to_vec()));
            }
        }
    })
}

#[test]
fn the_embedded_broker_carries_a_burst_without_loss() {
    const MESSAGES: usize = 30_000;
    let broker = EmbeddedBroker::start().unwrap();
    assert_eq!(broker.url(), format!("mqtt://127.0.0.1:{}", broker.port()));
    let received = subscriber(&broker, "load/#");
    let (publisher, mut connection) = client(&broker, "publisher");
    in_background(move || while connection.recv().is_ok_and(|event| event.is_ok()) {});
    let sender = publisher.clone();
    in_background(move || {
        for number in 0..MESSAGES {
            sender.publish(format!("load/{}", number % 100), QoS::AtMostOnce, false, number.to_string()).unwrap();
        }
    });
    let start = std::time::Instant::now();
    let numbers: Vec<usize> = received.take(MESSAGES).map(|(_, payload)| String::from_utf8(payload).unwrap().parse().unwrap()).collect();
    println!("{:.0} messages/s through the embedded broker", MESSAGES as f64 / start.elapsed().as_secs_f64());
    assert!(numbers.into_iter().eq(0..MESSAGES));
    publisher.disconnect().unwrap();
}

#[test]
fn a_plant_speaks_through_two_sessions_and_leaves_in_order() {
    let broker = EmbeddedBroker::start().unwrap();
    let mut received = subscriber(&broker, "unit100/#");
    let plant = DemoRunner::spawn(
        RunOptions { demo: DemoOptions { speed: 10.0, ..DemoOptions::default() }, ..RunOptions::default() },
        &broker.url(),
    )
    .unwrap();
    let mut told = std::collections::BTreeSet::new();
    while told.len() < 125 {
        let (topic, payload) = received.next().unwrap();
        if payload.starts_with(b"{\"t\"") {
            told.insert(topic);
        }
    }
    // The picture is whole; now it moves.
    let moved = received.by_ref().filter(|(topic, _)| topic.ends_with("FT-101")).take(20).count();
    assert_eq!(moved, 20);
    plant.stop();
    let goodbyes: Vec<_> = received.filter(|(topic, payload)| topic.ends_with("/status") && payload == b"offline").take(2).collect();
    assert_ne!(goodbyes[0].0, goodbyes[1].0);
}

/// An outlet without connection until the plant has sent a while.
struct LateConnection {
    sent: usize,
    outlet: crossbeam_channel::Sender<Publication>,
}

impl Outlet for LateConnection {
    fn send(&mut self, publication: Publication) {
        self.sent += 1;
        if self.sent > 1000 {
            Outlet::send(&mut self.outlet, publication);
        }
    }

    fn is_newly_connected(&mut self) -> bool {
        let is_new = (1000..10_000).contains(&self.sent);
        self.sent += if is_new { 10_000 } else { 0 };
        is_new
    }
}

#[test]
fn a_plant_tells_everything_anew_when_its_broker_comes_late() {
    let refused = DemoRunner::spawn(RunOptions::default(), "nonsense").unwrap_err().to_string();
    assert!(refused.contains("mqtt://"), "{refused}");
    let (outlet, messages) = crossbeam_channel::unbounded();
    let options = RunOptions { demo: DemoOptions { speed: 10.0, ..DemoOptions::default() }, ..RunOptions::default() };
    let plant = DemoRunner::spawn_into(options, LateConnection { sent: 0, outlet }).unwrap();
    let birth = messages.iter().find(|message| message.topic.ends_with("gw-100/status")).unwrap();
    assert!(birth.retain && birth.payload.starts_with(b"{"));
    let switch = messages.iter().take(135).find(|message| message.topic.ends_with("LSHH-101"));
    assert!(switch.is_some(), "a switch that does not change is told again");
    plant.stop();
}

#[test]
fn a_runner_paces_pauses_and_stops_its_plant() {
    let (outlet, messages) = crossbeam_channel::unbounded();
    let options = RunOptions { demo: DemoOptions { speed: 100.0, ..DemoOptions::default() }, ..RunOptions::default() };
    let start = options.demo.start;
    let plant = DemoRunner::spawn_into(options, outlet).unwrap();
    let arrays = messages.iter().filter(|message| message.payload.starts_with(b"[")).take(300).count();
    assert_eq!(arrays, 300);
    assert!(plant.plant_time() > start);
    plant.pause(true);
    let paused = messages.iter().find(|message| message.topic.ends_with("/clock") && has_speed(&message.payload, 0.0));
    assert!(paused.is_some());
    let halted_at = plant.plant_time();
    plant.command("unit100/cmd/FIC-101.MODE", b"{}");
    assert!(messages.iter().any(|message| message.topic.ends_with("/reply")));
    assert_eq!(plant.plant_time(), halted_at);
    plant.stop();
    assert!(messages.iter().count() < 1000);
}

fn has_speed(payload: &[u8], speed: f64) -> bool {
    serde_json::from_slice::<serde_json::Value>(payload).is_ok_and(|clock| clock["speed"] == speed)
}
