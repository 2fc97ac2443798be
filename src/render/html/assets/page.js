// The page as a whole: language, deep links, where one is, printing.

function setUpLanguage() {
  const chinese = document.getElementById("lang-zh");
  const english = document.getElementById("lang-en");
  if (root.dataset.language === "auto" && /^zh\b/i.test(navigator.language)) chinese.checked = true;
  const follow = () => {
    root.lang = TAGS[chinese.checked ? 1 : 0];
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
}

function setUpNavigation() {
  const links = new Map();
  for (const link of document.querySelectorAll("nav a")) links.set(link.hash.slice(1), link);
  const seen = new Set();
  const watcher = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (entry.isIntersecting) seen.add(entry.target.id);
      else seen.delete(entry.target.id);
    }
    const here = [...links.keys()].find((id) => seen.has(id));
    if (!here) return;
    for (const [id, link] of links) {
      if (id === here) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }, { rootMargin: "-70px 0px -60% 0px" });
  for (const id of links.keys()) {
    const section = document.getElementById(id);
    if (section) watcher.observe(section);
  }
}

/** The verdict as text, for a ticket or a chat. */
function summary() {
  const lines = [document.querySelector(".file").innerText.replace(/\s+/g, " ").trim(), ""];
  const add = (element, before = "") => {
    const text = element && element.innerText.replace(/\s+/g, " ").trim();
    if (text) lines.push(before + text);
  };
  const verdict = document.getElementById("verdict");
  verdict.querySelectorAll("h1, .lead").forEach((element) => add(element));
  add(verdict.querySelector(".oom-head"));
  verdict.querySelectorAll(".oom dl > div").forEach((row) => {
    lines.push("  " + row.innerText.replace(/\s*\?\s*$/, "").replace(/\n+/g, ": ").trim());
  });
  verdict.querySelectorAll(".card").forEach((card) => {
    lines.push("");
    add(card.querySelector(".badge"), "* ");
    for (const part of [".figure", ".holder", ".title", ".advice p:last-child"]) add(card.querySelector(part), "  ");
  });
  return lines.join("\n") + "\n";
}

function setUpSummary() {
  const press = document.getElementById("copy-summary");
  press.addEventListener("click", () => copy(summary(), press));
}

function setUpPrinting() {
  const opened = [];
  addEventListener("beforeprint", () => {
    for (const details of [...document.querySelectorAll("main details:not([open])")].slice(0, 200)) {
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
