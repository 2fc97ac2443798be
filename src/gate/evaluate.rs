//! Measures a report against a policy.
//!
//! Owns what each budget means. Cost: budgets times rows of the report, which has classes, not objects.

use super::baseline;
use super::judge::{Budget, Evidence, Judge};
use super::limit::{Figure, SizeLimit};
use super::measure;
use super::outcome::{BASELINE, Judgement, Status};
use super::pattern::Patterns;
use super::policy::{
    ClassBudget, FindingBudget, HolderBudget, LoaderBudget, PackageBudget, Policy, SuspectBudget,
    ThreadBudget,
};
use super::tree::{self, Place};
use crate::report::{
    Arg, Finding, Holder, HolderKind, Report, Suspect, SuspectKind, Text, ThreadView, normalise_class,
};
use jiff::civil::Date;
use std::collections::BTreeMap;
use toml::Spanned;

/// Judges a report by a policy, on that day (allowances expire), against an earlier report if there is one.
pub fn evaluate(policy: &Policy, report: &Report, earlier: Option<&Report>, today: Date) -> Judgement {
    let rules = policy.rules_for(&report.dump.file);
    let mut judge = Judge { report, rules: &rules, today, outcomes: Vec::new() };
    judge.heap();
    judge.threads();
    judge.loaders_off_heap_damage();
    rules.class.iter().for_each(|budget| judge.class(budget.get_ref()));
    rules.package.iter().for_each(|budget| judge.package(budget.get_ref()));
    rules.loader.iter().for_each(|budget| judge.loader(budget.get_ref()));
    rules.holder.iter().for_each(|budget| judge.holder(budget.get_ref()));
    rules.thread.iter().for_each(|budget| judge.thread(budget.get_ref()));
    rules.suspect.iter().for_each(|budget| judge.suspect(budget.get_ref()));
    rules.finding.iter().for_each(|budget| judge.finding(budget.get_ref()));
    rules.waste.iter().for_each(|budget| {
        let budget = budget.get_ref();
        judge.waste(budget.kind.as_ref().map(Spanned::get_ref), budget.max);
    });
    match earlier {
        Some(earlier) => baseline::growth(&mut judge, earlier),
        // Who wrote budgets of growth is told that they say nothing here.
        None if rules.growth.is_asked_for() => {
            judge.not_measured_because(BASELINE, "", Text::message("gate-growth-needs-baseline"));
        }
        None => {}
    }
    if judge.outcomes.is_empty() {
        judge.not_measured_because("policy.budgets", "", Text::message("gate-no-budget"));
    }
    let mut outcomes = judge.outcomes;
    // Stable: what is broken first, otherwise as in the policy.
    outcomes.sort_by_key(|outcome| match outcome.status {
        Status::Failed => vagueness(&outcome.budget, outcome.holder.is_some()),
        _ => u8::MAX,
    });
    Judgement {
        file: report.dump.file.clone(),
        error: None,
        heap_bytes: report.heap.shallow_bytes,
        unreachable_bytes: report.heap.unreachable_bytes,
        objects: report.heap.objects,
        outcomes,
    }
}

/// Of broken budgets those come first whose line says where the trouble is, before what says only how much somebody holds those that say of
/// what, then sums that know a holder, then other sums.
fn vagueness(budget: &str, has_holder: bool) -> u8 {
    let is_sum = ["heap.", "threads.max", "loaders.", "off-heap.", "waste.", "growth.heap"];
    match (is_sum.iter().any(|key| budget.starts_with(key)), has_holder) {
        (false, true) if budget.starts_with("holder.") => 1,
        (false, true) => 0,
        (true, true) => 2,
        (_, false) => 3,
    }
}

/// What the messages call an entry: its name, else the pattern.
fn subject(name: Option<&str>, pattern: Option<&Patterns>) -> String {
    name.map(str::to_owned).or_else(|| pattern.map(Patterns::to_string)).unwrap_or_else(|| "*".to_owned())
}

