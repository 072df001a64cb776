//! Conversations driven by `miltertest`, an independent MTA side of the protocol (Debian package of the same name).
//!
//! A script (`tests/dialogues/*.lua`) says in comments that begin with `--|` what the filter answers, as conversation
//! files do.

use std::path::{Path, PathBuf};
use std::process::Command;

use kith::milter::{Server, Settings};

use crate::dialogue::Dialogue;

fn scripts() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/dialogues");
    let entries = std::fs::read_dir(folder).expect("the folder is there");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("readable").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|e| e == "lua"));
    paths.sort();
    paths
}

fn check(path: &Path, listen: &str, name: impl FnOnce(&str) -> String) {
    let text = std::fs::read_to_string(path).expect("readable");
    let filter: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("--| ")).collect();
    let dialogue = Dialogue::parse(&path.display().to_string(), &filter.join("\n")).expect("the filter's answers");
    let script = dialogue.script();
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let settings = Settings { listen: vec![listen.to_owned()], ..dialogue.settings.clone() };
    let server = {
        let _entered = runtime.enter();
        Server::bind(settings, script.clone()).expect("listens")
    };
    let endpoint = name(&server.endpoints().remove(0).to_string());
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let serving = runtime.spawn(server.serve(async move {
        let _ = stopped.await;
    }));
    let output = Command::new("miltertest").args(["-D", &format!("socket={endpoint}"), "-s"]).arg(path).output();
    let output = output.expect("miltertest runs; install it with: apt-get install miltertest");
    let told = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{}: {}", path.display(), String::from_utf8_lossy(&told));
    stop.send(()).expect("it serves");
    assert_eq!(runtime.block_on(serving).expect("no panic").unfinished, 0);
    let answered = script.sent.lock().expect("no panic").clone();
    assert_eq!(answered, vec![true; dialogue.answers.len()], "{}: every answer was asked for", path.display());
}

#[test]
fn miltertest_is_content_over_tcp() {
    let scripts = scripts();
    assert!(scripts.len() >= 3, "{scripts:?}");
    for path in &scripts {
        check(path, "inet:127.0.0.1:0", |endpoint| {
            let port = endpoint.rsplit_once(':').expect("a port").1;
            format!("inet:{port}@127.0.0.1")
        });
    }
}

#[test]
fn miltertest_is_content_over_a_unix_socket() {
    let folder = tempfile::tempdir().expect("a folder");
    let listen = format!("unix:{}", folder.path().join("milter.sock").display());
    for path in &scripts() {
        check(path, &listen, str::to_owned);
    }
}
