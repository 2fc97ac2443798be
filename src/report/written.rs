//! Fields as they stand in the source, where a compiler has made longer names of them.

use std::borrow::Cow;

/// The field without what compilers add to its name: Scala puts the trait that declares it before a private field (`org$acme$Children$$_refs`), and Kotlin
/// calls the field of a delegated property `state$delegate`. Reports keep the name that the class file has.
pub(crate) fn written_field(field: &str) -> Cow<'_, str> {
    const DELEGATE: &str = "$delegate";
    let is_name = |name: &str| {
        !name.is_empty() && name.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_' || c == b'$')
    };
    if let Some((of, name)) = field.rsplit_once("$$")
        && is_name(of)
        && is_name(name)
    {
        return Cow::Borrowed(name);
    }
    match field.strip_suffix(DELEGATE).filter(|name| is_name(name)) {
        Some(name) => Cow::Borrowed(name),
        None => Cow::Borrowed(field),
    }
}

/// The same of a way by several fields.
pub(crate) fn written_way(fields: &str) -> Cow<'_, str> {
    if !fields.contains('$') || fields.contains(['<', '(']) {
        return Cow::Borrowed(fields);
    }
    let names = fields.split('.').map(|name| {
        let end = name.find('[').unwrap_or(name.len());
        format!("{}{}", written_field(&name[..end]), &name[end..])
    });
    Cow::Owned(names.collect::<Vec<_>>().join("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_compilers_add_is_left_out() {
        let children = "org$apache$pekko$actor$dungeon$Children$$_childrenRefsDoNotCallMeDirectly";
        for (field, written) in [
            (children, "_childrenRefsDoNotCallMeDirectly"),
            ("scala$collection$mutable$HashMap$$table", "table"),
            ("state$delegate", "state"),
            ("$$delegate_0", "$$delegate_0"),
            ("$delegate", "$delegate"),
            ("bitmap$0", "bitmap$0"),
            ("this$0", "this$0"),
            ("arg$1", "arg$1"),
            ("CGLIB$CALLBACK_0", "CGLIB$CALLBACK_0"),
            ("cache", "cache"),
        ] {
            assert_eq!(written_field(field), written);
        }
        assert_eq!(written_way("a$B$$map.table[].state$delegate"), "map.table[].state");
        assert_eq!(written_way("arg$2.states"), "arg$2.states");
        assert_eq!(written_way("<local> a.B$$x.run(B.scala:1)"), "<local> a.B$$x.run(B.scala:1)");
    }
}
