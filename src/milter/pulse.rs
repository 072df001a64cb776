//! A heartbeat for the runtime, so that a filter which blocks its thread does not stop everybody's timers.

use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use tokio::runtime::Handle;

/// Time between beats: as long as timers may stand still when a filter blocks. Four wake-ups a second cost nothing.
const BEAT: Duration = Duration::from_millis(250);

/// A thread that wakes an idle worker of the runtime at each beat, until this is dropped.
///
/// A task that a worker starts for itself wakes no other worker. If it never yields, and that worker was the one that
/// watched sockets and timers, nobody watches them while the others sleep. A worker that is woken finds nothing to do
/// and takes the watch.
#[derive(Debug)]
pub(super) struct Pulse {
    _stop: Option<Sender<()>>,
}

impl Pulse {
    /// Starts beating for this runtime.
    pub(super) fn start(runtime: Handle) -> Self {
        let (stop, stopped) = channel::<()>();
        let beat = move || {
            while let Err(RecvTimeoutError::Timeout) = stopped.recv_timeout(BEAT) {
                runtime.spawn(async {});
            }
        };
        match thread::Builder::new().name("milter-pulse".to_owned()).spawn(beat) {
            Ok(_) => Self { _stop: Some(stop) },
            Err(error) => {
                log::warn!("no thread for the milter's pulse ({error}); a filter that blocks may delay others");
                Self { _stop: None }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timers_go_on_while_a_task_blocks_its_worker() {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
        let _pulse = Pulse::start(runtime.handle().clone());
        let (unblock, blocked) = channel::<()>();
        let (tell, told) = channel();
        runtime.spawn(async move {
            // As a connection starts its filter: from a worker, for itself.
            tokio::time::sleep(Duration::from_millis(1)).await;
            tokio::spawn(async move { blocked.recv().is_ok() });
            tokio::time::sleep(Duration::from_millis(1)).await;
            tell.send(()).expect("the test listens");
        });
        told.recv_timeout(Duration::from_secs(20)).expect("the timer went off");
        unblock.send(()).expect("it blocks");
    }
}
