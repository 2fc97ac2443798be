//! The report: pure data, the one thing that inspections write and that renderers and gates read.
//!
//! Owns the shapes and their JSON form. Knows nothing of snapshots, terminals or HTML; holds no number that is not plain
//! (sizes in bytes, addresses as `u64`). A report grows with the classes of a heap, not with its objects: whoever fills a
//! list caps it and says in `omitted` how much was left out.
//!
//! Serialised with serde this is the file of `oomph analyze --json`; fields that hold a [`Text`] are called `*_text` there, and
//! the JSON renderer adds the plain string under the name without `_text`.

mod block;
mod facts;
pub mod figures;
mod fingerprint;
mod path_graph;
mod read;
mod suspect;
mod text;
mod told;
mod written;

pub use block::{
    Align, Bar, BarPart, Block, Cell, Column, Fact, Facts, FrameView, LocalView, MapNode, Section, Table,
    ThreadGroup, ThreadView, Tree, TreeNode,
};
pub use facts::{
    Certified, Confidence, DamageNote, DumpFacts, Finalizable, GarbageOf, HeapFacts, JvmFacts, LOST_ROOTS,
    LayoutFacts, NoGarbage, Oom, OomRole, Outside, OutsideKind, SoftReach, Tool, Unreached, Verdict,
};
pub use fingerprint::{Fingerprint, normalise_class, normalise_thread, thread_pattern};
pub use path_graph::{PathEdge, PathGraph, PathNode};
pub use read::ReadReportError;
pub use suspect::{
    ALIKE, AS_MADE, AccumulationPoint, COMPARE, COMPARE_EMPTIED, COMPARE_QUEUE, ELEMENTS_OF_CLASSES, EMPTIED,
    FIXED, FULL_ARRAYS, FULL_QUEUE, Finding, Frame, Holder, HolderKind, HolderShare, LOCAL,
    MADE_BY_APPLICATION, OF_LIBRARY, OF_SEVERAL, ORDINARY, OTHER_ARRAYS, OWN_LIMIT, PathStep, Pattern,
    ROOM_IN_QUEUE, SHARED, STARVED, Severity, Share, Standing, Suspect, SuspectKind, THROWN_EARLIER,
    UNTIL_DUE,
};
pub use text::{Arg, NamedValue, Text};
pub use told::{ALIKE_MAKING, DIRECT_MEMORY};
pub(crate) use written::{written_field, written_way};

use serde::{Deserialize, Serialize};

/// The `schema` of a report's JSON.
pub const SCHEMA: &str = "oomph/report/1";

/// Everything that `oomph analyze` found out about one dump.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Report {
    /// [`SCHEMA`].
    pub schema: String,
    /// The program that wrote it.
    pub tool: Tool,
    /// The file.
    pub dump: DumpFacts,
    /// The virtual machine that wrote the dump.
    pub jvm: JvmFacts,
    /// Totals.
    pub heap: HeapFacts,
    /// What happened, in one or two sentences.
    pub verdict: Verdict,
    /// The OutOfMemoryError that the dump bears witness of.
    pub oom: Option<Oom>,
    /// What holds much memory, most to blame first.
    pub suspects: Vec<Suspect>,
    /// What rules and inspections found, most severe first.
    pub findings: Vec<Finding>,
    /// The result of each inspection that ran, in the order in which a person would read them; an object by id in JSON.
    #[serde(with = "by_id")]
    pub inspections: Vec<Section>,
}

impl Report {
    /// What may be said of the objects that no root reaches.
    pub fn unreached(&self) -> Unreached {
        match (self.heap.unmounted_threads, self.heap.class_value_bytes) {
            _ if self.dump.has_lost_holders() => Unreached::RootsLost,
            (0, 0) => Unreached::Garbage,
            (0, _) => Unreached::ClassValues,
            _ => Unreached::UnmountedThreads,
        }
    }

    /// What there is outside of the heap, in sentences, without what the verdict or a suspect says already.
    pub fn outside_to_tell(&self) -> impl Iterator<Item = Text> + '_ {
        let is_told = |outside: &Outside| {
            let words = outside.words_alone();
            self.suspects.iter().any(|suspect| suspect.activity.contains(&words))
        };
        let sentences = self.heap.outside.iter().filter(move |outside| !is_told(outside)).map(Outside::words);
        sentences.filter(|sentence| !self.verdict.sentences.contains(sentence))
    }

    /// A report with the given facts and nothing found yet.
    pub fn new(dump: DumpFacts, jvm: JvmFacts, heap: HeapFacts) -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            tool: Tool::own(),
            dump,
            jvm,
            heap,
            verdict: Verdict::default(),
            oom: None,
            suspects: Vec::new(),
            findings: Vec::new(),
            inspections: Vec::new(),
        }
    }

    /// Puts the findings in order: the most severe first, then those that concern most memory.
    pub fn sort_findings(&mut self) {
        self.findings.sort_by(|a, b| {
            let key = |f: &Finding| (std::cmp::Reverse(f.severity), std::cmp::Reverse(f.bytes));
            key(a).cmp(&key(b)).then_with(|| a.id.cmp(&b.id)).then_with(|| a.fingerprint.cmp(&b.fingerprint))
        });
    }

    /// The section of that inspection, if it ran.
    pub fn section(&self, inspection: &str) -> Option<&Section> {
        self.inspections.iter().find(|section| section.id == inspection)
    }

    /// The threads that the report shows.
    pub fn threads(&self) -> impl Iterator<Item = &ThreadView> {
        let blocks = self.inspections.iter().flat_map(|section| &section.blocks);
        blocks.flat_map(|block| match block {
            Block::Threads { threads, .. } => threads.as_slice(),
            _ => &[],
        })
    }
}

/// Sections are a list here, and an object with the ids as keys in JSON.
mod by_id {
    use super::{Block, Section};
    use serde::de::{MapAccess, Visitor};
    use serde::{Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(sections: &[Section], to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(sections.iter().map(|section| (&section.id, &section.blocks)))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Section>, D::Error> {
        struct Sections;
        impl<'de> Visitor<'de> for Sections {
            type Value = Vec<Section>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object with the blocks of each inspection")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut sections = Vec::new();
                while let Some((id, blocks)) = map.next_entry::<String, Vec<Block>>()? {
                    sections.push(Section { id, blocks });
                }
                Ok(sections)
            }
        }
        from.deserialize_map(Sections)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_survives_json() {
        let mut report = Report::new(DumpFacts::default(), JvmFacts::default(), HeapFacts::default());
        let cells = vec![
            Cell::Class("a.B".into()),
            Cell::Bytes(7),
            Cell::Address(0x7f00),
            Cell::Text(Text::message("x")),
        ];
        let table =
            Table { id: "t".into(), columns: vec![Column::left("class")], rows: vec![cells], omitted: 2 };
        let words = Text::with("m", [("size", Arg::Bytes(5)), ("inner", Arg::text(Text::plain("p")))]);
        let blocks = vec![Block::Table(table), Block::Prose { text: words }];
        report.inspections.push(Section { id: "histogram".into(), blocks });
        let json = serde_json::to_value(&report).unwrap();
        assert_eq!(json["inspections"]["histogram"][0]["rows"][0][2]["address"], "0x7f00");
        assert_eq!(serde_json::from_value::<Report>(json).unwrap(), report);
    }
}
