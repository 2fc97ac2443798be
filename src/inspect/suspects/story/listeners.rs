//! Whether what piles up are listeners: whoever registered them has to take them back.
//!
//! Told by the names that their collection, a field around it or they themselves have. Cost: the steps of a path.

use super::words::simple_name;
use crate::query::is_of_collections;
use crate::report::Suspect;

/// What those who are told of something are called.
const WORDS: [&str; 4] = ["listener", "observer", "subscriber", "callback"];

/// The field whose listeners nobody takes back, from the holder's on; `None` if they are no listeners.
pub(super) fn field_of(suspect: &Suspect) -> Option<&str> {
    let holder = &suspect.holder;
    let of_holder = holder.field.as_deref()?;
    let is_at_holder = |step: &&crate::report::PathStep| {
        step.field.as_deref() == Some(of_holder) && holder.class.as_deref() == Some(&step.class)
    };
    let at = suspect.path.iter().position(|step| is_at_holder(&step)).unwrap_or(suspect.path.len());
    let below = suspect.path[at..].iter().skip(1);
    // The collection's own fields have names for whatever is in it.
    let below = below.filter(|step| !step.class.starts_with("java.util.") && !is_of_collections(&step.class));
    let fields = std::iter::once(of_holder).chain(below.filter_map(|step| step.field.as_deref()));
    let by_name = fields.into_iter().find(|field| is_of_listeners(field));
    let is_one = || is_of_listeners(&simple_name(&suspect.class));
    by_name.or_else(|| is_one().then_some(of_holder))
}

/// Whether a name ends with one of the words, or with several of what it says (`eventListeners`, `LISTENER_LIST` does not).
fn is_of_listeners(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let name = name.strip_suffix('s').unwrap_or(&name);
    WORDS.iter().any(|word| name.ends_with(word))
}

#[cfg(test)]
mod tests {
    use super::is_of_listeners;

    #[test]
    fn listeners_are_known_by_their_name() {
        for name in ["listeners", "eventListeners", "LISTENERS", "observer", "PriceListener", "subscribers"] {
            assert!(is_of_listeners(name), "{name}");
        }
        for name in ["listenerCounts", "callbackQueue", "entries", "subscriptions", ""] {
            assert!(!is_of_listeners(name), "{name}");
        }
    }
}
