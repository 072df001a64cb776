//! It speaks of an interview by chat or of writing to a recruiter elsewhere.

use crate::mail::Category;
use crate::signals::Signal;

const PHRASES: &[&str] = &[
    "interview via",
    "interview on telegram",
    "interview on whatsapp",
    "chat interview",
    "text interview",
    "interview by text",
    "via telegram",
    "on telegram",
    "telegram id",
    "via whatsapp",
    "on whatsapp",
    "through whatsapp",
    "whatsapp number",
    "on google hangouts",
    "via hangouts",
    "google chat",
    "on signal app",
    "add me on",
    "message me on",
    "text the hiring manager",
    "hiring manager on",
    "contact the hiring manager",
    "text your name",
    "text your full name",
    "briefing and interview",
    "online briefing",
    "instant start",
    "start immediately",
    "über telegram",
    "per whatsapp",
    "über whatsapp",
    "par whatsapp",
    "sur telegram",
    "por whatsapp",
    "por telegram",
];

pub(super) const SIGNAL: Signal = Signal::of_phrases(
    "it speaks of an interview by chat or of writing to a recruiter elsewhere",
    "Job scams hire by messenger and never meet. Number of distinct phrases.",
    PHRASES,
)
.of(Category::JobScam);

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn an_interview_by_chat_is_seen() {
        check(module_path!(), mail().text("Your interview via Telegram: add me on WhatsApp"), Some(3.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
