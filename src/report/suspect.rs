//! Suspects and findings, and who holds them.

use super::{Arg, Confidence, Fingerprint, PathGraph, Text, written_field};
use serde::{Deserialize, Serialize};

/// Why the memory is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum SuspectKind {
    /// Held by something that lives as long as the process.
    Leak,
    /// Held only by a running thread: it goes when the request ends.
    Load,
    /// Held by nothing: the collector had not come to it yet.
    Garbage,
}

/// Whether there is something wrong with what a suspect names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Standing {
    /// Things pile up there, or it fills a heap that is full.
    #[default]
    Blamed,
    /// It is only the largest that there is: nothing in the dump speaks against it.
    Largest,
    /// A rule knows that it is as large as it is meant to be, like a cache with a limit.
    Meant,
    /// Soft references hold it: it goes before memory runs out.
    Soft,
}

/// The shape of what is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Pattern {
    /// One collection with very many or very big elements.
    Collection,
    /// Many objects of a class of which one or a few are usual.
    Repeated,
    /// One big object.
    BigObject,
    /// A class loader with all its classes.
    ClassLoader,
    /// Memory outside of the heap.
    OffHeap,
    /// Threads.
    Threads,
    /// A collection with next to no elements, and with room for many.
    EmptyCollection,
}

/// What kind of thing holds a suspect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum HolderKind {
    /// A static field of a class.
    StaticField,
    /// A field of a long-lived object.
    InstanceField,
    /// A local variable of a running method.
    StackLocal,
    /// A thread-local.
    ThreadLocal,
    /// A thread object.
    Thread,
    /// A global reference of native code.
    JniGlobal,
    /// A class loader.
    ClassLoader,
    /// Another root, named in `field`.
    Other,
    /// Nothing: garbage.
    Nobody,
}

/// A frame of a stack.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Frame {
    /// Class, as Java writes it.
    pub class: String,
    /// Method.
    pub method: String,
    /// Source file.
    pub file: Option<String>,
    /// Line, if known and not native.
    pub line: Option<u32>,
}

impl std::fmt::Display for Frame {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.class, self.method)?;
        match (&self.file, self.line) {
            (Some(file), Some(line)) => write!(f, "({file}:{line})"),
            (Some(file), None) => write!(f, "({file})"),
            _ => Ok(()),
        }
    }
}

/// The thing that a programmer can go and change.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Holder {
    /// What it is.
    pub kind: HolderKind,
    /// The class that declares the field or method, or the class of the thread or loader.
    pub class: Option<String>,
    /// The field.
    pub field: Option<String>,
    /// The name of the thread.
    pub thread: Option<String>,
    /// The frame of the local variable, or of the call that has the object with the field in hand; of many threads (`thread` is then a pattern)
    /// the method that all of them are in.
    pub frame: Option<Frame>,
    /// How many threads, where there are several; `thread` is then what all of them are called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threads: Option<u64>,
}

impl Holder {
    /// A field of that class.
    pub fn of_field(kind: HolderKind, class: &str, field: &str) -> Self {
        Self {
            kind,
            class: Some(class.to_owned()),
            field: Some(field.to_owned()),
            thread: None,
            frame: None,
            threads: None,
        }
    }

    /// [`Self::label`] with the field as it stands in the source.
    pub fn written(&self) -> String {
        let field = self.field.as_deref().map(|field| written_field(field).into_owned());
        Self { field, ..self.clone() }.label()
    }

    /// One line: `com.acme.MqRegistry.FACTORIES`, `com.acme.Export.run(Export.java:41) in thread "exec-3"`.
    pub fn label(&self) -> String {
        let class = self.class.as_deref().unwrap_or("?");
        match self.kind {
            HolderKind::StackLocal => {
                let frame = self.frame.as_ref().map_or_else(|| class.to_owned(), Frame::to_string);
                match &self.thread {
                    Some(thread) => format!("{frame} in thread \"{thread}\""),
                    None => frame,
                }
            }
            HolderKind::Thread => match (&self.thread, &self.frame) {
                (Some(thread), Some(frame)) => format!("{frame} in threads \"{thread}\""),
                (Some(thread), None) => format!("thread \"{thread}\" ({class})"),
                (None, _) => class.to_owned(),
            },
            _ => match &self.field {
                Some(field) => format!("{class}.{field}"),
                None => class.to_owned(),
            },
        }
    }
}

