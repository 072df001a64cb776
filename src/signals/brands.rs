//! Companies and offices in whose name attacks are most often written.

use super::phrases::stands_in;
use super::resemblance::label_resembles;
use super::suffixes::is_cheap;
use crate::mail::Domain;

/// Shorter labels are words or syllables of honest names.
const LABEL_LETTERS_MIN: usize = 5;

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

impl Brand {
    /// Whether the registrable domain is the brand's own: its label under a suffix of standing.
    fn owns(&self, registrable: &Domain) -> bool {
        let label = super::resemblance::label(registrable);
        self.labels.contains(&label) && !is_cheap(registrable)
    }
}

/// Whether a name or line borrows a brand, when it comes from a registrable domain that is not the brand's.
pub(super) fn is_borrowed(text: &str, registrable: &Domain) -> bool {
    BRANDS.iter().any(|brand| brand.names.iter().any(|name| stands_in(text, name)) && !brand.owns(registrable))
}

/// Whether a host looks like a brand's and is not: the brand's label stands in it as a word, or its registrable label
/// is a look-alike.
pub(super) fn is_imitated(host: &Domain, registrable: &Domain) -> bool {
    if BRANDS.iter().any(|brand| brand.owns(registrable)) {
        return false;
    }
    let own = super::resemblance::label(registrable);
    let known = BRANDS.iter().flat_map(|brand| brand.labels).filter(|label| label.len() >= LABEL_LETTERS_MIN);
    known
        .into_iter()
        .filter(|label| **label != "service")
        .any(|label| label_resembles(own, label) || host.as_str().split(['.', '-', '_']).any(|word| word == *label))
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
