//! The sockets that the milter listens on: unix sockets with their files, several at once, and those of systemd.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::net::UnixListener as StdUnixListener;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::channel;

use kith::milter::{BindError, Server, Settings};
use tokio::net::UnixStream;
use tokio::sync::oneshot;

use crate::milter_client::{Conduct, Mta};

fn bind(listen: &[&str], change: impl FnOnce(&mut Settings)) -> Result<Server<Conduct>, BindError> {
    let mut settings = Settings { listen: listen.iter().map(|&text| text.to_owned()).collect(), ..Settings::default() };
    change(&mut settings);
    Server::bind(settings, Arc::new(Conduct::new(channel().0, channel().1)))
}

fn fault(listen: &[&str]) -> String {
    bind(listen, |_| ()).map(|_| ()).expect_err("must not listen").to_string()
}

#[tokio::test]
async fn a_unix_socket_has_mode_and_group_and_goes_with_the_server() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("milter.sock");
    let listen = format!("unix:{}", path.display());
    // The own group is one that everybody may give.
    let gid = fs::metadata(folder.path()).expect("there").gid();
    let group = nix::unistd::Group::from_gid(gid.into()).expect("readable").expect("it has a name").name;
    let server = bind(&[&listen], |s| {
        s.socket_mode = "0620".to_owned();
        s.socket_group = group;
    })
    .expect("listens");
    let metadata = fs::metadata(&path).expect("there");
    assert_eq!((metadata.permissions().mode() & 0o777, metadata.gid()), (0o620, gid));
    assert_eq!(server.endpoints()[0].to_string(), listen);
    assert!(fault(&[&listen]).contains("another process answers"));
    drop(server);
    assert!(!path.exists());
    let unknown = bind(&[&listen], |s| s.socket_group = "no such group".to_owned());
    assert!(unknown.err().is_some_and(|e| e.to_string().contains("no such group")));
}

#[tokio::test]
async fn a_socket_file_that_a_crash_left_is_replaced() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("milter.sock");
    drop(StdUnixListener::bind(&path).expect("binds"));
    assert!(path.exists(), "nobody answers on it");
    let server = bind(&[&format!("unix:{}", path.display())], |_| ()).expect("listens");
    // A successor has put its own in place: it is not taken away.
    fs::remove_file(&path).expect("there");
    fs::write(&path, "another's").expect("writable");
    drop(server);
    assert!(path.exists());
}

#[tokio::test]
async fn what_is_no_socket_is_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("letter.txt");
    fs::write(&path, "keep me").expect("writable");
    assert!(fault(&[&format!("unix:{}", path.display())]).contains("no socket"));
    assert_eq!(fs::read_to_string(&path).expect("there"), "keep me");
}

#[tokio::test]
async fn settings_that_cannot_be_used_are_named() {
    assert!(fault(&[]).contains("listen is empty"));
    assert!(fault(&["tcp:1"]).contains("tcp:1"));
    assert!(fault(&["unix:/nonexistent/milter.sock"]).contains("/nonexistent/milter.sock"));
    assert!(fault(&["inet:host.invalid:0"]).contains("host.invalid"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_sockets_are_served() {
    let folder = tempfile::tempdir().expect("a folder");
    let unix = format!("local:{}", folder.path().join("milter.sock").display());
    let server = bind(&["inet:0@127.0.0.1", "inet:localhost:0", &unix], |_| ()).expect("listens");
    let endpoints: Vec<String> = server.endpoints().iter().map(ToString::to_string).collect();
    let (_stop, stopped) = oneshot::channel::<()>();
    tokio::spawn(server.serve(async move {
        let _ = stopped.await;
    }));
    assert_eq!(endpoints.len(), 3);
    for endpoint in &endpoints {
        if let Some(path) = endpoint.strip_prefix("unix:") {
            let mut mta = Mta::over(UnixStream::connect(path).await.expect("connects"));
            mta.negotiate().await;
            assert_eq!(mta.ask("").await, 'c');
        } else {
            assert_eq!(Mta::connect(endpoint).await.ask("").await, 'c', "{endpoint}");
        }
    }
}

#[tokio::test]
async fn a_port_that_is_taken_is_named() {
    let first = bind(&["inet:127.0.0.1:0"], |_| ()).expect("listens");
    let taken = first.endpoints()[0].to_string();
    assert!(fault(&[&taken]).contains("another process answers"));
}

#[tokio::test]
async fn all_addresses_of_both_families_can_be_listened_on() {
    let free = bind(&["inet6:0"], |_| ()).expect("listens").endpoints()[0].to_string();
    let port = free.rsplit_once(':').expect("a port").1;
    let server = bind(&[&format!("inet:{port}"), &format!("inet6:{port}")], |_| ()).expect("listens");
    assert!(server.endpoints().iter().any(|e| e.to_string() == format!("inet6:[::]:{port}")));
}

/// The part of `sockets_passed_by_systemd_are_served` that runs in a process of its own, whose standard input is the
/// socket, announced as systemd announces it. Without that announcement it has nothing to show.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn passed_socket() {
    if std::env::var_os("LISTEN_FDS").is_none() {
        return;
    }
    let server = bind(&["unix:/nonexistent/milter.sock"], |_| ()).expect("takes the socket that was passed");
    let endpoint = server.endpoints().remove(0).to_string();
    let (_stop, stopped) = oneshot::channel::<()>();
    tokio::spawn(server.serve(async move {
        let _ = stopped.await;
    }));
    if let Some(path) = endpoint.strip_prefix("unix:") {
        let mut mta = Mta::over(UnixStream::connect(path).await.expect("connects"));
        mta.negotiate().await;
        assert_eq!(mta.ask("").await, 'c');
    } else {
        assert_eq!(Mta::connect(&endpoint).await.ask("").await, 'c');
    }
}

#[test]
fn sockets_passed_by_systemd_are_served() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("passed.sock");
    let tcp = std::net::TcpListener::bind("127.0.0.1:0").expect("binds");
    let unix = StdUnixListener::bind(&path).expect("binds");
    for socket in [std::os::fd::OwnedFd::from(tcp), std::os::fd::OwnedFd::from(unix)] {
        let output = Command::new(std::env::current_exe().expect("this test"))
            .args(["--exact", "milter_sockets::passed_socket"])
            .env("LISTEN_FDS", "1")
            .env("LISTEN_FDS_FIRST_FD", "0")
            .env_remove("LISTEN_PID")
            .stdin(Stdio::from(socket))
            .output()
            .expect("runs");
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && text.contains("1 passed"), "{text}");
    }
    assert!(path.exists(), "the file of a passed socket is systemd's");
}
