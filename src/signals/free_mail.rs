//! Where anyone gets a mailbox in a minute.

use crate::mail::Domain;

/// Providers that have one domain per country: any suffix counts.
const FAMILIES: &[&str] =
    &["aol", "gmx", "hotmail", "live", "outlook", "ymail", "yahoo", "yandex", "zoho", "tutanota", "protonmail"];

/// Single domains, sorted.
const DOMAINS: &[&str] = &[
    "126.com",
    "163.com",
    "21cn.com",
    "aim.com",
    "alice.it",
    "arcor.de",
    "att.net",
    "bigpond.com",
    "bk.ru",
    "bluewin.ch",
    "bol.com.br",
    "btinternet.com",
    "caramail.com",
    "centrum.cz",
    "charter.net",
    "comcast.net",
    "consultant.com",
    "cox.net",
    "daum.net",
    "diplomats.com",
    "earthlink.net",
    "email.com",
    "email.cz",
    "email.it",
    "engineer.com",
    "eudoramail.com",
    "europe.com",
    "excite.com",
    "fastmail.com",
    "fastmail.fm",
    "foxmail.com",
    "free.fr",
    "freenet.de",
    "gmail.com",
    "googlemail.com",
    "hanmail.net",
    "hush.com",
    "hushmail.com",
    "icloud.com",
    "iinet.net.au",
    "inbox.com",
    "inbox.lv",
    "inbox.ru",
    "interia.pl",
    "juno.com",
    "kolabnow.com",
    "laposte.net",
    "latinmail.com",
    "lawyer.com",
    "libero.it",
    "list.ru",
    "lycos.com",
    "mac.com",
    "mail.com",
    "mail.de",
    "mail.ee",
    "mail.ru",
    "mailbox.org",
    "mailfence.com",
    "mailinator.com",
    "me.com",
    "msn.com",
    "myway.com",
    "naver.com",
    "netscape.net",
    "netzero.net",
    "o2.pl",
    "onet.pl",
    "ono.com",
    "op.pl",
    "optonline.net",
    "orange.fr",
    "pm.me",
    "posteo.de",
    "proton.me",
    "qq.com",
    "rambler.ru",
    "rediffmail.com",
    "rocketmail.com",
    "runbox.com",
    "sapo.pt",
    "sbcglobal.net",
    "seznam.cz",
    "sfr.fr",
    "shaw.ca",
    "sina.cn",
    "sina.com",
    "skynet.be",
    "sohu.com",
    "spoko.pl",
    "t-online.de",
    "talktalk.net",
    "telenet.be",
    "telus.net",
    "terra.com.br",
    "terra.es",
    "tin.it",
    "tiscali.it",
    "tuta.com",
    "tuta.io",
    "tutamail.com",
    "ukr.net",
    "uol.com.br",
    "usa.com",
    "usa.net",
    "verizon.net",
    "virgilio.it",
    "virginmedia.com",
    "voila.fr",
    "walla.co.il",
    "walla.com",
    "wanadoo.fr",
    "web.de",
    "wp.pl",
    "ya.ru",
    "yeah.net",
    "zonnet.nl",
];

/// Whether the registrable domain is a provider's that gives mailboxes to anyone.
pub(super) fn is_free_mail(registrable: &Domain) -> bool {
    let name = registrable.as_str();
    let family = name.split('.').next().unwrap_or(name);
    FAMILIES.contains(&family) || DOMAINS.binary_search(&name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::fixture::domain;

    #[test]
    fn providers_are_known_in_every_country() {
        for name in ["gmail.com", "yahoo.co.uk", "hotmail.fr", "126.com", "zonnet.nl", "web.de"] {
            assert!(is_free_mail(&domain(name)), "{name}");
        }
        for name in ["partner.example", "notgmail.com", "mail.example"] {
            assert!(!is_free_mail(&domain(name)), "{name}");
        }
    }

    #[test]
    fn the_list_is_sorted_for_the_search() {
        assert!(DOMAINS.is_sorted());
    }
}
