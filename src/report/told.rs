//! What need not be told twice: what a suspect says of the findings about it, and the verdict of the error that was thrown.

use super::{
    Arg, Finding, Frame, Holder, HolderKind, LOCAL, NamedValue, Oom, OomRole, Pattern, Report, Severity,
    Standing, Suspect, THROWN_EARLIER, Text, figures,
};
use std::collections::BTreeMap;

/// What another thread that is called alike shows of the one that threw: it was making one more of what fills the heap.
pub const ALIKE_MAKING: &str = "oom-evidence-alike-making";

/// That most of the threads of a pool wait at one place.
const STUCK: &str = "threads.stuck";

/// That direct memory is nearly all taken, and a rule that counts the buffers.
pub const DIRECT_MEMORY: &str = "off-heap.direct-memory";
const DIRECT_BUFFERS: &str = "java.direct-buffers";

/// The titles by which a suspect goes by what a rule knows it as.
const NAMED_BY_RULE: [&str; 6] = [
    "suspect-title-chained",
    "suspect-title-known",
    "verdict-told-by-rule",
    "verdict-told-by-rule-with",
    "verdict-told-by-rule-each",
    "verdict-told-by-rule-two",
];

impl Report {
    /// The findings that are no mere information and that a suspect tells.
    pub fn told_by<'a>(&'a self, suspect: &'a Suspect) -> impl Iterator<Item = &'a Finding> {
        let told = self.findings.iter().filter(|finding| finding.severity > Severity::Info);
        told.filter(|finding| finding.is_told_by(suspect))
    }

    /// Whether a finding is about an error that another thread has met as the heap was full: what filled it is told, and that is the story of this error as well. What the
    /// application has kept is something to look at.
    pub fn is_of_same_error(&self, finding: &Finding) -> bool {
        const OF_HEAP: [&str; 2] = ["Java heap space", "GC overhead limit exceeded"];
        let is_of_heap = |args: &BTreeMap<String, Arg>| {
            let message = args.get("message");
            matches!(message, Some(Arg::Name(message)) if OF_HEAP.iter().any(|begin| message.starts_with(begin)))
        };
        let is_it = match &finding.title {
            Text::Message { id, args } => matches!(&**id, "oom-thrown" | "oom-thrown-in") && is_of_heap(args),
            _ => false,
        };
        let is_explained = || self.suspects.iter().any(|suspect| suspect.standing == Standing::Blamed);
        is_it
            && finding.id == THROWN_EARLIER
            && self.oom.as_ref().is_some_and(Oom::is_of_heap)
            && is_explained()
    }

    /// Whether another finding says of the same thing why it is so: that a pool has nothing left to lend, where this one says who waits for it; or who has the direct
    /// memory that is nearly all taken, where this one counts buffers.
    pub fn is_said_by_other(&self, finding: &Finding) -> bool {
        let is_of_direct = finding.id == DIRECT_BUFFERS && finding.severity < Severity::Error;
        // Threads that are a suspect say themselves what they wait for.
        let is_of_suspect = |suspect: &Suspect| {
            suspect.pattern == Pattern::Threads
                && suspect
                    .title
                    .arg("thread")
                    .is_some_and(|threads| finding.title.arg("pool") == Some(threads))
                && finding.advice.iter().all(|advice| suspect.advice.contains(advice))
        };
        is_of_direct && self.findings.iter().any(|other| other.id == DIRECT_MEMORY)
            || finding.id == STUCK && self.suspects.iter().any(is_of_suspect)
            || self.findings.iter().filter(|other| other.is_pool_of(finding)).count() == 1
    }

