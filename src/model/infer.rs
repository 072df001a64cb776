//! Runs a model on the values of one message.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
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
        guarded(|| {
            let graph = tract_onnx::onnx().model_for_proto_model(proto).map_err(said)?;
            let graph = graph.into_optimized().and_then(Graph::into_runnable).map_err(said)?;
            Ok(Self { graph, idle: Mutex::new(Vec::new()) })
        })
    }

    /// The score and the contributions.
    fn run(&self, inputs: &[f32]) -> Result<(f32, Vec<f32>), String> {
        guarded(|| self.run_unguarded(inputs))
    }

    fn run_unguarded(&self, inputs: &[f32]) -> Result<(f32, Vec<f32>), String> {
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

/// The engine panics on some damaged graphs where it should give an error; either must leave the program running.
fn guarded<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err("the engine gave up on this graph".into()))
}

#[cfg(test)]
mod tests {
    use prost::Message;
    use sha2::{Digest, Sha256};

    use super::*;
    use crate::model::load::{LoadError, hexadecimal};
    use crate::model::write::Written;
    use crate::model::write::tests::written;

    const KNOWN: [&str; 2] = ["link_count", "reply_to_differs"];

    /// Loads the sample with a changed graph or manifest, both of which agree on the graph's digest.
    fn load(graph: impl FnOnce(&mut ModelProto), manifest: impl FnOnce(&mut Manifest)) -> Result<Model, LoadError> {
        let Written { onnx, manifest: text } = written();
        let mut proto = ModelProto::decode(&onnx[..]).unwrap();
        graph(&mut proto);
        let onnx = proto.encode_to_vec();
        let mut changed: Manifest = serde_json::from_slice(&text).unwrap();
        changed.graph_sha256 = hexadecimal(&Sha256::digest(&onnx));
        manifest(&mut changed);
        Model::load(&onnx, &serde_json::to_vec(&changed).unwrap(), &KNOWN)
    }

    fn graph(proto: &mut ModelProto) -> &mut tract_onnx::pb::GraphProto {
        proto.graph.as_mut().unwrap()
    }

    #[test]
    fn a_contribution_beyond_the_manifest_is_no_score() {
        let model = load(|_| (), |manifest| manifest.inputs[0].highest = 1.0).unwrap();
        let expected = InferError::OutOfBounds { input: "link_count".into(), points: 2.0 };
        assert_eq!(model.infer(&[Some(3.0), None]), Err(expected));
        assert!(model.infer(&[Some(1.0), None]).is_ok(), "0.25 points are within its bounds");
    }

    #[test]
    fn a_score_that_is_not_its_parts_is_no_score() {
        let heavier = |proto: &mut ModelProto| {
            let base = graph(proto).initializer.iter_mut().find(|tensor| tensor.name == "base").unwrap();
            base.raw_data = 5.0_f32.to_le_bytes().to_vec();
        };
        let said = load(heavier, |_| ()).unwrap_err().to_string();
        assert!(said.contains("score is 4.875 but its parts are -1.125"), "{said}");
    }

    #[test]
    fn a_graph_that_cannot_run_does_not_load() {
        let without_a_constant = |proto: &mut ModelProto| graph(proto).initializer.truncate(1);
        assert!(matches!(load(without_a_constant, |_| ()), Err(LoadError::Graph(_))));
        let of_other_shape = |proto: &mut ModelProto| graph(proto).initializer[0].dims = vec![2, 3];
        assert!(matches!(load(of_other_shape, |_| ()), Err(LoadError::Graph(_))));
    }

    #[test]
    fn a_model_shows_its_card_and_digest() {
        let shown = format!("{:?}", load(|_| (), |_| ()).unwrap());
        assert!(shown.contains("sample") && shown.contains("digest"), "{shown}");
    }

    mod damaged {
        use proptest::prelude::*;

        use super::*;

        proptest! {
            #![proptest_config(ProptestConfig::with_cases(256))]
            #[test]
            fn graphs_are_refused_without_a_panic(hits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4)) {
                let mut files = written();
                for (place, byte) in hits {
                    let place = place.index(files.onnx.len());
                    files.onnx[place] = byte;
                }
                let mut manifest: Manifest = serde_json::from_slice(&files.manifest).unwrap();
                manifest.graph_sha256 = hexadecimal(&Sha256::digest(&files.onnx));
                let manifest = serde_json::to_vec(&manifest).unwrap();
                if let Ok(model) = Model::load(&files.onnx, &manifest, &KNOWN) {
                    let _ = model.infer(&[Some(1.0), Some(2.0)]);
                }
            }
        }
    }
}
