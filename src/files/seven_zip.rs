//! Archives of 7-Zip.

use std::io::Cursor;

use sevenz_rust2::{ArchiveReader, EntryDecision, Password};

use super::BROKEN;
use super::kind::{Kind, Reading};
use super::xz::MEMORY_KIB_MAX;

/// Archives of 7-Zip.
pub(super) const KIND: Kind = Kind {
    flavors: &["_7zip_file"],
    media_type: "application/x-7z-compressed",
    is: |head| head.begins(b"7z\xbc\xaf\x27\x1c"),
    read,
};

fn read(content: &[u8], reading: &mut Reading<'_, '_>) {
    let opened =
        ArchiveReader::new_with_memory_limit(Cursor::new(content), Password::empty(), MEMORY_KIB_MAX as usize);
    let Ok(mut archive) = opened else {
        // Names may be encrypted too: then nothing can be told but that.
        reading.budget.note("the archive is damaged, or wants a password");
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
        if content.len() as u64 == entry.size || !content.is_empty() {
            unpacked.push(entry.name.clone());
            reading.add(&entry.name, content);
        }
        Ok(if enough { EntryDecision::Stop } else { EntryDecision::Continue })
    });
    if ended.is_err() {
        reading.budget.note(BROKEN);
    }
    let listed = archive.archive().files.iter().filter(|entry| !entry.is_directory && !unpacked.contains(&entry.name));
    for entry in listed {
        reading.list(&entry.name, usize::try_from(entry.size).unwrap_or(usize::MAX));
    }
}
