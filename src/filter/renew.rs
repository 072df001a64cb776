//! The rules of the filter, and how they are taken anew when their files change.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use log::error;

use super::{Filter, Settings};
use crate::rules::InForce;

impl Filter {
    /// The rules of these settings; `None` where there are none or they cannot be read, which the log says.
    pub(super) fn rules_of(
        &self,
        settings: &Settings,
        state: Option<&Path>,
        before: Option<&InForce>,
    ) -> Option<Arc<InForce>> {
        let read = InForce::reopen(&settings.rules, &settings.organisation, state, before);
        match read {
            Ok(rules) => rules.map(Arc::new),
            Err(fault) => {
                error!("degraded: the rules cannot be used: {fault}");
                None
            }
        }
    }

    /// How often it is looked whether the rules have changed; `None` where it is not.
    pub fn looks_every(&self) -> Option<Duration> {
        self.rules.as_ref()?.look_seconds().map(Duration::from_secs)
    }

    /// The same filter with the rules anew, where their files have changed. Reading them takes a second: not for a thread
    /// of the mail.
    pub fn renewed(&self) -> Option<Self> {
        let rules = self.rules.as_ref()?.changed()?;
        let next = self.with_rules(Arc::new(rules));
        next.declare();
        Some(next)
    }
}
