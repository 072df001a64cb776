//! Signals of the organisation as a whole.

signals! {
    Organisation {
        domain_correspondents,
        domain_written_to,
        message_is_internal,
        message_is_outbound,
        network_days_known,
        network_messages_seen,
        network_never_seen,
        network_refused_share,
        own_domain_from_outside,
        own_domain_in_display_name,
        own_domain_in_subject,
        own_domain_in_text,
        own_name_from_outside,
    }
}
