//! Signing in: by password alone, for a while, with forms that nobody else can send.

use super::{Console, PASSWORD};
use crate::serve::{call, prepared};

#[test]
fn a_console_that_nobody_asked_for_is_not_there() {
    let kith = crate::serve::Kith::start("");
    assert!(!kith.log().contains("console: http"), "{}", kith.log());
}

#[test]
fn nobody_gets_in_without_a_password_of_his_own() {
    let console = Console::start("", &[], &[]);
    let mut stranger = console.stranger();
    for path in [
        "/",
        "/decisions",
        "/relations",
        "/overview",
        "/settings",
        "/activity",
        "/health",
        "/rules",
        "/rules/x",
        "/models",
        "/decisions/x",
    ] {
        let answer = stranger.get(path);
        assert_eq!((answer.status, answer.body.as_str()), (303, ""), "{path}");
    }
    for path in ["/api/decisions", "/api/decisions/x"] {
        assert_eq!(stranger.get(path).status, 401, "{path}");
    }
    for (name, password) in [("admin", "admin"), ("administrator", ""), ("root", "root")] {
        assert_eq!(stranger.sign_in(name, password).status, 401, "{name}");
    }
    let short = console.admin(&["user", "add", "ann", "--role", "viewer"], "too short").expect_err("refused");
    assert!(short.contains("at least 12"), "{short}");
    let unknown = console.admin(&["user", "add", "ann", "--role", "god"], PASSWORD).expect_err("refused");
    assert!(unknown.contains("viewer, operator, administrator"), "{unknown}");
    assert_eq!(console.admin(&["user", "add", "ann", "--role", "viewer"], PASSWORD), Ok(String::new()));
    assert!(console.admin(&["user", "add", "ann", "--role", "viewer"], PASSWORD).is_err(), "she is there already");
    let mut ann = console.person("ann");
    assert_eq!(ann.get("/decisions").status, 200);
    let listed = console.admin(&["user", "list"], "").expect("listed");
    assert!(listed.starts_with("ann ") && listed.contains(" viewer "), "{listed}");
    console.admin(&["user", "password", "ann"], "another horse battery").expect("changed");
    assert_eq!(ann.get("/decisions").status, 303, "another password signs out");
    assert_eq!(ann.sign_in("ann", PASSWORD).status, 401);
    assert_eq!(ann.sign_in("ann", "another horse battery").status, 303);
    console.admin(&["user", "remove", "ann"], "").expect("removed");
    assert_eq!(ann.get("/decisions").status, 303, "who was taken out is out");
}

#[test]
fn a_session_s_cookie_and_every_answer_are_guarded() {
    let console = Console::start("", &["viewer"], &[]);
    let mut visitor = console.stranger();
    let answer = visitor.sign_in("viewer", PASSWORD);
    let cookies = answer.header("Set-Cookie");
    let session = cookies.iter().find(|cookie| cookie.starts_with("kith_session=")).expect("a session");
    assert!(session.ends_with("; Path=/; HttpOnly; SameSite=Strict"), "{session}");
    assert_eq!(visitor.cookies["kith_session"].len(), 64);
    for path in ["/decisions", "/sign-in", "/nowhere", "/metrics", "/style.css", "/api/openapi.json"] {
        let answer = visitor.get(path);
        let policy = answer.header("Content-Security-Policy").concat();
        assert!(policy.starts_with("default-src 'none'; ") && policy.contains("frame-ancestors 'none'"), "{path}");
        assert!(!policy.contains("unsafe") && !policy.contains("script-src"), "{policy}");
        assert_eq!(answer.header("X-Content-Type-Options"), ["nosniff"], "{path}");
        assert_eq!(answer.header("Referrer-Policy"), ["no-referrer"], "{path}");
        assert_eq!(answer.header("X-Frame-Options"), ["DENY"], "{path}");
        assert!(!answer.body.contains("<script") && !answer.body.contains(" style="), "{path}");
    }
    assert_eq!(visitor.get("/decisions").header("Cache-Control"), ["no-store"]);
}

#[test]
fn forms_of_others_are_refused() {
    let console = Console::start("", &["operator"], &[super::entry(1)]);
    let mut operator = console.person("operator");
    let id = super::entry(1).id;
    let path = format!("/decisions/{id}/label");
    let token = operator.get(&format!("/decisions/{id}")).token();
    let other = console.person("operator").get("/decisions").token();
    for wrong in ["", "x", &token[1..], &other] {
        assert_eq!(operator.post(&path, &[("token", wrong), ("label", "safe")]).status, 403, "{wrong}");
    }
    assert_eq!(operator.post("/sign-out", &[("token", "x")]).status, 403);
    let fields = [("token", token.as_str()), ("label", "safe")];
    let refused = [
        operator.clone().with("Origin", "https://evil.example").post(&path, &fields),
        operator.clone().with("Origin", "null").with("Sec-Fetch-Site", "cross-site").post(&path, &fields),
        operator.clone().with("Host", "rebound.example").post(&path, &fields),
        operator.clone().with("Host", "rebound.example").get("/metrics"),
        console.stranger().post("/sign-in", &[("token", &token), ("name", "operator"), ("password", PASSWORD)]),
    ];
    assert_eq!(refused.map(|answer| answer.status), [403; 5]);
    assert_eq!(operator.get(&path).status, 405, "nothing changes by GET");
    assert!(!console.kith.state().join("labels.jsonl").exists());
    let own = format!("http://127.0.0.1:{}", console.port);
    assert_eq!(operator.clone().with("Origin", &own).post(&path, &fields).status, 303);
    let own = operator.clone().with("Origin", "null").with("Sec-Fetch-Site", "same-origin").post(&path, &fields);
    assert_eq!(own.status, 303, "as browsers send forms of a page without referrer");
    assert_eq!(operator.post("/sign-out", &[("token", &token)]).status, 303);
    assert_eq!(operator.get("/decisions").status, 303);
}

#[test]
fn who_fails_too_often_waits() {
    let console = Console::start("admin.sign_in_failures_max = 2", &["viewer"], &[]);
    let mut visitor = console.stranger();
    for _ in 0..2 {
        assert_eq!(visitor.sign_in("viewer", "wrong horse battery").status, 401);
    }
    let waiting = visitor.sign_in("viewer", PASSWORD);
    assert_eq!(waiting.status, 429, "the right password, too late");
    let seconds: u64 = waiting.header("Retry-After").concat().parse().expect("seconds");
    assert!((1..=900).contains(&seconds), "{seconds}");
    // Six more from one address, whatever the name.
    let statuses: Vec<u16> = (0..7).map(|n| visitor.sign_in(&format!("n{n}"), PASSWORD).status).collect();
    assert_eq!(statuses, [401, 401, 401, 401, 401, 401, 429]);
}

#[test]
fn a_door_to_the_world_without_tls_stays_shut() {
    let folder = prepared("[admin]\nlisten = \"0.0.0.0:8890\"\n");
    let checked = call(folder.path(), &["config", "check"]);
    let said = String::from_utf8_lossy(&checked.stderr).into_owned();
    assert!(!checked.status.success() && said.contains("admin.listen") && said.contains("speaks no TLS"), "{said}");
}
