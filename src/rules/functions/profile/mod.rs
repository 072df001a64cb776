//! What is usual of senders.

functions! {
    by_sender, by_sender_domain, by_sender_email,
}
