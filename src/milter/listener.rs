//! Sockets to listen on: bound by the settings, or passed by systemd; and the streams that come of them.

use std::fmt;
use std::fs;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt, chown};
use std::os::unix::net::{UnixListener as StdUnixListener, UnixStream as StdUnixStream};
use std::path::{Path, PathBuf};
use std::task::{Context, Poll};

use listenfd::ListenFd;
use nix::unistd::Group;
use tokio::net::{TcpListener, TcpSocket, TcpStream, UnixListener, UnixStream};

use super::endpoint::Endpoint;
use super::settings::Settings;

/// Connections that wait in the system's queue: as many as `connections_max` lets in at a time.
const BACKLOG: u32 = 1_024;

/// Why the milter cannot listen.
#[derive(Debug)]
pub enum BindError {
    /// A setting cannot be used; the sentence says which and how to write it.
    Settings(String),
    /// Another process answers on the socket.
    InUse(String),
    /// What lies at the path of a unix socket is no socket, and is left alone.
    Foreign(PathBuf),
    /// The system refused; the socket, and its reason.
    Io(String, io::Error),
}

impl fmt::Display for BindError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Settings(sentence) => f.write_str(sentence),
            Self::InUse(socket) => {
                write!(f, "another process answers on {socket}; stop it, or listen elsewhere (milter.listen)")
            }
            Self::Foreign(path) => {
                write!(f, "{} is no socket; remove it, or listen elsewhere (milter.listen)", path.display())
            }
            Self::Io(socket, error) => write!(f, "cannot listen on {socket}: {error}"),
        }
    }
}

impl std::error::Error for BindError {}

/// A connection of an MTA.
#[derive(Debug)]
pub(super) enum Stream {
    /// By TCP.
    Tcp(TcpStream),
    /// By a unix socket.
    Unix(UnixStream),
}

/// All sockets that are listened on.
#[derive(Debug)]
pub(super) struct Listeners {
    all: Vec<Listener>,
    /// The socket that is asked first, so that a busy one does not starve the others.
    first: usize,
}

#[derive(Debug)]
enum Listener {
    Tcp(TcpListener),
    Unix(UnixListener, #[expect(dead_code, reason = "removes the socket's file when dropped")] Option<SocketFile>),
}

impl Listeners {
    /// Takes the sockets that systemd passes (`LISTEN_FDS`); where there are none, binds those of the settings.
    pub(super) fn bind(settings: &Settings) -> Result<Self, BindError> {
        let mut all = passed().map_err(|error| BindError::Io("a socket passed by systemd".to_owned(), error))?;
        if all.is_empty() {
            all = bind_all(settings)?;
        }
        if all.is_empty() {
            return Err(BindError::Settings(
                "milter.listen is empty; write it like [\"inet:127.0.0.1:8891\"]".to_owned(),
            ));
        }
        Ok(Self { all, first: 0 })
    }

    /// The sockets, as an MTA's configuration would name them.
    pub(super) fn endpoints(&self) -> Vec<Endpoint> {
        let name = |listener: &Listener| match listener {
            Listener::Tcp(listener) => listener.local_addr().ok().map(|address| Endpoint::Inet {
                host: address.ip().to_string(),
                port: address.port(),
                is_ipv6: address.is_ipv6(),
            }),
            Listener::Unix(listener, _) => {
                listener.local_addr().ok().and_then(|a| a.as_pathname().map(final_path)).map(Endpoint::Unix)
            }
        };
        self.all.iter().filter_map(name).collect()
    }

    /// The next connection, from whichever socket has one. Answers are small and awaited, so TCP never delays them.
    pub(super) async fn accept(&mut self) -> io::Result<Stream> {
        let stream = std::future::poll_fn(|context| self.poll_accept(context)).await?;
        if let Stream::Tcp(tcp) = &stream {
            tcp.set_nodelay(true)?;
        }
        Ok(stream)
    }

    fn poll_accept(&mut self, context: &mut Context<'_>) -> Poll<io::Result<Stream>> {
        for step in 0..self.all.len() {
            let at = (self.first + step) % self.all.len();
            let polled = match &self.all[at] {
                Listener::Tcp(listener) => listener.poll_accept(context).map_ok(|(stream, _)| Stream::Tcp(stream)),
                Listener::Unix(listener, _) => listener.poll_accept(context).map_ok(|(stream, _)| Stream::Unix(stream)),
            };
            if polled.is_ready() {
                self.first = at + 1;
                return polled;
            }
        }
        Poll::Pending
    }
}

/// The sockets that systemd passes.
fn passed() -> io::Result<Vec<Listener>> {
    let mut passed = ListenFd::from_env();
    let mut all = Vec::new();
    for at in 0..passed.len() {
        // What is no TCP socket is tried as a unix socket; what is neither is the administrator's mistake.
        if let Ok(Some(tcp)) = passed.take_tcp_listener(at) {
            tcp.set_nonblocking(true)?;
            all.push(Listener::Tcp(TcpListener::from_std(tcp)?));
        } else if let Some(unix) = passed.take_unix_listener(at)? {
            unix.set_nonblocking(true)?;
            all.push(Listener::Unix(UnixListener::from_std(unix)?, None));
        }
    }
    Ok(all)
}

fn bind_all(settings: &Settings) -> Result<Vec<Listener>, BindError> {
    if let Some(fault) = settings.faults().into_iter().next() {
        return Err(BindError::Settings(fault));
    }
    let mut all = Vec::new();
    let mut addresses = Vec::new();
    for text in &settings.listen {
        match Endpoint::parse(text).map_err(BindError::Settings)? {
            Endpoint::Unix(path) => all.push(bind_unix(&path, settings)?),
            inet @ Endpoint::Inet { .. } => addresses.extend(resolve(&inet)?),
        }
    }
    // All IPv6 addresses first: on most systems that socket takes IPv4 too, and then needs no second one.
    addresses.sort_by_key(|address| (*address != SocketAddr::from((Ipv6Addr::UNSPECIFIED, address.port())), *address));
    // Two names of one address are one socket, but each port 0 is a free port of its own.
    addresses.dedup_by(|one, other| one == other && one.port() != 0);
    for &address in &addresses {
        let both = SocketAddr::from((Ipv6Addr::UNSPECIFIED, address.port()));
        match bind_tcp(address) {
            Ok(listener) => all.push(Listener::Tcp(listener)),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
                let is_every_ipv4 = address.ip() == IpAddr::from(Ipv4Addr::UNSPECIFIED);
                if !(is_every_ipv4 && addresses.contains(&both)) {
                    return Err(BindError::InUse(address.to_string()));
                }
                log::debug!("{address} is served by {both}");
            }
            Err(error) => return Err(BindError::Io(address.to_string(), error)),
        }
    }
    Ok(all)
}

