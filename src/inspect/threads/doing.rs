//! What a stack says that a thread is doing, in words.

use crate::report::Text;
use crate::snapshot::StackFrame;

/// In words, if the innermost frames tell.
pub(super) fn doing(frames: &[StackFrame]) -> Option<Text> {
    what(frames).map(Text::message)
}

/// Idle workers have the queue they wait at within this many frames.
const NEAR: usize = 12;

/// That a thread waits for work.
pub(in crate::inspect) const IDLE: &str = "threads-doing-idle";
/// That a thread waits until there is something in a queue.
pub(in crate::inspect) const TAKES: &str = "threads-doing-queue";
/// That a thread waits for what comes from the network.
pub(in crate::inspect) const READING: &str = "threads-doing-reading";
/// That a thread writes to the network, and waits where the other side reads nothing.
pub(in crate::inspect) const WRITING: &str = "threads-doing-writing";
/// That a thread waits until the other side takes its connection.
pub(in crate::inspect) const CONNECTING: &str = "threads-doing-connecting";
/// That a thread waits for a permit of a semaphore.
pub(in crate::inspect) const PERMIT: &str = "threads-doing-semaphore";
/// That a thread writes to a file, which may be a pipe that nobody reads.
pub(in crate::inspect) const WRITING_OUT: &str = "threads-doing-writing-out";

/// The id of the message that says it.
pub(in crate::inspect) fn what(frames: &[StackFrame]) -> Option<&'static str> {
    let top = frames.first()?;
    let near = &frames[..frames.len().min(NEAR)];
    let any = |is: &dyn Fn(&str, &str) -> bool| near.iter().any(|frame| is(&frame.class, &frame.method));
    let is_parked = any(&|class, method| match class {
        "jdk.internal.misc.Unsafe" | "sun.misc.Unsafe" => method == "park",
        "java.lang.VirtualThread" => matches!(method, "park" | "parkNanos"),
        _ => false,
    });
    let in_wait = &*top.class == "java.lang.Object" && top.method.starts_with("wait");
    if is_parked || in_wait {
        if waits_for_work(near) {
            return Some(IDLE);
        }
        if in_wait && let Some(doing) = at_pipe(near) {
            return Some(doing);
        }
        // A virtual thread parks until its socket is ready.
        if any(&|class, method| method == "park" && is_net(class)) {
            return ready_for(near);
        }
        if any(&|class, method| class == "java.util.concurrent.Semaphore" && method.contains("cquire")) {
            return Some(PERMIT);
        }
        if any(&|class, method| {
            class.starts_with("java.util.concurrent.locks.")
                && matches!(method, "lock" | "acquire" | "acquireQueued")
        }) && !any(&|_, method| method.starts_with("await"))
        {
            return Some("threads-doing-lock");
        }
        if any(&waits_for_pool) {
            return Some("threads-doing-pool");
        }
        if any(&|class, method| class.ends_with("Queue") && matches!(method, "put" | "offer")) {
            return Some("threads-doing-full-queue");
        }
        if any(&|class, method| class.ends_with("Queue") && matches!(method, "take" | "poll" | "remove")) {
            return Some(TAKES);
        }
        // A virtual thread parks to sleep.
        if any(&|class, method| class == "java.lang.Thread" && method.starts_with("sleep")) {
            return Some("threads-doing-sleeping");
        }
        // What they wait for by a class of the JDK that everybody knows: the nearest one counts, as a latch does that a future waits with.
        let known = near.iter().find_map(|frame| synchroniser(&frame.class, &frame.method));
        return Some(known.unwrap_or("threads-doing-waiting"));
    }
    match (&*top.class, &*top.method) {
        ("java.lang.Thread", "sleep" | "sleep0" | "sleepNanos0") => Some("threads-doing-sleeping"),
        (
            "sun.nio.ch.EPoll" | "sun.nio.ch.EPollArrayWrapper" | "sun.nio.ch.KQueue" | "sun.nio.ch.WEPoll",
            _,
        ) => Some("threads-doing-selecting"),
        // Where a thread waits until its socket is ready, for whatever it is.
        ("sun.nio.ch.Net", "poll") => ready_for(near),
        (class, "accept" | "accept0" | "socketAccept") if is_net(class) => Some("threads-doing-accepting"),
        (class, "connect0" | "socketConnect" | "pollConnect" | "pollConnectNow") if is_net(class) => {
            Some(CONNECTING)
        }
        (class, "read" | "read0" | "pread0" | "readv0" | "socketRead0" | "poll") if is_net(class) => {
            Some(through(near).map_or(READING, |(reading, _)| reading))
        }
        (class, "write" | "write0" | "pwrite0" | "writev0" | "socketWrite0") if is_net(class) => {
            Some(through(near).map_or(WRITING, |(_, writing)| writing))
        }
        // To a pipe, the console, or a disk that does not answer.
        ("java.io.FileOutputStream", method) if method.starts_with("write") => Some(WRITING_OUT),
        _ => None,
    }
}

