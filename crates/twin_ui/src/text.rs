//! Every text a user reads, in one table, so that another language is another file.
//!
//! English is written here, beside the names the code uses. Another language is a file of lines `name = "text"`:
//! `assets/languages/de.toml` is built in, and a site may bring its own, whole or in part.

use crate::format;
use std::collections::BTreeMap;
use std::sync::OnceLock;
use twin_model::alarm::HealthState;
use twin_model::{Problem, Quality, QualityClass, Severity};

macro_rules! texts {
    ($($key:ident = $english:literal;)*) => {
        /// One language.
        #[derive(Debug, PartialEq)]
        #[expect(missing_docs, reason = "each name is the text in short")]
        pub struct Texts { $(pub $key: &'static str),* }

        /// English.
        pub static ENGLISH: Texts = Texts { $($key: $english),* };

        impl Texts {
            /// Every name with its text, in the order of the table.
            pub fn entries(&self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($key), self.$key)),*]
            }

            /// This language with other texts; what was used is taken out of `other`.
            fn with(&self, other: &mut BTreeMap<String, String>) -> Self {
                let mut pick = |key: &str, base| other.remove(key).map_or(base, |text| -> &'static str { Box::leak(text.into_boxed_str()) });
                Self { $($key: pick(stringify!($key), self.$key)),* }
            }
        }
    };
}

/// The texts in the chosen language.
pub fn t() -> &'static Texts {
    format::with_site(|site| site.texts)
}

/// Why a value has its quality, in the chosen language.
pub fn quality_reason(quality: Quality) -> &'static str {
    match quality {
        Quality::UNCERTAIN_LAST_USABLE => t().reason_last_usable,
        Quality::UNCERTAIN_SENSOR_NOT_ACCURATE => t().reason_not_accurate,
        Quality::UNCERTAIN_RANGE_EXCEEDED => t().reason_out_of_range,
        Quality::UNCERTAIN_SUB_NORMAL => t().reason_sub_normal,
        Quality::BAD_NO_COMMUNICATION => t().reason_no_communication,
        Quality::BAD_WAITING_FOR_INITIAL_DATA => t().reason_nothing_yet,
        Quality::BAD_DATA_ENCODING_INVALID => t().reason_not_understood,
        Quality::BAD_NOT_CONNECTED => t().reason_not_connected,
        Quality::BAD_DEVICE_FAILURE => t().reason_device_failure,
        Quality::BAD_SENSOR_FAILURE => t().reason_sensor_failure,
        Quality::BAD_OUT_OF_SERVICE => t().reason_maintenance,
        other => match other.class() {
            QualityClass::Good => t().reason_good,
            QualityClass::Uncertain => t().reason_uncertain,
            QualityClass::Bad => t().reason_bad,
        },
    }
}

/// A NAMUR NE 107 state in the chosen language. Its letter is the same in all of them.
pub fn health_name(state: HealthState) -> &'static str {
    match state {
        HealthState::Good => t().health_good,
        HealthState::MaintenanceRequired => t().health_maintenance_required,
        HealthState::OutOfSpecification => t().health_out_of_specification,
        HealthState::FunctionCheck => t().health_function_check,
        HealthState::Unknown => t().health_unknown,
        HealthState::Failure => t().health_failure,
    }
}

/// Words that [`built_in`] knows.
pub const LANGUAGES: [&str; 2] = ["en", "de"];

/// A language that comes with the program, by its code.
pub fn built_in(code: &str) -> Option<&'static Texts> {
    match code {
        "en" => Some(&ENGLISH),
        "de" => Some(german()),
        _ => None,
    }
}

fn german() -> &'static Texts {
    static GERMAN: OnceLock<Texts> = OnceLock::new();
    GERMAN.get_or_init(|| read("de.toml", include_str!("../../../assets/languages/de.toml"), &ENGLISH).0)
}

