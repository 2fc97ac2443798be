//! What happened, in a few sentences.
//!
//! Owns which sentences the verdict has and in what order; what they are about was found by others. Cost: none worth speaking of.

mod garbage;
mod others;
mod outside;

use super::holders::is_own_field;
use super::suspects::FAILED_TASK;
use super::{classloaders, oom, sockets};
use crate::query::{Origin, origin_of_name};
use crate::report::{
    ALIKE_MAKING, Arg, DIRECT_MEMORY, Finding, Holder, HolderKind, HolderShare, MADE_BY_APPLICATION,
    OTHER_ARRAYS, Oom, OomRole, Outside, Pattern, Report, Severity, Standing, Suspect, SuspectKind,
    THROWN_EARLIER, Text, Verdict, figures,
};
use garbage::{finalizable, is_beside_garbage, is_garbage, unreached};
use others::{beside, larger_beside, next_largest, told_by_rule};
pub(super) use outside::tell_suspects as tell_what_is_outside;
use outside::{compressors, is_told_as_outside, much_outside};
use std::cmp::Reverse;

/// What holds less of the heap is told, but no reason to worry.
const CONSPICUOUS: f64 = 0.1;
/// Unless it is as large as this.
const LARGE: u64 = 64 << 20;
/// What leaks is called large or small by nobody below this; in a small heap it is told all the same.
const SMALL: u64 = 1 << 20;
/// A call that holds less than this is no reason why a process does not answer.
const MOST_OF_HEAP: f64 = 0.5;

/// Who waits for what a pool has lent, and where.
const WAIT_IN: &str = "threads-wait-in";

/// Adds to what is found of pools that have nothing left to lend who waits for it: that is where what is lent is taken.
pub(super) fn tell_who_waits(findings: &mut [Finding]) {
    // Of several pools the stack does not say which.
    let is_only_one =
        |waiting: &Finding| findings.iter().filter(|found| found.is_pool_of(waiting)).count() == 1;
    let wait_in = |pool: &Finding, waiting: &Finding| match &waiting.title {
        Text::Message { args, .. } if pool.is_pool_of(waiting) && is_only_one(waiting) => {
            let arg = |name: &'static str| Some((name, args.get(name)?.clone()));
            Some(Text::with(WAIT_IN, [arg("whom")?, arg("place")?]))
        }
        _ => None,
    };
    let are_waited_for = |pool: &Finding| findings.iter().filter_map(|found| wait_in(pool, found)).collect();
    let of_pools: Vec<Vec<Text>> = findings.iter().map(are_waited_for).collect();
    for (finding, told) in findings.iter_mut().zip(of_pools) {
        finding.evidence.splice(0..0, told);
    }
}

/// Tells suspects that are told by a class of the JDK's or a library's or by a lambda, or by what a library has made for a call, as the rule does that knows them, as the verdict
/// has: nobody looks for `byte[]`, and twice the same in other words is once too often.
pub(super) fn name_by_rules(report: &mut Report) {
    let is_nameless = |suspect: &Suspect| {
        origin_of_name(&suspect.class) == Origin::Jdk
            || suspect.class.ends_with("[]")
            || suspect.class.contains("$$Lambda")
            || origin_of_name(&suspect.class) == Origin::Library && counts_as_title(report, suspect)
            || suspect.kind == SuspectKind::Load
    };
    let name = |suspect: &Suspect| told_by_rule(report, suspect).filter(|_| is_nameless(suspect));
    let names: Vec<Option<Text>> = report.suspects.iter().map(name).collect();
    for (suspect, name) in report.suspects.iter_mut().zip(names) {
        if let Some(name) = name {
            suspect.title = name;
        }
    }
}

