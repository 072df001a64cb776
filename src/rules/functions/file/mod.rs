//! Functions on files.

functions! {
    expand_archives, explode, html_screenshot, message_screenshot, oletools, parse_eml, parse_html, parse_text,
}
