//! Words in both languages, and names, sizes, holders and cells as they look in the page.
//!
//! Each text stands in the page in both languages; the style sheet shows one of them. What is the same in both stands there once.

use super::markup::{Markup, cut, shorten, visible};
use crate::render::text::{
    LONGEST_NAME, Language, Piece, bytes, bytes_delta, count, count_delta, exact_bytes, share,
};
use crate::render::ways;
use crate::report::{
    Arg, Cell, Confidence, Frame, Holder, HolderKind, NamedValue, Severity, Suspect, SuspectKind, Text,
};
use serde_json::{Value, json};

/// Characters of a name that fit on a line of a phone, in the largest letters.
const LONGEST_ON_A_LINE: usize = 32;

/// Class names of at most so many characters are not broken in the narrow column of a table.
const SHORT_CLASS: usize = 16;

/// Names of at most so many characters are not broken among words: they fit on a line of a phone.
const SHORT_IN_PROSE: usize = 30;

/// Stands between a frame and the one that has called it.
const CALLED_BY: &str = " ← ";

/// Frames of a stack among words.
const MOST_FRAMES: usize = 10;

impl Markup {
    /// A text in both languages.
    pub(super) fn words(&mut self, text: &Text) {
        self.both(|language| language.pieces(text));
    }

    /// The message `id` in both languages.
    pub(super) fn message(&mut self, id: &str) {
        self.words(&Text::message(id));
    }

    /// The message `id` where it exists in the catalogue.
    pub(super) fn message_if_any(&mut self, id: &str) {
        if Language::ALL.iter().all(|language| language.has(id)) {
            self.message(id);
        }
    }

    /// A date in both languages.
    pub(super) fn date(&mut self, iso: &str) {
        self.both(|language| vec![Piece::Words(crate::render::text::date(language, iso))]);
    }

    /// The fields of a way, written by `write`; what is no field in both languages.
    pub(super) fn fields(&mut self, fields: &str, write: impl Fn(&mut Self, &str)) {
        let [en, zh] = Language::ALL.map(|language| ways::fields(fields, language));
        if en == zh {
            write(self, &en);
            return;
        }
        for (language, words) in Language::ALL.into_iter().zip([en, zh]) {
            self.el("span").attr("lang", language.tag()).inside(|m| write(m, &words));
        }
    }

    fn both(&mut self, pieces: impl Fn(Language) -> Vec<Piece>) {
        let [en, zh] = Language::ALL.map(pieces);
        if en == zh {
            self.pieces(&en);
            return;
        }
        for (language, pieces) in Language::ALL.into_iter().zip([en, zh]) {
            self.el("span").attr("lang", language.tag()).inside(|m| m.pieces(&pieces));
        }
    }

    fn pieces(&mut self, pieces: &[Piece]) {
        for piece in pieces {
            match piece {
                Piece::Words(words) => self.prose(words),
                // A thread may have no name.
                Piece::Name(name) if name.is_empty() => {}
                Piece::Name(name) => self.code(name),
                Piece::Size { shown, exact } => self.span("n").attr("title", exact).text(shown),
                Piece::Share(part) => self.span("n").text(part),
            }
        }
    }

    /// A name among words. Short ones with a hyphen, such as those of threads, stay on one line; the frames of a stack stand each by itself.
    pub(super) fn code(&mut self, name: &str) {
        let mut frames = name.split(CALLED_BY);
        if let (Some(first), Some(second)) = (frames.next(), frames.next()) {
            self.frame_name(first);
            for (i, frame) in std::iter::once(second).chain(frames).enumerate() {
                self.text(CALLED_BY);
                if i + 1 >= MOST_FRAMES {
                    self.text("…");
                    break;
                }
                self.frame_name(frame);
            }
            return;
        }
        self.frame_name(name);
    }

    fn frame_name(&mut self, name: &str) {
        if name.contains('-') && name.chars().count() <= LONGEST_ON_A_LINE {
            self.el("code").class("o").name(name);
        } else {
            self.el("code").inside(|m| m.dotted(name));
        }
    }

    /// A size, exact bytes on hover.
    pub(super) fn size(&mut self, size: u64) {
        self.span("n").attr("title", exact_bytes(size)).text(&bytes(size));
    }

    /// A class name whose package may be cut short by the style sheet, but never the class itself.
    pub(super) fn class_name(&mut self, name: &str) {
        let name = shorten(name);
        let (package, class) = split_class(&name);
        self.package_and(package, class);
    }