/// Whether the rule that a suspect is told by counts what its title counts.
fn counts_as_title(report: &Report, suspect: &Suspect) -> bool {
    let Text::Message { args, .. } = &suspect.title else { return false };
    let told = report.findings.iter().find(|finding| suspect.rule.as_deref() == Some(&*finding.id));
    let Some(Text::Both { en, .. }) = told.map(|finding| &finding.title) else { return false };
    match args.get("count") {
        Some(Arg::Count(number)) => {
            let number = figures::count(*number);
            en.split(|c: char| !c.is_ascii_digit() && c != ',').any(|word| word.trim_matches(',') == number)
        }
        _ => true,
    }
}

/// What is said of a suspect in the verdict: not what stands beside the same story's arrays, which the suspect itself says.
fn said_of(first: &Suspect) -> impl Iterator<Item = &Text> {
    first.activity.iter().filter(|text| !text.is_one_of(&OTHER_ARRAYS))
}

/// What happened, in a few sentences, the most important first.
pub(super) fn verdict(report: &Report) -> Verdict {
    if report.heap.objects + report.heap.unreachable_objects == 0 {
        // What is wrong with the file stands above.
        return Verdict { sentences: vec![Text::message("verdict-empty")], healthy: false };
    }
    let mut sentences = Vec::new();
    let all_kept: Vec<&Suspect> =
        report.suspects.iter().filter(|suspect| suspect.kind != SuspectKind::Garbage).collect();
    let kept: Vec<&Suspect> = all_kept.iter().filter(|suspect| !suspect.is_ordinary()).copied().collect();
    // Who is innocent, or may be, is told after what has filled the heap.
    let bystander = report
        .oom
        .as_ref()
        .filter(|oom| oom.role != OomRole::Culprit && oom.is_of_heap() && !kept.is_empty());
    if let Some(oom) = &report.oom {
        sentences.extend(bystander.is_none().then(|| oom_sentence(oom)));
        sentences.extend(generated(report, oom));
        sentences.extend(too_large(oom));
    }
    let errors: Vec<&Finding> =
        report.findings.iter().filter(|finding| finding.severity == Severity::Error).collect();
    let others = beside(&kept);
    // What a suspect of the verdict is told by is not told again.
    let told = |finding: &&&Finding| {
        let mut of_suspects = kept.first().into_iter().chain(&others);
        of_suspects.all(|suspect| suspect.rule.as_deref() != Some(&*finding.id) && !is_same(finding, suspect))
    };
    // Whose buffers have taken all direct memory says more than that an error was thrown.
    let is_direct_told = errors.iter().any(|finding| finding.id == DIRECT_MEMORY);
    let is_by_itself = |finding: &&&Finding| {
        let is_of_direct = || finding.advice.contains(&Text::message("oom-thrown-direct-advice"));
        !(is_direct_told && finding.id == THROWN_EARLIER && is_of_direct())
    };
    // Beside the error that the dump was written for another one is a part of the same incident.
    let (earlier, errors): (Vec<&Finding>, Vec<&Finding>) =
        errors.iter().partition(|finding| report.oom.is_some() && finding.id == THROWN_EARLIER);
    let thrown_too = earlier.into_iter().find_map(ends_thread);
    let (mut failures, mut messages): (Vec<Text>, Vec<&Arg>) = (Vec::new(), Vec::new());
    let mut whose: Option<&Text> = None;
    for finding in errors.iter().filter(told).filter(is_by_itself) {
        let text = told_with_holder(finding);
        // Of errors with one message that were thrown at several places the commonest is enough.
        let message = message_of(&finding.title).filter(|_| finding.id == THROWN_EARLIER);
        let is_told = message.is_some_and(|message| messages.contains(&message));
        if failures.len() < 2 && !failures.contains(&text) && !is_told {
            failures.push(text);
            // The thread-local of a library is no holder that a title names, and yet tells who has it all.
            let is_near_limit = finding.id == DIRECT_MEMORY;
            let says_who = |text: &&Text| is_near_limit && !names_holder(finding) || text.is_message(WAIT_IN);
            whose = whose.or(finding.evidence.first().filter(says_who));
        }
        messages.extend(message);
    }
    // A single array that was too large says nothing of what was in the heap.
    let is_about_array = report.oom.as_ref().is_some_and(|oom| oom::is_about_one_array(&oom.kind));
    let limit = report.heap.limit_bytes.unwrap_or(0);
    let is_beside = |first: &&&Suspect| first.is_leak_if_it_grows() && first.retained_bytes * 10 < limit * 3;
    let is_largest_in_small_heap = |first: &Suspect| {
        first.retained_bytes < SMALL
            && all_kept.iter().all(|other| other.retained_bytes <= first.retained_bytes)
    };
    let said = kept.first().filter(|first| !(is_about_array && is_beside(first)));
    // What each has outside of the heap is the larger part of one story.
    let outside_of =
        |first: &Suspect| report.heap.outside.iter().find(|outside| outside::is_told_with(outside, first));
    let of_first = said.and_then(|first| outside_of(first));
    let cause = said.map(|first| {
        if let Some(outside) = of_first {
            return outside::told_with(report, first, outside);
        }
        let id = match first.kind {
            SuspectKind::Load if first.pattern == Pattern::Threads => "verdict-threads-virtual",
            // The call that takes from it ends when there is nothing more to take.
            SuspectKind::Load if first.backlog => "verdict-backlog",
            SuspectKind::Load if first.holder.threads.is_some() => "verdict-load-of-calls",
            SuspectKind::Load if first.holder.frame.is_none() => "verdict-load-in-flight",
            SuspectKind::Load if first.until.is_some() => "verdict-load-until",
            SuspectKind::Load => "verdict-load",
            _ if first.pattern == Pattern::Threads => "verdict-threads",
            _ if first.pattern == Pattern::EmptyCollection => "verdict-room",
            _ if first.is_alike_in_threads() => "verdict-thread-local-alike",
            _ if first.holder.kind == HolderKind::ThreadLocal => "verdict-thread-local",
            _ if first.is_starved() => "verdict-backlog-starved",
            _ if first.is_full_queue() => "verdict-backlog-full",
            // When it goes is told in a moment.
            _ if first.is_until_due() => "verdict-backlog-starved",
            _ if first.backlog => "verdict-backlog",
            _ if first.cache => "verdict-cache",
            _ if first.is_leak_if_it_grows() && is_largest_in_small_heap(first) => "verdict-small-heap",
            _ if first.is_leak_if_it_grows() => "verdict-leak-if-it-grows",
            _ => "verdict-leak",
        };
        let mut args = suspect_args(report, first);
        args.extend(told_by_rule(report, first).map(|title| ("title", Arg::text(title))));
        args.push(("others", Arg::Count(kept.len() as u64 - 1)));
        args.extend(first.until.as_ref().map(|call| ("call", Arg::name(call.to_string()))));
        Text::with(id, args)
    });
    // Why it is so, where a rule knows it and the title does not say it.
    let is_told = |first: &&Suspect| first.is_named_by_rule() || told_by_rule(report, first).is_some();
    let reason = said.filter(|first| !is_told(first)).and_then(|first| {
        let mut told = report.told_by(first).filter(|_| !first.is_of_threads());
        told.find(|finding| !first.title.is_or_has(&finding.title) && !finding.says_nothing_beyond(first))
    });
    let reason =
        reason.map(|finding| Text::with("verdict-finding", [("title", Arg::text(finding.title.clone()))]));
    let activity = said.into_iter().flat_map(|first| said_of(first).take(3).cloned());
    let activity = activity.filter(|text| of_first.is_none_or(|outside| *text != outside.words_alone()));
    let activity = reason.into_iter().chain(activity);
    // Whoever reads of what may only be data wants to know first why the rest is none.
    let larger =
        said.and_then(|first| larger_beside(report, &all_kept, first)).filter(|_| report.oom.is_none());
    sentences.extend(larger);
    // What a request holds in a heap that is not full is no reason for an outage, nor is what may be data; a deadlock is.
    let is_in_flight = |first: &Suspect| first.rule.is_some() && first.holder.frame.is_none();
    let is_ordinary_load = |first: &&Suspect| {
        let is_little = first.share < MOST_OF_HEAP || is_in_flight(first);
        first.kind == SuspectKind::Load && is_little && report.oom.is_none()
    };
    let is_ordinary = |first: &&Suspect| is_ordinary_load(first) || first.is_leak_if_it_grows();
    // What stands still is a reason why a process does not answer, and so is what has sockets open; what may only be data is none.
    let stopped = report.findings.iter().filter(|finding| {
        let of_class = |first: &Suspect| {
            let class = finding.holder.as_ref().and_then(|holder| holder.class.as_deref());
            let says_it = first.activity.iter().any(|text| text.is_message(sockets::CONNECTED));
            finding.id == sockets::MANY_OPEN && class == Some(&*first.class) && !says_it
        };
        let holder = finding.holder.as_ref().map(Holder::label);
        // What the suspect itself says of the task.
        let says_failure = |first: &Suspect| {
            first.activity.iter().any(|text| {
                matches!(text, Text::Message { id, args } if id == FAILED_TASK
                    && matches!(args.get("field"), Some(Arg::Name(field)) if Some(field) == holder.as_ref()))
            })
        };
        finding.severity == Severity::Warning
            && !kept.first().is_some_and(|first| says_failure(first))
            && kept.first().is_some_and(|first| {
                // Memory of which nearly all is taken.
                finding.id == DIRECT_MEMORY && is_ordinary(first)
                    || finding.id.starts_with("threads.") && (is_ordinary(first) || first.backlog)
                    || of_class(first)
            })
    });
    failures.extend(stopped.map(told_with_holder).take(2_usize.saturating_sub(failures.len())));
    failures.extend(whose.cloned());
    // That something ran out is what happened; what the heap holds now comes after it.
    let has_run_out = errors.iter().any(|finding| finding.id == THROWN_EARLIER);
    // What waits behind a pool that waits for itself is what that leads to.
    let is_effect = |first: &&Suspect| is_ordinary(first) || first.is_starved();
    if has_run_out || kept.first().is_some_and(|first| is_effect(first) || is_outage(report, &errors, first))
    {
        sentences.extend(failures);
        sentences.extend(cause.into_iter().chain(activity));
    } else {
        sentences.extend(cause.into_iter().chain(activity));
        sentences.extend(failures);
    }
    // Where nobody is to blame it is among the warnings.
    sentences.extend(piled_up(report).filter(|_| !kept.is_empty()));
    let next =
        kept.first().filter(|_| others.is_empty()).and_then(|first| next_largest(report, &all_kept, first));
    // Who reads no further than this must know of the others as well, but for threads of which it is said that they stand still.
    let is_said = |suspect: &&&Suspect| {
        let threads = suspect.title.arg("thread").filter(|_| suspect.pattern == Pattern::Threads);
        threads.is_some_and(|threads| sentences.iter().any(|said| said.arg("pool") == Some(threads)))
    };
    let others: Vec<&Suspect> = others.iter().filter(|suspect| !is_said(suspect)).copied().collect();
    sentences.extend(others.into_iter().map(|suspect| {
        let mut args = suspect_args(report, suspect);
        args.extend(told_by_rule(report, suspect).map(|title| ("title", Arg::text(title))));
        Text::with(others::beside_id(kept[0], suspect), args)
    }));
    sentences.extend(next);
    sentences.extend(pressure(report, kept.first().copied()));
    sentences.extend(bystander.map(oom_sentence));
    sentences.extend(thrown_too);
    let heap = &report.heap;
    if is_beside_garbage(report, &kept) {
        sentences.splice(0..0, unreached(report));
    } else {
        sentences.extend(unreached(report));
    }
    sentences.extend(heap.finalizable.as_ref().map(|found| finalizable(report, found)));
    let (mapped, other): (Vec<&Outside>, Vec<&Outside>) =
        much_outside(report, said.copied()).partition(|outside| outside::is_mapped_by_library(outside));
    let is_large_outside = !other.is_empty();
    let other = other.into_iter().filter(|&outside| of_first != Some(outside));
    let at = if outside::is_what_happened(report, said.copied()) { 0 } else { sentences.len() };
    sentences.splice(at..at, other.map(Outside::words).chain(compressors(report)));
    let is_unknown = report.dump.has_lost_holders() && heap.is_much_unreachable();
    let is_unproven = heap.finalizable.as_ref().is_some_and(|found| !found.is_dropped);
    let healthy = report.oom.is_none() && kept.is_empty() && errors.is_empty() && !is_unknown && !is_unproven;
    if healthy {
        let told = |finding: &&Finding| {
            let rule = Some(finding.id.as_str());
            report.suspects.iter().any(|suspect| suspect.rule.as_deref() == rule && is_garbage(suspect))
        };
        let warnings = report.findings.iter().filter(|finding| finding.severity == Severity::Warning);
        let is_said = |finding: &&Finding| {
            !told(finding)
                && !report.is_said_by_other(finding)
                && !is_mere_waste(finding, heap.shallow_bytes)
                && !is_told_as_outside(report, finding)
        };
        let warnings: Vec<&Finding> = warnings.filter(is_said).take(2).collect();
        sentences.extend(warnings.iter().map(|finding| told_with_holder(finding)));
        // A constant table of a library in a heap that is nearly empty helps nobody.
        let is_worth_a_look = |suspect: &Suspect| {
            suspect.retained_bytes >= SMALL && suspect.retained_bytes.saturating_mul(10) >= limit
        };
        let is_large = |suspect: &&&Suspect| suspect.share >= CONSPICUOUS || suspect.retained_bytes >= LARGE;
        let large = all_kept.iter().filter(is_large);
        if let Some(first) = large.max_by_key(|suspect| (suspect.retained_bytes, Reverse(suspect.rank))) {
            // There is something large, and nothing speaks against it.
            let id = match first.standing {
                // What is warned of is conspicuous.
                _ if !warnings.is_empty() => "verdict-largest-holder",
                Standing::Largest if first.is_fixed() => "verdict-largest-fixed",
                Standing::Largest if first.why_not_to_blame().is_some() => "verdict-largest-why",
                Standing::Largest => "verdict-largest",
                Standing::Meant => "verdict-largest-meant",
                _ => "verdict-ordinary",
            };
            if warnings.is_empty() || is_worth_a_look(first) {
                sentences.push(Text::with(id, suspect_args(report, first)));
                sentences.extend(first.why_not_to_blame().cloned());
            }
        } else {
            // What only finalizers lead to was told.
            let of_finalizers = heap.finalizable.as_ref().map_or(0, |found| found.bytes);
            // What is outside of the heap is conspicuous, too.
            let id = match (warnings.is_empty() && !is_large_outside, of_finalizers) {
                (true, 0) => "verdict-healthy",
                (true, _) => "verdict-healthy-besides",
                (false, 0) => "verdict-no-holder",
                (false, _) => "verdict-no-holder-besides",
            };
            sentences.push(Text::with(id, [("size", Arg::Bytes(heap.shallow_bytes - of_finalizers))]));
            let largest =
                all_kept.iter().max_by_key(|suspect| (suspect.retained_bytes, Reverse(suspect.rank)));
            let largest = largest.filter(|suspect| is_worth_a_look(suspect));
            sentences.extend(
                largest.map(|suspect| Text::with("verdict-largest-holder", suspect_args(report, suspect))),
            );
        }
        // Whoever comes with such an error in the log wants to read that it is none of the heap.
        let own = report.findings.iter().filter(|finding| finding.id == MADE_BY_APPLICATION);
        sentences.extend(own.take(1).map(told_with_holder));
    }
    sentences.extend(mapped.into_iter().map(Outside::words));
    // An error about what is outside of the heap may stand there already.
    let mut said: Vec<Text> = Vec::new();
    for text in sentences {
        if !said.contains(&text) {
            said.push(text);
        }
    }
    Verdict { sentences: said, healthy }
}

