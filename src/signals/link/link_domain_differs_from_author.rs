//! Links lead to other domains than the author's.

use crate::evidence::Evidence;
use crate::signals::Signal;

pub(super) const SIGNAL: Signal = Signal::either(
    "its links lead to other domains than the author's",
    "Phishing leads away from whom it imitates. Share of links to other registrable domains, 0 to 1; unknown \
     without links or author.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let author = evidence.author_registrable()?;
    let (all, foreign) = evidence.link_hosts().iter().fold((0, 0), |(all, foreign), host| {
        (all + host.links, foreign + if host.registrable == *author { 0 } else { host.links })
    });
    (all > 0).then(|| foreign as f32 / all as f32)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn foreign_links_are_a_share() {
        check(
            module_path!(),
            mail().link("https://www.partner.example/", "").link("https://a.example/", ""),
            Some(0.5),
        );
        check(module_path!(), mail(), None);
    }
}
