//! The one place where actions take effect.

use super::{BranchState, Twin};
use crate::branch::{BranchCommand, BranchPlan, spawn};
use crate::compare::Comparison;
use crate::condition_estimate;
use crate::history::{Mark, MarkKind};
use crate::lane::{Fork, Lane, LaneKind};
use crate::permission::{may, needed_role};
use crate::playhead::{Playhead, PlayheadMode};
use crate::shadow::{Shadow, tag_keys};
use crate::snapshot::{JournalEntry, StoryView};
use std::sync::Arc;
use twin_insight::Evaluation;
use twin_model::{Action, ActionEnvelope, Batch, LaneId, Override, Role, SourceState, ThingId, TwinTime, ViewId};

/// Journal entries kept in memory.
const JOURNAL_KEPT: usize = 10_000;
/// Seconds over which a condition is averaged.
const CONDITION_MEAN_SECS: f64 = 60.0;
/// Largest mismatches shown at a fork.
const MISMATCHES_SHOWN: usize = 6;

impl Twin {
    /// Checks, applies and journals one action.
    pub fn act(&mut self, envelope: &ActionEnvelope) {
        let allowed = may(&envelope.author, &envelope.action, |lane| self.lanes.get(&lane).map(|l| l.kind));
        let outcome = allowed.map_err(|refused| refused.0).and_then(|()| self.apply_action(envelope, &envelope.action));
        let refused = outcome.err();
        if refused.is_none() && needed_role(&envelope.action) > Role::Viewer && !is_mark(&envelope.action) {
            self.mark_act(&envelope.author.name, &words(&envelope.action));
        }
        // What a viewer may do is looking, not acting; only refusals of it are worth an entry.
        if refused.is_some() || needed_role(&envelope.action) > Role::Viewer {
            self.journal.push(JournalEntry {
                time: self.clock.now(),
                author: envelope.author.name.clone(),
                act: words(&envelope.action),
                refused,
            });
            if self.journal.len() > JOURNAL_KEPT {
                self.journal.remove(0);
            }
        }
    }

    fn apply_action(&mut self, envelope: &ActionEnvelope, action: &Action) -> Result<(), String> {
        let view = envelope.view;
        match action {
            Action::Acknowledge { lane, alarm } => {
                self.on_alarm(*lane, alarm, |evaluator, alarm, at, out| evaluator.acknowledge(alarm, at, out))
            }
            Action::AcknowledgeAll { lane } => self.acknowledge_all(*lane),
            Action::Shelve { lane, alarm, minutes, reason } => {
                if reason.trim().is_empty() {
                    return Err("Shelving needs a reason.".to_owned());
                }
                let secs = f64::from(*minutes) * 60.0;
                self.on_alarm(*lane, alarm, |evaluator, alarm, at, out| evaluator.shelve(alarm, at.plus_secs(secs), at, out))
            }
            Action::Unshelve { lane, alarm } => self.on_alarm(*lane, alarm, |evaluator, alarm, at, out| evaluator.unshelve(alarm, at, out)),
            Action::SilenceHorn => {
                self.horn = false;
                Ok(())
            }
            Action::Fork { lane, at, name, overrides, horizon_secs } => {
                self.fork(view, *lane, *at, name, overrides, *horizon_secs).map(|_| ())
            }
            Action::SetOverrides { lane, overrides } => self.set_overrides(*lane, overrides),
            Action::RunAhead { lane, secs } => self.run_ahead(*lane, *secs),
            Action::Discard { lane } => self.discard(*lane),
            Action::StartStory { name, severity, speed } => self.start_story(view, name, *severity, *speed),
            Action::StorySpeed { speed } => self.on_story(|host, story| {
                host.set_speed(*speed);
                story.speed = *speed;
            }),
            Action::ClearStory => self.on_story(|host, story| {
                host.clear();
                story.cleared = true;
            }),
            Action::StopStory => self.stop_story(),
            Action::Bookmark { lane, time, text } => self.add_mark(*lane, mark(envelope, MarkKind::Bookmark, (*time, *time), None, text)),
            Action::Note { lane, from, to, thing, text } => {
                self.add_mark(*lane, mark(envelope, MarkKind::Note, (*from, *to), thing.as_ref(), text))
            }
            Action::Quit => {
                self.quit = true;
                Ok(())
            }
            looking => self.move_view(view, looking),
        }
    }

