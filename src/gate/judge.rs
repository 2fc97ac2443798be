//! What all budgets share: comparing a figure with its limit, evidence, allowances.

use super::limit::Figure;
use super::outcome::{Outcome, Status};
use super::policy::{Allowance, Rules};
use super::tree::{self, Place};
use crate::report::{
    Arg, Finding, Fingerprint, Frame, Holder, HolderKind, ORDINARY, PathStep, Report, Suspect, Text,
    ThreadView, normalise_class, normalise_thread,
};
use jiff::civil::Date;
use toml::Spanned;

/// Outcomes of one kind of budget that are listed one by one; beyond that a dump in trouble would drown the reader.
pub(super) const LISTED: usize = 20;

/// What a figure is about.
#[derive(Clone, Default)]
pub(super) struct Evidence<'a> {
    pub(super) class: Option<&'a str>,
    pub(super) holder: Option<&'a Holder>,
    pub(super) suspect: Option<&'a Suspect>,
    pub(super) finding: Option<&'a Finding>,
    pub(super) thread: Option<&'a ThreadView>,
    /// Who holds it, where there is no suspect for it.
    pub(super) branch: Option<Place>,
    /// The inspection that shows it best, where there is no object to show.
    pub(super) inspection: Option<&'static str>,
}

impl<'a> Evidence<'a> {
    pub(super) fn suspect(suspect: &'a Suspect) -> Self {
        Self {
            class: Some(&suspect.class),
            holder: Some(&suspect.holder),
            suspect: Some(suspect),
            ..Self::default()
        }
    }

    pub(super) fn finding(finding: &'a Finding) -> Self {
        Self {
            class: finding.class.as_deref(),
            holder: finding.holder.as_ref(),
            finding: Some(finding),
            ..Self::default()
        }
    }

    fn rule(&self) -> Option<&'a str> {
        self.finding
            .map(|finding| finding.id.as_str())
            .or_else(|| self.suspect.and_then(|suspect| suspect.rule.as_deref()))
    }

    fn path(&self) -> Vec<PathStep> {
        let of_suspect = self.suspect.map(|suspect| suspect.path.clone());
        of_suspect.or_else(|| self.branch.as_ref().map(|place| place.path.clone())).unwrap_or_default()
    }

    fn advice(&self) -> Vec<Text> {
        if let Some(finding) = self.finding {
            return finding.advice.clone();
        }
        // Of a heap in which nothing is conspicuous: a broken budget says otherwise.
        let is_ordinary = |advice: &Text| matches!(advice, Text::Message { id, .. } if id == ORDINARY);
        let all = self.suspect.iter().flat_map(|suspect| &suspect.advice);
        all.filter(|advice| !is_ordinary(advice)).cloned().collect()
    }

    /// A line of code: of the holder's frame, or where the thread stands in code with a known line.
    fn frame(&self) -> Option<Frame> {
        let of_thread =
            || self.thread?.frames.iter().map(|view| &view.frame).find(|frame| frame.line.is_some()).cloned();
        self.holder.and_then(|holder| holder.frame.clone()).or_else(of_thread)
    }

    /// Where a budget has nothing that one could be led to, `otherwise` shows what it counts.
    fn see(&self, otherwise: &str) -> Vec<String> {
        if self.thread.is_some() || self.holder.is_some_and(|holder| holder.kind == HolderKind::StackLocal) {
            return vec!["threads".to_owned()];
        }
        if let Some(inspection) = self.inspection {
            return vec![inspection.to_owned()];
        }
        let of_branch = self.branch.as_ref().and_then(|place| place.path.last());
        if let Some(step) = of_branch.filter(|_| self.class.is_none()) {
            return vec!["show".to_owned(), format!("{:#x}", step.address)];
        }
        if self.branch.is_some() && self.class.is_none() {
            return vec!["dominators".to_owned()];
        }
        match (self.suspect.and_then(|suspect| suspect.accumulation_point.as_ref()), self.class) {
            (Some(point), _) => vec!["show".to_owned(), format!("{:#x}", point.address)],
            (None, Some(class)) => vec!["paths".to_owned(), class.to_owned()],
            (None, None) => vec![otherwise.to_owned()],
        }
    }
}

/// One budget before it is measured.
pub(super) struct Budget {
    /// As in the policy: `class.max-instances`.
    pub(super) key: &'static str,
    /// The message that names what is measured; it takes `$subject`.
    pub(super) what: &'static str,
}

/// Judges one report.
pub(super) struct Judge<'a> {
    pub(super) report: &'a Report,
    pub(super) rules: &'a Rules,
    pub(super) today: Date,
    pub(super) outcomes: Vec<Outcome>,
}

