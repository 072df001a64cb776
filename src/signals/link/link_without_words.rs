//! A link has no words of its own.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::message::LinkPlace;
use crate::signals::Signal;

pub(super) const SIGNAL: Signal = Signal::rises(
    "a link has no words of its own",
    "Clickable pictures hide their text from a filter. Share of links without a label, 0 to 1; unknown without \
     links.",
    measure,
)
.of(Category::Spam);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let (all, bare) = evidence
        .web_links()
        .filter(|link| link.place == LinkPlace::Anchor)
        .fold((0_u32, 0_u32), |(all, bare), link| (all + 1, bare + u32::from(link.label.trim().is_empty())));
    (all > 0).then(|| bare as f32 / all as f32)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn bare_links_are_a_share() {
        check(module_path!(), mail().link("https://a.example/", "").link("https://a.example/", "Minutes"), Some(0.5));
        check(module_path!(), mail(), None);
    }
}
