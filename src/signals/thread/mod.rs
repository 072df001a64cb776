//! Signals of the thread: whether it passed here, who takes part in it, and what is new in it.

signals! {
    Thread {
        thread_account_changed,
        thread_days_known,
        thread_days_silent,
        thread_link_domain_new,
        thread_message_unknown,
        thread_messages_seen,
        thread_money_talk_new,
        thread_name_with_other_address,
        thread_newcomer,
        thread_newcomer_asks,
        thread_newcomer_domain,
        thread_own_wrote,
        thread_participants_dropped,
        thread_quoted_unknown,
        thread_reply_to_new,
        thread_subject_new,
        thread_unknown,
    }
}
