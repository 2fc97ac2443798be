//! What the name of a field says of what its values tell: whether an object is done with, in which state it is, when it ends.
//!
//! Owns the lists of names, and how a name in Java is cut into words. Names are no proof: what is concluded from them, and where, is decided in
//! [`super::states`]. Cost: a few words for each field of a class.

/// What a flag is called that is set when its object is done with.
const DONE: &[&str] = &[
    "aborted",
    "abandoned",
    "cancelled",
    "canceled",
    "closed",
    "complete",
    "completed",
    "dead",
    "destroyed",
    "disconnected",
    "disposed",
    "done",
    "ended",
    "evicted",
    "exited",
    "expired",
    "failed",
    "finished",
    "invalid",
    "invalidated",
    "released",
    "removed",
    "shutdown",
    "stopped",
    "terminated",
    "unregistered",
];
/// What one is called that says that something was done to a record: it may be kept all the same.
const RECORDED: &[&str] = &[
    "acked",
    "acknowledged",
    "archived",
    "consumed",
    "delivered",
    "handled",
    "processed",
    "sent",
    "settled",
];
/// What one is called that is set as long as its object is in use,
const IN_USE: &[&str] = &["alive", "live", "open", "opened", "pending", "valid"];
/// or only later than it is made: what is not running may be waiting for that.
const AT_WORK: &[&str] = &["active", "connected", "running"];
/// Those of them that are set when an object is made.
const SET_AT_FIRST: &[&str] = &["alive", "open"];
/// Words that change nothing of what the others say.
const NEUTRAL: &[&str] = &["already", "been", "flag", "has", "is", "now", "was"];
const STATES: &[&str] = &["lifecycle", "phase", "stage", "state", "status"];
/// What is counted down.
const LEFT: &[&str] = &["left", "open", "outstanding", "pending", "remaining"];
/// Whole names of moments at which something ends, without the words that say that it is one.
const ENDS: &[&str] = &[
    "deadline",
    "due",
    "end of life",
    "evict",
    "expiration",
    "expire",
    "expired",
    "expires",
    "expiry",
    "expires on",
    "lease end",
    "not after",
    "timeout at",
    "until",
    "valid till",
    "valid to",
    "valid until",
    "wake",
    "wake up",
];
/// Words that say that it is a moment, and how it is written.
const OF_MOMENTS: &[&str] =
    &["at", "date", "epoch", "instant", "millis", "ms", "sec", "seconds", "time", "timestamp", "utc"];

/// What a field tells by its name and type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asks {
    /// A flag that has this value when its object is done with, or may be needed all the same.
    Flag { done: bool, is_sure: bool, is_set_at_first: bool },
    /// In which of several states it is.
    State,
    /// When it ends.
    Moment,
    /// How many there are still to come.
    Left,
}

/// What a field tells by its name, of a class with a name of these words.
pub(super) fn asked_by(field: &str, of_class: &[String]) -> Option<Asks> {
    let words = words_of_name(field);
    let (last, others) = words.split_last()?;
    let (last, is_of) = (&**last, |list: &[&str], word: &str| list.contains(&word));
    // A request whose headers are sent is not done with; a session that is called sessionClosed is.
    let is_whole = others.iter().all(|word| is_of(NEUTRAL, word) || of_class.contains(word));
    if is_whole {
        let flag = |done, is_sure, is_set_at_first| Some(Asks::Flag { done, is_sure, is_set_at_first });
        match last {
            _ if is_of(DONE, last) => return flag(true, true, false),
            _ if is_of(RECORDED, last) => return flag(true, false, false),
            // What is open may be counted as well, which is told by the type.
            _ if is_of(IN_USE, last) => return flag(false, true, is_of(SET_AT_FIRST, last)),
            _ if is_of(AT_WORK, last) => return flag(false, false, false),
            _ => {}
        }
    }
    if is_of(STATES, last) {
        return Some(Asks::State);
    }
    if is_of(LEFT, last) && (others.is_empty() || last == "remaining")
        || words.len() == 2 && matches!(&*words[0], "remaining" | "outstanding" | "pending")
    {
        return Some(Asks::Left);
    }
    let mut of_end = &words[..];
    while of_end.last().is_some_and(|last| is_of(OF_MOMENTS, last)) {
        of_end = &of_end[..of_end.len() - 1];
    }
    let ends = |words: &[String]| is_of(ENDS, &words.join(" "));
    let without_class = of_end.iter().position(|word| !of_class.contains(word)).unwrap_or(0);
    (ends(&words) || ends(of_end) || ends(&of_end[without_class..])).then_some(Asks::Moment)
}

/// Whether the name of a constant says that what is in that state is done with.
pub(super) fn says_done(constant: &str) -> bool {
    words_of_name(constant).last().is_some_and(|word| DONE.contains(&word.as_str()))
}

/// The words that a name in Java is made of, in small letters: `isClosed`, `_closed`, `IS_CLOSED`.
pub(super) fn words_of_name(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = '_';
    for c in name.chars() {
        if c.is_alphabetic() {
            let begins = !before.is_alphabetic() || c.is_uppercase() && !before.is_uppercase();
            if begins {
                words.push(String::new());
            }
            if let Some(word) = words.last_mut() {
                word.extend(c.to_lowercase());
            }
        }
        before = c;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::{Asks, asked_by, words_of_name};

    #[test]
    fn names_are_cut_into_words() {
        for (name, words) in [
            ("isClosed", "is closed"),
            ("_closed", "closed"),
            ("VALID_TO", "valid to"),
            ("expiresAtMs", "expires at ms"),
            ("closed2", "closed"),
        ] {
            assert_eq!(words_of_name(name).join(" "), words);
        }
    }

    #[test]
    fn names_say_what_is_done_with_and_nothing_else() {
        let class = words_of_name("BidderSession");
        let asked = |name: &str| asked_by(name, &class);
        for name in ["closed", "isClosed", "_closed", "sessionClosed", "IS_DISPOSED", "expired"] {
            assert!(matches!(asked(name), Some(Asks::Flag { done: true, is_sure: true, .. })), "{name}");
        }
        for name in ["open", "isActive", "sessionValid"] {
            assert!(matches!(asked(name), Some(Asks::Flag { done: false, .. })), "{name}");
        }
        for name in
            ["expiresAt", "expiryMillis", "validTo", "deadline", "wakeAt", "sessionExpires", "notAfter"]
        {
            assert_eq!(asked(name), Some(Asks::Moment), "{name}");
        }
        for name in ["status", "orderState", "PHASE"] {
            assert_eq!(asked(name), Some(Asks::State), "{name}");
        }
        for name in ["remaining", "pendingParts", "bytesRemaining"] {
            assert_eq!(asked(name), Some(Asks::Left), "{name}");
        }
        for name in [
            "headersSent",
            "inputClosed",
            "notClosed",
            "autoClosed",
            "closedCaption",
            "doneAt",
            "createdAt",
            "expireAfterWrite",
            "timeoutNanos",
            "leftChild",
            "stateful",
            "",
        ] {
            assert_eq!(asked(name), None, "{name}");
        }
    }
}
