//! What an element's inline style and attributes say about whether its text can be seen.

use std::borrow::Cow;

/// Bytes of a style attribute that are read.
const STYLE_BYTES_MAX: usize = 4_096;
/// Font sizes up to this many pixels show nothing to read.
const TINY_PIXELS_MAX: f32 = 1.0;
/// Boxes and indents this many pixels off to the left or top are out of sight.
const OFF_SCREEN_PIXELS: f32 = -400.0;
/// Opacity up to this shows nothing to read.
const CLEAR_OPACITY_MAX: f32 = 0.05;
/// Two colours that differ by no more than this in each channel look the same.
const CHANNEL_DISTANCE_MAX: i32 = 10;

/// A colour, or none at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Colour {
    /// Red, green, blue.
    Rgb(u8, u8, u8),
    /// Fully transparent.
    Clear,
}

impl Colour {
    /// Whether text of this colour cannot be told from a background of the other.
    pub(super) fn looks_like(self, background: Self) -> bool {
        match (self, background) {
            (Self::Rgb(r, g, b), Self::Rgb(r2, g2, b2)) => [(r, r2), (g, g2), (b, b2)]
                .into_iter()
                .all(|(one, other)| (i32::from(one) - i32::from(other)).abs() <= CHANNEL_DISTANCE_MAX),
            _ => false,
        }
    }

    /// Reads a colour of CSS or of an old attribute (`bgcolor=ffffff`). `None` for one that is not known.
    pub(super) fn read(text: &str) -> Option<Self> {
        let text = text.trim().to_ascii_lowercase();
        let named = match text.as_str() {
            "white" => Self::Rgb(255, 255, 255),
            "black" => Self::Rgb(0, 0, 0),
            "red" => Self::Rgb(255, 0, 0),
            "green" => Self::Rgb(0, 128, 0),
            "blue" => Self::Rgb(0, 0, 255),
            "yellow" => Self::Rgb(255, 255, 0),
            "gray" | "grey" => Self::Rgb(128, 128, 128),
            "silver" => Self::Rgb(192, 192, 192),
            "whitesmoke" => Self::Rgb(245, 245, 245),
            "snow" => Self::Rgb(255, 250, 250),
            "ivory" => Self::Rgb(255, 255, 240),
            "transparent" => Self::Clear,
            _ => return Self::function(&text).or_else(|| Self::hexadecimal(text.trim_start_matches('#'))),
        };
        Some(named)
    }

    /// `rgb(1, 2, 3)` or `rgba(1 2 3 / 0)`.
    fn function(text: &str) -> Option<Self> {
        let (name, rest) = text.split_once('(')?;
        if !matches!(name.trim(), "rgb" | "rgba") {
            return None;
        }
        let mut numbers = rest
            .trim_end_matches(')')
            .split([',', ' ', '/'])
            .filter(|word| !word.is_empty())
            .map(|word| word.trim_end_matches('%').parse::<f32>().ok());
        let mut channel = || Some(numbers.next()??.clamp(0.0, 255.0) as u8);
        let rgb = Self::Rgb(channel()?, channel()?, channel()?);
        let clear = numbers.next().flatten().is_some_and(|alpha| alpha <= CLEAR_OPACITY_MAX);
        Some(if clear { Self::Clear } else { rgb })
    }

    fn hexadecimal(digits: &str) -> Option<Self> {
        let value = u32::from_str_radix(digits, 16).ok()?;
        let [_, r, g, b] = value.to_be_bytes();
        let double = |nibble: u32| u8::try_from((nibble & 15) * 17).ok();
        match digits.len() {
            6 => Some(Self::Rgb(r, g, b)),
            3 => Some(Self::Rgb(double(value >> 8)?, double(value >> 4)?, double(value)?)),
            _ => None,
        }
    }
}

/// What one element says of itself; `None` where it says nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Style {
    /// Not shown with all it holds, whatever that says: `display:none`, no opacity, no room, off screen.
    pub gone: bool,
    /// A font too small to read, or one that is not; what is inside may say otherwise.
    pub tiny: Option<bool>,
    /// `visibility`; what is inside may say otherwise.
    pub invisible: Option<bool>,
    /// Colour of the text.
    pub colour: Option<Colour>,
    /// Colour of the background.
    pub background: Option<Colour>,
    /// Whether the background is, or may be, an image.
    pub painted: bool,
    /// Whether a class or id may say more, in a style sheet that is not read.
    pub classed: bool,
}

impl Style {
    /// Adds what a style attribute says, references decoded.
    pub(super) fn read(&mut self, text: &str) {
        let text = without_comments(&text[..text.floor_char_boundary(STYLE_BYTES_MAX)]);
        let mut room = Room::default();
        for declaration in text.split(';') {
            let Some((property, value)) = declaration.split_once(':') else { continue };
            let property = property.trim().to_ascii_lowercase();
            let value = value.trim().to_ascii_lowercase();
            let value = value.trim_end_matches("!important").trim();
            self.declare(&property, value, &mut room);
        }
        self.gone |= room.none();
    }

