//! The JDK classes that tests need, with the fields that real dumps of each release list, in the dumps' order.

use super::{ClassRef, HeapBuilder};
use crate::value::Kind::{self, Boolean, Byte, Float, Int, Long, Ref};

/// The class library whose classes [`HeapBuilder::jdk_class`] knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Jdk {
    /// Before compact strings (JDK 9).
    V8,
    /// JDK 9 to 18 as far as these classes go.
    V17,
    /// JDK 19 and later: `Thread$FieldHolder`.
    V21,
    /// Android.
    Android,
}

pub(crate) struct JdkClass {
    pub(crate) name: &'static str,
    pub(crate) superclass: &'static str,
    pub(crate) fields: &'static [(&'static str, Kind)],
    /// Fields that the VM adds.
    pub(crate) injected: &'static [Kind],
    /// Instance size where field packing does not tell it (`@Contended`), with compressed references; 0 elsewhere.
    pub(crate) jvm_bytes: u64,
}

const fn class(
    name: &'static str,
    superclass: &'static str,
    fields: &'static [(&'static str, Kind)],
) -> JdkClass {
    JdkClass { name, superclass, fields, injected: &[], jvm_bytes: 0 }
}

pub(super) const OBJECT: &str = "java.lang.Object";

/// Classes that are the same in all releases, as far as these tests look.
const COMMON: &[JdkClass] = &[
    class(OBJECT, "", &[]),
    class("java.lang.Number", OBJECT, &[]),
    class("java.lang.Long", "java.lang.Number", &[("value", Long)]),
    class("java.lang.Integer", "java.lang.Number", &[("value", Int)]),
    class("java.lang.Double", "java.lang.Number", &[("value", Kind::Double)]),
    class("java.lang.Boolean", OBJECT, &[("value", Boolean)]),
    class("java.lang.Character", OBJECT, &[("value", Kind::Char)]),
    class("java.lang.Enum", OBJECT, &[("ordinal", Int), ("name", Ref)]),
    class("java.lang.System", OBJECT, &[]),
    class("java.util.AbstractCollection", OBJECT, &[]),
    class("java.util.AbstractList", "java.util.AbstractCollection", &[("modCount", Int)]),
    class(
        "java.util.concurrent.ConcurrentSkipListMap$Index",
        OBJECT,
        &[("right", Ref), ("down", Ref), ("node", Ref)],
    ),
    class("java.util.concurrent.atomic.LongAdder", "java.lang.Number", &[("base", Long), ("cells", Ref)]),
    class(
        "java.util.EnumMap",
        "java.util.AbstractMap",
        &[("keyType", Ref), ("keyUniverse", Ref), ("vals", Ref), ("size", Int)],
    ),
    class("java.util.ArrayList", "java.util.AbstractList", &[("size", Int), ("elementData", Ref)]),
    class("java.util.AbstractSequentialList", "java.util.AbstractList", &[]),
    class(
        "java.util.LinkedList",
        "java.util.AbstractSequentialList",
        &[("last", Ref), ("first", Ref), ("size", Int)],
    ),
    class("java.util.LinkedList$Node", OBJECT, &[("prev", Ref), ("next", Ref), ("item", Ref)]),
    class("java.util.AbstractMap", OBJECT, &[("values", Ref), ("keySet", Ref)]),
    class("java.util.AbstractSet", "java.util.AbstractCollection", &[]),
    class("java.util.HashSet", "java.util.AbstractSet", &[("map", Ref)]),
    class(
        "java.util.HashMap",
        "java.util.AbstractMap",
        &[
            ("loadFactor", Float),
            ("threshold", Int),
            ("modCount", Int),
            ("size", Int),
            ("entrySet", Ref),
            ("table", Ref),
        ],
    ),
    class("java.util.HashMap$Node", OBJECT, &[("next", Ref), ("value", Ref), ("key", Ref), ("hash", Int)]),
    class("java.util.Dictionary", OBJECT, &[]),
    class(
        "java.util.Hashtable",
        "java.util.Dictionary",
        &[
            ("values", Ref),
            ("entrySet", Ref),
            ("keySet", Ref),
            ("modCount", Int),
            ("loadFactor", Float),
            ("threshold", Int),
            ("count", Int),
            ("table", Ref),
        ],
    ),
    class("java.util.Hashtable$Entry", OBJECT, &[("next", Ref), ("value", Ref), ("key", Ref), ("hash", Int)]),
    class(
        "java.util.concurrent.ConcurrentHashMap",
        "java.util.AbstractMap",
        &[
            ("entrySet", Ref),
            ("values", Ref),
            ("keySet", Ref),
            ("counterCells", Ref),
            ("cellsBusy", Int),
            ("transferIndex", Int),
            ("sizeCtl", Int),
            ("baseCount", Long),
            ("nextTable", Ref),
            ("table", Ref),
        ],
    ),
    class(
        "java.util.concurrent.ConcurrentHashMap$Node",
        OBJECT,
        &[("next", Ref), ("val", Ref), ("key", Ref), ("hash", Int)],
    ),
    class(
        "java.lang.ref.Reference",
        OBJECT,
        &[("discovered", Ref), ("next", Ref), ("queue", Ref), ("referent", Ref)],
    ),
    class("java.lang.ref.SoftReference", "java.lang.ref.Reference", &[("timestamp", Long)]),
    class("java.lang.ref.WeakReference", "java.lang.ref.Reference", &[]),
    class("java.lang.ref.PhantomReference", "java.lang.ref.Reference", &[]),
    class("java.lang.ref.FinalReference", "java.lang.ref.Reference", &[]),
    class("java.lang.ref.Finalizer", "java.lang.ref.FinalReference", &[("prev", Ref), ("next", Ref)]),
    class("java.lang.ThreadLocal", OBJECT, &[("threadLocalHashCode", Int)]),
    class(
        "java.lang.ThreadLocal$ThreadLocalMap",
        OBJECT,
        &[("threshold", Int), ("size", Int), ("table", Ref)],
    ),
    class("java.lang.ThreadLocal$ThreadLocalMap$Entry", "java.lang.ref.WeakReference", &[("value", Ref)]),
    class(
        "java.lang.Throwable",
        OBJECT,
        &[
            ("suppressedExceptions", Ref),
            ("depth", Int),
            ("stackTrace", Ref),
            ("cause", Ref),
            ("detailMessage", Ref),
            ("backtrace", Ref),
        ],
    ),
    class("java.lang.Error", "java.lang.Throwable", &[]),
    class("java.lang.VirtualMachineError", "java.lang.Error", &[]),
    class("java.lang.OutOfMemoryError", "java.lang.VirtualMachineError", &[]),
    class("java.lang.Exception", "java.lang.Throwable", &[]),
    JdkClass {
        name: "java.lang.ClassLoader",
        superclass: OBJECT,
        fields: &[
            ("classLoaderValueMap", Ref),
            ("classAssertionStatus", Ref),
            ("packageAssertionStatus", Ref),
            ("defaultAssertionStatus", Boolean),
            ("assertionLock", Ref),
            ("libraries", Ref),
            ("packages", Ref),
            ("defaultDomain", Ref),
            ("classes", Ref),
            ("package2certs", Ref),
            ("parallelLockMap", Ref),
            ("nameAndId", Ref),
            ("unnamedModule", Ref),
            ("name", Ref),
            ("parent", Ref),
        ],
        injected: &[Long], // loader_data
        jvm_bytes: 0,
    },
    class("java.security.SecureClassLoader", "java.lang.ClassLoader", &[("pdcache", Ref)]),
    class("java.net.URLClassLoader", "java.security.SecureClassLoader", &[("closeables", Ref), ("ucp", Ref)]),
    class(
        "jdk.internal.loader.BuiltinClassLoader",
        "java.security.SecureClassLoader",
        &[
            ("resourceCache", Ref),
            ("moduleToReader", Ref),
            ("nameToModule", Ref),
            ("ucp", Ref),
            ("parent", Ref),
        ],
    ),
    class("jdk.internal.loader.ClassLoaders$AppClassLoader", "jdk.internal.loader.BuiltinClassLoader", &[]),
    class("sun.misc.Launcher$AppClassLoader", "java.net.URLClassLoader", &[("ucp", Ref)]),
    class(
        "java.lang.Class",
        OBJECT,
        &[
            ("classValueMap", Ref),
            ("annotationType", Ref),
            ("annotationData", Ref),
            ("enumConstantDirectory", Ref),
            ("enumConstants", Ref),
            ("genericInfo", Ref),
            ("classRedefinedCount", Int),
            ("reflectionData", Ref),
            ("componentType", Ref),
            ("packageName", Ref),
            ("classData", Ref),
            ("classLoader", Ref),
            ("module", Ref),
            ("name", Ref),
            ("cachedConstructor", Ref),
        ],
    ),
];

