//! The seam between the tables and the disk: each change of it is one step, so that tests can end the program at any.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// The folder of the tables.
pub(super) struct Disk {
    root: PathBuf,
    #[cfg(test)]
    pub(super) steps_left: std::cell::Cell<Option<usize>>,
}

impl Disk {
    /// The folder of that path, which is made where it is missing.
    pub(super) fn open(root: &Path) -> io::Result<Self> {
        make(root)?;
        Ok(Self {
            root: root.to_owned(),
            #[cfg(test)]
            steps_left: std::cell::Cell::default(),
        })
    }

    /// The path of a file in it.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// Its own path.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Creates a file, or one anew in its place, with the folders above it. Not for everybody to read.
    pub(super) fn create(&self, name: &str) -> io::Result<File> {
        self.step()?;
        let path = self.path(name);
        if let Some(folder) = path.parent() {
            make(folder)?;
        }
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o640).open(path)
    }

    /// Makes the content of a file survive a loss of power.
    pub(super) fn sync(&self, file: &File) -> io::Result<()> {
        self.step()?;
        Self::settle(file)
    }

    /// Renames a file, and makes its new name survive a loss of power.
    pub(super) fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.step()?;
        fs::rename(self.path(from), self.path(to))?;
        self.step()?;
        // The folders above may be new as well.
        for folder in self.path(to).ancestors().skip(1).take_while(|folder| folder.starts_with(&self.root)) {
            Self::settle(&File::open(folder)?)?;
        }
        Ok(())
    }

    /// Removes a file; one that is not there is no fault.
    pub(super) fn remove(&self, name: &str) -> io::Result<()> {
        self.step()?;
        match fs::remove_file(self.path(name)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => removed,
        }
    }

    /// Removes a folder that is empty; one that is not stays.
    pub(super) fn prune(&self, name: &str) {
        // What stays for any reason is an empty folder, which says nothing.
        let _ = fs::remove_dir(self.path(name));
    }

    #[cfg(not(test))]
    fn settle(file: &File) -> io::Result<()> {
        file.sync_all()
    }

    /// A test ends the program, not the machine, and ends it hundreds of times.
    #[cfg(test)]
    #[allow(clippy::unnecessary_wraps, reason = "as the real one")]
    fn settle(_: &File) -> io::Result<()> {
        Ok(())
    }

    #[cfg(test)]
    fn step(&self) -> io::Result<()> {
        match self.steps_left.get() {
            Some(0) => Err(io::Error::other("killed")),
            left => {
                self.steps_left.set(left.map(|left| left - 1));
                Ok(())
            }
        }
    }

    #[cfg(not(test))]
    #[allow(clippy::unused_self, clippy::unnecessary_wraps, reason = "only tests end the program between two steps")]
    fn step(&self) -> io::Result<()> {
        Ok(())
    }
}

fn make(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o750).create(folder)
}
