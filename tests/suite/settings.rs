//! Broken settings, as `kith config check` and `kith serve` tell of them: where, what, and what to do.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::mta::open_folder;
use crate::serve::{KITH, call, prepared};

#[track_caller]
fn check_said(output: &Output, code: i32, words: &[&str]) {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{said}");
    for word in words {
        assert!(said.contains(word), "{said}\nlacks {word}");
    }
    assert!(!said.contains("panicked") && output.stdout.is_empty(), "{said}");
}

/// What `config check` says of a file with this content.
#[track_caller]
fn check_file(content: &[u8], words: &[&str]) {
    let folder = tempfile::tempdir().expect("temporary folder");
    let file = folder.path().join("kith.toml");
    fs::write(&file, content).expect("room on disk");
    let place = file.display().to_string();
    check_said(&check_settings(&file, None), 78, &[&["kith config: ", &place], words].concat());
}

fn check_settings(file: &Path, variable: Option<(&str, &[u8])>) -> Output {
    use std::os::unix::ffi::OsStrExt;
    let mut command = Command::new(KITH);
    command.args(["config", "check", "--config"]).arg(file);
    command.envs(variable.map(|(name, value)| (name, std::ffi::OsStr::from_bytes(value))));
    command.output().expect("the program runs")
}

#[test]
fn what_is_no_settings_file_is_shown_with_its_line() {
    check_file(b"[log]\nsylog = true\n", &["line 2", "sylog = true", "did you mean `syslog`?"]);
    check_file(b"[logs]\n", &["line 1", "did you mean `log`?"]);
    check_file(b"[milter]\n\nheaders_max = \"many\"\n", &["line 3", "headers_max", "invalid type: string \"many\""]);
    check_file(b"[log]\nlevel = \"info\"\nlevel = \"warn\"\n", &["line 3", "duplicate key"]);
    check_file(b"[milter]\nprogress_seconds = \"4s\"\n", &["line 2", "invalid type: string \"4s\""]);
    check_file(b"[milter]\nprogress_seconds = -4\n", &["line 2", "invalid value: integer `-4`"]);
    check_file(b"[policy]\nmode = \"atc\"\n", &["line 2", "unknown variant `atc`, expected `monitor` or `act`"]);
    check_file(b"[log\nlevel = \"info\"\n", &["line 1"]);
    check_file(b"# one\n# caf\xe9\n", &["line 2: not UTF-8; write the file as UTF-8"]);
    check_file(b"[log]\nlevel = info\n", &["line 2", "`kith config show --default` prints every key"]);
}

#[test]
fn values_that_cannot_work_are_shown_with_their_line() {
    check_file(b"[milter]\nprogress_seconds = 0\n", &["line 2: milter.progress_seconds = 0 would refuse all mail"]);
    check_file(
        b"[milter]\nlisten = [\n  \"8891\"]\n",
        &["line 2: milter.listen: \"8891\" is no socket; write it like"],
    );
    check_file(b"[milter]\nsocket_mode = \"rw\"\n", &["line 2: milter.socket_mode", "write it like \"0660\""]);
    check_file(b"\nauth.resolver = \"dns\"\n", &["line 2: auth.resolver is \"dns\"; write \"system\""]);
    check_file(b"[auth]\ndns_in_flight_max = 0\n", &["line 2: auth.dns_in_flight_max is 0; set it to at least 1"]);
    check_file(b"[policy.thresholds]\nhold = 1.0\n", &["line 2: policy.thresholds.hold = 1 lies below"]);
    check_file(
        b"[baseline.shared]\naddresses = [\"store:6379\"]\n",
        &[
            "line 2: baseline.shared.addresses: \"store:6379\" is no address",
            "redis://host:6379",
            "secret_file is empty",
        ],
    );
    check_file(b"[baseline.shared]\nadresses = []\n", &["line 2", "did you mean `addresses`?"]);
    check_file(b"[journal]\nqueued_max = 0\n", &["line 2: journal.queued_max must be at least 1"]);
    check_file(b"[log]\nlevel = \"loud\"\n", &["line 2: log.level: \"loud\" is none of error, warn"]);
    check_file(
        b"[milter]\nheaders_max = 0\n[log]\nlevel = \"loud\"\n",
        &["line 2: milter.headers_max", "line 4: log.level"],
    );
}

