//! A link leads to our own pages.

use crate::evidence::Evidence;
use crate::signals::Signal;

pub(super) const SIGNAL: Signal = Signal::falls(
    "no link leads to our own pages",
    "Colleagues and those who answer them link to own pages. Share of links to own domains, 0 to 1; unknown \
     without links or own domains.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    if evidence.organisation.domains.is_empty() {
        return None;
    }
    let (all, own) = evidence.link_hosts().iter().fold((0, 0), |(all, own), host| {
        (all + host.links, own + if evidence.organisation.owns(host.host) { host.links } else { 0 })
    });
    (all > 0).then(|| own as f32 / all as f32)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn own_links_are_a_share() {
        check(
            module_path!(),
            mail().link("https://www.harbour.example/", "").link("https://a.example/", ""),
            Some(0.5),
        );
        check(module_path!(), mail(), None);
    }
}
