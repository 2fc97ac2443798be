//! Schedulers and timers that one task has brought to a stand.

use crate::{ids, judge};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};
use oomph::render::text::Language;
use oomph::report::{Cell, Finding, Report, Severity};

const READS: &[(&str, &str)] = &[("sun.nio.ch.Net", "poll"), ("sun.nio.ch.NioSocketImpl", "implRead")];

/// When the last garbage collection was, in milliseconds of `System.nanoTime`.
const NOW: i64 = 900_000;

/// A scheduler whose threads stand in these innermost frames of a task, with tasks in its queue that are due at these moments, in milliseconds.
fn scheduler(threads: usize, at_work: usize, inner: &[(&str, &str)], due: &[i64]) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let soft = heap.class("java.lang.ref.SoftReference");
    soft.static_field("clock", Value::Long(NOW)).sticky().build();
    let task = heap.class("java.util.concurrent.ScheduledThreadPoolExecutor$ScheduledFutureTask");
    let task = task.field("time", Kind::Long).field("period", Kind::Long).build();
    let tasks: Vec<Addr> = due
        .iter()
        .map(|due| heap.instance(task, &[Value::Long(due * 1_000_000), Value::Long(1_000_000_000)]))
        .collect();
    let tasks = heap.object_array("java.util.concurrent.RunnableScheduledFuture[]", &tasks);
    let queue = heap.class("java.util.concurrent.ScheduledThreadPoolExecutor$DelayedWorkQueue");
    let queue = queue.field("queue", Kind::Ref).field("size", Kind::Int).build();
    let queue = heap.instance(queue, &[Value::Ref(tasks), Value::Int(i32::try_from(due.len()).unwrap())]);
    let frames: Vec<_> = inner.iter().map(|&(class, method)| (heap.class(class).build(), method)).collect();
    let report = heap.app_class("com.acme.Report").build();
    let worker = heap.class("java.util.concurrent.ThreadPoolExecutor$Worker");
    let worker = worker.field("thread", Kind::Ref).field("state", Kind::Int).build();
    let workers: Vec<Addr> = (0..threads)
        .map(|number| {
            let mut thread = heap.thread(&format!("housekeeping-{number}")).status(0x5);
            for &(class, method) in &frames {
                thread = thread.frame(class, method, "()V", "X.java", 7);
            }
            let thread = thread.frame(report, "pull", "()V", "Report.java", 5).build().object;
            heap.instance(worker, &[Value::Ref(thread), Value::Int(i32::from(number < at_work))])
        })
        .collect();
    let workers = heap.array_list(&workers);
    let control = heap.class("java.util.concurrent.atomic.AtomicInteger").field("value", Kind::Int).build();
    let control = heap.instance(control, &[Value::Int(-1)]);
    let fields = [("workers", workers), ("workQueue", queue), ("ctl", control)];
    let pool = heap.class("java.util.concurrent.ThreadPoolExecutor");
    let pool = fields.iter().fold(pool, |class, (name, _)| class.field(name, Kind::Ref)).build();
    let class = heap.class("java.util.concurrent.ScheduledThreadPoolExecutor").extends(pool).build();
    let executor = heap.instance(class, &fields.map(|(_, object)| Value::Ref(object)));
    heap.app_class("com.acme.App").static_field("SCHEDULER", Value::Ref(executor)).sticky().build();
    judge(heap)
}

fn stuck(report: &Report) -> Option<&Finding> {
    report.findings.iter().find(|finding| finding.id == "threads.stuck-scheduler")
}

#[test]
fn a_scheduler_whose_one_thread_hangs_is_told_with_what_waits_behind_it() {
    let report = scheduler(1, 1, READS, &[NOW - 12_500, NOW - 9000, NOW + 4000]);
    let finding = stuck(&report).unwrap();
    assert_eq!(finding.count, 2);
    assert_eq!(ids(&finding.advice), ["threads-overdue-advice"]);
    assert_eq!(
        Language::En.text(&report.verdict.sentences[0]),
        "Thread housekeeping-0, which runs all tasks of its scheduler, is in com.acme.Report.pull(Report.java:5), reading \
         from the network; 2 tasks behind it are overdue, the first by 12 s."
    );
    let report = scheduler(2, 2, READS, &[NOW - 12_500]);
    assert_eq!(
        Language::En.text(&report.verdict.sentences[0]),
        "All 2 threads housekeeping-* of a scheduler are in com.acme.Report.pull(Report.java:5), reading from the network; \
         one task behind them is overdue, by 12 s."
    );
}

