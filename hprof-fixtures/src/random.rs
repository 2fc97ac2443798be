//! Random small heaps: classes with random fields and superclasses, cycles, shared objects, garbage, dangling references, threads.

use crate::heap::{ClassRef, HeapBuilder};
use crate::root::Root;
use crate::splitmix::SplitMix64;
use crate::value::{Addr, Kind, PrimitiveArray, Value};

const KINDS: [Kind; 9] = [
    Kind::Ref,
    Kind::Boolean,
    Kind::Char,
    Kind::Float,
    Kind::Double,
    Kind::Byte,
    Kind::Short,
    Kind::Int,
    Kind::Long,
];

/// Fills `heap` with about `size` objects beside those it has; the same for the same seed. Every reference of the new objects is
/// a strong one; about one of a hundred dangles.
///
/// ```
/// use hprof_fixtures::{HeapBuilder, random_heap};
///
/// let mut heap = HeapBuilder::hotspot17();
/// random_heap(&mut heap, 42, 100);
/// let (bytes, model) = heap.finish_with_model();
/// assert!(bytes.len() > 1000 && model.objects.len() >= 100);
/// assert!(model.reachable(None).len() < model.objects.len());
/// ```
pub fn random_heap(heap: &mut HeapBuilder, seed: u64, size: usize) {
    let mut maker = Maker { random: SplitMix64::new(seed), classes: Vec::new(), objects: Vec::new() };
    heap.jdk_class("java.lang.Class");
    maker.classes(heap, 3 + size / 25);
    for _ in 0..size {
        maker.object(heap);
    }
    maker.link(heap);
    maker.roots(heap);
}

enum Slots {
    /// Names of the fields that hold references.
    Fields(Vec<String>),
    Elements(usize),
    None,
}

struct Maker {
    random: SplitMix64,
    /// The class, and names of its fields that hold references, those of its superclasses included.
    classes: Vec<(ClassRef, Vec<String>)>,
    objects: Vec<(Addr, Slots)>,
}

impl Maker {
    fn classes(&mut self, heap: &mut HeapBuilder, count: usize) {
        for number in 0..count {
            let parent = (number > 0 && self.random.chance(40)).then(|| self.random.index(number));
            let mut references = parent.map_or_else(Vec::new, |parent| self.classes[parent].1.clone());
            let name = format!("com.acme.random.Type{number}");
            let mut class = if self.random.chance(70) { heap.app_class(&name) } else { heap.class(&name) };
            if let Some(parent) = parent {
                class = class.extends(self.classes[parent].0);
            }
            for field in 0..self.random.index(6) {
                let kind = if self.random.chance(50) { Kind::Ref } else { KINDS[self.random.index(9)] };
                let field = format!("field{number}x{field}");
                class = class.field(&field, kind);
                if kind == Kind::Ref {
                    references.push(field);
                }
            }
            if self.random.chance(30) {
                let count = Value::Int(number as i32);
                class = class.static_field("COUNT", count).static_field("INSTANCE", Value::NULL);
            }
            self.classes.push((class.build(), references));
        }
    }

    fn object(&mut self, heap: &mut HeapBuilder) {
        if self.random.chance(5) {
            heap.gap(8 * (1 + self.random.below(40)));
        }
        let object = match self.random.below(10) {
            0..6 => {
                let (class, references) = &self.classes[self.random.index(self.classes.len())];
                (heap.instance(*class, &[]), Slots::Fields(references.clone()))
            }
            6..8 => {
                let length = self.random.index(9);
                let class = ["java.lang.Object[]", "com.acme.random.Type0[]"][self.random.index(2)];
                (heap.object_array(class, &vec![Addr::NULL; length]), Slots::Elements(length))
            }
            _ => {
                let kind = KINDS[1 + self.random.index(8)];
                let length = self.random.index(20);
                (heap.primitive_array(PrimitiveArray::zeros(kind, length)), Slots::None)
            }
        };
        self.objects.push(object);
    }

    /// Half of the targets are near, so that there are long ways as well as a dense middle.
    fn target(&mut self, from: usize) -> Addr {
        let count = self.objects.len();
        match self.random.below(100) {
            0..20 => Addr::NULL,
            20 => Addr(0x0fff_0000 + 16 * self.random.below(1000)),
            21..24 => self.classes[self.random.index(self.classes.len())].0.address(),
            24..70 => self.objects[(from + self.random.index(5)) % count].0,
            _ => self.objects[self.random.index(count)].0,
        }
    }

    fn link(&mut self, heap: &mut HeapBuilder) {
        for at in 0..self.objects.len() {
            let object = self.objects[at].0;
            match std::mem::replace(&mut self.objects[at].1, Slots::None) {
                Slots::Fields(fields) => {
                    for field in fields {
                        heap.set_field(object, &field, Value::Ref(self.target(at)));
                    }
                }
                Slots::Elements(length) => {
                    for index in 0..length {
                        heap.set_element(object, index, self.target(at));
                    }
                }
                Slots::None => {}
            }
        }
        for at in 0..self.classes.len() {
            if self.random.chance(30) {
                let class = self.classes[at].0;
                let value = self.target(0);
                heap.static_field(class, "INSTANCE", Value::Ref(value));
            }
        }
    }

    fn any(&mut self) -> Addr {
        self.objects[self.random.index(self.objects.len())].0
    }

    fn roots(&mut self, heap: &mut HeapBuilder) {
        if self.objects.is_empty() {
            return;
        }
        let class = self.classes[0].0;
        let locals = [self.any(), self.any(), self.any()];
        heap.thread("random")
            .frame(class, "inner", "()V", "Random.java", 7)
            .local(locals[0])
            .local(locals[0])
            .frame(class, "outer", "()V", "Random.java", -1)
            .local(locals[1])
            .jni_local(locals[2])
            .build();
        for _ in 0..1 + self.random.index(4) {
            let object = self.any();
            let root = match self.random.below(5) {
                0 => Root::Unknown(object),
                1 => Root::MonitorUsed(object),
                2 => Root::NativeStack { object, thread: 999 }, // of no thread in the dump
                3 => Root::StickyClass(self.classes[self.random.index(self.classes.len())].0.address()),
                _ => Root::JniGlobal { object, handle: Addr(0x7000_0000) },
            };
            heap.root(root);
            if self.random.chance(30) {
                heap.root(root);
            }
        }
    }
}
