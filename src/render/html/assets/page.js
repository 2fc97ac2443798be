// The page as a whole: language, deep links, where one is, printing.

function setUpLanguage() {
  const chinese = document.getElementById("lang-zh");
  const english = document.getElementById("lang-en");
  if (root.dataset.language === "auto" && /^zh\b/i.test(navigator.language)) chinese.checked = true;
  const follow = () => {
    root.lang = TAGS[chinese.checked ? 1 : 0];
    document.title = plain(WORDS.title);
    document.dispatchEvent(new Event("language"));
  };
  english.addEventListener("change", follow);
  chinese.addEventListener("change", follow);
  follow();
}

/** Opens what an address leads to, so that it can be seen. */
function visit() {
  const { id, state } = readPlace();
  if (!id) return;
  const target = document.getElementById(id);
  if (!target) return;
  tables.get(id)?.restore(state);
  for (let box = target; box; box = box.parentElement) {
    if (box.tagName === "DETAILS") box.open = true;
  }
  target.scrollIntoView();
  here(target.closest("main > section")?.id);
}

/** Marks where one is among the sections; near the end of the page two stand where only one is meant. */
let here = () => {};

function setUpNavigation() {
  const nav = document.querySelector("nav");
  const links = new Map();
  for (const link of document.querySelectorAll("nav a")) links.set(link.hash.slice(1), link);
  const seen = new Set();
  let isMeant = false;
  const mark = (section) => {
    if (!links.has(section)) return;
    for (const [id, link] of links) {
      if (id === section) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    // Where the sections stand beside each other, the one that is marked is in sight.
    const [bar, entry] = [nav.getBoundingClientRect(), links.get(section).getBoundingClientRect()];
    if (entry.left < bar.left || entry.right > bar.right) nav.scrollLeft += entry.left - bar.left - 40;
  };
  // What the address says counts until the reader moves on.
  here = (section) => {
    isMeant = links.has(section);
    mark(section);
  };
  for (const moved of ["wheel", "touchmove", "keydown", "pointerdown"]) addEventListener(moved, () => { isMeant = false; }, { passive: true });
  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (entry.isIntersecting) seen.add(entry.target.id);
      else seen.delete(entry.target.id);
    }
    if (!isMeant) mark([...links.keys()].find((id) => seen.has(id)));
  }, { rootMargin: "-70px 0px -60% 0px" });
  for (const id of links.keys()) {
    const section = document.getElementById(id);
    if (section) watcher.observe(section);
  }
}

/** The words of an element in the language that is shown, without what explains them. */
function wordsOf(element) {
  if (!element) return "";
  const copied = element.cloneNode(true);
  copied.querySelectorAll('.q, span[lang]:not([lang="' + root.lang + '"])').forEach((part) => part.remove());
  return copied.textContent.replace(/\s+/g, " ").trim();
}

/** The verdict as text, for a ticket or a chat. */
function summary() {
  const verdict = document.getElementById("verdict");
  const all = (selector, from = verdict) => [...from.querySelectorAll(selector)].map(wordsOf);
  const lines = [wordsOf(document.querySelector(".file")), "", ...all("h1, .lead"), ...all(".oom-head")];
  for (const row of verdict.querySelectorAll(".oom dl > div")) lines.push("  " + all("dt, dd", row).join(": "));
  for (const card of verdict.querySelectorAll(".card")) {
    lines.push("", all(".badge, .figure > span", card).join(" "));
    for (const [what, lead] of [[".holder, .title", "  "], [".advice p:not(.label)", "  → "], [".proof li", "  - "]]) {
      lines.push(...all(what, card).map((line) => lead + line));
    }
  }
  return lines.join("\n") + "\n";
}

function setUpSummary() {
  const press = document.getElementById("copy-summary");
  press.addEventListener("click", () => copy(summary(), press));
}

/** Threads whose stacks are printed, if they are not those of others. */
const PRINTED_THREADS = 12;

/** The frames of a thread without what their variables hold. */
function framesOf(thread) {
  thread.fill?.();
  const words = (frame) => [...frame.childNodes].map((part) => (part.nodeName === "UL" ? "" : part.textContent)).join("");
  return [...thread.querySelectorAll(".stack > li")].map(words).join("\n");
}

/** The largest threads, one of those that stand at the same place; where a group stands is printed already. */
function printedThreads() {
  const seen = new Set([...document.querySelectorAll(".groups .thread, .thread-list > [open]")].map(framesOf));
  const chosen = [];
  for (const thread of document.querySelectorAll(".thread-list > :not([hidden], [open])")) {
    if (chosen.length === PRINTED_THREADS) break;
    const frames = framesOf(thread);
    if (!frames || seen.has(frames)) continue;
    seen.add(frames);
    chosen.push(thread);
  }
  return chosen;
}

function setUpPrinting() {
  const opened = [];
  addEventListener("beforeprint", () => {
    const closed = [...document.querySelectorAll("main details:not(.tree-rows *, .thread-list > *, .long)")].filter((details) => !details.open);
    // Rows of trees and long values, such as a class path, stay as the reader has left them.
    for (const details of [...printedThreads(), ...closed.slice(0, 200)]) {
      details.open = true;
      opened.push(details);
    }
  });
  addEventListener("afterprint", () => {
    for (const details of opened.splice(0)) details.open = false;
  });
}

setUpLanguage();
setUpNavigation();
setUpSummary();
setUpPrinting();
addEventListener("hashchange", visit);
visit();
