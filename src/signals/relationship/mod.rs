//! Signals of what is usual between author and recipients.

signals! {
    Relationship {
        account_changed_and_new,
        account_changed_in_known_relationship,
        account_named_by_stranger,
        account_new_between,
        account_warned_of_by_stranger,
        attachment_from_stranger,
        domain_known_but_not_sender,
        domain_never_written_to,
        favour_asked_by_stranger,
        known_sender_not_proved,
        link_from_stranger,
        never_written_to,
        pair_days_known,
        pair_messages_seen,
        pair_silent_days,
        payment_asked_by_stranger,
        payment_asked_without_proof,
        payment_asked_without_usual_account,
        recipient_never_wrote_to_sender,
        recipients_new_to_domain,
        recipients_new_to_sender,
        reply_domain_new_for_known_sender,
        reply_from_stranger,
        sender_written_to,
        short_message_from_stranger,
        telephone_named_by_stranger,
        telephone_to_call_is_new,
    }
}
