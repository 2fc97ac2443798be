// Opens pages in a real browser and uses them: node check.mjs FOLDER, with what tests/html_browser.rs wrote there.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Browser } from "./chromium.mjs";

const folder = resolve(process.argv[2]);
const only = process.argv[3];
const url = (name, place = "") => pathToFileURL(join(folder, name)).href + place;
const browser = new Browser();
const checks = [];
const check = (name, options, act) => checks.push({ name, options, act });
const settle = (ms = 120) => new Promise((r) => setTimeout(r, ms));

check("opens with little to draw, asks for nothing, complains of nothing", {}, async (page) => {
  const ms = await page.open(url("sample.html"));
  // What opening takes depends on the machine, what there is to draw does not: 5,000 classes and 200 threads stand in it as data.
  const drawn = await page.run("document.querySelectorAll('*').length");
  console.log(`    ${drawn} elements, drawn after ${ms.toFixed(0)} ms`);
  assert.ok(drawn < 7000, `${drawn} elements`);
  assert.equal(await page.run("document.querySelectorAll('.card').length"), 3);
});

check("figures are written as the renderer writes them", {}, async (page) => {
  await page.open(url("sample.html"));
  const figures = JSON.parse(readFileSync(join(folder, "figures.json"), "utf8"));
  for (const [kind, cases] of Object.entries(figures)) {
    for (const [value, shown] of cases) assert.equal(await page.run(`${kind}(${value})`), shown, `${kind} of ${value}`);
  }
});

for (const name of ["sample.html", "growth.html"]) check(`rows that the script draws are those of the page (${name})`, {}, async (page) => {
  await page.open(url(name));
  const differing = await page.run(`[...document.querySelectorAll('.table:not(.tree)')].filter((box) => box.querySelector('.tools')).flatMap((box) => {
    const before = box.querySelector('tbody').innerHTML;
    const filter = box.querySelector('input');
    filter.dispatchEvent(new Event('input'));
    const after = box.querySelector('tbody').innerHTML;
    return before === after ? [] : [box.id, before.slice(0, 700), after.slice(0, 700)];
  })`);
  assert.deepEqual(differing, []);
});

