//! What of a fact counts after it was labelled as an attack, before that was known, or without a person.

use super::fact::{DELIVERED, Fact, TAKEN_BACK};
use super::record::Increment;
use crate::mail::Moment;
use crate::traits::{Keeper, TRAITS};

/// Stands beside what a fact adds to a recipient: one of our own wrote there in answer to a message that was an attack.
const DECEIVED: u8 = 16;
/// Likewise, and all that the address wrote was one.
const DECEIVED_BY_ADDRESS: u8 = 64;
/// Stands beside [`TAKEN_BACK`]: the message was labelled.
const BY_NAME: u8 = 32;
/// Likewise: its author's address was.
const BY_ADDRESS: u8 = 64;

/// In which way something was labelled as an attack. What is labelled in both is given back when neither counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// The message, by its Message-ID.
    Name,
    /// All that its author wrote since a moment.
    Address,
}

impl By {
    /// Beside [`TAKEN_BACK`] among the flags of a fact.
    fn flag(self) -> u8 {
        match self {
            Self::Name => BY_NAME,
            Self::Address => BY_ADDRESS,
        }
    }

    /// Beside what an answer adds to a recipient.
    fn deceived(self) -> u8 {
        match self {
            Self::Name => DECEIVED,
            Self::Address => DECEIVED_BY_ADDRESS,
        }
    }
}

impl Fact {
    /// What it adds to the keys of the message, and to those of each recipient, after what was taken back.
    pub fn added(&self) -> (Increment, Vec<Increment>) {
        let counts = |bits: u8| {
            let increment = Increment::from_bits(bits);
            if self.is_taken_back() { increment.distrusted() } else { increment }
        };
        let to_recipient = |bits: &u8| {
            let increment = counts(*bits);
            Increment { written_to: increment.written_to && bits & (DECEIVED | DECEIVED_BY_ADDRESS) == 0, ..increment }
        };
        (counts(self.adds), self.adds_recipients.iter().map(to_recipient).collect())
    }

    /// Whether it was delivered and is no attack.
    pub fn is_delivered(&self) -> bool {
        self.is(DELIVERED) && !self.is_taken_back()
    }

    /// Whether its trust was taken back, since it was labelled as an attack.
    pub fn is_taken_back(&self) -> bool {
        self.is(TAKEN_BACK)
    }

    /// Whether it makes an address solicited.
    pub fn writes_to(&self, address: &str) -> bool {
        let (_, each) = self.added();
        self.recipients.iter().zip(each).any(|((recipient, _), adds)| recipient == address && adds.written_to)
    }

    /// Whether it was labelled in this way. A later delivery of a labelled message, and what was labelled before the ways
    /// were told apart, counts as labelled in any.
    pub fn is_labelled(&self, by: By) -> bool {
        self.is_taken_back() && (self.flags & (BY_NAME | BY_ADDRESS) == 0 || self.is(by.flag()))
    }

    /// Whether one of our own wrote there, whatever is thought of it now.
    pub fn wrote_to(&self, address: &str) -> bool {
        let mut each = self.recipients.iter().zip(&self.adds_recipients);
        each.any(|((recipient, _), bits)| recipient == address && Increment::from_bits(*bits).written_to)
    }

    /// Whether it answers an attack from there that was labelled in this way.
    pub fn is_deceived(&self, address: &str, by: By) -> bool {
        let mut each = self.recipients.iter().zip(&self.adds_recipients);
        each.any(|((recipient, _), bits)| recipient == address && bits & by.deceived() != 0)
    }

    /// The same without the trust that it built: it was an attack, as is known since `at`.
    pub fn taken_back(mut self, at: Moment, by: By) -> Self {
        self.flags |= TAKEN_BACK | by.flag();
        self.labelled_at(at)
    }

