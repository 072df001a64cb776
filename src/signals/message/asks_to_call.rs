//! It asks to call by telephone.

use crate::mail::Category;
use crate::signals::Signal;

const PHRASES: &[&str] = &[
    "reach me on",
    "reach me at",
    "call us",
    "call us at",
    "call us on",
    "call us now",
    "call us today",
    "please call",
    "call now",
    "call today",
    "call immediately",
    "call our",
    "call the number",
    "call this number",
    "call toll free",
    "call toll-free",
    "call our support",
    "call customer",
    "call our customer",
    "call our help",
    "call our billing",
    "call support",
    "call me",
    "call me at",
    "call to cancel",
    "to cancel, call",
    "to cancel call",
    "to cancel please call",
    "contact us at",
    "contact us on",
    "contact our",
    "contact our support",
    "contact customer",
    "contact support",
    "contact our customer",
    "contact the helpdesk",
    "contact our billing",
    "customer care",
    "customer support",
    "customer service",
    "support team",
    "helpline",
    "help line",
    "hotline",
    "toll free",
    "toll-free",
    "toll free number",
    "helpdesk number",
    "support number",
    "phone support",
    "give us a call",
    "reach us at",
    "reach us on",
    "reach out to us at",
    "speak to",
    "speak with",
    "leave a message",
    "24 hours a day",
    "24/7",
    "7 days a week",
    "rufen sie",
    "rufen sie an",
    "rufen sie uns",
    "kundendienst",
    "kundenservice",
    "appelez",
    "appelez-nous",
    "appelez le",
    "service client",
    "llame",
    "llámenos",
    "llame al",
    "atención al cliente",
    "chiamare",
];

pub(super) const SIGNAL: Signal =
    Signal::of_phrases("it asks to call by telephone", "For call-back attacks. Number of distinct phrases.", PHRASES)
        .of(Category::Callback);

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_call_is_seen() {
        check(module_path!(), mail().text("To cancel, call our support on the toll free helpline"), Some(5.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
