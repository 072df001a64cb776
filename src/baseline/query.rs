//! What is asked about a message, and later learned of it.

use super::esteem::{COPIED, DEFERENCE, NAMED};
use super::greeting::Greeting;
use super::name;
use crate::auth::AuthResults;
use crate::mail::{Address, Direction, Domain, Envelope, Moment, Network, Organisation};
use crate::message::{LinkPlace, Message};
use crate::traits::{Shown, TraitValues, campaign};

/// Link domains that are looked up; a message with more is a newsletter.
const LINK_DOMAINS_MAX: usize = 3;
/// Attached files that are looked up.
const ATTACHMENTS_MAX: usize = 2;
/// Names in To and Cc that are learned as names of their addresses.
const ALIASES_MAX: usize = 8;

/// The facts of one message by which its profiles are found: small, and by value, since it outlives the message on its
/// way to be learned.
#[derive(Clone, Debug)]
pub struct Query {
    /// When the message came.
    pub at: Moment,
    /// Which way it goes.
    pub direction: Direction,
    /// The author: From, else the reverse-path; `None` where neither is an address.
    pub author: Option<Address>,
    /// The registrable domain of the author.
    pub domain: Option<Domain>,
    /// Whether the author is proved: by DMARC or an aligned SPF or DKIM pass, or as one of the organisation's own.
    pub authenticated: bool,
    /// Whether the author is one of the organisation's own, proved by login or network.
    pub own: bool,
    /// The display name as it is counted; empty where there is none.
    pub name: String,
    /// The registrable domain of Reply-To, where it differs from the author's.
    pub reply_domain: Option<Domain>,
    /// Where replies go, if not to the author.
    pub reply: Option<Address>,
    /// The network of the client.
    pub network: Option<Network>,
    /// Recipients of the envelope, in its order.
    pub recipients: Vec<Address>,
    /// What identifies the message: its Message-ID, or date, size and subject where it has none.
    pub message_id: String,
    /// The Message-ID that began its thread: its own where it answers nothing.
    pub thread: String,
    /// Whether it says that it answers another.
    pub answers: bool,
    /// Whether it answers a message of the organisation's own people that passed here; known after recall.
    pub solicited: bool,
    /// Recipients, with whether neither they nor the author ever wrote to the other; known after recall.
    pub first_contacts: Vec<(Address, bool)>,
    /// The mailing list it came through.
    pub list: Option<String>,
    /// Registrable domains to which it links, other than the author's and the organisation's own; bounded.
    pub link_domains: Vec<Domain>,
    /// The first host of each of these domains to which it links.
    pub link_hosts: Vec<Domain>,
    /// SHA-256 of attached files; bounded.
    pub attachments: Vec<[u8; 32]>,
    /// Keys of the campaign it may belong to.
    pub campaign: Vec<u64>,
    /// Names that its author gives to addresses in To and Cc, as they are counted; bounded.
    pub aliases: Vec<(String, Address)>,
    /// For each of them, how the letter regards who is named: one bit for each way.
    pub regards: Vec<u8>,
    /// Groups of recipients that the settings name.
    pub groups: Vec<String>,
    /// What it shows of its author's habits.
    pub traits: TraitValues,
}

impl Query {
    /// Counts the author as proved although nobody checked: for mail of one's own keeping.
    pub fn take_for_authentic(&mut self) {
        self.authenticated = self.author.is_some();
    }