    /// Which other threads have met the error that the dump was written for, or where it was thrown: not those of which the verdict says that it ends them.
    pub fn met_as_well(&self) -> Vec<Text> {
        const MOST: usize = 3;
        let is_said = |thread: &Arg| {
            self.verdict.sentences.iter().any(|sentence| match sentence {
                Text::Message { id, args } => {
                    id == "verdict-thread-ending" && args.get("thread") == Some(thread)
                }
                _ => false,
            })
        };
        let (mut threads, mut places) = (Vec::new(), Vec::new());
        for finding in self.findings.iter().filter(|finding| self.is_of_same_error(finding)) {
            let ended = finding.evidence.iter().find_map(|text| match text {
                Text::Message { id, args } if id == "oom-thrown-ends-thread" => args.get("thread"),
                _ => None,
            });
            let thread = match ended {
                Some(thread) if is_said(thread) => continue,
                Some(Arg::Name(thread)) => Some(thread.clone()),
                _ => finding.holder.as_ref().and_then(|holder| holder.thread.clone()),
            };
            let place = || match &finding.title {
                Text::Message { args, .. } => args.get("place").cloned(),
                _ => None,
            };
            match (thread, place()) {
                (Some(thread), _) if !threads.contains(&thread) => threads.push(thread),
                (None, Some(Arg::Name(place))) if !places.contains(&place) => places.push(place),
                _ => {}
            }
        }
        let list = |mut names: Vec<String>| {
            if names.len() > MOST {
                names.truncate(MOST);
                names.push("…".to_owned());
            }
            Arg::name(names.join(", "))
        };
        let count = ("count", Arg::Count(threads.len() as u64));
        let of_threads =
            (!threads.is_empty()).then(|| Text::with("oom-met-as-well", [count, ("threads", list(threads))]));
        let of_places =
            (!places.is_empty()).then(|| Text::with("oom-met-elsewhere", [("places", list(places))]));
        of_threads.into_iter().chain(of_places).collect()
    }
}

impl Suspect {
    /// Whether it is threads, or what is in a thread-local of theirs: that they are so many, or that threads have it, is what it is told by.
    pub fn is_of_threads(&self) -> bool {
        self.pattern == Pattern::Threads || self.holder.kind == HolderKind::ThreadLocal
    }

    /// Whether its title says what a rule knows it as.
    pub fn is_named_by_rule(&self) -> bool {
        self.title.is_one_of(&NAMED_BY_RULE)
    }
}

impl NamedValue {
    /// Whether `said` has the value already: a number that is no chance, or its size in bytes, a name, or a class without its package.
    pub fn is_in(&self, said: &str) -> bool {
        /// Shorter ones may stand there for something else.
        const LEAST: usize = 5;
        let value = self.value.trim_matches('"');
        let plain: String = value.chars().filter(|&c| c != ',').collect();
        let is_number = !plain.is_empty() && plain.bytes().all(|byte| byte.is_ascii_digit());
        let is_word = |word: &str| {
            word.len() >= LEAST
                && said.match_indices(word).any(|(at, _)| {
                    let is_part = |c: char| c.is_alphanumeric() || c == '_';
                    let before = said[..at].chars().next_back();
                    let after = said[at + word.len()..].chars().next();
                    !before.is_some_and(is_part) && !after.is_some_and(is_part)
                })
        };
        if is_number {
            const LARGE: u64 = 1 << 20;
            let size = plain.parse().ok().filter(|&size| size >= LARGE).map(figures::bytes);
            return is_word(value) || size.is_some_and(|size| is_word(&size));
        }
        let is_class = value.contains('.') && !value.contains([' ', '/', '*']);
        is_word(value) || is_class && is_word(simple_name(value))
    }
}

impl Finding {
    /// Whether it says of a pool that all it has is lent, and `waiting` who waits for that.
    pub fn is_pool_of(&self, waiting: &Finding) -> bool {
        self.id.ends_with(".exhausted-pool")
            && waiting.id == STUCK
            && waiting.severity <= self.severity
            && self.class.is_some()
            && self.class == waiting.class
    }

