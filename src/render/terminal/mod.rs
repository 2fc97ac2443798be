//! The report for a terminal: the verdict first, then suspects with their paths, findings, and tables for single inspections.
//!
//! Owns widths, alignment and colours. Nothing from a dump reaches the terminal as it is: control characters are shown as
//! escapes. Numbers that people read have units, columns line up also with Chinese words. Cost: linear in what is shown.

mod findings;
mod paths;
mod style;
mod suspects;
mod tables;
mod threads;

use super::text::{Language, bytes, count, share};
use crate::report::{Arg, Block, DumpFacts, JvmFacts, Oom, Report, Section, Suspect, Table, Text, Unreached};
use std::fmt::Write;
pub(in crate::render) use style::clean;
use style::{Style, wrap};

/// How the terminal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct TerminalOptions {
    /// Columns.
    pub width: usize,
    /// Whether it shows colours.
    pub color: bool,
    /// The language.
    pub language: Language,
}

impl Default for TerminalOptions {
    /// 100 columns without colours, in English.
    fn default() -> Self {
        Self { width: 100, color: false, language: Language::En }
    }
}

/// The first screen of `oomph analyze`: what happened, who holds it, what to change.
pub fn report(report: &Report, options: &TerminalOptions) -> String {
    let mut screen = Screen::new(options);
    screen.head(&report.dump, &report.jvm);
    screen.damage(&report.dump);
    screen.verdict(report);
    screen.composition(report);
    if let Some(oom) = &report.oom {
        screen.oom(report, oom);
    }
    // Where nothing that is held is to blame, what was found is the news.
    if report.suspects.iter().all(Suspect::is_ordinary) && !findings::any_is_told(report) {
        findings::write(&mut screen, report);
        suspects::write(&mut screen, report);
    } else {
        suspects::write(&mut screen, report);
        findings::write(&mut screen, report);
    }
    screen.out
}

/// A single inspection.
pub fn section(section: &Section, options: &TerminalOptions) -> String {
    let mut screen = Screen::new(options);
    for (at, block) in section.blocks.iter().enumerate() {
        if at > 0 {
            screen.out.push('\n');
        }
        screen.block(block);
    }
    screen.out
}

/// What is being written.
pub(in crate::render) struct Screen {
    out: String,
    width: usize,
    style: Style,
    language: Language,
}

impl Screen {
    pub(in crate::render) fn new(options: &TerminalOptions) -> Self {
        // Narrower than this nothing can be shown, wider nobody reads prose.
        let width = options.width.max(40);
        Self { out: String::new(), width, style: Style { color: options.color }, language: options.language }
    }

    /// What was written.
    pub(in crate::render) fn into_text(self) -> String {
        self.out
    }

    fn line(&mut self, text: &str) {
        self.out.push_str(text.trim_end());
        self.out.push('\n');
    }

    fn heading(&mut self, id: &str) {
        let words = self.language.message(id);
        self.out.push('\n');
        let words = self.style.bold(&words);
        self.line(&words);
    }

    /// Words in lines that begin with `first`, the following ones indented alike.
    pub(in crate::render) fn paragraph(&mut self, first: &str, text: &str) {
        let indent = style::width(first);
        let room = self.width.min(110).saturating_sub(indent).max(20);
        for (at, line) in wrap(&style::clean(text), room).into_iter().enumerate() {
            let lead = if at == 0 { first.to_owned() } else { " ".repeat(indent) };
            self.line(&format!("{lead}{line}"));
        }
    }

    /// [`Self::paragraph`] that stands back.
    fn dim_paragraph(&mut self, first: &str, text: &str) {
        let indent = style::width(first);
        for line in wrap(text, self.width.min(110).saturating_sub(indent).max(20)) {
            let line = self.style.dim(&line);
            self.line(&format!("{first}{line}"));
        }
    }

    /// A table with its name, in columns that line up.
    pub(in crate::render) fn table(&mut self, table: &Table) {
        self.out.push('\n');
        tables::table(self, table);
    }

    fn say(&self, text: &Text) -> String {
        self.language.text(text)
    }

