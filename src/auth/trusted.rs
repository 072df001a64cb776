//! What other hosts noted in Authentication-Results: believed where the administrator says so, and found where forged.

use super::field::{Field, Statement, plain_id};
use super::{ArcChain, AuthResults, DkimSignature, DmarcCheck, DmarcPolicy, Outcome, Source, SpfCheck};
use crate::mail::{Domain, Gap, Missing};

/// Name of the field.
const NAME: &str = "Authentication-Results";

/// Whose Authentication-Results are believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trust {
    /// Those of whoever wrote the topmost field: for old mail from a mailbox, whose own host stands there.
    Newest,
    /// Those of the hosts with these authserv-ids; the topmost field of any of them counts.
    Named(Vec<String>),
}

impl Trust {
    /// As on a command line: `newest`, or an authserv-id.
    pub fn parse(text: &str) -> Self {
        if text == "newest" { Self::Newest } else { Self::Named(vec![text.to_owned()]) }
    }
}

/// Reads the results that a trusted host noted. `fields` are names and unfolded values of all header fields from the top.
/// Fields of the same host below the first one are taken with it, up to the next Received (several programs of one host
/// each add theirs); the upper one wins. `None` where no trusted field states anything.
pub fn read_trusted<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>, trust: &Trust) -> Option<AuthResults> {
    let mut noted: Option<Noted> = None;
    for (name, value) in fields {
        if noted.is_some() && name.eq_ignore_ascii_case("Received") {
            break;
        }
        if !name.trim_end().eq_ignore_ascii_case(NAME) {
            continue;
        }
        let field = Field::read(value);
        let is_same_host = noted.as_ref().map(|noted| noted.id == field.id);
        if is_same_host == Some(true) || (is_same_host.is_none() && trust.covers(&field)) {
            noted.get_or_insert_with(|| Noted::new(&field.id)).add(&field);
        }
    }
    noted.map(|noted| noted.results)
}

/// Which Authentication-Results of an inbound message claim to be ours (RFC 8601 §5): n-th of that name, counted from 1
/// at the top, the highest number first, so that deleting one does not renumber the next.
pub fn forged_fields<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>, authserv_id: &str) -> Vec<u32> {
    let own = fields.into_iter().filter(|(name, _)| name.trim_end().eq_ignore_ascii_case(NAME));
    let mut forged: Vec<u32> = (1..)
        .zip(own)
        .filter(|(_, (_, value))| is_same_id(&Field::read(value).id, authserv_id))
        .map(|(n, _)| n)
        .collect();
    forged.reverse();
    forged
}

/// Whether two authserv-ids name the same host, in whatever case, version or form of international labels.
fn is_same_id(id: &str, other: &str) -> bool {
    let (id, other) = (plain_id(id), plain_id(other));
    !id.is_empty() && (id == other || Domain::parse(&id).is_some_and(|domain| Some(domain) == Domain::parse(&other)))
}

impl Trust {
    fn covers(&self, field: &Field) -> bool {
        let states = field.says_none || field.statements.iter().any(|s| Method::of(s).is_some());
        states
            && match self {
                Self::Newest => true,
                Self::Named(ids) => ids.iter().any(|id| is_same_id(&field.id, id)),
            }
    }
}

/// A method that we know.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Method {
    Spf,
    Dkim,
    Dmarc,
    Arc,
}

impl Method {
    fn of(statement: &Statement) -> Option<Self> {
        match statement.method.as_str() {
            "spf" => Some(Self::Spf),
            "dkim" => Some(Self::Dkim),
            "dmarc" => Some(Self::Dmarc),
            "arc" => Some(Self::Arc),
            _ => None,
        }
    }
}

/// What fields of one host state together.
struct Noted {
    id: String,
    results: AuthResults,
    spf: bool,
    helo: bool,
    dkim: bool,
    dmarc: bool,
    arc: bool,
}

impl Noted {
    fn new(id: &str) -> Self {
        let results = AuthResults { source: Source::Trusted(id.to_owned()), ..AuthResults::default() };
        Self { id: id.to_owned(), results, spf: false, helo: false, dkim: false, dmarc: false, arc: false }
    }

