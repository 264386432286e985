//! Who may do what, on which lane. The one place that decides.

use crate::lane::LaneKind;
use twin_model::{Action, Author, LaneId, Role};

/// Why an action was refused, as a sentence for its author.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refused(pub String);

/// Says whether this author may do this. `kind_of` tells what a lane is.
///
/// # Errors
/// [`Refused`] with the reason.
pub fn may(author: &Author, action: &Action, kind_of: impl Fn(LaneId) -> Option<LaneKind>) -> Result<(), Refused> {
    let needed = needed_role(action);
    if author.role < needed {
        return Err(Refused(format!("{} is {:?}; this needs {needed:?}.", author.name, author.role)));
    }
    let Some(lane) = lane_of(action) else { return Ok(()) };
    let Some(kind) = kind_of(lane) else {
        return Err(Refused("That lane is gone.".to_owned()));
    };
    match action {
        Action::SetOverrides { .. } | Action::RunAhead { .. } if kind != LaneKind::Branch => {
            Err(Refused("Overrides go to a branch only: fork first. The plant is never touched from here.".to_owned()))
        }
        Action::Discard { .. } if kind == LaneKind::Live => Err(Refused("Lane Live cannot be discarded.".to_owned())),
        Action::Discard { .. } if kind == LaneKind::Baseline => Err(Refused("A baseline goes with its what-if: discard that.".to_owned())),
        _ => Ok(()),
    }
}

/// The least role an action needs. What a viewer may do changes nothing but his own view.
pub(crate) fn needed_role(action: &Action) -> Role {
    match action {
        Action::SwitchLane(_)
        | Action::Follow
        | Action::Play { .. }
        | Action::Pause
        | Action::Seek(_)
        | Action::StepEvent { .. }
        | Action::StepChange { .. }
        | Action::Loop(_)
        | Action::Compare(_)
        | Action::WatchSignals(_) => Role::Viewer,
        Action::Acknowledge { .. }
        | Action::AcknowledgeAll { .. }
        | Action::Shelve { .. }
        | Action::Unshelve { .. }
        | Action::Bookmark { .. }
        | Action::Note { .. }
        | Action::SilenceHorn => Role::Operator,
        Action::Fork { .. }
        | Action::SetOverrides { .. }
        | Action::RunAhead { .. }
        | Action::Discard { .. }
        | Action::StartStory { .. }
        | Action::StorySpeed { .. }
        | Action::ClearStory
        | Action::StopStory => Role::Engineer,
        Action::Quit => Role::Admin,
    }
}

fn lane_of(action: &Action) -> Option<LaneId> {
    match action {
        Action::SwitchLane(lane)
        | Action::Compare(Some(lane))
        | Action::Acknowledge { lane, .. }
        | Action::AcknowledgeAll { lane }
        | Action::Shelve { lane, .. }
        | Action::Unshelve { lane, .. }
        | Action::Fork { lane, .. }
        | Action::SetOverrides { lane, .. }
        | Action::RunAhead { lane, .. }
        | Action::Discard { lane } => Some(*lane),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn author(role: Role) -> Author {
        Author { name: "Ada".to_owned(), role }
    }

    #[test]
    fn overrides_are_refused_on_the_live_lane_for_everybody() {
        let action = Action::SetOverrides { lane: LaneId::LIVE, overrides: Vec::new() };
        assert!(may(&author(Role::Admin), &action, |_| Some(LaneKind::Live)).is_err());
        assert!(may(&author(Role::Engineer), &action, |_| Some(LaneKind::Branch)).is_ok());
    }

    #[test]
    fn a_viewer_looks_and_an_operator_acknowledges() {
        let acknowledge = Action::AcknowledgeAll { lane: LaneId::LIVE };
        assert!(may(&author(Role::Viewer), &Action::Pause, |_| None).is_ok());
        assert!(may(&author(Role::Viewer), &acknowledge, |_| Some(LaneKind::Live)).is_err());
        assert!(may(&author(Role::Operator), &acknowledge, |_| Some(LaneKind::Live)).is_ok());
        assert!(may(&author(Role::Operator), &acknowledge, |_| None).is_err());
    }
}