    fn message(&self, id: &str, args: impl IntoIterator<Item = (&'static str, Arg)>) -> String {
        self.language.text(&Text::with(id, args))
    }

    fn head(&mut self, dump: &DumpFacts, jvm: &JvmFacts) {
        let mut parts = vec![style::clean(&dump.file).into_owned(), bytes(dump.bytes)];
        parts.extend(dump.created.as_deref().map(|created| created.replace('T', " ")));
        if let Some(runtime) = jvm.runtime() {
            let vendor = jvm.vendor.as_deref().map(|vendor| format!(" ({vendor})")).unwrap_or_default();
            parts.push(style::clean(&format!("{runtime}{vendor}")).into_owned());
        }
        let line = self.style.dim(&parts.join(" · "));
        self.line(&line);
    }

    fn damage(&mut self, dump: &DumpFacts) {
        for note in &dump.damage {
            let place = note
                .first_offset
                .map(|at| self.message("terminal-damage-at", [("offset", Arg::name(at.to_string()))]));
            let words = format!("{} {}", self.say(&note.message), place.unwrap_or_default());
            let mark = self.style.warning("! ");
            self.paragraph(&mark, &words);
        }
    }

    fn verdict(&mut self, report: &Report) {
        self.out.push('\n');
        for sentence in &report.verdict.sentences {
            let words = self.say(sentence);
            self.paragraph("", &words);
        }
    }

    fn composition(&mut self, report: &Report) {
        let heap = &report.heap;
        self.out.push('\n');
        let args = [
            ("size", Arg::Bytes(heap.shallow_bytes)),
            ("objects", Arg::Count(heap.objects)),
            ("classes", Arg::Count(heap.classes)),
        ];
        let mut words = self.message("terminal-heap", args);
        if let Some(limit) = heap.limit_bytes {
            let id = if heap.limit_is_estimate { "terminal-heap-limit-about" } else { "terminal-heap-limit" };
            words += &self.message(id, [("limit", Arg::Bytes(limit))]);
        }
        if heap.garbage_bytes() > 0 {
            let args = [
                ("size", Arg::Bytes(heap.garbage_bytes())),
                ("objects", Arg::Count(heap.garbage_objects())),
                ("threads", Arg::Count(heap.unmounted_threads)),
            ];
            let id = match report.unreached() {
                Unreached::Garbage => "terminal-heap-garbage",
                Unreached::ClassValues | Unreached::RootsLost => "terminal-heap-unreached",
                Unreached::UnmountedThreads => "terminal-heap-unmounted",
            };
            words += &self.message(id, args);
        }
        let softer = [
            ("terminal-heap-soft", heap.soft.softly_bytes),
            ("terminal-heap-reflection", heap.no_garbage.reflection_bytes),
            ("terminal-heap-finalizer", heap.soft.finalizer_bytes),
        ];
        for (id, size) in softer.into_iter().filter(|&(_, size)| size * 100 > heap.shallow_bytes) {
            words += &self.message(id, [("size", Arg::Bytes(size))]);
        }
        self.paragraph("", &words);
        for outside in report.outside_to_tell() {
            let words = self.say(&outside);
            self.paragraph("", &words);
        }
        if let Some(certified) = &heap.certified {
            let words = self.say(&certified.words());
            self.paragraph("", &words);
        }
    }

    /// What the verdict does not say of the error.
    fn oom(&mut self, report: &Report, oom: &Oom) {
        let kind = self.language.message(&oom.kind_message());
        let message = oom.message.as_deref().filter(|message| *message != kind);
        let words: Vec<String> = message
            .map(|message| format!("{kind} \"{message}\""))
            .into_iter()
            .chain(oom.evidence_beside_verdict(&report.suspects).map(|evidence| self.say(evidence)))
            .chain(report.met_as_well().iter().map(|words| self.say(words)))
            .collect();
        if words.is_empty() {
            return;
        }
        self.heading("terminal-oom");
        words.iter().for_each(|words| self.paragraph("  ", words));
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Prose { text } => {
                let words = self.say(text);
                self.paragraph("", &words);
            }
            Block::Facts(facts) => tables::facts(self, facts),
            Block::Table(table) => tables::table(self, table),
            Block::Tree(tree) => tables::tree(self, tree),
            Block::Threads { threads, groups } => threads::write(self, threads, groups),
            Block::Bar(bar) => {
                let total: u64 = bar.parts.iter().map(|part| part.bytes).sum();
                for part in &bar.parts {
                    let part_share = if total == 0 { 0.0 } else { part.bytes as f64 / total as f64 };
                    let label = self.say(&part.label);
                    self.line(&format!(
                        "{:>10} {:>7}  {}",
                        bytes(part.bytes),
                        share(part_share),
                        style::clean(&label)
                    ));
                }
            }
            // Pictures are for pages; their figures stand in the tables beside them.
            Block::Map { .. } => {}
        }
    }

    fn omitted(&mut self, omitted: u64) {
        if omitted > 0 {
            let words = self.message("terminal-omitted", [("count", Arg::name(count(omitted)))]);
            let mut line = String::new();
            // Writing to a String does not fail.
            let _ = write!(line, "{}", self.style.dim(&words));
            self.line(&line);
        }
    }
}