    /// The same, where it is a later delivery of a message that was an attack.
    pub fn of_attack(mut self, is_attack: bool) -> Self {
        if !is_attack {
            return self;
        }
        self.flags |= TAKEN_BACK;
        let at = self.moment();
        self.labelled_at(at)
    }

    /// The same with the trust that it built, as far as it is not labelled in the other way.
    pub fn given_back(mut self, by: By) -> Self {
        self.flags &= !by.flag();
        if self.flags & (BY_NAME | BY_ADDRESS) == 0 {
            self.flags &= !TAKEN_BACK;
        }
        self.unlabelled()
    }

    /// The same, making one address solicited again, as far as nothing else keeps it from that.
    pub fn undeceived(mut self, by_whom: &str, by: By) -> Self {
        for ((recipient, _), bits) in self.recipients.iter().zip(&mut self.adds_recipients) {
            if recipient == by_whom {
                *bits &= !by.deceived();
            }
        }
        self.unlabelled()
    }

    /// Nothing was known, where nothing is known any more.
    fn unlabelled(mut self) -> Self {
        let is_deceived = self.adds_recipients.iter().any(|bits| bits & (DECEIVED | DECEIVED_BY_ADDRESS) != 0);
        if !self.is_taken_back() && !is_deceived {
            self.labelled = None;
        }
        self
    }

    /// The same, making one address no longer solicited: it was written in answer to an attack from there.
    pub fn deceived(mut self, by_whom: &str, at: Moment, by: By) -> Self {
        for ((recipient, _), bits) in self.recipients.iter().zip(&mut self.adds_recipients) {
            if recipient == by_whom {
                *bits |= by.deceived();
            }
        }
        self.labelled_at(at)
    }

    fn labelled_at(mut self, at: Moment) -> Self {
        self.labelled = Some(self.labelled.map_or(at.0, |known| known.min(at.0)));
        self
    }

    /// The same as it was known at a moment; `None` where it came later. What was labelled later was trusted then.
    pub fn known_at(mut self, moment: Moment) -> Option<Self> {
        if self.labelled.is_some_and(|at| at > moment.0) {
            self.labelled = None;
            self.flags &= !(TAKEN_BACK | BY_NAME | BY_ADDRESS);
            let deceived = DECEIVED | DECEIVED_BY_ADDRESS;
            self.adds_recipients.iter_mut().for_each(|bits| *bits &= !deceived);
        }
        (self.at <= moment.0).then_some(self)
    }