/// Whether one of these errors is why the process does not answer, and not what the first suspect takes: it is not about memory, of which half is free.
fn is_outage(report: &Report, errors: &[&Finding], first: &Suspect) -> bool {
    const LITTLE: u64 = 8;
    let used = report.heap.shallow_bytes;
    let has_room = report.heap.limit_bytes.is_some_and(|limit| used.saturating_mul(2) < limit);
    let is_other = |finding: &&&Finding| finding.bytes.saturating_mul(LITTLE) < first.retained_bytes;
    report.oom.is_none() && has_room && errors.iter().any(|finding| is_other(&finding))
}

/// Whether a finding is about waste that is no reason to read on: nearly every heap has repeated texts, nothing grows by them, and who has a healthy
/// heap wants to read that it is healthy. They are in the verdict if they are most of a heap, or much of a large one; else among the findings only.
fn is_mere_waste(finding: &Finding, heap_bytes: u64) -> bool {
    const WASTE: [&str; 3] = ["strings.repeated", "collections.wasteful", "arrays.repeated"];
    const LEAST_BYTES: u64 = 16 << 20;
    const LARGE: u64 = 64 << 20;
    let is_much =
        finding.bytes >= heap_bytes / 2 || (finding.bytes >= LARGE && finding.bytes >= heap_bytes / 3);
    WASTE.contains(&&*finding.id) && !(is_much && finding.bytes >= LEAST_BYTES)
}

