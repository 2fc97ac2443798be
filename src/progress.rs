//! Progress and cancellation of long work.
//!
//! Owns the names of the phases' callbacks and the flag that stops them. Knows nothing of terminals: whoever shows
//! progress implements [`Observer`]. Cost: one atomic add per block of work (thousands of objects), not per object.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// The work was stopped by the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("interrupted")]
pub struct Cancelled;

/// What a phase counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unit {
    /// Bytes of the dump.
    Bytes,
    /// Objects.
    Objects,
    /// Nothing that can be counted beforehand.
    Steps,
}

/// Told when phases begin and end. Called from the thread that runs the phase, never concurrently.
pub trait Observer: Send + Sync {
    /// A phase begins; `total` units of work lie before it; `done` is read at any time for how many are done.
    fn begin(&self, phase: &'static str, unit: Unit, total: u64, done: Arc<AtomicU64>);
    /// The phase that began last has ended.
    fn end(&self, phase: &'static str);
}

/// Handed down into each long computation. Cloning shares the same flag and observer.
#[derive(Clone, Default)]
pub struct Progress {
    cancelled: Arc<AtomicBool>,
    observer: Option<Arc<dyn Observer>>,
}

impl Progress {
    /// Progress that nobody watches.
    pub fn silent() -> Self {
        Self::default()
    }

    /// Progress that tells `observer`.
    pub fn new(observer: Arc<dyn Observer>) -> Self {
        Self { cancelled: Arc::default(), observer: Some(observer) }
    }

    /// The same for work that goes on beside a phase: stopped with it, but nobody is told.
    #[must_use]
    pub fn unobserved(&self) -> Self {
        Self { cancelled: Arc::clone(&self.cancelled), observer: None }
    }

    /// Asks all work that holds this progress to stop. Safe to call from any thread, also from a signal thread.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// `Err` once [`Self::cancel`] was called. To be asked at least every few milliseconds.
    #[inline]
    pub fn check(&self) -> Result<(), Cancelled> {
        if self.cancelled.load(Ordering::Relaxed) { Err(Cancelled) } else { Ok(()) }
    }

    /// Begins a phase that ends when the returned guard is dropped.
    pub fn phase(&self, name: &'static str, unit: Unit, total: u64) -> Phase<'_> {
        let done = Arc::new(AtomicU64::new(0));
        if let Some(observer) = &self.observer {
            observer.begin(name, unit, total, Arc::clone(&done));
        }
        Phase { progress: self, name, done }
    }

    /// Both at once. What `beside` still has to do once `main`, which has phases of its own, is done is the phase `rest`.
    pub fn join<A: Send, B: Send>(
        &self,
        rest: &'static str,
        main: impl FnOnce() -> A + Send,
        beside: impl FnOnce() -> B + Send,
    ) -> (A, B) {
        let is_done = AtomicBool::new(false);
        let ((made, rest), made_beside) = rayon::join(
            || (main(), (!is_done.load(Ordering::Relaxed)).then(|| self.phase(rest, Unit::Steps, 1))),
            || {
                let made = beside();
                is_done.store(true, Ordering::Relaxed);
                made
            },
        );
        drop(rest);
        (made, made_beside)
    }
}

impl std::fmt::Debug for Progress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Progress").field("cancelled", &self.cancelled).finish_non_exhaustive()
    }
}

/// A running phase.
pub struct Phase<'a> {
    progress: &'a Progress,
    name: &'static str,
    done: Arc<AtomicU64>,
}

impl Phase<'_> {
    /// Adds to what is done and asks whether to go on.
    #[inline]
    pub fn advance(&self, units: u64) -> Result<(), Cancelled> {
        self.done.fetch_add(units, Ordering::Relaxed);
        self.progress.check()
    }
}

impl Drop for Phase<'_> {
    fn drop(&mut self) {
        if let Some(observer) = &self.progress.observer {
            observer.end(self.name);
        }
    }
}
