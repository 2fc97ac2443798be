// Trees and threads: rows that the page did not have room for are drawn when they are opened.

function setUpTree(box) {
  const rows = box.querySelector(".tree-rows");
  const data = parse(rows);

  function cellsOf(node) {
    return node[0].map((cell, i) => {
      const span = el("span", data.sides[i], cellOf(cell, data.kinds[i]));
      if (data.kinds[i] === "share" && typeof cell === "number") span.append(gauge(cell));
      return span;
    });
  }

  function rowOf(node) {
    if (node.length === 1) return el("div", "row leaf", ...cellsOf(node));
    const below = el("div", "below");
    const details = el("details", "", el("summary", "row", ...cellsOf(node)), below);
    details.addEventListener("toggle", () => {
      if (!details.open || below.hasChildNodes()) return;
      below.append(...node[1].map(rowOf));
      if (node[2] > 0) below.append(el("p", "dim more", say(node[2] === 1 ? "omitted-one" : "omitted", count(node[2]))));
    });
    return details;
  }

  if (data) {
    const head = rows.querySelector(".head");
    rows.replaceChildren(head, ...data.nodes.map(rowOf));
  }

  // One level at a time: what is open shows what is below it.
  box.addEventListener("click", (event) => {
    const press = event.target.closest("button[data-do]");
    if (!press) return;
    if (press.dataset.do === "expand") {
      for (const details of [...rows.querySelectorAll("details:not([open])")].slice(0, 500)) details.open = true;
    } else {
      for (const details of rows.querySelectorAll("details[open]")) details.open = false;
    }
  });
}

document.querySelectorAll(".table.tree").forEach(setUpTree);

function setUpThreads(box) {
  const list = box.querySelector(".thread-list");
  const filter = box.querySelector('input[type="search"]');
  const data = parse(box);
  const status = el("p", "dim status");
  box.append(status);
  const total = data ? data.threads.length : list.children.length;
  const name = (i) => data.names[i];

  /** From which size on a variable is what one looks for (`much` in threads.rs). */
  function muchOf(thread) {
    const sizes = thread.f.flatMap((entry) => (Array.isArray(entry) ? entry[1] : []))
      .filter((local) => local[2] !== thread.a).map((local) => local[0]);
    return Math.max(4096, Math.floor(sizes.reduce((most, size) => Math.max(most, size), 0) / 10));
  }

  function frameOf(entry, thread, much) {
    const [number, locals] = Array.isArray(entry) ? entry : [entry, []];
    const [owner, method, place] = data.frames[number];
    const item = el("li", "", classOf(name(owner), name(method)));
    if (place) item.append(" ", el("span", "at", place));
    if (locals.length) {
      item.append(el("ul", "locals", ...locals.map(([size, owner, address, text]) =>
        el("li", address !== thread.a && size >= much ? "much" : "",
          sizeOf(size), classOf(name(owner)), el("span", "a", address), text ? el("span", "v", Array.isArray(text) ? both(text) : text) : null))));
    }
    return item;
  }

  /** Virtual threads have no name unless they were given one. */
  function nameOf(thread) {
    return thread.n ? [thread.n] : [el("span", "dim", say("unnamed")), " ", el("span", "a", thread.a)];
  }

  function threadOf(thread) {
    const marks = el("span", "marks");
    if (thread.o) marks.append(el("span", "badge leak", say("threw")));
    if (thread.s) marks.append(el("span", "badge state", thread.s));
    if (thread.k) marks.append(el("span", "badge state", say(thread.k === 2 ? "virtual" : "daemon")));
    const sum = el("span", "sum", sizeOf(thread.r), gauge(data.max > 0 ? thread.r / data.max : 0));
    const details = el("details", "thread", el("summary", "", el("code", "name", ...nameOf(thread)), marks, sum));
    details.id = "thread-" + thread.a;
    // On paper nobody waits for the event.
    details.fill = () => {
      if (details.childElementCount > 1) return;
      const much = muchOf(thread);
      const line = el("p", "line dim", classOf(name(thread.c)));
      if (thread.l[0]) line.append(el("span", "", say("locals-hold"), " ", sizeOf(thread.l[0])));
      if (thread.l[1]) line.append(el("span", "", say("thread-locals-hold"), " ", sizeOf(thread.l[1])));
      if (thread.l[0] > thread.r) line.append(el("span", "", say("locals-shared")));
      if (thread.w) line.append(el("span", "", say("waits", thread.w)));
      details.append(line, thread.f.length
        ? el("ol", "stack", ...thread.f.map((entry) => frameOf(entry, thread, much)))
        : el("p", "dim", say("no-stack")));
    };
    details.addEventListener("toggle", () => details.open && details.fill());
    if (thread.o) details.open = true;
    return details;
  }

  function textOf(thread) {
    const parts = [thread.n, thread.s, thread.a, name(thread.c), thread.w];
    for (const entry of thread.f) {
      const [number, locals] = Array.isArray(entry) ? entry : [entry, []];
      const [owner, method, place] = data.frames[number];
      parts.push(name(owner) + "." + name(method), place, ...locals.map((local) => name(local[1]) + " " + [local[3]].flat().join(" ")));
    }
    return parts.join("\n").toLowerCase();
  }

  const rows = data ? data.threads.map(threadOf) : [...list.children];
  if (data) list.replaceChildren(...rows);
  box.classList.add("live");
  let haystack = null;
  const find = () => {
    haystack ??= data ? data.threads.map(textOf) : rows.map((row) => row.textContent.toLowerCase());
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, i) => {
      row.hidden = !words.every((word) => haystack[i].includes(word));
      if (!row.hidden) shown += 1;
    });
    status.replaceChildren(say("threads-of", count(shown), count(total)));
  };
  filter.addEventListener("input", () => {
    find();
    writePlace(box.id, { q: filter.value });
  });
  return {
    restore(state) {
      if (!state.q) return;
      filter.value = state.q;
      find();
    },
  };
}

for (const box of document.querySelectorAll(".threads")) tables.set(box.id, setUpThreads(box));
