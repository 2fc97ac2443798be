//! Threads: the object, its root, its stack trace, the locals of each frame.

use super::{ClassRef, HeapBuilder, Jdk};
use crate::root::Root;
use crate::value::{Addr, Value};

/// A frame of a stack trace. Identifiers are those of names.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub(crate) method: u64,
    pub(crate) signature: u64,
    pub(crate) file: u64,
    pub(crate) class: usize,
    pub(crate) line: i32,
}

/// A stack trace; frames by number, the top first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trace {
    pub(crate) thread: u32,
    pub(crate) frames: Vec<usize>,
}

/// A thread of the heap under construction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ThreadRef {
    /// The `java.lang.Thread`.
    pub object: Addr,
    /// Serial number that roots name the thread by.
    pub serial: u32,
    /// Serial number of its stack trace.
    pub trace: u32,
}

/// Describes one thread; [`ThreadBuilder::build`] adds it to the heap.
#[derive(Debug)]
#[must_use = "nothing is added to the heap before `build`"]
pub struct ThreadBuilder<'heap> {
    heap: &'heap mut HeapBuilder,
    name: String,
    daemon: bool,
    status: i32,
    class: Option<ClassRef>,
    fields: Vec<(String, Value)>,
    frames: Vec<Frame>,
    locals: Vec<(Addr, i32, bool)>,
}

/// `threadStatus` of a thread that runs (JVMTI: alive and runnable).
pub const RUNNABLE: i32 = 5;

impl ThreadBuilder<'_> {
    /// A daemon thread.
    pub fn daemon(mut self) -> Self {
        self.daemon = true;
        self
    }

    /// `threadStatus`, bits of JVMTI: 5 runnable (the default), 401 waiting, 417 timed waiting, 1025 blocked.
    pub fn status(mut self, status: i32) -> Self {
        self.status = status;
        self
    }

    /// A subclass of `java.lang.Thread`.
    pub fn class(mut self, class: ClassRef) -> Self {
        self.class = Some(class);
        self
    }

    /// A field of the thread object, for instance `threadLocals` or `contextClassLoader`.
    pub fn field(mut self, name: &str, value: Value) -> Self {
        self.fields.push((name.to_owned(), value));
        self
    }

    /// The next frame down the stack. `line` is as in the dump: 0 and below mean unknown (-1), compiled (-2) or
    /// native (-3).
    pub fn frame(mut self, class: ClassRef, method: &str, signature: &str, file: &str, line: i32) -> Self {
        let (method, signature) = (self.heap.name(method), self.heap.name(signature));
        let file = self.heap.name(file);
        self.frames.push(Frame { method, signature, file, class: class.index, line });
        self
    }

    /// A local variable of the last frame (JAVA_FRAME root; frame -1 if there is none yet).
    pub fn local(mut self, object: Addr) -> Self {
        let frame = self.last_frame();
        self.locals.push((object, frame, true));
        self
    }

    /// A JNI local of the last frame.
    pub fn jni_local(mut self, object: Addr) -> Self {
        let frame = self.last_frame();
        self.locals.push((object, frame, false));
        self
    }

    fn last_frame(&self) -> i32 {
        i32::try_from(self.frames.len()).expect("a stack in a test is short") - 1
    }

    /// Adds object, trace and roots to the heap.
    pub fn build(self) -> ThreadRef {
        let ThreadBuilder { heap, name, daemon, status, class, fields, frames, locals } = self;
        let serial = heap.threads + 1;
        heap.threads = serial;
        let object = heap.thread_object(&name, class, serial, daemon, status);
        for (field, value) in fields {
            heap.set_field(object, &field, value);
        }
        let first = heap.frames.len();
        heap.frames.extend(frames);
        let frames = (first..heap.frames.len()).collect();
        heap.traces.push(Trace { thread: serial, frames });
        let trace = u32::try_from(heap.traces.len()).expect("few traces");
        heap.root(Root::ThreadObject { object, thread: serial, trace });
        for (object, frame, java) in locals {
            heap.root(if java {
                Root::JavaFrame { object, thread: serial, frame }
            } else {
                Root::JniLocal { object, thread: serial, frame }
            });
        }
        ThreadRef { object, serial, trace }
    }
}

impl HeapBuilder {
    /// Begins a thread.
    pub fn thread(&mut self, name: &str) -> ThreadBuilder<'_> {
        ThreadBuilder {
            heap: self,
            name: name.to_owned(),
            daemon: false,
            status: RUNNABLE,
            class: None,
            fields: Vec::new(),
            frames: Vec::new(),
            locals: Vec::new(),
        }
    }

    fn thread_object(
        &mut self,
        name: &str,
        class: Option<ClassRef>,
        serial: u32,
        daemon: bool,
        status: i32,
    ) -> Addr {
        let name = self.string(name);
        let class = class.unwrap_or_else(|| self.jdk_class("java.lang.Thread"));
        let object = self.instance_with(class, &[("name", Value::Ref(name))]);
        let state = if self.jdk == Jdk::V21 {
            let holder = self.jdk_class("java.lang.Thread$FieldHolder");
            let holder = self.instance(holder, &[]);
            self.set_field(object, "holder", Value::Ref(holder));
            holder
        } else {
            object
        };
        self.set_field(state, "daemon", Value::Boolean(daemon));
        self.set_field(state, "priority", Value::Int(5));
        if self.jdk != Jdk::Android {
            self.set_field(object, "tid", Value::Long(i64::from(serial)));
            self.set_field(object, "eetop", Value::Long(0x7f33_4002_1000 + 0x1000 * i64::from(serial)));
            self.set_field(state, "threadStatus", Value::Int(status));
        }
        object
    }

    /// A stack trace that belongs to no thread's root (allocation sites, CPU samples). Returns its serial number.
    pub fn stack_trace(&mut self, frames: &[(ClassRef, &str, &str, i32)]) -> u32 {
        let first = self.frames.len();
        for &(class, method, file, line) in frames {
            let (method, signature, file) = (self.name(method), self.name("()V"), self.name(file));
            self.frames.push(Frame { method, signature, file, class: class.index, line });
        }
        self.traces.push(Trace { thread: 0, frames: (first..self.frames.len()).collect() });
        u32::try_from(self.traces.len()).expect("few traces")
    }
}
