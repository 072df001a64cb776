//! Failed sign-ins, counted for each name and each address, so that passwords cannot be tried out.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// For so long a failure counts.
const WINDOW: Duration = Duration::from_secs(15 * 60);
/// Keys remembered: who comes from more addresses in a quarter of an hour meets the limit of the name.
const KEYS_MAX: usize = 10_000;

/// Counts attempts by key.
#[derive(Debug, Default)]
pub(super) struct Limiter(Mutex<HashMap<String, Vec<Instant>>>);

impl Limiter {
    /// Takes one attempt of each key, or none: then how long to wait. An attempt that succeeds is given back.
    pub(super) fn take(&self, keys: &[(String, usize)], now: Instant) -> Result<(), Duration> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut wait = Duration::ZERO;
        for (key, max) in keys {
            let Some(attempts) = known.get_mut(key) else { continue };
            attempts.retain(|at| now.duration_since(*at) < WINDOW);
            if attempts.len() >= *max {
                let first = attempts[attempts.len() - *max];
                wait = wait.max(WINDOW.saturating_sub(now.duration_since(first)));
            }
        }
        if wait > Duration::ZERO {
            return Err(wait);
        }
        if known.len() + keys.len() > KEYS_MAX {
            known.retain(|_, attempts| attempts.last().is_some_and(|at| now.duration_since(*at) < WINDOW));
        }
        if known.len() + keys.len() > KEYS_MAX {
            return Err(WINDOW);
        }
        for (key, _) in keys {
            known.entry(key.clone()).or_default().push(now);
        }
        Ok(())
    }

    /// Gives back the attempts of keys, since the last one succeeded.
    pub(super) fn forgive(&self, keys: &[(String, usize)]) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        keys.iter().for_each(|(key, _)| {
            known.remove(key);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(name: &str) -> Vec<(String, usize)> {
        vec![(format!("name {name}"), 2), ("address 192.0.2.1".to_owned(), 3)]
    }

    #[test]
    fn the_third_failure_of_a_name_waits_and_so_does_the_fourth_of_an_address() {
        let (limiter, now) = (Limiter::default(), Instant::now());
        assert_eq!(limiter.take(&keys("ann"), now), Ok(()));
        assert_eq!(limiter.take(&keys("ann"), now + Duration::from_secs(60)), Ok(()));
        let wait = limiter.take(&keys("ann"), now + Duration::from_secs(120));
        assert_eq!(wait, Err(WINDOW - Duration::from_secs(120)));
        assert_eq!(limiter.take(&keys("bob"), now), Ok(()), "a refused attempt counts for nobody");
        assert_eq!(limiter.take(&keys("eve"), now), Err(WINDOW));
        assert_eq!(limiter.take(&keys("ann"), now + WINDOW), Ok(()));
    }

    #[test]
    fn success_forgives() {
        let (limiter, now) = (Limiter::default(), Instant::now());
        for _ in 0..5 {
            assert_eq!(limiter.take(&keys("ann"), now), Ok(()));
            limiter.forgive(&keys("ann"));
        }
    }

    #[test]
    fn memory_has_a_limit() {
        let (limiter, now) = (Limiter::default(), Instant::now());
        let take = |n: usize, now| limiter.take(&[(n.to_string(), 1)], now);
        assert!((0..KEYS_MAX).all(|n| take(n, now).is_ok()));
        assert_eq!(take(KEYS_MAX, now), Err(WINDOW));
        assert_eq!(take(KEYS_MAX, now + WINDOW), Ok(()));
    }
}
