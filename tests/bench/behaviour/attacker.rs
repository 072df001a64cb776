//! An attacker: one campaign with infrastructure of its own, which stays the same from message to message.

use kith::mail::{Address, Moment};

use super::attack::Kind;
use super::draw::Draw;
use super::habits::WEBMAIL;
use super::relations::natural;
use super::world::{FREE_MAIL, Host};

/// Free mailboxes that attackers take: those that everybody uses.
const TAKEN: &[&str] = &["hotmail.com", "yahoo.com", "aol.com", "msn.com", "mail.com", "gmx.net", "earthlink.net"];

/// Places where anyone puts up a page.
const PAGES: &[&str] = &[
    "sites.google.com",
    "storage.googleapis.com",
    "forms.office.com",
    "weebly.com",
    "000webhostapp.com",
    "netlify.app",
    "web.app",
    "sharepoint.com",
    "dropbox.com",
];

const WORDS: &[&str] = &[
    "secure", "doc", "portal", "mail", "file", "share", "sign", "cloud", "account", "notice", "center", "support",
    "desk", "service", "online", "north", "bridge", "apex", "river", "global",
];

pub struct Attacker {
    pub kind: Kind,
    pub number: u32,
    /// Free mailbox or own domain, and where it sends from.
    pub address: Address,
    pub host: Host,
    pub display_name: String,
    pub program: &'static str,
    pub zone: i32,
    /// Where links lead.
    pub page: String,
    /// Sums, accounts and numbers, the same in all of its letters.
    pub invented: Vec<(&'static str, String)>,
    pub since: Moment,
}

/// What bears the sender's name.
pub enum Guise<'a> {
    /// A free mailbox in someone's name.
    Free(&'a str),
    /// A domain that looks like another one, in someone's name with this local part.
    LookAlike(&'a str, &'a str, &'a str),
    /// A domain of one's own, made for the purpose.
    Own(&'a str),
    /// A mailbox of somebody uninvolved that was taken over.
    TakenOver(&'a str),
}

impl Attacker {
    pub fn new(kind: Kind, number: u32, guise: &Guise<'_>, draw: &mut Draw, at: Moment) -> Self {
        let (local, domain, host, display_name) = match guise {
            Guise::Free(name) => {
                let domain = draw.word(TAKEN);
                (local_part(name, draw), domain.to_owned(), Host::first(domain, draw), (*name).to_owned())
            }
            Guise::LookAlike(name, local, domain) => {
                let domain = look_alike(domain, draw);
                let host = if draw.chance(0.6) { Host::rented(&domain, draw) } else { Host::hired(&domain, draw) };
                ((*local).to_owned(), domain, host, (*name).to_owned())
            }
            Guise::Own(name) => {
                let domain = made_up(draw);
                let host = if draw.chance(0.4) { Host::rented(&domain, draw) } else { Host::hired(&domain, draw) };
                let local = draw.word(&["noreply", "info", "notice", "service", "support", "billing", "mail"]);
                (local.to_owned(), domain, host, (*name).to_owned())
            }
            Guise::TakenOver(name) => {
                let domain = uninvolved(draw);
                let host = Host::first(&domain, draw);
                let local =
                    draw.word(&["info", "office", "j.keller", "marta", "sales", "admin", "tkowalski", "accounts"]);
                (local.to_owned(), domain, host, (*name).to_owned())
            }
        };
        let address = Address::parse(&format!("{local}@{domain}"));
        // Drawn of letters and digits alone, it always is one; the other is only a way out.
        let address = address.or_else(|| Address::parse("office@mail.com"));
        Self {
            kind,
            number,
            address: address.expect("it is an address"),
            host,
            display_name,
            program: draw.word(WEBMAIL),
            zone: *draw.pick(&[-8, -6, -5, -5, 0, 1, 1, 2, 3, 4, 8]),
            page: page(&domain, matches!(guise, Guise::LookAlike(..) | Guise::Own(_)), draw),
            invented: super::wording::invented(draw),
            since: at,
        }
    }
}

/// The local part of a mailbox in someone's name, as one gets it where the plain ones are taken.
fn local_part(name: &str, draw: &mut Draw) -> String {
    let natural = natural(name).to_lowercase();
    let words: Vec<String> = natural
        .split_whitespace()
        .map(|word| word.chars().filter(char::is_ascii_alphanumeric).collect::<String>())
        .filter(|word| word.len() > 1)
        .collect();
    let first = words.first().cloned().unwrap_or_else(|| "mail".to_owned());
    let last = words.last().cloned().unwrap_or_else(|| "box".to_owned());
    let digits = draw.between(1, 3);
    match draw.below(6) {
        0 => format!("{first}.{last}{}", draw.digits(digits)),
        1 => format!("{first}{last}.office"),
        2 => format!("{}{last}{}", &first[..1], draw.digits(2)),
        3 => format!("executive.mail{}", draw.digits(digits)),
        4 => format!("private_{last}"),
        _ => format!(
            "{}{}",
            draw.word(&["mobile.desk", "ceo.desk", "myoffice", "president0", "inbox.me"]),
            draw.digits(3)
        ),
    }
}

/// A domain that is taken for another one at a glance.
fn look_alike(domain: &str, draw: &mut Draw) -> String {
    let (label, suffix) = domain.split_once('.').unwrap_or((domain, "com"));
    for _ in 0..20 {
        let at = draw.below(label.len());
        let (head, tail) = label.split_at(at);
        let rest = tail.get(1..).unwrap_or_default();
        let changed = match draw.below(9) {
            0 => label.replacen('l', "1", 1),
            1 => label.replacen('o', "0", 1),
            2 => label.replacen('m', "rn", 1),
            3 => format!("{head}{}{tail}", tail.get(..1).unwrap_or_default()),
            4 => format!("{head}{rest}"),
            5 => format!("{label}-{}", draw.word(&["inc", "group", "corp", "us", "billing", "energy", "mail"])),
            6 => format!("{label}{}", draw.word(&["usa", "llc", "corp", "s", "co", "group"])),
            7 => match (tail.get(..1), tail.get(1..2)) {
                (Some(one), Some(other)) => format!("{head}{other}{one}{}", &tail[2..]),
                _ => label.to_owned(),
            },
            _ => label.to_owned(),
        };
        let suffix = if changed == label { draw.word(&["co", "net", "org", "us", "biz"]) } else { suffix };
        let new = format!("{changed}.{suffix}");
        if new != domain && changed.len() > 2 && Address::parse(&format!("a@{new}")).is_some() {
            return new;
        }
    }
    format!("{label}-mail.com")
}

/// A domain made for an attack.
fn made_up(draw: &mut Draw) -> String {
    let (one, other) = (draw.word(WORDS), draw.word(WORDS));
    let between = draw.word(&["", "-", ""]);
    let suffix = draw.word(&["com", "com", "net", "info", "online", "org", "top"]);
    format!("{one}{between}{other}{}.{suffix}", draw.word(&["", "", "24", "hub", "s"]))
}

/// The domain of some firm that has nothing to do with it.
fn uninvolved(draw: &mut Draw) -> String {
    let one =
        draw.word(&["hillside", "martins", "delta", "novak", "pereira", "oakwood", "sunrise", "castle", "lakeview"]);
    let other = draw.word(&["dental", "plumbing", "school", "travel", "foods", "church", "motors", "textiles", "law"]);
    format!("{one}{other}.{}", draw.word(&["com", "com", "org", "net", "co.uk", "com.br", "pl"]))
}

fn page(own: &str, has_domain: bool, draw: &mut Draw) -> String {
    let domain = match draw.below(3) {
        0 if has_domain && !FREE_MAIL.contains(&own) => own.to_owned(),
        0 | 1 => draw.word(PAGES).to_owned(),
        _ => uninvolved(draw),
    };
    let scheme = draw.word(&["https", "https", "https", "http"]);
    let path =
        draw.word(&["view", "d", "s/login", "wp-content/x/index.php", "auth", "file", "o365", "review", "share"]);
    format!("{scheme}://{domain}/{path}/{}", draw.digits(6))
}
