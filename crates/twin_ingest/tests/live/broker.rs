//! A real Mosquitto on a free loopback port.

use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use twin_ingest::MqttOptions;

/// Longest wait for anything that takes a broker.
pub const DEADLINE: Duration = Duration::from_secs(20);

pub struct Broker {
    pub port: u16,
    folder: TempDir,
    child: Option<Child>,
}

impl Broker {
    /// A broker that lets everybody in.
    pub fn start() -> Self {
        Self::with_config("allow_anonymous true\n", |_| {})
    }

    /// A broker with further settings; `prepare` may put files into its folder, which `{folder}` names in the settings.
    pub fn with_config(config: &str, prepare: impl FnOnce(&Path)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        prepare(folder.path());
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let config = config.replace("{folder}", folder.path().to_str().unwrap());
        // A broker started by root gives its rights away, and then could not read the files of this test.
        let text = format!("listener {port} 127.0.0.1\nuser root\nmax_queued_messages 0\n{config}");
        std::fs::write(folder.path().join("mosquitto.conf"), text).unwrap();
        let mut broker = Self { port, folder, child: None };
        broker.restart();
        broker
    }

    pub fn url(&self) -> String {
        format!("mqtt://127.0.0.1:{}", self.port)
    }

    /// Options with short waits.
    pub fn options(&self) -> MqttOptions {
        quick(MqttOptions::new(&self.url()).unwrap())
    }

    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    pub fn restart(&mut self) {
        self.kill();
        let program =
            ["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto", "/opt/homebrew/sbin/mosquitto"].iter().find(|p| Path::new(p).exists());
        let program = program.map_or_else(|| PathBuf::from("mosquitto"), PathBuf::from);
        let child = Command::new(program)
            .arg("-c")
            .arg(self.folder.path().join("mosquitto.conf"))
            .stdout(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| {
                panic!("these tests need the Mosquitto broker ({error}): run `cargo xtask test`, or install the package mosquitto")
            });
        self.child = Some(child);
        let until = Instant::now() + DEADLINE;
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(Instant::now() < until, "mosquitto did not open its port");
            std::thread::yield_now();
        }
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A wire to a broker that can be cut.
pub struct Wire {
    pub port: u16,
    sockets: Arc<Mutex<Vec<TcpStream>>>,
}

impl Wire {
    pub fn to(broker: &Broker) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let wire = Self { port: listener.local_addr().unwrap().port(), sockets: Arc::default() };
        let (sockets, port) = (Arc::clone(&wire.sockets), broker.port);
        named_thread(move || {
            for near in listener.incoming() {
                let (near, far) = (near.unwrap(), TcpStream::connect(("127.0.0.1", port)).unwrap());
                for (from, to) in [(&near, &far), (&far, &near)] {
                    let (mut from, mut to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                    named_thread(move || drop(std::io::copy(&mut from, &mut to)));
                }
                sockets.lock().unwrap().extend([near, far]);
            }
        });
        wire
    }

    pub fn cut(&self) {
        for socket in self.sockets.lock().unwrap().drain(..) {
            socket.shutdown(Shutdown::Both).ok();
        }
    }
}

pub fn named_thread(body: impl FnOnce() + Send + 'static) -> JoinHandle<()> {
    std::thread::Builder::new().name("test-wire".to_owned()).spawn(body).unwrap()
}

pub fn quick(mut options: MqttOptions) -> MqttOptions {
    options.reconnect_first_secs = 0.05;
    options.reconnect_longest_secs = 0.2;
    options
}
