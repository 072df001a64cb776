//! A known person asks for something from an address that is not known as theirs.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::people::is_elsewhere;
use crate::signals::phrases::count_all;
use crate::signals::requests::money;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::rises(
    "a known person asks for something from an address that is not known as theirs",
    "For executives and partners who write privately for once. Phrases of payments, gift cards, payroll, errands \
     and secrecy where the name's person is known and the address is none of theirs, else 0; unknown where no \
     address is proved for the name.",
    measure,
)
.of(Category::BusinessEmailCompromise)
.against(&[Attack::GiftCards, Attack::PayrollDiversion, Attack::InvoiceFraud])
.prior(0.75);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let elsewhere = is_elsewhere(evidence)? > 0.0;
    let favour = ["asks_if_available", "asks_for_secrecy", "asks_for_personal_number"];
    Some(if elsewhere { money(evidence) + count_all(evidence, &favour) } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn only_another_address_counts() {
        let asks = |proved| {
            mail().text("Are you available?").with(|m| m.baseline.name.as_mut().expect("named").person.author = proved)
        };
        check(module_path!(), asks(Some(false)), Some(1.0));
        check(module_path!(), asks(Some(true)), Some(0.0));
        check(module_path!(), asks(None), None);
    }
}
