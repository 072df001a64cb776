//! A private Postfix: its own configuration, queue and port; an installed one is never touched. Needs root, as
//! Postfix's master does, and the package's users `postfix` and `postdrop`.

use std::fs;
use std::io::Write;
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::sink::Sink;
use super::{end, free_port, leashed, open_folder, run, set_mode, until};

/// A running Postfix that relays all mail to a sink; it ends when dropped.
pub struct Postfix {
    folder: tempfile::TempDir,
    port: u16,
    master: Child,
}

/// A message in the queue.
#[derive(Clone, Debug, PartialEq)]
pub struct Queued {
    /// Queue id.
    pub id: String,
    /// Where it lies: `hold`, `deferred`, `active`, `incoming`, `maildrop`.
    pub folder: String,
    /// Envelope sender; empty for a bounce.
    pub sender: String,
    /// Envelope recipients.
    pub recipients: Vec<String>,
}

impl Postfix {
    /// Starts with a milter (`inet:127.0.0.1:8891`, `unix:/path`; empty for none) and further lines for `main.cf`, as
    /// `non_smtpd_milters = $smtpd_milters`. Clients on loopback may pretend to be others by XCLIENT.
    pub fn start(sink: &Sink, milter: &str, lines: &[&str]) -> Self {
        let (folder, port) = (open_folder(), free_port());
        for name in ["etc", "queue", "data"] {
            fs::create_dir(folder.path().join(name)).expect("a new folder");
        }
        fs::write(folder.path().join("etc/main.cf"), main_cf(folder.path(), sink.port(), milter, lines))
            .expect("room on disk");
        fs::write(folder.path().join("etc/master.cf"), MASTER_CF.replace("PORT", &port.to_string()))
            .expect("room on disk");
        run(Command::new("chown").arg("postfix").arg(folder.path().join("data")));
        set_mode(&folder.path().join("data"), 0o700);
        // Makes the folders of the queue with the owners that Postfix wants.
        run(Command::new("postfix").arg("-c").arg(folder.path().join("etc")).arg("check"));
        let master = master(folder.path());
        let postfix = Self { folder, port, master };
        until("Postfix listens", || TcpStream::connect(("127.0.0.1", port)).ok());
        postfix
    }

    /// Where it listens.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its log so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("mail.log")).unwrap_or_default()
    }

    /// What lies in its queue.
    pub fn queue(&self) -> Vec<Queued> {
        let output = run(self.command("postqueue").arg("-j"));
        let lines = String::from_utf8_lossy(&output.stdout).into_owned();
        let entries = lines.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let queued = entries.map(|entry| Queued {
            id: text(&entry["queue_id"]),
            folder: text(&entry["queue_name"]),
            sender: text(&entry["sender"]),
            recipients: entry["recipients"].as_array().into_iter().flatten().map(|one| text(&one["address"])).collect(),
        });
        queued.collect()
    }

    /// What lies in its hold queue.
    pub fn held(&self) -> Vec<Queued> {
        self.queue().into_iter().filter(|queued| queued.folder == "hold").collect()
    }

    /// A message of its queue as it would be delivered now, line ends LF.
    pub fn content(&self, id: &str) -> String {
        String::from_utf8_lossy(&run(self.command("postcat").args(["-q", "-b", "-h", id])).stdout).into_owned()
    }

    /// Lets a held message go, as it is.
    pub fn release(&self, id: &str) {
        run(self.command("postsuper").args(["-H", id]));
        self.flush(id);
    }

    /// Lets a held message go through cleanup again, where `non_smtpd_milters` see it once more.
    pub fn requeue(&self, id: &str) {
        run(self.command("postsuper").args(["-r", id]));
    }

    /// Tries to deliver a deferred message now.
    pub fn flush(&self, id: &str) {
        run(self.command("postqueue").args(["-i", id]));
    }

    /// Submits a message as a local program does, not by SMTP.
    pub fn submit(&self, sender: &str, recipient: &str, message: &[u8]) {
        let mut submission = self.command("sendmail");
        let mut child = submission
            .args(["-f", sender, recipient])
            .stdin(Stdio::piped())
            .spawn()
            .expect("Postfix brings its sendmail command");
        child.stdin.take().expect("a pipe").write_all(message).expect("sendmail reads");
        assert!(child.wait().expect("a child").success(), "submitted");
    }

    /// Stops it, and starts it again on the same queue and port.
    pub fn restart(&mut self) {
        end(&mut self.master);
        self.master = master(self.folder.path());
        until("Postfix listens again", || TcpStream::connect(("127.0.0.1", self.port)).ok());
    }

    /// The folder of its configuration, for its commands' `MAIL_CONFIG`.
    pub fn config(&self) -> PathBuf {
        self.folder.path().join("etc")
    }

    fn command(&self, name: &str) -> Command {
        let mut command = Command::new(name);
        command.env("MAIL_CONFIG", self.folder.path().join("etc"));
        command
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        end(&mut self.master);
        if std::thread::panicking() {
            eprintln!("the log of Postfix:\n{}", self.log());
        }
    }
}

/// Starts the master, not as a daemon but on a leash.
fn master(folder: &Path) -> Child {
    let output = run(Command::new("postconf").arg("-c").arg(folder.join("etc")).args(["-h", "daemon_directory"]));
    let program = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim()).join("master");
    leashed(&program).arg("-c").arg(folder.join("etc")).arg("-d").spawn().expect("Postfix's master runs")
}

fn main_cf(folder: &Path, sink: u16, milter: &str, lines: &[&str]) -> String {
    let folder = folder.display();
    let own = lines.join("\n");
    format!(
        "compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
myhostname = mx.kith.test
mydestination =
alias_maps =
alias_database =
# Everybody may send to everywhere, and everywhere is the sink.
relay_domains = static:ALL
relay_transport = relay:[127.0.0.1]:{sink}
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtpd_authorized_xclient_hosts = 127.0.0.0/8
smtpd_authorized_xforward_hosts = 127.0.0.0/8
# No name of a client is looked up, no client is slowed down.
smtpd_peername_lookup = no
smtpd_error_sleep_time = 0
smtpd_client_event_limit_exceptions = static:all
smtpd_client_connection_count_limit = 0
in_flow_delay = 0
# What a sink refused for now is tried again soon.
minimal_backoff_time = 5s
maximal_backoff_time = 10s
queue_run_delay = 5s
smtpd_milters = {milter}
milter_connect_timeout = 10s
{own}
"
    )
}

/// Nothing runs in a chroot: sockets and folders of a test lie where they lie.
const MASTER_CF: &str = "\
127.0.0.1:PORT inet n - n - - smtpd
pickup unix n - n 1 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
";
