//! Threads: what each was doing, what it holds, what it waits for.
//!
//! What it finds: every thread with its stack, the objects of its local variables and what they retain; threads with the same stack as one
//! group; threads by pool; locks that threads wait for, deadlocks among them, locks that nobody will release.
//! Why it matters: it shows which request was running, which thread threw the OutOfMemoryError, and what would go when it ends.
//! Threads that have ended, and what no longer runs because of that; queues that are full because nobody takes from them.
//! How it is computed: from the stack traces of the dump, the fields of the thread objects, and the dominator tree. Local variables of one
//! thread that retain the same memory count once.
//! False positives: a local variable that the method never uses again is in the dump all the same, if the method was interpreted.
//! A dump says neither which monitor a `BLOCKED` thread waits for nor who has it: both are concluded from the variables of the frames, and said to be.

mod acceptor;
mod barrier;
mod behind;
mod carriers;
mod deadlocks;
mod doing;
mod ended;
mod full_queue;
mod groups;
mod loops;
mod lost;
mod nested;
mod overdue;
mod reach;
mod starved;
mod stuck;
mod unnotified;
mod views;

pub(super) use behind::behind;
pub(super) use doing::{CONNECTING, IDLE, PERMIT, READING, TAKES, WRITING, WRITING_OUT, what};
pub(super) use groups::patterns_of;
pub(super) use stuck::{serves, then_words};
use views::Waits;
pub(super) use views::nearest_own;

use super::blocks::{address, facts, table};
use super::oom::thrown_earlier;
use super::{Context, InspectError, Inspection, Outcome};
use crate::query::{Executor, ThreadFacts, ThreadState, deadlocks, executors};
use crate::report::{Block, Cell, Column, Fact, Finding, Section};
use hashbrown::HashSet;
use std::cmp::Reverse;

/// See the module.
#[derive(Debug)]
pub(super) struct Threads;

impl Inspection for Threads {
    fn id(&self) -> &'static str {
        "threads"
    }

    fn run(&self, context: &Context<'_>) -> Result<Outcome, InspectError> {
        let threads = ThreadFacts::all(context.snapshot);
        let mut order: Vec<&ThreadFacts> = threads.iter().collect();
        order.sort_by_key(|thread| (!thread.threw_oom, Reverse(thread.retained_bytes), thread.object));
        let omitted = context.options.cut(&mut order);
        let waits = Waits::new(context.snapshot, &threads)?;
        let views = order.iter().map(|thread| views::view(context, &waits, thread)).collect();
        let groups = groups::same_stack(context.snapshot, &waits);
        let circles = deadlocks(&threads);
        // A deadlock comes first: of hundreds of threads nobody reads further.
        let mut blocks = Vec::new();
        if !circles.is_empty() {
            blocks.push(deadlocks::table(context, &waits, &circles));
        }
        blocks.extend([
            facts("summary", summary(&threads, omitted, context.unmounted_threads()?.count)),
            Block::Threads { threads: views, groups },
            pools(context, &threads),
        ]);
        let executors = executors(context.snapshot)?;
        let mut findings: Vec<Finding> =
            circles.iter().map(|circle| deadlocks::finding(context, &waits, circle)).collect();
        findings.extend(lost::findings(context.snapshot, &waits)?);
        // Who waits behind a deadlock, or for what nobody releases, is told by it.
        if findings.is_empty() {
            let are_all_known = context.unmounted_threads()?.count == 0;
            let mut known = HashSet::new();
            let mut proved = full_queue::findings(context.snapshot, &waits, &executors, are_all_known)?;
            if are_all_known {
                proved.extend(barrier::findings(context.snapshot, &waits, &executors)?);
                proved.extend(acceptor::findings(context.snapshot, &waits)?);
                proved.extend(unnotified::findings(context.snapshot, &waits));
            }
            proved.extend(loops::findings(context.snapshot, &waits));
            proved.extend(carriers::finding(context.snapshot, &waits));
            for (finding, threads) in proved {
                findings.push(finding);
                known.extend(threads);
            }
            findings.extend(nested::findings(context.snapshot, &waits)?);
            findings.extend(stuck::findings(context.snapshot, &waits, &executors, known)?);
            findings.extend(overdue::findings(context.snapshot, &waits, &executors));
        }
        let (ended, ended_threads) = ended::look(context, &waits, &executors)?;
        findings.extend(ended);
        if !executors.is_empty() {
            blocks.push(executor_table(context, executors));
        }
        blocks.extend(ended_threads);
        findings.extend(thrown_earlier(context)?);
        Ok(Outcome { section: Section { id: self.id().into(), blocks }, findings })
    }
}

