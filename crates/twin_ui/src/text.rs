//! Every text a user reads, in one table, so that another language is another table.

use std::sync::OnceLock;

macro_rules! texts {
    ($($key:ident = $english:literal;)*) => {
        /// One language.
        #[derive(Debug)]
        #[expect(missing_docs, reason = "each name is the text in short")]
        pub struct Texts { $(pub $key: &'static str),* }

        /// English.
        pub static ENGLISH: Texts = Texts { $($key: $english),* };
    };
}

static LANGUAGE: OnceLock<&'static Texts> = OnceLock::new();

/// The texts in the chosen language.
pub fn t() -> &'static Texts {
    LANGUAGE.get().copied().unwrap_or(&ENGLISH)
}

/// Chooses the language, once, before the first frame; false when one was chosen already.
pub fn set_language(texts: &'static Texts) -> bool {
    LANGUAGE.set(texts).is_ok()
}

texts! {
    // What the marks say.
    product = "Didymos";
    live = "LIVE";
    sim = "SIM";
    exercise = "EXERCISE";
    recording = "RECORDING";
    history = "HISTORY";
    training = "TRAINING";
    // Panels and the toolbar.
    scene = "Scene";
    plant = "Plant";
    faceplate = "Faceplate";
    trends = "Trends";
    alarms = "Alarms";
    stories = "Stories";
    problems_title = "Problems";
    panels = "Panels";
    reset_layout = "Reset layout";
    operate = "OPERATE";
    health = "HEALTH";
    home = "Home view";
    value_tags = "Value tags";
    show_me_a_failure = "Show me a failure";
    what_if_from_here = "What if from here";
    close = "Close";
    cancel = "Cancel";
    // Quality.
    quality_good = "Good";
    quality_uncertain = "Uncertain";
    quality_bad = "Bad";
    age = "age";
    stale = "stale";
    // Plant tree.
    filter_things = "Filter things";
    clear_filter = "Clear filter";
    no_things = "The plant file has no things.";
    nothing_matches = "Nothing matches the filter.";
    fold = "Fold";
    unfold = "Unfold";
    // Faceplate.
    nothing_selected = "Select a thing in the scene or in the tree.";
    clear_selection = "Clear selection";
    fly_to = "Fly to";
    signals = "SIGNALS";
    filter_signals = "Filter signals";
    no_signals = "No signals.";
    documents = "DOCUMENTS";
    watch = "Watch";
    unwatch = "Unwatch";
    model = "model";
    residual = "residual";
    limits = "limits";
    outside_band = "The model explains this value no longer: the residual is outside its band.";
    cause = "Cause";
    consequence = "Consequence";
    action = "Action";
    left = "left";
    // Alarms.
    priority = "Priority";
    alert = "Alert";
    event = "Event";
    advisory = "Advisory";
    active = "active";
    unacknowledged = "unacknowledged";
    acknowledged = "acknowledged";
    returned = "returned to normal, unacknowledged";
    shelved = "shelved";
    suppressed = "suppressed by design";
    out_of_service = "out of service";
    normal = "normal";
    acknowledge = "Acknowledge";
    acknowledge_short = "Ack";
    acknowledge_all = "Acknowledge all";
    shelve = "Shelve";
    shelve_dots = "Shelve…";
    shelve_reason = "Reason";
    unshelve = "Unshelve";
    until = "until";
    filter_alarms = "Alarms";
    filter_alerts = "Alerts";
    filter_put_aside = "Put aside";
    filter_all = "All";
    no_alarms = "Nothing here.";
    no_unacknowledged = "No unacknowledged alarms";
    column_time = "Time";
    column_tag = "Tag";
    column_message = "Message";
    column_value = "Value";
    column_thing = "Thing";
    column_left = "Time left";
    return_to_live = "Return to live";
    silence_horn = "Silence the horn";
    jump_to = "Jump to";
    more = "more";
    no_live_data = "No live data";
    // Status bar.
    connected = "Connected";
    connecting = "Connecting";
    disconnected = "Disconnected";
    ended = "Ended";
    samples_per_sec = "samples/s";
    samples_hint = "Samples received per second";
    latency_hint = "From publishing to the picture: median / 95th percentile";
    dropped = "dropped";
    dropped_hint = "Samples lost since the start";
    problems = "problems";
    problems_hint = "Inputs that could not be used; click for the list";
    frame = "frame";
    frame_hint = "Time from frame to frame";
    model_trust = "model in band";
    following = "following";
    paused = "paused";
    // Timeline.
    play = "Play";
    pause = "Pause";
    previous_event = "Previous alarm event";
    next_event = "Next alarm event";
    speed = "Speed";
    live_button = "Live";
    follow = "Follow";
    behind_head = "Behind the newest instant of the lane";
    playhead = "Playhead";
    // Trends.
    no_trends = "Choose signals with the trend button of a faceplate.";
    follow_playhead = "Follow playhead";
    compared_with = "thin:";
    // What if.
    what_if_short = "What if";
    what_if_from = "What if from";
    now = "now";
    at_playhead = "playhead";
    on_lane = "on";
    no_knobs = "No knobs here.";
    switch = "Switch";
    was = "was";
    duty = "duty";
    standby = "standby";
    running = "running";
    stopped = "stopped";
    overrides = "CHANGES";
    forget = "Forget";
    goes_to_manual = "goes to MAN in this branch";
    in_manual = "in MAN in this branch";
    run_ahead = "Run ahead";
    no_change = "No change";
    branch_name = "Name of the branch";
    fork_and_run = "Fork and run ahead";
    change_branch = "Changing";
    fork_new = "Fork a new branch instead";
    apply_to_branch = "Apply to the branch";
    discard = "Discard";
    compare = "Compare";
    show_in_scene = "Show in scene";
    run_further = "Run 30 min further";
    change_knobs = "Change knobs";
    stop_changing = "Stop changing";
    ran = "ran ahead";
    running_ahead = "running ahead";
    from = "from";
    baseline = "Baseline";
    change = "Change";
    better = "better";
    worse = "worse";
    same = "same";
    // Stories.
    stories_title = "Show me a failure";
    stories_note = "A story plays on a plant of its own. The live plant runs on, and its alarms stay in the strip.";
    no_stories = "This plant has no stories.";
    severity = "Severity";
    repaired = "repaired";
    pause_story = "Pause the story";
    resume_story = "Resume the story";
    slower = "Slower";
    faster = "Faster";
    repair = "Repair the fault";
    stop_story = "Stop the story";
    show_exercise = "Show this plant in the scene";
    // Problems, legend, shortcuts.
    no_problems = "No problems.";
    legend_title = "HEALTH · NAMUR NE 107";
    shortcuts = "Keyboard shortcuts";
    group_alarms = "ALARMS";
    group_time = "TIME";
    group_view = "VIEW";
    key_jump = "Jump to the most urgent alarm";
    key_acknowledge = "Acknowledge it";
    key_pause = "Pause or play";
    key_what_if = "What if from here";
    key_operate = "OPERATE view";
    key_health = "HEALTH view";
    key_frame = "Frame the selection";
    key_trends = "Trends";
    // Schematic.
    schematic = "Schematic";
    instrument_air = "instrument air";
    instrument_air_to = "Instrument air to";
    no_schematic = "The plant file has nothing to draw: no things but areas and gateways.";
    fit_schematic = "Fit the schematic";
}
