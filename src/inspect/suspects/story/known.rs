//! The name by which those who use a library know what fills the memory: the map of a grid, the tasks of a timer.
//!
//! Owns which of the rules' names is taken, and whether one speaks for all of the suspect. Cost: a few steps up and down from some dozen objects, and a pass
//! over the class column where a rule names many instances together.

use super::Story;
use super::words::fingerprint;
use crate::hprof::ObjectId;
use crate::inspect::rules::ENTRIES;
use crate::inspect::suspects::parts::found_by;
use crate::inspect::{Context, InspectError};
use crate::ix::ObjectIx;
use crate::query::Origin;
use crate::report::{Arg, Finding, Holder, HolderKind, Severity, Suspect, SuspectKind, Text};
use crate::snapshot::Snapshot;

/// What the whole of a service is in.
const OF_EVERY_SERVICE: [&str; 6] = [
    "org.springframework.context.support.AbstractApplicationContext",
    "io.micronaut.context.DefaultBeanContext",
    "org.apache.catalina.startup.Tomcat",
    "org.eclipse.jetty.server.Server",
    "io.undertow.Undertow",
    "io.vertx.core.impl.VertxImpl",
];

impl Story {
    /// The name by which those who use a library know what fills it, where only fields of the library lead to it: the map of a grid rather than
    /// the table of its partitions. None if several such things share the memory.
    pub(super) fn known_as(
        &self,
        context: &Context<'_>,
        suspect: &Suspect,
        path: &[ObjectIx],
    ) -> Result<Option<Text>, InspectError> {
        // Of the JDK's own its queues have names.
        let may_have = match self.held.origin {
            Origin::Library => true,
            Origin::Jdk => suspect.backlog,
            // A few rules know the application's own tasks and meters better by what is the matter with them.
            Origin::Application => return self.known_by_own_rule(context, suspect, path),
        };
        if self.held.kind != SuspectKind::Leak || !may_have {
            return Ok(None);
        }
        let snapshot = context.snapshot;
        let inside = self.inside(snapshot);
        let mut names = inside.into_iter().map(|objects| context.rules().known_as(snapshot, &objects, path));
        let first = names.next().flatten();
        Ok(first.filter(|first| names.all(|name| name.as_ref() == Some(first))))
    }

    /// How many things are in all of what a rule has found, where the suspect goes by a name that does not say so.
    pub(super) fn entries_by_rule(
        &self,
        context: &Context<'_>,
        suspect: &Suspect,
    ) -> Result<Option<Text>, InspectError> {
        let rule = suspect.rule.as_deref().and_then(|id| context.rules().find(id));
        let Some(rule) = rule.filter(|rule| rule.counts_entries()) else { return Ok(None) };
        let is_most = |finding: &&Finding| {
            finding.id == rule.id() && finding.bytes.saturating_mul(2) >= suspect.retained_bytes
        };
        let found = context.rule_findings()?.iter().find(is_most);
        Ok(found.and_then(|found| found.evidence.iter().find(|text| text.is_one_of(&[ENTRIES]))).cloned())
    }

    /// As what the rule that explains it knows it, where the rule says so of what a field of the application's holds.
    fn known_by_own_rule(
        &self,
        context: &Context<'_>,
        suspect: &Suspect,
        path: &[ObjectIx],
    ) -> Result<Option<Text>, InspectError> {
        let snapshot = context.snapshot;
        let rule = suspect.rule.as_deref().and_then(|id| context.rules().find(id));
        let is_leak = suspect.kind == SuspectKind::Leak;
        let Some(rule) = rule.filter(|rule| is_leak && rule.names_own()) else { return Ok(None) };
        if rule.is_about_one() {
            let known = path.iter().rev().copied().find(|&object| rule.holds_for(snapshot, object));
            return Ok(known.and_then(|known| rule.name_of_many(snapshot, 1, Some(known))));
        }
        let is_of_holder = |finding: &&Finding| {
            let holder = finding.holder.as_ref().map(Holder::label);
            finding.id == rule.id() && holder == Some(suspect.holder.label())
        };
        let found = context.rule_findings()?.iter().find(is_of_holder);
        let Some((found, class)) = found.and_then(|found| Some((found, found.class.as_deref()?))) else {
            return Ok(None);
        };
        let first = found_by(snapshot, rule, class)?.first().copied();
        Ok(rule.name_of_many(snapshot, found.count, first))
    }

