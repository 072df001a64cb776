//! A link writes to another domain than the author's.

use crate::evidence::Evidence;
use crate::mail::{Address, Category};
use crate::signals::Signal;

pub(super) const SIGNAL: Signal = Signal::rises(
    "a link writes to another domain than the author's",
    "Old spam is answered at throw-away mailboxes. 1 where a mailto target has another registrable domain than \
     the author, else 0; unknown without mailto links or author.",
    measure,
)
.of(Category::Spam);

/// A longer list is a directory.
const LINKS_MAX: usize = 10;

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let author = evidence.author_domain()?;
    let mails = evidence.message.links.iter().filter(|link| link.scheme == "mailto").take(LINKS_MAX);
    let targets = mails.filter_map(|link| {
        let rest = link.target.split_once(':')?.1;
        Address::parse(rest.split('?').next().unwrap_or(rest))
    });
    targets.map(|target| f32::from(u8::from(!target.domain().is_aligned_with(author)))).reduce(f32::max)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_foreign_mailbox_is_seen() {
        check(module_path!(), mail().link("mailto:remove@other.example?subject=x", ""), Some(1.0));
        check(module_path!(), mail().link("mailto:anna@partner.example", ""), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
