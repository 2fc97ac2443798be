"use strict";
// What all parts of the page share: elements, words in both languages, figures as the page writes them.
// Nothing is made from strings of markup: names from a heap dump are text, never HTML.

const root = document.documentElement;
root.classList.add("js");

/** An element with a class and children (elements or text). */
function el(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children.filter((child) => child != null));
  return made;
}

function svg(tag, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const key in attributes) made.setAttribute(key, attributes[key]);
  return made;
}

function parse(container) {
  const block = container && container.querySelector('script[type="application/json"]');
  return block ? JSON.parse(block.textContent) : null;
}

const WORDS = JSON.parse(document.getElementById("words").textContent);
const TAGS = ["en", "zh-Hans"];

/** A pair of words, or one that is the same in both languages, with {0}, {1} filled in. */
function both(pair, ...values) {
  const fill = (words) => words.replace(/\{(\d)\}/g, (all, i) => values[i] ?? all);
  const parts = document.createDocumentFragment();
  if (typeof pair === "string") {
    parts.append(fill(pair));
    return parts;
  }
  pair.forEach((words, i) => {
    const span = el("span", "", fill(words));
    span.lang = TAGS[i];
    parts.append(span);
  });
  return parts;
}

const say = (id, ...values) => both(WORDS[id], ...values);

/** The words in the language that is shown now. */
function plain(pair, ...values) {
  if (typeof pair === "string") return pair;
  return pair[root.lang === "en" ? 0 : 1].replace(/\{(\d)\}/g, (all, i) => values[i] ?? all);
}

function announce(pair, ...values) {
  document.getElementById("live").textContent = plain(pair, ...values);
}

// Figures: the same rules as src/render/text/figures.rs; a browser test compares them.
const UNITS = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