fn fits(pattern: Option<&Patterns>, name: Option<&str>) -> bool {
    pattern.is_none_or(|pattern| name.is_some_and(|name| pattern.matches(name)))
}

fn counts(allowed: u64, measured: u64) -> (Figure, Figure) {
    (Figure::Count(allowed), Figure::Count(measured))
}

impl<'a> Judge<'a> {
    fn heap_bytes(&self) -> u64 {
        self.report.heap.shallow_bytes
    }

    fn heap(&mut self) {
        let (heap, budget) = (&self.report.heap, &self.rules.heap);
        let all = heap.shallow_bytes + heap.unreachable_bytes;
        let sizes = [
            ("heap.max-reachable", "gate-what-reachable", budget.max_reachable, heap.shallow_bytes),
            ("heap.max-unreachable", "gate-what-unreachable", budget.max_unreachable, heap.unreachable_bytes),
        ];
        for (key, what, limit, bytes) in sizes {
            if let Some(limit) = limit {
                let evidence = self.report.suspects.first().filter(|_| key == "heap.max-reachable");
                let evidence = evidence.map(Evidence::suspect).unwrap_or_default();
                self.at_most(&Budget { key, what }, "", limit.compare(bytes, all), evidence);
            }
        }
        let numbers = [
            ("heap.max-objects", "gate-what-objects", budget.max_objects, heap.objects),
            ("heap.max-classes", "gate-what-classes", budget.max_classes, heap.classes),
        ];
        for (key, what, limit, count) in numbers {
            if let Some(limit) = limit {
                let most = self.report.suspects.iter().max_by_key(|suspect| {
                    let objects = suspect.composition.iter().map(|part| part.instances).sum::<u64>();
                    // Of equals the first.
                    (objects, std::cmp::Reverse(suspect.rank))
                });
                let most = most.filter(|_| key == "heap.max-objects");
                let evidence = most.map(Evidence::suspect).unwrap_or_default();
                self.at_most(&Budget { key, what }, "", counts(limit, count), evidence);
            }
        }
    }

    fn threads(&mut self) {
        let budget = &self.rules.threads;
        if let Some(limit) = budget.max {
            match measure::thread_count(self.report) {
                Some(count) => {
                    let budget = Budget { key: "threads.max", what: "gate-what-threads" };
                    self.at_most(&budget, "", counts(limit, count), Evidence::default());
                }
                None => self.not_measured("threads.max", ""),
            }
        }
        self.each_thread(
            "threads",
            "",
            None,
            [budget.max_retained, budget.max_locals, budget.max_thread_locals],
        );
        if budget.forbid_oom == Some(true) {
            let text = match &self.report.oom {
                None => Text::message("gate-no-oom"),
                Some(oom) => Text::with(
                    "gate-oom",
                    [
                        ("kind", Arg::text(Text::message(&oom.kind_message()))),
                        ("thread", Arg::name(oom.thread.as_deref().unwrap_or("?"))),
                    ],
                ),
            };
            let threads = measure::threads(self.report).unwrap_or_default();
            let thread = threads.iter().find(|thread| thread.threw_oom);
            let subject = thread.map_or("", |thread| thread.name.as_str());
            let evidence = Evidence { thread, ..Evidence::default() };
            self.push("threads.forbid-oom", subject, self.report.oom.is_some(), text, None, evidence);
        }
    }

