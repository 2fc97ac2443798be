//! Nested areas as a treemap and as an icicle: drawn for reading and printing here, drawn again by the script for zooming.
//!
//! Colours say which part of the heap an area belongs to: suspects have the colour of their kind, other areas that of the
//! topmost area above them. What stands in a picture is bounded, whatever the report holds.

use super::heap_bar::short_holders;
use super::markup::{Markup, anchor, shorten};
use super::section::map_caption;
use super::squarify::{Area, squarify};
use super::values::{data_name, innermost, kind_class, ratio, split_class};
use crate::render::text::{bytes, count, exact_bytes};
use crate::report::{MapNode, Report, Suspect};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Size of the drawn pictures in units of their view boxes; the script fits them to the window.
const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 460.0;
/// Height of the strip that names an area with areas inside, and of a level of the icicle.
const STRIP: f64 = 18.0;
const LEVEL: f64 = 24.0;
/// Smaller areas are not drawn.
const SMALLEST: f64 = 3.0;
/// Levels that are drawn without script.
const TREEMAP_DEPTH: usize = 3;
const ICICLE_DEPTH: usize = 12;
/// An area of which one inside is so large a part costs no level: otherwise a chain of objects, each of which holds the next, would be all one sees.
const SAME: f64 = 0.9;
/// Width of a character in units, for cutting labels.
const CHARACTER: f64 = 7.0;

/// The pictures of a section.
pub(super) fn write(m: &mut Markup, section: &str, id: &str, root: &MapNode, report: &Report) {
    let anchor = anchor(&format!("{section}-{id}"));
    if root.retained_bytes == 0 || root.children.is_empty() {
        return;
    }
    let colours = suspect_colours(report);
    m.el("figure")
        .class("map")
        .attr("id", &anchor)
        .attr("aria-labelledby", format_args!("{anchor}-name"))
        .inside(|m| {
            m.div("table-head").inside(|m| {
                m.el("h3").attr("id", format_args!("{anchor}-name")).inside(|m| map_caption(m, id));
                m.div("tools js").inside(|m| {
                    for (view, message) in [("treemap", "html-treemap"), ("icicle", "html-icicle")] {
                        m.el("button")
                            .attr("type", "button")
                            .attr("data-view", view)
                            .attr("aria-pressed", view == "treemap")
                            .inside(|m| m.message(message));
                    }
                });
            });
            m.div("crumbs js").text("");
            m.div("canvas").inside(|m| {
                treemap(m, root, &colours);
                // The script shows one of the two, without it they stand below each other.
                m.el("p").class("dim").inside(|m| m.message("html-icicle-about"));
                icicle(m, root, &colours);
            });
            m.el("p").class("dim").inside(|m| {
                m.message("html-map-about");
                m.text(" ");
                m.span("js").message("html-map-hint");
            });
            m.el("ul").class("legend").inside(|m| {
                for suspect in shown_suspects(root, report).into_iter().take(6) {
                    m.el("li").inside(|m| {
                        m.el("i").attr("class", format_args!("key {}", colour(suspect))).text("");
                        m.el("a")
                            .to(&super::verdict::anchor_of(suspect))
                            .inside(|m| m.words(&super::verdict::rank(suspect)));
                        m.el("span").inside(|m| short_holders(m, suspect));
                    });
                }
            });
            m.data(&SharedNames::data(root, &colours));
        });
}

/// The colour of a suspect's kind by the address of its object.
type Colours = BTreeMap<u64, &'static str>;

/// An area that is mostly one other area has its colour, this many levels down.
const MOSTLY_DEPTH: usize = 6;

/// The colour of an area that is a suspect, or that consists of hardly anything else.
fn suspect_colour(colours: &Colours, area: &MapNode) -> Option<&'static str> {
    let mut node = area;
    for _ in 0..MOSTLY_DEPTH {
        if let Some(colour) = colours.get(&node.address) {
            return Some(colour);
        }
        node = node.children.iter().max_by_key(|child| child.retained_bytes)?;
        if ratio(node.retained_bytes, area.retained_bytes) < 0.8 {
            return None;
        }
    }
    None
}