    /// The facts of a message that came at `now`. Where it comes from decides whether its author can be one of the
    /// organisation's own: the direction is that of [`Organisation::direction`].
    pub fn of(
        envelope: &Envelope,
        message: &Message,
        auth: &AuthResults,
        organisation: &Organisation,
        now: Moment,
    ) -> Self {
        let direction = organisation.direction(envelope);
        let author = message.author().or(envelope.sender.as_ref());
        let domain = author.map(|a| a.domain().registrable());
        let own = direction != Direction::Inbound && author.is_some_and(|a| is_own(a, envelope, organisation));
        let reply = message.reply_to.iter().find_map(|m| m.address.as_ref());
        let reply_domain = reply.map(|reply| reply.domain().registrable());
        let (aliases, regards) =
            aliases(message).into_iter().map(|(name, address, bits)| ((name, address), bits)).unzip();
        let (link_domains, link_hosts) = link_domains(message, domain.as_ref(), organisation);
        let shown = Shown { envelope, message, auth, at: now };
        let message_id = identity(message);
        let thread = message.references.first().or(message.in_reply_to.first());
        Self {
            at: now,
            direction,
            authenticated: own || author.is_some_and(|a| auth.prove(a.domain())),
            own,
            name: name::alike(message.author_name(), message.author()),
            reply_domain: reply_domain.filter(|r| Some(r) != domain.as_ref()),
            reply: reply.filter(|reply| author.is_none_or(|author| !author.is_same_mailbox(reply))).cloned(),
            network: envelope.client.map(Network::of_client),
            recipients: envelope.recipients.clone(),
            thread: thread.cloned().unwrap_or_else(|| message_id.clone()),
            answers: thread.is_some(),
            solicited: false,
            first_contacts: Vec::new(),
            message_id,
            list: message.header("List-Id").map(|id| id.trim().to_lowercase()).filter(|id| !id.is_empty()),
            link_domains,
            link_hosts,
            attachments: files(message),
            campaign: campaign(message),
            aliases,
            regards,
            groups: organisation.groups_of(&envelope.recipients),
            traits: TraitValues::of(&shown),
            author: author.cloned(),
            domain,
        }
    }
}

/// Whether an author behind a login or own network is one of the organisation's own. A forwarder or list in an own
/// network passes on outside authors: they are told by their domain, or, where no domains are set, by a reverse-path
/// of another domain.
fn is_own(author: &Address, envelope: &Envelope, organisation: &Organisation) -> bool {
    if organisation.domains.is_empty() {
        let aligned = |sender: &Address| sender.domain().is_aligned_with(author.domain());
        envelope.login.is_some() || envelope.sender.as_ref().is_some_and(aligned)
    } else {
        organisation.owns(author.domain())
    }
}

fn link_domains(message: &Message, author: Option<&Domain>, organisation: &Organisation) -> (Vec<Domain>, Vec<Domain>) {
    let (mut domains, mut hosts): (Vec<Domain>, Vec<Domain>) = (Vec::new(), Vec::new());
    let followed = message.links.iter().filter(|link| link.place != LinkPlace::Image);
    for host in followed.filter_map(|link| link.host.as_ref()) {
        let domain = host.registrable();
        let foreign = Some(&domain) != author && !organisation.owns(&domain);
        if foreign && !domains.contains(&domain) {
            domains.push(domain);
            hosts.push(host.clone());
            if domains.len() == LINK_DOMAINS_MAX {
                break;
            }
        }
    }
    (domains, hosts)
}

fn files(message: &Message) -> Vec<[u8; 32]> {
    message.attachments.iter().filter(|file| !file.inline).map(|file| file.sha256).take(ATTACHMENTS_MAX).collect()
}

/// Names given to addresses, with how the letter regards who is named.
fn aliases(message: &Message) -> Vec<(String, Address, u8)> {
    let (greeting, only) = (Greeting::of(message), message.to.len() == 1);
    let addressed = message.to.iter().map(|mailbox| {
        let deference = if greeting.defers_to(mailbox, only) { DEFERENCE } else { NAMED };
        (mailbox, deference)
    });
    let named = addressed.chain(message.cc.iter().map(|mailbox| (mailbox, COPIED))).filter_map(|(mailbox, bits)| {
        let address = mailbox.address.as_ref()?;
        Some((name::alike(&mailbox.display_name, Some(address)), address.clone(), bits))
    });
    named.filter(|(name, ..)| !name.is_empty()).take(ALIASES_MAX).collect()
}

