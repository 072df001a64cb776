//! `beta.fuzzy_attack_score`: older name of ml.attack_score.

use crate::rules::functions::{Body, Function};
use crate::rules::schema::Object;

/// The function.
pub const FUNCTION: Function = Function {
    name: "beta.fuzzy_attack_score",
    about: "older name of ml.attack_score",
    takes: &[],
    gives: |_| Object::AttackScore.one(),
    body: Body::Lacks("rules are asked before the score is known"),
};