    /// Whether its title says nothing that the title of a suspect does not: that a bus has so many subscribers, where that names the bus and what these are.
    pub fn says_nothing_beyond(&self, suspect: &Suspect) -> bool {
        const EMPTY: [&str; 16] = [
            "a", "an", "the", "one", "has", "have", "keeps", "keep", "holds", "hold", "with", "in", "of",
            "is", "are", "it",
        ];
        /// What they are called that it has so many of.
        const NEW_WORDS: usize = 1;
        let (Text::Both { en, .. }, Text::Message { args, .. }) = (&self.title, &suspect.title) else {
            return false;
        };
        let sizes = [figures::bytes(suspect.retained_bytes), figures::bytes(self.bytes)];
        let words = sizes.iter().fold(en.clone(), |words, size| words.replace(&**size, ""));
        let (mut has_number, mut has_name, mut others) = (false, false, 0);
        for word in words.split_whitespace().map(|word| word.trim_matches([',', '.', ':', '(', ')'])) {
            let is_number = |arg: &Arg| matches!(arg, Arg::Count(count) if figures::count(*count) == word);
            let is_name =
                |arg: &Arg| matches!(arg, Arg::Name(name) if name.split(['.', '$']).any(|part| part == word));
            if args.values().any(is_number) {
                has_number = true;
            } else if args.values().any(is_name) {
                has_name = true;
            } else if !word.is_empty() && !EMPTY.contains(&&*word.to_lowercase()) {
                others += 1;
            }
        }
        has_number && has_name && others <= NEW_WORDS
    }

    /// Whether a suspect above says all that a finding has to say: its advice, and who holds it; or another rule about the same library is what it is told by, and
    /// the finding is about nearly all of it.
    pub fn is_told_by(&self, suspect: &Suspect) -> bool {
        let all = || suspect.holders.iter().map(|share| &share.holder).chain([&suspect.holder]);
        // A variable on the path says less than the field that the suspect is told by.
        let is_on_path = |holder: &Holder| {
            let place = Holder { thread: None, ..holder.clone() }.label();
            let is_it = |field: &str| field.strip_prefix(LOCAL).is_some_and(|field| field == place);
            holder.kind == HolderKind::StackLocal
                && suspect.path.iter().any(|step| step.field.as_deref().is_some_and(is_it))
        };
        let is_same =
            |holder: &Holder| is_on_path(holder) || all().any(|known| known.label() == holder.label());
        let is_about_all = (suspect.retained_bytes.saturating_mul(9)
            ..=suspect.retained_bytes.saturating_mul(11))
            .contains(&self.bytes.saturating_mul(10));
        let library = |id: &str| id.split('.').next().map(str::to_owned);
        let is_of_library = suspect.rule.as_deref().is_some_and(|rule| library(rule) == library(&self.id));
        if is_of_library && is_about_all && self.holder.as_ref().is_some_and(is_same) {
            return true;
        }
        // Threads are held by their running, each by its own.
        let are_by_threads = suspect.holder.kind == HolderKind::Thread && suspect.holder.threads.is_some();
        let is_same_place =
            suspect.pattern == Pattern::Threads || are_by_threads || self.holder.as_ref().is_none_or(is_same);
        is_of_library
            && (is_same_place || is_about_all)
            && (suspect.rule.as_deref() == Some(&*self.id) || !self.advice.is_empty())
            && self.advice.iter().all(|advice| suspect.advice.contains(advice))
    }
}

