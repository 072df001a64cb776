//! It speaks of a second factor of login.

use crate::mail::Category;
use crate::signals::{Attack, Signal};

const PHRASES: &[&str] = &[
    "two-factor",
    "two factor",
    "2fa",
    "mfa",
    "multi-factor",
    "multi factor",
    "multifactor",
    "two-step verification",
    "2-step verification",
    "second factor",
    "authenticator app",
    "microsoft authenticator",
    "google authenticator",
    "re-authenticate",
    "reauthenticate",
    "re-enroll",
    "one-time passcode",
    "one-time password",
    "one time passcode",
    "security key enrollment",
    "authentication expires",
    "authentication has expired",
    "zwei-faktor*",
    "zweiter faktor",
    "authentifizierungs-app",
    "double authentification",
    "doble factor",
    "verificación en dos pasos",
];

pub(super) const SIGNAL: Signal = Signal::of_phrases(
    "it speaks of a second factor of login",
    "Codes and renewed logins are asked for in the name of security. Number of distinct phrases.",
    PHRASES,
)
.of(Category::CredentialPhishing)
.against(&[Attack::QrPhishing]);

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_second_factor_is_seen() {
        check(module_path!(), mail().text("Your multi-factor authentication expires: set up the authenticator app"), Some(3.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
