//! XPath cut into tokens (XPath 1.0 §3.7).

/// A token.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A name, with its prefix where it has one; `*` and `prefix:*` too.
    Name(String),
    /// A literal string.
    Text(String),
    /// A number.
    Number(f64),
    /// A sign: `//`, `::`, `(` and the like; also the words that are operators where they stand.
    Sign(&'static str),
}

/// Signs, the longer before those with which they begin.
const SIGNS: [&str; 21] =
    ["//", "::", "..", "!=", "<=", ">=", "(", ")", "[", "]", ".", "@", ",", "/", "|", "+", "-", "=", "<", ">", "$"];

/// The tokens of an expression; `None` where something is none.
pub(super) fn tokens(source: &str) -> Option<Vec<Token>> {
    let (mut found, mut rest) = (Vec::new(), source.trim_start());
    while let Some(c) = rest.chars().next() {
        let (token, behind) = match c {
            '"' | '\'' => {
                let (text, behind) = rest[1..].split_once(c)?;
                (Token::Text(text.to_owned()), behind)
            }
            '0'..='9' => number(rest)?,
            '.' if rest[1..].starts_with(|c: char| c.is_ascii_digit()) => number(rest)?,
            '*' if is_operand(found.last()) => (Token::Sign("*"), &rest[1..]),
            '*' => (Token::Name("*".to_owned()), &rest[1..]),
            _ if c.is_alphabetic() || c == '_' => word(rest, is_operand(found.last())),
            _ => {
                let sign = SIGNS.iter().find(|sign| rest.starts_with(**sign))?;
                (Token::Sign(sign), &rest[sign.len()..])
            }
        };
        found.push(token);
        rest = behind.trim_start();
    }
    Some(found)
}

/// Whether an operator may follow.
fn is_operand(last: Option<&Token>) -> bool {
    match last {
        None => false,
        Some(Token::Sign(sign)) => matches!(*sign, ")" | "]" | "." | ".."),
        Some(_) => true,
    }
}

fn number(rest: &str) -> Option<(Token, &str)> {
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
    Some((Token::Number(rest[..end].parse().ok()?), &rest[end..]))
}

/// A name, or a word that is an operator behind an operand.
fn word(rest: &str, behind_operand: bool) -> (Token, &str) {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let end = rest.find(|c: char| !is_part(c)).unwrap_or(rest.len());
    let (name, behind) = rest.split_at(end);
    if behind_operand && let Some(sign) = ["and", "or", "mod", "div"].into_iter().find(|sign| *sign == name) {
        return (Token::Sign(sign), behind);
    }
    // `v:rect` is one name, `child::a` is not.
    if let Some(local) = behind.strip_prefix(':').filter(|local| !local.starts_with(':')) {
        if let Some(behind) = local.strip_prefix('*') {
            return (Token::Name(format!("{name}:*")), behind);
        }
        let end = local.find(|c: char| !is_part(c)).unwrap_or(local.len());
        return (Token::Name(format!("{name}:{}", &local[..end])), &local[end..]);
    }
    (Token::Name(name.to_owned()), behind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_stars_are_operators_behind_operands_only() {
        let name = |name: &str| Token::Name(name.to_owned());
        let found = tokens("//div*or and 'x' or v:rect|* mod .5").expect("tokens");
        let expected = [
            Token::Sign("//"),
            name("div"),
            Token::Sign("*"),
            name("or"),
            Token::Sign("and"),
            Token::Text("x".into()),
            Token::Sign("or"),
            name("v:rect"),
            Token::Sign("|"),
            name("*"),
            Token::Sign("mod"),
            Token::Number(0.5),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_no_token_is_none() {
        assert_eq!(tokens("'open"), None);
        assert_eq!(tokens("a # b"), None);
        assert_eq!(tokens("1.2.3"), None);
    }
}
