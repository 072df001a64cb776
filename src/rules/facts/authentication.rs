//! What was proved, and what hosts on the way say they proved.

use crate::auth::{AuthResults, DkimSignature, DmarcCheck, DmarcPolicy, Outcome, SpfCheck};
use crate::mail::Domain;
use crate::rules::evaluate::{Value, object};
use crate::rules::schema::Object;

use super::address;

fn passes<'m>(outcome: Outcome) -> Value<'m> {
    if outcome == Outcome::None { Value::ABSENT } else { Value::Boolean(outcome == Outcome::Pass) }
}

/// What our own checks proved; with none, nothing of it can be known.
pub(super) fn summary<'m>(auth: Option<&'m AuthResults>) -> Value<'m> {
    let Some(auth) = auth.filter(|auth| auth.are_known()) else {
        return Value::lacking("nothing was authenticated");
    };
    object(Object::AuthSummary, move |name| match name {
        "spf" => object(Object::SpfSummary, move |name| match name {
            "pass" => passes(auth.spf.outcome),
            "error" => Value::Boolean(matches!(auth.spf.outcome, Outcome::TempError | Outcome::PermError)),
            _ => spf(&auth.spf),
        }),
        _ => object(Object::DmarcSummary, move |name| match name {
            "pass" => passes(auth.dmarc.outcome),
            _ => dmarc(&auth.dmarc),
        }),
    })
}

/// An SPF check.
fn spf<'m>(check: &SpfCheck) -> Value<'m> {
    let check = check.clone();
    object(Object::SpfDetails, move |name| match name {
        "verdict" => Value::text(check.outcome.name()),
        "designator" => Value::maybe(check.domain.as_ref(), Domain::as_text),
        _ => Value::ABSENT,
    })
}

fn dmarc<'m>(check: &DmarcCheck) -> Value<'m> {
    let check = check.clone();
    object(Object::DmarcDetails, move |name| match name {
        "verdict" => Value::text(check.outcome.name()),
        "policy" => Value::text(match check.policy {
            DmarcPolicy::None => "none",
            DmarcPolicy::Quarantine => "quarantine",
            DmarcPolicy::Reject => "reject",
        }),
        _ => Value::maybe(check.domain.as_ref(), address::domain),
    })
}

/// A domain as text.
trait AsText {
    fn as_text<'m>(&self) -> Value<'m>;
}

impl AsText for Domain {
    fn as_text<'m>(&self) -> Value<'m> {
        Value::text(self.as_str())
    }
}

fn signature<'m>(signature: &DkimSignature) -> Value<'m> {
    let signature = signature.clone();
    object(Object::Signature, move |name| match name {
        "domain" => Value::maybe(signature.domain.as_ref(), Domain::as_text),
        "selector" => Value::text_or_absent(&signature.selector),
        "verdict" => Value::text(signature.outcome.name()),
        _ => Value::ABSENT,
    })
}

/// What the host of a hop says it checked, from its Authentication-Results field.
pub(super) fn claims<'m>(auth: AuthResults, field: &str) -> Value<'m> {
    let field = field.to_ascii_lowercase();
    object(Object::HopResults, move |name| {
        let outcome = |method: &str, outcome: Outcome| match stated(&field, method) {
            // A word that only one vendor uses, such as bestguesspass, is given as it stands.
            Some(word) => Value::text(word),
            None if outcome == Outcome::None => Value::ABSENT,
            None => Value::text(outcome.name()),
        };
        match name {
            "spf" => outcome("spf", auth.spf.outcome),
            "dkim" => outcome("dkim", auth.dkim.first().map_or(Outcome::None, |signature| signature.outcome)),
            "dmarc" => outcome("dmarc", auth.dmarc.outcome),
            "spf_details" => spf(&auth.spf),
            "dkim_details" => Value::list(auth.dkim.iter().map(signature)),
            "dmarc_details" => dmarc(&auth.dmarc),
            _ => Value::maybe(stated(&field, "compauth"), |verdict| {
                let (verdict, reason) = (verdict.to_owned(), stated(&field, "reason").map(str::to_owned));
                object(Object::CompositeResult, move |name| match name {
                    "verdict" => Value::text(&verdict),
                    _ => Value::maybe(reason.as_ref(), Value::text),
                })
            }),
        }
    })
}

/// The word behind `method=`.
fn stated<'a>(field: &'a str, method: &str) -> Option<&'a str> {
    let mut rest = field;
    while let Some(at) = rest.find(method) {
        let begins = at == 0 || rest[..at].ends_with([' ', ';', '\t', '(']);
        rest = &rest[at + method.len()..];
        if let Some(value) = rest.strip_prefix('=').filter(|_| begins) {
            let end = value.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(value.len());
            return Some(&value[..end]).filter(|word| !word.is_empty());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stated_result_is_read() {
        let field = "mx.example; spf=pass smtp.mailfrom=a.example; dmarc=bestguesspass compauth=pass reason=109";
        assert_eq!(stated(field, "dmarc"), Some("bestguesspass"));
        assert_eq!(stated(field, "compauth"), Some("pass"));
        assert_eq!(stated(field, "reason"), Some("109"));
        assert_eq!(stated(field, "dkim"), None);
        assert_eq!(stated("x-spf=pass", "spf"), None);
    }
}
