//! The one way into the page. Tags, attribute names and classes are string literals; everything else is escaped here.
//!
//! Owns escaping and what is done to names that would mislead a reader: control characters become visible, marks that
//! turn the direction of text are spelled out, and very long names are cut. Knows nothing of reports.

pub(super) use crate::render::text::{cut, shorten};

use std::borrow::Cow;
use std::fmt::{self, Write};

/// Characters of words that are shown. Ours are shorter; this bounds what a foreign report can put into a page.
const LONGEST_WORDS: usize = 2000;

/// HTML under construction. There is no way to put a string in unescaped.
#[derive(Default)]
pub(super) struct Markup {
    out: String,
}

/// A start tag under construction.
#[must_use = "an element must be closed by `inside`, `text` or `void`"]
pub(super) struct Element<'m> {
    markup: &'m mut Markup,
    tag: &'static str,
}

impl Markup {
    /// Begins an element.
    pub(super) fn el(&mut self, tag: &'static str) -> Element<'_> {
        self.out.push('<');
        self.out.push_str(tag);
        Element { markup: self, tag }
    }

    /// Begins a `div` of that class.
    pub(super) fn div(&mut self, class: &'static str) -> Element<'_> {
        self.el("div").class(class)
    }

    /// Begins a `span` of that class.
    pub(super) fn span(&mut self, class: &'static str) -> Element<'_> {
        self.el("span").class(class)
    }

    /// Text of any length, escaped.
    pub(super) fn text(&mut self, untrusted: &str) {
        escape(untrusted, &mut self.out);
    }

    /// Words of any origin: escaped, and cut if they are longer than [`LONGEST_WORDS`]. An option of a command line is not
    /// broken after its hyphen.
    pub(super) fn prose(&mut self, untrusted: &str) {
        let words = cut(untrusted, LONGEST_WORDS);
        let mut rest = &*words;
        while let Some((start, end)) = first_option(rest) {
            self.text(&rest[..start]);
            self.span("o").text(&rest[start..end]);
            rest = &rest[end..];
        }
        self.text(rest);
    }

    /// A place where a long name may be broken.
    pub(super) fn break_here(&mut self) {
        self.out.push_str("<wbr>");
    }

    /// A name from the dump: escaped, and cut if it is longer than 240 characters.
    pub(super) fn name(&mut self, untrusted: &str) {
        escape(&shorten(untrusted), &mut self.out);
    }

    /// The page.
    pub(super) fn finish(self) -> String {
        self.out
    }

    /// The document type, which is no element.
    pub(super) fn doctype(&mut self) {
        self.out.push_str("<!doctype html>\n");
    }

    /// The program's own style sheet or script. It must not contain `</`.
    pub(super) fn asset(&mut self, tag: &'static str, literal: &'static str) {
        debug_assert!(!literal.contains("</"), "an asset would end its element");
        let Self { out } = self;
        writeln!(out, "<{tag}>{literal}</{tag}>").expect("a String takes everything");
    }

    /// Data for the script, as an inert block: what could end the block is written as an escape of JSON.
    pub(super) fn data(&mut self, json: &serde_json::Value) {
        self.out.push_str("<script type=\"application/json\">");
        self.json(json);
    }

    /// Data for the script that it finds by an id.
    pub(super) fn named_data(&mut self, id: &'static str, json: &serde_json::Value) {
        write!(self.out, "<script type=\"application/json\" id=\"{id}\">")
            .expect("a String takes everything");
        self.json(json);
    }

    fn json(&mut self, json: &serde_json::Value) {
        for c in json.to_string().chars() {
            match c {
                '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                    write!(self.out, "\\u{:04x}", u32::from(c)).expect("a String takes everything");
                }
                c => self.out.push(c),
            }
        }
        self.out.push_str("</script>");
    }
}

impl Element<'_> {
    /// An attribute with an escaped value. Links go through [`Element::to`] and [`Element::outside`].
    pub(super) fn attr(self, name: &'static str, value: impl fmt::Display) -> Self {
        debug_assert!(
            !matches!(name, "href" | "src" | "style" | "action" | "srcdoc") && !name.starts_with("on"),
            "{name} takes no untrusted value"
        );
        self.write_attr(name, &value.to_string())
    }

    fn write_attr(self, name: &'static str, value: &str) -> Self {
        let out = &mut self.markup.out;
        out.push(' ');
        out.push_str(name);
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '%' | '#');
        if !value.is_empty() && value.chars().all(plain) {
            out.push('=');
            out.push_str(value);
        } else {
            out.push_str("=\"");
            escape(value, out);
            out.push('"');
        }
        self
    }

    /// The class.
    pub(super) fn class(self, classes: &'static str) -> Self {
        self.write_attr("class", classes)
    }

    /// The class, if there is one.
    pub(super) fn class_if(self, classes: &'static str) -> Self {
        if classes.is_empty() { self } else { self.class(classes) }
    }

    /// An attribute without value.
    pub(super) fn flag(self, name: &'static str) -> Self {
        self.markup.out.push(' ');
        self.markup.out.push_str(name);
        self
    }

    /// An attribute without value, if `on`.
    pub(super) fn flag_if(self, on: bool, name: &'static str) -> Self {
        if on { self.flag(name) } else { self }
    }

    /// A link inside the page.
    pub(super) fn to(self, id: &str) -> Self {
        self.write_attr("href", &format!("#{}", anchor(id)))
    }

    /// A link to the web. Anything but `https:` gets no link.
    pub(super) fn outside(self, url: &str) -> Self {
        if !url.starts_with("https://") {
            return self;
        }
        self.write_attr("href", url).write_attr("rel", "noopener noreferrer").write_attr("target", "_blank")
    }

