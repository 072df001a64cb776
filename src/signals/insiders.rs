//! Names of the organisation's own people, and who bears them.

use crate::evidence::Evidence;
use crate::mail::{Address, Direction};

/// Protected people that are compared with; an organisation that names more protects nobody.
const VIPS_MAX: usize = 256;

/// Whether the author comes from outside: not one of the organisation's own, nor in one of its domains.
pub(super) fn is_outside(evidence: &Evidence<'_>) -> bool {
    let own = evidence.author_domain().is_some_and(|domain| evidence.organisation.owns(domain));
    evidence.direction() == Direction::Inbound && !own
}

/// Whether one of the organisation's own wrote it, by login or from an own network. A forwarder or list in an own network
/// passes on outside authors: they are told by their domain, where own domains are set.
pub(super) fn is_inside(evidence: &Evidence<'_>) -> bool {
    let domains = &evidence.organisation.domains;
    let own = evidence.author_domain().is_some_and(|domain| domains.is_empty() || evidence.organisation.owns(domain));
    own && evidence.direction() != Direction::Inbound
}

/// Whether somebody outside bears the name of one of the organisation's own, learned or protected by the settings;
/// `None` where the author has no name, or neither is known.
pub(super) fn is_in_own_name(evidence: &Evidence<'_>) -> Option<bool> {
    let learned = evidence.baseline.name.as_ref().filter(|_| evidence.baseline.is_known()).map(|name| name.own);
    let protected = bears_vip_name(evidence);
    if learned.is_none() && protected.is_none() {
        return None;
    }
    Some(is_outside(evidence) && (learned == Some(true) || protected == Some(true)))
}

/// Whether the author's display name is that of a protected person; `None` where the settings protect nobody.
pub(super) fn bears_vip_name(evidence: &Evidence<'_>) -> Option<bool> {
    let vips = &evidence.organisation.vips;
    if vips.is_empty() {
        return None;
    }
    let name = words(evidence.message.author_name());
    Some(
        name.len() >= 2
            && vips.iter().take(VIPS_MAX).any(|vip| words(vip.split('@').next().unwrap_or_default()) == name),
    )
}

/// Whether an address is that of a protected person, by the address or by the name before the at sign.
pub(super) fn is_vip(evidence: &Evidence<'_>, address: &Address) -> bool {
    evidence.organisation.vips.iter().take(VIPS_MAX).any(|vip| match Address::parse(vip) {
        Some(protected) => protected.is_same_mailbox(address),
        None => words(vip) == words(address.local()),
    })
}

/// The words of a name in the order of the alphabet, so that `Muster, Anna` and `anna.muster` are one.
fn words(name: &str) -> Vec<String> {
    let lower = name.to_lowercase();
    let mut words: Vec<_> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect();
    words.sort_unstable();
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::fixture::{Fixture, address, mail};

    fn check(message: Fixture, expected: Option<bool>) {
        assert_eq!(is_in_own_name(&message.evidence()), expected, "{:?}", message.message.from);
    }

    #[test]
    fn protected_names_are_known_in_any_order() {
        let chief = |vip: &str, name: &str| bears_vip_name(&mail().vip(vip).from(name, "x@other.example").evidence());
        assert_eq!(chief("Vera Chief", "Chief, Vera"), Some(true));
        assert_eq!(chief("vera.chief@harbour.example", "VERA CHIEF"), Some(true));
        assert_eq!(chief("Vera Chief", "Vera"), Some(false));
        assert_eq!(bears_vip_name(&mail().evidence()), None);
    }

    #[test]
    fn an_own_name_is_learned_or_protected() {
        check(mail().with(|m| m.baseline.name.as_mut().expect("named").own = true), Some(true));
        check(mail().unknown().vip("Anna Partner").from("Anna Partner", "x@other.example"), Some(true));
        check(mail().vip("Anna Partner").from("Anna Partner", "anna@harbour.example"), Some(false));
        check(mail(), Some(false));
        check(mail().unknown(), None);
    }

    #[test]
    fn only_our_own_write_from_within() {
        let inside = |message: Fixture| is_inside(&message.evidence());
        assert!(inside(mail().internal()) && inside(mail().internal().with(|m| m.organisation.domains.clear())));
        assert!(!inside(mail()) && !inside(mail().internal().from("Anna Partner", "anna@partner.example")));
        assert!(is_outside(&mail().evidence()) && !is_outside(&mail().internal().evidence()));
    }

    #[test]
    fn protected_mailboxes_are_known_by_either() {
        let is = |vip: &str, text: &str| is_vip(&mail().vip(vip).evidence(), &address(text));
        assert!(is("vera@harbour.example", "Vera@harbour.example") && is("Vera Chief", "vera.chief@harbour.example"));
        assert!(!is("Vera Chief", "bob@harbour.example"));
    }
}