    fn move_view(&mut self, view: ViewId, action: &Action) -> Result<(), String> {
        let watched = match action {
            Action::WatchSignals(ids) => ids.iter().filter_map(|id| self.plant.signals.find(id.as_str())).collect(),
            _ => Vec::new(),
        };
        let state = self.views.entry(view).or_default();
        let playhead = &mut state.playhead;
        match action {
            Action::SwitchLane(lane) => *playhead = Playhead { lane: *lane, ..Playhead::default() },
            Action::Follow => playhead.mode = PlayheadMode::Following,
            Action::Play { speed } if *speed > 0.0 && speed.is_finite() => playhead.mode = PlayheadMode::Playing { speed: *speed },
            Action::Play { .. } => return Err("A playhead plays at a speed above 0.".to_owned()),
            Action::Pause => playhead.mode = PlayheadMode::Paused,
            Action::Seek(time) => {
                playhead.time = *time;
                playhead.mode = PlayheadMode::Paused;
            }
            Action::StepEvent { forward } => {
                let lane = self.lanes.get(&playhead.lane).ok_or("That lane is gone.")?;
                let time = lane.alarms.step(playhead.time, *forward).ok_or("There is no further event.")?;
                playhead.time = time;
                playhead.mode = PlayheadMode::Paused;
            }
            Action::StepChange { thing, forward } => {
                let lane = self.lanes.get(&playhead.lane).ok_or("That lane is gone.")?;
                let index = self.plant.thing(thing.as_str()).ok_or("There is no such thing.")?;
                let alarms = lane.alarms.step_of(&self.plant.things[index].alarms, playhead.time, *forward);
                let health = lane.health.step_of(index, playhead.time, *forward);
                let both = alarms.into_iter().chain(health);
                let time = if *forward { both.min() } else { both.max() };
                playhead.time = time.ok_or("It has not changed any further.")?;
                playhead.mode = PlayheadMode::Paused;
            }
            Action::Loop(range) => playhead.loop_range = *range,
            Action::Compare(lane) => playhead.compare = *lane,
            Action::WatchSignals(_) => state.watched = watched,
            acting => return Err(format!("Nobody has taught this core to {acting:?}.")),
        }
        Ok(())
    }

    fn on_alarm<E: std::fmt::Display>(
        &mut self,
        lane: LaneId,
        alarm: &str,
        act: impl FnOnce(&mut twin_insight::Evaluator, usize, TwinTime, &mut Evaluation) -> Result<(), E>,
    ) -> Result<(), String> {
        let index = self.plant.alarm(alarm).ok_or_else(|| format!("There is no alarm {alarm}."))?;
        let lane = self.lanes.get_mut(&lane).ok_or("That lane is gone.")?;
        lane.with_evaluator(|evaluator, at, out| act(evaluator, index, at, out)).map_err(|refusal| refusal.to_string())?;
        self.end_horn();
        Ok(())
    }

    /// The horn has nothing to say once nothing waits for an acknowledgement.
    fn end_horn(&mut self) {
        let is_heard = |lane: &&Lane| matches!(lane.kind, LaneKind::Live | LaneKind::Exercise) && lane.state != SourceState::Ended;
        let mut heard = self.lanes.values().filter(is_heard);
        self.horn &= heard.any(Lane::has_unacknowledged);
    }

    fn acknowledge_all(&mut self, lane: LaneId) -> Result<(), String> {
        let lane = self.lanes.get_mut(&lane).ok_or("That lane is gone.")?;
        lane.with_evaluator(|evaluator, at, out| {
            for alarm in 0..evaluator.alarms().len() {
                if evaluator.alarms()[alarm].annunciated && !evaluator.alarms()[alarm].acknowledged {
                    // It waits for an acknowledgement, so it cannot refuse one.
                    let _ = evaluator.acknowledge(alarm, at, out);
                }
            }
        });
        self.end_horn();
        Ok(())
    }

