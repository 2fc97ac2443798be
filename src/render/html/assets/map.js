// Treemap and icicle: fitted to the window, zoomed by click or keys.

const STRIP = 20;
const LEVEL = 24;

/** Areas for sizes that descend (squarify.rs has the same). */
function squarify(sizes, whole, area) {
  const areas = [];
  let { x, y, width, height } = area;
  let rest = Math.max(whole, sizes.reduce((sum, size) => sum + size, 0));
  let from = 0;
  while (from < sizes.length) {
    const short = Math.min(width, height);
    if (!(short > 0) || !(rest > 0)) break;
    const scale = (width * height) / rest;
    const worst = (largest, smallest, sum) => {
      const row = (sum * scale) ** 2;
      return Math.max((short * short * largest * scale) / row, row / (short * short * smallest * scale));
    };
    const first = sizes[from];
    let to = from + 1;
    let sum = first;
    while (to < sizes.length && worst(first, sizes[to], sum + sizes[to]) <= worst(first, sizes[to - 1], sum)) {
      sum += sizes[to];
      to += 1;
    }
    const thick = (sum * scale) / short;
    let at = 0;
    for (const size of sizes.slice(from, to)) {
      const long = (short * size) / sum;
      areas.push(width >= height
        ? { x, y: y + at, width: thick, height: long }
        : { x: x + at, y, width: long, height: thick });
      at += long;
    }
    if (width >= height) {
      x += thick;
      width = Math.max(0, width - thick);
    } else {
      y += thick;
      height = Math.max(0, height - thick);
    }
    rest -= sum;
    from = to;
  }
  while (areas.length < sizes.length) areas.push({ x, y, width: 0, height: 0 });
  areas.free = { x, y, width, height };
  return areas;
}

