//! `network.whois`: who registered a domain, and when.

use crate::rules::functions::{Accepts, Body, Function, one};
use crate::rules::schema::Object;

/// The function.
pub const FUNCTION: Function = Function {
    name: "network.whois",
    about: "who registered a domain, and when",
    takes: &[one("domain", Accepts::Domain)],
    gives: |_| Object::Whois.one(),
    body: Body::Lacks("registries are not asked"),
};
