//! It asks to click.

use crate::mail::Category;
use crate::signals::Signal;

const PHRASES: &[&str] = &[
    "click here",
    "click below",
    "click this",
    "click on",
    "click the",
    "click now",
    "click to",
    "just click",
    "simply click",
    "please click",
    "clicking here",
    "clicking below",
    "clicking on",
    "clicking the",
    "click the link",
    "click on the link",
    "click this link",
    "click the button",
    "click the link below",
    "click here now",
    "click here to",
    "follow the link",
    "follow this link",
    "following link",
    "link below",
    "links below",
    "button below",
    "visit our website",
    "visit our web site",
    "visit our site",
    "visit us at",
    "go to http",
    "visit http",
    "copy and paste",
    "cut and paste",
    "paste the link",
    "tap here",
    "tap the",
    "press here",
    "press the button",
    "use the link",
    "use this link",
    "aol users",
    "aol user",
    "to view this email",
    "view in browser",
    "view this email in",
    "having trouble viewing",
    "cannot see images",
    "can't see this",
    "activate now",
    "continue here",
    "proceed here",
    "access here",
    "learn more",
    "read more",
    "more info",
    "more information",
    "find out more",
    "see more",
    "get started",
    "start now",
    "try now",
    "join now",
    "sign up now",
    "sign up",
    "register now",
    "apply now",
    "reply now",
    "call now",
    "hier klicken",
    "klicken sie",
    "klicken sie hier",
    "auf den link",
    "folgenden link",
    "zum link",
    "cliquez ici",
    "cliquez",
    "cliquer ici",
    "cliquer sur",
    "lien ci-dessous",
    "lien suivant",
    "haga clic",
    "haz clic",
    "clic aquí",
    "pulse aquí",
    "siguiente enlace",
    "enlace",
    "clicca qui",
    "clicca",
    "klik hier",
];

pub(super) const SIGNAL: Signal =
    Signal::of_phrases("it asks to click", "For links that lead elsewhere. Number of distinct phrases.", PHRASES)
        .of(Category::CredentialPhishing);

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_link_to_click_is_seen() {
        check(module_path!(), mail().text("Click here: follow the link below"), Some(3.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
