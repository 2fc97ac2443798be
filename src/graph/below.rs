//! What lies below some objects in the dominator tree, each object once, by all threads.
//!
//! Owns the order of the walk, which depends on the threads: what is made of the objects must not depend on it. Cost: a look at each object and its children.

use super::tree::DominatorTree;
use crate::ix::ObjectIx;
use rayon::Scope;
use std::sync::{Mutex, PoisonError};

/// How far ahead of its use a neighbour is asked for.
const AHEAD: usize = 4;

/// After so many objects a walk gives half of what is left away.
const SHARED_AFTER: usize = 1 << 13;

impl DominatorTree {
    /// Shows `see` all objects in `tops` and what they dominate: where `see` says so the children of an object, too. None of the tops may lie below another. What it notes
    /// down is in several notes, as many as there are threads at most, which the caller puts together. `ask_for` is told of
    /// an object a while before `see` is shown it.
    pub fn fold_below<T: Send>(
        &self,
        tops: &[ObjectIx],
        new: impl Fn() -> T + Sync,
        see: impl Fn(&mut T, ObjectIx) -> bool + Sync,
        ask_for: impl Fn(ObjectIx) + Sync,
    ) -> Vec<T> {
        let walk = Walk { tree: self, new, see, ask_for, notes: Mutex::default() };
        // A long list of tops is shared as what is below them is.
        rayon::scope(|scope| walk.run(vec![tops], scope));
        walk.notes.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Walk<'t, T, New, See, Ask> {
    tree: &'t DominatorTree,
    new: New,
    see: See,
    ask_for: Ask,
    /// Those that no thread is writing on.
    notes: Mutex<Vec<T>>,
}

impl<'t, T, New, See, Ask> Walk<'t, T, New, See, Ask>
where
    T: Send,
    New: Fn() -> T + Sync,
    See: Fn(&mut T, ObjectIx) -> bool + Sync,
    Ask: Fn(ObjectIx) + Sync,
{
    fn run<'s>(&'s self, mut stack: Vec<&'t [ObjectIx]>, scope: &Scope<'s>)
    where
        't: 's,
    {
        let free = self.notes.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut notes = free.unwrap_or_else(&self.new);
        let mut seen = 0;
        while let Some(siblings) = stack.pop() {
            let (now, later) = siblings.split_at(siblings.len().min(SHARED_AFTER));
            if !later.is_empty() {
                stack.push(later);
            }
            for (at, &object) in now.iter().enumerate() {
                if let Some(&ahead) = now.get(at + AHEAD) {
                    (self.ask_for)(ahead);
                    self.tree.prefetch(ahead);
                }
                let goes_on = (self.see)(&mut notes, object);
                let children = self.tree.children(object);
                if goes_on && !children.is_empty() {
                    stack.push(children);
                }
            }
            seen += now.len();
            if seen >= SHARED_AFTER && !stack.is_empty() {
                seen = 0;
                // The bottom of the stack leads to the larger parts. A long list of siblings is halved.
                let given: Vec<&[ObjectIx]> = if let [only] = &mut stack[..] {
                    let (now, later) = only.split_at(only.len() / 2);
                    *only = later;
                    vec![now]
                } else {
                    let top = stack.split_off(stack.len() / 2);
                    std::mem::replace(&mut stack, top)
                };
                scope.spawn(move |scope| self.run(given, scope));
            }
        }
        self.notes.lock().unwrap_or_else(PoisonError::into_inner).push(notes);
    }
}
