//! Threads: what they do, what their local variables hold; threads that do the same as one.

use super::markup::{Markup, anchor};
use super::values::{data_name, data_text, percent, place, ratio};
use crate::render::text::{count, value_in_words};
use crate::report::{Arg, Frame, FrameView, LocalView, Text, ThreadGroup, ThreadView};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Threads that stand in the page as HTML. The script draws the others.
const STATIC_THREADS: usize = 12;
/// Frames of a stack that stand in the page as HTML, unless they hold something.
const STATIC_FRAMES: usize = 40;

/// The id of a thread's place in the page.
pub(super) fn anchor_of(thread: &ThreadView) -> String {
    anchor(&format!("thread-{:#x}", thread.address))
}

/// The threads of a section. So many more are not in the report.
pub(super) fn write(m: &mut Markup, threads: &[ThreadView], groups: &[ThreadGroup], omitted: u64) {
    if !groups.is_empty() {
        same(m, groups);
    }
    let largest = threads.iter().map(|thread| thread.retained_bytes).max().unwrap_or(0);
    m.div("threads").attr("id", "threads-all").inside(|m| {
        m.div("table-head").inside(|m| {
            m.el("h3").inside(|m| {
                m.message("html-all-threads");
                m.span("nr").text(&count(threads.len() as u64 + omitted));
            });
            m.div("tools js").inside(|m| {
                m.el("label").attr("for", "threads-filter").inside(|m| m.message("html-thread-search"));
                m.el("input")
                    .attr("type", "search")
                    .attr("id", "threads-filter")
                    .attr("autocomplete", "off")
                    .attr("spellcheck", "false")
                    .void();
            });
        });
        m.div("thread-list").inside(|m| {
            for thread in threads.iter().take(STATIC_THREADS) {
                one(m, thread, largest);
            }
        });
        if threads.len() > STATIC_THREADS {
            m.el("p").class("dim static").inside(|m| {
                let args = [
                    ("count", Arg::Count(STATIC_THREADS as u64)),
                    ("total", Arg::Count(threads.len() as u64)),
                ];
                m.words(&Text::with("html-static-rows", args));
            });
        }
        if omitted > 0 {
            m.el("p").class("dim").inside(|m| {
                m.words(&Text::with("html-threads-omitted", [("count", Arg::Count(omitted))]));
            });
        }
        if threads.len() > STATIC_THREADS {
            m.data(&Pool::data(threads, largest));
        }
    });
}

fn one(m: &mut Markup, thread: &ThreadView, largest: u64) {
    let id = anchor_of(thread);
    m.el("details").class("thread").attr("id", id).flag_if(thread.threw_oom, "open").inside(|m| {
        m.el("summary").inside(|m| {
            m.el("code").class("name").inside(|m| name(m, thread));
            m.span("marks").inside(|m| marks(m, thread));
            m.span("sum").inside(|m| {
                m.size(thread.retained_bytes);
                m.el("i")
                    .attr("class", format_args!("w w{}", percent(ratio(thread.retained_bytes, largest))))
                    .text("");
            });
        });
        m.el("p").class("line dim").inside(|m| {
            m.class_name(&thread.class);
            held(m, "html-thread-locals", thread.locals_retained_bytes);
            held(m, "html-thread-thread-locals", thread.thread_locals_retained_bytes);
            // More than goes with the thread: it is no error.
            if thread.locals_retained_bytes > thread.retained_bytes {
                m.span("").message("html-thread-shared");
            }
            if let Some(what) = &thread.waits_for {
                m.span("").inside(|m| m.words(&Text::with("html-thread-waits", [("what", Arg::name(what))])));
            }
        });
        if thread.frames.is_empty() {
            m.el("p").class("dim").inside(|m| m.message("html-thread-no-stack"));
        } else {
            let much = much(thread);
            m.el("ol").class("stack").inside(|m| {
                for (i, frame) in thread.frames.iter().enumerate() {
                    if i < STATIC_FRAMES || !frame.locals.is_empty() {
                        one_frame(m, frame, |local| {
                            local.address != thread.address && local.retained_bytes >= much
                        });
                    }
                }
            });
        }
    });
}

/// Virtual threads have no name unless they were given one.
fn name(m: &mut Markup, thread: &ThreadView) {
    if thread.name.is_empty() {
        m.span("dim").message("html-thread-unnamed");
        m.text(" ");
        m.span("a").text(&format!("{:#x}", thread.address));
    } else {
        m.name(&thread.name);
    }
}

fn held(m: &mut Markup, id: &str, size: u64) {
    if size > 0 {
        m.span("").inside(|m| {
            m.message(id);
            m.text(" ");
            m.size(size);
        });
    }
}

fn marks(m: &mut Markup, thread: &ThreadView) {
    if thread.threw_oom {
        m.span("badge leak").inside(|m| m.message("html-thread-threw"));
    }
    if let Some(state) = &thread.state {
        m.span("badge state").name(state);
    }
    if thread.is_virtual {
        m.span("badge state").inside(|m| m.message("html-thread-virtual"));
    } else if thread.daemon == Some(true) {
        m.span("badge state").inside(|m| m.message("html-thread-daemon"));
    }
}