const STRING_8: JdkClass = class("java.lang.String", OBJECT, &[("hash", Int), ("value", Ref)]);
const STRING_17: JdkClass = class(
    "java.lang.String",
    OBJECT,
    &[("hashIsZero", Boolean), ("hash", Int), ("coder", Byte), ("value", Ref)],
);
const STRING_ANDROID: JdkClass =
    class("java.lang.String", OBJECT, &[("hash", Int), ("count", Int), ("value", Ref)]);

const PROPERTIES_8: JdkClass = class("java.util.Properties", "java.util.Hashtable", &[("defaults", Ref)]);
const PROPERTIES_17: JdkClass =
    class("java.util.Properties", "java.util.Hashtable", &[("map", Ref), ("defaults", Ref)]);

/// JDK 8 to 18.
const THREAD_17: JdkClass = JdkClass {
    name: "java.lang.Thread",
    superclass: OBJECT,
    fields: &[
        ("threadLocalRandomSecondarySeed", Int),
        ("threadLocalRandomProbe", Int),
        ("threadLocalRandomSeed", Long),
        ("uncaughtExceptionHandler", Ref),
        ("blockerLock", Ref),
        ("blocker", Ref),
        ("parkBlocker", Ref),
        ("threadStatus", Int),
        ("tid", Long),
        ("stackSize", Long),
        ("inheritableThreadLocals", Ref),
        ("threadLocals", Ref),
        ("inheritedAccessControlContext", Ref),
        ("contextClassLoader", Ref),
        ("group", Ref),
        ("target", Ref),
        ("eetop", Long),
        ("stillborn", Boolean),
        ("interrupted", Boolean),
        ("daemon", Boolean),
        ("priority", Int),
        ("name", Ref),
    ],
    injected: &[],
    jvm_bytes: 368,
};

