//! Mail addresses are named in the text.

use crate::evidence::Evidence;
use crate::signals::registry::{Signal, log};

pub(super) const SIGNAL: Signal = Signal::rises(
    "mail addresses are named in the text",
    "Advance-fee letters name the address to write to, old spam the one to be removed by. Number of at signs \
     between letters as ln(1 + n).",
    measure,
);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let text = evidence.wording().as_bytes();
    let named =
        text.windows(3).filter(|w| w[1] == b'@' && w[0].is_ascii_alphanumeric() && w[2].is_ascii_alphanumeric());
    log(named.count() as f32)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn addresses_are_counted() {
        check(module_path!(), mail().text("write to barrister@mail.example"), Some(0.693));
        check(module_path!(), mail().text("5 @ 3, @all"), Some(0.0));
    }
}
