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
    "deleted",
    "deregistered",
    "destroyed",
    "detached",
    "discarded",
    "dismissed",
    "disconnected",
    "disposed",
    "done",
    "dropped",
    "ended",
    "evicted",
    "exited",
    "expired",
    "failed",
    "finished",
    "gone",
    "invalid",
    "invalidated",
    "obsolete",
    "outdated",
    "over",
    "released",
    "removed",
    "retired",
    "revoked",
    "shutdown",
    "stale",
    "stopped",
    "superseded",
    "terminated",
    "unlinked",
    "unregistered",
    "unsubscribed",
    "withdrawn",
];
/// What one is called that says that something was done to a record: it may be kept all the same.
const RECORDED: &[&str] = &[
    "acked",
    "accepted",
    "acknowledged",
    "answered",
    "applied",
    "approved",
    "archived",
    "billed",
    "booked",
    "checked",
    "claimed",
    "committed",
    "confirmed",
    "consumed",
    "declined",
    "delivered",
    "discharged",
    "exported",
    "flushed",
    "fulfilled",
    "handled",
    "indexed",
    "invoiced",
    "matched",
    "notified",
    "paid",
    "persisted",
    "posted",
    "printed",
    "processed",
    "published",
    "received",
    "redeemed",
    "refunded",
    "rejected",
    "replied",
    "reported",
    "resolved",
    "reviewed",
    "screened",
    "sent",
    "settled",
    "shipped",
    "uploaded",
    "validated",
    "verified",
];
/// Those of them that are done to something when it is made.
const AT_FIRST: &[&str] = &[
    "accepted",
    "billed",
    "booked",
    "invoiced",
    "posted",
    "printed",
    "published",
    "received",
    "reported",
    "sent",
];
/// What one is called that is set as long as its object is in use,
const IN_USE: &[&str] = &["alive", "live", "open", "opened", "pending", "valid"];
/// or only later than it is made: what is not running may be waiting for that.
const AT_WORK: &[&str] = &["active", "connected", "running"];
/// Those of them that are set when an object is made.
const SET_AT_FIRST: &[&str] = &["alive", "open"];
/// The same in two words.
const DONE_IN_TWO: &[&str] =
    &["given up", "logged off", "logged out", "shut down", "signed out", "timed out"];
const IN_USE_IN_TWO: &[&str] = &["logged in", "logged on", "signed in"];
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

/// What things are that nobody keeps as data, when they are done with: a closed session is nothing, a closed account is a record.
const WORKING: &[&str] = &[
    "channel",
    "connection",
    "cursor",
    "future",
    "handle",
    "listener",
    "observer",
    "promise",
    "session",
    "socket",
    "stream",
    "subscriber",
    "timer",
    "waiter",
    "watcher",
];

/// What is true of no record that is kept as data, whatever has it: what was evicted was taken out, and is there all the same.
const TAKEN_OUT: &[&str] = &[
    "deregistered",
    "destroyed",
    "detached",
    "disposed",
    "evicted",
    "invalidated",
    "stale",
    "unlinked",
    "unregistered",
    "unsubscribed",
];

/// What a name says of an object that has what it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Says {
    /// That it is done with.
    Done,
    /// That something was done to it, after which it may be needed all the same.
    Recorded,
    Nothing,
}

/// What a field tells by its name and type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asks {
    /// A flag, and what it says when it has this value.
    Flag { set: bool, says: Says, is_set_at_first: bool },
    /// In which of several states it is.
    State,
    /// Nothing by its name; but it has a constant, whose name may say something.
    Constant,
    /// When it ends.
    Moment,
    /// When it was done with, or something was done to it: nothing until then.
    Since(Says),
    /// How many there are still to come.
    Left,
}

