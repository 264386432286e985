//! The demo plant outside, a real Mosquitto between, and the twin.

use crate::broker::Broker;
use crate::program::{Program, Start};
use crate::repository;
use crate::table::Table;
use std::net::TcpListener;

fn twin(broker_url: &str) -> Start {
    Start::with([repository("assets/unit100").to_str().unwrap(), "--no-window", "--broker", broker_url])
}

fn plant(broker: &Broker) -> Program {
    let mut plant = Start::with(["plant", "--broker", &broker.url()]).start();
    plant.line_with("Unit 100 publishes to");
    plant
}

#[test]
fn a_broker_that_is_killed_leaves_no_value_looking_good_and_all_return_with_it() {
    let mut broker = Broker::start();
    let _plant = plant(&broker);
    let mut twin = twin(&broker.url()).start();
    let table = twin.table_where("good values", Table::is_all_good);
    assert!(table.text.contains(&broker.address()) && table.connection.starts_with("connected"), "{}", table.text);

    broker.kill();
    // The first table after the loss may be drawn while the next attempt is under way.
    let lost = twin.table_where("the loss", |table| !table.connection.starts_with("connected"));
    let is_told = lost.connection.starts_with("DOWN: ");
    let down = if is_told { lost.clone() } else { twin.table_where("the reason", |table| table.connection.starts_with("DOWN: ")) };
    assert!(down.connection.contains(&broker.address()), "{}", down.text);
    for table in [&lost, &down] {
        for row in &table.rows {
            assert_ne!(row.quality, "good", "{}", table.text);
        }
    }
    twin.table_where("no thing that looks good", |table| table.health.starts_with("health: 0 good"));

    broker.restart();
    let back = twin.table_where("good values again", Table::is_all_good);
    assert!(back.connection.starts_with("connected"), "{}", back.text);
}

/// The first table that tells why there is no connection; the program goes on after it.
fn assert_told(twin: &mut Program, words: &[&str]) {
    let down = twin.table_where("the reason", |table| table.connection.starts_with("DOWN: "));
    for word in words {
        assert!(down.connection.contains(word), "no \"{word}\" in: {}", down.connection);
    }
    for row in &down.rows {
        assert_eq!((row.value.as_str(), row.quality.as_str()), ("—", "nothing received yet"), "{}", down.text);
    }
    twin.table();
    assert!(!twin.heard().contains("panicked"), "{}", twin.heard());
}

#[test]
fn a_wrong_password_is_told_with_what_to_set_and_the_right_one_connects() {
    let broker = Broker::with_password("operator", "right-one");
    let with = |password| twin(&broker.url()).env("DIDYMOS_MQTT_USER", "operator").env("DIDYMOS_MQTT_PASSWORD", password);
    let mut refused = with("wrong-one").start();
    assert_told(&mut refused, &[&broker.address(), "DIDYMOS_MQTT_USER", "DIDYMOS_MQTT_PASSWORD"]);
    assert!(!refused.heard().contains("wrong-one"), "a secret stays secret");
    with("right-one").start().table_where("the connection", |table| table.connection.starts_with("connected"));
}

#[test]
fn a_broker_that_speaks_no_tls_is_told_as_such() {
    let broker = Broker::start();
    let mut twin = twin(&format!("mqtts://{}", broker.address())).start();
    assert_told(&mut twin, &[&broker.address(), "TLS"]);
}

#[test]
fn a_broker_that_is_not_there_is_waited_for() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut twin = twin(&format!("mqtt://127.0.0.1:{port}")).start();
    assert_told(&mut twin, &["no broker answers", "start it"]);
}

#[test]
fn an_address_or_a_story_that_cannot_be_is_refused_at_once() {
    twin("localhost:1883").finish().assert_refused(&["mqtt://host:port"]);
    twin("mqtt://user:secret@localhost").finish().assert_refused(&["DIDYMOS_MQTT_PASSWORD"]);
    Start::with(["plant", "--broker", "nonsense"]).finish().assert_refused(&["mqtt://"]);
    Start::with(["plant", "--broker", "mqtt://127.0.0.1:1", "--story", "nonsense"]).finish().assert_refused(&["nonsense", "bearing-wear"]);
}
