//! It tells of illness, death or war to move the reader.

use crate::mail::Category;
use crate::signals::Signal;

const PHRASES: &[&str] = &[
    "widow",
    "widower",
    "orphan",
    "orphans",
    "orphanage*",
    "cancer",
    "terminal illness",
    "terminally ill",
    "dying",
    "on my deathbed",
    "sick bed",
    "sickbed",
    "hospital bed",
    "my doctor told",
    "doctors told me",
    "few months to live",
    "short time to live",
    "incurable",
    "esophageal",
    "ovarian",
    "brain tumor",
    "stroke",
    "surgery",
    "refugee",
    "refugee camp",
    "asylum",
    "civil war",
    "war in",
    "killed by",
    "assassinated",
    "poisoned",
    "car accident",
    "auto crash",
    "motor accident",
    "ghastly",
    "childless",
    "no child",
    "without any child",
    "without children",
    "charity",
    "charities",
    "less privileged",
    "less-privileged",
    "the needy",
    "the poor",
    "motherless babies",
    "god bless you",
    "god bless",
    "god fearing",
    "god-fearing",
    "in the name of god",
    "almighty god",
    "dearest in the lord",
    "beloved in christ",
    "beloved in the lord",
    "dear in christ",
    "in christ",
    "calvary greetings",
    "the lord",
    "sister in",
    "brother in",
    "may god",
    "by the grace of god",
    "with tears",
    "tears in my eyes",
    "heavy heart",
    "sorrow",
    "stranded",
    "lost my wallet",
    "my passport was",
    "robbed",
    "mugged",
    "krebs erkrankt",
    "witwe",
    "waisenhaus",
    "veuve",
    "cancer de",
    "orphelinat",
    "orphelins",
    "viuda",
    "cáncer",
    "huérfanos",
    "dios te bendiga",
    "que dieu vous bénisse",
    "gott segne",
];

pub(super) const SIGNAL: Signal = Signal::of_phrases(
    "it tells of illness, death or war to move the reader",
    "For advance fee and donation scams. Number of distinct phrases.",
    PHRASES,
)
.of(Category::AdvanceFee);

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_dying_widow_is_seen() {
        check(
            module_path!(),
            mail().text("I am a widow dying of cancer and want it to go to charity. God bless you."),
            Some(6.0),
        );
        check(module_path!(), mail(), Some(0.0));
    }
}
