//! Companies and offices in whose name attacks are most often written.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::phrases::stands_free;
use super::resemblance::{Shape, label};
use super::suffixes::is_cheap;
use crate::mail::{Domain, Phrases};

/// Shorter labels are words or syllables of honest names.
const LABEL_LETTERS_MIN: usize = 5;

/// Labels that are words of everyone's.
const WORDS: &[&str] = &["service", "office", "outlook", "chase", "t-online"];

/// Someone whose name is borrowed.
pub(super) struct Brand {
    /// Its names as people write them, in the form of [`crate::evidence::normalise`].
    names: &'static [&'static str],
    /// The labels of its registrable domains.
    labels: &'static [&'static str],
}

const fn brand(names: &'static [&'static str], labels: &'static [&'static str]) -> Brand {
    Brand { names, labels }
}

const BRANDS: &[Brand] = &[
    brand(&["paypal"], &["paypal"]),
    brand(
        &["microsoft", "office 365", "office365", "microsoft 365", "onedrive", "sharepoint"],
        &[
            "microsoft",
            "microsoftonline",
            "office",
            "office365",
            "sharepoint",
            "sharepointonline",
            "onedrive",
            "live",
            "outlook",
        ],
    ),
    brand(&["google"], &["google", "googlemail", "gmail", "youtube"]),
    brand(&["apple id", "apple support", "apple", "icloud"], &["apple", "icloud"]),
    brand(&["amazon", "amazon prime"], &["amazon", "amazonaws", "amazonses"]),
    brand(&["netflix"], &["netflix"]),
    brand(&["facebook", "instagram", "meta business"], &["facebook", "facebookmail", "instagram", "metamail", "meta"]),
    brand(&["linkedin"], &["linkedin"]),
    brand(&["whatsapp"], &["whatsapp"]),
    brand(&["dropbox"], &["dropbox", "dropboxmail"]),
    brand(&["docusign"], &["docusign"]),
    brand(&["adobe", "adobe sign"], &["adobe", "adobesign"]),
    brand(&["dhl", "dhl express"], &["dhl", "deutschepost"]),
    brand(&["fedex"], &["fedex"]),
    brand(&["ups my choice", "united parcel service"], &["ups"]),
    brand(&["usps"], &["usps"]),
    brand(&["royal mail"], &["royalmail"]),
    brand(&["ebay"], &["ebay"]),
    brand(&["bank of america"], &["bankofamerica", "bofa"]),
    brand(&["wells fargo"], &["wellsfargo"]),
    brand(&["chase bank", "jpmorgan"], &["chase", "jpmorgan"]),
    brand(&["citibank", "citi bank"], &["citibank", "citi"]),
    brand(&["hsbc"], &["hsbc"]),
    brand(&["barclays"], &["barclays"]),
    brand(&["santander"], &["santander"]),
    brand(&["lloyds bank"], &["lloydsbank"]),
    brand(&["natwest"], &["natwest"]),
    brand(&["american express", "amex"], &["americanexpress", "aexp"]),
    brand(&["mastercard"], &["mastercard"]),
    brand(&["western union"], &["westernunion"]),
    brand(&["moneygram"], &["moneygram"]),
    brand(&["coinbase"], &["coinbase"]),
    brand(&["binance"], &["binance"]),
    brand(&["blockchain.com"], &["blockchain"]),
    brand(&["metamask"], &["metamask"]),
    brand(&["norton", "nortonlifelock", "norton antivirus"], &["norton", "nortonlifelock", "symantec"]),
    brand(&["mcafee"], &["mcafee"]),
    brand(&["geek squad", "best buy"], &["bestbuy", "geeksquad"]),
    brand(&["intuit", "quickbooks"], &["intuit", "quickbooks"]),
    brand(&["zoom video"], &["zoom"]),
    brand(&["sparkasse"], &["sparkasse"]),
    brand(&["volksbank"], &["volksbank", "vr"]),
    brand(&["commerzbank"], &["commerzbank"]),
    brand(&["deutsche bank"], &["deutschebank", "db"]),
    brand(&["telekom", "t-online"], &["telekom", "t-online"]),
    brand(&["credit agricole", "crédit agricole"], &["credit-agricole"]),
    brand(&["la poste", "chronopost"], &["laposte", "chronopost"]),
    brand(&["spotify"], &["spotify"]),
    brand(&["wetransfer"], &["wetransfer"]),
    brand(&["godaddy"], &["godaddy"]),
    brand(&["internal revenue service"], &["irs"]),
    brand(&["hm revenue", "hmrc"], &["hmrc", "service"]),
    brand(&["federal bureau of investigation"], &["fbi", "ic3"]),
    brand(&["interpol", "europol"], &["interpol", "europa"]),
    brand(&["world bank", "united nations"], &["worldbank", "un"]),
];

