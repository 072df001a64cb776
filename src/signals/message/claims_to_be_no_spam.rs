//! It says of itself that it is no spam.

use crate::mail::Category;
use crate::signals::Signal;

const PHRASES: &[&str] = &[
    "this is not spam",
    "this is not a spam",
    "not spam",
    "not unsolicited",
    "not an unsolicited",
    "never spam",
    "we do not spam",
    "we don't spam",
    "anti-spam policy",
    "no spam policy",
    "spam policy",
    "strict anti-spam",
    "we hate spam",
    "against spam",
    "not considered spam",
    "cannot be considered spam",
    "can not be considered spam",
    "considered spam",
    "bill s. 1618",
    "s. 1618",
    "section 301",
    "title iii",
    "title 3",
    "105th congress",
    "u.s. congress",
    "decree",
    "can-spam",
    "can spam act",
    "in compliance with",
    "this message complies",
    "this mailing complies",
    "this email complies",
    "complies with",
    "under bill",
    "proposed united states federal",
    "you have opted in",
    "you opted in",
    "you opted-in",
    "opted-in",
    "opt-in",
    "opt in",
    "double opt-in",
    "you subscribed",
    "you requested",
    "you have requested",
    "you signed up",
    "at your request",
    "your request for",
    "you have expressed",
    "expressed interest",
    "expressed an interest",
    "one time mailing",
    "one-time mailing",
    "one time message",
    "one time email",
    "one-time email",
    "one time only",
    "this is a one time",
    "never be contacted again",
    "will not be contacted",
    "not be contacted again",
    "no further contact",
    "sent to you because",
    "sent in error",
    "received this in error",
    "received this message in error",
    "received this email in error",
    "if this reached you in error",
    "if you are not interested",
    "if you're not interested",
    "we apologize",
    "sorry for the intrusion",
    "sorry to bother",
    "excuse the intrusion",
    "please delete this",
    "simply delete",
    "just delete",
    "hit delete",
    "marketing partner*",
    "partner site*",
    "partner web site*",
    "our partners",
    "affiliate*",
    "third party offer*",
    "sponsored",
    "advertisement",
    "this is an advertisement",
    "adv",
];

pub(super) const SIGNAL: Signal = Signal::of_phrases(
    "it says of itself that it is no spam",
    "Only bulk mail that nobody asked for says so. Number of distinct phrases.",
    PHRASES,
)
.of(Category::Spam);

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_denial_is_seen() {
        check(
            module_path!(),
            mail().text("This is not spam! In compliance with Bill S.1618, this is a one-time mailing."),
            Some(6.0),
        );
        check(module_path!(), mail(), Some(0.0));
    }
}