/// The argument of a title that is the message of an error.
fn message_of(title: &Text) -> Option<&Arg> {
    if let Text::Message { args, .. } = title { args.get("message") } else { None }
}

/// How full the heap is, where that matters: beside what may only be data there is no hurry, a leak has room left or not, and what fills nearly all of it will
/// soon have it all.
fn pressure(report: &Report, first: Option<&Suspect>) -> Option<Text> {
    const FREE: f64 = 0.5;
    const LEAST: f64 = 0.01;
    const NEARLY_FULL: f64 = 0.9;
    let limit = report.heap.limit_bytes.filter(|_| report.oom.is_none())?;
    let first = first?;
    // Nobody knows what else was in use.
    if report.dump.truncated {
        return None;
    }
    let used = report.heap.shallow_bytes as f64 / limit as f64;
    let id = match used {
        _ if used >= NEARLY_FULL && first.kind == SuspectKind::Leak => "verdict-heap-nearly-full",
        // What a call has in hand goes with it.
        _ if used < FREE
            && (first.is_leak_if_it_grows()
                || first.is_queue_with_room()
                || first.kind == SuspectKind::Load) =>
        {
            "verdict-heap-free"
        }
        // Whoever is woken wants to know whether it has to be now. For less nobody is.
        _ if (LEAST..FREE).contains(&used) && first.kind == SuspectKind::Leak => "verdict-heap-room",
        _ => return None,
    };
    let estimates = Arg::Count(u64::from(report.heap.limit_is_estimate));
    let args = [("share", Arg::Share(used)), ("limit", Arg::Bytes(limit)), ("estimates", estimates)];
    Some(Text::with(id, args))
}

