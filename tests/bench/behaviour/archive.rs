//! The replayed mail as mbox files: ordinary mail in one, each kind of attack in another, for training.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use kith::mail::Moment;

use super::habits::date;
use super::world::{BORDER, Session};

/// Files that are being written, by name.
pub struct Archive {
    folder: PathBuf,
    files: HashMap<String, BufWriter<File>>,
}

impl Archive {
    pub fn new(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        Ok(Self { folder: folder.to_owned(), files: HashMap::new() })
    }

    /// Adds a message to the file of this name; one that was sent by a session gets the fields that the border host would
    /// have put above it.
    pub fn add(&mut self, name: &str, session: Option<&Session>, raw: &[u8], at: Moment) -> io::Result<()> {
        let name = name.replace([' ', '-'], "_");
        let path = self.folder.join(format!("{name}.mbox"));
        let file = match self.files.entry(name) {
            Entry::Occupied(open) => open.into_mut(),
            Entry::Vacant(new) => new.insert(BufWriter::new(File::create(path)?)),
        };
        writeln!(file, "From MAILER-DAEMON Thu Jan  1 00:00:00 1970")?;
        let envelope = session.map(|session| &session.envelope);
        if let Some(sender) = envelope.and_then(|envelope| envelope.sender.as_ref()) {
            writeln!(file, "Return-Path: <{sender}>")?;
        }
        if let Some((envelope, client)) = envelope.and_then(|envelope| Some((envelope, envelope.client?))) {
            let helo = envelope.helo.as_deref().unwrap_or("unknown");
            let client_name = envelope.client_name.as_deref().unwrap_or("unknown");
            writeln!(file, "Received: from {helo} ({client_name} [{client}]) by {BORDER}; {}", date(at, 0))?;
        }
        for line in raw.split_inclusive(|byte| *byte == b'\n') {
            let line = line.trim_ascii_end();
            let is_quoted =
                line.iter().position(|byte| *byte != b'>').is_some_and(|at| line[at..].starts_with(b"From "));
            if is_quoted {
                file.write_all(b">")?;
            }
            file.write_all(line)?;
            file.write_all(b"\n")?;
        }
        file.write_all(b"\n")
    }

    /// Ends all files.
    pub fn close(self) -> io::Result<()> {
        self.files.into_values().try_for_each(|mut file| file.flush())
    }
}