impl Holder {
    /// [`Self::written`] as an argument of a text: what is not a name is in the reader's language.
    pub fn words(&self) -> Arg {
        let Some(thread) = &self.thread else {
            // What native code has is not held by its own class.
            if let (HolderKind::JniGlobal, None, Some(class)) = (self.kind, &self.field, &self.class) {
                return Arg::text(Text::with("holder-is-jni-global", [("class", Arg::name(class))]));
            }
            return self.captured().unwrap_or(Arg::name(self.written()));
        };
        let with = |id: &str, names: Vec<(&'static str, String)>| {
            let mut args: Vec<(&'static str, Arg)> =
                names.into_iter().map(|(name, value)| (name, Arg::name(value))).collect();
            args.push(("thread", Arg::name(thread)));
            args.extend(self.threads.map(|count| ("count", Arg::Count(count))));
            Arg::text(Text::with(id, args))
        };
        let place = || self.frame.as_ref().map(Frame::to_string).unwrap_or_default();
        match self.kind {
            HolderKind::StackLocal => {
                let id = if self.threads.is_some() { "holder-in-threads" } else { "holder-in-thread" };
                with(id, vec![("place", Self { thread: None, ..self.clone() }.written())])
            }
            // What holds it is the map of the threads: which threads matters.
            HolderKind::ThreadLocal if self.class.as_deref() == Some("java.lang.Thread") => {
                let id = if self.threads.is_some() { "holder-in-threads" } else { "holder-in-thread" };
                with(id, vec![("place", self.written())])
            }
            HolderKind::InstanceField if self.frame.is_some() => {
                let id = if self.threads.is_some() { "holder-of-calls" } else { "holder-of-call" };
                with(id, vec![("field", self.written()), ("place", place())])
            }
            HolderKind::Thread if self.frame.is_some() && self.threads.is_some() => {
                with("holder-in-threads", vec![("place", place())])
            }
            HolderKind::Thread => {
                let id = if self.threads.is_some() { "holder-are-threads" } else { "holder-is-thread" };
                with(id, vec![("class", self.class.clone().unwrap_or_else(|| "?".to_owned()))])
            }
            _ => Arg::name(self.written()),
        }
    }

    /// Whether it is a variable that a lambda or an anonymous class has captured, which is a field for the compiler only.
    pub fn is_captured(&self) -> bool {
        self.captured().is_some()
    }

    /// A captured variable in words.
    fn captured(&self) -> Option<Arg> {
        let (class, field) = (self.class.as_deref()?, self.field.as_deref()?);
        let class = ("class", Arg::name(class));
        let text = match field.strip_prefix("val$") {
            Some(name) => Text::with("holder-captured", [class, ("name", Arg::name(name))]),
            None if field.starts_with("arg$") => Text::with("holder-captured-by-lambda", [class]),
            None => return None,
        };
        Some(Arg::text(text))
    }
}

/// One of several holders of the same memory.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HolderShare {
    /// Who.
    pub holder: Holder,
    /// What would be freed if only this one let go, in bytes.
    pub alone_bytes: u64,
}

/// One step of a path from a GC root: the object, and the field of it that leads to the next one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PathStep {
    /// The object's address.
    #[serde(with = "super::block::address")]
    pub address: u64,
    /// Its class (for a class mirror: the class that it mirrors).
    pub class: String,
    /// The field, `[417]` for an array element, `None` at the last step.
    pub field: Option<String>,
    /// What the object retains.
    #[serde(default)]
    pub retained_bytes: u64,
    /// Whether other ways lead past it to the last step: what it retains is not what the path is about.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub bypassed: bool,
}

