//! The wording of attacks: several texts for each kind, with slots and alternatives.

use super::draw::Draw;

/// A text: a subject, and the words below it.
pub struct Template {
    pub subject: &'static str,
    pub body: &'static str,
}

/// The texts of a file, which `====` parts.
pub fn templates(file: &'static str) -> Vec<Template> {
    let text = |part: &'static str| {
        let (head, body) = part.trim_start().split_once('\n').unwrap_or((part, ""));
        Template { subject: head.trim_start_matches("Subject:").trim(), body: body.trim() }
    };
    file.split("\n====\n").map(text).collect()
}

/// Fills `[one|other]` by chance, then `{slot}` by name; a slot without a value is left empty.
pub fn fill(text: &str, slots: &[(&str, String)], draw: &mut Draw) -> String {
    let mut chosen = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('[') {
        chosen.push_str(before);
        let (inside, after) = after.split_once(']').unwrap_or((after, ""));
        let words: Vec<&str> = inside.split('|').collect();
        chosen.push_str(draw.pick::<&str>(&words));
        rest = after;
    }
    chosen.push_str(rest);
    let mut filled = String::with_capacity(chosen.len());
    let mut rest = chosen.as_str();
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        filled.push_str(slots.iter().find(|(slot, _)| *slot == name).map_or("", |(_, value)| value));
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// The values that no relationship gives: sums, accounts, numbers, days.
pub fn invented(draw: &mut Draw) -> Vec<(&'static str, String)> {
    let bank = draw.word(&["Citizens Bank", "TD Bank", "Green Dot Bank", "HSBC Hong Kong", "Sutton Bank", "BBVA USA"]);
    let thousands = draw.between(2, 480);
    let amount = match draw.below(4) {
        0 => format!("${thousands},{:03}.{:02}", draw.below(1_000), draw.below(100)),
        1 => format!("USD {thousands},{:03}", draw.below(1_000)),
        2 => format!("{thousands}k"),
        _ => format!("$ {}", draw.digits(5)),
    };
    let small = format!("${}.{:02}", draw.between(189, 649), draw.below(100));
    let exchange = draw.between(200, 989);
    let phone = match draw.below(4) {
        0 => format!("+1 (8{}) {exchange}-{}", draw.between(0, 88), draw.digits(4)),
        1 => format!("1-8{:02}-{exchange}-{}", draw.between(0, 88), draw.digits(4)),
        2 => format!("8{:02}.{exchange}.{}", draw.between(0, 88), draw.digits(4)),
        _ => format!("(8{:02}) {exchange} {}", draw.between(0, 88), draw.digits(4)),
    };
    let invoice = match draw.below(3) {
        0 => format!("INV-{}", draw.digits(5)),
        1 => draw.digits(7),
        _ => format!("{}/{}", draw.digits(4), draw.digits(2)),
    };
    let day = draw.word(&["Monday", "Wednesday", "Friday", "the 15th", "the end of the month", "tomorrow noon"]);
    vec![
        ("bank", bank.to_owned()),
        ("account", draw.digits(10)),
        ("routing", routing(draw)),
        ("amount", amount),
        ("small", small),
        ("phone", phone),
        ("invoice", invoice),
        ("day", day.to_owned()),
    ]
}

/// A routing number as a bank has it: of a Federal Reserve district, and with the check digit that makes the weighted sum
/// a multiple of ten.
fn routing(draw: &mut Draw) -> String {
    let number = format!("{:02}{:06}", draw.between(1, 12), draw.below(1_000_000));
    let sum: u32 =
        number.bytes().zip([3, 7, 1].into_iter().cycle()).map(|(digit, by)| u32::from(digit - b'0') * by).sum();
    format!("{number}{}", (10 - sum % 10) % 10)
}