function setUpMap(box) {
  const data = parse(box);
  if (!data) return;
  const canvas = box.querySelector(".canvas");
  const crumbs = box.querySelector(".crumbs");
  const tip = document.getElementById("tip");
  const whole = data.root[4];
  let view = "treemap";
  let drawn = [];
  let chosen = -1;

  // Nodes: [label, field, address, count, bytes, shallow bytes, colour, children].
  const below = new Map();
  function node(raw, parent, topmost) {
    const made = {
      label: data.names[raw[0]],
      field: raw[1] === null ? "" : data.names[raw[1]],
      address: raw[2],
      count: raw[3],
      bytes: raw[4],
      shallow: raw[5] ?? null,
      colour: raw[6] || topmost,
      parent,
      raw,
    };
    return made;
  }
  function children(of) {
    if (!below.has(of)) {
      below.set(of, (of.raw[7] || []).map((raw, i) => node(raw, of, of.parent ? of.colour : "k" + Math.min(i, 6))));
    }
    return below.get(of);
  }
  const top = node(data.root, null, "rest");
  let zoomed = top;

  const picture = svg("svg", { tabindex: "0", role: "application" });
  picture.setAttribute("aria-labelledby", box.id + "-name");
  canvas.replaceChildren(picture);

  /** The field that tells what an area is (`telling_field` in map.rs). */
  function fieldOf(of) {
    const holder = of.parent ? of.parent.label : "";
    return of.field && !/[.[<]/.test(of.field) && !/^(class )?(javax?|jdk|sun|com\.sun)\./.test(holder) ? of.field : "";
  }

  /** What an area may be called, the most telling first (`Names` in map.rs). */
  function namesOf(of) {
    const size = "\u2002" + bytes(of.bytes);
    if (of === top) {
      const name = plain(WORDS.whole);
      return { fitting: [name + size, name], innermost: name, thread: "" };
    }
    const name = splitClass(of.label)[1];
    const field = fieldOf(of);
    const thread = / (".*)$/.exec(name)?.[1] ?? "";
    const innermost = thread ? name : innermostName(of.label);
    const fitting = [
      field && field + ": " + name + size, field && field + size, field,
      of.count > 1 ? name + " × " + count(of.count) + size : "",
      name + size, thread && thread + size, name, thread, innermost + size, innermost,
    ].filter(Boolean);
    return { fitting, innermost, thread };
  }

  const roomIn = (length) => Math.floor((length - 8) / 7);

  function fitting(names, length) {
    const room = roomIn(length);
    return room >= 4 ? names.fitting.find((label) => label.length <= room) : undefined;
  }

  /** As much of a name as has room; threads of a pool differ at the end. */
  function cutName({ innermost, thread }, length) {
    const room = roomIn(length);
    return room < 4 ? "" : thread ? "…" + thread.slice(1 - room) : innermost.slice(0, room - 1) + "…";
  }

  function area(of, at, depth, isFree) {
    const index = drawn.push({ of, at }) - 1;
    const group = svg("g", { "data-i": index });
    group.append(svg("rect", {
      class: of.colour + " d" + Math.min(depth, 4),
      x: at.x.toFixed(1), y: at.y.toFixed(1),
      width: Math.max(0, at.width).toFixed(1), height: Math.max(0, at.height).toFixed(1),
    }));
    const names = namesOf(of);
    const across = at.height >= 15 ? fitting(names, at.width) : undefined;
    // Upright where it would be cut otherwise.
    const upright = !across && isFree && at.width >= 16 ? fitting(names, at.height) : undefined;
    const label = across ?? upright ?? (at.height >= 15 ? cutName(names, at.width) : "");
    if (label) {
      const text = svg("text", upright
        ? { transform: "translate(" + (at.x + 5).toFixed(1) + " " + (at.y + 5).toFixed(1) + ") rotate(90)" }
        : { x: (at.x + 5).toFixed(1), y: (at.y + 14).toFixed(1) });
      text.textContent = label;
      group.append(text);
    }
    picture.append(group);
  }

  function treemap(width) {
    const height = Math.round(Math.min(520, Math.max(300, width * 0.5)));
    frame(width, height);
    const left = [[zoomed, { x: 0, y: 0, width, height }, 0, 0]];
    while (left.length) {
      const [of, at, depth, counted] = left.shift();
      const inside = children(of);
      const areas = squarify(inside.map((child) => child.bytes), of.bytes, at);
      leftOver(of === zoomed, of.bytes - inside.reduce((sum, child) => sum + child.bytes, 0), areas.free);
      inside.forEach((child, i) => {
        const place = areas[i];
        if (place.width < 3 || place.height < 3) return;
        // What is hardly more than one area inside of it costs no level.
        const levels = counted + (child.bytes < 0.9 * of.bytes);
        const isDivided = levels < 4 && child.raw[7] && place.width > 64 && place.height > 52;
        area(child, place, depth, !isDivided);
        if (isDivided) {
          left.push([child, { x: place.x + 3, y: place.y + STRIP, width: place.width - 6, height: place.height - STRIP - 3 }, depth + 1, levels]);
        }
      });
    }
  }

  /** Names what the areas leave: objects too small for one of their own. */
  function leftOver(outermost, size, at) {
    const name = plain(WORDS.smaller);
    // A Chinese character is as wide as two others.
    const wide = [...name].reduce((sum, letter) => sum + (letter > "\u2e80" ? 13 : 7), 6);
    if (at.width < wide || at.height < 34) return;
    [name, bytes(size)].forEach((line, i) => {
      const text = svg("text", { class: outermost ? "dim" : "words", x: (at.x + 6).toFixed(1), y: (at.y + 15 + 14 * i).toFixed(1) });
      text.textContent = line;
      picture.append(text);
    });
  }

  function icicle(width) {
    let deepest = 0;
    const left = [[zoomed, 0, 0]];
    const rows = [];
    const scale = width / zoomed.bytes;
    while (left.length) {
      const [of, x, level] = left.shift();
      rows.push([of, x, level]);
      deepest = Math.max(deepest, level);
      let at = x;
      for (const child of children(of)) {
        if (child.bytes * scale >= 2.5) left.push([child, at, level + 1]);
        at += child.bytes * scale;
      }
    }
    frame(width, (deepest + 1) * LEVEL);
    for (const [of, x, level] of rows) {
      area(of, { x, y: level * LEVEL, width: of.bytes * scale, height: LEVEL }, level, false);
    }
  }

  function frame(width, height) {
    picture.replaceChildren();
    drawn = [];
    chosen = -1;
    picture.setAttribute("viewBox", "0 0 " + width + " " + height);
    picture.setAttribute("width", width);
    picture.setAttribute("height", height);
    picture.setAttribute("class", view);
  }

  function draw() {
    const width = Math.max(260, Math.floor(canvas.clientWidth));
    if (view === "treemap") treemap(width);
    else icicle(width);
    const trail = [];
    for (let of = zoomed; of; of = of.parent) trail.unshift(of);
    crumbs.replaceChildren(...trail.map((of) => {
      const press = el("button", "", of === top ? say("whole") : splitClass(of.label)[1], " ", titled("n dim", bytes(of.bytes), exact(of.bytes)));
      press.type = "button";
      if (of === zoomed) press.setAttribute("aria-current", "true");
      press.addEventListener("click", () => zoom(of));
      return press;
    }));
  }

  function zoom(to) {
    hide();
    zoomed = to;
    draw();
    note();
  }

  /** Where one is, as numbers of areas within areas: an address that can be sent, and that Back leads away from. */
  function note() {
    const steps = [];
    for (let of = zoomed; of.parent; of = of.parent) steps.unshift(children(of.parent).indexOf(of));
    writePlace(box.id, { zoom: steps.join("."), view: view === "icicle" ? view : "" }, true);
  }

  function restore(state) {
    hide();
    zoomed = top;
    for (const step of (state.zoom || "").split(".").filter(Boolean)) {
      const next = children(zoomed)[Number(step)];
      if (!next?.raw[7]) break;
      zoomed = next;
    }
    choose(state.view === "icicle" ? "icicle" : "treemap");
  }

  function choose(which) {
    view = which;
    for (const press of box.querySelectorAll("button[data-view]")) {
      press.setAttribute("aria-pressed", String(press.dataset.view === view));
    }
    draw();
  }

  /** Into the area below the zoomed one that holds this one. */
  function into(of) {
    if (of === zoomed) {
      if (zoomed.parent) zoom(zoomed.parent);
      return;
    }
    let to = of;
    while (to.parent !== zoomed && to.parent) to = to.parent;
    if (view === "icicle") to = of;
    if (to.raw[7]) zoom(to);
  }

  function describe(of) {
    const many = of.count > 1 ? "× " + count(of.count) : "";
    return [of.label, many, of.field, bytes(of.bytes), share(of.bytes / whole)].filter(Boolean).join(", ");
  }

  function show(of, x, y) {
    // Nothing stands still below the pointer to be hovered over: the exact size stands there as well.
    const size = bytes(of.bytes) + (of.bytes < 1024 ? "" : " (" + exact(of.bytes) + ")");
    const line = el("p", "n", size, " · ", share(of.bytes / whole));
    if (of.count > 1) line.append(" · × " + count(of.count));
    const alone = of.shallow === null ? "" : el("p", "n dim", say("shallow"), " ", bytes(of.shallow));
    const held = of.field ? el("p", "dim", say("holder-field"), " ", el("code", "", of.field)) : null;
    const address = of.address ? el("p", "a dim", of.address) : null;
    tip.replaceChildren(of === top ? el("b", "", say("whole")) : classOf(of.label), held ?? "", line, alone, address ?? "");
    tip.hidden = false;
    const wide = tip.offsetWidth;
    const high = tip.offsetHeight;
    tip.style.left = Math.max(4, Math.min(x + 14, innerWidth - wide - 8)) + "px";
    tip.style.top = (y + 18 + high > innerHeight ? Math.max(4, y - high - 10) : y + 18) + "px";
  }

  function hide() {
    tip.hidden = true;
  }

  const at = (event) => {
    const group = event.target.closest("g[data-i]");
    return group ? drawn[group.dataset.i] : null;
  };
  picture.addEventListener("pointermove", (event) => {
    const hit = at(event);
    if (hit) show(hit.of, event.clientX, event.clientY);
    else hide();
  });
  picture.addEventListener("pointerleave", hide);
  picture.addEventListener("blur", () => { hide(); select(-1); });
  picture.addEventListener("click", (event) => {
    const hit = at(event);
    if (hit) into(hit.of);
  });

  function select(index) {
    picture.querySelector("g.on")?.classList.remove("on");
    chosen = index;
    if (index < 0) return;
    picture.querySelector('g[data-i="' + index + '"]').classList.add("on");
    const { of, at: place } = drawn[index];
    const box = picture.getBoundingClientRect();
    show(of, box.left + place.x + place.width / 2, box.top + place.y + Math.min(place.height, 30));
    announce(describe(of));
  }

  picture.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step && drawn.length) select((chosen + step + drawn.length) % drawn.length);
    else if (event.key === "Enter" && chosen >= 0) into(drawn[chosen].of);
    else if ((event.key === "Escape" || event.key === "Backspace") && zoomed.parent) zoom(zoomed.parent);
    else return;
    event.preventDefault();
  });

  for (const press of box.querySelectorAll("button[data-view]")) {
    press.addEventListener("click", () => {
      choose(press.dataset.view);
      note();
    });
  }

  let width = 0;
  new ResizeObserver(() => {
    if (canvas.clientWidth === width) return;
    width = canvas.clientWidth;
    draw();
  }).observe(canvas);
  document.addEventListener("language", draw);
  // Back to where no picture was named: all of the heap.
  addEventListener("popstate", () => {
    if (readPlace().id !== box.id && zoomed.parent) restore({});
  });
  tables.set(box.id, { restore });
}

document.querySelectorAll(".map").forEach(setUpMap);
