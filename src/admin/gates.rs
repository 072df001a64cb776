//! How much of what takes long is done at once, so that it never takes what pages and mail need.

use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::Response;
use tokio::sync::Semaphore;

use super::reply::{failed, message};

/// Passwords tried at once: each takes 19 MiB and a processor.
const PASSWORDS_MAX: usize = 2;
/// Orders carried out at once on held mail: each may wait minutes for a mail server.
const ORDERS_MAX: usize = 2;
/// Questions asked at once of the tables: each takes a processor, and memory for the columns that it reads.
const QUESTIONS_MAX: usize = 1;
/// What may be under way in all of them.
pub(super) const PLACES: usize = PASSWORDS_MAX + ORDERS_MAX + QUESTIONS_MAX;
/// How long a page waits for what takes longer; less than a page may take in all.
const PATIENCE: Duration = Duration::from_secs(15);

/// A gate through which so many go at once.
#[derive(Debug)]
pub(super) struct Gate(Arc<Semaphore>);

impl Gate {
    fn new(places: usize) -> Self {
        Self(Arc::new(Semaphore::new(places)))
    }

    /// Does something on a thread that may wait, when it is its turn. `None` where that takes longer than a page may: what
    /// has begun goes on to its end.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        what: impl FnOnce() -> T + Send + 'static,
    ) -> Result<Option<T>, Response> {
        let doing = async {
            let place = Arc::clone(&self.0).acquire_owned().await.map_err(|error| failed(&error))?;
            let done = tokio::task::spawn_blocking(move || {
                let done = what();
                drop(place);
                done
            });
            done.await.map_err(|error| failed(&error))
        };
        match tokio::time::timeout(PATIENCE, doing).await {
            Ok(done) => done.map(Some),
            Err(_) => Ok(None),
        }
    }
}

/// All gates.
#[derive(Debug)]
pub(super) struct Gates {
    pub(super) passwords: Gate,
    pub(super) orders: Gate,
    pub(super) questions: Gate,
}

impl Default for Gates {
    fn default() -> Self {
        Self { passwords: Gate::new(PASSWORDS_MAX), orders: Gate::new(ORDERS_MAX), questions: Gate::new(QUESTIONS_MAX) }
    }
}

/// An answer to who has to come again.
pub(super) fn later(text: &str) -> Response {
    let mut response = message(StatusCode::SERVICE_UNAVAILABLE, text);
    response.headers_mut().insert(RETRY_AFTER, PATIENCE.as_secs().into());
    response
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn one_waits_for_the_other_and_has_its_turn() {
        let gate = Arc::new(Gate::new(1));
        let (go, wait) = mpsc::channel::<()>();
        let one = Arc::clone(&gate);
        let first = tokio::spawn(async move { one.run(move || wait.recv().is_ok()).await });
        tokio::time::sleep(Duration::from_millis(50)).await;
        let other = Arc::clone(&gate);
        let second = tokio::spawn(async move { other.run(|| 2).await });
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert!(!second.is_finished(), "there is one place");
        go.send(()).expect("it waits");
        assert!(matches!(first.await.expect("ends"), Ok(Some(true))));
        assert!(matches!(second.await.expect("ends"), Ok(Some(2))));
        let panicked: Result<Option<()>, _> = gate.run(|| panic!("for the test")).await;
        assert!(panicked.is_err());
        assert!(matches!(gate.run(|| 3).await, Ok(Some(3))), "its place is given back");
    }
}
