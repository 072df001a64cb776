//! Rules that run together: they say what each says alone.

use std::path::Path;

use kith::auth::AuthResults;
use kith::baseline::Baseline;
use kith::evidence::Evidence;
use kith::mail::{Address, Direction, Envelope, Moment, Organisation};
use kith::message::{self, Message, parse};
use kith::rules::evaluate::{Outcome, Run};
use kith::rules::facts::View;
use kith::rules::feed::{self, Report, Rule};
use kith::rules::lists::Lists;
use kith::rules::set::evaluate;
use kith::rules::{Matches, RuleSet};

fn rule(name: &str, source: &str) -> Rule {
    let yaml = format!("name: {name}\ntype: rule\nsource: |\n  {}\n", source.replace('\n', "\n  "));
    feed::read_rule(Path::new(&format!("{name}.yml")), &yaml, None, &mut Report::default()).expect("a rule")
}

/// Asks about a message.
fn ask<T>(message: &Message, ask: impl FnOnce(View<'_>) -> T) -> T {
    let envelope =
        Envelope { recipients: Address::parse("bob@own.example").into_iter().collect(), ..Envelope::default() };
    let (auth, baseline) = (AuthResults::default(), Baseline::unknown(Direction::Inbound, None));
    let organisation = Organisation::default();
    ask(View::of(&Evidence::new(&envelope, message, &auth, &baseline, &organisation, Moment(1_768_000_000_000))))
}

fn together(rules: &[Rule], lists: &Lists, raw: &str) -> Matches {
    let message = parse(raw.as_bytes(), &message::Settings::default());
    let set = RuleSet::new(rules.to_vec(), lists.clone());
    ask(&message, |view| evaluate(&set, view))
}

fn names(matches: &Matches) -> Vec<&str> {
    matches.matched.iter().map(|found| found.rule.name.as_str()).collect()
}

const MAIL: &str = "From: Ann <ann@partner.example>\r\nTo: bob@own.example\r\nSubject: Your PAYMENT is overdue\r\n\
    Content-Type: text/html\r\n\r\n<p>Please pay the in\u{17f}urance by <a href=\"https://bit.example/x\">bit.example</a> \
    or <a href=\"https://free.example/y?z=1\">here</a></p>\r\n";

/// Conditions on [`MAIL`] that have much in common, in every form that is run otherwise together than alone.
const CONDITIONS: &[&str] = &[
    "strings.icontains(subject.subject, 'payment')",
    "strings.contains(subject.subject, 'payment')",
    "strings.contains(subject.subject, 'PAYMENT', 'none')",
    "strings.icontains(body.current_thread.text, 'insurance')",
    "strings.icontains(body.current_thread.text, 'pa')",
    "strings.istarts_with(subject.subject, 'your p')",
    "strings.starts_with(subject.subject, 'payment')",
    "strings.ilike(subject.subject, '*payment*')",
    "strings.ilike(subject.subject, '*payment')",
    "strings.like(subject.subject, 'Your*overdue')",
    "regex.icontains(subject.subject, 'pay(ment|roll)\\b')",
    "regex.icontains(body.current_thread.text, 'insur[ae]nce')",
    "regex.contains(subject.subject, 'pay(ment|roll)')",
    "regex.imatch(subject.subject, '.*over.?due')",
    "regex.icount(subject.subject, 'e') > 3",
    "regex.count(subject.subject, 'none such') == 0",
    "length(regex.extract(subject.subject, 'none such')) == 0",
    "any(body.links, .href_url.domain.domain in ('bit.example', 'x.example'))",
    "any(body.links, .href_url.domain.domain == sender.email.domain.domain)",
    "any(body.links, any(body.links, .href_url.path == ..href_url.path and .href_url.path != '/x'))",
    "all(body.links, length(body.links) == 2 and .href_url.domain.domain != 'none.example')",
    "any($hosts, strings.icontains(body.html.raw, .))",
    "any($hosts, strings.icontains(subject.subject, .))",
    "any(body.links, any($hosts, strings.contains(..href_url.domain.domain, .)))",
    "any($hosts, . == 'free.example')",
    "any($unheard_of, strings.contains(subject.subject, .))",
    "any($hosts, strings.contains(headers.mailer, .))",
    "not strings.icontains(subject.subject, 'none') and ml.attack_score().verdict == 'malicious'",
    "strings.icontains(subject.subject, 'none') and ml.attack_score().verdict == 'malicious'",
    "strings.icontains(subject.subject, 'payment') or ml.attack_score().verdict == 'malicious'",
    "2 of (ml.attack_score().verdict == 'malicious', subject.is_reply, length(body.links) > 1)",
    "1 of (ml.attack_score().verdict == 'malicious', subject.is_reply, length(body.links) > 1)",
    "beta.ip_in('192.0.2.7', '192.0.2.0/24', 'no network')",
    "beta.ip_in('192.0.3.7', '192.0.2.0/24', '198.51.100.1')",
    "headers.in_reply_to == 'a' or not headers.in_reply_to == 'a'",
    "regex.icontains(headers.mailer, 'penpal')",
    "1 < length(body.links) <= 2",
    "length(filter(body.links, .href_url.path == '/x')) == 1",
];

#[test]
fn rules_say_together_what_each_says_alone() {
    let mut lists = Lists::default();
    lists.insert("hosts", ["free.example", "Other.example"].map(str::to_owned));
    let numbered = CONDITIONS.iter().enumerate();
    let mut rules: Vec<Rule> = numbered.map(|(n, source)| rule(&format!("r{n}"), source)).collect();
    // Each once more within another: what is in common must be the same there.
    let pairs = CONDITIONS.windows(2).enumerate();
    rules.extend(pairs.map(|(n, pair)| rule(&format!("p{n}"), &format!("({}) and not ({})", pair[0], pair[1]))));
    let message = parse(MAIL.as_bytes(), &message::Settings::default());
    let set = RuleSet::new(rules.clone(), lists.clone());
    let (matches, expected) = ask(&message, |view| {
        let outcome = |rule: &Rule| Run::new(view, &lists).outcome(&rule.checked.code);
        (evaluate(&set, view), rules.iter().map(outcome).collect::<Vec<_>>())
    });
    for (rule, expected) in rules.iter().zip(expected) {
        let name = &rule.entity.name;
        let is_match = names(&matches).contains(&name.as_str());
        let is_undecided = matches.undecided.iter().any(|(rule, _)| rule.name == *name);
        let found = (is_match, is_undecided);
        let wanted = (expected == Outcome::Match, matches!(expected, Outcome::Undecided(_)));
        assert_eq!(found, wanted, "{}", rule.entity.source);
    }
    assert!(matches.matched.len() > 20 && matches.undecided.len() > 3, "{}", matches.matched.len());
    assert!(set.shares().0 > 10, "{:?}", set.shares());
}

#[test]
fn a_match_tells_what_it_found_and_where() {
    let source = "strings.icontains(subject.subject, 'none', 'payment')\n\
        and any(body.links, .href_url.domain.domain == 'free.example' and regex.contains(.href_url.query_params, '[0-9]'))\n\
        and not strings.icontains(subject.subject, 'invoice')\n\
        and (subject.is_reply or sender.email.domain.domain in ('partner.example', 'other.example'))";
    let matches = together(&[rule("own", source)], &Lists::default(), MAIL);
    let mut found: Vec<(&str, &str, Option<usize>)> = matches.matched[0]
        .found
        .iter()
        .map(|found| (found.place.as_str(), found.value.as_str(), found.start))
        .collect();
    found.sort_unstable();
    assert_eq!(
        found,
        [
            (".href_url.domain.domain", "free.example", None),
            (".href_url.query_params", "1", Some(2)),
            ("sender.email.domain.domain", "partner.example", None),
            ("subject.subject", "payment", Some(5)),
        ]
    );
}

#[test]
fn one_rule_that_takes_too_many_steps_ends_alone() {
    let href: String = (0..400).map(|n| format!("<a href=\"https://a{n}.example/\">b{n}</a>")).collect();
    let raw = format!("From: a@b.example\r\nContent-Type: text/html\r\n\r\n{href}\r\n");
    let endless = "all(body.links, all(body.links, all(body.links, length(.href_url.url) > length(...href_url.path))))";
    let rules = [rule("endless", endless), rule("short", "length(body.links) == 400")];
    let matches = together(&rules, &Lists::default(), &raw);
    assert_eq!(names(&matches), ["short"]);
    assert!(matches.undecided[0].1.words().contains("more steps"), "{:?}", matches.undecided);
}

#[test]
fn a_very_long_expression_is_read_and_shared() {
    let names: String = (0..12_000).map(|n| format!("'host{n}.example.com', ")).collect();
    let source = format!("any(body.links, .href_url.domain.domain in ({names}))");
    assert!(source.len() > 240_000);
    let matches = together(&[rule("one", &source), rule("two", &source)], &Lists::default(), MAIL);
    assert_eq!(matches, Matches::default());
    for deep in
        ["(".repeat(200_000), "not ".repeat(200_000), "a.".repeat(200_000), format!("1{}", "+1".repeat(200_000))]
    {
        assert!(kith::rules::language::parse(&deep).is_err(), "{}", &deep[..10]);
    }
}
