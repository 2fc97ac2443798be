//! Threads on a terminal: pools first, then each thread with its stack and its locals.
//!
//! A stack that was shown already is not shown again: of forty workers that wait for the same, one tells where. Cost: linear.

use super::Screen;
use super::style::clean;
use crate::render::text::{bytes, value_in_words};
use crate::report::{Arg, Frame, FrameView, ThreadGroup, ThreadView};
use hashbrown::HashMap;

/// A stack that has no more frames is shown again rather than referred to.
const SHORT: usize = 3;
/// A frame that holds as much is shown even if the stack is that of another thread.
const MUCH: u64 = 1 << 20;

pub(super) fn write(screen: &mut Screen, threads: &[ThreadView], groups: &[ThreadGroup]) {
    for group in groups {
        one_group(screen, group);
    }
    // By the stack, the name of the thread that it was shown for.
    let mut shown: HashMap<Vec<&Frame>, &str> = HashMap::new();
    for thread in threads {
        head(screen, thread);
        let stack: Vec<&Frame> = thread.frames.iter().map(|view| &view.frame).collect();
        let like = shown.get(&stack).copied().filter(|_| stack.len() > SHORT);
        match like {
            Some(name) => as_of(screen, thread, name),
            None => thread.frames.iter().for_each(|view| frame(screen, view)),
        }
        shown.entry(stack).or_insert(&thread.name);
    }
}

fn one_group(screen: &mut Screen, group: &ThreadGroup) {
    let args = [
        ("pattern", Arg::name(&group.pattern)),
        ("count", Arg::Count(group.count)),
        ("size", Arg::Bytes(group.retained_bytes)),
    ];
    let doing = group.doing.as_ref().map(|doing| format!(": {}", screen.say(doing))).unwrap_or_default();
    let words = screen.message("terminal-thread-group", args) + &doing;
    screen.paragraph("", &words);
}

fn head(screen: &mut Screen, thread: &ThreadView) {
    screen.out.push('\n');
    let mut head = format!("\"{}\"", thread.name);
    for word in [
        thread.state.clone(),
        thread.daemon.filter(|&daemon| daemon).map(|_| screen.language.message("terminal-daemon")),
        thread.is_virtual.then(|| screen.language.message("terminal-virtual")),
    ]
    .into_iter()
    .flatten()
    {
        head += &format!(" {word}");
    }
    let retained = screen.message("terminal-retains", [("size", Arg::Bytes(thread.retained_bytes))]);
    let locals = screen.message("terminal-locals", [("size", Arg::Bytes(thread.locals_retained_bytes))]);
    let head = clean(&head).into_owned();
    let head = if thread.threw_oom {
        screen.style.error(&(head + " OutOfMemoryError"))
    } else {
        screen.style.bold(&head)
    };
    screen.line(&format!("{head}  {retained}, {locals}"));
    if let Some(waits) = &thread.waits_for {
        let words = screen.message("terminal-waits-for", [("what", Arg::name(waits))]);
        screen.line(&format!("    {}", clean(&words)));
    }
}

/// A stack that was shown for the thread of that name: its top, what holds much in this one, and whose it is.
fn as_of(screen: &mut Screen, thread: &ThreadView, name: &str) {
    let holds_much = |view: &FrameView| view.locals.iter().any(|local| local.retained_bytes >= MUCH);
    let mut omitted = 0;
    for (at, view) in thread.frames.iter().enumerate() {
        if at == 0 || holds_much(view) {
            frame(screen, view);
        } else {
            omitted += 1;
        }
    }
    let words = screen
        .message("terminal-same-stack", [("count", Arg::Count(omitted)), ("thread", Arg::name(clean(name)))]);
    let line = screen.style.dim(&format!("    {words}"));
    screen.line(&line);
}

fn frame(screen: &mut Screen, view: &FrameView) {
    screen.line(&format!("    at {}", clean(&view.frame.to_string())));
    for local in &view.locals {
        let value = local.value.as_deref().map(value_in_words);
        let value = value.map(|value| format!(" = {}", screen.language.text(&value))).unwrap_or_default();
        let size = bytes(local.retained_bytes);
        let text = format!("       {size:>10}  {}{value} {:#x}", local.class, local.address);
        let text = screen.style.dim(&clean(&text));
        screen.line(&text);
    }
}
