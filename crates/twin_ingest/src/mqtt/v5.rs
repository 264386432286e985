//! The link over MQTT 5.

use super::failure::{self, Failure};
use super::link::{
    Link, LinkEvent, LinkMessage, LinkSender, LinkSettings, MIN_KEEP_ALIVE_SECS, RECEIVE_MAXIMUM, REQUEST_CAPACITY, SESSION_EXPIRY_SECS,
};
use super::options::MqttOptions;
use rumqttc::v5::mqttbytes::QoS;
use rumqttc::v5::mqttbytes::v5::{Filter, LastWill, Packet, Publish, SubscribeReasonCode};
use rumqttc::v5::{AsyncClient, Event, EventLoop, MqttOptions as ClientOptions};
use rumqttc::{Outgoing, TlsConfiguration, Transport};
use std::time::Duration;

pub(super) struct V5Link {
    events: EventLoop,
    options: MqttOptions,
}

struct V5Sender(AsyncClient);

impl Link for V5Link {
    fn open(settings: &LinkSettings) -> (Box<dyn LinkSender>, Self) {
        let options = &settings.options;
        let mut client = ClientOptions::new(&settings.client_id, &options.host, options.port);
        client.set_keep_alive(Duration::from_secs(options.keep_alive_secs.max(MIN_KEEP_ALIVE_SECS)));
        client.set_clean_start(!settings.resumes);
        if settings.manual_acks {
            client.set_session_expiry_interval(Some(SESSION_EXPIRY_SECS));
        }
        client.set_receive_maximum(Some(RECEIVE_MAXIMUM));
        client.set_max_packet_size(Some(options.max_packet_bytes));
        client.set_manual_acks(settings.manual_acks);
        if let Some(user) = &options.user {
            client.set_credentials(user, settings.password.as_deref().unwrap_or_default());
        }
        if let Some(tls) = &settings.tls {
            client.set_transport(Transport::tls_with_config(TlsConfiguration::Rustls(tls.clone())));
        }
        if let Some((topic, payload)) = &settings.will {
            client.set_last_will(LastWill::new(topic, payload.clone(), QoS::AtLeastOnce, true, None));
        }
        let (sender, events) = AsyncClient::new(client, REQUEST_CAPACITY);
        (Box::new(V5Sender(sender)), Self { events, options: options.clone() })
    }

    async fn next(&mut self) -> Result<LinkEvent, Failure> {
        let event = self.events.poll().await.map_err(|error| failure::of_v5(&error, &self.options))?;
        Ok(match event {
            Event::Incoming(Packet::Publish(publish)) => LinkEvent::Message(LinkMessage {
                packet_id: (publish.qos != QoS::AtMostOnce).then_some(publish.pkid),
                retained: publish.retain,
                topic: publish.topic,
                payload: publish.payload,
            }),
            Event::Incoming(Packet::ConnAck(_)) => LinkEvent::Connected,
            Event::Incoming(Packet::SubAck(ack)) => {
                LinkEvent::Subscribed(ack.return_codes.iter().map(|code| matches!(code, SubscribeReasonCode::Success(_))).collect())
            }
            Event::Incoming(Packet::PubAck(_)) => LinkEvent::Acknowledged,
            Event::Outgoing(Outgoing::Publish(0)) => LinkEvent::Written,
            _ => LinkEvent::Other,
        })
    }
}

fn quality_of_service(qos: u8) -> QoS {
    if qos == 0 { QoS::AtMostOnce } else { QoS::AtLeastOnce }
}

impl LinkSender for V5Sender {
    fn subscribe(&self, filters: &[String], qos: u8) -> bool {
        let filters = filters.iter().map(|filter| Filter::new(filter.clone(), quality_of_service(qos)));
        self.0.try_subscribe_many(filters).is_ok()
    }

    fn publish(&self, topic: &str, payload: Vec<u8>, retain: bool, qos: u8) -> bool {
        self.0.try_publish(topic, quality_of_service(qos), retain, payload).is_ok()
    }

    fn acknowledge(&self, packet_id: u16) -> bool {
        let mut publish = Publish::new("", QoS::AtLeastOnce, "", None);
        publish.pkid = packet_id;
        self.0.try_ack(&publish).is_ok()
    }

    fn disconnect(&self) -> bool {
        self.0.try_disconnect().is_ok()
    }
}
