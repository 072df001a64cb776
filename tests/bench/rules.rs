//! What a whole set of rules costs: `cargo bench --bench rules -- FEED LISTS MAIL…`.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use kith::auth::Trust;
use kith::filter::{Filter, Origin};
use kith::mail::{Moment, Organisation};
use kith::mailbox;
use kith::rules::evaluate::{Outcome, Run};
use kith::rules::facts::View;
use kith::rules::feed::{self, EntityKind, Rule};
use kith::rules::language;
use kith::rules::lists::Lists;
use kith::rules::set::{RuleSet, evaluate};
use kith::settings::Settings;
use nix::time::{ClockId, clock_gettime};
use tokio::runtime::Runtime;

/// Largest body of the messages that are measured.
const BODY_BYTES_MAX: usize = 50 << 10;
/// Messages over which each rule is run by itself, which takes long.
const ALONE_MAX: usize = 300;
/// Messages that are read anew for each rule.
const ANEW_MAX: usize = 20;

fn main() {
    let paths: Vec<PathBuf> =
        std::env::args_os().skip(1).filter(|argument| argument != "--bench").map(PathBuf::from).collect();
    long_expression();
    let [feed, folder, mail @ ..] = paths.as_slice() else {
        println!("usage: cargo bench --bench rules -- FEED LISTS MAIL...");
        return;
    };
    let organisation = Organisation::default();
    let before = resident();
    let (rules, load) = timed(|| load(feed, folder, &organisation));
    let (rules, lists) = rules;
    let (set, make) = timed(|| RuleSet::new(rules, lists));
    let loaded = resident();
    let (shared, phrases) = set.shares();
    println!("{} rules; {shared} parts in common, {phrases} phrases", set.len());
    println!("loaded in {} ms, of which {} ms are making them one", (load + make).as_millis(), make.as_millis());
    println!("memory: {} MiB more than before", (loaded.saturating_sub(before)) >> 20);
    if mail.is_empty() {
        return;
    }
    over_mail(&set, feed, folder, mail);
    println!("memory after the mail: {} MiB in all, {} before the rules", resident() >> 20, before >> 20);
}

/// The rules of a feed that are run over mail, and the lists they name.
fn load(feed: &Path, lists: &Path, organisation: &Organisation) -> (Vec<Rule>, Lists) {
    let mut named = Lists::of(organisation);
    named.read_folder(lists).expect("a folder of lists");
    let (mut rules, report) = feed::read(feed, Some(&named)).expect("a folder of rules");
    assert!(report.errors.is_empty(), "{:?}", report.errors);
    let runs = |rule: &Rule| !matches!(rule.entity.kind, EntityKind::Query | EntityKind::TriageRule);
    rules.retain(runs);
    (rules, named)
}

fn over_mail(set: &RuleSet, feed: &Path, lists: &Path, mail: &[PathBuf]) {
    let runtime = Runtime::new().expect("startable");
    let _inside = runtime.enter();
    let mut settings = Settings::default();
    "off".clone_into(&mut settings.auth.resolver);
    let state = tempfile::tempdir().expect("a folder");
    let filter = Filter::open(&settings.filter(), Some(state.path())).expect("openable");
    let trust = Some(Trust::parse("newest"));
    let origin = Origin { received_client: true, trust, ..Origin::default() };
    let stored: Vec<Vec<u8>> = mailbox::read(mail)
        .map(|stored| stored.expect("readable").raw)
        .filter(|raw| raw.len() < BODY_BYTES_MAX)
        .collect();
    // A baseline that knows the senders: without one, what rules ask of it costs nothing.
    for raw in &stored {
        filter.learn_stored(&runtime.block_on(filter.judge_as_of(raw, &origin, Moment::now())));
    }
    let (mut costs, mut matched, mut undecided) = (Vec::new(), 0, 0);
    for raw in &stored {
        let (cost, matches) = runtime.block_on(filter.consult(raw, &origin, |evidence| {
            let (matches, cost) = measured(|| evaluate(set, View::of(evidence)));
            (cost, (matches.matched.len(), matches.undecided.len()))
        }));
        costs.push(cost);
        matched += matches.0;
        undecided += matches.1;
    }
    let count = stored.len().max(1);
    print(&format!("all at once, {count} messages"), &mut costs);
    println!(
        "  {:.3} match and {:.1} cannot be told a message",
        matched as f64 / count as f64,
        undecided as f64 / count as f64
    );
    if std::env::var_os("KITH_BENCH_ALL").is_none() {
        let alone = load(feed, lists, &settings.organisation);
        by_itself(
            set,
            &alone,
            &|raw, work| {
                runtime.block_on(filter.consult(raw, &origin, |evidence| work(View::of(evidence))));
            },
            &stored,
        );
    }
    filter.close();
}

