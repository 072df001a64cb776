//! The real program for tests: `kith serve` with a configuration, a state folder and a model of its own.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use kith::model::{Additive, Card, Table, write};

use crate::mta::{end, free_port, leashed, until};

/// The program under test.
pub const KITH: &str = env!("CARGO_BIN_EXE_kith");

/// Verdicts by the model of [`Kith::start`]: it counts the exclamation marks of the subject. 3 of them tag, 5 hold, 7
/// refuse for now, 9 refuse.
const EDGES: [f32; 5] = [1.0, 3.0, 5.0, 7.0, 9.0];
const POINTS: [f32; 6] = [-2.0, 0.0, 3.0, 5.0, 6.5, 8.0];

/// A running daemon; it ends when dropped.
pub struct Kith {
    folder: tempfile::TempDir,
    port: u16,
    /// Put in front of the program: what it runs under.
    under: Vec<String>,
    child: Child,
    log: Arc<Mutex<String>>,
}

impl Kith {
    /// Starts with the test's own settings, which are laid over those of [`settings`], and waits until it is ready.
    pub fn start(own: &str) -> Self {
        Self::start_on(prepared(own), &[])
    }

    /// Starts in a folder made by [`prepared`], under a program that runs another (`prlimit --fsize=…`).
    pub fn start_on(folder: tempfile::TempDir, under: &[&str]) -> Self {
        let port = port_of(folder.path());
        let under = under.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
        let log = Arc::default();
        let child = launch(folder.path(), &under, &log);
        let kith = Self { folder, port, under, child, log };
        kith.wait_until_ready(1);
        kith
    }

    /// Where it listens, in Postfix's spelling.
    pub fn milter(&self) -> String {
        format!("inet:127.0.0.1:{}", self.port)
    }

