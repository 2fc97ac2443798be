//! JSON: the whole report, and one inspection on its own.
//!
//! Owns the names that the project promises (`docs/schemas`). In the whole report each `*_text` keeps what a later run needs
//! to say it in another language, and its words stand beside it under the name without `_text`. In the JSON of one
//! inspection there are only words. Cost: one pass over the report as a tree of JSON values.

use super::text::Language;
use crate::report::{Bar, Block, Cell, Column, Facts, Report, Section, Table, Text, Tree, TreeNode};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// The report, with the words of `language` beside each text.
///
/// It is still readable as a [`Report`]: the words are extra keys.
pub fn report(report: &Report, language: Language) -> Value {
    let mut value = plain(report);
    add_words(&mut value, language);
    value
}

/// One inspection: `{"schema": "oomph/ID/1", ...}` with a key for each block that has an id.
pub fn section(section: &Section, language: Language) -> Value {
    let mut object = Map::new();
    object.insert("schema".to_owned(), format!("oomph/{}/1", section.id).into());
    let mut notes = Vec::new();
    let mut omitted = Map::new();
    for block in &section.blocks {
        match block {
            Block::Prose { text } => notes.push(Value::String(language.text(text))),
            Block::Facts(facts) => insert_facts(&mut object, facts, language),
            Block::Table(table) => {
                object.insert(table.id.clone(), table_rows(table, language));
                if table.omitted > 0 {
                    omitted.insert(table.id.clone(), table.omitted.into());
                }
            }
            Block::Tree(tree) => {
                object.insert(tree.id.clone(), tree_rows(tree, language));
            }
            Block::Threads { threads, groups } => {
                object.insert("threads".to_owned(), plain(threads));
                let mut groups = plain(groups);
                add_words(&mut groups, language);
                drop_texts(&mut groups);
                object.insert("groups".to_owned(), groups);
            }
            Block::Map { id, root } => {
                object.insert(id.clone(), plain(root));
            }
            Block::Bar(bar) => {
                object.insert(bar.id.clone(), bar_parts(bar, language));
            }
        }
    }
    if !notes.is_empty() {
        object.insert("notes".to_owned(), Value::Array(notes));
    }
    if !omitted.is_empty() {
        object.insert("omitted".to_owned(), Value::Object(omitted));
    }
    Value::Object(object)
}

/// What serde makes of pure data.
pub(super) fn plain<T: Serialize>(data: &T) -> Value {
    serde_json::to_value(data).expect("plain data with text keys has a JSON form")
}

/// Facts of the same id in several blocks become one object.
fn insert_facts(object: &mut Map<String, Value>, facts: &Facts, language: Language) {
    let entry = object.entry(facts.id.clone()).or_insert_with(|| Value::Object(Map::new()));
    if let Value::Object(values) = entry {
        for fact in &facts.facts {
            values.insert(fact.key.clone(), cell(&fact.value, language));
        }
    }
}

fn table_rows(table: &Table, language: Language) -> Value {
    table.rows.iter().map(|row| Value::Object(row_object(&table.columns, row, language))).collect()
}

fn row_object(columns: &[Column], cells: &[Cell], language: Language) -> Map<String, Value> {
    columns.iter().zip(cells).map(|(column, value)| (column.key.clone(), cell(value, language))).collect()
}

/// Whoever makes a tree bounds its depth, so recursion is safe.
fn tree_rows(tree: &Tree, language: Language) -> Value {
    fn rows(columns: &[Column], nodes: &[TreeNode], language: Language) -> Value {
        let row = |node: &TreeNode| {
            let mut object = row_object(columns, &node.cells, language);
            if !node.children.is_empty() {
                object.insert("children".to_owned(), rows(columns, &node.children, language));
            }
            if node.omitted > 0 {
                object.insert("omitted".to_owned(), node.omitted.into());
            }
            Value::Object(object)
        };
        nodes.iter().map(row).collect()
    }
    rows(&tree.columns, &tree.nodes, language)
}

fn bar_parts(bar: &Bar, language: Language) -> Value {
    bar.parts.iter().map(|part| json!({"label": language.text(&part.label), "bytes": part.bytes})).collect()
}

/// A value as JSON has it: numbers for sizes, counts and shares, strings for the rest.
fn cell(cell: &Cell, language: Language) -> Value {
    match cell {
        Cell::None => Value::Null,
        Cell::Bytes(n) | Cell::Count(n) => (*n).into(),
        Cell::BytesDelta(n) | Cell::CountDelta(n) => (*n).into(),
        Cell::Share(share) => (*share).into(),
        Cell::Flag(flag) => (*flag).into(),
        Cell::Series(values) => values.as_slice().into(),
        Cell::Address(address) => format!("{address:#x}").into(),
        Cell::Class(text) | Cell::Value(text) | Cell::Term { word: text, .. } => text.as_str().into(),
        Cell::Text(text) => language.text(text).into(),
    }
}

const TEXT: &str = "_text";

/// The words of a text, or of each of a list of them.
fn words(value: &Value, language: Language) -> Option<Value> {
    match value {
        Value::Array(texts) => texts.iter().map(|text| words(text, language)).collect(),
        Value::Null => Some(Value::Null),
        text => serde_json::from_value::<Text>(text.clone()).ok().map(|text| language.text(&text).into()),
    }
}

/// Puts the words of each `x_text` before it, as `x`. The keys of `properties` come from the dump and are no texts.
pub(super) fn add_words(value: &mut Value, language: Language) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| add_words(item, language)),
        Value::Object(object) => {
            let old = std::mem::take(object);
            for (key, mut inner) in old {
                match key.strip_suffix(TEXT).map(str::to_owned) {
                    Some(name) => {
                        if let Some(words) = words(&inner, language) {
                            object.insert(name, words);
                        }
                    }
                    None if key != "properties" => add_words(&mut inner, language),
                    None => {}
                }
                object.insert(key, inner);
            }
        }
        _ => {}
    }
}

/// Takes the `x_text` out again where only words are wanted.
pub(super) fn drop_texts(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(drop_texts),
        Value::Object(object) => {
            object.retain(|key, _| !key.ends_with(TEXT));
            object.values_mut().for_each(drop_texts);
        }
        _ => {}
    }
}
