//! It speaks of a mailbox that is full or of mail held back.

use crate::mail::Category;
use crate::signals::Signal;

const PHRASES: &[&str] = &[
    "mailbox is full",
    "mailbox is almost full",
    "mailbox full",
    "mailbox quota",
    "mailbox storage",
    "mailbox limit",
    "mailbox size",
    "mailbox has exceeded",
    "exceeded its storage",
    "exceeded your mailbox",
    "exceeded the storage",
    "exceeded your quota",
    "exceeded its limit",
    "storage limit",
    "storage quota",
    "storage is full",
    "storage space",
    "storage almost full",
    "quota limit",
    "quota exceeded",
    "over quota",
    "out of storage",
    "low storage",
    "disk quota",
    "pending messages",
    "pending mails",
    "pending emails",
    "undelivered messages",
    "undelivered mails",
    "undelivered emails",
    "unreceived messages",
    "messages are pending",
    "messages on hold",
    "held messages",
    "emails on hold",
    "incoming messages",
    "incoming mails",
    "incoming emails",
    "messages were blocked",
    "quarantined messages",
    "quarantined emails",
    "release messages",
    "release message",
    "release pending",
    "retrieve messages",
    "retrieve your messages",
    "recover messages",
    "deliver messages",
    "failed to sync",
    "sync error",
    "synchronization error",
    "mail delivery failed",
    "email administrator",
    "mail administrator",
    "webmail administrator",
    "system administrator",
    "it help desk",
    "it helpdesk",
    "help desk",
    "email account",
    "email users",
    "webmail user*",
    "webmail account",
    "mail server",
    "email server",
    "webmail",
    "email portal",
    "server upgrade",
    "new server",
    "mail version",
    "old version",
    "outlook web",
    "owa",
    "web access",
    "voicemail",
    "voice mail",
    "voice message",
    "missed call",
    "new fax",
    "fax message",
    "new voice",
    "postfach ist voll",
    "postfach voll",
    "speicherplatz",
    "speicherlimit",
    "nachrichten zurückgehalten",
    "boîte de réception est pleine",
    "boîte mail",
    "quota de stockage",
    "buzón lleno",
    "buzón de correo",
    "cuota de almacenamiento",
    "messaggi in sospeso",
];

pub(super) const SIGNAL: Signal = Signal::of_phrases(
    "it speaks of a mailbox that is full or of mail held back",
    "For phishing of mail passwords in the name of the help desk. Number of distinct phrases.",
    PHRASES,
)
.of(Category::CredentialPhishing);

#[cfg(test)]
mod tests {
    use crate::evidence::fixture::mail;
    use crate::signals::check::check;

    #[test]
    fn a_full_mailbox_is_seen() {
        check(
            module_path!(),
            mail().text("Your mailbox is full. 7 incoming messages are pending; ask the help desk."),
            Some(4.0),
        );
        check(module_path!(), mail(), Some(0.0));
    }
}
