//! Real MTAs for tests: private instances of Postfix and Sendmail on loopback, a client and a sink.

pub mod milter;
pub mod postfix;
pub mod sendmail;
pub mod sink;
pub mod smtp;

mod mail_flows;

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// How long a test waits for something that takes milliseconds on an idle machine.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// Asks again and again until there is an answer; fails the test after [`PATIENCE`], saying for what it waited.
#[track_caller]
pub fn until<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(Instant::now() < deadline, "waited {} s in vain: {what}", PATIENCE.as_secs());
        thread::sleep(Duration::from_millis(10));
    }
}

/// A port on loopback that nobody listens on. Below the range from which the kernel picks the near end of
/// connections, so that it stays free until a server binds it.
pub fn free_port() -> u16 {
    const FIRST: u16 = 12_000;
    const COUNT: u16 = 20_000;
    static NEXT: AtomicU16 = AtomicU16::new(0);
    // Test processes run side by side: each starts looking elsewhere.
    let start = (std::process::id() % 1_000) as u16 * 20;
    let candidates = (0..COUNT).map(|_| FIRST + (start + NEXT.fetch_add(1, Ordering::Relaxed) % COUNT) % COUNT);
    candidates
        .into_iter()
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .expect("one of 20,000 ports on loopback is free")
}

/// The checkout's folder for what tests download, which `tests/run.sh` fills: `$KITH_TEST_CACHE` or `.cache`.
pub fn cache() -> PathBuf {
    let named = std::env::var_os("KITH_TEST_CACHE").map(PathBuf::from);
    named.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join(".cache"))
}

/// A folder of the test's own, open to the users under which an MTA runs.
pub fn open_folder() -> tempfile::TempDir {
    let folder = tempfile::Builder::new().prefix("kith-mta-").tempdir().expect("a temporary folder");
    set_mode(folder.path(), 0o755);
    folder
}

fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("own folders can be opened");
}

/// A command that ends with its test, even where the test is killed.
pub fn leashed(program: &Path) -> Command {
    use std::os::unix::process::CommandExt;
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "TERM", "--"]).arg(program).process_group(0);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// Runs a command to its end, and fails the test where the command fails.
#[track_caller]
pub fn run(command: &mut Command) -> Output {
    let output = command.stdin(Stdio::null()).output();
    let output = output.unwrap_or_else(|error| panic!("{command:?} cannot run: {error}; tests/run.sh installs it"));
    assert!(output.status.success(), "{command:?}: {}\n{}", output.status, String::from_utf8_lossy(&output.stderr));
    output
}

/// Asks a process to end, and waits until it has.
pub fn end(child: &mut std::process::Child) {
    // Failure means that it has ended already.
    let _ = Command::new("kill").arg(child.id().to_string()).stderr(Stdio::null()).status();
    let deadline = Instant::now() + Duration::from_secs(10);
    while matches!(child.try_wait(), Ok(None)) {
        if Instant::now() > deadline {
            let _ = child.kill();
        }
        thread::sleep(Duration::from_millis(10));
    }
}
