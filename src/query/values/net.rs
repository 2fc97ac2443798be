//! Addresses of the net: URIs, URLs, hosts, sockets.

use crate::ix::ObjectIx;
use crate::snapshot::Heap;

/// A URI, a URL or the address of a host or socket, of each text in it at most `limit` UTF-16 units; `None` for other classes.
pub(super) fn address(heap: &Heap, object: ObjectIx, limit: usize) -> Option<String> {
    let field = |name: &str| heap.text(heap.follow(object, name)?, limit);
    match heap.class_name(object) {
        "java.net.URI" => field("string").or_else(|| {
            let rest = field("schemeSpecificPart").or_else(|| Some(format!("//{}", field("host")?)))?;
            Some(format!("{}:{rest}", field("scheme")?))
        }),
        "java.net.URL" => {
            let port = heap.integer(object, "port").filter(|&port| port > 0);
            let port = port.map_or_else(String::new, |port| format!(":{port}"));
            let host = field("host").unwrap_or_default();
            // `file:/x` and `jar:...` have no host.
            let slashes = if host.is_empty() { "" } else { "//" };
            Some(format!("{}:{slashes}{host}{port}{}", field("protocol")?, field("file").unwrap_or_default()))
        }
        "java.net.InetSocketAddress" => {
            let holder = heap.follow(object, "holder").unwrap_or(object);
            let host = heap.follow(holder, "hostname").and_then(|host| heap.text(host, limit));
            let host = host.or_else(|| inet(heap, heap.follow(holder, "addr")?, limit))?;
            Some(format!("{host}:{}", heap.integer(holder, "port")?))
        }
        "java.net.Inet4Address" | "java.net.Inet6Address" => inet(heap, object, limit),
        _ => None,
    }
}

/// The address of a host: the name that it was looked up by, else its numbers (of version 4).
fn inet(heap: &Heap, object: ObjectIx, limit: usize) -> Option<String> {
    let holder = heap.follow(object, "holder").unwrap_or(object);
    let host = heap.follow(holder, "hostName").and_then(|host| heap.text(host, limit));
    host.or_else(|| {
        if heap.class_name(object) != "java.net.Inet4Address" {
            return None;
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an int in the dump")]
        let bits = heap.integer(holder, "address")? as u32;
        Some(std::net::Ipv4Addr::from(bits).to_string())
    })
}
