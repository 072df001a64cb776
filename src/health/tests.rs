//! The board over streams of messages: what is told, what is muted, and what is kept.

use std::borrow::Cow;
use std::fs;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use super::board::DETECTORS_MAX;
use super::*;
use crate::decision::Mutes;
use crate::mail::Moment;

const HOUR: i64 = 3_600_000;
/// A Monday at midnight, UTC.
const START: i64 = 1_790_553_600_000;

/// A stream of messages in which detectors speak by chance, and a board that watches it.
struct Stream {
    board: Board,
    chance: u64,
    at: i64,
}

impl Stream {
    fn new(settings: Settings) -> Self {
        let mut board = Board::new(&settings, &["a_signal"]);
        board.declare(["rarity.prober"], [("own", "1"), ("other", "1")]);
        Self { board, chance: 88_172_645_463_325_252, at: START }
    }

    /// A number from 0 to 1.
    fn draw(&mut self) -> f64 {
        self.chance ^= self.chance << 13;
        self.chance ^= self.chance >> 7;
        self.chance ^= self.chance << 17;
        (self.chance >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Lets a message pass after some milliseconds, of which these detectors speak.
    fn pass(&mut self, after: i64, speaking: &[(&str, Option<Prior>)], from: &str) -> Vec<Event> {
        self.at += after;
        let said = |(name, prior): &(&'static str, Option<Prior>)| Speaking {
            name: Cow::Borrowed(*name),
            is_decisive: false,
            prior: *prior,
        };
        let names: Vec<(&'static str, Option<Prior>)> =
            speaking.iter().map(|(name, prior)| (known(name), *prior)).collect();
        let speaking: Vec<Speaking<'_>> = names.iter().map(said).collect();
        let value = Some(speaking.len() as f32);
        let seen =
            Seen { at: Moment(self.at), from: Some(from), values: &[value], score: Some(-3.0), speaking: &speaking };
        self.board.observe(&seen)
    }

    /// Hours of sixty messages each, one in `every` of which the rule `own` matches, by chance.
    fn hours(&mut self, hours: usize, every: f64) -> Vec<Event> {
        let mut events = Vec::new();
        for _ in 0..hours * 60 {
            let speaks = self.draw() < 1.0 / every;
            let speaking: &[(&str, Option<Prior>)] = if speaks { &[("rule.own", None)] } else { &[] };
            events.extend(self.pass(60_000, speaking, "example.org"));
        }
        events
    }

    fn row(&self, name: &str) -> Row {
        self.board.row(name).expect("a detector")
    }
}

fn known(name: &str) -> &'static str {
    ["rule.own", "rule.other", "a_signal", "rarity.prober", "model"]
        .into_iter()
        .find(|known| *known == name)
        .expect("one of them")
}

const TESTED: Option<Prior> = Some(Prior { share: 0.0005, messages: 2_000.0 });

fn kinds(events: &[Event]) -> Vec<Kind> {
    events.iter().map(|event| event.kind).collect()
}

#[test]
fn a_rule_that_matches_many_times_as_often_is_named_within_the_hour_with_its_cause() {
    let mut stream = Stream::new(Settings::default());
    assert_eq!(stream.hours(24 * 14, 40.0), []);
    let begun = stream.at;
    let mut told = Vec::new();
    while told.is_empty() && stream.at < begun + HOUR {
        told = stream.pass(60_000, &[], "example.org");
        told.extend(stream.pass(60_000, &[("rule.own", None)], "supplier.example"));
    }
    let minutes = (stream.at - begun) / 60_000;
    println!("{minutes} minutes: {}", told[0].words);
    assert!(minutes <= 30, "{minutes}");
    assert_eq!((kinds(&told), told[0].detector.as_str()), (vec![Kind::Onset], "rule.own"));
    assert!(told[0].words.contains(" times its usual rate since 00:0"), "{}", told[0].words);
    assert!(told[0].words.contains("% of its matches on mail from supplier.example"), "{}", told[0].words);
    let row = stream.row("rule.own");
    assert!(row.state == State::Alert && row.expected.is_some_and(|mean| (1.0..2.5).contains(&mean)), "{row:?}");
    // It is told once, and once that it is over.
    for _ in 0..30 {
        assert_eq!(stream.pass(60_000, &[("rule.own", None)], "supplier.example"), []);
    }
    let after = stream.hours(8, 40.0);
    assert_eq!(kinds(&after), [Kind::End]);
    assert_eq!(stream.row("rule.own").state, State::Usual);
}

#[test]
fn what_rises_slowly_is_named_within_the_day() {
    let mut stream = Stream::new(Settings::default());
    stream.hours(24 * 14, 1_440.0);
    let mut told = Vec::new();
    for _ in 0..20 {
        told.extend(stream.hours(1, 1e12));
        told.extend(stream.pass(0, &[("rule.own", None)], "example.org"));
    }
    assert_eq!(kinds(&told), [Kind::Onset]);
    assert!(told[0].words.contains("in a day"), "{}", told[0].words);
}

#[test]
fn more_mail_is_no_alarm_and_neither_is_a_busy_hour_of_each_week() {
    let mut stream = Stream::new(Settings::default());
    stream.hours(24 * 14, 20.0);
    let mut told = Vec::new();
    for n in 0..6_000 {
        let speaking: &[(&str, Option<Prior>)] = if n % 20 == 0 { &[("rule.own", None)] } else { &[] };
        told.extend(stream.pass(3_000, speaking, "example.org"));
    }
    assert_eq!(told, []);
    let mut weekly = Stream::new(Settings::default());
    for week in 0..5 {
        for hour in 0..168 {
            let events = weekly.hours(1, if hour == 50 { 3.0 } else { 60.0 });
            assert!(week < 3 || events.is_empty(), "week {week}, hour {hour}: {events:?}");
        }
    }
}

#[test]
fn what_falls_silent_is_named() {
    let mut stream = Stream::new(Settings::default());
    assert_eq!(stream.hours(24 * 6, 1.2), []);
    let told = stream.hours(2, 1e12);
    assert_eq!(kinds(&told), [Kind::Onset]);
    assert!(told[0].words.starts_with("silent since"), "{}", told[0].words);
    assert_eq!(kinds(&stream.hours(2, 1.2)), [Kind::End]);
}

#[test]
fn values_that_drift_are_named() {
    let mut stream = Stream::new(Settings::default());
    stream.hours(24 * 40, 2.0);
    let told: Vec<Event> =
        stream.hours(24 * 4, 1e12).into_iter().filter(|event| event.detector == "a_signal").collect();
    assert_eq!(kinds(&told), [Kind::Drifted]);
    assert!(stream.row("a_signal").because.contains("population stability index"), "{told:?}");
}

#[test]
fn a_rule_that_acts_is_muted_for_its_rate_and_speaks_again_in_time() {
    let mut stream = Stream::new(Settings::default());
    let mut told = Vec::new();
    for _ in 0..12 {
        told.extend(stream.pass(1_000, &[("rule.own", TESTED), ("rule.other", None)], "example.org"));
    }
    assert_eq!(kinds(&told), [Kind::Onset, Kind::Muted]);
    assert!(told[1].words.starts_with("muted until"), "{}", told[1].words);
    assert_eq!(*stream.board.mutes(), Mutes::of(["rule.own".to_owned()]));
    let row = stream.row("rule.own");
    assert_eq!((row.state, row.muted_by.as_deref(), row.last_hour), (State::Muted, Some("rate"), 12));
    assert_eq!(stream.row("rule.other").state, State::Learning, "a rule that only lists has nothing to withhold");
    let later = stream.hours(25, 1e12);
    assert_eq!(kinds(&later), [Kind::Unmuted, Kind::End]);
    assert_eq!(*stream.board.mutes(), Mutes::default());
}

#[test]
fn only_what_the_settings_name_is_muted() {
    for (mute, expected) in [(vec![Mutable::Rules], ""), (vec![Mutable::Rarity], "rarity.prober"), (Vec::new(), "")] {
        let mut stream = Stream::new(Settings { mute, ..Settings::default() });
        stream.hours(24 * 5, 1e12);
        for _ in 0..40 {
            stream.pass(1_000, &[("rarity.prober", None), ("model", None), ("a_signal", None)], "example.org");
        }
        let names = (!expected.is_empty()).then(|| expected.to_owned());
        assert_eq!(*stream.board.mutes(), Mutes::of(names));
    }
}

#[test]
fn labels_mute_what_is_mostly_safe_and_not_an_attack_wave() {
    let settings = Settings { mute_factor: 1_000.0, ..Settings::default() };
    for (safe, attack, expected) in [(11, 0, true), (4, 0, false), (6, 4, false), (0, 20, false)] {
        let mut stream = Stream::new(settings.clone());
        stream.hours(24 * 7, 60.0);
        let earlier = Moment(stream.at - HOUR);
        for _ in 0..40 {
            stream.pass(60_000, &[("rule.own", TESTED)], "supplier.example");
        }
        let now = Moment(stream.at);
        let label = |at, is_safe, count| (0..count).map(move |_| (at, is_safe, ["rule.own"]));
        let labelled = label(now, true, safe).chain(label(now, false, attack)).chain(label(earlier, true, 9));
        let told = stream.board.label(labelled);
        assert_eq!(told.len(), usize::from(expected), "{safe} {attack}: {told:?}");
        if expected {
            assert!(told[0].words.starts_with("muted until a person confirms it: "), "{}", told[0].words);
            assert!(told[0].words.ends_with("supplier.example; all 11 labelled ones safe"), "{}", told[0].words);
        }
        let row = stream.row("rule.own");
        assert_eq!((row.labels_safe, row.labels_attack), (safe + 9, attack));
    }
}

#[test]
fn a_rule_is_not_muted_for_its_rate_while_people_label_its_matches_attacks() {
    let mut stream = Stream::new(Settings::default());
    stream.hours(24 * 7, 60.0);
    let mut told = Vec::new();
    for n in 0..40 {
        told.extend(stream.pass(1_000, &[("rule.own", TESTED)], "attacker.example"));
        let attacks = (0..n.min(2)).map(|_| (Moment(stream.at), false, ["rule.own"]));
        told.extend(stream.board.label(attacks));
    }
    assert_eq!(kinds(&told), [Kind::Onset]);
    assert!(stream.row("rule.own").because.ends_with("all 2 labelled ones attacks"), "{told:?}");
}

#[test]
fn people_mute_and_confirm_and_what_was_confirmed_is_usual() {
    let mut stream = Stream::new(Settings::default());
    stream.hours(24 * 14, 60.0);
    let wave = |stream: &mut Stream, count: usize| {
        let each = |_| stream.pass(60_000, &[("rule.own", TESTED)], "example.org");
        (0..count).flat_map(each).collect::<Vec<_>>()
    };
    assert_eq!(kinds(&wave(&mut stream, 40)), [Kind::Onset, Kind::Muted]);
    let say = |stream: &mut Stream, order| {
        let said = Said::new("rule.own", order, "ann", Moment(stream.at));
        stream.board.obey(&said, Moment(stream.at)).map(|event| event.kind)
    };
    assert_eq!(say(&mut stream, Order::Unmute), Some(Kind::Unmuted));
    assert_eq!(kinds(&wave(&mut stream, 40)), [], "who was unmuted is not muted again for the same");
    assert_eq!(say(&mut stream, Order::Unmute), None);
    assert_eq!(say(&mut stream, Order::Mute), Some(Kind::Muted));
    assert_eq!((stream.row("rule.own").state, stream.row("rule.own").muted_by.as_deref()), (State::Muted, Some("ann")));
    assert!(stream.row("rule.own").because.starts_with("muted by ann; "), "{}", stream.row("rule.own").because);
    assert_eq!(say(&mut stream, Order::Confirm), Some(Kind::Confirmed));
    assert_eq!(kinds(&wave(&mut stream, 60)), [], "its rate is usual now");
    assert_eq!(stream.row("rule.own").state, State::Usual);
    let nobody = Said::new("rule.unheard_of", Order::Mute, "ann", Moment(0));
    assert_eq!(stream.board.obey(&nobody, Moment(0)), None);
    let model = Said::new("model", Order::Mute, "ann", Moment(0));
    assert_eq!(stream.board.obey(&model, Moment(0)), None, "without a model there is no score");
}

#[test]
fn a_rule_that_asks_something_else_is_another_and_one_that_is_gone_keeps_its_history() {
    let mut stream = Stream::new(Settings::default());
    stream.hours(48, 10.0);
    let spoke = stream.row("rule.own").spoke;
    assert!(spoke > 100);
    stream.board.declare([], [("other", "1")]);
    assert!(!stream.board.knows("rule.own") && stream.board.row("rule.own").is_none());
    stream.board.declare([], [("own", "1"), ("other", "1")]);
    assert_eq!(stream.row("rule.own").spoke, spoke);
    stream.board.declare([], [("own", "2"), ("other", "1")]);
    assert_eq!((stream.row("rule.own").spoke, stream.row("rule.own").state), (0, State::Learning));
}

#[test]
fn another_model_begins_another_history() {
    let mut stream = Stream::new(Settings::default());
    stream.board.scored_by("first");
    for _ in 0..1_500 {
        stream.pass(120_000, &[("a_signal", None), ("model", None)], "example.org");
    }
    stream.board.scored_by("first");
    assert_eq!(stream.row("a_signal").spoke, 1_500);
    stream.board.scored_by("second");
    assert_eq!((stream.row("a_signal").spoke, stream.row("model").spoke), (0, 0));
}

#[test]
fn the_board_is_bounded_and_what_is_gone_makes_room() {
    let mut board = Board::new(&Settings::default(), &["a_signal"]);
    let keys: Vec<String> = (0..DETECTORS_MAX + 50).map(|n| format!("r{n}")).collect();
    let rules = |keys: &[String]| keys.iter().map(|key| (key.clone(), "1")).collect::<Vec<_>>();
    board.declare([], rules(&keys).iter().map(|(key, digest)| (key.as_str(), *digest)));
    assert_eq!(board.rows().len(), DETECTORS_MAX);
    let fresh: Vec<String> = (0..10).map(|n| format!("fresh{n}")).collect();
    board.declare([], rules(&fresh).iter().map(|(key, digest)| (key.as_str(), *digest)));
    assert!(board.knows("rule.fresh9") && board.records.len() == DETECTORS_MAX);
}

#[test]
fn a_clock_that_is_set_back_begins_the_day_anew() {
    let mut stream = Stream::new(Settings::default());
    stream.hours(48, 4.0);
    stream.at -= 10 * 24 * HOUR;
    stream.pass(0, &[("rule.own", None)], "example.org");
    assert_eq!((stream.row("rule.own").last_day, stream.board.at().0), (1, stream.at));
}

#[test]
fn a_restart_forgets_nothing() {
    let state = tempfile::tempdir().expect("a folder");
    let mut stream = Stream::new(Settings::default());
    stream.hours(24 * 14, 40.0);
    stream.board.time([("own", 1_500)]);
    stream.pass(0, &[("rule.other", None)], "example.org");
    let keeper = Arc::new(Keeper::new(state.path()));
    keeper.writing(&stream.board)();
    let (rows, passed) = (stream.board.rows(), stream.board.passed());
    let size = fs::metadata(state.path().join(FOLDER).join("detectors.json")).expect("written").len();
    assert!(size < 20_000, "{size}");
    stream.board = Keeper::new(state.path()).read(&Settings::default(), &["a_signal"]);
    stream.board.declare(["rarity.prober"], [("own", "1"), ("other", "1")]);
    assert_eq!((stream.board.rows(), stream.board.passed()), (rows, passed));
    let told: Vec<Event> =
        (0..40).flat_map(|_| stream.pass(60_000, &[("rule.own", None)], "supplier.example")).collect();
    assert_eq!(kinds(&told), [Kind::Onset], "what is usual is known from before");
}

#[test]
fn a_damaged_file_is_set_aside_and_begun_anew() {
    let state = tempfile::tempdir().expect("a folder");
    let folder = state.path().join(FOLDER);
    fs::create_dir(&folder).expect("made");
    let unsound = "{\"version\":1,\"board\":{\"records\":[{\"name\":\"a\",\"usual\":{\"messages\":-1.0}}]}}";
    for text in ["", "torn", "{\"version\":2,\"board\":{}}", unsound, "{\"version\":1}"] {
        fs::write(folder.join("detectors.json"), text).expect("written");
        let board = Keeper::new(state.path()).read(&Settings::default(), &["a_signal"]);
        assert_eq!(board.passed(), 0, "{text}");
        let aside = fs::read_to_string(folder.join("detectors.damaged")).expect("set aside");
        assert_eq!((aside.as_str(), folder.join("detectors.json").exists()), (text, false));
    }
}

#[test]
fn a_write_that_comes_late_undoes_none() {
    let state = tempfile::tempdir().expect("a folder");
    let keeper = Arc::new(Keeper::new(state.path()));
    let mut stream = Stream::new(Settings::default());
    stream.hours(1, 2.0);
    let late = keeper.writing(&stream.board);
    stream.hours(1, 2.0);
    keeper.writing(&stream.board)();
    late();
    let read = keeper.read(&Settings::default(), &["a_signal"]);
    assert_eq!(read.passed(), 120);
}

/// Detectors that speak by chance at rates from one message in two to one in two thousand, over mail with nights and
/// weekends; every other one in bursts. Gives alarms, detectors and days.
fn alarms(settings: &Settings, detectors: usize, days: usize) -> (usize, f64) {
    let names: Vec<String> = (0..detectors).map(|n| format!("s{n}")).collect();
    let signals: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut board = Board::new(settings, &signals);
    let mut stream = Stream::new(settings.clone());
    let (mut alarms, values) = (0, vec![Some(1.0); detectors]);
    let mut bursts = vec![0u32; detectors];
    for hour in 0..days as i64 * 24 {
        let is_day = (7..19).contains(&(hour % 24)) && hour / 24 % 7 < 5;
        let messages = (if is_day { 120.0 } else { 12.0 } * (0.7 + 0.6 * stream.draw())) as i64;
        for n in 0..messages {
            let mut speaking = Vec::new();
            for (place, name) in signals.iter().enumerate() {
                let share = 0.5 * 0.001f64.powf(place as f64 / detectors as f64);
                let begins = stream.draw() < if place % 2 == 1 { share / 3.0 } else { share };
                if begins && place % 2 == 1 {
                    // Three of a kind on the average, one after the other.
                    bursts[place] += 1 + (-stream.draw().ln() * 2.0).round() as u32;
                }
                let speaks = if place % 2 == 1 { bursts[place] > 0 } else { begins };
                bursts[place] = bursts[place].saturating_sub(1);
                if speaks {
                    speaking.push(Speaking { name: Cow::Borrowed(*name), is_decisive: false, prior: None });
                }
            }
            let at = Moment(START + hour * HOUR + n * HOUR / messages);
            let seen = Seen { at, from: None, values: &values, score: None, speaking: &speaking };
            alarms += board.observe(&seen).iter().filter(|event| event.kind == Kind::Onset).count();
        }
    }
    (alarms, (detectors * days) as f64)
}

/// Prints how many alarms a stream without any change gives.
#[test]
fn a_stream_that_does_not_change_alarms_no_more_than_is_stated() {
    let (detectors, days) = (24, 90);
    for (stated, factor) in [(0.001, 3.0), (0.05, 1.5)] {
        let settings = Settings { false_alarms_per_day: stated, alert_factor: factor, ..Settings::default() };
        let (alarms, detector_days) = alarms(&settings, detectors, days);
        let rate = alarms as f64 / detector_days;
        println!(
            "stated {stated} a day (factor {factor}): {alarms} alarms in {detector_days} days of a detector, {rate}"
        );
        assert!(rate <= stated + 2.0 * (stated / detector_days).sqrt(), "{rate} against {stated}");
    }
}

/// Prints what watching costs; run with `--nocapture` in an optimised build.
#[test]
fn watching_a_message_is_cheap() {
    let names: Vec<String> = (0..150).map(|n| format!("signal_number_{n}")).collect();
    let signals: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut board = Board::new(&Settings::default(), &signals);
    let rules: Vec<String> = (0..1_600).map(|n| format!("r{n}")).collect();
    board.declare([], rules.iter().map(|key| (key.as_str(), "1")));
    let values: Vec<Option<f32>> = (0..150).map(|n| (n % 3 > 0).then_some(n as f32)).collect();
    let speaking: Vec<Speaking<'_>> = (0..14)
        .map(|n| Speaking { name: Cow::Borrowed(signals[n * 10]), is_decisive: false, prior: None })
        .chain([Speaking { name: Cow::Borrowed("rule.r7"), is_decisive: false, prior: None }])
        .collect();
    let rounds: u32 = 20_000;
    let begun = Instant::now();
    for n in 0..rounds {
        // A hundred thousand messages a day.
        let at = Moment(START + i64::from(n) * 864);
        let from = Some("example.org");
        let seen = Seen { at, from, values: &values, score: Some(1.0), speaking: &speaking };
        black_box(board.observe(black_box(&seen)));
    }
    let each = begun.elapsed() / rounds;
    println!("watching a message: {each:?}");
    // Far above the figure: a machine that does other work, too, and a build that is not optimised.
    assert!(each.as_micros() < 300, "{each:?}");
}
