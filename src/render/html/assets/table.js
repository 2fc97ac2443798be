// Tables: sort, filter as you type, more rows, copy. Rows are drawn from the data when first needed.

// So many rows are drawn at once; more of them one part after the other, so that the page answers meanwhile.
const STEP = 200;
// Rows of a long table on paper; the style sheet knows them, too.
const PRINTED_ROWS = 12;

function setUpTable(box) {
  const body = box.querySelector("tbody");
  const filter = box.querySelector('input[type="search"]');
  const status = el("span", "dim status");
  const more = el("p", "more js");
  let data = null;
  let order = null;
  let haystack = null;
  let matches = null;
  let shown = 0;
  let waiting = 0;
  let drawn = 0;
  const sort = { key: "", down: false };

  function value(column, row) {
    const cell = column.cells[row];
    return column.names && cell !== null ? column.names[cell] : cell;
  }

  function load() {
    if (data) return;
    data = parse(box);
    data.rows = data.columns.length ? data.columns[0].cells.length : 0;
    order = Array.from({ length: data.rows }, (_, row) => row);
    matches = order;
    shown = data.first;
    box.append(more);
  }

  function key(cell) {
    if (cell !== null && typeof cell === "object" && cell.kind) cell = cell.value;
    // A series is sorted by how much it grew; a pair of words by those that are shown.
    if (Array.isArray(cell)) return typeof cell[0] === "number" ? cell[cell.length - 1] - cell[0] : plain(cell);
    return cell;
  }

  function compare(a, b) {
    if (a === b) return 0;
    if (a === null || a === undefined) return 1;
    if (b === null || b === undefined) return -1;
    const sign = sort.down ? -1 : 1;
    if (typeof a === "number" && typeof b === "number") return a < b ? -sign : sign;
    return String(a).toLowerCase() < String(b).toLowerCase() ? -sign : sign;
  }

  function prepare() {
    load();
    haystack ??= Array.from({ length: data.rows }, (_, row) =>
      data.columns.map((c) => cellText(value(c, row), c.kind, false)).join("\n").toLowerCase());
  }

  function arrange() {
    const column = data.columns.find((candidate) => candidate.key === sort.key);
    order = Array.from({ length: data.rows }, (_, row) => row);
    if (column) {
      const keys = order.map((row) => key(value(column, row)));
      order.sort((a, b) => compare(keys[a], keys[b]) || a - b);
    }
    const words = (filter ? filter.value : "").toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length === 0) {
      matches = order;
      return;
    }
    prepare();
    matches = order.filter((row) => words.every((word) => haystack[row].includes(word)));
  }

  function rowOf(row) {
    const tr = el("tr");
    for (const column of data.columns) {
      const cell = value(column, row);
      const narrow = column.side === "nc" && typeof cell === "string";
      const td = el("td", column.side, narrow ? innermostOf(cell) : cellOf(cell, column.kind));
      if ("max" in column && typeof cell === "number") td.append(gauge(column.max > 0 ? cell / column.max : 0));
      tr.append(td);
    }
    return tr;
  }

  // As wide as they are, whatever rows come: otherwise the browser measures every cell again for each part.
  function hold() {
    if (box.classList.contains("held")) return;
    const table = box.querySelector("table");
    const widths = [...box.querySelectorAll("thead th")].map((head) => head.getBoundingClientRect().width);
    const all = widths.reduce((sum, width) => sum + width, 0);
    // Not drawn, as in what is folded up.
    if (!all) return;
    if (table.classList.contains("wide")) {
      const cols = widths.map((width) => {
        const col = el("col");
        col.style.width = (100 * width / all) + "%";
        return col;
      });
      table.prepend(el("colgroup", "", ...cols));
      table.style.width = all + "px";
      table.style.minWidth = "100%";
    } else table.style.setProperty("--columns", widths.map((width) => "minmax(0, " + width + "fr)").join(" "));
    box.classList.add("held");
  }

  function release() {
    if (!box.classList.contains("held")) return;
    box.classList.remove("held");
    box.querySelector("colgroup")?.remove();
    box.querySelector("table").removeAttribute("style");
  }

  // Rows from there on, a part at a time.
  function drawFrom(from) {
    const to = Math.min(from + STEP, shown, matches.length);
    const rows = matches.slice(from, to).map(rowOf);
    // Each part has a body of its own: the browser does not measure the rows of the others again.
    if (from > 0) box.querySelector("table").append(el("tbody", "", ...rows));
    else body.replaceChildren(...rows);
    drawn = to;
    waiting = to < Math.min(shown, matches.length) ? setTimeout(() => drawFrom(to)) : 0;
  }

  function draw() {
    clearTimeout(waiting);
    box.classList.add("live");
    for (const part of box.querySelectorAll("tbody + tbody")) part.remove();
    release();
    drawFrom(0);
    if (waiting) hold();
    if (matches.length === 0) {
      const td = el("td", "dim", say("no-match"));
      td.colSpan = data.columns.length;
      body.append(el("tr", "", td));
    }
    tell();
  }

  // The rows that stand there stay, and so does the place that the reader looks at.
  function extend(rows) {
    shown = rows;
    if (!box.classList.contains("live")) return draw();
    if (waiting) return tell();
    hold();
    drawFrom(drawn);
    tell();
  }

  function tell(rows = shown) {
    more.replaceChildren();
    if (shown < matches.length) {
      more.append(button("show-more", () => extend(shown + STEP)), " ", button("show-all", () => extend(matches.length)), " ");
    }
    status.replaceChildren(say("rows-of", count(Math.min(rows, matches.length)), count(matches.length)));
    if (data.omitted && box.querySelector(".static")) {
      status.append(" · ", say(data.omitted === 1 ? "omitted-one" : "omitted", count(data.omitted)));
    }
    more.append(status);
  }

  function button(word, act) {
    const made = el("button", "", say(word));
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  }

  function mark() {
    for (const head of box.querySelectorAll("th")) {
      const press = head.querySelector("button[data-key]");
      if (press && press.dataset.key === sort.key) head.setAttribute("aria-sort", sort.down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    }
  }

  function remember() {
    writePlace(box.id, { sort: sort.key && (sort.down ? "-" : "") + sort.key, q: filter ? filter.value : "" });
  }

  function text(separator, exact) {
    load();
    const quote = (cell) => {
      if (separator === "\t") return cell.replace(/[\t\n]/g, " ");
      // A spreadsheet must not take a name for a formula.
      const safe = /^[=+\-@\t\r]/.test(cell) && !/^-?\d/.test(cell) ? "'" + cell : cell;
      return /[",\n\r]/.test(safe) ? '"' + safe.replace(/"/g, '""') + '"' : safe;
    };
    const heads = [...box.querySelectorAll("th button[data-key]")].map((press) => exact ? press.dataset.key : press.innerText);
    const lines = matches.map((row) =>
      data.columns.map((c) => quote(cellText(value(c, row), c.kind, exact))).join(separator));
    return [heads.map(quote).join(separator), ...lines].join("\n") + "\n";
  }

  box.addEventListener("click", (event) => {
    const press = event.target.closest("button");
    if (!press) return;
    if (press.dataset.key) {
      load();
      const column = data.columns.find((candidate) => candidate.key === press.dataset.key);
      if (!column) return;
      if (sort.key === column.key) sort.down = !sort.down;
      else Object.assign(sort, { key: column.key, down: column.side === "r" });
      arrange();
      mark();
      draw();
      remember();
    } else if (press.dataset.do === "copy") copy(text("\t", false), press);
    else if (press.dataset.do === "csv") copy(text(",", true), press);
  });

  if (filter) {
    // What is searched is put together while the reader thinks of a word.
    filter.addEventListener("focus", () => setTimeout(prepare), { once: true });
    filter.addEventListener("input", () => {
      load();
      shown = data.first;
      arrange();
      draw();
      remember();
    });
  }

  // On paper stands whatever is to be shown, and of a table that nobody has asked for more of only the beginning.
  window.addEventListener("beforeprint", () => {
    if (data && !box.classList.contains("live")) {
      box.classList.add("brief");
      tell(PRINTED_ROWS);
    }
    release();
    while (waiting) {
      clearTimeout(waiting);
      drawFrom(drawn);
    }
  });
  window.addEventListener("afterprint", () => {
    if (!box.classList.contains("brief")) return;
    box.classList.remove("brief");
    tell();
  });

  const api = {
    restore(state) {
      if (!state.sort && !state.q) return;
      load();
      if (state.sort) Object.assign(sort, { key: state.sort.replace(/^-/, ""), down: state.sort.startsWith("-") });
      if (state.q && filter) filter.value = state.q;
      arrange();
      mark();
      draw();
    },
  };
  if (box.querySelector(".static")) {
    load();
    tell();
  }
  return api;
}

const tables = new Map();
for (const box of document.querySelectorAll(".table:not(.tree)")) {
  if (box.querySelector(".tools")) tables.set(box.id, setUpTable(box));
}