    /// The same without a person, who is meant by an address as it is stored and by its marks as they are counted;
    /// `None` for what that person wrote.
    pub fn without(mut self, address: &str, marks: &[u32]) -> Option<Self> {
        if self.author == address {
            return None;
        }
        let before = self.recipients.len();
        let others = self.recipients.into_iter().zip(self.adds_recipients).filter(|((known, _), _)| known != address);
        (self.recipients, self.adds_recipients) = others.unzip();
        let mut regards = self.regards.into_iter();
        let mut kept = Vec::new();
        self.aliases.retain(|(_, alias)| {
            let bits = regards.next();
            let stays = alias != address;
            kept.extend(bits.filter(|_| stays));
            stays
        });
        self.regards = kept;
        self.traits.iter_mut().for_each(|(_, shown)| shown.retain(|mark| !marks.contains(mark)));
        if self.recipients.len() < before && self.recipients.is_empty() {
            // How a letter greets its reader is a habit towards him, and nobody else is left.
            let of_author = |keepers: &[Keeper]| keepers.iter().any(|keeper| *keeper != Keeper::Pair);
            self.traits.retain(|(number, _)| TRAITS.iter().any(|own| own.number == *number && of_author(own.kept_by)));
        }
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::super::fact::{ANSWERS, OWN};
    use super::*;

    /// A fact of one of our own who wrote to two.
    fn fact() -> Fact {
        let full = Increment { message: true, trusted: true, refused: false, written_to: true };
        Fact {
            at: 1_000,
            message: [1; 16],
            author: "bob@own.example".into(),
            domain: "own.example".into(),
            name: "bob".into(),
            network: String::new(),
            recipients: vec![("a@x.example".into(), "x.example".into()), ("b@y.example".into(), "y.example".into())],
            aliases: vec![("anna".into(), "a@x.example".into())],
            traits: vec![(25, vec![7]), (29, vec![1, 2]), (6, vec![5])],
            thread: 9,
            list: String::new(),
            links: Vec::new(),
            files: Vec::new(),
            campaign: Vec::new(),
            groups: Vec::new(),
            flags: OWN | DELIVERED | ANSWERS,
            adds: Increment { written_to: false, ..full }.bits(),
            adds_recipients: vec![full.bits(); 2],
            labelled: None,
            regards: vec![2],
        }
    }

    #[test]
    fn an_attack_is_seen_and_not_trusted() {
        let labelled = fact().taken_back(Moment(5_000), By::Name);
        let (message, each) = labelled.added();
        assert!(message.message && !message.trusted && !labelled.is_delivered());
        assert!(each.iter().all(|adds| adds.message && !adds.trusted && !adds.written_to));
    }

    #[test]
    fn who_was_deceived_stays_trusted() {
        let answered = fact().deceived("a@x.example", Moment(5_000), By::Name);
        let (message, each) = answered.added();
        assert!(message.trusted && each.iter().all(|adds| adds.trusted) && answered.is_delivered());
        assert_eq!((answered.writes_to("a@x.example"), answered.writes_to("b@y.example")), (false, true));
        assert_eq!(Fact::decode(&answered.encode()), Some(answered));
    }

    #[test]
    fn a_label_is_not_known_before_it_was_given() {
        let labelled = fact().deceived("b@y.example", Moment(6_000), By::Address).taken_back(Moment(5_000), By::Name);
        assert_eq!(labelled.clone().known_at(Moment(4_999)), Some(fact()));
        assert_eq!(labelled.clone().known_at(Moment(5_000)), Some(labelled.clone()));
        assert_eq!(labelled.known_at(Moment(999)), None);
    }

    #[test]
    fn what_is_given_back_is_as_it_was_unless_labelled_in_the_other_way_too() {
        let labelled = |by| fact().taken_back(Moment(5_000), by).deceived("a@x.example", Moment(6_000), by);
        for by in [By::Name, By::Address] {
            assert_eq!(labelled(by).given_back(by).undeceived("a@x.example", by), fact());
        }
        let both = labelled(By::Name).taken_back(Moment(7_000), By::Address);
        let one = both.clone().given_back(By::Name);
        assert!(one.is_taken_back() && one.is_labelled(By::Address) && !one.is_labelled(By::Name));
        assert!(!both.given_back(By::Name).given_back(By::Address).is_taken_back());
        let again = fact().of_attack(true);
        assert!(again.is_labelled(By::Name) && again.is_labelled(By::Address) && again.labelled == Some(1_000));
        assert_eq!((again.given_back(By::Name), fact().of_attack(false)), (fact(), fact()));
        assert!(labelled(By::Name).wrote_to("a@x.example") && !fact().wrote_to("c@z.example"));
    }

    #[test]
    fn nothing_of_a_person_stays_in_a_fact() {
        let left = fact().without("a@x.example", &[1]).expect("another wrote it");
        assert_eq!((left.recipients.len(), left.adds_recipients.len(), left.aliases.len()), (1, 1, 0));
        assert!(left.regards.is_empty());
        assert_eq!(left.traits, [(25, vec![7]), (29, vec![2]), (6, vec![5])]);
        let nobody = left.without("b@y.example", &[2]).expect("another wrote it");
        assert_eq!(nobody.traits, [(29, vec![]), (6, vec![5])], "a greeting greets nobody");
        assert_eq!(nobody.without("bob@own.example", &[]), None);
    }
}
