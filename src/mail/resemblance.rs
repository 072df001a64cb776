//! Whether one domain name would pass for another at a glance.

use unicode_security::skeleton;

use super::Domain;

/// Shorter labels look like many others.
pub const SHAPE_LETTERS_MIN: usize = 3;
/// Shorter labels have too many honest neighbours one letter away.
pub const ONE_EDIT_LETTERS_MIN: usize = 6;
/// From here on a second changed letter still goes unnoticed.
pub const TWO_EDITS_LETTERS_MIN: usize = 10;
/// Shorter labels stand under many suffixes, each with an owner of its own, or within longer words.
pub const LABEL_LETTERS_MIN: usize = 5;

/// The leftmost label of a registrable domain: what its owner chose.
pub fn label(registrable: &Domain) -> &str {
    registrable.as_str().split('.').next().unwrap_or_default()
}

/// Whether `registrable` is not `known` but would pass for it: the same label under another suffix, the same shape in
/// look-alike letters (UTS #39 §4), or one edit away (two for long names).
pub fn resembles(registrable: &Domain, known: &Domain) -> bool {
    if registrable == known {
        return false;
    }
    let (label, known) = (label(registrable), label(known));
    if label == known { known.len() >= LABEL_LETTERS_MIN } else { Shape::of(label).resembles(&Shape::of(known)) }
}

/// What the eye makes of a label: look-alike letters of other alphabets, digits for letters and pairs for one letter.
pub struct Shape {
    letters: Vec<char>,
    /// One bit for each letter or digit that occurs.
    mask: u64,
}

impl Shape {
    /// The shape of a label.
    pub fn of(label: &str) -> Self {
        Self::of_letters(&shape(label))
    }

    /// The shape whose letters are known already.
    pub fn of_letters(letters: &str) -> Self {
        let letters: Vec<char> = letters.chars().collect();
        let mask = letters.iter().fold(0, |mask, c| mask | 1 << (u32::from(*c) & 63));
        Self { letters, mask }
    }

    /// Its letters, as the eye takes them.
    pub fn letters(&self) -> &[char] {
        &self.letters
    }

    /// Whether two labels that are not the same look the same or nearly so.
    pub fn resembles(&self, known: &Self) -> bool {
        let letters = known.letters.len();
        let allowed = match letters {
            0..SHAPE_LETTERS_MIN => return false,
            SHAPE_LETTERS_MIN..ONE_EDIT_LETTERS_MIN => 0,
            ONE_EDIT_LETTERS_MIN..TWO_EDITS_LETTERS_MIN => 1,
            _ => 2,
        };
        // An edit changes one letter into another at most. Most pairs of names end here.
        self.letters.len().abs_diff(letters) <= allowed
            && (self.mask ^ known.mask).count_ones() as usize <= 2 * allowed
            && edits(&self.letters, &known.letters, allowed) <= allowed
    }
}

/// Whether a label or a word of one in `host` is that of `known`, although the host is not within it:
/// `harbour.pay.example` and `harbour-billing.example` name `harbour.example`.
pub fn names(host: &Domain, known: &Domain) -> bool {
    let known_label = label(known);
    known_label.len() >= LABEL_LETTERS_MIN
        && !host.is_within(known)
        && host.as_str().split(['.', '-', '_']).any(|word| word == known_label)
}

/// The letters of the shape of a label.
pub fn shape(label: &str) -> String {
    let shown = match label.strip_prefix("xn--") {
        Some(_) => Domain::parse(label).map_or_else(|| label.to_owned(), |domain| domain.unicode()),
        None => label.to_owned(),
    };
    let plain = if shown.is_ascii() { shown } else { skeleton(&shown).collect::<String>().to_lowercase() };
    let letters: String = plain
        .chars()
        .filter(|c| *c != '-')
        .map(|c| match c {
            '0' => 'o',
            '1' | 'i' | '|' => 'l',
            '3' => 'e',
            '5' => 's',
            c => c,
        })
        .collect();
    letters.replace("rn", "m").replace("vv", "w").replace("cl", "d")
}

/// The text with each look-alike of a Latin letter or other ASCII character replaced by that; ASCII stays as it is, and
/// so does what resembles nothing of it.
pub fn latin(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        let mut coded = [0; 4];
        let plain: String =
            if letter.is_ascii() { String::new() } else { skeleton(letter.encode_utf8(&mut coded)).collect() };
        if plain.is_ascii() && !plain.is_empty() { out.push_str(&plain) } else { out.push(letter) }
    }
    out
}

