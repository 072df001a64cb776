//! The connection to the shared store: the door to the Redis protocol.

use std::fs;
use std::time::{Duration, Instant};

use redis::cluster::{ClusterClient, ClusterConnection, ClusterPipeline, cluster_pipe};
use redis::io::tcp::TcpSettings;
use redis::{Client, Cmd, Connection, ConnectionInfo, IntoConnectionInfo, Pipeline, RedisError, cmd, pipe};

use super::settings::Shared;

/// The fields of a key with their values.
pub(super) type Fields = Vec<(Vec<u8>, Vec<u8>)>;

/// One command; each concerns one key, so that a cluster knows its node.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Command {
    /// All fields of a key, which are the answer to it; all others are answered by nothing.
    Read(Vec<u8>),
    /// Sets a field.
    Write(Vec<u8>, Vec<u8>, Vec<u8>),
    /// Sets a field unless it is there.
    Claim(Vec<u8>, Vec<u8>, Vec<u8>),
    /// Removes a field.
    Remove(Vec<u8>, Vec<u8>),
    /// Removes a key.
    Erase(Vec<u8>),
    /// Keeps a key for so many seconds from now.
    Expire(Vec<u8>, u64),
}

impl Command {
    fn made(&self) -> Cmd {
        let mut made = cmd(match self {
            Self::Read(_) => "HGETALL",
            Self::Write(..) => "HSET",
            Self::Claim(..) => "HSETNX",
            Self::Remove(..) => "HDEL",
            Self::Erase(_) => "DEL",
            Self::Expire(..) => "EXPIRE",
        });
        match self {
            Self::Read(key) | Self::Erase(key) => made.arg(key),
            Self::Write(key, field, value) | Self::Claim(key, field, value) => made.arg(key).arg(field).arg(value),
            Self::Remove(key, field) => made.arg(key).arg(field),
            Self::Expire(key, seconds) => made.arg(key).arg(*seconds),
        };
        made
    }

    pub fn is_read(&self) -> bool {
        matches!(self, Self::Read(_))
    }
}

/// Why an address is none, with the mend; `None` for one that can be used.
pub(super) fn fault(address: &str) -> Option<String> {
    let at = |why: &str| Some(format!("baseline.shared.addresses: {why}"));
    match address.into_connection_info() {
        Err(error) => at(&format!(
            "{address:?} is no address ({error}); write it like redis://host:6379, rediss://host:6379 or unix:///path"
        )),
        Ok(info) if info.redis_settings().password().is_some() || info.redis_settings().username().is_some() => {
            at("a login does not belong into an address; use baseline.shared.user and password_file")
        }
        Ok(_) => None,
    }
}

enum Open {
    Single(Box<Connection>),
    Cluster(Box<ClusterConnection>),
}

/// A connection that is made when it is needed and given up when something went wrong: answers that came too late would
/// be taken for those of the next question.
pub(super) struct Link {
    nodes: Vec<ConnectionInfo>,
    cluster: bool,
    patience: Duration,
    /// The node to begin with.
    first: usize,
    open: Option<Open>,
    opened: Option<Instant>,
}

impl Link {
    /// A link by these settings, on which an answer is waited for so long.
    ///
    /// # Errors
    /// The password cannot be read, or an address is none.
    pub fn new(settings: &Shared, patience: Duration) -> Result<Self, String> {
        let file = &settings.password_file;
        let password = match file.as_str() {
            "" => None,
            file => Some(fs::read_to_string(file).map_err(|error| format!("cannot read {file}: {error}"))?),
        };
        let node = |address: &String| {
            let info = address.as_str().into_connection_info().map_err(|error| error.to_string())?;
            let mut login = info.redis_settings().clone().set_skip_set_lib_name();
            if !settings.user.is_empty() {
                login = login.set_username(&settings.user);
            }
            if let Some(password) = &password {
                login = login.set_password(password.trim_end_matches(['\r', '\n']));
            }
            Ok(info.set_redis_settings(login).set_tcp_settings(TcpSettings::default().set_nodelay(true)))
        };
        let nodes = settings.addresses.iter().map(node).collect::<Result<_, String>>()?;
        Ok(Self { nodes, cluster: settings.cluster, patience, first: 0, open: None, opened: None })
    }

    /// Makes the connection where there is none.
    ///
    /// # Errors
    /// Why no node could be reached.
    pub fn connect(&mut self) -> Result<(), String> {
        if self.open.is_some() {
            return Ok(());
        }
        let opened = if self.cluster { self.open_cluster() } else { self.open_first() };
        self.open = Some(opened.map_err(|error| error.to_string())?);
        self.opened = Some(Instant::now());
        Ok(())
    }

    /// When the connection was made; what was there before that may be lost.
    pub fn opened(&self) -> Option<Instant> {
        self.opened
    }

