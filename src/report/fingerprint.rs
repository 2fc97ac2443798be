//! Stable names of problems, and the one normalisation that makes them stable.
//!
//! Owns what is taken out of names before they are hashed: numbers that the virtual machine, a code generator or a
//! thread pool hands out anew in each process. Knows nothing of suspects or rules: those choose the parts. Cost: a
//! few regular expressions on each name, so it is for findings (hundreds), not for objects.

use regex::{Captures, Regex, RegexSet};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::sync::LazyLock;

/// A stable name of a problem: the same in the next dump, no addresses in it.
///
/// It is the same as long as the parts are: the rule or kind, the class that fills the heap, the class and field that
/// hold it. Parts go through [`normalise_class`] and [`normalise_thread`] before, so that neither addresses, sizes and
/// counts nor the numbering of lambdas, proxies and threads change it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(pub String);

impl Fingerprint {
    /// The fingerprint of normalised `parts`, in their order: 16 hexadecimal digits, the first 64 bits of SHA-256 over
    /// the parts and their lengths.
    pub fn of(parts: &[&str]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        let digest = hash.finalize();
        Self(digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect())
    }
}

impl std::fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

fn pattern(expression: &str) -> Regex {
    Regex::new(expression).expect("a constant expression")
}

/// [`CLASS_PATTERNS`], compiled.
static CLASS_RULES: LazyLock<[(Regex, &'static str); 9]> =
    LazyLock::new(|| CLASS_PATTERNS.map(|(expression, replacement)| (pattern(expression), replacement)));

/// Whether any of them changes a name, which hardly any class of a heap has: one look at the name.
static ANY_CLASS_RULE: LazyLock<RegexSet> = LazyLock::new(|| {
    RegexSet::new(CLASS_PATTERNS.map(|(expression, _)| expression)).expect("constant expressions")
});

/// A name and what replaces it; applied in this order, each at most once.
const CLASS_PATTERNS: [(&str, &str); 9] = [
    // Hidden classes (JEP 371) and, before JDK 15, anonymous ones: `Foo/0x00007f..`, `Foo+0x..`, `Foo/1523457748`.
    // In a dump the slash is a package separator and may arrive as a dot.
    (r"[/+.](?:0x[0-9a-fA-F]+|[0-9]+)$", ""),
    // `Foo$$Lambda$14`.
    (r"\$\$Lambda\$[0-9]+$", "$$$$Lambda"),
    // `jdk.proxy2.$Proxy17`: the module is numbered too.
    (r"^jdk\.proxy[0-9]+\.", "jdk.proxy."),
    (r"\$Proxy[0-9]+$", "$$Proxy"),
    // Reflection before JDK 18.
    (r"(Generated(?:Method|Constructor|SerializationConstructor)Accessor)[0-9]+$", "$1"),
    // CGLIB: `Foo$$EnhancerBySpringCGLIB$$1a2b3c4d_2`, `Foo$$SpringCGLIB$$0`, `Foo$$FastClassByGuice$$2f`.
    (r"(\$\$[A-Za-z]*(?:CGLIB|Guice))\$\$[0-9a-fA-F]+(?:_[0-9]+)?$", "$1"),
    // Byte Buddy and its users: `Foo$HibernateProxy$Ab12Cd34`, `Foo$MockitoMock$1804289383`.
    (
        r"(\$(?:ByteBuddy|HibernateProxy|HibernateInstantiator|HibernateAccessOptimizer|MockitoMock))\$[0-9A-Za-z]+$",
        "$1",
    ),
    // Javassist: `Foo_$$_jvst8a3_0`, `Foo_$$_javassist_17`.
    (r"_\$\$_(?:jvst[0-9a-f]+|javassist)_[0-9a-f]+$", "_$$$$_javassist"),
    // Groovy: `Script42`, `Script42$_run_closure1`.
    (r"^Script[0-9]+(\$|$)", "Script$1"),
];

/// The class name without the numbers that differ from process to process: lambdas, hidden classes, proxies and the
/// classes that CGLIB, Byte Buddy, Javassist, reflection and Groovy make. Numbers that a compiler gave, like those of
/// anonymous classes (`Foo$1`), stay: they are the same for the same build.
pub fn normalise_class(class: &str) -> Cow<'_, str> {
    let element = class.trim_end_matches("[]");
    let dimensions = &class[element.len()..];
    if !ANY_CLASS_RULE.is_match(element) {
        return Cow::Borrowed(class);
    }
    let mut name = Cow::Borrowed(element);
    for (rule, replacement) in CLASS_RULES.iter() {
        if let Cow::Owned(changed) = rule.replace(&name, *replacement) {
            name = Cow::Owned(changed);
        }
    }
    match name {
        Cow::Borrowed(_) => Cow::Borrowed(class),
        Cow::Owned(changed) => Cow::Owned(changed + dimensions),
    }
}

static THREAD_NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(concat!(
        r"(?i)\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", // a UUID
        r"|\b0x[0-9a-f]+\b|\b[0-9a-f]*[0-9][0-9a-f]{7,}\b|\b[0-9a-f]{7,}[0-9][0-9a-f]*\b", // an identity in hexadecimal
        r"|[0-9]+",
    ))
});

