//! The pages of detectors, rules and the model: what they show, and what an administrator says of a detector.

use std::fs;

use super::Console;

#[test]
fn an_administrator_mutes_a_detector_and_others_only_look() {
    let console = Console::start("", &["viewer", "administrator"], &[]);
    let mut viewer = console.person("viewer");
    let page = viewer.get("/health");
    assert!(page.status == 200 && page.body.contains("Every detector is as usual."), "{}", page.body);
    let token = page.token();
    let form = |token: &str, detector: &str, order: &str| {
        [("token", token), ("detector", detector), ("order", order)].map(|(a, b)| (a.to_owned(), b.to_owned()))
    };
    let send = |visitor: &mut super::Visitor, form: [(String, String); 3]| {
        let fields = form.each_ref().map(|(name, value)| (name.as_str(), value.as_str()));
        visitor.post("/health", &fields).status
    };
    assert_eq!(send(&mut viewer, form(&token, "subject_exclamations", "mute")), 403);
    let mut administrator = console.person("administrator");
    let token = administrator.get("/health").token();
    for (token, detector, order, status) in [
        ("forged", "subject_exclamations", "mute", 403),
        (&*token, "subject_exclamations", "forget", 400),
        (&*token, "no_such_detector", "mute", 400),
        (&*token, "model", "mute", 400),
        (&*token, "subject_exclamations", "mute", 303),
    ] {
        assert_eq!(send(&mut administrator, form(token, detector, order)), status, "{detector} {order}");
    }
    let page = viewer.get("/health").body;
    assert!(page.contains("muted by administrator") && !page.contains("name=\"order\""), "{page}");
    assert!(administrator.get("/activity").body.contains("subject_exclamations"));
    let metrics = console.stranger().get("/metrics").body;
    assert!(metrics.contains("kith_detectors{state=\"muted\"} 1\n"), "{metrics}");
    assert_eq!(send(&mut administrator, form(&token, "subject_exclamations", "unmute")), 303);
    assert!(viewer.get("/health").body.contains("Every detector is as usual."));
}

#[test]
fn rules_are_listed_each_with_its_source_and_the_model_with_its_inputs() {
    let rules = tempfile::tempdir().expect("a folder");
    let rule = "name: \"Pay <b>now</b>\"\ntype: rule\nseverity: high\nsource: subject.subject == 'Pay'\n";
    fs::write(rules.path().join("pay.yml"), rule).expect("written");
    let console = Console::start(&format!("rules.paths = [{:?}]", rules.path()), &["viewer"], &[]);
    let mut viewer = console.person("viewer");
    let page = viewer.get("/rules").body;
    assert!(page.contains("<a href=\"/rules/pay\">pay</a>") && page.contains("shadow"), "{page}");
    assert!(!page.contains("<b>now"), "{page}");
    let page = viewer.get("/rules/pay").body;
    assert!(page.contains("subject.subject == ") && page.contains("Promoted to"), "{page}");
    assert_eq!(viewer.get("/rules/..%2fkith").status, 404);
    let page = viewer.get("/models").body;
    assert!(page.contains("subject_exclamations") && page.contains("+8.000"), "{page}");
}
