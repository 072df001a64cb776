//! Words that are put before or behind a name to make another: what is left without them.

use crate::mail::resemblance::{LABEL_LETTERS_MIN, shape};

/// Words that tell nothing of whose name it is, sorted.
const AFFIXES: &[&str] = &[
    "access",
    "account",
    "accounting",
    "accounts",
    "ach",
    "admin",
    "ag",
    "alert",
    "alerts",
    "app",
    "auth",
    "bank",
    "bill",
    "billing",
    "bv",
    "care",
    "center",
    "client",
    "clients",
    "cloud",
    "co",
    "company",
    "corp",
    "corporate",
    "customer",
    "customers",
    "desk",
    "docs",
    "document",
    "documents",
    "email",
    "eu",
    "europe",
    "file",
    "files",
    "finance",
    "global",
    "gmbh",
    "group",
    "gruppe",
    "help",
    "helpdesk",
    "holding",
    "home",
    "hq",
    "hr",
    "id",
    "inc",
    "info",
    "international",
    "intl",
    "invoice",
    "invoices",
    "invoicing",
    "it",
    "kg",
    "limited",
    "live",
    "llc",
    "login",
    "ltd",
    "mail",
    "mailer",
    "mfa",
    "my",
    "net",
    "news",
    "notice",
    "notification",
    "notifications",
    "office",
    "official",
    "online",
    "order",
    "orders",
    "pay",
    "payment",
    "payments",
    "payroll",
    "portal",
    "procurement",
    "purchasing",
    "rechnung",
    "remit",
    "remittance",
    "reset",
    "safe",
    "sales",
    "secure",
    "secured",
    "security",
    "server",
    "service",
    "services",
    "share",
    "shared",
    "shop",
    "signin",
    "site",
    "sso",
    "store",
    "supplier",
    "support",
    "system",
    "team",
    "tech",
    "the",
    "uk",
    "update",
    "updates",
    "us",
    "usa",
    "vendor",
    "vendors",
    "verify",
    "web",
    "webmail",
    "www",
];
/// Letters of a word that is taken off where no hyphen parts it from the name: shorter ones end many honest names.
const JOINED_LETTERS_MIN: usize = 4;
/// Words of a label that are looked at.
const WORDS_MAX: usize = 8;

fn is_affix(word: &str) -> bool {
    word.bytes().all(|b| b.is_ascii_digit()) || AFFIXES.binary_search(&word).is_ok()
}

/// The shapes of what is left of a label without such words; empty where it has none, or too little is left.
pub(super) fn cores(label: &str) -> Vec<String> {
    let parts: Vec<&str> = parts(label).collect();
    let kept: Vec<&str> = parts.iter().copied().filter(|part| !is_affix(part)).collect();
    let mut cores = Vec::new();
    if kept.len() < parts.len() && !kept.is_empty() {
        cores.push(kept.concat());
    } else if let [whole] = parts[..] {
        let joined = AFFIXES.iter().filter(|affix| affix.len() >= JOINED_LETTERS_MIN);
        let stripped = joined.flat_map(|affix| [whole.strip_prefix(affix), whole.strip_suffix(affix)]);
        cores.extend(stripped.flatten().map(str::to_owned));
        let bare = whole.trim_end_matches(|c: char| c.is_ascii_digit());
        if bare.len() < whole.len() {
            cores.push(bare.to_owned());
        }
    }
    cores.retain(|core| core.len() >= LABEL_LETTERS_MIN && core.as_str() != label);
    cores.iter().map(|core| shape(core)).collect()
}

/// The shape of a label of two words with these swapped.
pub(super) fn swapped(label: &str) -> Option<String> {
    let parts: Vec<&str> = parts(label).collect();
    let [first, second] = parts[..] else { return None };
    (first != second).then(|| shape(&format!("{second}{first}")))
}

/// The words of a label; an internationalised one has none but itself.
fn parts(label: &str) -> impl Iterator<Item = &str> {
    let marks: &[char] = if label.starts_with("xn--") { &[] } else { &['-', '_'] };
    label.split(marks).filter(|part| !part.is_empty()).take(WORDS_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(label: &str, expected: &[&str]) {
        assert_eq!(cores(label), expected, "{label}");
    }

    #[test]
    fn words_of_trade_are_taken_off() {
        check("harbour-billing", &["harbour"]);
        check("secure-harbour-online", &["harbour"]);
        check("harb0ur-pay", &["harbour"]);
        check("harbourbilling", &["harbour"]);
        check("supportharbour", &["harbour"]);
        check("harbour24", &["harbour"]);
        check("harbour-2026", &["harbour"]);
    }

    #[test]
    fn a_name_without_them_has_no_core() {
        check("harbour", &[]);
        check("harbour-tools", &[]);
        check("secure-pay", &[]);
        check("abc-pay", &[]);
        check("hrharbour", &[]);
        check("", &[]);
    }

    #[test]
    fn two_words_can_be_swapped() {
        assert_eq!(swapped("tools-harbour").as_deref(), Some("harbourtools"));
        assert_eq!((swapped("harbour"), swapped("a-b-c")), (None, None));
    }

    #[test]
    fn the_list_is_sorted_for_the_search() {
        assert!(AFFIXES.is_sorted());
    }
}
