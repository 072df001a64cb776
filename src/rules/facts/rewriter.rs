//! Links as gateways and redirectors rewrite them: what they lead to in the end.

use super::query::{parameters, percent_decoded};
use super::url::Parts;

/// How many rewriters may stand around one another.
const LAYERS_MAX: usize = 8;

/// The innermost URL, and the names of the rewriters around it, outermost first.
pub(super) fn unwrap(url: &str) -> (String, Vec<&'static str>) {
    let (mut url, mut encoders) = (url.to_owned(), Vec::new());
    while encoders.len() < LAYERS_MAX {
        let Some((name, inner)) = layer(&url) else { break };
        encoders.push(name);
        url = inner;
    }
    (url, encoders)
}

fn layer(url: &str) -> Option<(&'static str, String)> {
    let parts = Parts::of(url);
    let host = parts.host.to_ascii_lowercase();
    let parameter = |name: &str| parameters(parts.query?).find(|(known, _)| known == name).map(|(_, value)| value);
    let named = |encoder, name| parameter(name).filter(|inner| is_url(inner)).map(|inner| (encoder, inner));
    if host.ends_with(".safelinks.protection.outlook.com") {
        return named("safe_links", "url");
    }
    if matches!(host.as_str(), "urldefense.proofpoint.com" | "urldefense.com") {
        return proofpoint(&parts, parameter("u")).map(|inner| ("proofpoint", inner));
    }
    let google = host.strip_prefix("www.").unwrap_or(&host).starts_with("google.");
    if google && matches!(parts.path, "/url" | "/url/") {
        return named("google_open_redirect", "q").or_else(|| named("google_open_redirect", "url"));
    }
    if host == "linkprotect.cudasvc.com" {
        return named("barracuda", "a");
    }
    if host == "l.facebook.com" && parts.path == "/l.php" {
        return named("facebook", "u");
    }
    if host == "href.li" {
        return parts.query.filter(|inner| is_url(inner)).map(|inner| ("href_li", inner.to_owned()));
    }
    None
}

fn is_url(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://")
}

/// The URL inside one of Proofpoint's three forms.
fn proofpoint(parts: &Parts<'_>, u: Option<String>) -> Option<String> {
    if let Some(rest) = parts.path.strip_prefix("/v3/__") {
        let (inner, _) = rest.split_once("__;")?;
        let query = parts.query.map_or_else(String::new, |query| format!("?{query}"));
        let whole = if inner.contains("://") { inner.to_owned() } else { inner.replacen(":/", "://", 1) };
        return Some(whole + &query).filter(|inner| is_url(inner));
    }
    let coded = u?;
    let inner = if parts.path.starts_with("/v2") {
        percent_decoded(&coded.replace('-', "%").replace('_', "/")).into_owned()
    } else {
        coded
    };
    Some(inner).filter(|inner| is_url(inner))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(url: &str, expected: &str, encoders: &[&str]) {
        assert_eq!(unwrap(url), (expected.to_owned(), encoders.to_vec()), "{url}");
    }

    #[test]
    fn rewriters_are_taken_away() {
        check("https://a.example/?url=https://b.example", "https://a.example/?url=https://b.example", &[]);
        let safe = "https://eur02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fb.example%2Fx&data=1";
        check(safe, "https://b.example/x", &["safe_links"]);
        check("https://www.google.com/url?q=https://b.example/", "https://b.example/", &["google_open_redirect"]);
        let second = "https://urldefense.proofpoint.com/v2/url?u=https-3A__b.example_x&d=D";
        check(second, "https://b.example/x", &["proofpoint"]);
        let third = "https://urldefense.com/v3/__https://b.example/x__;!!abc$";
        check(third, "https://b.example/x", &["proofpoint"]);
    }

    #[test]
    fn layers_are_taken_away_one_by_one_but_not_for_ever() {
        let two = "https://href.li/?https://www.google.com/url?q=https%3A%2F%2Fb.example";
        check(two, "https://b.example", &["href_li", "google_open_redirect"]);
        let many = format!("{}https://b.example", "https://href.li/?".repeat(20));
        assert_eq!(unwrap(&many).1.len(), LAYERS_MAX);
    }
}
