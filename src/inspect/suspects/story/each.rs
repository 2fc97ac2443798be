//! A few large owners, each with several parts that grow: rooms of a whiteboard, sessions, tenants.
//!
//! What there is most of lies deep in one of the parts, and the array or map that the owners are in does not grow: how many they are, how much each has, and by
//! which of its fields says what to bound. Owns these shares. Cost: a look at the fields of at most some hundred objects.

use super::Story;
use super::words::{fingerprint, simple_name, title};
use crate::ix::{ClassIx, ObjectIx};
use crate::query::{CollectionPart, Origin, collection_kind, is_made_by_compiler, origin_of, visit_part};
use crate::report::{Arg, Pattern, Standing, Suspect, SuspectKind, Text, figures};
use crate::snapshot::{Link, Snapshot};
use hashbrown::HashMap;

/// More are a crowd.
const MOST: usize = 256;
/// What each has on average, in bytes: less is nothing that anybody would bound.
const LARGE: u64 = 64 << 10;
/// Maps of maps that are looked into.
const MOST_NESTED: usize = 3;
/// Fields that are told,
const FIELDS: usize = 4;
/// and the part of all that is worth it.
const PART: f64 = 0.05;
/// What one field has alone is told in other words.
const ALONE: f64 = 0.8;

impl Story {
    /// Tells few large objects as these, with what each keeps by which field, and to bound that; the title may be about what lies deep in them.
    pub(super) fn tell_parts_of_each(&self, snapshot: &Snapshot, suspect: &mut Suspect) {
        let general = ["suspect-advice-field", "suspect-advice-object"];
        let general = suspect.advice.iter().position(|text| text.is_one_of(&general));
        let is_asked = suspect.standing == Standing::Blamed
            && suspect.kind == SuspectKind::Leak
            && suspect.rule.is_none()
            && self.shared.is_none()
            && self.crowd.is_none();
        let Some(general) = general.filter(|_| is_asked) else { return };
        let Some((class, owners)) = self.owners_in_it(snapshot) else { return };
        let sizes: Vec<u64> = owners.iter().map(|&owner| snapshot.retained_bytes(owner)).collect();
        let (sum, largest) = (sizes.iter().sum::<u64>(), sizes.iter().copied().max().unwrap_or(0));
        let count = owners.len() as u64;
        // Of one that has most of it the others say nothing.
        if sum * 10 < self.bytes * 8 || sum < count * LARGE || largest * 2 > sum {
            return;
        }
        let shares = shares_of_fields(snapshot, &owners, sum);
        let Some(&(first, most)) = shares.first() else { return };
        // A chain of them begins in each: there are more than are in it.
        let is_next = |&owner: &ObjectIx| {
            snapshot.follow(owner, first).is_some_and(|next| snapshot.class_of(next) == class)
        };
        if owners.iter().any(is_next) {
            return;
        }
        let name = snapshot.classes().get(class).name.to_string();
        let numbers = [("class", Arg::name(simple_name(&name))), ("size", Arg::Bytes(sum / count))];
        let text = if most >= ALONE {
            if suspect.activity.iter().any(|text| text.is_message("suspect-own-elements")) {
                None
            } else {
                let field = ("field", Arg::name(first));
                Some(Text::with("suspect-each-by-field", numbers.into_iter().chain([field])))
            }
        } else {
            let told: Vec<String> = shares
                .iter()
                .take(FIELDS)
                .map(|(field, share)| format!("{field} {}", figures::share(*share)))
                .collect();
            let parts = ("parts", Arg::name(told.join(", ")));
            Some(Text::with("suspect-each-by-fields", numbers.into_iter().chain([parts])))
        };
        let place = suspect.activity.len().min(1);
        text.into_iter().for_each(|text| suspect.activity.insert(place, text));
        let numbers = [("class", Arg::name(simple_name(&name))), ("count", Arg::Count(count))];
        suspect.advice[general] = Text::with("suspect-advice-each-and-number", numbers);
        if suspect.class != name {
            suspect.title = title(suspect.kind, &name, count, &suspect.holder);
            suspect.fingerprint = fingerprint(suspect.kind, &name, &suspect.holder);
            (suspect.class, suspect.instances, suspect.pattern) = (name, count, Pattern::Collection);
        }
    }

    /// The objects of one class of the application's that are all that the holder's collection or array has.
    fn owners_in_it(&self, snapshot: &Snapshot) -> Option<(ClassIx, Vec<ObjectIx>)> {
        let values_of = |collections: &[ObjectIx]| {
            let mut values: Vec<ObjectIx> = Vec::new();
            for &collection in collections {
                visit_part(snapshot, collection, CollectionPart::Values, &mut |value| {
                    values.push(value);
                    values.len() <= MOST
                });
            }
            values.sort_unstable();
            values.dedup();
            values
        };
        let mut owners = values_of(&[self.held.object]);
        for _ in 0..MOST_NESTED {
            // Maps of maps: by clinic, by day.
            if owners.is_empty() || !owners.iter().all(|&owner| collection_kind(snapshot, owner).is_some()) {
                break;
            }
            owners = values_of(&owners);
        }
        let class = snapshot.class_of(*owners.first()?);
        let is_alike = owners.iter().all(|&owner| snapshot.class_of(owner) == class);
        let is_own = origin_of(snapshot, class) == Origin::Application
            && snapshot.classes().get(class).element.is_none();
        (is_own && is_alike && (2..=MOST).contains(&owners.len())).then_some((class, owners))
    }
}

/// By which field how much of all that these retain is kept, as far as nothing else keeps it: the largest first.
fn shares_of_fields<'a>(snapshot: &'a Snapshot, owners: &[ObjectIx], whole: u64) -> Vec<(&'a str, f64)> {
    let tree = snapshot.dominators();
    let mut by_field: HashMap<&str, u64> = HashMap::new();
    for &owner in owners {
        snapshot.links(owner, |link, target| {
            if let Link::Field { class, name } = link
                && tree.immediate_dominator(target).object() == Some(owner)
                && !is_made_by_compiler(&snapshot.classes().get(class).name, name)
            {
                *by_field.entry(name).or_default() += snapshot.retained_bytes(target);
            }
            true
        });
    }
    let share = |bytes: u64| bytes as f64 / whole.max(1) as f64;
    let mut shares: Vec<(&str, f64)> = by_field
        .into_iter()
        .map(|(field, bytes)| (field, share(bytes)))
        .filter(|&(_, share)| share >= PART)
        .collect();
    shares.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
    shares
}