/// The name that was most likely meant by one that is none: the one with the fewest changed letters, at most three and at
/// most half of them.
pub fn nearest<'n>(wrong: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let wrong: Vec<char> = wrong.to_lowercase().chars().collect();
    let most = (wrong.len() / 2).min(3);
    let far = |name: &&str| edits(&wrong, &name.chars().collect::<Vec<_>>(), most);
    names
        .map(|name| (far(&name), name))
        .filter(|(far, _)| *far <= most)
        .min_by_key(|(far, _)| *far)
        .map(|(_, name)| name)
}

/// Letters of the longest shape that is compared: a label has at most 63 bytes.
const LETTERS_MAX: usize = 63;

/// Optimal string alignment distance: insertions, deletions, changes and swaps of neighbours; anything above `most`
/// when it is more than that, or one is longer than any label.
fn edits(a: &[char], b: &[char], most: usize) -> usize {
    if a.len().abs_diff(b.len()) > most || b.len() > LETTERS_MAX {
        return most + 1;
    }
    let far = most as u8 + 1;
    let mut last = [far; LETTERS_MAX + 2];
    (0..=most.min(b.len())).for_each(|j| last[j] = j as u8);
    let mut before = last;
    for i in 1..=a.len() {
        // Outside the band around the diagonal every way takes more than `most`.
        let (from, to) = (i.saturating_sub(most).max(1), (i + most).min(b.len()));
        let mut row = [far; LETTERS_MAX + 2];
        row[0] = (i as u8).min(far);
        let mut least = row[0];
        for j in from..=to {
            let change = last[j - 1] + u8::from(a[i - 1] != b[j - 1]);
            row[j] = change.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
            least = least.min(row[j]);
        }
        // A swap may reach back over one row, so that row counts as well.
        if least >= far && last.iter().all(|edits| *edits >= far) {
            return most + 1;
        }
        before = std::mem::replace(&mut last, row);
    }
    usize::from(last[b.len()])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn domain(text: &str) -> Domain {
        Domain::parse(text).expect("the test names a domain")
    }

    fn check(name: &str, known: &str, expected: bool) {
        assert_eq!(resembles(&domain(name), &domain(known)), expected, "{name} {known}");
    }

    #[test]
    fn look_alikes_become_latin_and_ascii_stays() {
        assert_eq!(latin("P\u{430}y \u{440}al 0modern1"), "Pay pal 0modern1");
        assert_eq!(latin("Gr\u{fc}\u{df}e"), "Gr\u{fc}\u{df}e");
        assert_eq!(latin(""), "");
    }

    #[test]
    fn look_alikes_are_seen() {
        check("harb0ur.example", "harbour.example", true);
        check("harbuor.example", "harbour.example", true);
        check("harbours.example", "harbour.example", true);
        check("harbour.com", "harbour.example", true);
        check("h\u{430}rbour.example", "harbour.example", true);
        check("rnodern.example", "modern.example", true);
        check("har-bour.example", "harbour.example", true);
        check("international-shlppinq.com", "international-shipping.com", true);
    }

    #[test]
    fn others_are_not() {
        check("harbour.example", "harbour.example", false);
        check("garden.example", "harbour.example", false);
        check("abc.com", "abc.example", false);
        check("pack.example", "park.example", false);
        check("harbinger.example", "harbour.example", false);
    }

    #[test]
    fn a_name_within_a_foreign_one_is_named() {
        let own = domain("harbour.example");
        assert!(names(&domain("harbour.example.pay.test"), &own) && names(&domain("harbour-billing.com"), &own));
        assert!(!names(&domain("mail.harbour.example"), &own) && !names(&domain("harbours.com"), &own));
        assert!(!names(&domain("abc-pay.com"), &domain("abc.example")));
    }

    #[test]
    fn edits_count_swaps_as_one() {
        let edits = |a: &str, b: &str| edits(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>(), 2);
        assert_eq!(edits("abcd", "abdc"), 1);
        assert_eq!(edits("abcd", "bd"), 2);
        assert_eq!(edits("", "abc"), 3);
        assert_eq!(edits("abcdef", "badcfe"), 3);
        assert_eq!(edits("abcdefgh", "bacdefhg"), 2);
        assert_eq!(edits(&"a".repeat(64), &"a".repeat(64)), 3);
        assert_eq!(edits(&"a".repeat(63), &"a".repeat(61)), 2);
        assert_eq!(edits("abc", "abc"), 0);
    }

    #[test]
    fn the_nearest_name_is_told() {
        let check = |wrong: &str, expected: Option<&str>| {
            assert_eq!(nearest(wrong, ["decisions", "deliveries", "signals"].into_iter()), expected, "{wrong}");
        };
        check("decision", Some("decisions"));
        check("SIGNLAS", Some("signals"));
        check("delivereis", Some("deliveries"));
        check("rules", None);
        check("", None);
    }
}
