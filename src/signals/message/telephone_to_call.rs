//! A telephone number is given with the request to call it.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::phrases;
use crate::signals::registry::{Signal, count, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "a telephone number is given with the request to call it",
    "For call-back attacks about a charge that never was. Telephone numbers where a phrase of asks_to_call \
     stands too, else 0.",
    measure,
)
.of(Category::Callback)
.prior(1.0);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let asked = phrases::count(evidence, "asks_to_call") > 0.0;
    if asked { count(evidence.telephones()) } else { fact(false) }
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_number_alone_is_no_request() {
        check(module_path!(), mail().text("If you did not authorize this, call us at +1 (808) 555-0142"), Some(1.0));
        check(module_path!(), mail().text("Anna, +1 (808) 555-0142"), Some(0.0));
        check(module_path!(), mail().text("please call us"), Some(0.0));
    }
}