    /// Has what a context or a server in a variable of `main` leads to held by the field on the path that the rule names which explains it: every service has one there,
    /// and nobody would change anything at that place. A session or a cache in such a variable is the application's own, and the variable says whose. The path stays.
    pub(super) fn hold_by_field_of_rule(
        &self,
        context: &Context<'_>,
        suspect: &mut Suspect,
    ) -> Result<(), InspectError> {
        let snapshot = context.snapshot;
        let class = snapshot.class_of(self.held.object);
        let is_of_main = suspect.kind == SuspectKind::Leak
            && suspect.holder.kind == HolderKind::StackLocal
            && OF_EVERY_SERVICE.iter().any(|name| snapshot.classes().is_named(class, name));
        let rule = suspect.rule.as_deref().and_then(|id| context.rules().find(id));
        let Some(rule) = rule.filter(|_| is_of_main) else { return Ok(()) };
        let named = suspect.path.iter().find_map(|step| {
            let (field, object) = (step.field.as_deref()?, snapshot.find(ObjectId(step.address))?);
            let mut lineage = snapshot.classes().lineage(snapshot.class_of(object));
            let (_, class) = lineage.find(|(_, class)| rule.knows_holder(&class.name, field))?;
            Some(Holder::of_field(HolderKind::InstanceField, &class.name, field))
        });
        let is_about_it = |finding: &&Finding| {
            finding.id == rule.id()
                && finding.severity > Severity::Info
                && finding.bytes.saturating_mul(10) >= suspect.retained_bytes.saturating_mul(7)
        };
        let found = context.rule_findings()?.iter().find(is_about_it);
        let Some((holder, found)) = named.zip(found) else { return Ok(()) };
        // What the application has put into it no rule can name.
        let contents = match &suspect.title {
            Text::Message { id, args } if id == "suspect-title-with" => {
                args.get("element").zip(args.get("count"))
            }
            _ => None,
        };
        let of_contents = contents
            .into_iter()
            .flat_map(|(element, count)| [("element", element.clone()), ("count", count.clone())]);
        let id = if contents.is_some() { "verdict-told-by-rule-with" } else { "verdict-told-by-rule" };
        let args = [("rule", Arg::text(found.title.clone())), ("holder", holder.words())];
        suspect.title = Text::with(id, args.into_iter().chain(of_contents));
        suspect.fingerprint = fingerprint(suspect.kind, &suspect.class, &holder);
        suspect.holder = holder;
        Ok(())
    }

    /// For some of the largest things that it consists of: the objects that one looks at to know what it is, from what is largest in it up to what
    /// retains it.
    pub(super) fn inside(&self, snapshot: &Snapshot) -> Vec<Vec<ObjectIx>> {
        const LOOKED_AT: usize = 16;
        const DEEPEST: usize = 16;
        let tree = snapshot.dominators();
        let mut tops: Vec<ObjectIx> = Vec::new();
        for part in &self.parts {
            tops.extend(part.samples().iter().take(LOOKED_AT));
            let Some(object) = part.object() else { continue };
            let mut elements = tree.children(object).to_vec();
            elements.sort_by_key(|&element| (std::cmp::Reverse(snapshot.retained_bytes(element)), element));
            elements.truncate(LOOKED_AT);
            tops.extend(if elements.is_empty() { vec![object] } else { elements });
        }
        tops.truncate(4 * LOOKED_AT);
        let objects = |top: ObjectIx| {
            let below = std::iter::successors(Some(top), |&object| {
                let children = tree.children(object).iter().copied();
                children.max_by_key(|&child| (snapshot.retained_bytes(child), std::cmp::Reverse(child)))
            });
            let mut objects: Vec<ObjectIx> = below.take(DEEPEST).collect();
            objects.extend(tree.dominators(top).take(DEEPEST));
            objects
        };
        tops.into_iter().map(objects).collect()
    }
}
