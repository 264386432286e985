//! A real Mosquitto on a free loopback port.

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;
use tempfile::TempDir;

use crate::recorder::PATIENCE;

pub struct Broker {
    pub port: u16,
    child: Child,
    _folder: TempDir,
}

impl Broker {
    pub fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        // A broker started by root gives its rights away. Twenty messages in flight, its default, would make every group
        // commit of the recorder one of twenty samples.
        let text = format!(
            "listener {port} 127.0.0.1\nuser root\nallow_anonymous true\nmax_queued_messages 0\nmax_queued_bytes 0\n\
             max_inflight_messages 1024\nset_tcp_nodelay true\n"
        );
        let config = folder.path().join("mosquitto.conf");
        std::fs::write(&config, text).unwrap();
        let known = ["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto"].iter().find(|path| Path::new(path).exists());
        let program = known.map_or_else(|| PathBuf::from("mosquitto"), PathBuf::from);
        let mut command = Command::new(program);
        command.arg("-c").arg(config).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn().unwrap_or_else(|error| {
            panic!("these tests need the Mosquitto broker ({error}): run `cargo xtask test`, or install the package mosquitto")
        });
        let broker = Self { port, child, _folder: folder };
        let until = Instant::now() + PATIENCE;
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < until, "mosquitto did not open its port");
            std::thread::yield_now();
        }
        broker
    }

    pub fn url(&self) -> String {
        format!("mqtt://127.0.0.1:{}", self.port)
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