#[test]
fn a_scheduler_that_keeps_its_times_is_no_finding() {
    for (report, what) in [
        (scheduler(1, 1, READS, &[NOW + 10, NOW + 4000]), "its tasks are not due"),
        (scheduler(1, 1, READS, &[NOW - 800]), "a pause of the collector"),
        (scheduler(2, 1, READS, &[NOW - 12_500]), "a thread is free"),
        (scheduler(1, 1, &[], &[NOW - 12_500]), "a thread that computes"),
    ] {
        assert!(stuck(&report).is_none(), "{what}");
    }
    // Nobody computes for minutes while others wait.
    let report = scheduler(1, 1, &[], &[NOW - 125_000]);
    let title = Language::En.text(&stuck(&report).unwrap().title);
    assert!(title.contains(", running; one task behind it is overdue, by 125 s"), "{title}");
}

/// A `java.util.Timer` in a task that waits for a latch, or one that waits for the next task.
fn timer(inner: &[(&str, &str)], late_ms: i64) -> Report {
    const CREATED: u64 = 1_700_000_000_000;
    let mut heap = HeapBuilder::hotspot17().created(CREATED);
    let created = CREATED.cast_signed();
    let task = heap.app_class("com.acme.Sweep").field("nextExecutionTime", Kind::Long).build();
    let tasks: Vec<Addr> = (0..3).map(|_| heap.instance(task, &[Value::Long(created - late_ms)])).collect();
    let tasks = heap.object_array("java.util.TimerTask[]", &tasks);
    let queue = heap.class("java.util.TaskQueue").field("queue", Kind::Ref).build();
    let queue = heap.instance(queue, &[Value::Ref(tasks)]);
    let thread = heap.class_named("java.lang.Thread");
    let timer = heap.class("java.util.TimerThread").extends(thread).field("queue", Kind::Ref).build();
    let frames: Vec<_> = inner.iter().map(|&(class, method)| (heap.class(class).build(), method)).collect();
    let mail = heap.app_class("com.acme.Mail").build();
    let mut thread = heap.thread("Timer-0").class(timer).field("queue", Value::Ref(queue)).status(0x291);
    for (class, method) in frames {
        thread = thread.frame(class, method, "()V", "X.java", 7);
    }
    thread.frame(mail, "run", "()V", "Mail.java", 9).build();
    judge(heap)
}

#[test]
fn so_is_a_timer() {
    let latch = [("jdk.internal.misc.Unsafe", "park"), ("java.util.concurrent.CountDownLatch", "await")];
    let report = timer(&latch, 40_000);
    let title = Language::En.text(&stuck(&report).unwrap().title);
    assert!(
        title.starts_with("Thread Timer-0, which runs all tasks of its scheduler, is in com.acme.Mail.run"),
        "{title}"
    );
    assert!(title.ends_with("3 tasks behind it are overdue, the first by 40 s"), "{title}");
    assert!(stuck(&timer(&latch, -500)).is_none());
    let idle = [("java.lang.Object", "wait"), ("java.util.TimerThread", "mainLoop")];
    assert!(stuck(&timer(&idle, 40_000)).is_none());
}

/// A timer of an object whose thread has ended, with a task of that object in this state, and whether the object says that it was closed.
fn ended_timer(state: i32, period: i64, is_closed: bool) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let thread = heap.class_named("java.lang.Thread");
    let class = heap.class("java.util.TimerThread").extends(thread).build();
    let name = heap.string("cache-refresh");
    let thread = heap.instance_with(class, &[("name", Value::Ref(name)), ("threadStatus", Value::Int(2))]);
    let timer = heap.class("java.util.Timer").field("thread", Kind::Ref).build();
    let timer = heap.instance(timer, &[Value::Ref(thread)]);
    let task =
        heap.class("java.util.TimerTask").field("state", Kind::Int).field("period", Kind::Long).build();
    let loader = heap.app_class_loader();
    let refresh = heap.class("com.acme.Prices$Refresh").loader(loader).extends(task).build();
    let task = heap.instance_with(refresh, &[("state", Value::Int(state)), ("period", Value::Long(period))]);
    let prices = heap.app_class("com.acme.Prices").field("timer", Kind::Ref).field("refresh", Kind::Ref);
    let prices = prices.field("closed", Kind::Boolean).build();
    let fields = [Value::Ref(timer), Value::Ref(task), Value::Boolean(is_closed)];
    let prices = heap.instance(prices, &fields);
    heap.app_class("com.acme.App").static_field("PRICES", Value::Ref(prices)).sticky().build();
    heap.thread("main").build();
    judge(heap)
}

