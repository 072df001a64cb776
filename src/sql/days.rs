//! Which days a query asks for, where it says so plainly: `… from decisions where date >= '2026-11-01' and …`.

use crate::tables::Period;

/// Words with which a condition need not hold for every row of the answer.
const UNPLAIN: [&str; 12] =
    ["or", "not", "case", "join", "union", "except", "intersect", "with", "over", "exists", "all", "any"];

/// The period without days that the query rules out. Only conditions that hold for every row count: those that stand beside
/// each other in the one WHERE of a query with one SELECT over one table. What is less plain is read whole.
pub(super) fn narrowed(text: &str, period: &Period) -> Period {
    let mut period = period.clone();
    let Some(conditions) = conditions(text) else { return period };
    let mut rest = conditions.as_slice();
    while !rest.is_empty() {
        let (taken, since, until) = one(rest);
        // A condition ends with AND or with the query: `date = '…' || x` is another one.
        if taken > 0 && rest.get(taken).is_none_or(|next| next == "and") {
            period.since = since.max(period.since);
            period.until = match (until, period.until) {
                (Some(one), Some(other)) => Some(one.min(other)),
                (one, other) => one.or(other),
            };
        }
        let next = rest.iter().skip(taken).position(|token| token == "and");
        rest = next.map_or(&[][..], |next| &rest[taken + next + 1..]);
    }
    period
}

/// How many tokens of a condition speak of the day, and the first and the last day that they leave.
fn one(tokens: &[String]) -> (usize, Option<String>, Option<String>) {
    match tokens {
        [column, word, from, and, to, ..] if is_date(column) && word == "between" && and == "and" => {
            (5, date(from), date(to))
        }
        [column, sign, value, ..] if is_date(column) => match sign.as_str() {
            "=" | "==" => (3, date(value), date(value)),
            ">=" | ">" => (3, date(value), None),
            "<=" | "<" => (3, None, date(value)),
            _ => (0, None, None),
        },
        _ => (0, None, None),
    }
}

fn is_date(token: &str) -> bool {
    token == "date"
}

/// The text of a literal that is a day.
fn date(token: &str) -> Option<String> {
    let text = token.strip_prefix('\'')?;
    let is_day = text.len() == 10
        && text.bytes().enumerate().all(|(at, b)| if at == 4 || at == 7 { b == b'-' } else { b.is_ascii_digit() });
    is_day.then(|| text.to_owned())
}

/// The tokens of the WHERE of a plain query, up to GROUP, ORDER or LIMIT; `None` where it is not plain. Whatever stands in
/// brackets is one token.
fn conditions(text: &str) -> Option<Vec<String>> {
    let tokens = tokens(text)?;
    let count = |word: &str| tokens.iter().filter(|token| *token == word).count();
    if count("select") != 1 || count("from") != 1 || tokens.iter().any(|token| UNPLAIN.contains(&token.as_str())) {
        return None;
    }
    let from = tokens.iter().position(|token| token == "from")?;
    let place = tokens.iter().position(|token| token == "where")?;
    // The AND of another BETWEEN would be taken for the end of a condition.
    let is_foreign = |pair: &[String]| pair[1] == "between" && !is_date(&pair[0]);
    if tokens.windows(2).any(is_foreign) {
        return None;
    }
    // One table, with another name or without.
    if !(from + 2..=from + 3).contains(&place) || tokens[from + 1..place].iter().any(|token| token == ",") {
        return None;
    }
    let ends = |token: &String| ["group", "order", "limit", "having", "window", ";"].contains(&token.as_str());
    let rest = &tokens[place + 1..];
    Some(rest[..rest.iter().position(ends).unwrap_or(rest.len())].to_vec())
}

/// Words in small letters, signs, literals with their opening quote; brackets with all in them are `(`. `None` for what a
/// few lines cannot read for certain: comments, quoted names, brackets with a query in them.
fn tokens(text: &str) -> Option<Vec<String>> {
    let mut tokens = Vec::new();
    let mut depth = 0_usize;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let length = match first {
            '"' | '`' | '[' => return None,
            '-' if rest.starts_with("--") => return None,
            '/' if rest.starts_with("/*") => return None,
            '\'' => rest[1..].find('\'')? + 1,
            c if is_word(c) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            '<' | '>' | '=' | '!' => rest.find(|c| !"<>=!".contains(c)).unwrap_or(rest.len()),
            c => c.len_utf8(),
        };
        let token = rest[..length].to_lowercase();
        rest = &rest[length + usize::from(first == '\'')..];
        match first {
            '(' => {
                if depth == 0 {
                    tokens.push(token);
                }
                depth += 1;
            }
            ')' => depth = depth.checked_sub(1)?,
            _ if token == "select" && depth > 0 => return None,
            c if !c.is_whitespace() && depth == 0 => tokens.push(token),
            _ => {}
        }
    }
    (depth == 0).then_some(tokens)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, since: Option<&str>, until: Option<&str>) {
        let expected = Period { since: since.map(str::to_owned), until: until.map(str::to_owned) };
        assert_eq!(narrowed(text, &Period::default()), expected, "{text}");
    }

    #[test]
    fn plain_conditions_narrow_the_days() {
        let (one, two) = (Some("2026-11-01"), Some("2026-11-02"));
        check("select count(*) from decisions", None, None);
        check("select * from decisions where date = '2026-11-01'", one, one);
        check("SELECT * FROM decisions d WHERE Date >= '2026-11-01' AND score > 2 GROUP BY 1", one, None);
        check("select max(score) from signals where score > 2 and date<='2026-11-02' limit 5;", None, two);
        check("select 1 from signals where date between '2026-11-01' and '2026-11-02' and id > 'x'", one, two);
        check("select 1 from signals where (score > 1) and date > '2026-11-01' and date > '2026-11-02'", two, None);
        check("select 1 from signals where (a = 1 or b = 2) and date = '2026-11-01'", one, one);
    }

    #[test]
    fn what_is_less_plain_is_read_whole() {
        for text in [
            "select 1 from decisions where date = '2026-11-01' or score > 2",
            "select 1 from decisions where not date = '2026-11-01'",
            "select 1 from decisions where date = '2026-11-01' || ''",
            "select 1 from decisions where date >= 2026 and hour = '01'",
            "select 1 from decisions where date = (select max(at) from labels)",
            "select 1 from decisions, labels where date = '2026-11-01'",
            "select 1 from decisions left join labels where date = '2026-11-01'",
            "select 1 from decisions -- where date = '2026-11-01'",
            "select 1 from decisions where subject = 'where date = ''2026-11-01'''",
            "with a as (select 1) select 1 from decisions where date = '2026-11-01'",
            "select (date = '2026-11-01') from decisions where score > 1",
            "select 1 from decisions where date is null",
            "select 1 from decisions where score between date and '2026-11-01'",
            "select 1 from decisions where score between date and date = '2026-11-01'",
            "select 1 from decisions where x = date = '2026-11-01'",
            "select 1 from decisions where date = '2026-11-01",
        ] {
            check(text, None, None);
        }
    }

    #[test]
    fn a_period_only_grows_narrower() {
        let given = Period { since: Some("2026-11-10".to_owned()), until: Some("2026-11-20".to_owned()) };
        let narrow = |text: &str| narrowed(text, &given);
        assert_eq!(narrow("select 1 from decisions where date > '2026-11-01'"), given);
        let later = narrow("select 1 from decisions where date between '2026-11-12' and '2026-11-30'");
        assert_eq!(later, Period { since: Some("2026-11-12".to_owned()), ..given.clone() });
    }
}
