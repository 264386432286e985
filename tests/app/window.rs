//! The window, on a display server of its own.

use crate::program::{DEADLINE, Start, drawing};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Instant;
use x11rb::connection::Connection;
use x11rb::protocol::xproto::{AtomEnum, ClientMessageEvent, ConnectionExt, EventMask, MapState, Window};
use x11rb::rust_connection::RustConnection;

/// A display server without a screen.
struct Xvfb {
    child: Child,
    display: String,
}

impl Xvfb {
    fn start() -> Self {
        let mut command = Command::new("Xvfb");
        command.args(["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"]);
        let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut child = child.unwrap_or_else(|error| panic!("these tests need Xvfb ({error}): run `cargo xtask test`, or install xvfb"));
        // It writes the number of its display once it answers there.
        let mut number = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut number).unwrap();
        Self { child, display: format!(":{}", number.trim()) }
    }

    /// The window of the program, as soon as it is on the screen.
    fn window(&self) -> (RustConnection, Window) {
        let (connection, screen) = RustConnection::connect(Some(&self.display)).unwrap();
        let root = connection.setup().roots[screen].root;
        let until = Instant::now() + DEADLINE;
        loop {
            assert!(Instant::now() < until, "no window came");
            let windows = connection.query_tree(root).unwrap().reply().unwrap().children;
            let found = windows.into_iter().find(|window| is_ours(&connection, *window));
            if let Some(window) = found {
                return (connection, window);
            }
            std::thread::yield_now();
        }
    }

    /// Does what the cross in the corner of a window does.
    fn close_window(&self) {
        let (connection, window) = self.window();
        let atom = |name: &[u8]| connection.intern_atom(false, name).unwrap().reply().unwrap().atom;
        let close = [atom(b"WM_DELETE_WINDOW"), x11rb::CURRENT_TIME, 0, 0, 0];
        let event = ClientMessageEvent::new(32, window, atom(b"WM_PROTOCOLS"), close);
        connection.send_event(false, window, EventMask::NO_EVENT, event).unwrap().check().unwrap();
    }
}

/// A window that vanishes meanwhile is not ours.
fn is_ours(connection: &RustConnection, window: Window) -> bool {
    let name = connection.get_property(false, window, AtomEnum::WM_NAME, AtomEnum::ANY, 0, 64).ok().and_then(|c| c.reply().ok());
    let attributes = connection.get_window_attributes(window).ok().and_then(|c| c.reply().ok());
    name.is_some_and(|name| name.value.windows(7).any(|part| part == b"Didymos"))
        && attributes.is_some_and(|attributes| attributes.map_state == MapState::VIEWABLE)
}

impl Drop for Xvfb {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

#[test]
fn the_first_frame_with_moving_values_comes_by_itself() {
    let _drawing = drawing();
    let screen = Xvfb::start();
    let mut program = Start::with(["--until-moving"]).env("DISPLAY", &screen.display).start();
    program.line_with("first moving frame after");
    program.finish().assert_code(0);
}

#[test]
fn a_window_closed_while_everything_still_loads_ends_well_and_keeps_its_layout() {
    let _drawing = drawing();
    let screen = Xvfb::start();
    let home = tempfile::tempdir().unwrap();
    let program = Start::with::<&str>([]).env("DISPLAY", &screen.display).env("XDG_CONFIG_HOME", home.path()).start();
    screen.close_window();
    program.finish().assert_code(0);
    let settings = std::fs::read_to_string(home.path().join("didymos/settings.toml")).unwrap();
    assert!(
        settings.contains("\nlayout = ") && settings.contains("alarm_list") && settings.contains("theme = \"control-room\""),
        "{settings}"
    );
}

#[test]
fn two_windows_run_at_once_and_the_first_one_keeps_the_layout() {
    let _drawing = drawing();
    let screen = Xvfb::start();
    let home = tempfile::tempdir().unwrap();
    let start = |args: &[&str]| Start::with(args).env("DISPLAY", &screen.display).env("XDG_CONFIG_HOME", home.path()).start();
    let first = start(&[]);
    let settings = home.path().join("didymos/settings.toml");
    // Its window comes after it has taken the settings.
    screen.window();
    let mut second = start(&["--until-moving"]);
    second.line_with("first moving frame after");
    second.finish().assert_code(0);
    assert!(!settings.exists(), "the second one leaves the layout alone");
    screen.close_window();
    first.finish().assert_code(0);
    assert!(settings.exists());
}

#[test]
fn a_broken_settings_file_is_kept_aside_and_the_window_opens() {
    let _drawing = drawing();
    let screen = Xvfb::start();
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("didymos");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("settings.toml"), "layout = {{{").unwrap();
    let program = Start::with(["--until-moving"]).env("DISPLAY", &screen.display).env("XDG_CONFIG_HOME", home.path()).start();
    program.finish().assert_code(0);
    assert_eq!(std::fs::read_to_string(folder.join("settings.toml.broken")).unwrap(), "layout = {{{");
}

#[test]
fn with_a_display_and_no_vulkan_driver_the_package_to_install_is_named() {
    let screen = Xvfb::start();
    let start = Start::with::<&str>([]).env("DISPLAY", &screen.display);
    let ended = start.env("VK_DRIVER_FILES", "/nonexistent").env("VK_ICD_FILENAMES", "/nonexistent").finish();
    ended.assert_refused(&["mesa-vulkan-drivers", "--no-window"]);
}
