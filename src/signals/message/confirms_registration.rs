//! It confirms a registration or subscription.

use crate::signals::{Attack, Signal};

const PHRASES: &[&str] = &[
    "confirm your subscription",
    "confirm your registration",
    "confirm your email address",
    "confirm your e-mail address",
    "confirm your email",
    "verify your email address",
    "confirm subscription",
    "complete your registration",
    "activate your account",
    "activate your subscription",
    "thank you for subscribing",
    "thanks for subscribing",
    "thank you for signing up",
    "thanks for signing up",
    "thank you for registering",
    "thanks for registering",
    "thank you for joining",
    "thanks for joining",
    "welcome to our newsletter",
    "welcome to our mailing list",
    "you have been subscribed",
    "you have subscribed",
    "you are now subscribed",
    "you've been added to",
    "has been added to the mailing list",
    "your account has been created",
    "you have been registered",
    "bestätigen sie ihre anmeldung",
    "anmeldung bestätigen",
    "anmeldung zum newsletter",
    "danke für ihre anmeldung",
    "vielen dank für ihre anmeldung",
    "confirmez votre inscription",
    "merci de votre inscription",
    "confirme su suscripción",
    "confirma tu suscripción",
    "gracias por registrarte",
    "gracias por suscribirse",
];

pub(super) const SIGNAL: Signal = Signal::of_phrases(
    "it confirms a registration or subscription",
    "Honest houses write so once; a mail bomb is made of hundreds of them. Number of distinct phrases.",
    PHRASES,
)
.against(&[Attack::MailBomb, Attack::Bulk]);

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_confirmation_is_seen() {
        check(module_path!(), mail().text("Thanks for signing up! Confirm your subscription"), Some(2.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
