//! One cause, one alarm: what the loss of the connection says of the sessions behind it.

use twin_model::{Plant, Quality, Sample, SignalKey};

/// The signals that show the sessions of a source alive, by source.
#[derive(Clone, Debug, Default)]
pub(crate) struct ConnectionLoss {
    sources: Vec<Vec<SignalKey>>,
}

impl ConnectionLoss {
    /// The alive signals of a plant.
    pub fn new(plant: &Plant) -> Self {
        let alive = |source: &twin_model::document::SourceSettings| {
            let tags = source.sessions.iter().filter_map(|session| session.alive_tag.as_deref());
            tags.filter_map(|tag| plant.signals.find(tag)).collect()
        };
        Self { sources: plant.sources().iter().map(alive).filter(|keys: &Vec<SignalKey>| keys.len() > 1).collect() }
    }

    /// Sessions that are all lost at the same instant are out of reach for one reason. The first of them says so; of the
    /// others nothing is known, so they keep their last state, stale.
    pub fn merge(&self, samples: &mut [Sample]) {
        for keys in &self.sources {
            let is_lost = |sample: &Sample| sample.value == Some(0.0) && keys.contains(&sample.signal);
            let Some(first) = samples.iter().find(|sample| is_lost(sample)).copied() else { continue };
            for sample in samples.iter_mut() {
                if is_lost(sample) && sample.signal != first.signal && sample.source_time == first.source_time {
                    sample.value = Some(1.0);
                    sample.quality = Quality::UNCERTAIN_LAST_USABLE;
                }
            }
        }
    }
}