check("a table of 5,000 rows sorts, filters, grows and remembers", {}, async (page) => {
  await page.open(url("sample.html"));
  const box = "document.getElementById('histogram-classes')";
  const sizes = `[...${box}.querySelectorAll('tbody tr')].map((row) => Number(row.cells[3].querySelector('.n').title.replace(/[^0-9]/g, '')))`;
  const start = performance.now();
  await page.run(`${box}.querySelector('button[data-key=shallow_bytes]').click()`);
  console.log(`    sorted after ${(performance.now() - start).toFixed(0)} ms`);
  let column = await page.run(sizes);
  assert.deepEqual(column, [...column].sort((a, b) => b - a), "largest first");
  assert.equal(await page.run(`${box}.querySelector('th[aria-sort]').ariaSort`), "descending");
  await page.run(`${box}.querySelector('button[data-key=shallow_bytes]').click()`);
  column = await page.run(sizes);
  assert.deepEqual(column, [...column].sort((a, b) => a - b), "smallest first");
  await page.run(`{ const f = ${box}.querySelector('input'); f.value = 'netty HANDLER'; f.dispatchEvent(new Event('input')); }`);
  const names = await page.run(`[...${box}.querySelectorAll('tbody tr')].map((row) => row.cells[0].textContent.toLowerCase())`);
  assert.ok(names.length > 3 && names.every((name) => name.includes("netty") && name.includes("handler")), String(names));
  assert.match(await page.run("location.hash"), /^#histogram-classes;sort=shallow_bytes;q=netty%20HANDLER$/);
  await page.run(`{ const f = ${box}.querySelector('input'); f.value = 'zzz-nothing'; f.dispatchEvent(new Event('input')); }`);
  assert.match(await page.run(`${box}.querySelector('tbody').innerText`), /No row matches/);
  await page.run(`{ const f = ${box}.querySelector('input'); f.value = ''; f.dispatchEvent(new Event('input')); }`);
});

check("all rows of a large table come a part at a time, and the page answers meanwhile", {}, async (page) => {
  await page.open(url("sample.html", "#histogram-classes"));
  const box = "document.getElementById('histogram-classes')";
  const rows = () => page.run(`${box}.querySelectorAll('tbody tr').length`);
  const all = Number((await page.run(`${box}.querySelector('.status').innerText`)).replace(/,/g, "").match(/(\d+)\D*$/)[1]);
  assert.ok(all >= 5000, `${all} rows`);
  const widths = `[...${box}.querySelectorAll('th')].map((head) => Math.round(head.getBoundingClientRect().width)).join()`;
  await page.run(`[...${box}.querySelectorAll('.more button')].find((press) => press.innerText.includes('all')).click()`);
  assert.ok(await rows() < all, "not all at once");
  const first = await page.run(widths);
  const finished = async () => { for (let at = 0; at < 600 && await rows() < all; at++) await new Promise((r) => setTimeout(r, 50)); };
  await finished();
  assert.equal(await rows(), all);
  assert.equal(await page.run(widths), first, "columns keep their widths");
  const column = `[...${box}.querySelectorAll('tbody tr')].map((row) => row.cells[0].textContent)`;
  assert.equal(new Set(await page.run(column)).size, all, "no row twice, none missing");
  // Thousands of rows that nobody sees are neither styled nor laid out; that took seconds.
  const isLaidOut = (row) => page.run(`${box}.querySelectorAll('tbody tr')[${row}].firstChild.checkVisibility({ contentVisibilityAuto: true })`);
  assert.deepEqual([await isLaidOut(3), await isLaidOut(all - 3)], [true, false]);
  await page.run(`${box}.querySelector('.scroll').scrollTop = 1e9`);
  await settle();
  assert.equal(await isLaidOut(all - 3), true, "what is scrolled to is");
  await page.run(`${box}.querySelector('.scroll').scrollTop = 0`);
  // Sorted while rows are still being drawn: what is left of the old order must not come after the new one.
  await page.run(`${box}.querySelector('button[data-key="shallow_bytes"]').click()`);
  await page.run(`${box}.querySelector('button[data-key="instances"]').click()`);
  await finished();
  const counts = await page.run(`[...${box}.querySelectorAll('tbody tr')].map((row) => Number(row.cells[2].textContent.replace(/,/g, "")))`);
  assert.equal(counts.length, all);
  assert.deepEqual(counts, [...counts].sort((a, b) => b - a));
  // What is printed meanwhile is whole.
  await page.run(`${box}.querySelector('button[data-key="shallow_bytes"]').click()`);
  await page.run("window.dispatchEvent(new Event('beforeprint'))");
  assert.equal(await rows(), all);
});

check("a long value opens, also in rows that the script draws", {}, async (page) => {
  await page.open(url("sample.html"));
  const cell = "[...document.querySelectorAll('#system-properties tr')].find((row) => row.cells[0].textContent === 'java.class.path').cells[1]";
  for (const [filter, rows] of [["", 1], ["lib-199", 1]]) {
    await page.run(`{ const f = document.getElementById('system-properties-filter'); f.value = '${filter}'; f.dispatchEvent(new Event('input')); }`);
    assert.match(await page.run(`${cell}.innerText`), /lib-1\.jar.*… \([\d,]+ characters\)$/);
    await page.run(`${cell}.querySelector('summary').click()`);
    assert.match(await page.run(`${cell}.innerText`), /lib-199\.jar$/);
    assert.ok(await page.run("document.querySelectorAll('#system-properties tbody tr').length") >= rows);
  }
});

check("copies text and CSV", {}, async (page) => {
  await page.open(url("sample.html"));
  const copied = (what) => page.run(`(async () => {
    let text; navigator.clipboard.writeText = (t) => { text = t; return Promise.resolve(); };
    document.querySelector('#waste-collections [data-do=${what}]').click();
    await new Promise((r) => setTimeout(r, 20));
    return text;
  })()`);
  const csv = await copied("csv");
  assert.match(csv, /^class,count,bytes,share\n/);
  assert.equal(csv.trim().split("\n").length, 15);
  assert.match(csv, /,40000,9437184,0.4\n/);
  const summary = await page.run(`(async () => {
    document.getElementById('copy-summary').click();
    return summary();
  })()`);
  assert.match(summary, /A leak fills the heap.*\n[^]*OutOfMemoryError Java heap space\n {2}Thrown in thread: mq-sender-3 Only the victim\n[^]*\nLeak 312 MiB 63% of what is in use\n {2}static field com.acme.orders.mq.MqSender.FACTORIES\n/);
  // What to change is in it, and not the last of its paragraphs alone.
  const [first] = await page.run("[...document.querySelectorAll('.card .advice p:not(.label)')].map(wordsOf)");
  await page.run("document.querySelector('.card .advice').append(el('p', 'dim', 'one thing more'))");
  const whole = await page.run("summary()");
  assert.ok(whole.includes("\n  → " + first + "\n  → one thing more\n"), whole);
  const text = await copied("copy");
  assert.match(text, /^Class\tCount\tSize\tShare\n/);
  assert.match(text, /\t40,000\t9.00 MiB\t40%\n/);
});

check("links lead to rows, suspects and threads", {}, async (page) => {
  await page.open(url("sample.html", "#histogram-classes;sort=-instances;q=Order"));
  await settle();
  assert.equal(await page.run("document.getElementById('histogram-classes-filter').value"), "Order");
  assert.equal(await page.run("document.querySelector('#histogram-classes th[aria-sort]').ariaSort"), "descending");
  for (const id of ["suspect-2", "thread-0x6e0000000", "finding-3"]) {
    await page.run(`location.hash = '#${id}'`);
    await settle();
    const { top, open } = await page.run(`(() => { const e = document.getElementById('${id}'); return { top: e.getBoundingClientRect().top, open: e.tagName !== 'DETAILS' || e.open }; })()`);
    assert.ok(top >= 0 && top < 700 && open, `${id} is in view and open`);
  }
});

check("the section that an address names is the one that is marked, also at the end of the page", { height: 1500 }, async (page) => {
  await page.open(url("sample.html"));
  const marked = () => page.run("document.querySelector('nav a[aria-current]').hash");
  for (const id of ["layout", "glossary", "findings", "layout"]) {
    await page.run(`document.querySelector('nav a[href="#${id}"]').click()`);
    await settle(200);
    assert.equal(await marked(), "#" + id);
  }
  await page.run("dispatchEvent(new Event('wheel')); scrollTo(0, 0)");
  await settle(300);
  assert.equal(await marked(), "#verdict");
});

check("on a phone the sections stay at hand, the one that is read in sight", { width: 390, height: 844 }, async (page) => {
  await page.open(url("sample.html"));
  await page.run("document.getElementById('layout').scrollIntoView()");
  await settle(400);
  const [nav, link] = await page.run("[document.querySelector('nav'), document.querySelector('nav a[aria-current]')].map((e) => e.getBoundingClientRect().toJSON())");
  assert.equal(nav.top, 0);
  assert.ok(link.left >= 0 && link.right <= 390, `${link.left} ${link.right}`);
  assert.ok(await page.run("document.querySelector('#layout h2').getBoundingClientRect().top") >= nav.bottom);
});

check("zooms the treemap and the icicle by mouse and keys", {}, async (page) => {
  await page.open(url("sample.html", "#dominators-dominators"));
  await settle();
  const crumbs = () => page.run("document.querySelectorAll('.crumbs button').length");
  assert.equal(await crumbs(), 1);
  await page.run("document.querySelector('.canvas g[data-i]').dispatchEvent(new MouseEvent('click', { bubbles: true }))");
  assert.equal(await crumbs(), 2);
  await page.run("document.querySelector('.canvas svg').focus()");
  await page.key("Escape");
  assert.equal(await crumbs(), 1);
  await page.key("ArrowRight");
  assert.equal(await page.run("document.getElementById('tip').hidden"), false);
  assert.match(await page.run("document.getElementById('live').textContent"), /ConcurrentHashMap.*312 MiB/);
  // The pointer cannot rest on what goes with it: the exact size stands there as well.
  assert.match(await page.run("document.getElementById('tip').innerText"), /312 MiB \([\d,]+ B\) · \d+%\s+Shallow size 64 B/);
  await page.key("Enter");
  assert.equal(await crumbs(), 2);
  await page.run("document.querySelector('[data-view=icicle]').click()");
  assert.ok(await page.run("document.querySelectorAll('.canvas svg.icicle rect').length") > 4);
});

check("a zoomed picture has an address, and Back leads out of it", {}, async (page) => {
  await page.open(url("sample.html"));
  await settle();
  const crumbs = () => page.run("[...document.querySelectorAll('.crumbs button')].map((press) => press.innerText)");
  const [whole] = await crumbs();
  await page.run("document.querySelector('.canvas g[data-i]').dispatchEvent(new MouseEvent('click', { bubbles: true }))");
  const into = await crumbs();
  assert.equal(into.length, 2);
  await page.run("document.querySelector('[data-view=icicle]').click()");
  const place = await page.run("location.hash");
  assert.match(place, /^#dominators-dominators;zoom=0;view=icicle$/);
  await page.run("history.back()");
  await settle(300);
  assert.equal(await page.run("document.querySelector('[data-view=treemap]').ariaPressed"), "true");
  assert.deepEqual(await crumbs(), into);
  await page.run("history.back()");
  await settle(300);
  assert.deepEqual(await crumbs(), [whole]);
  // Sent to somebody else.
  await page.open("about:blank");
  await page.open(url("sample.html", place));
  await settle();
  assert.deepEqual(await crumbs(), into);
  assert.equal(await page.run("document.querySelector('.canvas svg').getAttribute('class')"), "icicle");
  for (const astray of ["zoom=99", "zoom=0.x.7", "zoom=-1"]) {
    await page.run(`location.hash = "#dominators-dominators;${astray}"`);
    await settle();
    assert.ok((await crumbs()).length >= 1);
  }
});

for (const [width, height] of [[1280, 800], [390, 844]]) check(`what to change is seen without scrolling (${width})`, { width, height }, async (page) => {
  await page.open(url("sample.html"));
  const { bottom, high } = await page.run("({ bottom: document.querySelector('.card .advice p:not(.label)').getBoundingClientRect().top + 20, high: innerHeight })");
  console.log(`    ${Math.round(bottom)} of ${high}`);
  assert.ok(bottom <= high, `${bottom} of ${high}`);
});

check("the two layouts of the treemap agree", {}, async (page) => {
  await page.open(url("sample.html"));
  const scripted = await page.run(`(() => {
    const root = parse(document.querySelector('.map')).root;
    return squarify(root[7].map((child) => child[4]), root[4], { x: 0, y: 0, width: 1000, height: 460 })
      .filter((a) => a.width >= 3 && a.height >= 3).map((a) => [a.x, a.y, a.width, a.height].map((n) => n.toFixed(1)));
  })()`);
  const still = readFileSync(join(folder, "sample.html"), "utf8").match(/<svg class=treemap.*?<\/svg>/s)[0];
  const drawn = [...still.matchAll(/<rect class="[^"]* d0" x=(\S+) y=(\S+) width=(\S+) height=([^ >]+)/g)].map((m) => m.slice(1, 5));
  assert.deepEqual(drawn, scripted);
});

check("trees open, threads are found", {}, async (page) => {
  await page.open(url("sample.html"));
  const rows = () => page.run("document.querySelectorAll('#dominators-tree .row').length");
  const before = await rows();
  await page.run("document.querySelector('#dominators-tree [data-do=expand]').click()");
  await settle();
  assert.ok(await rows() > before);
  await page.run("{ const f = document.getElementById('threads-filter'); f.value = 'MqSender'; f.dispatchEvent(new Event('input')); }");
  assert.deepEqual(await page.run("[...document.querySelectorAll('.thread-list .thread:not([hidden]) .name')].map((n) => n.textContent)"), ["mq-sender-3"]);
});

check("variables that hold much stand out, the same ones with scripts and without", {}, async (page) => {
  await page.open(url("sample.html"));
  const still = readFileSync(join(folder, "sample.html"), "utf8").match(/<li class=much>/g)?.length ?? 0;
  const drawn = await page.run(`[...document.querySelectorAll('.thread-list .thread')].slice(0, 12).map((details) => {
    details.fill?.();
    return details.querySelectorAll('.locals .much').length;
  }).reduce((sum, count) => sum + count, 0)`);
  assert.ok(still > 0, "some");
  assert.equal(drawn, still);
  assert.ok(await page.run("document.querySelectorAll('.locals li:not(.much)').length") > 0, "not all");
});

check("growth: the verdict, its cards and a summary to copy", {}, async (page) => {
  await page.open(url("growth.html"));
  assert.match(await page.run("document.querySelector('h1').innerText"), /FACTORIES grew from 104 MiB to 312 MiB/);
  assert.equal(await page.run("document.querySelectorAll('.card svg.spark polyline').length"), 2);
  assert.match(await page.run("summary()"), /624 MiB and 6,000 elements an hour\.\n[^]*\+208 MiB now 312 MiB/);
  await page.run("document.querySelector('#table-classes button[data-key=bytes_delta], #table-branches button[data-key=bytes_delta]')?.click()");
});

check("switches language", {}, async (page) => {
  await page.open(url("sample.html"));
  const words = () => page.run("document.querySelector('main').innerText");
  assert.match(await words(), /What to change/);
  assert.doesNotMatch(await words(), /应该怎样改/);
  await page.run("document.getElementById('lang-zh').click()");
  assert.equal(await page.run("document.documentElement.lang"), "zh-Hans");
  assert.match(await page.run("document.title"), /^堆分析报告：/);
  assert.match(await words(), /应该怎样改/);
  assert.doesNotMatch(await words(), /What to change/);
});

check("a Chinese browser gets Chinese", { language: "zh-CN" }, async (page) => {
  await page.open(url("sample.html"));
  assert.equal(await page.run("document.documentElement.lang"), "zh-Hans");
});

check("explains words where they stand", {}, async (page) => {
  await page.open(url("sample.html"));
  await page.run("document.querySelector('[popovertarget=g-retained-size]').click()");
  assert.equal(await page.run("document.getElementById('g-retained-size').matches(':popover-open')"), true);
});

check("is dark where the system is", { dark: true }, async (page) => {
  await page.open(url("sample.html"));
  const [r, g, b] = (await page.run("getComputedStyle(document.body).backgroundColor")).match(/\d+/g).map(Number);
  assert.ok(r + g + b < 150);
});

for (const language of ["en-US", "zh-CN"]) {
  check(`fits a phone (${language})`, { width: 390, height: 844, language }, async (page) => {
    for (const name of ["sample.html", "hostile.html", "growth.html", "growth-hostile.html"]) {
      await page.open(url(name));
      await page.run("document.querySelectorAll('details').forEach((d) => { d.open = true; })");
      await settle();
      const wide = await page.run(`(() => {
        const wide = document.documentElement.scrollWidth;
        return wide <= 390 ? null : wide + ' by ' + [...document.querySelectorAll('main *')].filter((e) => e.getBoundingClientRect().right > 391 && !e.closest('.scroll')).slice(0, 3).map((e) => e.outerHTML.slice(0, 160)).join(' | ');
      })()`);
      assert.equal(wide, null, name);
    }
  });
}

check("on a phone each cell stands under its heading", { width: 390, height: 844 }, async (page) => {
  await page.open(url("sample.html"));
  const astray = await page.run(`[...document.querySelectorAll('.table:not(.tree) table')].flatMap((table) => {
    const edges = (row) => [...row.cells].map((cell) => Math.round(cell.getBoundingClientRect().left));
    const [head, first] = [table.tHead.rows[0], table.tBodies[0].rows[0]].map(edges);
    return String(head) === String(first) ? [] : [table.closest('.table').id + ': ' + head + ' / ' + first];
  })`);
  assert.deepEqual(astray, []);
});

for (const width of [1280, 390]) check(`options and names of threads stay on a line, at ${width} pixels`, { width }, async (page) => {
  await page.open(url("sample.html"));
  const kept = await page.run("[...document.querySelectorAll('main .o')].map((e) => [e.textContent, e.getClientRects().length])");
  assert.ok(kept.length > 0);
  assert.deepEqual(kept.filter(([, lines]) => lines > 1), []);
});

check("no table is wider than its frame", {}, async (page) => {
  for (const name of ["sample.html", "growth.html"]) {
    await page.open(url(name));
    const wide = await page.run("[...document.querySelectorAll(':is(.table .scroll, .paths .drawn)')].filter((e) => e.scrollWidth > e.clientWidth).map((e) => e.parentElement.id)");
    assert.deepEqual(wide, [], name);
  }
});

check("works by keyboard", {}, async (page) => {
  await page.open(url("sample.html"));
  await page.key("Tab");
  assert.equal(await page.run("document.activeElement.className"), "skip");
  await page.key("Enter");
  await settle();
  assert.equal(await page.run("document.activeElement.id"), "main");
  const unreachable = await page.run("[...document.querySelectorAll('main button, main summary, main a[href], main input')].filter((e) => e.tabIndex < 0).length");
  assert.equal(unreachable, 0);
});

check("is readable without scripts", { scripts: false }, async (page) => {
  await page.open(url("sample.html"));
  const text = await page.run("document.querySelector('main').innerText");
  for (const words of ["What to change", "The first 25 rows", "Scripts are switched off", "http-nio-9010-exec-7"]) assert.ok(text.includes(words), words);
  assert.doesNotMatch(text, /应该怎样改|Copy CSV|Show more/);
  assert.equal(await page.run("document.querySelectorAll('.canvas svg').length"), 2);
  await page.run("document.getElementById('lang-zh').checked = true");
  assert.match(await page.run("document.querySelector('main').innerText"), /应该怎样改/);
});

check("prints dark on white, also where the system is dark", { print: true, dark: true }, async (page) => {
  await page.open(url("sample.html"));
  const [ground, ink] = await page.run("['backgroundColor', 'color'].map((of) => getComputedStyle(document.body)[of].match(/\\d+/g).reduce((sum, part) => sum + Number(part), 0))");
  assert.ok(ground === 3 * 255 && ink < 150, `${ground} ${ink}`);
});

check("a mark beside the heading of a tree stays in its column", {}, async (page) => {
  await page.open(url("sample.html"));
  const marks = await page.run("[...document.querySelectorAll('.row.head .q')].map((mark) => [mark, mark.parentElement].map((e) => e.getBoundingClientRect()).map(({ left, right }) => [left, right]))");
  assert.ok(marks.length > 1);
  for (const [[left, right], [from, to]] of marks) assert.ok(left >= from && right <= to, `${left} ${right} in ${from} ${to}`);
});

check("every size tells its exact bytes where the pointer rests", {}, async (page) => {
  await page.open(url("sample.html"));
  const bare = await page.run(`[...document.querySelectorAll('main .n, main .sum, .crumbs .dim')].filter((e) => /^[\\d.,]+ [KMGT]iB$/.test(e.textContent.trim()) && !e.closest('[title]') && !e.querySelector('[title]')).map((e) => e.parentElement.outerHTML.slice(0, 160))`);
  assert.deepEqual(bare, []);
});

check("a package that has no room ends in an ellipsis", {}, async (page) => {
  await page.open(url("sample.html"));
  const narrow = await page.run("[...document.querySelectorAll('td .c i')].filter((e) => e.scrollWidth > e.clientWidth && e.clientWidth < 14).length");
  assert.equal(narrow, 0);
});

check("areas inside of areas say what they leave out", {}, async (page) => {
  await page.open(url("sample.html", "#dominators-dominators"));
  await settle();
  const words = await page.run("[...document.querySelectorAll('.canvas text.words')].map((e) => e.textContent)");
  assert.ok(words.includes("smaller objects"), String(words));
});

check("a table of many columns moves sideways on a phone, and what a row is about stays", { width: 390, height: 844 }, async (page) => {
  await page.open(url("sample.html"));
  const lefts = await page.run(`(() => {
    const box = document.querySelector('#threads-executors .scroll');
    const left = () => Math.round(box.querySelector('td.m').getBoundingClientRect().left - box.getBoundingClientRect().left);
    box.scrollLeft = 200;
    return [box.scrollLeft, left()];
  })()`);
  assert.deepEqual(lefts, [200, 1]);
});

for (const width of [1280, 390]) check(`rows of many columns have two lines at most, at ${width} pixels`, { width }, async (page) => {
  await page.open(url("sample.html"));
  const tall = await page.run(`[...document.querySelectorAll('#threads-executors tbody tr')].map((row) => row.getBoundingClientRect().height).filter((height) => height > 54)`);
  assert.deepEqual(tall, []);
});

check("on paper a table has its head on each page and says how much of it is there", { print: true }, async (page) => {
  await page.open(url("sample.html"));
  // Chromium repeats neither what is sticky nor a button.
  assert.deepEqual(await page.run(`(() => {
    const box = document.getElementById('histogram-classes');
    const style = (what) => getComputedStyle(box.querySelector(what));
    return [style('th').position, style('th button').display, style('.more button').display, style('.more').display];
  })()`), ["static", "contents", "none", "block"]);
});

check("on paper of a long table stand its first rows, and it says so", { print: true }, async (page) => {
  await page.open(url("sample.html"));
  const box = "document.getElementById('histogram-classes')";
  const seen = `[...${box}.querySelectorAll('tbody tr')].filter((row) => row.checkVisibility()).length`;
  const said = `${box}.querySelector('.status').innerText`;
  assert.deepEqual(await page.run(`{ dispatchEvent(new Event('beforeprint')); [${seen}, ${said}] }`), [12, "12 of 5,000 rows"]);
  assert.deepEqual(await page.run(`{ dispatchEvent(new Event('afterprint')); [${seen}, ${said}] }`), [25, "25 of 5,000 rows"]);
  // Whoever has asked for rows gets them on paper as well.
  await page.run(`${box}.querySelector('.more button').click()`);
  assert.equal(await page.run(`{ dispatchEvent(new Event('beforeprint')); ${seen} }`), 225);
});

check("on paper threads have their stacks, each stack once", {}, async (page) => {
  await page.open(url("sample.html"));
  const stacks = "[...document.querySelectorAll(':is(.thread-list, .groups) > .thread[open]')].filter((thread) => thread.querySelector('.stack')).map(framesOf)";
  const before = await page.run(`${stacks}.length`);
  // Nothing waits for events that come later.
  const printed = await page.run(`{ dispatchEvent(new Event('beforeprint')); ${stacks} }`);
  assert.ok(printed.length > before && printed.every((frames) => frames.length > 0));
  assert.equal(new Set(printed).size, printed.length, "no stack twice");
  const first = await page.run("[...document.querySelectorAll('.thread-list > .thread')].slice(0, 12).map(framesOf).filter(Boolean)");
  assert.deepEqual(first.filter((frames) => !printed.includes(frames)), [], "none missing");
  await page.run("dispatchEvent(new Event('afterprint'))");
  assert.equal(await page.run(`${stacks}.length`), before);
});

check("on a phone a mark beside the heading of a column stays beside it", { width: 390, height: 844 }, async (page) => {
  await page.open(url("sample.html"));
  const astray = await page.run(`[...document.querySelectorAll('.table:not(.tree) .th')].filter((head) => {
    const [mark, words] = [head.querySelector('.q'), head.querySelector('button:not(.q), span')];
    return mark && words && mark.getBoundingClientRect().top >= words.getBoundingClientRect().bottom;
  }).map((head) => head.closest('.table').id + ': ' + head.innerText)`);
  assert.deepEqual(astray, []);
});

check("prints", { print: true }, async (page) => {
  await page.open(url("sample.html"));
  const { data } = await page.send("Page.printToPDF", { printBackground: true });
  assert.ok(Buffer.from(data, "base64").length > 50_000);
});

for (const scripts of [true, false]) {
  for (const name of ["hostile.html", "growth-hostile.html"]) check(`a hostile heap runs nothing (${name}, scripts ${scripts ? "on" : "off"})`, { scripts }, async (page) => {
    await page.open(url(name));
    if (scripts) {
      await page.run(`(async () => {
        document.querySelectorAll('details').forEach((d) => { d.open = true; });
        document.querySelectorAll('button').forEach((b) => { if (!b.hasAttribute('popovertarget')) b.click(); });
        document.querySelectorAll('input[type=search]').forEach((f) => { f.value = 'owned'; f.dispatchEvent(new Event('input')); f.value = ''; f.dispatchEvent(new Event('input')); });
        for (const svg of document.querySelectorAll('.canvas svg')) {
          for (const group of svg.querySelectorAll('g')) group.dispatchEvent(new PointerEvent('pointermove', { bubbles: true }));
        }
        document.querySelectorAll('a[href]').forEach((a) => { if (a.protocol !== 'https:' && a.protocol !== 'file:') window.owned = a.href; });
        await new Promise((r) => setTimeout(r, 200));
      })()`);
    }
    assert.equal(await page.run("typeof window.owned"), "undefined");
    assert.equal(await page.run("document.querySelectorAll('img, iframe, object, embed, main script:not([type])').length"), 0);
    // The script gives widths to a table whose rows it draws, and to nothing else in it.
    assert.equal(await page.run("document.querySelectorAll('[onload], [onerror], [onfocus], [style]:not(.tip, .held table, .held colgroup > col, [style=\"\"])').length"), 0);
  });
}

const axe = [process.env.AXE, join(dirname(fileURLToPath(import.meta.url)), "node_modules/axe-core/axe.min.js")].find((path) => path && existsSync(path));
if (!axe && process.env.OOMPH_AXE === "required") {
  checks.push({ name: "axe-core is there", options: {}, act: () => assert.fail("npm install in tests/browser") });
} else if (!axe) console.log("SKIPPED: no axe-core (npm install in tests/browser): accessibility was not checked");
else {
  for (const options of [{}, { dark: true }, { dark: true, language: "zh-CN" }, { width: 390, height: 844, language: "zh-CN" }]) {
    for (const name of ["sample.html", "growth.html"]) check(`axe-core finds nothing serious in ${name} ${JSON.stringify(options)}`, options, async (page) => {
      await page.open(url(name));
      await page.run("document.querySelectorAll('details.thread[open], details.finding, .suspect details').forEach((d) => { d.open = true; })");
      await page.run(readFileSync(axe, "utf8") + "; 0");
      const violations = await page.run(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
        violations.map((v) => v.impact + ' ' + v.id + ': ' + v.nodes.slice(0, 4).map((n) => n.html.slice(0, 150) + ' ' + (n.any[0]?.message ?? '')).join(' | ')))`);
      for (const violation of violations) console.log("    " + violation);
      assert.deepEqual(violations.filter((violation) => /^(serious|critical)/.test(violation)), []);
    });
  }
}

let failed = 0;
try {
  for (const { name, options, act } of checks) {
    if (only && !name.includes(only)) continue;
    const page = await browser.page(options);
    try {
      await act(page);
      assert.deepEqual(page.problems, [], "problems in the page");
      assert.deepEqual(page.requests.filter((request) => !request.startsWith("file:")), [], "requests");
      console.log(`ok   ${name}`);
    } catch (error) {
      failed += 1;
      console.log(`FAIL ${name}\n${error.message}`);
    }
    await page.close();
  }
} finally {
  await browser.close();
}
process.exitCode = failed ? 1 : 0;