    fn open_cluster(&self) -> Result<Open, RedisError> {
        let client = ClusterClient::builder(self.nodes.clone())
            .connection_timeout(self.patience)
            .response_timeout(self.patience)
            // The next command tries again; a message does not wait for it.
            .retries(1)
            .build()?;
        let connection = client.get_connection()?;
        connection.set_read_timeout(Some(self.patience))?;
        connection.set_write_timeout(Some(self.patience))?;
        Ok(Open::Cluster(Box::new(connection)))
    }

    fn open_first(&mut self) -> Result<Open, RedisError> {
        let mut tried = Err(RedisError::from((redis::ErrorKind::InvalidClientConfig, "there are no addresses")));
        for n in 0..self.nodes.len() {
            let at = (self.first + n) % self.nodes.len();
            tried = open_one(&self.nodes[at], self.patience);
            if tried.is_ok() {
                self.first = at;
                break;
            }
        }
        tried
    }

    /// Sends all commands at once and gives the fields of each that reads, in order. On a connection that the other side
    /// has closed meanwhile they are sent again on another: to do any of them twice is to do it once.
    ///
    /// # Errors
    /// What went wrong; which of the commands were carried out is not known then.
    pub fn run(&mut self, commands: &[Command]) -> Result<Vec<Fields>, String> {
        if commands.is_empty() {
            return Ok(Vec::new());
        }
        let was_open = self.open.is_some();
        self.connect()?;
        let answered = match self.send(commands) {
            Err(error) if was_open && error.is_connection_dropped() => {
                self.open = None;
                self.connect()?;
                self.send(commands)
            }
            answered => answered,
        };
        answered.map_err(|error| {
            self.open = None;
            // It may be a replica that takes no writes.
            self.first = (self.first + 1) % self.nodes.len().max(1);
            error.to_string()
        })
    }

    fn send(&mut self, commands: &[Command]) -> Result<Vec<Fields>, RedisError> {
        match &mut self.open {
            Some(Open::Single(connection)) => {
                let mut all = Pipeline::with_capacity(commands.len());
                for command in commands {
                    all.add_command(command.made());
                    if !command.is_read() {
                        all.ignore();
                    }
                }
                all.query(connection)
            }
            Some(Open::Cluster(connection)) => clustered(commands).query(connection),
            None => Err(RedisError::from((redis::ErrorKind::InvalidClientConfig, "there is no connection"))),
        }
    }
}

fn clustered(commands: &[Command]) -> ClusterPipeline {
    let mut all = cluster_pipe();
    for command in commands {
        all.add_command(command.made());
        if !command.is_read() {
            all.ignore();
        }
    }
    all
}

fn open_one(node: &ConnectionInfo, patience: Duration) -> Result<Open, RedisError> {
    let mut connection = Client::open(node.clone())?.get_connection_with_timeout(patience)?;
    connection.set_read_timeout(Some(patience))?;
    connection.set_write_timeout(Some(patience))?;
    // The system connects to a server that is stopped, too.
    pipe().cmd("PING").ignore().query::<()>(&mut connection)?;
    Ok(Open::Single(Box::new(connection)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(command: &Command, expected: &[&str]) {
        let packed = command.made().get_packed_command();
        let text = String::from_utf8(packed).expect("plain");
        let words: Vec<&str> =
            text.split("\r\n").filter(|line| !line.is_empty() && !line.starts_with(['*', '$'])).collect();
        assert_eq!(words, expected);
    }

    #[test]
    fn each_command_is_about_one_key() {
        let [k, f, v] = [b"k".to_vec(), b"f".to_vec(), b"v".to_vec()];
        check(&Command::Read(k.clone()), &["HGETALL", "k"]);
        check(&Command::Write(k.clone(), f.clone(), v.clone()), &["HSET", "k", "f", "v"]);
        check(&Command::Claim(k.clone(), f.clone(), v), &["HSETNX", "k", "f", "v"]);
        check(&Command::Remove(k.clone(), f), &["HDEL", "k", "f"]);
        check(&Command::Erase(k.clone()), &["DEL", "k"]);
        check(&Command::Expire(k, 9), &["EXPIRE", "k", "9"]);
    }

    #[test]
    fn a_store_that_is_away_is_an_error() {
        let settings = Shared { addresses: vec!["unix:///nonexistent".to_owned()], ..Shared::default() };
        let mut link = Link::new(&settings, Duration::from_millis(50)).expect("sound");
        assert!(link.run(&[Command::Read(b"k".to_vec())]).is_err());
        assert_eq!(link.run(&[]), Ok(Vec::new()));
        let settings = Shared { password_file: "/nonexistent".to_owned(), ..settings };
        assert!(Link::new(&settings, Duration::ZERO).is_err_and(|why| why.contains("/nonexistent")));
    }
}
