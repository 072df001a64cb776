//! The metrics in Prometheus' text format (version 0.0.4).

use std::collections::BTreeMap;
use std::fmt::Write;

use super::console::Console;
use crate::archive;
use crate::baseline::State;
use crate::filter::{Counted, Histogram};
use crate::health::{Latency, Row, State as Health};
use crate::milter::Counts;

/// The type of the format, for the answer's header.
pub(super) const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Rules whose times are told one by one: they make up most of the whole.
const RULES_TIMED_MAX: usize = 50;

/// A text of metrics that is being written.
#[derive(Debug, Default)]
struct Exposition(String);

/// What a sample is told apart by.
type Labels<'a> = &'a [(&'a str, &'a str)];

impl Exposition {
    /// Begins a metric. It is named even where nothing was counted yet.
    fn family(&mut self, name: &str, kind: &str, help: &str) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn sample(&mut self, name: &str, labels: Labels<'_>, value: f64) {
        self.0.push_str(name);
        for (number, (label, text)) in labels.iter().enumerate() {
            let text = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
            let _ = write!(self.0, "{}{label}=\"{text}\"", if number == 0 { '{' } else { ',' });
        }
        let _ = writeln!(self.0, "{} {value}", if labels.is_empty() { "" } else { "}" });
    }

    fn counter(&mut self, name: &str, help: &str, value: u64) {
        self.family(name, "counter", help);
        self.sample(name, &[], value as f64);
    }

    fn gauge(&mut self, name: &str, help: &str, value: f64) {
        self.family(name, "gauge", help);
        self.sample(name, &[], value);
    }

    /// The samples of a histogram, each class with all below it.
    fn histogram(&mut self, name: &str, labels: Labels<'_>, histogram: &Histogram) {
        let mut below = 0;
        let bounds = histogram.bounds.iter().map(f64::to_string).chain(["+Inf".to_owned()]);
        for (bound, count) in bounds.zip(&histogram.counts) {
            below += count;
            let labels = [labels, &[("le", bound.as_str())]].concat();
            self.sample(&format!("{name}_bucket"), &labels, below as f64);
        }
        self.sample(&format!("{name}_sum"), labels, histogram.sum);
        self.sample(&format!("{name}_count"), labels, below as f64);
    }
}

/// All metrics as they are now.
pub(super) fn metrics(console: &Console) -> String {
    let filter = console.filter();
    let mut text = Exposition::default();
    let digests = filter.digests();
    text.family("kith_build_info", "gauge", "The program's version.");
    text.sample("kith_build_info", &[("version", env!("CARGO_PKG_VERSION"))], 1.0);
    text.family("kith_digests_info", "gauge", "Digests of what makes decisions.");
    let labels = [("model", &*digests.model), ("signals", &*digests.signals), ("policy", &*digests.policy)];
    text.sample("kith_digests_info", &labels, 1.0);
    messages(&mut text, &filter.counted());
    milter(&mut text, &console.milter());
    if let Some(journal) = filter.journal() {
        let help = "Decisions that wait to be written down.";
        text.gauge("kith_journal_queue_length", help, journal.waiting() as f64);
        text.counter(
            "kith_journal_lost_total",
            "Decisions of delivered mail that were not written down.",
            journal.lost(),
        );
    }
    if let Some(archived) = filter.archived() {
        archive(&mut text, archived);
    }
    if let Some(baselines) = filter.baselines() {
        baseline(&mut text, &baselines.state());
    }
    detectors(&mut text, &filter.health());
    labels_and_process(&mut text, console);
    text.0
}

fn archive(text: &mut Exposition, counts: archive::Counts) {
    text.counter("kith_archive_kept_total", "Messages that were archived.", counts.kept);
    text.counter("kith_archive_lost_total", "Messages that could not be archived.", counts.lost);
    text.counter("kith_archive_too_long_total", "Messages too long to be archived.", counts.too_long);
    text.gauge("kith_archive_bytes", "Bytes of the archive, as it was last written.", counts.bytes as f64);
}