/// The addresses of an endpoint: itself, or those of its name and family.
fn resolve(endpoint: &Endpoint) -> Result<Vec<SocketAddr>, BindError> {
    let Endpoint::Inet { host, port, is_ipv6 } = endpoint else { return Ok(Vec::new()) };
    if let Ok(address) = host.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(address, *port)]);
    }
    let all = (host.as_str(), *port).to_socket_addrs().map_err(|error| BindError::Io(endpoint.to_string(), error))?;
    let found: Vec<_> = all.filter(|address| address.is_ipv6() == *is_ipv6).collect();
    if found.is_empty() {
        let family = if *is_ipv6 { "IPv6" } else { "IPv4" };
        return Err(BindError::Settings(format!("{endpoint}: {host} has no {family} address")));
    }
    Ok(found)
}

fn bind_tcp(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv6() { TcpSocket::new_v6()? } else { TcpSocket::new_v4()? };
    // A restart must not wait for connections of the last run to time out.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Binds beside the path, sets group and mode, and renames into place: no moment passes in which the socket has other
/// permissions, and a stale file is replaced at once.
fn bind_unix(path: &Path, settings: &Settings) -> Result<Listener, BindError> {
    let failed = |error| BindError::Io(format!("unix:{}", path.display()), error);
    refuse_occupied(path)?;
    let fresh = fresh_path(path);
    match fs::remove_file(&fresh) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
        _ => (),
    }
    let listener = StdUnixListener::bind(&fresh).map_err(failed)?;
    listener.set_nonblocking(true).map_err(failed)?;
    if !settings.socket_group.is_empty() {
        chown(&fresh, None, Some(group(&settings.socket_group)?)).map_err(failed)?;
    }
    let mode = settings.mode().unwrap_or(0o660);
    fs::set_permissions(&fresh, fs::Permissions::from_mode(mode)).map_err(failed)?;
    fs::rename(&fresh, path).map_err(failed)?;
    let file = SocketFile::of(path).map_err(failed)?;
    Ok(Listener::Unix(UnixListener::from_std(listener).map_err(failed)?, Some(file)))
}

fn group(name: &str) -> Result<u32, BindError> {
    match Group::from_name(name) {
        Ok(Some(group)) => Ok(group.gid.as_raw()),
        Ok(None) => Err(BindError::Settings(format!("milter.socket_group = {name:?} is no group of this system"))),
        Err(error) => Err(BindError::Io(format!("milter.socket_group = {name:?}"), error.into())),
    }
}

/// A socket file that nobody answers on is left over from a crash and may be replaced; everything else stays.
fn refuse_occupied(path: &Path) -> Result<(), BindError> {
    let failed = |error| BindError::Io(format!("unix:{}", path.display()), error);
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(failed(error)),
        Ok(metadata) if !metadata.file_type().is_socket() => return Err(BindError::Foreign(path.to_owned())),
        Ok(_) => (),
    }
    match StdUnixStream::connect(path) {
        Ok(_) => Err(BindError::InUse(format!("unix:{}", path.display()))),
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => Ok(()),
        Err(error) => Err(failed(error)),
    }
}

/// The name under which a socket is made before it gets its own. One byte more, since paths of sockets are short.
fn fresh_path(path: &Path) -> PathBuf {
    let mut fresh = path.as_os_str().to_owned();
    fresh.push("~");
    PathBuf::from(fresh)
}

/// The path that a socket got in the end; the system remembers the one it was bound at.
fn final_path(bound: &Path) -> PathBuf {
    let text = bound.to_string_lossy();
    text.strip_suffix('~').map_or_else(|| bound.to_owned(), PathBuf::from)
}

/// The file of a unix socket, removed at the end unless another process has put its own in place.
#[derive(Debug)]
struct SocketFile {
    path: PathBuf,
    identity: (u64, u64),
}

impl SocketFile {
    fn of(path: &Path) -> io::Result<Self> {
        Ok(Self { path: path.to_owned(), identity: identity(path)? })
    }
}

impl Drop for SocketFile {
    fn drop(&mut self) {
        let is_ours = identity(&self.path).is_ok_and(|now| now == self.identity);
        if is_ours && let Err(error) = fs::remove_file(&self.path) {
            log::warn!("cannot remove {}: {error}", self.path.display());
        }
    }
}

/// Device and inode, by which a file is the same file.
fn identity(path: &Path) -> io::Result<(u64, u64)> {
    fs::symlink_metadata(path).map(|metadata| (metadata.dev(), metadata.ino()))
}
