//! Real Redis servers for tests: on loopback, each in a folder of its own, alone or as a cluster.

use std::fs;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};

use kith::baseline::{Settings, SharedSettings};

use crate::mta::{end, free_port, leashed, run, until};

/// The password of every server.
const PASSWORD: &str = "a word to enter by";

/// A server; it ends when dropped.
pub struct Redis {
    folder: tempfile::TempDir,
    port: u16,
    extra: Vec<String>,
    child: Child,
}

impl Redis {
    /// Starts a server that keeps all in memory, unless it is told to save.
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// Starts a server that takes TLS as well, by the certificate in a folder; says where.
    pub fn start_with_tls(certified: &Path) -> (Self, String) {
        let (port, file) = (free_port().to_string(), |name: &str| certified.join(name).display().to_string());
        let [certificate, key, authority] = ["mx.pem", "mx.key", "authority.pem"].map(file);
        let files = ["--tls-cert-file", &certificate, "--tls-key-file", &key, "--tls-ca-cert-file", &authority];
        let redis = Self::start_with(&[&["--tls-port", &port, "--tls-auth-clients", "no"], &files[..]].concat());
        (redis, format!("rediss://127.0.0.1:{port}"))
    }

    fn start_with(extra: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("writable");
        fs::write(folder.path().join("password"), format!("{PASSWORD}\n")).expect("writable");
        let (port, extra) = (free_port(), extra.iter().map(|&word| word.to_owned()).collect::<Vec<_>>());
        let child = launch(folder.path(), port, &extra);
        let redis = Self { folder, port, extra, child };
        redis.wait();
        redis
    }

    fn wait(&self) {
        until("redis-server (tests/run.sh installs it) answers", || {
            let said = self.cli(&["ping"]);
            (TcpStream::connect(("127.0.0.1", self.port)).is_ok() && said.starts_with("PONG")).then_some(())
        });
    }

    /// Where it listens.
    pub fn address(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// Settings of a host that shares its baselines by this server, in keys that begin with `prefix`.
    pub fn settings(&self, host: &str, prefix: &str) -> Settings {
        let shared = SharedSettings {
            addresses: vec![self.address()],
            host: host.to_owned(),
            prefix: prefix.to_owned(),
            password_file: self.folder.path().join("password").display().to_string(),
            secret_file: self.folder.path().join("secret").display().to_string(),
            // Two cores that many tests share are slow at times.
            recall_milliseconds_max: 2_000,
            fresh_milliseconds: 0,
            ..SharedSettings::default()
        };
        Settings { shared, ..super::baseline::settings() }
    }

    /// The file of its password.
    pub fn password_file(&self) -> PathBuf {
        self.folder.path().join("password")
    }

    /// What `redis-cli` prints.
    pub fn cli(&self, arguments: &[&str]) -> String {
        let mut command = Command::new("redis-cli");
        command.args(["-p", &self.port.to_string(), "-a", PASSWORD, "--no-auth-warning"]).args(arguments);
        let output = command.output().expect("redis-cli (tests/run.sh installs redis-server)");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// The files of what it saved now: a snapshot, and a log of commands made anew.
    pub fn saved(&self) -> Vec<PathBuf> {
        assert!(self.cli(&["save"]).starts_with("OK"));
        vec![self.folder.path().join("dump.rdb")]
    }

    /// Stops it from answering, without ending it.
    pub fn pause(&self) {
        self.signal("STOP");
    }

    /// Has it answer again.
    pub fn go_on(&self) {
        self.signal("CONT");
    }

    fn signal(&self, name: &str) {
        let status = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status();
        assert!(status.expect("kill is part of every Debian").success(), "{name}");
    }

    /// Kills it; what it did not save is lost.
    pub fn kill(&mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("a child");
    }

    /// Starts it again.
    pub fn restart(&mut self) {
        self.child = launch(self.folder.path(), self.port, &self.extra);
        self.wait();
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        // One that is stopped would not hear that it is to end.
        let _ = Command::new("kill").args(["-CONT", &self.child.id().to_string()]).status();
        end(&mut self.child);
    }
}

fn launch(folder: &Path, port: u16, extra: &[String]) -> Child {
    let mut command = leashed(Path::new("redis-server"));
    command.args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]);
    command.args(["--requirepass", PASSWORD, "--dir"]).arg(folder).args(extra);
    command.spawn().expect("redis-server (tests/run.sh installs it)")
}

/// A cluster of three servers that hold a third of the keys each.
pub fn cluster() -> Vec<Redis> {
    let nodes: Vec<Redis> = (0..3).map(|_| Redis::start_with(&["--cluster-enabled", "yes"])).collect();
    let mut command = Command::new("redis-cli");
    command.args(["-a", PASSWORD, "--no-auth-warning", "--cluster", "create"]);
    command.args(nodes.iter().map(|node| format!("127.0.0.1:{}", node.port))).arg("--cluster-yes");
    run(&mut command);
    for node in &nodes {
        until("the cluster stands", || node.cli(&["cluster", "info"]).contains("cluster_state:ok").then_some(()));
    }
    nodes
}
