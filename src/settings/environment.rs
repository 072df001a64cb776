//! Settings from the environment: which variables are ours, and which key each sets.

use config::Environment;

use super::error::near;
use super::{Settings, SettingsError};

/// What an environment variable begins with; `KITH_POLICY__MODE` sets `mode` of `[policy]`.
const PREFIX: &str = "KITH_";
/// What stands between a section and its key.
const SEPARATOR: &str = "__";

/// What a key of the settings holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holds {
    /// One value.
    Value,
    /// Several, which a variable separates by commas.
    List,
    /// A table whose own keys are the administrator's to choose.
    Table,
}

/// The variables of this process that may be settings.
pub(super) fn of_process() -> Result<Vec<(String, String)>, SettingsError> {
    let mut ours = Vec::new();
    for (name, value) in std::env::vars_os() {
        let Ok(name) = name.into_string() else { continue };
        match value.into_string() {
            Ok(value) => ours.push((name, value)),
            Err(_) if is_ours(&name) => return Err(SettingsError::VariableNotText(name)),
            Err(_) => {}
        }
    }
    Ok(ours)
}

/// The environment as a source of settings, and the keys that it sets, each with its variable. Only variables that name
/// a section count (`KITH_POLICY__MODE`), and those that miss a key by their underscores alone: others that begin alike
/// are somebody else's. One that counts and sets no key is refused.
pub(super) fn variables(
    environment: impl IntoIterator<Item = (String, String)>,
) -> Result<(Environment, Vec<(String, String)>), SettingsError> {
    let known = keys()?;
    let (mut ours, mut set) = (config::Map::new(), Vec::new());
    for (name, value) in environment {
        if !name.starts_with(PREFIX) {
            continue;
        }
        if let Some(key) = key_of(&name, &known) {
            set.push((key, name.clone()));
            ours.insert(name, value);
        } else if is_meant(&name, &known) {
            let variables: Vec<_> = known.iter().map(|(key, _)| variable(key)).collect();
            // What all of them begin with says nothing about how near they are.
            let nearest = near(&name[PREFIX.len()..], variables.iter().map(|known| &known[PREFIX.len()..]));
            return Err(SettingsError::UnknownVariable {
                nearest: nearest.map(|nearest| format!("{PREFIX}{nearest}")),
                name,
            });
        }
    }
    let mut source = Environment::with_prefix("KITH")
        .prefix_separator("_")
        .separator(SEPARATOR)
        .try_parsing(true)
        .list_separator(",")
        .source(Some(ours));
    for (key, _) in known.iter().filter(|(_, holds)| *holds == Holds::List) {
        source = source.with_list_parse_key(key);
    }
    Ok((source, set))
}

/// The key that a variable sets; `None` where there is none of that name.
fn key_of(name: &str, known: &[(String, Holds)]) -> Option<String> {
    let key = name.strip_prefix(PREFIX)?.to_lowercase().replace(SEPARATOR, ".");
    let is_known = known.iter().any(|(known, holds)| match holds {
        Holds::Table => key.strip_prefix(known).is_some_and(|rest| rest.starts_with('.')),
        Holds::Value | Holds::List => key == *known,
    });
    is_known.then_some(key)
}

/// Whether a variable that sets no key was meant to: it names a section, or differs from one that does in its
/// underscores alone, as `KITH_POLICY_MODE` does.
fn is_meant(name: &str, known: &[(String, Holds)]) -> bool {
    let bare = |name: &str| name.to_uppercase().replace(SEPARATOR, "_");
    name.contains(SEPARATOR) || known.iter().any(|(key, _)| bare(&variable(key)) == bare(name))
}

/// Whether a variable is a setting of ours, or meant as one.
fn is_ours(name: &str) -> bool {
    let known = keys().unwrap_or_default();
    name.starts_with(PREFIX) && (key_of(name, &known).is_some() || is_meant(name, &known))
}

/// The variable that sets a key.
fn variable(key: &str) -> String {
    format!("{PREFIX}{}", key.replace('.', SEPARATOR).to_uppercase())
}

/// All keys of the settings with their sections, as `policy.thresholds.tag`.
fn keys() -> Result<Vec<(String, Holds)>, SettingsError> {
    let defaults =
        toml::Table::try_from(Settings::default()).map_err(|error| SettingsError::Combined(error.to_string()))?;
    let mut keys = Vec::new();
    collect(&mut keys, "", &defaults);
    Ok(keys)
}

fn collect(keys: &mut Vec<(String, Holds)>, above: &str, table: &toml::Table) {
    for (key, value) in table {
        let name = format!("{above}{key}");
        match value {
            toml::Value::Table(inner) if inner.is_empty() => keys.push((name, Holds::Table)),
            toml::Value::Table(inner) => collect(keys, &format!("{name}."), inner),
            toml::Value::Array(_) => keys.push((name, Holds::List)),
            _ => keys.push((name, Holds::Value)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The keys that a variable sets, or the words in which it is refused.
    fn check(name: &str, expected: Result<&[&str], &[&str]>) {
        let read = variables([(name.to_owned(), "1".to_owned())]);
        match (read, expected) {
            (Ok((_, set)), Ok(keys)) => {
                assert_eq!(set.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>(), keys, "{name}");
            }
            (Err(error), Err(words)) => {
                let said = error.to_string();
                assert!(words.iter().all(|word| said.contains(word)), "{name}: {said}");
            }
            (read, _) => panic!("{name}: {read:?}"),
        }
    }

    #[test]
    fn a_variable_sets_the_key_of_its_name() {
        check("KITH_STATE_DIRECTORY", Ok(&["state_directory"]));
        check("KITH_POLICY__MODE", Ok(&["policy.mode"]));
        check("KITH_policy__mode", Ok(&["policy.mode"]));
        check("KITH_POLICY__THRESHOLDS__TAG", Ok(&["policy.thresholds.tag"]));
        check("KITH_POLICY__CATEGORY__MALWARE__HOLD", Ok(&["policy.category.malware.hold"]));
    }

    #[test]
    fn what_others_call_alike_is_theirs() {
        check("KITH_TEST_CACHE", Ok(&[]));
        check("KITH_MODE", Ok(&[]));
        check("PATH", Ok(&[]));
        check("MYKITH_LOG__LEVLE", Ok(&[]));
    }

    #[test]
    fn an_unknown_variable_is_refused_with_the_nearest_name() {
        check("KITH_LOG__LEVLE", Err(&["KITH_LOG__LEVLE", "did you mean `KITH_LOG__LEVEL`?"]));
        check("KITH_POLICY__TRESHOLDS__TAG", Err(&["did you mean `KITH_POLICY__THRESHOLDS__TAG`?"]));
        check("KITH_STATE__DIRECTORY", Err(&["did you mean `KITH_STATE_DIRECTORY`?"]));
        check("KITH_POLICY_MODE", Err(&["did you mean `KITH_POLICY__MODE`?"]));
        check("KITH_LOG__LEVEL__X", Err(&["did you mean `KITH_LOG__LEVEL`?"]));
        check("KITH_QQ__ZZZZZZ", Err(&["KITH_QQ__ZZZZZZ", "kith config show --default"]));
    }
}
