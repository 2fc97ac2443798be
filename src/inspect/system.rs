//! The virtual machine: properties, environment, arguments, object layout.
//!
//! What it finds: the system properties and environment variables that the heap holds, the arguments of the JVM where something has asked for
//! them, the garbage collectors, and how objects were laid out.
//! Why it matters: version, memory limits, collector and encodings explain much of what a heap looks like.
//! How it is computed: from `java.lang.System`, `java.lang.ProcessEnvironment`, `sun.management.VMManagementImpl`, the beans of
//! `java.lang.management`, and the snapshot's object layout.
//! False positives: values that look like secrets are masked, harmless ones among them too.

use super::blocks::{facts, table};
use super::report::jvm_facts;
use super::{Context, InspectError, Inspection, Outcome};
use crate::query::{direct_memory_limit, environment, garbage_collectors, mask, mask_value, vm_arguments};
use crate::report::{Block, Cell, Column, Confidence, Fact, Section};

/// See the module.
#[derive(Debug)]
pub(super) struct System;

impl Inspection for System {
    fn id(&self) -> &'static str {
        "system"
    }

    fn run(&self, context: &Context<'_>) -> Result<Outcome, InspectError> {
        let snapshot = context.snapshot;
        let jvm = jvm_facts(snapshot);
        let text = |value: Option<String>| value.map_or(Cell::None, Cell::Value);
        let command = jvm.properties.get("sun.java.command").cloned();
        let collectors = garbage_collectors(snapshot);
        let mut vm = vec![
            Fact::new("java_version", text(jvm.version)),
            Fact::new("vendor", text(jvm.vendor)),
            Fact::new("vm", text(jvm.vm)),
            Fact::new("command", text(command)),
        ];
        if !collectors.is_empty() {
            vm.push(Fact::new("collectors", Cell::Value(collectors.join(", "))));
        }
        if let Some(bytes) = direct_memory_limit(snapshot) {
            vm.push(Fact::new("max_direct_memory", Cell::Bytes(bytes)));
        }
        let layout = jvm.object_layout;
        let confidence = match layout.confidence {
            Confidence::Exact => Cell::term("exact", "confidence-exact"),
            Confidence::Likely => Cell::term("likely", "confidence-likely"),
            Confidence::Estimated => Cell::term("estimated", "confidence-estimated"),
        };
        let evidence = layout.evidence;
        let layout = vec![
            Fact::new("header_bytes", Cell::Bytes(layout.header_bytes.into())),
            Fact::new("reference_bytes", Cell::Bytes(layout.reference_bytes.into())),
            Fact::new("alignment_bytes", Cell::Bytes(layout.alignment_bytes.into())),
            Fact::new("compact_headers", Cell::Flag(layout.compact_headers)),
            Fact::new("confidence", confidence),
        ];
        let mut blocks = vec![facts("vm", vm), facts("layout", layout)];
        blocks.extend(evidence.into_iter().map(|text| Block::Prose { text }));
        let pair = || vec![Column::left("name"), Column::left("value")];
        let arguments: Vec<String> = vm_arguments(snapshot);
        if !arguments.is_empty() {
            let columns = vec![Column::left("value")];
            blocks.push(table(context, "arguments", columns, arguments, |argument| {
                vec![Cell::Value(masked_argument(&argument))]
            }));
        }
        let properties: Vec<_> = jvm.properties.into_iter().collect();
        blocks.push(table(context, "properties", pair(), properties, |(name, value)| {
            vec![Cell::Value(name), Cell::Value(value)]
        }));
        let variables = environment(snapshot);
        if !variables.is_empty() {
            blocks.push(table(context, "environment", pair(), variables, |(name, value)| {
                let value = mask(&name, &value).into_owned();
                vec![Cell::Value(name), Cell::Value(value)]
            }));
        }
        Ok(Outcome { section: Section { id: self.id().into(), blocks }, findings: Vec::new() })
    }
}

/// `-Dname=value` is masked like a property.
fn masked_argument(argument: &str) -> String {
    match argument.strip_prefix("-D").and_then(|rest| rest.split_once('=')) {
        Some((name, value)) => format!("-D{name}={}", mask(name, value)),
        None => mask_value(argument).into_owned(),
    }
}