    /// Forks a lane and starts its worker. Returns the branch.
    ///
    /// # Errors
    /// A sentence: no model, nothing recorded yet, horizon out of range.
    pub fn fork(
        &mut self,
        view: ViewId,
        parent: LaneId,
        at: Option<TwinTime>,
        name: &str,
        overrides: &[Override],
        horizon_secs: f64,
    ) -> Result<LaneId, String> {
        check_horizon(horizon_secs)?;
        let playhead = self.views.get(&view).map(|state| state.playhead);
        let parent_lane = self.lanes.get(&parent).ok_or("That lane is gone.")?;
        if parent_lane.fork.is_some() {
            return Err("A what-if starts from the plant or an exercise: fork that lane at this instant.".to_owned());
        }
        let shadow = parent_lane.shadow.as_ref().ok_or("This plant file names no simulation, so there is nothing to ask.")?;
        let newest = shadow.time().ok_or("The model waits for the first second of data.")?;
        let asked = at.or(playhead.filter(|p| p.lane == parent && p.mode != PlayheadMode::Following).map(|p| p.time));
        let mut replay = shadow.replay_from(asked.unwrap_or(newest)).ok_or("The model has no saved state that far back.")?;
        replay.run_to(asked.unwrap_or(newest));
        let fork = Fork { parent, time: replay.stepper.time, sequence: parent_lane.store().sequence() };
        let outputs = tag_keys(shadow.plant(), &self.plant);
        let recorded = self.recorded(parent, fork.time);
        let recorded_at_end = self.recorded(parent, newest);
        let condition = condition_estimate::estimate(fork.time, |tag, time| self.mean_of(parent, tag, time));
        let plan = BranchPlan {
            replay,
            recorded,
            recorded_at_end,
            condition: condition.clone(),
            overrides: overrides.to_vec(),
            horizon_secs,
            outputs: outputs.into(),
        };
        let mismatch = self.mismatch(parent, fork.time);
        let standing = parent_lane.alarms.at(fork.time).iter().map(|alarm| alarm.active).collect();
        let known = self.known(parent, fork.time);
        let link = spawn(plan, self.turns.clone()).map_err(|error| format!("No thread for the what-if: {error}."))?;
        let baseline = self.open_branch(fork, LaneKind::Baseline, &format!("{name}: as it is"), &known);
        let branch = self.open_branch(fork, LaneKind::Branch, name, &known);
        self.branches.insert(
            branch,
            BranchState {
                link,
                baseline,
                fork_time: fork.time,
                horizon: fork.time.plus_secs(horizon_secs),
                speed: None,
                overrides: overrides.iter().map(override_words).collect(),
                notes: Vec::new(),
                condition,
                mismatch,
                standing,
                comparison: Comparison::default(),
                compared_to: None,
            },
        );
        Ok(branch)
    }

    pub(super) fn open_branch(&mut self, fork: Fork, kind: LaneKind, name: &str, known: &Batch) -> LaneId {
        let id = self.new_lane_id();
        let mut lane = Lane::new(id, kind, name, Arc::clone(&self.plant));
        lane.fork = Some(fork);
        lane.state = SourceState::Connected;
        lane.inherit(known);
        self.lanes.insert(id, lane);
        id
    }

    /// The newest sample of every signal at an instant.
    fn known(&self, lane: LaneId, time: TwinTime) -> Batch {
        let samples = self.plant.signals.iter().filter_map(|(key, _)| Some(self.latest_at(lane, key, time)?.sample));
        Batch { samples: samples.collect(), tick: None, ack: None }
    }

    /// All tags of the model of a lane as recorded at an instant, by their numbers; not a number where there is none.
    fn recorded(&self, lane: LaneId, time: TwinTime) -> Vec<f64> {
        let Some(simulated) = self.lanes.get(&lane).and_then(|lane| lane.shadow.as_ref()).map(Shadow::plant) else { return Vec::new() };
        let mut recorded = vec![f64::NAN; simulated.tags().len()];
        for (number, key) in tag_keys(simulated, &self.plant) {
            if let Some(value) = self.latest_at(lane, key, time).and_then(|stored| stored.sample.value) {
                recorded[number] = value;
            }
        }
        recorded
    }

    fn mean_of(&self, lane: LaneId, tag: &str, time: TwinTime) -> Option<f64> {
        let column = self.lanes.get(&lane)?.store_at(time).column(self.plant.signals.find(tag)?)?;
        let (sum, count) = column
            .range(time.plus_secs(-CONDITION_MEAN_SECS), time, u64::MAX)
            .filter_map(|stored| stored.sample.value)
            .fold((0.0, 0_u32), |(sum, count), value| (sum + value, count + 1));
        (count > 0).then(|| sum / f64::from(count))
    }