#[test]
fn a_file_that_cannot_be_read_is_named_with_the_mend() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = folder.path().display().to_string();
    check_said(
        &check_settings(folder.path(), None),
        78,
        &["cannot read settings", &path, "Is a directory", "--config"],
    );
    let missing = folder.path().join("kith.toml");
    check_said(&check_settings(&missing, None), 78, &["cannot read settings", "No such file", "--config"]);
}

#[test]
fn a_model_that_is_none_is_named_with_the_mend() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let (file, model) = (folder.path().join("kith.toml"), folder.path().join("model"));
    let path = model.display().to_string();
    fs::write(&file, format!("model.path = {path:?}\n")).expect("room on disk");
    let check = |words: &[&str]| {
        let all = [&["the model in ", &path, "leave model.path empty"], words].concat();
        check_said(&check_settings(&file, None), 78, &all);
    };
    check(&["cannot read", "a model's folder holds model.onnx and model.json"]);
    fs::create_dir(&model).expect("a new folder");
    fs::write(model.join("model.onnx"), "no graph").expect("room on disk");
    fs::write(model.join("model.json"), "{}").expect("room on disk");
    check(&["model.json is not a manifest"]);
}

#[test]
fn a_wrong_variable_is_named() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let file = folder.path().join("kith.toml");
    fs::write(&file, "milter.headers_max = 5\n").expect("room on disk");
    let check = |name: &str, value: &[u8], words: &[&str]| {
        check_said(&check_settings(&file, Some((name, value))), 78, &[&[name], words].concat());
    };
    check("KITH_POLICY__MOD", b"act", &["did you mean `KITH_POLICY__MODE`?"]);
    check("KITH_POLICY__MODE", b"atc", &["unknown variant `atc`, expected `monitor` or `act`"]);
    check("KITH_POLICY__MODE", b"\xff", &["is not UTF-8"]);
    check("KITH_MILTER__HEADERS_MAX", b"0", &["milter.headers_max = 0 would refuse all mail"]);
    let others = check_settings(&file, Some(("KITH_TEST_CACHE", b"\xff")));
    assert_eq!(others.status.code(), Some(0), "{others:?}");
}

#[test]
fn the_daemon_names_a_socket_that_it_cannot_have() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    let address = taken.local_addr().expect("a bound socket").to_string();
    let folder = prepared(&format!("milter.listen = [\"inet:{address}\"]\n"));
    let said = format!("another process answers on {address}; stop it, or listen elsewhere (milter.listen)");
    check_said(&call(folder.path(), &["serve"]), 69, &["kith serve: ", &said]);
    let socket = folder.path().join("kith.sock");
    let own = format!("[milter]\nlisten = [\"unix:{}\"]\nsocket_group = \"no such group\"\n", socket.display());
    let folder = prepared(&own);
    check_said(&call(folder.path(), &["serve"]), 78, &["milter.socket_group = \"no such group\" is no group"]);
}

/// What `serve` says of this state folder, run by nobody where that is wanted.
fn serve_on(state: &Path, program: &[&str]) -> Output {
    let mut command = Command::new(program[0]);
    command.args(&program[1..]).args(["serve", "--config", "/dev/null", "--state"]).arg(state);
    command.output().expect("the program runs")
}

#[test]
fn the_daemon_names_a_state_folder_that_it_cannot_have() {
    let folder = open_folder();
    let words = ["kith serve: the state directory ", "cannot be used: ", "state_directory or --state"];
    fs::write(folder.path().join("file"), "").expect("room on disk");
    check_said(&serve_on(&folder.path().join("file/state"), &[KITH]), 69, &words);
    // Where nobody can reach it, since the folder of a build may be closed to others.
    let program = beside(Path::new(KITH), folder.path());
    let state = folder.path().join("state");
    fs::create_dir(&state).expect("a new folder");
    let nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", &program.display().to_string()];
    check_said(&serve_on(&state, &nobody), 69, &[&words[..], &["Permission denied"]].concat());
    assert_eq!(fs::read_dir(&state).expect("a folder").count(), 0, "nothing was written");
}

/// The program under another name in another folder.
fn beside(program: &Path, folder: &Path) -> PathBuf {
    let other = folder.join("kith");
    if fs::hard_link(program, &other).is_err() {
        fs::copy(program, &other).expect("room on disk");
    }
    other
}
