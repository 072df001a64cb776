//! Pictures in PNG.

use std::io::Cursor;

use ::png::{ColorType, Decoder, DecodingError, Limits, Transformations};

use super::kind::{Kind, Reading};
use super::{BROKEN, pictures};

/// Pictures in PNG.
pub(super) const KIND: Kind = Kind {
    flavors: &["png_file", "image_file"],
    media_type: "image/png",
    is: |head| head.begins(b"\x89PNG\r\n\x1a\n"),
    read,
};

fn read(content: &[u8], reading: &mut Reading<'_, '_>) {
    pictures::metadata(content, reading);
    if decode(content, reading).is_err() {
        reading.budget.note(BROKEN);
        // ExifTool's words for it, which rules look for.
        reading.facts.metadata.add("Warning", "Truncated PNG image");
    }
}

fn decode(content: &[u8], reading: &mut Reading<'_, '_>) -> Result<(), DecodingError> {
    let limits = Limits { bytes: 4 * pictures::PIXELS_MAX };
    let mut decoder = Decoder::new_with_limits(Cursor::new(content), limits);
    decoder.set_transformations(Transformations::normalize_to_color8());
    let mut reader = decoder.read_info()?;
    let info = reader.info();
    let (width, height) = (info.width as usize, info.height as usize);
    pictures::size(width, height, reading);
    if let Some(icc) = &info.icc_profile {
        pictures::profile(icc, reading);
    }
    for text in &info.uncompressed_latin1_text {
        reading.facts.metadata.add(text.keyword.replace(' ', ""), &text.text);
    }
    for text in &info.utf8_text {
        if let Ok(value) = text.get_text() {
            reading.facts.metadata.add(text.keyword.replace(' ', ""), value);
        }
    }
    let Some(bytes) = reader.output_buffer_size().filter(|_| pictures::fits(width, height, reading)) else {
        return Ok(());
    };
    let mut pixels = vec![255; bytes];
    let ended = reader.next_frame(&mut pixels);
    let samples = match reader.output_color_type().0 {
        ColorType::Grayscale => 1,
        ColorType::GrayscaleAlpha => 2,
        ColorType::Rgb | ColorType::Indexed => 3,
        ColorType::Rgba => 4,
    };
    pictures::codes(&pixels, width, height, samples, reading);
    ended.map(|_| ())
}

#[cfg(test)]
pub(super) mod tests {
    use crate::files::explode::tests::{gaps, taken};

    /// A picture of a code that says `https://a.example/x`, four pixels a module, by its rows of modules.
    pub(crate) fn code() -> Vec<u8> {
        let rows: Vec<&[u8]> = include_bytes!("png/code.txt").split(|byte| *byte == b'\n').filter(|row| !row.is_empty()).collect();
        let side = (rows.len() + 8) * 4;
        let shade = |x: usize, y: usize| {
            let at = |place: usize| (place / 4).checked_sub(4);
            let module = at(y).and_then(|y| rows.get(y)?.get(at(x)?));
            if module == Some(&b'#') { 0 } else { 255 }
        };
        let pixels: Vec<u8> = (0..side * side).map(|place| shade(place % side, place / side)).collect();
        let mut out = Vec::new();
        let mut encoder = ::png::Encoder::new(&mut out, side as u32, side as u32);
        encoder.set_color(::png::ColorType::Grayscale);
        encoder.add_text_chunk("Software".to_owned(), "Pencil".to_owned()).expect("text");
        let mut writer = encoder.write_header().expect("a head");
        writer.write_image_data(&pixels).expect("pixels");
        writer.finish().expect("an end");
        out
    }

    #[test]
    fn a_code_is_read() {
        let exploded = taken("a.png", &code());
        let facts = &exploded.found[0].facts;
        assert_eq!(facts.codes, ["https://a.example/x"]);
        assert_eq!(facts.metadata.value("Software"), Some("Pencil"));
        assert!(facts.metadata.number("ImageWidth") > Some(100));
    }

    #[test]
    fn a_picture_that_is_cut_short_says_so() {
        let whole = code();
        let exploded = taken("a.png", &whole[..whole.len() / 2]);
        assert_eq!(exploded.found[0].facts.metadata.value("Warning"), Some("Truncated PNG image"));
        assert_eq!(gaps(&exploded), ["the file is damaged"]);
    }

    #[test]
    fn noise_is_no_code_and_takes_little_time() {
        let (side, mut chance, mut out) = (1_200_u32, 1_u32, Vec::new());
        let mut next = || {
            chance = chance.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (chance >> 24) as u8
        };
        let pixels: Vec<u8> = (0..side * side).map(|_| next()).collect();
        let mut encoder = ::png::Encoder::new(&mut out, side, side);
        encoder.set_color(::png::ColorType::Grayscale);
        let mut writer = encoder.write_header().expect("a head");
        writer.write_image_data(&pixels).expect("pixels");
        writer.finish().expect("an end");
        let begun = std::time::Instant::now();
        assert_eq!(taken("a.png", &out).found[0].facts.codes, [] as [&str; 0]);
        assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
    }

    #[test]
    fn a_picture_larger_than_may_be_is_not_decoded() {
        let mut huge = code();
        huge[16..24].copy_from_slice(&[0, 1, 0, 0, 0, 1, 0, 0]);
        let mut crc = flate2::Crc::new();
        crc.update(&huge[12..29]);
        huge[29..33].copy_from_slice(&crc.sum().to_be_bytes());
        assert_eq!(gaps(&taken("a.png", &huge)), ["the picture is larger than is decoded"]);
    }
}
