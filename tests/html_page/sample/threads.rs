//! The threads of the sample.

use super::*;

pub(super) fn threads() -> Section {
    let idle = [
        frame("jdk.internal.misc.Unsafe", "park", "Unsafe.java", 1),
        frame("java.util.concurrent.locks.LockSupport", "park", "LockSupport.java", 341),
        frame("java.util.concurrent.LinkedBlockingQueue", "take", "LinkedBlockingQueue.java", 435),
        frame("org.apache.tomcat.util.threads.TaskQueue", "take", "TaskQueue.java", 141),
        frame(
            "org.apache.tomcat.util.threads.ThreadPoolExecutor",
            "runWorker",
            "ThreadPoolExecutor.java",
            1114,
        ),
        frame("java.lang.Thread", "run", "Thread.java", 840),
    ];
    let view = |frame: &Frame, locals| FrameView { frame: frame.clone(), locals };
    let mut threads = vec![
        ThreadView {
            address: 0x6_d000_0001,
            name: "http-nio-9010-exec-7".into(),
            class: "org.apache.tomcat.util.threads.TaskThread".into(),
            state: Some("RUNNABLE".into()),
            daemon: Some(true),
            shallow_bytes: 376,
            retained_bytes: 120 * MIB,
            locals_retained_bytes: 118 * MIB,
            thread_locals_retained_bytes: 2 * MIB,
            frames: vec![
                view(
                    &frame("org.apache.xmlbeans.impl.store.Cur", "createElementXobj", "Cur.java", 273),
                    vec![],
                ),
                view(
                    &frame("org.apache.poi.xssf.usermodel.XSSFRow", "createCell", "XSSFRow.java", 214),
                    vec![],
                ),
                view(
                    &frame("com.acme.orders.export.OrderExporter", "writeAll", "OrderExporter.java", 88),
                    vec![
                        LocalView {
                            address: 0x6_d000_0100,
                            class: "org.apache.poi.xssf.usermodel.XSSFWorkbook".into(),
                            retained_bytes: 118 * MIB,
                            value: None,
                        },
                        LocalView {
                            address: 0x6_d800_0010,
                            class: "java.util.ArrayList".into(),
                            retained_bytes: 188_416,
                            value: Some("size = 4,000".into()),
                        },
                    ],
                ),
                view(
                    &frame("com.acme.orders.web.ExportController", "download", "ExportController.java", 41),
                    vec![],
                ),
                view(&frame("java.lang.Thread", "run", "Thread.java", 840), vec![]),
            ],
            ..ThreadView::default()
        },
        ThreadView {
            address: 0x6_d000_2001,
            name: "mq-sender-3".into(),
            class: "java.lang.Thread".into(),
            state: Some("RUNNABLE".into()),
            daemon: Some(false),
            shallow_bytes: 376,
            retained_bytes: 72_408,
            locals_retained_bytes: 68_112,
            threw_oom: true,
            frames: vec![
                view(&frame("java.lang.OutOfMemoryError", "<init>", "OutOfMemoryError.java", 48), vec![]),
                view(
                    &frame("org.apache.activemq.ActiveMQSession", "send", "ActiveMQSession.java", 1953),
                    vec![LocalView {
                        address: 0x6_d900_0010,
                        class: "org.apache.activemq.command.ActiveMQTextMessage".into(),
                        retained_bytes: 65_536,
                        value: None,
                    }],
                ),
                view(&frame("com.acme.orders.mq.MqSender", "send", "MqSender.java", 57), vec![]),
            ],
            ..ThreadView::default()
        },
    ];
    for i in 0..198_u64 {
        threads.push(ThreadView {
            address: 0x6_e000_0000 + i * 0x100,
            name: format!("http-nio-9010-exec-{}", i + 8),
            class: "org.apache.tomcat.util.threads.TaskThread".into(),
            state: Some("WAITING".into()),
            daemon: Some(true),
            shallow_bytes: 376,
            retained_bytes: 21_504 + (198 - i) * 1_000,
            locals_retained_bytes: 1_104,
            frames: idle.iter().map(|frame| view(frame, vec![])).collect(),
            ..ThreadView::default()
        });
    }
    let groups = vec![ThreadGroup {
        pattern: "http-nio-9010-exec-*".into(),
        count: 198,
        retained_bytes: 23 * MIB,
        frames: idle.into(),
        doing: Some(both("waiting for work", "等待任务")),
    }];
    Section { id: "threads".into(), blocks: vec![Block::Threads { threads, groups }, executors()] }
}

/// A table of many columns, with names of classes inside of classes.
fn executors() -> Block {
    let row = |number: u64| {
        let is_timer = number % 3 == 1;
        let (class, queue) = if is_timer {
            ("ScheduledThreadPoolExecutor", "ScheduledThreadPoolExecutor$DelayedWorkQueue")
        } else {
            ("ThreadPoolExecutor", "LinkedBlockingQueue")
        };
        vec![
            Cell::Value(format!("order-housekeeping-{number}-*")),
            Cell::Class(format!("java.util.concurrent.{class}")),
            Cell::Count(4 * number),
            Cell::Count(number),
            if is_timer { Cell::None } else { Cell::Count(4 * number) },
            Cell::Count(19_996 / (number + 1)),
            Cell::Class(format!("java.util.concurrent.{queue}")),
            Cell::Bytes(4 * MIB / (number + 1)),
            Cell::Count(1_204 * number),
            Cell::Flag(number == 8),
            Cell::Address(0x6_f000_0000 + number * 0x40),
        ]
    };
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
    Block::Table(Table { id: "executors".into(), columns, rows: (0..9).map(row).collect(), omitted: 0 })
}
