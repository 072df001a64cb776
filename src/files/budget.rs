//! What unpacking one file may cost: bytes, files, depth and steps; what ends there leaves a gap.

use std::collections::BTreeSet;
use std::io::Read;

use crate::mail::{Gap, Missing};

/// Bytes that one step reads.
const BYTES_PER_STEP: usize = 1_024;

/// The limits of unpacking one attached file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How deep files may lie in one another.
    pub depth_max: usize,
    /// Files that one may hold, all depths together.
    pub files_max: usize,
    /// Bytes that one file within may have.
    pub file_bytes_max: usize,
    /// Bytes that all files within may have together.
    pub bytes_max: usize,
    /// How many times its own size a file may hold.
    pub ratio_max: usize,
    /// Bytes that any file may hold, whatever its own size.
    pub ratio_free_bytes: usize,
    /// Steps of reading; one is a KiB of content, or what costs as much.
    pub steps_max: usize,
}

impl Limits {
    /// The share of one of so many files: together they take what one alone may.
    pub fn shared(self, among: usize) -> Self {
        let among = among.max(1);
        Self {
            files_max: (self.files_max / among).max(1),
            bytes_max: self.bytes_max / among,
            steps_max: self.steps_max / among,
            ..self
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            // A document in an archive in a message in a message, and its own parts.
            depth_max: 6,
            // Office documents have 20 to 200 parts.
            files_max: 500,
            // Attackers pad programs to hundreds of MiB; what they are shows in the first.
            file_bytes_max: 8_388_608,
            // Held while rules run, once for each message under way.
            bytes_max: 33_554_432,
            // Text packs to a tenth, sheets full of one number to a hundredth.
            ratio_max: 200,
            ratio_free_bytes: 1_048_576,
            // About half a second of one core.
            steps_max: 131_072,
        }
    }
}

/// What is left of the limits while one file is unpacked.
#[derive(Debug)]
pub(super) struct Budget<'l> {
    limits: &'l Limits,
    bytes: usize,
    files: usize,
    steps: usize,
    gaps: BTreeSet<&'static str>,
}

impl<'l> Budget<'l> {
    /// The budget of a file of so many bytes.
    pub(super) fn new(limits: &'l Limits, bytes: usize) -> Self {
        let by_ratio = bytes.saturating_mul(limits.ratio_max).saturating_add(limits.ratio_free_bytes);
        Self {
            limits,
            bytes: limits.bytes_max.min(by_ratio),
            files: limits.files_max,
            steps: limits.steps_max,
            gaps: BTreeSet::new(),
        }
    }

    /// Notes what could not be looked into, and why.
    pub(super) fn note(&mut self, why: &'static str) {
        self.gaps.insert(why);
    }

    /// The gaps that unpacking left.
    pub(super) fn into_gaps(self) -> Vec<Gap> {
        self.gaps.into_iter().map(|why| Gap::new(Missing::Content, why)).collect()
    }

    /// Whether files may lie so deep.
    pub(super) fn reaches(&mut self, depth: usize) -> bool {
        let reaches = depth <= self.limits.depth_max;
        if !reaches {
            self.note("files lie deeper in one another than is looked");
        }
        reaches
    }

    /// Takes one more file; `false` where there were too many.
    pub(super) fn file(&mut self) -> bool {
        let left = self.files.checked_sub(1);
        self.files = left.unwrap_or(0);
        if left.is_none() {
            self.note("the file holds more files than are looked into");
        }
        left.is_some()
    }

    /// Takes the steps that so many bytes cost; `false` where there were too many.
    pub(super) fn spend(&mut self, bytes: usize) -> bool {
        let left = self.steps.checked_sub(bytes / BYTES_PER_STEP + 1);
        self.steps = left.unwrap_or(0);
        if left.is_none() {
            self.note("the file takes more steps to read than are taken");
        }
        left.is_some()
    }

    /// Bytes that the next file within may have.
    pub(super) fn room(&self) -> usize {
        self.bytes.min(self.limits.file_bytes_max)
    }

    /// Takes bytes that were unpacked already, within the room; whether there was more of them says `cut`.
    pub(super) fn take(&mut self, bytes: usize, cut: bool) {
        self.bytes = self.bytes.saturating_sub(bytes);
        if cut {
            self.note("the file holds more bytes than are unpacked");
        }
    }

    /// Copies a part of a file, as far as there is room.
    pub(super) fn copy(&mut self, content: &[u8]) -> Vec<u8> {
        let kept = &content[..content.len().min(self.room())];
        self.take(kept.len(), kept.len() < content.len());
        kept.to_vec()
    }

    /// Reads what a decoder gives, as far as there is room; what is broken ends there.
    pub(super) fn read(&mut self, from: impl Read) -> Vec<u8> {
        let (room, mut out) = (self.room(), Vec::new());
        let ended = from.take(room as u64 + 1).read_to_end(&mut out);
        let cut = out.len() > room;
        out.truncate(room);
        self.take(out.len(), cut);
        if ended.is_err() {
            self.note(super::BROKEN);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_limit_leaves_its_gap_and_only_beyond_it() {
        let limits = Limits { depth_max: 1, files_max: 1, steps_max: 1, file_bytes_max: 4, ..Limits::default() };
        let mut budget = Budget::new(&limits, 100);
        assert!(budget.reaches(1) && budget.file() && budget.spend(10));
        assert_eq!(budget.read(&b"abcd"[..]), b"abcd");
        assert!(budget.gaps.is_empty());
        assert!(!budget.reaches(2) && !budget.file() && !budget.spend(10));
        assert_eq!(budget.read(&b"abcde"[..]), b"abcd");
        assert_eq!(budget.into_gaps().len(), 4);
    }

    #[test]
    fn the_ratio_bounds_what_a_small_file_may_hold() {
        let limits = Limits { ratio_max: 2, ratio_free_bytes: 10, ..Limits::default() };
        assert_eq!(Budget::new(&limits, 5).room(), 20);
        assert_eq!(Budget::new(&limits, usize::MAX).room(), limits.file_bytes_max);
    }

    #[test]
    fn many_files_share_what_one_may_take() {
        let (all, share) = (Limits::default(), Limits::default().shared(100));
        assert_eq!((share.bytes_max, share.steps_max), (all.bytes_max / 100, all.steps_max / 100));
        assert_eq!(Limits::default().shared(0), all);
    }

    #[test]
    fn a_copy_is_cut_where_the_room_ends() {
        let limits = Limits { bytes_max: 5, ..Limits::default() };
        let mut budget = Budget::new(&limits, 100);
        assert_eq!(budget.copy(b"abc"), b"abc");
        assert_eq!(budget.copy(b"def"), b"de");
        assert_eq!(budget.into_gaps().len(), 1);
    }
}
