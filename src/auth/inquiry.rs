//! The DNS questions of one message, which share its time.

use std::sync::Arc;
use std::time::Instant;

use super::resolver::{Answer, Kind, Resolver};

/// One message's access to DNS: after the deadline every question fails at once, so every check comes to its end.
#[derive(Clone, Copy)]
pub(super) struct Inquiry<'a> {
    resolver: &'a Resolver,
    deadline: Instant,
}

impl<'a> Inquiry<'a> {
    /// Questions that must be answered by `deadline`.
    pub(super) fn new(resolver: &'a Resolver, deadline: Instant) -> Self {
        Self { resolver, deadline }
    }

    /// Asks one question.
    pub(super) async fn ask(&self, kind: Kind, name: &str) -> Arc<Answer> {
        self.resolver.ask(kind, name, self.deadline).await
    }

    /// Asks the same kind for several names at once; answers in their order.
    pub(super) async fn ask_all(&self, kind: Kind, names: &[String]) -> Vec<Arc<Answer>> {
        self.resolver.ask_all(kind, names, self.deadline).await
    }
}
