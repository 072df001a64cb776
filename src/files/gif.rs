//! Pictures in GIF, of which the first is looked at.

use std::num::NonZeroU64;

use ::gif::{ColorOutput, DecodeOptions, DecodingError, MemoryLimit};

use super::kind::{Kind, Reading};
use super::{BROKEN, pictures};

/// Pictures in GIF.
pub(super) const KIND: Kind = Kind {
    flavors: &["gif_file", "image_file"],
    media_type: "image/gif",
    is: |head| head.begins(b"GIF87a") || head.begins(b"GIF89a"),
    read,
};

fn read(content: &[u8], reading: &mut Reading<'_, '_>) {
    if decode(content, reading).is_err() {
        reading.budget.note(BROKEN);
    }
}

fn decode(content: &[u8], reading: &mut Reading<'_, '_>) -> Result<(), DecodingError> {
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::RGBA);
    if let Some(limit) = NonZeroU64::new(4 * pictures::PIXELS_MAX as u64) {
        options.set_memory_limit(MemoryLimit::Bytes(limit));
    }
    let mut decoder = options.read_info(content)?;
    pictures::size(decoder.width().into(), decoder.height().into(), reading);
    let Some(frame) = decoder.next_frame_info()? else { return Ok(()) };
    let (width, height) = (usize::from(frame.width), usize::from(frame.height));
    if !pictures::fits(width, height, reading) {
        return Ok(());
    }
    let mut pixels = vec![255; decoder.buffer_size()];
    decoder.read_into_buffer(&mut pixels)?;
    pictures::codes(&pixels, width, height, 4, reading);
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::files::explode::tests::{gaps, taken};

    #[test]
    fn a_picture_tells_its_size() {
        let picture = b"GIF89a\x01\0\x01\0\x80\0\0\xff\xff\xff\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
        let exploded = taken("a.gif", picture);
        assert_eq!(exploded.found[0].facts.metadata.number("ImageWidth"), Some(1));
        assert_eq!(gaps(&exploded), [] as [&str; 0]);
        assert_eq!(gaps(&taken("a.gif", &picture[..20])), ["the file is damaged"]);
    }
}
