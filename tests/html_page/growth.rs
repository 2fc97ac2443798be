//! The page of growth: a service that leaks steadily, with memory that two owners share, and the same with hostile names.

use super::{hostile, sample};
use oomph::gate::compare;
use oomph::render::html::{HtmlOptions, growth};
use oomph::render::text::Language;
use oomph::report::{HolderShare, Report, Section};
use regex::Regex;

/// Three reports ten minutes apart of a service that was like `first`.
fn section(first: &Report) -> Section {
    let reports: Vec<Report> = (1..=3_u64)
        .map(|step| {
            let mut report = first.clone();
            report.dump.created = Some(format!("2026-11-25T10:{step}0:00Z"));
            report.heap.shallow_bytes += step << 20;
            for suspect in &mut report.suspects {
                suspect.retained_bytes = suspect.retained_bytes / 3 * step;
                if let Some(point) = &mut suspect.accumulation_point {
                    point.elements = 1000 * step;
                }
            }
            let shared = &mut report.suspects[0];
            let mut second = shared.holder.clone();
            second.field = Some("BY_CUSTOMER".into());
            shared.holders =
                [shared.holder.clone(), second].map(|holder| HolderShare { holder, alone_bytes: 0 }).to_vec();
            report
        })
        .collect();
    compare(&reports.iter().collect::<Vec<_>>(), 0)
}

/// The page, and the one with hostile names.
pub(crate) fn pages() -> [String; 2] {
    [sample::report(400), hostile::report()].map(|first| growth(&section(&first), &HtmlOptions::default()))
}

#[test]
fn the_first_screen_names_what_grew_where_how_much_and_how_fast() {
    let [page, _] = pages();
    let words = Regex::new("<[^>]*>").unwrap().replace_all(&page, "").into_owned();
    for expected in [
        "grew from 104 MiB to 312 MiB: 2,000 more ",
        "从 104 MiB 增长到 312 MiB",
        "The dumps are 20 minutes apart: that makes 624 MiB and 6,000 elements an hour.",
        "+208 MiB",
        "104 MiB → 208 MiB → 312 MiB",
        "Grew in every step",
        "BY_CUSTOMER",
    ] {
        assert!(words.contains(expected), "{expected}");
    }
    // The two owners of what they share have equal parts.
    let row = Regex::new(r"<tr>((?:[^<]|<[^/]|</[^t]|</t[^r])*?BY_CUSTOMER.*?)</tr>").unwrap();
    assert!(
        row.captures(&page).is_some_and(|row| row[1].matches("class=\"n up\"").count() == 2),
        "owner's row"
    );
    assert!(page.matches("<polyline ").count() > 5, "a line in each row");
}

#[test]
fn the_page_opens_in_the_language_asked_for_and_is_the_same_each_time() {
    let section = section(&sample::report(40));
    let mut options = HtmlOptions::default();
    options.language = Some(Language::Zh);
    assert!(growth(&section, &options).contains("<html lang=zh-Hans"));
    assert_eq!(growth(&section, &options), growth(&section, &options));
}

#[test]
fn nothing_grown_is_said_so() {
    let report = sample::report(10);
    let page = growth(&compare(&[&report, &report], 0), &HtmlOptions::default());
    assert!(page.contains("Nothing of size has grown."));
}

#[test]
fn nothing_from_a_hostile_heap_becomes_markup() {
    let [_, page] = pages();
    let count = |pattern: &str| page.matches(pattern).count();
    assert_eq!(count("<script"), count("</script>"));
    assert!(!page.contains("<img") && !page.contains("onerror=window.owned=1>"));
    assert!(!page.contains('\u{202E}') && !page.contains('\u{1b}') && !page.contains('\0'));
    assert!(page.len() < 1_500_000, "{} bytes: names of 64 KB are cut", page.len());
}