    /// What each thread may retain, in all, by its local variables, by its thread-locals.
    fn each_thread(
        &mut self,
        table: &str,
        name: &str,
        pattern: Option<&Patterns>,
        limits: [Option<SizeLimit>; 3],
    ) {
        type Measure = fn(&ThreadView) -> u64;
        let measures: [(&str, &'static str, &'static str, Measure); 3] = [
            ("max-retained", "threads.max-retained", "thread.max-retained", |thread| thread.retained_bytes),
            ("max-locals", "threads.max-locals", "thread.max-locals", |thread| thread.locals_retained_bytes),
            ("max-thread-locals", "threads.max-thread-locals", "thread.max-thread-locals", |thread| {
                thread.thread_locals_retained_bytes
            }),
        ];
        for ((what, for_all, for_some, measure), limit) in measures.into_iter().zip(limits) {
            let Some(limit) = limit else { continue };
            let key = if table == "threads" { for_all } else { for_some };
            let Some(threads) = measure::threads(self.report) else {
                self.not_measured(key, name);
                continue;
            };
            let what = match what {
                "max-retained" => "gate-what-thread-retained",
                "max-locals" => "gate-what-locals",
                _ => "gate-what-thread-locals",
            };
            let heap = self.heap_bytes();
            let chosen = threads.iter().filter(|thread| fits(pattern, Some(&thread.name)));
            let items = chosen.map(|thread| {
                let evidence = Evidence { thread: Some(thread), ..Evidence::default() };
                (thread.name.clone(), limit.compare(measure(thread), heap), evidence)
            });
            let items = items.collect();
            self.each_at_most(&Budget { key, what }, name, items);
        }
    }

    fn thread(&mut self, budget: &ThreadBudget) {
        let name = subject(budget.name.as_deref(), budget.thread.as_ref());
        if let Some(threads) = measure::threads(self.report) {
            let chosen = threads.iter().filter(|thread| fits(budget.thread.as_ref(), Some(&thread.name)));
            let count = chosen.count() as u64;
            let what = "gate-what-threads-named";
            if let Some(limit) = budget.max {
                let key = Budget { key: "thread.max", what };
                self.at_most(&key, &name, counts(limit, count), Evidence::default());
            }
            if let Some(limit) = budget.min {
                self.at_least(&Budget { key: "thread.min", what }, &name, counts(limit, count));
            }
        } else {
            self.not_measured("thread", &name);
        }
        let limits = [budget.max_retained, budget.max_locals, budget.max_thread_locals];
        self.each_thread("thread", &name, budget.thread.as_ref(), limits);
    }

    fn loaders_off_heap_damage(&mut self) {
        if let Some(limit) = self.rules.loaders.max {
            let budget = Budget { key: "loaders.max", what: "gate-what-loaders" };
            let commonest = measure::commonest_loader(self.report);
            let evidence = commonest.map(|class| self.loaders_of(class)).unwrap_or_default();
            self.at_most(&budget, "", counts(limit, self.report.heap.class_loaders), evidence);
        }
        if let Some(limit) = self.rules.off_heap.max {
            match measure::off_heap_bytes(self.report) {
                Some(bytes) => {
                    let figures = limit.compare(bytes, self.heap_bytes());
                    let budget = Budget { key: "off-heap.max", what: "gate-what-off-heap" };
                    let evidence = Evidence {
                        branch: measure::off_heap_holder(self.report).map(Place::of),
                        inspection: Some("off-heap"),
                        ..Evidence::default()
                    };
                    self.at_most(&budget, "", figures, evidence);
                }
                None => self.not_measured("off-heap.max", ""),
            }
        }
        let damage = &self.rules.damage;
        if let Some(limit) = damage.max {
            let counted =
                |kind: &str| damage.ignore.as_ref().is_none_or(|ignored| !ignored.get_ref().matches(kind));
            let notes = self.report.dump.damage.iter().filter(|note| counted(&note.kind));
            let kinds: Vec<&str> = notes.clone().map(|note| note.kind.as_str()).collect();
            let count = notes.map(|note| note.count).sum();
            let what = if kinds.is_empty() { "gate-what-damage" } else { "gate-what-damage-kinds" };
            let budget = Budget { key: "damage.max", what };
            self.at_most(&budget, &kinds.join(", "), counts(limit, count), Evidence::default());
        }
    }

