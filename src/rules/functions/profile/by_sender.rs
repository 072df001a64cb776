//! `profile.by_sender`: what is usual of the sender: of the address at a free mail provider, else of the domain.

use crate::rules::functions::profiles::{Key, profile};
use crate::rules::functions::{Body, Function};
use crate::rules::schema::Object;

/// The function.
pub const FUNCTION: Function = Function {
    name: "profile.by_sender",
    about: "what is usual of the sender: of the address at a free mail provider, else of the domain",
    takes: &[],
    gives: |_| Object::Profile.one(),
    body: Body::Known(|call| profile(call, Key::Sender)),
};
