//! A heap with threads of a pool, and what threads do, for verdicts about pools.

use crate::judge;
use hprof_fixtures::{Addr, ClassRef, HeapBuilder, Kind, Value};
use oomph::report::Report;

/// States as HotSpot writes them.
pub(crate) const RUNNABLE: i32 = 0x5;
pub(crate) const BLOCKED: i32 = 0x401;
pub(crate) const PARKED: i32 = 0x291;

pub(crate) const READS: [(&str, &str); 2] =
    [("sun.nio.ch.Net", "poll"), ("sun.nio.ch.NioSocketImpl", "implRead")];
pub(crate) const PARKS: [(&str, &str); 2] =
    [("jdk.internal.misc.Unsafe", "park"), ("java.util.concurrent.locks.LockSupport", "park")];
pub(crate) const IDLE: [(&str, &str); 2] =
    [("jdk.internal.misc.Unsafe", "park"), ("java.util.concurrent.ThreadPoolExecutor", "getTask")];

/// A heap with threads of a pool.
pub(crate) struct Pool {
    pub(crate) heap: HeapBuilder,
    pub(crate) threads: Vec<Addr>,
}

impl Pool {
    pub(crate) fn new() -> Self {
        Self { heap: HeapBuilder::hotspot17(), threads: Vec::new() }
    }

    pub(crate) fn class(&mut self, name: &str) -> ClassRef {
        if name.starts_with("com.acme.") {
            let loader = self.heap.app_class_loader();
            return self.heap.class(name).loader(loader).build();
        }
        if name == "java.lang.Thread" {
            return self.heap.class_named(name);
        }
        self.heap.class(name).build()
    }

    /// A thread with these innermost frames, then those of the application.
    pub(crate) fn thread(
        &mut self,
        status: i32,
        parked: Option<Addr>,
        inner: &[(&str, &str)],
        own: &[(&str, &str)],
    ) {
        self.thread_with(status, parked, inner, own, None);
    }

    /// [`Self::thread`], with a variable in the last of the innermost frames.
    pub(crate) fn thread_with(
        &mut self,
        status: i32,
        parked: Option<Addr>,
        inner: &[(&str, &str)],
        own: &[(&str, &str)],
        local: Option<Addr>,
    ) {
        let frames: Vec<_> = inner.iter().chain(own).collect();
        let classes: Vec<ClassRef> = frames.iter().map(|(class, _)| self.class(class)).collect();
        let mut thread = self.heap.thread(&format!("exec-{}", self.threads.len() + 1)).status(status);
        thread = parked.into_iter().fold(thread, |thread, by| thread.field("parkBlocker", Value::Ref(by)));
        for (at, (class, (_, method))) in classes.into_iter().zip(frames).enumerate() {
            thread = thread.frame(class, method, "()V", "X.java", 7);
            if at + 1 == inner.len() {
                thread = local.into_iter().fold(thread, |thread, local| thread.local(local));
            }
        }
        self.threads.push(thread.build().object);
    }

    pub(crate) fn tasks(&mut self, class: &str, count: usize) -> Vec<Addr> {
        let class = self.heap.class(class).build();
        (0..count).map(|_| self.heap.instance(class, &[])).collect()
    }

    /// Puts the threads to work for an executor with these tasks in its queue.
    pub(crate) fn judge(mut self, tasks: &[Addr]) -> Report {
        let queue = self.heap.array_list(tasks);
        self.executor(queue);
        judge(self.heap)
    }

    /// Puts the threads to work for an executor with this queue.
    pub(crate) fn executor(&mut self, queue: Addr) -> Addr {
        self.executor_that(queue, "com.acme.Rejects")
    }

    /// [`Self::executor`], with a handler of that class for what it has no room for.
    pub(crate) fn executor_that(&mut self, queue: Addr, handler: &str) -> Addr {
        let handler = self.class(handler);
        let heap = &mut self.heap;
        let handler = heap.instance(handler, &[]);
        let worker = heap.class("java.util.concurrent.ThreadPoolExecutor$Worker");
        let worker = worker.field("thread", Kind::Ref).field("state", Kind::Int).build();
        let workers: Vec<Addr> = self
            .threads
            .iter()
            .map(|&thread| heap.instance(worker, &[Value::Ref(thread), Value::Int(1)]))
            .collect();
        let workers = heap.array_list(&workers);
        let control =
            heap.class("java.util.concurrent.atomic.AtomicInteger").field("value", Kind::Int).build();
        let control = heap.instance(control, &[Value::Int(-1)]);
        let fields = [("workers", workers), ("workQueue", queue), ("ctl", control), ("handler", handler)];
        let class = heap.class("java.util.concurrent.ThreadPoolExecutor");
        let class = fields.iter().fold(class, |class, (name, _)| class.field(name, Kind::Ref)).build();
        let executor = heap.instance(class, &fields.map(|(_, object)| Value::Ref(object)));
        heap.app_class("com.acme.App").static_field("POOL", Value::Ref(executor)).sticky().build();
        executor
    }
}
