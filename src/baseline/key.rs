//! The keys of the store: one byte of kind and a keyed hash of who is meant.

use std::hash::{BuildHasher, Hasher, RandomState};

use siphasher::sip128::{Hasher128, SipHasher24};

/// What a record is about. The numbers are on disk and are never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Kind {
    /// How far an import came.
    Import = 1,
    /// A message that was learned.
    Remembered = 2,
    /// An address as author.
    Sender = 3,
    /// A registrable domain as author.
    Domain = 4,
    /// An address as recipient.
    Recipient = 5,
    /// An author's address towards a recipient.
    Pair = 6,
    /// An author's domain towards a recipient.
    DomainPair = 7,
    /// A display name.
    Name = 8,
    /// A client network.
    Network = 9,
    /// A thread, by the Message-ID that began it.
    Thread = 10,
    /// A mailing list.
    List = 11,
    /// A domain to which links lead.
    LinkDomain = 12,
    /// An attached file, by its content.
    Attachment = 13,
    /// A campaign of near-duplicates, by one of its keys.
    Campaign = 14,
    /// An author's domain towards a group of recipients.
    DomainGroup = 15,
    /// What was learned of one message; the key is its number, not a hash.
    Fact = 16,
    /// A domain that is protected from look-alikes; its key is that of the domain but for the kind.
    Standing = 17,
    /// The local part of an author's address.
    Local = 18,
    /// An account for money.
    Account = 19,
    /// Which generation of a host's stores this is, where several hosts share theirs.
    Generation = 20,
    /// The organisation as a whole.
    Organisation = 21,
}

/// Kinds whose records lie on disk beside the others about the same address or domain, which one message asks for
/// together: an author beside his ties to recipients, a domain beside its own.
const PLACED: [Kind; 7] =
    [Kind::Sender, Kind::Recipient, Kind::Pair, Kind::Domain, Kind::DomainPair, Kind::DomainGroup, Kind::LinkDomain];

/// Whether records of a kind, given by its number, have a place.
pub(super) fn is_placed(kind: u8) -> bool {
    PLACED.iter().any(|placed| *placed as u8 == kind)
}

/// Length of a key in bytes.
pub(super) const KEY_BYTES: usize = 17;

/// A key of the store.
pub(super) type Key = [u8; KEY_BYTES];

/// Length of the place within a key, in bytes; and the bit that marks one, which no kind has.
const PLACE_BYTES: usize = 5;
pub(super) const PLACE_MARK: u8 = 0x80;

/// The key of the store's own record, which holds the secret of the others and so cannot be hashed itself.
pub(super) const STORE_KEY: Key = [0; KEY_BYTES];

/// Makes keys by SipHash-2-4 with 128 bits of output and a secret of each store: short, fast, the same for ever, and
/// nobody outside can make two keys meet. No address is readable in a key.
#[derive(Clone)]
pub(super) struct Keyring {
    secret: [u8; 16],
}

impl Keyring {
    pub fn new(secret: [u8; 16]) -> Self {
        Self { secret }
    }

    /// A new secret from the system's randomness (the only door to it in the standard library).
    pub fn random_secret() -> [u8; 16] {
        let half = || RandomState::new().hash_one(0u8).to_le_bytes();
        let mut secret = [0; 16];
        secret[..8].copy_from_slice(&half());
        secret[8..].copy_from_slice(&half());
        secret
    }

    fn hash(&self, domain: u8, parts: &[&str]) -> [u8; 16] {
        let mut hasher = SipHasher24::new_with_key(&self.secret);
        hasher.write(&[domain]);
        for part in parts {
            // The length keeps ("ab", "c") apart from ("a", "bc").
            hasher.write(&(part.len() as u32).to_le_bytes());
            hasher.write(part.as_bytes());
        }
        hasher.finish128().as_bytes()
    }

    /// The key of a record about `parts`, in this order.
    pub fn key(&self, kind: Kind, parts: &[&str]) -> Key {
        let mut key = [kind as u8; KEY_BYTES];
        key[1..].copy_from_slice(&self.hash(kind as u8, parts));
        if is_placed(kind as u8) {
            let place = self.hash(0x83, &parts[..parts.len().min(1)]);
            key[1..=PLACE_BYTES].copy_from_slice(&place[..PLACE_BYTES]);
            key[1] |= PLACE_MARK;
        }
        key
    }

    /// A hash that identifies a message among those remembered.
    pub fn message(&self, parts: &[&str]) -> [u8; 16] {
        self.hash(0x80, parts)
    }

