//! Coroutines of Kotlin that receive from a channel.
//!
//! A channel fills because nobody receives, or not fast enough. Whoever goes over it in a loop has an iterator of it in a local variable, which a coroutine
//! keeps in a field while it is suspended; what it has called meanwhile refers to it as what is to be completed. Cost: a pass over the class column, and a
//! look at the fields of all coroutines, for each suspect that is a channel.

use super::Story;
use crate::inspect::InspectError;
use crate::ix::ObjectIx;
use crate::query::{CONTINUATION, Origin, instances_of, is_spilled, origin_of};
use crate::report::{Arg, Text};
use crate::snapshot::{Link, Snapshot};
use hashbrown::HashMap;

/// Coroutines that are looked at.
const MOST: usize = 1 << 16;
/// More than these are given their elements by something else.
const MOST_TOLD: usize = 4;
/// Methods that are called in each other.
const DEEPEST: usize = 64;

impl Story {
    /// Which coroutine receives from it, and where that is.
    pub(super) fn receiver(&self, snapshot: &Snapshot) -> Result<Option<Text>, InspectError> {
        let channel = self.held.object;
        if !snapshot.class_name(channel).starts_with("kotlinx.coroutines.channels.") {
            return Ok(None);
        }
        let coroutines = instances_of(snapshot, &snapshot.classes().sub_classes_of(CONTINUATION))?;
        let reachable =
            coroutines.into_iter().filter(|&coroutine| snapshot.is_reachable(coroutine)).take(MOST);
        // What each has called.
        let mut called: HashMap<ObjectIx, ObjectIx> = HashMap::new();
        let mut receivers: Vec<ObjectIx> = Vec::new();
        for coroutine in reachable {
            if let Some(completed) = snapshot.follow(coroutine, "completion") {
                // Between what withContext() runs and its caller stands a scope.
                let caller = snapshot.follow(completed, "uCont").unwrap_or(completed);
                called.insert(caller, coroutine);
            }
            if is_own(snapshot, coroutine) && iterates(snapshot, coroutine, channel) {
                receivers.push(coroutine);
            }
        }
        let Some(&first) = receivers.first().filter(|_| receivers.len() <= MOST_TOLD) else {
            return Ok(None);
        };
        let inner = std::iter::successors(called.get(&first), |&inner| called.get(inner)).take(DEEPEST);
        let inner = inner.copied().filter(|&inner| is_own(snapshot, inner)).last();
        let mut args = vec![
            ("count", Arg::Count(receivers.len() as u64)),
            ("place", Arg::name(method_of(snapshot.class_name(first)))),
        ];
        args.extend(inner.map(|inner| ("inner", Arg::name(method_of(snapshot.class_name(inner))))));
        let id = if inner.is_some() { "suspect-receiver-in" } else { "suspect-receiver" };
        Ok(Some(Text::with(id, args)))
    }
}

fn is_own(snapshot: &Snapshot, object: ObjectIx) -> bool {
    origin_of(snapshot, snapshot.class_of(object)) == Origin::Application
}

/// Whether a coroutine has an iterator of the channel in a variable.
fn iterates(snapshot: &Snapshot, coroutine: ObjectIx, channel: ObjectIx) -> bool {
    let mut found = false;
    snapshot.links(coroutine, |link, target| {
        let is_variable = matches!(link, Link::Field { class, name }
            if is_spilled(snapshot, &snapshot.classes().get(class).name, name));
        found = is_variable
            && snapshot.class_name(target).ends_with("ChannelIterator")
            && snapshot.follow(target, "this$0") == Some(channel);
        !found
    });
    found
}

/// The method that the compiler has made a class of: `start` of `AuditLog` for `AuditLog$start$1`.
fn method_of(class: &str) -> String {
    let numbers = |c: char| c.is_ascii_digit() || c == '$';
    let place = class.trim_end_matches(numbers);
    match place.rsplit_once('$') {
        Some((owner, method)) if !owner.is_empty() && !method.is_empty() => format!("{owner}.{method}"),
        _ => place.to_owned(),
    }
}
