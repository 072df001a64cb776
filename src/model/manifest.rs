//! The manifest: the JSON beside the graph that says by name what goes in, what may come out, and where it comes from.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::mail::Category;

/// The form of manifest that this program reads and writes. It rises when a reader of the old form would misread.
pub const FORMAT: u32 = 1;

/// All that is said of a model beside its graph.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Form of this file, see [`FORMAT`].
    pub format: u32,
    /// What people want to know of the model.
    pub card: Card,
    /// The score before anything is known, in log-odds.
    pub base: f32,
    /// The inputs, in the order in which the graph takes them.
    pub inputs: Vec<Input>,
    /// SHA-256 of `model.onnx`, in hexadecimal: a manifest speaks for one graph only.
    pub graph_sha256: String,
}

/// An input, and the bounds of what it can add.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Name of the signal whose value goes in.
    pub name: String,
    /// How many edges part its values into bins.
    pub edges: usize,
    /// The least it can add, in log-odds.
    pub lowest: f32,
    /// The most it can add.
    pub highest: f32,
    /// What it adds where the value is missing.
    pub missing: f32,
}

/// A model's card: name, origin, figures and limits.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// Name, stable over versions.
    pub name: String,
    /// Version; two models of one name differ in it.
    pub version: String,
    /// Day it was made, `YYYY-MM-DD`.
    pub created: String,
    /// The category the score speaks of; null means attacks of any kind.
    pub category: Option<Category>,
    /// The mail it was trained on.
    pub trained_on: TrainedOn,
    /// How points became log-odds that mean what they say.
    pub calibration: Calibration,
    /// Figures on later mail that it had not seen, by name.
    #[serde(default)]
    pub figures: BTreeMap<String, f64>,
    /// What it was not tried on and must not be trusted with.
    #[serde(default)]
    pub limits: Vec<String>,
}

/// The mail a model was trained on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainedOn {
    /// In words.
    pub description: String,
    /// Time of the first message, RFC 3339.
    pub from: String,
    /// Time of the last message, RFC 3339.
    pub until: String,
    /// How many messages of each source.
    pub sources: Vec<SourceCount>,
}

/// Messages of one source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceCount {
    /// Name of the source.
    pub name: String,
    /// Ordinary messages.
    pub ham: usize,
    /// Attacks.
    pub attacks: usize,
}

/// How scores were calibrated: `slope · raw + intercept`, already contained in the tables and the base.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    /// The share of attacks among arriving mail for which the probability is meant.
    pub attack_share: f32,
    /// Factor of the raw score.
    pub slope: f64,
    /// What was added to it.
    pub intercept: f64,
}

impl Default for Calibration {
    /// No calibration: the raw score, at even odds.
    fn default() -> Self {
        Self { attack_share: 0.5, slope: 1.0, intercept: 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Manifest {
        Manifest {
            format: FORMAT,
            card: Card { name: "first".into(), category: Some(Category::Spam), ..Card::default() },
            base: -1.000_976_6,
            inputs: vec![Input { name: "links".into(), edges: 3, lowest: -0.5, highest: 2.25, missing: 0.0 }],
            graph_sha256: "00".into(),
        }
    }

    #[test]
    fn a_manifest_survives_json() {
        let text = serde_json::to_string_pretty(&sample()).unwrap();
        assert_eq!(serde_json::from_str::<Manifest>(&text).unwrap(), sample());
    }

    #[test]
    fn every_point_survives_json() {
        for steps in -8192..=8192_i16 {
            let points = f32::from(steps) / 1024.0;
            let text = serde_json::to_string(&points).unwrap();
            assert_eq!(serde_json::from_str::<f32>(&text).unwrap(), points, "{text}");
        }
    }

    #[test]
    fn an_unknown_key_is_refused() {
        let text = serde_json::to_string(&sample()).unwrap().replacen("\"base\"", "\"bass\"", 1);
        assert!(serde_json::from_str::<Manifest>(&text).is_err());
    }
}