fn identity(message: &Message) -> String {
    match message.message_id.as_deref() {
        Some(id) if !id.is_empty() => id.to_owned(),
        _ => format!("{}\n{}\n{}", message.date.unwrap_or_default().0, message.bytes, message.subject),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::{DkimSignature, Outcome, SpfCheck};
    use crate::mail::Mailbox;

    fn address(text: &str) -> Address {
        Address::parse(text).expect("valid")
    }

    fn domain(text: &str) -> Option<Domain> {
        Domain::parse(text)
    }

    fn envelope(client: &str, sender: &str, login: bool) -> Envelope {
        Envelope {
            client: client.parse().ok(),
            helo: Some("mx1.mail.example.net".to_owned()),
            login: login.then(|| "anna".to_owned()),
            sender: Address::parse(sender),
            recipients: vec![address("otto@other.example")],
            ..Envelope::default()
        }
    }

    fn message(from: &str) -> Message {
        let mailbox = Mailbox { display_name: "Muster, Anna".to_owned(), address: Address::parse(from) };
        Message { from: vec![mailbox], message_id: Some("1@x".to_owned()), ..Message::default() }
    }

    fn organisation(domains: &[&str]) -> Organisation {
        Organisation { domains: domains.iter().filter_map(|d| Domain::parse(d)).collect(), ..Organisation::default() }
    }

    #[test]
    fn the_author_is_from_else_the_reverse_path() {
        let ask = |from| {
            let envelope = envelope("192.0.2.7", "bounce@lists.example.org", false);
            Query::of(&envelope, &message(from), &AuthResults::default(), &organisation(&[]), Moment(5))
        };
        let query = ask("anna@mail.example.com");
        assert_eq!(query.author, Address::parse("anna@mail.example.com"));
        assert_eq!(query.domain, domain("example.com"));
        assert_eq!((query.name.as_str(), query.at), ("anna muster", Moment(5)));
        assert_eq!(query.network, "192.0.2.7".parse().ok().map(Network::of_client));
        assert_eq!(ask("").author, Address::parse("bounce@lists.example.org"));
    }

    #[test]
    fn only_an_aligned_pass_proves_the_author() {
        let signature = |outcome, d: &str| DkimSignature { outcome, domain: domain(d), selector: String::new() };
        let auth = AuthResults {
            spf: SpfCheck { outcome: Outcome::SoftFail, domain: domain("example.org") },
            dkim: vec![
                signature(Outcome::Fail, "a.example.com"),
                signature(Outcome::Pass, "b.esp.example"),
                signature(Outcome::Pass, "c.example.com"),
            ],
            ..AuthResults::default()
        };
        let envelope = envelope("192.0.2.7", "", false);
        let query = Query::of(&envelope, &message("anna@example.com"), &auth, &organisation(&[]), Moment(0));
        assert!(query.authenticated && !query.own);
        let other = Query::of(&envelope, &message("anna@example.org"), &auth, &organisation(&[]), Moment(0));
        assert!(!other.authenticated);
    }

    #[test]
    fn a_reply_domain_is_one_that_differs() {
        let ask = |reply: &str| {
            let mut message = message("anna@example.org");
            message.reply_to = vec![Mailbox { display_name: String::new(), address: Address::parse(reply) }];
            let envelope = Envelope::default();
            Query::of(&envelope, &message, &AuthResults::default(), &organisation(&[]), Moment(0)).reply_domain
        };
        assert_eq!(ask("x@mail.example.org"), None);
        assert_eq!(ask("x@mail.example.com"), domain("example.com"));
        assert_eq!(ask(""), None);
    }

    fn own(client: &str, login: bool, sender: &str, from: &str, domains: &[&str], expected: bool) {
        let envelope = envelope(client, sender, login);
        let query = Query::of(&envelope, &message(from), &AuthResults::default(), &organisation(domains), Moment(0));
        assert_eq!((query.own, query.authenticated), (expected, expected), "{client} {login} {sender} {from}");
    }

    #[test]
    fn own_authors_are_proved_by_login_or_network() {
        own("192.0.2.7", true, "anna@own.example", "anna@own.example", &["own.example"], true);
        own("127.0.0.1", false, "anna@own.example", "anna@own.example", &["own.example"], true);
        own("192.0.2.7", false, "anna@own.example", "anna@own.example", &["own.example"], false);
        // Forwarded by an own host, or written by an own login in another's name.
        own("127.0.0.1", false, "list@own.example", "ceo@other.example", &["own.example"], false);
        own("192.0.2.7", true, "anna@own.example", "ceo@other.example", &["own.example"], false);
    }

    #[test]
    fn without_own_domains_the_reverse_path_must_agree() {
        own("192.0.2.7", true, "", "anna@own.example", &[], true);
        own("127.0.0.1", false, "anna@own.example", "anna@own.example", &[], true);
        own("127.0.0.1", false, "list@own.example", "ceo@other.example", &[], false);
        own("192.0.2.7", false, "anna@own.example", "anna@own.example", &[], false);
    }

    #[test]
    fn a_message_without_id_is_known_by_what_it_is() {
        let ask = |bytes| identity(&Message { bytes, subject: "Hello".to_owned(), ..Message::default() });
        assert_eq!(ask(5), ask(5));
        assert_ne!(ask(5), ask(6));
        assert_eq!(identity(&message("anna@example.org")), "1@x");
    }
}
