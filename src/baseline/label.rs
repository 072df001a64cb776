//! What of a fact counts after it was labelled as an attack, before that was known, or without a person.

use super::fact::{DELIVERED, Fact, TAKEN_BACK};
use super::record::Increment;
use crate::mail::Moment;
use crate::traits::{Keeper, TRAITS};

/// Stands beside what a fact adds to a recipient: one of our own wrote there in answer to an attack.
const DECEIVED: u8 = 16;

impl Fact {
    /// What it adds to the keys of the message, and to those of each recipient, after what was taken back.
    pub fn added(&self) -> (Increment, Vec<Increment>) {
        let counts = |bits: u8| {
            let increment = Increment::from_bits(bits);
            if self.is_taken_back() { increment.distrusted() } else { increment }
        };
        let to_recipient = |bits: &u8| {
            let increment = counts(*bits);
            Increment { written_to: increment.written_to && bits & DECEIVED == 0, ..increment }
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

    /// The same without the trust that it built: it was an attack, as is known since `at`.
    pub fn taken_back(mut self, at: Moment) -> Self {
        self.flags |= TAKEN_BACK;
        self.labelled_at(at)
    }

    /// The same, making one address no longer solicited: it was written in answer to an attack from there.
    pub fn deceived(mut self, by: &str, at: Moment) -> Self {
        for ((recipient, _), bits) in self.recipients.iter().zip(&mut self.adds_recipients) {
            if recipient == by {
                *bits |= DECEIVED;
            }
        }
        self.labelled_at(at)
    }

    fn labelled_at(mut self, at: Moment) -> Self {
        self.labelled = Some(self.labelled.map_or(at.0, |known| known.min(at.0)));
        self
    }

    /// The same as it was known at a moment; `None` where it came later. What was labelled later was trusted then.
    pub fn known_at(self, moment: Moment) -> Option<Self> {
        (self.at <= moment.0).then(|| self.believed_at(moment))
    }

    /// The same as it was believed at a moment, whenever it came.
    pub fn believed_at(mut self, moment: Moment) -> Self {
        if self.labelled.is_some_and(|at| at > moment.0) {
            self.labelled = None;
            self.flags &= !TAKEN_BACK;
            self.adds_recipients.iter_mut().for_each(|bits| *bits &= !DECEIVED);
        }
        self
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
        let labelled = fact().taken_back(Moment(5_000));
        let (message, each) = labelled.added();
        assert!(message.message && !message.trusted && !labelled.is_delivered());
        assert!(each.iter().all(|adds| adds.message && !adds.trusted && !adds.written_to));
    }

    #[test]
    fn who_was_deceived_stays_trusted() {
        let answered = fact().deceived("a@x.example", Moment(5_000));
        let (message, each) = answered.added();
        assert!(message.trusted && each.iter().all(|adds| adds.trusted) && answered.is_delivered());
        assert_eq!((answered.writes_to("a@x.example"), answered.writes_to("b@y.example")), (false, true));
        assert_eq!(Fact::decode(&answered.encode()), Some(answered));
    }

    #[test]
    fn a_label_is_not_known_before_it_was_given() {
        let labelled = fact().deceived("b@y.example", Moment(6_000)).taken_back(Moment(5_000));
        assert_eq!(labelled.clone().known_at(Moment(4_999)), Some(fact()));
        assert_eq!(labelled.clone().known_at(Moment(5_000)), Some(labelled.clone()));
        assert_eq!(labelled.known_at(Moment(999)), None);
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
