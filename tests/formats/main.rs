//! The formats that machines read, checked against their schemas, with names in the dump that attack each of them.

#![expect(clippy::unwrap_used, reason = "a helper of a test may fail like a test")]

mod json;
mod sample;