    /// The innermost name of a class where there is no room for more; the whole name on hover.
    pub(super) fn innermost_class(&mut self, name: &str) {
        let whole = shorten(name);
        let innermost = innermost(&whole);
        if innermost.len() == whole.len() {
            self.class_name(name);
        } else {
            self.span("c")
                .attr("title", &whole)
                .inside(|m| m.el("b").inside(|m| m.humped(innermost, SHORT_CLASS)));
        }
    }

    fn package_and(&mut self, package: &str, rest: &str) {
        self.span("c").inside(|m| {
            if !package.is_empty() {
                m.el("i").text(package);
                m.break_here();
            }
            m.el("b").inside(|m| m.humped(rest, SHORT_CLASS));
        });
    }

    /// The name of a class, or of a field of one. One of more than `short` characters
    /// may be broken before the names that it is made of.
    fn humped(&mut self, name: &str, short: usize) {
        let mut start = 0;
        if name.chars().count() > short {
            let next = name.char_indices().skip(1);
            for (before, (at, c)) in name.chars().zip(next) {
                let is_hump = (before.is_lowercase() || before.is_numeric()) && c.is_uppercase();
                if is_hump || (before == '$' && c != '$') || (before == '.' && c.is_alphabetic()) {
                    self.text(&name[start..at]);
                    self.break_here();
                    start = at;
                }
            }
        }
        self.text(&name[start..]);
    }

    /// A value that may be broken before the next name in it, but not within a figure or an address of the network.
    pub(super) fn broken(&mut self, value: &str) {
        // An arrow stays with what it points to.
        let mut start = 0;
        for arrow in ["→", "←"] {
            if value.strip_prefix(arrow).is_some_and(|rest| rest.starts_with(' ')) {
                self.text(arrow);
                self.text("\u{a0}");
                start = arrow.len() + 1;
            }
        }
        for (dot, _) in value.match_indices('.') {
            if value[dot + 1..].starts_with(char::is_alphabetic) {
                self.text(&value[start..=dot]);
                self.break_here();
                start = dot + 1;
            }
        }
        self.text(&value[start..]);
    }

    /// A name that may be broken between what its dots part, but not within a file or a figure; its package apart.
    pub(super) fn dotted(&mut self, name: &str) {
        let name = shorten(name);
        let (package, rest) = name.split_at(package_length(&name));
        if !package.is_empty() {
            self.el("i").text(package);
        }
        if !package.is_empty() {
            self.break_here();
        }
        // A frame ends with its file and line.
        let (names, place) = rest.split_at(rest.find('(').unwrap_or(rest.len()));
        if names.split('.').any(|name| name.chars().count() > SHORT_IN_PROSE) {
            self.humped(names, SHORT_IN_PROSE);
        } else {
            self.broken(names);
        }
        if !place.is_empty() {
            self.break_here();
            self.text(place);
        }
    }

    /// A class name with a field or method.
    pub(super) fn member(&mut self, class: &str, member: &str) {
        let class = shorten(class);
        let (package, simple) = split_class(&class);
        self.span("c").inside(|m| {
            if !package.is_empty() {
                m.el("i").text(package);
                m.break_here();
            }
            m.el("b").inside(|m| {
                m.text(simple);
                if !member.is_empty() {
                    m.text(if member.starts_with('[') { "" } else { "." });
                    m.break_here();
                    m.el("em").name(member);
                }
            });
        });
    }

    /// A frame: class and method, then file and line.
    pub(super) fn frame(&mut self, frame: &Frame) {
        self.member(&frame.class, &frame.method);
        if let Some(place) = place(frame) {
            self.text(" ");
            self.span("at").name(&place);
        }
    }

    /// The thing to go and change: what it is, in words, and its name.
    pub(super) fn holder(&mut self, holder: &Holder) {
        self.span("hk").message(holder_kind(holder.kind));
        self.text(" ");
        self.holder_itself(holder);
    }

