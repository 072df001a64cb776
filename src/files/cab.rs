//! Cabinets of Windows.

use std::io::Cursor;

use ::cab::Cabinet;

use super::BROKEN;
use super::kind::{Kind, Reading};

/// Cabinets of Windows.
pub(super) const KIND: Kind = Kind {
    flavors: &["cab_file"],
    media_type: "application/vnd.ms-cab-compressed",
    is: |head| head.begins(b"MSCF\0\0\0\0"),
    read,
};

/// Most bytes that a block of a folder unpacks to.
const BLOCK: usize = 32_768;

fn read(content: &[u8], reading: &mut Reading<'_, '_>) {
    let Ok(mut cabinet) = Cabinet::new(Cursor::new(content)) else {
        reading.budget.note(BROKEN);
        return;
    };
    let mut files = Vec::new();
    for folder in cabinet.folder_entries() {
        let whole = usize::from(folder.num_data_blocks()) * BLOCK;
        files.extend(folder.file_entries().map(|file| (file.name().to_owned(), file.uncompressed_size() as usize, whole)));
    }
    for (name, bytes, whole) in files {
        // A file in the middle of a folder is reached by unpacking what stands before it.
        if !reading.budget.spend(whole) || reading.budget.room() == 0 {
            reading.list(name, bytes);
            continue;
        }
        match cabinet.read_file(&name) {
            Ok(from) => {
                let unpacked = reading.budget.read(from);
                reading.add(name, unpacked);
            }
            Err(_) => {
                reading.budget.note(BROKEN);
                reading.list(name, bytes);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use ::cab::{CabinetBuilder, CompressionType};

    use crate::files::explode::tests::{gaps, names, taken};

    #[test]
    fn files_are_unpacked() {
        let mut builder = CabinetBuilder::new();
        let folder = builder.add_folder(CompressionType::MsZip);
        folder.add_file("a.txt");
        folder.add_file("b.js");
        let mut writer = builder.build(Cursor::new(Vec::new())).expect("a cabinet");
        while let Some(mut file) = writer.next_file().expect("a file") {
            file.write_all(b"hello hello hello").expect("written");
        }
        let cabinet = writer.finish().expect("finished").into_inner();
        let exploded = taken("a.cab", &cabinet);
        assert_eq!(names(&exploded), ["a.cab", "a.txt", "b.js"]);
        assert_eq!(exploded.found[2].file.content(), Some(&b"hello hello hello"[..]));
        assert_eq!(gaps(&taken("a.cab", &cabinet[..30])), ["the file is damaged"]);
    }
}
