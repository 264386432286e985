//! A real Mosquitto on a free loopback port, its plain subscriber, and a publisher that costs next to nothing.

use std::fs::{self, File};
use std::io::{Read, Write};
// tidy: allow(socket) a benchmark talks to a broker of its own, beside the twin
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const MISSING: &str = "this measurement needs the Mosquitto broker and its clients: install the packages mosquitto and mosquitto-clients";
/// Longest wait for a process to be ready.
const READY_WITHIN: Duration = Duration::from_secs(20);

/// A running broker with its folder; both go when it is dropped.
pub struct Mosquitto {
    port: u16,
    folder: PathBuf,
    child: Child,
}

impl Mosquitto {
    /// Starts a broker that keeps every message for a slow subscriber and nothing on disk.
    ///
    /// # Errors
    /// A sentence when there is no Mosquitto here.
    pub fn start() -> Result<Self, String> {
        // tidy: allow(socket) a benchmark talks to a broker of its own, beside the twin
        let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).map_err(text)?.port();
        let folder = std::env::temp_dir().join(format!("didymos-bench-{}-{port}", std::process::id()));
        fs::create_dir_all(&folder).map_err(text)?;
        // A broker started by root gives its rights away, and then could not write its log here.
        let settings = format!(
            "listener {port} 127.0.0.1\nuser root\nallow_anonymous true\npersistence false\nmax_queued_messages 0\n\
             max_queued_bytes 0\nset_tcp_nodelay true\nlog_dest file {}\nlog_type subscribe\n",
            folder.join("log").display()
        );
        let file = folder.join("mosquitto.conf");
        fs::write(&file, settings).map_err(text)?;
        let child = Command::new(program("mosquitto", "sbin")).arg("-c").arg(file).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        let child = child.map_err(|error| format!("{MISSING} ({error})"))?;
        let broker = Self { port, folder, child };
        // tidy: allow(socket) a benchmark talks to a broker of its own, beside the twin
        broker.wait_until(|| TcpStream::connect(("127.0.0.1", port)).is_ok(), "Mosquitto did not open its port")?;
        Ok(broker)
    }

    /// Port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// `mqtt://127.0.0.1:…`
    pub fn url(&self) -> String {
        format!("mqtt://127.0.0.1:{}", self.port)
    }

    /// Starts `mosquitto_sub` on everything below `root` and waits until it is subscribed. It ends by itself after
    /// `messages` messages. Each becomes a line in the given format; lines go to `into`, or nowhere.
    ///
    /// # Errors
    /// A sentence when it cannot be started.
    pub fn subscriber(&self, root: &str, messages: usize, line: &str, into: Option<&Path>) -> Result<Subscriber, String> {
        let before = self.subscriptions(root);
        let stdout = match into {
            Some(path) => Stdio::from(File::create(path).map_err(text)?),
            None => Stdio::null(),
        };
        let mut command = Command::new(program("mosquitto_sub", "bin"));
        command.args(["-h", "127.0.0.1", "-q", "0", "-F", line]);
        command.args(["-p", &self.port.to_string(), "-t", &format!("{root}/#"), "-C", &messages.to_string()]);
        let child = command.stdout(stdout).stderr(Stdio::null()).spawn().map_err(|error| format!("{MISSING} ({error})"))?;
        let subscriber = Subscriber(child);
        self.wait_until(|| self.subscriptions(root) > before, "mosquitto_sub did not subscribe")?;
        Ok(subscriber)
    }

    /// A file for the lines of a subscriber; it goes with the broker.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn subscriptions(&self, root: &str) -> usize {
        let filter = format!(" {root}/#");
        fs::read_to_string(self.folder.join("log")).unwrap_or_default().lines().filter(|line| line.ends_with(&filter)).count()
    }

    fn wait_until(&self, is_ready: impl Fn() -> bool, otherwise: &str) -> Result<(), String> {
        let until = Instant::now() + READY_WITHIN;
        while !is_ready() {
            if Instant::now() > until {
                return Err(otherwise.to_owned());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }
}

impl Drop for Mosquitto {
    fn drop(&mut self) {
        end(&mut self.child);
        // A folder that stays is the system's to clean.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// A running `mosquitto_sub`.
pub struct Subscriber(Child);

impl Subscriber {
    /// Waits until it has received all it was to receive; false when that takes longer than `within`.
    pub fn wait(&mut self, within: Duration) -> bool {
        let until = Instant::now() + within;
        while Instant::now() < until {
            if matches!(self.0.try_wait(), Ok(Some(_))) {
                return true;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        false
    }
}

impl Drop for Subscriber {
    fn drop(&mut self) {
        end(&mut self.0);
    }
}

fn end(child: &mut Child) {
    // One that has ended already needs no ending.
    let _ = child.kill();
    let _ = child.wait();
}

/// Brokers stand where a user's path does not lead.
fn program(name: &str, folder: &str) -> PathBuf {
    let known = ["/usr", "/usr/local", "/opt/homebrew"].map(|root| Path::new(root).join(folder).join(name));
    known.into_iter().find(|path| path.exists()).unwrap_or_else(|| PathBuf::from(name))
}

fn text(error: std::io::Error) -> String {
    error.to_string()
}

/// Publishes with quality of service 0 over one socket, in large writes: the broker and the receiver get the processor.
pub struct Wire {
    // tidy: allow(socket) a benchmark talks to a broker of its own, beside the twin
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// Bytes collected before they are written.
const WRITE_BYTES: usize = 16 << 10;
const CONNECT: u8 = 0x10;
const PUBLISH: u8 = 0x30;

impl Wire {
    /// Connects with MQTT 3.1.1.
    ///
    /// # Errors
    /// A sentence when the broker does not answer as it should.
    pub fn connect(port: u16) -> Result<Self, String> {
        // tidy: allow(socket) a benchmark talks to a broker of its own, beside the twin
        let mut stream = TcpStream::connect(("127.0.0.1", port)).map_err(text)?;
        stream.set_nodelay(true).map_err(text)?;
        // Protocol name and level, clean session, no keep-alive, client id "bench".
        stream.write_all(&[CONNECT, 17, 0, 4, b'M', b'Q', b'T', b'T', 4, 2, 0, 0, 0, 5, b'b', b'e', b'n', b'c', b'h']).map_err(text)?;
        let mut answer = [0_u8; 4];
        stream.read_exact(&mut answer).map_err(text)?;
        if answer[3] != 0 {
            return Err(format!("the broker refused the publisher with code {}", answer[3]));
        }
        Ok(Self { stream, buffer: Vec::with_capacity(2 * WRITE_BYTES) })
    }

    /// Publishes one message, at the latest with [`Wire::flush`].
    ///
    /// # Errors
    /// A sentence when the connection is lost.
    pub fn publish(&mut self, topic: &str, payload: &[u8]) -> Result<(), String> {
        self.buffer.push(PUBLISH);
        let mut rest = topic.len() + payload.len() + 2;
        loop {
            let byte = (rest % 128) as u8;
            rest /= 128;
            self.buffer.push(if rest > 0 { byte | 128 } else { byte });
            if rest == 0 {
                break;
            }
        }
        self.buffer.extend_from_slice(&(topic.len() as u16).to_be_bytes());
        self.buffer.extend_from_slice(topic.as_bytes());
        self.buffer.extend_from_slice(payload);
        if self.buffer.len() >= WRITE_BYTES { self.flush() } else { Ok(()) }
    }

    /// Writes what is collected.
    ///
    /// # Errors
    /// A sentence when the connection is lost.
    pub fn flush(&mut self) -> Result<(), String> {
        self.stream.write_all(&self.buffer).map_err(text)?;
        self.buffer.clear();
        Ok(())
    }
}
