//! Classes by name: exact, glob, or regular expression.

use crate::ix::{ClassIx, ObjectIx};
use crate::snapshot::Snapshot;
use globset::{GlobBuilder, GlobMatcher};
use regex::Regex;

/// Which classes are meant.
#[derive(Debug, Clone)]
pub enum ClassPattern {
    /// The class of that name, or all that end in `.Name` where there is no package in it.
    Name(String),
    /// As in file names: `*` and `?`, over the whole name.
    Glob(GlobMatcher),
    /// A regular expression, found anywhere in the name.
    Regex(Regex),
}

impl ClassPattern {
    /// Reads `com.acme.Order`, `com.acme.*`, `*Factory`, `/Out.*Stream$/`.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        if let Some(expression) = text.strip_prefix('/').and_then(|rest| rest.strip_suffix('/')) {
            return Regex::new(expression).map(Self::Regex).map_err(|error| error.to_string());
        }
        if text.contains(['*', '?', '{']) {
            // Brackets are arrays here, not sets of characters.
            let escaped = text.replace('[', "\\[").replace(']', "\\]");
            let glob = GlobBuilder::new(&escaped).literal_separator(false).backslash_escape(true).build();
            return glob.map(|glob| Self::Glob(glob.compile_matcher())).map_err(|error| error.to_string());
        }
        Ok(Self::Name(text.to_owned()))
    }

    /// Whether a class of that name is meant.
    pub fn matches(&self, name: &str) -> bool {
        match self {
            Self::Name(wanted) => {
                let last = name.rsplit(['.', '$']).next().unwrap_or(name);
                name == wanted
                    || (!wanted.contains('.') && (last == wanted || name.rsplit('.').next() == Some(wanted)))
            }
            Self::Glob(glob) => glob.is_match(name),
            Self::Regex(regex) => regex.is_match(name),
        }
    }

    /// Whether it is the whole name of that class, or the name without its package.
    pub fn is_name_of(&self, class: &str) -> bool {
        matches!(self, Self::Name(wanted) if class == wanted || class.rsplit('.').next() == Some(wanted))
    }

    /// The classes that are meant.
    pub fn classes(&self, snapshot: &Snapshot) -> Vec<ClassIx> {
        let named = snapshot.classes().iter().filter(|(_, class)| self.matches(&class.name));
        named.map(|(class, _)| class).collect()
    }

    /// The objects of those classes, in the order of the dump.
    pub fn objects(&self, snapshot: &Snapshot) -> Vec<ObjectIx> {
        let mut wanted = vec![false; snapshot.classes().len()];
        self.classes(snapshot).into_iter().for_each(|class| wanted[class.index()] = true);
        snapshot.objects().filter(|&object| wanted[snapshot.class_of(object).index()]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_mean_what_people_expect() {
        let matches = |pattern: &str, name: &str| ClassPattern::parse(pattern).unwrap().matches(name);
        assert!(matches("com.acme.Order", "com.acme.Order"));
        assert!(matches("Order", "com.acme.Order"));
        assert!(matches("Order", "com.acme.Shop$Order"));
        assert!(!matches("Order", "com.acme.Orders"));
        assert!(matches("com.acme.*", "com.acme.a.B"));
        assert!(matches("*Factory", "org.x.ConnectionFactory"));
        assert!(matches("byte[]", "byte[]"));
        assert!(matches("*[]", "byte[]") && !matches("*[]", "byte"));
        assert!(matches("/Out.*Stream$/", "java.io.ByteArrayOutputStream"));
        assert!(ClassPattern::parse("/(/").is_err());
    }
}