    /// Holders one below the other; what kind they are is said once for those that follow each other.
    pub(super) fn holders<'h>(&mut self, holders: impl Iterator<Item = &'h Holder>) {
        let mut kind = None;
        for holder in holders {
            self.el("p").class("holder").inside(|m| match kind {
                Some(kind) if kind == holder.kind => m.holder_itself(holder),
                _ => m.holder(holder),
            });
            kind = Some(holder.kind);
        }
    }

    /// What an object holds, by name, as a small table; and how many of those looked at hold the same.
    pub(super) fn named_values(&mut self, values: &[NamedValue], share: Option<f64>) {
        self.el("dl").class("vals").inside(|m| {
            for NamedValue { en, zh, value } in values {
                m.el("div").inside(|m| {
                    m.el("dt").words(&Text::Both { en: en.clone(), zh: zh.clone() });
                    m.el("dd").inside(|m| m.value(value));
                });
            }
        });
        if let Some(share) = share {
            let args = [("share", crate::report::Arg::Share(share))];
            self.el("p").class("dim").words(&Text::with("html-values-share", args));
        }
    }

    fn holder_itself(&mut self, holder: &Holder) {
        let class = holder.class.as_deref().unwrap_or("");
        let named = holder.thread.as_ref().filter(|name| !name.is_empty());
        match (holder.kind, &holder.frame, named) {
            (HolderKind::Thread, Some(frame), Some(thread)) => {
                self.code(thread);
                self.text(" ");
                self.span("hi").message("holder-in");
                self.text(" ");
                self.frame(frame);
            }
            (HolderKind::StackLocal | HolderKind::Thread, Some(frame), _) => self.frame(frame),
            (HolderKind::Thread, None, Some(thread)) => self.code(thread),
            (HolderKind::Nobody, ..) => {}
            _ => self.member(class, holder.field.as_deref().unwrap_or("")),
        }
        if let (HolderKind::StackLocal | HolderKind::ThreadLocal, Some(thread)) = (holder.kind, named) {
            self.text(" ");
            self.span("hk")
                .words(&Text::with("holder-thread-named", [("thread", crate::report::Arg::name(thread))]));
        }
    }

    /// The badge of a suspect.
    pub(super) fn kind_badge(&mut self, suspect: &Suspect) {
        let class = match kind_class(suspect) {
            "leak" => "badge leak",
            "leak unsure" => "badge leak unsure",
            "load" => "badge load",
            _ => "badge",
        };
        self.span(class).message(suspect.kind_message());
    }

    /// The badge of a finding.
    pub(super) fn severity_badge(&mut self, severity: Severity) {
        let (class, id) = match severity {
            Severity::Error => ("badge error", "severity-error"),
            Severity::Warning => ("badge warning", "severity-warning"),
            Severity::Info => ("badge info", "severity-info"),
        };
        self.span(class).message(id);
    }

    /// How sure something is: three dots and a word.
    pub(super) fn confidence(&mut self, confidence: Confidence) {
        self.sure(confidence, ["confidence-exact", "confidence-likely", "confidence-estimated"]);
    }

    /// How sure it is who holds a suspect. Nobody holds garbage: what is said of it comes from samples.
    pub(super) fn holder_confidence(&mut self, suspect: &Suspect) {
        match suspect.kind {
            SuspectKind::Garbage => self.sure(Confidence::Estimated, ["garbage-estimated"; 3]),
            _ => self.sure(suspect.confidence, ["holder-exact", "holder-likely", "holder-estimated"]),
        }
    }

    fn sure(&mut self, confidence: Confidence, [exact, likely, estimated]: [&'static str; 3]) {
        let (class, id) = match confidence {
            Confidence::Exact => ("sure s3", exact),
            Confidence::Likely => ("sure s2", likely),
            Confidence::Estimated => ("sure s1", estimated),
        };
        self.span(class).inside(|m| {
            for _ in 0..3 {
                m.el("i").attr("aria-hidden", "true").text("");
            }
            m.message(id);
        });
    }

    /// A button that explains a term of the glossary.
    pub(super) fn explain(&mut self, term: &'static str) {
        self.el("button")
            .class("q")
            .attr("type", "button")
            .attr("popovertarget", format_args!("g-{term}"))
            .inside(|m| {
                m.el("span").attr("aria-hidden", "true").text("?");
                m.span("vh").inside(|m| {
                    m.message("html-explain");
                    m.text(" ");
                    m.message(&format!("term-{term}"));
                });
            });
    }

    /// A part of a whole as a bar. Widths are classes, because the page's policy forbids styles in elements.
    pub(super) fn gauge(&mut self, part: f64) {
        self.el("i").attr("class", format_args!("w w{}", percent(part))).text("");
    }

    /// A value, which may look like the name of a class.
    pub(super) fn value(&mut self, value: &str) {
        let value = shorten(value);
        match split_value(&value) {
            Some((package, rest)) => self.package_and(package, rest),
            None => self.span("v").inside(|m| m.broken(&value)),
        }
    }

    /// A value that can be read whole: a long one opens.
    pub(super) fn long_value(&mut self, value: &str) {
        let whole = long(value);
        let Some((end, _)) = whole.char_indices().nth(LONGEST_NAME) else { return self.value(value) };
        let length = Arg::Count(whole.chars().count() as u64);
        self.el("details").class("long").inside(|m| {
            m.el("summary").inside(|m| {
                m.span("v").inside(|m| {
                    m.broken(&whole[..end]);
                    m.words(&Text::with("html-cut", [("count", length)]));
                });
            });
            m.span("v").inside(|m| m.broken(&whole));
        });
    }

    /// The content of a cell.
    pub(super) fn cell(&mut self, cell: &Cell) {
        match cell {
            Cell::None => {}
            Cell::Bytes(size) => self.size(*size),
            Cell::BytesDelta(change) => {
                let exact = format!("{} B", count_delta(*change));
                self.el("span")
                    .attr("class", trend(*change))
                    .attr("title", exact)
                    .text(&bytes_delta(*change));
            }
            Cell::Count(number) => self.span("n").text(&count(*number)),
            Cell::CountDelta(change) => {
                self.el("span").attr("class", trend(*change)).text(&count_delta(*change));
            }
            Cell::Share(part) => self.span("n").text(&share(*part)),
            Cell::Flag(flag) => self.message(if *flag { "yes" } else { "no" }),
            Cell::Series(values) => self.spark(values, "spark"),
            Cell::Address(address) => self.span("a").text(&format!("{address:#x}")),
            Cell::Class(name) => self.class_name(name),
            Cell::Value(value) => self.value(value),
            Cell::Text(text) | Cell::Term { text, .. } => self.words(text),
        }
    }
}

