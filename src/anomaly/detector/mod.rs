//! The sub-detectors: one file each, with the messages it applies to and the features it compares.

use std::sync::LazyLock;

use sha2::{Digest, Sha256};

use super::level::{Levels, level};
use crate::signals::{Risk, Signals, find, index_of};

/// Makes the modules and the list of sub-detectors from words: the word is the file and the sub-detector's name.
macro_rules! sub_detectors {
    ($($name:ident),* $(,)?) => {
        $(mod $name;)*

        const DETECTORS: &[Detector] = &[$(Detector { name: stringify!($name), ..$name::DETECTOR }),*];
    };
}

mod requests;

sub_detectors! {
    caller,
    changed_correspondent,
    imitated_domain,
    lateral_attacker,
    mailbox_taken_over,
    name_spoofer,
    prober,
    stranger_in_thread,
    strangers_favour,
    supplier,
    unseen_sender,
    young_sender,
}

/// A sub-detector: which messages it looks at, and what it compares in them.
#[derive(Clone, Copy, Debug)]
pub struct Detector {
    /// Its name, which is its file's.
    pub name: &'static str,
    /// What it looks for, in words: `someone new bears a known name and asks for something`.
    pub because: &'static str,
    /// It looks at a message only where, in each of these groups, at least one signal is known and above 0.
    pub applies: &'static [&'static [&'static str]],
    /// Nor where one of these signals is above 0.
    pub passes_over: &'static [&'static str],
    /// What it compares; few, since messages that differ both ways in two features cannot be compared.
    pub features: &'static [Feature],
}

/// A directed feature: signals of one kind whose values are added up.
#[derive(Clone, Copy, Debug)]
pub struct Feature {
    /// It in words: `the address is new`.
    pub name: &'static str,
    /// The signals, all of one direction.
    pub signals: &'static [&'static str],
    /// That direction, where it is not the signals' own [`Risk`].
    risk: Option<Risk>,
}

impl Feature {
    /// Signals that are suspicious in their own direction.
    const fn new(name: &'static str, signals: &'static [&'static str]) -> Self {
        Self { name, signals, risk: None }
    }

    /// Signals that rise with suspicion among the messages that the sub-detector looks at, though some may go either way
    /// among all mail.
    const fn rising(name: &'static str, signals: &'static [&'static str]) -> Self {
        Self { name, signals, risk: Some(Risk::Rises) }
    }

    /// The direction in which it is suspicious.
    fn risk(&self) -> Risk {
        let own = || self.signals.first().and_then(|name| find(name)).map_or(Risk::Rises, |signal| signal.risk);
        self.risk.unwrap_or_else(own)
    }
}

/// All sub-detectors.
pub fn detectors() -> &'static [Detector] {
    DETECTORS
}

/// A sub-detector with its signals' places looked up.
#[derive(Debug)]
pub(super) struct Lens {
    pub detector: &'static Detector,
    /// SHA-256 over what it compares, cut to 8 bytes: remembered levels of another meaning are worth nothing.
    pub digest: [u8; 8],
    applies: Vec<Vec<usize>>,
    passes_over: Vec<usize>,
    features: Vec<(Risk, Vec<usize>)>,
}

static LENSES: LazyLock<Vec<Lens>> = LazyLock::new(|| DETECTORS.iter().map(Lens::new).collect());

/// All sub-detectors, ready to look through.
pub(super) fn lenses() -> &'static [Lens] {
    &LENSES
}

/// SHA-256 over the digests of all sub-detectors, cut to 8 bytes.
pub(super) fn digest_of_all() -> [u8; 8] {
    let digest = lenses().iter().fold(Sha256::new(), |sha, lens| sha.chain_update(lens.digest)).finalize();
    std::array::from_fn(|i| digest[i])
}

impl Lens {
    fn new(detector: &'static Detector) -> Self {
        let places = |names: &[&str]| names.iter().filter_map(|name| index_of(name)).collect::<Vec<_>>();
        let mut sha = Sha256::new();
        for feature in detector.features {
            sha.update([feature.signals.len() as u8, feature.risk() as u8]);
            for signal in feature.signals.iter().filter_map(|name| find(name)) {
                sha.update(signal.name.as_bytes());
                sha.update(signal.meaning.as_bytes());
                sha.update([0]);
            }
        }
        let digest = sha.finalize();
        Self {
            detector,
            digest: std::array::from_fn(|i| digest[i]),
            applies: detector.applies.iter().map(|group| places(group)).collect(),
            passes_over: places(detector.passes_over),
            features: detector.features.iter().map(|feature| (feature.risk(), places(feature.signals))).collect(),
        }
    }

