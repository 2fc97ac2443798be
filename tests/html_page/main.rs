//! The HTML page of a report: complete, self-contained, safe, small and the same each time.

#![expect(clippy::unwrap_used, reason = "a helper of a test may fail like a test")]

mod browser;
mod first_screen;
mod growth;
mod hostile;
mod sample;

use oomph::render::html::{HtmlOptions, render};
use oomph::render::text::Language;
use oomph::report::{
    Block, Cell, Column, DamageNote, HeapFacts, LocalView, NamedValue, Pattern, Section, Table, Text,
};
use regex::Regex;
use sha2::{Digest, Sha256};
use std::path::Path;

fn page() -> String {
    render(&sample::report(400), &HtmlOptions::default())
}

/// `cargo test --test html_page write_pages -- --ignored` leaves the pages in `target/html` for looking at them,
/// and with `OOMPH_REPORTS=FOLDER` renders each report in JSON there.
#[test]
#[ignore = "only for looking at the pages"]
fn write_pages() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/html");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("sample.html"), render(&sample::report(5_000), &HtmlOptions::default()))
        .unwrap();
    std::fs::write(folder.join("hostile.html"), render(&hostile::report(), &HtmlOptions::default())).unwrap();
    for (name, page) in ["growth.html", "growth-hostile.html"].into_iter().zip(growth::pages()) {
        std::fs::write(folder.join(name), page).unwrap();
    }
    let Ok(reports) = std::env::var("OOMPH_REPORTS") else { return };
    for entry in std::fs::read_dir(reports).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "json") {
            let report = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
            std::fs::write(path.with_extension("html"), render(&report, &HtmlOptions::default())).unwrap();
        }
    }
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    assert_eq!(page(), page());
    let mut options = HtmlOptions::default();
    options.generated = Some("2026-11-25T20:10:05Z".into());
    assert!(render(&sample::report(10), &options).contains("25 Nov 2026, 20:10:05 UTC"));
}

#[test]
fn a_report_from_json_gives_the_same_page() {
    let mut report = sample::report(400);
    // A share that a quick reader of JSON takes for its neighbour.
    report.inspections.push(Section {
        id: "boxed".into(),
        blocks: vec![Block::Table(Table {
            id: "shares".into(),
            columns: vec![Column::right("share")],
            rows: vec![vec![Cell::Share(0.413_144_207_478_709_56)]; 9],
            omitted: 0,
        })],
    });
    let json = oomph::render::json::report(&report, Language::Zh).to_string();
    let again: oomph::report::Report = serde_json::from_str(&json).unwrap();
    assert!(render(&again, &HtmlOptions::default()) == render(&report, &HtmlOptions::default()));
}

/// Where each of several holders frees nothing alone, the card names the others as well: who reads no further must not change one of them only.
#[test]
fn a_card_names_all_who_hold_what_the_title_says_several_hold() {
    let card = |report: &oomph::report::Report| {
        let page = render(report, &HtmlOptions::default());
        let begin = page.find("<article class=\"card").unwrap();
        page[begin..begin + page[begin..].find("</article>").unwrap()].to_owned()
    };
    let mut report = sample::report(10);
    assert!(!card(&report).contains("MqHealthIndicator"));
    report.suspects[0].title = Text::with("suspect-title-two", []);
    assert!(card(&report).contains("MqHealthIndicator"));
}

/// What was added to the report after its first version; an older file does not have it.
const ADDED_LATER: [&str; 14] = [
    "soft",
    "holders",
    "composition",
    "examples",
    "examples_text",
    "confidence",
    "evidence_text",
    "link",
    "thread_retained_bytes",
    "culprit",
    "elements",
    "thread_locals_retained_bytes",
    "waits_for",
    "doing_text",
];

#[test]
fn a_report_of_an_older_version_is_rendered() {
    fn strip(value: &mut serde_json::Value) {
        match value {
            serde_json::Value::Array(items) => items.iter_mut().for_each(strip),
            serde_json::Value::Object(object) => {
                object.retain(|key, _| !ADDED_LATER.contains(&key.as_str()));
                object.values_mut().for_each(strip);
            }
            _ => {}
        }
    }
    let mut json = serde_json::to_value(sample::report(30)).unwrap();
    // The object layout always said how sure it is.
    let layout = json["jvm"]["object_layout"].take();
    strip(&mut json);
    json["jvm"]["object_layout"] = layout;
    let report: oomph::report::Report = serde_json::from_value(json).unwrap();
    assert!(render(&report, &HtmlOptions::default()).contains("MqSender"));
}

