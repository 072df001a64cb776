//! Archives of 7-Zip.

use std::io::Cursor;

use sevenz_rust2::{ArchiveReader, EntryDecision, Password};

use super::kind::{Kind, Reading};
use super::xz::MEMORY_KIB_MAX;

/// Archives of 7-Zip.
pub(super) const KIND: Kind = Kind {
    flavors: &["_7zip_file"],
    media_type: "application/x-7z-compressed",
    is: |head| head.begins(b"7z\xbc\xaf\x27\x1c"),
    read,
};

/// Why something of an archive is missing: the two look alike from outside.
const UNREAD: &str = "the archive is damaged, or wants a password";

fn read(content: &[u8], reading: &mut Reading<'_, '_>) {
    let opened =
        ArchiveReader::new_with_memory_limit(Cursor::new(content), Password::empty(), MEMORY_KIB_MAX as usize);
    let Ok(mut archive) = opened else {
        // Names may be encrypted too: then nothing can be told but that.
        reading.budget.note(UNREAD);
        return;
    };
    archive.set_thread_count(1);
    let mut unpacked = Vec::new();
    let ended = archive.for_each_entries_with_decision(|entry, from| {
        if entry.is_directory {
            return Ok(EntryDecision::Continue);
        }
        let content = reading.budget.read(from);
        let enough = !reading.budget.spend(content.len()) || reading.budget.room() == 0;
        let cut = (content.len() as u64) < entry.size;
        if content.len() as u64 == entry.size || !content.is_empty() {
            unpacked.push(entry.name.clone());
            reading.add(&entry.name, content);
        }
        // The reader would unpack the rest of what was cut for nothing.
        Ok(match (enough, cut) {
            (true, _) => EntryDecision::Stop,
            (false, true) => EntryDecision::SkipBlock,
            (false, false) => EntryDecision::Continue,
        })
    });
    if ended.is_err() {
        reading.budget.note(UNREAD);
    }
    let listed = archive.archive().files.iter().filter(|entry| !entry.is_directory && !unpacked.contains(&entry.name));
    for entry in listed {
        reading.list(&entry.name, usize::try_from(entry.size).unwrap_or(usize::MAX));
    }
}

#[cfg(test)]
pub(super) mod tests {
    use crate::files::explode::tests::{gaps, names, taken};

    /// An archive of `in/a.txt` and `b.js`.
    pub(crate) const SAMPLE: &[u8] = b"7z\xbc\xaf'\x1c\x00\x04\xaa\x8f\xdc:\x84\x00\x00\x00\x00\x00\x00\x00\x14\x00\x00\x00\x00\x00\x00\x00\
        E.+\x94\xe0\x00\x15\x00\x11]\x004\x19I\xdb\x85\x5cgr2\xb8\xe2]e\x97\xb1\x80\x00\x00\xe0\x00l\x00c]\
        \x00\x00\x813\x07\xae\x0f\xcf\x92n`\x0f\xeb\xea\x9c\xbf\x0c\xdc\x9cj\x9c\xadp\x88\xe8\xd3\xf8Y\xbcH\
        \xef\x86mP]\x1fM\x90\xe9u\xa1\xb0\xac\xdb\x04\xe0\xde\x0d\x0d\xd9\xdcK>\x92)x\x05\xda\x0bj\xcc;\xcf\
        \x7f\xc5\xf9[\xb7/\x81\x1e\x0c\x017\x87\x03\x5c\x01:dC'\xba\x98O\x11\xb9|]\x04K\xb9\x9cU\xfc\xcf\xe0\
        \x00\x00\x00\x00\x17\x06\x19\x01\x09k\x00\x07\x0b\x01\x00\x01!!\x01\x18\x0cm\x00\x00";

    /// An archive whose list is encrypted too.
    const ENCRYPTED: &[u8] = b"7z\xbc\xaf'\x1c\x00\x04\x5c\xd9\x9a#\x80\x00\x00\x00\x00\x00\x00\x00(\x00\x00\x00\x00\x00\x00\x00\
        \xdb-N\xd5j\x90\xd0/\xae\xf0\xces]\xad\x9d\x04\xbd\xf1\x02G\x1fQ\xae\x15\xcemx\x22\x9b\xa0\x9e\x201\
        \xe62\xc6x\xff\x9c\xbb\xc3k1bp\xada\xd6r\x01\xf5>P\x9cT0Gag\xa2\xdet\xd0p9_\x91\x9a\x878\x12\x95+\
        \x03\x07\x1fj\x95\xbc\x17$\xa9)\x8f\x91\xebN\x01E\xbc\x1a\xe4}\xaeK\x8b\xdeW\x0b\xb0\xacWp\x00\xb6\
        \x8e\xce\xbb\xc7\x99\x05\x22RaTT\x00\x83c\xba;\xb6\xb2\x10i\x8e9\x8fQL\x83\xd3\x17\x06\x10\x01\x09p\
        \x00\x07\x0b\x01\x00\x01$\x06\xf1\x07\x01\x12S\x0fp$)\xdf9+\xea]z\x1cj\x86]\xc0\x85*\x0ce\x00\x00";

    #[test]
    fn members_are_unpacked() {
        let exploded = taken("a.7z", SAMPLE);
        assert_eq!(names(&exploded), ["a.7z", "in/a.txt", "b.js"]);
        assert_eq!(exploded.found[1].file.content(), Some(&b"hello hello hello"[..]));
        assert_eq!(gaps(&exploded), [] as [&str; 0]);
    }

    #[test]
    fn what_wants_a_password_or_is_cut_short_says_so() {
        let unread = ["the archive is damaged, or wants a password"];
        assert_eq!(gaps(&taken("a.7z", ENCRYPTED)), unread);
        assert_eq!(gaps(&taken("a.7z", &SAMPLE[..100])), unread);
    }
}
