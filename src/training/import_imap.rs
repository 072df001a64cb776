//! Past mail into the baselines from a mailbox on an IMAP server, and on from where an import broke off.

use super::import::Imported;
use crate::filter::{Filter, Origin};
use crate::mail::Moment;
use crate::mailbox::{Cause, Imap, ReadError};

/// Lets the baselines learn a mailbox in the order in which its messages came there. The number of the last message is
/// written with what was learned: an import that was broken off goes on there, and a later one learns what is new. Where
/// the server has numbered its messages anew, it begins again, and knows them by their Message-IDs. `progress` hears how
/// many of how many are done.
///
/// # Errors
/// The server broke off, or the baselines are not there or cannot be written; why, in words.
pub async fn import_imap(
    filter: &Filter,
    imap: &mut Imap,
    origin: &Origin,
    mut progress: impl FnMut(u64, u64),
) -> Result<Imported, String> {
    let source = imap.source();
    let last = u32::try_from(filter.import_mark(&source)?).unwrap_or(u32::MAX);
    let all = imap.begin_after(0).await?;
    let new = imap.begin_after(last).await?;
    let mut imported = Imported { before: all.saturating_sub(new), ..Imported::default() };
    let mut done = 0;
    loop {
        let letters = imap.next_letters().await?;
        if letters.is_empty() {
            progress(new as u64, new as u64);
            return Ok(imported);
        }
        for letter in letters {
            progress(done, new as u64);
            done += 1;
            let Some(raw) = &letter.raw else {
                let path = format!("{source}, message {}", letter.uid).into();
                imported.errors.push(ReadError { path, cause: Cause::TooLong });
                continue;
            };
            let judged = filter.judge_as_of(raw, origin, letter.at.unwrap_or_else(Moment::now)).await;
            filter.learn_import(&judged, &source, letter.uid.into())?;
            imported.learned += 1;
        }
    }
}
