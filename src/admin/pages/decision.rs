//! One decision: what it was about, why it was made, and what people say of it.

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;

use super::super::console::Console;
use super::super::guard::Person;
use super::super::held::Actor;
use super::super::labels::Said;
use super::super::reply::{Refused, failed, message, page, see_other};
use super::super::shown::{visible, visible_lines};
use super::super::users::Role;
use super::decisions::encoded;
use super::{Choice, Frame, Tab};
use crate::decision::{DecisionId, Reason, Verdict};
use crate::filter::{direction_name, worded};
use crate::journal::Entry;
use crate::labels::Label;
use crate::mail::Category;

/// Half the width of the chart.
const HALF: f32 = 100.0;
/// Recipients that are shown one by one.
const RECIPIENTS_MAX: usize = 10;

/// A label and a text, with a page about it where there is one.
struct Fact {
    label: String,
    text: String,
    link: String,
}

impl Fact {
    fn new(label: impl Into<String>, text: &str) -> Self {
        Self { label: label.into(), text: visible(text).into_owned(), link: String::new() }
    }

    fn linked(mut self, key: &str) -> Self {
        self.link = format!("/relations?key={}", encoded(key));
        self
    }
}

/// A contribution with its place in the chart.
struct Part {
    name: String,
    because: String,
    points: String,
    side: &'static str,
    from: String,
    width: String,
}

struct LabelShown {
    words: String,
    who: String,
    how: String,
    at: String,
    note: String,
}

/// Where it stands in the navigation.
pub(super) const TAB: Option<Tab> = None;

/// Its routes.
pub(super) fn routes() -> Router<Arc<Console>> {
    Router::new().route("/decisions/{id}", get(show)).route("/decisions/{id}/label", post(label))
}

#[derive(Template)]
#[template(path = "decision.html", config = "src/admin/askama.toml")]
struct DecisionPage {
    frame: Frame,
    id: String,
    verdict: &'static str,
    category: String,
    done: String,
    score: String,
    facts: Vec<Fact>,
    entries: Vec<Reason>,
    parts: Vec<Part>,
    gaps: Vec<Fact>,
    labels: Vec<LabelShown>,
    may_label: bool,
    categories: Vec<Choice>,
    explained: String,
    making: Vec<Fact>,
    is_kept: bool,
}

/// The decision of an id in an address, or a page that says no.
fn parse(id: &str) -> Result<DecisionId, Refused> {
    DecisionId::parse(id).ok_or_else(|| message(StatusCode::NOT_FOUND, "This is no decision's id.").into())
}

async fn show(
    person: Person,
    State(console): State<Arc<Console>>,
    Path(id): Path<String>,
) -> Result<Response, Response> {
    let id = parse(&id)?;
    let made = tokio::task::spawn_blocking(move || {
        let Some(entry) = console.index.entry(id)? else { return Ok(None) };
        let labels = console.labels.of(id)?;
        let explained = console.filter().explain(&entry);
        let is_kept = console.kept(id).is_ok();
        let page = shown(&person, &entry, &labels, &explained);
        Ok::<_, std::io::Error>(Some(DecisionPage { is_kept, ..page }))
    });
    let made = made.await.map_err(|error| failed(&error))?.map_err(|error| failed(&error))?;
    let gone = || message(StatusCode::NOT_FOUND, "The journal holds no such decision, or not any more.");
    made.map(|made| page(&made)).ok_or_else(gone)
}

fn shown(person: &Person, entry: &Entry, labels: &[Label], explained: &str) -> DecisionPage {
    let decision = worded(entry);
    let (entries, parts): (Vec<Reason>, Vec<Reason>) =
        decision.reasons.into_iter().partition(|reason| reason.contribution == 0.0);
    let category = entry.category.map_or("", Category::name);
    DecisionPage {
        frame: Frame::of(person, "decisions"),
        id: entry.id.to_string(),
        verdict: entry.verdict.name(),
        category: if category.is_empty() { String::new() } else { format!("as {}", category.replace('_', " ")) },
        done: done(entry),
        score: score(entry),
        facts: facts(entry),
        entries: entries.into_iter().map(safe_reason).collect(),
        parts: chart(entry.base, parts, entry.score),
        gaps: entry.gaps.iter().map(|gap| Fact::new(gap.missing.name(), &gap.why)).collect(),
        labels: labels.iter().map(label_shown).collect(),
        may_label: person.role >= Role::Operator,
        categories: Choice::list(Category::ALL.map(Category::name), category),
        explained: visible_lines(explained),
        making: making(entry),
        is_kept: false,
    }
}

