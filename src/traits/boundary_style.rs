//! How the mail program writes MIME boundaries, which is its own habit.

use super::shown::{Keeper, Shown, Trait, one};

pub(super) const TRAIT: Trait = Trait::new(7, "style of MIME boundary", &[Keeper::Sender], 6, shows);

/// Characters of the shape that tell programs apart.
const SHAPE_CHARS_MAX: usize = 24;

fn shows(shown: &Shown<'_>) -> Vec<String> {
    let field = shown.message.header("Content-Type").unwrap_or_default();
    one(boundary(field).map(shape))
}

/// The boundary parameter of a Content-Type value (RFC 2046 §5.1.1).
fn boundary(field: &str) -> Option<&str> {
    let at = field.to_ascii_lowercase().find("boundary=")? + "boundary=".len();
    let rest = &field[at..];
    match rest.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => rest.split([';', ' ', '\t']).next(),
    }
}

/// Runs of digits and of letters, which are random, as one sign each; marks as they stand.
fn shape(boundary: &str) -> String {
    let mut shape = String::new();
    for c in boundary.chars() {
        let sign = if c.is_ascii_alphanumeric() { 'x' } else { c };
        if sign != 'x' || !shape.ends_with('x') {
            shape.push(sign);
        }
        if shape.chars().count() >= SHAPE_CHARS_MAX {
            break;
        }
    }
    shape
}

#[cfg(test)]
mod tests {
    use crate::traits::shown::tests::check;

    #[test]
    fn random_letters_do_not_show() {
        check(module_path!(), "Content-Type: multipart/mixed; boundary=\"----=_NextPart_000_01\"\n\nx", &["----=_x_x_x"]);
    }

    #[test]
    fn a_bare_boundary_is_read() {
        check(module_path!(), "Content-Type: multipart/mixed; boundary=0000000a1; x=y\n\nx", &["x"]);
    }

    #[test]
    fn plain_text_has_none() {
        check(module_path!(), "Content-Type: text/plain\n\nx", &[]);
    }
}
