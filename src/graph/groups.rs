//! What groups of objects retain together, as all instances of a class.
//!
//! Owns the sum over those members of a group that no other member of the same group dominates, so that each byte counts once. One walk over the
//! dominator tree, cut into pieces of like weight that are walked in parallel. Cost: 9 bytes per group and thread, and a stack as deep as the tree.

use super::retained::RetainedSizes;
use super::tree::DominatorTree;
use crate::ix::ObjectIx;
use rayon::prelude::*;

/// Pieces per thread: enough to balance.
const PIECES_PER_THREAD: u64 = 16;
/// So many objects are worth a piece of their own, however little they retain.
const MANY: usize = 1 << 14;

/// How far ahead of its use a neighbour is asked for.
const AHEAD: usize = 4;

/// The group of an object that belongs to none.
pub const NO_GROUP: u32 = u32::MAX;

/// What the members of each group retain together, by group number, in bytes. An object may belong to `W` groups, as that of its class and that of
/// its package; unreachable objects count to none. `ask_for` is told of an object a while before `groups_of` is asked for its groups.
pub fn retained_by_group<const W: usize>(
    tree: &DominatorTree,
    retained: &RetainedSizes,
    groups: usize,
    groups_of: impl Fn(ObjectIx) -> [u32; W] + Sync,
    ask_for: impl Fn(ObjectIx) + Sync,
) -> Vec<u64> {
    let groups_of =
        |object| groups_of(object).map(|group| if group == NO_GROUP { groups as u32 } else { group });
    let walk = Walk { tree, retained, groups_of: &groups_of, ask_for: &ask_for, nowhere: groups as u32 };
    let total: u64 = tree.root_children().iter().map(|&top| retained.bytes(top)).fold(0, u64::saturating_add);
    let most = (total / (PIECES_PER_THREAD * rayon::current_num_threads() as u64)).max(1);
    let mut state = State::new(groups);
    let pieces = walk.cut(most, &mut state);
    let of_pieces = pieces.par_iter().fold(
        || State::new(groups),
        |mut state, piece| {
            state.set(&piece.above, true);
            walk.run(piece.objects, &mut state);
            state.set(&piece.above, false);
            state
        },
    );
    let add = |mut sums: Vec<u64>, more: Vec<u64>| {
        sums.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
        sums
    };
    let mut sums = add(of_pieces.map(|state| state.sums).reduce(|| vec![0; groups + 1], add), state.sums);
    sums.truncate(groups);
    sums
}

/// Neighbours with all that they dominate.
struct Piece<'a> {
    objects: &'a [ObjectIx],
    /// The groups of the objects that dominate them.
    above: Vec<u32>,
}

/// By group; one more stands for all that is in no group, and is always open.
struct State {
    sums: Vec<u64>,
    /// Whether the walk is below a member of the group.
    open: Vec<bool>,
}

impl State {
    fn new(groups: usize) -> Self {
        let mut open = vec![false; groups + 1];
        open[groups] = true;
        Self { sums: vec![0; groups + 1], open }
    }

    /// Opens or closes groups, but for the one that is always open.
    #[inline]
    fn set(&mut self, groups: &[u32], open: bool) {
        for &group in groups {
            self.open[group as usize] = open;
        }
        if let Some(always) = self.open.last_mut() {
            *always = true;
        }
    }
}

struct Walk<'a, G, A> {
    tree: &'a DominatorTree,
    retained: &'a RetainedSizes,
    groups_of: &'a G,
    ask_for: &'a A,
    /// The group that is always open.
    nowhere: u32,
}

impl<'a, const W: usize, G: Fn(ObjectIx) -> [u32; W], A: Fn(ObjectIx)> Walk<'a, G, A> {
    /// Counts an object in those of its groups of which no member is above it. Tells these groups.
    #[inline]
    fn enter(&self, object: ObjectIx, state: &mut State) -> [u32; W] {
        let mut first = (self.groups_of)(object);
        let bytes = self.retained.bytes(object);
        for group in &mut first {
            if state.open[*group as usize] {
                *group = self.nowhere;
            } else {
                state.sums[*group as usize] += bytes;
            }
        }
        first
    }

    /// Walks over neighbours and everything below them.
    fn run(&self, objects: &'a [ObjectIx], state: &mut State) {
        let mut stack: Vec<(&[ObjectIx], [u32; W])> = Vec::new();
        let (mut siblings, mut opened) = (objects, [self.nowhere; W]);
        loop {
            while let Some((&object, rest)) = siblings.split_first() {
                siblings = rest;
                if let Some(&ahead) = rest.get(AHEAD) {
                    (self.ask_for)(ahead);
                    self.tree.prefetch(ahead);
                    self.retained.prefetch(ahead);
                }
                let first = self.enter(object, state);
                let below = self.tree.children(object);
                if !below.is_empty() {
                    state.set(&first, true);
                    stack.push((siblings, opened));
                    (siblings, opened) = (below, first);
                }
            }
            state.set(&opened, false);
            let Some(above) = stack.pop() else { break };
            (siblings, opened) = above;
        }
    }

    /// Walks over the objects that retain more than `most` bytes. What is below them is left for later in pieces of about that size,
    /// unless it is so little that it is better done at once.
    fn cut(&self, most: u64, state: &mut State) -> Vec<Piece<'a>> {
        let mut pieces = Vec::new();
        let mut above = Vec::new();
        let mut stack: Vec<(&[ObjectIx], [u32; W])> = vec![(self.tree.root_children(), [self.nowhere; W])];
        let named = |groups: [u32; W]| groups.into_iter().filter(|&group| group != self.nowhere);
        while let Some((siblings, opened)) = stack.last_mut() {
            let Some((&object, rest)) = siblings.split_first() else {
                state.set(opened, false);
                above.truncate(above.len() - named(*opened).count());
                stack.pop();
                continue;
            };
            if self.retained.bytes(object) > most {
                *siblings = rest;
                let first = self.enter(object, state);
                state.set(&first, true);
                above.extend(named(first));
                stack.push((self.tree.children(object), first));
                continue;
            }
            let mut bytes = 0;
            let fits = |&&object: &&ObjectIx| {
                bytes += self.retained.bytes(object);
                bytes <= most
            };
            let count = siblings.iter().take_while(fits).count();
            let (objects, rest) = siblings.split_at(count);
            *siblings = rest;
            let heavy = objects.iter().map(|&object| self.retained.bytes(object)).sum::<u64>() > most / 8;
            if heavy || count > MANY {
                pieces.push(Piece { objects, above: above.clone() });
            } else {
                self.run(objects, state);
            }
        }
        pieces
    }
}
