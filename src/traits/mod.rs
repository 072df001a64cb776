//! What a message shows of its author's habits: one file per trait, pure functions of the message and its envelope.
//!
//! A baseline keeps for each profile which values of a trait were usual, so that a departure from them is a fact. A
//! value is a short text that is the same whenever the habit is; what a value is worth is not decided here.

/// Makes the modules of the traits and the list of them from words: the word is the file and the trait's name.
macro_rules! traits {
    ($($name:ident),* $(,)?) => {
        $(mod $name;)*

        /// All traits.
        pub const TRAITS: &[Trait] = &[$($name::TRAIT.named(stringify!($name))),*];
    };
}

mod campaign;
mod shown;

pub use campaign::campaign;
pub use shown::{Keeper, Shown, Trait, TraitValues, find};

/// Number of the trait whose values, local parts of addresses, have profiles of their own.
pub const LOCAL_PART: u8 = local_part::TRAIT.number;
/// Number of the trait that tells kinds of files.
pub const ATTACHMENT_KIND: u8 = attachment_kind::TRAIT.number;
/// Number of the trait that tells talk of money.
pub const MONEY_TALK: u8 = money_talk::TRAIT.number;
/// Number of the trait whose values, accounts for money, have profiles of their own.
pub const ACCOUNT: u8 = account::TRAIT.number;

traits! {
    account,
    account_country,
    attachment_kind,
    author,
    author_domain,
    boundary_style,
    circle_size,
    client_host,
    closing,
    company,
    display_name,
    encoding,
    greeting,
    header_style,
    helo,
    hour,
    language,
    link_domain,
    list,
    local_part,
    mailer,
    message_id_style,
    money_talk,
    network,
    parent,
    participant,
    participant_domain,
    participant_name,
    reply_address,
    selector,
    signer,
    spf_domain,
    structure,
    subject_core,
    subject_shape,
    telephone,
    time_zone,
    weekday,
}
