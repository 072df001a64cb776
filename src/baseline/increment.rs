//! What one message adds to one key.

/// What one message adds to one key.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Increment {
    /// It is counted for the first time.
    pub message: bool,
    /// It builds trust.
    pub trusted: bool,
    /// It was held or rejected.
    pub refused: bool,
    /// It was written *to* this key by one of our own.
    pub written_to: bool,
}

impl Increment {
    /// One bit for each of its facts, as a fact keeps them on disk.
    pub fn bits(self) -> u8 {
        let Self { message, trusted, refused, written_to } = self;
        [message, trusted, refused, written_to].into_iter().rev().fold(0, |bits, yes| bits << 1 | u8::from(yes))
    }

    /// The increment of these bits.
    pub fn from_bits(bits: u8) -> Self {
        let bit = |n: u8| bits >> n & 1 == 1;
        Self { message: bit(0), trusted: bit(1), refused: bit(2), written_to: bit(3) }
    }

    /// The same without trust.
    pub fn distrusted(self) -> Self {
        Self { trusted: false, written_to: false, ..self }
    }

    pub fn is_nothing(self) -> bool {
        self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn increments_survive_their_bits() {
        for bits in 0..16 {
            assert_eq!(Increment::from_bits(bits).bits(), bits);
        }
    }
}
