//! ONNX inference by tract: a manifest, inputs bound by name, a score and what each input contributed.

mod score;

pub use score::{Contribution, Score};
