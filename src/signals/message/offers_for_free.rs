//! It offers something for nothing.

use crate::mail::Category;
use crate::signals::Signal;

const PHRASES: &[&str] = &[
    "absolutely free",
    "100% free",
    "completely free",
    "totally free",
    "free trial",
    "free gift*",
    "free sample*",
    "free access",
    "free membership",
    "free offer",
    "free report*",
    "free info*",
    "free consultation",
    "free download*",
    "free preview",
    "free video",
    "free cd",
    "free dvd",
    "free tv",
    "free cell phone",
    "free phone",
    "free money",
    "free cash",
    "free grant*",
    "free vacation",
    "free trip",
    "free ipad",
    "free iphone",
    "free bonus",
    "free tour",
    "free book",
    "free ebook",
    "free e-book",
    "free quote",
    "free catalog",
    "free website",
    "free hosting",
    "free email",
    "free service",
    "free software",
    "for free",
    "at no cost",
    "no cost",
    "no cost to you",
    "no charge",
    "free of charge",
    "no obligation",
    "without obligation",
    "no strings attached",
    "no catch",
    "no fees",
    "no hidden",
    "no purchase necessary",
    "no risk",
    "risk free",
    "risk-free",
    "nothing to lose",
    "what have you got to lose",
    "why pay more",
    "try it free",
    "try for free",
    "call free",
    "complimentary",
    "bonus",
    "special bonus",
    "giveaway",
    "free",
    "its free",
    "it's free",
    "gratis",
    "kostenlos",
    "kostenlose",
    "geschenkt",
    "unverbindlich",
    "gratuit",
    "gratuite",
    "gratuitement",
    "sans engagement",
    "sin costo",
    "sin compromiso",
    "gratuito",
];

pub(super) const SIGNAL: Signal = Signal::of_phrases(
    "it offers something for nothing",
    "For advertising and bait. Number of distinct phrases.",
    PHRASES,
)
.of(Category::Spam);

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn free_things_are_seen() {
        check(module_path!(), mail().text("Absolutely free trial, no obligation"), Some(4.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
