//! The distinct hosts to which the links of a message lead.

use crate::mail::Domain;
use crate::message::Link;

/// Distinct hosts kept: a newsletter has a dozen, and each costs a look at the Public Suffix List.
const HOSTS_MAX: usize = 64;

/// A host to which links lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkHost<'a> {
    /// Its name.
    pub host: &'a Domain,
    /// Its registrable domain.
    pub registrable: Domain,
    /// How many links lead there.
    pub links: usize,
}

/// Collects the hosts of links, in the order of their first link.
pub(super) fn collect<'a>(links: impl Iterator<Item = &'a Link>) -> Vec<LinkHost<'a>> {
    let mut hosts: Vec<LinkHost<'a>> = Vec::new();
    for host in links.filter_map(|link| link.host.as_ref()) {
        if let Some(known) = hosts.iter_mut().find(|known| known.host == host) {
            known.links += 1;
        } else if hosts.len() < HOSTS_MAX {
            hosts.push(LinkHost { host, registrable: host.registrable(), links: 1 });
        }
    }
    hosts
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;

    use super::*;

    #[test]
    fn hosts_are_counted_once() {
        let message = mail()
            .link("https://www.a.example/1", "")
            .link("https://b.example/", "")
            .link("https://www.a.example/2", "")
            .link("http://192.0.2.1/", "");
        let evidence = message.evidence();
        let hosts: Vec<_> = evidence.link_hosts().iter().map(|h| (h.registrable.as_str(), h.links)).collect();
        assert_eq!(hosts, [("a.example", 2), ("b.example", 1)]);
    }

    #[test]
    fn hosts_have_a_limit() {
        let many = |n: usize| (0..n).fold(mail(), |m, i| m.link(&format!("https://h{i}.example/"), ""));
        assert_eq!(many(HOSTS_MAX).evidence().link_hosts().len(), HOSTS_MAX);
        assert_eq!(many(HOSTS_MAX + 1).evidence().link_hosts().len(), HOSTS_MAX);
    }
}
