//! The sample with every name replaced by one that attacks a page.

use super::sample;
use oomph::report::Report;
use serde_json::Value;

/// Names that a heap can hold: markup, ends of elements, schemes, turned text, control characters, escapes, great length.
fn names() -> Vec<String> {
    vec![
        "</script><script>window.owned=1</script>".into(),
        "<img src=x onerror=window.owned=1>".into(),
        "javascript:window.owned=1//".into(),
        "\"><svg onload=window.owned=1>".into(),
        "' autofocus onfocus='window.owned=1".into(),
        "\u{202E}gnp.exe\u{2066}\u{200B}".into(),
        "\u{1b}[31mred\u{7}\0\r\n".into(),
        "<!--<script>".into(),
        "]]><!CDATA[".into(),
        "{{constructor.constructor('window.owned=1')()}}".into(),
        "${window.owned=1}`${window.owned=1}`".into(),
        "__proto__".into(),
        "\u{E000}0\u{E001}\u{FFFD}\u{2028}".into(),
        format!("com.acme.{}", "Ä<b>".repeat(16_384)),
        String::new(),
    ]
}

/// A report whose classes, fields, threads, values and plain texts are hostile. What the format itself fixes is kept.
pub(crate) fn report() -> Report {
    let mut json = serde_json::to_value(sample::report(60)).unwrap();
    let names = names();
    let mut next = 0;
    replace(&mut json, "", &mut || {
        next += 1;
        names[next % names.len()].clone()
    });
    serde_json::from_value(json).unwrap()
}

/// Keys whose strings are enumerations, addresses or names of messages.
const KEPT: [&str; 13] = [
    "schema",
    "kind",
    "standing",
    "pattern",
    "block",
    "role",
    "confidence",
    "severity",
    "address",
    "id",
    "align",
    "created",
    "message_text",
];

/// A cell without anything in it.
const NO_CELL: &str = "none";

fn replace(value: &mut Value, key: &str, name: &mut impl FnMut() -> String) {
    let is_kept = |text: &str| KEPT.contains(&key) || text.starts_with("0x") || text == NO_CELL;
    match value {
        Value::String(text) if !is_kept(text) => *text = name(),
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, key, name)),
        Value::Object(object) => object.iter_mut().for_each(|(key, item)| replace(item, key, name)),
        _ => {}
    }
}
