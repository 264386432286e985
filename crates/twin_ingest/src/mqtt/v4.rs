//! The link over MQTT 3.1.1.

use super::failure::{self, Failure};
use super::link::{Link, LinkEvent, LinkMessage, LinkSender, LinkSettings, MIN_KEEP_ALIVE_SECS, REQUEST_CAPACITY};
use super::options::MqttOptions;
use bytes::Bytes;
use rumqttc::{
    AsyncClient, Event, EventLoop, LastWill, MqttOptions as ClientOptions, Outgoing, Packet, Publish, QoS, SubscribeFilter,
    SubscribeReasonCode, TlsConfiguration, Transport,
};
use std::time::Duration;

/// MQTT 3.1.1 cannot tell the broker how long a packet may be, so longer ones are read up to here and dropped: one of
/// them, retained, would else end every connection.
const DRAIN_BYTES: usize = 16 << 20;

pub(super) struct V4Link {
    events: EventLoop,
    options: MqttOptions,
}

struct V4Sender(AsyncClient);

impl Link for V4Link {
    fn open(settings: &LinkSettings) -> (Box<dyn LinkSender>, Self) {
        let options = &settings.options;
        let mut client = ClientOptions::new(&settings.client_id, &options.host, options.port);
        client.set_keep_alive(Duration::from_secs(options.keep_alive_secs.max(MIN_KEEP_ALIVE_SECS)));
        // A session with a random id would stay in the broker for ever: this version cannot bound its life.
        client.set_clean_session(options.session.is_none() || !settings.manual_acks);
        let limit = options.max_packet_bytes as usize;
        client.set_max_packet_size(limit.max(DRAIN_BYTES), limit);
        client.set_manual_acks(settings.manual_acks);
        if let Some(user) = &options.user {
            client.set_credentials(user, settings.password.as_deref().unwrap_or_default());
        }
        if let Some(tls) = &settings.tls {
            client.set_transport(Transport::tls_with_config(TlsConfiguration::Rustls(tls.clone())));
        }
        if let Some((topic, payload)) = &settings.will {
            client.set_last_will(LastWill::new(topic, payload.clone(), QoS::AtLeastOnce, true));
        }
        let (sender, events) = AsyncClient::new(client, REQUEST_CAPACITY);
        (Box::new(V4Sender(sender)), Self { events, options: options.clone() })
    }

    async fn next(&mut self) -> Result<LinkEvent, Failure> {
        let event = self.events.poll().await.map_err(|error| failure::of_v4(&error, &self.options))?;
        Ok(match event {
            Event::Incoming(Packet::Publish(publish)) => LinkEvent::Message(LinkMessage {
                packet_id: (publish.qos != QoS::AtMostOnce).then_some(publish.pkid),
                retained: publish.retain,
                topic: Bytes::from(publish.topic),
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

impl LinkSender for V4Sender {
    fn subscribe(&self, filters: &[String], qos: u8) -> bool {
        let filters = filters.iter().map(|filter| SubscribeFilter::new(filter.clone(), quality_of_service(qos)));
        self.0.try_subscribe_many(filters).is_ok()
    }

    fn publish(&self, topic: &str, payload: Vec<u8>, retain: bool, qos: u8) -> bool {
        self.0.try_publish(topic, quality_of_service(qos), retain, payload).is_ok()
    }

    fn acknowledge(&self, packet_id: u16) -> bool {
        let mut publish = Publish::new("", QoS::AtLeastOnce, "");
        publish.pkid = packet_id;
        self.0.try_ack(&publish).is_ok()
    }

    fn disconnect(&self) -> bool {
        self.0.try_disconnect().is_ok()
    }
}
