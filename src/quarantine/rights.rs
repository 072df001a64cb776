//! Who may let which held mail go: by the kind of attack, and by what held it.

use serde::{Deserialize, Serialize};

use crate::decision::{RULE_PREFIX, Reason};
use crate::mail::Category;

/// Reasons of the policy that are told and decide nothing.
const UNDECIDING: [&str; 2] = ["allow_unproved", "entries_divided"];

/// Who asks for a release, least first; each may let go what those before may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Asker {
    /// One for whom the message is held, for himself alone.
    Recipient,
    /// Whoever looks after held mail.
    Operator,
    /// Whoever answers for the filter.
    Administrator,
}

impl Asker {
    /// All, least first.
    pub const ALL: [Self; 3] = [Self::Recipient, Self::Operator, Self::Administrator];

    /// The stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Recipient => "recipient",
            Self::Operator => "operator",
            Self::Administrator => "administrator",
        }
    }
}

/// Who may let held mail go. What neither recipients nor operators may is left to administrators.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rights {
    /// Categories of attack of which a recipient may let go by himself what is held for him.
    pub recipients: Vec<Category>,
    /// Categories of which operators may, beside those.
    pub operators: Vec<Category>,
    /// Who may at least, whatever the category, where a rule held the message.
    pub held_by_rule: Asker,
    /// Who may at least where an entry of the policy held it, or its rarity, or nothing that has a category.
    pub held_by_policy: Asker,
}

impl Default for Rights {
    fn default() -> Self {
        Self {
            // Unwanted mail does no harm to who looks for it among what is held; all else is meant to deceive him.
            recipients: vec![Category::Spam],
            // Code runs before its reader has judged it, so that one wrong release is an incident.
            operators: Category::ALL.into_iter().filter(|one| *one != Category::Malware).collect(),
            // What a rule found may be malware, whatever the score speaks for.
            held_by_rule: Asker::Administrator,
            // Nobody has said of it what harm it would do.
            held_by_policy: Asker::Operator,
        }
    }
}

impl Rights {
    /// The least who may let a message go that is held as of this category, on these grounds.
    pub fn least(&self, category: Option<Category>, grounds: &[String]) -> Asker {
        let by_category = match category {
            None => self.held_by_policy,
            Some(category) if self.recipients.contains(&category) => Asker::Recipient,
            Some(category) if self.operators.contains(&category) => Asker::Operator,
            Some(_) => Asker::Administrator,
        };
        let by_ground =
            |ground: &String| if ground.starts_with(RULE_PREFIX) { self.held_by_rule } else { self.held_by_policy };
        grounds.iter().map(by_ground).fold(by_category, Asker::max)
    }

    /// Whether one may let such a message go.
    pub fn allow(&self, asker: Asker, category: Option<Category>, grounds: &[String]) -> bool {
        asker >= self.least(category, grounds)
    }
}

/// What held a message beside its score, by name: an entry of the policy, rules, a rare kind; from the reasons of the
/// decision in their order, in which those come before all that have a part in the score.
pub fn grounds(reasons: &[Reason]) -> Vec<String> {
    let leading = reasons.iter().take_while(|reason| reason.contribution == 0.0);
    leading.map(|reason| reason.name.clone()).filter(|name| !UNDECIDING.contains(&name.as_str())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(grounds: &[&str]) -> Vec<String> {
        grounds.iter().map(|name| (*name).to_owned()).collect()
    }

    fn check(rights: &Rights, category: Option<Category>, held_by: &[&str], least: Asker) {
        let held_by = names(held_by);
        assert_eq!(rights.least(category, &held_by), least, "{category:?} {held_by:?}");
        for asker in Asker::ALL {
            assert_eq!(rights.allow(asker, category, &held_by), asker >= least, "{asker:?} {category:?} {held_by:?}");
        }
    }

    #[test]
    fn malware_is_left_to_administrators_and_spam_to_whom_it_was_sent() {
        let shipped = Rights::default();
        for category in Category::ALL {
            let least = match category {
                Category::Spam => Asker::Recipient,
                Category::Malware => Asker::Administrator,
                _ => Asker::Operator,
            };
            check(&shipped, Some(category), &[], least);
        }
        check(&shipped, None, &[], Asker::Operator);
    }

    #[test]
    fn what_a_rule_or_the_policy_held_is_not_let_go_by_its_category_alone() {
        let shipped = Rights::default();
        check(&shipped, Some(Category::Spam), &["rule.macro"], Asker::Administrator);
        check(&shipped, Some(Category::Spam), &["block"], Asker::Operator);
        check(&shipped, Some(Category::Spam), &["unseen_sender"], Asker::Operator);
        let mild = Rights { held_by_rule: Asker::Recipient, held_by_policy: Asker::Recipient, ..shipped };
        check(&mild, Some(Category::Spam), &["rule.macro", "block"], Asker::Recipient);
        check(&mild, Some(Category::Malware), &["block"], Asker::Administrator);
        check(&mild, None, &["block"], Asker::Recipient);
    }

    #[test]
    fn what_a_recipient_may_an_operator_may_too() {
        let rights = Rights { recipients: vec![Category::JobScam], operators: Vec::new(), ..Rights::default() };
        check(&rights, Some(Category::JobScam), &[], Asker::Recipient);
        check(&rights, Some(Category::Spam), &[], Asker::Administrator);
    }

    #[test]
    fn grounds_are_what_stands_before_the_parts_of_the_score() {
        let reason = |(name, contribution): &(&str, f32)| Reason {
            name: (*name).to_owned(),
            because: String::new(),
            contribution: *contribution,
        };
        let check = |reasons: &[(&str, f32)], expected: &[&str]| {
            assert_eq!(grounds(&reasons.iter().map(reason).collect::<Vec<_>>()), names(expected), "{reasons:?}");
        };
        check(&[("asks_password", 3.0), ("rule.listed", 0.0)], &[]);
        check(&[("block", 0.0), ("rule.macro", 0.0), ("asks_password", 3.0)], &["block", "rule.macro"]);
        check(&[("allow_unproved", 0.0), ("asks_password", 3.0)], &[]);
        check(&[("when_unscored", 0.0)], &["when_unscored"]);
    }
}