/// The title of a finding, with the holder where that is something of the application's.
fn told_with_holder(finding: &Finding) -> Text {
    let title = finding.title.clone();
    match finding.holder.as_ref().filter(|_| names_holder(finding)) {
        Some(holder) => {
            let id = match finding.count {
                _ if finding.id == classloaders::GENERATED => "verdict-finding-instances",
                1 => "verdict-finding-of",
                _ => "verdict-finding-held",
            };
            Text::with(id, [("title", Arg::text(title)), ("holder", holder.words())])
        }
        None => Text::with("verdict-finding", [("title", Arg::text(title))]),
    }
}

/// Which thread of the application's an error ends that was thrown beside the one that the dump was written for: what that was doing is not done any more.
fn ends_thread(thrown: &Finding) -> Option<Text> {
    let is_own = thrown.title.is_one_of(&["oom-thrown-in", "oom-thrown-in-kept"]);
    thrown.evidence.iter().filter(|_| is_own).find_map(|evidence| match evidence {
        Text::Message { id, args } if id == "oom-thrown-ends-thread" => {
            Some(Text::Message { id: "verdict-thread-ending".into(), args: args.clone() })
        }
        _ => None,
    })
}

/// Whether the sentence about a finding names its holder: a field of the application's own.
fn names_holder(finding: &Finding) -> bool {
    // Who keeps an error says nothing of what it is about.
    let is_about_holder = !matches!(&*finding.id, THROWN_EARLIER | MADE_BY_APPLICATION);
    is_about_holder && finding.holder.as_ref().is_some_and(is_own_field)
}

