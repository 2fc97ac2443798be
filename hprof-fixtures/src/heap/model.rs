//! From the description to a [`Model`].

use super::{Body, HeapBuilder, SubRecord};
use crate::model::{Model, ModelObject};
use crate::root::Root;
use crate::splitmix::SplitMix64;
use crate::value::{Addr, Kind, Value};
use crate::wire::Wire;
use std::collections::HashMap;

impl HeapBuilder {
    /// The whole file and what is in it. Of several objects at one address the model has the first.
    pub fn finish_with_model(mut self) -> (Vec<u8>, Model) {
        let mut wire = Wire::new(self.id_size);
        self.write_header(&mut wire);
        self.write_top(&mut wire);
        self.write_heap(&mut wire);
        (wire.bytes, self.model())
    }

    /// Puts the instances and arrays into an order that `seed` chooses: some collectors do not dump by address.
    pub fn shuffle_objects(&mut self, seed: u64) {
        let mut random = SplitMix64::new(seed);
        for at in (1..self.objects.len()).rev() {
            self.objects.swap(at, random.index(at + 1));
        }
        for (at, record) in self.objects.iter().enumerate() {
            if let SubRecord::Object { address, .. } = record {
                self.object_by_address.insert(*address, at);
            }
        }
    }

    fn model(&self) -> Model {
        let mut model = Model::default();
        self.model_classes(&mut model);
        for record in &self.objects {
            if let SubRecord::Object { address, body } = record {
                model.objects.entry(*address).or_insert_with(|| self.model_object(body));
            }
        }
        self.model_roots(&mut model);
        model
    }

    fn model_classes(&self, model: &mut Model) {
        let class_address = self.class_address("java.lang.Class");
        for class in &self.classes {
            let fixed = [class.superclass_address, class.loader, class.signers, class.protection_domain];
            let statics = class.statics.iter().filter_map(|(_, value)| reference(value));
            let references =
                fixed.map(Addr).into_iter().filter(|&id| id != Addr::NULL).chain(statics).collect();
            let object = ModelObject {
                class: "java.lang.Class".to_owned(),
                class_address,
                shallow_bytes: 0,
                references,
                length: None,
            };
            model.objects.entry(Addr(class.address)).or_insert(object);
        }
    }

    fn class_address(&self, name: &str) -> Addr {
        self.class_by_name.get(name).map_or(Addr::NULL, |class| class.address)
    }

    fn model_object(&self, body: &Body) -> ModelObject {
        let primitive = |kind: Kind, length: usize| {
            let element = kind.java_name().expect("an array of references is not primitive");
            let class = format!("{element}[]");
            let class_address = self.class_address(&class);
            let shallow_bytes = self.layout.array_bytes(kind, length as u64);
            ModelObject {
                class,
                class_address,
                shallow_bytes,
                references: Vec::new(),
                length: Some(length as u32),
            }
        };
        match body {
            Body::Instance { class, values } => {
                let data = &self.classes[*class];
                let class = super::ClassRef { index: *class, address: Addr(data.address) };
                ModelObject {
                    class: data.name.clone(),
                    class_address: class.address,
                    shallow_bytes: self.instance_bytes(class),
                    references: values.iter().filter_map(reference).collect(),
                    length: None,
                }
            }
            Body::ObjectArray { class, elements } => ModelObject {
                class: self
                    .classes
                    .iter()
                    .find(|data| data.address == class.0)
                    .map_or_else(String::new, |data| data.name.clone()),
                class_address: *class,
                shallow_bytes: self.layout.array_bytes(Kind::Ref, elements.len() as u64),
                references: elements.iter().copied().filter(|&element| element != Addr::NULL).collect(),
                length: Some(elements.len() as u32),
            },
            Body::PrimitiveArray(elements) => primitive(elements.kind(), elements.len()),
            Body::PrimitiveArrayNoData { kind, length } => primitive(*kind, *length as usize),
        }
    }

    fn model_roots(&self, model: &mut Model) {
        let mut threads: HashMap<u32, Addr> = HashMap::new();
        for root in &self.roots {
            if let Root::ThreadObject { object, thread, .. } = *root {
                threads.entry(thread).or_insert(object);
            }
        }
        for root in &self.roots {
            let serial = match *root {
                Root::JavaFrame { thread, .. }
                | Root::JniLocal { thread, .. }
                | Root::NativeStack { thread, .. }
                | Root::ThreadBlock { thread, .. } => Some(thread),
                Root::Unreachable(_) => continue,
                _ => None,
            };
            match serial.and_then(|serial| threads.get(&serial)) {
                Some(&thread) => model.stacks.push((thread, root.object())),
                None => {
                    model.roots.insert(root.object());
                }
            }
        }
    }
}

/// The target of a reference that is not null.
fn reference(value: &Value) -> Option<Addr> {
    match value {
        Value::Ref(target) if *target != Addr::NULL => Some(*target),
        _ => None,
    }
}
