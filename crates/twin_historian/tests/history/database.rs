//! A PostgreSQL server of its own for a test, from the Debian package `postgresql`.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_secs(120);
const USER: &str = "didymos";

/// A server on loopback. Dropped, it is gone with its data.
pub struct Database {
    root: TempDir,
    port: u16,
    process: Option<Child>,
}

impl Database {
    /// Makes a server and starts it.
    pub fn start() -> Self {
        let root = tempfile::tempdir().unwrap();
        if let Some((user, group)) = unprivileged() {
            std::os::unix::fs::chown(root.path(), Some(user), Some(group)).unwrap();
        }
        let data = root.path().join("data");
        let made =
            command("initdb").args(["--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C", "-U", USER, "-D"]).arg(&data).output();
        let made = made.unwrap();
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut database = Self { root, port, process: None };
        database.restart();
        database
    }

    /// Starts it again after [`Database::kill`]. Returns once it takes connections.
    pub fn restart(&mut self) {
        // What a killed server leaves behind ends a moment later; until then the next one refuses to start.
        for _ in 0..100 {
            if self.try_start() {
                return;
            }
        }
        panic!("PostgreSQL does not start in {}", self.root.path().display());
    }

    fn try_start(&mut self) -> bool {
        let mut start = command("postgres");
        start.arg("-D").arg(self.root.path().join("data")).arg("-k").arg(self.root.path());
        start.args(["-h", "127.0.0.1", "-p", &self.port.to_string(), "-c", "log_min_messages=warning"]);
        let mut process = start.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let (said, lines) = crossbeam_channel::unbounded();
        let errors = BufReader::new(process.stderr.take().unwrap());
        std::thread::Builder::new()
            .name("postgres-log".to_owned())
            .spawn(move || errors.lines().map_while(Result::ok).for_each(|line| drop(said.send(line))))
            .unwrap();
        loop {
            match lines.recv_timeout(PATIENCE) {
                Ok(line) if line.contains("ready to accept connections") => break,
                Ok(_) => {}
                Err(_) => {
                    process.kill().unwrap();
                    process.wait().unwrap();
                    return false;
                }
            }
        }
        self.process = Some(process);
        true
    }

    /// Ends the server as a power failure does.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }

    /// How to reach it.
    pub fn address(&self) -> String {
        format!("host=127.0.0.1 port={} user={USER} dbname=postgres", self.port)
    }

    /// A connection to look at the tables.
    pub fn client(&self) -> postgres::Client {
        postgres::Client::connect(&self.address(), postgres::NoTls).unwrap()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A program of the newest PostgreSQL installed. It refuses to run as root.
fn command(program: &str) -> Command {
    let installed = std::fs::read_dir("/usr/lib/postgresql").ok().into_iter().flatten();
    let mut found: Vec<PathBuf> = installed.map(|entry| entry.unwrap().path().join("bin").join(program)).filter(|p| p.exists()).collect();
    found.sort();
    let program = found.pop().unwrap_or_else(|| Path::new(program).to_owned());
    let mut command = Command::new(program);
    if let Some((user, group)) = unprivileged() {
        command.uid(user).gid(group);
    }
    // A folder it may be in.
    command.current_dir("/").stdin(Stdio::null());
    command
}

/// User and group to run as, when the test is root.
fn unprivileged() -> Option<(u32, u32)> {
    let id = |args: &[&str]| -> u32 {
        let output = Command::new("id").args(args).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().parse().unwrap()
    };
    (id(&["-u"]) == 0).then(|| (id(&["-u", "postgres"]), id(&["-g", "postgres"])))
}
