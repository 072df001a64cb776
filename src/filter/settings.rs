//! The settings of the whole path: each room's own, side by side.

use crate::mail::Organisation;
use crate::{anomaly, archive, auth, baseline, decision, feedback, health, journal, message, model, quarantine, rules};

/// The settings by which messages are filtered.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Whose mail this is.
    pub organisation: Organisation,
    /// Limits of parsing.
    pub message: message::Settings,
    /// Authentication and DNS.
    pub auth: auth::Settings,
    /// Communication baselines.
    pub baseline: baseline::Settings,
    /// The search for rare messages.
    pub anomaly: anomaly::Settings,
    /// The model.
    pub model: model::Settings,
    /// The rules.
    pub rules: rules::Settings,
    /// The health of detectors.
    pub health: health::Settings,
    /// What becomes of a message.
    pub policy: decision::Policy,
    /// The seal of held mail.
    pub quarantine: quarantine::Settings,
    /// What recipients report.
    pub feedback: feedback::Settings,
    /// Messages kept to be decided on again.
    pub archive: archive::Settings,
    /// The record of decisions.
    pub journal: journal::Settings,
}