/// Reads a language file over `base`: what it does not name keeps the text of `base`. What it names and the program does
/// not know, and what is no text, is told. The texts are kept until the program ends, so a file is read once, not every
/// frame.
pub fn read(file: &str, content: &str, base: &Texts) -> (Texts, Vec<Problem>) {
    let problem = |pointer: String, message: String, hint: &str| Problem {
        severity: Severity::Warning,
        file: file.to_owned(),
        pointer,
        line: None,
        message,
        hint: hint.to_owned(),
    };
    let mut problems = Vec::new();
    let mut given = BTreeMap::new();
    match content.parse::<toml::Table>() {
        Ok(table) => {
            for (key, value) in table {
                match value {
                    toml::Value::String(text) if !text.trim().is_empty() => {
                        given.insert(key, text);
                    }
                    _ => problems.push(problem(format!("/{key}"), "A text is missing here.".to_owned(), "Write name = \"text\".")),
                }
            }
        }
        Err(error) => {
            let message = format!("The language file cannot be read: {}.", error.message());
            problems.push(problem(String::new(), message, "Each line is name = \"text\"."));
        }
    }
    let texts = base.with(&mut given);
    let hint = "Compare it with the names in assets/languages/de.toml.";
    problems.extend(given.keys().map(|key| problem(format!("/{key}"), format!("No text of the program is called {key}."), hint)));
    (texts, problems)
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
    problem = "problem";
    problems = "problems";
    problems_hint = "Inputs that could not be used; click for the list";
    frame = "frame";
    frame_hint = "Time from frame to frame";
    model_trust = "model in band";
    model_pace = "simulated";
    recorded = "recorded";
    recording_received = "received";
    recording_queued = "waiting";
    recording_lost = "not recorded";
    recording_refused = "wait for the disk";
    package_saved = "The incident package was written to";
    package_failed = "The incident package could not be written";
    package_needs_history = "Nothing is recorded, so there is nothing to save: start without --no-history.";
    model_pace_hint = "Simulated seconds per second. Behind: what the model has still to compute. Lost: what it skipped to catch up";
    model_behind = "behind";
    model_lost = "lost";
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
    previous_change = "Previous change of";
    next_change = "Next change of";
    no_change_without_selection = "Select a thing to step through its changes.";
    show_whole_time = "Show the whole time";
    select_range = "Select a range: then drag on the track, or drag with Alt";
    clear_range = "Clear the range";
    range = "Range";
    loop_word = "Loop";
    save_package = "Save the range as incident package";
    add_bookmark = "Bookmark this instant";
    bookmark_name = "Name of the bookmark";
    add_note = "Write a note on the range";
    note_text = "Text of the note";
    bookmark = "Bookmark";
    note = "Note";
    no_data = "No data";
    forecast = "forecast";
    go_to_time = "Go to a time";
    go_to_time_hint = "14:05 or -10m";
    time_not_understood = "Not a time. Write 14:05, 14:05:30, 2026-11-27 14:05, -10m or -2h.";
    time_does_not_exist = "No calendar has this day, or no clock this time.";
    time_skipped = "This time is skipped: the clocks are put forward over it on that day.";
    time_wrong_offset = "The clock of the site does not have this offset then.";
    lane_begins = "Nothing is recorded before";
    lane_ends = "Nothing is recorded after";
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
    key_previous_change = "Previous change of the selection";
    key_next_change = "Next change of the selection";
    key_what_if = "What if from here";
    key_operate = "OPERATE view";
    key_health = "HEALTH view";
    key_frame = "Frame the selection";
    key_trends = "Trends";
    // Design room: toasts, lane frame.
    toast_information = "Note";
    toast_warning = "Warning";
    toast_error = "Error";
    toast_dismiss = "Dismiss";
    times = "times";
    ago = "ago";
    // Design room: quality reasons and health states.
    reason_good = "good";
    reason_uncertain = "uncertain";
    reason_last_usable = "stale: last usable value";
    reason_not_accurate = "sensor not accurate";
    reason_out_of_range = "outside its range";
    reason_sub_normal = "fewer inputs than required";
    reason_bad = "bad";
    reason_no_communication = "no communication";
    reason_nothing_yet = "nothing received yet";
    reason_not_understood = "payload not understood";
    reason_not_connected = "not connected";
    reason_device_failure = "device failure";
    reason_sensor_failure = "sensor failure";
    reason_maintenance = "out of service (maintenance)";
    health_good = "Good";
    health_maintenance_required = "Maintenance required";
    health_out_of_specification = "Out of specification";
    health_function_check = "Function check";
    health_unknown = "Unknown";
    health_failure = "Failure";
    // Displays room: displays, overview, scene tools, tour.
    overview = "Overview";
    display_overview = "Overview";
    display_unit = "Unit";
    display_equipment = "Equipment";
    display_diagnostics = "Diagnostics";
    level = "level";
    overview_empty = "The plant file names no key signals and no areas.";
    outside_limit = "past its limit";
    outside_normal = "outside its normal band";
    group_displays = "DISPLAYS";
    group_scene = "SCENE";
    flow_ticks = "Flow ticks";
    explode = "Pull apart";
    cut_away = "Cut away";
    isolate = "Isolate";
    measure = "Measure distance and elevation";
    clip_plane = "Clipping plane";
    clip_position = "Position of the clipping plane";
    clip_flip = "flip";
    clip_off = "Clipping plane off";
    axis_x = "east–west";
    axis_y = "height";
    axis_z = "north–south";
    view_menu = "View, quality, theme";
    look_from = "LOOK FROM";
    side_home = "home";
    side_top = "top";
    side_north = "north";
    side_east = "east";
    side_south = "south";
    side_west = "west";
    draw_quality = "QUALITY";
    quality_auto = "automatic";
    quality_economy = "economy";
    quality_standard = "standard";
    quality_high = "high";
    theme = "THEME";
    scene_loading = "Reading the 3D model";
    no_scene = "No 3D model";
    no_scene_hint = "Name a glTF file under `scenes` in the plant file, or give one with --scene. Everything else works without.";
    tour = "Guided tour";
    tour_step = "Step";
    tour_back = "Step back";
    tour_next = "Next step";
    tour_pause = "Pause the tour";
    tour_resume = "Go on with the tour";
    tour_skip = "Skip the tour";
    tour_hint = "A tour has a title and steps of title, text, seconds and do; assets/unit100/tour.toml is an example.";
    tour_empty = "the tour has no step";
    tour_bad_seconds = "seconds must be more than 0";
    past_its_end = "past its stated end";
    only = "Only";
    chosen_signals = "chosen";
    go_to_equipment = "Enter: its equipment";
    // Room: faceplate (indicators, loops, charts, duty and standby).
    control = "CONTROL";
    process_value_short = "PV";
    set_point_short = "SP";
    output_short = "OP";
    set_point = "set point";
    mode = "mode";
    deviation = "Deviation";
    duty_and_standby = "DUTY AND STANDBY";
    not_ready = "not ready";
    limit = "limit";
    pump_curve = "PUMP CURVE";
    pump_curve_label = "Pump curve";
    pump_chart_hint = "Filled: measured. Diamond: expected by the model. Shaded: preferred operating region. The system curve runs from the static head through the measured point.";
    operating_point = "operating point";
    of_best_flow = "of BEP flow";
    best_flow_short = "BEP";
    npsh_margin = "NPSH margin";
    rated_curve = "rated";
    system_curve = "system";
    npsh_available = "NPSHa";
    npsh_required = "NPSHr";
    head_axis = "head, m";
    npsh_axis = "NPSH, m";
    flow_axis = "m³/h";
    point_at_rest = "At rest: no operating point.";
    point_lost = "No point without";
    point_unmeasured = "The plant file names no signal for the";
    role_flow = "flow";
    role_suction = "suction pressure";
    role_discharge = "discharge pressure";
    role_speed = "speed";
    role_position = "position";
    heat_transfer = "HEAT TRANSFER";
    of = "of";
    clean_at_design = "clean at design flow:";
    valve_chart = "VALVE CHARACTERISTIC";
    valve_label = "Valve";
    valve_chart_hint = "Left: the valve's own characteristic; the open triangle is the controller's output. Right: the opening that a flow takes in this line; the diamond is the model's flow.";
    authority = "authority";
    fully_open = "fully open";
    kv_axis = "Kv % over opening %";
    opening_axis = "opening %";
    speed_short = "speed";
    schematic = "Schematic";
    instrument_air = "instrument air";
    instrument_air_to = "Instrument air to";
    no_schematic = "The plant file has nothing to draw: no things but areas and gateways.";
    fit_schematic = "Fit the schematic";
}

