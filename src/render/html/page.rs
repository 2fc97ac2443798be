//! The frame of a page: head with its policy, style and script, the bar at the top, navigation, footer, glossary.
//!
//! Owns what all pages have alike, whatever they show, and the Content-Security-Policy. Knows nothing of reports.

use super::HtmlOptions;
use super::glossary;
use super::markup::Markup;
use super::values;
use crate::render::text::{Language, count, date};
use crate::report::{Arg, Text, Tool};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::sync::LazyLock;

const SCRIPT: &str = concat!(
    include_str!("assets/core.js"),
    include_str!("assets/table.js"),
    include_str!("assets/tree.js"),
    include_str!("assets/map.js"),
    include_str!("assets/page.js"),
);

/// The style sheet, with a class for each width of a bar: the policy forbids styles in elements.
static STYLE: LazyLock<String> = LazyLock::new(|| {
    let mut style = concat!(
        include_str!("assets/base.css"),
        include_str!("assets/page.css"),
        include_str!("assets/parts.css"),
    )
    .to_owned();
    for percent in 0..=100 {
        write!(style, ".w{percent}{{width:{percent}%}}").expect("a String takes everything");
    }
    style
});

/// A section that a page has below its first screen.
pub(super) struct Planned {
    /// Its id, which is also its anchor.
    pub(super) id: String,
    /// How many things it lists, if that says something.
    pub(super) number: Option<u64>,
}

/// What a page shows in its frame.
pub(super) trait Page {
    /// Its title.
    fn title(&self) -> Text;
    /// What it is about, in the bar at the top.
    fn about(&self, m: &mut Markup);
    /// The sections in the order of reading.
    fn sections(&self) -> Vec<Planned>;
    /// The first screen.
    fn first_screen(&self, m: &mut Markup);
    /// A section with its heading.
    fn section(&self, m: &mut Markup, planned: &Planned);
    /// What made it.
    fn tool(&self) -> Tool;
}

/// The page in its frame.
pub(super) fn render(page: &impl Page, options: &HtmlOptions) -> String {
    let mut markup = Markup::default();
    let language = options.language.unwrap_or_default();
    markup.doctype();
    markup
        .el("html")
        .attr("lang", language.tag())
        .attr("data-language", options.language.map_or("auto", Language::tag))
        .inside(|m| {
            m.el("head").inside(|m| head(m, &page.title(), language));
            m.el("body").inside(|m| body(m, page, options, language));
        });
    markup.finish()
}

fn head(m: &mut Markup, title: &Text, language: Language) {
    m.el("meta").attr("charset", "utf-8").void();
    m.el("meta").attr("http-equiv", "Content-Security-Policy").attr("content", policy()).void();
    m.el("meta").attr("name", "viewport").attr("content", "width=device-width,initial-scale=1").void();
    m.el("meta").attr("name", "color-scheme").attr("content", "light dark").void();
    m.el("meta").attr("name", "referrer").attr("content", "no-referrer").void();
    m.el("meta").attr("name", "robots").attr("content", "noindex").void();
    m.el("title").name(&language.text(title));
    m.el("link").attr("rel", "icon").literal("href", ICON).void();
    m.asset("style", &STYLE);
}

/// A drop that is full, in the accent colour.
const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E\
    %3Crect width='16' height='16' rx='4' fill='%233557c9'/%3E%3Cpath d='M4 11h8M4 8h6M4 5h3' stroke='%23fff' \
    stroke-width='1.6' stroke-linecap='round'/%3E%3C/svg%3E";

/// Nothing may be loaded or run but the page's own style and script, which are named by their hashes.
fn policy() -> String {
    format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; img-src data:; base-uri 'none'; \
         form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
        base64(&Sha256::digest(SCRIPT)),
        base64(&Sha256::digest(STYLE.as_str())),
    )
}

fn body(m: &mut Markup, page: &impl Page, options: &HtmlOptions, language: Language) {
    m.el("a").class("skip").to("main").inside(|m| m.message("html-skip"));
    m.el("header").class("top").inside(|m| header(m, page, language));
    let sections = page.sections();
    m.div("frame").inside(|m| {
        m.el("nav").attr("aria-labelledby", "nav-title").inside(|m| navigation(m, &sections));
        m.el("main").attr("id", "main").attr("tabindex", "-1").inside(|m| {
            page.first_screen(m);
            m.el("noscript").inside(|m| m.el("p").class("note").inside(|m| m.message("html-no-scripts")));
            for planned in &sections {
                page.section(m, planned);
            }
            m.el("footer").inside(|m| footer(m, &page.tool(), options));
        });
    });
    glossary::popovers(m);
    m.div("vh").attr("id", "live").attr("role", "status").text("");
    m.div("tip").attr("id", "tip").attr("role", "presentation").flag("hidden").text("");
    m.named_data("words", &script_words(&page.title()));
    m.asset("script", SCRIPT);
}