#[test]
fn a_timer_whose_thread_has_ended_is_told_with_the_task_that_waits_for_it() {
    let told =
        |report: &Report| report.findings.iter().find(|finding| finding.id == "threads.dead-timer").cloned();
    let report = ended_timer(1, -50, false);
    assert_eq!(
        Language::En.text(&report.verdict.sentences[0]),
        "The thread of Timer cache-refresh has ended: its task com.acme.Prices$Refresh, still marked as scheduled, is never run \
         again (com.acme.Prices.timer)."
    );
    let finding = told(&report).unwrap();
    assert_eq!(
        (finding.severity, ids(&finding.advice)),
        (Severity::Warning, vec!["threads-timer-ended-advice"])
    );
    let table = report.section("threads").and_then(|section| section.table("ended_threads")).unwrap();
    assert_eq!(table.cells("name").next(), Some(&Cell::Value("cache-refresh".to_owned())));
    assert_eq!(table.cells("field").next(), Some(&Cell::Value("java.util.Timer.thread".to_owned())));
    for (report, what) in [
        (ended_timer(3, -50, false), "the task was cancelled"),
        (ended_timer(2, 0, false), "the task was run once, as it should be"),
        (ended_timer(1, -50, true), "the object was closed"),
    ] {
        assert_eq!(told(&report), None, "{what}");
    }
}

/// A periodic task that ended in this state of `FutureTask`, with an exception thrown in a class of the application.
fn failed(state: i32, period: i64, error: &str) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let rates = heap.app_class("com.acme.Rates").field("future", Kind::Ref).build();
    let mirrors = heap.object_array("java.lang.Object[]", &[rates.address(), Addr::NULL]);
    let backtrace = heap.object_array("java.lang.Object[]", &[mirrors]);
    let throwable = heap.class_named("java.lang.Throwable");
    let class = if error == "java.lang.OutOfMemoryError" {
        heap.class_named(error)
    } else {
        heap.class(error).extends(throwable).build()
    };
    let fields = [("backtrace", Value::Ref(backtrace)), ("depth", Value::Int(1))];
    let error = heap.instance_with(class, &fields);
    let message = heap.string("Java heap space");
    heap.set_field(error, "detailMessage", Value::Ref(message));
    let future = heap.class("java.util.concurrent.FutureTask");
    let future = future.field("state", Kind::Int).field("outcome", Kind::Ref).build();
    let task = heap.class("java.util.concurrent.ScheduledThreadPoolExecutor$ScheduledFutureTask");
    let task = task.extends(future).field("period", Kind::Long).build();
    let fields =
        [("state", Value::Int(state)), ("outcome", Value::Ref(error)), ("period", Value::Long(period))];
    let task = heap.instance_with(task, &fields);
    let rates = heap.instance(rates, &[Value::Ref(task)]);
    heap.app_class("com.acme.App").static_field("RATES", Value::Ref(rates)).sticky().build();
    judge(heap)
}

#[test]
fn a_periodic_task_that_threw_is_never_run_again() {
    let told = |report: &Report| {
        let finding = report.findings.iter().find(|finding| finding.id == "threads.failed-task");
        finding.map(|finding| (Language::En.text(&finding.title), finding.severity))
    };
    let report = failed(3, 1000, "java.lang.IllegalStateException");
    assert_eq!(
        told(&report),
        Some((
            "A periodic task ended with java.lang.IllegalStateException in com.acme.Rates and is never run again".to_owned(),
            Severity::Warning
        ))
    );
    assert!(!ids(&report.verdict.sentences).contains(&"verdict-healthy"));
    // What the virtual machine has thrown nobody has thrown to end a task.
    let report = failed(3, 1000, "java.lang.OutOfMemoryError");
    let title = "A periodic task ended with java.lang.OutOfMemoryError: Java heap space in com.acme.Rates and is never run again";
    assert_eq!(told(&report), Some((title.to_owned(), Severity::Error)));
    let earlier = report.findings.iter().find(|finding| finding.id == "oom.thrown-earlier").unwrap();
    assert_eq!(ids(&earlier.advice), ["oom-thrown-task-advice"]);
    for (report, what) in [
        (failed(4, 1000, "java.lang.IllegalStateException"), "cancelled"),
        (failed(3, 0, "java.lang.IllegalStateException"), "a task that was to run once"),
    ] {
        assert_eq!(told(&report), None, "{what}");
    }
}
