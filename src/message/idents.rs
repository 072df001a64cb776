//! Message identifiers (RFC 5322 §3.6.4) and dates (RFC 5322 §3.3).

use mail_parser::DateTime;

use crate::mail::Moment;

/// Identifiers kept of one field: the threads of busy lists have a few hundred.
const IDS_MAX: usize = 500;

/// All identifiers of a field, without angle brackets and inner white space. Where no bracket stands, the first word
/// with an `@` counts: some programs leave them out.
pub(super) fn ids(value: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut rest = value;
    while let Some((_, after)) = rest.split_once('<') {
        let (id, after) = after.split_once('>').unwrap_or((after, ""));
        let id: String = id.chars().filter(|c| !c.is_whitespace()).collect();
        if !id.is_empty() && found.len() < IDS_MAX {
            found.push(id);
        }
        rest = after;
    }
    if found.is_empty() {
        found.extend(value.split_whitespace().find(|word| word.contains('@')).map(str::to_owned));
    }
    found
}

/// The identifier of a Message-ID field; the whole value where it has no usual form.
pub(super) fn id(value: &str) -> Option<String> {
    let whole = || value.trim().trim_matches(['<', '>']).to_owned();
    let id = ids(value).into_iter().next().unwrap_or_else(whole);
    (!id.is_empty()).then_some(id)
}

/// Reads a date. `None` where it is none, or lies outside what a mail can carry. Seconds may be missing (RFC 5322
/// §3.3), and a missing zone is taken for UTC, as old programs meant it.
pub(super) fn date(value: &str) -> Option<Moment> {
    let read = |text: &str| DateTime::parse_rfc822(text).filter(DateTime::is_valid);
    let date = read(value).or_else(|| read(&completed(value)))?;
    Some(Moment::from_secs(date.to_timestamp()))
}

/// The date with the seconds and the zone that it lacks.
fn completed(value: &str) -> String {
    let mut words: Vec<String> = value.split_whitespace().take(8).map(str::to_owned).collect();
    if let Some(at) = words.iter().position(|word| word.contains(':')) {
        if words[at].matches(':').count() == 1 {
            words[at].push_str(":00");
        }
        if words.len() == at + 1 {
            words.push("+0000".to_owned());
        }
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(input: &str, expected: &[&str]) {
        assert_eq!(ids(input), expected, "{input}");
    }

    #[test]
    fn identifiers_stand_in_angle_brackets() {
        check("<a@b>", &["a@b"]);
        check("<a@b> <c@d>\t<e@f>", &["a@b", "c@d", "e@f"]);
        check("Your message of Monday <a@b>", &["a@b"]);
        check("<broken@id", &["broken@id"]);
        check("<fol ded@id>", &["folded@id"]);
        check("naked@id", &["naked@id"]);
        check("<>", &[]);
        check("", &[]);
    }

    #[test]
    fn a_message_id_may_have_no_form() {
        assert_eq!(id("<a@b>").as_deref(), Some("a@b"));
        assert_eq!(id("12345").as_deref(), Some("12345"));
        assert_eq!(id(" "), None);
    }

    #[test]
    fn the_number_of_identifiers_has_a_limit() {
        assert_eq!(ids(&"<a@b>".repeat(IDS_MAX)).len(), IDS_MAX);
        assert_eq!(ids(&"<a@b>".repeat(IDS_MAX + 1)).len(), IDS_MAX);
    }

    fn check_date(input: &str, expected: Option<&str>) {
        assert_eq!(date(input).map(Moment::rfc3339).as_deref(), expected, "{input}");
    }

    #[test]
    fn dates_are_read_in_their_zone() {
        check_date("Fri, 21 Nov 1997 09:55:06 -0600", Some("1997-11-21T15:55:06Z"));
        check_date("21 Nov 97 09:55 GMT", Some("1997-11-21T09:55:00Z"));
        check_date("Wed, 15 Feb 1995 09:38:18", Some("1995-02-15T09:38:18Z"));
        check_date("Wed, 1 Jul 2026 00:00:00 +0200 (CEST)", Some("2026-06-30T22:00:00Z"));
        check_date("Tue, 99 Foo 2026 25:00:00 +0000", None);
        check_date("yesterday", None);
        check_date("", None);
    }
}
