//! Records that were asked for beforehand, in the form in which mail-auth looks for them.

use std::borrow::Borrow;
use std::hash::Hash;
use std::time::Instant;

use hickory_resolver::proto::op::ResponseCode;
use mail_auth::common::parse::TxtRecordParser;
use mail_auth::{DnsError, Error, ResolverCache, Txt};

use super::resolver::Answer;

/// Records by name. Whatever is not among them counts as a failure of DNS, so that mail-auth never asks by itself: its
/// questions know neither our limits nor our time, and its cache would let one check's answer spoil another's.
#[derive(Default)]
pub(super) struct Records(Vec<(Box<str>, Txt)>);

impl Records {
    /// Adds what is known of a name, given with its final dot.
    pub(super) fn add(&mut self, name: &str, record: Txt) {
        self.0.push((name.into(), record));
    }
}

impl ResolverCache<Box<str>, Txt> for Records {
    fn get<Q>(&self, name: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        let known = self.0.iter().find(|(key, _)| <Box<str> as Borrow<Q>>::borrow(key) == name);
        Some(known.map_or_else(|| failed("it was not asked for"), |(_, record)| record.clone()))
    }

    fn remove<Q>(&self, _: &Q) -> Option<Txt>
    where
        Box<str>: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        None
    }

    fn insert(&self, _: Box<str>, _: Txt, _: Instant) {}
}

/// The first text of an answer that reads as the record wanted; otherwise why there is none.
pub(super) fn first<T: TxtRecordParser + Into<Txt>>(answer: &Answer) -> Txt {
    let texts = match answer {
        Answer::Texts(texts) => texts,
        Answer::Failed(why) => return failed(why),
        _ => return absent(),
    };
    let mut error = Error::Dns(DnsError::InvalidRecordType);
    for text in texts {
        match T::parse(text) {
            Ok(record) => return record.into(),
            Err(why) => error = why,
        }
    }
    Txt::Error(error)
}

/// There is no such record.
pub(super) fn absent() -> Txt {
    Txt::Error(Error::Dns(DnsError::RecordNotFound(ResponseCode::NXDomain)))
}

fn failed(why: &str) -> Txt {
    Txt::Error(Error::Dns(DnsError::Resolver(why.to_owned())))
}

/// What failed, in words for the log.
pub(super) fn reason(error: &Error) -> String {
    match error {
        Error::Dns(DnsError::Resolver(why)) => why.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use mail_auth::common::verify::DomainKey;
    use mail_auth::dmarc::Dmarc;
    use proptest::prelude::*;

    use super::*;

    fn check(answer: &Answer, expected: &str) {
        let found = match first::<DomainKey>(answer) {
            Txt::DomainKey(_) => "key".to_owned(),
            Txt::Error(error) => reason(&error),
            _ => "another record".to_owned(),
        };
        assert!(found.contains(expected), "{answer:?}: {found}");
    }

    #[test]
    fn the_first_record_that_reads_is_taken() {
        let key = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
        let texts = |texts: &[&str]| Answer::Texts(texts.iter().map(|t| t.as_bytes().into()).collect());
        check(&texts(&["something else=", key]), "key");
        check(&texts(&["v=DKIM1; p="]), "revoked");
        check(&Answer::Nothing { exists: true }, "not found");
        check(&Answer::Failed("DNS is dead".into()), "DNS is dead");
    }

    #[test]
    fn what_was_not_asked_for_is_a_failure() {
        let mut records = Records::default();
        records.add("known.example.org.", absent());
        assert!(matches!(records.get("known.example.org."), Some(Txt::Error(Error::Dns(DnsError::RecordNotFound(_))))));
        assert!(matches!(records.get("other.example.org."), Some(Txt::Error(Error::Dns(DnsError::Resolver(_))))));
    }

    proptest! {
        #[test]
        fn no_record_is_too_strange(value in "[ -~]{0,60}", key in prop::collection::vec(any::<u8>(), 0..80)) {
            const TAGS: [&str; 4] = ["v=DKIM1; p=", "v=DKIM1; k=ed25519; p=", "v=DMARC1; p=reject; ", "v=DMARC1; rua="];
            for tags in TAGS {
                for value in [value.as_bytes(), &key] {
                    let answer = Answer::Texts(vec![[tags.as_bytes(), value].concat().into()]);
                    let _ = (first::<DomainKey>(&answer), first::<Dmarc>(&answer));
                }
            }
        }
    }
}
