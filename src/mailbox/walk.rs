//! Going through files, folders, Maildirs and mbox files in a settled order.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use super::mbox::Reader;
use super::{Cause, MESSAGE_BYTES_MAX, ReadError, with_crlf};

/// One message at rest.
#[derive(Debug)]
pub struct Stored {
    /// The file; with `#N` behind it for the N-th message (from 1) of an mbox file; `-` for standard input.
    pub path: String,
    /// The message, with CRLF line ends.
    pub raw: Vec<u8>,
}

/// Reads every message below the paths, one after another: in the order given, and within a folder by name. A file that
/// cannot be read is an error in its place; reading goes on behind it.
pub fn read(paths: &[PathBuf]) -> impl Iterator<Item = Result<Stored, ReadError>> + use<> {
    Walk { ahead: paths.iter().rev().map(|path| Ahead::Path(path.clone())).collect() }
}

/// What is still to be read, the next one last.
enum Ahead {
    Path(PathBuf),
    Mbox { path: PathBuf, reader: Box<Reader<Box<dyn BufRead + Send>>>, nth: u64 },
}

struct Walk {
    ahead: Vec<Ahead>,
}

impl Iterator for Walk {
    type Item = Result<Stored, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (path, found) = match self.ahead.pop()? {
                Ahead::Path(path) => {
                    let found = self.open(&path);
                    (path, found)
                }
                Ahead::Mbox { path, mut reader, nth } => {
                    let entry = reader.next();
                    let label = format!("{}#{}", path.display(), nth + 1);
                    if matches!(entry, Ok(Some(_))) {
                        self.ahead.push(Ahead::Mbox { path: path.clone(), reader, nth: nth + 1 });
                    }
                    let found = match entry {
                        Ok(None) => Ok(None),
                        Ok(Some(entry)) => entry.raw.map(|raw| Some(stored(label, raw))).ok_or(Cause::TooLong),
                        Err(error) => Err(Cause::Io(error)),
                    };
                    (path, found)
                }
            };
            match found {
                Ok(None) => {}
                Ok(Some(stored)) => return Some(Ok(stored)),
                Err(cause) => return Some(Err(ReadError { path, cause })),
            }
        }
    }
}

impl Walk {
    /// Opens a path: a single message is returned, anything else is put ahead.
    fn open(&mut self, path: &Path) -> Result<Option<Stored>, Cause> {
        if path.is_dir() {
            let inside = children(path).map_err(Cause::Io)?;
            self.ahead.extend(inside.into_iter().rev().map(Ahead::Path));
            return Ok(None);
        }
        let mut reader = open(path).map_err(Cause::Io)?;
        if is_mbox(&mut reader).map_err(Cause::Io)? {
            self.ahead.push(Ahead::Mbox { path: path.to_owned(), reader: Box::new(Reader::new(reader, 0)), nth: 0 });
            return Ok(None);
        }
        let mut raw = Vec::new();
        reader.take(MESSAGE_BYTES_MAX as u64 + 1).read_to_end(&mut raw).map_err(Cause::Io)?;
        if raw.len() > MESSAGE_BYTES_MAX {
            return Err(Cause::TooLong);
        }
        Ok(Some(stored(path.display().to_string(), raw)))
    }
}

fn stored(path: String, raw: Vec<u8>) -> Stored {
    Stored { path, raw: with_crlf(raw) }
}

/// Opens a file, decompressing it when its name ends in `.zst` or `.gz`; `-` is standard input.
pub(super) fn open(path: &Path) -> io::Result<Box<dyn BufRead + Send>> {
    if path == Path::new("-") {
        return Ok(Box::new(BufReader::new(io::stdin())));
    }
    let file = File::open(path)?;
    if path.extension().is_some_and(|extension| extension == "zst") {
        return Ok(Box::new(BufReader::new(zstd::Decoder::new(file)?)));
    }
    if path.extension().is_some_and(|extension| extension == "gz") {
        // A log that was rotated in parts has several members (RFC 1952 §2.2).
        return Ok(Box::new(BufReader::new(flate2::read::MultiGzDecoder::new(file))));
    }
    Ok(Box::new(BufReader::with_capacity(64 << 10, file)))
}

