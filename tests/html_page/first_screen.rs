//! The first screen: the heap as a bar, the error, the cards.

use super::sample;
use oomph::render::html::{HtmlOptions, render};
use oomph::report::{
    Arg, Block, COMPARE, Cell, Column, DamageNote, HolderShare, Report, SHARED, Severity, SuspectKind,
    THROWN_EARLIER, Table, Text,
};

/// What stands from `begin` to the next `end`.
fn part(report: &Report, begin: &str, end: &str) -> String {
    let page = render(report, &HtmlOptions::default());
    let from = page.find(begin).unwrap_or_else(|| panic!("no {begin}"));
    page[from..from + page[from..].find(end).unwrap()].to_owned()
}

fn legend(report: &Report) -> String {
    part(report, "<figure class=heap>", "</figure>")
}

/// What no root reaches is called garbage only where the dump proves it.
#[test]
fn the_legend_says_what_the_dump_cannot_decide() {
    let report = || {
        let mut report = sample::report(10);
        report.heap.unreachable_bytes = 50 << 20;
        report
    };
    assert!(legend(&report()).contains("Unreachable (garbage)"));
    let mut class_values = report();
    class_values.heap.class_value_bytes = 30 << 20;
    let shown = legend(&class_values);
    for (words, size) in
        [("Held by class values, or garbage", "30.0 MiB"), ("Unreachable (garbage)", "20.0 MiB")]
    {
        let at = shown.find(words).unwrap_or_else(|| panic!("{words} in {shown}"));
        assert!(shown[at..].split("</li>").next().unwrap().contains(size), "{words}: {size}");
    }
    let mut unmounted = report();
    unmounted.heap.unmounted_threads = 3;
    let mut lost = report();
    let message = Text::plain("lost");
    lost.dump.damage = vec![DamageNote { kind: "lost-roots".into(), count: 1, first_offset: None, message }];
    for (report, words) in [
        (unmounted, "In use by virtual threads, or garbage"),
        (lost, "Unreachable, as far as the file tells"),
    ] {
        let shown = legend(&report);
        assert!(shown.contains(words) && !shown.contains("(garbage)"), "{shown}");
    }
}

/// Parts that nobody could see in the bar are not listed beside it.
#[test]
fn the_legend_leaves_out_what_is_next_to_nothing() {
    let mut report = sample::report(10);
    report.heap.soft.softly_bytes = report.heap.shallow_bytes / 200;
    assert!(!legend(&report).contains("Only softly reachable"));
    report.heap.soft.softly_bytes = report.heap.shallow_bytes / 20;
    assert!(legend(&report).contains("Only softly reachable"));
}

/// Whoever reads one name beside the bar would change one of two.
#[test]
fn the_legend_names_all_whom_the_title_names() {
    let mut report = sample::report(10);
    let one = legend(&report);
    report.suspects[0].title = Text::with("suspect-title-two", []);
    let two = legend(&report);
    assert!(!one.contains(" + <code>") && two.contains(" + <code>"), "{two}");
    let HolderShare { holder, .. } = report.suspects[0].holders.last().unwrap();
    assert!(two.contains(holder.field.as_ref().unwrap()), "{two}");
    // Fields of one class follow its name.
    let class = report.suspects[0].holder.class.clone();
    report.suspects[0].holders.last_mut().unwrap().holder.class = class;
    let of_one = legend(&report);
    let field = report.suspects[0].holders.last().unwrap().holder.field.as_ref().unwrap();
    assert!(of_one.contains(&format!(" + <code>{field}</code>")), "{of_one}");
}

fn verdict(report: &Report) -> String {
    part(report, "<section class=verdict", "</section>")
}

/// How often the words of a text stand somewhere, in English.
fn times(words: &str, place: &str) -> usize {
    place.matches(words).count()
}

/// What to change must not stand below the fold because the same was said three times before it.
#[test]
fn nothing_is_said_twice_above_the_cards() {
    let mut report = sample::report(10);
    let panel = |report: &Report| part(report, "<div class=oom", "</dl>");
    assert!(["It held", "MqSender.java:57"].iter().all(|words| panel(&report).contains(words)));
    let of_error = ["thread", "kind", "site"].map(|name| (name, Arg::name("x")));
    let said = Text::with("verdict-oom-victim", of_error.into_iter().chain([("size", Arg::Bytes(1))]));
    report.verdict.sentences.push(said);
    assert!(
        ["It held", "MqSender.java:57"].iter().all(|words| !panel(&report).contains(words)),
        "a sentence has it"
    );
    // The title of a finding with a card of its own.
    let title = Text::plain("Two threads wait for each other");
    report.findings[1].title = title.clone();
    let sentence = Text::with("verdict-finding", [("title", Arg::text(title))]);
    report.verdict.sentences.push(sentence);
    let lead = verdict(&report);
    assert_eq!(times("Two threads wait for each other.<", &lead), 0, "a card says it");
    assert_eq!(times("class=\"title strong\">Two threads", &lead), 1, "{lead}");
}

/// Whoever changes one of two holders frees nothing.
#[test]
fn a_card_says_that_all_holders_have_to_let_go() {
    let shared = "freed only when all of its holders let go";
    let card = |report: &Report| part(report, "<article class=\"card", "</article>");
    let mut report = sample::report(10);
    report.suspects[0].advice.push(Text::message(SHARED[0]));
    assert!(!card(&report).contains(shared), "one holder is named");
    report.suspects[0].title = Text::with("suspect-title-two", []);
    assert!(card(&report).contains(shared), "two are");
}

