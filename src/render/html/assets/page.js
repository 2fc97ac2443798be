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
setUpPrinting();
addEventListener("hashchange", visit);
visit();
