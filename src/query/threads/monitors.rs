//! Which monitor a blocked thread waits for, and who seems to have it.
//!
//! HotSpot writes neither into a dump, but it writes what the slots of a frame refer to, in order. `javac` keeps the object of a `synchronized` block
//! in a slot of its own, which no variable of the source has, until the block is left (JVMS 3.14), and a `synchronized` method has that of `this`. So the
//! last slot of the frame that is blocked tells what it waits for, and an object that a frame has twice is most likely locked by it.
//! That is no proof: a variable may be a copy of another one, and compiled code drops what it does not need. An owner is named only if no other thread
//! comes into question.
//! Cost: a look at each variable on the stacks, if a thread is blocked.

use super::facts::{ThreadFacts, Wait, WaitKind};
use super::state::ThreadState;
use crate::ix::ObjectIx;
use crate::snapshot::{Snapshot, StackFrame};
use hashbrown::{HashMap, HashSet};

/// How much speaks for it that a frame has a monitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Sign {
    /// It is `this`, and the method may be `synchronized`; or it is a lock in a field of `this` and in a slot beyond the parameters: what the compiler
    /// keeps for a block, unless it is a variable.
    Perhaps,
    /// The frame is of the method that others wait in for it, and has it in hand.
    Inside,
    /// It is in two slots of the frame.
    Twice,
}

/// Has each blocked thread wait for the monitor that its frame tells.
pub(super) fn tell(snapshot: &Snapshot, threads: &mut [ThreadFacts]) {
    let blocked = |thread: &&ThreadFacts| thread.state == Some(ThreadState::Blocked);
    let mut entered: HashMap<ObjectIx, ObjectIx> = HashMap::new();
    let mut waited_in: HashSet<(ObjectIx, &str, &str)> = HashSet::new();
    for thread in threads.iter().filter(blocked) {
        let Some(frame) = thread.frames(snapshot).first() else { continue };
        if let Some(monitor) = awaited(snapshot, frame) {
            entered.insert(thread.object, monitor);
            waited_in.insert((monitor, &frame.class, &frame.method));
        }
    }
    if entered.is_empty() {
        return;
    }
    let mut signs: HashMap<ObjectIx, Vec<(Sign, ObjectIx)>> =
        entered.values().map(|&monitor| (monitor, Vec::new())).collect();
    for thread in threads.iter() {
        let awaited = entered.get(&thread.object);
        // Who waits to be notified has let go of it.
        let released = thread.wait.filter(|wait| wait.kind == WaitKind::Monitor).map(|wait| wait.object);
        for (at, frame) in thread.frames(snapshot).iter().enumerate() {
            let slots = frame.slots();
            let slots =
                if at == 0 && awaited.is_some() { &slots[..slots.len().saturating_sub(1)] } else { slots };
            for (place, object) in slots.iter().enumerate() {
                let Some(found) = signs.get_mut(object) else { continue };
                if awaited == Some(object) || released == Some(*object) {
                    continue;
                }
                let is_field_of_this = || {
                    let this = slots.first().filter(|_| has_this(snapshot, frame));
                    this.is_some_and(|&this| snapshot.references().of(this).any(|field| field == *object))
                };
                let sign = match place {
                    _ if slots[..place].contains(object) => Sign::Twice,
                    _ if waited_in.contains(&(*object, &*frame.class, &*frame.method)) => Sign::Inside,
                    0 if has_this(snapshot, frame) => Sign::Perhaps,
                    _ if place >= given(snapshot, frame) && is_field_of_this() => Sign::Perhaps,
                    _ => continue,
                };
                found.push((sign, thread.object));
            }
        }
    }
    for thread in threads {
        let Some(&object) = entered.get(&thread.object) else { continue };
        let owner = owner(&signs[&object]);
        let is_likely = owner.is_some_and(|(sign, _)| sign == Sign::Twice);
        let owner = owner.map(|(_, owner)| owner);
        thread.wait = Some(Wait { kind: WaitKind::Enter { is_likely }, object, owner });
    }
}

/// The only thread for which as much speaks as for no other.
fn owner(signs: &[(Sign, ObjectIx)]) -> Option<(Sign, ObjectIx)> {
    let &(best, first) = signs.iter().max_by_key(|(sign, _)| *sign)?;
    let mut rivals = signs.iter().filter(|&&(sign, _)| sign == best);
    rivals.all(|&(_, thread)| thread == first).then_some((best, first))
}

/// What the innermost frame of a blocked thread waits to lock.
fn awaited(snapshot: &Snapshot, frame: &StackFrame) -> Option<ObjectIx> {
    let slots = frame.slots();
    let (&first, &last) = (slots.first()?, slots.last()?);
    if &*frame.class == "java.lang.Object" && frame.method.starts_with("wait") {
        // It was notified and wants the monitor back.
        return Some(first);
    }
    let is_in_block = slots.len() > given(snapshot, frame) || slots[..slots.len() - 1].contains(&last);
    match is_in_block {
        true => Some(last),
        // Nothing but what it was called with: it is about to enter a `synchronized` method.
        false => has_this(snapshot, frame).then_some(first),
    }
}

/// How many slots a frame has for `this` and its parameters, of those that refer to an object.
fn given(snapshot: &Snapshot, frame: &StackFrame) -> usize {
    usize::from(has_this(snapshot, frame)) + reference_parameters(&frame.signature)
}

/// Whether the first slot is `this`.
fn has_this(snapshot: &Snapshot, frame: &StackFrame) -> bool {
    let first = frame.slots().first();
    first.is_some_and(|&first| snapshot.classes().is_named(snapshot.class_of(first), &frame.class))
}

/// How many parameters of a method are references, by its signature in the form of the virtual machine.
fn reference_parameters(signature: &str) -> usize {
    let mut left = signature.strip_prefix('(').unwrap_or_default();
    let mut count = 0;
    while let Some(kind) = left.chars().next().filter(|&kind| kind != ')') {
        let element = left.trim_start_matches('[');
        let is_array = element.len() < left.len();
        let (is_object, length) = match element.as_bytes().first() {
            Some(b'L') => (true, element.find(';').map_or(element.len(), |end| end + 1)),
            _ => (false, element.chars().next().map_or(0, char::len_utf8)),
        };
        count += usize::from(is_object || is_array);
        let skipped = left.len() - element.len() + length;
        debug_assert!(skipped >= kind.len_utf8(), "each parameter takes some of the signature");
        left = left.get(skipped.max(1)..).unwrap_or_default();
    }
    count
}

#[cfg(test)]
mod tests {
    use super::reference_parameters;

    #[test]
    fn counts_the_parameters_that_are_references() {
        let expected = [
            ("()V", 0),
            ("(IJ)V", 0),
            ("(Ljava/lang/String;I[[J[Lcom/acme/Row;)Ljava/lang/Object;", 3),
            ("(D)V", 0),
            ("", 0),
            ("(L", 1),
            ("([", 1),
            ("(é", 0),
        ];
        for (signature, count) in expected {
            assert_eq!(reference_parameters(signature), count, "{signature}");
        }
    }
}
