//! The kinds of attack, and one letter of each: who writes as whom to whom, from where, in which words.

use kith::mail::{Address, Moment};

use super::attacker::{Attacker, Guise};
use super::draw::Draw;
use super::habits::{Habits, base, date};
use super::relations::{Relations, Tie, first_name, natural};
use super::wording::{fill, templates};
use super::world::{Host, Session, World, session};

/// Makes the kinds, their names and texts from a list.
macro_rules! kinds {
    ($($kind:ident: $name:literal, $file:literal;)*) => {
        /// A kind of attack.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Kind { $($kind),* }

        pub const KINDS: &[Kind] = &[$(Kind::$kind),*];

        impl Kind {
            pub fn name(self) -> &'static str {
                match self { $(Self::$kind => $name),* }
            }

            fn file(self) -> &'static str {
                match self { $(Self::$kind => include_str!(concat!("wording/", $file, ".txt"))),* }
            }
        }
    };
}

/// Kinds that are counted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Spear-phishing and business e-mail compromise: it bears the name of a person or partner, or uses its mailbox.
    Person,
    /// It comes from a stranger, under no name that is known.
    Stranger,
}

impl Kind {
    pub fn family(self) -> Family {
        match self {
            Self::Credentials | Self::Callback | Self::Reconnaissance => Family::Stranger,
            _ => Family::Person,
        }
    }
}

kinds! {
    Executive: "executive impersonation", "executive_impersonation";
    LookAlikePartner: "look-alike of a partner", "lookalike_partner";
    SupplierTakenOver: "supplier taken over", "supplier_account_change";
    SupplierLookAlike: "supplier look-alike", "supplier_account_change";
    Payroll: "payroll diversion", "payroll_diversion";
    GiftCards: "gift cards", "gift_cards";
    ThreadHijack: "thread hijack", "thread_hijack";
    Lateral: "lateral phishing", "lateral_phishing";
    Credentials: "credential phishing", "credential_phishing";
    Callback: "callback scam", "callback_scam";
    Reconnaissance: "reconnaissance", "reconnaissance";
    ReplyDiversion: "reply-to diversion", "reply_to_diversion";
}

/// One attack, ready to be sent.
pub struct Attack {
    pub kind: Kind,
    /// Which of the kind's texts it is, from 0.
    pub text: usize,
    pub session: Session,
    pub raw: Vec<u8>,
}

/// Who is to be deceived, and by whose name.
struct Scene<'a> {
    victim: Address,
    first: String,
    /// The name and address of whoever is imitated or taken over; none where nobody is.
    name: String,
    address: Option<Address>,
    tie: Option<&'a Tie>,
}

/// Those who attack, and their campaigns so far.
pub struct Attackers {
    draw: Draw,
    own: String,
    campaigns: Vec<Attacker>,
    count: u32,
    /// The share of attacks that go on with a campaign of the last three weeks, where there is one.
    again: f64,
}

impl Attackers {
    pub fn new(seed: u64, own: &str) -> Self {
        Self { draw: Draw::new(seed, "attackers"), own: own.to_owned(), campaigns: Vec::new(), count: 0, again: 0.4 }
    }

    /// Those whose attacks nobody learns: each is the first of its campaign.
    pub fn probing(seed: u64, own: &str) -> Self {
        Self { draw: Draw::new(seed, "probes"), again: 0.0, ..Self::new(seed, own) }
    }

