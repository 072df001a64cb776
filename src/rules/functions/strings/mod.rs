//! Functions on strings.

functions! {
    concat, contains, count, decode_base64, ends_with, icontains, icount, iends_with, ilevenshtein, ilike,
    istarts_with, levenshtein, like, parse_domain, parse_email, parse_html, parse_json, parse_url,
    replace_confusables, scan_base64, starts_with,
}
