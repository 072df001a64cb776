//! Accounts and telephone numbers of a message, read once.

use std::fmt;
use std::sync::OnceLock;

use super::own::own;
use super::wording::seen;
use super::{Account, Message, Telephone, Telephones, accounts, telephones};

/// Bytes of text in which numbers are looked for: those that an attack wants paid or called stand in the first few
/// thousand.
const TEXT_BYTES_MAX: usize = 65_536;
/// Accounts kept of a message: a supplier names his three banks; a list of more belongs to nobody.
const ACCOUNTS_MAX: usize = 16;
/// Telephone numbers kept of a message, of any number counted.
const TELEPHONES_MAX: usize = 16;

/// The numbers of a message; empty until they are asked for, since not every caller pays for the search.
#[derive(Clone, Default)]
pub struct Numbers(OnceLock<Found>);

#[derive(Clone, Default)]
struct Found {
    accounts: Vec<Account>,
    telephones: Telephones,
}

impl fmt::Debug for Numbers {
    /// Says nothing of them: whoever prints a message is not to print the accounts in it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Numbers")
    }
}

impl Message {
    /// The accounts named in subject and shown text, in reading order, each once; at most 16.
    pub fn accounts(&self) -> &[Account] {
        &self.found().accounts
    }

    /// The telephone numbers named in subject and shown text.
    pub fn telephones(&self) -> &Telephones {
        &self.found().telephones
    }

    fn found(&self) -> &Found {
        self.numbers.0.get_or_init(|| {
            let mut found = Found::default();
            found.read(&self.subject, false);
            found.read(self.texts.shown(), true);
            found
        })
    }
}

impl Found {
    /// Adds those of a text, of which the part that quotes another message counts as quoted where it may hold one.
    fn read(&mut self, text: &str, quotes: bool) {
        let text = seen(&text[..text.floor_char_boundary(TEXT_BYTES_MAX)]);
        // Every number that is sought has a digit, or stands beside one that has; most short texts hold none.
        if !text.bytes().any(|b| b.is_ascii_digit()) && !accounts::bic::may_hold(&text) {
            return;
        }
        let own_bytes = if quotes { own(&text, TEXT_BYTES_MAX).len() } else { text.len() };
        let named = accounts::find(&text);
        let spans: Vec<_> = named.iter().map(|named| named.span.clone()).collect();
        for named in named {
            let mut account = named.account;
            account.quoted = named.span.start >= own_bytes;
            let known = self.accounts.iter().any(|a| a.kind == account.kind && a.number == account.number);
            if !known && self.accounts.len() < ACCOUNTS_MAX {
                self.accounts.push(account);
            }
        }
        for (at, number) in telephones::find(&text, &spans) {
            self.telephones.count += 1;
            let numbers = &mut self.telephones.numbers;
            if numbers.len() < TELEPHONES_MAX && !numbers.iter().any(|known| known.number == number) {
                numbers.push(Telephone { number, quoted: at >= own_bytes });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{AccountKind, Texts};
    use super::*;

    fn message(subject: &str, plain: &str) -> Message {
        let texts = Texts { plain: plain.to_owned(), ..Texts::default() };
        Message { subject: subject.to_owned(), texts, ..Message::default() }
    }

    #[test]
    fn an_account_is_no_telephone_number() {
        let letter =
            message("", "IBAN DE89 3704 0044 0532 0130 00, sort code 12-34-56 account 12345678, call +4930123456789");
        assert_eq!(letter.accounts().len(), 2);
        assert_eq!((letter.telephones().count, letter.telephones().numbers.len()), (1, 1));
    }

    #[test]
    fn what_is_quoted_is_marked() {
        let letter =
            message("", "Tel. +4930123456789\n\nOn Monday Bob wrote:\n> IBAN DE89370400440532013000\n> +4930123456788");
        assert!(letter.accounts()[0].quoted);
        let quoted: Vec<bool> = letter.telephones().numbers.iter().map(|t| t.quoted).collect();
        assert_eq!(quoted, [false, true]);
    }

    #[test]
    fn each_number_is_kept_once_and_counted_twice() {
        let letter =
            message("IBAN DE89370400440532013000", "DE89 3704 0044 0532 0130 00, +4930123456789, +4930123456789");
        assert_eq!((letter.accounts().len(), letter.accounts()[0].kind), (1, AccountKind::Iban));
        assert_eq!((letter.telephones().count, letter.telephones().numbers.len()), (2, 1));
    }

    #[test]
    fn accounts_are_not_printed() {
        let letter = message("IBAN DE89370400440532013000", "");
        let account = &letter.accounts()[0];
        assert!(!format!("{account:?} {:?}", letter.numbers).contains("3704"));
    }

    #[test]
    fn kept_numbers_have_a_limit() {
        let many = |count: usize| (0..count).map(|n| format!("tel. +49301234{n:04}\n")).collect::<String>();
        assert_eq!(message("", &many(16)).telephones().numbers.len(), 16);
        let more = message("", &many(17));
        assert_eq!((more.telephones().numbers.len(), more.telephones().count), (16, 17));
        // Sort codes carry no checksum, so that many accounts are easily written.
        let many = |count: usize| {
            (0..count).map(|n| format!("sort code 12-34-56, account no 1234{n:04}\n\n")).collect::<String>()
        };
        assert_eq!((message("", &many(15)).accounts().len(), message("", &many(17)).accounts().len()), (15, 16));
    }

    #[test]
    fn text_beyond_the_limit_is_not_read() {
        let telephone = "+4930123456789";
        let long = |bytes: usize| message("", &format!("{}{telephone}", " ".repeat(bytes - telephone.len())));
        assert_eq!(long(TEXT_BYTES_MAX).telephones().count, 1);
        assert_eq!(long(TEXT_BYTES_MAX + 1).telephones().numbers.first().map(|t| t.number.len()), Some(8));
        assert_eq!(long(TEXT_BYTES_MAX + 12).telephones().count, 0);
    }
}
