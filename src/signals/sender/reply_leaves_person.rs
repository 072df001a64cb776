//! Replies would go to an address that is not known as the author's.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::{Attack, people};
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "replies would go to an address that is not known as the author's",
    "For a mailbox taken over, or a forged one, whose answers another is to read. 1 where the author's address is \
     proved for the name and that of Reply-To is not, else 0; unknown where replies go to the author, or no address \
     is proved for the name.",
    measure,
)
.of(Category::BusinessEmailCompromise)
.against(&[Attack::InvoiceFraud, Attack::ThreadHijack])
.prior(0.75);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let (name, proved) = people::known(evidence)?;
    fact(proved && !name.person.reply?)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn an_unknown_address_for_replies_is_seen() {
        let answers = |author, reply| {
            mail().with(|m| {
                let person = &mut m.baseline.name.as_mut().expect("named").person;
                (person.author, person.reply) = (Some(author), reply);
            })
        };
        check(module_path!(), answers(true, Some(false)), Some(1.0));
        check(module_path!(), answers(true, Some(true)), Some(0.0));
        check(module_path!(), answers(false, Some(false)), Some(0.0));
        check(module_path!(), answers(true, None), None);
        check(module_path!(), mail(), None);
    }
}