    /// An attack of a kind drawn by chance; `None` where the mail so far shows nobody fit for it.
    pub fn attack(&mut self, known: &Relations, world: &mut World, habits: &mut Habits, at: Moment) -> Option<Attack> {
        let kind = *self.draw.pick(KINDS);
        let scene = self.scene(kind, known, at)?;
        let texts = templates(kind.file());
        let text = self.draw.below(texts.len());
        let attacker = self.attacker(kind, &scene, at);
        let mut slots = self.campaigns[attacker].invented.clone();
        slots.extend(self.slots(&scene, known, &self.campaigns[attacker]));
        let subject = fill(texts[text].subject, &slots, &mut self.draw);
        let body = fill(texts[text].body, &slots, &mut self.draw);
        let mut letter = Draft { from: String::new(), reply_to: None, answers: None, program: "", zone: 0 };
        let session = self.send(attacker, &scene, known, world, habits, at, &mut letter);
        let to = session.envelope.recipients.iter().map(ToString::to_string).collect::<Vec<_>>().join(",\r\n\t");
        let id = format!("{}.{}@{}", self.draw.digits(9), self.draw.digits(5), letter.domain());
        let mut raw = session.fields.clone();
        // In the order in which ordinary letters are dressed: the order alone must give nothing away.
        raw += &format!("Message-ID: <{id}>\r\nDate: {}\r\nFrom: {}\r\n", date(at, letter.zone), letter.from);
        if let Some(id) = &letter.answers {
            raw += &format!("In-Reply-To: <{id}>\r\nReferences: <{id}>\r\n");
        }
        if !letter.program.is_empty() {
            raw += &format!("X-Mailer: {}\r\n", letter.program);
        }
        if let Some(reply) = &letter.reply_to {
            raw += &format!("Reply-To: {reply}\r\n");
        }
        raw += &format!("To: {to}\r\nSubject: {}\r\n", subject.replace(['\r', '\n'], " "));
        raw += "Mime-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\nContent-Transfer-Encoding: 7bit\r\n\r\n";
        raw += &body.replace("\r\n", "\n").replace('\n', "\r\n");
        raw += "\r\n";
        Some(Attack { kind, text, session, raw: raw.into_bytes() })
    }