    fn class(&mut self, budget: &ClassBudget) {
        let name = subject(budget.name.as_deref(), budget.class.as_ref());
        let Some(classes) = measure::classes(self.report) else {
            return self.not_measured("class", &name);
        };
        let chosen = |row: &&measure::ClassRow<'_>| {
            fits(budget.class.as_ref(), Some(row.class)) && fits(budget.loader.as_ref(), Some(row.loader))
        };
        let heap = self.heap_bytes();
        let suspect =
            self.explains(|class| budget.class.as_ref().is_some_and(|pattern| pattern.matches(class)));
        let holders = if suspect.is_none() { tree::holders_by_class(self.report) } else { BTreeMap::new() };
        let evidence = |class| Evidence {
            class: Some(class),
            suspect,
            holder: suspect.map(|suspect| &suspect.holder),
            branch: holders.get(&*normalise_class(class)).cloned(),
            ..Evidence::default()
        };
        let biggest = classes.iter().filter(chosen).max_by_key(|row| row.shallow_bytes);
        let for_all = biggest.map(|row| evidence(row.class)).unwrap_or_default();
        if let Some(limit) = budget.max_instances {
            let count = classes.iter().filter(chosen).map(|row| row.instances).sum();
            let key = Budget { key: "class.max-instances", what: "gate-what-instances" };
            self.at_most(&key, &name, counts(limit, count), for_all.clone());
        }
        if let Some(limit) = budget.max_shallow {
            let bytes = classes.iter().filter(chosen).map(|row| row.shallow_bytes).sum();
            let key = Budget { key: "class.max-shallow", what: "gate-what-shallow" };
            self.at_most(&key, &name, limit.compare(bytes, heap), for_all);
        }
        if let Some(limit) = budget.max_retained {
            let items = classes.iter().filter(chosen).map(|row| {
                (row.class.to_owned(), limit.compare(row.retained_bytes, heap), evidence(row.class))
            });
            let items = items.collect();
            let key = Budget { key: "class.max-retained", what: "gate-what-retained" };
            self.each_at_most(&key, &name, items);
        }
        if let Some(limit) = budget.max_unreachable {
            let garbage = measure::garbage(self.report).unwrap_or_default();
            let count = garbage.iter().filter(chosen).map(|row| row.instances).sum();
            let key = Budget { key: "class.max-unreachable", what: "gate-what-unreachable-instances" };
            self.at_most(&key, &name, counts(limit, count), Evidence::default());
        }
    }

    fn package(&mut self, budget: &PackageBudget) {
        let package = budget.package.as_deref().unwrap_or_default().trim_end_matches(".*");
        let name = budget.name.as_deref().unwrap_or(package);
        let Some(classes) = measure::classes(self.report) else {
            return self.not_measured("package", name);
        };
        let inside = |class: &str| class.strip_prefix(package).is_some_and(|rest| rest.starts_with('.'));
        let suspect = self.explains(inside);
        let evidence = suspect.map(Evidence::suspect).unwrap_or_default();
        if let Some(limit) = budget.max_instances {
            let count = classes.iter().filter(|row| inside(row.class)).map(|row| row.instances).sum();
            let key = Budget { key: "package.max-instances", what: "gate-what-instances" };
            self.at_most(&key, name, counts(limit, count), evidence.clone());
        }
        if let Some(limit) = budget.max_shallow {
            let bytes = classes.iter().filter(|row| inside(row.class)).map(|row| row.shallow_bytes).sum();
            let key = Budget { key: "package.max-shallow", what: "gate-what-shallow" };
            self.at_most(&key, name, limit.compare(bytes, self.heap_bytes()), evidence.clone());
        }
        if let Some(limit) = budget.max_retained {
            let Some(packages) = measure::packages(self.report) else {
                return self.not_measured("package.max-retained", name);
            };
            let within = |name: &str| name == package || inside(name);
            let items = packages.iter().filter(|row| within(row.name("package"))).map(|row| {
                let figures = limit.compare(row.number("retained_bytes"), self.heap_bytes());
                (row.name("package").to_owned(), figures, evidence.clone())
            });
            let items = items.collect();
            let key = Budget { key: "package.max-retained", what: "gate-what-retained" };
            self.each_at_most(&key, name, items);
        }
    }

    fn loader(&mut self, budget: &LoaderBudget) {
        let name = subject(budget.name.as_deref(), budget.loader.as_ref());
        let Some(mut loaders) = measure::loaders(self.report) else {
            return self.not_measured("loader", &name);
        };
        loaders.retain(|row| {
            let pattern = budget.loader.as_ref();
            fits(pattern, Some(row.name("class"))) || fits(pattern, Some(row.name("name")))
        });
        if let Some(limit) = budget.max {
            let key = Budget { key: "loader.max", what: "gate-what-loaders-named" };
            let evidence = loaders.first().map(|row| self.loaders_of(row.name("class"))).unwrap_or_default();
            self.at_most(&key, &name, counts(limit, loaders.len() as u64), evidence);
        }
        let heap = self.heap_bytes();
        let label = |row: measure::Row<'_>| match row.name("name") {
            "" => row.name("class").to_owned(),
            name => format!("{} {name}", row.name("class")),
        };
        if let Some(limit) = budget.max_classes {
            let items = loaders.iter().map(|&row| {
                (label(row), counts(limit, row.number("classes")), self.loaders_of(row.name("class")))
            });
            let items = items.collect();
            let key = Budget { key: "loader.max-classes", what: "gate-what-loader-classes" };
            self.each_at_most(&key, &name, items);
        }
        if let Some(limit) = budget.max_retained {
            let items = loaders.iter().map(|&row| {
                let figures = limit.compare(row.number("retained_bytes"), heap);
                (label(row), figures, self.loaders_of(row.name("class")))
            });
            let items = items.collect();
            let key = Budget { key: "loader.max-retained", what: "gate-what-retained" };
            self.each_at_most(&key, &name, items);
        }
    }

    fn holder(&mut self, budget: &HolderBudget) {
        let name = subject(budget.name.as_deref(), budget.holder.as_ref());
        let report: &'a Report = self.report;
        // Garbage is held by nobody.
        let held = report.suspects.iter().filter(|suspect| suspect.holder.kind != HolderKind::Nobody);
        let held: Vec<&Suspect> =
            held.filter(|suspect| fits(budget.holder.as_ref(), Some(&suspect.holder.label()))).collect();
        // What is too small for a suspect stands in the dominator tree, what is too small for that is not known.
        let tree = report.section("dominators").map(|_| tree::branches(report));
        let mut small = tree.as_ref().map(tree::held);
        if let Some(small) = &mut small {
            small.retain(|label, _| fits(budget.holder.as_ref(), Some(label)));
            // Of fields that lead to each other the last one: the others hold nothing themselves.
            let inside = |label: &String| {
                let outer = |other: &&tree::Held| other.outer.as_ref() == Some(label);
                small.values().filter(outer).map(|other| other.bytes).sum::<u64>()
            };
            let ways: Vec<String> = small
                .iter()
                .filter(|(label, held)| held.bytes.saturating_sub(inside(label)) < held.bytes / 10)
                .map(|(label, _)| label.clone())
                .collect();
            let suspects = held.iter().map(|suspect| suspect.holder.label());
            ways.into_iter().chain(suspects).for_each(|told| drop(small.remove(&told)));
        }
        let heap = self.heap_bytes();
        if let Some(limit) = budget.max_retained {
            let of_suspects = held.iter().map(|suspect| {
                let figures = limit.compare(suspect.retained_bytes, heap);
                (suspect.holder.label(), figures, Evidence::suspect(suspect))
            });
            let others = small.iter().flatten().map(|(label, held)| {
                let evidence = Evidence { branch: Some(held.place()), ..Evidence::default() };
                (label.clone(), limit.compare(held.bytes, heap), evidence)
            });
            let items: Vec<_> = of_suspects.chain(others).collect();
            let smallest = SizeLimit::Share(tree::SMALLEST_BRANCH).bytes(heap);
            if items.is_empty() && (small.is_none() || limit.bytes(heap) < smallest) {
                self.not_measured("holder.max-retained", &name);
            } else {
                let key = Budget { key: "holder.max-retained", what: "gate-what-held" };
                self.each_at_most(&key, &name, items);
            }
        }
        if let Some(limit) = budget.max_elements {
            if held.is_empty() && small.is_none_or(|small| !small.is_empty()) {
                return self.not_measured("holder.max-elements", &name);
            }
            let items = held.iter().filter_map(|suspect| {
                let point = suspect.accumulation_point.as_ref()?;
                Some((suspect.holder.label(), counts(limit, point.elements), Evidence::suspect(suspect)))
            });
            let key = Budget { key: "holder.max-elements", what: "gate-what-elements" };
            self.each_at_most(&key, &name, items.collect());
        }
    }

    fn suspect(&mut self, budget: &SuspectBudget) {
        let heap = self.heap_bytes();
        let least = budget.min_retained.map_or(0, |limit| limit.bytes(heap));
        let is_meant = |suspect: &&Suspect| {
            budget
                .kind
                .is_none_or(|kind| suspect.kind == kind && !(kind == SuspectKind::Leak && suspect.is_meant()))
                && suspect.retained_bytes >= least
                && fits(budget.rule.as_ref().map(Spanned::get_ref), suspect.rule.as_deref())
                && fits(budget.class.as_ref(), Some(&suspect.class))
                && fits(budget.holder.as_ref(), Some(&suspect.holder.label()))
                && fits(budget.fingerprint.as_ref(), Some(&suspect.fingerprint.0))
        };
        let name = budget.name.clone().unwrap_or_else(|| describe_suspects(budget));
        let report: &'a Report = self.report;
        let meant: Vec<&Suspect> = report.suspects.iter().filter(is_meant).collect();
        if let Some(limit) = budget.max {
            let problems = meant.iter().map(|suspect| {
                let figure = Figure::Bytes(suspect.retained_bytes);
                (suspect.title.clone(), figure, Evidence::suspect(suspect))
            });
            self.at_most_of("suspect.max", "gate-what-suspects", &name, limit, problems.collect());
        }
        if let Some(limit) = budget.max_retained {
            let items = meant.iter().map(|suspect| {
                let figures = limit.compare(suspect.retained_bytes, heap);
                (suspect.holder.label(), figures, Evidence::suspect(suspect))
            });
            let key = Budget { key: "suspect.max-retained", what: "gate-what-held" };
            self.each_at_most(&key, &name, items.collect());
        }
    }

    fn finding(&mut self, budget: &FindingBudget) {
        let is_meant = |finding: &&Finding| {
            let holder = finding.holder.as_ref().map(Holder::label);
            budget.severity.is_none_or(|severity| finding.severity >= severity)
                && fits(budget.rule.as_ref().map(Spanned::get_ref), Some(&finding.id))
                && fits(budget.class.as_ref(), finding.class.as_deref())
                && fits(budget.holder.as_ref(), holder.as_deref())
                && fits(budget.fingerprint.as_ref(), Some(&finding.fingerprint.0))
        };
        let severity = budget.severity.map(|severity| format!("{severity:?}").to_lowercase());
        let name =
            budget.name.clone().or_else(|| budget.rule.as_ref().map(|rule| rule.get_ref().to_string()));
        let name = name.or(severity).unwrap_or_else(|| "*".to_owned());
        let report: &'a Report = self.report;
        let meant: Vec<&Finding> = report.findings.iter().filter(is_meant).collect();
        if let Some(limit) = budget.max {
            let problems = meant.iter().map(|finding| {
                let figure = if finding.bytes > 0 {
                    Figure::Bytes(finding.bytes)
                } else {
                    Figure::Count(finding.count)
                };
                (finding.title.clone(), figure, Evidence::finding(finding))
            });
            self.at_most_of("finding.max", "gate-what-findings", &name, limit, problems.collect());
        }
        if let Some(limit) = budget.max_count {
            let items = meant.iter().map(|finding| {
                (finding.id.clone(), counts(limit, finding.count), Evidence::finding(finding))
            });
            let key = Budget { key: "finding.max-count", what: "gate-what-finding-count" };
            self.each_at_most(&key, &name, items.collect());
        }
        if let Some(limit) = budget.max_bytes {
            let heap = self.heap_bytes();
            let items = meant.iter().map(|finding| {
                (finding.id.clone(), limit.compare(finding.bytes, heap), Evidence::finding(finding))
            });
            let key = Budget { key: "finding.max-bytes", what: "gate-what-finding-bytes" };
            self.each_at_most(&key, &name, items.collect());
        }
    }

    /// A number of problems that are allowed. If there are more, each of them is an outcome in its own words; those that an
    /// allowance covers do not count.
    fn at_most_of(
        &mut self,
        key: &'static str,
        what: &'static str,
        name: &str,
        limit: u64,
        problems: Vec<(Text, Figure, Evidence<'a>)>,
    ) {
        let is_tolerated = |evidence: &Evidence<'a>| {
            self.allowance(evidence, &Default::default())
                .is_some_and(|allowance| allowance.until >= self.today)
        };
        let (tolerated, counted): (Vec<_>, Vec<_>) =
            problems.into_iter().partition(|(_, _, evidence)| is_tolerated(evidence));
        let count = counted.len() as u64;
        let is_broken = count > limit;
        if !is_broken {
            self.at_most(&Budget { key, what }, name, counts(limit, count), Evidence::default());
        }
        let listed = tolerated.into_iter().chain(counted.into_iter().filter(|_| is_broken));
        for (title, measured, evidence) in listed {
            let subject = evidence.holder.map(Holder::label).unwrap_or_else(|| name.to_owned());
            let allowed = Figure::Count(limit);
            let text = Text::with(
                "gate-problem",
                [("title", Arg::text(title)), ("measured", measured.arg()), ("allowed", allowed.arg())],
            );
            self.push(key, &subject, true, text, Some((allowed, measured)), evidence);
        }
    }

    fn waste(&mut self, kind: Option<&Patterns>, limit: Option<SizeLimit>) {
        let Some(limit) = limit else { return };
        let name = subject(None, kind);
        let Some(waste) = measure::waste(self.report) else {
            return self.not_measured("waste.max", &name);
        };
        let bytes = waste.iter().filter(|(id, _)| fits(kind, Some(id))).map(|(_, bytes)| bytes).sum();
        let most = measure::most_wasted(self.report, |id| fits(kind, Some(id)));
        let (inspection, branch) = most.unzip();
        let evidence =
            Evidence { branch: branch.flatten().map(Place::of), inspection, ..Evidence::default() };
        let key = Budget { key: "waste.max", what: "gate-what-waste" };
        self.at_most(&key, &name, limit.compare(bytes, self.heap_bytes()), evidence);
    }
}

/// What a budget of suspects without a name is about: `leak com.acme.*`.
fn describe_suspects(budget: &SuspectBudget) -> String {
    let kind = budget.kind.map(|kind| format!("{kind:?}").to_lowercase());
    let rule = budget.rule.as_ref().map(Spanned::get_ref);
    let others = [&budget.class, &budget.holder, &budget.fingerprint];
    let patterns = rule.into_iter().chain(others.into_iter().flatten()).map(Patterns::to_string);
    let words: Vec<String> = kind.into_iter().chain(patterns).collect();
    if words.is_empty() { "*".to_owned() } else { words.join(" ") }
}
