//! The search among what one barred object dominates, without the search of all the heap that comes before its phase.
//!
//! Each path to an object passes all of its dominators below the root that it begins at. No path passes a barred object before the phase that it is a root of, and in that phase it
//! is where paths begin. So what a barred object dominates is reached from roots that it dominates, or from itself, and from nowhere else, in every phase;
//! and a path between two such objects never leaves them: from whatever is outside only the barred object leads back. The paths that a
//! search among them alone finds, phase by phase, are therefore those that a search of everything would find. That is what makes the variables of a thread cheap: without it all that is
//! long-lived has to be looked at first, to the end of the longest list. Edges to hubs are the exception, for these are followed only when references lead no further: where a hub
//! is among the objects nothing is said of them. Cost: the objects that are dominated, one by one; a bit per object of the heap and two more.

use super::{AT_ROOT, Level, PhasedPaths};
use crate::graph::error::GraphError;
use crate::graph::seen::Seen;
use crate::ix::ObjectIx;
use crate::progress::Progress;
use crate::storage::{BitColumn, atomic_u32};
use hashbrown::HashMap;

/// What is dominated by a barred object is looked at by itself if it is no more than such a part of the heap: of more the search of everything is done as soon.
const PART: usize = 32;
/// All such searches together look at no more than such a part.
const PART_OF_ALL: usize = 8;
/// In a small heap at least so many.
const LEAST: usize = 1 << 12;
/// So many dominators of an object are looked at for one that is barred.
const MOST_STEPS: usize = 1 << 16;

/// What was found below barred objects.
#[derive(Debug, Default)]
pub(super) struct Confined {
    /// The barred objects that were looked at, and whether the paths to what they dominate are known.
    bars: HashMap<ObjectIx, bool>,
    /// The objects that the bar at hand dominates; empty between searches.
    inside: Option<BitColumn>,
    /// How many objects were looked at for all of them.
    looked_at: usize,
}

impl PhasedPaths<'_> {
    /// Whether all paths to `object` are known since a barred object that the search has not come to dominates it.
    pub(super) fn is_known_below_bar(
        &mut self,
        object: ObjectIx,
        progress: &Progress,
    ) -> Result<bool, GraphError> {
        let Some(bar) = self.bar_above(object) else { return Ok(false) };
        if let Some(&is_known) = self.confined.bars.get(&bar) {
            return Ok(is_known);
        }
        let members = self.members(bar);
        let is_known = match &members {
            Some(members) => self.look_below(members, progress)?,
            None => false,
        };
        self.confined.bars.insert(bar, is_known);
        Ok(is_known)
    }

    /// The nearest barred object that dominates `object` or that it is itself, if the search has not come to it.
    fn bar_above(&self, object: ObjectIx) -> Option<ObjectIx> {
        let may_be = !self.bars.is_empty() && !self.follows_hubs_at_once() && self.may_look_below_bars();
        let tree = self.tree.places.tree.filter(|_| may_be)?;
        let mut above = std::iter::once(object).chain(tree.dominators(object)).take(MOST_STEPS);
        let bar = above.find(|above| self.bars.contains(above))?;
        (!self.tree.seen.is_reached(bar)).then_some(bar)
    }

    /// Whether there are so few roots that all of them can be looked at for each bar. Where there are many nobody needs to keep them.
    pub(super) fn may_look_below_bars(&self) -> bool {
        self.roots * 2 <= self.most_of_all()
    }

    fn most_of_all(&self) -> usize {
        (self.tree.graph.object_count() / PART_OF_ALL).max(LEAST)
    }

    /// What `bar` dominates and what was not peeled, itself included; `None` if that is too much.
    fn members(&mut self, bar: ObjectIx) -> Option<Vec<u32>> {
        let tree = self.tree.places.tree?;
        let left = self.most_of_all().saturating_sub(self.confined.looked_at + self.roots);
        let most = (self.tree.graph.object_count() / PART).max(LEAST).min(left);
        let mut members = vec![bar.0];
        let mut at = 0;
        while at < members.len() && members.len() <= most {
            for &child in tree.children(ObjectIx(members[at])) {
                if !self.tree.places.is_peeled(child) {
                    members.push(child.0);
                }
                if members.len() > most {
                    break;
                }
            }
            at += 1;
        }
        self.confined.looked_at += members.len() + self.roots;
        (members.len() <= most).then_some(members)
    }

    /// Finds the paths to `members`, which are all that a barred object dominates; `false` if a hub is among them.
    fn look_below(&mut self, members: &[u32], progress: &Progress) -> Result<bool, GraphError> {
        let count = self.tree.graph.object_count();
        let mut inside = match self.confined.inside.take() {
            Some(inside) => inside,
            None => BitColumn::new(&self.storage, "objects below a bar", count)?,
        };
        members.iter().for_each(|&member| inside.set(member as usize));
        let hubs = self.tree.graph.hubs;
        let mut objects_of_hubs = (0..hubs.count()).filter_map(|hub| hubs.object(hub));
        let has_hub = objects_of_hubs.any(|hub| inside.get(hub.index()));
        if !has_hub {
            self.search_inside(members, &inside, progress)?;
        }
        for &member in members {
            inside.words_mut()[member as usize / 64] = 0;
        }
        self.confined.inside = Some(inside);
        Ok(!has_hub)
    }

    /// Phase by phase, level by level, as the search of everything.
    fn search_inside(
        &mut self,
        members: &[u32],
        inside: &BitColumn,
        progress: &Progress,
    ) -> Result<(), GraphError> {
        let tree = &mut self.tree;
        let below = match &mut tree.below_bars {
            Some(below) => below,
            none => none.insert(Seen::all_done(tree.graph.object_count(), &self.storage)?),
        };
        for member in members.iter().map(|&member| ObjectIx(member)) {
            if !self.bars.contains(&member) {
                below.set_undone(member);
            }
        }
        let mut level: Vec<u32> = Vec::new();
        for roots in &self.phases {
            for &root in roots.iter().filter(|root| inside.get(root.index())) {
                if !below.is_reached(root) {
                    below.reach(root);
                    tree.steps[tree.places.of(root).expect("roots have places")] = AT_ROOT;
                    level.push(root.0);
                }
            }
            let mut next = Vec::new();
            while !level.is_empty() {
                progress.check()?;
                let search = Level {
                    graph: &tree.graph,
                    leave_out: tree.leave_out.as_deref(),
                    places: &tree.places,
                    with_hubs: false,
                    steps: atomic_u32(&mut tree.steps),
                    seen: below.shared(),
                };
                level.iter().for_each(|&object| search.seen.set_done(ObjectIx(object)));
                search.look_at_all(&level, &mut next);
                std::mem::swap(&mut level, &mut next);
                next.clear();
            }
        }
        Ok(())
    }
}
