//! Settings from the environment: which variables are ours, and which key each sets.

use config::{Config, ConfigError, Environment, Map};

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
    let (mut ours, mut set) = (Map::new(), Vec::new());
    for (name, value) in environment {
        if !name.starts_with(PREFIX) {
            continue;
        }
        if let Some(key) = key_of(&name, &known) {
            check(&name, &value, &known)?;
            set.push((key, name.clone()));
            ours.insert(name, value);
        } else if is_meant(&name, &known) {
            let variables: Vec<_> = known.iter().map(|(key, _)| variable(key)).collect();
            // What all of them begin with says nothing about how near they are.
            let nearest = near(&name[PREFIX.len()..], variables.iter().map(|known| &known[PREFIX.len()..]));
            let nearest = nearest.map(|nearest| format!("{PREFIX}{nearest}"));
            return Err(SettingsError::UnknownVariable { name, nearest });
        }
    }
    Ok((source(ours, &known), set))
}

fn source(ours: Map<String, String>, known: &[(String, Holds)]) -> Environment {
    let source = Environment::with_prefix("KITH")
        .prefix_separator("_")
        .separator(SEPARATOR)
        .try_parsing(true)
        .list_separator(",")
        .source(Some(ours));
    let lists = known.iter().filter(|(_, holds)| *holds == Holds::List);
    lists.fold(source, |source, (key, _)| source.with_list_parse_key(key))
}

/// Reads one variable by itself, as each file is, so that an error names it.
fn check(name: &str, value: &str, known: &[(String, Holds)]) -> Result<(), SettingsError> {
    let alone = Map::from_iter([(name.to_owned(), value.to_owned())]);
    let wrong = |error: ConfigError| SettingsError::WrongVariable { name: name.to_owned(), why: error.to_string() };
    let read = Config::builder().add_source(source(alone, known)).build().map_err(wrong)?;
    let Err(error) = read.clone().try_deserialize::<Settings>() else { return Ok(()) };
    // The merge is lenient and says little; strict reading tells which words there are.
    let strict = read.try_deserialize::<toml::Table>().ok().and_then(|table| table.try_into::<Settings>().err());
    let why = strict.map_or_else(|| error.to_string(), |strict| strict.message().to_owned());
    Err(SettingsError::WrongVariable { name: name.to_owned(), why })
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
    fn check_name(name: &str, expected: Result<&[&str], &[&str]>) {
        let value = if name.to_uppercase().ends_with("MODE") { "act" } else { "9" };
        let read = variables([(name.to_owned(), value.to_owned())]);
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
        check_name("KITH_STATE_DIRECTORY", Ok(&["state_directory"]));
        check_name("KITH_POLICY__MODE", Ok(&["policy.mode"]));
        check_name("KITH_POLICY__mode", Ok(&["policy.mode"]));
        check_name("KITH_POLICY__THRESHOLDS__TAG", Ok(&["policy.thresholds.tag"]));
        check_name("KITH_POLICY__CATEGORY__MALWARE__HOLD", Ok(&["policy.category.malware.hold"]));
    }

    #[test]
    fn what_others_call_alike_is_theirs() {
        check_name("KITH_TEST_CACHE", Ok(&[]));
        check_name("KITH_MODE", Ok(&[]));
        check_name("PATH", Ok(&[]));
        check_name("MYKITH_LOG__LEVLE", Ok(&[]));
    }

    #[test]
    fn an_unknown_variable_is_refused_with_the_nearest_name() {
        check_name("KITH_LOG__LEVLE", Err(&["KITH_LOG__LEVLE", "did you mean `KITH_LOG__LEVEL`?"]));
        check_name("KITH_POLICY__TRESHOLDS__TAG", Err(&["did you mean `KITH_POLICY__THRESHOLDS__TAG`?"]));
        check_name("KITH_STATE__DIRECTORY", Err(&["did you mean `KITH_STATE_DIRECTORY`?"]));
        check_name("KITH_POLICY_MODE", Err(&["did you mean `KITH_POLICY__MODE`?"]));
        check_name("KITH_LOG__LEVEL__X", Err(&["did you mean `KITH_LOG__LEVEL`?"]));
        check_name("KITH_QQ__ZZZZZZ", Err(&["KITH_QQ__ZZZZZZ", "kith config show --default"]));
    }

    #[test]
    fn a_value_that_cannot_be_names_its_variable() {
        let check = |name: &str, value: &str, word: &str| {
            let error = variables([(name.to_owned(), value.to_owned())]).expect_err(value);
            let said = error.to_string();
            assert!(said.starts_with(&format!("the environment variable {name}: ")) && said.contains(word), "{said}");
        };
        check("KITH_POLICY__MODE", "atc", "unknown variant `atc`, expected `monitor` or `act`");
        check("KITH_MILTER__PROGRESS_SECONDS", "4s", "invalid type: string \"4s\"");
        check("KITH_POLICY__CATEGORY__VIRUS__TAG", "3", "unknown variant `virus`");
        check("KITH_POLICY__ALLOW", "a.example", "invalid type: string \"a.example\"");
        let number = variables([("KITH_POLICY__CONTACT".to_owned(), "5551234".to_owned())]);
        assert!(number.is_ok(), "text may look like a number: {number:?}");
    }
}
