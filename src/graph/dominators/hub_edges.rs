//! Which of the edges to hubs and stars the search follows, and the proof afterwards that the others change nothing.
//!
//! Nearly every object has an edge to its hub (its class), and hardly any of these edges matters: an edge `u -> hub` is
//! irrelevant exactly if the immediate dominator of the hub, found without that edge, dominates `u` anyway. So a few members
//! of each hub are chosen, dominators are computed with their edges alone, and every edge left out is then checked against the result. The same goes for references
//! to [`stars`].
//! Where one fails, some of those that failed are added and all is computed again; after [`ROUNDS`] rounds all edges are
//! followed. What fails is mostly a class that lives below one object but for a few instances, so those near the roots are chosen, and all instances of
//! classes that have not many. Large heaps then need one round, rarely two. Cost: one pass over the hub numbers to choose, one to check, one over the references if stars have to be checked, and a byte per
//! node of the search while checking (2 or 4 where hubs and stars have more than 255 dominators); nothing if nothing has to be checked.

use super::super::error::GraphError;
use super::super::object_graph::{ExtraEdges, Hubs, ObjectGraph};
use super::super::references::{present, tasks};
use super::semi_nca::Core;
use super::stars::{self, Noted, Stars};
use crate::ix::ObjectIx;
use crate::progress::Progress;
use crate::storage::{Access, Element, Storage};
use hashbrown::HashSet;
use rayon::prelude::*;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

/// Members chosen per hub at first, at most, of those that are spread over all objects.
const PER_HUB: usize = 128;
/// The same, of those near the roots.
const PER_HUB_NEAR: u32 = 16;
/// What is near: objects so many references away from a root,
const LEVELS: usize = 4;
/// and so many of them.
const MOST_NEAR: usize = 1 << 17;
/// Members of a hub that one task proposes, at most.
const PER_TASK: usize = 32;
/// After so many rounds all edges are followed.
pub(super) const ROUNDS: usize = 4;

/// The edges that the search follows besides the references to what is no star.
pub(super) struct HubEdges {
    /// The graph's extra edges and those to hubs and stars that were chosen.
    chosen: ExtraEdges,
    /// What is referred to by so many objects that references to it are not followed.
    stars: Stars,
    /// Whether all edges are followed.
    all: bool,
}

/// What was left out and yet matters.
#[derive(Default)]
pub(super) struct Failed {
    /// Edges to hubs, some for each.
    edges: Vec<(ObjectIx, ObjectIx)>,
    /// If one fails, all that an object dominates.
    stars: Vec<ObjectIx>,
}

impl Failed {
    pub(super) fn is_empty(&self) -> bool {
        self.edges.is_empty() && self.stars.is_empty()
    }
}

impl HubEdges {
    /// Chooses members of each hub: some near the roots, and some evenly over all objects.
    pub(super) fn choose(graph: &ObjectGraph<'_>, progress: &Progress) -> Result<Self, GraphError> {
        let mut edges = graph.extra.edges().to_vec();
        let stars = Stars::find(graph);
        let (near, far) =
            rayon::join(|| near_roots(graph, &stars), || sample(graph, progress, |_| true, |_, _| true));
        edges.extend(near);
        edges.extend(far?);
        Ok(Self { chosen: ExtraEdges::new(edges), stars, all: false })
    }

    /// Takes more edges for the next round: all to stars that may fail.
    pub(super) fn add(&mut self, graph: &ObjectGraph<'_>, failed: Failed, round: usize) {
        if round + 1 >= ROUNDS {
            self.chosen = graph.extra.clone();
            self.stars = Stars::default();
            self.all = true;
        } else {
            let mut edges = self.chosen.edges().to_vec();
            edges.extend(failed.edges);
            self.chosen = ExtraEdges::new(edges);
            self.stars.forget(&failed.stars);
        }
    }

    /// Takes more edges to stars.
    pub(super) fn follow(&mut self, noted: Vec<Noted>) {
        let mut edges = self.chosen.edges().to_vec();
        edges.extend(stars::followed(&self.stars, noted));
        self.chosen = ExtraEdges::new(edges);
    }

