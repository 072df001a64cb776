//! The subject without what a reply puts before it.

use super::shown::{Keeper, Shown, Trait, one};

pub(super) const TRAIT: Trait = Trait::new(52, "subject of the thread", &[Keeper::Thread], 4, shows);

/// Prefixes and tags that are passed over; a subject has no more of them.
const PREFIXES_MAX: usize = 8;
/// Characters that tell one subject from another; programs cut what is longer.
const CHARS_MAX: usize = 60;
/// Characters of a prefix such as `Antw:` or a tag such as `[talk]`.
const PREFIX_CHARS_MAX: usize = 24;

fn shows(shown: &Shown<'_>) -> Vec<String> {
    let mut rest = shown.message.subject.trim();
    for _ in 0..PREFIXES_MAX {
        let Some(after) = without_tag(rest).or_else(|| without_prefix(rest)) else { break };
        rest = after.trim_start();
    }
    one(Some(rest.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase().chars().take(CHARS_MAX).collect::<String>()))
}

fn without_tag(subject: &str) -> Option<&str> {
    let (tag, after) = subject.strip_prefix('[')?.split_once(']')?;
    (tag.len() <= PREFIX_CHARS_MAX).then_some(after)
}

fn without_prefix(subject: &str) -> Option<&str> {
    let (prefix, after) = subject.split_once(':')?;
    let word = prefix.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '[' | ']' | '(' | ')' | ' '));
    let known = ["re", "fw", "fwd", "aw", "wg", "tr", "sv", "vs", "antw", "rif", "r", "i", "rép", "odp", "res", "enc"];
    (prefix.len() <= PREFIX_CHARS_MAX && known.contains(&word.to_lowercase().as_str())).then_some(after)
}

#[cfg(test)]
mod tests {
    use super::super::shown::tests::check;

    #[test]
    fn a_reply_has_the_subject_of_what_it_answers() {
        check(module_path!(), "Subject: Minutes  of Tuesday\n\nx", &["minutes of tuesday"]);
        check(module_path!(), "Subject: Re[2]: AW: [talk] Fwd: Minutes of Tuesday\n\nx", &["minutes of tuesday"]);
        check(module_path!(), "Subject: Release: 2.0\n\nx", &["release: 2.0"]);
        check(module_path!(), "Subject: Re:\n\nx", &[]);
    }
}
