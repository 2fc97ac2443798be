//! From a report to what people and machines read. Knows nothing of snapshots.

pub mod html;
pub mod json;
pub mod text;