/// Whether a worker waits until it is given something to do. Its loop is at the bottom of the stack of each task as well: nothing but waiting may be between.
fn waits_for_work(near: &[StackFrame]) -> bool {
    let is_within = |at: usize, may: &dyn Fn(&str) -> bool| near[..at].iter().all(|frame| may(&frame.class));
    near.iter().enumerate().any(|(at, frame)| match (&*frame.class, &*frame.method) {
        ("java.util.concurrent.ForkJoinPool", "awaitWork" | "runWorker") => is_within(at, &|class| {
            matches!(
                class,
                "jdk.internal.misc.Unsafe"
                    | "sun.misc.Unsafe"
                    | "java.util.concurrent.locks.LockSupport"
                    | "java.util.concurrent.ForkJoinPool"
            )
        }),
        ("java.util.TimerThread", "mainLoop") => is_within(at, &|class| class == "java.lang.Object"),
        (class, "getTask") => class.ends_with("ThreadPoolExecutor"),
        (class, "idleJobPoll" | "reservedWait") => class.starts_with("org.eclipse.jetty.util.thread."),
        (class, "park") => class == "org.jboss.threads.EnhancedQueueExecutor$PoolThreadNode",
        _ => false,
    })
}

/// What is waited for at a pipe within the process: that another thread reads from it, or writes to it.
fn at_pipe(near: &[StackFrame]) -> Option<&'static str> {
    let pipe = near.iter().find(|frame| &*frame.class != "java.lang.Object")?;
    let is_pipe = matches!(&*pipe.class, "java.io.PipedInputStream" | "java.io.PipedReader");
    match &*pipe.method {
        "awaitSpace" | "receive" if is_pipe => Some("threads-doing-full-pipe"),
        "read" if is_pipe => Some("threads-doing-reading-pipe"),
        _ => None,
    }
}

/// What a thread waits for until its socket is ready: what the nearest method says that is called to do something.
fn ready_for(near: &[StackFrame]) -> Option<&'static str> {
    let frames = near.iter().skip_while(|frame| !is_net(&frame.class));
    let mut methods = frames.take_while(|frame| is_net(&frame.class)).map(|frame| &*frame.method);
    methods.find_map(|method| {
        let method = method.to_ascii_lowercase();
        let is = |words: &[&str]| words.iter().any(|word| method.contains(word));
        [
            (&["connect"][..], CONNECTING),
            (&["accept"], "threads-doing-accepting"),
            (&["write", "send"], WRITING),
            (&["read", "receive"], READING),
        ]
        .into_iter()
        .find_map(|(words, doing)| is(words).then_some(doing))
    })
}

/// What it means to read and to write through the nearest channel, if that leads to no socket: the classes of channels to files are beside those of sockets.
fn through(near: &[StackFrame]) -> Option<(&'static str, &'static str)> {
    let is_file = near.iter().find_map(|frame| match &*frame.class {
        "sun.nio.ch.FileChannelImpl" | "sun.nio.ch.SimpleAsynchronousFileChannelImpl" => Some(true),
        "sun.nio.ch.SourceChannelImpl" | "sun.nio.ch.SinkChannelImpl" => Some(true),
        class if class.starts_with("java.net.") => Some(false),
        // One of files has the methods of all of them.
        class if class.starts_with("sun.nio.ch.") && !class.ends_with("FileDispatcherImpl") => {
            let words = ["Socket", "Datagram", "Net", "Server"];
            words.iter().any(|word| class.contains(word)).then_some(false)
        }
        _ => None,
    });
    let is_file = is_file.unwrap_or_else(|| near[0].class.ends_with("FileDispatcherImpl"));
    is_file.then_some(("threads-doing-reading-in", WRITING_OUT))
}

