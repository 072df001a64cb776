//! Functions whose names may change, and older names.

functions! {
    by_reply_to, fuzzy_attack_score, ip_in, linkanalysis, message_screenshot, ml_extract_sensitive_information,
    ml_topic, ml_translate, ocr, parse_exif, parse_ics, scan_base64, scan_qr,
}
