//! Compound files: the streams of older Office documents and of saved mail (MS-CFB).

use super::bytes::{part, u16_at, u32_at, wide};

/// How a compound file begins.
pub(super) const MARK: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
/// Entries of the directory that are read.
const ENTRIES_MAX: usize = 10_000;
/// The first number that is no sector.
const SECTORS_END: usize = 0xffff_fffa;

/// A stream, by the path of the storages around it.
#[derive(Debug)]
pub(super) struct Stream {
    /// Storages and name, with slashes.
    pub path: String,
    start: usize,
    /// Its size as stated.
    pub bytes: usize,
}

/// A compound file.
#[derive(Debug)]
pub(super) struct Compound<'a> {
    content: &'a [u8],
    sector: usize,
    fat: Vec<usize>,
    mini_fat: Vec<usize>,
    mini: Vec<u8>,
    cutoff: usize,
    /// Its streams.
    pub streams: Vec<Stream>,
}

struct Entry {
    name: String,
    kind: u8,
    left: usize,
    right: usize,
    child: usize,
    start: usize,
    bytes: usize,
}

impl<'a> Compound<'a> {
    /// Reads the directory; `None` where there is none.
    pub(super) fn read(content: &'a [u8]) -> Option<Self> {
        let shift = u16_at(content, 30)?;
        // Two sizes are allowed; what is written wrongly is read as the usual one.
        let sector = if shift == 12 { 4_096 } else { 512 };
        let mut compound = Self {
            content,
            sector,
            fat: Vec::new(),
            mini_fat: Vec::new(),
            mini: Vec::new(),
            cutoff: 4_096,
            streams: Vec::new(),
        };
        compound.read_fat()?;
        let directory = compound.chain(u32_at(content, 48)?, usize::MAX);
        let entries: Vec<Entry> = directory.chunks_exact(128).take(ENTRIES_MAX).filter_map(entry).collect();
        let root = entries.first()?;
        let mini_fat = compound.chain(u32_at(content, 60)?, usize::MAX);
        compound.mini_fat = numbers(&mini_fat);
        compound.mini = compound.chain(root.start, root.bytes);
        compound.walk(&entries, root.child);
        Some(compound)
    }

    /// The table that says which sector follows which, from the sectors that the head and its continuations name.
    fn read_fat(&mut self) -> Option<()> {
        let mut named: Vec<usize> = (0..109).filter_map(|place| u32_at(self.content, 76 + 4 * place)).collect();
        let mut next = u32_at(self.content, 68)?;
        for _ in 0..self.content.len() / self.sector {
            if next >= SECTORS_END {
                break;
            }
            let more = numbers(self.at(next));
            let (last, more) = more.split_last()?;
            named.extend_from_slice(more);
            next = *last;
        }
        // A table names no more sectors than there are.
        named.truncate(self.content.len() / self.sector + 1);
        let named = named.into_iter().filter(|sector| *sector < SECTORS_END);
        self.fat = named.flat_map(|sector| numbers(self.at(sector))).collect();
        self.fat.truncate(self.content.len() / self.sector + 1);
        Some(())
    }

    fn at(&self, sector: usize) -> &'a [u8] {
        part(self.content, sector.saturating_add(1).saturating_mul(self.sector), self.sector)
    }

    /// The sectors of a chain, up to so many bytes. A chain that bites its tail ends with the number of sectors.
    fn chain(&self, start: usize, bytes: usize) -> Vec<u8> {
        let (mut out, mut next) = (Vec::new(), start);
        for _ in 0..=self.fat.len() {
            if next >= SECTORS_END || out.len() >= bytes {
                break;
            }
            out.extend_from_slice(self.at(next));
            let Some(follows) = self.fat.get(next) else { break };
            next = *follows;
        }
        out.truncate(bytes);
        out
    }

    fn mini_chain(&self, start: usize, bytes: usize) -> Vec<u8> {
        let (mut out, mut next) = (Vec::new(), start);
        for _ in 0..=self.mini_fat.len() {
            if next >= SECTORS_END || out.len() >= bytes {
                break;
            }
            out.extend_from_slice(part(&self.mini, next.saturating_mul(64), 64));
            let Some(follows) = self.mini_fat.get(next) else { break };
            next = *follows;
        }
        out.truncate(bytes);
        out
    }

    /// Lists the streams of the tree of entries below `first`.
    fn walk(&mut self, entries: &[Entry], first: usize) {
        let (mut seen, mut open) = (vec![false; entries.len()], vec![(first, String::new())]);
        while let Some((place, path)) = open.pop() {
            let Some(entry) = entries.get(place).filter(|_| !seen[place]) else { continue };
            seen[place] = true;
            open.push((entry.left, path.clone()));
            open.push((entry.right, path.clone()));
            let name = format!("{path}{}", entry.name);
            match entry.kind {
                1 => open.push((entry.child, format!("{name}/"))),
                2 => self.streams.push(Stream { path: name, start: entry.start, bytes: entry.bytes }),
                _ => {}
            }
        }
        self.streams.sort_by(|a, b| a.path.cmp(&b.path));
    }

    /// The content of a stream, never more than the file holds.
    pub(super) fn content(&self, stream: &Stream) -> Vec<u8> {
        let bytes = stream.bytes.min(self.content.len());
        if stream.bytes < self.cutoff { self.mini_chain(stream.start, bytes) } else { self.chain(stream.start, bytes) }
    }

    /// The content of the stream of a path.
    pub(super) fn stream(&self, path: &str) -> Option<Vec<u8>> {
        self.streams.iter().find(|stream| stream.path == path).map(|stream| self.content(stream))
    }
}