/// The objects that stand for a suspect in the dominator tree: its accumulation point, and those of its path that retain
/// about as much as it does.
fn suspect_addresses(suspect: &Suspect) -> impl Iterator<Item = u64> {
    let point = suspect.accumulation_point.as_ref().map(|point| point.address);
    let about_all = |bytes: u64| (0.7..1.5).contains(&ratio(bytes, suspect.retained_bytes));
    let steps = suspect.path.iter().filter(move |step| about_all(step.retained_bytes));
    point.into_iter().chain(steps.map(|step| step.address)).filter(|address| *address != 0)
}

/// The colour of a suspect's area: in the map it is pale anyhow.
fn colour(suspect: &Suspect) -> &'static str {
    kind_class(suspect).trim_end_matches(" unsure")
}

fn suspect_colours(report: &Report) -> Colours {
    let mut colours = Colours::new();
    for suspect in &report.suspects {
        for address in suspect_addresses(suspect) {
            colours.entry(address).or_insert(colour(suspect));
        }
    }
    colours
}

/// The suspects that are areas of the map, in their order.
fn shown_suspects<'r>(root: &MapNode, report: &'r Report) -> Vec<&'r Suspect> {
    let mut addresses = BTreeSet::new();
    let mut left = vec![root];
    while let Some(node) = left.pop() {
        addresses.insert(node.address);
        left.extend(&node.children);
    }
    let is_shown =
        |suspect: &&Suspect| suspect_addresses(suspect).any(|address| addresses.contains(&address));
    report.suspects.iter().filter(is_shown).collect()
}

/// The colour of the area number `i` below the root.
fn topmost(i: usize) -> &'static str {
    ["k0", "k1", "k2", "k3", "k4", "k5", "k6"][i.min(6)]
}

fn treemap(m: &mut Markup, root: &MapNode, colours: &Colours) {
    m.el("svg")
        .class("treemap")
        .attr("viewBox", format_args!("0 0 {WIDTH} {HEIGHT}"))
        .attr("role", "img")
        .attr("aria-hidden", "true")
        .inside(|m| {
            let area = Area { x: 0.0, y: 0.0, width: WIDTH, height: HEIGHT };
            // Areas that are still to be filled: node, area, depth, how many levels of it count, colour.
            let mut left = vec![(root, area, 0, 0, "rest")];
            while let Some((node, area, depth, levels, colour)) = left.pop() {
                let sizes: Vec<f64> = sorted(node).map(|child| ratio(child.retained_bytes, 1)).collect();
                for (i, (child, area)) in
                    sorted(node).zip(squarify(&sizes, ratio(node.retained_bytes, 1), area)).enumerate()
                {
                    if area.width < SMALLEST || area.height < SMALLEST {
                        continue;
                    }
                    let inherited = if depth == 0 { topmost(i) } else { colour };
                    let colour = suspect_colour(colours, child).unwrap_or(inherited);
                    let is_same = ratio(child.retained_bytes, node.retained_bytes) >= SAME;
                    let levels = levels + usize::from(!is_same);
                    let inside = area.width > 60.0
                        && area.height > 46.0
                        && levels < TREEMAP_DEPTH
                        && !child.children.is_empty();
                    rectangle(m, (child, node), area, depth, colour, !inside);
                    if inside {
                        left.push((child, area.inner(2.0, STRIP), depth + 1, levels, colour));
                    }
                }
            }
        });
}

