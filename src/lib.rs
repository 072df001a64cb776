//! Kith filters mail attacks inline: it parses, authenticates, compares with what is usual, scores, decides, and says why.

pub mod admin;
pub mod anomaly;
pub mod auth;
pub mod baseline;
pub mod cli;
pub mod daemon;
pub mod decision;
pub mod evidence;
pub mod filter;
pub mod journal;
pub mod mail;
pub mod mailbox;
pub mod message;
pub mod milter;
pub mod model;
pub mod quarantine;
pub mod rules;
pub mod settings;
pub mod signals;
pub mod training;
pub mod traits;