/// `(File.java:41)` of a frame.
pub(super) fn place(frame: &Frame) -> Option<String> {
    let file = frame.file.as_deref()?;
    Some(frame.line.map_or_else(|| file.to_owned(), |line| format!("{file}:{line}")))
}

fn trend(change: i64) -> &'static str {
    match change {
        0 => "n",
        c if c > 0 => "n up",
        _ => "n down",
    }
}

/// A part as whole percents, 0 to 100.
pub(super) fn percent(part: f64) -> u32 {
    if !part.is_finite() || part <= 0.0 {
        return 0;
    }
    (part * 100.0).round().min(100.0) as u32
}

/// `part` of `whole`, 0 for nothing of nothing.
pub(super) fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// How much of a name is the package of a class, its last dot included.
fn package_length(name: &str) -> usize {
    let mut length = 0;
    for part in name.split_inclusive('.') {
        let Some(word) = part.strip_suffix('.') else { break };
        let is_package = word.starts_with(|c: char| c.is_lowercase())
            && word.chars().all(|c| c.is_alphanumeric() || c == '_');
        if !is_package {
            break;
        }
        length += part.len();
    }
    if name[length..].starts_with(|c: char| c.is_uppercase()) { length } else { 0 }
}

/// Package and rest of a value that looks like the name of a class or a field of one, so that it can be cut like one.
pub(super) fn split_value(value: &str) -> Option<(&str, &str)> {
    let (package, rest) = value.split_at(package_length(value));
    let name = &rest[..rest.find(" @ ").unwrap_or(rest.len())];
    let is_name =
        name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '$' | '[' | ']' | '.' | '<' | '>'));
    // Without a package only a field of a class is told from any other word.
    (is_name && (!package.is_empty() || is_field(name))).then_some((package, rest))
}

fn is_constant(field: &str) -> bool {
    field.len() > 1 && field.chars().all(|c| c.is_uppercase() || c.is_numeric() || c == '_')
}

/// Whether this is the field of a class, and not a file of source code or the like.
fn is_field(name: &str) -> bool {
    const FILES: [&str; 5] = ["java", "kt", "scala", "groovy", "jar"];
    name.split_once('.').is_some_and(|(class, field)| {
        class.starts_with(|c: char| c.is_uppercase())
            && (field.starts_with(|c: char| c.is_lowercase() || c == '_') || is_constant(field))
            && !FILES.contains(&field)
    })
}

/// The last of the names that a class name is made of, if it is one that somebody gave: not the number of an anonymous class.
pub(super) fn innermost(name: &str) -> &str {
    let class = split_class(name).1;
    let nested = class.rfind('$').map_or(class, |dollar| &class[dollar + 1..]);
    if nested.starts_with(char::is_uppercase) && !class.contains("$$") { nested } else { class }
}

/// Package (with its dot) and class.
pub(super) fn split_class(name: &str) -> (&str, &str) {
    // The mirror of a class is called `class a.B`.
    let start = if name.starts_with("class ") { "class ".len() } else { 0 };
    let end = name[start..].find(['$', '/', '<', '[', ' ', '(']).map_or(name.len(), |end| start + end);
    name.split_at(name[start..end].rfind('.').map_or(0, |dot| start + dot + 1))
}