impl Oom {
    /// The evidence that neither the verdict tells nor what stands of the heap beside it, nor one of `suspects`.
    pub fn evidence_beside_verdict<'o>(&'o self, suspects: &'o [Suspect]) -> impl Iterator<Item = &'o Text> {
        // How full the heap was, where the thread was, and what else its message may have been, to whom it matters.
        const TOLD: [&str; 6] = [
            ALIKE_MAKING,
            "oom-evidence-full",
            "oom-evidence-full-about",
            "oom-evidence-in-hand-of-all",
            "oom-evidence-in-keeper",
            "oom-evidence-no-message",
        ];
        const PLACES: [&str; 2] = ["oom-evidence-request", TASK];
        const TASK: &str = "oom-evidence-task";
        /// What a thread has in hand anyhow.
        const LITTLE: f64 = 0.05;
        // The sentence about who fills something else does not say how much it has in hand itself.
        let is_filling = self.role == OomRole::Culprit && self.culprit.is_some();
        // What each thread has of it is told by its threads, and what these do.
        let of_thread_local =
            self.culprit.as_ref().is_some_and(|holder| is_filling && holder.kind == HolderKind::ThreadLocal);
        let is_little = |text: &Text| match text {
            Text::Message { args, .. } => {
                matches!(args.get("share"), Some(Arg::Share(share)) if *share < LITTLE)
            }
            _ => false,
        };
        let site = self.site.as_ref().map(ToString::to_string);
        let is_at_site = move |text: &Text| match (text, &site) {
            (Text::Message { args, .. }, Some(site)) => {
                text.is_one_of(&PLACES) && args.get("place") == Some(&Arg::name(site))
            }
            _ => false,
        };
        let is_told_task = move |text: &Text| match text {
            Text::Message { args, .. } => {
                let place = args.get("place");
                text.is_message(TASK)
                    && matches!(place, Some(Arg::Name(place)) if of_thread_local || self.tells_of(place, suspects))
            }
            _ => false,
        };
        self.evidence.iter().filter(move |text| {
            let is_size = || {
                text.is_message("oom-evidence-held") && (!is_filling || of_thread_local || is_little(text))
            };
            // What an innocent thread had in hand explains nothing.
            let is_of_victim = || self.role == OomRole::Victim && text.is_message("oom-evidence-array-only");
            !text.is_one_of(&TOLD)
                && !is_size()
                && !is_at_site(text)
                && !is_told_task(text)
                && !is_of_victim()
        })
    }

    /// Whether the method `place` says nothing new of what the thread was doing: it is of the class in which it threw, or a suspect is what it has in hand.
    fn tells_of(&self, place: &str, suspects: &[Suspect]) -> bool {
        let is_in_it = |frame: &Frame| outer_class(&frame.to_string()) == outer_class(place);
        let is_it = |frame: &Frame| frame.to_string() == place;
        let mut of_suspects =
            suspects.iter().flat_map(|suspect| suspect.holder.frame.iter().chain(&suspect.until));
        self.site.as_ref().is_some_and(is_in_it) || of_suspects.any(is_it)
    }
}

/// A class without its package.
fn simple_name(class: &str) -> &str {
    class.rsplit_once('.').map_or(class, |(_, name)| name)
}

/// The class that a method is declared in, as it stands in a stack, or the one that this is nested in.
fn outer_class(place: &str) -> &str {
    let method = place.split('(').next().unwrap_or(place);
    let class = method.rsplit_once('.').map_or(method, |(class, _)| class);
    class.split('$').next().unwrap_or(class)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_said_where_it_is_no_chance() {
        let is_in = |value: &str, said: &str| {
            let label = String::new();
            NamedValue { en: label.clone(), zh: label, value: value.to_owned() }.is_in(said)
        };
        assert!(is_in("186,560", "186,560 timeouts wait") && !is_in("6,560", "186,560 timeouts wait"));
        assert!(!is_in("152", "152 MiB"), "a short number may be any");
        assert!(is_in("40,894,461", "hold 39.0 MiB") && !is_in("40,894,461", "hold 139.0 MiB"));
        assert!(is_in("call-timeouts", "(thread call-timeouts)") && !is_in("timeouts", "call_timeouts2"));
        assert!(is_in("com.acme.Calls$$Lambda", "with one Calls$$Lambda each"));
        assert!(!is_in("true", "is true in all"));
    }
}
