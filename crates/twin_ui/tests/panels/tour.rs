#![expect(clippy::unwrap_used, reason = "a shipped script that does not parse should stop the test")]

use crate::panels::{click, panel};
use crate::sample::{self, signal, thing};
use egui_kittest::kittest::Queryable;
use twin_model::Action;
use twin_ui::tour::{Before, Tour, TourAction, TourScript};
use twin_ui::{Display, Theme, UiEvent, ViewMode, Workspace, workspace_ui};

const SHIPPED: &str = include_str!("../../../../assets/unit100/tour.toml");
const STORIES: &str = include_str!("../../../twin_demo/src/story.rs");

fn shipped() -> TourScript {
    TourScript::parse("tour.toml", SHIPPED).unwrap()
}

#[test]
fn the_shipped_tour_takes_ninety_seconds_and_names_only_what_there_is() {
    let script = shipped();
    assert!((script.total_secs() - 90.0).abs() <= 1.0, "{} s", script.total_secs());
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/unit100");
    let (document, problems) = twin_model::document::load(&folder);
    assert!(problems.iter().all(|problem| !problem.is_error()), "{problems:?}");
    let things: Vec<&str> = document.document.things.iter().map(|thing| thing.id.as_str()).collect();
    assert!(script.things().count() > 0 && script.things().all(|thing| things.contains(&thing.as_str())));
    for signal in script.signals() {
        let thing = document.document.things.iter().find(|thing| thing.id == signal.thing().as_str());
        assert!(thing.is_some_and(|thing| thing.signals.contains_key(signal.telemetry())), "{signal}");
    }
    assert!(script.stories().count() > 0);
    assert!(script.stories().all(|story| STORIES.contains(&format!("name: \"{story}\""))));
}

#[test]
fn the_steps_meet_the_story_at_what_they_tell_of() {
    let script = shipped();
    let view = Tour::begin(script.clone(), Before::default()).0.view();
    let begins = |title: &str| view.steps.iter().find(|step| step.title.contains(title)).map(|step| step.at_secs).unwrap();
    let story_min = |at_secs: f64| script.story_secs_at(at_secs).unwrap() / 60.0;
    assert_eq!(script.story_secs_at(begins("A failure begins") - 0.1), None, "the first step shows the live plant");
    // Minutes of the story: envelope visible 25, a good call 150, vibration alert 309, bearing alarm 335, trip 351.
    assert!(story_min(begins("Health speaks")) > 25.0);
    assert!((150.0..309.0).contains(&story_min(begins("How far the model"))));
    assert!(story_min(begins("The alarm")) < 309.0, "until here no limit has been reached");
    assert!(story_min(begins("And what if?")) > 335.0, "both alarms have come");
    assert!(story_min(90.0) < 351.0, "the pump still runs");
}

#[test]
fn the_same_time_in_other_portions_gives_the_same_tour() {
    let run = |portion_ms: u32| {
        let (mut tour, mut events) = Tour::begin(shipped(), Before::default());
        let mut passed_ms = 0;
        while !tour.is_over() && passed_ms < 200_000 {
            events.extend(tour.advance(f64::from(portion_ms) / 1e3));
            passed_ms += portion_ms;
        }
        assert!(tour.is_over());
        events
    };
    assert_eq!(run(16), run(500));
    assert_eq!(run(16), run(100_000), "however long a frame takes, no step is left out");
}

#[test]
fn skipping_puts_everything_back_as_it_was() {
    let before = Before {
        display: Display::Equipment,
        view_mode: ViewMode::Health,
        selected: Some(thing("v-101")),
        shows_tags: false,
        shows_flow: true,
        trended: vec![signal("p-101a/bearing_temp_de")],
    };
    let (mut tour, first) = Tour::begin(shipped(), before.clone());
    assert_eq!(first.first(), Some(&UiEvent::KeepCamera));
    tour.advance(45.0);
    let back = tour.act(TourAction::Skip);
    assert!(tour.is_over());
    for expected in [
        UiEvent::SetDisplay(before.display),
        UiEvent::SetViewMode(before.view_mode),
        UiEvent::Select(before.selected),
        UiEvent::ShowTags(false),
        UiEvent::SetFlow(true),
        UiEvent::ReturnCamera,
        UiEvent::Twin(Action::StopStory),
        UiEvent::UnwatchTrend(signal("p-101a/envelope_de")),
    ] {
        assert!(back.contains(&expected), "{expected:?} in {back:?}");
    }
    assert!(!back.contains(&UiEvent::UnwatchTrend(signal("p-101a/bearing_temp_de"))), "it was drawn before");
    assert!(tour.advance(100.0).is_empty() && tour.act(TourAction::Next).is_empty());
}

#[test]
fn a_tour_that_stands_holds_its_story_too() {
    let (mut tour, _) = Tour::begin(shipped(), Before::default());
    tour.advance(20.0);
    let remaining = tour.view().remaining_secs;
    assert_eq!(tour.act(TourAction::Pause), vec![UiEvent::Twin(Action::StorySpeed { speed: 0.0 })]);
    assert!(tour.advance(60.0).is_empty());
    assert_eq!(tour.view().remaining_secs, remaining);
    assert_eq!(tour.act(TourAction::Pause), vec![UiEvent::Twin(Action::StorySpeed { speed: 300.0 })]);
    let step = tour.view().step;
    tour.act(TourAction::Back);
    assert_eq!(tour.view().step, step - 1);
}

#[test]
fn a_bad_script_is_told_with_its_line() {
    let text = "title = \"T\"\n\n[[step]]\ntitle = \"A\"\ntext = \"\"\nseconds = 5\ndo = [{ fly_too = \"u:p\" }]\n";
    let problem = TourScript::parse("tour.toml", text).unwrap_err();
    assert_eq!((problem.file.as_str(), problem.line), ("tour.toml", Some(7)));
    assert!(problem.message.contains("fly_too"), "{}", problem.message);
    assert!(TourScript::parse("tour.toml", &text.replace("fly_too", "fly_to")).is_ok());
    assert!(TourScript::parse("tour.toml", &text.replace("fly_too", "fly_to").replace("= 5", "= 0")).is_err());
}

#[test]
fn the_card_of_the_tour_steers_it_and_escape_leaves_it() {
    let (mut tour, _) = Tour::begin(shipped(), Before::default());
    tour.advance(12.0);
    let mut view = sample::workspace_view();
    view.tour = Some(tour.view());
    let theme = Theme::default();
    let mut window = panel([1600.0, 900.0], move |ui, workspace: &mut Workspace, out| {
        workspace_ui(ui, workspace, &view, &theme, out);
    });
    assert!(window.query_by_label("Step 2 / 7").is_some());
    for (label, action) in [
        ("Step back", TourAction::Back),
        ("Pause the tour", TourAction::Pause),
        ("Next step", TourAction::Next),
        ("Skip the tour", TourAction::Skip),
    ] {
        assert_eq!(click(&mut window, label), vec![UiEvent::Tour(action)], "{label}");
    }
    window.state_mut().1.clear();
    window.key_press(egui::Key::Escape);
    window.run_steps(2);
    assert_eq!(window.state().1, vec![UiEvent::Tour(TourAction::Skip)]);
}
