//! Whole rooms, and rooms together, through real parts: one binary, one file per subject.

mod arc_suite;
mod auth;
mod baseline;
mod baseline_crash;
mod dialogue;
mod dialogue_frames;
mod dialogues;
mod dns;
mod golden;
mod journal;
mod known_failures;
mod message;
mod milter_client;
mod milter_properties;
mod milter_server;
mod milter_sockets;
mod miltertest;
mod model;
mod mta;
mod quarantine;
mod signals;
mod spf_suite;
mod training;
