//! The reference page of the signals, as Markdown.

use std::fmt::Write as _;

use super::risk;
use crate::signals::{Attack, registry};

/// The page: a list of the attacks, and a table for each level.
pub(super) fn page() -> String {
    let signals = registry();
    // Writing to a string cannot fail.
    let mut page = format!(
        "# Signals of Kith\n\n{} facts are measured of each message; what cannot be known of one is unknown, never 0. \
         *Risk* says how the score may change as the value rises. This page is made by `kith signals --markdown`.\n\n\
         ## By attack\n\n",
        signals.len()
    );
    for attack in Attack::ALL {
        let names: Vec<_> = signals.iter().filter(|s| s.attacks().contains(&attack)).map(|s| link(s.name)).collect();
        let _ = writeln!(page, "* **{attack}** ({}): {}", names.len(), names.join(", "));
    }
    let mut level = "";
    for signal in signals {
        if level != signal.level.name() {
            level = signal.level.name();
            let _ = writeln!(
                page,
                "\n## Level {level}\n\n| signal | a reason says | meaning | against | risk | range |\n\
                 |---|---|---|---|---|---|"
            );
        }
        let attacks: Vec<_> = signal.attacks().iter().map(|attack| attack.name()).collect();
        let _ = writeln!(
            page,
            "| <a id=\"{0}\"></a>`{0}` | {1} | {2} | {3} | {4} | {5} |",
            signal.name,
            cell(signal.because),
            cell(signal.meaning),
            attacks.join(", "),
            risk(signal),
            signal.range(),
        );
    }
    page
}

fn link(name: &str) -> String {
    format!("[{name}](#{name})")
}

/// A text that ends no cell and opens no tag.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_holds_every_signal_in_one_whole_row() {
        let page = page();
        for signal in registry() {
            let id = format!("<a id=\"{}\"></a>", signal.name);
            let rows: Vec<_> = page.lines().filter(|line| line.contains(&id)).collect();
            assert_eq!(rows.len(), 1, "{}", signal.name);
            assert_eq!(rows[0].replace("\\|", "").matches('|').count(), 7, "{}", rows[0]);
            assert!(rows[0].contains(&cell(signal.because)) && rows[0].contains(&cell(signal.meaning)));
        }
    }

    #[test]
    fn the_page_names_every_attack_and_level() {
        let page = page();
        for attack in Attack::ALL {
            assert!(page.contains(&format!("* **{attack}** (")), "{attack}");
        }
        assert_eq!(page.matches("\n## Level ").count(), 10);
    }

    #[test]
    fn marks_of_a_table_are_escaped() {
        assert_eq!(cell("lines that begin with > | x"), "lines that begin with &gt; \\| x");
    }
}