/// What is below the whole heap, one level below the other.
fn icicle(m: &mut Markup, root: &MapNode, colours: &Colours) {
    let depth = depth(root).min(ICICLE_DEPTH);
    m.el("svg")
        .class("icicle")
        .attr("viewBox", format_args!("0 0 {WIDTH} {}", LEVEL * depth as f64))
        .attr("role", "img")
        .attr("aria-hidden", "true")
        .inside(|m| {
            let mut left = vec![(root, 0.0, 0, "rest")];
            let scale = WIDTH / ratio(root.retained_bytes, 1);
            while let Some((node, x, level, colour)) = left.pop() {
                if level >= depth {
                    continue;
                }
                let end = x + ratio(node.retained_bytes, 1) * scale;
                let mut at = x;
                for (i, child) in sorted(node).enumerate() {
                    let width = ratio(child.retained_bytes, 1) * scale;
                    if width >= SMALLEST && at + width <= end + 0.01 {
                        let inherited = if level == 0 { topmost(i) } else { colour };
                        let colour = suspect_colour(colours, child).unwrap_or(inherited);
                        let area = Area { x: at, y: level as f64 * LEVEL, width, height: LEVEL };
                        rectangle(m, (child, node), area, level, colour, false);
                        left.push((child, at, level + 1, colour));
                    }
                    at += width;
                }
            }
        });
}

/// Levels below the root, found without recursion.
fn depth(root: &MapNode) -> usize {
    let mut deepest = 0;
    let mut left = vec![(root, 0)];
    while let Some((node, depth)) = left.pop() {
        deepest = deepest.max(depth);
        left.extend(node.children.iter().map(|child| (child, depth + 1)));
    }
    deepest
}

/// The areas inside, largest first; those of the same size in the order of the report.
fn sorted(node: &MapNode) -> impl Iterator<Item = &MapNode> {
    let mut children: Vec<&MapNode> = node.children.iter().filter(|child| child.retained_bytes > 0).collect();
    children.sort_by_key(|child| std::cmp::Reverse(child.retained_bytes));
    children.into_iter()
}

/// An area of a node inside of that of its holder, with its name: upright where that is cut otherwise and nothing stands in it.
fn rectangle(
    m: &mut Markup,
    (node, holder): (&MapNode, &MapNode),
    area: Area,
    depth: usize,
    colour: &'static str,
    is_free: bool,
) {
    let Area { x, y, width, height } = area;
    m.el("rect")
        .attr("class", format_args!("{colour} d{}", depth.min(4)))
        .attr("x", format_args!("{x:.1}"))
        .attr("y", format_args!("{y:.1}"))
        .attr("width", format_args!("{width:.1}"))
        .attr("height", format_args!("{height:.1}"))
        .inside(|m| {
            m.el("title").inside(|m| {
                m.name(&node.label);
                if let Some(field) = &node.field {
                    m.text(" · ");
                    m.name(field);
                }
                m.text(" · ");
                if node.count > 1 {
                    m.text(&format!("× {} · ", count(node.count)));
                }
                m.text(&bytes(node.retained_bytes));
                if node.retained_bytes >= 1024 {
                    m.text(&format!(" ({})", exact_bytes(node.retained_bytes)));
                }
            });
        });
    let room = |length: f64| ((length - 8.0) / CHARACTER).max(0.0) as usize;
    let names = Names::of(node, holder);
    let across = names.fitting(room(width)).filter(|_| height >= 14.0);
    let upright = || names.fitting(room(height)).filter(|_| is_free && width >= 16.0);
    let (x, y) = (x + 4.0, y + 13.0);
    match (across, upright()) {
        (Some(label), _) => {
            m.el("text").attr("x", format_args!("{x:.1}")).attr("y", format_args!("{y:.1}")).text(&label);
        }
        (None, Some(label)) => {
            let down = format_args!("translate({x:.1} {:.1}) rotate(90)", y - 9.0);
            m.el("text").attr("transform", down).text(&label);
        }
        (None, None) if room(width) >= 4 && height >= 14.0 => {
            let label = names.cut(room(width));
            m.el("text").attr("x", format_args!("{x:.1}")).attr("y", format_args!("{y:.1}")).text(&label);
        }
        (None, None) => {}
    }
}

/// The least characters of a label.
const SHORTEST: usize = 4;

/// What an area may be called, the most telling first; map.js has the same.
struct Names {
    fitting: Vec<String>,
    innermost: String,
    thread: String,
}