/// What a tenth of it wastes is not what to change first.
#[test]
fn a_finding_about_a_part_of_a_suspect_does_not_explain_it() {
    let card = |report: &Report| part(report, "<article class=\"card", "</article>");
    let mut report = sample::report(10);
    let suspect = &mut report.suspects[0];
    suspect.rule = None;
    let (class, bytes) = (suspect.class.clone(), suspect.retained_bytes);
    report.findings[0].severity = Severity::Warning;
    report.findings[0].class = Some(class);
    report.findings[0].advice = vec![Text::plain("Trim the lists")];
    report.findings[0].bytes = bytes / 10;
    assert!(!card(&report).contains("Trim the lists"));
    report.findings[0].bytes = bytes;
    assert!(card(&report).contains("Trim the lists"));
}

/// The largest area of a page is often a thread: which one?
#[test]
fn threads_among_objects_have_their_names() {
    let mut report = sample::report(10);
    let thread = report.threads().find(|thread| thread.name == "mq-sender-3").unwrap().address;
    let row = vec![Cell::Address(thread), Cell::Class("java.lang.Thread".into())];
    let columns = ["address", "class"].map(Column::left).into();
    let objects = Block::Table(Table { id: "objects".into(), columns, rows: vec![row], omitted: 0 });
    let section = report.inspections.iter_mut().find(|section| section.id == "dominators").unwrap();
    section.blocks.push(objects);
    for block in &mut section.blocks {
        if let Block::Map { root, .. } = block {
            root.children[0].address = thread;
        }
    }
    let page = render(&report, &HtmlOptions::default());
    let name = "Thread &quot;mq-sender-3&quot;";
    let table = &page[page.find("id=dominators-objects").unwrap()..];
    assert!(table[..table.find("</table>").unwrap()].contains(name));
    assert!(part(&report, "<figure class=map", "</figure>").contains("&quot;mq-sender-3&quot;"));
}

/// A card alone below its own words as a headline has what proves them instead.
#[test]
fn a_card_of_the_headline_has_its_proof() {
    let mut report = sample::report(10);
    report.findings = vec![report.findings.remove(1)];
    let finding = &mut report.findings[0];
    finding.title = Text::plain("Nobody accepts connections");
    finding.evidence =
        ["one", "two", "three", "four"].map(|line| Text::plain(format!("proof {line}"))).into();
    let title = Arg::text(finding.title.clone());
    report.verdict.sentences = vec![Text::with("verdict-finding", [("title", title)])];
    report.oom = None;
    let cards = |report: &Report| part(report, "</figure>", "<p class=\"more-link js");
    let several = cards(&report);
    report.suspects.clear();
    for cards in [several, cards(&report)] {
        assert!(!cards.contains("strong\">Nobody accepts") && cards.contains("proof three"), "{cards}");
        assert!(!cards.contains("proof four"), "{cards}");
    }
    // What is not the headline is told by its card.
    report.verdict.sentences = vec![Text::plain("Something else")];
    assert!(cards(&report).contains("strong\">Nobody accepts"));
}

/// On a phone each line counts: what the sentence about the error says stands in its panel, once, and the panel adds the way to the stack.
#[test]
fn the_sentence_about_the_error_stands_in_its_panel() {
    let mut report = sample::report(10);
    let of_error = ["thread", "kind", "site"].map(|name| (name, Arg::name("x")));
    let said = Text::with("verdict-oom-victim", of_error.into_iter().chain([("size", Arg::Bytes(1))]));
    report.verdict.sentences.push(said);
    let panel = part(&report, "<div class=oom", "</details>");
    for words in ["but it is only the victim", "Stack of the thread", "href=#thread-0x"] {
        assert!(panel.contains(words), "{words} in {panel}");
    }
    for twice in ["Thrown in thread", "To blame is", "Only the victim"] {
        assert!(!panel.contains(twice), "{twice} in {panel}");
    }
    assert_eq!(times("but it is only the victim", &verdict(&report)), 1);
}

/// The same words in each of three cards beside each other are read once and skipped twice.
#[test]
fn no_two_cards_advise_the_same() {
    let mut report = sample::report(10);
    report.oom = None;
    for suspect in &mut report.suspects {
        suspect.kind = SuspectKind::Leak;
        suspect.advice = vec![Text::plain("Close it"), Text::message(COMPARE)];
    }
    let verdict = verdict(&report);
    assert_eq!(times(">Close it<", &verdict), 1);
    assert_eq!(times("One dump does not tell a leak", &verdict), 1);
    assert!(times("The same as in the card before", &verdict) >= 1, "{verdict}");
}

/// That such an error was thrown before as well tells nothing beside the error of the dump; what Metaspace is full of does.
#[test]
fn what_a_kind_of_memory_is_full_of_has_a_card() {
    let mut report = sample::report(10);
    let oom = report.oom.as_mut().unwrap();
    oom.kind = "metaspace".into();
    let [mut earlier, mut classes] = [report.findings[0].clone(), report.findings[0].clone()];
    earlier.id = THROWN_EARLIER.into();
    earlier.title = Text::plain("Thrown before");
    (classes.id, classes.severity) = ("classloaders.alike".into(), Severity::Warning);
    classes.title = Text::plain("4,313 classes are alike");
    classes.advice = vec![Text::plain("Make one of them")];
    report.findings = vec![earlier, classes];
    report.suspects.clear();
    let cards = part(&report, "<div class=\"cards", "<p class=\"more-link js");
    assert!(cards.contains("4,313 classes are alike") && cards.contains("Make one of them"), "{cards}");
    assert!(!cards.contains("Thrown before"), "{cards}");
    report.oom.as_mut().unwrap().kind = "java-heap-space".into();
    assert!(!verdict(&report).contains("4,313 classes are alike"), "it did not fill the heap");
}