fn entry(bytes: &[u8]) -> Option<Entry> {
    Some(Entry {
        name: wide(&bytes[..64]),
        kind: bytes[66],
        left: u32_at(bytes, 68)?,
        right: u32_at(bytes, 72)?,
        child: u32_at(bytes, 76)?,
        start: u32_at(bytes, 116)?,
        bytes: u32_at(bytes, 120)?,
    })
}

fn numbers(bytes: &[u8]) -> Vec<usize> {
    bytes.chunks_exact(4).filter_map(|number| u32_at(number, 0)).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A compound file of streams in its root, each below 4,096 bytes, or one sector longer than that.
    pub(crate) fn compound(streams: &[(&str, &[u8])]) -> Vec<u8> {
        let (mut mini, mut mini_fat, mut directory) = (Vec::new(), Vec::new(), Vec::new());
        let entry = |name: &str, kind: u8, child: u32, right: u32, start: u32, bytes: u32| {
            let mut entry: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
            entry.resize(66, 0);
            entry.extend_from_slice(&[kind, 1]);
            for number in [u32::MAX, right, child] {
                entry.extend_from_slice(&number.to_le_bytes());
            }
            entry.resize(116, 0);
            entry.extend_from_slice(&start.to_le_bytes());
            entry.extend_from_slice(&bytes.to_le_bytes());
            entry.resize(128, 0);
            entry
        };
        for (place, (name, content)) in streams.iter().enumerate() {
            let right = if place + 1 < streams.len() { place as u32 + 2 } else { u32::MAX };
            let start = (mini.len() / 64) as u32;
            directory.extend_from_slice(&entry(name, 2, u32::MAX, right, start, content.len() as u32));
            mini.extend_from_slice(content);
            mini.resize(mini.len().div_ceil(64) * 64, 0);
            let end = (mini.len() / 64) as u32;
            mini_fat.extend((start + 1..end).chain([0xffff_fffe]));
        }
        let root = entry("Root Entry", 5, 1, u32::MAX, 3, mini.len() as u32);
        let mut directory = [root, directory].concat();
        let sectors = |bytes: &mut Vec<u8>| {
            bytes.resize(bytes.len().div_ceil(512) * 512, 0);
            (bytes.len() / 512) as u32
        };
        let mut mini_fat: Vec<u8> = mini_fat.into_iter().flat_map(u32::to_le_bytes).collect();
        mini_fat.resize(512, 0xff);
        assert_eq!(mini_fat.len(), 512, "few streams only");
        directory.resize(directory.len().max(512), 0);
        let (directory_sectors, mini_sectors) = (sectors(&mut directory), sectors(&mut mini));
        // Sector 0 is the table, 1 the table of the small streams, 2 the directory's first.
        let rest = 3 + mini_sectors;
        let mut fat = vec![0xffff_fffd, 0xffff_fffe, if directory_sectors > 1 { rest } else { 0xffff_fffe }];
        fat.extend((4..rest).chain([0xffff_fffe]).take(mini_sectors as usize));
        fat.extend((rest + 1..rest + directory_sectors - 1).chain([0xffff_fffe]).take(directory_sectors as usize - 1));
        let mut fat: Vec<u8> = fat.into_iter().flat_map(u32::to_le_bytes).collect();
        fat.resize(512, 0xff);
        let mut head = MARK.to_vec();
        head.resize(30, 0);
        head.extend_from_slice(&[9, 0, 6, 0]);
        head.resize(48, 0);
        for number in [2, 0, 4_096, 1, 1, 0xffff_fffe, 0, 0_u32] {
            head.extend_from_slice(&number.to_le_bytes());
        }
        head.resize(512, 0xff);
        [head, fat, mini_fat, directory[..512].to_vec(), mini, directory[512..].to_vec()].concat()
    }

    #[test]
    fn streams_are_found_by_their_paths() {
        let file = compound(&[("One", b"first"), ("Two", &[7; 200])]);
        let read = Compound::read(&file).expect("a compound file");
        assert_eq!(read.streams.iter().map(|stream| stream.path.as_str()).collect::<Vec<_>>(), ["One", "Two"]);
        assert_eq!(read.stream("One").as_deref(), Some(&b"first"[..]));
        assert_eq!(read.stream("Two"), Some(vec![7; 200]));
        assert_eq!(read.stream("Three"), None);
    }

    #[test]
    fn chains_that_bite_their_tail_end() {
        let mut file = compound(&[("One", &[7; 200])]);
        file[1_024..1_028].copy_from_slice(&[0; 4]);
        file[512 + 8..512 + 12].copy_from_slice(&2_u32.to_le_bytes());
        let read = Compound::read(&file).expect("a compound file");
        assert!(read.stream("One").is_some());
        file[68..72].copy_from_slice(&0_u32.to_le_bytes());
        assert!(Compound::read(&file).is_some());
    }

    #[test]
    fn what_is_cut_short_is_read_as_far_as_it_goes() {
        let file = compound(&[("One", b"first"), ("Two", &[7; 200])]);
        for end in (0..file.len()).step_by(16) {
            if let Some(read) = Compound::read(&file[..end]) {
                let _ = read.streams.iter().map(|stream| read.content(stream).len()).sum::<usize>();
            }
        }
    }
}
