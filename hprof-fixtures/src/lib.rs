//! Synthetic HPROF heaps (see the README).