#[test]
fn nothing_is_fetched_and_only_the_own_script_runs() {
    let [growth, _] = growth::pages();
    [page(), growth].iter().for_each(|page| is_self_contained(page));
}

fn is_self_contained(page: &str) {
    let scripts: Vec<_> = Regex::new(r"(?s)<script>(.*?)</script>")
        .unwrap()
        .captures_iter(page)
        .map(|c| c[1].to_owned())
        .collect();
    let styles: Vec<_> = Regex::new(r"(?s)<style>(.*?)</style>")
        .unwrap()
        .captures_iter(page)
        .map(|c| c[1].to_owned())
        .collect();
    assert_eq!((scripts.len(), styles.len()), (1, 1));
    let policy =
        Regex::new(r#"Content-Security-Policy"? content="([^"]*)""#).unwrap().captures(page).unwrap()[1]
            .replace("&#39;", "'");
    for (directive, asset) in [("script-src", &scripts[0]), ("style-src", &styles[0])] {
        // Base64 from the standard, written down again in the page's module: compared by decoding the policy's own text.
        let hash = Sha256::digest(asset.as_bytes());
        let named = Regex::new(&format!("{directive} 'sha256-([^']*)'")).unwrap().captures(&policy).unwrap()
            [1]
        .to_owned();
        assert_eq!(decode(&named), hash.to_vec(), "{directive}");
    }
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    let outside = Regex::new(r#"(?:src|href|action|poster|data|srcset)="?(?:https?:|//)[^"> ]*"#).unwrap();
    for link in outside.find_iter(page) {
        assert!(
            link.as_str().contains("activemq.apache.org"),
            "only links that a finding names: {}",
            link.as_str()
        );
    }
    for forbidden in [
        "eval(",
        "innerHTML",
        "document.write",
        "new Function",
        "@import",
        "<iframe",
        "<object",
        "javascript:",
    ] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
}

fn decode(base64: &str) -> Vec<u8> {
    let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bits, mut count, mut out) = (0_u32, 0, Vec::new());
    for digit in base64.bytes().filter(|b| *b != b'=') {
        bits = bits << 6 | digits.iter().position(|d| *d == digit).unwrap() as u32;
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count & 255) as u8);
        }
    }
    out
}