/// The message that names what kind of holder it is.
pub(super) fn holder_kind(kind: HolderKind) -> &'static str {
    match kind {
        HolderKind::StaticField => "holder-static-field",
        HolderKind::InstanceField => "holder-instance-field",
        HolderKind::StackLocal => "holder-stack-local",
        HolderKind::ThreadLocal => "holder-thread-local",
        HolderKind::Thread => "holder-thread",
        HolderKind::JniGlobal => "holder-jni-global",
        HolderKind::ClassLoader => "holder-class-loader",
        HolderKind::Other => "holder-other",
        HolderKind::Nobody => "holder-nobody",
    }
}

/// The class that paints something in the colour of its kind.
pub(super) fn kind_class(suspect: &Suspect) -> &'static str {
    match suspect.kind {
        SuspectKind::Leak | SuspectKind::Load if suspect.is_ordinary() => "ordinary",
        SuspectKind::Leak if suspect.is_leak_if_it_grows() => "leak unsure",
        SuspectKind::Leak => "leak",
        SuspectKind::Load => "load",
        SuspectKind::Garbage => "garbage",
    }
}

/// A name for the script: cut and without misleading characters, as in the page.
pub(super) fn data_name(name: &str) -> Value {
    Value::String(visible(&shorten(name)).into_owned())
}

/// A value as it is read whole: bounded, whatever the report holds, and without misleading characters.
pub(super) fn long(value: &str) -> String {
    /// Longer class paths are rare.
    const LONGEST: usize = 16_000;
    visible(&cut(value, LONGEST)).into_owned()
}

/// A text for the script: a string, or one for each language.
pub(super) fn data_text(text: &Text) -> Value {
    let [en, zh] = Language::ALL.map(|language| visible(&language.text(text)).into_owned());
    if en == zh { Value::String(en) } else { json!([en, zh]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_innermost_name_of_a_class_is_one_that_somebody_gave() {
        for (class, name) in [
            ("java.util.concurrent.ScheduledThreadPoolExecutor$DelayedWorkQueue", "DelayedWorkQueue"),
            ("jdk.internal.loader.ClassLoaders$AppClassLoader", "AppClassLoader"),
            ("com.acme.Jobs$1", "Jobs$1"),
            ("com.acme.Jobs$$Lambda/0x0000.1", "Jobs$$Lambda/0x0000.1"),
            ("java.util.HashMap$Node[]", "Node[]"),
            ("<boot>", "<boot>"),
            ("byte[]", "byte[]"),
            ("Main", "Main"),
        ] {
            assert_eq!(innermost(class), name);
        }
    }

    #[test]
    fn packages_are_told_from_classes() {
        for (package, rest) in [
            ("com.acme.export.", "OrderExport.export(OrderExport.java:22) in thread \"exec-3\""),
            ("com.acme.", "MqRegistry.FACTORIES"),
            ("", "http-nio-9010-exec-3"),
            ("", "a.b.c"),
            ("", "OrderExport.java"),
            ("", "tcp://mq.acme.internal:61616"),
            ("", ""),
        ] {
            let name = format!("{package}{rest}");
            assert_eq!(name.split_at(package_length(&name)), (package, rest));
        }
        for (value, rest) in [
            ("a.b.Loader @ 0x12", "Loader @ 0x12"),
            ("com.acme.Row[]", "Row[]"),
            ("java.lang.invoke.MemberName.name", "MemberName.name"),
            ("ServiceHeap$Order.attributes", "ServiceHeap$Order.attributes"),
            ("ServiceHeap.BY_REF", "ServiceHeap.BY_REF"),
        ] {
            assert_eq!(split_value(value).map(|(_, rest)| rest), Some(rest));
        }
        for value in [
            "a.Main --size small",
            "C.UTF-8",
            "java.util",
            "17.0.15",
            "/tmp/A.b",
            "Main",
            "Main.java",
            "A.B",
            "",
        ] {
            assert_eq!(split_value(value), None, "{value}");
        }
        assert_eq!(split_class("java.util.HashMap$Node[]"), ("java.util.", "HashMap$Node[]"));
        assert_eq!(split_class("class a.Foo"), ("class a.", "Foo"));
        assert_eq!(split_class("a.Foo$$Lambda/0x0000.1"), ("a.", "Foo$$Lambda/0x0000.1"));
    }
}
