//! All the text of HTML, hidden text included.

use super::entity::decode;
use super::tag::Tag;
use super::token::{Token, Tokens};

/// The text of every element but scripts and styles, white space as one space, lines broken where blocks start and end.
pub fn inner_text(html: &str) -> String {
    let mut out = String::new();
    let mut tokens = Tokens::new(html);
    while let Some(token) = tokens.next() {
        match token {
            Token::Text(text) => push(&decode(text, false), &mut out),
            Token::Open(name) => {
                let tag = Tag::of(name.as_bytes());
                if tag == Tag::SCRIPT || tag == Tag::STYLE {
                    tokens.raw_until(name);
                } else if tag.is_block() || tag == Tag::BR {
                    break_line(&mut out);
                }
            }
            Token::Close(name) => {
                if Tag::of(name.as_bytes()).is_block() {
                    break_line(&mut out);
                }
            }
        }
    }
    out.truncate(out.trim_end().len());
    out
}

fn push(text: &str, out: &mut String) {
    let spaced = text.starts_with(char::is_whitespace);
    for (place, word) in text.split_whitespace().enumerate() {
        if (place > 0 || spaced) && !out.is_empty() && !out.ends_with([' ', '\n']) {
            out.push(' ');
        }
        out.push_str(word);
    }
    if text.ends_with(char::is_whitespace) && !out.is_empty() && !out.ends_with([' ', '\n']) {
        out.push(' ');
    }
}

fn break_line(out: &mut String) {
    out.truncate(out.trim_end_matches(' ').len());
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_text_is_text_and_scripts_are_none() {
        let html = "<style>p{}</style><p>One <b>t</b>wo</p><div hidden>th&uuml;ree</div><script>x()</script>a<br>b";
        assert_eq!(inner_text(html), "One two\nth\u{fc}ree\na\nb");
        assert_eq!(inner_text(""), "");
        assert_eq!(inner_text("<script>never closed"), "");
    }
}