    /// A literal attribute that [`Element::attr`] would refuse.
    pub(super) fn literal(self, name: &'static str, value: &'static str) -> Self {
        self.write_attr(name, value)
    }

    /// What stands in the element; then its end.
    pub(super) fn inside(self, content: impl FnOnce(&mut Markup)) {
        self.markup.out.push('>');
        content(self.markup);
        let out = &mut self.markup.out;
        write!(out, "</{}>", self.tag).expect("a String takes everything");
    }

    /// Text as the content.
    pub(super) fn text(self, untrusted: &str) {
        self.inside(|m| m.text(untrusted));
    }

    /// A name from the dump as the content.
    pub(super) fn name(self, untrusted: &str) {
        self.inside(|m| m.name(untrusted));
    }

    /// A text in both languages as the content.
    pub(super) fn words(self, text: &crate::report::Text) {
        self.inside(|m| m.words(text));
    }

    /// The message `id` as the content.
    pub(super) fn message(self, id: &str) {
        self.inside(|m| m.message(id));
    }

    /// An element that has no content and no end.
    pub(super) fn void(self) {
        self.markup.out.push('>');
    }
}

/// Longer options may be broken: they would not fit on a phone.
const LONGEST_OPTION: usize = 36;

/// Where the first option of a command line is, such as `-XX:MaxDirectMemorySize`, without what ends a sentence.
fn first_option(words: &str) -> Option<(usize, usize)> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | ':' | '+' | '.' | '=' | '_');
    let mut before = ' ';
    for (start, c) in words.char_indices() {
        if c == '-' && !before.is_alphanumeric() && before != '-' {
            let rest = &words[start..];
            let token = &rest[..rest.find(|c| !is_part(c)).unwrap_or(rest.len())];
            let token = token.trim_end_matches(['-', ':', '+', '.', '=', '_']);
            let is_option = token.trim_start_matches('-').starts_with(|c: char| c.is_ascii_alphabetic());
            if is_option && token.len() <= LONGEST_OPTION {
                return Some((start, start + token.len()));
            }
        }
        before = c;
    }
    None
}

/// An id for an element: only letters, digits and hyphens.
pub(super) fn anchor(id: &str) -> String {
    id.chars().take(80).map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}

/// The text without characters that would hide or turn what stands around them.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| !is_misleading(c)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        push_visible(c, &mut out);
    }
    Cow::Owned(out)
}

fn is_misleading(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

fn push_visible(c: char, out: &mut String) {
    match c {
        '\t' => out.push(' '),
        '\r' => out.push('␍'),
        c if !is_misleading(c) => out.push(c),
        // Control Pictures begin with the picture of NUL.
        '\0'..='\u{1F}' => out.push(char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{FFFD}')),
        '\u{7F}' => out.push('␡'),
        c => write!(out, "[U+{:04X}]", u32::from(c)).expect("a String takes everything"),
    }
}

fn escape(text: &str, out: &mut String) {
    for c in visible(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(write: impl FnOnce(&mut Markup)) -> String {
        let mut markup = Markup::default();
        write(&mut markup);
        markup.finish()
    }

    #[test]
    fn nothing_gets_in_unescaped() {
        let hostile = "</script><script>alert('1')</script>&\"";
        let html = page(|m| m.el("p").attr("title", hostile).text(hostile));
        let escaped = "&lt;/script&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;&quot;";
        assert_eq!(html, format!("<p title=\"{escaped}\">{escaped}</p>"));
        let html = page(|m| m.data(&serde_json::json!([hostile, "\u{2028}"])));
        assert_eq!(html.matches('<').count(), 2, "only the block's own tags: {html}");
        assert!(!html.contains('\u{2028}'));
    }

    #[test]
    fn misleading_characters_become_visible() {
        assert_eq!(visible("a\u{202E}b\0\u{1b}[31m\u{7f}\u{85}"), "a[U+202E]b␀␛[31m␡[U+0085]");
        assert_eq!(visible("订单 é 🙂"), "订单 é 🙂");
    }

    #[test]
    fn long_names_are_cut() {
        let html = page(|m| m.name(&"ä".repeat(65_536)));
        assert_eq!(html, format!("{}… (+65,296)", "ä".repeat(240)));
    }

    #[test]
    fn options_are_not_broken_after_their_hyphen() {
        let html = page(|m| m.prose("Raise -XX:MaxDirectMemorySize. Or -Xmx?"));
        assert_eq!(html, "Raise <span class=o>-XX:MaxDirectMemorySize</span>. Or <span class=o>-Xmx</span>?");
        let html = page(|m| m.prose("加载一次。-XX:MaxMetaspaceSize 只会"));
        assert_eq!(html, "加载一次。<span class=o>-XX:MaxMetaspaceSize</span> 只会");
        for plain in ["http-nio-9010-exec-7", "a - b", "-1", "--", "read (not-yet) it", "<b>-"] {
            assert!(first_option(plain).is_none(), "{plain}");
        }
    }

    #[test]
    fn only_https_becomes_a_link() {
        assert_eq!(page(|m| m.el("a").outside("javascript:alert(1)").text("x")), "<a>x</a>");
        assert!(
            page(|m| m.el("a").outside("https://a.b/\"x").text("x")).contains("href=\"https://a.b/&quot;x\"")
        );
        assert_eq!(page(|m| m.el("a").to("a b\"><").text("x")), "<a href=#a-b--->x</a>");
    }
}
