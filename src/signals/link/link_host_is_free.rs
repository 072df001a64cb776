//! A link leads to a page that anyone can make.

use crate::evidence::Evidence;
use crate::mail::{Category, Domain};
use crate::signals::Attack;
use crate::signals::registry::{Signal, fact};

pub(super) const SIGNAL: Signal = Signal::rises(
    "a link leads to a page that anyone can make",
    "For phishing on free hosting and form builders. 1 or 0; unknown without links.",
    measure,
)
.of(Category::CredentialPhishing)
.against(&[Attack::MalwareByLink]);

/// Sorted; a host counts when it is one of these or lies below it.
const FREE: &[&str] = &[
    "000webhostapp.com",
    "angelfire.com",
    "azurewebsites.net",
    "backblazeb2.com",
    "blob.core.windows.net",
    "blogspot.com",
    "canva.site",
    "carrd.co",
    "cloudflare-ipfs.com",
    "cognitoforms.com",
    "cprapid.com",
    "docs.google.com",
    "drive.google.com",
    "duckdns.org",
    "dweb.link",
    "filesusr.com",
    "firebaseapp.com",
    "firebasestorage.googleapis.com",
    "fleek.co",
    "formspree.io",
    "formstack.com",
    "forms.gle",
    "forms.office.com",
    "framer.app",
    "geocities.com",
    "ghost.io",
    "gitbook.io",
    "github.io",
    "gitlab.io",
    "glitch.me",
    "godaddysites.com",
    "herokuapp.com",
    "hostingerapp.com",
    "hubspotpagebuilder.com",
    "ipfs.io",
    "jimdosite.com",
    "jotform.com",
    "mystrikingly.com",
    "myportfolio.com",
    "netlify.app",
    "ngrok-free.app",
    "ngrok.io",
    "notion.site",
    "on.fleek.co",
    "onrender.com",
    "page.link",
    "pages.dev",
    "plesk.page",
    "r2.dev",
    "railway.app",
    "replit.app",
    "repl.co",
    "s3.amazonaws.com",
    "sharepoint.com",
    "sites.google.com",
    "square.site",
    "storage.googleapis.com",
    "surge.sh",
    "surveymonkey.com",
    "tripod.com",
    "translate.goog",
    "trycloudflare.com",
    "typeform.com",
    "ukit.me",
    "vercel.app",
    "web.app",
    "web.core.windows.net",
    "webflow.io",
    "webnode.page",
    "weebly.com",
    "weeblysite.com",
    "wixsite.com",
    "wordpress.com",
    "workers.dev",
    "yolasite.com",
    "zyrosite.com",
];

/// Whether the host or a parent of it is in the list: one search for each of its few labels.
fn is_free(host: &Domain) -> bool {
    let mut name = host.as_str();
    loop {
        if FREE.contains(&name) {
            return true;
        }
        match name.split_once('.') {
            Some((_, parent)) if parent.contains('.') => name = parent,
            _ => return false,
        }
    }
}

fn measure(evidence: &Evidence<'_>) -> Option<f32> {
    let hosts = evidence.link_hosts();
    if hosts.is_empty() { None } else { fact(hosts.iter().any(|host| is_free(host.host))) }
}

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn parents_are_looked_at() {
        check(module_path!(), mail().link("https://bank-login.pages.dev/", ""), Some(1.0));
        check(module_path!(), mail().link("https://pages.dev.example/", ""), Some(0.0));
        check(module_path!(), mail(), None);
    }
}
