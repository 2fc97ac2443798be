//! What need not be told twice: what a suspect says of the findings about it, and the verdict of the error that was thrown.

use super::{
    Arg, Finding, Holder, HolderKind, LOCAL, Oom, OomRole, Pattern, Report, Severity, Suspect, Text,
};

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

impl Finding {
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
    /// The evidence that neither the verdict tells nor what stands of the heap beside it.
    pub fn evidence_beside_verdict(&self) -> impl Iterator<Item = &Text> {
        // How full the heap was, where the thread was, and what else its message may have been, to whom it matters.
        const TOLD: [&str; 5] = [
            "oom-evidence-full",
            "oom-evidence-full-about",
            "oom-evidence-in-hand-of-all",
            "oom-evidence-in-keeper",
            "oom-evidence-no-message",
        ];
        const PLACES: [&str; 2] = ["oom-evidence-request", "oom-evidence-task"];
        /// What a thread has in hand anyhow.
        const LITTLE: f64 = 0.05;
        // The sentence about who fills something else does not say how much it has in hand itself.
        let is_size_told = !(self.role == OomRole::Culprit && self.culprit.is_some());
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
        self.evidence.iter().filter(move |text| {
            let is_size = || text.is_message("oom-evidence-held") && (is_size_told || is_little(text));
            !text.is_one_of(&TOLD) && !is_size() && !is_at_site(text)
        })
    }
}
