//! Loads a model: the files are bounded, belong together, ask only for known inputs, and answer as they say.

use std::collections::HashMap;
use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::Settings;
use super::additive::{INPUTS_MAX, POINTS_MAX, is_exact};
use super::graph::decode;
use super::infer::{Engine, Model};
use super::manifest::{FORMAT, Input, Manifest};

/// The most bytes of `model.onnx`: the largest additive model (1,000 inputs, 255 edges each) has 2 MB.
pub const ONNX_BYTES_MAX: usize = 8 << 20;

/// The most bytes of `model.json`: 1,000 inputs take 150 KB.
pub const MANIFEST_BYTES_MAX: usize = 1 << 20;

/// Names longer than this are not compared with the known ones, which are all shorter.
const NAME_BYTES_MAX: usize = 64;

/// Why a model did not load.
#[derive(Debug, PartialEq)]
pub enum LoadError {
    /// A file could not be read.
    Unreadable {
        /// Which.
        path: PathBuf,
        /// What the system said.
        why: String,
    },
    /// A file is larger than any model needs.
    TooLarge {
        /// `model.onnx` or `model.json`.
        file: &'static str,
        /// The limit.
        bytes_max: usize,
    },
    /// The manifest is not what a manifest is.
    Manifest(String),
    /// The manifest has a form of another version of this program.
    Format(u32),
    /// The graph is not the one of which the manifest speaks.
    GraphDiffers,
    /// The model asks for an input that this program does not know.
    UnknownInput {
        /// Its name.
        input: String,
        /// The known name most like it.
        nearest: Option<String>,
    },
    /// The graph has not the form of a model, or does not answer as its manifest says.
    Graph(String),
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { path, why } => {
                write!(f, "cannot read {}: {why}; a model's folder holds model.onnx and model.json", path.display())
            }
            Self::TooLarge { file, bytes_max } => write!(f, "{file} is larger than {bytes_max} bytes: it is no model"),
            Self::Manifest(why) => write!(f, "model.json is not a manifest: {why}"),
            Self::Format(format) => {
                write!(f, "model.json has form {format}, this program reads {FORMAT}: train the model again")
            }
            Self::GraphDiffers => f.write_str("model.json was not written for this model.onnx: copy both files again"),
            Self::UnknownInput { input, nearest } => {
                write!(f, "the model asks for `{input}`, which is no signal of this version")?;
                nearest.iter().try_for_each(|name| write!(f, " (the nearest is `{name}`)"))?;
                f.write_str("; use the model that came with this version, or train again")
            }
            Self::Graph(why) => write!(f, "model.onnx does not fit: {why}; train the model again"),
        }
    }
}

impl std::error::Error for LoadError {}

impl Model {
    /// Loads a model from the bytes of `model.onnx` and `model.json`. `known` are the names of all signals in registry
    /// order, the order of the values that [`Model::infer`] takes.
    pub fn load(onnx: &[u8], manifest: &[u8], known: &[&str]) -> Result<Self, LoadError> {
        within("model.onnx", onnx.len(), ONNX_BYTES_MAX)?;
        within("model.json", manifest.len(), MANIFEST_BYTES_MAX)?;
        let digest = hexadecimal(&Sha256::new().chain_update(onnx).chain_update(manifest).finalize());
        let manifest: Manifest =
            serde_json::from_slice(manifest).map_err(|why| LoadError::Manifest(why.to_string()))?;
        if manifest.format != FORMAT {
            return Err(LoadError::Format(manifest.format));
        }
        if manifest.graph_sha256 != hexadecimal(&Sha256::digest(onnx)) {
            return Err(LoadError::GraphDiffers);
        }
        check_bounds(&manifest)?;
        let bindings = bind(&manifest.inputs, known)?;
        let proto = decode(onnx, manifest.inputs.len()).map_err(LoadError::Graph)?;
        let engine = Engine::new(&proto).map_err(LoadError::Graph)?;
        let model = Self::new(manifest, digest, bindings, engine);
        model.answers_as_it_says().map_err(LoadError::Graph)?;
        Ok(model)
    }

    /// Loads the model that the settings name: a folder, or the one that came with the program.
    pub fn open(settings: &Settings, known: &[&str]) -> Result<Self, LoadError> {
        if settings.path.is_empty() {
            let onnx = include_bytes!("../../models/kith/model.onnx");
            let manifest = include_bytes!("../../models/kith/model.json");
            return Self::load(onnx, manifest, known);
        }
        Self::load_from(Path::new(&settings.path), known)
    }

