//! One of our people seems to write from a free mailbox that is not known as theirs.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::Attack;
use crate::signals::free_mail::is_free_mail;
use crate::signals::people;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "one of our people seems to write from a free mailbox that is not known as theirs",
    "For an executive's new private address. 1 where the name is an own person's, the mailbox a free one, and none \
     of that person's addresses ever wrote to it under the name; else 0; unknown where no address is proved to be a \
     person's of that name.",
    measure,
)
.of(Category::BusinessEmailCompromise)
.against(&[Attack::GiftCards, Attack::PayrollDiversion])
.prior(0.75);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let elsewhere = people::is_elsewhere(evidence)? > 0.0;
    let (name, _) = people::known(evidence)?;
    fact(elsewhere && name.own && is_free_mail(evidence.author_registrable()?))
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_private_address_must_be_known() {
        let named = |own, author| {
            mail().from("Anna Partner", "x17@gmail.com").with(|m| {
                let name = m.baseline.name.as_mut().expect("named");
                (name.own, name.person.author) = (own, author);
            })
        };
        check(module_path!(), named(true, Some(false)), Some(1.0));
        check(module_path!(), named(true, Some(true)), Some(0.0));
        check(module_path!(), named(false, Some(false)), Some(0.0));
        check(module_path!(), named(true, Some(false)).from("Anna Partner", "anna@other.example"), Some(0.0));
        check(module_path!(), named(true, None), None);
    }
}
