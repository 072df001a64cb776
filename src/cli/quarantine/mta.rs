//! The MTA's own quarantine, through the MTA's own commands.

use std::collections::HashMap;
use std::process::Command;

use serde_json::Value;

use crate::cli::Failure;
use crate::quarantine::Settings;

/// The recipients of each message that the MTA holds, by its queue id; why that is not known.
pub(super) fn held(settings: &Settings) -> Result<HashMap<String, Vec<String>>, String> {
    let command = &settings.mta_list;
    let Some((program, arguments)) = command.split_first() else {
        return Err("quarantine.mta_list is empty".to_owned());
    };
    let output = Command::new(program).args(arguments).output().map_err(|error| format!("{program}: {error}"))?;
    if !output.status.success() {
        return Err(format!("{}: {}", command.join(" "), String::from_utf8_lossy(&output.stderr).trim()));
    }
    let lines = String::from_utf8_lossy(&output.stdout);
    let objects = lines.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let held = objects.filter(|object| object["queue_name"] == "hold").filter_map(|object| {
        let recipients = object["recipients"].as_array().into_iter().flatten();
        let recipients = recipients.filter_map(|one| one["address"].as_str().map(str::to_owned)).collect();
        Some((object["queue_id"].as_str()?.to_owned(), recipients))
    });
    Ok(held.collect())
}

/// Runs a command of the settings for one message; what it printed.
pub(super) fn run(key: &str, command: &[String], queue_id: Option<&str>) -> Result<Vec<u8>, Failure> {
    let queue_id = queue_id.filter(|id| is_queue_id(id));
    let queue_id =
        queue_id.ok_or_else(|| Failure::unavailable("the MTA gave the message no queue id, so it must be looked for there"))?;
    let words: Vec<String> = command.iter().map(|word| word.replace("{queue_id}", queue_id)).collect();
    let Some((program, arguments)) = words.split_first() else {
        let why = format!("quarantine.{key} is empty; the MTA holds the message as {queue_id}");
        return Err(Failure::unavailable(why));
    };
    let failed = |why: &str| Failure::unavailable(format!("{}: {why}", words.join(" ")));
    let output = Command::new(program).args(arguments).output().map_err(|error| failed(&error.to_string()))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    Err(failed(String::from_utf8_lossy(&output.stderr).trim()))
}

/// Whether a command can take it for nothing but a queue id.
fn is_queue_id(text: &str) -> bool {
    !text.is_empty() && text.len() <= 64 && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(command: &[&str]) -> Vec<String> {
        command.iter().map(|&word| word.to_owned()).collect()
    }

    #[test]
    fn a_command_gets_the_queue_id_and_nothing_that_could_be_more() {
        let echo = words(&["echo", "-n", "{queue_id}"]);
        assert_eq!(run("k", &echo, Some("4bXyZ1")).map_err(|failure| failure.why), Ok(b"4bXyZ1".to_vec()));
        for wrong in [None, Some(""), Some("-d"), Some("a b"), Some("ALL;x")] {
            assert!(run("k", &echo, wrong).is_err(), "{wrong:?}");
        }
        let why = run("mta_show", &[], Some("4b")).map_err(|failure| failure.why);
        assert_eq!(why, Err("quarantine.mta_show is empty; the MTA holds the message as 4b".to_owned()));
        assert!(run("k", &words(&["false"]), Some("4b")).is_err());
    }

    #[test]
    fn what_the_mta_holds_is_read_line_by_line() {
        let lines = r#"{"queue_name":"hold","queue_id":"A1","recipients":[{"address":"a@x.example"}]}
{"queue_name":"active","queue_id":"B2","recipients":[]}
nonsense"#;
        let settings = Settings { mta_list: words(&["printf", "%s", lines]), ..Settings::default() };
        let found = held(&settings).expect("runs");
        assert_eq!(found, HashMap::from([("A1".to_owned(), vec!["a@x.example".to_owned()])]));
        assert!(held(&Settings { mta_list: words(&["false"]), ..Settings::default() }).is_err());
        assert!(held(&Settings { mta_list: Vec::new(), ..Settings::default() }).is_err());
    }
}
