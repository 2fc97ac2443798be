//! What the gate says: one outcome for each budget, broken or kept.
//!
//! Pure data. How CI systems want to read it is the renderers' business.

use super::limit::Figure;
use crate::report::{Arg, Fingerprint, Frame, Holder, PathStep, Text};
use serde::Serialize;

/// How a budget fared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Status {
    /// Kept.
    Passed,
    /// Broken, but the policy allows it for a while.
    Tolerated,
    /// The report does not hold what the budget is about.
    NotMeasured,
    /// Broken.
    Failed,
}

/// The budget that stands for whether there is something to measure growth against.
pub(super) const BASELINE: &str = "growth.baseline";

/// One budget of a policy, or one growth against the baseline.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Outcome {
    /// The budget as the policy writes it: `class.max-instances`, `growth.new-suspects`.
    pub budget: String,
    /// What it was measured on: a class, a thread, the name of the entry in the policy. Empty for the whole heap.
    pub subject: String,
    /// How it fared.
    pub status: Status,
    /// One line that says all.
    #[serde(rename = "message_text")]
    pub message: Text,
    /// What was measured.
    pub measured: Option<Figure>,
    /// What was allowed.
    pub allowed: Option<Figure>,
    /// The class concerned.
    pub class: Option<String>,
    /// Who to go to.
    pub holder: Option<Holder>,
    /// How it is reached from a GC root.
    pub path: Vec<PathStep>,
    /// The line of code concerned, where a stack gives one.
    pub frame: Option<Frame>,
    /// The rule concerned.
    pub rule: Option<String>,
    /// What to change.
    #[serde(rename = "advice_text")]
    pub advice: Vec<Text>,
    /// Why it is tolerated, or until when it was.
    #[serde(rename = "note_text")]
    pub note: Option<Text>,
    /// What shows more: a command and its arguments after the dump's name, e.g. `paths` and `com.acme.Row`.
    pub see: Vec<String>,
    /// The same for the same problem in another dump.
    pub fingerprint: Fingerprint,
}

/// What the gate says of one dump.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Judgement {
    /// The dump.
    pub file: String,
    /// Why it could not be judged at all.
    pub error: Option<String>,
    /// Size of the reachable heap, in bytes.
    pub heap_bytes: u64,
    /// Size of the garbage, in bytes.
    pub unreachable_bytes: u64,
    /// Reachable objects.
    pub objects: u64,
    /// All budgets; broken ones first, otherwise in the order of the policy.
    pub outcomes: Vec<Outcome>,
}

impl Judgement {
    /// A dump that could not be read, and why.
    pub fn unreadable(file: &str, error: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            error: Some(error.into()),
            heap_bytes: 0,
            unreachable_bytes: 0,
            objects: 0,
            outcomes: Vec::new(),
        }
    }

    /// The same, with growth that could not be judged because there is no earlier report called `file`: who asked for a comparison is not told that all is
    /// well. The other budgets are judged all the same, such as those for the dump of a virtual machine that ran out of memory, which never
    /// has an earlier one of its name.
    #[must_use]
    pub fn without_baseline(self, file: &str) -> Self {
        self.about_baseline(Status::Failed, Text::with("gate-no-baseline", [("file", Arg::name(file))]))
    }

    /// The same, of the dump whose report is the first baseline, kept as `file`: there is nothing yet that it could have grown against.
    #[must_use]
    pub fn as_first_baseline(self, file: &str) -> Self {
        self.about_baseline(Status::Passed, Text::with("gate-first-baseline", [("file", Arg::name(file))]))
    }

    fn about_baseline(mut self, status: Status, message: Text) -> Self {
        let told = Outcome {
            budget: BASELINE.to_owned(),
            subject: String::new(),
            status,
            message,
            measured: None,
            allowed: None,
            class: None,
            holder: None,
            path: Vec::new(),
            frame: None,
            rule: None,
            advice: Vec::new(),
            note: None,
            see: vec!["analyze".to_owned()],
            fingerprint: Fingerprint::of(&["gate", BASELINE]),
        };
        // It takes the place of what was said of a missing baseline in general.
        self.outcomes.retain(|outcome| outcome.budget != BASELINE);
        // What is wrong with the heap comes first.
        let broken = self.outcomes.iter().take_while(|outcome| outcome.status == Status::Failed).count();
        self.outcomes.insert(broken, told);
        self
    }

    /// The outcomes of that status.
    pub fn with_status(&self, status: Status) -> impl Iterator<Item = &Outcome> {
        self.outcomes.iter().filter(move |outcome| outcome.status == status)
    }

    /// How many budgets were measured.
    pub fn measured_count(&self) -> u64 {
        self.outcomes.iter().filter(|outcome| outcome.status != Status::NotMeasured).count() as u64
    }

    /// Whether at least one budget was measured. A policy without budgets for this dump, or about what its report does not hold, proves nothing.
    pub fn is_measured(&self) -> bool {
        self.measured_count() > 0
    }

    /// Whether the dump was read, budgets were measured and none is broken.
    pub fn passed(&self) -> bool {
        self.error.is_none() && self.is_measured() && self.with_status(Status::Failed).next().is_none()
    }
}