/// The table in the forms in which it is asked.
struct Book {
    /// All names as one automaton, and whose each is.
    search: Phrases,
    owners: Vec<usize>,
    /// Whose a label is.
    labels: HashMap<&'static str, usize>,
    /// How the telling labels look.
    shapes: Vec<Shape>,
}

/// Whether a label is long enough, and no word of everyone's.
fn is_telling(label: &str) -> bool {
    label.len() >= LABEL_LETTERS_MIN && !WORDS.contains(&label)
}

static BOOK: LazyLock<Book> = LazyLock::new(|| {
    let all = |of: fn(&Brand) -> &'static [&'static str]| {
        BRANDS.iter().enumerate().flat_map(move |(i, brand)| of(brand).iter().map(move |text| (*text, i)))
    };
    let (names, owners): (Vec<&str>, Vec<usize>) = all(|brand| brand.names).unzip();
    let search = Phrases::new(names).expect("a hundred names stay far below the automaton's 2^31 states");
    let labels: HashMap<_, _> = all(|brand| brand.labels).collect();
    let shapes = labels.keys().filter(|label| is_telling(label)).map(|label| Shape::of(label)).collect();
    Book { search, owners, labels, shapes }
});

/// The brand to which a registrable domain belongs: its label under a suffix of standing.
fn owner(registrable: &Domain) -> Option<usize> {
    BOOK.labels.get(label(registrable)).copied().filter(|_| !is_cheap(registrable))
}

/// Whether a name or line borrows a brand, when it comes from a registrable domain that is not the brand's.
pub(super) fn is_borrowed(text: &str, registrable: &Domain) -> bool {
    let mut found = BOOK.search.find(text).filter(|f| stands_free(text, f.start, f.end));
    let owner = owner(registrable);
    found.any(|f| Some(BOOK.owners[f.phrase]) != owner)
}

/// Whether a host looks like a brand's and is not: the brand's label stands in it as a word, or its registrable label
/// is a look-alike.
pub(super) fn is_imitated(host: &Domain, registrable: &Domain) -> bool {
    if owner(registrable).is_some() {
        return false;
    }
    let own = Shape::of(label(registrable));
    host.as_str().split(['.', '-', '_']).any(|word| is_telling(word) && BOOK.labels.contains_key(word))
        || BOOK.shapes.iter().any(|shape| own.resembles(shape))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::fixture::domain;

    #[test]
    fn a_brand_may_use_its_own_name() {
        assert!(is_borrowed("paypal service", &domain("partner.example")));
        assert!(is_borrowed("paypal service", &domain("paypal.xyz")));
        assert!(!is_borrowed("paypal service", &domain("paypal.de")));
        assert!(!is_borrowed("paypals", &domain("partner.example")));
    }

    #[test]
    fn hosts_that_look_like_a_brand_are_seen() {
        let imitated = |host: &str| is_imitated(&domain(host), &domain(host).registrable());
        assert!(imitated("paypa1.com") && imitated("paypal.com.pay.example") && imitated("secure-paypal.example"));
        assert!(!imitated("www.paypal.com") && !imitated("partner.example") && !imitated("customer.service.gov.uk"));
    }
}
