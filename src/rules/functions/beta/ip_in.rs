//! `beta.ip_in`: whether an address lies in one of some networks.

use std::net::IpAddr;

use crate::mail::Network;
use crate::rules::evaluate::{Call, Value};
use crate::rules::functions::{Accepts, Body, Function, many, one};
use crate::rules::schema::Type;

/// The function.
pub const FUNCTION: Function = Function {
    name: "beta.ip_in",
    about: "whether an address lies in one of some networks",
    takes: &[one("address", Accepts::Text), many("networks", Accepts::Text)],
    gives: |_| Type::BOOLEAN,
    body: Body::Known(run),
};

fn run<'m>(call: &Call<'_, 'm>) -> Value<'m> {
    call.on_text(0, |text| {
        let Ok(address) = text.parse::<IpAddr>() else { return Value::ABSENT };
        if let Some(networks) = call.networks(1) {
            return Value::Boolean(networks.contain(address));
        }
        call.any_text(|_, network| Network::try_from(network.to_owned()).is_ok_and(|network| network.contains(address)))
    })
}