    /// The largest differences between measurement and model at the fork, in shares of their band.
    fn mismatch(&self, lane: LaneId, time: TwinTime) -> Vec<String> {
        let mut found: Vec<(f64, String)> = self
            .plant
            .signals
            .iter()
            .filter_map(|(key, info)| {
                let settings = self.plant.settings_of(key)?;
                let residual = self.latest_at(lane, settings.residual?, time)?.sample.value?;
                let band = settings.residual_band.filter(|band| *band > 0.0)?;
                let decimals = usize::from(info.decimals);
                Some((residual.abs() / band, format!("{} {residual:+.decimals$} {}", info.tag, info.unit)))
            })
            .collect();
        found.sort_by(|a, b| b.0.total_cmp(&a.0));
        found.into_iter().take(MISMATCHES_SHOWN).map(|(_, words)| words).collect()
    }

    fn set_overrides(&mut self, lane: LaneId, overrides: &[Override]) -> Result<(), String> {
        let head = self.lanes.get(&lane).and_then(Lane::head);
        let state = self.branches.get(&lane).ok_or("That branch is gone.")?;
        // The branch reports what its model says; set points, outputs and modes were recorded on its parent.
        let parent = self.lanes.get(&lane).and_then(|l| l.fork).map_or(lane, |fork| fork.parent);
        let recorded = self.recorded(parent, head.unwrap_or(state.fork_time));
        let command = BranchCommand::Override { overrides: overrides.to_vec(), recorded };
        state.link.commands.try_send(command).map_err(|_| "The branch is busy; try again.".to_owned())?;
        if let Some(state) = self.branches.get_mut(&lane) {
            state.overrides.extend(overrides.iter().map(override_words));
        }
        self.run_on_from_horizon(lane, head)
    }

    /// A branch that has reached its horizon runs as far again: whoever turns a knob wants to see what it does.
    fn run_on_from_horizon(&mut self, lane: LaneId, head: Option<TwinTime>) -> Result<(), String> {
        let Some(state) = self.branches.get(&lane) else { return Ok(()) };
        let span = state.horizon - state.fork_time;
        if head.is_some_and(|head| head >= state.horizon) { self.run_ahead(lane, span) } else { Ok(()) }
    }

    fn run_ahead(&mut self, lane: LaneId, secs: f64) -> Result<(), String> {
        check_horizon(secs)?;
        let head = self.lanes.get(&lane).and_then(Lane::head);
        let state = self.branches.get_mut(&lane).ok_or("That branch is gone.")?;
        state.link.commands.try_send(BranchCommand::RunAhead(secs)).map_err(|_| "The branch is busy; try again.".to_owned())?;
        state.horizon = head.unwrap_or(state.fork_time).plus_secs(secs);
        Ok(())
    }

    fn discard(&mut self, lane: LaneId) -> Result<(), String> {
        if self.story.as_ref().is_some_and(|story| story.running && story.lane == lane) {
            return Err("Stop the story first.".to_owned());
        }
        if let Some(state) = self.branches.remove(&lane) {
            self.lanes.remove(&state.baseline);
        }
        self.lanes.remove(&lane);
        // Branches of a discarded lane have lost the history before their fork.
        let orphans: Vec<LaneId> =
            self.lanes.values().filter(|l| l.fork.is_some_and(|f| !self.lanes.contains_key(&f.parent))).map(|l| l.id).collect();
        for orphan in orphans {
            self.branches.remove(&orphan);
            self.lanes.remove(&orphan);
        }
        for view in self.views.values_mut() {
            if !self.lanes.contains_key(&view.playhead.lane) {
                view.playhead = Playhead::default();
            }
            view.playhead.compare = view.playhead.compare.filter(|other| self.lanes.contains_key(other));
        }
        self.end_horn();
        Ok(())
    }

    fn start_story(&mut self, view: ViewId, name: &str, severity: f64, speed: Option<f64>) -> Result<(), String> {
        if self.story.as_ref().is_some_and(|story| story.running) {
            self.stop_story()?;
        }
        // The story played last stays for replay; what lies before it would only take memory.
        let is_old = |lane: &&Lane| lane.kind == LaneKind::Exercise && self.story.as_ref().is_none_or(|story| story.lane != lane.id);
        let old: Vec<LaneId> = self.lanes.values().filter(is_old).map(|lane| lane.id).collect();
        for lane in old {
            self.discard(lane)?;
        }
        let host = self.story_host.as_mut().ok_or("Stories need the demo plant; this twin runs on a plant of its own.")?;
        let (source, speed) = host.start(name, severity, speed)?;
        let lane = self.open_exercise(name, Some(source));
        self.story = Some(StoryView { name: name.to_owned(), lane, speed, cleared: false, running: true });
        let state = self.views.entry(view).or_default();
        state.playhead = Playhead { lane, ..Playhead::default() };
        Ok(())
    }

