//! Past mail into the baselines from Postfix's log alone: who wrote to whom and when, without content.

use std::collections::HashMap;

use super::import::Imported;
use crate::filter::Filter;
use crate::mailbox::{Logs, Passed};

/// Lets the baselines learn what logs tell. How far each file was read is written with what was learned, so that an
/// import that was broken off goes on there, and one of a log that has grown or was rotated since learns what is new.
/// `progress` hears how many of how many lines are done.
///
/// # Errors
/// The baselines are not there or cannot be written; why, in words.
pub fn import_logs(
    filter: &Filter,
    mut logs: Logs,
    offset: i64,
    mut progress: impl FnMut(u64, u64),
) -> Result<Imported, String> {
    let all = logs.lines();
    let (mut imported, mut marks) = (Imported::default(), HashMap::<String, u64>::new());
    logs.read(offset, |logged| {
        progress(logged.done, all);
        let mark = match marks.get(logged.source) {
            Some(mark) => *mark,
            None => filter.import_mark(logged.source)?,
        };
        marks.insert(logged.source.to_owned(), mark);
        if logged.line <= mark {
            imported.before += 1;
            return Ok(());
        }
        let Passed { at, message_id, envelope } = &logged.passed;
        filter.learn_passed(envelope, message_id, *at, (logged.source, logged.line))?;
        imported.learned += 1;
        Ok(())
    })?;
    progress(all, all);
    imported.errors.append(&mut logs.errors);
    Ok(imported)
}