fn summary(threads: &[ThreadFacts], omitted: u64, left_out: u64) -> Vec<Fact> {
    let count = |is: &dyn Fn(&ThreadFacts) -> bool| {
        Cell::Count(threads.iter().filter(|thread| is(thread)).count() as u64)
    };
    let in_state = |state| count(&|thread| thread.state == Some(state));
    let mut facts = vec![
        Fact::new("threads", Cell::Count(threads.len() as u64)),
        Fact::new("threads_not_shown", Cell::Count(omitted)),
        Fact::new("daemon_threads", count(&|thread| thread.daemon == Some(true))),
        Fact::new("virtual_threads", count(&|thread| thread.is_virtual)),
        Fact::new("runnable", in_state(ThreadState::Runnable)),
        Fact::new("blocked", in_state(ThreadState::Blocked)),
        Fact::new("waiting", in_state(ThreadState::Waiting)),
        Fact::new("timed_waiting", in_state(ThreadState::TimedWaiting)),
    ];
    if left_out > 0 {
        facts.push(Fact::new("virtual_threads_left_out", Cell::Count(left_out)));
    }
    facts
}

/// Threads by the pattern of their names.
fn pools(context: &Context<'_>, threads: &[ThreadFacts]) -> Block {
    #[derive(Default)]
    struct Pool {
        count: u64,
        by_state: [u64; 3],
        retained_bytes: u64,
        locals_only_bytes: u64,
    }
    let pool_of = |threads: Vec<&ThreadFacts>| {
        let mut pool = Pool::default();
        for thread in threads {
            pool.count += 1;
            pool.retained_bytes += thread.retained_bytes;
            pool.locals_only_bytes += thread.locals_only_bytes;
            match thread.state {
                Some(ThreadState::Runnable) => pool.by_state[0] += 1,
                Some(ThreadState::Blocked) => pool.by_state[1] += 1,
                Some(ThreadState::Waiting | ThreadState::TimedWaiting) => pool.by_state[2] += 1,
                _ => {}
            }
        }
        pool
    };
    let mut rows: Vec<(String, Pool)> =
        groups::by_name(threads).into_iter().map(|(name, threads)| (name, pool_of(threads))).collect();
    rows.sort_by(|(a, pool_a), (b, pool_b)| pool_b.count.cmp(&pool_a.count).then_with(|| a.cmp(b)));
    let columns = vec![
        Column::left("name"),
        Column::right("threads"),
        Column::right("runnable"),
        Column::right("blocked"),
        Column::right("waiting"),
        Column::right("retained_bytes"),
        Column::right("locals_only_bytes"),
    ];
    table(context, "pools", columns, rows, |(name, pool)| {
        let [runnable, blocked, waiting] = pool.by_state.map(Cell::Count);
        vec![
            Cell::Value(name),
            Cell::Count(pool.count),
            runnable,
            blocked,
            waiting,
            Cell::Bytes(pool.retained_bytes),
            Cell::Bytes(pool.locals_only_bytes),
        ]
    })
}

fn executor_table(context: &Context<'_>, mut executors: Vec<Executor>) -> Block {
    let snapshot = context.snapshot;
    executors.sort_by_key(|executor| (Reverse(executor.queued), Reverse(executor.threads), executor.object));
    let columns = vec![
        Column::left("name"),
        Column::left("class"),
        Column::right("threads"),
        Column::right("active"),
        Column::right("most_threads"),
        Column::right("queued"),
        Column::left("queue"),
        Column::right("retained_bytes"),
        Column::right("completed"),
        Column::left("shut_down"),
        Column::left("address"),
    ];
    let count = |number: Option<u64>| number.map_or(Cell::None, Cell::Count);
    table(context, "executors", columns, executors, |executor| {
        // Of a pool the last number is that of the thread.
        let name = executor.thread.as_deref().map(|name| {
            match name.trim_end_matches(|c: char| c.is_ascii_digit()) {
                stem if stem.len() < name.len() => format!("{stem}*"),
                _ => name.to_owned(),
            }
        });
        let queue = executor.queue.map(|queue| snapshot.class_name(queue).to_owned());
        vec![
            name.map_or(Cell::None, Cell::Value),
            Cell::Class(snapshot.class_name(executor.object).to_owned()),
            Cell::Count(executor.threads),
            Cell::Count(executor.active),
            // `Integer.MAX_VALUE` means no limit.
            count(executor.most_threads.filter(|&most| most < i32::MAX as u64)),
            count(executor.queued),
            queue.map_or(Cell::None, Cell::Class),
            executor.queue.map_or(Cell::None, |queue| Cell::Bytes(snapshot.retained_bytes(queue))),
            count(executor.completed),
            Cell::Flag(executor.is_shut_down),
            address(snapshot, executor.object),
        ]
    })
}
