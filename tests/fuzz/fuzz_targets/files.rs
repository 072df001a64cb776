//! Any bytes under any name are taken apart within the budget, and nothing panics.

#![no_main]

use kith::files::{Limits, explode};
use kith::message::Attachment;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let name = ["a", "a.html", "a.js", "a.eml", "a.svg"][usize::from(input.first().copied().unwrap_or(0)) % 5];
    let limits = Limits::default();
    let exploded = explode(&Attachment::found(name, Some(input.to_vec()), 0), &limits);
    assert!(exploded.found.len() <= limits.files_max + 1);
    let bytes: usize = exploded.found.iter().skip(1).filter_map(|found| found.file.content()).map(<[u8]>::len).sum();
    assert!(bytes <= limits.bytes_max);
});
