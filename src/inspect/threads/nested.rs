//! Pools of objects of which each is in the hands of a thread that waits for one more: nobody can go on.
//!
//! It happens where a call that has a connection opens a second one, and as many calls do so at once as the pool has connections. The fields of the
//! pools say what is lent: HikariCP, Commons Pool 2 (DBCP, Jedis) and Druid. Cost: the variables of the threads that wait, and what they refer to.

use super::doing::lender;
use super::stuck::{pattern, place};
use super::views::Waits;
use crate::ix::ObjectIx;
use crate::query::{LockNames, ThreadFacts, elements_of, entries_of, in_hand, values_of_thread_locals};
use crate::report::{Arg, Finding, Fingerprint, Severity, Text, normalise_thread};
use crate::snapshot::{Snapshot, SnapshotError};
use hashbrown::HashSet;
use std::collections::BTreeMap;

/// Objects of a pool that are looked at.
const MOST: usize = 1 << 14;

/// One finding for each such pool.
///
/// # Errors
/// No memory and no scratch space, or cancelled.
pub(super) fn findings(snapshot: &Snapshot, waits: &Waits<'_>) -> Result<Vec<Finding>, SnapshotError> {
    let mut by_pool: BTreeMap<ObjectIx, Vec<&ThreadFacts>> = BTreeMap::new();
    for thread in waits.threads {
        if let Some(pool) = lender(thread.frames(snapshot)).and_then(|frame| {
            let is_it =
                |local: &&ObjectIx| snapshot.classes().is_named(snapshot.class_of(**local), &frame.class);
            frame.locals.iter().find(is_it)
        }) {
            by_pool.entry(*pool).or_default().push(thread);
        }
    }
    let mut findings = Vec::new();
    for (pool, waiting) in by_pool {
        findings.extend(finding(snapshot, pool, &waiting)?);
    }
    Ok(findings)
}

fn finding(
    snapshot: &Snapshot,
    pool: ObjectIx,
    waiting: &[&ThreadFacts],
) -> Result<Option<Finding>, SnapshotError> {
    let Some(lent) = lent(snapshot, pool) else { return Ok(None) };
    let has_one = |thread: &&&ThreadFacts| !of(snapshot, thread, &lent).is_empty();
    let threads: Vec<&ThreadFacts> = waiting.iter().filter(has_one).copied().collect();
    let held: HashSet<ObjectIx> = threads.iter().flat_map(|thread| of(snapshot, thread, &lent)).collect();
    // One that another thread has comes back when that has done its work.
    if lent.is_empty() || held.len() < lent.len() {
        return Ok(None);
    }
    let Some(place) = place(snapshot, &threads) else { return Ok(None) };
    let name = snapshot.text_field(pool, "poolName").filter(|name| !name.is_empty());
    let name = match name {
        Some(name) => name,
        None => LockNames::find(snapshot, &[pool])?.name(snapshot, pool),
    };
    let args = [
        ("lent", Arg::Count(lent.len() as u64)),
        ("pool", Arg::name(name)),
        ("count", Arg::Count(threads.len() as u64)),
        ("thread", Arg::name(pattern(&threads))),
        ("place", Arg::name(place.text())),
        ("behind", Arg::Count((waiting.len() - threads.len()) as u64)),
    ];
    let id = if waiting.len() > threads.len() { "threads-pool-nested-behind" } else { "threads-pool-nested" };
    Ok(Some(Finding {
        id: "threads.nested-pool".into(),
        severity: Severity::Error,
        title: Text::with(id, args),
        class: Some(snapshot.class_name(pool).to_owned()),
        bytes: threads.iter().map(|thread| thread.retained_bytes).sum(),
        count: threads.len() as u64,
        holder: None,
        advice: vec![Text::message("threads-pool-nested-advice")],
        evidence: Vec::new(),
        link: None,
        fingerprint: Fingerprint::of(&[
            "threads.nested-pool",
            &normalise_thread(&threads[0].name),
            &place.method,
        ]),
    }))
}

/// Which of the lent objects a thread has in hand.
fn of(snapshot: &Snapshot, thread: &ThreadFacts, lent: &HashSet<ObjectIx>) -> HashSet<ObjectIx> {
    let in_locals = values_of_thread_locals(snapshot, thread.object);
    in_hand(snapshot, thread.thread(snapshot).locals().chain(in_locals), lent)
}

/// All objects of a pool, if all of them are lent and it may not make more.
fn lent(snapshot: &Snapshot, pool: ObjectIx) -> Option<HashSet<ObjectIx>> {
    let is = |name: &str| snapshot.classes().is_named(snapshot.class_of(pool), name);
    let (lent, most): (Vec<ObjectIx>, i64) = if is("com.zaxxer.hikari.pool.HikariPool") {
        const IN_USE: i64 = 1;
        let entries = snapshot.follow_all(pool, &["connectionBag", "sharedList"])?;
        let entries = elements_of(snapshot, entries, MOST);
        if entries.iter().any(|&entry| snapshot.integer(entry, "state") != Some(IN_USE)) {
            return None;
        }
        (entries, snapshot.integer(snapshot.follow(pool, "config")?, "maxPoolSize")?)
    } else if is("com.alibaba.druid.pool.DruidDataSource") {
        let active = entries_of(snapshot, snapshot.follow(pool, "activeConnections")?, MOST);
        (active.into_iter().filter_map(|(key, _)| key).collect(), snapshot.integer(pool, "maxActive")?)
    } else if is("org.apache.commons.pool2.impl.GenericObjectPool") {
        let all = entries_of(snapshot, snapshot.follow(pool, "allObjects")?, MOST);
        let objects = all.into_iter().filter_map(|(_, value)| snapshot.follow(value?, "object"));
        (objects.collect(), snapshot.integer(pool, "maxTotal")?)
    } else {
        return None;
    };
    let lent: HashSet<ObjectIx> = lent.into_iter().collect();
    i64::try_from(lent.len()).is_ok_and(|count| count >= most.max(1)).then_some(lent)
}
