//! Files packed by xz.

use lzma_rust2::XzReader;

use super::gzip::inner_name;
use super::kind::{Kind, Reading};

/// Files packed by xz.
pub(super) const KIND: Kind =
    Kind { flavors: &["xz_file"], media_type: "application/x-xz", is: |head| head.begins(b"\xfd7zXZ\0"), read };

/// KiB of memory that unpacking may take: as much as the usual presets ask for.
pub(super) const MEMORY_KIB_MAX: u32 = 65_536;

fn read(content: &[u8], reading: &mut Reading<'_, '_>) {
    let unpacked = reading.budget.read(XzReader::new_mem_limit(content, true, MEMORY_KIB_MAX));
    reading.budget.spend(unpacked.len());
    reading.add(inner_name(reading.name, ".xz"), unpacked);
}
