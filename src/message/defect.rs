//! The defects found so far, each once.

use super::Defect;

/// A set of defects. Every step of parsing notes what it meets here.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Defects(u32);

impl Defects {
    /// Every defect, in the order in which a message lists them.
    const ALL: [Defect; 17] = [
        Defect::NoHeaders,
        Defect::FromMissing,
        Defect::FromRepeated,
        Defect::FromUnreadable,
        Defect::HeaderRepeated,
        Defect::DateMissing,
        Defect::MessageIdMissing,
        Defect::HeaderMalformed,
        Defect::HeadersBeyondLimit,
        Defect::BoundaryBroken,
        Defect::EncodingBroken,
        Defect::PartsBeyondLimit,
        Defect::DepthBeyondLimit,
        Defect::TextBeyondLimit,
        Defect::LinksBeyondLimit,
        Defect::AttachmentsBeyondLimit,
        Defect::ParserFailed,
    ];

    /// Notes a defect; a second time changes nothing.
    pub(super) fn note(&mut self, defect: Defect) {
        self.0 |= 1 << defect as u32;
    }

    /// Notes a defect where `found`.
    pub(super) fn note_if(&mut self, found: bool, defect: Defect) {
        if found {
            self.note(defect);
        }
    }

    /// Whether the defect was noted.
    pub(super) fn has(self, defect: Defect) -> bool {
        self.0 & (1 << defect as u32) != 0
    }

    /// The defects as a list.
    pub(super) fn list(self) -> Vec<Defect> {
        Self::ALL.into_iter().filter(|defect| self.has(*defect)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_defect_is_listed_once_and_in_order() {
        let mut defects = Defects::default();
        defects.note(Defect::ParserFailed);
        defects.note(Defect::NoHeaders);
        defects.note(Defect::ParserFailed);
        defects.note_if(false, Defect::DateMissing);
        assert_eq!(defects.list(), [Defect::NoHeaders, Defect::ParserFailed]);
    }

    #[test]
    fn the_list_of_all_is_complete() {
        let mut defects = Defects::default();
        for defect in Defects::ALL {
            assert!(!defects.has(defect), "{defect:?} stands twice in the list");
            defects.note(defect);
        }
        assert_eq!(Defects::ALL.len(), Defect::ParserFailed as usize + 1);
    }
}
