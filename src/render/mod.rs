//! From a report to what people and machines read. Knows nothing of snapshots.

pub mod check;
pub mod csv;
pub mod html;
pub mod json;
pub mod markdown;
pub mod terminal;
pub mod text;
mod ways;
