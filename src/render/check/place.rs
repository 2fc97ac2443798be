//! Where the code of a problem is: of the line on a stack, else of the field that holds the memory.
//!
//! A dump knows classes, not files. `com/acme/Shop.java` is how compilers lay sources out; where in a repository that lies, and on which
//! line a field is declared, tells whoever calls, with a [`FindSource`]. Classes of the JDK have no place: nobody changes them.

use crate::gate::Outcome;

/// A place in the sources.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Place {
    /// Path with `/`, relative to the root of the repository where it was found, else to that of the sources.
    pub file: String,
    /// Line, from 1.
    pub line: Option<u32>,
}

impl Place {
    /// A file and, if known, a line.
    pub fn new(file: impl Into<String>, line: Option<u32>) -> Self {
        Self { file: file.into(), line: line.filter(|&line| line > 0) }
    }
}

/// Finds a source like `com/acme/Shop.java` in the repository, and the line that declares a field of that name.
pub type FindSource<'a> = &'a dyn Fn(&str, Option<&str>) -> Option<Place>;

/// Where the code of an outcome is, if it points to code of the application.
pub(super) fn place(outcome: &Outcome, find: FindSource<'_>) -> Option<Place> {
    let on_stack = outcome.frame.as_ref().and_then(|frame| {
        let guess = source_file(&frame.class, frame.file.as_deref())?;
        let file = find(&guess, None).map_or(guess, |place| place.file);
        Some(Place::new(file, frame.line))
    });
    on_stack.or_else(|| {
        let holder = outcome.holder.as_ref()?;
        let guess = source_file(holder.class.as_deref()?, None)?;
        Some(find(&guess, holder.field.as_deref()).unwrap_or_else(|| Place::new(guess, None)))
    })
}

/// The source file of a class of the application, relative to the root of its sources.
fn source_file(class: &str, file: Option<&str>) -> Option<String> {
    const NOT_OURS: [&str; 5] = ["java.", "javax.", "jdk.", "sun.", "com.sun."];
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '$' | '-');
    let outer = class.split('$').next().filter(|outer| !outer.is_empty())?;
    if !outer.chars().all(is_name) || NOT_OURS.iter().any(|prefix| outer.starts_with(prefix)) {
        return None;
    }
    let (package, simple) = outer.rsplit_once('.').map_or(("", outer), |(package, simple)| (package, simple));
    let file = match file.filter(|file| file.chars().all(is_name)) {
        Some(file) => file.to_owned(),
        None => format!("{simple}.java"),
    };
    Some(if package.is_empty() { file } else { format!("{}/{file}", package.replace('.', "/")) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn source_files_of_the_application_only() {
        assert_eq!(source_file("com.acme.Shop$Cart", None).as_deref(), Some("com/acme/Shop.java"));
        assert_eq!(source_file("com.acme.ShopKt", Some("Shop.kt")).as_deref(), Some("com/acme/Shop.kt"));
        assert_eq!(source_file("java.util.HashMap", None), None);
        assert_eq!(source_file("../../etc/passwd", None), None);
        assert_eq!(source_file("Main", None).as_deref(), Some("Main.java"));
    }
}