/// What a method of a synchroniser waits for.
fn synchroniser(class: &str, method: &str) -> Option<&'static str> {
    match class {
        "java.util.concurrent.CountDownLatch" => (method == "await").then_some("threads-doing-latch"),
        "java.util.concurrent.CyclicBarrier" => method.contains("await").then_some("threads-doing-barrier"),
        "java.util.concurrent.Phaser" => method.starts_with("await").then_some("threads-doing-barrier"),
        "java.util.concurrent.FutureTask" | "java.util.concurrent.CompletableFuture" => {
            matches!(method, "get" | "join" | "awaitDone" | "waitingGet" | "timedGet")
                .then_some("threads-doing-result")
        }
        _ => None,
    }
}

/// The method that waits for what a pool lends, if a thread is in one.
pub(super) fn lender(frames: &[StackFrame]) -> Option<&StackFrame> {
    frames.iter().take(NEAR).find(|frame| waits_for_pool(&frame.class, &frame.method))
}

/// Whether a method lends what a pool has, and waits if all of it is lent.
fn waits_for_pool(class: &str, method: &str) -> bool {
    match class {
        "com.zaxxer.hikari.pool.HikariPool"
        | "com.alibaba.druid.pool.DruidDataSource"
        | "com.mchange.v2.c3p0.impl.C3P0PooledConnectionPool"
        | "org.apache.tomcat.jdbc.pool.ConnectionPool" => method.contains("onnection"),
        "org.apache.commons.pool2.impl.GenericObjectPool"
        | "org.apache.commons.pool2.impl.GenericKeyedObjectPool"
        | "org.apache.commons.pool.impl.GenericObjectPool" => method == "borrowObject",
        "org.apache.http.pool.AbstractConnPool" => method == "getPoolEntryBlocking",
        _ => false,
    }
}