function count(number) {
  return String(Math.abs(number)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `toFixed`, but a tie goes to the even digit as in Rust. */
function fixed(value, decimals) {
  const scaled = value * 10 ** decimals;
  const below = Math.floor(scaled);
  return (scaled - below === 0.5 && below % 2 === 0 ? below / 10 ** decimals : value).toFixed(decimals);
}

function bytes(size) {
  if (size < 1024) return size + " B";
  let value = size / 1024;
  let unit = 0;
  while (value >= 999.5 && unit + 1 < UNITS.length) {
    value /= 1024;
    unit += 1;
  }
  return fixed(value, value < 9.995 ? 2 : value < 99.95 ? 1 : 0) + " " + UNITS[unit];
}

function share(part) {
  const percent = part * 100;
  if (!Number.isFinite(percent)) return "?";
  if (percent === 0) return "0%";
  if (percent > 0 && percent < 0.1) return "<0.1%";
  if (Math.abs(percent) < 9.95) return fixed(percent, 1) + "%";
  if (percent < 100 && percent > 99.5) return ">99%";
  return fixed(percent, 0) + "%";
}

const signed = (change, show) => (change < 0 ? "\u2212" : change > 0 ? "+" : "") + show(Math.abs(change));

function titled(className, shown, exact) {
  const span = el("span", className, shown);
  span.title = exact;
  return span;
}

const exact = (size) => count(size) + " B";
const sizeOf = (size) => titled("n", bytes(size), exact(size));

/** Package, which may be cut short, and class. */
function splitClass(name) {
  const start = name.startsWith("class ") ? 6 : 0;
  const end = name.slice(start).search(/[$/<[ (]/);
  const dot = name.slice(start, end < 0 ? name.length : start + end).lastIndexOf(".");
  const at = dot < 0 ? 0 : start + dot + 1;
  return [name.slice(0, at), name.slice(at)];
}

/** Package and rest of a value that looks like the name of a class or a field of one (`split_value`), or null. */
function splitValue(value) {
  const pack = /^(?:\p{Ll}[\p{Alphabetic}\p{N}_]*\.)*(?=\p{Lu})/u.exec(value)?.[0];
  // Without a package only a field of a class is told from any other word.
  const isField = pack === "" && /^[^.@]*\.(?:[\p{Ll}_]|[\p{Lu}\p{N}_]{2,}$)/u.test(value) && !/\.(java|kt|scala|groovy|jar)$/.test(value);
  return (pack || isField) && /^[\p{Alphabetic}\p{N}_$[\].<>]*($| @ )/u.test(value.slice(pack.length)) ? [pack, value.slice(pack.length)] : null;
}

function packageAnd(pack, rest) {
  const span = el("span", "c");
  if (pack) span.append(el("i", "", pack), el("wbr"));
  span.append(rest);
  return span;
}

function classOf(name, member) {
  const [pack, simple] = splitClass(name);
  const bold = humped(simple);
  if (member) bold.append(member.startsWith("[") ? "" : ".", el("wbr"), el("em", "", member));
  return packageAnd(pack, bold);
}

/** The last of the names that a class name is made of, if it is one that somebody gave. */
function innermostName(name) {
  const simple = splitClass(name)[1];
  const nested = simple.slice(simple.lastIndexOf("$") + 1);
  return /^\p{Lu}/u.test(nested) && !simple.includes("$$") ? nested : simple;
}

/** The innermost name of a class where there is no room for more (`Markup::innermost_class`). */
function innermostOf(name) {
  const shown = innermostName(name);
  if (shown === name) return classOf(name);
  const span = el("span", "c", humped(shown));
  span.title = name;
  return span;
}

function valueOf(value) {
  const parts = splitValue(value);
  return parts ? packageAnd(parts[0], humped(parts[1])) : broken("span", "v", value);
}

/** A value that can be read whole: a long one opens (`Markup::long_value`). */
function longOf(value) {
  const letters = [...value];
  if (letters.length <= 240) return valueOf(value);
  const short = broken("span", "v", letters.slice(0, 240).join(""));
  short.append(say("cut", count(letters.length)));
  return el("details", "long", el("summary", "", short), broken("span", "v", value));
}

/** The name of a class, or of a field of one, that may be broken if it is long (`Markup::humped`). */
function humped(name) {
  const parts = [...name].length > 16
    ? name.split(/(?<=[\p{Lowercase}\p{N}])(?=\p{Uppercase})|(?<=\$)(?!\$|$)|(?<=\.)(?=\p{Alphabetic})/u) : [name];
  return el("b", "", ...parts.flatMap((part, at) => (at > 0 ? [el("wbr"), part] : [part])));
}

/** A value that may be broken before the next name in it (`Markup::broken`). */
function broken(tag, className, value) {
  value = value.replace(/^([→←]) /, "$1\u00a0");
  const parts = value.split(/(?<=\.)(?=\p{Alphabetic})/u);
  return el(tag, className, ...parts.flatMap((part, at) => (at > 0 ? [el("wbr"), part] : [part])));
}

const trend = (change) => (change === 0 ? "n" : change > 0 ? "n up" : "n down");

function gauge(part) {
  const percent = part > 0 ? Math.min(100, Math.round(part * 100)) : 0;
  return el("i", "w w" + percent);
}

/** A series as a line, as `Markup::spark` draws it. */
function sparkOf(values) {
  const least = Math.min(...values);
  const range = Math.max(...values) - least;
  const steps = Math.max(1, values.length - 1);
  const points = values.map((value, at) =>
    fixed(2.5 + (at / steps) * 95, 1) + "," + fixed(21.5 - (range ? (value - least) / range : 0.5) * 19, 1));
  const words = values.map(count).join(" \u2192 ");
  const made = svg("svg", { class: "spark", viewBox: "0 0 100 24", preserveAspectRatio: "none", role: "img", "aria-label": words });
  const title = svg("title", {});
  title.textContent = words;
  made.append(title, svg("polyline", { points: points.join(" ") }));
  return made;
}

/** The content of a cell, as `Markup::cell` writes it. */
function cellOf(value, kind) {
  if (value === null || value === undefined) return null;
  if (typeof value === "object" && value.kind) return cellOf(value.value, value.kind);
  switch (kind) {
    case "bytes": return sizeOf(value);
    case "bytes-delta": return titled(trend(value), signed(value, bytes), signed(value, count) + " B");
    case "count": return el("span", "n", count(value));
    case "count-delta": return el("span", trend(value), signed(value, count));
    case "share": return el("span", "n", share(value));
    case "flag": return say(value ? "yes" : "no");
    case "series": return sparkOf(value);
    case "address": return el("span", "a", value);
    case "class": return classOf(value);
    case "long": return longOf(value);
    case "text": return both(value);
    default: return valueOf(value);
  }
}

/** A cell as plain text; exact for a machine, as shown for a person. */
function cellText(value, kind, exact) {
  if (value === null || value === undefined) return "";
  if (typeof value === "object" && value.kind) return cellText(value.value, value.kind, exact);
  switch (kind) {
    case "bytes": return exact ? String(value) : bytes(value);
    case "bytes-delta": return exact ? String(value) : signed(value, bytes);
    case "count": return exact ? String(value) : count(value);
    case "count-delta": return exact ? String(value) : signed(value, count);
    case "share": return exact ? String(value) : share(value);
    case "flag": return plain(WORDS[value ? "yes" : "no"]);
    case "series": return value.join(" ");
    case "text": return plain(value);
    default: return String(value);
  }
}

/** Puts text on the clipboard, also where the page may not ask for it. */
async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = el("textarea", "vh", text);
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  announce(WORDS.copied);
  button.classList.add("done");
  setTimeout(() => button.classList.remove("done"), 1200);
}

/** The part of the address after #: an id, then `key=value` after semicolons. */
function readPlace() {
  const [id, ...pairs] = location.hash.slice(1).split(";");
  const state = {};
  for (const pair of pairs) {
    const at = pair.indexOf("=");
    if (at < 1) continue;
    try {
      state[pair.slice(0, at)] = decodeURIComponent(pair.slice(at + 1));
    } catch { /* not ours */ }
  }
  return { id, state };
}

/** Notes a place; as a step that one can go back from, or in the place of the last one. */
function writePlace(id, state, isStep = false) {
  const pairs = Object.entries(state).filter(([, value]) => value);
  const text = pairs.map(([key, value]) => ";" + key + "=" + encodeURIComponent(value)).join("");
  try {
    history[isStep ? "pushState" : "replaceState"](null, "", "#" + id + text);
  } catch { /* some hosts forbid it; the page works without */ }
}
