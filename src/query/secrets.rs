//! Values that look like secrets, masked before they get anywhere near a report.
//!
//! Owns what a secret looks like: by the name of the property or field that holds it, and by its own shape (credentials inside of
//! URLs, headers of HTTP that authorize, cookies of sessions, JSON web tokens, keys in PEM form, long-lived keys of cloud providers).
//! Rather too much is masked than too little.

use regex::Regex;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What stands in the place of a secret.
pub const MASK: &str = "******";

static SECRET_NAME: LazyLock<Regex> = LazyLock::new(|| {
    let words = "passw|passwd|pwd|secret|token|credential|api.?key|access.?key|private.?key|auth|cookie|session.?id|jwt|signature|passphrase|salt|certificate";
    Regex::new(&format!("(?i)({words})")).expect("a constant expression")
});

/// Names that hold one of the words above and yet no secret.
static HARMLESS_NAME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(java\.security\.|sun\.security\.|.*\.author(s)?$|.*authority$)")
        .expect("a constant expression")
});

static SECRET_VALUES: LazyLock<[(Regex, &str); 8]> = LazyLock::new(|| {
    let regex = |expression: &str| Regex::new(expression).expect("a constant expression");
    [
        // scheme://user:password@host
        (regex(r"([A-Za-z][A-Za-z0-9+.-]*://[^\s:/@]*:)[^\s@]+@"), "${1}******@"),
        // ...?password=x&token=y, -Dpassword=x, password: x
        (
            regex(
                r#"(?i)((?:passw(?:or)?d|pwd|secret|token|api[._-]?key|access[._-]?key|credential)[A-Za-z._-]*\s*[=:]\s*)[^\s&;,"']+"#,
            ),
            "${1}******",
        ),
        // jdbc:oracle:thin:user/password@host
        (regex(r"(?i)(jdbc:oracle:[a-z0-9]+:[^\s/@:]+/)[^\s@]+@"), "${1}******@"),
        // Authorization: Bearer x
        (regex(r"(?i)\b((?:bearer|basic)\s+)[A-Za-z0-9._~+/=-]{16,}"), "${1}******"),
        // JSESSIONID=x, connect.sid=x
        (
            regex(r#"(?i)\b([a-z0-9._-]*(?:sess(?:ion)?[._-]?id|\bsid)\s*[=:]\s*)[^\s&;,"']{8,}"#),
            "${1}******",
        ),
        (regex(r"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]*"), "******"),
        (regex(r"(?:AKIA|ASIA)[A-Z0-9]{16}"), "******"),
        (
            regex(r"-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)"),
            "******",
        ),
    ]
});

/// Whether something of that name holds a secret, whatever its value looks like.
pub fn is_secret_name(name: &str) -> bool {
    SECRET_NAME.is_match(name) && !HARMLESS_NAME.is_match(name)
}

/// The value with everything masked that looks like a secret.
pub fn mask_value(value: &str) -> Cow<'_, str> {
    let mut masked = Cow::Borrowed(value);
    for (expression, replacement) in SECRET_VALUES.iter() {
        if expression.is_match(&masked) {
            masked = Cow::Owned(expression.replace_all(&masked, *replacement).into_owned());
        }
    }
    masked
}

/// The value of something of that name, masked where name or value call for it.
pub fn mask<'v>(name: &str, value: &'v str) -> Cow<'v, str> {
    if !value.is_empty() && is_secret_name(name) { Cow::Borrowed(MASK) } else { mask_value(value) }
}

/// Properties with their secrets masked.
pub fn masked_properties(properties: &[(String, String)]) -> BTreeMap<String, String> {
    properties.iter().map(|(name, value)| (name.clone(), mask(name, value).into_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_by_name_and_by_shape() {
        assert_eq!(mask("spring.datasource.password", "hunter2"), MASK);
        assert_eq!(mask("java.security.policy", "/etc/p"), "/etc/p");
        assert_eq!(mask("url", "jdbc:mysql://app:hunter2@db/x"), "jdbc:mysql://app:******@db/x");
        assert_eq!(
            mask("sun.java.command", "App --db.password=hunter2 --port=1"),
            "App --db.password=****** --port=1"
        );
        assert_eq!(mask("x", "Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc"), "Bearer ******");
        assert_eq!(
            mask("x", "jdbc:oracle:thin:scott/tiger@db:1521/x"),
            "jdbc:oracle:thin:scott/******@db:1521/x"
        );
        assert_eq!(mask("x", "Authorization: Basic YWxhZGRpbjpvcGVu"), "Authorization: Basic ******");
        assert_eq!(mask("x", "JSESSIONID=0123456789ABCDEF.n1; Path=/"), "JSESSIONID=******; Path=/");
        assert_eq!(mask("x", "PHPSESSID=0123456789abcdef"), "PHPSESSID=******");
        assert_eq!(mask("x", "connect.sid=s%3A0123456789"), "connect.sid=******");
        for harmless in ["basic authentication", "resid=0123456789", "bearer of news", "oracle thin: a/b"] {
            assert_eq!(mask("x", harmless), harmless);
        }
        assert_eq!(mask("java.version", "17.0.1"), "17.0.1");
    }
}
