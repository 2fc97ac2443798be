//! What the JDK has noted in a table of its own while a call is at work with it is the call's.

use crate::{bytes, english, held_by_static, ids, judge, payload};
use hprof_fixtures::{Addr, HeapBuilder, Kind, PrimitiveArray, Value};
use oomph::render::text::Language;
use oomph::report::{Report, SuspectKind};

/// Where the reader is that a table of the JDK's has noted as one in use.
#[derive(Clone, Copy, PartialEq)]
enum Reader {
    /// A call is in one of its methods.
    AtWork,
    /// A call only has it in hand.
    InHand,
    /// Somebody's field has its handler as well, while a call is in one of its methods.
    Kept,
}

/// A call with some bookings in hand that has a document made of them by way of a reader of the JDK's.
fn document(reader: Reader) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let cell = heap.class("org.apache.fop.fo.flow.table.TableCell").loader(loader);
    let cell = cell.field("text", Kind::Ref).build();
    let cells: Vec<Addr> = (0..20_000)
        .map(|_| {
            let text = bytes(&mut heap, 250);
            heap.instance(cell, &[Value::Ref(text)])
        })
        .collect();
    let cells = heap.array_list(&cells);
    let part = heap.class("org.apache.fop.fo.flow.table.TablePart").loader(loader);
    let part = part.field("rowGroups", Kind::Ref).build();
    let part = heap.instance(part, &[Value::Ref(cells)]);
    if reader == Reader::Kept {
        held_by_static(&mut heap, "com.acme.Documents", "LAST", part);
    }
    let parser = heap.class("com.sun.org.apache.xerces.internal.parsers.AbstractSAXParser");
    let parser = parser.field("handler", Kind::Ref).build();
    let made = heap.class("com.sun.org.apache.xerces.internal.jaxp.SAXParserImpl$JAXPSAXParser");
    let made = made.extends(parser).build();
    let made = heap.instance_with(made, &[("handler", Value::Ref(part))]);
    let yes = heap.boxed_int(1);
    let in_use = heap.hash_map(&[(made, yes)]);
    let manager = heap.class("com.sun.org.apache.xml.internal.utils.XMLReaderManager");
    manager.static_field("m_inUse", Value::Ref(in_use)).sticky().build();
    let bookings = payload(&mut heap, "com.acme.Booking", 1500, 200);
    let bookings = heap.array_list(&bookings);
    let statement = heap.app_class("com.acme.StatementPdf").build();
    let transformer = heap.class("com.sun.org.apache.xalan.internal.xsltc.trax.TransformerImpl").build();
    let inner = if reader == Reader::InHand { transformer } else { parser };
    // It is kept for the next call of the thread as well.
    let wrapper = heap.class("com.sun.org.apache.xml.internal.utils.XMLReaderManager$ReaderWrapper");
    let wrapper = wrapper.field("reader", Kind::Ref).build();
    let wrapper = heap.instance(wrapper, &[Value::Ref(made)]);
    let entry = heap.class("java.lang.ThreadLocal$ThreadLocalMap$Entry").field("value", Kind::Ref).build();
    let entry = heap.instance(entry, &[Value::Ref(wrapper)]);
    let table = heap.object_array("java.lang.ThreadLocal$ThreadLocalMap$Entry[]", &[entry]);
    let map = heap.class("java.lang.ThreadLocal$ThreadLocalMap").field("table", Kind::Ref).build();
    let map = heap.instance(map, &[Value::Ref(table)]);
    heap.thread("http-1")
        .field("threadLocals", Value::Ref(map))
        .frame(inner, "endElement", "()V", "X.java", 618)
        .local(made)
        .frame(transformer, "transform", "()V", "TransformerImpl.java", 780)
        .frame(statement, "statement", "()V", "StatementPdf.java", 21)
        .local(bookings)
        .build();
    judge(heap)
}

#[test]
fn what_a_call_is_at_work_with_goes_with_the_call() {
    let report = document(Reader::AtWork);
    let kept: Vec<_> =
        report.suspects.iter().filter(|suspect| suspect.kind != SuspectKind::Garbage).collect();
    assert_eq!(kept.len(), 1, "{kept:?}");
    let call = "com.acme.StatementPdf.statement(StatementPdf.java:21) in thread \"http-1\"";
    assert_eq!((kept[0].kind, kept[0].holder.label().as_str()), (SuspectKind::Load, call));
    // The cells and the bookings.
    assert!(kept[0].retained_bytes > 20_000 * 250 + 1500 * 200, "{}", kept[0].retained_bytes);
}

/// What a call merely uses may be there for good, and so is what somebody else has as well.
#[test]
fn what_a_table_of_the_jdk_keeps_is_no_calls_by_being_in_hand() {
    for (reader, holder) in [
        (Reader::InHand, "org.apache.fop.fo.flow.table.TablePart.rowGroups"),
        (Reader::Kept, "com.acme.Documents.LAST"),
    ] {
        let report = document(reader);
        let leak = report.suspects.iter().find(|suspect| suspect.kind == SuspectKind::Leak).unwrap();
        assert!(leak.retained_bytes > 20_000 * 250, "{leak:?}");
        assert_eq!(leak.holder.label(), holder);
    }
}