const THREAD_21: JdkClass = JdkClass {
    name: "java.lang.Thread",
    superclass: OBJECT,
    fields: &[
        ("headStackableScopes", Ref),
        ("container", Ref),
        ("threadLocalRandomSecondarySeed", Int),
        ("threadLocalRandomProbe", Int),
        ("threadLocalRandomSeed", Long),
        ("uncaughtExceptionHandler", Ref),
        ("cont", Ref),
        ("nioBlocker", Ref),
        ("parkBlocker", Ref),
        ("interruptLock", Ref),
        ("scopedValueBindings", Ref),
        ("inheritableThreadLocals", Ref),
        ("threadLocals", Ref),
        ("holder", Ref),
        ("inheritedAccessControlContext", Ref),
        ("contextClassLoader", Ref),
        ("interrupted", Boolean),
        ("name", Ref),
        ("tid", Long),
        ("eetop", Long),
    ],
    injected: &[],
    jvm_bytes: 368,
};

const THREAD_FIELD_HOLDER: JdkClass = class(
    "java.lang.Thread$FieldHolder",
    OBJECT,
    &[
        ("threadStatus", Int),
        ("daemon", Boolean),
        ("priority", Int),
        ("stackSize", Long),
        ("task", Ref),
        ("group", Ref),
    ],
);