    /// A hash by which a name is remembered inside a record.
    pub fn mark(&self, text: &str) -> u64 {
        let hash = self.hash(0x81, &[text]);
        u64::from_le_bytes([hash[0], hash[1], hash[2], hash[3], hash[4], hash[5], hash[6], hash[7]])
    }

    /// What stands for an address where none is to be readable.
    pub fn pseudonym(&self, address: &str) -> String {
        self.hash(0x82, &[address]).iter().fold(String::from("#"), |text, byte| format!("{text}{byte:02x}"))
    }

    /// As [`Keyring::mark`], for a correspondent.
    pub fn correspondent(&self, text: &str) -> u32 {
        (self.mark(text) >> 32) as u32
    }
}

/// The key of a fact: facts lie in the order in which they were learned.
pub(super) fn fact_key(number: u64) -> Key {
    let mut key = [0; KEY_BYTES];
    key[0] = Kind::Fact as u8;
    key[1..9].copy_from_slice(&number.to_be_bytes());
    key
}

/// How a key is written on disk, where records lie in the order of these bytes: the place before the kind.
pub(super) fn to_disk(mut key: Key) -> Key {
    if is_placed(key[0]) {
        key[..=PLACE_BYTES].rotate_left(1);
    }
    key
}

/// The key that is written like this.
pub(super) fn from_disk(mut key: Key) -> Key {
    if key[0] & PLACE_MARK != 0 {
        key[..=PLACE_BYTES].rotate_right(1);
    }
    key
}

/// The key of the slot in which a message is remembered.
pub(super) fn slot_key(message: &[u8; 16], slots: u32) -> Key {
    let hash = u64::from_le_bytes([
        message[0], message[1], message[2], message[3], message[4], message[5], message[6], message[7],
    ]);
    let slot = hash % u64::from(slots.max(1));
    let mut key = [0; KEY_BYTES];
    key[0] = Kind::Remembered as u8;
    key[1..9].copy_from_slice(&slot.to_be_bytes());
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_the_same_for_ever() {
        let keyring = Keyring::new([7; 16]);
        let key = keyring.key(Kind::Pair, &["anna@example.org", "otto@example.com"]);
        let hex: String = key.iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(hex, "06c8818930b4dcfd042be28639788fa7a0");
    }

    #[test]
    fn keys_differ_by_kind_part_and_secret() {
        let keyring = Keyring::new([7; 16]);
        let key = keyring.key(Kind::Pair, &["ab", "c"]);
        assert_ne!(key, keyring.key(Kind::Pair, &["a", "bc"]));
        assert_ne!(key[1..], keyring.key(Kind::DomainPair, &["ab", "c"])[1..]);
        assert_ne!(key[1..], keyring.key(Kind::Pair, &["ab", "d"])[1..]);
        assert_ne!(key, Keyring::new([8; 16]).key(Kind::Pair, &["ab", "c"]));
        assert_ne!(Keyring::random_secret(), Keyring::random_secret());
    }

    #[test]
    fn what_a_message_asks_of_one_address_lies_together_on_disk() {
        let keyring = Keyring::new([7; 16]);
        let of = |kind, parts: &[&str]| to_disk(keyring.key(kind, parts));
        let sender = of(Kind::Sender, &["anna@example.org"]);
        assert_eq!(sender[..5], of(Kind::Pair, &["anna@example.org", "otto@example.com"])[..5]);
        assert_ne!(sender[..5], of(Kind::Sender, &["otto@example.com"])[..5]);
        assert_ne!(sender, of(Kind::Recipient, &["anna@example.org"]));
    }

    #[test]
    fn keys_survive_the_disk() {
        let keyring = Keyring::new([7; 16]);
        for n in 0..200u8 {
            let kinds = [Kind::Sender, Kind::Name, Kind::LinkDomain, Kind::Campaign, Kind::Import];
            for key in kinds.map(|kind| keyring.key(kind, &[&n.to_string()])) {
                assert_eq!(from_disk(to_disk(key)), key);
            }
            let slot = slot_key(&[n; 16], u32::MAX);
            assert_eq!(from_disk(to_disk(slot)), slot);
        }
        assert_eq!(from_disk(to_disk(STORE_KEY)), STORE_KEY);
    }

    #[test]
    fn slots_stay_within_their_number() {
        for n in 0..100u8 {
            let key = slot_key(&[n; 16], 3);
            assert!(key[8] < 3 && key[1..8] == [0; 7]);
        }
        assert_eq!(slot_key(&[9; 16], 0)[1..], [0; 16]);
    }
}
