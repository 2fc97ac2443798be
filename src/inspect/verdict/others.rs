//! What the verdict names beside the first suspect, and by which words.

use super::suspect_args;
use crate::inspect::holders::is_own_field;
use crate::query::{Origin, origin_of_name};
use crate::report::{
    Arg, ELEMENTS_OF_CLASSES, Finding, Holder, HolderKind, OF_SEVERAL, Pattern, Report, Severity, Share,
    Standing, Suspect, SuspectKind, Text, figures,
};

/// The leaks that are to blame beside the first one, unless it is the same memory held by others, too; or calls that hold much. The second of them only if
/// it is not small.
pub(super) fn beside<'s>(kept: &[&'s Suspect]) -> Vec<&'s Suspect> {
    const MUCH: f64 = 0.2;
    const NOT_SMALL: f64 = 0.08;
    let Some((first, rest)) = kept.split_first() else { return Vec::new() };
    let mut others: Vec<&Suspect> = Vec::new();
    for &suspect in rest {
        let is_large_load = suspect.kind == SuspectKind::Load && suspect.share >= MUCH;
        let is_new = is_other(suspect, first) && others.iter().all(|known| is_other(suspect, known));
        let is_worth_it = others.is_empty() || suspect.share >= NOT_SMALL;
        if (suspect.kind == SuspectKind::Leak || is_large_load) && is_new && is_worth_it {
            others.push(suspect);
        }
        if others.len() == 2 {
            break;
        }
    }
    others
}

/// How it is told: what goes with its call, what stays when that of the first one has ended, what is proven to leak as the first one is, or may leak as well, or what is large as well.
pub(super) fn beside_id(first: &Suspect, suspect: &Suspect) -> &'static str {
    let is_leak = |suspect: &Suspect| {
        suspect.kind == SuspectKind::Leak
            && !suspect.is_leak_if_it_grows()
            && !suspect.backlog
            && !suspect.cache
            && !matches!(suspect.pattern, Pattern::Threads | Pattern::EmptyCollection)
    };
    match suspect.kind {
        SuspectKind::Load if suspect.pattern != Pattern::Threads => "verdict-beside-load",
        _ if is_leak(first) && is_leak(suspect) => "verdict-beside-leak",
        SuspectKind::Leak if suspect.is_leak_if_it_grows() && !suspect.backlog && !suspect.cache => {
            match first.kind {
                SuspectKind::Load if first.pattern != Pattern::Threads => "verdict-beside-stays",
                _ if first.is_leak_if_it_grows() => "verdict-beside-if-it-grows",
                _ => "verdict-beside",
            }
        }
        _ => "verdict-beside",
    }
}

/// Whether neither is held by a holder of the other.
pub(super) fn is_other(suspect: &Suspect, known: &Suspect) -> bool {
    let shares =
        |suspect: &Suspect, other: &Suspect| suspect.holders.iter().any(|share| share.holder == other.holder);
    suspect.holder != known.holder && !shares(suspect, known) && !shares(known, suspect)
}

/// What holds a good part of the heap beside the only one to blame, though nothing is proven against it: of two leaks one may still be small beside what the
/// heap may take.
pub(super) fn next_largest(report: &Report, all: &[&Suspect], first: &Suspect) -> Option<Text> {
    const GOOD_PART: f64 = 0.15;
    let is_next = |suspect: &&&Suspect| {
        suspect.kind == SuspectKind::Leak
            && suspect.standing == Standing::Largest
            && suspect.share >= GOOD_PART
            && is_own_field(&suspect.holder)
            && !suspect.is_fixed()
            && suspect.why_not_to_blame().is_none()
            && is_other(suspect, first)
    };
    let next = all.iter().filter(|_| first.kind == SuspectKind::Leak).find(is_next)?;
    Some(Text::with("verdict-next-largest", suspect_args(report, next)))
}

/// What is many times as large as the first one to blame, where that is a small part of the heap and may only be data, and is known to grow no more.
pub(super) fn larger_beside(report: &Report, all: &[&Suspect], first: &Suspect) -> Option<Text> {
    const SMALL_PART: f64 = 0.15;
    const MANY: u64 = 4;
    let is_known = |suspect: &&&Suspect| {
        suspect.standing == Standing::Largest && suspect.is_fixed() || suspect.is_meant()
    };
    let is_small = first.is_leak_if_it_grows() && first.share < SMALL_PART;
    let largest = all.iter().filter(is_known).max_by_key(|suspect| suspect.retained_bytes);
    let largest = largest
        .filter(|suspect| is_small && suspect.retained_bytes / MANY >= first.retained_bytes)
        .filter(|suspect| all.iter().all(|other| other.retained_bytes <= suspect.retained_bytes))?;
    let id = if largest.is_meant() { "verdict-larger-meant" } else { "verdict-larger-fixed" };
    Some(Text::with(id, suspect_args(report, largest)))
}

