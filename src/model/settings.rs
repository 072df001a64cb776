//! What an administrator may set about the model.

use serde::{Deserialize, Serialize};

/// Which model scores mail.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Folder that holds `model.onnx` and `model.json`. Empty, the default, is the model that came with the program, so
    /// that a fresh installation scores without a download.
    pub path: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_set_means_the_model_that_came_with_the_program() {
        assert_eq!(serde_json::from_str::<Settings>("{}").unwrap(), Settings { path: String::new() });
    }

    #[test]
    fn a_misspelt_key_is_refused() {
        assert!(serde_json::from_str::<Settings>(r#"{"paht": "/var/lib/kith/model"}"#).is_err());
    }
}