    /// Its state folder.
    pub fn state(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    /// Its state folder as it sees it, where it has disks of its own.
    pub fn inside(&self) -> PathBuf {
        let root = PathBuf::from(format!("/proc/{}/root", self.pid()));
        root.join(self.state().strip_prefix("/").expect("absolute"))
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// All that it and those before it have written.
    pub fn log(&self) -> String {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits until its log has so many times what is sought.
    #[track_caller]
    pub fn wait_for(&self, sought: &str, times: usize) {
        until(&format!("the log says {sought:?}; it says\n{}", self.log()), || {
            (self.log().matches(sought).count() >= times).then_some(())
        });
    }

    /// Runs another subcommand of the program on the same settings and state, and gives what it printed.
    #[track_caller]
    pub fn run(&self, arguments: &[&str]) -> String {
        let output = call(self.folder.path(), arguments);
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Replaces the test's own settings and has them read.
    pub fn reload(&self, own: &str) {
        write_own(self.folder.path(), own);
        self.signal("HUP");
    }

    /// Sends a signal.
    pub fn signal(&self, name: &str) {
        let status = Command::new("kill").args([&format!("-{name}"), &self.pid().to_string()]).status();
        assert!(status.expect("kill is part of every Debian").success(), "{name}");
    }

    /// Waits until it has ended by itself.
    pub fn wait(&mut self) -> ExitStatus {
        until("the daemon ends", || self.child.try_wait().expect("a child"))
    }

    /// Kills it as a loss of power would.
    pub fn kill(&mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("a child");
    }

    /// Starts it again on the same port and state.
    pub fn restart(&mut self) {
        let before = self.log().matches(" is ready").count();
        self.child = launch(self.folder.path(), &self.under, &self.log);
        self.wait_until_ready(before + 1);
    }

    fn wait_until_ready(&self, times: usize) {
        self.wait_for(" is ready", times);
        until("it listens", || TcpStream::connect(("127.0.0.1", self.port)).ok());
    }
}

impl Drop for Kith {
    fn drop(&mut self) {
        end(&mut self.child);
        if thread::panicking() {
            eprintln!("the log of kith:\n{}", self.log());
        }
    }
}

/// A daemon whose state folder lies on a small disk of its own, which vanishes with the daemon's mount namespace.
pub fn on_small_disk(own: &str) -> Kith {
    let folder = prepared(own);
    let mount = format!("mount -t tmpfs -o size=8m kith {}; exec \"$@\"", folder.path().join("state").display());
    Kith::start_on(folder, &["unshare", "--mount", "sh", "-c", &mount, "sh"])
}

/// Fills a disk to the last byte by a file on it.
pub fn fill(filler: &Path) {
    use std::io::Write;
    let mut file = fs::File::create(filler).expect("room for a name");
    while file.write_all(&[0; 512]).is_ok() {}
}

/// A folder with settings and a model, where `kith` can be started.
pub fn prepared(own: &str) -> tempfile::TempDir {
    let folder = tempfile::Builder::new().prefix("kith-serve-").tempdir().expect("a temporary folder");
    let path = folder.path();
    for name in ["conf.d", "model", "state"] {
        fs::create_dir(path.join(name)).expect("a new folder");
    }
    write_model(&path.join("model"));
    fs::write(path.join("kith.toml"), settings(&path.join("model"), free_port())).expect("room on disk");
    write_own(path, own);
    folder
}

/// Runs the program to its end in such a folder.
pub fn call(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(KITH);
    command.args(arguments).arg("--config").arg(folder.join("kith.toml")).arg("--state").arg(folder.join("state"));
    command.stdin(Stdio::null()).output().expect("the program runs")
}

/// Acts, and takes loopback for the outside: the clients of a test are foreign hosts.
fn settings(model: &Path, port: u16) -> String {
    format!(
        "[milter]\nlisten = [\"inet:127.0.0.1:{port}\"]\n\
         [organisation]\ndomains = [\"kith.test\"]\nnetworks = []\n\
         [auth]\nauthserv_id = \"mx.kith.test\"\nresolver = \"off\"\n\
         [model]\npath = \"{}\"\n\
         [policy]\nmode = \"act\"\n\
         [policy.thresholds]\ntempfail = 6.5\nreject = 7.5\n",
        model.display()
    )
}

fn write_own(folder: &Path, own: &str) {
    // In one step: the daemon may be reading.
    fs::write(folder.join("own"), own).expect("room on disk");
    fs::rename(folder.join("own"), folder.join("conf.d/own.toml")).expect("the same folder");
}

fn write_model(folder: &Path) {
    let input = "subject_exclamations".to_owned();
    let table = Table { input, edges: EDGES.to_vec(), points: POINTS.to_vec(), missing: 0.0 };
    let written = write(&Additive { base: 0.0, tables: vec![table] }, &Card::default()).expect("sound tables");
    fs::write(folder.join("model.onnx"), written.onnx).expect("room on disk");
    fs::write(folder.join("model.json"), written.manifest).expect("room on disk");
}

fn port_of(folder: &Path) -> u16 {
    let settings = kith::settings::Settings::load_with(Some(&folder.join("kith.toml")), []).expect("sound settings");
    let (_, port) = settings.milter.listen[0].rsplit_once(':').expect("inet:host:port");
    port.parse().expect("a port")
}

/// Starts the daemon on a leash, and a thread that keeps what it writes.
fn launch(folder: &Path, under: &[String], log: &Arc<Mutex<String>>) -> Child {
    let words: Vec<&str> = under.iter().map(String::as_str).chain([KITH]).collect();
    let mut command = leashed(Path::new(words[0]));
    command.args(&words[1..]).arg("serve").arg("--config").arg(folder.join("kith.toml"));
    command.arg("--state").arg(folder.join("state")).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program runs");
    keep(child.stdout.take().expect("a pipe"), log);
    keep(child.stderr.take().expect("a pipe"), log);
    child
}

fn keep(pipe: impl Read + Send + 'static, log: &Arc<Mutex<String>>) {
    let log = Arc::clone(log);
    thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
            log.push_str(&line);
            log.push('\n');
        }
    });
}
