//! The formats that machines read, checked against their schemas, with names in the dump that attack each of them; the gate; and
//! the commands that write them, on committed dumps.

#![expect(clippy::unwrap_used, reason = "a helper of a test may fail like a test")]

mod check;
mod commands;
mod gate;
mod growth;
mod json;
mod limits;
mod recipes;
mod sample;
mod terminal;
mod unfinished;
