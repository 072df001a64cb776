//! Disk images (ECMA-119, with the names of Joliet).

use std::collections::HashSet;

use super::BROKEN;
use super::bytes::{part, text, u32_at};
use super::kind::{Kind, Reading};

/// Disk images.
pub(super) const KIND: Kind = Kind {
    flavors: &["iso_file"],
    media_type: "application/x-iso9660-image",
    is: |head| head.has(0x8001, b"CD001"),
    read,
};

/// Bytes of a sector.
const SECTOR: usize = 2_048;
/// Descriptors of volumes that are looked at.
const VOLUMES_MAX: usize = 16;
/// Folders that are looked into.
const FOLDERS_MAX: usize = 1_000;

fn read(content: &[u8], reading: &mut Reading<'_, '_>) {
    let descriptors = (16..16 + VOLUMES_MAX).map(|sector| part(content, sector * SECTOR, SECTOR));
    let descriptors: Vec<_> = descriptors.take_while(|volume| volume.get(1..6) == Some(b"CD001")).collect();
    let joliet = |volume: &&&[u8]| volume[0] == 2 && volume.get(88..90) == Some(b"%/");
    let wide = descriptors.iter().find(joliet);
    let Some(volume) = wide.or_else(|| descriptors.iter().find(|volume| volume[0] == 1)) else {
        reading.budget.note(BROKEN);
        return;
    };
    let Some(root) = place(part(volume, 156, 34)) else {
        reading.budget.note(BROKEN);
        return;
    };
    let (mut folders, mut seen) = (vec![(String::new(), root)], HashSet::new());
    while let Some((path, (sector, bytes))) = folders.pop() {
        // A folder that holds itself is looked into once.
        if seen.len() >= FOLDERS_MAX || !seen.insert(sector) || !reading.budget.spend(bytes.min(content.len())) {
            continue;
        }
        let folder = part(content, sector.saturating_mul(SECTOR), bytes);
        for record in folder.chunks(SECTOR).flat_map(records) {
            let Some(at) = place(record) else { continue };
            let name = part(record, 33, record.get(32).copied().unwrap_or(0).into());
            if matches!(name, [0] | [1]) {
                continue;
            }
            let name = if wide.is_some() { big_endian(name) } else { text(name) };
            let name = format!("{path}{}", name.split(';').next().unwrap_or_default());
            if record[25] & 2 != 0 {
                folders.push((format!("{name}/"), at));
            } else {
                reading.copy(name, part(content, at.0.saturating_mul(SECTOR), at.1));
            }
        }
    }
}

/// The records of a sector of a folder.
fn records(sector: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let len = usize::from(*sector.get(at)?);
        let record = sector.get(at..at + len).filter(|_| len >= 34)?;
        at += len;
        Some(record)
    })
}

/// The sector at which a record's content begins, and its bytes.
fn place(record: &[u8]) -> Option<(usize, usize)> {
    Some((u32_at(record, 2)?, u32_at(record, 10)?))
}

fn big_endian(name: &[u8]) -> String {
    let units: Vec<u16> = name.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
    String::from_utf16_lossy(&units)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::explode::tests::{gaps, names, taken};

    fn record(name: &[u8], folder: bool, sector: u32, bytes: u32) -> Vec<u8> {
        let mut record = vec![0; 33];
        record[0] = (33 + name.len() + (name.len() + 1) % 2) as u8;
        record[2..6].copy_from_slice(&sector.to_le_bytes());
        record[10..14].copy_from_slice(&bytes.to_le_bytes());
        record[25] = if folder { 2 } else { 0 };
        record[32] = name.len() as u8;
        record.extend_from_slice(name);
        record.resize(record[0].into(), 0);
        record
    }

    fn image(folder: &[Vec<u8>]) -> Vec<u8> {
        let mut image = vec![0; 16 * SECTOR];
        let mut volume = b"\x01CD001\x01".to_vec();
        volume.resize(156, 0);
        volume.extend_from_slice(&record(&[0], true, 18, SECTOR as u32));
        volume.resize(SECTOR, 0);
        image.extend_from_slice(&volume);
        image.resize(18 * SECTOR, 0);
        image.extend_from_slice(&folder.concat());
        image.resize(19 * SECTOR, 0);
        image.extend_from_slice(b"MZ hello");
        image
    }

    #[test]
    fn files_are_found_and_a_folder_that_holds_itself_is_read_once() {
        let own = [record(&[0], true, 18, 2_048), record(b"IN", true, 18, 2_048), record(b"A.EXE;1", false, 19, 8)];
        let exploded = taken("a.iso", &image(&own));
        assert_eq!(names(&exploded), ["a.iso", "A.EXE"]);
        assert_eq!(exploded.found[1].file.content(), Some(&b"MZ hello"[..]));
    }

    #[test]
    fn places_beyond_the_end_are_empty() {
        let beyond = [record(b"A.EXE", false, u32::MAX, u32::MAX), record(b"B", true, 99, 1)];
        assert_eq!(taken("a.iso", &image(&beyond)).found[1].file.bytes, 0);
        assert_eq!(gaps(&taken("a.iso", &[vec![0; 0x8001], b"CD001".to_vec()].concat())), ["the file is damaged"]);
    }
}