/// From which size on a local variable of a thread is what one looks for: a tenth of its largest one. That the thread itself is among
/// them says nothing.
fn much(thread: &ThreadView) -> u64 {
    let locals = thread.frames.iter().flat_map(|frame| &frame.locals);
    let others = locals.filter(|local| local.address != thread.address);
    (others.map(|local| local.retained_bytes).max().unwrap_or(0) / 10).max(LITTLE)
}

/// Smaller variables are nothing to look at.
const LITTLE: u64 = 4096;

fn one_frame(m: &mut Markup, frame: &FrameView, is_much: impl Fn(&LocalView) -> bool) {
    m.el("li").inside(|m| {
        m.frame(&frame.frame);
        if !frame.locals.is_empty() {
            m.el("ul").class("locals").inside(|m| {
                for local in &frame.locals {
                    m.el("li").class_if(if is_much(local) { "much" } else { "" }).inside(|m| {
                        m.size(local.retained_bytes);
                        m.class_name(&local.class);
                        m.span("a").text(&format!("{:#x}", local.address));
                        if let Some(value) = &local.value {
                            m.span("v").words(&value_in_words(value));
                        }
                    });
                }
            });
        }
    });
}

/// How the report calls threads that have no name.
const UNNAMED: &str = "<unnamed>";

fn same(m: &mut Markup, groups: &[ThreadGroup]) {
    m.div("groups").attr("id", "threads-groups").inside(|m| {
        m.el("h3").inside(|m| {
            m.message("html-groups");
            m.span("nr").text(&count(groups.len() as u64));
        });
        for group in groups {
            m.el("details").class("thread").inside(|m| {
                m.el("summary").inside(|m| {
                    m.el("code").class("name").inside(|m| match &*group.pattern {
                        UNNAMED => m.message("html-thread-unnamed"),
                        pattern => m.name(pattern),
                    });
                    m.span("marks").inside(|m| {
                        m.span("n").text(&format!("× {}", count(group.count)));
                        if let Some(doing) = &group.doing {
                            m.span("doing").inside(|m| m.words(doing));
                        }
                    });
                    m.span("sum").inside(|m| m.size(group.retained_bytes));
                });
                m.el("ol").class("stack").inside(|m| {
                    for frame in group.frames.iter().take(STATIC_FRAMES) {
                        m.el("li").inside(|m| m.frame(frame));
                    }
                });
            });
        }
    });
}

/// Names and frames that many threads share, each stored once.
#[derive(Default)]
struct Pool<'r> {
    number_by_name: BTreeMap<&'r str, usize>,
    names: Vec<&'r str>,
    number_by_frame: BTreeMap<(usize, usize, String), usize>,
    frames: Vec<Value>,
}

impl<'r> Pool<'r> {
    fn data(threads: &'r [ThreadView], largest: u64) -> Value {
        let mut pool = Self::default();
        let list: Vec<Value> = threads.iter().map(|thread| pool.thread(thread)).collect();
        let names: Vec<Value> = pool.names.iter().map(|name| data_name(name)).collect();
        json!({ "names": names, "frames": pool.frames, "threads": list, "max": largest })
    }

    fn name(&mut self, name: &'r str) -> usize {
        *self.number_by_name.entry(name).or_insert_with(|| {
            self.names.push(name);
            self.names.len() - 1
        })
    }

    fn frame(&mut self, frame: &'r Frame) -> usize {
        let class = self.name(&frame.class);
        let method = self.name(&frame.method);
        let place = place(frame).unwrap_or_default();
        let next = self.frames.len();
        let number = *self.number_by_frame.entry((class, method, place.clone())).or_insert(next);
        if number == next {
            self.frames.push(json!([class, method, data_name(&place)]));
        }
        number
    }

    fn thread(&mut self, thread: &'r ThreadView) -> Value {
        let class = self.name(&thread.class);
        let frames: Vec<Value> = thread.frames.iter().map(|frame| self.stack_frame(frame)).collect();
        let kind = if thread.is_virtual { 2 } else { u8::from(thread.daemon == Some(true)) };
        json!({
            "a": format!("{:#x}", thread.address),
            "n": data_name(&thread.name),
            "c": class,
            "s": thread.state.as_deref().map(data_name),
            "k": kind,
            "o": u8::from(thread.threw_oom),
            "r": thread.retained_bytes,
            "l": [thread.locals_retained_bytes, thread.thread_locals_retained_bytes],
            "w": thread.waits_for.as_deref().map(data_name),
            "f": frames,
        })
    }

    /// A frame without locals is its number alone.
    fn stack_frame(&mut self, frame: &'r FrameView) -> Value {
        let number = self.frame(&frame.frame);
        if frame.locals.is_empty() {
            return json!(number);
        }
        let locals: Vec<Value> = frame.locals.iter().map(|local| self.local(local)).collect();
        json!([number, locals])
    }

    fn local(&mut self, local: &'r LocalView) -> Value {
        let class = self.name(&local.class);
        let address = format!("{:#x}", local.address);
        match &local.value {
            Some(value) => {
                json!([local.retained_bytes, class, address, data_text(&value_in_words(value))])
            }
            None => json!([local.retained_bytes, class, address]),
        }
    }
}
