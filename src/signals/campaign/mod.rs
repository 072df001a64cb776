//! Signals of the campaign: how many copies of the message came before, from whom and to whom.

signals! {
    Campaign {
        campaign_attacks_share,
        campaign_author_new,
        campaign_from_many_domains,
        campaign_hours_known,
        campaign_messages_seen,
        campaign_messages_today,
        campaign_of_strangers,
        campaign_recipients,
        campaign_refused_share,
        campaign_senders,
    }
}
