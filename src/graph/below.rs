//! What lies below some objects in the dominator tree, each object once, by all threads.
//!
//! Owns the order of the walk, which depends on the threads: what is made of the objects must not depend on it. Cost: a look at each object and its children.

use super::tree::DominatorTree;
use crate::ix::ObjectIx;
use rayon::Scope;
use std::sync::{Mutex, PoisonError};

/// After so many objects a walk gives half of what is left away.
const SHARED_AFTER: usize = 1 << 13;

impl DominatorTree {
    /// Shows `see` all objects in `tops` and what they dominate: where `see` says so the children of an object, too. None of the tops may lie below another. What it notes
    /// down is in several notes, as many as there are threads at most, which the caller puts together.
    pub fn fold_below<T: Send>(
        &self,
        tops: &[ObjectIx],
        new: impl Fn() -> T + Sync,
        see: impl Fn(&mut T, ObjectIx) -> bool + Sync,
    ) -> Vec<T> {
        let walk = Walk { tree: self, new, see, notes: Mutex::default() };
        // A long list of tops is shared as what is below them is.
        rayon::scope(|scope| walk.run(vec![tops], scope));
        walk.notes.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Walk<'t, T, New, See> {
    tree: &'t DominatorTree,
    new: New,
    see: See,
    /// Those that no thread is writing on.
    notes: Mutex<Vec<T>>,
}

impl<'t, T, New, See> Walk<'t, T, New, See>
where
    T: Send,
    New: Fn() -> T + Sync,
    See: Fn(&mut T, ObjectIx) -> bool + Sync,
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
            for &object in now {
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