/// The object below which the memory spreads out: the collection that grew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccumulationPoint {
    /// Its address.
    #[serde(with = "super::block::address")]
    pub address: u64,
    /// Its class.
    pub class: String,
    /// The field that holds it.
    pub field: Option<String>,
    /// How many objects it keeps.
    #[serde(default)]
    pub elements: u64,
}

/// What a suspect is made of: one class's part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// The class.
    pub class: String,
    /// Its objects among what is retained.
    pub instances: u64,
    /// Their shallow bytes.
    pub bytes: u64,
}

/// Something that holds much memory.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Suspect {
    /// 1 is the most to blame.
    pub rank: u32,
    /// Leak, load or garbage.
    pub kind: SuspectKind,
    /// Whether it is to blame.
    #[serde(default)]
    pub standing: Standing,
    /// The shape of what is held.
    pub pattern: Pattern,
    /// One line: what it is.
    #[serde(rename = "title_text")]
    pub title: Text,
    /// The class that there is so much of (or of the one big object).
    pub class: String,
    /// How many instances of it.
    pub instances: u64,
    /// What would be freed, in bytes.
    pub retained_bytes: u64,
    /// Of the reachable heap (of the unreachable heap for garbage), 0 to 1.
    pub share: f64,
    /// Who to go to.
    pub holder: Holder,
    /// The outermost call that has the holder's variable, where that is another one than the holder's frame: the memory goes when it ends, and no sooner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Frame>,
    /// All distinct holders if there are several, the one named above first, then those that free most alone.
    #[serde(default)]
    pub holders: Vec<HolderShare>,
    /// What would be freed if all of `holders` let go, in bytes; 0 where it is not known.
    #[serde(default)]
    pub together_bytes: u64,
    /// Where the memory spreads out.
    pub accumulation_point: Option<AccumulationPoint>,
    /// Shortest strong path from a GC root.
    pub path: Vec<PathStep>,
    /// All ways to the objects of its class, where they are not reached in one way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path_graph: Option<PathGraph>,
    /// The rank of an earlier suspect that has the same graph: it stands there alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path_graph_of: Option<u32>,
    /// The root at its top, e.g. `sticky class`, `Java frame`.
    #[serde(default)]
    pub root: Option<String>,
    /// What it is made of, biggest first.
    #[serde(default)]
    pub composition: Vec<Share>,
    /// A few representative values: what they are called, and what they are.
    #[serde(rename = "examples_text", default)]
    pub examples: Vec<Text>,
    /// The rule that explains it.
    pub rule: Option<String>,
    /// Whether that rule is about what waits to be worked off, so that it goes when more is done than comes in.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub backlog: bool,
    /// Whether that rule is about a cache that is too large for the heap or may become so: it evicts, so it is no leak.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cache: bool,
    /// What threads are doing that have to do with it: those that it consists of, those that fill and empty it.
    #[serde(rename = "activity_text", default, skip_serializing_if = "Vec::is_empty")]
    pub activity: Vec<Text>,
    /// What to change.
    #[serde(rename = "advice_text")]
    pub advice: Vec<Text>,
    /// How sure.
    #[serde(default)]
    pub confidence: Confidence,
    /// Why.
    #[serde(rename = "evidence_text", default)]
    pub evidence: Vec<Text>,
    /// The same for the same problem in another dump.
    pub fingerprint: Fingerprint,
}

/// What the step of a path begins with that is a variable of a frame.
pub const LOCAL: &str = "<local> ";

/// The advice on what is only the largest that there is.
pub const ORDINARY: &str = "suspect-advice-ordinary";

/// What is said instead of what is as large as it will ever be: it is unmodifiable, it is an array without a gap, or an object whose arrays have none.
pub const FIXED: [&str; 3] =
    ["suspect-advice-unmodifiable", "suspect-advice-full-array", "suspect-advice-full-arrays-of-one"];

