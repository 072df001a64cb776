//! The program under load: `kith serve` with its own defaults, on sockets and a state of its own, and what it used.

use std::fs::{self, File};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::Child;
use std::thread;
use std::time::Duration;

use crate::caller::Socket;
use crate::mta::{end, free_port, leashed, open_folder, until};

/// The release build under test.
const KITH: &str = env!("CARGO_BIN_EXE_kith");

/// After the last answer it still learns and writes: a group of observations each quarter of a second, and the journal
/// once a second.
const SETTLE: Duration = Duration::from_millis(1_500);

/// Ticks of processor time in a second, as Linux shows them to every program.
const TICKS_PER_SECOND: f64 = 100.0;

/// A running daemon; it ends when dropped.
pub struct Program {
    folder: tempfile::TempDir,
    port: u16,
    child: Child,
}

impl Program {
    /// Starts with an empty state and waits until it listens.
    pub fn start(resolver: SocketAddr) -> Self {
        // Postfix's processes reach the unix socket as another user.
        let (folder, port) = (open_folder(), free_port());
        let path = folder.path().display();
        let settings = format!(
            "[milter]\nlisten = [\"inet:127.0.0.1:{port}\", \"unix:{path}/milter\"]\nsocket_mode = \"0666\"\n\
             [auth]\nauthserv_id = \"mx.kith.test\"\nresolver = \"{resolver}\"\n"
        );
        fs::write(folder.path().join("kith.toml"), settings).expect("room on disk");
        let log = File::create(folder.path().join("log")).expect("room on disk");
        let mut command = leashed(Path::new(KITH));
        command.arg("serve").arg("--config").arg(folder.path().join("kith.toml"));
        command.arg("--state").arg(folder.path().join("state"));
        command.stdout(log.try_clone().expect("a file can be shared")).stderr(log);
        let child = command.spawn().expect("the program runs");
        let program = Self { folder, port, child };
        until("kith listens", || TcpStream::connect(program.tcp()).ok());
        program
    }

    fn tcp(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.port))
    }

    /// Both sockets on which it listens.
    pub fn sockets(&self) -> [Socket; 2] {
        [Socket::Tcp(self.tcp()), Socket::Unix(self.folder.path().join("milter"))]
    }

    /// Waits until what follows the answers is done.
    pub fn settle(&self) {
        thread::sleep(SETTLE);
    }

    /// Seconds of processor time so far, in the program and for it in the system.
    pub fn processor_seconds(&self) -> f64 {
        let stat = self.proc("stat");
        // The name of the process, in brackets, may hold spaces; utime and stime are fields 14 and 15.
        let behind = stat.rsplit(')').next().unwrap_or_default();
        let fields = behind.split_whitespace().skip(11).take(2);
        let ticks: Vec<f64> = fields.map(|field| field.parse().expect("a number of ticks")).collect();
        assert_eq!(ticks.len(), 2, "{stat}");
        ticks.iter().sum::<f64>() / TICKS_PER_SECOND
    }

    /// The most memory that was resident at any time, in MiB.
    pub fn peak_mib(&self) -> f64 {
        let status = self.proc("status");
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = peak.and_then(|line| line.split_whitespace().next()).and_then(|kib| kib.parse::<f64>().ok());
        kib.expect("the system tells the peak") / 1_024.0
    }

    fn proc(&self, name: &str) -> String {
        fs::read_to_string(format!("/proc/{}/{name}", self.child.id())).expect("the program runs on")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        end(&mut self.child);
        if thread::panicking() {
            let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
            let lines: Vec<_> = log.lines().collect();
            eprintln!("the end of kith's log:\n{}", lines[lines.len().saturating_sub(20)..].join("\n"));
        }
    }
}
