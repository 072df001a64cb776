//! It asks to scan or to log in, and holds no link.

use crate::evidence::Evidence;
use crate::signals::phrases::count_all;
use crate::signals::requests;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::rises(
    "it asks to scan or to log in, and holds no link",
    "Where a login is asked for without a link, the way to it stands in a picture or file. Phrases of scanning and \
     logins where no link to the web is there and pictures or files are, else 0.",
    measure,
)
.against(&[Attack::QrPhishing, Attack::CredentialPhishing]);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let hidden = evidence.message.html.images > 0 || !evidence.message.attachments.is_empty();
    let asked = count_all(evidence, &["asks_to_scan_code"]) + requests::login(evidence);
    Some(if hidden && evidence.web_links().next().is_none() { asked } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_login_without_a_way_is_seen() {
        check(module_path!(), mail().text("Scan the QR code").attachment("code.png", None), Some(2.0));
        check(module_path!(), mail().text("Scan the QR code").attachment("code.png", None).link("https://a.example/", "a"), Some(0.0));
        check(module_path!(), mail(), Some(0.0));
    }
}
