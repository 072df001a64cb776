//! Signals of the recipients: how they are addressed, and what mail they are used to.

signals! {
    Recipient {
        copied_to_others,
        header_recipients_count,
        recipient_address_in_link,
        recipient_address_in_subject,
        recipient_address_in_text,
        recipient_busier_than_usual,
        recipient_correspondents,
        recipient_greeted_by_name,
        recipient_messages_today,
        recipient_never_seen,
        recipient_new_senders_today,
        recipient_not_in_header,
        recipient_safe_share,
        recipient_usual_volume,
        recipients_count,
        recipients_sorted,
        recipients_undisclosed,
        stranger_while_recipient_is_flooded,
        vip_addressed,
    }
}
