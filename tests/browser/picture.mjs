// Takes pictures of a page: node picture.mjs PAGE.html OUT.png [width=1280] [height=800] [scale=1] [dark] [zh] [noscript] [print] [whole] [at=#id] [run=JS]
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Browser } from "./chromium.mjs";

const [file, out, ...words] = process.argv.slice(2);
const option = (name, otherwise) => words.find((word) => word.startsWith(name + "="))?.slice(name.length + 1) ?? otherwise;
const browser = new Browser();
try {
  const page = await browser.page({
    width: Number(option("width", 1280)), height: Number(option("height", 800)), scale: Number(option("scale", 1)),
    dark: words.includes("dark"), language: words.includes("zh") ? "zh-CN" : "en-US",
    scripts: !words.includes("noscript"), print: words.includes("print"),
  });
  const ms = await page.open(pathToFileURL(resolve(file)).href + option("at", ""));
  const script = option("run");
  if (script) await page.run(script);
  await new Promise((r) => setTimeout(r, 250));
  writeFileSync(out, await page.picture(words.includes("whole")));
  console.log(`${out}: loaded in ${ms.toFixed(0)} ms`, page.problems.length ? page.problems : "");
} finally {
  await browser.close();
}