    /// The objects to which no references are followed but those chosen.
    pub(super) fn stars(&self) -> &Stars {
        &self.stars
    }

    /// The targets of the followed edges of `object` that are no references.
    #[inline]
    pub(super) fn of(
        &self,
        graph: &ObjectGraph<'_>,
        object: ObjectIx,
    ) -> impl Iterator<Item = ObjectIx> + use<'_> {
        let hub = if self.all { graph.hubs.hub_of(object) } else { None };
        self.chosen.of(object).chain(hub)
    }

    /// All chosen edges, each `(from, to)`.
    pub(super) fn chosen(&self) -> &[(ObjectIx, ObjectIx)] {
        self.chosen.edges()
    }

    /// What was left out and yet matters; nothing if the dominators in `core` are those of the whole graph.
    pub(super) fn failed(
        &self,
        graph: &ObjectGraph<'_>,
        core: &Core,
        storage: &Storage,
        progress: &Progress,
    ) -> Result<Failed, GraphError> {
        let tops = if self.all { return Ok(Failed::default()) } else { self.tops(graph.hubs, core) };
        let decide_something = |tops: &[Top]| tops.iter().any(|top| !matches!(top, Top::Irrelevant));
        let (hubs, stars) = (tops.of(0..graph.hubs.count()), graph.hubs.count()..tops.by_hub.len());
        let (hubs, stars) = (decide_something(hubs), decide_something(tops.of(stars)));
        if !hubs && !stars {
            return Ok(Failed::default());
        }
        // Asked at random for most objects of most heaps: the fewer bytes, the more of it is in the caches.
        match tops.numbers.len() {
            0..=0xff => self.failed_by::<u8>(tops, graph, core, (hubs, stars), storage, progress),
            0x100..=0xffff => self.failed_by::<u16>(tops, graph, core, (hubs, stars), storage, progress),
            _ => self.failed_by::<u32>(tops, graph, core, (hubs, stars), storage, progress),
        }
    }

    /// As [`Self::failed`], with places of tops that are numbers of that type. `checked` says whether there is something to check of hubs, and of stars.
    fn failed_by<P: Element + TryFrom<u32> + Into<u32>>(
        &self,
        mut tops: Tops,
        graph: &ObjectGraph<'_>,
        core: &Core,
        checked: (bool, bool),
        storage: &Storage,
        progress: &Progress,
    ) -> Result<Failed, GraphError> {
        let (hubs, stars) = checked;
        let mut nearest = storage.column::<P>("nearest hub dominators", core.len(), Access::Random)?;
        tops.fill_nearest(&mut nearest, core);
        let matters = |hub: usize| !matches!(tops.by_hub[hub], Top::Irrelevant);
        let fails = |object, hub: usize| match tops.by_hub[hub] {
            Top::Irrelevant => false,
            Top::NotReached => core.number_of(object) != 0,
            Top::At(top) => match core.number_of(object) {
                0 => false,
                number => !tops.is_below(nearest[number as usize].into(), top),
            },
        };
        let edges = if hubs { sample(graph, progress, matters, fails)? } else { Vec::new() };
        let first = graph.hubs.count();
        let fail = stars && self.any_star_fails(graph, progress, |from, star| fails(from, first + star))?;
        // More edges only raise dominators: what the roots alone dominate cannot fail any more, the others may in the next round.
        let may_fail = |star: &usize| fail && matters(first + star);
        let stars = (0..self.stars.objects().len()).filter(may_fail).map(|star| self.stars.objects()[star]);
        Ok(Failed { edges, stars: stars.collect() })
    }

    /// Whether an edge to a star `fails`, given the object it comes from and the place of the star.
    fn any_star_fails(
        &self,
        graph: &ObjectGraph<'_>,
        progress: &Progress,
        fails: impl Fn(ObjectIx, usize) -> bool + Sync,
    ) -> Result<bool, GraphError> {
        let any = AtomicBool::new(false);
        tasks(graph.object_count()).try_for_each(|objects| {
            progress.check()?;
            if any.load(Ordering::Relaxed) {
                return Ok(());
            }
            let found = graph.references.lists(objects).any(|(from, slots)| {
                let to_star = |to: ObjectIx| self.stars.place_of(to).filter(|_| to != from);
                present(slots).filter_map(to_star).any(|star| fails(from, star))
            });
            if found {
                any.store(true, Ordering::Relaxed);
            }
            Ok::<_, GraphError>(())
        })?;
        Ok(any.into_inner())
    }

    /// What edges to hubs, and after them those to stars, have to be checked against.
    fn tops(&self, hubs: Hubs<'_>, core: &Core) -> Tops {
        let stars = self.stars.objects().iter().map(|&star| Some(star));
        Tops::new((0..hubs.count()).map(|hub| hubs.object(hub)).chain(stars), core)
    }
}

