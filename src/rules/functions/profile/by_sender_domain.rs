//! `profile.by_sender_domain`: what is usual of the sender's domain.

use crate::rules::functions::profiles::{Key, profile};
use crate::rules::functions::{Body, Function};
use crate::rules::schema::Object;

/// The function.
pub const FUNCTION: Function = Function {
    name: "profile.by_sender_domain",
    about: "what is usual of the sender's domain",
    takes: &[],
    gives: |_| Object::Profile.one(),
    body: Body::Known(|call| profile(call, Key::Domain)),
};
