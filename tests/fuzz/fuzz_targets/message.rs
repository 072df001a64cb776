//! Any bytes are a message: parsing neither fails nor panics, and its limits hold.

#![no_main]

use kith::message::{Settings, header_fields, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|raw: &[u8]| {
    let settings = Settings::default();
    let message = parse(raw, &settings);
    assert_eq!(message.bytes, raw.len());
    assert!(message.parts.len() <= settings.parts_max);
    assert!(message.links.len() <= settings.links_max);
    assert!(message.attachments.len() <= settings.attachments_max);
    assert!(message.texts.plain.len() <= settings.text_bytes_max);
    assert!(message.texts.visible.len() <= settings.text_bytes_max);
    assert!(header_fields(raw).count() <= raw.len());
});