fn is_net(class: &str) -> bool {
    class.starts_with("java.net.") || class.starts_with("sun.nio.ch.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stack(frames: &[&str]) -> Vec<StackFrame> {
        let frame = |place: &&str| {
            let (class, method) = place.rsplit_once('.').unwrap();
            StackFrame {
                class: class.into(),
                method: method.into(),
                signature: "()V".into(),
                file: None,
                line: 0,
                native: false,
                locals: Vec::new(),
                repeated: Vec::new(),
            }
        };
        frames.iter().map(frame).collect()
    }

    #[test]
    fn a_task_that_waits_is_at_work() {
        let park = ["jdk.internal.misc.Unsafe.park", "java.util.concurrent.locks.LockSupport.park"];
        let pool = "java.util.concurrent.ForkJoinPool";
        let (runs, awaits) = (format!("{pool}.runWorker"), format!("{pool}.awaitWork"));
        let of = |inner: &[&str], outer: &[&str]| what(&stack(&[inner, outer].concat()));
        let loops = ["java.util.TimerThread.mainLoop", "java.util.TimerThread.run"];
        assert_eq!(of(&park, &[&awaits, &runs]), Some(IDLE));
        assert_eq!(of(&["java.lang.Object.wait0", "java.lang.Object.wait"], &loops), Some(IDLE));
        let task = ["java.util.concurrent.ForkJoinTask.doExec", &runs];
        let waits = ["java.lang.Object.wait", "com.acme.Price.join"];
        assert_eq!(of(&waits, &task), Some("threads-doing-waiting"));
        assert_eq!(of(&waits, &loops), Some("threads-doing-waiting"));
        assert_eq!(of(&park, &task), Some("threads-doing-waiting"));
        let latch = [&park[..], &["java.util.concurrent.CountDownLatch.await", "com.acme.Job.run"]].concat();
        assert_eq!(of(&latch, &loops), Some("threads-doing-latch"));
    }

    #[test]
    fn tells_who_waits_at_a_pipe() {
        let pipe = |frames: &[&str]| what(&stack(&[&["java.lang.Object.wait"], frames].concat()));
        let (input, output) = ("java.io.PipedInputStream", "java.io.PipedOutputStream.write");
        let inside = [format!("{input}.awaitSpace"), format!("{input}.receive"), format!("{input}.read")];
        let [awaits, receives, reads] = inside.each_ref().map(String::as_str);
        assert_eq!(pipe(&[awaits, receives, output]), Some("threads-doing-full-pipe"));
        assert_eq!(pipe(&["java.io.PipedReader.receive"]), Some("threads-doing-full-pipe"));
        assert_eq!(pipe(&[reads, "com.acme.Reader.run"]), Some("threads-doing-reading-pipe"));
        assert_eq!(pipe(&["com.acme.Pipe.receive", receives]), Some("threads-doing-waiting"));
    }

    #[test]
    fn tells_what_a_socket_is_waited_for_to_be_ready_for() {
        let polls = |rest: &[&str]| {
            what(&stack(&[&["sun.nio.ch.Net.poll", "sun.nio.ch.NioSocketImpl.park"], rest].concat()))
        };
        let stream = "java.io.BufferedOutputStream.write";
        let reads = ["sun.nio.ch.NioSocketImpl.timedRead", "java.net.Socket$SocketInputStream.read", stream];
        assert_eq!(polls(&reads), Some(READING));
        let writes =
            ["sun.nio.ch.NioSocketImpl.implWrite", "java.net.Socket$SocketOutputStream.write", stream];
        assert_eq!(polls(&writes), Some("threads-doing-writing"));
        let accepts = ["sun.nio.ch.NioSocketImpl.timedAccept", "java.net.ServerSocket.accept"];
        assert_eq!(polls(&accepts), Some("threads-doing-accepting"));
        let connects = ["sun.nio.ch.NioSocketImpl.timedFinishConnect", "java.net.Socket.connect"];
        assert_eq!(polls(&connects), Some(CONNECTING));
        assert_eq!(polls(&["sun.nio.ch.DatagramChannelImpl.blockingReceive"]), Some(READING));
        // Nothing says what for; what calls the network is not asked.
        assert_eq!(polls(&[]), None);
        assert_eq!(polls(&["com.acme.Reader.read"]), None);
        assert_eq!(what(&stack(&["java.net.PlainSocketImpl.socketConnect"])), Some(CONNECTING));
    }

    #[test]
    fn tells_files_from_sockets() {
        let file =
            ["sun.nio.ch.IOUtil.read", "sun.nio.ch.FileChannelImpl.read", "org.h2.store.fs.FilePath.read"];
        let of_17 =
            [&["sun.nio.ch.FileDispatcherImpl.read0", "sun.nio.ch.FileDispatcherImpl.read"], &file[..]];
        assert_eq!(what(&stack(&of_17.concat())), Some("threads-doing-reading-in"));
        let of_21 = [&["sun.nio.ch.UnixFileDispatcherImpl.pread0"], &file[..]];
        assert_eq!(what(&stack(&of_21.concat())), Some("threads-doing-reading-in"));
        assert_eq!(what(&stack(&["sun.nio.ch.FileDispatcherImpl.write0"])), Some(WRITING_OUT));
        // Until JDK 20 sockets use the methods of files.
        let socket = [
            "sun.nio.ch.SocketDispatcher.read",
            "sun.nio.ch.IOUtil.read",
            "sun.nio.ch.SocketChannelImpl.read",
        ];
        let socket = [&["sun.nio.ch.FileDispatcherImpl.read0"], &socket[..]].concat();
        assert_eq!(what(&stack(&socket)), Some(READING));
        // A file that is sent.
        let sent = [
            "sun.nio.ch.SocketDispatcher.write",
            "sun.nio.ch.SocketChannelImpl.write",
            "sun.nio.ch.FileChannelImpl.transferTo",
        ];
        let sent = [&["sun.nio.ch.FileDispatcherImpl.write0"], &sent[..]].concat();
        assert_eq!(what(&stack(&sent)), Some("threads-doing-writing"));
        let pipe = [
            "sun.nio.ch.FileDispatcherImpl.read0",
            "sun.nio.ch.IOUtil.read",
            "sun.nio.ch.SourceChannelImpl.read",
        ];
        assert_eq!(what(&stack(&pipe)), Some("threads-doing-reading-in"));
    }

    #[test]
    fn tells_idle_workers_from_busy_ones() {
        let idle = stack(&[
            "jdk.internal.misc.Unsafe.park",
            "java.util.concurrent.locks.LockSupport.park",
            "java.util.concurrent.locks.AbstractQueuedSynchronizer$ConditionObject.await",
            "java.util.concurrent.LinkedBlockingQueue.take",
            "java.util.concurrent.ThreadPoolExecutor.getTask",
            "java.util.concurrent.ThreadPoolExecutor.runWorker",
        ]);
        assert_eq!(what(&idle), Some("threads-doing-idle"));
        assert_eq!(what(&idle[..4]), Some("threads-doing-queue"));
        let asleep = stack(&[
            "java.lang.VirtualThread.parkNanos",
            "java.lang.VirtualThread.sleepNanos",
            "java.lang.Thread.sleepNanos",
            "java.lang.Thread.sleep",
            "com.acme.Sender.backOff",
        ]);
        assert_eq!(what(&asleep), Some("threads-doing-sleeping"));
        let parked_in = |place: &str| {
            what(&stack(&[
                "jdk.internal.misc.Unsafe.park",
                "java.util.concurrent.locks.LockSupport.park",
                place,
            ]))
        };
        assert_eq!(parked_in("java.util.concurrent.CountDownLatch.await"), Some("threads-doing-latch"));
        assert_eq!(parked_in("java.util.concurrent.CyclicBarrier.dowait"), Some("threads-doing-waiting"));
        assert_eq!(parked_in("java.util.concurrent.CyclicBarrier.await"), Some("threads-doing-barrier"));
        assert_eq!(parked_in("java.util.concurrent.FutureTask.awaitDone"), Some("threads-doing-result"));
        assert_eq!(parked_in("com.acme.Bank.await"), Some("threads-doing-waiting"));
        let virtual_in = |place: &str| {
            what(&stack(&[
                "java.lang.VirtualThread.park",
                "java.util.concurrent.locks.LockSupport.park",
                "sun.nio.ch.Poller.poll",
                "sun.nio.ch.NioSocketImpl.park",
                place,
            ]))
        };
        assert_eq!(virtual_in("sun.nio.ch.NioSocketImpl.implRead"), Some("threads-doing-reading"));
        assert_eq!(virtual_in("sun.nio.ch.NioSocketImpl.implWrite"), Some("threads-doing-writing"));
        assert_eq!(virtual_in("sun.nio.ch.NioSocketImpl.accept"), Some("threads-doing-accepting"));
        assert_eq!(what(&stack(&["java.io.FileOutputStream.writeBytes"])), Some(WRITING_OUT));
        let locked = stack(&[
            "jdk.internal.misc.Unsafe.park",
            "java.util.concurrent.locks.LockSupport.park",
            "java.util.concurrent.locks.AbstractQueuedSynchronizer.acquire",
            "java.util.concurrent.locks.ReentrantLock.lock",
            "com.acme.Bank.transfer",
        ]);
        assert_eq!(what(&locked), Some("threads-doing-lock"));
        let pool = stack(&[
            "jdk.internal.misc.Unsafe.park",
            "java.util.concurrent.SynchronousQueue.poll",
            "com.zaxxer.hikari.util.ConcurrentBag.borrow",
            "com.zaxxer.hikari.pool.HikariPool.getConnection",
        ]);
        assert_eq!(what(&pool), Some("threads-doing-pool"));
        let permit = stack(&[
            "jdk.internal.misc.Unsafe.park",
            "java.util.concurrent.locks.AbstractQueuedSynchronizer.acquire",
            "java.util.concurrent.Semaphore.acquire",
        ]);
        assert_eq!(what(&permit), Some(PERMIT));
        let full = stack(&["jdk.internal.misc.Unsafe.park", "java.util.concurrent.ArrayBlockingQueue.put"]);
        assert_eq!(what(&full), Some("threads-doing-full-queue"));
        assert_eq!(what(&stack(&["sun.nio.ch.Net.accept"])), Some("threads-doing-accepting"));
        assert_eq!(what(&stack(&["java.lang.Thread.sleep"])), Some("threads-doing-sleeping"));
        assert_eq!(what(&stack(&["com.acme.Bank.transfer"])), None);
    }
}
