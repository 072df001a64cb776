//! The plain text says something else than the HTML.

use crate::evidence::Evidence;
use crate::mail::Category;
use crate::signals::Signal;

pub(super) const SIGNAL: Signal = Signal::rises(
    "the plain text says something else than the HTML",
    "Bulk senders put harmless words where only a filter reads. Share of the HTML's words (of the first 300) \
     that the plain text does not hold, 0 to 1; unknown without both.",
    measure,
)
.of(Category::Spam);

/// Words compared: twice as many of the plain text, since it may spell out links.
const WORDS_MAX: usize = 600;

/// Which words were seen, as one bit each of 32,768: at the limit one word in fifty is taken for another,
/// at a tenth of the cost of a set.
struct Known([u64; 512]);

impl Known {
    fn add(&mut self, word: &[u8]) {
        let bit = Self::bit(word);
        self.0[bit / 64] |= 1 << (bit % 64);
    }

    fn holds(&self, word: &[u8]) -> bool {
        let bit = Self::bit(word);
        self.0[bit / 64] >> (bit % 64) & 1 == 1
    }

    /// FNV-1a, folded to 15 bits.
    fn bit(word: &[u8]) -> usize {
        let hash =
            word.iter().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x100_0000_01b3));
        ((hash ^ (hash >> 32)) & 0x7fff) as usize
    }
}

/// Words worth comparing, as bytes: short ones stand in every text.
fn words(text: &str) -> impl Iterator<Item = &[u8]> {
    text.as_bytes().split(|b| b.is_ascii() && !b.is_ascii_alphanumeric()).filter(|word| word.len() >= 4)
}

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let texts = &evidence.message.texts;
    if texts.plain.is_empty() || texts.visible.is_empty() {
        return None;
    }
    let mut known = Known([0; 512]);
    let plain = words(&texts.plain).take(WORDS_MAX).map(|word| known.add(word)).count();
    let (shown, foreign) = words(&texts.visible)
        .take(WORDS_MAX / 2)
        .fold((0_u32, 0_u32), |(shown, foreign), word| (shown + 1, foreign + u32::from(!known.holds(word))));
    (plain > 0 && shown > 0).then(|| foreign as f32 / shown as f32)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn the_same_words_in_both_are_usual() {
        check(module_path!(), mail().html("Please find the minutes").text("Please find minutes now"), Some(0.0));
        check(module_path!(), mail().html("cheap pills").text("Anna went home"), Some(1.0));
        check(module_path!(), mail().html(""), None);
    }
}
