//! The suite: whole rooms, and all of them together.

mod message;
