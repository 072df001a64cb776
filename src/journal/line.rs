//! A decision as one line of the mail log.

use std::fmt::Write;

use super::Entry;

/// Longest line: syslog daemons cut at 1,024 bytes with time, host and tag (RFC 3164 §4.1).
const LINE_BYTES_MAX: usize = 900;
/// Longest single value.
const VALUE_BYTES_MAX: usize = 128;
/// Reasons named.
const REASONS_MAX: usize = 3;

/// The entry as `QUEUEID: id=…, from=<…>, to=<…>, nrcpt=2, verdict=hold, action=accept, category=…, score=5.21/4.60,
/// reasons=a+b, rules=c`: queue id first, for that is what people search the log by. Whatever comes from outside is cut, and
/// characters that could begin another line or another `key=value` are replaced by `?`.
pub fn line(entry: &Entry) -> String {
    let mut text = String::with_capacity(256);
    text.push_str(&value(entry.queue_id.as_deref().unwrap_or("NOQUEUE")));
    let _ = write!(text, ": id={}", entry.id);
    let _ = write!(text, ", from=<{}>", value(entry.envelope.sender.as_deref().unwrap_or("")));
    let _ = write!(text, ", to=<{}>", value(entry.envelope.recipients.first().map_or("", String::as_str)));
    if entry.envelope.recipient_count > 1 {
        let _ = write!(text, ", nrcpt={}", entry.envelope.recipient_count);
    }
    let _ = write!(text, ", verdict={}, action={}", entry.verdict.name(), entry.action.name());
    if let Some(category) = entry.category {
        let _ = write!(text, ", category={category}");
    }
    match (entry.score, entry.threshold) {
        (Some(score), Some(threshold)) => {
            let _ = write!(text, ", score={score:.2}/{threshold:.2}");
        }
        (Some(score), None) => {
            let _ = write!(text, ", score={score:.2}/none");
        }
        (None, _) => text.push_str(", score=unknown"),
    }
    let reasons: Vec<_> = entry.reasons.iter().take(REASONS_MAX).map(|reason| value(&reason.name)).collect();
    if !reasons.is_empty() {
        let _ = write!(text, ", reasons={}", reasons.join("+"));
    }
    let matched = entry.rules.iter().flat_map(|rules| &rules.matched);
    let matched: Vec<_> = matched.take(REASONS_MAX).map(|matched| value(&matched.rule)).collect();
    if !matched.is_empty() {
        let _ = write!(text, ", rules={}", matched.join("+"));
    }
    let gaps: Vec<_> = entry.gaps.iter().take(REASONS_MAX).map(|gap| gap.missing.name()).collect();
    if !gaps.is_empty() {
        let _ = write!(text, ", gaps={}", gaps.join("+"));
    }
    text.truncate(LINE_BYTES_MAX);
    text
}

/// A value that stays one value.
fn value(text: &str) -> String {
    let harmless = |c: &char| c.is_ascii_graphic() && !",;<>\"'\\".contains(*c);
    text.chars().take(VALUE_BYTES_MAX).map(|c| if harmless(&c) { c } else { '?' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::{DecisionId, Reason};
    use crate::journal::entry::tests::sample;
    use crate::journal::{Named, Session};
    use crate::mail::Moment;

    fn id() -> DecisionId {
        DecisionId::new(Moment(1_700_000_000_000), 1)
    }

    fn check(entry: &Entry, expected: &str) {
        let text = line(entry);
        assert_eq!(text, expected);
        assert!(text.len() <= LINE_BYTES_MAX && text.bytes().all(|b| b == b' ' || b.is_ascii_graphic()));
    }

    #[test]
    fn the_queue_id_stands_first() {
        check(
            &sample(id()),
            "4Xyz: id=01HF7YAT000000000000000001, from=<bounce@example.org>, to=<anna@own.example>, verdict=hold, \
             action=accept, category=credential_phishing, score=5.25/4.60, \
             reasons=signal_number_0+signal_number_1+signal_number_2, gaps=spf",
        );
        let bare = "NOQUEUE: id=01HF7YAT000000000000000001, from=<>, to=<>, verdict=accept, action=accept, score=";
        check(&Entry { id: id(), ..Entry::default() }, &format!("{bare}unknown"));
        check(&Entry { id: id(), score: Some(-1.0), ..Entry::default() }, &format!("{bare}-1.00/none"));
    }

    #[test]
    fn nobody_can_forge_a_line() {
        let envelope = Session {
            sender: Some("a\nB: verdict=accept, x=<b>@c.example".into()),
            recipients: vec!["ü\"@own.example".into()],
            recipient_count: 2,
            ..Session::default()
        };
        check(
            &Entry { id: id(), queue_id: Some("4\r\nX".into()), envelope, ..Entry::default() },
            "4??X: id=01HF7YAT000000000000000001, from=<a?B:?verdict=accept??x=?b?@c.example>, to=<??@own.example>, \
             nrcpt=2, verdict=accept, action=accept, score=unknown",
        );
    }

    #[test]
    fn lines_are_short() {
        let long = Some("x".repeat(VALUE_BYTES_MAX + 1));
        let reason = Reason { name: "r".repeat(200), because: String::new(), contribution: 1.0 };
        let mut entry = sample(id());
        entry.envelope.sender = long.clone();
        entry.envelope.recipients = long.clone().into_iter().collect();
        (entry.queue_id, entry.reasons, entry.signals) = (long, vec![reason; 9], Named::default());
        assert!(line(&entry).starts_with(&format!("{}: id=", "x".repeat(VALUE_BYTES_MAX))));
        assert!(line(&entry).len() <= LINE_BYTES_MAX);
    }
}