/// A text has no objects in it: what else the call has in hand is told beside it.
#[test]
fn a_text_and_what_it_was_made_of_are_two_things() {
    let mut heap = HeapBuilder::hotspot17();
    let text = heap.primitive_array(PrimitiveArray::Byte(vec![b'x'; 800_000]));
    let builder = heap.class("java.lang.StringBuilder").field("value", Kind::Ref).build();
    let builder = heap.instance(builder, &[Value::Ref(text)]);
    let bookings = payload(&mut heap, "com.acme.Booking", 3000, 200);
    let bookings = heap.array_list(&bookings);
    let statement = heap.app_class("com.acme.StatementPdf").build();
    heap.thread("http-1")
        .frame(statement, "statement", "()V", "StatementPdf.java", 21)
        .local(builder)
        .local(bookings)
        .build();
    let report = judge(heap);
    let first = &report.suspects[0];
    assert_eq!(
        Language::En.text(&first.title),
        "One StringBuilder (781 KiB) and 3,000 Booking held by com.acme.StatementPdf.statement(StatementPdf.java:21) in thread http-1"
    );
    assert!(ids(&report.verdict.sentences).contains(&"verdict-load"));
}

/// How a thread comes to work at a job that a map of the application's has as well.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Job {
    /// A pool has given it to the thread.
    OfPool,
    /// A pool runs it again and again.
    Periodic,
    /// The thread was started with it.
    OfThread,
    /// A method of something else has called one of the job's.
    Called,
    /// The map has another one that no thread is at work with.
    BesideIdle,
    /// Something else that lasts has it as well.
    Kept,
}

/// A job with a cube of cells and labels, in a map by its name.
fn job(how: Job) -> Report {
    let mut heap = HeapBuilder::hotspot17();
    let cells = payload(&mut heap, "com.acme.Cell", 2000, 512);
    let labels = payload(&mut heap, "com.acme.Label", 2000, 512);
    let (cells, labels) = (heap.array_list(&cells), heap.array_list(&labels));
    let cube = heap.app_class("com.acme.Cube").field("cells", Kind::Ref).field("labels", Kind::Ref).build();
    let cube = heap.instance(cube, &[Value::Ref(cells), Value::Ref(labels)]);
    let job_class = heap.app_class("com.acme.Job").field("cube", Kind::Ref).build();
    let job = heap.instance(job_class, &[Value::Ref(cube)]);
    let name = heap.string("yearly");
    let mut entries = vec![(name, job)];
    if how == Job::BesideIdle {
        let (other, name) = (heap.instance(job_class, &[Value::Ref(Addr::NULL)]), heap.string("daily"));
        entries.push((name, other));
    }
    let running = heap.hash_map(&entries);
    held_by_static(&mut heap, "com.acme.Board", "RUNNING", running);
    if how == Job::Kept {
        held_by_static(&mut heap, "com.acme.Board", "LAST", job);
    }
    let future = heap.class("java.util.concurrent.FutureTask").build();
    let desk = heap.app_class("com.acme.Desk").build();
    let thread = heap.thread("report-1").frame(job_class, "rank", "()V", "Job.java", 14).local(job);
    let thread = thread.frame(job_class, "call", "()V", "Job.java", 10).local(job);
    let thread = match how {
        Job::OfThread => thread,
        Job::Called => thread.frame(desk, "loop", "()V", "Desk.java", 5),
        _ => {
            let method = if how == Job::Periodic { "runAndReset" } else { "run" };
            thread.frame(future, method, "()V", "FutureTask.java", 264)
        }
    };
    thread.build();
    judge(heap)
}

#[test]
fn a_job_that_runs_is_held_by_the_call_and_not_by_the_list_of_those_that_run() {
    let report = job(Job::OfPool);
    let kept: Vec<_> =
        report.suspects.iter().filter(|suspect| suspect.kind != SuspectKind::Garbage).collect();
    assert_eq!(kept.len(), 1, "{kept:?}");
    assert_eq!(kept[0].kind, SuspectKind::Load);
    assert_eq!(kept[0].holder.thread.as_deref(), Some("report-1"), "{:?}", kept[0].holder);
    assert!(kept[0].retained_bytes > 4000 * 512, "{}", kept[0].retained_bytes);
    let said = english(&kept[0].activity);
    assert!(said.contains("It is in com.acme.Board.RUNNING as well"), "{said}");
    for how in [Job::Periodic, Job::OfThread, Job::Called, Job::BesideIdle, Job::Kept] {
        let report = job(how);
        let first = &report.suspects[0];
        assert_eq!(first.kind, SuspectKind::Leak, "{how:?}: {}", first.holder.label());
    }
}
