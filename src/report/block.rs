//! Sections and the blocks they are made of: facts, tables, trees, threads, pictures' data.

use super::{Frame, Text};
use serde::{Deserialize, Serialize};

/// Addresses are written as `"0x..."`.
pub(super) mod address {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(in super::super) fn serialize<S: Serializer>(address: &u64, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&format_args!("{address:#x}"))
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
        let text = String::deserialize(from)?;
        let digits = text.strip_prefix("0x").ok_or_else(|| D::Error::custom("an address begins with 0x"))?;
        u64::from_str_radix(digits, 16).map_err(D::Error::custom)
    }
}

/// The result of one inspection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Section {
    /// The inspection's id; its title is the message `section-ID`, its introduction `section-ID-about`.
    pub id: String,
    /// What it shows.
    pub blocks: Vec<Block>,
}

impl Section {
    /// The table of that id, if the section has one.
    pub fn table(&self, id: &str) -> Option<&Table> {
        self.blocks.iter().find_map(|block| match block {
            Block::Table(table) if table.id == id => Some(table),
            _ => None,
        })
    }
}

/// A part of a section. Blocks with an `id` become a key of that name in the JSON of a single inspection.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "block", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Block {
    /// A paragraph.
    Prose {
        /// Its words.
        text: Text,
    },
    /// Named values.
    Facts(Facts),
    /// Rows and columns.
    Table(Table),
    /// Rows that have rows below them.
    Tree(Tree),
    /// Threads with their stacks.
    Threads {
        /// The threads, most retained first.
        threads: Vec<ThreadView>,
        /// Threads that do the same.
        groups: Vec<ThreadGroup>,
    },
    /// Nested areas: a treemap or an icicle.
    Map {
        /// Key in JSON, e.g. `dominators`.
        id: String,
        /// The whole.
        root: MapNode,
    },
    /// A bar of parts.
    Bar(Bar),
}

/// Named values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// Key in JSON.
    pub id: String,
    /// The values.
    pub facts: Vec<Fact>,
}

/// A named value; the name shown is the message `fact-KEY`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fact {
    /// Key in JSON.
    pub key: String,
    /// The value.
    pub value: Cell,
}

impl Fact {
    /// A value of that name.
    pub fn new(key: &str, value: Cell) -> Self {
        Self { key: key.to_owned(), value }
    }
}

/// Which side of a column its cells lean to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// A column of a table; its heading is the message `column-KEY`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Column {
    /// Key in JSON and CSV.
    pub key: String,
    /// Side.
    pub align: Align,
}

impl Column {
    /// A column of words.
    pub fn left(key: &str) -> Self {
        Self { key: key.to_owned(), align: Align::Left }
    }

    /// A column of numbers.
    pub fn right(key: &str) -> Self {
        Self { key: key.to_owned(), align: Align::Right }
    }
}

/// A value in a table or a fact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Cell {
    /// Nothing.
    None,
    /// A size in bytes.
    Bytes(u64),
    /// A change of a size in bytes.
    BytesDelta(i64),
    /// A number of things.
    Count(u64),
    /// A change of a number of things.
    CountDelta(i64),
    /// A part of a whole, 0 to 1.
    Share(f64),
    /// Yes or no.
    Flag(bool),
    /// What something was in each of several reports, the oldest first.
    Series(Vec<u64>),
    /// The address of an object.
    Address(#[serde(with = "address")] u64),
    /// A class name as Java writes it.
    Class(String),
    /// A name, a value, a line of code: shown as it is.
    Value(String),
    /// The program's own words.
    Text(Text),
    /// One of a fixed set: a word that never changes for programs, in JSON and CSV, and what it is called for people.
    Term {
        /// The word, e.g. `leak`.
        word: String,
        /// Its name.
        text: Text,
    },
}

impl Cell {
    /// A term of that word; `id` is the message that names it.
    pub fn term(word: &str, id: &str) -> Self {
        Self::Term { word: word.to_owned(), text: Text::message(id) }
    }
}

/// Rows and columns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// Key in JSON; the caption is the message `table-ID`.
    pub id: String,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows, each with one cell for each column.
    pub rows: Vec<Vec<Cell>>,
    /// How many rows more there are.
    pub omitted: u64,
}