    /// Adds a field. Signatures come from one field alone, since several programs may each note all of them.
    fn add(&mut self, field: &Field) {
        let signatures_known = self.dkim;
        for statement in &field.statements {
            let (Some(method), Some(outcome)) = (Method::of(statement), outcome(&statement.result)) else { continue };
            match method {
                Method::Spf => self.add_spf(statement, outcome),
                Method::Dkim if signatures_known => continue,
                Method::Dkim => self.add_signature(statement, outcome),
                Method::Dmarc => self.add_dmarc(statement, outcome),
                Method::Arc if self.arc => continue,
                Method::Arc => {
                    self.arc = true;
                    self.results.arc = ArcChain { outcome, sealers: Vec::new() };
                }
            }
            if outcome == Outcome::TempError {
                let missing = match method {
                    Method::Spf => Missing::Spf,
                    Method::Dkim => Missing::Dkim,
                    Method::Dmarc => Missing::Dmarc,
                    Method::Arc => Missing::Arc,
                };
                self.results.gaps.push(Gap::new(missing, format!("{} noted a temperror", self.id)));
            }
        }
    }

    fn add_spf(&mut self, statement: &Statement, outcome: Outcome) {
        let sender = statement.property(&["smtp.mailfrom", "smtp.mfrom", "smtp.mail", "smtp.envelope-from"]);
        let helo = statement.property(&["smtp.helo", "smtp.ehlo"]);
        if sender.is_none()
            && let Some(helo) = helo
        {
            let check = SpfCheck { outcome, domain: Domain::parse(helo) };
            if !self.helo {
                self.helo = true;
                self.results.spf_helo = check.clone();
            }
            // Alone, it stands for a null reverse-path; one of the reverse-path replaces it.
            if !self.spf {
                self.results.spf = check;
            }
        } else if !self.spf {
            self.spf = true;
            self.results.spf = SpfCheck { outcome, domain: sender.and_then(domain_of) };
        }
    }

    fn add_signature(&mut self, statement: &Statement, outcome: Outcome) {
        self.dkim = true;
        // "dkim=none" says that there is no signature.
        if outcome == Outcome::None {
            return;
        }
        let domain = statement.property(&["header.d", "header.i", "header.from"]).and_then(domain_of);
        let selector = statement.property(&["header.s"]).unwrap_or_default().to_owned();
        self.results.dkim.push(DkimSignature { outcome, domain, selector });
    }

    fn add_dmarc(&mut self, statement: &Statement, outcome: Outcome) {
        if self.dmarc {
            return;
        }
        self.dmarc = true;
        let domain = statement.property(&["header.from"]).and_then(domain_of);
        let noted =
            statement.property(&["policy.dmarc", "policy.published-domain-policy"]).map(str::to_ascii_lowercase);
        // Gmail and Yahoo write the policy as `(p=REJECT …)`, rspamd as `(policy=reject)`.
        let in_comment = ["p=", "policy="]
            .iter()
            .find_map(|name| statement.comments.split([' ', ',', ';']).find_map(|word| word.strip_prefix(name)));
        let policy = match noted.as_deref().or(in_comment) {
            Some("reject") => DmarcPolicy::Reject,
            Some("quarantine") => DmarcPolicy::Quarantine,
            _ => DmarcPolicy::None,
        };
        self.results.dmarc = DmarcCheck { outcome, domain, policy };
    }
}

/// The domain of an address, or of what is a domain alone.
fn domain_of(text: &str) -> Option<Domain> {
    let text = text.trim_matches(['<', '>']);
    Domain::parse(text.rsplit_once('@').map_or(text, |(_, domain)| domain))
}

/// RFC 8601 §2.7, and words that were or are in use beside it.
fn outcome(result: &str) -> Option<Outcome> {
    Some(match result {
        // Outlook says bestguesspass where there is no record that could pass.
        "none" | "bestguesspass" => Outcome::None,
        "pass" => Outcome::Pass,
        "fail" | "hardfail" | "discard" => Outcome::Fail,
        "softfail" => Outcome::SoftFail,
        "neutral" | "policy" | "unknown" => Outcome::Neutral,
        "temperror" | "temperr" | "tempfail" | "timeout" | "error" => Outcome::TempError,
        "permerror" | "permerr" | "permfail" | "invalid" => Outcome::PermError,
        _ => return None,
    })
}

#[cfg(test)]
#[path = "trusted_tests.rs"]
mod tests;
