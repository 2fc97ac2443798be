//! What others have concluded from a snapshot and would else conclude again.
//!
//! Owns that it is kept as long as the snapshot, once for each type; knows nothing of what it is. Cost: what is kept.

use super::Snapshot;
use hashbrown::HashMap;
use std::any::{Any, TypeId};
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

/// Conclusions, by their types: there are few.
#[derive(Default)]
pub(super) struct Remembered(Mutex<Vec<(TypeId, Arc<dyn Any + Send + Sync>)>>);

impl std::fmt::Debug for Remembered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Remembered").finish_non_exhaustive()
    }
}

impl Remembered {
    fn find<T: Any + Send + Sync>(&self) -> Option<Arc<T>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, found) = all.iter().find(|(id, _)| *id == TypeId::of::<T>())?;
        Arc::clone(found).downcast().ok()
    }
}

/// What was concluded of each of many things, as the value of a type that [`Snapshot::remember`] is asked for.
#[derive(Debug)]
pub struct OfEach<K, V>(Mutex<HashMap<K, V>>);

impl<K, V> Default for OfEach<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash, V: Clone> OfEach<K, V> {
    /// What `make` concludes of `key`, if that is not known yet. Nobody waits for another one, as with [`Snapshot::remember`].
    pub fn of(&self, key: K, make: impl FnOnce(&K) -> V) -> V {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        known.unwrap_or_else(|| {
            let made = make(&key);
            self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key, made.clone());
            made
        })
    }
}

impl Snapshot {
    /// What `make` concludes from this snapshot, which it is asked when that is first needed. Threads that need it at the same time may each ask: nobody
    /// waits for another one, as the work may be done on threads that are waited for.
    pub fn remember<T: Any + Send + Sync>(&self, make: impl FnOnce(&Self) -> T) -> Arc<T> {
        if let Some(found) = self.remembered.find() {
            return found;
        }
        let made = Arc::new(make(self));
        let mut all = self.remembered.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.push((TypeId::of::<T>(), Arc::clone(&made) as Arc<dyn Any + Send + Sync>));
        made
    }
}