/// Whether what follows is an mbox file: it begins with a `From ` line (RFC 4155). White lines before it are let pass.
pub(super) fn is_mbox(reader: &mut (impl BufRead + ?Sized)) -> io::Result<bool> {
    let head = reader.fill_buf()?;
    Ok(head.trim_ascii_start().starts_with(b"From "))
}

/// The files and folders to read within a folder, by name. Of a Maildir these are `cur` and `new`, never `tmp`, where
/// deliveries are still being written.
pub(super) fn children(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let is_maildir = folder.join("cur").is_dir() && folder.join("new").is_dir();
    let mut inside = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        // Files of an IMAP server (dovecot.index, subscriptions) lie beside the folders of a Maildir.
        let skipped = if is_maildir { name == "tmp" || !path.is_dir() } else { name.starts_with('.') };
        if !skipped {
            inside.push(path);
        }
    }
    inside.sort();
    Ok(inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(root: &Path, paths: &[&str]) -> Vec<String> {
        let paths: Vec<_> = paths.iter().map(|p| root.join(p)).collect();
        let prefix = format!("{}/", root.display());
        read(&paths)
            .map(|stored| match stored {
                Ok(stored) => {
                    let body = String::from_utf8_lossy(&stored.raw).replace("\r\n", "|");
                    format!("{} {body}", stored.path.replace(&prefix, ""))
                }
                Err(error) => format!("error {}", error.path.display().to_string().replace(&prefix, "")),
            })
            .collect()
    }

    #[test]
    fn every_kind_of_mailbox_is_read_in_order() {
        let root = tempfile::tempdir().expect("temporary folder");
        let write = |name: &str, text: &[u8]| {
            let path = root.path().join(name);
            fs::create_dir_all(path.parent().expect("has a parent")).expect("creatable");
            fs::write(path, text).expect("writable");
        };
        write("one.eml", b"A: 1\n\nx\n");
        write("m/cur/1:2,S", b"A: 2\n\n");
        write("m/new/2", b"A: 3\n\n");
        write("m/tmp/3", b"half");
        write("m/dovecot.index", b"junk");
        write("m/.Sent/cur/4", b"A: 4\n\n");
        write("m/.Sent/new/.keep", b"");
        write("f/b.eml", b"A: 6\n\n");
        write("f/a.mbox", b"From x\nA: 5\n\nt\n\nFrom y\nA: 5b\n\n");
        write("z.mbox.zst", &zstd::encode_all(&b"From x\nA: 7\n\n"[..], 0).expect("compressible"));
        fs::remove_file(root.path().join("m/.Sent/new/.keep")).expect("removable");
        assert_eq!(
            found(root.path(), &["one.eml", "m", "none.eml", "f", "z.mbox.zst"]),
            [
                "one.eml A: 1||x|",
                "m/.Sent/cur/4 A: 4||",
                "m/cur/1:2,S A: 2||",
                "m/new/2 A: 3||",
                "error none.eml",
                "f/a.mbox#1 A: 5||t|",
                "f/a.mbox#2 A: 5b|",
                "f/b.eml A: 6||",
                "z.mbox.zst#1 A: 7|",
            ]
        );
    }

    #[test]
    fn a_broken_archive_is_an_error_and_the_next_file_is_read() {
        let root = tempfile::tempdir().expect("temporary folder");
        fs::write(root.path().join("a.mbox.zst"), b"not compressed").expect("writable");
        fs::write(root.path().join("b.eml"), b"A: 1\n\n").expect("writable");
        assert_eq!(found(root.path(), &["a.mbox.zst", "b.eml"]), ["error a.mbox.zst", "b.eml A: 1||"]);
    }
}