/// The words of the rule that knows a suspect and finds it wrong, with who holds it: where many objects of a library's own classes are told they say
/// nothing to whoever does not know its inside.
pub(super) fn told_by_rule(report: &Report, suspect: &Suspect) -> Option<Text> {
    const OF_EACH: &str = "suspect-title-carrying";
    const OF_CLASSES: [&str; 3] = ["suspect-title-one", "suspect-title-many", "suspect-title-with"];
    let Text::Message { id, args } = &suspect.title else { return None };
    // Nobody knows a lambda by its class.
    let is_own = |class: &str| origin_of_name(class) == Origin::Application && !class.contains("$$Lambda");
    // What each thread has says more than that there are thread-locals.
    let is_of_threads =
        suspect.holder.kind == HolderKind::ThreadLocal && origin_of_name(&suspect.class) == Origin::Jdk;
    let is_of_several = OF_SEVERAL.contains(&&**id);
    let is_of_classes = OF_CLASSES.contains(&&**id) || is_of_several || id == OF_EACH;
    if !is_of_classes || is_own(&suspect.class) || is_of_threads {
        return None;
    }
    let rule = suspect.rule.as_deref()?;
    let told = |finding: &&Finding| {
        finding.id == rule
            && finding.severity > Severity::Info
            && finding.bytes.saturating_mul(10) >= suspect.retained_bytes.saturating_mul(7)
    };
    let finding = report.findings.iter().find(told)?;
    let holder = finding.holder.as_ref().filter(|holder| is_own_field(holder)).unwrap_or(&suspect.holder);
    // It is about nearly all of the same, and the size of that is told in a moment.
    let sizes = [suspect.retained_bytes, finding.bytes].map(figures::bytes);
    let title = sizes.iter().fold(finding.title.clone(), |title, size| without_size(&title, size));
    let mut told = vec![("rule", Arg::text(title)), ("holder", holder.words())];
    // What the application has put into it no rule can name.
    let is_element = |element: &Arg, share: &Share| {
        let is_it = match element {
            Arg::Name(name) => share.class.ends_with(&**name),
            // These are the application's.
            Arg::Text(text) => text.is_message(ELEMENTS_OF_CLASSES),
            _ => false,
        };
        is_it && is_own(&share.class)
    };
    let elements = args.get("element").zip(args.get("count")).filter(|_| id != OF_EACH);
    let elements =
        elements.filter(|(element, _)| suspect.composition.iter().any(|share| is_element(element, share)));
    // A registry of the library that has it, too, is nothing that anybody would look at, nor is a variable that a compiler has made a field of.
    let is_written = |holder: &&Holder| {
        is_own_field(holder) && holder.field.as_ref().is_some_and(|field| !field.contains('$'))
    };
    let mut own = suspect.holders.iter().map(|share| &share.holder).filter(is_written);
    let second = own.find(|other| other.label() != holder.label()).filter(|_| is_of_several);
    let id = match (elements, second) {
        (Some(_), _) => "verdict-told-by-rule-with",
        (None, Some(_)) => "verdict-told-by-rule-two",
        (None, None) if id == OF_EACH => "verdict-told-by-rule-each",
        (None, None) => "verdict-told-by-rule",
    };
    told.extend(second.map(|second| ("second", second.words())));
    told.extend(args.get("element").map(|element| ("element", element.clone())));
    told.extend(args.get("count").map(|count| ("count", count.clone())));
    Some(Text::with(id, told))
}

/// The words of a rule without the size at their end: it is told in a moment.
pub(super) fn without_size(title: &Text, size: &str) -> Text {
    let cut = |words: &str, before: &[&str]| {
        let rest = words.strip_suffix(size);
        let rest = rest.and_then(|rest| before.iter().find_map(|before| rest.strip_suffix(before)));
        rest.unwrap_or(words).to_owned()
    };
    match title {
        Text::Both { en, zh } => {
            Text::Both { en: cut(en, &[", "]), zh: cut(zh, &["，占 ", "，共 ", "，"]) }
        }
        other => other.clone(),
    }
}
