//! What the rules about documents tell: template caches, text and records of whole files, an index.

use crate::known_by_rules::{around, example, pairs, reference, title};
use crate::{bytes, english, held_by_static, judge, library_object, payload};
use hprof_fixtures::{Addr, HeapBuilder, Kind, Value};

/// Templates of a library, each with half a KiB: their names, and themselves.
fn templates(heap: &mut HeapBuilder, class: &str, count: usize) -> (Vec<Addr>, Vec<Addr>) {
    let class = heap.app_class(class).field("name", Kind::Ref).field("data", Kind::Ref).build();
    (0..count)
        .map(|at| {
            let (name, data) = (heap.string(&format!("order-{at:04}.html")), bytes(heap, 512));
            (name, heap.instance(class, &[Value::Ref(name), Value::Ref(data)]))
        })
        .unzip()
}

/// With a limit the cache of Velocity is another map.
#[test]
fn templates_of_velocity_in_a_cache_without_a_limit_are_told() {
    let rule = "velocity.template-cache";
    let judged = |count: usize, is_limited: bool| {
        let mut heap = HeapBuilder::hotspot17();
        let (names, parsed) = templates(&mut heap, "org.apache.velocity.Template", count);
        let entries = pairs(&names, &parsed);
        let map = if is_limited { heap.hash_map(&entries) } else { heap.concurrent_hash_map(&entries) };
        let class = "org.apache.velocity.runtime.resource.ResourceCacheImpl";
        let cache = library_object(&mut heap, class, &[reference("cache", map)]);
        held_by_static(&mut heap, "com.acme.Mails", "CACHE", cache);
        judge(heap)
    };
    let report = judged(1000, false);
    let told = title(&report, rule).unwrap();
    let expected = "Velocity keeps 1,000 parsed templates in a cache without a limit, ";
    assert!(told.starts_with(expected), "{told}");
    let shown = example(&report, rule);
    assert!(shown.starts_with("templates=1,000, names=order-") && shown.ends_with(".html, …"), "{shown}");
    assert_eq!(title(&judged(999, false), rule), None);
    assert_eq!(title(&judged(1000, true), rule), None);
}

/// Files in memory of Commons VFS, which stay until they are deleted.
#[test]
fn files_of_commons_vfs_in_memory_are_told() {
    let rule = "commons-vfs.ram-files";
    let judged = |count: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let name = heap
            .class("org.apache.commons.vfs2.provider.AbstractFileName")
            .field("absPath", Kind::Ref)
            .build();
        let names: Vec<Addr> = (0..count)
            .map(|at| {
                let path = heap.string(&format!("/orders/order-{at:04}.pdf"));
                heap.instance(name, &[Value::Ref(path)])
            })
            .collect();
        let data = heap.class("org.apache.commons.vfs2.provider.ram.RamFileData");
        let data = data.field("name", Kind::Ref).field("content", Kind::Ref).build();
        let files: Vec<Addr> = names
            .iter()
            .map(|&name| {
                let content = bytes(&mut heap, 1024);
                heap.instance(data, &[Value::Ref(name), Value::Ref(content)])
            })
            .collect();
        let map = heap.hash_map(&pairs(&names, &files));
        let class = "org.apache.commons.vfs2.provider.ram.RamFileSystem";
        let system = library_object(&mut heap, class, &[reference("cache", map)]);
        held_by_static(&mut heap, "com.acme.Scratch", "FILES", system);
        judge(heap)
    };
    let report = judged(1000);
    let told = title(&report, rule).unwrap();
    assert!(told.starts_with("Commons VFS keeps 1,000 files of ram:// in memory, "), "{told}");
    let shown = example(&report, rule);
    assert!(shown.starts_with("files=1,000, names=/orders/order-") && shown.ends_with(".pdf, …"), "{shown}");
    assert_eq!(title(&judged(999), rule), None);
}

/// Documents of a parser in a list, each of which is small.
#[test]
fn many_small_documents_are_first_of_all_many() {
    let advice = |count: usize, length: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let class = heap.class("org.apache.xerces.dom.CoreDocumentImpl").field("data", Kind::Ref).build();
        let documents: Vec<Addr> = (0..count)
            .map(|_| {
                let parts: Vec<Addr> = (0..8).map(|_| bytes(&mut heap, length / 8)).collect();
                let parts = heap.object_array("java.lang.Object[]", &parts);
                heap.instance(class, &[Value::Ref(parts)])
            })
            .collect();
        let documents = heap.array_list(&documents);
        held_by_static(&mut heap, "com.acme.Contracts", "PARSED", documents);
        let report = judge(heap);
        assert_eq!(report.suspects[0].class, "org.apache.xerces.dom.CoreDocumentImpl", "{count}");
        english(&report.suspects[0].advice)
    };
    let many = advice(200, 10 << 10);
    assert!(many.starts_with("Look at what is put into com.acme.Contracts.PARSED"), "{many}");
    assert!(many.contains("A DOM takes several times the size of the file."), "{many}");
}

