//! A share with its interval, or the word that there are not enough labels to tell.

use serde::{Serialize, Serializer};

use super::interval::{Interval, wilson};

/// Labels from which on a share is told: with fewer, even a flawless record leaves an interval of a sixth.
pub(super) const LABELS_MIN: u64 = 20;

/// A share of labelled messages.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Share {
    /// It can be told.
    Known {
        /// The share.
        share: f64,
        /// Where it lies with 95 % confidence.
        interval: Interval,
        /// On how many labels it rests.
        labels: u64,
    },
    /// There are only so many labels.
    NotEnoughLabels(u64),
}

impl Share {
    /// So many of so many.
    pub(super) fn of(hits: u64, labels: u64) -> Self {
        Self::weighted(hits as f64 / labels as f64, labels as f64, labels)
    }

    /// A share that rests on labels of different weight, as if on so many of the same.
    pub(super) fn weighted(share: f64, trials: f64, labels: u64) -> Self {
        if labels < LABELS_MIN {
            return Self::NotEnoughLabels(labels);
        }
        Self::Known { share, interval: wilson(share, trials), labels }
    }
}

impl Serialize for Share {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let object = match self {
            Self::Known { share, interval, labels } => serde_json::json!({
                "share": share, "low": interval.low, "high": interval.high, "labels": labels,
            }),
            Self::NotEnoughLabels(labels) => serde_json::json!({ "not_enough_labels": true, "labels": labels }),
        };
        object.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_needs_labels() {
        assert_eq!(Share::of(19, LABELS_MIN - 1), Share::NotEnoughLabels(LABELS_MIN - 1));
        let Share::Known { share, labels, .. } = Share::of(19, LABELS_MIN) else { panic!("enough") };
        assert_eq!((share, labels), (0.95, LABELS_MIN));
        assert_eq!(
            serde_json::to_string(&Share::of(0, 0)).expect("serialises"),
            r#"{"not_enough_labels":true,"labels":0}"#
        );
    }
}
