//! A complaint in the log that is made once a minute, however often there is reason for it.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Seldom enough not to fill a disk that may be full already, often enough to be seen.
const PAUSE: Duration = Duration::from_secs(60);

#[derive(Default)]
pub(super) struct Complaint {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    last: Option<Instant>,
    silent: u64,
}

impl Complaint {
    /// Complains, unless that was done within the last minute; tells how often it was not.
    pub fn make(&self, now: Instant, what: impl FnOnce() -> String) {
        if let Some(silent) = self.due(now) {
            log::warn!("baseline: {} ({silent} more since the last such line)", what());
        }
    }

    fn due(&self, now: Instant) -> Option<u64> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.last.is_some_and(|last| now.saturating_duration_since(last) < PAUSE) {
            state.silent += 1;
            return None;
        }
        state.last = Some(now);
        Some(std::mem::take(&mut state.silent))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_a_minute_tells_of_all() {
        let complaint = Complaint::default();
        let start = Instant::now();
        let due = |seconds| complaint.due(start + Duration::from_secs(seconds));
        assert_eq!(due(0), Some(0));
        assert_eq!(due(1), None);
        assert_eq!(due(59), None);
        assert_eq!(due(60), Some(2));
        assert_eq!(due(119), None);
        assert_eq!(due(200), Some(1));
    }
}
