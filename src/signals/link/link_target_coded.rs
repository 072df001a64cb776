//! A link is written in codes.

use crate::evidence::Evidence;
use crate::message::Link;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::rises(
    "a link is written in codes",
    "Percent codes in a host or path hide words from a filter. Most codes in a target as ln(1 + n); unknown \
     without links.",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let codes = |link: &Link| link.target.bytes().filter(|b| *b == b'%').count();
    log(evidence.web_links().map(codes).max()? as f32)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn codes_are_counted() {
        check(module_path!(), mail().link("https://a.example/%6c%6f", ""), Some(1.0986));
        check(module_path!(), mail().link("https://a.example/", ""), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