/// What a field tells by its name, of a class with a name of these words.
pub(super) fn asked_by(field: &str, of_class: &[String]) -> Option<Asks> {
    let words = words_of_name(field);
    let (last, others) = words.split_last()?;
    let (last, is_of) = (&**last, |list: &[&str], word: &str| list.contains(&word));
    // A request whose headers are sent is not done with; a session that is called sessionClosed is.
    let is_neutral =
        |words: &[String]| words.iter().all(|word| is_of(NEUTRAL, word) || of_class.contains(word));
    let flag = |set, says, is_set_at_first| Some(Asks::Flag { set, says, is_set_at_first });
    if let Some((before, [first, second])) = words.split_last_chunk()
        && is_neutral(before)
    {
        let two = format!("{first} {second}");
        if is_of(DONE_IN_TWO, &two) {
            return flag(true, Says::Done, false);
        }
        if is_of(IN_USE_IN_TWO, &two) {
            return flag(false, Says::Done, false);
        }
    }
    if is_neutral(others) {
        match last {
            _ if is_of(DONE, last) => return flag(true, Says::Done, false),
            _ if is_of(RECORDED, last) => return flag(true, Says::Recorded, false),
            // What is open may be counted as well, which is told by the type.
            _ if is_of(IN_USE, last) => return flag(false, Says::Done, is_of(SET_AT_FIRST, last)),
            _ if is_of(AT_WORK, last) => return flag(false, Says::Recorded, false),
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
    // When an invitation has expired is when it ends, and known before. When a message was sent or received is when it was made.
    if let Some((what, before)) = of_end.split_last()
        && of_end.len() < words.len()
        && is_neutral(before)
        && what != "expired"
    {
        match what.as_str() {
            what if is_of(DONE, what) => return Some(Asks::Since(Says::Done)),
            what if is_of(RECORDED, what) && !is_of(AT_FIRST, what) => {
                return Some(Asks::Since(Says::Recorded));
            }
            _ => {}
        }
    }
    let ends = |words: &[String]| is_of(ENDS, &words.join(" "));
    let without_class = of_end.iter().position(|word| !of_class.contains(word)).unwrap_or(0);
    (ends(&words) || ends(of_end) || ends(&of_end[without_class..])).then_some(Asks::Moment)
}

/// What the name of a constant says of what is in that state.
pub(super) fn said_by(constant: &str) -> Says {
    let words = words_of_name(constant);
    let is_of = |list: &[&str]| words.last().is_some_and(|word| list.contains(&word.as_str()));
    let is_not = words.iter().any(|word| matches!(word.as_str(), "not" | "un" | "never"));
    match () {
        () if is_not => Says::Nothing,
        () if is_of(DONE) => Says::Done,
        () if is_of(RECORDED) => Says::Recorded,
        () => Says::Nothing,
    }
}

/// Whether objects of a class of this name are of no use to anybody once they are done with.
pub(super) fn is_of_no_use_later(class: &str) -> bool {
    words_of_name(class).last().is_some_and(|word| WORKING.contains(&word.as_str()))
}

/// Whether a flag of this name says that its object was taken out of something.
pub(super) fn says_taken_out(field: &str) -> bool {
    words_of_name(field).last().is_some_and(|word| TAKEN_OUT.contains(&word.as_str()))
}

/// The words that a name in Java is made of, in small letters: `isClosed`, `_closed`, `IS_CLOSED`.
pub(in crate::inspect::suspects) fn words_of_name(name: &str) -> Vec<String> {
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
    use super::{Asks, Says, asked_by, is_of_no_use_later, said_by, words_of_name};

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
        for name in ["closed", "isClosed", "_closed", "sessionClosed", "IS_DISPOSED", "expired", "timedOut"] {
            assert!(matches!(asked(name), Some(Asks::Flag { set: true, says: Says::Done, .. })), "{name}");
        }
        for name in ["open", "isActive", "sessionValid", "loggedOn", "isLoggedIn"] {
            assert!(matches!(asked(name), Some(Asks::Flag { set: false, .. })), "{name}");
        }
        for name in
            ["expiresAt", "expiryMillis", "validTo", "deadline", "wakeAt", "sessionExpires", "notAfter"]
        {
            assert_eq!(asked(name), Some(Asks::Moment), "{name}");
        }
        for name in ["status", "orderState", "PHASE"] {
            assert_eq!(asked(name), Some(Asks::State), "{name}");
        }
        for name in ["closedAt", "doneAt", "completed_ms", "sessionEndedTime"] {
            assert_eq!(asked(name), Some(Asks::Since(Says::Done)), "{name}");
        }
        assert_eq!(asked("acknowledgedAt"), Some(Asks::Since(Says::Recorded)));
        for name in ["remaining", "pendingParts", "bytesRemaining"] {
            assert_eq!(asked(name), Some(Asks::Left), "{name}");
        }
        for name in [
            "headersSent",
            "inputClosed",
            "notClosed",
            "autoClosed",
            "closedCaption",
            "createdAt",
            "lastClosedAt",
            "receivedAt",
            "postedAt",
            "expireAfterWrite",
            "timeoutNanos",
            "leftChild",
            "stateful",
            "",
        ] {
            assert_eq!(asked(name), None, "{name}");
        }
    }

    #[test]
    fn names_of_constants_and_classes_say_something() {
        for (name, says) in [
            ("DONE", Says::Done),
            ("ALREADY_CLOSED", Says::Done),
            ("DELIVERED", Says::Recorded),
            ("NOT_DELIVERED", Says::Nothing),
            ("ACTIVE", Says::Nothing),
        ] {
            assert_eq!(said_by(name), says, "{name}");
        }
        assert!(is_of_no_use_later("IotBroker$Connection"));
        assert!(!is_of_no_use_later("ConnectionReport") && !is_of_no_use_later("Account"));
    }
}
