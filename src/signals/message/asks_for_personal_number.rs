//! It asks to go on by telephone or messenger.

use crate::mail::Category;
use crate::signals::Signal;

const PHRASES: &[&str] = &[
    "your cell number",
    "your cell phone number",
    "your mobile number",
    "your phone number",
    "your personal number",
    "your direct number",
    "your whatsapp",
    "your whats app",
    "whatsapp number",
    "on whatsapp",
    "via whatsapp",
    "whatsapp me",
    "add me on whatsapp",
    "text me at",
    "text me on",
    "send me your number",
    "send your number",
    "send me your cell",
    "send me your mobile",
    "drop your number",
    "drop me your number",
    "your personal email",
    "your private email",
    "on telegram",
    "via telegram",
    "telegram channel",
    "on signal",
    "on skype",
    "google hangout*",
    "on hangouts",
    "my private number",
    "my personal number",
    "my personal email",
    "my private email",
    "private email address",
    "deine handynummer",
    "ihre handynummer",
    "ihre mobilnummer",
    "votre numéro de portable",
    "ton numéro",
    "votre numéro de téléphone",
    "tu número",
    "su número de teléfono",
    "número de whatsapp",
    "tu número de celular",
];

pub(super) const SIGNAL: Signal = Signal::of_phrases(
    "it asks to go on by telephone or messenger",
    "Attackers leave the mail for a channel that nobody filters. Number of distinct phrases.",
    PHRASES,
)
.of(Category::BusinessEmailCompromise)
.prior(1.5);

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn leaving_the_mail_is_seen() {
        check(module_path!(), mail().text("Send me your cell phone number, I will text you on WhatsApp."), Some(3.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