/// Whether a finding is about most of the memory of a suspect: the same holder, and at least half as much; or about something that each of many
/// objects of the suspect has inside.
fn is_same(finding: &Finding, suspect: &Suspect) -> bool {
    let Some(holder) = finding.holder.as_ref().map(Holder::label) else { return false };
    let is_in_each = suspect.instances > 1 && finding.count == suspect.instances;
    // What another one of its holders has of it.
    let is_part = |share: &HolderShare| {
        share.alone_bytes > 0 && finding.bytes >= share.alone_bytes / 2 && share.holder.label() == holder
    };
    (is_in_each || finding.bytes * 2 >= suspect.retained_bytes) && suspect.holder.label() == holder
        || suspect.holders.iter().any(is_part)
}

fn suspect_args(report: &Report, suspect: &Suspect) -> Vec<(&'static str, Arg)> {
    vec![
        report.heap.whole(),
        ("title", Arg::text(suspect.title.clone())),
        ("holder", suspect.holder.words()),
        ("size", Arg::Bytes(suspect.retained_bytes)),
        ("share", Arg::Share(suspect.share)),
        ("class", Arg::name(&suspect.class)),
        ("count", Arg::Count(suspect.instances)),
    ]
}

/// That a good part of all classes are made again and again: the room for them is outside of the heap, and a thread of the virtual machine's own that runs out
/// of it is in no dump. What the error says is not said twice.
fn piled_up(report: &Report) -> Option<Text> {
    let is_it = |finding: &&Finding| is_of_most_classes(report, finding);
    report.findings.iter().find(is_it).filter(|_| report.oom.is_none()).map(told_with_holder)
}

