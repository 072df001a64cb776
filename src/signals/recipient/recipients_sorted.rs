//! Its recipients are named in the order of the alphabet.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "its recipients are named in the order of the alphabet",
    "Bulk senders work through sorted lists. 1 where at least 4 addresses of To and Cc are sorted, else 0.",
    measure,
)
.of(Category::Spam);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let named: Vec<String> = evidence
        .message
        .to
        .iter()
        .chain(&evidence.message.cc)
        .take(50)
        .filter_map(|m| Some(m.address.as_ref()?.key()))
        .collect();
    fact(named.len() >= 4 && named.is_sorted())
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn four_in_order_are_seen() {
        let to = |names: [&str; 4]| {
            mail().with(|m| {
                let mailbox = |name: &&str| Mailbox {
                    display_name: String::new(),
                    address: Address::parse(&format!("{name}@harbour.example")),
                };
                m.message.to = names.iter().map(mailbox).collect();
            })
        };
        check(module_path!(), to(["ada", "bea", "bob", "cid"]), Some(1.0));
        check(module_path!(), to(["bob", "ada", "bea", "cid"]), Some(0.0));
        check(module_path!(), mail(), Some(0.0));
        use crate::mail::{Address, Mailbox};
    }
}