impl Table {
    /// Where the cells of the column of that key stand in each row, if there is such a column.
    pub fn column(&self, key: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.key == key)
    }

    /// The cells of a column from top to bottom; none if there is no such column.
    pub fn cells(&self, key: &str) -> impl Iterator<Item = &Cell> {
        let at = self.column(key);
        self.rows.iter().filter_map(move |row| row.get(at?))
    }
}

/// Rows that have rows below them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tree {
    /// Key in JSON; the caption is the message `table-ID`.
    pub id: String,
    /// The columns; the first one is indented.
    pub columns: Vec<Column>,
    /// The topmost rows.
    pub nodes: Vec<TreeNode>,
}

/// A row of a tree.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TreeNode {
    /// One cell for each column.
    pub cells: Vec<Cell>,
    /// The rows below it. The depth is bounded by whoever makes the tree.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<TreeNode>,
    /// How many rows below it were left out.
    #[serde(default)]
    pub omitted: u64,
}

/// A thread with its stack.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ThreadView {
    /// The thread object's address.
    #[serde(with = "address")]
    pub address: u64,
    /// Its name.
    pub name: String,
    /// Its class.
    #[serde(default)]
    pub class: String,
    /// `RUNNABLE`, `WAITING`, ... as `Thread.State` says, if the dump tells.
    pub state: Option<String>,
    /// Whether it is a daemon.
    pub daemon: Option<bool>,
    /// Whether it is a virtual thread.
    #[serde(rename = "virtual")]
    pub is_virtual: bool,
    /// Shallow size of the thread object.
    pub shallow_bytes: u64,
    /// What it retains, its locals and thread-locals included.
    pub retained_bytes: u64,
    /// What its local variables retain together.
    pub locals_retained_bytes: u64,
    /// What its thread-locals retain together.
    #[serde(default)]
    pub thread_locals_retained_bytes: u64,
    /// Whether it threw the OutOfMemoryError that the dump was written for.
    pub threw_oom: bool,
    /// What it waits for, in words.
    #[serde(default)]
    pub waits_for: Option<String>,
    /// Its stack, the innermost frame first.
    pub frames: Vec<FrameView>,
}

/// A frame with its local variables.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct FrameView {
    /// Where.
    #[serde(flatten)]
    pub frame: Frame,
    /// What it holds, biggest first. One object is listed once for a thread.
    pub locals: Vec<LocalView>,
}

/// A local variable.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct LocalView {
    /// The object.
    #[serde(with = "address")]
    pub address: u64,
    /// Its class.
    pub class: String,
    /// What it retains.
    pub retained_bytes: u64,
    /// Its value in words, where short.
    #[serde(default)]
    pub value: Option<String>,
}

/// Threads with the same stack, or of the same pool.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ThreadGroup {
    /// The names as a pattern, e.g. `http-nio-8080-exec-*`.
    pub pattern: String,
    /// How many.
    pub count: u64,
    /// What they retain together.
    pub retained_bytes: u64,
    /// Their common stack, innermost first.
    pub frames: Vec<Frame>,
    /// What they are doing, in words, if known.
    #[serde(rename = "doing_text", default)]
    pub doing: Option<Text>,
}

/// An area of a treemap or icicle.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct MapNode {
    /// What it is: a class, or words.
    pub label: String,
    /// The field that holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The object's address; 0 for a group of objects.
    #[serde(with = "address")]
    pub address: u64,
    /// How many objects stand here.
    pub count: u64,
    /// Its area.
    pub retained_bytes: u64,
    /// The object by itself; none of a group of objects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shallow_bytes: Option<u64>,
    /// The areas inside it; what they leave is its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub children: Vec<MapNode>,
}

/// A bar of parts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bar {
    /// Key in JSON; the caption is the message `table-ID`.
    pub id: String,
    /// The parts, in order.
    pub parts: Vec<BarPart>,
}

/// A part of a bar.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BarPart {
    /// Its name.
    #[serde(rename = "label_text")]
    pub label: Text,
    /// Its length.
    pub bytes: u64,
}