/// The thread name with a `*` for each number, hexadecimal identity and UUID: `http-nio-9010-exec-12` and
/// `http-nio-8080-exec-3` are both `http-nio-*-exec-*`, for ports may be given at random as well.
pub fn normalise_thread(name: &str) -> Cow<'_, str> {
    THREAD_NUMBER.replace_all(name, "*")
}

/// What threads of one [normalised](normalise_thread) name are called: the numbers that all of them have stay, such as the port of a connector,
/// for the others stands `*`. It is meant for readers; what is compared from dump to dump is the normalised name.
pub fn thread_pattern<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let mut names = names.into_iter();
    let first = names.next().unwrap_or_default();
    let stable = normalise_thread(first);
    let mut numbers: Vec<Option<&str>> =
        THREAD_NUMBER.find_iter(first).map(|number| Some(number.as_str())).collect();
    for name in names {
        if normalise_thread(name) != stable {
            return stable.into_owned();
        }
        for (kept, number) in numbers.iter_mut().zip(THREAD_NUMBER.find_iter(name)) {
            *kept = kept.filter(|kept| *kept == number.as_str());
        }
    }
    let mut numbers = numbers.into_iter();
    let kept = |_: &Captures<'_>| numbers.next().flatten().unwrap_or("*").to_owned();
    THREAD_NUMBER.replace_all(first, kept).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_classes_lose_their_numbers() {
        for (raw, stable) in [
            ("com.acme.Foo$$Lambda/0x00007f2f5c0c2000", "com.acme.Foo$$Lambda"),
            ("com.acme.Foo$$Lambda.0x00007f2f5c0c2000", "com.acme.Foo$$Lambda"),
            ("com.acme.Foo$$Lambda+0x00007f2f5c0c2000[]", "com.acme.Foo$$Lambda[]"),
            ("com.acme.Foo$$Lambda$14/1523457748", "com.acme.Foo$$Lambda"),
            ("com.acme.Foo$$Lambda$14", "com.acme.Foo$$Lambda"),
            ("java.lang.invoke.LambdaForm$MH/0x0000000800066840", "java.lang.invoke.LambdaForm$MH"),
            ("jdk.proxy2.$Proxy17[][]", "jdk.proxy.$Proxy[][]"),
            ("com.sun.proxy.$Proxy12", "com.sun.proxy.$Proxy"),
            ("sun.reflect.GeneratedMethodAccessor123", "sun.reflect.GeneratedMethodAccessor"),
            ("a.Foo$$EnhancerBySpringCGLIB$$1a2b3c4d_2", "a.Foo$$EnhancerBySpringCGLIB"),
            ("a.Foo$$SpringCGLIB$$0", "a.Foo$$SpringCGLIB"),
            ("a.Foo$HibernateProxy$Ab12Cd34", "a.Foo$HibernateProxy"),
            ("a.Foo$MockitoMock$1804289383", "a.Foo$MockitoMock"),
            ("a.Foo_$$_jvst8a3_0", "a.Foo_$$_javassist"),
            ("Script42$_run_closure1", "Script$_run_closure1"),
        ] {
            assert_eq!(normalise_class(raw), stable);
            assert_eq!(normalise_class(stable), stable, "normalising twice changes nothing");
        }
    }

    #[test]
    fn names_that_people_wrote_stay() {
        for name in
            ["com.acme.Foo$1", "byte[]", "com.acme.Scripts2", "a.Base64", "org.h2.v3.Page", "Log4j2", ""]
        {
            assert_eq!(normalise_class(name), name);
        }
    }

    #[test]
    fn threads_of_a_pool_are_one() {
        for (raw, stable) in [
            ("http-nio-9010-exec-12", "http-nio-*-exec-*"),
            ("main", "main"),
            ("worker-550e8400-e29b-41d4-a716-446655440000", "worker-*"),
            ("Transport: tcp://10.0.0.3:61616@40212", "Transport: tcp://*.*.*.*:*@*"),
            ("cleaner@7f3a9c0d1e", "cleaner@*"),
            ("Common-Cleaner", "Common-Cleaner"),
        ] {
            assert_eq!(normalise_thread(raw), stable);
        }
    }

    #[test]
    fn what_all_threads_of_a_pool_have_stays_in_their_pattern() {
        for (names, pattern) in [
            (
                &["http-nio-127.0.0.1-9010-exec-1", "http-nio-127.0.0.1-9010-exec-12"][..],
                "http-nio-127.0.0.1-9010-exec-*",
            ),
            (&["http-nio-9010-exec-1", "http-nio-9011-exec-1", "http-nio-9011-exec-2"], "http-nio-*-exec-*"),
            (&["pool-3-thread-1"], "pool-3-thread-1"),
            (&["a-1", "b-1"], "a-*"),
            (&[], ""),
        ] {
            assert_eq!(thread_pattern(names.iter().copied()), pattern);
        }
    }

    #[test]
    fn parts_do_not_run_together() {
        assert_eq!(Fingerprint::of(&["leak", "a.B"]), Fingerprint::of(&["leak", "a.B"]));
        assert_ne!(Fingerprint::of(&["leak", "a.B"]), Fingerprint::of(&["leaka", ".B"]));
        assert_eq!(Fingerprint::of(&["leak"]).0.len(), 16);
    }
}
