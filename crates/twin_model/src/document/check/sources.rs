//! Sources: can every measured signal be delivered, and each by a topic of its own?

use super::Check;
use crate::document::json::escape;
use crate::document::{SignalDocument, SourceSettings, ThingDocument};
use std::collections::BTreeMap;

pub(super) fn check(check: &mut Check<'_>) {
    let sources = &check.document().sources;
    for (index, source) in sources.iter().enumerate() {
        let at = format!("/sources/{index}");
        if sources.iter().take(index).any(|other| other.name == source.name) {
            check.error(
                &format!("{at}/name"),
                format!("the source name {} is used twice", source.name),
                "Give each source a name of its own.",
            );
        }
        settings(check, source, &at);
    }
    topics(check);
}

fn settings(check: &mut Check<'_>, source: &SourceSettings, at: &str) {
    if let Some(broker) = &source.broker
        && !["mqtt://", "mqtts://"].iter().any(|scheme| broker.starts_with(scheme))
    {
        check.error(&format!("{at}/broker"), format!("{broker} is no broker address"), "Write mqtt://host:port or mqtts://host:port.");
    }
    if let Some(broker) = &source.broker
        && broker.contains('@')
    {
        check.error(
            &format!("{at}/broker"),
            "the broker address holds a user or password",
            "Secrets come from the environment or a file, never from the plant file.",
        );
    }
    if let Some(protocol) = &source.protocol
        && !["5", "3.1.1"].contains(&protocol.as_str())
    {
        check.error(&format!("{at}/protocol"), format!("the protocol {protocol} is unknown"), "Write \"5\" or \"3.1.1\".");
    }
    if source.qos > 1 {
        check.error(&format!("{at}/qos"), format!("the quality of service {} is not supported", source.qos), "Write 0 or 1.");
    }
    let mut levels = source.topic.split('/').peekable();
    while let Some(level) = levels.next() {
        let bad_hash = level.contains('#') && (level != "#" || levels.peek().is_some());
        if bad_hash || (level.contains('+') && level != "+") {
            check.error(
                &format!("{at}/topic"),
                format!("the wildcard in {} does not stand alone in its level", source.topic),
                "Write + for one level, # only at the end.",
            );
        }
    }
    let known = ["{thing}", "{tag}", "{telemetry}"];
    let rest = known.iter().fold(source.topic.clone(), |topic, name| topic.replace(name, ""));
    if rest.contains(['{', '}']) || source.topic.is_empty() {
        check.error(
            &format!("{at}/topic"),
            format!("the topic template \"{}\" has a place it cannot fill", source.topic),
            "Use {thing}, {tag}, {telemetry}, + and #.",
        );
    }
    for (name, pointer) in [
        ("value", &source.payload.value),
        ("time", &source.payload.time),
        ("quality", &source.payload.quality),
        ("reason", &source.payload.reason),
        ("unit", &source.payload.unit),
    ] {
        if !pointer.is_empty() && !pointer.starts_with('/') {
            check.error(&format!("{at}/payload/{name}"), format!("{pointer} is no JSON pointer"), "A pointer begins with '/', such as /v.");
        }
    }
    for (index, session) in source.sessions.iter().enumerate() {
        if let Some(tag) = &session.alive_tag {
            check.signal_exists(tag, &format!("{at}/sessions/{index}/alive_tag"));
        }
    }
}

fn topics(check: &mut Check<'_>) {
    let sources = &check.document().sources;
    let mut seen: BTreeMap<(String, String), String> = BTreeMap::new();
    for (at, thing) in check.things() {
        for (telemetry, signal) in thing.signals.iter().filter(|(_, signal)| signal.derived.is_none()) {
            let at = format!("{at}/signals/{}", escape(telemetry));
            let templates: Vec<&str> = match &signal.topic {
                Some(topic) => vec![topic.as_str()],
                None => sources.iter().map(|source| source.topic.as_str()).collect(),
            };
            if templates.is_empty() {
                continue;
            }
            let filled: Vec<String> = templates.iter().filter_map(|template| fill(template, thing, telemetry, signal)).collect();
            if filled.is_empty() {
                check.error(
                    &at,
                    "no topic delivers this signal: the template needs a tag",
                    "Give the signal a tag, or a topic of its own.",
                );
            }
            for topic in filled {
                let place = (topic.clone(), signal.pointer.clone().unwrap_or_default());
                if let Some(first) = seen.get(&place) {
                    let message = format!("the topic {topic} already delivers {first}");
                    check.error(&at, message, "Give each signal a topic, or a pointer into the payload, of its own.");
                } else {
                    seen.insert(place, at.clone());
                }
            }
        }
    }
}

fn fill(template: &str, thing: &ThingDocument, telemetry: &str, signal: &SignalDocument) -> Option<String> {
    if template.contains("{tag}") && signal.tag.is_none() {
        return None;
    }
    let name = thing.id.split_once(':').map_or(thing.id.as_str(), |(_, name)| name);
    let tag = signal.tag.as_deref().unwrap_or_default();
    Some(template.replace("{thing}", name).replace("{telemetry}", telemetry).replace("{tag}", tag))
}
