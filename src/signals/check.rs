//! How a signal's tests measure: through the registry, by the name of the file they stand in.

use super::{index_of, measure};
use crate::evidence::fixture::Fixture;

/// Checks the value that the signal of the calling file (`module_path!()`) has for a message.
pub(super) fn check(module: &str, message: Fixture, expected: Option<f32>) {
    let name = module.trim_end_matches("::tests").rsplit("::").next().unwrap_or_default();
    let index = index_of(name).unwrap_or_else(|| panic!("{name} is missing in its level's list"));
    let value = measure(&message.evidence()).0[index];
    let same = match (value, expected) {
        (Some(value), Some(expected)) => (value - expected).abs() < 0.01,
        (value, expected) => value == expected,
    };
    assert!(
        same,
        "{name} is {value:?}, not {expected:?}, for: {:?} {:?}",
        message.message.subject, message.message.texts
    );
}
