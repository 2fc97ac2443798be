//! Answers to questions about single objects and classes, as sections: `find`, `show`, `paths`.
//!
//! Not in the list of inspections: each needs something to look for.

mod find;
mod paths;
mod show;
mod value;

pub use find::find_section;
pub use paths::paths_section;
pub use show::show_section;
pub(super) use value::value_of;
