//! The offset from UTC that the author's clock shows in Date.

use super::shown::{Keeper, Shown, Trait, one};

pub(super) const TRAIT: Trait = Trait::new(8, "time zone", &[Keeper::Sender], 6, shows);

fn shows(shown: &Shown<'_>) -> Vec<String> {
    one(shown.message.header("Date").and_then(offset))
}

/// The zone of RFC 5322 §3.3: a sign and four digits.
fn offset(date: &str) -> Option<&str> {
    let signed = |word: &&str| {
        word.len() == 5 && word.starts_with(['+', '-']) && word[1..].bytes().all(|b| b.is_ascii_digit())
    };
    date.split_whitespace().rev().find(signed)
}

#[cfg(test)]
mod tests {
    use crate::traits::shown::tests::check;

    #[test]
    fn the_offset_is_read() {
        check(module_path!(), "Date: Mon, 4 May 2026 10:00:00 +0530 (IST)\n\nx", &["+0530"]);
    }

    #[test]
    fn an_old_zone_name_shows_nothing() {
        check(module_path!(), "Date: Mon, 4 May 2026 10:00:00 GMT\n\nx", &[]);
    }
}
