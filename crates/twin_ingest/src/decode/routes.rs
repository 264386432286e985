//! Which signals a topic carries.

use super::payload::Fields;
use super::topic::{Captured, TopicTemplate};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use twin_model::document::SourceSettings;
use twin_model::{Plant, SignalKey};

/// Topics remembered with what they carry; further ones are looked up each time.
const MAX_KNOWN_TOPICS: usize = 50_000;
/// Topics remembered that carry nothing; further ones are looked up each time.
const MAX_UNKNOWN_TOPICS: usize = 1_000;

/// One signal in the payload of a topic.
#[derive(Clone, Copy, Debug)]
pub(super) struct Route {
    pub signal: SignalKey,
    /// Index for [`Router::fields`].
    pub fields: usize,
}

/// What a topic carries.
#[derive(Clone, Debug)]
pub(super) struct Routes {
    pub routes: Arc<[Route]>,
    /// Index of the session that sends it.
    pub session: Option<usize>,
}

/// Finds the signals of a topic, and remembers them.
#[derive(Debug)]
pub(super) struct Router {
    template: TopicTemplate,
    /// Signals by the name of their thing, as topics may write it.
    by_thing: BTreeMap<String, Vec<Candidate>>,
    by_tag: BTreeMap<String, Vec<Candidate>>,
    by_telemetry: BTreeMap<String, Vec<Candidate>>,
    all: Vec<Candidate>,
    /// Signals with a topic (or template) of their own.
    own: Vec<(TopicTemplate, Route)>,
    sessions: Vec<String>,
    fields: Vec<Fields>,
    known: HashMap<String, Option<Routes>>,
    unknown_count: usize,
}

/// A signal the source's template may carry.
#[derive(Clone, Debug)]
struct Candidate {
    route: Route,
    thing_id: String,
    thing_name: String,
    tag: String,
    telemetry: String,
    has_pointer: bool,
}

impl Router {
    pub fn new(plant: &Plant, source: &SourceSettings) -> Self {
        let mut router = Self {
            template: TopicTemplate::parse(&source.topic),
            by_thing: BTreeMap::new(),
            by_tag: BTreeMap::new(),
            by_telemetry: BTreeMap::new(),
            all: Vec::new(),
            own: Vec::new(),
            sessions: source.sessions.iter().map(|session| session.name.clone()).collect(),
            fields: vec![Fields::new(&source.payload, None)],
            known: HashMap::new(),
            unknown_count: 0,
        };
        for (key, info) in plant.signals.iter().filter(|(_, info)| !info.is_derived) {
            let Some(settings) = plant.settings_of(key) else { continue };
            let fields = match &settings.pointer {
                None => 0,
                Some(pointer) => {
                    router.fields.push(Fields::new(&source.payload, Some(pointer)));
                    router.fields.len() - 1
                }
            };
            let candidate = Candidate {
                route: Route { signal: key, fields },
                thing_id: info.thing.name().to_owned(),
                thing_name: plant.things.get(settings.thing).map(|thing| thing.name.clone()).unwrap_or_default(),
                tag: info.tag.clone(),
                telemetry: info.id.telemetry().to_owned(),
                has_pointer: settings.pointer.is_some(),
            };
            match &settings.topic {
                Some(topic) => {
                    let own = TopicTemplate::parse(topic).filled(&candidate.thing_id, &candidate.tag, &candidate.telemetry);
                    router.own.push((own, candidate.route));
                }
                None => router.add(candidate),
            }
        }
        router
    }

    fn add(&mut self, candidate: Candidate) {
        self.by_thing.entry(candidate.thing_id.clone()).or_default().push(candidate.clone());
        if candidate.thing_name != candidate.thing_id {
            self.by_thing.entry(candidate.thing_name.clone()).or_default().push(candidate.clone());
        }
        self.by_tag.entry(candidate.tag.clone()).or_default().push(candidate.clone());
        self.by_telemetry.entry(candidate.telemetry.clone()).or_default().push(candidate.clone());
        self.all.push(candidate);
    }

    pub fn filters(&self) -> Vec<String> {
        let mut filters = vec![self.template.filter()];
        for (own, _) in &self.own {
            let filter = own.filter();
            let is_covered = own.is_exact() && self.template.matches(&filter).is_some();
            if !is_covered && !filters.contains(&filter) {
                filters.push(filter);
            }
        }
        filters
    }

    pub fn fields(&self, index: usize) -> &Fields {
        self.fields.get(index).unwrap_or(&self.fields[0])
    }

    /// What the topic carries; `None` when nothing.
    pub fn routes(&mut self, topic: &str) -> Option<Routes> {
        if let Some(known) = self.known.get(topic) {
            return known.clone();
        }
        let found = self.look_up(topic);
        let has_room = if found.is_some() {
            self.known.len() - self.unknown_count < MAX_KNOWN_TOPICS
        } else {
            self.unknown_count < MAX_UNKNOWN_TOPICS && topic.len() <= 1024
        };
        if has_room {
            self.unknown_count += usize::from(found.is_none());
            self.known.insert(topic.to_owned(), found.clone());
        }
        found
    }

    fn look_up(&self, topic: &str) -> Option<Routes> {
        let mut routes: Vec<Route> = Vec::new();
        let mut session = None;
        for (own, route) in &self.own {
            if let Some(captured) = own.matches(topic) {
                routes.push(*route);
                session = session.or_else(|| self.session(&captured));
            }
        }
        if let Some(captured) = self.template.matches(topic) {
            self.fit(&captured, &mut routes);
            session = session.or_else(|| self.session(&captured));
        }
        (!routes.is_empty()).then(|| Routes { routes: routes.into(), session })
    }

    fn session(&self, captured: &Captured<'_>) -> Option<usize> {
        // A source with one session and no level for it has all its signals there.
        match captured.session {
            Some(name) => self.sessions.iter().position(|session| session == name),
            None => (self.sessions.len() == 1).then_some(0),
        }
    }

    /// The signals whose names are those in the topic. A topic that names no signal carries those with a pointer
    /// of their own, or the only one there is.
    fn fit(&self, captured: &Captured<'_>, routes: &mut Vec<Route>) {
        let candidates = if let Some(tag) = captured.tag {
            self.by_tag.get(tag)
        } else if let Some(thing) = captured.thing {
            self.by_thing.get(thing)
        } else if let Some(telemetry) = captured.telemetry {
            self.by_telemetry.get(telemetry)
        } else {
            Some(&self.all)
        };
        let fitting: Vec<&Candidate> = candidates.into_iter().flatten().filter(|candidate| candidate.fits(captured)).collect();
        let is_only = fitting.len() == 1;
        let needs_pointer = self.template.names_no_signal() && !is_only;
        routes.extend(fitting.iter().filter(|candidate| candidate.has_pointer || !needs_pointer).map(|candidate| candidate.route));
    }
}

impl Candidate {
    fn fits(&self, captured: &Captured<'_>) -> bool {
        captured.tag.is_none_or(|tag| tag == self.tag)
            && captured.telemetry.is_none_or(|telemetry| telemetry == self.telemetry)
            && captured.thing.is_none_or(|thing| thing == self.thing_id || thing == self.thing_name)
    }
}