    /// The levels of a message in the features; `None` for one to which the sub-detector does not apply.
    pub fn look(&self, signals: &Signals) -> Option<Levels> {
        let holds = |place: &usize| signals.0.get(*place).copied().flatten().is_some_and(|value| value > 0.0);
        let applies = self.applies.iter().all(|group| group.iter().any(holds)) && !self.passes_over.iter().any(holds);
        applies.then(|| Levels::of(self.features.iter().map(|(risk, places)| level(total(signals, places), *risk))))
    }
}

/// The sum of those values that are known; `None` where none is.
fn total(signals: &Signals, places: &[usize]) -> Option<f32> {
    let known = places.iter().filter_map(|place| signals.0.get(*place).copied().flatten());
    known.reduce(|sum, value| sum + value)
}

#[cfg(test)]
mod check {
    //! How a sub-detector's tests look at messages: by the name of the file they stand in.

    use super::lenses;
    use crate::evidence::fixture::Fixture;
    use crate::signals::measure;

    /// Checks the features, of those of the calling file's sub-detector (`module_path!()`), that are above their lowest
    /// level for a message; `None` where it does not apply.
    pub fn check(module: &str, message: Fixture, expected: Option<&[&str]>) {
        let name = module.trim_end_matches("::tests").rsplit("::").next().unwrap_or_default();
        let lens = lenses().iter().find(|lens| lens.detector.name == name).expect("it is in the list");
        let levels = lens.look(&measure(&message.evidence()));
        let raised = |feature: &(usize, &super::Feature)| levels.is_some_and(|levels| levels.level(feature.0) > 0);
        let features = lens.detector.features.iter().enumerate().filter(raised).map(|(_, f)| f.name);
        assert_eq!(levels.map(|_| features.collect::<Vec<_>>()).as_deref(), expected, "{name}");
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::level::FEATURES_MAX;
    use super::*;

    /// All names that a sub-detector speaks of.
    fn names(detector: &Detector) -> impl Iterator<Item = &'static str> {
        let features = detector.features.iter().flat_map(|feature| feature.signals);
        detector.applies.iter().copied().flatten().chain(detector.passes_over).chain(features).copied()
    }

    #[test]
    fn each_signal_of_a_sub_detector_exists() {
        for detector in detectors() {
            for name in names(detector) {
                assert!(index_of(name).is_some(), "{}: there is no signal {name}", detector.name);
            }
        }
    }

    #[test]
    fn each_feature_has_one_direction() {
        for detector in detectors() {
            assert!((2..=FEATURES_MAX).contains(&detector.features.len()), "{}", detector.name);
            for feature in detector.features {
                let risks: Vec<_> = feature.signals.iter().filter_map(|name| find(name)).map(|s| s.risk).collect();
                let agrees = |risk: &Risk| *risk == feature.risk() || feature.risk.is_some() && *risk == Risk::Either;
                assert!(!risks.is_empty() && risks.iter().all(agrees), "{}: {}", detector.name, feature.name);
                assert_ne!(feature.risk(), Risk::Either, "{}: {}", detector.name, feature.name);
            }
        }
    }

    #[test]
    fn a_sub_detector_is_named_as_its_file() {
        for detector in detectors() {
            let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("src/anomaly/detector/{}.rs", detector.name));
            assert!(file.is_file(), "{}", file.display());
            assert!(!detector.because.is_empty() && !detector.because.ends_with('.'), "{}", detector.name);
        }
    }

    #[test]
    fn digests_tell_sub_detectors_apart() {
        let mut digests: Vec<_> = lenses().iter().map(|lens| lens.digest).collect();
        digests.sort_unstable();
        digests.dedup();
        assert_eq!(digests.len(), detectors().len());
    }

    #[test]
    fn what_is_unknown_opens_no_gate() {
        let unknown = Signals(vec![None; crate::signals::registry().len()]);
        assert!(lenses().iter().all(|lens| lens.look(&unknown).is_none()));
        assert_eq!(total(&Signals(vec![None, Some(1.0), Some(2.0)]), &[0, 1, 2]), Some(3.0));
        assert_eq!(total(&Signals(vec![None]), &[0, 7]), None);
    }
}
