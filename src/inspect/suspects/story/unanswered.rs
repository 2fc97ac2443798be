//! Requests that nobody has answered: each of many objects that pile up has a future that is not completed.
//!
//! Cost: a few fields of some of them.

use super::Story;
use super::words::simple_name;
use crate::ix::ObjectIx;
use crate::report::{Arg, Standing, Suspect, SuspectKind, Text};
use crate::snapshot::{Link, Snapshot};

const FUTURE: &str = "java.util.concurrent.CompletableFuture";

impl Story {
    /// Says of what piles up that the futures in it wait for an answer, and what to do. `objects` are some of it.
    pub(super) fn tell_if_unanswered(
        &self,
        snapshot: &Snapshot,
        suspect: &mut Suspect,
        objects: &[ObjectIx],
    ) {
        const LEAST: usize = 16;
        const LOOKED_AT: usize = 256;
        if suspect.kind != SuspectKind::Leak
            || suspect.standing != Standing::Blamed
            || suspect.rule.is_some()
            || self.copies.is_some()
        {
            return;
        }
        let alike = objects.iter().copied().filter(|&object| snapshot.class_name(object) == suspect.class);
        let futures: Vec<(Option<String>, bool)> =
            alike.take(LOOKED_AT).filter_map(|object| future_of(snapshot, object)).collect();
        let Some((field, _)) = futures.first().filter(|_| futures.len() >= LEAST) else { return };
        let open = futures.iter().filter(|(other, is_open)| *is_open && other == field).count();
        if open * 10 < futures.len() * 9 {
            return;
        }
        let mut args =
            vec![("count", Arg::Count(open as u64)), ("samples", Arg::Count(futures.len() as u64))];
        let id = match field {
            Some(field) => {
                args.push(("field", Arg::name(format!("{}.{field}", simple_name(&suspect.class)))));
                "suspect-unanswered"
            }
            None => "suspect-unanswered-itself",
        };
        suspect.activity.push(Text::with(id, args));
        suspect.advice.insert(0, Text::message("suspect-advice-unanswered"));
    }
}

/// The field of an object that has a future, none if it is one itself, and whether that is not completed. `None` if there is no future, or several.
fn future_of(snapshot: &Snapshot, object: ObjectIx) -> Option<(Option<String>, bool)> {
    let is_future = |object: ObjectIx| snapshot.classes().is_named(snapshot.class_of(object), FUTURE);
    let is_open = |future: ObjectIx| snapshot.follow(future, "result").is_none();
    if is_future(object) {
        return Some((None, is_open(object)));
    }
    let mut found: Vec<(String, bool)> = Vec::new();
    snapshot.links(object, |link, target| {
        if let (Link::Field { name, .. }, true) = (link, is_future(target)) {
            found.push((name.to_owned(), is_open(target)));
        }
        true
    });
    let [(field, is_open)] = &found[..] else { return None };
    Some((Some(field.clone()), *is_open))
}
