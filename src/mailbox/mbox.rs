//! The mbox format (RFC 4155), with the quoting of mboxrd undone.

use std::io::{self, BufRead};

use super::MESSAGE_BYTES_MAX;

/// One message of an mbox file.
pub(super) struct Entry {
    /// Where its `From ` line begins, in bytes of the (uncompressed) file.
    pub offset: u64,
    /// The message, unquoted; `None` where it is longer than [`MESSAGE_BYTES_MAX`].
    pub raw: Option<Vec<u8>>,
}

/// Reads an mbox file message by message.
pub(super) struct Reader<R> {
    from: R,
    /// Bytes read so far.
    position: u64,
    /// Where the `From ` line that was read last begins.
    pending: Option<u64>,
}

impl<R: BufRead> Reader<R> {
    /// Reads on from the start of an mbox file, or from a `From ` line at `position`.
    pub fn new(from: R, position: u64) -> Self {
        Self { from, position, pending: None }
    }

    /// The next message; `None` at the end.
    pub fn next(&mut self) -> io::Result<Option<Entry>> {
        let mut line = Vec::new();
        let mut raw = Vec::new();
        let mut too_long = false;
        let mut after_empty = true;
        let mut start = self.pending.take();
        loop {
            line.clear();
            let at = self.position;
            let read = read_line(&mut self.from, &mut line)?;
            self.position += read;
            if read == 0 {
                break;
            }
            if after_empty && line.starts_with(b"From ") {
                match start {
                    None => start = Some(at),
                    Some(_) => {
                        self.pending = Some(at);
                        break;
                    }
                }
                after_empty = false;
                continue;
            }
            // What stands before the first `From ` line belongs to no message.
            if start.is_none() {
                after_empty = is_empty(&line);
                continue;
            }
            after_empty = is_empty(&line);
            too_long |= raw.len() + line.len() > MESSAGE_BYTES_MAX;
            if !too_long {
                raw.extend_from_slice(unquoted(&line));
            }
        }
        Ok(start.map(|offset| Entry { offset, raw: (!too_long).then(|| without_last_empty_line(raw)) }))
    }
}

/// Reads one line, and of one beyond [`MESSAGE_BYTES_MAX`] only as much, so that a file without line ends cannot fill
/// the memory. Returns the bytes consumed.
fn read_line(from: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<u64> {
    let mut consumed = 0;
    loop {
        let buffer = from.fill_buf()?;
        let end = buffer.iter().position(|&b| b == b'\n').map(|i| i + 1);
        let taken = end.unwrap_or(buffer.len());
        if line.len() <= MESSAGE_BYTES_MAX {
            line.extend_from_slice(&buffer[..taken]);
        }
        from.consume(taken);
        consumed += taken as u64;
        if end.is_some() || taken == 0 {
            return Ok(consumed);
        }
    }
}

fn is_empty(line: &[u8]) -> bool {
    matches!(line, b"\n" | b"\r\n")
}

/// mboxrd: one `>` is taken off a line of `>…>From `.
fn unquoted(line: &[u8]) -> &[u8] {
    let quotes = line.iter().take_while(|&&b| b == b'>').count();
    if quotes > 0 && line[quotes..].starts_with(b"From ") { &line[1..] } else { line }
}

/// The empty line before the next `From ` line belongs to the format, not to the message.
fn without_last_empty_line(mut raw: Vec<u8>) -> Vec<u8> {
    if raw.ends_with(b"\r\n\r\n") {
        raw.truncate(raw.len() - 2);
    } else if raw.ends_with(b"\n\n") {
        raw.truncate(raw.len() - 1);
    }
    raw
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(file: &str, expected: &[(u64, &str)]) {
        let mut reader = Reader::new(file.as_bytes(), 0);
        let mut found = Vec::new();
        while let Some(entry) = reader.next().expect("memory does not fail") {
            found.push((entry.offset, String::from_utf8(entry.raw.expect("short")).expect("text")));
        }
        let found: Vec<_> = found.iter().map(|(at, raw)| (*at, raw.as_str())).collect();
        assert_eq!(found, expected, "{file:?}");
    }

    #[test]
    fn messages_are_split_at_from_lines() {
        check("From a\nA: 1\n\nx\n\nFrom b\nB: 2\n\ny\n", &[(0, "A: 1\n\nx\n"), (16, "B: 2\n\ny\n")]);
    }

    #[test]
    fn quoted_from_lines_lose_one_quote() {
        check("From a\nA: 1\n\n>From x\n>>From y\n> From z\n", &[(0, "A: 1\n\nFrom x\n>From y\n> From z\n")]);
    }

    #[test]
    fn a_from_line_in_the_middle_of_a_paragraph_is_text() {
        check("From a\nA: 1\n\nx\nFrom here on\n", &[(0, "A: 1\n\nx\nFrom here on\n")]);
    }

    #[test]
    fn what_stands_before_the_first_message_is_passed_over() {
        check("junk\n\nFrom a\nA: 1\n\n", &[(6, "A: 1\n")]);
        check("", &[]);
    }

    #[test]
    fn a_reader_may_begin_at_an_offset() {
        let file = "From a\nA: 1\n\nx\n\nFrom b\nB: 2\n\ny\n";
        let mut reader = Reader::new(&file.as_bytes()[16..], 16);
        let entry = reader.next().expect("memory does not fail").expect("a message");
        assert_eq!((entry.offset, entry.raw.as_deref()), (16, Some(&b"B: 2\n\ny\n"[..])));
    }
}