    /// Loads `model.onnx` and `model.json` from a folder.
    pub fn load_from(folder: &Path, known: &[&str]) -> Result<Self, LoadError> {
        let onnx = read(folder, "model.onnx", ONNX_BYTES_MAX)?;
        let manifest = read(folder, "model.json", MANIFEST_BYTES_MAX)?;
        Self::load(&onnx, &manifest, known)
    }

    /// A message of which nothing is known must score as the manifest says; that also proves that the engine runs the
    /// graph before the first message depends on it.
    fn answers_as_it_says(&self) -> Result<(), String> {
        let score = self.infer(&vec![None; self.values_needed()]).map_err(|why| why.to_string())?;
        let missing = self.manifest().inputs.iter().map(|input| input.missing);
        if score.contributions.iter().map(|part| part.points).eq(missing) && score.base == self.manifest().base {
            Ok(())
        } else {
            Err("it does not answer as its manifest says".into())
        }
    }
}

fn within(file: &'static str, bytes: usize, bytes_max: usize) -> Result<(), LoadError> {
    if bytes > bytes_max { Err(LoadError::TooLarge { file, bytes_max }) } else { Ok(()) }
}

fn read(folder: &Path, file: &'static str, bytes_max: usize) -> Result<Vec<u8>, LoadError> {
    let path = folder.join(file);
    let mut bytes = Vec::new();
    // One byte more than allowed tells "too large" without reading what a mistaken path may hold.
    File::open(&path)
        .and_then(|open| open.take(bytes_max as u64 + 1).read_to_end(&mut bytes))
        .map_err(|why| LoadError::Unreadable { path, why: why.to_string() })?;
    within(file, bytes.len(), bytes_max)?;
    Ok(bytes)
}

fn check_bounds(manifest: &Manifest) -> Result<(), LoadError> {
    if !(1..=INPUTS_MAX).contains(&manifest.inputs.len()) {
        return Err(LoadError::Manifest(format!("it has {} inputs, not 1 to {INPUTS_MAX}", manifest.inputs.len())));
    }
    let is_bounded = |input: &Input| {
        let bounds = [input.lowest, input.missing, input.highest];
        bounds.iter().all(|points| is_exact(*points)) && bounds.is_sorted()
    };
    if !is_exact(manifest.base) {
        return Err(LoadError::Manifest(format!("its base is no multiple of 1/1024 within ±{POINTS_MAX}")));
    }
    match manifest.inputs.iter().find(|input| !is_bounded(input)) {
        None => Ok(()),
        Some(Input { name, .. }) => Err(LoadError::Manifest(format!(
            "input {name} needs lowest ≤ missing ≤ highest, multiples of 1/1024 within ±{POINTS_MAX}"
        ))),
    }
}

/// Where each input stands in the registry.
fn bind(inputs: &[Input], known: &[&str]) -> Result<Vec<usize>, LoadError> {
    let mut places: HashMap<&str, usize> = known.iter().enumerate().map(|(place, name)| (*name, place)).collect();
    let place = |input: &Input| match places.remove(input.name.as_str()) {
        Some(place) => Ok(place),
        None if known.contains(&input.name.as_str()) => {
            Err(LoadError::Manifest(format!("input {} stands there twice", input.name)))
        }
        None => Err(LoadError::UnknownInput { input: input.name.clone(), nearest: nearest(&input.name, known) }),
    };
    inputs.iter().map(place).collect()
}

fn nearest(name: &str, known: &[&str]) -> Option<String> {
    if name.len() > NAME_BYTES_MAX {
        return None;
    }
    known.iter().min_by_key(|other| distance(name.as_bytes(), other.as_bytes())).map(|other| (*other).into())
}

