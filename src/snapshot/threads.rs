//! The threads of the JVM with their stacks.
//!
//! Owns what THREAD_OBJECT roots, STACK_TRACE and STACK_FRAME records and the roots on stacks say. What a thread is called and what
//! it was doing is found elsewhere, from the fields of its object.

use super::build::{RawRoot, TopLevel};
use super::classes::Names;
use crate::hprof::{RootTag, Serial};
use crate::ix::ObjectIx;
use hashbrown::HashMap;
use std::sync::Arc;

/// A thread that was alive when the dump was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thread {
    /// Its `java.lang.Thread` object.
    pub object: ObjectIx,
    /// Its number in the dump.
    pub serial: Serial,
    /// Its stack, the innermost frame first.
    pub frames: Vec<StackFrame>,
    /// What its stack holds outside of Java frames: JNI locals of native code, the VM's own handles.
    pub native_locals: Vec<ObjectIx>,
}

/// A frame of a thread's stack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StackFrame {
    /// The class, as Java writes it.
    pub class: Arc<str>,
    /// The method.
    pub method: Arc<str>,
    /// The method's signature in the VM's form.
    pub signature: Arc<str>,
    /// The source file, if known.
    pub file: Option<Arc<str>>,
    /// The line: positive, or 0 if unknown.
    pub line: u32,
    /// Whether it is a native method.
    pub native: bool,
    /// What its local variables refer to.
    pub locals: Vec<ObjectIx>,
    /// The same in the order of its slots, where several of these refer to one object; else empty, and `locals` are in that order.
    pub repeated: Vec<ObjectIx>,
}

/// The most variables of a frame of which the order is known.
const MOST_IN_ORDER: usize = 64;

impl StackFrame {
    /// What its slots refer to, in order, with what the expression that it is in has on the operand stack at the end. Empty for frames with more than a
    /// compiler makes.
    pub fn slots(&self) -> &[ObjectIx] {
        match (&self.repeated[..], &self.locals[..]) {
            ([], locals) if locals.len() <= MOST_IN_ORDER => locals,
            (repeated, _) => repeated,
        }
    }
}

impl Thread {
    /// Everything that its stack refers to.
    pub fn locals(&self) -> impl Iterator<Item = ObjectIx> + '_ {
        self.frames
            .iter()
            .flat_map(|frame| frame.locals.iter().copied())
            .chain(self.native_locals.iter().copied())
    }
}

/// The threads, and for each thread serial its number. `find` maps the thread objects.
pub(super) fn read(
    roots: &[RawRoot],
    top: &TopLevel,
    names: &mut Names<'_>,
    find: impl Fn(crate::hprof::ObjectId) -> Option<ObjectIx>,
) -> (Vec<Thread>, HashMap<Serial, u32>) {
    let traces: HashMap<Serial, &[u64]> =
        top.traces.iter().map(|trace| (trace.serial, trace.frames.as_slice())).collect();
    let mut threads: Vec<Thread> = Vec::new();
    let mut by_serial = HashMap::new();
    for root in roots.iter().filter(|root| root.tag == RootTag::ThreadObject) {
        let (Some(serial), Some(object)) = (root.thread, find(root.object)) else { continue };
        if by_serial.contains_key(&serial) {
            continue;
        }
        by_serial.insert(serial, threads.len() as u32);
        let frames = root.frame.and_then(|trace| traces.get(&Serial(trace))).copied().unwrap_or_default();
        let frames = frames.iter().filter_map(|id| top.frames.get(id)).map(|frame| {
            let class = top.class_by_serial.get(&frame.class);
            let (class, _) =
                class.map_or_else(|| ("?".into(), None), |&id| super::build::name_of(id, top, names));
            let known_file = frame.file.0 != 0;
            StackFrame {
                class,
                method: names.shared(frame.method),
                signature: names.shared(frame.signature),
                file: known_file.then(|| names.shared(frame.file)).filter(|file| &**file != "Unknown Source"),
                line: u32::try_from(frame.line).unwrap_or(0),
                native: frame.line == -3,
                locals: Vec::new(),
                repeated: Vec::new(),
            }
        });
        threads.push(Thread { object, serial, frames: frames.collect(), native_locals: Vec::new() });
    }
    for root in roots {
        let on_stack = matches!(
            root.tag,
            RootTag::JavaFrame | RootTag::JniLocal | RootTag::NativeStack | RootTag::ThreadBlock
        );
        let Some(&thread) = root.thread.filter(|_| on_stack).and_then(|serial| by_serial.get(&serial)) else {
            continue;
        };
        let Some(object) = find(root.object) else { continue };
        let thread = &mut threads[thread as usize];
        let frame = root.frame.and_then(|frame| thread.frames.get_mut(frame as usize));
        let locals = match frame {
            Some(frame) => {
                if frame.repeated.len() <= MOST_IN_ORDER {
                    frame.repeated.push(object);
                }
                &mut frame.locals
            }
            None => &mut thread.native_locals,
        };
        if !locals.contains(&object) || locals.len() > MOST_IN_ORDER {
            locals.push(object);
        }
    }
    for thread in &mut threads {
        for frame in &mut thread.frames {
            if frame.repeated.len() == frame.locals.len() || frame.repeated.len() > MOST_IN_ORDER {
                frame.repeated = Vec::new();
            }
        }
        // Long lists were not looked through above; the order of the dump says nothing there.
        let lists =
            thread.frames.iter_mut().map(|frame| &mut frame.locals).chain([&mut thread.native_locals]);
        for locals in lists.filter(|locals| locals.len() > MOST_IN_ORDER) {
            locals.sort_unstable();
            locals.dedup();
        }
    }
    (threads, by_serial)
}
