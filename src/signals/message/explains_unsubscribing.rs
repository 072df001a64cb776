//! It explains how to be removed from a list.

use crate::mail::Category;
use crate::signals::Signal;

const PHRASES: &[&str] = &[
    "unsubscribe",
    "unsubscribed",
    "unsubscribing",
    "to unsubscribe",
    "click here to unsubscribe",
    "opt out",
    "opt-out",
    "optout",
    "opting out",
    "opted out",
    "remove me",
    "remove your email",
    "remove your name",
    "remove yourself",
    "to be removed",
    "be removed from",
    "removed from our",
    "removed from this",
    "removed from future",
    "removal instructions",
    "removal link",
    "remove in the subject",
    "remove in subject",
    "word remove",
    "with remove",
    "\"remove\"",
    "removed promptly",
    "removal requests",
    "removal request",
    "remove list",
    "permanently remove*",
    "taken off",
    "take me off",
    "take you off",
    "off our list",
    "off this list",
    "from our list",
    "from our mailing list",
    "from our database",
    "from this list",
    "from future mailings",
    "future mailings",
    "future mailing",
    "further mailings",
    "further emails",
    "further mail",
    "receive further",
    "stop receiving",
    "no longer wish to receive",
    "no longer wish to",
    "do not wish to receive",
    "don't wish to receive",
    "prefer not to receive",
    "rather not receive",
    "not receive future",
    "not interested in receiving",
    "manage your subscription*",
    "email preferences",
    "manage preferences",
    "update your preferences",
    "mailing preferences",
    "subscription preferences",
    "you are receiving this",
    "you're receiving this",
    "you are receiving this email because",
    "you received this",
    "you have received this",
    "you received this email because",
    "this email was sent to",
    "this message was sent to",
    "this e-mail was sent to",
    "this mailing",
    "not wish to receive",
    "abmelden",
    "abbestellen",
    "abmeldung",
    "newsletter abbestellen",
    "austragen",
    "aus dem verteiler",
    "se désabonner",
    "désabonner",
    "désinscri*",
    "désinscription",
    "ne plus recevoir",
    "darse de baja",
    "cancelar su suscripción",
    "cancelar suscripción",
    "dejar de recibir",
    "annulla l'iscrizione",
    "uitschrijven",
];

pub(super) const SIGNAL: Signal = Signal::of_phrases(
    "it explains how to be removed from a list",
    "For bulk mail. Number of distinct phrases.",
    PHRASES,
)
.of(Category::Spam);

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn ways_out_are_seen() {
        check(
            module_path!(),
            mail().text("To be removed from our mailing list reply with REMOVE in the subject"),
            Some(6.0),
        );
        check(module_path!(), mail(), Some(0.0));
    }
}
