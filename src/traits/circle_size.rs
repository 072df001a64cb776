//! To how many the author writes at once.

use super::shown::{Keeper, Shown, Trait, one};

pub(super) const TRAIT: Trait = Trait::new(55, "number of addressees", &[Keeper::Sender], 4, shows);

fn shows(shown: &Shown<'_>) -> Vec<String> {
    let named = shown.message.to.len() + shown.message.cc.len();
    // Steps that differ in kind: a letter, a few who know each other, a circle, a crowd.
    one(match named.max(shown.envelope.recipients.len()) {
        0 => None,
        1 => Some("one"),
        2..=4 => Some("few"),
        5..=15 => Some("circle"),
        _ => Some("crowd"),
    })
}

#[cfg(test)]
mod tests {
    use super::super::shown::tests::check;

    #[test]
    fn sizes_differ_in_kind() {
        let to = |n: usize| format!("From: x@x.example\nTo: {}\n\nx", vec!["a@a.example"; n].join(", "));
        check(module_path!(), &to(1), &["one"]);
        check(module_path!(), &to(4), &["few"]);
        check(module_path!(), &to(5), &["circle"]);
        check(module_path!(), &to(16), &["crowd"]);
        check(module_path!(), "From: x@x.example\n\nx", &[]);
    }
}
