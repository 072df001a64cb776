//! A link hides its target behind a shortener.

use crate::evidence::Evidence;
use crate::mail::{Category, Domain};
use crate::signals::Attack;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "a link hides its target behind a shortener",
    "For phishing and malware. 1 or 0; unknown without links.",
    measure,
)
.of(Category::CredentialPhishing)
.prior(0.5)
.against(&[Attack::MalwareByLink]);

/// Sorted.
const SHORTENERS: &[&str] = &[
    "adf.ly",
    "bit.do",
    "bit.ly",
    "bitly.com",
    "bl.ink",
    "buff.ly",
    "clck.ru",
    "cutt.ly",
    "dub.sh",
    "fb.me",
    "goo.gl",
    "goo.su",
    "han.gl",
    "is.gd",
    "j.mp",
    "kutt.it",
    "linktr.ee",
    "lnkd.in",
    "n9.cl",
    "ow.ly",
    "qr.ae",
    "qr.codes",
    "qrco.de",
    "rb.gy",
    "rebrand.ly",
    "rotf.lol",
    "s.id",
    "shorte.st",
    "shorturl.at",
    "snip.ly",
    "soo.gd",
    "surl.li",
    "t.ly",
    "t2m.io",
    "tiny.cc",
    "tinyurl.com",
    "tr.im",
    "trib.al",
    "u.to",
    "urlz.fr",
    "v.gd",
    "vk.cc",
    "vo.la",
    "x.co",
];

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let hosts = evidence.link_hosts();
    let short = |name: &Domain| SHORTENERS.binary_search(&name.as_str()).is_ok();
    if hosts.is_empty() { None } else { fact(hosts.iter().any(|host| short(&host.registrable) || short(host.host))) }
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn shorteners_are_known() {
        check(module_path!(), mail().link("https://bit.ly/3x", ""), Some(1.0));
        check(module_path!(), mail().link("https://rabbit.ly/3x", ""), Some(0.0));
        check(module_path!(), mail(), None);
    }

    #[test]
    fn the_list_is_sorted_for_the_search() {
        assert!(super::SHORTENERS.is_sorted());
    }
}
