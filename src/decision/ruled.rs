//! What the policy says of a message without regard to the score's height.

use crate::mail::Gap;

use super::entries::{Ruling, rule};
use super::{Findings, Policy, Reason, Verdict};

/// What the policy says without regard to the score's height.
pub(super) struct Ruled {
    /// The verdict, where the policy decides by itself.
    pub(super) verdict: Option<Verdict>,
    /// The entry that decided, or came close.
    pub(super) reason: Option<Reason>,
    /// Whether it decides only because there is no score.
    pub(super) is_for_lack_of_score: bool,
}

/// A reason that is a policy entry.
pub(super) fn entry(name: &str, because: String) -> Reason {
    Reason { name: name.to_owned(), because, contribution: 0.0 }
}

/// What the policy says of a message.
pub(super) fn by_policy(findings: &Findings<'_>, policy: &Policy, gaps: &[Gap], is_scored: bool) -> Ruled {
    let decided = |verdict, name, because| Ruled {
        verdict: Some(verdict),
        reason: Some(entry(name, because)),
        is_for_lack_of_score: false,
    };
    if let Some(id) = findings.released {
        return decided(Verdict::Accept, "released", format!("a person released it after decision {id}"));
    }
    let near = match rule(findings, policy) {
        Ruling::Allowed(who) => {
            return decided(Verdict::Accept, "allow", format!("{who} is on the allow list and proved its origin"));
        }
        Ruling::Blocked(who, verdict) => return decided(verdict, "block", format!("{who} is on the block list")),
        Ruling::Unproved(who) => {
            Some(entry("allow_unproved", format!("{who} is on the allow list, but the message proves no such origin")))
        }
        Ruling::Divided(who) => {
            Some(entry("entries_divided", format!("the entries for {who} differ between the recipients")))
        }
        Ruling::Silent => None,
    };
    if let Some(gap) = gaps.iter().find(|gap| policy.defer_on.contains(&gap.missing)) {
        let because = format!("{} could not be known now: {}", gap.missing.name(), gap.why);
        return decided(Verdict::Tempfail, "defer_on", because);
    }
    if !is_scored {
        let decided = decided(policy.when_unscored, "when_unscored", "there is no score".to_owned());
        return Ruled { is_for_lack_of_score: true, ..decided };
    }
    Ruled { verdict: None, reason: near, is_for_lack_of_score: false }
}
