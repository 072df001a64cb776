//! The kinds of attack that policy, journal and people speak of.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What a message tries to do to its reader. Names are stable: they stand in the journal and in policies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// Asks for a password or leads to a page that does.
    CredentialPhishing,
    /// Someone else writes in the name of an executive or a colleague.
    BusinessEmailCompromise,
    /// A supplier's invoice or bank details that are not the supplier's.
    InvoiceFraud,
    /// A fortune, prize or loan against a fee in advance.
    AdvanceFee,
    /// A threat, and a payment that would avert it.
    Extortion,
    /// Work that is paid for receiving and passing on money or goods.
    JobScam,
    /// A telephone number to call about a charge that never was.
    Callback,
    /// A file or link that brings malicious code.
    Malware,
    /// Bulk mail nobody asked for.
    Spam,
}

impl Category {
    /// All of them, in the order in which people read them.
    pub const ALL: [Self; 9] = [
        Self::CredentialPhishing,
        Self::BusinessEmailCompromise,
        Self::InvoiceFraud,
        Self::AdvanceFee,
        Self::Extortion,
        Self::JobScam,
        Self::Callback,
        Self::Malware,
        Self::Spam,
    ];

    /// The stable name, as in settings and journal.
    pub fn name(self) -> &'static str {
        match self {
            Self::CredentialPhishing => "credential_phishing",
            Self::BusinessEmailCompromise => "business_email_compromise",
            Self::InvoiceFraud => "invoice_fraud",
            Self::AdvanceFee => "advance_fee",
            Self::Extortion => "extortion",
            Self::JobScam => "job_scam",
            Self::Callback => "callback",
            Self::Malware => "malware",
            Self::Spam => "spam",
        }
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_serde() {
        for category in Category::ALL {
            assert_eq!(serde_json::to_string(&category).expect("serialises"), format!("\"{category}\""));
        }
    }
}
