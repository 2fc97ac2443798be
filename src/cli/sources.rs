//! Sources of the application below the working directory, for annotations of CI systems: only paths of the repository show up at the code.
//!
//! A class is looked for where build tools lay sources out (`src/main/java`, `src/main/kotlin`, ...), in the working directory and in
//! modules up to two folders below it. Cost: a listing of those folders once, then some `stat` for each problem.

use crate::render::check::Place;
use std::path::{Path, PathBuf};

/// Languages of the virtual machine, as folders and as endings.
const LANGUAGES: [(&str, &str); 4] =
    [("java", "java"), ("kotlin", "kt"), ("scala", "scala"), ("groovy", "groovy")];

/// A source larger than this is not searched for a field.
const READ: u64 = 8 << 20;

/// The folders that sources are in.
pub(super) struct Sources {
    base: PathBuf,
    roots: Vec<PathBuf>,
}

impl Sources {
    /// Of a repository checked out at `base`.
    pub(super) fn below(base: &Path) -> Self {
        let mut modules = vec![PathBuf::new()];
        let mut level = modules.clone();
        for _ in 0..2 {
            level = level.iter().flat_map(|module| folders(base, module)).collect();
            modules.extend(level.iter().cloned());
        }
        let of_module = |module: &PathBuf| {
            let sets = ["main", "test"].into_iter();
            let sets = sets.flat_map(|set| LANGUAGES.map(|(language, _)| format!("src/{set}/{language}")));
            let roots = sets.chain(["src".to_owned(), String::new()]);
            roots.map(|root| module.join(root)).collect::<Vec<_>>()
        };
        let roots = modules.iter().flat_map(of_module);
        let roots = roots.filter(|root| base.join(root).is_dir()).collect();
        Self { base: base.to_owned(), roots }
    }

    /// The place of `com/acme/Shop.java` in the repository, on the line that declares `field`.
    pub(super) fn find(&self, guess: &str, field: Option<&str>) -> Option<Place> {
        let endings = LANGUAGES.iter().map(|(_, ending)| Path::new(guess).with_extension(ending));
        let names: Vec<PathBuf> = std::iter::once(PathBuf::from(guess)).chain(endings).collect();
        let files = self.roots.iter().flat_map(|root| names.iter().map(move |name| root.join(name)));
        let file = files.into_iter().find(|file| self.base.join(file).is_file())?;
        let line = field.and_then(|field| {
            let path = self.base.join(&file);
            let is_small = path.metadata().is_ok_and(|data| data.len() <= READ);
            let text = if is_small { std::fs::read_to_string(path).ok()? } else { return None };
            declaration(&text, field)
        });
        let parts: Vec<_> = file.iter().map(|part| part.to_string_lossy()).collect();
        Some(Place::new(parts.join("/"), line))
    }
}

/// Folders that may be modules, by name.
fn folders(base: &Path, module: &Path) -> Vec<PathBuf> {
    const OTHERS: [&str; 5] = ["src", "target", "build", "out", "node_modules"];
    let Ok(entries) = std::fs::read_dir(base.join(module)) else {
        return Vec::new();
    };
    let is_folder = |entry: &std::fs::DirEntry| entry.file_type().is_ok_and(|kind| kind.is_dir());
    let mut found: Vec<PathBuf> = entries
        .flatten()
        .filter(is_folder)
        .map(|entry| entry.file_name())
        .filter(|name| !name.to_string_lossy().starts_with('.') && !OTHERS.iter().any(|other| name == other))
        .map(|name| module.join(name))
        .collect();
    found.sort();
    found
}

/// The first line on which the name stands alone before `=`, `;`, `,` or `:`, as declarations have it. No parser: comments count too.
fn declaration(text: &str, field: &str) -> Option<u32> {
    let is_of_name = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let declares = |line: &str| {
        line.match_indices(field).any(|(at, _)| {
            let (before, after) = (&line[..at], line[at + field.len()..].trim_start());
            // A type or a keyword stands before it; `this.field = x` and `other.field = x` are uses.
            before.ends_with(char::is_whitespace)
                && before.trim_end().ends_with(|c| is_of_name(c) || c == '>' || c == ']')
                && after.starts_with(['=', ';', ',', ':'])
        })
    };
    let at = text.lines().position(declares)?;
    u32::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_found_in_the_module_that_has_its_class() {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        let shop = "class Shop {\n  void f() { PENDING = null; x.PENDING = 1; int MY_PENDING = 2; }\n  \
                    static final Map<Long, Order> PENDING = new HashMap<>();\n}\n";
        write("services/shop/src/main/java/com/acme/Shop.java", shop);
        write("target/src/main/java/com/acme/Shop.java", "");
        write("src/main/kotlin/com/acme/Cart.kt", "object Cart {\n  val items: List<Item>\n}\n");
        let sources = Sources::below(folder.path());
        let shop = "services/shop/src/main/java/com/acme/Shop.java";
        assert_eq!(sources.find("com/acme/Shop.java", Some("PENDING")), Some(Place::new(shop, Some(3))));
        assert_eq!(sources.find("com/acme/Shop.java", Some("GONE")), Some(Place::new(shop, None)));
        let cart = "src/main/kotlin/com/acme/Cart.kt";
        assert_eq!(sources.find("com/acme/Cart.java", Some("items")), Some(Place::new(cart, Some(2))));
        assert_eq!(sources.find("com/acme/None.java", None), None);
    }
}
