//! Pictures in JPEG.

use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::kind::{Kind, Reading};
use super::{BROKEN, pictures};

/// Pictures in JPEG.
pub(super) const KIND: Kind = Kind {
    flavors: &["jpeg_file", "image_file"],
    media_type: "image/jpeg",
    is: |head| head.begins(b"\xff\xd8\xff"),
    read,
};

fn read(content: &[u8], reading: &mut Reading<'_, '_>) {
    pictures::metadata(content, reading);
    let options = DecoderOptions::default().jpeg_set_out_colorspace(ColorSpace::Luma);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(content), options);
    let size = decoder.decode_headers().ok().and_then(|()| decoder.info());
    let Some((width, height)) = size.map(|info| (usize::from(info.width), usize::from(info.height))) else {
        reading.budget.note(BROKEN);
        return;
    };
    pictures::size(width, height, reading);
    if let Some(icc) = decoder.icc_profile() {
        pictures::profile(&icc, reading);
    }
    if !pictures::fits(width, height, reading) {
        return;
    }
    match decoder.decode() {
        Ok(pixels) => pictures::codes(&pixels, width, height, 1, reading),
        Err(_) => reading.budget.note(BROKEN),
    }
}

#[cfg(test)]
mod tests {
    use crate::files::explode::tests::{gaps, taken};

    #[test]
    fn what_begins_as_a_picture_and_is_none_says_so() {
        let exploded = taken("a.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0");
        assert_eq!(exploded.found[0].kind.map(|kind| kind.media_type), Some("image/jpeg"));
        assert_eq!(gaps(&exploded), ["the file is damaged"]);
    }
}
