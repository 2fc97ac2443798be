//! An exception that whoever has it all keeps: what should have taken from it has ended with that.
//!
//! Who catches an exception and puts it into a field says why it does not go on. Owns the way to such a field: of the object that has the holder's field, or of
//! the one that this belongs to. Errors of memory are told elsewhere. Cost: the fields of two objects.

use super::Story;
use super::entry::words_of;
use super::own_list::owner_of;
use super::words::simple_name;
use crate::inspect::Context;
use crate::ix::ObjectIx;
use crate::query::{Origin, origin_of};
use crate::report::{Arg, HolderKind, Standing, Suspect, SuspectKind, Text};
use crate::snapshot::{Link, Snapshot};

/// An exception in a field of the application's.
struct Failure {
    owner: ObjectIx,
    field: String,
    exception: ObjectIx,
}

impl Story {
    /// Tells of an exception that stands beside what piles up.
    pub(super) fn tell_if_failed(&self, context: &Context<'_>, suspect: &mut Suspect) {
        let snapshot = context.snapshot;
        let is_asked = suspect.kind == SuspectKind::Leak
            && suspect.standing == Standing::Blamed
            && suspect.holder.kind == HolderKind::InstanceField;
        let owner = self.declaring(snapshot).filter(|_| is_asked);
        let above = owner.and_then(|owner| owner_of(snapshot, owner));
        let Some(failure) = [owner, above].into_iter().flatten().find_map(|owner| failure(snapshot, owner))
        else {
            return;
        };
        let args = [
            ("class", Arg::name(simple_name(snapshot.class_name(failure.owner)).into_owned())),
            ("field", Arg::name(failure.field)),
            ("exception", Arg::name(simple_name(snapshot.class_name(failure.exception)).into_owned())),
        ];
        let message = snapshot.follow(failure.exception, "detailMessage");
        let message = message.and_then(|message| words_of(context, message));
        suspect.activity.push(match message {
            Some(message) => {
                Text::with("suspect-failed-with", args.into_iter().chain([("message", Arg::name(message))]))
            }
            None => Text::with("suspect-failed", args),
        });
        suspect.advice.push(Text::message("suspect-advice-failed"));
    }
}

/// The exception in a field of an object of the application's, if there is one and one only.
fn failure(snapshot: &Snapshot, owner: ObjectIx) -> Option<Failure> {
    let classes = snapshot.classes();
    if origin_of(snapshot, snapshot.class_of(owner)) != Origin::Application {
        return None;
    }
    let mut found = Vec::new();
    snapshot.links(owner, |link, target| {
        let class = snapshot.class_of(target);
        if let Link::Field { name, .. } = link
            && classes.is_named(class, "java.lang.Throwable")
            && !classes.is_named(class, "java.lang.VirtualMachineError")
        {
            found.push(Failure { owner, field: name.to_owned(), exception: target });
        }
        true
    });
    if found.len() == 1 { found.pop() } else { None }
}
