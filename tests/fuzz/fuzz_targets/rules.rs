//! Any text is an expression or a fault with its place, and what is printed of one parses to the same.

#![no_main]

use kith::rules::check::check;
use kith::rules::language::{parse, print};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|source: &str| {
    match parse(source) {
        Ok(node) => {
            let printed = print(&node);
            assert_eq!(parse(&printed).as_ref(), Ok(&node), "{printed}");
            let _ = check(&node, None);
        }
        Err(fault) => {
            assert!(fault.at.start as usize <= source.len());
            let _ = fault.shown(source, "fuzz", 1, 0);
        }
    }
});
