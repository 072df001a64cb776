//! Lines of an earlier message are quoted.

use crate::evidence::Evidence;
use crate::signals::Signal;

pub(super) const SIGNAL: Signal = Signal::falls(
    "no earlier text is quoted",
    "People quote what they answer; attacks seldom have anything to quote. Share of the plain text's lines that \
     begin with >, 0 to 1; unknown without plain text.",
    measure,
);

/// A longer text has shown by then whether it quotes.
const LINES_MAX: usize = 2_000;

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let plain = &evidence.message.texts.plain;
    let lines = || plain.lines().take(LINES_MAX).filter(|line| !line.trim().is_empty());
    let (all, quoted) = lines()
        .fold((0_u32, 0_u32), |(all, quoted), line| (all + 1, quoted + u32::from(line.trim_start().starts_with('>'))));
    (all > 0).then(|| quoted as f32 / all as f32)
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn quoted_lines_are_a_share() {
        check(module_path!(), mail().text("> when?\n\nNow."), Some(0.5));
        check(module_path!(), mail().text("Now."), Some(0.0));
        check(module_path!(), mail().text(""), None);
    }
}
