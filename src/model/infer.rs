//! Runs a model on the values of one message.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use tract_onnx::pb::ModelProto;
use tract_onnx::prelude::{
    Framework, Graph, InferenceModelExt, IntoRunnable, TypedRunnableModel, TypedSimpleState, tensor1, tvec,
};

use super::manifest::Manifest;
use super::score::{Contribution, Score};

/// A loaded model; may be used by any number of threads at once.
pub struct Model {
    manifest: Manifest,
    digest: String,
    /// For each input its place in the registry.
    bindings: Vec<usize>,
    engine: Engine,
}

/// Why there is no score.
#[derive(Clone, Debug, PartialEq)]
pub enum InferError {
    /// Fewer values came than the registry had names when the model was loaded.
    TooFewValues {
        /// How many came.
        have: usize,
        /// How many the model needs.
        need: usize,
    },
    /// The engine failed; what it said.
    Engine(String),
    /// An input contributed what its manifest rules out; the model must not be trusted.
    OutOfBounds {
        /// Which.
        input: String,
        /// What it contributed.
        points: f32,
    },
    /// The parts are not the score; the model must not be trusted.
    DoesNotAddUp {
        /// What the graph gave as score.
        score: f32,
        /// What base and contributions give.
        sum: f32,
    },
}

impl fmt::Display for InferError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooFewValues { have, need } => write!(f, "the model needs {need} values and got {have}"),
            Self::Engine(why) => write!(f, "the model did not run: {why}"),
            Self::OutOfBounds { input, points } => {
                write!(f, "the model gave {input} {points} points, beyond its manifest: load another model")
            }
            Self::DoesNotAddUp { score, sum } => {
                write!(f, "the model's score is {score} but its parts are {sum}: load another model")
            }
        }
    }
}

impl std::error::Error for InferError {}

impl Model {
    pub(super) fn new(manifest: Manifest, digest: String, bindings: Vec<usize>, engine: Engine) -> Self {
        Self { manifest, digest, bindings, engine }
    }

    /// Scores the values of all signals, in the registry order that the model was loaded with. A value that is not
    /// finite counts as missing. The parts of the score are its sum, bit for bit.
    pub fn infer(&self, values: &[Option<f32>]) -> Result<Score, InferError> {
        let need = self.values_needed();
        if values.len() < need {
            return Err(InferError::TooFewValues { have: values.len(), need });
        }
        let finite = |place: &usize| values[*place].filter(|value| value.is_finite());
        let inputs: Vec<f32> = self.bindings.iter().map(|place| finite(place).unwrap_or(f32::NAN)).collect();
        let (points, parts) = self.engine.run(&inputs).map_err(InferError::Engine)?;
        let mut sum = self.manifest.base;
        let mut contributions = Vec::with_capacity(inputs.len());
        for ((input, value), points) in self.manifest.inputs.iter().zip(inputs).zip(parts) {
            if !(input.lowest..=input.highest).contains(&points) {
                return Err(InferError::OutOfBounds { input: input.name.clone(), points });
            }
            sum += points;
            let value = Some(value).filter(|value| !value.is_nan());
            contributions.push(Contribution { input: input.name.clone(), value, points });
        }
        if sum != points || contributions.len() != self.bindings.len() {
            return Err(InferError::DoesNotAddUp { score: points, sum });
        }
        Ok(Score { points, base: self.manifest.base, contributions, digest: self.digest.clone() })
    }

    /// For each input its name, and the least and the most it can contribute: how far a score could move if one fact
    /// were another.
    pub fn ranges(&self) -> impl Iterator<Item = (&str, f32, f32)> {
        self.manifest.inputs.iter().map(|input| (input.name.as_str(), input.lowest, input.highest))
    }

    /// What the model says of itself.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// SHA-256 of `model.onnx` followed by `model.json`, in hexadecimal.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// How many values, in registry order, [`Model::infer`] needs at least.
    pub(super) fn values_needed(&self) -> usize {
        self.bindings.iter().map(|place| place + 1).max().unwrap_or(0)
    }
}

impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Model").field("card", &self.manifest.card).field("digest", &self.digest).finish_non_exhaustive()
    }
}

/// A graph that is ready to run, and the states of runs that ended, kept because making one costs more than running it.
pub(super) struct Engine {
    graph: Arc<TypedRunnableModel>,
    idle: Mutex<Vec<TypedSimpleState>>,
}

impl Engine {
    pub(super) fn new(proto: &ModelProto) -> Result<Self, String> {
        let said = |why: tract_onnx::prelude::TractError| format!("{why:#}");
        let graph = tract_onnx::onnx().model_for_proto_model(proto).map_err(said)?;
        let graph = graph.into_optimized().and_then(Graph::into_runnable).map_err(said)?;
        Ok(Self { graph, idle: Mutex::new(Vec::new()) })
    }

    /// The score and the contributions.
    fn run(&self, inputs: &[f32]) -> Result<(f32, Vec<f32>), String> {
        // A lock that a panic poisoned still guards a sound list: states leave it before they run.
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut state = match idle {
            Some(state) => state,
            None => self.graph.spawn().map_err(|why| format!("{why:#}"))?,
        };
        let outputs = state.run(tvec!(tensor1(inputs).into())).map_err(|why| format!("{why:#}"))?;
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(state);
        let floats = |place: usize| -> Result<Vec<f32>, String> {
            let output = outputs.get(place).ok_or("an output is missing")?;
            let view = output.to_plain_array_view::<f32>().map_err(|why| format!("{why:#}"))?;
            Ok(view.iter().copied().collect())
        };
        match floats(0)?[..] {
            [score] => Ok((score, floats(1)?)),
            _ => Err("the score is not one number".into()),
        }
    }
}
