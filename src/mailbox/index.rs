//! Where messages lie, so that they can be read in another order than they are stored in.

use std::fs::{self, File};
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};
use std::{env, process};

use super::mbox::Reader;
use super::walk::{children, is_mbox, open};
use super::{Cause, MESSAGE_BYTES_MAX, ReadError, with_crlf};

/// Where one message lies.
#[derive(Clone, Debug)]
pub struct Place {
    /// The file that the user named or that was found in a folder he named.
    pub path: Arc<PathBuf>,
    /// The file to read: another one where the first is compressed.
    file: Arc<PathBuf>,
    /// Offset of the `From ` line in an mbox file; `None` for a file that is one message.
    offset: Option<u64>,
}

impl Place {
    /// Reads the message, with CRLF line ends.
    pub fn read(&self) -> Result<Vec<u8>, ReadError> {
        let fail = |cause| ReadError { path: (*self.path).clone(), cause };
        let raw = match self.offset {
            None => read_whole(&self.file).map_err(fail)?,
            Some(offset) => {
                let mut file = File::open(&*self.file).map_err(|e| fail(Cause::Io(e)))?;
                file.seek(SeekFrom::Start(offset)).map_err(|e| fail(Cause::Io(e)))?;
                let entry = Reader::new(BufReader::new(file), offset).next().map_err(|e| fail(Cause::Io(e)))?;
                entry.and_then(|entry| entry.raw).ok_or_else(|| fail(Cause::TooLong))?
            }
        };
        Ok(with_crlf(raw))
    }

    /// A name of this place that stays the same while the file does: the path, and the offset in an mbox file.
    pub fn name(&self) -> String {
        self.offset.map_or_else(|| self.path.display().to_string(), |at| format!("{}@{at}", self.path.display()))
    }
}

/// Where all messages below some paths lie, in the order of [`super::read`]. Compressed files are unpacked into a scratch
/// folder, since they cannot be read from the middle; it goes with the index.
#[derive(Debug, Default)]
pub struct Index {
    /// The places.
    pub places: Vec<Place>,
    /// What could not be read.
    pub errors: Vec<ReadError>,
    scratch: Option<Scratch>,
}

/// A folder for unpacked files, removed with everything in it when it is dropped.
#[derive(Debug)]
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> io::Result<Self> {
        let nanos = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
        let path = env::temp_dir().join(format!("kith-{}-{nanos}", process::id()));
        // `create_dir` fails where somebody else was first: the folder is ours alone.
        fs::create_dir(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            log::warn!("cannot remove the scratch folder {}: {error}", self.0.display());
        }
    }
}

impl Index {
    /// Finds all messages below `paths`, calling `seen` with each message as it is found, in order and as it is stored.
    pub fn build(paths: &[PathBuf], mut seen: impl FnMut(&Place, &[u8])) -> Self {
        let mut index = Self::default();
        let mut ahead: Vec<PathBuf> = paths.iter().rev().cloned().collect();
        while let Some(path) = ahead.pop() {
            let added = if path.is_dir() {
                children(&path).map(|inside| ahead.extend(inside.into_iter().rev())).map_err(Cause::Io)
            } else {
                index.add_file(&path, &mut seen)
            };
            if let Err(cause) = added {
                index.errors.push(ReadError { path, cause });
            }
        }
        index
    }

    fn add_file(&mut self, path: &Path, seen: &mut impl FnMut(&Place, &[u8])) -> Result<(), Cause> {
        let named = Arc::new(path.to_owned());
        let mut file = Arc::clone(&named);
        if path.extension().is_some_and(|extension| ["zst", "gz"].contains(&extension.to_string_lossy().as_ref())) {
            file = Arc::new(self.unpack(path).map_err(Cause::Io)?);
        }
        let mut reader = BufReader::with_capacity(64 << 10, File::open(&*file).map_err(Cause::Io)?);
        if !is_mbox(&mut reader).map_err(Cause::Io)? {
            let place = Place { path: named, file, offset: None };
            seen(&place, &read_whole(&place.file)?);
            self.places.push(place);
            return Ok(());
        }
        let mut reader = Reader::new(reader, 0);
        while let Some(entry) = reader.next().map_err(Cause::Io)? {
            match entry.raw {
                Some(raw) => {
                    let place = Place { path: Arc::clone(&named), file: Arc::clone(&file), offset: Some(entry.offset) };
                    seen(&place, &raw);
                    self.places.push(place);
                }
                None => self.errors.push(ReadError { path: path.to_owned(), cause: Cause::TooLong }),
            }
        }
        Ok(())
    }
}

impl Index {
    fn unpack(&mut self, path: &Path) -> io::Result<PathBuf> {
        let scratch = match self.scratch.take() {
            Some(scratch) => scratch,
            None => Scratch::new()?,
        };
        let unpacked = scratch.0.join(self.places.len().to_string());
        self.scratch = Some(scratch);
        io::copy(&mut open(path)?, &mut File::create(&unpacked)?)?;
        Ok(unpacked)
    }
}

fn read_whole(path: &Path) -> Result<Vec<u8>, Cause> {
    let length = fs::metadata(path).map_err(Cause::Io)?.len();
    if length > MESSAGE_BYTES_MAX as u64 {
        return Err(Cause::TooLong);
    }
    let mut raw = Vec::new();
    File::open(path).map_err(Cause::Io)?.take(MESSAGE_BYTES_MAX as u64).read_to_end(&mut raw).map_err(Cause::Io)?;
    Ok(raw)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_the_message_that_was_seen_there() {
        let root = tempfile::tempdir().expect("temporary folder");
        let mbox = b"From x\nA: 1\n\none\n\nFrom y\nA: 2\n\ntwo\n";
        fs::write(root.path().join("a.mbox"), mbox).expect("writable");
        fs::write(root.path().join("b.mbox.zst"), zstd::encode_all(&mbox[..], 0).expect("compressible"))
            .expect("writable");
        fs::write(root.path().join("c.eml"), b"A: 3\n\nthree\n").expect("writable");
        let mut seen = Vec::new();
        let index = Index::build(&[root.path().to_owned()], |_, raw| seen.push(with_crlf(raw.to_vec())));
        assert!(index.errors.is_empty());
        let read: Vec<_> = index.places.iter().map(|place| place.read().expect("readable")).collect();
        assert_eq!(read, seen);
        assert_eq!(read.len(), 5);
        assert!(index.places[1].name().ends_with("a.mbox@18"), "{}", index.places[1].name());
        let scratch = index.scratch.as_ref().expect("something was unpacked").0.clone();
        drop(index);
        assert!(!scratch.exists());
    }

    #[test]
    fn a_missing_path_is_an_error() {
        let index = Index::build(&[PathBuf::from("/nonexistent/mail")], |_, _| ());
        assert_eq!((index.places.len(), index.errors.len()), (0, 1));
    }
}