    fn on_story(&mut self, act: impl FnOnce(&mut dyn super::StoryHost, &mut StoryView)) -> Result<(), String> {
        match (&mut self.story_host, &mut self.story) {
            (Some(host), Some(story)) if story.running => {
                act(host.as_mut(), story);
                Ok(())
            }
            _ => Err("No story is running.".to_owned()),
        }
    }

    fn stop_story(&mut self) -> Result<(), String> {
        self.on_story(|host, story| {
            host.stop();
            story.running = false;
        })?;
        if let Some(lane) = self.story.as_ref().map(|story| story.lane).and_then(|lane| self.lanes.get_mut(&lane)) {
            lane.source = None;
            lane.state = SourceState::Ended;
        }
        self.end_horn();
        Ok(())
    }
}

/// A mark stands on the timeline itself and needs no second one that tells of it; that somebody closed the program shows as a gap.
fn is_mark(action: &Action) -> bool {
    matches!(action, Action::Bookmark { .. } | Action::Note { .. } | Action::Quit)
}

fn mark(envelope: &ActionEnvelope, kind: MarkKind, (from, to): (TwinTime, TwinTime), thing: Option<&ThingId>, text: &str) -> Mark {
    let thing = thing.map(ThingId::to_string).unwrap_or_default();
    Mark { from, to, kind, author: envelope.author.name.clone(), thing, text: text.to_owned() }
}

/// Refuses a horizon nobody can wait for.
fn check_horizon(secs: f64) -> Result<(), String> {
    let is_sound = (1.0..=30.0 * 86_400.0).contains(&secs);
    if is_sound { Ok(()) } else { Err("A what-if runs ahead between a second and 30 days.".to_owned()) }
}

fn words(action: &Action) -> String {
    match action {
        Action::Acknowledge { alarm, .. } => format!("acknowledge {alarm}"),
        Action::AcknowledgeAll { .. } => "acknowledge all alarms".to_owned(),
        Action::Shelve { alarm, minutes, reason, .. } => format!("shelve {alarm} for {minutes} min: {reason}"),
        Action::Unshelve { alarm, .. } => format!("return {alarm} from the shelf"),
        Action::SilenceHorn => "silence the horn".to_owned(),
        Action::Fork { name, overrides, .. } => {
            let knobs: Vec<String> = overrides.iter().map(override_words).collect();
            format!("fork \"{name}\" with {}", if knobs.is_empty() { "no override".to_owned() } else { knobs.join(", ") })
        }
        Action::SetOverrides { overrides, .. } => overrides.iter().map(override_words).collect::<Vec<_>>().join(", "),
        Action::RunAhead { secs, .. } => format!("run ahead {secs:.0} s"),
        Action::Discard { .. } => "discard a lane".to_owned(),
        Action::StartStory { name, .. } => format!("play the story {name}"),
        Action::StorySpeed { speed } => format!("set the story's speed to {speed}×"),
        Action::ClearStory => "repair the fault of the story".to_owned(),
        Action::StopStory => "stop the story".to_owned(),
        Action::Bookmark { text, .. } => format!("bookmark {text}"),
        Action::Note { text, .. } => format!("note: {text}"),
        other => format!("{other:?}"),
    }
}

/// An override as a person reads it.
pub(crate) fn override_words(knob: &Override) -> String {
    match knob {
        Override::Setpoint { controller, value } => format!("{controller} set point {value:.2}"),
        Override::Output { controller, value } => format!("{controller} output {value:.1} % (MAN)"),
        Override::Automatic { controller } => format!("{controller} to AUTO"),
        Override::Drive { drive, run } => format!("{} {drive}", if *run { "start" } else { "stop" }),
        Override::Duty { drive } => format!("{drive} on duty"),
        Override::Parameter { name, value } => format!("{name} = {value}"),
        Override::Boundary { name, value } => format!("{name} held at {value}"),
    }
}