fn safe_reason(reason: Reason) -> Reason {
    let (name, because) = (visible(&reason.name).into_owned(), visible(&reason.because).into_owned());
    Reason { name, because, ..reason }
}

fn label_shown(label: &Label) -> LabelShown {
    let safe = |text: &str| visible(text).into_owned();
    LabelShown {
        words: safe(&label.words().replace('_', " ").replace(':', ": ")),
        who: safe(&label.who),
        how: label.how.name().to_owned(),
        at: safe(&label.at),
        note: safe(label.note.as_deref().unwrap_or_default()),
    }
}

fn done(entry: &Entry) -> String {
    match entry.action {
        action if action == entry.verdict => "This was done".to_owned(),
        Verdict::Accept => "The policy only monitors: the message was accepted".to_owned(),
        action => format!("Instead, {} was done", action.name()),
    }
}

fn score(entry: &Entry) -> String {
    let Some(score) = entry.score else { return "There is no score.".to_owned() };
    let probability = entry.probability.map_or_else(String::new, |p| format!(", a probability of {:.1} %", p * 100.0));
    let threshold = match entry.threshold {
        Some(threshold) if entry.verdict == Verdict::Accept => format!("; the next threshold is {threshold:.2}"),
        Some(threshold) => format!("; the threshold is {threshold:.2}"),
        None => "; no threshold is set".to_owned(),
    };
    format!("Score {score:+.3}{probability}{threshold}.")
}

fn facts(entry: &Entry) -> Vec<Fact> {
    let envelope = &entry.envelope;
    let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "none".to_owned());
    let mut facts = vec![
        Fact::new("At", &entry.at),
        Fact::new("Subject", &or_none(&entry.subject)),
        match &entry.author {
            Some(author) => Fact::new("From", author).linked(author),
            None => Fact::new("From", "none"),
        },
        match &envelope.sender {
            Some(sender) => Fact::new("Envelope sender", sender).linked(sender),
            None => Fact::new("Envelope sender", "none (a bounce)"),
        },
    ];
    let from = entry.author.as_ref().or(envelope.sender.as_ref());
    for recipient in envelope.recipients.iter().take(RECIPIENTS_MAX) {
        let key = from.map_or_else(|| recipient.clone(), |from| format!("{from}:{recipient}"));
        facts.push(Fact::new("To", recipient).linked(&key));
    }
    let named = envelope.recipients.len().min(RECIPIENTS_MAX);
    if envelope.recipient_count > named {
        facts.push(Fact::new("And", &format!("{} more recipients", envelope.recipient_count - named)));
    }
    facts.extend([
        Fact::new("Direction", direction_name(entry.direction)),
        Fact::new("Message-ID", &or_none(&entry.message_id)),
        Fact::new("Queue id", &or_none(&entry.queue_id)),
        Fact::new("Client", &envelope.client.map_or_else(|| "none".to_owned(), |client| client.to_string())),
        Fact::new("Client's name", &or_none(&envelope.client_name)),
        Fact::new("HELO", &or_none(&envelope.helo)),
        Fact::new("Login", &or_none(&envelope.login)),
        Fact::new("Bytes", &entry.bytes.to_string()),
    ]);
    facts.extend(proved(entry));
    facts
}

/// What the sender proved.
fn proved(entry: &Entry) -> Vec<Fact> {
    let auth = &entry.auth;
    if auth.source == "nobody" || auth.source.is_empty() {
        return vec![Fact::new("Proved", "nothing was checked")];
    }
    let dkim = if auth.dkim.is_empty() { "none".to_owned() } else { auth.dkim.join(", ") };
    vec![
        Fact::new("SPF", &auth.spf),
        Fact::new("DKIM", &dkim),
        Fact::new("DMARC", &auth.dmarc),
        Fact::new("ARC", &auth.arc),
        Fact::new("Checked by", &auth.source),
    ]
}