fn messages(text: &mut Exposition, counted: &Counted) {
    text.family("kith_messages_total", "counter", "Messages decided on, by what was decided and done.");
    for (sort, count) in &counted.messages {
        let labels = [
            ("verdict", sort.verdict),
            ("action", sort.action),
            ("category", sort.category),
            ("direction", sort.direction),
        ];
        text.sample("kith_messages_total", &labels, *count as f64);
    }
    text.counter("kith_message_bytes_total", "Bytes of these messages.", counted.bytes);
    text.family("kith_gaps_total", "counter", "What could not be known of messages, by what is missing.");
    for (missing, count) in &counted.gaps {
        text.sample("kith_gaps_total", &[("missing", missing)], *count as f64);
    }
    text.family("kith_alerts_total", "counter", "Messages that were alerts by their rarity, by sub-detector.");
    for (detector, count) in &counted.alerts {
        text.sample("kith_alerts_total", &[("detector", detector)], *count as f64);
    }
    text.family("kith_message_seconds", "histogram", "Seconds from the end of a message to its answer.");
    text.histogram("kith_message_seconds", &[], &counted.whole);
    text.family("kith_step_seconds", "histogram", "Seconds that each step took.");
    for (step, histogram) in &counted.steps {
        text.histogram("kith_step_seconds", &[("step", step)], histogram);
    }
    text.family("kith_score", "histogram", "Scores of inbound messages, in log-odds of an attack.");
    text.histogram("kith_score", &[], &counted.scores);
}

fn milter(text: &mut Exposition, counts: &Counts) {
    text.gauge("kith_milter_connections", "Connections of MTAs that are open.", counts.connections as f64);
    text.gauge("kith_milter_in_flight", "Messages that are being answered.", counts.in_flight as f64);
    text.gauge("kith_milter_in_flight_bytes", "Bytes of all messages in memory.", counts.in_flight_bytes as f64);
    let totals = [
        ("connections", "Connections that were accepted.", counts.connections_total),
        ("messages", "Messages that ended, whatever was answered.", counts.messages_total),
        ("overdue", "Messages whose answer did not come in time.", counts.overdue_total),
        ("panics", "Messages whose filter panicked.", counts.panics_total),
        ("beyond_limit", "Messages beyond a limit.", counts.beyond_total),
        ("overload", "Messages for which there was no room.", counts.overload_total),
        ("abandoned", "Messages whose MTA went away before the answer.", counts.abandoned_total),
        ("faults", "Connections closed for a violation of the protocol.", counts.faults_total),
    ];
    for (name, help, total) in totals {
        text.counter(&format!("kith_milter_{name}_total"), help, total);
    }
}

fn baseline(text: &mut Exposition, state: &State) {
    text.gauge("kith_baseline_queue_length", "Messages that wait to be learned.", state.queued as f64);
    text.gauge("kith_baseline_pending_bytes", "Bytes learned that wait to be on disk.", state.pending_bytes as f64);
    text.gauge("kith_baseline_writable", "Whether the store takes writes.", f64::from(u8::from(state.writable)));
    let totals = [
        ("learned", "Messages ever learned.", state.learned),
        ("dropped", "Messages that were not learned.", state.dropped),
        ("write_errors", "Groups that could not be written.", state.write_errors),
        ("unreadable", "Records that could not be read and began anew.", state.unreadable),
    ];
    for (name, help, total) in totals {
        text.counter(&format!("kith_baseline_{name}_total"), help, total);
    }
    text.gauge("kith_baseline_untold", "Records that the other hosts were not told of yet.", state.untold as f64);
    if let Some(answers) = state.shared {
        let help = "Whether the store that several hosts share answers.";
        text.gauge("kith_baseline_shared_answers", help, f64::from(u8::from(answers)));
    }
}

