//! The small JVM that every generated dump holds beside its bulk.

use crate::heap::HeapBuilder;
use crate::layout::Layout;
use crate::value::{Addr, Value};

/// Where the heap is and how its objects are laid out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) layout: Layout,
    pub(crate) zgc: bool,
}

/// Room for the JVM's own objects, before the bulk.
const JVM_ROOM_BYTES: u64 = 32 << 20;

impl Place {
    /// Where the JVM's own objects begin: ZGC maps its heap at 4 TB, other collectors put one below 32 GB low.
    pub(crate) const fn base(&self) -> u64 {
        if self.zgc { 0x400_0000_0000 } else { 0x4000_0000 }
    }

    /// Where the bulk begins.
    pub(crate) const fn bulk(&self) -> u64 {
        self.base() + JVM_ROOM_BYTES
    }
}

/// A JDK 17 with its properties, application class loader and threads.
pub(crate) fn boot(place: Place) -> HeapBuilder {
    let mut heap = HeapBuilder::hotspot17().layout(place.layout).base_address(Addr(place.base()));
    for class in [
        "java.lang.Object",
        "java.lang.String",
        "java.lang.Class",
        "java.lang.Long",
        "java.util.HashMap",
        "java.util.HashMap$Node",
        "java.util.ArrayList",
    ] {
        heap.jdk_class(class);
    }
    heap.system_properties(&[
        ("java.version", "17.0.9"),
        ("java.version.date", "2023-10-17"),
        ("java.vendor", "Eclipse Adoptium"),
        ("java.vm.name", "OpenJDK 64-Bit Server VM"),
        ("java.vm.version", "17.0.9+9"),
        ("java.vm.vendor", "Eclipse Adoptium"),
        ("java.runtime.name", "OpenJDK Runtime Environment"),
        ("java.runtime.version", "17.0.9+9"),
        ("java.specification.version", "17"),
        ("java.class.version", "61.0"),
        ("java.home", "/opt/java/openjdk"),
        ("java.class.path", "/app/shop.jar"),
        ("os.name", "Linux"),
        ("os.arch", "amd64"),
        ("sun.arch.data.model", "64"),
        ("file.encoding", "UTF-8"),
        ("user.dir", "/app"),
    ]);
    let loader = heap.app_class_loader();
    let object = heap.jdk_class("java.lang.Object");
    let main = heap.app_class("com.acme.shop.Main").build();
    let arguments = heap.object_array("java.lang.String[]", &[]);
    let lock = heap.instance(object, &[]);
    heap.thread("main")
        .status(401)
        .field("contextClassLoader", Value::Ref(loader))
        .frame(object, "wait", "(J)V", "Object.java", -3)
        .local(lock)
        .frame(object, "wait", "()V", "Object.java", 338)
        .local(lock)
        .frame(main, "serve", "(Ljava/lang/Object;)V", "Main.java", 42)
        .local(lock)
        .frame(main, "main", "([Ljava/lang/String;)V", "Main.java", 17)
        .local(arguments)
        .build();
    let reference = heap.jdk_class("java.lang.ref.Reference");
    heap.thread("Reference Handler")
        .daemon()
        .frame(reference, "waitForReferencePendingList", "()V", "Reference.java", -3)
        .frame(reference, "processPendingReferences", "()V", "Reference.java", 253)
        .build();
    heap.thread("Signal Dispatcher").daemon().build();
    heap
}
