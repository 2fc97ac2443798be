//! Values that look like secrets, masked before they get anywhere near a report.
//!
//! Owns what a secret looks like: by the name of the property or field that holds it, by the name that stands before it in a text (a
//! command line, a query, JSON, XML, a header of HTTP), and by its own shape (credentials inside of URLs, JSON web tokens, keys in PEM
//! form, long-lived keys and tokens of well-known services). Rather too much is masked than too little.

use regex::Regex;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What stands in the place of a secret.
pub const MASK: &str = "******";

static SECRET_NAME: LazyLock<Regex> = LazyLock::new(|| {
    let words = "passw|passwd|pwd|passcode|passphrase|secret|token|credential|auth|cookie|session.?id|jwt|signature|salt|certificate";
    // Many a key is that of a map; these open something.
    let keys = "api|access|private|secret|encrypt(?:ion)?|decrypt(?:ion)?|crypt(?:o)?|cipher|sign(?:ing)?|hmac|aes|rsa|ssh|master|licen[cs]e|account|shared|storage|jasypt";
    let ends = "(?:^|[^a-z])pass|[a-z](?-i:Pass)";
    Regex::new(&format!("(?i)(?:{words}|(?:{keys}).?key|(?:{ends})$)")).expect("a constant expression")
});

/// Names that hold one of the words above and yet no secret.
static HARMLESS_NAME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)^(java\.security\.|sun\.security\.|.*\.author(s)?$|.*authority$)")
        .expect("a constant expression")
});

/// Names before a value that is a secret, in a text.
const NAMED: &str = r"(?:passw(?:or)?d|pwd|passphrase|passcode|secret|token|(?:api|access|account|private|encryption)[._-]?key|credential)[A-Za-z0-9._-]*";

static SECRET_VALUES: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    let regex = |expression: &str| Regex::new(expression).expect("a constant expression");
    // In quotes up to their end, also if these are quoted themselves; otherwise up to what parts values.
    let value = r#"(?:\*{6}|\\+"[^"\\]*(?:\\+")?|"(?:[^"\\]|\\.)*"?|'[^']*'?|[^\s&;,"'<>]+)"#;
    vec![
        // scheme://user:password@host, where the password may have an @ itself
        (regex(r#"([A-Za-z][A-Za-z0-9+.-]*://[^\s:/@]*:)[^\s"'<>]+@"#), "${1}******@"),
        // https://token@host
        (regex(r#"(://)[^\s:/@"'<>]{16,}@"#), "${1}******@"),
        // ...?password=x&token=y, -Dpassword=x, password: x, "password": "x", DB_PASS=x
        (regex(&format!(r#"(?i)((?:{NAMED}|(?:\b|_)pass)\\*["']?\s*[=:]\s*){value}"#)), "${1}******"),
        // --token x
        (regex(&format!(r"(?i)((?:^|\s)--?[a-z0-9._-]*{NAMED}\s+)[^\s-]\S*")), "${1}******"),
        // <password>x</password>
        (regex(&format!(r"(?i)(<[a-z0-9:._-]*{NAMED}>)[^<]+")), "${1}******"),
        // jdbc:oracle:thin:user/password@host
        (regex(r"(?i)(jdbc:oracle:[a-z0-9]+:[^\s/@:]+/)[^\s@]+@"), "${1}******@"),
        // Authorization: Bearer x, Proxy-Authorization: Digest ..., response="x"
        (
            regex(r#"(?i)\b(authorization["']?\s*[=:]\s*["']?(?:[a-z]+[ \t]+)?)[^\r\n"'][^\r\n]*"#),
            "${1}******",
        ),
        (regex(r"(?i)\b((?:bearer|basic)\s+)[A-Za-z0-9._~+/=-]{16,}"), "${1}******"),
        // Cookie: a=x; b=y
        (regex(r#"(?i)\b((?:set-)?cookie2?["']?\s*:\s*["']?)[^\r\n"'][^\r\n"']*"#), "${1}******"),
        // JSESSIONID=x, connect.sid=x
        (
            regex(r#"(?i)\b([a-z0-9._-]*(?:sess(?:ion)?[._-]?id|\bsid)\s*[=:]\s*)[^\s&;,"']{8,}"#),
            "${1}******",
        ),
        (regex(r"eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}\.[A-Za-z0-9_-]*"), "******"),
        (regex(r"(?:AKIA|ASIA)[A-Z0-9]{16}"), "******"),
        // GitHub, GitLab, Slack, Stripe, Google
        (
            regex(
                r"\b(?:gh[opusr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{16,}|xox[abeprs]-[A-Za-z0-9-]{10,}|[prs]k_(?:live|test)_[A-Za-z0-9]{10,}|AIza[A-Za-z0-9_-]{30,})",
            ),
            "******",
        ),
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
        for harmless in [
            "basic authentication",
            "resid=0123456789",
            "bearer of news",
            "oracle thin: a/b",
            "http://a:8080/x",
            "https://mq.acme.internal/x@y",
            "bypass=1",
            "tests passed: 5",
            "cookie consent",
            "http-nio-9010-exec-7",
        ] {
            assert_eq!(mask("x", harmless), harmless);
        }
        assert_eq!(mask("java.version", "17.0.1"), "17.0.1");
    }

    #[test]
    fn names_that_open_something_are_secret_and_those_of_maps_are_not() {
        for name in
            ["app.encryption.key", "SIGNING_KEY", "masterKey", "smtp.pass", "DB_PASS", "dbPass", "pass"]
        {
            assert_eq!(mask(name, "x"), MASK, "{name}");
        }
        for name in ["routingKey", "cache.key", "key", "keyStore", "compass", "trespass.level", "passive"] {
            assert_eq!(mask(name, "x"), "x", "{name}");
        }
    }

    #[test]
    fn secrets_in_texts_are_masked_however_they_are_written() {
        for (text, masked) in [
            ("jdbc:mysql://root:p@ss@db/x", "jdbc:mysql://root:******@db/x"),
            ("https://0123456789abcdef@git/x", "https://******@git/x"),
            ("redis://:hunter2@cache:6379/0", "redis://:******@cache:6379/0"),
            (r#"{"password": "hunt\"er2", "x": 1}"#, r#"{"password": ******, "x": 1}"#),
            (r#"{"access_token":"abc","n":1}"#, r#"{"access_token":******,"n":1}"#),
            (r#"{\"password\":\"hunter2\"}"#, r#"{\"password\":******}"#),
            ("password='hunter 2', x", "password=******, x"),
            ("<db:password>hunter2</db:password>", "<db:password>******</db:password>"),
            ("DB_PASS=hunter2", "DB_PASS=******"),
            ("AccountKey=aGVsbG8=;EndpointSuffix=x", "AccountKey=******;EndpointSuffix=x"),
            ("App --token abc --port 1 --no-token --x", "App --token ****** --port 1 --no-token --x"),
            ("Cookie: theme=dark; id=0815", "Cookie: ******"),
            ("Set-Cookie: auth=abc; Path=/", "Set-Cookie: ******"),
            ("Authorization: Digest username=x, response=abc", "Authorization: Digest ******"),
            ("Authorization: abc", "Authorization: ******"),
            ("ghp_0123456789abcdefghij0123456789abcdef", "******"),
            ("xoxb-123456789012-abcdefabcdef", "******"),
            ("sk_live_0123456789abcdef", "******"),
            ("AIza0123456789abcdefghijklmnopqrstuvwxy", "******"),
        ] {
            assert_eq!(mask("x", text), masked);
            assert_eq!(mask("x", masked), masked, "masked once more");
        }
    }
}