/// What is said of a list to which nothing was added since it was made of others.
pub const AS_MADE: &str = "suspect-advice-as-made";

/// What is said of what is in full arrays of one length, of which each of a few objects has one.
pub const FULL_ARRAYS: &str = "suspect-advice-full-arrays";

/// What is said of a map of which much was taken out that is garbage by now.
pub const EMPTIED: &str = "suspect-advice-emptied";

/// What is said of a collection that has fewer elements than the code of its owner lets it have.
pub const OWN_LIMIT: &str = "suspect-own-limit";

/// What is said of a table that a library keeps for itself, and that the dump shows not to grow.
pub const OF_LIBRARY: &str = "suspect-of-library";

/// The advice on what leaks if it keeps growing, which one dump does not show.
pub const COMPARE: &str = "suspect-advice-compare";

/// The same of a map out of which much was taken.
pub const COMPARE_EMPTIED: &str = "suspect-advice-compare-emptied";

/// The same of a queue that somebody should take from.
pub const COMPARE_QUEUE: &str = "suspect-advice-queue-compare";

/// The advice on what each of some threads has one of that cannot grow, as it has a buffer to work with: one dump does not show whether somebody should have removed it.
pub const ALIKE: &str = "suspect-advice-thread-local-alike";

/// The advice of what several hold of whom none frees it alone, and where all of them refer to one collection.
pub const SHARED: [&str; 2] = ["suspect-advice-shared", "suspect-advice-same-collection"];

/// The finding about an OutOfMemoryError that was thrown before the one that the dump was written for, or before any dump.
pub const THROWN_EARLIER: &str = "oom.thrown-earlier";

/// The finding that the application has made OutOfMemoryErrors itself.
pub const MADE_BY_APPLICATION: &str = "oom.made-by-application";

/// What a title counts where the elements of one collection are of several classes, each with how many there are.
pub const ELEMENTS_OF_CLASSES: &str = "suspect-elements-of-classes";

/// The titles that name two or more holders, of many objects and of one that is full of others.
pub const OF_SEVERAL: [&str; 4] =
    ["suspect-title-two", "suspect-title-several", "suspect-title-two-with", "suspect-title-several-with"];

/// That a queue is full: whoever puts into it waits, or it is that of a pool, which may be known to do something with what it has no room for.
pub const FULL_QUEUE: [&str; 3] =
    ["suspect-queue-full", "suspect-queue-full-of-pool", "suspect-queue-full-then"];
/// That nothing of a queue is worked off any more: the pool that is to do it waits for itself.
pub const STARVED: &str = "suspect-queue-starved";

/// That each of what is in question stays until its time comes.
pub const UNTIL_DUE: &str = "suspect-until-due";

/// What other arrays an object has beside the one that is to blame.
pub const OTHER_ARRAYS: [&str; 2] = ["suspect-other-array", "suspect-other-arrays"];
/// What is said of a queue with a limit that has room left: how much it would take if it were full, as a part of what the heap may take, or more than that.
pub const ROOM_IN_QUEUE: [&str; 3] =
    ["suspect-queue-room", "suspect-queue-room-of-heap", "suspect-queue-room-beyond"];

impl Suspect {
    /// Whether nothing in this dump tells it from data that is meant to be there: it is a leak if it grows from dump to dump.
    pub fn is_leak_if_it_grows(&self) -> bool {
        self.kind == SuspectKind::Leak && self.unproven().is_some()
    }

    /// What is said of why one dump does not prove it to be a leak, if it does not.
    pub fn unproven(&self) -> Option<&Text> {
        self.advice.iter().find(|text| text.is_one_of(&[COMPARE, COMPARE_EMPTIED, COMPARE_QUEUE, ALIKE]))
    }

    /// Whether each of some threads has one of it that cannot grow.
    pub fn is_alike_in_threads(&self) -> bool {
        self.advice.iter().any(|text| text.is_message(ALIKE))
    }

