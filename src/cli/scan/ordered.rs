//! Work spread over threads, results in the order of the work.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

/// Pieces of work that may wait for each worker: enough that none idles, few enough that large messages fit in memory.
const AHEAD_MAX: usize = 4;

/// Applies `work` to every item in `workers` threads and hands the results to `take` in the order of the items. Ends at
/// the first error of `take`, without reading further items.
pub(super) fn map<I, R, E>(
    workers: usize,
    items: impl Iterator<Item = I> + Send,
    work: impl Fn(I) -> R + Sync,
    mut take: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E>
where
    I: Send,
    R: Send,
{
    thread::scope(|scope| {
        let (send_item, items_in) = sync_channel::<(usize, I)>(workers * AHEAD_MAX);
        let (send_result, results) = sync_channel::<(usize, R)>(workers * AHEAD_MAX);
        let items_in = Mutex::new(items_in);
        let (items_in, work) = (std::sync::Arc::new(items_in), &work);
        for _ in 0..workers {
            let (items_in, send_result) = (std::sync::Arc::clone(&items_in), send_result.clone());
            scope.spawn(move || {
                while let Some((nth, item)) = next(&items_in) {
                    if send_result.send((nth, work(item))).is_err() {
                        return;
                    }
                }
            });
        }
        drop((send_result, items_in));
        scope.spawn(move || {
            for item in items.enumerate() {
                // Nobody takes results any more: the reader ends with the workers.
                if send_item.send(item).is_err() {
                    return;
                }
            }
        });
        let mut waiting = BTreeMap::new();
        let mut due = 0;
        for (nth, result) in results {
            waiting.insert(nth, result);
            while let Some(result) = waiting.remove(&due) {
                due += 1;
                take(result)?;
            }
        }
        Ok(())
    })
}

/// The next item; `None` when there are no more.
fn next<T>(items: &Mutex<Receiver<T>>) -> Option<T> {
    items.lock().ok()?.recv().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_items() {
        for workers in [1, 2, 7] {
            let mut taken = Vec::new();
            let slow_first = |i: u64| {
                thread::sleep(std::time::Duration::from_micros(200 - i.min(200)));
                i * i
            };
            let result: Result<(), ()> = map(workers, 0..300, slow_first, |square| {
                taken.push(square);
                Ok(())
            });
            assert_eq!(result, Ok(()));
            assert_eq!(taken, (0..300).map(|i| i * i).collect::<Vec<u64>>());
        }
    }

    #[test]
    fn an_error_of_the_taker_ends_the_work() {
        let result = map(2, 0_u64.., |i| i, |i| if i == 10 { Err(i) } else { Ok(()) });
        assert_eq!(result, Err(10));
    }
}