#[cfg(test)]
mod tests {
    use super::*;

    const GERMAN_FILE: &str = include_str!("../../../assets/languages/de.toml");

    #[test]
    fn german_has_every_text_and_no_other() {
        let (_, problems) = read("de.toml", GERMAN_FILE, &ENGLISH);
        assert_eq!(problems, Vec::new());
        let german: toml::Table = GERMAN_FILE.parse().unwrap();
        let missing: Vec<_> = ENGLISH.entries().into_iter().filter(|(key, _)| !german.contains_key(*key)).collect();
        assert!(missing.is_empty(), "assets/languages/de.toml lacks {missing:#?}");
        assert_eq!(german.len(), ENGLISH.entries().len());
    }

    #[test]
    fn english_says_what_the_model_says_where_there_is_no_screen() {
        for quality in
            [Quality::GOOD, Quality::UNCERTAIN_LAST_USABLE, Quality::BAD_SENSOR_FAILURE, Quality::BAD_OUT_OF_SERVICE, Quality::BAD]
        {
            assert_eq!(quality_reason(quality), quality.reason());
        }
        for state in crate::legend::STATES {
            assert_eq!(health_name(state), state.name());
        }
    }

    #[test]
    fn a_language_file_may_be_part_of_one_and_tells_what_it_cannot_use() {
        let (texts, problems) = read("site.toml", "acknowledge = \"Accept\"\nacknowlege = \"?\"\nlive = 3\n", &ENGLISH);
        assert_eq!((texts.acknowledge, texts.live, texts.alarms), ("Accept", "LIVE", "Alarms"));
        let pointers: Vec<_> = problems.iter().map(|problem| problem.pointer.as_str()).collect();
        assert_eq!(pointers, ["/live", "/acknowlege"]);
        let (texts, problems) = read("site.toml", "live = ", &ENGLISH);
        assert_eq!(texts, ENGLISH);
        assert_eq!(problems.len(), 1);
    }
    // Schematic.
}
