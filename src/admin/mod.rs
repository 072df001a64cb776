//! The web pages and their JSON: what the daemon shows to people and programs, on loopback.

mod activity;
mod api;
mod console;
mod defang;
mod exposition;
mod framed;
mod gates;
mod guard;
mod held;
mod index;
mod labels;
mod limiter;
mod listener;
mod pages;
mod password;
mod reply;
mod reports;
mod routes;
mod secret;
mod server;
mod sessions;
mod settings;
mod shown;
mod users;
mod viewed;

pub use console::{Counting, Shown};
pub use server::Admin;
pub use settings::Settings;
pub use users::{Kind, Role, Token, User, Users, UsersFault};
