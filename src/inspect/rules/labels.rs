//! What values of instances are called in Chinese (`labels.toml`). Labels that are names of fields are the same in every language.

use std::collections::BTreeMap;
use std::sync::LazyLock;

static CHINESE: LazyLock<BTreeMap<String, String>> =
    LazyLock::new(|| toml::from_str(include_str!("labels.toml")).expect("the built-in labels are tested"));

/// The label in Chinese, or as it is if it is a name.
pub(super) fn chinese(label: &str) -> &str {
    CHINESE.get(label).map_or(label, String::as_str)
}

#[cfg(test)]
mod tests {
    use super::super::RuleSet;
    use super::*;
    use std::collections::BTreeSet;

    /// A label of several words, or one that its rule gives in small letters to what is no field of that name.
    #[test]
    fn labels_that_are_words_are_there_in_chinese() {
        let rules = RuleSet::builtin();
        let labels = rules.iter().flat_map(|rule| &rule.describe).filter(|described| described.is_named);
        let words: BTreeSet<&str> = labels
            .map(|described| described.label.as_str())
            .filter(|label| !label.contains(char::is_uppercase))
            .collect();
        let missing: Vec<_> = words.iter().filter(|label| !CHINESE.contains_key(**label)).collect();
        assert!(missing.is_empty(), "{missing:?}");
        let unused: Vec<_> = CHINESE.keys().filter(|label| !words.contains(label.as_str())).collect();
        assert!(unused.is_empty(), "{unused:?}");
        let classes =
            rules.iter().flat_map(|rule| &rule.describe).filter(|described| described.label == "class");
        assert!(classes.map(|described| described.chinese_label()).all(|label| label == "类"));
    }
}
