//! What is remembered, as bytes: a restart does not forget.

use super::detector::{digest_of_all, lenses};
use super::level::Levels;
use super::settings::Settings;
use super::watch::Anomaly;
use super::window::{Event, Window};
use crate::mail::Moment;

/// Version of the bytes.
const VERSION: u8 = 2;

/// Bytes of one remembered message: levels, moment, weight, alert.
const EVENT_BYTES: usize = 8 + 8 + 4 + 1;

impl Anomaly {
    /// What is remembered: some 21 bytes a message. A sub-detector is named with a digest of what it compares, so that
    /// one that was changed begins anew and the others do not. The common order is named with that of all.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = vec![VERSION];
        bytes.extend_from_slice(&self.since.unwrap_or(Moment(i64::MAX)).0.to_le_bytes());
        for (lens, window) in lenses().iter().zip(&self.windows) {
            write(&mut bytes, &lens.digest, window);
        }
        write(&mut bytes, &digest_of_all(), &self.together);
        bytes
    }

    /// What was remembered, under other settings perhaps; `None` for bytes that are no state of this version.
    pub fn decode(settings: &Settings, bytes: &[u8]) -> Option<Self> {
        let mut rest = Rest(bytes);
        if rest.take()? != [VERSION] {
            return None;
        }
        let mut anomaly = Self::new(settings);
        let since = i64::from_le_bytes(rest.take()?);
        while !rest.0.is_empty() {
            let digest: [u8; 8] = rest.take()?;
            let stride = u32::from_le_bytes(rest.take()?);
            let count = u32::from_le_bytes(rest.take()?) as usize;
            // Told before anything is made: a torn count must not ask for memory.
            if count > rest.0.len() / EVENT_BYTES {
                return None;
            }
            let mut events = (0..count).map(|_| rest.event()).collect::<Option<Vec<_>>>()?;
            events.sort_by_key(|event| event.at);
            if digest == digest_of_all() {
                anomaly.together.restore(&events, stride);
                // An order that begins anew is watched anew: an old beginning would give it a month's alerts at once.
                anomaly.since = (since != i64::MAX).then_some(Moment(since));
                continue;
            }
            let known = lenses().iter().position(|lens| lens.digest == digest);
            if let Some(window) = known.and_then(|nth| anomaly.windows.get_mut(nth)) {
                window.restore(&events, stride);
            }
        }
        Some(anomaly)
    }
}

fn write(bytes: &mut Vec<u8>, digest: &[u8; 8], window: &Window) {
    let events: Vec<Event> = window.events().collect();
    bytes.extend_from_slice(digest);
    bytes.extend_from_slice(&window.stride().to_le_bytes());
    bytes.extend_from_slice(&(events.len() as u32).to_le_bytes());
    for event in events {
        bytes.extend_from_slice(&event.levels.0.to_le_bytes());
        bytes.extend_from_slice(&event.at.0.to_le_bytes());
        bytes.extend_from_slice(&event.weight.to_le_bytes());
        bytes.push(u8::from(event.alert));
    }
}

/// What is still to be read.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*taken)
    }

    fn event(&mut self) -> Option<Event> {
        Some(Event {
            // No byte may bear a guard bit.
            levels: Levels::of(self.take::<8>()?),
            at: Moment(i64::from_le_bytes(self.take()?)),
            weight: u32::from_le_bytes(self.take()?),
            alert: self.take()? != [0],
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::signals::{Signals, registry};

    fn remembering(messages: &[(u8, u32)]) -> Anomaly {
        let mut anomaly = Anomaly::new(&Settings::default());
        let mut now = Moment(0);
        for (seed, wait) in messages {
            now = Moment(now.0 + i64::from(*wait));
            let value = |n: usize| Some(((n * 7 + usize::from(*seed)) % 5) as f32);
            anomaly.remember(&Signals((0..registry().len()).map(value).collect()), now);
        }
        anomaly
    }

    proptest! {
        #[test]
        fn a_restart_does_not_forget(messages in prop::collection::vec((any::<u8>(), 0..40_000_000_u32), 0..60)) {
            let anomaly = remembering(&messages);
            prop_assert_eq!(Anomaly::decode(&Settings::default(), &anomaly.encode()), Some(anomaly));
        }

        #[test]
        fn no_bytes_break_it(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let versioned = [&[VERSION], bytes.as_slice()].concat();
            if let Some(anomaly) = Anomaly::decode(&Settings::default(), &versioned) {
                prop_assert!(anomaly.encode().len() <= versioned.len() + (lenses().len() + 1) * 16);
            }
        }
    }

    #[test]
    fn an_order_of_other_sub_detectors_begins_anew() {
        let anomaly = remembering(&[(1, 5), (2, 9), (3, 1)]);
        let mut bytes = anomaly.encode();
        let changed = bytes.windows(8).rposition(|eight| eight == digest_of_all()).expect("it is named");
        bytes[changed] ^= 1;
        let begun = Anomaly::decode(&Settings::default(), &bytes).expect("sound bytes");
        assert_eq!((begun.since, &begun.windows), (None, &anomaly.windows));
        assert_eq!((begun.together.events().count(), anomaly.together.events().count()), (0, 3));
    }

    #[test]
    fn torn_and_foreign_bytes_are_refused() {
        let bytes = remembering(&[(1, 5), (2, 9), (3, 1)]).encode();
        for end in 1..bytes.len() {
            if let Some(part) = Anomaly::decode(&Settings::default(), &bytes[..end]) {
                assert!(part.encode().len() <= bytes.len(), "{end}");
            }
        }
        assert_eq!(Anomaly::decode(&Settings::default(), b""), None);
        assert_eq!(Anomaly::decode(&Settings::default(), b"\x02"), None);
    }

    #[test]
    fn a_smaller_memory_keeps_the_newest() {
        let messages: Vec<_> = (0..100).map(|n| (n, 1_000)).collect();
        let smaller = Settings { events_max: 16, ..Settings::default() };
        let anomaly = Anomaly::decode(&smaller, &remembering(&messages).encode()).expect("same version");
        for window in &anomaly.windows {
            assert!(window.events().count() <= 16);
            assert!(window.events().all(|event| event.at >= Moment(84_000)));
        }
    }

    #[test]
    fn a_changed_sub_detector_begins_anew() {
        let anomaly = remembering(&[(1, 5), (2, 9), (3, 1)]);
        let mut bytes = anomaly.encode();
        bytes[9] ^= 1;
        let again = Anomaly::decode(&Settings::default(), &bytes).expect("same version");
        assert_eq!(again.windows[0].events().count(), 0);
        assert_eq!(again.windows[1..], anomaly.windows[1..]);
    }
}