/// The messages that the script says, by the names that it gives them; `{0}` and `{1}` stand for what it puts in.
fn script_words(title: &Text) -> Value {
    let filled = |id: &str, args: &[&'static str]| {
        let args = args.iter().enumerate().map(|(i, name)| (*name, Arg::Name(format!("{{{i}}}"))));
        values::data_text(&Text::with(id, args))
    };
    let mut words = Map::new();
    for (name, id, args) in SCRIPT_WORDS {
        words.insert(name.to_owned(), filled(id, args));
    }
    // The one plural form that the script chooses itself.
    let one = values::data_text(&Text::with("html-omitted", [("count", Arg::Count(1))]));
    words.insert("omitted-one".to_owned(), one);
    words.insert("title".to_owned(), values::data_text(title));
    words.into()
}

const SCRIPT_WORDS: [(&str, &str, &[&str]); 23] = [
    ("yes", "yes", &[]),
    ("no", "no", &[]),
    ("cut", "html-cut", &["count"]),
    ("copied", "html-copied", &[]),
    ("no-match", "html-no-match", &[]),
    ("show-more", "html-show-more", &[]),
    ("show-all", "html-show-all", &[]),
    ("rows-of", "html-rows-of", &["shown", "total"]),
    ("omitted", "html-omitted", &["count"]),
    ("threads-of", "html-thread-count", &["shown", "total"]),
    ("threw", "html-thread-threw", &[]),
    ("virtual", "html-thread-virtual", &[]),
    ("daemon", "html-thread-daemon", &[]),
    ("waits", "html-thread-waits", &["what"]),
    ("unnamed", "html-thread-unnamed", &[]),
    ("no-stack", "html-thread-no-stack", &[]),
    ("locals-hold", "html-thread-locals", &[]),
    ("thread-locals-hold", "html-thread-thread-locals", &[]),
    ("locals-shared", "html-thread-shared", &[]),
    ("whole", "html-map-all", &[]),
    ("smaller", "html-map-rest", &[]),
    ("holder-field", "holder-instance-field", &[]),
    ("shallow", "column-shallow_bytes", &[]),
];

fn header(m: &mut Markup, page: &impl Page, language: Language) {
    m.el("a").class("brand").to("verdict").inside(|m| {
        m.el("b").text("oomph");
    });
    m.el("span").class("file").inside(|m| page.about(m));
    m.el("fieldset").class("langs").inside(|m| {
        m.el("legend").class("vh").inside(|m| m.message("html-language"));
        for (id, label, own) in [("lang-en", "English", Language::En), ("lang-zh", "中文", Language::Zh)] {
            m.el("input")
                .attr("type", "radio")
                .attr("name", "language")
                .attr("id", id)
                .flag_if(own == language, "checked")
                .void();
            m.el("label").attr("for", id).inside(|m| {
                m.el("span").class("keep").attr("lang", own.tag()).text(label);
            });
        }
    });
}

fn navigation(m: &mut Markup, sections: &[Planned]) {
    m.el("h2").class("vh").attr("id", "nav-title").inside(|m| m.message("html-nav"));
    m.el("ul").inside(|m| {
        m.el("li").inside(|m| m.el("a").to("verdict").inside(|m| m.message("html-verdict")));
        for planned in sections {
            m.el("li").inside(|m| {
                m.el("a").to(&planned.id).inside(|m| {
                    m.message(&format!("section-{}", planned.id));
                    if let Some(number) = planned.number {
                        m.span("nr").text(&count(number));
                    }
                });
            });
        }
    });
}

fn footer(m: &mut Markup, tool: &Tool, options: &HtmlOptions) {
    let tool = Arg::Name(format!("{} {}", tool.name, tool.version));
    m.el("p").inside(|m| match &options.generated {
        // The date is written for each language by itself.
        Some(moment) => {
            let [en, zh] = Language::ALL.map(|language| {
                let args = [("date", Arg::Name(date(language, moment))), ("tool", tool.clone())];
                language.text(&Text::with("html-generated", args))
            });
            m.words(&Text::Both { en, zh });
        }
        None => m.words(&Text::with("html-made-by", [("tool", tool)])),
    });
}

/// Base64 with padding (RFC 4648, section 4), as a policy wants its hashes.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word =
            chunk.iter().fold(0_u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for i in 0..4 {
            let digit = DIGITS[(word >> (18 - 6 * i) & 63) as usize];
            out.push(if i <= chunk.len() { char::from(digit) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_as_in_the_rfc() {
        let vectors = [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")];
        for (plain, encoded) in vectors {
            assert_eq!(base64(plain.as_bytes()), encoded);
        }
    }
}
