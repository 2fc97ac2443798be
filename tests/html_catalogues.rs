//! The English and the Chinese catalogue have the same messages with the same arguments, and every message that the sources name.

#![expect(clippy::unwrap_used, reason = "a helper of a test may fail like a test")]

use oomph::render::text::Language;
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Message ids with the arguments that they use.
fn messages(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let argument = Regex::new(r"\{\s*\$([a-zA-Z][\w-]*)").unwrap();
    let head = Regex::new(r"^([a-zA-Z][\w-]*)\s*=").unwrap();
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut id = String::new();
    for line in language.catalogue().lines().filter(|line| !line.starts_with('#')) {
        if let Some(name) = head.captures(line) {
            id = name[1].to_owned();
            found.entry(id.clone()).or_default();
        }
        for name in argument.captures_iter(line) {
            found.get_mut(&id).expect("a message before its lines").insert(name[1].to_owned());
        }
    }
    found
}

#[test]
fn both_catalogues_have_the_same_messages_and_arguments() {
    let [en, zh] = Language::ALL.map(messages);
    let only = |a: &BTreeMap<String, BTreeSet<String>>, b: &BTreeMap<String, BTreeSet<String>>| {
        a.keys().filter(|id| !b.contains_key(*id)).cloned().collect::<Vec<_>>()
    };
    assert_eq!(only(&en, &zh), Vec::<String>::new(), "in en.ftl, not in zh.ftl");
    assert_eq!(only(&zh, &en), Vec::<String>::new(), "in zh.ftl, not in en.ftl");
    for (id, arguments) in &en {
        // Chinese has no plural, so a count may be all that a message needs in English.
        assert!(zh[id].is_subset(arguments), "{id}: zh uses {:?}, en {arguments:?}", zh[id]);
        assert!(arguments.is_subset(&zh[id]), "{id}: en uses {arguments:?}, zh {:?}", zh[id]);
    }
}

#[test]
fn every_message_that_the_sources_name_exists() {
    let calls = [
        (Regex::new(r#"(?:Text::message|Text::with|\.message)\(\s*"([^"]+)""#).unwrap(), ""),
        (Regex::new(r#"Cell::term\(\s*[\w".]+,\s*"([^"]+)""#).unwrap(), ""),
        (Regex::new(r#"Column::(?:left|right)\(\s*"([^"]+)""#).unwrap(), "column-"),
        (Regex::new(r#"Fact\s*\{\s*key:\s*"([^"]+)""#).unwrap(), "fact-"),
        (Regex::new(r#"Fact::new\(\s*"([^"]+)""#).unwrap(), "fact-"),
    ];
    let mut missing = BTreeSet::new();
    let mut named = 0;
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            if path.extension().is_none_or(|ending| ending != "rs") {
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap();
            // Tests may name what does not exist.
            let source = source.split("#[cfg(test)]").next().unwrap();
            for (call, prefix) in &calls {
                for id in call.captures_iter(source) {
                    let id = format!("{prefix}{}", &id[1]);
                    named += 1;
                    if !Language::ALL.iter().all(|language| language.has(&id)) {
                        missing.insert(format!("{id} ({})", path.display()));
                    }
                }
            }
        }
    }
    let missing: Vec<String> = missing.into_iter().collect();
    assert!(missing.is_empty(), "messages in the sources but not in locales/*.ftl:\n{}", missing.join("\n"));
    println!("{named} messages named");
}

#[test]
fn every_kind_of_root_has_words() {
    use oomph::hprof::RootTag::*;
    let kinds = [
        JniGlobal,
        JniLocal,
        JavaFrame,
        NativeStack,
        StickyClass,
        ThreadBlock,
        MonitorUsed,
        ThreadObject,
        InternedString,
        Finalizing,
        Debugger,
        ReferenceCleanup,
        VmInternal,
        JniMonitor,
        Unreachable,
        Unknown,
    ];
    for words in kinds.map(|kind| kind.words()).into_iter().chain(["class", "class of a.Loader"]) {
        let text = oomph::render::text::root_kind(words);
        assert!(matches!(text, oomph::report::Text::Message { .. }), "{words}: {text:?}");
    }
}