impl Names {
    /// The field of the application or of a library that holds it, class before package, the name of a thread before its class, how many objects of it and its size.
    fn of(node: &MapNode, holder: &MapNode) -> Self {
        let name = shorten(&node.label);
        let class = split_class(&name).1;
        let thread = class.find(" \"").map_or("", |at| &class[at + 1..]);
        let innermost = if thread.is_empty() { innermost(&name) } else { class };
        let size = bytes(node.retained_bytes);
        let mut fitting = Vec::new();
        if let Some(field) = telling_field(node, holder) {
            fitting.extend([format!("{field}: {class} {size}"), format!("{field} {size}"), field.to_owned()]);
        }
        if node.count > 1 {
            fitting.push(format!("{class} × {} {size}", count(node.count)));
        }
        fitting.push(format!("{class} {size}"));
        if !thread.is_empty() {
            fitting.push(format!("{thread} {size}"));
        }
        fitting.extend([class, thread].map(str::to_owned));
        fitting.extend([format!("{innermost} {size}"), innermost.to_owned()]);
        fitting.retain(|label| !label.is_empty());
        Self { fitting, innermost: innermost.to_owned(), thread: thread.to_owned() }
    }

    /// The first that has room.
    fn fitting(&self, room: usize) -> Option<String> {
        let fits = |label: &&String| room >= SHORTEST && label.chars().count() <= room;
        self.fitting.iter().find(fits).cloned()
    }

    /// As much as has room. Threads of a pool differ at the end.
    fn cut(&self, room: usize) -> String {
        let from = self.thread.chars().count().saturating_sub(room - 1);
        match &*self.thread {
            "" => self.innermost.chars().take(room - 1).chain(['…']).collect(),
            thread => std::iter::once('…').chain(thread.chars().skip(from)).collect(),
        }
    }
}

/// The field that tells what an area is: one of the JDK's own (`table`, `elementData`) does not, nor does a place in an array.
fn telling_field<'n>(node: &'n MapNode, holder: &MapNode) -> Option<&'n str> {
    let holder = holder.label.strip_prefix("class ").unwrap_or(&holder.label);
    let is_of_jdk = ["java.", "javax.", "jdk.", "sun.", "com.sun."].iter().any(|jdk| holder.starts_with(jdk));
    node.field.as_deref().filter(|field| !is_of_jdk && !field.contains(['.', '[', '<']))
}

/// Names of areas, each stored once.
#[derive(Default)]
struct SharedNames<'r> {
    number_by_name: BTreeMap<&'r str, usize>,
    names: Vec<&'r str>,
}

impl<'r> SharedNames<'r> {
    fn data(root: &'r MapNode, colours: &Colours) -> Value {
        let mut names = Self::default();
        let root_data = names.node(root, colours);
        let words: Vec<Value> = names.names.iter().map(|name| data_name(name)).collect();
        json!({ "names": words, "root": root_data })
    }

    fn number(&mut self, name: &'r str) -> usize {
        *self.number_by_name.entry(name).or_insert_with(|| {
            self.names.push(name);
            self.names.len() - 1
        })
    }