/// Whether a finding says that a good part of all classes are made again and again.
fn is_of_most_classes(report: &Report, finding: &Finding) -> bool {
    classloaders::PILED_UP.contains(&&*finding.id)
        && classloaders::are_most(finding.count, report.heap.classes)
}

/// Which classes there are too many of, and what to change: where nobody holds them there is no suspect that says it. What a suspect keeps of the heap says
/// nothing of them either.
fn generated(report: &Report, oom: &Oom) -> Vec<Text> {
    if !oom::is_about_classes(&oom.kind) {
        return Vec::new();
    }
    if oom.culprit.is_some() {
        let are_most = || report.findings.iter().any(|finding| is_of_most_classes(report, finding));
        return evidence_as(oom, "oom-evidence-copies", "verdict-classes")
            .into_iter()
            .filter(|_| are_most())
            .collect();
    }
    if oom.role != OomRole::Culprit {
        return Vec::new();
    }
    evidence_as(oom, "oom-evidence-copies", "verdict-classes")
        .into_iter()
        .chain([Text::message("verdict-classes-advice")])
        .collect()
}

/// How large an array was to be that was too large, and what to change: what is held has nothing to do with it.
fn too_large(oom: &Oom) -> Vec<Text> {
    if oom.role != OomRole::Culprit || !oom::is_about_one_array(&oom.kind) {
        return Vec::new();
    }
    evidence_as(oom, "oom-evidence-asked-size", "verdict-array-size")
        .into_iter()
        .chain([Text::message("verdict-array-advice")])
        .collect()
}

/// A piece of the evidence in the words of another message.
fn evidence_as(oom: &Oom, evidence: &str, message: &str) -> Option<Text> {
    oom.evidence.iter().find_map(|text| match text {
        Text::Message { id, args } if id == evidence => {
            Some(Text::Message { id: message.to_owned(), args: args.clone() })
        }
        _ => None,
    })
}

