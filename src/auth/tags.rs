//! The tag lists of which DKIM and ARC fields are made (RFC 6376 §3.2).

/// Names of the tags of one field, in their order; mail-auth reads the values.
pub(super) struct Tags<'a> {
    names: Vec<&'a [u8]>,
    has_empty: bool,
}

impl<'a> Tags<'a> {
    /// Reads a tag list; `None` when a name is no tag name or comes twice, in whatever case: such a field can be read in
    /// two ways, and mail-auth takes the last one in any case.
    pub(super) fn read(value: &'a [u8]) -> Option<Self> {
        let mut tags = Self { names: Vec::with_capacity(12), has_empty: false };
        let value = value.trim_ascii();
        for tag in value.strip_suffix(b";").unwrap_or(value).split(|byte| *byte == b';') {
            let tag = tag.trim_ascii();
            if tag.is_empty() {
                tags.has_empty = true;
                continue;
            }
            let name = tag.split(|byte| *byte == b'=').next()?.trim_ascii_end();
            let sound = name.len() < tag.len()
                && name.first()?.is_ascii_alphabetic()
                && name.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_')
                && !tags.names.iter().any(|known| known.eq_ignore_ascii_case(name));
            if !sound {
                return None;
            }
            tags.names.push(name);
        }
        Some(tags)
    }

    /// Whether all of `names` are there, in their own case.
    pub(super) fn have(&self, names: &[&str]) -> bool {
        names.iter().all(|name| self.names.contains(&name.as_bytes()))
    }

    /// Whether two semicolons follow each other, which the syntax forbids.
    pub(super) fn have_empty(&self) -> bool {
        self.has_empty
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: &str, expected: Option<&[&str]>) {
        let tags = Tags::read(value.as_bytes());
        let names =
            tags.map(|tags| tags.names.iter().map(|n| String::from_utf8_lossy(n).into_owned()).collect::<Vec<_>>());
        assert_eq!(
            names.as_deref(),
            expected.map(|e| e.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>()).as_deref()
        );
    }

    #[test]
    fn names_are_read_in_order() {
        check(" v=1; a=rsa-sha256;\r\n\tb = abc==; x_y2=;\r\n", Some(&["v", "a", "b", "x_y2"]));
        check("a=1", Some(&["a"]));
        check("", Some(&[]));
    }

    #[test]
    fn doubles_and_wrong_names_are_refused() {
        check("s=a; s=b", None);
        check("s=a; S=b", None);
        check("_=a", None);
        check("1=a", None);
        check("a", None);
        check("=a", None);
    }

    #[test]
    fn names_keep_their_case_and_gaps_are_seen() {
        let tags = Tags::read(b"S=a;; b=c;").expect("sound");
        assert!(tags.have(&["b"]) && !tags.have(&["s"]) && tags.have_empty());
        assert!(!Tags::read(b"a=b;").expect("sound").have_empty());
    }
}
