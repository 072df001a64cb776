//! The attacks that signals are for, finer than the categories that policy speaks of.

use std::fmt;

use super::registry::{Level, Signal};
use crate::mail::Category;

/// What an attacker does. Names are stable: they stand in the reference page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Attack {
    /// Asks for a password, or leads to a page that does.
    CredentialPhishing,
    /// Writes in the name of an executive or a colleague.
    ExecutiveImpersonation,
    /// A supplier's invoice or bank details that are not the supplier's.
    InvoiceFraud,
    /// Has an employee's wages paid to another account.
    PayrollDiversion,
    /// Has cards bought and their codes sent.
    GiftCards,
    /// A fortune, prize or loan against a fee in advance.
    AdvanceFee,
    /// A threat, and a payment that would avert it.
    Extortion,
    /// Work that is paid for passing on money or goods.
    JobScam,
    /// A telephone number to call about a charge that never was.
    Callback,
    /// A code in a picture, to be scanned by a telephone that no filter guards.
    QrPhishing,
    /// A file that brings malicious code.
    MalwareByAttachment,
    /// A link that brings malicious code.
    MalwareByLink,
    /// An answer within a conversation, from somebody who read it by theft.
    ThreadHijack,
    /// Written by an own account that was taken over.
    LateralPhishing,
    /// An empty or probing first contact.
    Reconnaissance,
    /// So much mail that the one that matters is overlooked.
    MailBomb,
    /// Bulk mail, asked for once or never.
    Bulk,
}

impl Attack {
    /// All of them, in the order of the reference page.
    pub const ALL: [Self; 17] = [
        Self::CredentialPhishing,
        Self::ExecutiveImpersonation,
        Self::InvoiceFraud,
        Self::PayrollDiversion,
        Self::GiftCards,
        Self::AdvanceFee,
        Self::Extortion,
        Self::JobScam,
        Self::Callback,
        Self::QrPhishing,
        Self::MalwareByAttachment,
        Self::MalwareByLink,
        Self::ThreadHijack,
        Self::LateralPhishing,
        Self::Reconnaissance,
        Self::MailBomb,
        Self::Bulk,
    ];

    /// Its name in words.
    pub fn name(self) -> &'static str {
        match self {
            Self::CredentialPhishing => "credential phishing",
            Self::ExecutiveImpersonation => "executive impersonation",
            Self::InvoiceFraud => "invoice fraud",
            Self::PayrollDiversion => "payroll diversion",
            Self::GiftCards => "gift cards",
            Self::AdvanceFee => "advance fee",
            Self::Extortion => "extortion",
            Self::JobScam => "job scam",
            Self::Callback => "callback",
            Self::QrPhishing => "QR phishing",
            Self::MalwareByAttachment => "malware by attachment",
            Self::MalwareByLink => "malware by link",
            Self::ThreadHijack => "thread hijack",
            Self::LateralPhishing => "lateral phishing",
            Self::Reconnaissance => "reconnaissance",
            Self::MailBomb => "mail bomb",
            Self::Bulk => "bulk",
        }
    }

    /// The attack that a category means where no other is named.
    fn of(category: Category, level: Level) -> Self {
        match category {
            Category::CredentialPhishing => Self::CredentialPhishing,
            Category::BusinessEmailCompromise => Self::ExecutiveImpersonation,
            Category::InvoiceFraud => Self::InvoiceFraud,
            Category::AdvanceFee => Self::AdvanceFee,
            Category::Extortion => Self::Extortion,
            Category::JobScam => Self::JobScam,
            Category::Callback => Self::Callback,
            Category::Malware if level == Level::Link => Self::MalwareByLink,
            Category::Malware => Self::MalwareByAttachment,
            Category::Spam => Self::Bulk,
        }
    }
}

impl fmt::Display for Attack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Signal {
    /// The same, helping to see these attacks as well.
    pub(super) const fn against(mut self, attacks: &'static [Attack]) -> Self {
        self.against = attacks;
        self
    }

    /// The attacks it helps to see: that of its category first. Empty for one that only says what is usual.
    pub fn attacks(&self) -> Vec<Attack> {
        let mut attacks: Vec<Attack> = self.category.map(|own| Attack::of(own, self.level)).into_iter().collect();
        attacks.extend(
            self.against
                .iter()
                .filter(|attack| Some(**attack) != attacks.first().copied())
                .copied()
                .collect::<Vec<_>>(),
        );
        attacks
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::signals::{find, registry};

    /// As many as it takes that an attacker who avoids one is still seen by others.
    const SIGNALS_MIN: usize = 5;

    #[test]
    fn each_attack_has_at_least_five_signals() {
        for attack in Attack::ALL {
            let names: Vec<_> = registry().iter().filter(|s| s.attacks().contains(&attack)).map(|s| s.name).collect();
            assert!(names.len() >= SIGNALS_MIN, "{attack}: only {names:?}");
        }
    }

    #[test]
    fn no_attack_is_named_twice() {
        for signal in registry() {
            let attacks = signal.attacks();
            assert_eq!(attacks.iter().collect::<HashSet<_>>().len(), attacks.len(), "{}: {attacks:?}", signal.name);
        }
        assert_eq!(Attack::ALL.iter().map(|attack| attack.name()).collect::<HashSet<_>>().len(), Attack::ALL.len());
    }

    #[test]
    fn malware_by_link_is_told_from_malware_by_attachment() {
        let attacks = |name| find(name).expect("a signal").attacks();
        assert_eq!(attacks("link_to_file"), [Attack::MalwareByLink]);
        assert_eq!(attacks("attachment_is_program"), [Attack::MalwareByAttachment]);
    }
}