/// Thymeleaf has caches for other things, too, and the one for templates has a limit of 200 by default.
#[test]
fn templates_of_thymeleaf_without_a_limit_are_told() {
    let rule = "thymeleaf.template-cache";
    let judged = |name: &str, count: usize, limit: i32| {
        let mut heap = HeapBuilder::hotspot17();
        let (names, parsed) = templates(&mut heap, "org.thymeleaf.engine.TemplateModel", count);
        let keys = around(&mut heap, "org.thymeleaf.cache.TemplateCacheKey", "template", &names);
        let entries = heap.concurrent_hash_map(&pairs(&keys, &parsed));
        let container = "org.thymeleaf.cache.StandardCache$CacheDataContainer";
        let container = library_object(&mut heap, container, &[reference("container", entries)]);
        let name = heap.string(name);
        let cache = [
            reference("name", name),
            reference("dataContainer", container),
            ("maxSize", Kind::Int, Value::Int(limit)),
        ];
        let cache = library_object(&mut heap, "org.thymeleaf.cache.StandardCache", &cache);
        held_by_static(&mut heap, "com.acme.Mails", "CACHE", cache);
        judge(heap)
    };
    let report = judged("TEMPLATE_CACHE", 1000, -1);
    let told = title(&report, rule).unwrap();
    assert!(told.starts_with("Thymeleaf keeps 1,000 parsed templates in its cache, "), "{told}");
    // Names may be whole texts: only their length is told.
    assert_eq!(example(&report, rule), "templates=1,000, length of a name=15, maxSize=-1");
    // Who has set a limit has what was wanted.
    for (name, count, limit) in
        [("EXPRESSION_CACHE", 1000, -1), ("TEMPLATE_CACHE", 999, -1), ("TEMPLATE_CACHE", 1000, 1000)]
    {
        assert_eq!(title(&judged(name, count, limit), rule), None, "{name} {count} {limit}");
    }
}

#[test]
fn templates_of_freemarker_that_are_held_strongly_are_told() {
    let rule = "freemarker.template-cache";
    let judged = |count: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let (names, parsed) = templates(&mut heap, "freemarker.cache.TemplateCache$CachedTemplate", count);
        let keys = around(&mut heap, "freemarker.cache.TemplateCache$TemplateKey", "name", &names);
        let entries = heap.concurrent_hash_map(&pairs(&keys, &parsed));
        let class = "freemarker.cache.StrongCacheStorage";
        let storage = library_object(&mut heap, class, &[reference("map", entries)]);
        held_by_static(&mut heap, "com.acme.Mails", "STORAGE", storage);
        judge(heap)
    };
    let report = judged(1000);
    let told = title(&report, rule).unwrap();
    let expected = "FreeMarker keeps 1,000 parsed templates in a StrongCacheStorage, which has no limit, ";
    assert!(told.starts_with(expected), "{told}");
    let shown = example(&report, rule);
    assert!(shown.starts_with("templates=1,000, names=order-") && shown.ends_with(".html, …"), "{shown}");
    assert_eq!(title(&judged(999), rule), None);
}

/// The text of one document, which a call of the application's has asked for.
#[test]
fn text_that_tika_reads_without_a_limit_is_told() {
    let rule = "tika.text-without-limit";
    let judged = |limit: i32, writer: &str| {
        let mut heap = HeapBuilder::hotspot17();
        let text = bytes(&mut heap, 3_000_000);
        let text = match writer {
            "java.io.StringWriter" => {
                library_object(&mut heap, "java.lang.StringBuffer", &[reference("value", text)])
            }
            _ => text,
        };
        let writer = library_object(&mut heap, writer, &[reference("buf", text)]);
        let mut handler = library_object(
            &mut heap,
            "org.apache.tika.sax.ToTextContentHandler",
            &[reference("writer", writer)],
        );
        let counter = [
            reference("handler", handler),
            ("writeLimit", Kind::Int, Value::Int(limit)),
            ("writeCount", Kind::Int, Value::Int(3_000_000)),
        ];
        handler = library_object(&mut heap, "org.apache.tika.sax.WriteOutContentHandler", &counter);
        for class in ["xpath.MatchingContentHandler", "BodyContentHandler"] {
            let class = format!("org.apache.tika.sax.{class}");
            handler = library_object(&mut heap, &class, &[reference("handler", handler)]);
        }
        let parser = heap.app_class("org.apache.tika.parser.AutoDetectParser").build();
        let indexer = heap.app_class("com.acme.Indexer").build();
        heap.thread("indexer")
            .frame(parser, "parse", "()V", "AutoDetectParser.java", 203)
            .local(handler)
            .frame(indexer, "index", "()V", "Indexer.java", 31)
            .build();
        judge(heap)
    };
    let report = judged(-1, "java.io.StringWriter");
    let expected = "Tika has put 3,000,000 characters of one document into memory: \
                    its BodyContentHandler has no write limit";
    assert_eq!(title(&report, rule).as_deref(), Some(expected));
    assert_eq!(example(&report, rule), "length=3,000,000, writeLimit=-1");
    let found = report.findings.iter().find(|finding| finding.id == rule).unwrap();
    assert_eq!(found.bytes, 3_000_016);
    assert!(title(&judged(-1, "java.io.CharArrayWriter"), rule).is_some());
    // What is written to a file is not in memory, however much it was.
    assert_eq!(title(&judged(-1, "java.io.BufferedWriter"), rule), None);
    assert_eq!(title(&judged(10_000_000, "java.io.StringWriter"), rule), None);
}

