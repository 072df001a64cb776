//! `ml.attack_score`: a verdict on the whole message.

use crate::rules::functions::{Body, Function};
use crate::rules::schema::Object;

/// The function.
pub const FUNCTION: Function = Function {
    name: "ml.attack_score",
    about: "a verdict on the whole message",
    takes: &[],
    gives: |_| Object::AttackScore.one(),
    body: Body::Lacks("rules are asked before the score is known"),
};
