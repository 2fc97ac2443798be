//! The glossary: as a section, and as an explanation that opens where a word stands (by the browser alone, without script).

use super::markup::Markup;

/// The terms, in the order of the section. Their words are the messages `term-X` and `term-X-about`.
const TERMS: [&str; 14] = [
    "retained-size",
    "shallow-size",
    "holder",
    "leak-load-garbage",
    "culprit-victim",
    "gc-root",
    "path",
    "dominator",
    "accumulation-point",
    "unreachable",
    "reference-strength",
    "class-loader",
    "shares",
    "confidence",
];

/// The section.
pub(super) fn list(m: &mut Markup) {
    m.el("dl").class("glossary").inside(|m| {
        for term in TERMS {
            m.el("div").inside(|m| {
                m.el("dt").inside(|m| m.message(&format!("term-{term}")));
                m.el("dd").inside(|m| m.message(&format!("term-{term}-about")));
            });
        }
    });
}

/// The explanations that `Markup::explain` opens.
pub(super) fn popovers(m: &mut Markup) {
    for term in TERMS {
        m.div("pop").attr("id", format_args!("g-{term}")).flag("popover").inside(|m| {
            m.el("b").inside(|m| m.message(&format!("term-{term}")));
            m.el("p").inside(|m| m.message(&format!("term-{term}-about")));
        });
    }
}

/// The term that explains a column.
pub(super) fn of_column(key: &str) -> Option<&'static str> {
    Some(match key {
        "retained_bytes" => "retained-size",
        "shallow_bytes" => "shallow-size",
        "share" => "shares",
        "loader" => "class-loader",
        "holder" => "holder",
        _ => return None,
    })
}
