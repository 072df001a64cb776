//! It asks to keep something secret.

use crate::mail::Category;
use crate::signals::{Attack, Signal};

const PHRASES: &[&str] = &[
    "closing the acquisition",
    "the acquisition",
    "takeover",
    "must not be talked",
    "not to discuss",
    "no one else",
    "nobody else",
    "our lawyers",
    "until the announcement",
    "strictly confidential",
    "highly confidential",
    "utmost confidential*",
    "utmost secrecy",
    "top secret",
    "absolute secrecy",
    "absolute confidentiality",
    "confidential matter",
    "confidential transaction",
    "confidential business",
    "confidential deal",
    "confidential acquisition",
    "confidential project",
    "confidential request",
    "treat this as confidential",
    "treat as confidential",
    "treat with confidential*",
    "treat this with",
    "keep this confidential",
    "keep it confidential",
    "keep confidential",
    "keep this between us",
    "keep it between us",
    "between you and me",
    "between us only",
    "between the two of us",
    "just between us",
    "keep this secret",
    "keep it secret",
    "keep it to yourself",
    "keep this to yourself",
    "do not tell anyone",
    "don't tell anyone",
    "do not discuss this",
    "don't discuss this",
    "do not share this with",
    "do not mention this",
    "tell nobody",
    "no one else should know",
    "not to be disclosed",
    "do not disclose",
    "don't let anyone know",
    "do not let anyone know",
    "discreet",
    "discretion",
    "discreetly",
    "secrecy",
    "in confidence",
    "private matter",
    "sensitive matter",
    "sensitive nature",
    "non-disclosure",
    "nda",
    "m&a",
    "merger",
    "acquisition of a company",
    "streng vertraulich",
    "streng vertraulichen",
    "vertraulich behandeln",
    "absolut vertraulich",
    "diskretion",
    "stillschweigen",
    "strictement confidentiel",
    "strictement confidentielle",
    "confidentialité",
    "discrétion",
    "estrictamente confidencial",
    "máxima discreción",
    "confidencialidad",
];

pub(super) const SIGNAL: Signal = Signal::of_phrases(
    "it asks to keep something secret",
    "For executives' secret deals and advance-fee letters. Number of distinct phrases.",
    PHRASES,
)
.of(Category::BusinessEmailCompromise)
.against(&[Attack::GiftCards]);

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn secrecy_is_seen() {
        check(module_path!(), mail().text("This is strictly confidential, keep it between us."), Some(2.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