#[test]
fn records_of_a_whole_file_are_told() {
    let rule = "commons-csv.records";
    let judged = |count: usize| {
        let mut heap = HeapBuilder::hotspot17();
        let record = heap.app_class("org.apache.commons.csv.CSVRecord").field("values", Kind::Ref).build();
        let records: Vec<Addr> = (0..count)
            .map(|_| {
                let values = heap.object_array("java.lang.String[]", &[Addr::NULL; 3]);
                heap.instance(record, &[Value::Ref(values)])
            })
            .collect();
        let records = heap.array_list(&records);
        held_by_static(&mut heap, "com.acme.Import", "RECORDS", records);
        judge(heap)
    };
    let report = judged(10_001);
    assert_eq!(title(&report, rule).as_deref(), Some("10,001 CSVRecords of Commons CSV are kept"));
    assert_eq!(example(&report, rule), "values=3 (100%)");
    assert_eq!(title(&judged(10_000), rule), None);
}

/// An index in memory is as large as it was made, as long as it has no more files than an index has.
#[test]
fn an_index_of_lucene_in_the_heap_is_told() {
    let rule = "lucene.index-in-heap";
    for (class, field) in [("ByteBuffersDirectory", "files"), ("RAMDirectory", "fileMap")] {
        let class = format!("org.apache.lucene.store.{class}");
        let judged = |count: usize, rest: usize| {
            let mut heap = HeapBuilder::hotspot17();
            let files = payload(&mut heap, &format!("{class}$File"), count, 1024);
            let names: Vec<Addr> = (0..count).map(|at| heap.string(&format!("_{at}.cfs"))).collect();
            let files = heap.concurrent_hash_map(&pairs(&names, &files));
            let directory = library_object(&mut heap, &class, &[reference(field, files)]);
            held_by_static(&mut heap, "com.acme.Search", "DIRECTORY", directory);
            let rest = bytes(&mut heap, rest);
            held_by_static(&mut heap, "com.acme.App", "REST", rest);
            judge(heap)
        };
        let report = judged(1999, 16);
        let told = title(&report, rule).unwrap();
        assert!(
            told.starts_with(&format!("A Lucene index in memory ({class}, 1,999 files) takes ")),
            "{told}"
        );
        assert_eq!(example(&report, rule), format!("class={class}, files=1,999"));
        let report = judged(2000, 16);
        assert_eq!(title(&report, rule), None, "{class}");
        assert!(title(&report, "lucene.kept-files").is_some(), "{class}");
        assert_eq!(title(&judged(100, 4 << 20), rule), None, "a small part of the heap");
    }
}

/// Cells of pages of HtmlUnit in price tags: each leads to its row, and that to the page. Where a page is held by itself its nodes keep nothing of it.
#[test]
fn nodes_that_keep_their_pages_are_told() {
    let rule = |is_page_held: bool| {
        let mut heap = HeapBuilder::hotspot17();
        let loader = heap.app_class_loader();
        let node = heap.class("org.htmlunit.html.DomNode").loader(loader);
        let node = node.field("parent_", Kind::Ref).field("data", Kind::Ref).build();
        let tag = heap.app_class("com.acme.PriceTag").field("cell", Kind::Ref).build();
        let (tags, rows): (Vec<Addr>, Vec<Addr>) = (0..40)
            .map(|_| {
                let texts: Vec<Addr> = (0..40).map(|at| heap.string(&format!("{at:0>900}"))).collect();
                let texts = heap.array_list(&texts);
                let row = heap.instance_with(node, &[("data", Value::Ref(texts))]);
                let cell = heap.instance_with(node, &[("parent_", Value::Ref(row))]);
                (heap.instance(tag, &[Value::Ref(cell)]), row)
            })
            .unzip();
        let tags = heap.array_list(&tags);
        held_by_static(&mut heap, "com.acme.Shop", "CURRENT", tags);
        if is_page_held {
            let rows = heap.array_list(&rows);
            held_by_static(&mut heap, "com.acme.Shop", "PAGES", rows);
        }
        let report = judge(heap);
        title(&report, "htmlunit.kept-pages").map(|_| report.suspects[0].rule.clone())
    };
    assert_eq!(rule(false), Some(Some("htmlunit.kept-pages".to_owned())));
    assert_eq!(rule(true), None);
}