    /// `[label, field, address, count, bytes, shallow bytes, colour, children]`; trailing parts that say nothing are left out. Whoever makes
    /// a map bounds its depth, so recursion is safe.
    fn node(&mut self, node: &'r MapNode, colours: &Colours) -> Value {
        let label = self.number(&node.label);
        let field = node.field.as_deref().map(|field| self.number(field));
        let address = if node.address == 0 { Value::Null } else { json!(format!("{:#x}", node.address)) };
        let colour = suspect_colour(colours, node);
        let mut data =
            vec![json!(label), json!(field), address, json!(node.count), json!(node.retained_bytes)];
        if node.shallow_bytes.is_some() || colour.is_some() || !node.children.is_empty() {
            data.push(json!(node.shallow_bytes));
        }
        let children: Vec<Value> = sorted(node).map(|child| self.node(child, colours)).collect();
        if colour.is_some() || !children.is_empty() {
            data.push(json!(colour));
        }
        if !children.is_empty() {
            data.push(children.into());
        }
        data.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(label: &str, retained_bytes: u64, children: Vec<MapNode>) -> MapNode {
        MapNode { label: label.to_owned(), count: 1, retained_bytes, children, ..MapNode::default() }
    }

    fn heap() -> MapNode {
        node("", 1 << 30, Vec::new())
    }

    fn label(node: &MapNode, holder: &MapNode, room: usize) -> String {
        let names = Names::of(node, holder);
        names.fitting(room).unwrap_or_else(|| names.cut(room))
    }

    /// What a map is one knows by the field that holds it; of a nested class the innermost name tells most.
    #[test]
    fn an_area_is_called_by_the_field_that_holds_it_and_by_its_innermost_name() {
        let shop = node("class a.Shop", 9 << 20, Vec::new());
        let map = MapNode {
            field: Some("CUSTOMERS".into()),
            ..node("java.util.concurrent.ConcurrentHashMap", 3 << 20, Vec::new())
        };
        for (room, words) in [
            (40, "CUSTOMERS: ConcurrentHashMap 3.00 MiB"),
            (20, "CUSTOMERS 3.00 MiB"),
            (9, "CUSTOMERS"),
            (8, "Concurr…"),
        ] {
            assert_eq!(label(&map, &shop, room), words);
        }
        assert_eq!(
            label(&map, &node("java.util.HashMap", 9 << 20, Vec::new()), 40),
            "ConcurrentHashMap 3.00 MiB"
        );
        let order = node("a.ServiceHeap$Order", 3 << 20, Vec::new());
        for (room, words) in [
            (28, "ServiceHeap$Order 3.00 MiB"),
            (17, "ServiceHeap$Order"),
            (14, "Order 3.00 MiB"),
            (5, "Order"),
            (4, "Ord…"),
        ] {
            assert_eq!(label(&order, &heap(), room), words);
        }
    }

    /// A narrow area that is high has room for its name after all.
    #[test]
    fn a_narrow_area_has_its_name_upright() {
        let wide = node("a.Warehouse", 96, Vec::new());
        let narrow = node("a.Inventory", 4, Vec::new());
        let map = drawn(&node("", 100, vec![wide, narrow]));
        assert!(map.contains("rotate(90)") && map.contains(">Inventory 4 B</text>"), "{map}");
    }

    fn drawn(root: &MapNode) -> String {
        let mut m = Markup::default();
        treemap(&mut m, root, &Colours::new());
        m.finish()
    }

    #[test]
    fn an_area_of_many_objects_says_how_many_if_there_is_room() {
        let many = MapNode { count: 5230, ..node("a.b.Task", 3 << 20, Vec::new()) };
        for (room, words) in [(40, "Task × 5,230 3.00 MiB"), (20, "Task 3.00 MiB"), (8, "Task"), (4, "Task")]
        {
            assert_eq!(label(&many, &heap(), room), words);
        }
    }

    #[test]
    fn a_thread_is_told_by_its_name_first_and_by_the_end_of_it() {
        let thread = node("java.lang.Thread \"http-exec-12\"", 3 << 20, Vec::new());
        for (room, words) in [
            (40, "Thread \"http-exec-12\" 3.00 MiB"),
            (24, "\"http-exec-12\" 3.00 MiB"),
            (22, "Thread \"http-exec-12\""),
            (16, "\"http-exec-12\""),
            (9, "…exec-12\""),
        ] {
            assert_eq!(label(&thread, &heap(), room), words);
        }
    }

    /// A chain of loader, list, array, class and map is told by its strips; what it leads to is seen. Areas of which much is something else cost a level.
    #[test]
    fn a_chain_of_areas_does_not_hide_what_is_at_its_end() {
        let chain = |share: u64| {
            let customers = node("a.Customer", 100, Vec::new());
            ["a.Map", "a.Store", "a.Array", "a.List", "a.Loader", "heap"].into_iter().fold(
                customers,
                |inside, name| {
                    let bytes = inside.retained_bytes * share / 100;
                    node(name, bytes, vec![inside])
                },
            )
        };
        assert!(drawn(&chain(102)).contains("Customer"));
        let deep = drawn(&chain(150));
        assert!(deep.contains("Loader") && !deep.contains("Customer"), "{deep}");
    }
}
