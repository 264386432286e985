//! Broker, plant, history and publisher of one experiment.

use std::fmt::Write as _;
use std::path::PathBuf;
use tempfile::TempDir;

use crate::broker::Broker;
use crate::check::{Difference, Stored};
use crate::publisher::{Feed, SIGNALS};
use crate::recorder::{Named, Recorder};

const TYPES: &str = r#"{"@context":["dtmi:dtdl:context;3","dtmi:dtdl:extension:quantitativeTypes;1"],"@id":"dtmi:test:Motor;1","@type":"Interface",
"contents":[{"@type":["Telemetry","AngularVelocity"],"name":"speed","schema":"double","unit":"revolutionPerMinute"}]}"#;

pub struct Rig {
    pub folder: TempDir,
    /// Folder of the history.
    pub history: PathBuf,
    broker: Broker,
    pub feed: Feed,
    /// Everything the recorders of this rig said is safe.
    pub acked: Vec<Named>,
    pub panics: usize,
    pub restarts: Vec<f64>,
}

impl Rig {
    /// Everything but the recorder. Nothing is published before a first recorder has made the session.
    pub fn new() -> Self {
        Self::with_history(|folder| folder.join("history"))
    }

    pub fn with_history(history: impl FnOnce(&std::path::Path) -> PathBuf) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("plant.twin.json"), plant()).unwrap();
        std::fs::write(folder.path().join("types.json"), TYPES).unwrap();
        let history = history(folder.path());
        let broker = Broker::start();
        let url = broker.url();
        let args = args(&folder, &url, &history, &[]);
        let mut first = Recorder::start(&args, &[]);
        first.wait("a connection", |_, line| line == "connected").unwrap();
        assert!(first.end(), "{:#?}", first.told);
        Self { feed: Feed::start(&url), folder, history, broker, acked: Vec::new(), panics: 0, restarts: Vec::new() }
    }

    /// Starts a recorder on the history.
    pub fn start(&self, options: &[&str], environment: &[(String, String)]) -> Recorder {
        Recorder::start(&args(&self.folder, &self.broker.url(), &self.history, options), environment)
    }

    /// Notes what a recorder that has ended had said.
    pub fn note(&mut self, ended: &mut Recorder) {
        self.panics += ended.panics();
        self.acked.append(&mut ended.acked);
    }

    /// Lets a last recorder take everything that waits in the broker, and compares what is stored with what was accepted.
    pub fn finish(&mut self, options: &[&str]) -> (Difference, Stored) {
        let mut last = self.start(options, &[]);
        last.wait_durable().unwrap_or_else(|| panic!("{:#?}", last.told));
        let accepted = self.feed.stop();
        let newest: Vec<usize> = accepted.iter().map(|times| times.len() - 1).collect();
        let is_there = |last: &Recorder| {
            (0..SIGNALS).all(|signal| last.acked.iter().rev().take(4 * SIGNALS).any(|named| *named == (signal, newest[signal])))
        };
        if !is_there(&last) {
            last.wait("the last sample", |last, _| is_there(last)).unwrap();
        }
        assert!(last.end(), "{:#?}", last.told);
        self.note(&mut last);
        let stored = Stored::read(&self.history).unwrap();
        (stored.against(&accepted), stored)
    }
}

fn args(folder: &TempDir, url: &str, history: &std::path::Path, options: &[&str]) -> Vec<String> {
    let plant = folder.path().join("plant.twin.json");
    let paths = [plant.to_str().unwrap(), url, history.to_str().unwrap()];
    paths.iter().chain(options).map(|text| (*text).to_owned()).collect()
}

fn plant() -> String {
    let mut things = String::new();
    for thing in 0..SIGNALS {
        let comma = if thing == 0 { "" } else { "," };
        write!(
            things,
            r#"{comma}{{"id":"mill:m-{thing}","type":"dtmi:test:Motor;1","name":"M-{thing}","signals":{{"speed":{{"tag":"SI-{thing}","unit":"1/min","on_change":true}}}}}}"#
        )
        .unwrap();
    }
    format!(
        r#"{{"format_version":"0.1","namespace":"mill","name":"Mill","models":["types.json"],
"sources":[{{"name":"plant","topic":"mill/{{thing}}/{{tag}}","qos":1}}],"things":[{things}]}}"#
    )
}