    fn scene<'a>(&mut self, kind: Kind, known: &'a Relations, at: Moment) -> Option<Scene<'a>> {
        let draw = &mut self.draw;
        let of_tie = |tie: &'a Tie| {
            let (own, outside) = (&known.people[tie.own], &known.people[tie.outside]);
            Scene {
                victim: own.address.clone(),
                first: first_name(own),
                name: outside.name.clone(),
                address: Some(outside.address.clone()),
                tie: Some(tie),
            }
        };
        Some(match kind {
            Kind::SupplierTakenOver | Kind::ReplyDiversion => of_tie(known.partner(draw, 3, at)?),
            Kind::LookAlikePartner | Kind::SupplierLookAlike | Kind::ThreadHijack => {
                // A look-alike of a free-mail provider is no firm's: of a few partners, one with a domain of its own.
                let some: Vec<_> = (0..5).filter_map(|_| known.partner(draw, 2, at)).collect();
                let is_firm = |tie: &&&Tie| {
                    let domain = known.people[tie.outside].address.domain().registrable();
                    !super::world::FREE_MAIL.contains(&domain.as_str())
                };
                of_tie(some.iter().find(is_firm).or(some.first())?)
            }
            Kind::Executive | Kind::Payroll | Kind::GiftCards | Kind::Lateral => {
                let imitated = match kind {
                    Kind::Executive | Kind::GiftCards => known.executive(draw)?,
                    _ => known.colleague(draw)?,
                };
                let person = &known.people[imitated];
                let contacts: Vec<usize> = person.contacts.iter().copied().filter(|n| self.is_own(known, *n)).collect();
                let mut contacts = contacts;
                contacts.sort_unstable();
                let near = self.draw.chance(0.5) && !contacts.is_empty();
                let victim = if near { *self.draw.pick(&contacts) } else { known.victim(&mut self.draw)? };
                Scene {
                    victim: known.people[victim].address.clone(),
                    first: first_name(&known.people[victim]),
                    name: person.name.clone(),
                    address: Some(person.address.clone()),
                    tie: None,
                }
            }
            Kind::Credentials | Kind::Callback | Kind::Reconnaissance => {
                let victim = &known.people[known.victim(draw)?];
                let partner = known.partner(draw, 1, at).filter(|_| self.draw.chance(0.25));
                let name =
                    partner.map_or_else(|| stranger(&mut self.draw), |tie| known.people[tie.outside].name.clone());
                Scene { victim: victim.address.clone(), first: first_name(victim), name, address: None, tie: None }
            }
        })
    }

    fn is_own(&self, known: &Relations, person: usize) -> bool {
        known.people[person].address.domain().registrable().as_str() == self.own
    }

    /// The campaign that sends: one of the last weeks, or a new one. Whoever imitates a person goes on as that person.
    fn attacker(&mut self, kind: Kind, scene: &Scene<'_>, at: Moment) -> usize {
        let running = self.campaigns.iter().rposition(|a| {
            let imitates = matches!(kind, Kind::Credentials | Kind::Callback | Kind::Reconnaissance | Kind::Lateral)
                || natural(&a.display_name) == natural(&scene.name);
            a.kind == kind && at.days_since(a.since) < 21.0 && imitates
        });
        if let Some(running) = running.filter(|_| self.draw.chance(self.again)) {
            return running;
        }
        self.count += 1;
        let draw = &mut self.draw;
        let name = if draw.chance(0.5) { natural(&scene.name) } else { scene.name.clone() };
        let local = scene.address.as_ref().map_or("office", |address| address.local()).to_owned();
        let domain = scene.address.as_ref().map(|a| a.domain().registrable().as_str().to_owned());
        let domain = domain.unwrap_or_else(|| self.own.clone());
        let help = draw.word(&["IT Helpdesk", "Mail Administrator", "Voicemail", "Document Center", "Benefits", ""]);
        let shop = draw.word(&["Billing", "Customer Care", "Order Desk", "Norton Billing", "Accounts", ""]);
        let guise = match kind {
            Kind::Executive if draw.chance(0.2) => Guise::LookAlike(&name, &local, &domain),
            Kind::Executive | Kind::Payroll | Kind::GiftCards => Guise::Free(&name),
            Kind::LookAlikePartner | Kind::SupplierLookAlike | Kind::ReplyDiversion => {
                Guise::LookAlike(&name, &local, &domain)
            }
            Kind::ThreadHijack => match draw.below(10) {
                0..5 => Guise::LookAlike(&name, &local, &domain),
                5..8 => Guise::Free(&name),
                _ => Guise::TakenOver(&name),
            },
            Kind::Credentials if draw.chance(0.35) => Guise::TakenOver(help),
            Kind::Credentials if draw.chance(0.1) => Guise::LookAlike(help, "it", &domain),
            Kind::Credentials | Kind::Lateral | Kind::SupplierTakenOver => Guise::Own(help),
            Kind::Callback if draw.chance(0.5) => Guise::Own(shop),
            Kind::Callback => Guise::Free(shop),
            Kind::Reconnaissance => Guise::Free(&name),
        };
        let mut attacker = Attacker::new(kind, self.count, &guise, draw, at);
        if kind == Kind::Reconnaissance && draw.chance(0.3) {
            attacker.display_name = String::new();
        }
        self.campaigns.push(attacker);
        self.campaigns.len() - 1
    }

    fn slots(&self, scene: &Scene<'_>, known: &Relations, attacker: &Attacker) -> Vec<(&'static str, String)> {
        let name = natural(&scene.name);
        let first = name.split_whitespace().next().unwrap_or_default().to_owned();
        let domain = scene.address.as_ref().map_or("our firm", |address| address.domain().as_str());
        let company = domain.rsplit('.').nth(1).unwrap_or(domain).to_uppercase();
        let own = self.own.split('.').next().unwrap_or_default();
        let own = own.get(..1).unwrap_or_default().to_uppercase() + own.get(1..).unwrap_or_default();
        let subject = scene.tie.map_or_else(|| "our meeting".to_owned(), |tie| base(&tie.subject));
        let quote = scene.tie.map_or_else(String::new, |tie| {
            let of = &known.people[tie.own];
            let text: Vec<String> = tie.text.lines().take(14).map(|line| format!("> {line}")).collect();
            format!(
                "-----Original Message-----\nFrom: {}\nSubject: {}\n\n{}",
                natural(&of.name),
                tie.subject,
                text.join("\n")
            )
        });
        let mut page = attacker.page.clone();
        if attacker.number.is_multiple_of(6) {
            page += &format!("?e={}", scene.victim);
        }
        vec![
            ("first", scene.first.clone()),
            ("victim", scene.victim.to_string()),
            ("exec", name.clone()),
            ("execfirst", first.clone()),
            ("partner", name),
            ("partnerfirst", first),
            ("company", company),
            ("own", own),
            ("subject", subject),
            ("quote", quote),
            ("link", page),
        ]
    }

    /// How the letter is sent: by the attacker's own host, or by an account taken over.
    #[allow(clippy::too_many_arguments, reason = "each is another part of the world that the letter passes")]
    fn send(
        &mut self,
        attacker: usize,
        scene: &Scene<'_>,
        known: &Relations,
        world: &mut World,
        habits: &mut Habits,
        at: Moment,
        letter: &mut Draft,
    ) -> Session {
        let a = &self.campaigns[attacker];
        let (kind, host, address) = (a.kind, a.host.clone(), a.address.clone());
        (letter.program, letter.zone) = (a.program, a.zone);
        letter.from = mailbox(&a.display_name, &address);
        letter.answers = scene.tie.filter(|_| kind == Kind::ThreadHijack).map(|tie| tie.message_id.clone());
        let mut recipients = vec![scene.victim.clone()];
        let real = match (&scene.address, kind) {
            (Some(real), Kind::SupplierTakenOver | Kind::ReplyDiversion | Kind::Lateral) => real.clone(),
            _ => {
                if self.draw.chance(0.12)
                    && let Some(other) = known.victim(&mut self.draw)
                {
                    recipients.push(known.people[other].address.clone());
                }
                return session(&host, &mut self.draw, &address, &address, recipients);
            }
        };
        letter.from = mailbox(&scene.name, &real);
        // Half of those who have an account use it as its owner does: by his own mail program.
        if self.draw.chance(0.5) {
            letter.program = habits.program(&real.key(), at);
            letter.zone = habits.zone(real.domain().as_str());
        }
        match kind {
            Kind::Lateral => self.laterally(&real, recipients, known, world),
            Kind::ReplyDiversion => {
                let elsewhere = if self.draw.chance(0.5) {
                    address
                } else {
                    let free = Attacker::new(kind, 0, &Guise::Free(&scene.name), &mut self.draw, at);
                    free.address
                };
                letter.reply_to = Some(mailbox(&scene.name, &elsewhere));
                if self.draw.chance(0.6) {
                    return world.direct(&real, recipients, at);
                }
                // Forged: a hired machine that proves nothing of the author's domain.
                let theirs = world.host(real.domain().registrable().as_str(), at);
                let spf = if theirs.spf == "none" { "none" } else { "fail" };
                let forged = Host::forging(&theirs, spf, &mut self.draw);
                session(&forged, &mut self.draw, &real, &real, recipients)
            }
            _ => {
                if let Some(tie) = scene.tie.filter(|_| self.draw.chance(0.4)) {
                    letter.answers = Some(tie.message_id.clone());
                }
                world.direct(&real, recipients, at)
            }
        }
    }

    /// From an own account, mostly to many: some it knows, some out of the directory.
    fn laterally(&mut self, real: &Address, mut to: Vec<Address>, known: &Relations, world: &mut World) -> Session {
        if self.draw.chance(0.6) {
            for _ in 0..self.draw.between(6, 30) {
                let next =
                    if self.draw.chance(0.5) { known.colleague(&mut self.draw) } else { known.victim(&mut self.draw) };
                to.extend(next.map(|n| known.people[n].address.clone()));
            }
        }
        // The password was stolen, and the login comes from outside; or the machine was, and nothing shows.
        let network = self.draw.number();
        if self.draw.chance(0.4) { world.remote(real, to, network) } else { world.at_desk(real, to) }
    }
}

/// The header of a letter in the making.
struct Draft {
    from: String,
    reply_to: Option<String>,
    answers: Option<String>,
    program: &'static str,
    zone: i32,
}

impl Draft {
    fn domain(&self) -> &str {
        self.from.rsplit('@').next().unwrap_or_default().trim_end_matches('>')
    }
}

/// A mailbox as a header field holds it.
pub fn mailbox(name: &str, address: &Address) -> String {
    if name.is_empty() { address.to_string() } else { format!("\"{}\" <{address}>", name.replace(['"', '\\'], "")) }
}

fn stranger(draw: &mut Draw) -> String {
    let first = draw.word(&["Lena", "Mark", "David", "Susan", "Peter", "Grace", "Thomas", "Olivia", "Daniel", "Karen"]);
    let last = draw.word(&["Brandt", "Moore", "Okafor", "Lindqvist", "Hayes", "Romero", "Fischer", "Doyle", "Novak"]);
    format!("{first} {last}")
}
