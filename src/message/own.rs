//! What its author wrote, apart from the message that he quotes.

use super::Texts;

impl Texts {
    /// The beginning of the shown text, of at most `bytes_max` bytes, up to where a quoted message begins.
    pub fn own(&self, bytes_max: usize) -> &str {
        own(self.shown(), bytes_max)
    }
}

pub(super) fn own(text: &str, bytes_max: usize) -> &str {
    let text = &text[..text.floor_char_boundary(bytes_max)];
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim();
        let quotes = bare.starts_with('>')
            || bare.starts_with("-----Original")
            || bare.starts_with("-----Ursprüngliche")
            || bare.starts_with("________________________________")
            || (bare.ends_with(':') && bare.len() < 200 && (bare.contains(" wrote") || bare.contains(" schrieb")));
        if quotes {
            break;
        }
        end += line.len();
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_text_is_not_the_authors() {
        assert_eq!(own("Hi\nyes\n\nOn Monday Bob wrote:\n> no", 100), "Hi\nyes\n\n");
        assert_eq!(own("a\n-----Original Message-----\nb", 100), "a\n");
        assert_eq!(own("", 100), "");
    }

    #[test]
    fn what_lies_beyond_the_limit_is_not_read() {
        assert_eq!(own("aüb", 3), "aü");
        assert_eq!(own("aüb", 2), "a");
    }
}
