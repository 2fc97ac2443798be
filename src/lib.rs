//! oomph: Out-Of-Memory Post-mortem for HPROF.
