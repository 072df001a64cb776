//! Past mail into the baselines from a mailbox on an IMAP server, and on from where an import broke off.

use super::import::Imported;
use crate::filter::{Filter, Origin};
use crate::mail::Moment;
use crate::mailbox::{Cause, Imap, ReadError};

/// Lets the baselines learn a mailbox in the order of time, whatever the order in which its messages were put there. How
/// far it came is written with what was learned: an import that was broken off goes on there, and a later one learns what
/// is new. Where the server has numbered its messages anew, it begins again, and knows them by their Message-IDs.
/// `progress` hears how many of how many are done.
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
    let under_way = format!("{source};in order of time");
    let last = u32::try_from(filter.import_mark(&source)?).unwrap_or(u32::MAX);
    let (until, reached) = reached(filter.import_mark(&under_way)?);
    let uids = imap.uids().await?;
    let [begun, newest] = [last, last.max(until)].map(|known| uids.partition_point(|uid| *uid <= known));
    let mut imported = Imported { before: begun, ..Imported::default() };
    // Those that were being learned come first, from where it stood.
    for (some, from) in [(&uids[begun..newest], reached), (&uids[newest..], Moment(i64::MIN))] {
        let Some(until) = some.last().copied() else { continue };
        let count = imap.begin(some, from).await?;
        imported.before += some.len() - count;
        let mut done = 0;
        loop {
            let letters = imap.next_letters().await?;
            if letters.is_empty() {
                break;
            }
            for letter in letters {
                progress(done, count as u64);
                done += 1;
                let Some(raw) = &letter.raw else {
                    let path = format!("{source}, message {}", letter.uid).into();
                    imported.errors.push(ReadError { path, cause: Cause::TooLong });
                    continue;
                };
                let judged = filter.judge_as_of(raw, origin, letter.at).await;
                filter.learn_import(&judged, &under_way, position(until, letter.at))?;
                imported.learned += 1;
            }
        }
        progress(count as u64, count as u64);
        filter.set_import_mark(&source, until.into())?;
    }
    Ok(imported)
}

/// That all messages up to a number are being learned, and how far in time.
fn position(until: u32, at: Moment) -> u64 {
    let seconds = u32::try_from(at.0 / 1_000).unwrap_or_default();
    u64::from(until) << 32 | u64::from(seconds)
}

/// What [`position`] made one.
fn reached(position: u64) -> (u32, Moment) {
    ((position >> 32) as u32, Moment::from_secs((position & u64::from(u32::MAX)) as i64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_is_read_as_it_was_written() {
        let at = Moment::from_secs(1_772_000_000);
        assert_eq!(reached(position(u32::MAX, at)), (u32::MAX, at));
        assert_eq!(reached(position(7, Moment(-1))), (7, Moment(0)));
        assert_eq!(reached(0), (0, Moment(0)));
    }
}
