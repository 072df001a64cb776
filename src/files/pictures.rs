//! What pictures of all kinds share: their metadata, and the QR codes in them.

use std::io::Cursor;

use exif::{In, Reader, Value};
use rqrr::PreparedImage;

use super::kind::Reading;

/// Pixels of a picture that is decoded: a photograph of a telephone has 12 million.
pub(super) const PIXELS_MAX: usize = 24_000_000;
/// Pixels in which codes are sought: larger pictures are made smaller first.
const SOUGHT_PIXELS_MAX: usize = 4_000_000;
/// Smallest side in which a code is sought: the smallest code has 21 modules a side.
const SIDE_MIN: usize = 21;
/// Steps that one pixel costs in bytes, at the finding of codes.
const BYTES_PER_PIXEL: usize = 2;
/// Codes of one picture that are kept.
const CODES_MAX: usize = 20;

/// Adds what the Exif metadata says.
pub(super) fn metadata(content: &[u8], reading: &mut Reading<'_, '_>) {
    let Ok(exif) = Reader::new().read_from_container(&mut Cursor::new(content)) else { return };
    for field in exif.fields().filter(|field| field.ifd_num == In::PRIMARY) {
        let value = match &field.value {
            Value::Ascii(texts) => texts.iter().map(|text| String::from_utf8_lossy(text).into_owned()).collect(),
            // The first eight bytes name the character set.
            Value::Undefined(bytes, _) if field.tag == exif::Tag::UserComment => {
                String::from_utf8_lossy(bytes.get(8..).unwrap_or_default()).into_owned()
            }
            _ => field.display_value().to_string(),
        };
        reading.facts.metadata.add(field.tag.to_string(), value.trim_matches(['\0', ' ']));
    }
}

/// Adds the size in pixels.
pub(super) fn size(width: usize, height: usize, reading: &mut Reading<'_, '_>) {
    reading.facts.metadata.add("ImageWidth", width.to_string());
    reading.facts.metadata.add("ImageHeight", height.to_string());
}

/// Adds what the colour profile says of the device (ICC.1:2022 §7.2).
pub(super) fn profile(icc: &[u8], reading: &mut Reading<'_, '_>) {
    let maker = icc.get(48..52).unwrap_or_default();
    if let Ok(maker) = std::str::from_utf8(maker)
        && !maker.trim_matches(['\0', ' ']).is_empty()
    {
        // ExifTool writes the best known signature out.
        let maker = if maker.eq_ignore_ascii_case("appl") { "Apple Computer Inc." } else { maker };
        reading.facts.metadata.add("DeviceManufacturer", maker);
    }
}

/// Whether a picture of so many pixels is decoded.
pub(super) fn fits(width: usize, height: usize, reading: &mut Reading<'_, '_>) -> bool {
    let pixels = width.saturating_mul(height);
    let fits = pixels > 0 && pixels <= PIXELS_MAX;
    if !fits {
        reading.budget.note("the picture is larger than is decoded");
    }
    fits && reading.budget.spend(pixels.saturating_mul(BYTES_PER_PIXEL))
}

/// Seeks QR codes among pixels of `samples` bytes each, the first of which is their brightness, or their colours are
/// red, green and blue.
pub(super) fn codes(pixels: &[u8], width: usize, height: usize, samples: usize, reading: &mut Reading<'_, '_>) {
    if width < SIDE_MIN || height < SIDE_MIN || pixels.len() < width.saturating_mul(height).saturating_mul(samples) {
        return;
    }
    let shrunk = (1..).find(|by| (width / by) * (height / by) <= SOUGHT_PIXELS_MAX).unwrap_or(1);
    let (columns, rows) = (width / shrunk, height / shrunk);
    let brightness = |x: usize, y: usize| {
        let at = (y * shrunk * width + x * shrunk) * samples;
        let pixel = &pixels[at..at + samples];
        let (colours, alpha) = match samples {
            2 | 4 => pixel.split_at(samples - 1),
            _ => (pixel, &[255_u8][..]),
        };
        let sum: usize = colours.iter().map(|colour| usize::from(*colour)).sum();
        // What shows through is white, as mail programs show it.
        let (mean, alpha) = (sum / colours.len().max(1), usize::from(alpha[0]));
        ((mean * alpha + 255 * (255 - alpha)) / 255) as u8
    };
    for inverted in [false, true] {
        let shade = |x, y| if inverted { 255 - brightness(x, y) } else { brightness(x, y) };
        let mut image = PreparedImage::prepare_from_greyscale(columns, rows, shade);
        for grid in image.detect_grids().into_iter().take(CODES_MAX) {
            let mut data = Vec::new();
            if grid.decode_to(&mut data).is_ok() {
                reading.facts.codes.push(super::bytes::text(&data));
            }
        }
        if !reading.facts.codes.is_empty() {
            break;
        }
    }
}
