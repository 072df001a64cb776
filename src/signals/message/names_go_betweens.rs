//! It names offices and persons who would hand over money.

use crate::mail::Category;
use crate::signals::Signal;

const PHRASES: &[&str] = &[
    "barrister",
    "attorney at law",
    "solicitor",
    "esq",
    "legal practitioner",
    "personal attorney",
    "my lawyer",
    "central bank",
    "apex bank",
    "federal ministry",
    "ministry of finance",
    "federal reserve bank",
    "world bank",
    "united nations",
    "international monetary fund",
    "imf",
    "european union",
    "economic community",
    "ecowas",
    "diplomat",
    "diplomatic agent",
    "diplomatic courier",
    "delivery agent",
    "delivery officer",
    "courier company",
    "courier service",
    "courier office",
    "payment center",
    "payment centre",
    "remittance department",
    "foreign remittance",
    "foreign operation*",
    "audit department",
    "auditing",
    "bank manager",
    "branch manager",
    "director of operations",
    "accounts officer",
    "account officer",
    "credit officer",
    "bill and exchange",
    "executive governor",
    "secretary general",
    "fbi",
    "interpol",
    "anti-terrorist",
    "anti terrorist",
    "clearance certificate",
    "origin of fund*",
    "military",
    "us army",
    "army general",
    "peace keeping",
    "peacekeeping",
    "ambassador",
    "u.s. embassy",
    "embassy",
    "homeland security",
    "customs officer",
    "airport authority",
    "nigeria",
    "benin republic",
    "burkina faso",
    "ivory coast",
    "cote d'ivoire",
    "ghana",
    "togo",
    "sierra leone",
    "johannesburg",
    "dubai",
    "hong kong",
    "rechtsanwalt",
    "notar",
    "zentralbank",
    "avocat",
    "notaire",
    "banque centrale",
    "abogado",
    "notario",
    "banco central",
];

pub(super) const SIGNAL: Signal = Signal::of_phrases(
    "it names offices and persons who would hand over money",
    "For advance fee: barristers, banks, diplomats and couriers with a fund to deliver. Number of distinct \
     phrases.",
    PHRASES,
)
.of(Category::AdvanceFee);

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_barrister_with_a_bank_is_seen() {
        check(
            module_path!(),
            mail().text("Contact Barrister Smith of the remittance department, Central Bank."),
            Some(3.0),
        );
        check(module_path!(), mail(), Some(0.0));
    }
}
