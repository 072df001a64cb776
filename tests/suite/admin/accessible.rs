//! Every page by axe-core in a real browser: no fault that it calls serious or critical.

use serde_json::{Value, json};

use super::browser::Browser;
use super::held::{BOTH, hold, id, mail, store};
use super::{Console, PASSWORD, entry};
use crate::mta::{cache, until};

/// What axe-core finds in the page that is open, the grave faults alone.
fn faults(browser: &Browser, axe: &str) -> Value {
    browser.run(&format!(
        "{axe};
         return axe.run(document, {{ resultTypes: ['violations'] }}).then(found => found.violations
            .filter(one => ['serious', 'critical'].includes(one.impact))
            .map(one => one.id + ': ' + one.help + ' ' + one.nodes.slice(0, 3).map(node => node.html).join(' ')));"
    ))
}

#[test]
fn no_page_has_a_serious_fault_for_those_who_do_not_see_it() {
    let path = cache().join("axe-core/axe.min.js");
    let (Some(browser), Ok(axe)) = (Browser::start(), std::fs::read_to_string(&path)) else {
        eprintln!("skipped: chromium, chromedriver or {} is missing; tests/run.sh fetches them", path.display());
        return;
    };
    let entries: Vec<_> = (1..=20).map(entry).collect();
    let html = b"From: Ann <ann@partner.example>\r\nSubject: Look\r\nContent-Type: text/html\r\n\r\n\
        <p>Hello <a href=https://partner.example/>there</a></p>\r\n";
    let console = Console::start_with("", &["administrator"], &entries, |state| {
        let store = store(state);
        (1..=60).for_each(|number| hold(&store, id(number), None, &BOTH, &mail(number)));
        hold(&store, id(61), None, &BOTH, html);
    });
    console.kith.run(&["journal", "pack"]);
    let date = &entries[0].at[..10];
    console.kith.run(&["audit", "next", "--date", date]);
    let own = format!("http://127.0.0.1:{}", console.port);
    browser.open(&format!("{own}/sign-in"));
    assert_eq!(faults(&browser, &axe), json!([]), "signing in");
    browser.enter(&[("#name", "administrator"), ("#password", PASSWORD)], "button");
    until("the browser is signed in", || (browser.run("return location.pathname") == "/decisions").then_some(()));
    for path in [
        "/decisions".to_owned(),
        format!("/decisions/{}", entries[9].id),
        "/quarantine".to_owned(),
        format!("/quarantine/{}", id(61)),
        "/relations?key=ann@partner.example".to_owned(),
        "/reports".to_owned(),
        "/reports?by=day&span=all".to_owned(),
        "/reports?by=detector&span=all".to_owned(),
        "/audit".to_owned(),
        format!("/audit?date={date}"),
        "/overview".to_owned(),
        "/settings".to_owned(),
        "/activity".to_owned(),
        "/nowhere".to_owned(),
    ] {
        browser.open(&format!("{own}{path}"));
        assert_eq!(browser.run("return document.querySelectorAll('main h1').length"), json!(1), "{path}");
        assert_eq!(faults(&browser, &axe), json!([]), "{path}");
    }
    browser.open(&format!("{own}/quarantine?tick=all"));
    browser.enter(&[], "button[value=delete]");
    until("it is asked once more", || {
        (browser.run("return document.querySelector('h1').textContent") == "Delete for good?").then_some(())
    });
    assert_eq!(faults(&browser, &axe), json!([]), "confirming");
    // The judge itself is awake.
    let bad = browser.run("document.querySelector('main').innerHTML += '<img src=x><input>'; return true");
    assert_eq!(bad, json!(true));
    let found = faults(&browser, &axe);
    assert!(found.as_array().is_some_and(|all| all.len() >= 2), "{found}");
}
