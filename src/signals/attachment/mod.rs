//! Signals of the attached files.

signals! {
    Attachment {
        attachment_attacks_share,
        attachment_bytes,
        attachment_copies_today,
        attachment_days_known,
        attachment_has_macros,
        attachment_has_two_extensions,
        attachment_is_archive,
        attachment_is_disk_image,
        attachment_is_document,
        attachment_is_invitation,
        attachment_is_message,
        attachment_is_notebook,
        attachment_is_page,
        attachment_is_program,
        attachment_is_script,
        attachment_kind_new_for_organisation,
        attachment_name_is_business,
        attachment_name_misleads,
        attachment_name_missing,
        attachment_names_recipient,
        attachment_password_given,
        attachment_seen_from_others,
        attachment_type_differs,
        attachment_with_few_words,
        attachments_count,
        picture_small_with_few_words,
        scan_asked_with_picture,
    }
}
