//! Its links are not encrypted.

use crate::evidence::Evidence;
use crate::signals::Signal;

pub(super) const SIGNAL: Signal = Signal::rises(
    "its links are not encrypted",
    "Most of the web is by now; pages made in haste are not. Share of http among links, 0 to 1; unknown without \
     links.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let (all, plain) =
        evidence.web_links().fold((0_u32, 0_u32), |(a, p), l| (a + 1, p + u32::from(l.scheme == "http")));
    (all > 0).then(|| plain as f32 / all as f32)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn plain_links_are_a_share() {
        check(module_path!(), mail().link("http://a.example/", "").link("https://a.example/", ""), Some(0.5));
        check(module_path!(), mail(), None);
    }
}