/// Up to [`PER_HUB_NEAR`] edges to each hub and star from objects that are a few references away from a root: where most members of a hub are below one object,
/// those that are not are mostly found there.
fn near_roots(graph: &ObjectGraph<'_>, stars: &Stars) -> Vec<(ObjectIx, ObjectIx)> {
    let mut edges = Vec::new();
    let mut taken_by_hub = vec![0; graph.hubs.count()];
    let mut taken_by_star = vec![0; stars.objects().len()];
    let mut seen = HashSet::new();
    let mut level: Vec<u32> = graph.roots.iter().map(|root| root.0).collect();
    level.extend(graph.extra.edges().iter().map(|&(_, to)| to.0));
    level.retain(|&object| seen.insert(object));
    for _ in 0..LEVELS {
        let mut next = Vec::new();
        for object in level.into_iter().map(ObjectIx) {
            if let Some(number) = graph.hubs.number_of(object)
                && let Some(hub) = graph.hubs.object(number)
                && taken_by_hub[number] < PER_HUB_NEAR
            {
                taken_by_hub[number] += 1;
                edges.push((object, hub));
            }
            for target in graph.references.of(object) {
                if let Some(star) = stars.place_of(target)
                    && taken_by_star[star] < PER_HUB_NEAR
                {
                    taken_by_star[star] += 1;
                    edges.push((object, target));
                }
            }
            let targets = graph.references.of(object).map(|target| target.0);
            next.extend(targets.filter(|&target| seen.len() < MOST_NEAR && seen.insert(target)));
        }
        level = next;
    }
    edges
}

/// Up to [`PER_HUB`] edges to each hub that `is_asked` is true of (fewer if there are very many hubs) from objects that `take` accepts. The choice depends
/// on nothing but the graph.
fn sample(
    graph: &ObjectGraph<'_>,
    progress: &Progress,
    is_asked: impl Fn(usize) -> bool,
    take: impl Fn(ObjectIx, usize) -> bool + Sync,
) -> Result<Vec<(ObjectIx, ObjectIx)>, GraphError> {
    let hubs = graph.hubs;
    let with_object: Vec<bool> = (0..hubs.count()).map(|hub| hubs.object(hub).is_some()).collect();
    let hub_count = with_object.iter().filter(|&&with| with).count();
    if hub_count == 0 {
        return Ok(Vec::new());
    }
    let asked: Vec<bool> = with_object.iter().enumerate().map(|(hub, &with)| with && is_asked(hub)).collect();
    // The first few of each task are enough: members of a hub that lie close together mostly hang on the same object. Of hubs that have but a
    // few members all are taken, wherever they lie.
    let found = tasks(graph.object_count()).map_init(
        || vec![(u32::MAX, 0); hubs.count()],
        |last_task, objects| {
            progress.check()?;
            let task = objects.start as u32;
            let mut edges = Vec::new();
            for object in objects.map(ObjectIx::from_usize) {
                let hub = hubs.number_of(object).filter(|&hub| asked.get(hub) == Some(&true));
                let Some(hub) = hub else { continue };
                let (last, taken) = &mut last_task[hub];
                if *last != task {
                    (*last, *taken) = (task, 0);
                }
                if *taken < PER_TASK && take(object, hub) {
                    *taken += 1;
                    edges.push((hub as u32, object));
                }
            }
            Ok::<_, GraphError>(edges)
        },
    );
    let mut members: Vec<(u32, ObjectIx)> = found.collect::<Result<Vec<_>, _>>()?.concat();
    members.sort_unstable();
    let per_hub = (graph.object_count() / 8 / hub_count).clamp(1, PER_HUB);
    let mut edges = Vec::new();
    for members in members.chunk_by(|a, b| a.0 == b.0) {
        let Some(hub) = hubs.object(members[0].0 as usize) else { continue };
        let count = members.len().min(per_hub);
        edges.extend((0..count).map(|at| (members[at * members.len() / count].1, hub)));
    }
    Ok(edges)
}