const THREAD_ANDROID: JdkClass = class(
    "java.lang.Thread",
    OBJECT,
    &[
        ("nativePeer", Long),
        ("priority", Int),
        ("daemon", Boolean),
        ("threadLocals", Ref),
        ("target", Ref),
        ("group", Ref),
        ("name", Ref),
        ("contextClassLoader", Ref),
    ],
);

pub(super) const SKIP_LIST_MAP: &str = "java.util.concurrent.ConcurrentSkipListMap";
const SKIP_LIST_NODE: &str = "java.util.concurrent.ConcurrentSkipListMap$Node";

/// Until JDK 8 it counts by walking over its nodes.
const SKIP_LIST_MAP_8: JdkClass =
    class(SKIP_LIST_MAP, "java.util.AbstractMap", &[("head", Ref), ("comparator", Ref)]);
const SKIP_LIST_NODE_8: JdkClass =
    class(SKIP_LIST_NODE, OBJECT, &[("next", Ref), ("value", Ref), ("key", Ref)]);
const SKIP_LIST_MAP_9: JdkClass =
    class(SKIP_LIST_MAP, "java.util.AbstractMap", &[("adder", Ref), ("head", Ref), ("comparator", Ref)]);
const SKIP_LIST_NODE_9: JdkClass =
    class(SKIP_LIST_NODE, OBJECT, &[("next", Ref), ("val", Ref), ("key", Ref)]);

const OBJECT_ANDROID: JdkClass = class(OBJECT, "", &[("shadow$_monitor_", Int), ("shadow$_klass_", Ref)]);

/// The definition of `name` in the class library of `jdk`.
pub(crate) fn definition(jdk: Jdk, name: &str) -> Option<&'static JdkClass> {
    let special: &'static [JdkClass] = match jdk {
        Jdk::V8 => &[STRING_8, PROPERTIES_8, THREAD_17, SKIP_LIST_MAP_8, SKIP_LIST_NODE_8],
        Jdk::V17 => &[STRING_17, PROPERTIES_17, THREAD_17, SKIP_LIST_MAP_9, SKIP_LIST_NODE_9],
        Jdk::V21 => {
            &[STRING_17, PROPERTIES_17, THREAD_21, THREAD_FIELD_HOLDER, SKIP_LIST_MAP_9, SKIP_LIST_NODE_9]
        }
        Jdk::Android => &[
            OBJECT_ANDROID,
            STRING_ANDROID,
            PROPERTIES_17,
            THREAD_ANDROID,
            SKIP_LIST_MAP_9,
            SKIP_LIST_NODE_9,
        ],
    };
    special.iter().chain(COMMON).find(|class| class.name == name)
}

impl HeapBuilder {
    /// A class of the JDK with the fields that dumps of this release list; it is made at the first call, with its
    /// superclasses, as a sticky root. Panics if the table does not have it.
    pub fn jdk_class(&mut self, name: &str) -> ClassRef {
        if let Some(&class) = self.class_by_name.get(name) {
            return class;
        }
        let definition = definition(self.jdk, name)
            .unwrap_or_else(|| panic!("{name} is not among the JDK classes known here"));
        let superclass = (!definition.superclass.is_empty()).then(|| self.jdk_class(definition.superclass));
        let mut builder = self.class(name).sticky();
        builder = match superclass {
            Some(superclass) => builder.extends(superclass),
            None => builder.without_superclass(),
        };
        for &(field, kind) in definition.fields {
            builder = builder.field(field, kind);
        }
        for &kind in definition.injected {
            builder = builder.injected_field(kind);
        }
        if definition.jvm_bytes > 0 {
            builder = builder.instance_bytes(definition.jvm_bytes);
        }
        builder.build()
    }
}
