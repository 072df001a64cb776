//! It asks to scan a code.

use crate::mail::Category;
use crate::signals::{Attack, Signal};

const PHRASES: &[&str] = &[
    "scan the qr code",
    "scan this qr code",
    "scan the code",
    "scan this code",
    "scan the barcode",
    "scan the image",
    "scan the below",
    "scan below",
    "scan me",
    "qr code",
    "qr-code",
    "qrcode",
    "quick response code",
    "with your phone camera",
    "using your phone camera",
    "with your smartphone camera",
    "camera of your phone",
    "your phone's camera",
    "with your mobile device",
    "using your mobile device",
    "with your smartphone",
    "using your smartphone",
    "scan with your",
    "scan using your",
    "scannen sie",
    "code scannen",
    "mit ihrem smartphone",
    "mit der kamera",
    "scannez",
    "flashez",
    "avec votre smartphone",
    "escanee",
    "escanea",
    "escanear el",
    "código qr",
    "code qr",
    "scansiona",
    "inquadra il",
    "scan de code",
];

pub(super) const SIGNAL: Signal = Signal::of_phrases(
    "it asks to scan a code",
    "For links hidden in pictures, to be opened by a telephone. Number of distinct phrases.",
    PHRASES,
)
.of(Category::CredentialPhishing)
.against(&[Attack::QrPhishing]);

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_code_is_seen() {
        check(module_path!(), mail().text("Scan the QR code with your phone camera"), Some(3.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