fn oom_sentence(oom: &Oom) -> Text {
    let of_evidence = |ids: &[&str], name: &str| {
        oom.evidence.iter().find_map(|text| match text {
            Text::Message { args, .. } if text.is_one_of(ids) => args.get(name).cloned(),
            _ => None,
        })
    };
    // What another thread did that is called alike.
    let alike = of_evidence(&["oom-evidence-alike", ALIKE_MAKING], "other");
    let made = of_evidence(&[ALIKE_MAKING], "class");
    // Where many of them fill the heap, what they are all in has not grown.
    let holder_class = oom.culprit.as_ref().and_then(|holder| holder.class.as_deref()).map(Arg::name);
    let part = of_evidence(&["oom-evidence-part", "oom-evidence-growing-part"], "class");
    let part = part.filter(|part| Some(part) != holder_class.as_ref());
    let keeper = of_evidence(&["oom-evidence-in-keeper", "oom-evidence-in-hand-of-all"], "class");
    // How many have it in hand, and what they are called.
    let together = of_evidence(&["oom-evidence-in-hand-of-all"], "count");
    let alike = alike.or_else(|| of_evidence(&["oom-evidence-in-hand-of-all"], "thread"));
    let id = match oom.role {
        OomRole::Culprit if oom.asked_by.is_some() => "verdict-oom-array-asked",
        OomRole::Culprit if oom::is_about_one_array(&oom.kind) => "verdict-oom-array",
        OomRole::Culprit if oom.is_one_of_many() => "verdict-oom-one-of-them",
        OomRole::Culprit if oom.is_at_work_for_another() => "verdict-oom-works-for",
        OomRole::Culprit if oom.culprit.is_some() && oom.others_hold_more => "verdict-oom-filling-beside",
        OomRole::Culprit if oom.culprit.is_some() && made.is_some() => "verdict-oom-filling-alike-making",
        OomRole::Culprit if oom.culprit.is_some() && together.is_some() => "verdict-oom-filling-together",
        OomRole::Culprit if oom.culprit.is_some() && alike.is_some() => "verdict-oom-filling-alike",
        OomRole::Culprit if oom.culprit.is_some() && part.is_some() => "verdict-oom-filling-part",
        OomRole::Culprit if oom.culprit.is_some() && keeper.is_some() => "verdict-oom-filling-probably",
        OomRole::Culprit if oom.culprit.is_some() => "verdict-oom-filling",
        OomRole::Culprit if oom::is_about_classes(&oom.kind) => "verdict-oom-classes",
        OomRole::Culprit if oom.others_hold_more => "verdict-oom-culprit-beside",
        OomRole::Culprit => "verdict-oom-culprit",
        OomRole::Victim => "verdict-oom-victim",
        OomRole::Unknown if oom.culprit.is_some() && oom::is_about_classes(&oom.kind) => {
            "verdict-oom-classes-unclear"
        }
        OomRole::Unknown if oom.culprit.is_some() => "verdict-oom-within",
        OomRole::Unknown => "verdict-oom-unknown",
    };
    let site = oom.site.as_ref().map_or_else(|| "?".to_owned(), ToString::to_string);
    let mut args = vec![
        ("kind", Arg::text(Text::message(&oom.kind_message()))),
        ("thread", Arg::name(oom.thread.clone().unwrap_or_else(|| "?".to_owned()))),
        ("site", Arg::name(site)),
        ("size", Arg::Bytes(oom.thread_retained_bytes)),
    ];
    args.extend(oom.culprit.as_ref().map(|holder| ("holder", holder.words())));
    args.extend(alike.map(|other| ("other", other)));
    args.extend(together.map(|count| ("count", count)));
    args.extend(made.or(part).or(keeper).map(|class| ("class", class)));
    args.extend(oom.asked_by.as_ref().map(|frame| ("place", Arg::name(frame.to_string()))));
    Text::with(id, args)
}
