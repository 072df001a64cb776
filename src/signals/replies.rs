//! Subjects that say they answer or pass on a message.

/// Prefixes of a reply: English, German, Nordic and Dutch, French, Italian, Spanish, Polish.
const REPLIES: &[&str] = &["re", "aw", "sv", "antw", "rép", "r", "rif", "rv", "odp"];

/// Whether the subject begins as a reply's: a prefix, perhaps a count (`Re[2]`), and a colon; tags of lists before it
/// are passed over.
pub(super) fn is_reply(subject: &str) -> bool {
    let mut rest = subject.trim_start();
    while let Some((tag, after)) = rest.strip_prefix('[').and_then(|r| r.split_once(']')) {
        if tag.len() > 40 {
            break;
        }
        rest = after.trim_start();
    }
    let Some((prefix, _)) = rest.split_once(':') else { return false };
    if prefix.len() > 10 {
        return false;
    }
    let prefix = prefix.to_lowercase();
    let word =
        prefix.trim_end().trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '[' | ']' | '^' | '(' | ')'));
    REPLIES.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(subject: &str, expected: bool) {
        assert_eq!(is_reply(subject), expected, "{subject}");
    }

    #[test]
    fn replies_begin_with_a_prefix() {
        check("RE: Minutes", true);
        check("[talk] Aw: Minutes", true);
        check("Re[2]: Minutes", true);
        check("SV : Minutes", true);
    }

    #[test]
    fn other_subjects_do_not() {
        check("Release: 1.0", false);
        check("Re Minutes", false);
        check("", false);
        check("[[[[[[", false);
        check(&format!("{}Re:", "[".repeat(1000)), false);
    }
}
