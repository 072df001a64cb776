//! ONNX inference by tract: a manifest, inputs bound by name, a score and what each input contributed.

mod additive;
mod graph;
mod infer;
mod load;
mod manifest;
mod score;
mod settings;
mod write;

pub use additive::{Additive, INPUTS_MAX, POINTS_MAX, STEP, Table, TableError, quantised};
pub use infer::{InferError, Model};
pub use load::{LoadError, MANIFEST_BYTES_MAX, ONNX_BYTES_MAX};
pub use manifest::{Calibration, Card, FORMAT, Input, Manifest, SourceCount, TrainedOn};
pub use score::{Contribution, Score};
pub use settings::Settings;
pub use write::{WriteError, Written, write};
