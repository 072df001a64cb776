//! It offers medicine.

use crate::mail::Category;
use crate::signals::Signal;

const PHRASES: &[&str] = &[
    "viagra",
    "cialis",
    "levitra",
    "xanax",
    "valium",
    "phentermine",
    "vicodin",
    "tramadol",
    "ambien",
    "prozac",
    "zoloft",
    "sildenafil",
    "tadalafil",
    "hydrocodone",
    "pharmacy",
    "pharmacies",
    "online pharmacy",
    "canadian pharmacy",
    "online drugstore",
    "drugstore",
    "prescription*",
    "no prescription",
    "without prescription",
    "prescription drug*",
    "generic drugs",
    "medication*",
    "meds",
    "pills",
    "pill",
    "tablets",
    "dosage",
    "hgh",
    "human growth hormone",
    "growth hormone",
    "steroids",
    "testosterone",
    "erectile",
    "erection*",
    "impotence",
    "enlarge*",
    "enlargement",
    "penis",
    "bigger",
    "larger",
    "libido",
    "sex drive",
    "sexual performance",
    "better sex",
    "lose weight",
    "weight loss",
    "losing weight",
    "burn fat",
    "fat burner",
    "burns fat",
    "diet pill*",
    "diet",
    "slimming",
    "lose up to",
    "pounds in",
    "anti-aging",
    "anti aging",
    "reverse aging",
    "wrinkle*",
    "hair loss",
    "hair growth",
    "supplement*",
    "herbal",
    "natural remedy",
    "all natural",
    "all-natural",
    "detox",
    "cbd",
    "keto",
    "cure for",
    "cures",
    "blood sugar",
    "blood pressure",
    "diabetes",
    "joint pain",
    "arthritis",
    "tinnitus",
    "stop smoking",
    "quit smoking",
    "snoring",
    "abnehmen",
    "potenzmittel",
    "apotheke",
    "perdre du poids",
    "pharmacie",
    "adelgazar",
    "bajar de peso",
    "farmacia",
];

pub(super) const SIGNAL: Signal =
    Signal::of_phrases("it offers medicine", "For pharmacy spam. Number of distinct phrases.", PHRASES)
        .of(Category::Spam);

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn pills_are_seen() {
        check(module_path!(), mail().text("Generic Viagra without prescription from our online pharmacy"), Some(5.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
