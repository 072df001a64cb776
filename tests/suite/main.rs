//! The suite: whole rooms, and the whole path through real MTAs.

mod mta;