/// What an edge to a hub or a star has to be checked against.
#[derive(Clone, Copy)]
enum Top {
    /// Only the roots together dominate the hub: one more edge changes nothing.
    Irrelevant,
    /// The search did not come to the hub at all.
    NotReached,
    /// The member has to be below that object (a place in [`Tops::numbers`]).
    At(u32),
}

/// The immediate dominators of hubs and stars, and the tree that they form among themselves.
struct Tops {
    by_hub: Vec<Top>,
    /// Their preorder numbers, ascending.
    numbers: Vec<u32>,
    /// For each, its place in a preorder of their own tree, and the place after the last one below it.
    places: Vec<(u32, u32)>,
}

impl Tops {
    /// Of these hubs and stars, in their order; `None` is one that stands for no object.
    fn new(hubs: impl Iterator<Item = Option<ObjectIx>> + Clone, core: &Core) -> Self {
        let top = |object| {
            let number = core.number_of(object);
            (number != 0).then(|| core.dominator(number))
        };
        let mut numbers: Vec<u32> =
            hubs.clone().flatten().filter_map(top).filter(|&number| number != 0).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let by_hub = hubs.map(|object| match object.map(top) {
            None | Some(Some(0)) => Top::Irrelevant,
            Some(None) => Top::NotReached,
            Some(Some(number)) => {
                Top::At(numbers.binary_search(&number).expect("all dominators of hubs are listed") as u32)
            }
        });
        Self { by_hub: by_hub.collect(), places: Vec::new(), numbers }
    }

    fn of(&self, hubs: Range<usize>) -> &[Top] {
        &self.by_hub[hubs]
    }

    /// Notes for each node the nearest of the tops that is the node itself or dominates it (its index plus one, or 0), and
    /// finds the places of the tops in their own tree.
    fn fill_nearest<P: Copy + TryFrom<u32> + Into<u32>>(&mut self, nearest: &mut [P], core: &Core) {
        let mut next = 0;
        for number in 1..nearest.len() {
            nearest[number] = match self.numbers.get(next) {
                Some(&top) if top as usize == number => {
                    next += 1;
                    P::try_from(next as u32).ok().expect("the type is chosen by the number of tops")
                }
                _ => nearest[core.dominator(number as u32) as usize],
            };
        }
        let above = |at: usize| {
            let place: u32 = nearest[core.dominator(self.numbers[at]) as usize].into();
            (place as usize).checked_sub(1)
        };
        let count = self.numbers.len();
        let mut sizes = vec![1u32; count];
        for at in (0..count).rev() {
            if let Some(above) = above(at) {
                sizes[above] += sizes[at];
            }
        }
        // Dominators have lower numbers than what they dominate, so they come first.
        let mut free_by_top = vec![0; count];
        let mut free = 0;
        for at in 0..count {
            let free = above(at).map_or(&mut free, |above| &mut free_by_top[above]);
            let place = *free;
            *free += sizes[at];
            free_by_top[at] = place + 1;
            self.places.push((place, place + sizes[at]));
        }
    }

    /// Whether a node whose entry in the nearest tops is `nearest` is `top` or dominated by it.
    #[inline]
    fn is_below(&self, nearest: u32, top: u32) -> bool {
        let Some(at) = (nearest as usize).checked_sub(1) else { return false };
        let (first, end) = self.places[top as usize];
        (first..end).contains(&self.places[at].0)
    }
}
