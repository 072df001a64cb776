//! It asks whether the reader is there for a small task.

use crate::mail::Category;
use crate::signals::{Attack, Signal};

const PHRASES: &[&str] = &[
    "please do not call",
    "do not call me",
    "my phone is off",
    "phone is off",
    "i am travelling",
    "i am traveling",
    "i am on a flight",
    "away from my desk",
    "are you available",
    "are you at your desk",
    "are you at the office",
    "are you in the office",
    "are you around",
    "are you free",
    "are you busy",
    "are you there",
    "are you less busy",
    "let me know if you are available",
    "let me know when you are available",
    "let me know if you're available",
    "if you are available",
    "are you unoccupied",
    "do you have a moment",
    "do you have a minute",
    "do you have a second",
    "got a minute",
    "got a moment",
    "have a moment",
    "a quick favor",
    "quick favor",
    "quick favour",
    "a favor",
    "need a favor",
    "do me a favor",
    "a small favor",
    "a quick task",
    "quick task",
    "a task for you",
    "urgent task",
    "need you to handle",
    "need you to take care",
    "need you to run",
    "an errand",
    "run an errand",
    "something i need you to",
    "can you handle",
    "can you help me with something",
    "can i count on you",
    "assist me with",
    "need your assistance",
    "need your help with something",
    "i need your help",
    "in a meeting right now",
    "in a meeting now",
    "i'm in a meeting",
    "i am in a meeting",
    "currently in a meeting",
    "going into a meeting",
    "stuck in a meeting",
    "conference call right now",
    "can't talk",
    "cannot talk",
    "can't take calls",
    "can't call",
    "no calls",
    "unable to talk",
    "not able to take calls",
    "just reply my email",
    "just reply to my email",
    "reply by email",
    "only by email",
    "reply as soon as you get this",
    "once you get this",
    "when you get this",
    "when you see this",
    "sent from my mobile",
    "get back to me",
    "kurze frage",
    "sind sie im büro",
    "bist du im büro",
    "bist du da",
    "sind sie verfügbar",
    "haben sie kurz zeit",
    "hast du kurz zeit",
    "kurze aufgabe",
    "bin in einer besprechung",
    "bin im meeting",
    "êtes-vous disponible",
    "es-tu disponible",
    "êtes-vous au bureau",
    "je suis en réunion",
    "un petit service",
    "estás disponible",
    "está disponible",
    "estoy en una reunión",
    "un favor",
    "necesito tu ayuda",
];

pub(super) const SIGNAL: Signal = Signal::of_phrases(
    "it asks whether the reader is there for a small task",
    "The opening of business e-mail compromise, before it says what it wants. Number of distinct phrases.",
    PHRASES,
)
.of(Category::BusinessEmailCompromise)
.prior(1.25)
.against(&[Attack::Reconnaissance, Attack::GiftCards]);

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn the_opening_question_is_seen() {
        check(
            module_path!(),
            mail().text("Are you available? I need you to handle a quick task. I am in a meeting."),
            Some(5.0),
        );
        check(module_path!(), mail(), Some(0.0));
    }
}