impl<'a> Judge<'a> {
    /// The suspect that explains why there is so much of a class: one of that class, or one that is made of it.
    pub(super) fn explains(&self, matches: impl Fn(&str) -> bool) -> Option<&'a Suspect> {
        let suspects = &self.report.suspects;
        let made_of = |suspect: &&Suspect| suspect.composition.iter().any(|part| matches(&part.class));
        suspects.iter().find(|suspect| matches(&suspect.class)).or_else(|| suspects.iter().find(made_of))
    }

    /// Who is behind the number or size of class loaders of a class: the suspect that is made of them, else who holds most of them.
    pub(super) fn loaders_of(&self, class: &'a str) -> Evidence<'a> {
        let finding = self.report.findings.iter().find(|finding| {
            finding.id.starts_with("classloaders.") && finding.class.as_deref() == Some(class)
        });
        match self.explains(|name| name == class) {
            Some(suspect) => {
                let suspect = self.report.suspects.iter().find(|other| other.rank == suspect.rank);
                suspect.map(Evidence::suspect).unwrap_or_default()
            }
            // The boot loader is no object that paths lead to.
            None if class.starts_with('<') => Evidence::default(),
            None => Evidence {
                class: Some(class),
                branch: tree::holders_by_class(self.report).remove(&*normalise_class(class)),
                finding,
                ..Evidence::default()
            },
        }
    }

    /// Compares a figure with its budget.
    pub(super) fn at_most(
        &mut self,
        budget: &Budget,
        subject: &str,
        (allowed, measured): (Figure, Figure),
        evidence: Evidence<'a>,
    ) {
        let is_broken = measured.exceeds(allowed);
        let message = if is_broken { "gate-over" } else { "gate-kept" };
        let text = self.compared(message, budget, subject, allowed, measured);
        self.push(budget.key, subject, is_broken, text, Some((allowed, measured)), evidence);
    }

    /// Requires a figure to be at least as much.
    pub(super) fn at_least(&mut self, budget: &Budget, subject: &str, (wanted, measured): (Figure, Figure)) {
        let is_broken = wanted.exceeds(measured);
        let message = if is_broken { "gate-under" } else { "gate-enough" };
        let text = self.compared(message, budget, subject, wanted, measured);
        self.push(budget.key, subject, is_broken, text, Some((wanted, measured)), Evidence::default());
    }

    /// The same budget for each of several things: an outcome for each that breaks it, or one for the greatest of them.
    pub(super) fn each_at_most(
        &mut self,
        budget: &Budget,
        name: &str,
        mut items: Vec<(String, (Figure, Figure), Evidence<'a>)>,
    ) {
        // A stable sort: equals stay in the order of the report.
        items.sort_by_key(|(_, (_, measured), _)| std::cmp::Reverse(measured.magnitude()));
        let broken = items.iter().filter(|(_, (allowed, measured), _)| measured.exceeds(*allowed)).count();
        let shown = if broken == 0 { 1 } else { broken.min(LISTED) };
        if items.is_empty() {
            let text = Text::with("gate-none-such", [("subject", Arg::name(name))]);
            self.push(budget.key, name, false, text, None, Evidence::default());
        }
        for (subject, figures, evidence) in items.into_iter().take(shown) {
            self.at_most(budget, &subject, figures, evidence);
        }
        if broken > shown {
            let more = (broken - shown) as u64;
            let text =
                Text::with("gate-more", [("count", Arg::Count(more)), ("budget", Arg::name(budget.key))]);
            self.push(budget.key, name, true, text, None, Evidence::default());
        }
    }

    /// A budget about something that the report does not hold.
    pub(super) fn not_measured(&mut self, key: &str, subject: &str) {
        self.not_measured_because(
            key,
            subject,
            Text::with("gate-not-measured", [("budget", Arg::name(key))]),
        );
    }

    /// A budget that says nothing here, and why.
    pub(super) fn not_measured_because(&mut self, key: &str, subject: &str, why: Text) {
        self.push(key, subject, false, why, None, Evidence::default());
        if let Some(outcome) = self.outcomes.last_mut() {
            outcome.status = Status::NotMeasured;
        }
    }

    fn compared(
        &self,
        message: &str,
        budget: &Budget,
        subject: &str,
        allowed: Figure,
        measured: Figure,
    ) -> Text {
        let what = Text::with(budget.what, [("subject", Arg::name(subject))]);
        Text::with(
            message,
            [("what", Arg::text(what)), ("measured", measured.arg()), ("allowed", allowed.arg())],
        )
    }

    /// Adds an outcome; a broken one is tolerated if an allowance covers it.
    pub(super) fn push(
        &mut self,
        key: &str,
        subject: &str,
        is_broken: bool,
        message: Text,
        figures: Option<(Figure, Figure)>,
        evidence: Evidence<'a>,
    ) {
        let fingerprint = fingerprint(key, subject, &evidence);
        // Whoever holds most of a heap explains its size; to forgive one holder does not forgive a heap of any size.
        let is_sum = key.starts_with("heap.") || key == "growth.heap";
        let about = if is_sum { &Evidence::default() } else { &evidence };
        let (status, note) = match self.allowance(about, &fingerprint).filter(|_| is_broken) {
            Some(allowance) if allowance.until >= self.today => {
                (Status::Tolerated, Some(allowance_text("gate-tolerated", allowance)))
            }
            Some(expired) => (Status::Failed, Some(allowance_text("gate-expired", expired))),
            None => (if is_broken { Status::Failed } else { Status::Passed }, None),
        };
        self.outcomes.push(Outcome {
            budget: key.to_owned(),
            subject: subject.to_owned(),
            status,
            message,
            measured: figures.map(|(_, measured)| measured),
            allowed: figures.map(|(allowed, _)| allowed),
            class: evidence.class.map(str::to_owned),
            holder: evidence.holder.or(evidence.branch.as_ref().map(|place| &place.holder)).cloned(),
            path: evidence.path(),
            frame: evidence.frame(),
            rule: evidence.rule().map(str::to_owned),
            advice: evidence.advice(),
            note,
            see: evidence.see(inspection(key)),
            fingerprint,
        });
    }

    /// The allowance for a problem: one that still holds if there is one, else one that has expired.
    pub(super) fn allowance(&self, evidence: &Evidence<'_>, own: &Fingerprint) -> Option<&'a Allowance> {
        let rules: &'a Rules = self.rules;
        let covers = |allowance: &&Allowance| covers(allowance, evidence, own);
        let all = rules.allow.iter().map(Spanned::get_ref).filter(covers);
        all.max_by_key(|allowance| allowance.until)
    }
}

/// The inspection that lists what a budget counts.
fn inspection(key: &str) -> &'static str {
    match key {
        "heap.max-unreachable" | "class.max-unreachable" => return "unreachable",
        "heap.max-classes" | "growth.loaders" => return "classloaders",
        "growth.threads" => return "threads",
        _ => {}
    }
    match key.split('.').next().unwrap_or(key) {
        "heap" | "class" | "package" | "growth" => "histogram",
        "thread" | "threads" => "threads",
        "loader" | "loaders" => "classloaders",
        "off-heap" => "off-heap",
        "waste" => "waste",
        "damage" => "system",
        _ => "suspects",
    }
}

fn allowance_text(message: &str, allowance: &Allowance) -> Text {
    Text::with(
        message,
        [("until", Arg::name(allowance.until.to_string())), ("reason", Arg::name(allowance.reason.as_str()))],
    )
}

/// An allowance covers what fits all that it names.
fn covers(allowance: &Allowance, evidence: &Evidence<'_>, own: &Fingerprint) -> bool {
    let fits = |patterns: Option<&super::pattern::Patterns>, names: &[Option<&str>]| {
        patterns.is_none_or(|patterns| names.iter().flatten().any(|name| patterns.matches(name)))
    };
    let of_branch = evidence.branch.as_ref().map(|place| &place.holder);
    let holder = evidence.holder.or(of_branch).map(Holder::label);
    let of_suspect = evidence.suspect.map(|suspect| suspect.fingerprint.0.as_str());
    let of_finding = evidence.finding.map(|finding| finding.fingerprint.0.as_str());
    fits(allowance.fingerprint.as_ref(), &[of_suspect, of_finding, Some(&own.0)])
        && fits(allowance.rule.as_ref().map(Spanned::get_ref), &[evidence.rule()])
        && fits(allowance.class.as_ref(), &[evidence.class])
        && fits(allowance.holder.as_ref(), &[holder.as_deref()])
}

/// Of a suspect or finding its own, so that one allowance serves for all budgets; else of budget and subject.
fn fingerprint(key: &str, subject: &str, evidence: &Evidence<'_>) -> Fingerprint {
    if let Some(finding) = evidence.finding {
        return finding.fingerprint.clone();
    }
    if evidence.thread.is_some() {
        return Fingerprint::of(&["gate", key, &normalise_thread(subject)]);
    }
    match evidence.suspect {
        Some(suspect)
            if key.starts_with("suspect.") || (key.starts_with("growth.") && key != "growth.heap") =>
        {
            suspect.fingerprint.clone()
        }
        _ => Fingerprint::of(&["gate", key, &normalise_class(subject)]),
    }
}
