//! `beta.profile.by_reply_to`: what is usual of the domain that replies go to.

use crate::rules::functions::profiles::{Key, profile};
use crate::rules::functions::{Body, Function};
use crate::rules::schema::Object;

/// The function.
pub const FUNCTION: Function = Function {
    name: "beta.profile.by_reply_to",
    about: "what is usual of the domain that replies go to",
    takes: &[],
    gives: |_| Object::Profile.one(),
    body: Body::Known(|call| profile(call, Key::ReplyTo)),
};
