//! What a text is made of: its letters, digits and marks, counted in one pass.

use crate::message::is_invisible;

/// Counts of the characters of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lettering {
    /// Characters that are not white space.
    pub shown: usize,
    /// Letters.
    pub letters: usize,
    /// Capital letters.
    pub capitals: usize,
    /// Decimal digits.
    pub digits: usize,
    /// Exclamation marks.
    pub exclamations: usize,
    /// Question marks.
    pub questions: usize,
    /// Runs of letters.
    pub words: usize,
    /// Characters that take no room on the screen.
    pub invisible: usize,
    /// Places where such characters split a word for a filter, and not for the eye.
    pub split: usize,
    /// Pictures and dingbats.
    pub pictures: usize,
    /// Letters of the mathematical, full-width or phonetic alphabets, which look like Latin ones.
    pub styled: usize,
    /// Words in which Latin letters stand beside Cyrillic or Greek ones.
    pub mixed_words: usize,
}

/// The alphabets that hold look-alikes of each other.
const LATIN: u8 = 1;
const OTHER: u8 = 2;

impl Lettering {
    /// Counts the characters of a text.
    pub fn of(text: &str) -> Self {
        if text.is_ascii() {
            return Self::of_ascii(text.as_bytes());
        }
        let mut counts = Self::default();
        let mut scripts = 0_u8;
        let (mut in_word, mut split) = (false, false);
        for c in text.chars() {
            let script = counts.add(c);
            match script {
                Some(script) => {
                    counts.words += usize::from(!in_word);
                    counts.split += usize::from(split);
                    (in_word, split) = (true, false);
                    scripts |= script;
                }
                // An invisible character does not end a word for the eye.
                None if !c.is_ascii() && is_invisible(c) => split = in_word,
                None => {
                    counts.mixed_words += usize::from(scripts == LATIN | OTHER);
                    scripts = 0;
                    (in_word, split) = (false, false);
                }
            }
        }
        counts.mixed_words += usize::from(scripts == LATIN | OTHER);
        counts
    }

    /// Most mail is ASCII, where a table of bytes tells all: four times as fast.
    fn of_ascii(text: &[u8]) -> Self {
        let mut bytes = [0_u32; 256];
        let mut words = 0_usize;
        let mut in_word = false;
        for &byte in text {
            bytes[usize::from(byte)] += 1;
            let letter = byte.is_ascii_alphabetic();
            words += usize::from(letter & !in_word);
            in_word = letter;
        }
        let sum = |range: std::ops::RangeInclusive<u8>| range.map(|b| bytes[usize::from(b)] as usize).sum::<usize>();
        let capitals = sum(b'A'..=b'Z');
        Self {
            shown: sum(b'!'..=b'~'),
            letters: capitals + sum(b'a'..=b'z'),
            capitals,
            digits: sum(b'0'..=b'9'),
            exclamations: sum(b'!'..=b'!'),
            questions: sum(b'?'..=b'?'),
            words,
            ..Self::default()
        }
    }

    /// Counts one character; the alphabet's bit for a letter (0 for any other alphabet), `None` for what is none.
    fn add(&mut self, c: char) -> Option<u8> {
        if c.is_ascii() {
            self.shown += usize::from(c.is_ascii_graphic());
            match c {
                'a'..='z' => self.letters += 1,
                'A'..='Z' => {
                    self.letters += 1;
                    self.capitals += 1;
                }
                '0'..='9' => self.digits += 1,
                '!' => self.exclamations += 1,
                '?' => self.questions += 1,
                _ => {}
            }
            return c.is_ascii_alphabetic().then_some(LATIN);
        }
        if is_invisible(c) {
            self.invisible += 1;
            return None;
        }
        self.shown += usize::from(!c.is_whitespace());
        if matches!(c, '\u{1d400}'..='\u{1d7cb}' | '\u{ff21}'..='\u{ff5a}' | '\u{250}'..='\u{2af}') {
            self.styled += 1;
        }
        if matches!(c, '\u{2190}'..='\u{21ff}' | '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}')
        {
            self.pictures += 1;
        }
        if !c.is_alphabetic() {
            return None;
        }
        self.letters += 1;
        self.capitals += usize::from(c.is_uppercase());
        Some(match c {
            '\u{c0}'..='\u{24f}' => LATIN,
            '\u{370}'..='\u{52f}' => OTHER,
            _ => 0,
        })
    }

    /// Capitals among letters, 0 to 1; `None` with fewer than `letters_min` letters, of which a share says nothing.
    pub fn capitals_share(&self, letters_min: usize) -> Option<f32> {
        (self.letters >= letters_min.max(1)).then(|| self.capitals as f32 / self.letters as f32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_are_counted_by_kind() {
        let counts = Lettering::of("Pay NOW! 100 € \u{1f4b0} 𝐛𝐨𝐥𝐝 ok?");
        assert_eq!((counts.letters, counts.capitals, counts.digits), (12, 4, 3));
        assert_eq!((counts.exclamations, counts.questions, counts.pictures, counts.styled), (1, 1, 1, 4));
        assert_eq!(counts.words, 4);
        assert_eq!(Lettering::of(""), Lettering::default());
    }

    #[test]
    fn ascii_is_counted_as_any_text() {
        let text = "Pay NOW! $100,\tok? x2y";
        let counts = Lettering::of(text);
        // One wide character keeps the table from being used.
        let any = Lettering::of(&format!("{text} \u{20ac}"));
        assert_eq!(Lettering { shown: counts.shown + 1, ..counts }, any);
    }

    #[test]
    fn a_word_of_two_alphabets_is_mixed() {
        assert_eq!(Lettering::of("p\u{430}ypal \u{43f}\u{440}\u{438} paypal").mixed_words, 1);
        assert_eq!(Lettering::of("pay\u{200b}p\u{430}l").mixed_words, 1);
        assert_eq!(Lettering::of("pay\u{200b}pal").invisible, 1);
        assert_eq!(Lettering::of("pay\u{200b}\u{200b}pal \u{200b} x \u{200b}").split, 1);
        assert_eq!(Lettering::of("\u{c4}rger").mixed_words, 0);
    }

    #[test]
    fn a_share_needs_enough_letters() {
        assert_eq!(Lettering::of("ABcd").capitals_share(4), Some(0.5));
        assert_eq!(Lettering::of("ABc").capitals_share(4), None);
        assert_eq!(Lettering::of("").capitals_share(0), None);
    }
}
