//! Who asked for an array that was too large, and for how much.
//!
//! The frames between the error and the application's own code name the method of a library that wanted it. The number often stands in an object
//! that this method works on: a length that the other side of a connection has sent, a capacity. Cost: the fields of the variables of a few frames.

use super::super::Context;
use super::super::holders::report_frame;
use crate::hprof::Value;
use crate::query::{Origin, origin_of_named};
use crate::report::{Arg, Text};
use crate::snapshot::{Snapshot, StackFrame};

/// The frame of a library that asked for it, if what the application called is not the JDK itself. `below` are the frames below the error.
pub(super) fn by<'f>(snapshot: &Snapshot, below: &'f [StackFrame]) -> Option<&'f StackFrame> {
    let origin = |frame: &StackFrame| origin_of_named(snapshot, &frame.class);
    let asked = below.iter().find(|frame| origin(frame) != Origin::Jdk)?;
    let is_called = || below.iter().any(|frame| origin(frame) == Origin::Application);
    (origin(asked) == Origin::Library && is_called()).then_some(asked)
}

/// Who asked for it, and the field that tells how large it was to be, if there is such a field.
pub(super) fn evidence(context: &Context<'_>, below: &[StackFrame]) -> Option<Text> {
    let place = ("place", Arg::name(report_frame(by(context.snapshot, below)?).to_string()));
    Some(match size(context, below) {
        Some((field, number)) => {
            let args = [place, ("field", Arg::name(field)), ("count", Arg::Count(number))];
            Text::with("oom-evidence-asked-size", args)
        }
        None => Text::with("oom-evidence-asked", [place]),
    })
}

/// A field that is called a size, of an object that the frames above the application's work on, with a number of elements that the heap has no room for.
fn size(context: &Context<'_>, below: &[StackFrame]) -> Option<(String, u64)> {
    const SIZES: &[&str] = &["size", "length", "capacity", "count", "bytes", "len"];
    /// What an element takes at most of most arrays, in bytes.
    const WIDEST: u64 = 4;
    let snapshot = context.snapshot;
    let held = context.histogram().total().shallow_bytes;
    let least = context.heap_limit()?.bytes.saturating_sub(held) / WIDEST;
    let is_own = |frame: &&StackFrame| origin_of_named(snapshot, &frame.class) == Origin::Application;
    let called = below.iter().take_while(|frame| !is_own(frame));
    let objects = called.flat_map(|frame| frame.locals.iter().copied());
    objects.flat_map(|object| snapshot.fields(object)).find_map(|field| {
        let number = match field.value {
            Value::Int(number) => u64::try_from(number).ok()?,
            Value::Long(number) => u64::try_from(number).ok()?,
            _ => return None,
        };
        let name = &*field.field.name;
        let is_size = SIZES.iter().any(|end| name.to_lowercase().ends_with(end));
        let class = &snapshot.classes().get(field.class).name;
        (is_size && (least..=i32::MAX as u64).contains(&number)).then(|| (format!("{class}.{name}"), number))
    })
}
