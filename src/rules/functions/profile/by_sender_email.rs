//! `profile.by_sender_email`: what is usual of the sender's address.

use crate::rules::functions::profiles::{Key, profile};
use crate::rules::functions::{Body, Function};
use crate::rules::schema::Object;

/// The function.
pub const FUNCTION: Function = Function {
    name: "profile.by_sender_email",
    about: "what is usual of the sender's address",
    takes: &[],
    gives: |_| Object::Profile.one(),
    body: Body::Known(|call| profile(call, Key::Email)),
};
