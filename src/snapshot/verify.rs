//! The certificate of a snapshot: dominators and retained sizes proved once more, on demand.
//!
//! Owns the way from a flaw, which is told by numbers, to an error that names addresses. The proof itself is [`certify`].

use super::Snapshot;
use super::error::SnapshotError;
use crate::graph::{Certificate, CertifyError, Flaw, certify};

/// Proves that the tree and the sizes are those of the heap.
pub(super) fn verify(snapshot: &Snapshot) -> Result<Certificate, SnapshotError> {
    let graph = snapshot.graph();
    let shallow = |object| snapshot.shallow_bytes(object);
    let Snapshot { dominators, retained, .. } = snapshot;
    certify(&graph, dominators, retained, shallow, snapshot.storage(), snapshot.progress()).map_err(|error| {
        match error {
            CertifyError::Graph(error) => error.into(),
            CertifyError::Flaw(flaw) => SnapshotError::NotCertified {
                address: snapshot.address_of(flaw.object()).0,
                why: why(snapshot, &flaw),
            },
        }
    })
}

fn why(snapshot: &Snapshot, flaw: &Flaw) -> String {
    match *flaw {
        Flaw::NoTree(_) => "it is not in its place in the dominator tree".to_owned(),
        Flaw::Bypassed(from, _) => {
            let from = snapshot.address_of(from).0;
            format!("{from:#x} refers to it, which its dominator does not dominate")
        }
        Flaw::NotNearest(_) => "no order proves that it has no nearer dominator".to_owned(),
        Flaw::RetainedSize { claimed_bytes, summed_bytes, .. } => {
            format!("it is said to retain {claimed_bytes} bytes, but what it dominates has {summed_bytes}")
        }
    }
}