/// Elements of documents of jsoup, each of which keeps its document: in a list, or in the array that a call has in hand which is parsing one of them.
fn elements(is_parsing: bool) -> oomph::report::Report {
    let mut heap = HeapBuilder::hotspot17();
    let loader = heap.app_class_loader();
    let class = heap.class("org.jsoup.nodes.Element").loader(loader);
    let class = class.field("parentNode", Kind::Ref).field("childNodes", Kind::Ref).build();
    let body = heap.instance(class, &[Value::NULL, Value::NULL]);
    let rows: Vec<Addr> = (0..400)
        .map(|_| {
            let text = bytes(&mut heap, 4000);
            let parent = if is_parsing {
                body
            } else {
                let others = bytes(&mut heap, 4000);
                let cells = heap.object_array("java.lang.Object[]", &[others]);
                heap.instance(class, &[Value::NULL, Value::Ref(cells)])
            };
            let cells = heap.object_array("java.lang.Object[]", &[text]);
            heap.instance(class, &[Value::Ref(parent), Value::Ref(cells)])
        })
        .collect();
    let all = heap.object_array("java.lang.Object[]", &rows);
    if is_parsing {
        heap.set_field(body, "childNodes", Value::Ref(all));
        let copies = heap.class("java.util.Arrays").build();
        let parser = heap.class("org.jsoup.parser.TreeBuilder").loader(loader).build();
        let reader = heap.app_class("com.acme.PageReader").build();
        heap.thread("crawler-2")
            .frame(copies, "copyOf", "()V", "Arrays.java", 3478)
            .local(all)
            .frame(class, "appendChild", "()V", "Element.java", 824)
            .local(body)
            .frame(parser, "parse", "()V", "TreeBuilder.java", 83)
            .frame(reader, "read", "()V", "PageReader.java", 6)
            .build();
    } else {
        held_by_static(&mut heap, "com.acme.Pages", "TITLES", all);
    }
    judge(heap)
}

#[test]
fn elements_of_a_document_that_is_being_parsed_are_not_told_to_be_kept() {
    let rule = "jsoup.kept-documents";
    assert!(title(&elements(false), rule).is_some());
    let report = elements(true);
    assert_eq!(title(&report, rule), None);
    assert_eq!(report.suspects[0].rule, None);
    assert_eq!(report.suspects[0].kind_message(), "kind-load");
}

/// A document in hand of a call, of a class that parsers make or that is made without one, and where it was read from, if known.
#[test]
fn a_document_that_is_put_together_is_to_be_written_and_not_read_in_pieces() {
    let found = |class: &str, is_read: bool| {
        let mut heap = HeapBuilder::hotspot17();
        let base = heap.class("com.sun.org.apache.xerces.internal.dom.CoreDocumentImpl");
        let base = base.field("fDocumentURI", Kind::Ref).field("data", Kind::Ref).build();
        let class =
            heap.class(&format!("com.sun.org.apache.xerces.internal.dom.{class}")).extends(base).build();
        let data = bytes(&mut heap, 4 << 20);
        let read_from = if is_read { heap.string("file:/tmp/orders.xml") } else { Addr::NULL };
        let fields = [("data", Value::Ref(data)), ("fDocumentURI", Value::Ref(read_from))];
        let document = heap.instance_with(class, &fields);
        held_by_static(&mut heap, "com.acme.Export", "LAST", document);
        let report = judge(heap);
        let is_of_dom = |finding: &&oomph::report::Finding| finding.id.starts_with("xml.large-dom");
        let found = report.findings.into_iter().filter(|finding| is_of_dom(&finding));
        let [only] = &found.collect::<Vec<_>>()[..] else { panic!("one finding") };
        english(&only.advice)
    };
    assert!(found("DocumentImpl", false).contains("XMLStreamWriter"));
    for (class, is_read) in [("DocumentImpl", true), ("DeferredDocumentImpl", false)] {
        let advice = found(class, is_read);
        assert!(advice.contains("XMLStreamReader") && !advice.contains("XMLStreamWriter"), "{advice}");
    }
}