    /// Whether nothing can be added to it any more, which is why it is not to blame.
    pub fn is_fixed(&self) -> bool {
        self.advice.iter().any(|text| text.is_one_of(&FIXED))
    }

    /// Why it is not to blame, if that is for more than want of proof.
    pub fn why_not_to_blame(&self) -> Option<&Text> {
        self.advice
            .iter()
            .find(|text| text.is_one_of(&[FULL_ARRAYS, AS_MADE, EMPTIED, OWN_LIMIT, OF_LIBRARY]))
    }

    /// Whether it is a queue with a limit that has room left.
    pub fn is_queue_with_room(&self) -> bool {
        self.activity.iter().any(|text| text.is_one_of(&ROOM_IN_QUEUE))
    }

    /// Whether it is a queue that has as many elements as it may have: it does not grow.
    pub fn is_full_queue(&self) -> bool {
        self.activity.iter().any(|text| text.is_one_of(&FULL_QUEUE))
    }

    /// Whether it is the queue of a pool that waits for itself.
    pub fn is_starved(&self) -> bool {
        self.activity.iter().any(|text| text.is_message(STARVED))
    }

    /// Whether each of what is in question stays until its time comes.
    pub fn is_until_due(&self) -> bool {
        self.activity.iter().any(|text| text.is_message(UNTIL_DUE))
    }

    /// Whether it is listed only so that one sees what the largest is: nothing about it is conspicuous, and it is not to blame.
    pub fn is_ordinary(&self) -> bool {
        self.standing != Standing::Blamed
    }

    /// Whether a rule knows that it is as large as it is meant to be, like a cache with a limit.
    pub fn is_meant(&self) -> bool {
        self.standing == Standing::Meant
    }

    /// The message that says what kind of suspect it is.
    pub fn kind_message(&self) -> &'static str {
        match (self.kind, self.standing) {
            (SuspectKind::Garbage, _) => "kind-garbage",
            (_, Standing::Blamed) if self.pattern == Pattern::Threads => "kind-threads",
            (_, Standing::Largest) => "kind-largest",
            (_, Standing::Meant | Standing::Soft) => "kind-ordinary",
            (SuspectKind::Leak, Standing::Blamed) if self.pattern == Pattern::EmptyCollection => "kind-waste",
            (SuspectKind::Leak | SuspectKind::Load, Standing::Blamed) if self.backlog => "kind-backlog",
            (SuspectKind::Leak, Standing::Blamed) if self.cache => "kind-cache",
            (SuspectKind::Leak, Standing::Blamed) if self.is_leak_if_it_grows() => "kind-leak-if-it-grows",
            (SuspectKind::Leak, Standing::Blamed) => "kind-leak",
            (SuspectKind::Load, Standing::Blamed) => "kind-load",
        }
    }

    /// [`Self::kind`] as JSON has it.
    pub fn kind_word(&self) -> &'static str {
        match self.kind {
            SuspectKind::Leak => "leak",
            SuspectKind::Load => "load",
            SuspectKind::Garbage => "garbage",
        }
    }
}

/// How bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Should be changed.
    Warning,
    /// Explains, or will cause, an outage.
    Error,
}

/// What a rule or an inspection reports.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The rule or inspection, e.g. `activemq.repeated-factory`.
    pub id: String,
    /// How bad.
    pub severity: Severity,
    /// One line.
    #[serde(rename = "title_text")]
    pub title: Text,
    /// The class concerned.
    pub class: Option<String>,
    /// Memory concerned.
    pub bytes: u64,
    /// Things concerned.
    pub count: u64,
    /// Who holds it.
    pub holder: Option<Holder>,
    /// What to change.
    #[serde(rename = "advice_text")]
    pub advice: Vec<Text>,
    /// Facts that support it: field values of representatives and the like.
    #[serde(rename = "evidence_text", default)]
    pub evidence: Vec<Text>,
    /// Documentation of the library.
    #[serde(default)]
    pub link: Option<String>,
    /// The same for the same problem in another dump.
    pub fingerprint: Fingerprint,
}
