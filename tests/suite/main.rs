//! The suite: whole rooms, and all of them together.

mod dialogue;
mod dialogue_frames;
mod dialogues;
mod milter_client;
mod milter_properties;
mod milter_server;
mod milter_sockets;
mod miltertest;
