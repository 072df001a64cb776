//! The settings as they may be shown to people: each key with its value, secrets hidden.

use super::Settings;

/// In place of what is secret.
const HIDDEN: &str = "(hidden)";
/// Parts of names of keys whose values are secret, unless they name a file.
const SECRET: [&str; 3] = ["password", "secret", "token"];

impl Settings {
    /// Each key with its sections, in the order of the file, and its value. Passwords and what stands before the @ of an
    /// address of a server are hidden.
    pub fn shown(&self) -> Vec<(String, String)> {
        let mut rows = Vec::new();
        if let Ok(table) = toml::Table::try_from(self) {
            collect(&mut rows, "", &table);
        }
        rows
    }
}

fn collect(rows: &mut Vec<(String, String)>, above: &str, table: &toml::Table) {
    for (key, value) in table {
        let name = format!("{above}{key}");
        match value {
            toml::Value::Table(inner) if !inner.is_empty() => collect(rows, &format!("{name}."), inner),
            _ if is_secret(key) => rows.push((name, HIDDEN.to_owned())),
            value => rows.push((name, without_logins(value).to_string())),
        }
    }
}

fn is_secret(key: &str) -> bool {
    SECRET.iter().any(|part| key.contains(part)) && !key.ends_with("_file")
}

/// The value without the logins in addresses such as `redis://user:password@host`.
fn without_logins(value: &toml::Value) -> toml::Value {
    match value {
        toml::Value::String(text) => toml::Value::String(without_login(text)),
        toml::Value::Array(values) => toml::Value::Array(values.iter().map(without_logins).collect()),
        toml::Value::Table(table) => {
            let shown = |(key, value): (&String, &toml::Value)| {
                let hidden = || toml::Value::String(HIDDEN.to_owned());
                (key.clone(), if is_secret(key) { hidden() } else { without_logins(value) })
            };
            toml::Value::Table(table.iter().map(shown).collect())
        }
        other => other.clone(),
    }
}

fn without_login(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else { return text.to_owned() };
    // The last one: a password may hold what it should not.
    match rest.rfind('@') {
        Some(at) => format!("{scheme}://{HIDDEN}@{}", &rest[at + 1..]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_shown_and_no_secret() {
        let mut settings = Settings::default();
        settings.baseline.shared.addresses = vec!["redis://ann:pass/word@a.example:1".into(), "unix:///run/x".into()];
        settings.baseline.shared.addresses.push("rediss://ann:secret@b.example:1/0".into());
        let shown = settings.shown();
        let value = |key: &str| shown.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str());
        assert_eq!(value("journal.queued_max"), Some("2048"));
        assert_eq!(value("baseline.shared.password_file"), Some("\"\""));
        assert!(shown.iter().any(|(name, _)| name == "policy.category"));
        let addresses = value("baseline.shared.addresses").expect("shown");
        assert!(addresses.contains("rediss://(hidden)@b.example:1/0") && addresses.contains("unix:///run/x"));
        assert!(!addresses.contains("pass") && !addresses.contains("secret"), "{addresses}");
    }

    #[test]
    fn secrets_are_told_by_the_names_of_their_keys() {
        let table: toml::Table =
            toml::from_str("password = 'x'\nkey_file = '/k'\n[[list]]\napi_token = 'x'\nname = 'n'").expect("TOML");
        let mut rows = Vec::new();
        collect(&mut rows, "", &table);
        let text = format!("{rows:?}");
        assert!(
            text.contains("/k") && text.contains("name") && !text.contains("'x'") && !text.contains("\\\"x"),
            "{text}"
        );
        assert_eq!(without_login("no address"), "no address");
        assert_eq!(without_login("redis://a:b@c"), "redis://(hidden)@c");
    }
}