/// How many bytes must be added, removed or changed to make one name the other (Levenshtein).
fn distance(a: &[u8], b: &[u8]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let changed = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

/// Bytes as lower-case hexadecimal.
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::write::Written;
    use crate::model::write::tests::written;

    const KNOWN: [&str; 3] = ["reply_to_differs", "link_count", "sender_is_new"];

    fn load(files: &Written, known: &[&str]) -> Result<(), LoadError> {
        Model::load(&files.onnx, &files.manifest, known).map(|_| ())
    }

    fn with(from: &str, to: &str) -> Result<(), LoadError> {
        let mut files = written();
        let text = String::from_utf8(files.manifest).unwrap();
        assert!(text.contains(from), "{text}");
        files.manifest = text.replacen(from, to, 1).into_bytes();
        load(&files, &KNOWN)
    }

    #[track_caller]
    fn check(got: Result<(), LoadError>, expected: &str) {
        let said = got.unwrap_err().to_string();
        assert!(said.contains(expected), "{said:?} does not contain {expected:?}");
    }

    #[test]
    fn a_model_loads_whatever_else_the_registry_holds() {
        assert_eq!(load(&written(), &KNOWN), Ok(()));
        assert_eq!(load(&written(), &["x", "link_count", "y", "reply_to_differs"]), Ok(()));
    }

    #[test]
    fn a_model_that_asks_for_an_unknown_signal_does_not_load() {
        let got = load(&written(), &["reply_to_differ", "link_counts"]);
        let expected = LoadError::UnknownInput { input: "link_count".into(), nearest: Some("link_counts".into()) };
        assert_eq!(got, Err(expected));
        check(load(&written(), &["link_count", "reply_to_differ"]), "the nearest is `reply_to_differ`");
        check(load(&written(), &[]), "which is no signal of this version; use");
    }

    #[test]
    fn only_names_of_sane_length_are_compared() {
        assert_eq!(nearest(&"a".repeat(NAME_BYTES_MAX), &KNOWN).as_deref().map(str::is_empty), Some(false));
        assert_eq!(nearest(&"a".repeat(NAME_BYTES_MAX + 1), &KNOWN), None);
    }

    #[test]
    fn distances_are_levenshteins() {
        for (a, b, expected) in [("", "abc", 3), ("abc", "", 3), ("kitten", "sitting", 3), ("same", "same", 0)] {
            assert_eq!(distance(a.as_bytes(), b.as_bytes()), expected, "{a} {b}");
        }
    }

    #[test]
    fn a_manifest_speaks_for_one_graph_only() {
        let mut files = written();
        files.onnx.extend_from_slice(b"\x2a\x01x");
        assert_eq!(load(&files, &KNOWN), Err(LoadError::GraphDiffers));
    }

    #[test]
    fn a_manifest_must_tell_the_truth() {
        check(with("\"format\": 1", "\"format\": 2"), "has form 2");
        check(with("\"base\": -1.0", "\"base\": -1.0001"), "base is no multiple");
        check(with("\"base\": -1.0", "\"base\": -2.0"), "score is -1.125 but its parts are -2.125");
        check(with("\"missing\": -0.125", "\"missing\": 0.0"), "does not answer as its manifest says");
        check(with("\"lowest\": -0.5", "\"lowest\": 0.5"), "link_count needs lowest ≤ missing");
        check(with("reply_to_differs", "link_count"), "link_count stands there twice");
        check(with("\"card\"", "\"cart\""), "unknown field `cart`");
    }

    #[test]
    fn files_have_a_limit() {
        let large = |onnx, manifest| Model::load(&vec![0; onnx], &vec![0; manifest], &KNOWN).map(|_| ()).unwrap_err();
        let too_large = |file, bytes_max| LoadError::TooLarge { file, bytes_max };
        assert_eq!(large(ONNX_BYTES_MAX + 1, 0), too_large("model.onnx", ONNX_BYTES_MAX));
        assert_eq!(large(ONNX_BYTES_MAX, MANIFEST_BYTES_MAX + 1), too_large("model.json", MANIFEST_BYTES_MAX));
        assert!(matches!(large(ONNX_BYTES_MAX, MANIFEST_BYTES_MAX), LoadError::Manifest(_)));
    }

    #[test]
    fn a_folder_holds_both_files() {
        let folder = tempfile::tempdir().unwrap();
        let files = written();
        check(Model::load_from(folder.path(), &KNOWN).map(|_| ()), "model.onnx: ");
        std::fs::write(folder.path().join("model.onnx"), &files.onnx).unwrap();
        check(Model::load_from(folder.path(), &KNOWN).map(|_| ()), "a model's folder holds model.onnx and model.json");
        std::fs::write(folder.path().join("model.json"), &files.manifest).unwrap();
        let model = Model::load_from(folder.path(), &KNOWN).unwrap();
        let both = [files.onnx, files.manifest].concat();
        assert_eq!(model.digest(), hexadecimal(&Sha256::digest(both)), "the digest of `cat model.onnx model.json`");
    }
}