/// The detectors that spoke in the last day, and those of which something is the matter: a feed has more than a thousand.
fn detectors(text: &mut Exposition, rows: &[Row]) {
    let shown = || rows.iter().filter(|row| row.last_day > 0 || row.state > Health::Usual);
    let mut each = |name: &str, kind: &str, help: &str, ask: &dyn Fn(&Row) -> Option<f64>| {
        text.family(name, kind, help);
        for row in shown() {
            if let Some(value) = ask(row) {
                text.sample(name, &[("detector", &row.name), ("sort", row.sort)], value);
            }
        }
    };
    each("kith_detector_spoke_total", "counter", "Messages against which a detector spoke.", &|r| Some(r.spoke as f64));
    let help = "Messages whose verdict would have been another without a detector.";
    each("kith_detector_decisive_total", "counter", help, &|row| Some(row.decisive as f64));
    let help = "How often a detector spoke in the last hour.";
    each("kith_detector_last_hour", "gauge", help, &|row| Some(f64::from(row.last_hour)));
    let help = "How often a detector was expected to speak in the last hour.";
    each("kith_detector_expected", "gauge", help, &|row| row.expected);
    let help = "Population stability index of a detector's values.";
    each("kith_detector_drift", "gauge", help, &|row| row.drift);
    let help = "Labelled messages of the last month that are safe and against which a detector spoke.";
    each("kith_detector_labels_safe", "gauge", help, &|row| Some(f64::from(row.labels_safe)));
    let help = "Labelled messages of the last month that are attacks and against which a detector spoke.";
    each("kith_detector_labels_attack", "gauge", help, &|row| Some(f64::from(row.labels_attack)));
    text.family("kith_detectors", "gauge", "Detectors, by how they fare.");
    for state in [Health::Learning, Health::Usual, Health::Drifted, Health::Alert, Health::Muted] {
        let count = rows.iter().filter(|row| row.state == state).count();
        text.sample("kith_detectors", &[("state", state.name())], count as f64);
    }
    slowest_rules(text, rows);
}

/// How long the rules take that cost most.
fn slowest_rules(text: &mut Exposition, rows: &[Row]) {
    let mut timed: Vec<(&Row, &Latency)> = rows.iter().filter_map(|row| Some((row, row.latency.as_ref()?))).collect();
    timed.sort_by(|(_, a), (_, b)| b.seconds().total_cmp(&a.seconds()));
    text.family(
        "kith_rule_seconds",
        "histogram",
        "Seconds that a rule took, of those that cost most, in a sample of messages.",
    );
    for (row, latency) in timed.into_iter().take(RULES_TIMED_MAX) {
        for (bound, below) in latency.cumulated() {
            let bound = if bound.is_finite() { bound.to_string() } else { "+Inf".to_owned() };
            text.sample("kith_rule_seconds_bucket", &[("rule", &row.name), ("le", &bound)], below as f64);
        }
        text.sample("kith_rule_seconds_sum", &[("rule", &row.name)], latency.seconds());
        text.sample("kith_rule_seconds_count", &[("rule", &row.name)], latency.runs() as f64);
    }
}

fn labels_and_process(text: &mut Exposition, console: &Console) {
    text.family("kith_labels", "gauge", "What people said of decisions, by label and category.");
    let counts = console.labels.counts().unwrap_or_else(|error| {
        log::warn!("metrics lack the labels, which cannot be read: {error}");
        BTreeMap::new()
    });
    for ((label, category), count) in counts {
        text.sample("kith_labels", &[("label", &label), ("category", &category)], count as f64);
    }
    text.gauge(
        "process_start_time_seconds",
        "When the program started, in seconds since 1970.",
        console.started.0 as f64 / 1e3,
    );
    if let Some(bytes) = resident_bytes() {
        text.gauge("process_resident_memory_bytes", "Memory that the program occupies.", bytes as f64);
    }
}

/// Bytes of memory that this process occupies; `None` where the system does not tell.
pub(super) fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().trim_end_matches("kB").trim().parse::<u64>().ok().map(|kib| kib * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_as_the_format_wants() {
        let mut text = Exposition::default();
        text.counter("a_total", "Help.", 3);
        text.sample("b", &[("x", "a\"b\\c\nd"), ("y", "")], 0.25);
        text.histogram("c", &[("s", "t")], &Histogram { bounds: &[0.5, 2.0], counts: vec![1, 0, 2], sum: 7.5 });
        let expected = "# HELP a_total Help.\n# TYPE a_total counter\na_total 3\n\
            b{x=\"a\\\"b\\\\c\\nd\",y=\"\"} 0.25\n\
            c_bucket{s=\"t\",le=\"0.5\"} 1\nc_bucket{s=\"t\",le=\"2\"} 1\nc_bucket{s=\"t\",le=\"+Inf\"} 3\n\
            c_sum{s=\"t\"} 7.5\nc_count{s=\"t\"} 3\n";
        assert_eq!(text.0, expected);
        assert!(resident_bytes().is_some_and(|bytes| bytes > 1_000_000));
    }
}