    fn declare(&mut self, property: &str, value: &str, room: &mut Room) {
        match property {
            "display" => self.gone |= value == "none",
            "mso-hide" => self.gone |= value == "all",
            "visibility" => self.invisible = Some(matches!(value, "hidden" | "collapse")),
            "opacity" => self.gone |= value.trim_end_matches('%').parse().is_ok_and(|o: f32| o <= CLEAR_OPACITY_MAX),
            "font-size" => self.tiny = is_tiny(value).or(self.tiny),
            // `font: 0/0 a`: the size stands before the slash.
            "font" => self.tiny = value.split([' ', '/']).find_map(is_tiny).or(self.tiny),
            "color" => self.colour = Colour::read(value).or(self.colour),
            "background-color" => self.background = Colour::read(value).or(self.background),
            "background" | "background-image" => {
                let colour = value.split_whitespace().find_map(Colour::read).or_else(|| Colour::read(value));
                self.background = colour.or(self.background);
                self.painted |= value.contains("url(") || value.contains("gradient");
            }
            "text-indent" | "left" | "top" | "margin-left" | "margin-top" => {
                self.gone |= pixels(value).is_some_and(|p| p <= OFF_SCREEN_PIXELS);
            }
            "height" | "max-height" | "width" | "max-width" => {
                room.zero |= pixels(value).is_some_and(|p| p == 0.0);
            }
            "overflow" | "overflow-x" | "overflow-y" => room.clipped |= matches!(value, "hidden" | "clip"),
            _ => {}
        }
    }
}

/// A box of no size hides its content only where what overflows is cut off.
#[derive(Default)]
struct Room {
    zero: bool,
    clipped: bool,
}

impl Room {
    fn none(&self) -> bool {
        self.zero && self.clipped
    }
}

/// Whether a font size is too small to read; `None` for what is no size.
fn is_tiny(value: &str) -> Option<bool> {
    pixels(value).map(|size| size <= TINY_PIXELS_MAX)
}

/// A length in pixels, relative units taken at the usual size; `None` for what is no length.
fn pixels(value: &str) -> Option<f32> {
    let end = value.find(|c: char| !matches!(c, '0'..='9' | '.' | '-' | '+')).unwrap_or(value.len());
    let number: f32 = value[..end].parse().ok()?;
    let scale = match value[end..].trim() {
        "px" | "" => 1.0,
        "pt" => 4.0 / 3.0,
        "em" | "rem" => 16.0,
        "ex" | "ch" => 8.0,
        "%" => 0.16,
        "vw" | "vh" => 10.0,
        "in" => 96.0,
        "cm" => 38.0,
        "mm" => 3.8,
        // A unit that is not known matters only where the number is zero.
        _ if number == 0.0 => 1.0,
        _ => return None,
    };
    Some(number * scale)
}

/// The text without `/* … */`, which may stand anywhere between words.
fn without_comments(text: &str) -> Cow<'_, str> {
    if !text.contains("/*") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("/*") {
        out.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn style(text: &str) -> Style {
        let mut style = Style::default();
        style.read(text);
        style
    }

    fn check_gone(text: &str, expected: bool) {
        assert_eq!(style(text).gone, expected, "{text}");
    }

    #[test]
    fn some_styles_hide_all_they_hold() {
        check_gone("display:none", true);
        check_gone("color:red; DISPLAY : None !important", true);
        check_gone("dis/* x */play:none", true);
        check_gone("opacity:0", true);
        check_gone("mso-hide:all", true);
        check_gone("position:absolute; left:-9999px", true);
        check_gone("text-indent:-999em", true);
        check_gone("max-height:0;overflow:hidden", true);
        check_gone("overflow:hidden; width:0px", true);
    }

    #[test]
    fn usual_styles_hide_nothing() {
        check_gone("display:block;opacity:0.9", false);
        check_gone("height:0", false);
        check_gone("overflow:hidden;width:600px", false);
        check_gone("margin-left:-10px;left:0;line-height:0", false);
        check_gone("display", false);
        check_gone("", false);
    }

    #[test]
    fn fonts_may_be_too_small_to_read() {
        for (text, expected) in [
            ("font-size:0", Some(true)),
            ("font-size:1px", Some(true)),
            ("font-size:1.5px", Some(false)),
            ("font-size:12pt", Some(false)),
            ("font-size:0.01em", Some(true)),
            ("font-size:1%", Some(true)),
            ("font:0/0 a", Some(true)),
            ("font:bold 14px/1.2 Arial", Some(false)),
            ("font-size:inherit", None),
            ("visibility:hidden", None),
        ] {
            assert_eq!(style(text).tiny, expected, "{text}");
        }
        assert_eq!(style("visibility:hidden").invisible, Some(true));
        assert_eq!(style("visibility:visible").invisible, Some(false));
    }

    #[test]
    fn colours_have_many_spellings() {
        let white = Some(Colour::Rgb(255, 255, 255));
        for text in ["#fff", "#FFFFFF", "white", "rgb(255,255,255)", "rgba(255 255 255 / 1)", "ffffff"] {
            assert_eq!(Colour::read(text), white, "{text}");
        }
        assert_eq!(Colour::read("rgba(0,0,0,0)"), Some(Colour::Clear));
        for text in ["inherit", "#ff", "var(--x)", "", "rgb(", "\u{e4}"] {
            assert_eq!(Colour::read(text), None, "{text}");
        }
        assert_eq!(style("background:#fff url(x.png)").background, white);
        assert!(style("background:#fff url(x.png)").painted);
    }

    #[test]
    fn near_colours_look_the_same() {
        let white = Colour::Rgb(255, 255, 255);
        assert!(Colour::Rgb(245, 250, 255).looks_like(white));
        assert!(!Colour::Rgb(244, 255, 255).looks_like(white));
        assert!(!Colour::Clear.looks_like(white));
    }

    #[test]
    fn styles_have_a_limit() {
        let padded = |n: usize| format!("{}display:none", ";".repeat(n));
        check_gone(&padded(STYLE_BYTES_MAX - 12), true);
        check_gone(&padded(STYLE_BYTES_MAX - 11), false);
    }
}
