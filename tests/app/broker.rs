//! A real Mosquitto on a free loopback port, and its own publisher.

use crate::program::wait_until;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

pub struct Broker {
    port: u16,
    folder: TempDir,
    child: Option<Ending>,
}

/// A process of ours, killed when dropped.
pub struct Ending(Child);

impl Drop for Ending {
    fn drop(&mut self) {
        // One that has ended already needs no ending.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

impl Broker {
    /// A broker that lets everybody in.
    pub fn start() -> Self {
        Self::with_config("allow_anonymous true\n", |_| {})
    }

    /// A broker that wants a password.
    pub fn with_password(user: &str, password: &str) -> Self {
        Self::with_config("allow_anonymous false\npassword_file {folder}/passwords\n", |folder| {
            let file = folder.join("passwords");
            std::fs::write(&file, format!("{user}:{password}\n")).unwrap();
            assert!(program("mosquitto_passwd").arg("-U").arg(&file).status().unwrap().success());
        })
    }

    fn with_config(config: &str, prepare: impl FnOnce(&Path)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        prepare(folder.path());
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let config = config.replace("{folder}", folder.path().to_str().unwrap());
        // A broker started by root gives its rights away, and then could not read the files of this test.
        let text = format!("listener {port} 127.0.0.1\nuser root\n{config}");
        std::fs::write(folder.path().join("mosquitto.conf"), text).unwrap();
        let mut broker = Self { port, folder, child: None };
        broker.restart();
        broker
    }

    /// `127.0.0.1:…`
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    pub fn url(&self) -> String {
        format!("mqtt://{}", self.address())
    }

    pub fn kill(&mut self) {
        self.child = None;
    }

    pub fn restart(&mut self) {
        self.kill();
        let config = self.folder.path().join("mosquitto.conf");
        self.child = Some(spawn(program("mosquitto").arg("-c").arg(config)));
        wait_until("Mosquitto opens its port", || TcpStream::connect(("127.0.0.1", self.port)).is_ok());
    }

    /// Publishes the same value twice a second with `mosquitto_pub`, until it is dropped.
    pub fn publish(&self, topic: &str, value: &str) -> Ending {
        let port = self.port.to_string();
        let mut command = program("mosquitto_pub");
        command.args(["-h", "127.0.0.1", "-p", &port, "-t", topic, "-m", value, "--repeat", "100000", "--repeat-delay", "0.5"]);
        spawn(&mut command)
    }
}

fn spawn(command: &mut Command) -> Ending {
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    Ending(child.unwrap_or_else(|error| {
        panic!("these tests need the Mosquitto broker and its clients ({error}): run `cargo xtask test`, or install mosquitto and mosquitto-clients")
    }))
}

/// Brokers stand where a user's path does not lead.
fn program(name: &str) -> Command {
    let known = ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin", "/opt/homebrew/sbin", "/opt/homebrew/bin"];
    let found = known.iter().map(|folder| Path::new(folder).join(name)).find(|path| path.exists());
    Command::new(found.unwrap_or_else(|| PathBuf::from(name)))
}
