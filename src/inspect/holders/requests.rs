//! Requests that are being served, and other work that is going on: transactions, jobs.
//!
//! A server refers to each request that it serves: by its connection, its statistics, its pool of objects for requests. What hangs on one of them as an
//! attribute goes with the call that serves it all the same, so no path leads through such a request but from the stack that has it in hand. What
//! a transaction has bound to its thread goes with the transaction. Cost: a look at the variables of all threads, and a pass over the class column where a request is served.

use crate::ix::ObjectIx;
use crate::query::instances_of;
use crate::snapshot::{Snapshot, SnapshotError};

/// What servers make for a request, or use for one request after the other, and what databases and schedulers keep of work that is going on.
const REQUESTS: &[&str] = &[
    "org.apache.coyote.Request",
    "org.apache.catalina.connector.Request",
    "org.eclipse.jetty.server.Request",
    "org.eclipse.jetty.server.HttpChannel",
    "org.eclipse.jetty.server.internal.HttpChannelState",
    "io.undertow.server.HttpServerExchange",
    "sun.net.httpserver.ExchangeImpl",
    "org.neo4j.kernel.impl.api.state.TxState",
    "org.apache.spark.scheduler.JobWaiter",
];
/// What Spring binds to a thread for the time of a transaction, a request or a call of an advised method.
const BOUND: &[&str] = &[
    "org.springframework.transaction.support.ResourceHolderSupport",
    "org.springframework.transaction.interceptor.TransactionAspectSupport$TransactionInfo",
    "org.springframework.aop.framework.ReflectiveMethodInvocation",
    "org.springframework.web.context.request.AbstractRequestAttributes",
];

/// The requests that threads have in hand, and what is bound to threads for as long.
///
/// # Errors
/// Cancelled.
pub(super) fn in_service(snapshot: &Snapshot) -> Result<Vec<ObjectIx>, SnapshotError> {
    let classes = snapshot.classes();
    let mut known: Vec<_> = REQUESTS.iter().flat_map(|name| classes.sub_classes_of(name)).collect();
    known.sort_unstable();
    if known.is_empty() {
        return Ok(Vec::new());
    }
    let is_request = |&object: &ObjectIx| known.binary_search(&snapshot.class_of(object)).is_ok();
    let mut found: Vec<ObjectIx> =
        snapshot.threads().iter().flat_map(|thread| thread.locals().filter(is_request)).collect();
    if !found.is_empty() {
        let mut bound: Vec<_> = BOUND.iter().flat_map(|name| classes.sub_classes_of(name)).collect();
        bound.sort_unstable();
        found.extend(instances_of(snapshot, &bound)?);
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}