/// How a message is read for what is asked of it.
type Consult<'c> = &'c dyn Fn(&[u8], &mut dyn FnMut(View<'_>));

/// What each rule costs by itself: with what the message shows worked out once for all rules, and on a message of which
/// nothing was worked out for another.
fn by_itself(set: &RuleSet, (rules, lists): &(Vec<Rule>, Lists), consult: Consult<'_>, stored: &[Vec<u8>]) {
    let (mut alone, mut all) = (Vec::new(), Duration::ZERO);
    for raw in stored.iter().step_by(stored.len().div_ceil(ALONE_MAX).max(1)) {
        consult(raw, &mut |view| {
            let (together, cost) = measured(|| evaluate(set, view).matched.len());
            all += cost;
            let matches = || rules.iter().filter(|rule| alone_outcome(rule, view, lists)).count();
            let (count, cost) = measured(matches);
            assert_eq!(count, together, "together they say the same as each alone");
            alone.push(cost);
        });
    }
    let sum: Duration = alone.iter().sum();
    print(&format!("each on its own, {} messages", alone.len()), &mut alone);
    println!("  {:.1} times as much as all at once", sum.as_secs_f64() / all.as_secs_f64().max(1e-9));
    let (mut anew, mut all) = (Vec::new(), Duration::ZERO);
    for raw in stored.iter().step_by(stored.len().div_ceil(ANEW_MAX).max(1)) {
        consult(raw, &mut |view| all += measured(|| evaluate(set, view)).1);
        let mut sum = Duration::ZERO;
        for rule in rules {
            consult(raw, &mut |view| sum += measured(|| alone_outcome(rule, view, lists)).1);
        }
        anew.push(sum);
    }
    let sum: Duration = anew.iter().sum();
    print(&format!("each on a message read for it alone, {} messages", anew.len()), &mut anew);
    println!("  {:.1} times as much as all at once", sum.as_secs_f64() / all.as_secs_f64().max(1e-9));
}

/// The processor time that something takes.
fn measured<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = cpu();
    let made = work();
    (made, cpu() - start)
}

/// Whether a rule matches by itself: nothing is computed for another.
fn alone_outcome(rule: &Rule, view: View<'_>, lists: &Lists) -> bool {
    rule.entity.kind != EntityKind::Exclusion && Run::new(view, lists).outcome(&rule.checked.code) == Outcome::Match
}

/// The processor time of this thread.
fn cpu() -> Duration {
    clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).expect("every system has this clock").into()
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let made = work();
    (made, start.elapsed())
}

/// Bytes of memory that this process holds.
fn resident() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    pages.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok()).unwrap_or(0) * 4_096
}

fn print(what: &str, costs: &mut [Duration]) {
    costs.sort_unstable();
    let at = |share: f64| costs.get(((costs.len() as f64 - 1.0) * share) as usize).map_or(0.0, Duration::as_secs_f64);
    let [median, p99, most] = [0.5, 0.99, 1.0].map(|share| at(share) * 1e3);
    println!("{what}: CPU median {median:.3} ms, p99 {p99:.3} ms, most {most:.3} ms");
}

/// An expression as long as rules of lists of indicators have it.
fn long_expression() {
    let names: String = (0..9_000).map(|n| format!("\"host{n}.example.com\", ")).collect();
    let source = format!("any(body.links, .href_url.domain.domain in ({names}))");
    let (node, took) = timed(|| language::parse(&source).expect("sound"));
    let (_, checked) = timed(|| kith::rules::check::check(&node, None).expect("typed"));
    let [parse, check] = [took, checked].map(|took| took.as_secs_f64() * 1e3);
    println!("an expression of {} bytes: parsed in {parse:.1} ms, checked in {check:.1} ms", source.len());
}