#[test]
fn tags_are_balanced_and_ids_unique() {
    let assets = Regex::new(r"(?s)<(script|style)[^>]*>.*?</(?:script|style)>").unwrap();
    let tags = Regex::new(r#"<(/?)([a-z0-9]+)((?:"[^"]*"|[^">])*)>"#).unwrap();
    let own_id = Regex::new(r#" id="?([^" >]*)"#).unwrap();
    let links = Regex::new(r##"(?:href="?#|popovertarget="?|for="?|labelledby="?)([^" >]*)"##).unwrap();
    let reports = [sample::report(60), hostile::report()];
    let pages = reports.map(|report| render(&report, &HtmlOptions::default()));
    for page in pages.into_iter().chain(growth::pages()) {
        let page = assets.replace_all(&page, "");
        let (mut open, mut ids) = (Vec::new(), std::collections::BTreeSet::new());
        for tag in tags.captures_iter(&page) {
            if let Some(id) = own_id.captures(&tag[3]) {
                assert!(ids.insert(id[1].to_owned()), "id {} twice", &id[1]);
            }
            match (&tag[1], &tag[2]) {
                (_, "meta" | "link" | "br" | "wbr" | "input") => {}
                ("/", name) => assert_eq!(open.pop().as_deref(), Some(name), "closed in order"),
                (_, name) => open.push(name.to_owned()),
            }
        }
        assert_eq!(open, Vec::<String>::new());
        for link in links.captures_iter(&page) {
            assert!(ids.contains(&link[1]), "a link to nowhere: {}", &link[0]);
        }
    }
}

#[test]
fn the_page_grows_with_classes_and_stays_small() {
    let [none, many] =
        [0, 5_000].map(|classes| render(&sample::report(classes), &HtmlOptions::default()).len());
    assert!(none < 400_000, "{none} bytes without a histogram");
    assert!(many < 1_500_000, "{many} bytes with 5,000 classes");
}

#[test]
fn the_heap_is_shown_by_kind() {
    let page = page();
    for words in ["The heap by kind", "Arrays of primitives", "按种类划分的堆"] {
        assert!(page.contains(words), "{words}");
    }
}

/// What a thread has in hand must not drown among the small things that every frame has, and the thread itself is none of it.
#[test]
fn variables_that_hold_much_stand_out() {
    let mut report = sample::report(10);
    let local = |address, retained_bytes| LocalView {
        class: "com.acme.Row".into(),
        address,
        retained_bytes,
        value: None,
    };
    let threads = report.inspections.iter_mut().flat_map(|section| &mut section.blocks);
    let threads = threads.filter_map(|block| match block {
        Block::Threads { threads, .. } => Some(threads),
        _ => None,
    });
    let threads = threads.last().unwrap();
    threads.truncate(1);
    let itself = threads[0].address;
    threads[0].frames.truncate(1);
    threads[0].frames[0].locals =
        vec![local(itself, 90 << 20), local(1, 30 << 20), local(2, 5 << 20), local(3, 2 << 20), local(4, 24)];
    let page = render(&report, &HtmlOptions::default());
    let list = &page[page.find("<div class=thread-list").unwrap()..];
    let list = &list[..list.find("</details>").unwrap()];
    assert_eq!(list.matches("<li class=much>").count(), 2, "{list}");
}

/// Two sections have a table of the longest: the longest what?
#[test]
fn a_caption_says_what_the_table_of_its_section_is_about() {
    let mut report = sample::report(10);
    for section in ["collections", "strings"] {
        let rows = vec![vec![Cell::Count(1)]];
        let table = Table { id: "longest".into(), columns: vec![Column::right("count")], rows, omitted: 0 };
        report.inspections.push(Section { id: section.into(), blocks: vec![Block::Table(table)] });
    }
    let page = render(&report, &HtmlOptions::default());
    assert!(page.contains("Longest collections") && page.contains("Longest strings"));
}

#[test]
fn sizes_on_a_path_are_told_from_that_of_the_suspect() {
    let explanation = "“Alone” is what would go";
    let mut report = sample::report(10);
    for suspect in &mut report.suspects {
        suspect.path.iter_mut().for_each(|step| step.retained_bytes = suspect.retained_bytes);
    }
    assert!(!render(&report, &HtmlOptions::default()).contains(explanation));
    let suspect = report.suspects.iter_mut().find(|suspect| suspect.pattern != Pattern::Repeated).unwrap();
    suspect.path[0].retained_bytes = 100;
    assert!(render(&report, &HtmlOptions::default()).contains(explanation));
}

/// "GC root: running thread" says little; which thread it is, and what it was doing, is a click away. So is the thread that threw.
#[test]
fn threads_are_named_and_linked_where_they_stand() {
    let mut report = sample::report(10);
    report.suspects[0].path[0].address = 0x6_d000_0001;
    let page = render(&report, &HtmlOptions::default());
    let place = "<a href=#thread-0x6d0000001><code class=o>http-nio-9010-exec-7</code></a>";
    assert!(page.contains(place));
    let thrown = Regex::new("<dd><a href=#(thread-0x[0-9a-f]+)><code>mq-sender-3</code></a>").unwrap();
    let id = &thrown.captures(&page).unwrap()[1];
    assert!(page.contains(&format!("id={id} open")), "{id}");
}

/// One searcher is nothing to look at; a card says what it is full of.
#[test]
fn a_card_says_what_an_object_is_full_of() {
    let mut report = sample::report(10);
    let args = [
        ("class", oomph::report::Arg::name("Atom")),
        ("count", oomph::report::Arg::Count(40_000)),
        ("element", oomph::report::Arg::name("Session")),
        ("holder", oomph::report::Arg::name("shop.core.sessions")),
    ];
    report.suspects[0].title = Text::with("suspect-title-with", args);
    let page = render(&report, &HtmlOptions::default());
    let card = &page[page.find("<article class=\"card").unwrap()..];
    let card = &card[..card.find("</article>").unwrap()];
    assert!(card.contains("<span class=n>40,000 × </span><span class=c><b>Session</b>"), "{card}");
}

/// That an error was thrown at another time as well is no headline: what fills the heap is.
#[test]
fn what_fills_the_heap_comes_before_an_error_of_another_time() {
    let mut report = sample::report(10);
    assert!(report.oom.is_some());
    let args =
        [("count", oomph::report::Arg::Count(1)), ("message", oomph::report::Arg::name("Java heap space"))];
    let title = oomph::report::Arg::text(Text::with("oom-thrown", args));
    report.verdict.sentences.insert(0, Text::with("verdict-finding", [("title", title)]));
    let page = render(&report, &HtmlOptions::default());
    let headline = &page[page.find("<h1").unwrap()..page.find("</h1>").unwrap()];
    assert!(!headline.contains("before this dump"), "{headline}");
    assert!(page.contains("before this dump"), "it is said further below");
}

/// Where nobody who holds memory is to blame, what is known of the error is all that there is to read.
#[test]
fn evidence_of_the_error_is_open_where_nobody_is_to_blame() {
    let why = |report: &oomph::report::Report| {
        let page = render(report, &HtmlOptions::default());
        let panel = &page[page.find("<div class=oom>").unwrap()..];
        panel[panel.find("<details").unwrap()..].starts_with("<details open>")
    };
    let mut report = sample::report(10);
    assert!(!why(&report));
    report.suspects.clear();
    assert!(!why(&report), "a finding has a card");
    report.findings.clear();
    assert!(why(&report));
}

/// What an object holds is a table of names and values, not a line of programmer's notes.
#[test]
fn values_of_an_object_are_a_table() {
    let mut report = sample::report(10);
    let named =
        |en: &str, zh: &str, value: &str| NamedValue { en: en.into(), zh: zh.into(), value: value.into() };
    let values =
        vec![named("acceptor state", "Acceptor 状态", "RUNNING"), named("paused", "paused", "false")];
    report.findings[1].evidence = vec![Text::Values { values, share: Some(0.5) }];
    let page = render(&report, &HtmlOptions::default());
    let row = "<dt><span lang=en>acceptor state</span><span lang=zh-Hans>Acceptor 状态</span></dt><dd><span class=v>RUNNING</span></dd>";
    assert!(page.contains(row) && page.contains("<dt>paused</dt>"));
    assert!(page.contains("The same in <span class=n>50%</span> of those looked at"));
    let [en, zh] = Language::ALL.map(|language| language.text(&report.findings[1].evidence[0]));
    assert_eq!(en, "acceptor state=RUNNING, paused=false (50%)");
    assert!(zh.starts_with("Acceptor 状态=RUNNING"));
    let json = serde_json::to_string(&report.findings[1].evidence[0]).unwrap();
    assert_eq!(serde_json::from_str::<Text>(&json).unwrap(), report.findings[1].evidence[0]);
}

/// A stack among words is a row of frames, none of which is cut in its middle.
#[test]
fn frames_of_a_stack_stand_each_by_itself() {
    let mut report = sample::report(10);
    let frames: Vec<String> =
        (0..12).map(|i| format!("com.acme.Codegen.define{i}(Codegen.java:{i})")).collect();
    let stack = [("stack", oomph::report::Arg::name(frames.join(" ← ")))];
    report.findings[1].evidence = vec![Text::with("oom-thrown-stack", stack)];
    let page = render(&report, &HtmlOptions::default()).replace("<wbr>", "");
    assert!(page.contains("define8(Codegen.java:8)</code> ← <code>"), "frames by themselves");
    assert!(!page.contains("define11") && !page.contains("… (+"), "whole frames are left out at the end");
}

/// What stands at another place of the page, or has nothing in it, takes no room of its own.
#[test]
fn what_says_nothing_new_takes_no_room() {
    let mut report = sample::report(10);
    let table = |id: &str, threads: &[u64]| {
        let rows: Vec<Vec<Cell>> = threads.iter().map(|&threads| vec![Cell::Count(threads)]).collect();
        let columns = vec![Column::right("threads")];
        Block::Table(Table { id: id.into(), columns, rows, omitted: 0 })
    };
    let of_threads = report.inspections.iter_mut().find(|section| section.id == "threads").unwrap();
    of_threads.blocks.retain(|block| !matches!(block, Block::Table(table) if table.id == "pools"));
    of_threads.blocks.extend([table("pools", &[1, 1, 1]), table("executors-none", &[])]);
    report.jvm.object_layout.evidence = vec![Text::plain("929 sizes confirmed")];
    let system = report.inspections.iter_mut().find(|section| section.id == "system").unwrap();
    system.blocks.push(Block::Prose { text: Text::plain("929 sizes confirmed") });
    let page = render(&report, &HtmlOptions::default());
    assert!(!page.contains("id=threads-pools"), "each is one of its own");
    assert!(!page.contains("id=threads-executors-none") && page.contains("Nothing to show:"));
    assert_eq!(page.matches("929 sizes confirmed").count(), 1);
    let of_threads = report.inspections.iter_mut().find(|section| section.id == "threads").unwrap();
    of_threads.blocks.push(table("pools", &[3, 1]));
    assert!(render(&report, &HtmlOptions::default()).contains("id=threads-pools"));
}

/// The same error from two stacks is one finding with both of them; links to either lead there.
#[test]
fn findings_that_say_the_same_are_one() {
    let mut report = sample::report(10);
    let mut first = report.findings[0].clone();
    (first.bytes, first.count) = (0, 1);
    first.evidence = vec![Text::plain("by the first stack")];
    let mut second = first.clone();
    second.evidence = vec![Text::plain("by the second stack")];
    report.findings = vec![first, second];
    let page = render(&report, &HtmlOptions::default());
    assert_eq!(page.matches("<details class=finding").count(), 1);
    let finding = &page[page.find("id=finding-1").unwrap()..];
    let finding = &finding[..finding.find("</details>").unwrap()];
    for words in ["by the first stack", "by the second stack", "id=finding-2", "× 2"] {
        assert!(finding.contains(words), "{words}: {finding}");
    }
    report.findings[1].bytes = 1;
    assert_eq!(render(&report, &HtmlOptions::default()).matches("<details class=finding").count(), 2);
}

/// A figure of nothing is no figure to look at: what there is none of stands in one line.
#[test]
fn what_there_is_none_of_takes_a_line() {
    let mut report = sample::report(10);
    let facts =
        [("threads", Cell::Count(3)), ("virtual_threads", Cell::Count(0)), ("blocked", Cell::Count(0))];
    let facts = facts.map(|(key, value)| oomph::report::Fact { key: key.into(), value });
    let facts = Block::Facts(oomph::report::Facts { id: "figures".into(), facts: facts.into() });
    let section = |report: &oomph::report::Report| {
        let page = render(report, &HtmlOptions::default());
        let from = page.find("<section id=system").unwrap();
        page[from..from + page[from..].find("</section>").unwrap()].to_owned()
    };
    let system = report.inspections.iter_mut().find(|section| section.id == "system").unwrap();
    system.blocks = vec![facts];
    let shown = section(&report);
    assert_eq!(shown.matches("<dt>").count(), 1, "{shown}");
    let zeros = &shown[shown.find("class=\"zeros dim\"").unwrap()..];
    assert!(zeros.contains("Virtual threads") && zeros.contains("Blocked"), "{zeros}");
}

/// What threads hold is a part of the heap worth a picture, unless it is next to nothing.
#[test]
fn what_threads_hold_is_a_bar() {
    let mut report = sample::report(10);
    let pools = |retained: u64| {
        let columns = vec![Column::left("name"), Column::right("threads"), Column::right("retained_bytes")];
        let row =
            |name: &str, retained| vec![Cell::Value(name.into()), Cell::Count(2), Cell::Bytes(retained)];
        let rows = vec![row("export-*", retained), row("Finalizer", 432)];
        Block::Table(Table { id: "pools".into(), columns, rows, omitted: 0 })
    };
    let bar = |report: &mut oomph::report::Report, retained| {
        let threads = report.inspections.iter_mut().find(|section| section.id == "threads").unwrap();
        threads.blocks.retain(|block| !matches!(block, Block::Table(table) if table.id == "pools"));
        threads.blocks.push(pools(retained));
        if !threads.blocks.iter().any(|block| matches!(block, Block::Facts(_))) {
            let facts = vec![oomph::report::Fact { key: "threads".into(), value: Cell::Count(3) }];
            threads.blocks.insert(0, Block::Facts(oomph::report::Facts { id: "threads".into(), facts }));
        }
        let page = render(report, &HtmlOptions::default());
        let from = page.find("What threads alone hold of the heap")?;
        Some(page[from..from + page[from..].find("</figure>").unwrap()].to_owned())
    };
    let shown = bar(&mut report, 100 << 20).unwrap();
    assert!(
        shown.contains("export-*") && shown.contains("100 MiB") && !shown.contains("Finalizer"),
        "{shown}"
    );
    assert_eq!(bar(&mut report, 4096), None);
}

/// What a suspect tells of, its finding leads to and does not say again.
#[test]
fn a_finding_that_a_suspect_tells_of_leads_there() {
    let finding = |report: &oomph::report::Report| {
        let page = render(report, &HtmlOptions::default());
        let from = page.find("id=finding-1").unwrap();
        page[from..from + page[from..].find("</details>").unwrap()].to_owned()
    };
    let mut report = sample::report(10);
    report.findings[0].severity = oomph::report::Severity::Error;
    report.suspects[0].rule = Some(report.findings[0].id.clone());
    let told = finding(&report);
    assert!(!told.starts_with("id=finding-1 open") && told.contains("href=#suspect-1"), "{told}");
    assert!(!told.contains("What to change<"), "{told}");
    report.suspects.clear();
    let alone = finding(&report);
    assert!(alone.starts_with("id=finding-1 open") && alone.contains("What to change<"), "{alone}");
}

/// The bar is as long as the dump is large; a suspect's share is one of the reachable heap. Shares in the bar would contradict its lengths.
#[test]
fn the_bar_of_the_heap_says_sizes() {
    let page = page();
    let bar = &page[page.find("<svg class=\"bar tall\"").unwrap()..];
    let bar = &bar[..bar.find("</svg>").unwrap()];
    assert!(bar.contains(">312 MiB</text>"));
    assert!(!Regex::new(r"\d%</text>").unwrap().is_match(bar), "{bar}");
}

#[test]
fn a_file_without_objects_shows_only_what_is_wrong_with_it() {
    let mut report = sample::report(0);
    report.heap = HeapFacts::default();
    report.suspects.clear();
    report.dump.damage = vec![DamageNote {
        kind: "no-heap".into(),
        count: 1,
        first_offset: None,
        message: Text::plain("No heap in it."),
    }];
    let page = render(&report, &HtmlOptions::default());
    assert!(page.contains("<h1 id=verdict-title>No heap in it.</h1>"));
    for absent in ["<section id=histogram", "<section id=suspects", "class=heap", "class=\"no-oom"] {
        assert!(!page.contains(absent), "{absent}");
    }
}

#[test]
fn both_languages_are_in_the_page() {
    let page = page();
    for words in ["What to change", "应该怎样改", "Retained size", "保留大小"] {
        assert!(page.contains(words), "{words}");
    }
    let mut options = HtmlOptions::default();
    options.language = Some(Language::Zh);
    let chinese = render(&sample::report(10), &options);
    assert!(chinese.contains("<html lang=zh-Hans"));
}

#[test]
fn nothing_from_a_hostile_heap_becomes_markup() {
    let page = render(&hostile::report(), &HtmlOptions::default());
    assert_eq!(
        Regex::new("<script").unwrap().find_iter(&page).count(),
        Regex::new("</script>").unwrap().find_iter(&page).count()
    );
    assert!(!page.contains("<img") && !page.contains("onerror=alert(1)>"));
    assert!(!page.contains('\u{202E}') && !page.contains('\u{1b}') && !page.contains('\0'));
    assert!(page.len() < 1_500_000, "{} bytes: names of 64 KB are cut", page.len());
}
