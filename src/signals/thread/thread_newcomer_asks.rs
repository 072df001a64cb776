//! A newcomer to the conversation asks for money or a login, or brings links or files.

use crate::evidence::Evidence;
use crate::signals::files::files;
use crate::signals::requests;
use crate::signals::threads;
use crate::signals::{Attack, Signal};

pub(super) const SIGNAL: Signal = Signal::rises(
    "a newcomer to the conversation asks for money or a login, or brings links or files",
    "For hijacked conversations. Phrases of payment, bank details, wages, cards and logins, and one each for links \
     and files, where the author took no part before, else 0; unknown without a known thread.",
    measure,
)
.against(&[Attack::ThreadHijack, Attack::InvoiceFraud])
.prior(1.0);

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let new = threads::news(evidence, "participant")? > 0.0;
    let links = u8::from(!evidence.link_hosts().is_empty());
    let attached = u8::from(files(evidence).next().is_some());
    let asked = requests::money(evidence) + requests::login(evidence) + f32::from(links + attached);
    Some(if new { asked } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn only_a_newcomers_request_counts() {
        check(module_path!(), mail().in_thread().habit("participant", 0.0).text("gift card").link("https://a.example/", "a"), Some(2.0));
        check(module_path!(), mail().in_thread().text("gift card"), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
