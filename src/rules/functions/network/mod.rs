//! What others on the network say.

functions! {
    whois,
}