/// Base and contributions, scaled by the largest; then the sum.
fn chart(base: f32, parts: Vec<Reason>, score: Option<f32>) -> Vec<Part> {
    let Some(score) = score else { return Vec::new() };
    let word = |name: &str, contribution| Reason { name: name.to_owned(), because: name.to_owned(), contribution };
    let mut all = vec![word("before anything was known", base)];
    all.extend(parts);
    all.push(word("in all", score));
    let largest = all.iter().map(|part| part.contribution.abs()).filter(|size| size.is_finite()).fold(0.1, f32::max);
    all.into_iter()
        .map(|part| {
            let points = if part.contribution.is_finite() { part.contribution } else { 0.0 };
            let width = (points.abs() / largest * HALF).min(HALF);
            let (side, from) = if points < 0.0 { ("safe", HALF - width) } else { ("attack", HALF) };
            let points = format!("{:+.3}", part.contribution);
            let part = safe_reason(part);
            let (from, width) = (format!("{from:.1}"), format!("{width:.1}"));
            Part { name: part.name, because: part.because, points, side, from, width }
        })
        .collect()
}

fn making(entry: &Entry) -> Vec<Fact> {
    let mut facts: Vec<Fact> =
        entry.elapsed_us.0.iter().map(|(step, us)| Fact::new(step.clone(), &format!("{us} µs"))).collect();
    if let Some(rarity) = &entry.rarity {
        let alert = if rarity.alert { "an alert" } else { "no alert" };
        let (score, all) = (rarity.score, rarity.remembered);
        let text = format!("{alert} by {}: it dominates {score} of {all} remembered messages", rarity.detector);
        facts.push(Fact::new("Rarity", &text));
    }
    facts.extend([
        Fact::new("Model", &entry.digests.model),
        Fact::new("Signals", &entry.digests.signals),
        Fact::new("Policy", &entry.digests.policy),
    ]);
    facts
}

/// The form by which a decision is labelled. The category belongs to the button for an attack alone.
#[derive(Deserialize)]
pub(in crate::admin) struct Labelling {
    token: String,
    label: String,
    #[serde(default)]
    category: String,
    #[serde(default)]
    note: String,
}

async fn label(
    person: Person,
    State(console): State<Arc<Console>>,
    Path(id): Path<String>,
    Form(form): Form<Labelling>,
) -> Result<Response, Response> {
    person.sent(&form.token)?;
    person.may(Role::Operator)?;
    let id = parse(&id)?;
    let category = if form.label == "safe" { String::new() } else { form.category };
    let said = Said { label: form.label, category, note: form.note };
    let labelled = tokio::task::spawn_blocking(move || console.label(&Actor::from(&person), id, &said));
    labelled.await.map_err(|error| failed(&error))?.map_err(|undone| message(undone.status, &undone.why))?;
    Ok(see_other(&format!("/decisions/{id}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(name: &str, contribution: f32) -> Reason {
        Reason { name: name.into(), because: format!("{name}\u{202e}"), contribution }
    }

    #[test]
    fn the_chart_is_scaled_by_the_largest_part() {
        let parts = chart(-4.0, vec![reason("a", 2.0), reason("b", f32::NAN)], Some(-2.0));
        let shown: Vec<_> = parts.iter().map(|part| (part.side, part.from.as_str(), part.width.as_str())).collect();
        let expected = [
            ("safe", "0.0", "100.0"),
            ("attack", "100.0", "50.0"),
            ("attack", "100.0", "0.0"),
            ("safe", "50.0", "50.0"),
        ];
        assert_eq!(shown, expected);
        assert_eq!(parts[1].because, "a⟨U+202E⟩");
        assert!(chart(0.0, Vec::new(), None).is_empty());
    }

    #[test]
    fn what_is_not_there_is_said() {
        let entry = Entry::default();
        assert_eq!(score(&entry), "There is no score.");
        let facts = facts(&entry);
        let text = |label: &str| facts.iter().find(|fact| fact.label == label).map(|fact| fact.text.as_str());
        assert_eq!((text("From"), text("Envelope sender")), (Some("none"), Some("none (a bounce)")));
        assert_eq!((text("Direction"), text("Proved")), (Some("unknown"), Some("nothing was checked")));
    }
}
